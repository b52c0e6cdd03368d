"""After approval: supplement, adjustment and stop, who may decide each, and what a slip of typing becomes."""

from __future__ import annotations

import datetime as dt

import pytest

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from khuyencong.funding import CORRECTING_NATURES, LATER_NATURES, Nature
from programmes.models import AllocationEntry, AnnualPlan
from projects.figures.plan_grid import plan_grid
from projects.ledger.letter_amounts import amounts_around
from projects.ledger.remainders import approved_cells, envelopes
from projects.models import ApprovalEntry, CellKey, Project
from projects.refusals import Refused, TransitionRefused
from projects.services.corrections import Correction, record_corrections
from projects.services.decision_checks import DecisionRefused
from projects.services.decisions import ApprovedChange, record_decision
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import update_project
from tests.factories import (
    MILLION,
    activity,
    decide,
    district,
    make_decision,
    make_plan,
    make_project,
    requested_cells,
    source,
    submit_all,
)
from tests.kept import kept
from tests.there import there

pytestmark = pytest.mark.django_db
LATER = dt.date(2006, 8, 1)


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    """Thêu ren 60 and Chiếu cói 50 triệu of city money, approved out of 110 by the city."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff, name="Thêu ren")
    make_project(plan=plan, by=centre_staff, name="Chiếu cói", amounts={"KCDP": 50 * MILLION})
    submit_all(plan=plan, by=centre_head)
    decide(plan=plan, by=department_head, assigned={"KCDP": 110 * MILLION}, approved=requested_cells(plan))
    return plan


def cell(plan: AnnualPlan, name: str) -> CellKey:
    return next(row.key for row in plan_grid([plan]).rows if row.project.name == name and row.key)


def entry(plan: AnnualPlan, name: str, nature: str = Nature.INITIAL) -> ApprovalEntry:
    return ApprovalEntry.objects.get(plan_line__project__name=name, nature=nature)


def test_every_nature_is_the_first_approval_a_later_change_or_a_correction() -> None:
    """Or its money would stand in no column of the reports."""
    assert sorted((Nature.INITIAL, *LATER_NATURES, *CORRECTING_NATURES)) == sorted(Nature)


def correct(entry: ApprovalEntry | AllocationEntry, right_vnd: int, actor: User, reason: str = "Gõ nhầm") -> None:
    standing = amounts_around([entry])[entry][1]
    correction = Correction(entry, standing, right_vnd)
    record_corrections(decision=entry.decision, corrections=[correction], reason=reason, actor=actor)


@pytest.mark.usefixtures("deciders")
def test_letter_of_the_department_lowers_an_amount_and_can_not_raise_one(
    plan: AnnualPlan, department_head: User
) -> None:
    key = cell(plan, "Thêu ren")
    decide(plan=plan, by=department_head, approved={key: 45 * MILLION}, number="1/SCT", on=LATER, level="department")
    assert approved_cells(plan)[key] == 45 * MILLION
    with pytest.raises(DecisionRefused, match="không đủ thẩm quyền để tăng kinh phí hỗ trợ"):
        decide(
            plan=plan, by=department_head, approved={key: 50 * MILLION}, number="2/SCT", on=LATER, level="department"
        )
    assert approved_cells(plan)[key] == 45 * MILLION


def test_adjusting_letter_names_its_authority_and_its_reason(plan: AnnualPlan, department_head: User) -> None:
    change = ApprovedChange(cell(plan, "Thêu ren"), 60 * MILLION, 45 * MILLION)
    letter = make_decision(organisation=plan.organisation.parent, number="9/UBND", on=LATER, summary=" ")
    with pytest.raises(DecisionRefused, match="phải ghi lý do"):
        record_decision(
            plan=plan, decision=letter, assigned=[], approved=[change], nature="adjustment", actor=department_head
        )
    letter.summary, letter.authority = "Giảm quy mô", None
    with pytest.raises(DecisionRefused, match="phải ghi rõ cơ quan ban hành"):
        record_decision(
            plan=plan, decision=letter, assigned=[], approved=[change], nature="adjustment", actor=department_head
        )


def test_one_letter_changes_several_lines_and_each_keeps_its_nature(plan: AnnualPlan, department_head: User) -> None:
    """One more 20 triệu assigned and given to Chiếu cói; what was approved in June stays readable."""
    decide(
        plan=plan,
        by=department_head,
        assigned={"KCDP": 130 * MILLION},
        approved={cell(plan, "Thêu ren"): 55 * MILLION, cell(plan, "Chiếu cói"): 75 * MILLION},
        number="9/UBND",
        on=LATER,
        nature=Nature.SUPPLEMENT,
    )
    changes = ApprovalEntry.objects.filter(nature=Nature.SUPPLEMENT)
    assert sorted(changes.values_list("amount_vnd", flat=True)) == [-5 * MILLION, 25 * MILLION]
    grid = plan_grid([plan])
    assert grid.is_adjusted and (grid.initial_vnd, grid.money.approved_vnd) == (110 * MILLION, 130 * MILLION)
    assert not plan_grid([plan], AsOf(dt.date(2006, 7, 31))).is_adjusted


def test_stop_frees_what_was_approved_for_another_project(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    key = cell(plan, "Thêu ren")
    decide(plan=plan, by=department_head, approved={key: 0}, number="9/UBND", on=LATER, stopped=[key])
    stopped = Project.objects.get(name="Thêu ren")
    assert stopped.status == Project.Status.STOPPED
    change = stopped.status_changes.get(transition="stop")
    assert (there(change.decision).number, change.effective_on) == ("9/UBND", LATER) and change.reason
    assert entry(plan, "Thêu ren", Nature.STOP).amount_vnd == -60 * MILLION
    assert envelopes([plan])[1].unallocated_vnd == 60 * MILLION
    make_project(plan=plan, by=centre_staff, name="Thay thế", amounts={"KCDP": 60 * MILLION})
    submit_all(plan=plan, by=centre_head)
    fresh = {cell(plan, "Thay thế"): 60 * MILLION}
    decide(plan=plan, by=department_head, approved=fresh, number="10/UBND", on=dt.date(2006, 9, 1))
    assert envelopes([plan])[1].unallocated_vnd == 0


def test_stopped_project_frees_its_other_years_too(
    centre_staff: User, centre_head: User, department_head: User
) -> None:
    centre = centre_staff.memberships.get().scope
    first, second = make_plan(organisation=centre), make_plan(organisation=centre, year=2007)
    project = make_project(plan=first, by=centre_staff, name="Hai năm")
    contents = [ContentInput(activity(), {source("KCDP"): 30 * MILLION})]
    supports = [SupportInput(group_description="Lao động")]
    data = ProjectInput(plan=second, contents=contents, places=[district()], supports=supports)
    update_project(project=project, data=data, version=project.version, actor=centre_staff)
    for plan in (first, second):
        submit_all(plan=plan, by=centre_head)
        cells = requested_cells(plan)
        decide(plan=plan, by=department_head, assigned={"KCDP": 60 * MILLION}, approved=cells, number=f"{plan.year}/QĐ",
               on=dt.date(2006, 12, 1))  # fmt: skip
    key = cell(first, "Hai năm")
    decide(
        plan=first,
        by=department_head,
        approved={key: 10 * MILLION},
        number="9/UBND",
        on=dt.date(2007, 3, 1),
        stopped=[key],
    )
    assert [envelopes([plan])[1].approved_vnd for plan in (first, second)] == [10 * MILLION, 0]


@pytest.mark.usefixtures("deciders")
def test_stop_by_the_department_or_of_a_finished_project_is_refused(plan: AnnualPlan, department_head: User) -> None:
    key = cell(plan, "Thêu ren")
    with pytest.raises(DecisionRefused, match="ngừng thực hiện đề án"):
        decide(
            plan=plan,
            by=department_head,
            approved={key: 0},
            number="9/SCT",
            on=LATER,
            stopped=[key],
            level="department",
        )
    Project.objects.filter(name="Thêu ren").update(status=Project.Status.ACCEPTED)
    with pytest.raises(TransitionRefused, match="không thực hiện được bước “Ngừng thực hiện”"):
        decide(plan=plan, by=department_head, approved={key: 0}, number="9/UBND", on=LATER, stopped=[key])
    assert envelopes([plan])[1].unallocated_vnd == 0


def test_stop_gives_nothing(plan: AnnualPlan, department_head: User) -> None:
    key = cell(plan, "Thêu ren")
    with pytest.raises(DecisionRefused, match="không được lớn hơn số đã duyệt"):
        decide(
            plan=plan,
            by=department_head,
            assigned={"KCDP": 200 * MILLION},
            approved={key: 70 * MILLION},
            number="9/UBND",
            on=LATER,
            stopped=[key],
        )
    assert Project.objects.get(name="Thêu ren").status == Project.Status.APPROVED


def test_slip_of_typing_shows_in_its_own_column_and_not_as_adjustment(plan: AnnualPlan, department_head: User) -> None:
    correct(entry(plan, "Chiếu cói"), 40 * MILLION, department_head)
    grid = plan_grid([plan])
    assert not grid.is_adjusted and (grid.initial_vnd, grid.money.approved_vnd) == (100 * MILLION, 100 * MILLION)
    written = ApprovalEntry.objects.get(nature=Nature.CORRECTION)
    assert (written.column, written.effective_on) == (Nature.INITIAL, dt.date(2006, 6, 16))
    assert (written.recorded_by, written.reason, written.decision.number) == (department_head, "Gõ nhầm", "341/UBND-CN")
    assert envelopes([plan], AsOf(dt.date(2006, 6, 16)))[1].approved_vnd == 100 * MILLION


def test_slip_found_after_an_adjustment_leaves_what_the_later_letter_says(
    plan: AnnualPlan, department_head: User
) -> None:
    """Approved 60 (typed for 65), adjusted to 45: now 65 at first, and still 45 after the adjustment."""
    key = cell(plan, "Thêu ren")
    decide(plan=plan, by=department_head, approved={key: 45 * MILLION}, number="9/UBND", on=LATER)
    decide(plan=plan, by=department_head, assigned={"KCDP": 115 * MILLION}, number="8/UBND", on=dt.date(2006, 6, 16))
    correct(entry(plan, "Thêu ren"), 65 * MILLION, department_head)
    row = next(row for row in plan_grid([plan]).rows if row.key == key)
    assert (row.initial_vnd, row.money.approved_vnd) == (65 * MILLION, 45 * MILLION)
    assert plan_grid([plan], AsOf(dt.date(2006, 7, 1))).money.approved_vnd == 115 * MILLION


def test_second_correction_goes_back_to_the_letter_and_not_to_the_first(
    plan: AnnualPlan, department_head: User
) -> None:
    wrong = entry(plan, "Thêu ren")
    correct(wrong, 6 * MILLION, department_head)
    correct(wrong, 59 * MILLION, department_head)
    written = ApprovalEntry.objects.filter(nature=Nature.CORRECTION)
    assert {one.corrects for one in written} == {wrong} and written.count() == 2
    assert approved_cells(plan)[cell(plan, "Thêu ren")] == 59 * MILLION


def test_correction_that_the_envelope_does_not_carry_is_refused_by_how_much(
    plan: AnnualPlan, department_head: User
) -> None:
    with pytest.raises(DecisionRefused, match=r"vượt 5\.000\.000 đồng \(tính đến ngày 16/06/2006\)"):
        correct(entry(plan, "Thêu ren"), 65 * MILLION, department_head)
    with pytest.raises(DecisionRefused, match=r"vượt 10\.000\.000 đồng"):
        correct(AllocationEntry.objects.get(), 100 * MILLION, department_head)
    assert not ApprovalEntry.objects.filter(nature=Nature.CORRECTION).exists()


@pytest.mark.parametrize(
    ("standing", "right", "reason", "message"),
    [
        (59 * MILLION, 58 * MILLION, "Nhầm", "người khác đã đính chính"),
        (60 * MILLION, 60 * MILLION, "Nhầm", "Không có số nào khác"),
        (60 * MILLION, 58 * MILLION, "  ", "Ghi lý do"),
    ],
)
def test_correction_that_lacks_something_writes_nothing(
    plan: AnnualPlan, department_head: User, standing: int, right: int, reason: str, message: str
) -> None:
    wrong = entry(plan, "Thêu ren")
    with pytest.raises(Refused, match=message):
        record_corrections(
            decision=wrong.decision,
            corrections=[Correction(wrong, standing, right)],
            reason=reason,
            actor=department_head,
        )
    assert not ApprovalEntry.objects.filter(nature=Nature.CORRECTION).exists()
