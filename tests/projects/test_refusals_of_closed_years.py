"""A project in two years of which one is closed: its money of the open year moves, that of the closed one does not, and
its work goes on until both are closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import ApprovalEntry, CellKey, Contract, PaymentEntry, ProgressReport, Project
from projects.rules.permissions import (
    why_not_adjust,
    why_not_edit,
    why_not_join,
    why_not_pay,
    why_not_report,
)
from projects.rules.warnings import findings_of
from projects.rules.workflow import why_not
from projects.services.adjust import Adjusted, adjust_project
from projects.services.contracts import record_contract, settle_project
from projects.services.corrections import Correction, record_corrections
from projects.services.payments import RightAmount, correct_entries
from projects.services.progress import add_progress_report
from projects.services.project_parts import SupportInput
from projects.services.steps import take_step
from projects.services.warning_reasons import give_reason
from projects.services.years import join_plan
from tests.factories import MILLION, decide, make_decision, make_plan, requested_cells, source, submit_all
from tests.kept import kept
from tests.projects.accounting import amend, approved_plan, pay, sign
from tests.projects.attempts import code_of, words_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2007, 3, 1)


@pytest.fixture
@kept
def years(
    centre_staff: User, centre_head: User, department_head: User, accountant: User
) -> dict[int, tuple[AnnualPlan, CellKey]]:
    """“Thêu ren” of 60 triệu in 2006 and 20 in 2007, under contract and paid 10 in the first year."""
    plan = approved_plan(staff=centre_staff, head=centre_head, department=department_head)
    cell = min(requested_cells(plan))
    sign(cell, accountant, 40)
    pay(plan, accountant, (cell, "payment", 10))
    project = Project.objects.get(lines=cell[0])
    following = make_plan(organisation=plan.organisation, year=2007)
    asked = {(cell[1], source("KCDP")): 20 * MILLION}
    join_plan(project=project, plan=following, asked=asked, actor=centre_staff, version=project.version)
    submit_all(plan=following, by=centre_head, on=dt.date(2007, 1, 5))
    [next_cell] = requested_cells(following)
    decide(
        plan=following,
        by=department_head,
        assigned={"KCDP": 30 * MILLION},
        approved={next_cell: 20 * MILLION},
        number="7/QĐ",
        on=dt.date(2007, 2, 1),
    )
    return {2006: (plan, cell), 2007: (following, next_cell)}


def close(*years: int) -> None:
    AnnualPlan.objects.filter(year__in=years).update(is_closed=True)


def the_project() -> Project:
    return Project.objects.get(name="Thêu ren")


def money_of(year: int, years: dict[int, tuple[AnnualPlan, CellKey]], people: dict[str, User]) -> dict[str, Any]:
    """Writes on the line of one year, by what they do."""
    (plan, cell), accountant, department = years[year], people["accountant"], people["department_head"]
    contract = Contract.objects.get()
    entry = ApprovalEntry.objects.get(plan_line=cell[0])
    slip = PaymentEntry.objects.filter(plan_line=cell[0]).first()
    fresh = Contract(project=the_project(), number="9/HĐ", signed_on=DAY, partner="HTX")
    words = {"paper": "PL", "on": DAY, "reason": "Thêm", "actor": accountant}
    right = Correction(entry, entry.amount_vnd, entry.amount_vnd - 1)
    writes: dict[str, Callable[[], Any]] = {
        "voucher": lambda: pay(plan, accountant, (cell, "payment", 1), issued_on=DAY),
        "contract": lambda: record_contract(contract=fresh, amounts={cell: 5}, actor=accountant),
        "amendment": lambda: amend(contract, {cell: 41 * MILLION}, **words),
        "letter": lambda: decide(
            plan=plan, by=department, approved={cell: entry.amount_vnd - 1}, number="9/QĐ", on=DAY
        ),
        "correction": lambda: record_corrections(
            decision=entry.decision, corrections=[right], reason="Nhầm", actor=department
        ),
    }
    if slip:
        rights = [RightAmount(slip, 9 * MILLION)]
        writes["reversal"] = lambda: correct_entries(rights=rights, reason="Nhầm", actor=accountant)
    return writes


def test_the_open_year_s_line_takes_money_and_the_closed_one_s_does_not(
    years: dict[int, tuple[AnnualPlan, CellKey]], people: dict[str, User]
) -> None:
    found = {year: {code_of(call) for call in money_of(year, years, people).values()} for year in years}
    assert found == {2006: {"done"}, 2007: {"done"}}
    close(2006)
    assert {code_of(call) for call in money_of(2007, years, people).values()} == {"done"}
    for name, call in money_of(2006, years, people).items():
        assert words_of(call) == "Kế hoạch năm 2006 đã khóa sổ.", name


def test_one_paper_over_both_years_needs_both_open(
    years: dict[int, tuple[AnnualPlan, CellKey]], people: dict[str, User]
) -> None:
    accountant, plan = people["accountant"], years[2006][0]
    cells = [cell for _plan, cell in years.values()]
    fresh = Contract(project=the_project(), number="9/HĐ", signed_on=DAY, partner="HTX")
    both: dict[str, Callable[[], Any]] = {
        "voucher": lambda: pay(plan, accountant, *[(cell, "payment", 1) for cell in cells], issued_on=DAY),
        "contract": lambda: record_contract(contract=fresh, amounts=dict.fromkeys(cells, 5), actor=accountant),
    }
    assert {code_of(call) for call in both.values()} == {"done"}
    close(2007)
    assert {words_of(call) for call in both.values()} == {"Kế hoạch năm 2007 đã khóa sổ."}


def test_a_settlement_is_of_the_lines_that_it_names(
    years: dict[int, tuple[AnnualPlan, CellKey]], people: dict[str, User]
) -> None:
    words = {"paper": "PL", "on": DAY, "reason": "Thêm", "actor": people["accountant"]}
    amend(Contract.objects.get(), {years[2007][1]: 20 * MILLION}, **words)
    Project.objects.filter(name="Thêu ren").update(status="accepted")
    close(2006)
    found = {
        year: code_of(
            partial(
                settle_project,
                project=the_project(),
                paper="QT",
                on=DAY,
                amounts={cell: MILLION},
                actor=people["accountant"],
            )
        )
        for year, (_plan, cell) in years.items()
    }
    assert found == {2006: "closed", 2007: "done"}


def test_the_work_goes_on_while_one_of_its_years_is_open(
    years: dict[int, tuple[AnnualPlan, CellKey]], people: dict[str, User]
) -> None:
    staff, department = people["centre_staff"], people["department_head"]

    def adjust() -> Any:
        project = the_project()
        letter = make_decision(organisation=project.organisation.parent, number="8/QĐ", on=DAY)
        helped = [SupportInput(group_description="Lao động nông thôn")]
        wanted = Adjusted(None, dt.date(2006, 12, 1), "units", list(project.places.all()), helped)
        return adjust_project(
            project=project,
            plan=project.plans[-1],
            decision=letter,
            wanted=wanted,
            reason="Đổi",
            actor=department,
            version=project.version,
        )

    def report() -> Any:
        project, month = the_project(), ProgressReport(month=dt.date(2007, 3, 1), is_on_schedule=True)
        return add_progress_report(project=project, report=month, amounts={}, actor=staff, version=project.version)

    def answer() -> Any:
        fingerprint = findings_of(the_project(), user=None).warnings[0].fingerprint
        return give_reason(project=the_project(), fingerprint=fingerprint, reason="Vì", actor=staff)

    calls = (adjust, report, answer, lambda: take_step(the_project(), "start", actor=staff, on=DAY))
    asked: dict[str, Callable[[], str]] = {
        "adjust": lambda: why_not_adjust(department, the_project()),
        "report": lambda: why_not_report(staff, the_project()),
        "pay": lambda: why_not_pay(people["accountant"], the_project()),
        "step": lambda: why_not(staff, the_project(), "start"),
    }
    for shut in ((), (2006,)):
        close(*shut)
        assert {code_of(call) for call in calls} == {"done"}
        assert {ask() for ask in asked.values()} == {""}
    close(2007)
    assert {words_of(call) for call in calls} == {"Kế hoạch năm 2006, 2007 đã khóa sổ."}
    assert {ask() for ask in asked.values()} == {"Kế hoạch năm 2006, 2007 đã khóa sổ."}
    assert why_not_join(staff, the_project()) == "", "into a third year it may go"


def test_what_is_not_closed_is_said_of_another_state_first(
    years: dict[int, tuple[AnnualPlan, CellKey]], people: dict[str, User]
) -> None:
    close(2006, 2007)
    assert "không sửa được ở đây" in why_not_edit(people["centre_staff"], the_project())
    Project.objects.update(status="draft")
    assert why_not_edit(people["centre_staff"], the_project()) == "Kế hoạch năm 2006, 2007 đã khóa sổ."
