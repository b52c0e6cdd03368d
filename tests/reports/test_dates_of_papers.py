"""One day on every paper: of reports that are signed, of letters whose day is unknown."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict
from django.utils.translation import override

from khuyencong.accounts.models import User
from khuyencong.asof import NOW, AsOf
from programmes.models import AnnualPlan, Decision
from programmes.models.decision import counted_from
from projects.pages.overview import plan_decisions
from reports.annual.book import annual_book
from reports.annual.form_2 import form_2_book
from reports.asking.selection import select_plans
from reports.catalogue.asked import AskForm
from reports.catalogue.definitions import BY_CODE
from reports.catalogue.sheets import letterhead_of
from reports.catalogue.sources import Sources
from reports.catalogue.table import work_out
from reports.yearly.facts import yearly_report
from tests.factories import MILLION, approved_project
from tests.there import there

pytestmark = pytest.mark.django_db

NEW_YEAR, JUNE = dt.date(2007, 1, 20), dt.date(2006, 6, 30)


@pytest.fixture
def plan(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    return there(approved_project(staff=centre_staff, head=centre_head, department=department_head).latest_plan())


@pytest.mark.parametrize(
    ("asked", "today", "said"),
    [
        (NOW, NEW_YEAR, "ngày 20 tháng 01 năm 2007"),
        (AsOf(JUNE), NEW_YEAR, "ngày …… tháng …… năm ……"),
        (NOW, dt.date(2026, 9, 5), "ngày …… tháng …… năm ……"),
    ],
)
def test_all_reports_of_a_year_bear_the_same_day(
    plan: AnnualPlan, department_head: User, asked: AsOf, today: dt.date, said: str
) -> None:
    selection = select_plans(department_head, 2006)
    form = AskForm(QueryDict(f"year=2006{asked.more_query}"), user=department_head, today=today)
    assert form.is_valid()
    with override("vi"):
        heads = [
            annual_book(selection, as_of=asked, is_draft=False, today=today).letterhead,
            form_2_book(selection, as_of=asked, today=today).letterhead,
            yearly_report(department_head, selection, as_of=asked, today=today).head,
            letterhead_of(work_out(BY_CODE["areas"], form.asked_for()), today=today),
        ]
    assert {head.place_and_date for head in heads} == {f"Hải Phòng, {said}"}


def test_a_letter_of_unknown_day_counts_from_one_that_is_never_printed_as_its_own(
    plan: AnnualPlan, department_head: User
) -> None:
    on = counted_from(None, year=2006, today=NEW_YEAR, stated=dt.date(2006, 8, 1))
    unknown = {"number": "", "is_number_unknown": True, "issued_on": None, "is_date_unknown": True}
    organisation = Decision.objects.get().organisation
    letter = Decision.objects.create(organisation=organisation, effective_on=on, recorded_by=department_head, **unknown)
    plan.allocations.create(
        decision=letter,
        source=plan.allocations.get().source,
        amount_vnd=MILLION,
        nature="supplement",
        effective_on=on,
        recorded_by=department_head,
    )
    with override("vi"):
        assert letter.label == "Văn bản chưa rõ số, chưa rõ ngày"
        form = AskForm(QueryDict("year=2006"), user=department_head, today=NEW_YEAR)
        assert form.is_valid()
        table = work_out(BY_CODE["sources"], form.asked_for())
        papers = [fact.paper for fact in Sources(table).behind(table.total, there(table.report.figure("assigned_vnd")))]
        assert papers == ["Văn bản chưa rõ số, chưa rõ ngày", "Văn bản số 341/UBND-CN ngày 16/06/2006"]
    assert [row.decision.number for row in plan_decisions(plan)] == ["", "341/UBND-CN"], "by the day that counts"


def test_the_day_from_which_a_letter_counts_is_never_to_come() -> None:
    issued, stated = dt.date(2006, 6, 16), dt.date(2006, 2, 1)
    assert counted_from(issued, year=2006, today=NEW_YEAR) == issued
    assert counted_from(None, year=2006, today=NEW_YEAR, stated=stated) == stated
    assert counted_from(None, year=2006, today=NEW_YEAR) == dt.date(2006, 1, 1)
    assert counted_from(None, year=2008, today=NEW_YEAR) == NEW_YEAR
