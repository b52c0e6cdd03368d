"""Money of a letter whose day nobody knows: in the year, as of each day from then on, and in no part of the year."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from django.http import QueryDict
from django.test import Client
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from programmes.models import AllocationEntry, AnnualPlan
from projects.figures.flows import flows
from projects.figures.plan_grid import plan_grid
from projects.figures.question import Question
from projects.figures.reader import Reader
from projects.models import ApprovalEntry
from reports.asking.periods import period_of
from reports.asking.selection import select_plans
from reports.catalogue.asked import AskForm
from reports.catalogue.definitions import BY_CODE
from reports.catalogue.sources import Sources
from reports.catalogue.table import ReportTable, work_out
from reports.period.book import period_book, period_workbook
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all
from tests.kept import kept
from tests.there import there

pytestmark = pytest.mark.django_db

TODAY, NEW_YEAR = dt.date(2026, 9, 5), dt.date(2006, 1, 1)
QUARTERS, HALVES = ("q1", "q2", "q3", "q4"), ("h1", "h2")


@pytest.fixture
@kept
def plan(people: dict[str, User]) -> AnnualPlan:
    """60 of the city approved on 16/06; 63 of the nation by a letter of which nobody knows the day."""
    plan = make_plan(organisation=people["centre_staff"].memberships.get().scope)
    make_project(plan=plan, by=people["centre_staff"], name="Thêu ren")
    make_project(plan=plan, by=people["centre_staff"], name="Dệt thảm", amounts={"KCQG": 63 * MILLION})
    submit_all(plan=plan, by=people["centre_head"], on=NEW_YEAR)
    cells = requested_cells(plan)
    city, nation = ({key: vnd for key, vnd in cells.items() if vnd == n * MILLION} for n in (60, 63))
    by = people["department_head"]
    decide(plan=plan, by=by, assigned={"KCDP": 60 * MILLION}, approved=city)
    july, given = dt.date(2006, 7, 1), {"KCQG": 63 * MILLION}
    decide(plan=plan, by=by, assigned=given, approved=nation, number="5/QĐ", on=july, level="central", is_dated=False)
    return plan


def ask(user: User, code: str, query: str) -> ReportTable:
    form = AskForm(QueryDict(query), user=user, today=TODAY)
    assert form.is_valid(), form.errors
    return work_out(BY_CODE[code], form.asked_for())


def test_it_counts_in_the_year_and_as_of_each_day_from_then_on(plan: AnnualPlan) -> None:
    assert plan_grid([plan]).money.approved_vnd == 123 * MILLION
    assert plan_grid([plan], AsOf(dt.date(2006, 6, 30))).money.approved_vnd == 60 * MILLION
    assert plan_grid([plan], AsOf(dt.date(2006, 7, 1))).money.approved_vnd == 123 * MILLION


@pytest.mark.parametrize("parts", [QUARTERS, HALVES, tuple(f"m{n}" for n in range(1, 13))])
def test_parts_of_a_year_and_what_has_no_day_make_up_the_year(plan: AnnualPlan, parts: tuple[str, ...]) -> None:
    inside: list[int] = []
    for kind in parts:
        period = period_of(2006, kind)
        found = flows([plan], period.start, AsOf(period.end)).values()
        inside += [flow.first_in_vnd or 0 for flow in found] + [flow.adjusted_in_vnd or 0 for flow in found]
    year = flows([plan], NEW_YEAR, AsOf(dt.date(2006, 12, 31)))
    assert sum(inside) == 60 * MILLION
    assert sum(inside) + sum(flow.undated_vnd or 0 for flow in year.values()) == 123 * MILLION


def test_assigned_money_of_no_known_day_is_in_no_part_either(plan: AnnualPlan) -> None:
    third = Question(plans=[plan], as_of=AsOf(dt.date(2006, 9, 30)), since=dt.date(2006, 7, 1))
    assert Reader(third).assigned() == {}
    assert set(Reader(Question(plans=[plan])).assigned().values()) == {60 * MILLION, 63 * MILLION}
    assert [entry.amount_vnd for entry in AllocationEntry.objects.undated()] == [63 * MILLION]
    assert [entry.amount_vnd for entry in ApprovalEntry.objects.since(NEW_YEAR)] == [60 * MILLION]


def test_report_of_a_quarter_shows_it_in_a_column_of_its_own(plan: AnnualPlan, department_head: User) -> None:
    selection = select_plans(department_head, 2006)

    def summary(kind: str) -> tuple[list[str], list[tuple[int | None, int | None]], str]:
        [sheet, *_others] = period_book(selection, period_of(2006, kind), as_of=AsOf(), today=TODAY).sheets
        rows = [(row.first_in_vnd, row.undated_vnd) for section in sheet.sections for row in section.rows]
        return [column.key for column in sheet.columns], rows, " ".join(sheet.notes)

    columns, rows, notes = summary("q2")
    assert rows == [(None, None), (60 * MILLION, None)], "on 30/06 the money of the nation does not count yet"
    assert "undated_vnd" not in columns and "chưa rõ ngày" not in notes
    columns, rows, notes = summary("q3")
    assert columns[columns.index("settled_in_vnd") + 1] == "undated_vnd"
    assert rows == [(None, 63 * MILLION), (None, None)] and "chưa rõ ngày" in notes


def test_workbook_of_a_quarter_has_the_column(plan: AnnualPlan, department_head: User) -> None:
    content = period_workbook(select_plans(department_head, 2006), period_of(2006, "q4"), as_of=AsOf(), today=TODAY)
    cells = [str(cell.value) for row in load_workbook(BytesIO(content))["Tổng hợp"].iter_rows() for cell in row]
    assert "Duyệt, chưa rõ ngày" in cells and "Trong năm" in cells


def test_catalogue_tells_parts_of_the_year_with_what_has_no_day(plan: AnnualPlan, department_head: User) -> None:
    inside = 0
    for kind in QUARTERS:
        total_row = ask(department_head, "source-content", f"year=2006&period={kind}").total.values
        inside += int(total_row["approved_vnd_in"] or 0)
    table = ask(department_head, "source-content", "year=2006&period=q4")
    year = ask(department_head, "source-content", "year=2006")
    undated = table.total.values["undated_vnd"]
    assert (inside, undated) == (60 * MILLION, 63 * MILLION)
    assert inside + int(undated or 0) == year.total.values["approved_vnd"]
    assert "undated_vnd" not in [one.key for one in year.figures], "a whole year has it among all the rest"
    [fact] = Sources(table).behind(table.total, there(table.report.figure("undated_vnd")))
    assert (fact.amount, fact.on) == (63 * MILLION, None) and "chưa rõ ngày" in fact.paper


def test_column_is_left_out_where_every_letter_has_its_day(plan: AnnualPlan, department_head: User) -> None:
    table = ask(department_head, "source-content", "year=2006&period=q2")
    assert "undated_vnd" not in [one.key for one in table.figures]
    assert "undated_vnd" not in [one.key for one, _title, _is_chosen in table.choices]
    asked = ask(department_head, "source-content", "year=2006&period=q2&columns=undated_vnd")
    assert [one.key for one in asked.figures] == ["undated_vnd"], "asked for by name it says that there is none"


def test_page_and_print_of_a_quarter_have_the_column(plan: AnnualPlan, department_head: User, client: Client) -> None:
    client.force_login(department_head)
    for address in ("/reports/period/", "/reports/period/print/", "/reports/catalogue/source-content/"):
        page = client.get(address, {"year": "2006", "period": "q4"})
        assert page.status_code == 200 and "chưa rõ ngày" in page.content.decode(), address


def test_page_of_the_letter_says_that_it_is_in_no_quarter(
    plan: AnnualPlan, department_head: User, client: Client
) -> None:
    client.force_login(department_head)
    letter = ApprovalEntry.objects.undated().get().decision
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "Chưa rõ ngày: tính trong năm, không tính vào quý, tháng hay 6 tháng nào." in page
