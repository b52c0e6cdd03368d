"""A 0 typed by mistake dropped a project: it is taken back, and the right amount recorded under the same letter."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan, Decision, PlanRound
from projects.ledger.proof import prove
from projects.ledger.remainders import approved_cells
from projects.models import CellKey, PlanLine, Project, StatusChange
from projects.refusals import NotAllowed, PlanClosed
from projects.rules.what_rests import dropped_lines
from projects.services.cancelling import restore_line
from projects.services.decisions import ApprovedChange, record_decision
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all
from tests.kept import kept
from tests.people import Tree, make_person
from tests.projects.accounting import sign
from tests.projects.attempts import code_of

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User, department_head: User, accountant: User) -> AnnualPlan:
    """“Thêu ren” was approved and contracted, so that the letter stays; “Mây tre” got 0."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff, name="Thêu ren")
    make_project(plan=plan, by=centre_staff, name="Mây tre")
    submit_all(plan=plan, by=centre_head)
    dropped = line_of("Mây tre").pk
    cells = {key: 0 if key[0] == dropped else vnd for key, vnd in requested_cells(plan).items()}
    decide(plan=plan, by=department_head, assigned={"KCDP": 120 * MILLION}, approved=cells)
    sign(next(key for key in cells if cells[key]), accountant, 40)
    return plan


def line_of(name: str) -> PlanLine:
    return PlanLine.objects.get(project__name=name)


def key_of(name: str, plan: AnnualPlan) -> CellKey:
    return next(key for key in requested_cells(plan) if key[0] == line_of(name).pk)


def restore(by: User, name: str = "Mây tre", reason: str = "Gõ nhầm số 0") -> PlanLine:
    return restore_line(decision=Decision.objects.get(), line=line_of(name), reason=reason, actor=by)


def test_it_is_taken_back_and_its_amount_recorded_under_the_same_letter(
    plan: AnnualPlan, department_head: User
) -> None:
    assert Project.objects.get(name="Mây tre").status == "refused" and PlanRound.objects.get().status == "approved"
    restore(department_head)
    assert Project.objects.get(name="Mây tre").status == "appraised" and PlanRound.objects.get().status == "forwarded"
    assert Project.objects.get(name="Thêu ren").status == "contracted" and prove().is_clean
    step = StatusChange.objects.filter(project__name="Mây tre").latest("pk")
    assert (step.transition, step.reason, step.actor) == ("cancel", "Gõ nhầm số 0", department_head)
    key = key_of("Mây tre", plan)
    record_decision(
        plan=plan, decision=Decision.objects.get(), assigned=[], approved=[ApprovedChange(key, None, 50 * MILLION)],
        nature="adjustment", actor=department_head,
    )  # fmt: skip
    assert Project.objects.get(name="Mây tre").status == "approved" and PlanRound.objects.get().status == "approved"
    assert approved_cells(plan)[key] == 50 * MILLION and prove().is_clean and Decision.objects.count() == 1


def test_what_is_not_taken_back(plan: AnnualPlan, people: dict[str, User], department_head: User) -> None:
    assert code_of(lambda: restore(department_head, "Thêu ren")) == "not_dropped"
    assert code_of(lambda: restore(department_head, reason=" ")) == "no_reason"
    for role in set(people) - {"department_head"}:
        with pytest.raises(NotAllowed):
            restore(people[role])
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        restore(department_head)
    AnnualPlan.objects.update(is_closed=False)
    restore(department_head)
    assert code_of(lambda: restore(department_head)) == "not_dropped", "once"
    other = {key_of("Mây tre", plan): 0}
    decide(plan=plan, by=department_head, approved=other, number="9/QĐ", on=dt.date(2006, 8, 1))
    again = lambda: restore_line(  # noqa: E731
        decision=Decision.objects.order_by("pk")[0], line=line_of("Mây tre"), reason="Nhầm", actor=department_head
    )
    assert code_of(again) == "not_dropped", "another letter dropped it since"


def test_head_takes_it_back_on_the_page_of_the_letter(
    client: Client, plan: AnnualPlan, people: dict[str, User], tree: Tree
) -> None:
    letter = Decision.objects.get()
    address = reverse("projects:line_restore", args=[letter.pk, line_of("Mây tre").pk])
    other = Organisation.objects.create(code="tt-2", kind="centre", name="Trung tâm khác", parent=tree.department)
    client.force_login(make_person(role="centre_head", scope=other, username="khac"))
    assert "Mây tre" not in client.get(letter.get_absolute_url()).content.decode()
    client.force_login(people["centre_head"])
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "Không phê duyệt theo văn bản này" in page and address not in page
    assert client.get(address).status_code == 403
    client.force_login(people["department_head"])
    assert address in client.get(letter.get_absolute_url()).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    answer = client.post(address, {"reason": "Gõ nhầm"}, follow=True).content.decode()
    assert "về chờ quyết định" in answer and client.get(address).status_code == 404
    never = reverse("projects:line_restore", args=[letter.pk, line_of("Thêu ren").pk])
    assert client.get(never).status_code == 404


def test_a_letter_that_dropped_many_is_read_in_two_queries(
    centre_staff: User, centre_head: User, department_head: User, django_assert_num_queries: Any
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for number in range(4):
        make_project(plan=plan, by=centre_staff, name=f"Lớp {number}")
    submit_all(plan=plan, by=centre_head)
    letter = decide(plan=plan, by=department_head, approved=dict.fromkeys(requested_cells(plan), 0))
    with django_assert_num_queries(2):
        assert len(dropped_lines(letter)) == 4
