"""The pages of yearly reports: who sees what, wrong questions, queries, and figures that open to their rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import Organisation, Role, User
from khuyencong.asof import NOW, AsOf
from programmes.models import AnnualPlan
from projects.models import ProgressReport, Project
from projects.services.progress import add_progress_report
from reports.annual.roll_up_table import roll_up_table
from reports.asking.selection import select_plans
from tests.factories import MILLION, decide, district, make_plan, make_project, requested_cells, submit_all
from tests.kept import kept
from tests.people import make_person
from tests.reports.books import read_book
from tests.reports.opened import figures_that_open_to_their_rows, links_of
from tests.there import there

pytestmark = pytest.mark.django_db

INDEX, PAGE, FILE = reverse("reports:index"), reverse("reports:annual"), reverse("reports:annual_xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize("role", Role.values)
def test_every_role_of_the_scope_reads_the_year(
    client: Client, pilot_plan: AnnualPlan, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert f"{PAGE}?year=2006" in client.get(INDEX).content.decode()
    page = client.get(PAGE, {"year": "2006"})
    assert page.status_code == 200 and "Tổng hợp kế hoạch khuyến công năm 2006" in page.content.decode()
    answer = client.get(FILE, {"year": "2006"})
    assert (answer.status_code, answer["Content-Type"]) == (200, XLSX)
    assert answer["Content-Disposition"] == 'attachment; filename="khuyen-cong-2006.xlsx"'
    sheet = read_book(answer.content)["Danh mục"]
    assert sheet.value(sheet.row_of("Tổng cộng (2 đề án)"), "Tổng kinh phí") == 167


def test_stranger_finds_no_plan(client: Client, pilot_plan: AnnualPlan, stranger: User) -> None:
    client.force_login(stranger)
    assert "Chưa có kế hoạch năm nào để báo cáo" in client.get(INDEX).content.decode()
    codes = ("", pilot_plan.organisation.code)
    for address in (PAGE, FILE):
        answers = [client.get(address, {"year": "2006", "organisation": code}) for code in codes]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert "Chưa có kế hoạch khuyến công năm 2006" in answers[0].content.decode()


def test_nobody_reads_without_a_sign_in(client: Client, pilot_plan: AnnualPlan) -> None:
    for address in (INDEX, PAGE, FILE):
        assert client.get(address, {"year": "2006"}).status_code == 302


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Hãy nhập năm"),
        ({"year": "abc"}, "Năm phải là số từ 2000 đến 2100"),
        ({"year": "1999"}, "Năm phải là số từ 2000 đến 2100"),
        ({"year": "2006", "as_of": "31/31/2006"}, "Ngày phải viết theo dạng ngày/tháng/năm"),
        ({"year": "2006", "stage": "x"}, "Loại danh mục"),
    ],
)
def test_wrong_question_is_answered_in_words(
    client: Client, pilot_plan: AnnualPlan, reviewer: User, asked: dict[str, str], said: str
) -> None:
    client.force_login(reviewer)
    for address in (PAGE, FILE):
        answer = client.get(address, asked)
        assert answer.status_code == 400
        assert said in answer.content.decode()


def test_year_without_plan_names_those_that_have_one(client: Client, pilot_plan: AnnualPlan, reviewer: User) -> None:
    client.force_login(reviewer)
    answer = client.get(FILE, {"year": "2031"})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Chưa có kế hoạch khuyến công năm 2031" in page and f'href="{PAGE}?year=2006"' in page


def test_organisation_narrows_and_the_whole_is_for_whoever_sees_it(
    client: Client, pilot_plan: AnnualPlan, reviewer: User, centre_staff: User
) -> None:
    department = there(pilot_plan.organisation.parent)
    other = Organisation.objects.create(code="tt-2", kind="centre", name="Trung tâm thứ hai", parent=department)
    staff = make_person(role="centre_staff", scope=other, username="staff-2")
    make_project(plan=make_plan(organisation=other), by=staff, name="Của trung tâm thứ hai")
    client.force_login(reviewer)
    whole = read_book(client.get(FILE, {"year": "2006", "stage": "draft"}).content)["Danh mục"]
    assert whole.value(whole.row_of("Tổng cộng (3 đề án)"), "KCĐP") == 160
    assert department.name.upper() in whole.texts()
    asked = {"year": "2006", "organisation": "tt-2"}
    part = read_book(client.get(FILE, asked).content)["Danh mục"]
    assert part.value(part.row_of("Tổng cộng (1 đề án)"), "KCĐP") == 60
    assert "TRUNG TÂM THỨ HAI" in part.texts()
    page = client.get(PAGE, asked).content.decode()
    assert "organisation=tt-2" in page
    opened = client.get(reverse("projects:project_list"), asked)
    assert opened.context["totals"]["count"] == 1 and "Của trung tâm thứ hai" in opened.content.decode()
    client.force_login(centre_staff)
    assert client.get(FILE, asked).status_code == 404
    assert client.get(FILE, {"year": "2006", "organisation": department.code}).status_code == 404
    own = read_book(client.get(FILE, {"year": "2006"}).content)["Danh mục"]
    assert own.rows_of("Tổng cộng (2 đề án)") and not own.rows_of("Của trung tâm thứ hai")


def test_file_stays_vietnamese_for_english_readers(client: Client, pilot_plan: AnnualPlan, reviewer: User) -> None:
    client.force_login(reviewer)
    client.cookies["django_language"] = "en"
    book = read_book(client.get(FILE, {"year": "2006", "stage": "draft", "as_of": "30/06/2006"}).content)
    assert list(book) == ["Danh mục", "Kết quả", "Theo nội dung", "Chỉ tiêu", "Theo địa bàn"]
    assert "(Số liệu tính đến ngày 30/06/2006)" in book["Danh mục"].texts()
    assert "Đã phê duyệt" in book["Kết quả"].texts()


@pytest.fixture
@kept
def varied_plan(pilot_plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    """Beside the pilot project: shared, city-wide and unplaced ones, one on schedule, a draft, another year."""
    places = [district("314", "Huyện Kiến Thụy"), district("311", "Huyện Thủy Nguyên")]
    make_project(plan=pilot_plan, by=centre_staff, name="Chung", places=places)
    make_project(plan=pilot_plan, by=centre_staff, name="Toàn thành", area_scope=Project.AreaScope.WHOLE_CITY)
    submit_all(plan=pilot_plan, by=centre_head)
    waiting = {key: amount for key, amount in requested_cells(pilot_plan).items() if amount == 60 * MILLION}
    decide(plan=pilot_plan, by=department_head, assigned={"KCDP": 400 * MILLION}, approved=waiting, number="2/QĐ")
    shared = Project.objects.get(name="Chung")
    report = ProgressReport(month=dt.date(2006, 9, 1), is_on_schedule=True)
    add_progress_report(project=shared, report=report, amounts={}, actor=centre_staff, version=shared.version)
    make_project(plan=pilot_plan, by=centre_staff, name="Chưa rõ nơi", places=[], amounts={"KCDP": None})
    make_project(plan=make_plan(organisation=pilot_plan.organisation, year=2007), by=centre_staff, name="Năm sau")
    return pilot_plan


@pytest.mark.parametrize(
    ("as_of", "code"),
    [(NOW, ""), (AsOf(dt.date(2006, 7, 1)), "trung-tam-hai-phong"), (AsOf(dt.date(2006, 1, 1)), "")],
)
def test_every_figure_opens_to_just_its_rows(
    client: Client, varied_plan: AnnualPlan, reviewer: User, as_of: AsOf, code: str
) -> None:
    client.force_login(reviewer)
    found = roll_up_table(select_plans(reviewer, 2006, code), as_of)
    asked = {"year": "2006", "organisation": code, **as_of.parameters}
    page = client.get(PAGE, asked).content.decode()
    assert figures_that_open_to_their_rows(client, found) > 25
    for figure in links_of(found):
        assert f'href="{figure.address.replace("&", "&amp;")}"' in page


def test_nothing_is_approved_before_the_first_letter(reviewer: User, varied_plan: AnnualPlan) -> None:
    found = roll_up_table(select_plans(reviewer, 2006), AsOf(dt.date(2006, 1, 1)))
    assert [figure.text for figure in found.total if str(figure.column.title) == "Sau điều chỉnh"] == ["–"]


def queries_of(client: Client, address: str, data: dict[str, Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, data).status_code == 200
    return len(queries)


def test_queries_do_not_grow_with_the_plan(
    client: Client, centre_staff: User, centre_head: User, department_head: User
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    client.force_login(centre_staff)
    counts = []
    for wanted in (5, 50):
        for number in range(Project.objects.count(), wanted):
            make_project(plan=plan, by=centre_staff, name=f"Đề án {number}")
        submit_all(plan=plan, by=centre_head)
        wealth = {"KCDP": wanted * 60 * MILLION}
        decide(plan=plan, by=department_head, assigned=wealth, approved=requested_cells(plan), number=f"{wanted}/QĐ")
        asked = {"year": "2006"}
        counts.append([queries_of(client, address, asked) for address in (INDEX, PAGE, FILE)])
    assert counts[0] == counts[1]
    index, page, file = counts[0]
    assert index <= 12 and page <= 19 and file <= 45, counts  # the page prints names of offices as of the day
