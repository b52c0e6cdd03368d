"""Figures of the Word report beside those of the catalogue and of the year at a glance, on random years."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.http import QueryDict

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from khuyencong.money import format_million
from projects.models import PaymentEntry
from reports.catalogue.asked import AskForm
from reports.catalogue.dashboard import charts_for, totals_of
from reports.catalogue.definitions import BY_CODE
from reports.catalogue.table import ReportTable, Value, work_out
from reports.yearly.facts import YearlyReport
from tests.people import Tree
from tests.reports.documents import read_yearly, yearly
from tests.reports.plain_question import PlainQuestion
from tests.reports.plain_reports import PlainReports
from tests.reports.random_years import Years

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 9, 5)
OCTOBER = AsOf(dt.date(2007, 10, 15))


def write_years(seed: int, tree: Tree, writer: User) -> None:
    Years(random.Random(seed), tree.centre, writer)


def asked(user: User, as_of: AsOf) -> AskForm:
    day = f"&as_of={as_of.effective_on:%d/%m/%Y}" if as_of else ""
    form = AskForm(QueryDict(f"year=2007{day}"), user=user, today=TODAY)
    assert form.is_valid(), form.errors
    return form


def vnd(value: Value) -> int | None:
    assert value is None or isinstance(value, int)
    return value


def by_source(table: ReportTable) -> dict[str, tuple[int | None, int | None]]:
    rows = {row.label: row.values for row in table.rows} | {"Tổng cộng": table.total.values}
    return {label: (vnd(values["paid_vnd"]), vnd(values["unpaid_vnd"])) for label, values in rows.items()}


@pytest.mark.parametrize("as_of", [AsOf(), OCTOBER])
@pytest.mark.parametrize("seed", [7, 11, 23])
def test_what_is_left_is_one_figure_everywhere(tree: Tree, department_head: User, seed: int, as_of: AsOf) -> None:
    write_years(seed, tree, department_head)
    form = asked(department_head, as_of)
    catalogue = by_source(work_out(BY_CODE["sources"], form.asked_for()))
    report = yearly(department_head, 2007, as_of=as_of)
    assert {one.label: (one.paid_vnd, one.unpaid_vnd) for one in (*report.this.sources, report.this.total)} == catalogue
    assert all(left is not None for _paid, left in catalogue.values()), "once a payment is recorded, all say it"
    [printed] = read_yearly(report).rows("Nguồn kinh phí", "Còn chưa chi")
    shown = {
        label: tuple(format_million(amount).replace("-", "−") for amount in pair) for label, pair in catalogue.items()
    }
    assert {label: tuple(cells[-2:]) for label, cells in printed.items()} == shown
    charts = charts_for(department_head.memberships.get().role, form.asked_for())
    drawn = {cell.title: cell.text for cell in totals_of(charts)}
    assert drawn["Còn chưa chi"].replace("-", "−") == shown["Tổng cộng"][1]


def test_nothing_is_said_to_be_left_as_long_as_no_payment_is_recorded(tree: Tree, department_head: User) -> None:
    write_years(7, tree, department_head)
    report = yearly(department_head, 2007, as_of=AsOf(dt.date(2007, 3, 20)))
    paid = PaymentEntry.objects.filter(plan_line__round__plan__year=2007, effective_on__lte="2007-03-20")
    assert not paid.exists()
    assert report.this.total.approved_vnd and report.this.total.unpaid_vnd is None


@pytest.mark.parametrize("seed", [7, 11])
def test_schedule_is_told_of_approved_projects_alone(tree: Tree, department_head: User, seed: int) -> None:
    write_years(seed, tree, department_head)
    report = yearly(department_head, 2007)
    said = PlainReports().schedules_of_approved(PlainQuestion(department_head, "year=2007", TODAY))
    schedule = report.this.approved
    assert (schedule.on_schedule_count, schedule.late_count) == (said.count("on_schedule"), said.count("late"))
    assert (schedule.was_late_count, schedule.unreported_count) == (said.count("was_late"), said.count("unreported"))
    assert schedule.project_count == len(said) < report.this.schedule.project_count
    assert f"Trong {len(said)} đề án được phê duyệt, có " in read_yearly(report).text
    assert f", trong đó {len(said)} đề án đã được phê duyệt, " in words_of(report)


def words_of(report: YearlyReport) -> str:
    return " ".join(read_yearly(report).texts)
