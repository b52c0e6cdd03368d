"""Who may take the yearly report in Word, of which year, and how much it asks of the database."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import Role, User
from programmes.models import AnnualPlan
from projects.models import Project
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all
from tests.reports.documents import DocumentReader

pytestmark = pytest.mark.django_db

FILE = reverse("reports:annual_docx")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize("role", Role.values)
def test_every_role_of_the_scope_takes_it(
    client: Client, pilot_plan: AnnualPlan, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert f'href="{FILE}?year=2006"' in client.get(reverse("reports:annual"), {"year": "2006"}).content.decode()
    answer = client.get(FILE, {"year": "2006"})
    assert (answer.status_code, answer["Content-Type"]) == (200, DOCX)
    assert answer["Content-Disposition"] == 'attachment; filename="bao-cao-khuyen-cong-2006.docx"'
    [sources] = DocumentReader(answer.content).rows("Nguồn kinh phí", "Đã chi")
    assert sources["Tổng cộng"] == ["2", "160", "160", "160", "–", "–"]


def test_stranger_and_year_without_plan_get_a_page_in_words(
    client: Client, pilot_plan: AnnualPlan, reviewer: User, stranger: User
) -> None:
    for who, year in ((stranger, "2006"), (reviewer, "2031")):
        client.force_login(who)
        answer = client.get(FILE, {"year": year})
        assert answer.status_code == 404 and f"Chưa có kế hoạch khuyến công năm {year}" in answer.content.decode()
    wrong = client.get(FILE, {"year": "abc"})
    assert wrong.status_code == 400 and "Năm phải là số" in wrong.content.decode()


def test_file_stays_vietnamese_for_english_readers(client: Client, pilot_plan: AnnualPlan, reviewer: User) -> None:
    client.force_login(reviewer)
    client.cookies["django_language"] = "en"
    page = DocumentReader(client.get(FILE, {"year": "2006", "as_of": "30/12/2006"}).content)
    assert "Tình trạng: 2 đề án đã phê duyệt." in page.texts
    assert "(Số liệu tính đến ngày 30/12/2006)" in page.texts


def test_draft_alone_lists_what_is_asked_for(client: Client, centre_staff: User) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    client.force_login(centre_staff)
    assert "kế hoạch khuyến công chưa có đề án nào" in DocumentReader(client.get(FILE, {"year": "2006"}).content).text
    make_project(plan=plan, by=centre_staff)
    page = DocumentReader(client.get(FILE, {"year": "2006"}).content)
    assert page.rows("Tên đề án", "Đề nghị")[0]["Tổng cộng (1 đề án)"][2] == "60"


def test_queries_do_not_grow_with_the_plan(
    client: Client, centre_staff: User, centre_head: User, department_head: User
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    client.force_login(centre_staff)
    counts = []
    for wanted in (3, 15):
        for number in range(Project.objects.count(), wanted):
            make_project(plan=plan, by=centre_staff, name=f"Đề án {number}")
        submit_all(plan=plan, by=centre_head)
        wealth = {"KCDP": wanted * 60 * MILLION}
        decide(plan=plan, by=department_head, assigned=wealth, approved=requested_cells(plan), number=f"{wanted}/QĐ")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(FILE, {"year": "2006"}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 67, counts
