"""Many people at one envelope, one code, one button: never over-committed, never twice."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision, PlanRound
from projects.ledger.remainders import envelopes
from projects.models import ApprovalEntry, Project, StatusChange
from projects.refusals import TransitionRefused
from projects.rules.workflow import apply_transition
from projects.services.decision_checks import DecisionRefused
from projects.services.decisions import ApprovedChange, record_decision
from projects.services.project_parts import StaleVersion, bump_version
from projects.services.rounds import submit_round
from tests.factories import (
    MILLION,
    decide,
    forward_all,
    make_decision,
    make_plan,
    make_project,
    place_of,
    requested_cells,
    submit_all,
)
from tests.projects.at_once import WRITERS, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return make_plan(organisation=centre_staff.memberships.get().scope)


def test_twenty_letters_on_one_envelope_never_over_commit(
    centre_staff: User, centre_head: User, department_head: User, plan: AnnualPlan
) -> None:
    for index in range(WRITERS):
        make_project(plan=plan, by=centre_staff, name=f"Đề án {index}", amounts={"KCDP": 10 * MILLION})
    submit_all(plan=plan, by=centre_head)
    forward_all(plan=plan)
    decide(plan=plan, by=department_head, assigned={"KCDP": 70 * MILLION}, number="giao")
    cells = sorted(requested_cells(plan).items())

    def approve_one(index: int) -> str:
        try:
            decide(plan=plan, by=department_head, approved=dict([cells[index]]), number=f"{index}/QĐ")
        except DecisionRefused as refusal:
            return refusal.code or "refused"
        return "recorded"

    assert together(approve_one) == {"recorded": 7, "over_commitment": 13}
    assert envelopes([plan])[1].approved_vnd == 70 * MILLION
    assert (ApprovalEntry.objects.count(), Decision.objects.count()) == (7, 8)
    assert Project.objects.with_statuses(Project.Status.APPROVED).count() == 7


def test_twenty_letters_on_one_line_leave_one(
    centre_staff: User, centre_head: User, department_head: User, plan: AnnualPlan
) -> None:
    make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    forward_all(plan=plan)
    decide(plan=plan, by=department_head, assigned={"KCDP": 1000 * MILLION}, number="giao")
    cells = requested_cells(plan)

    def approve(index: int) -> str:
        changes = [ApprovedChange(key, None, amount) for key, amount in cells.items()]
        letter = make_decision(organisation=plan.organisation.parent, number=f"{index}/QĐ")
        try:
            record_decision(
                plan=plan, decision=letter, assigned=[], approved=changes, nature="adjustment", actor=department_head
            )
        except DecisionRefused as refusal:
            return refusal.code or "refused"
        return "recorded"

    assert together(approve) == {"recorded": 1, "changed_meanwhile": WRITERS - 1}
    assert ApprovalEntry.objects.count() == 1


def test_one_transition_is_taken_once(centre_staff: User, centre_head: User, plan: AnnualPlan) -> None:
    project = make_project(plan=plan, by=centre_staff)

    def submit(index: int) -> str:
        try:
            apply_transition(
                Project.objects.get(pk=project.pk), "submit", actor=centre_head, effective_on=project.created_at.date()
            )
        except TransitionRefused:
            return "refused"
        return "taken"

    assert together(submit, 100) == {"taken": 1, "refused": 99}
    assert StatusChange.objects.count() == 1


def test_one_round_is_sent_once(centre_staff: User, centre_head: User, plan: AnnualPlan) -> None:
    project = make_project(plan=plan, by=centre_staff)

    def send(index: int) -> str:
        try:
            submit_round(plan_round=PlanRound.objects.get(), actor=centre_head, on=project.created_at.date())
        except TransitionRefused:
            return "refused"
        return "sent"

    assert together(send) == {"sent": 1, "refused": WRITERS - 1}
    assert StatusChange.objects.count() == 2 and project.revisions.count() == 1


def test_codes_are_never_given_twice(centre_staff: User, plan: AnnualPlan) -> None:
    places = [place_of(plan)]  # there before the writers come

    def enter(index: int) -> str:
        make_project(plan=plan, by=centre_staff, name=f"Đề án {index}", places=places)
        return "entered"

    assert together(enter) == {"entered": WRITERS}
    codes = list(Project.objects.order_by("code").values_list("code", flat=True))
    assert codes == [f"KC2006-{number:03d}" for number in range(1, WRITERS + 1)]
    assert PlanRound.objects.count() == 1


def test_of_twenty_saves_from_one_version_one_wins(centre_staff: User, plan: AnnualPlan) -> None:
    project = make_project(plan=plan, by=centre_staff)

    def save(index: int) -> str:
        try:
            bump_version(Project.objects.get(pk=project.pk), 1)
        except StaleVersion:
            return "stale"
        return "saved"

    assert together(save) == {"saved": 1, "stale": WRITERS - 1}
