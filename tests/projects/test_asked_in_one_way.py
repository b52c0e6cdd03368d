"""What many figures are made of, asked in one way: sums by cell, the latest report by a day."""

from __future__ import annotations

import pytest
from django.db.models import Subquery

from khuyencong.accounts.models import User
from khuyencong.asof import NOW, AsOf
from programmes.models import AnnualPlan
from projects import models
from projects.ledger.cell_sums import cell_sums
from projects.ledger.line_accounts import accounts_of
from projects.ledger.remainders import paid_cells
from projects.pages.overview import plan_summaries
from tests.factories import MILLION
from tests.projects.accounting import write_accounts
from tests.stories import EMBROIDERY, WEAVING, cell_of, day, tell_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(people: dict[str, User]) -> AnnualPlan:
    """Reports of June, July and, late, of August, each made on the 10th of the month after."""
    return tell_year(people)


def test_sums_by_cell_take_further_columns(plan: AnnualPlan) -> None:
    embroidery, weaving = cell_of(plan, EMBROIDERY), cell_of(plan, WEAVING)
    entries = models.ApprovalEntry.objects.for_plans([plan])
    assert entries.by_cell() == {embroidery: 50 * MILLION, weaving: 0}
    june, september, november = day(6, 16), day(9, 5), day(11, 10)
    assert entries.by_cell("effective_on") == {
        (*embroidery, june): 60 * MILLION,
        (*embroidery, september): -10 * MILLION,
        (*weaving, june): 45 * MILLION,
        (*weaving, november): -45 * MILLION,
    }
    assert {entry.key for entry in entries} == {embroidery, weaving}
    assert entries.on_lines([embroidery[0]]).by_cell() == {embroidery: 50 * MILLION}
    assert entries.on_lines([]).by_cell() == {}


@pytest.mark.parametrize("as_of", [NOW, AsOf(day(8, 30)), AsOf(day(12, 31), day(7, 10)), AsOf(day(1, 1))])
def test_all_figures_in_one_statement_are_those_of_their_tables(
    plan: AnnualPlan, accountant: User, as_of: AsOf
) -> None:
    write_accounts(cell_of(plan, EMBROIDERY), accountant, day(8, 1))
    found = cell_sums(models.Project.objects.all(), as_of=as_of).cells

    def figure(name: str) -> dict[object, int]:
        return {key: sums[name] for key, sums in found.items() if name in sums}

    assert figure("requested_vnd") == models.CostLine.objects.by_cell()
    assert figure("executed_vnd") == models.ExecutedAmount.objects.latest_of_each(as_of).by_cell()
    for name, entries in (
        ("approved_vnd", models.ApprovalEntry.objects),
        ("contracted_vnd", models.ContractEntry.objects),
        ("settled_vnd", models.SettlementEntry.objects),
        ("advanced_vnd", models.PaymentEntry.objects.advances()),
    ):
        assert figure(name) == entries.effective_by(as_of).by_cell(), name
    paid = paid_cells(models.PlanLine.objects.values_list("pk", flat=True), as_of)
    assert figure("received_vnd") == {key: ways["in"] for key, ways in paid.items() if "in" in ways}
    assert figure("paid_vnd") == {
        key: ways.get("out", 0) + ways.get("own", 0) for key, ways in paid.items() if ways.keys() & {"out", "own"}
    }


def test_nothing_is_summed_of_no_project() -> None:
    assert cell_sums([]).cells == {} and accounts_of([]) == []


@pytest.mark.parametrize(
    ("as_of", "month"),
    [
        (NOW, 8),
        (AsOf(day(8, 31)), 8),
        (AsOf(day(8, 30)), 7),  # August had not ended
        (AsOf(None, day(9, 9)), 7),  # nor was it reported before the tenth
        (AsOf(day(12, 31), day(7, 10)), 6),
        (AsOf(day(6, 29)), None),
    ],
)
def test_the_latest_report_is_that_of_the_day(plan: AnnualPlan, as_of: AsOf, month: int | None) -> None:
    found = models.ProgressReport.objects.latest_of_each(as_of)
    assert [report.month.month for report in found] == ([] if month is None else [month])
    latest = models.ProgressReport.objects.latest_of("project", as_of)
    lines = models.PlanLine.objects.annotate(month=Subquery(latest.values("month")))
    told = dict(lines.values_list("project__name", "month"))
    assert told[EMBROIDERY] == (None if month is None else day(month, 1)) and told[WEAVING] is None
    executed = models.ExecutedAmount.objects.latest_of_each(as_of).by_cell()
    amount = {6: 10, 7: 25, 8: 30}.get(month or 0)
    assert executed == ({cell_of(plan, EMBROIDERY): amount * MILLION} if amount else {})


def test_the_latest_of_some_reports_is_found_among_these(plan: AnnualPlan, centre_staff: User) -> None:
    project = models.Project.objects.get(name=EMBROIDERY)
    models.ProgressReport.objects.create(
        project=project, month=day(9, 1), is_on_schedule=True, reported_by=centre_staff
    )
    assert models.ProgressReport.objects.latest_of_each(NOW).get().done == ""
    assert models.ProgressReport.objects.with_results().latest_of_each(NOW).get().done == "Đã làm tháng 8"


def test_a_summary_of_a_plan_is_of_the_day(plan: AnnualPlan) -> None:
    found = {on: plan_summaries([plan], AsOf(on))[0] for on in (day(6, 15), day(7, 31), day(11, 30))}
    assert [(one.assigned_vnd, one.approved_vnd) for one in found.values()] == [
        (None, None),
        (120 * MILLION, 105 * MILLION),
        (120 * MILLION, 50 * MILLION),
    ]
    assert [one.schedule.on_schedule_count for one in found.values()] == [0, 1, 0]
    assert found[day(11, 30)].schedule.late_count == 1 and plan_summaries([plan]) == [found[day(11, 30)]]
