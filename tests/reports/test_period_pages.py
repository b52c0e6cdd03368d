"""The page of a period shows the rows of its workbook; wrong questions are answered in words beside their field."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import Role, User
from programmes.models import AnnualPlan
from projects.models import PlanLine, Project
from tests.factories import MILLION, decide, make_project, requested_cells, submit_all
from tests.kept import kept
from tests.reports.books import read_book
from tests.reports.quarters import tell_quarters

pytestmark = pytest.mark.django_db

INDEX, PAGE, FILE = reverse("reports:index"), reverse("reports:period"), reverse("reports:period_xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ASKED = {"year": "2006", "period": "q2"}


@pytest.fixture
@kept
def plan(people: dict[str, User]) -> AnnualPlan:
    return tell_quarters(people)


def test_screen_and_workbook_show_the_same_rows(client: Client, plan: AnnualPlan, reviewer: User) -> None:
    client.force_login(reviewer)
    for asked in (ASKED, {"year": "2006", "period": "h2"}, ASKED | {"as_of": "31/05/2006"}):
        page, book = client.get(PAGE, asked), read_book(client.get(FILE, asked).content)
        assert [table.sheet.name for table in page.context["tables"]] == list(book)
        for table in page.context["tables"]:
            sheet = book[table.sheet.name]
            printed = [
                [cell.value for cell in row if cell.value not in (None, "")]
                for row in sheet.shown.iter_rows(sheet.head + 2 + (table.sheet.name == "Tổng hợp"))
            ]
            for row in table.rows:
                shown = [cell.text for cell in row.cells if cell.text]
                assert shown in [[_as_shown(value) for value in one] for one in printed], shown
    text = page.content.decode()
    assert 'lang="vi"' in text and "Báo cáo khuyến công quý II năm 2006" in text
    assert "(Số liệu tính đến ngày 31/05/2006)" in text


def _as_shown(value: object) -> str:
    if not isinstance(value, int | float):
        return str(value)
    return f"{value:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".").removesuffix(",0")


def test_each_row_opens_what_it_is_made_of(client: Client, plan: AnnualPlan, reviewer: User) -> None:
    client.force_login(reviewer)
    page = client.get(PAGE, ASKED)
    summary, progress, _late = page.context["tables"]
    addresses = [cell.address for row in summary.rows for cell in row.cells if cell.address]
    assert len(addresses) == 3
    assert sum(client.get(address).context["totals"]["approved"] for address in addresses) == 168 * MILLION
    opened = [cell.address for row in progress.rows for cell in row.cells if cell.address]
    assert len(opened) == 3 and {client.get(address).status_code for address in opened} == {200}


@pytest.mark.parametrize("role", Role.values)
def test_every_role_of_the_scope_gets_page_and_file(
    client: Client, plan: AnnualPlan, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.get(PAGE, ASKED).status_code == 200
    answer = client.get(FILE, ASKED)
    assert (answer.status_code, answer["Content-Type"]) == (200, XLSX)
    assert answer["Content-Disposition"] == 'attachment; filename="khuyen-cong-2006-quy-2.xlsx"'
    index = client.get(INDEX).content.decode()
    assert f"{PAGE}?year=2006&amp;period=q2" in index and f"{FILE}?year=2006&amp;period=h1" in index
    assert f"{reverse('reports:form_2_xlsx')}?year=2006" in index


def test_stranger_finds_no_plan(client: Client, plan: AnnualPlan, stranger: User) -> None:
    client.force_login(stranger)
    for address in (PAGE, FILE):
        for code in ("", plan.organisation.code):
            answer = client.get(address, ASKED | {"organisation": code})
            assert answer.status_code == 404
            assert "Chưa có kế hoạch khuyến công năm 2006" in answer.content.decode()
    assert client.get(reverse("reports:form_2_xlsx"), {"year": "2006"}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({}, "period", "Hãy chọn một kỳ trong danh sách"),
        ({"year": "2006"}, "period", "Hãy chọn một kỳ trong danh sách"),
        ({"year": "2006", "period": "year"}, "period", "Hãy chọn một kỳ trong danh sách"),
        ({"year": "2006", "period": "q5"}, "period", "Hãy chọn một kỳ trong danh sách"),
        ({"period": "q2"}, "year", "Hãy nhập năm"),
        ({"year": "06", "period": "q2"}, "year", "Năm phải là số từ 2000 đến 2100"),
        ({"year": "2099", "period": "q2"}, "period", "Kỳ này chưa bắt đầu"),
        ({"period": "dates"}, "from", "Hãy nhập ngày đầu kỳ"),
        ({"period": "dates", "from": "01/05/2006"}, "to", "Hãy nhập ngày cuối kỳ"),
        ({"period": "dates", "from": "01/05/2006", "to": "x"}, "to", "Ngày phải viết theo dạng ngày/tháng/năm"),
        ({"period": "dates", "from": "02/05/2006", "to": "01/05/2006"}, "to", "Ngày cuối kỳ phải từ ngày đầu kỳ"),
        ({"period": "dates", "from": "01/12/2006", "to": "31/01/2007"}, "to", "Hai ngày phải trong cùng một năm"),
        ({"period": "dates", "from": "01/12/1996", "to": "31/12/1996"}, "from", "Năm phải là số từ 2000"),
        (ASKED | {"as_of": "31/03/2006"}, "as_of", "phải từ ngày đầu kỳ báo cáo trở đi"),
    ],
)
def test_wrong_question_is_answered_beside_its_field(
    client: Client, reviewer: User, asked: dict[str, str], field: str, said: str
) -> None:
    client.force_login(reviewer)
    for address in (PAGE, FILE):
        answer = client.get(address, asked)
        page = answer.content.decode()
        assert answer.status_code == 400
        assert f'id="id_{field}_error">{said}' in page or said in page.split(f'id="id_{field}_error">')[1][:120]
        assert "<table" not in page


def test_free_dates_and_year_without_plan(client: Client, plan: AnnualPlan, reviewer: User) -> None:
    client.force_login(reviewer)
    days = {"period": "dates", "from": "01/04/2006", "to": "30/06/2006"}
    page = client.get(PAGE, days)
    assert "từ ngày 01/04/2006 đến ngày 30/06/2006" in page.content.decode()
    asked = "?period=dates&amp;from=01%2F04%2F2006&amp;to=30%2F06%2F2006"
    assert page.content.decode().count(f'href="{FILE}{asked}"') == 2, "the file, also at hand on a phone"
    name = "khuyen-cong-2006-04-01-den-2006-06-30.xlsx"
    assert client.get(FILE, days)["Content-Disposition"] == f'attachment; filename="{name}"'
    none = client.get(PAGE, {"year": "2010", "period": "q2"})
    assert none.status_code == 404 and "Chưa có kế hoạch khuyến công năm 2010" in none.content.decode()


def test_file_stays_vietnamese_for_english_readers(client: Client, plan: AnnualPlan, reviewer: User) -> None:
    client.force_login(reviewer)
    client.cookies["django_language"] = "en"
    texts = read_book(client.get(FILE, ASKED).content)["Tổng hợp"].texts()
    assert "TỔNG HỢP THỰC HIỆN KẾ HOẠCH KHUYẾN CÔNG QUÝ II NĂM 2006" in texts
    assert "(Số liệu tính đến ngày 30/06/2006)" in client.get(PAGE, ASKED).content.decode()


def test_queries_do_not_grow_with_the_plan(
    client: Client, plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    client.force_login(centre_staff)
    counts = []
    for wanted in (5, 20):
        for number in range(Project.objects.count(), wanted):
            make_project(plan=plan, by=centre_staff, name=f"Đề án {number}")
        submit_all(plan=plan, by=centre_head)
        lines = set(PlanLine.objects.for_plans([plan]).undecided().values_list("pk", flat=True))
        waiting = {key: amount for key, amount in requested_cells(plan).items() if key[0] in lines}
        wealth = {"KCDP": 2000 * MILLION}
        decide(plan=plan, by=department_head, assigned=wealth, approved=waiting, number=f"{wanted}/QĐ")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE, ASKED).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 40, counts
