"""The page of a letter sums what it assigned and approved, source by source, as the list that goes with it does."""

from __future__ import annotations

import lxml.html
import pytest
from django.test import Client

from khuyencong.accounts.models import User
from khuyencong.paper.official_paper import PaperList
from programmes.models import Decision
from projects.models import ApprovalEntry
from projects.papers.letter_papers import approved_list_paper
from projects.services.cancelling import cancel_decision
from projects.services.corrections import Correction, record_corrections
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all
from tests.there import there

pytestmark = pytest.mark.django_db
NATIONAL, CITY = "KCQG", "KCĐP"


@pytest.fixture
def letter(centre_staff: User, centre_head: User, department_head: User) -> Decision:
    """Approves 60 and 30 triệu of the city and 40 of the nation; it assigns 100 and 50."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for name, amounts in (("Thêu ren", {"KCDP": 60}), ("Mây tre", {"KCDP": 30}), ("Chiếu cói", {"KCQG": 40})):
        asked = {code: amount * MILLION for code, amount in amounts.items()}
        make_project(plan=plan, by=centre_staff, name=name, amounts=asked)
    submit_all(plan=plan, by=centre_head)
    assigned = {"KCDP": 100 * MILLION, "KCQG": 50 * MILLION}
    return decide(plan=plan, by=department_head, assigned=assigned, approved=requested_cells(plan))


def foot(client: Client, letter: Decision) -> list[list[str]]:
    page = lxml.html.fromstring(client.get(letter.get_absolute_url()).content.decode())
    return [[" ".join(cell.text_content().split()) for cell in row] for row in page.xpath("//table//tfoot/tr")]


def test_sums_stand_below_by_source_as_in_the_list(client: Client, letter: Decision, department_head: User) -> None:
    client.force_login(department_head)
    assert foot(client, letter) == [
        ["Cộng giao", NATIONAL, "50.000.000"],
        ["Cộng giao", CITY, "100.000.000"],
        ["Cộng duyệt cho đề án", NATIONAL, "40.000.000"],
        ["Cộng duyệt cho đề án", CITY, "90.000.000"],
    ]
    [table] = [
        part for part in there(approved_list_paper(letter, department_head)).parts if isinstance(part, PaperList)
    ]
    assert sorted(table.rows[-1].cells[4:]) == ["40", "90"]


def test_what_was_put_right_is_in_the_sums(client: Client, letter: Decision, department_head: User) -> None:
    slip = ApprovalEntry.objects.get(plan_line__project__name="Mây tre")
    right = [Correction(slip, slip.amount_vnd, 25 * MILLION)]
    record_corrections(decision=letter, corrections=right, reason="Gõ nhầm", actor=department_head)
    client.force_login(department_head)
    assert foot(client, letter)[-1] == ["Cộng duyệt cho đề án", CITY, "85.000.000"]
    cancel_decision(decision=letter, reason="Nhập nhầm", actor=department_head)
    assert [row[-1] for row in foot(client, letter)] == ["0"] * 4


def test_no_gap_stands_before_the_comma_of_who_recorded_it(
    client: Client, letter: Decision, department_head: User
) -> None:
    client.force_login(department_head)
    page = lxml.html.fromstring(client.get(letter.get_absolute_url()).content.decode())
    [by] = page.xpath("//dt[text()='Người ghi nhận']/following-sibling::dd[1]")
    assert by.text_content().startswith(f"{department_head}, ")
