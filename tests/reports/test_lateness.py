"""Only work under way is late: one number on the home page, in lists, plans, reports and the Word document."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import lxml.html
import pytest
from django.http import QueryDict
from django.test import Client
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from khuyencong.asof import NOW, AsOf
from programmes.models import AnnualPlan, PlanRound
from projects.figures.flows import late_projects
from projects.figures.plan_grid import plan_grid
from projects.figures.rollups import roll_ups
from projects.figures.totals import Schedule
from projects.models import Pace, PlanLine, ProgressReport, Project
from projects.pages.overview import plan_summaries
from reports.asking.periods import period_of
from reports.asking.selection import select_plans
from reports.catalogue.asked import AskForm
from reports.catalogue.definitions import BY_CODE
from reports.catalogue.sources import Sources
from reports.catalogue.table import ReportTable, work_out
from reports.period.book import period_book
from tests.factories import make_plan
from tests.reports.documents import read_yearly, yearly
from tests.reports.late_year import (
    ACCEPTED,
    PUNCTUAL,
    SEPTEMBER,
    SILENT,
    STILL_LATE,
    STOPPED,
    WAITING,
    finish,
    tell_late_year,
)
from tests.there import there

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 9, 5)
IN_SEPTEMBER = AsOf(SEPTEMBER)
# By pace, of whom the counts are, now and in September, when all five were under way.
PACES = {
    NOW: {
        Pace.ON: {PUNCTUAL},
        Pace.LATE: {*STILL_LATE},
        Pace.WAS_LATE: {ACCEPTED, STOPPED},
        Pace.NONE: {SILENT, WAITING},
    },
    IN_SEPTEMBER: {
        Pace.ON: {PUNCTUAL},
        Pace.LATE: {*STILL_LATE, ACCEPTED, STOPPED},
        Pace.WAS_LATE: set(),
        Pace.NONE: {SILENT, WAITING},
    },
}
COUNTS = {
    "on_schedule_count": Pace.ON,
    "late_count": Pace.LATE,
    "was_late_count": Pace.WAS_LATE,
    "unreported_count": Pace.NONE,
}
DAYS = pytest.mark.parametrize("as_of", PACES, ids=["now", "september"])


@pytest.fixture
def plan(people: dict[str, User]) -> AnnualPlan:
    return tell_late_year(people)


def page_of(client: Client, address: str) -> lxml.html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return lxml.html.fromstring(answer.content.decode())


def names_in(page: lxml.html.HtmlElement) -> set[str]:
    return {link.text for link in page.xpath("//td[contains(@class, 'title')]//a")}


def ask(user: User, code: str, as_of: AsOf) -> ReportTable:
    form = AskForm(QueryDict(f"year=2006{as_of.more_query}"), user=user, today=TODAY)
    assert form.is_valid(), form.errors
    return work_out(BY_CODE[code], form.asked_for())


def test_the_home_page_says_one_number_of_late_projects(plan: AnnualPlan, client: Client, centre_staff: User) -> None:
    """Five were reported late, and two of them are over."""
    client.force_login(centre_staff)
    page = page_of(client, "/")
    assert "Chậm tiến độ · 3 đề án" in " ".join(page.text_content().split())
    [named] = page.xpath("//section[h2='Đề án chậm tiến độ']")
    assert {link.text for link in named.iter("a")} == set(STILL_LATE)
    for pace, names in PACES[NOW].items():
        [counted] = page.xpath(f"//a[contains(@href, 'schedule={pace.value}')]")
        assert counted.text == str(len(names)), pace
        assert names_in(page_of(client, counted.get("href"))) == names


@DAYS
def test_every_count_of_a_day_is_of_the_same_projects(plan: AnnualPlan, centre_staff: User, as_of: AsOf) -> None:
    paces = PACES[as_of]
    schedule = Schedule.of_numbers({pace: len(names) for pace, names in paces.items()})
    [summary] = plan_summaries([plan], as_of)
    assert summary.schedule == plan_grid([plan], as_of).schedule == schedule and schedule.project_count == 8
    for found in roll_ups([plan], as_of).values():
        assert found.schedule == schedule
        assert sum((row.schedule for row in found.rows), start=Schedule()) == schedule
    for pace, names in paces.items():
        assert {one.name for one in Project.objects.keeping(pace, as_of)} == names
    assert {Project.objects.get(pk=pk).name for pk in late_projects([plan], as_of)} == paces[Pace.LATE]


@DAYS
def test_counts_of_the_catalogue_open_to_the_same_projects(plan: AnnualPlan, centre_staff: User, as_of: AsOf) -> None:
    areas = ask(centre_staff, "areas", as_of)
    sources = Sources(areas)
    for key, pace in COUNTS.items():
        assert areas.total.values[key] == len(PACES[as_of][pace])
        behind = sources.behind(areas.total, there(areas.report.figure(key)))
        assert {fact.project for fact in behind} == PACES[as_of][pace]
    statuses = ask(centre_staff, "status", as_of)
    told = {
        (section.label, row.label): there(row.values["project_count"])
        for section in statuses.sections
        for row in section.rows
    }
    for pace, names in PACES[as_of].items():
        assert sum(n for (_status, label), n in told.items() if label == pace.label) == len(names)
    assert sum(told.values()) == statuses.total.values["project_count"] == 8
    late = ask(centre_staff, "late", as_of)
    assert {row.label.split(" ", 1)[1] for row in late.rows} == PACES[as_of][Pace.LATE]


def test_page_print_workbook_and_cell_list_the_same_late_projects(
    plan: AnnualPlan, client: Client, centre_staff: User
) -> None:
    client.force_login(centre_staff)
    where = "/reports/catalogue/areas"
    page = page_of(client, f"{where}/?year=2006&columns=project_count,late_count,was_late_count")
    for kind, names in (("late_count", PACES[NOW][Pace.LATE]), ("was_late_count", PACES[NOW][Pace.WAS_LATE])):
        opened = page.xpath(f"//tfoot//a[contains(@href, 'figure={kind}')]")
        [address] = {link.get("href") for link in opened}
        cell = " ".join(page_of(client, address).text_content().split())
        assert {name for name in Project.objects.values_list("name", flat=True) if name in cell} == names
    titles = ("Chậm tiến độ", "Đã kết thúc, từng báo chậm")
    printed = " ".join(page_of(client, f"{where}/print/?year=2006").text_content().split())
    assert all(title in printed for title in titles)
    book = load_workbook(BytesIO(client.get(f"{where}.xlsx?year=2006").content), data_only=True)
    rows = list(book["Nguồn số liệu"].iter_rows(values_only=True))
    start = next(place for place, row in enumerate(rows) if row[0] == "Chậm tiến độ – Tổng cộng")
    assert {row[2] for row in rows[start + 1 : start + 4]} == set(STILL_LATE)


@DAYS
def test_period_book_and_word_list_whom_they_count(plan: AnnualPlan, centre_head: User, as_of: AsOf) -> None:
    late = PACES[as_of][Pace.LATE]
    kind = "q3" if as_of else "q4"
    sheet = period_book(select_plans(centre_head, 2006), period_of(2006, kind), as_of=NOW, today=TODAY).sheets[-1]
    assert {row.name for row in sheet.rows} == late
    report = yearly(centre_head, as_of=as_of)
    assert {one.name for one in report.late} == late and report.this.approved.late_count == len(late)
    assert f"{len(late)} đề án chậm tiến độ" in read_yearly(report).text


def test_the_word_report_says_one_number_of_late_projects(
    plan: AnnualPlan, people: dict[str, User], centre_head: User
) -> None:
    """Once all of them are accepted, none is late any more, whatever they reported last."""
    for name in STILL_LATE:
        finish(name, people, on=dt.date(2006, 12, 1))
    report = yearly(centre_head)
    text = read_yearly(report).text
    assert not report.late and " đề án chậm tiến độ" not in text
    assert "Trong 7 đề án được phê duyệt, có 1 đề án đúng tiến độ, 5 đề án đã kết thúc, từng báo chậm, " in text
    assert "Không có đề án nào đang thực hiện mà báo cáo tiến độ mới nhất ghi là chậm." in text


def test_a_late_project_of_two_years_is_late_in_both_wherever_they_are_told(
    plan: AnnualPlan, centre_staff: User, centre_head: User
) -> None:
    """Nothing is approved for its second year yet, and it is late all the same."""
    project = Project.objects.get(name=STILL_LATE[0])
    following = make_plan(organisation=project.organisation, year=2007)
    PlanLine.objects.create(round=PlanRound.objects.create(plan=following, level="city", number=1), project=project)
    month = dt.date(2007, 3, 1)
    ProgressReport.objects.create(project=project, month=month, is_on_schedule=False, reported_by=centre_staff)
    [summary] = plan_summaries([following])
    assert (summary.schedule.project_count, summary.schedule.late_count) == (1, 1)
    sheet = period_book(select_plans(centre_head, 2007), period_of(2007, "h1"), as_of=NOW, today=TODAY).sheets[-1]
    report = yearly(centre_head, 2007)
    assert [row.name for row in sheet.rows] == [one.name for one in report.late] == [project.name]
    assert (
        report.this.approved.late_count == 1 and "đề án được phê duyệt chậm tiến độ" in read_yearly(report).text.lower()
    )


@pytest.mark.parametrize(("sort", "first", "last"), [("schedule", "late", "none"), ("-schedule", "was_late", "none")])
def test_the_list_sorts_the_late_first_and_the_silent_last(plan: AnnualPlan, sort: str, first: str, last: str) -> None:
    found = [one.pace for one in Project.objects.for_list().sorted_by(sort)]
    assert (found[0], found[-1]) == (first, last)


def test_a_page_of_a_plan_says_the_pace_beside_the_status(plan: AnnualPlan, client: Client, centre_staff: User) -> None:
    client.force_login(centre_staff)
    text = " ".join(page_of(client, plan.get_absolute_url()).text_content().split())
    assert "8 đề án · 1 đúng tiến độ · 3 chậm" in text
    assert text.count("Từng báo chậm") == 2 and text.count("Chậm tiến độ") == 3
    day = page_of(client, f"{plan.get_absolute_url()}?as_of=30/09/2006")
    assert "8 đề án · 1 đúng tiến độ · 5 chậm" in " ".join(day.text_content().split())
