"""A letter stores changes, moves projects, and never approves more than is assigned."""

from __future__ import annotations

import datetime as dt

import pytest

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from khuyencong.funding import Nature
from programmes.models import AllocationEntry, AnnualPlan, Decision, PlanRound
from projects.ledger.remainders import approved_cells, envelopes
from projects.models import ApprovalEntry, Project, StatusChange
from projects.refusals import PlanClosed, TransitionRefused
from projects.services.decision_checks import DecisionRefused
from projects.services.decisions import ApprovedChange, AssignedChange, record_decision
from projects.services.rounds import recall_round
from projects.services.steps import take_step
from tests.factories import (
    MILLION,
    decide,
    make_decision,
    make_plan,
    make_project,
    office_person,
    requested_cells,
    review,
    source,
    submit_all,
)
from tests.kept import kept
from tests.there import there

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    """Two projects of 60 and 50 triệu of city money, submitted."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff, name="Thêu ren")
    make_project(plan=plan, by=centre_staff, name="Chiếu cói", amounts={"KCDP": 50 * MILLION})
    submit_all(plan=plan, by=centre_head)
    return plan


def test_letter_assigns_and_approves_at_once_and_moves_the_projects(plan: AnnualPlan, department_head: User) -> None:
    decision = decide(plan=plan, by=department_head, assigned={"KCDP": 110 * MILLION}, approved=requested_cells(plan))
    city = envelopes([plan])[1]
    assert (city.source.code, city.assigned_vnd, city.approved_vnd, city.unallocated_vnd) == (
        "KCDP",
        110 * MILLION,
        110 * MILLION,
        0,
    )
    assert set(Project.objects.values_list("status", flat=True)) == {Project.Status.APPROVED}
    assert PlanRound.objects.get().status == PlanRound.Status.APPROVED
    approvals = StatusChange.objects.filter(transition="approve")
    assert approvals.count() == 3
    assert {(step.decision_id, step.effective_on, step.actor) for step in approvals} == {
        (decision.pk, dt.date(2006, 6, 16), department_head)
    }


def test_after_amount_is_stored_as_change_and_replaces_never_adds(plan: AnnualPlan, department_head: User) -> None:
    decide(plan=plan, by=department_head, assigned={"KCDP": 110 * MILLION}, approved=requested_cells(plan))
    key = next(key for key, amount in approved_cells(plan).items() if amount == 60 * MILLION)
    decide(plan=plan, by=department_head, approved={key: 45 * MILLION}, number="400/UBND", on=dt.date(2006, 8, 1))
    last = there(ApprovalEntry.objects.order_by("-pk").first())
    assert (last.amount_vnd, last.nature) == (-15 * MILLION, Nature.ADJUSTMENT)
    assert approved_cells(plan)[key] == 45 * MILLION
    assert envelopes([plan])[1].unallocated_vnd == 15 * MILLION
    as_of_july = envelopes([plan], AsOf(dt.date(2006, 7, 31)))[1]
    assert as_of_july.approved_vnd == 110 * MILLION


def test_over_the_envelope_is_refused_by_how_much_and_nothing_is_written(
    plan: AnnualPlan, department_head: User
) -> None:
    with pytest.raises(DecisionRefused) as refusal:
        decide(plan=plan, by=department_head, assigned={"KCDP": 100 * MILLION}, approved=requested_cells(plan))
    [message] = refusal.value.messages
    assert "được giao 100.000.000 đồng, duyệt 110.000.000 đồng, vượt 10.000.000 đồng" in message
    assert not Decision.objects.exists() and not AllocationEntry.objects.exists()
    assert not ApprovalEntry.objects.exists()
    assert set(Project.objects.values_list("status", flat=True)) == {Project.Status.APPRAISED}


def test_money_assigned_later_does_not_cover_an_earlier_approval(plan: AnnualPlan, department_head: User) -> None:
    decide(plan=plan, by=department_head, assigned={"KCDP": 110 * MILLION}, number="500/UBND", on=dt.date(2006, 9, 1))
    with pytest.raises(DecisionRefused, match="16/06/2006"):
        decide(plan=plan, by=department_head, approved=requested_cells(plan), on=dt.date(2006, 6, 16))
    decide(plan=plan, by=department_head, approved=requested_cells(plan), on=dt.date(2006, 9, 1))
    assert sum(approved_cells(plan).values()) == 110 * MILLION


def test_taking_back_assigned_money_below_what_is_approved_is_refused(plan: AnnualPlan, department_head: User) -> None:
    decide(plan=plan, by=department_head, assigned={"KCDP": 110 * MILLION}, approved=requested_cells(plan))
    with pytest.raises(DecisionRefused, match=r"vượt 10\.000\.000 đồng"):
        decide(plan=plan, by=department_head, assigned={"KCDP": 100 * MILLION}, number="9/UBND", on=dt.date(2006, 7, 1))
    assert envelopes([plan])[1].assigned_vnd == 110 * MILLION


def test_amounts_typed_over_someone_elses_letter_are_refused(plan: AnnualPlan, department_head: User) -> None:
    cells = requested_cells(plan)
    decide(plan=plan, by=department_head, assigned={"KCDP": 110 * MILLION}, approved=cells)
    stale = [ApprovedChange(key, None, amount) for key, amount in cells.items()]
    with pytest.raises(DecisionRefused) as refusal:
        record_decision(
            plan=plan,
            decision=make_decision(organisation=plan.organisation.parent, number="2/UBND"),
            assigned=[AssignedChange(source("KCDP"), None, 110 * MILLION)],
            approved=stale,
            nature=Nature.ADJUSTMENT,
            actor=department_head,
        )
    assert refusal.value.code == "changed_meanwhile"
    assert Decision.objects.count() == 1


def test_draft_lines_can_not_be_decided(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    draft = make_project(plan=plan, by=centre_staff, name="Còn nháp")
    key = next(key for key in requested_cells(plan) if key[1] == draft.components.get().pk)
    with pytest.raises(DecisionRefused, match="chưa được thẩm định và trình"):
        decide(plan=plan, by=department_head, assigned={"KCDP": 60 * MILLION}, approved={key: 60 * MILLION})
    draft.refresh_from_db()
    assert draft.status == Project.Status.DRAFT


def test_closed_plan_takes_no_letter(plan: AnnualPlan, department_head: User) -> None:
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed, match="2006 đã khóa sổ"):
        decide(plan=plan, by=department_head, assigned={"KCDP": MILLION})


def test_author_of_a_project_never_approves_it(plan: AnnualPlan, department_head: User) -> None:
    Project.objects.update(created_by=department_head)
    with pytest.raises(TransitionRefused, match="Bạn đã lập đề án này"):
        decide(plan=plan, by=department_head, assigned={"KCDP": 110 * MILLION}, approved=requested_cells(plan))
    assert not Decision.objects.exists()


def test_lines_that_the_department_has_not_forwarded_wait(plan: AnnualPlan, department_head: User) -> None:
    changes = [ApprovedChange(key, None, amount) for key, amount in requested_cells(plan).items()]
    with pytest.raises(DecisionRefused, match="chưa được thẩm định và trình"):
        record_decision(
            plan=plan,
            decision=make_decision(organisation=plan.organisation.parent),
            assigned=[AssignedChange(source("KCDP"), None, 110 * MILLION)],
            approved=changes,
            nature=Nature.ADJUSTMENT,
            actor=department_head,
        )
    assert not Decision.objects.exists()
    assert set(Project.objects.values_list("status", flat=True)) == {Project.Status.SUBMITTED}


def test_line_that_gets_nothing_is_dropped_under_the_letter(plan: AnnualPlan, department_head: User) -> None:
    """50 triệu are refused, 60 are approved; the round is done, and the dropped project counts no more."""
    cells = {key: 0 if amount == 50 * MILLION else amount for key, amount in requested_cells(plan).items()}
    letter = decide(plan=plan, by=department_head, assigned={"KCDP": 110 * MILLION}, approved=cells)
    assert PlanRound.objects.get().status == PlanRound.Status.APPROVED
    dropped = Project.objects.get(status=Project.Status.REFUSED)
    assert dropped.status_changes.get(transition="reject").decision == letter
    assert sum(approved_cells(plan).values()) == 60 * MILLION
    assert Project.objects.counted().count() == 1


def test_submission_is_taken_back_only_while_untouched(
    plan: AnnualPlan, centre_head: User, department_head: User
) -> None:
    plan_round = PlanRound.objects.get()
    recall_round(plan_round=plan_round, actor=centre_head, on=dt.date(2006, 3, 1))
    assert set(Project.objects.values_list("status", flat=True)) == {Project.Status.DRAFT}
    submit_all(plan=plan, by=centre_head)
    review(plan_round=plan_round, project=there(Project.objects.first()), by=office_person(role="reviewer", plan=plan))
    with pytest.raises(TransitionRefused, match="đã được xử lý"):
        recall_round(plan_round=plan_round, actor=centre_head, on=dt.date(2006, 7, 1))
    first = dict(list(requested_cells(plan).items())[:1])
    decide(plan=plan, by=department_head, assigned={"KCDP": 110 * MILLION}, approved=first)
    plan_round.refresh_from_db()
    assert plan_round.status == PlanRound.Status.FORWARDED  # the other project still waits
    take_step(plan_round, "reopen", actor=department_head, on=dt.date(2006, 7, 1), reason="Xem lại")
    with pytest.raises(TransitionRefused, match="đã có quyết định"):
        recall_round(plan_round=plan_round, actor=centre_head, on=dt.date(2006, 7, 1))


def test_letter_dated_before_one_on_the_same_amount_is_refused(plan: AnnualPlan, department_head: User) -> None:
    decide(plan=plan, by=department_head, assigned={"KCDP": 200 * MILLION}, number="2/QĐ", on=dt.date(2006, 8, 1))
    with pytest.raises(DecisionRefused, match="theo thứ tự ngày") as refusal:
        decide(plan=plan, by=department_head, assigned={"KCDP": 150 * MILLION}, number="1/QĐ", on=dt.date(2006, 7, 1))
    assert refusal.value.code == "out_of_order"
    assert envelopes([plan], AsOf(dt.date(2006, 7, 15)))[1].assigned_vnd is None


def test_round_waits_for_each_of_its_own_lines(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    """A project approved by the national letter still waits for the city's."""
    both = {"KCDP": 130 * MILLION, "KCQG": 50 * MILLION}
    two_sources = make_project(plan=plan, by=centre_staff, name="Hai nguồn", amounts=both)
    submit_all(plan=plan, by=centre_head)
    second = PlanRound.objects.get(level="city", number=2)
    cells = requested_cells(plan)
    national = {key: amount for key, amount in cells.items() if amount == 50 * MILLION and key[2] == source("KCQG").pk}
    decide(plan=plan, by=department_head, assigned={"KCQG": 50 * MILLION}, approved=national, number="1/BCT")
    two_sources.refresh_from_db()
    assert two_sources.status == Project.Status.APPROVED
    other = make_project(plan=plan, by=centre_staff, name="Khác")
    assert other.lines.get().round.number == 3
    second.refresh_from_db()
    assert second.status == PlanRound.Status.FORWARDED
    city = {key: amount for key, amount in cells.items() if amount == 130 * MILLION}
    decide(plan=plan, by=department_head, assigned={"KCDP": 300 * MILLION}, approved=city, number="2/UBND")
    second.refresh_from_db()
    assert second.status == PlanRound.Status.APPROVED
