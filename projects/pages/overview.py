"""What the pages of plans and the home page show beside the grid: summaries, rounds, letters, work that waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.asof import NOW, AsOf
from programmes.models import AllocationEntry, AnnualPlan, Decision, PlanRound, RoundDocument
from projects.desk.actions import Action, next_step, round_actions
from projects.figures.totals import Schedule
from projects.ledger.optional_amounts import add, unallocated
from projects.ledger.remainders import Envelope
from projects.models import ApprovalEntry, PlanLine, Project, StatusChange
from projects.models.pace import pace_expression
from projects.models.project_querysets import count_of
from projects.models.status_as_of import round_status_expression
from projects.rules.review_work import Waiting, times_of_rounds
from projects.rules.transitions import ROUND_TRANSITIONS


@dataclass(frozen=True)
class TotalEnvelope:
    """All state sources together, in đồng."""

    assigned_vnd: int | None
    approved_vnd: int | None

    @property
    def unallocated_vnd(self) -> int | None:
        return unallocated(self.assigned_vnd, self.approved_vnd)


def total_envelope(envelopes: Iterable[Envelope]) -> TotalEnvelope:
    rows = list(envelopes)
    return TotalEnvelope(add(*(row.assigned_vnd for row in rows)), add(*(row.approved_vnd for row in rows)))


@dataclass(frozen=True)
class PlanSummary:
    plan: AnnualPlan
    rounds: list[PlanRound]
    schedule: Schedule
    assigned_vnd: int | None
    approved_vnd: int | None


def plan_summaries(plans: Iterable[AnnualPlan], as_of: AsOf = NOW) -> list[PlanSummary]:
    """A row for each plan as of then, in a fixed number of queries."""
    plans = list(plans)
    assigned = AllocationEntry.objects.for_plans(plans).effective_by(as_of).amounts_by("plan")
    approved = ApprovalEntry.objects.for_plans(plans).effective_by(as_of).amounts_by("plan_line__round__plan")
    rounds: dict[int, list[PlanRound]] = {}
    for plan_round in PlanRound.objects.filter(plan__in=plans).order_by("level", "number"):
        rounds.setdefault(plan_round.plan_id, []).append(plan_round)
    lines = PlanLine.objects.for_plans(plans).counted(as_of).order_by()
    paced = lines.annotate(pace=pace_expression("project", as_of)).values_list("round__plan", "pace")
    schedules: dict[int, dict[str, int]] = {}
    for plan_id, pace, number in paced.annotate(Count("project", distinct=True)):
        schedules.setdefault(plan_id, {})[pace] = number
    return [
        PlanSummary(
            plan,
            rounds.get(plan.pk, []),
            Schedule.of_numbers(schedules.get(plan.pk, {})),
            assigned.get(plan.pk),
            approved.get(plan.pk),
        )
        for plan in plans
    ]


@dataclass(frozen=True)
class RoundCard:
    """A round with its status and size, how far its review is, the letter behind it, and what this user may do.

    What was withdrawn is counted neither as there nor as judged; of a project in two rounds each line by itself.
    """

    round: PlanRound
    status: PlanRound.Status
    line_count: int
    resolved_count: int
    file_count: int
    decision: Decision | None
    actions: list[Action]
    next_step: str
    told: StatusChange | None
    waiting: Waiting | None


def plan_rounds(plan: AnnualPlan, user: User, as_of: AsOf = NOW) -> list[RoundCard]:
    """The rounds as of then; what may be done is only said of now."""
    entered = PlanLine.objects.filter(round=OuterRef("pk")).entered_by(as_of).with_status(as_of)
    lines = entered.exclude(status_then__in=Project.TAKEN_BACK)
    rounds = plan.rounds.annotate(
        has_lines=Exists(entered),
        line_count=count_of(lines, "round"),
        file_count=count_of(RoundDocument.objects.filter(round=OuterRef("pk")).current(), "round"),
        resolved_count=count_of(lines.filter(status_then__in=Project.RESOLVED), "round"),
        status_then=round_status_expression(as_of),
    )
    letters: dict[int, Decision] = {}
    entries = ApprovalEntry.objects.for_plans([plan]).effective_by(as_of).select_related("decision").order_by("pk")
    for entry in entries.annotate_round():
        letters.setdefault(entry.round_id, entry.decision)
    told = _why_rounds_stand(plan, as_of)
    cards = []
    found = list(rounds.order_by("-level", "number"))
    under_review = [one for one in found if one.status == PlanRound.Status.SUBMITTED and not as_of]
    times = times_of_rounds(under_review) if under_review else {}
    today = timezone.localdate()
    for plan_round in found:
        plan_round.plan = plan
        cards.append(
            RoundCard(
                plan_round,
                PlanRound.Status(plan_round.status_then),
                plan_round.line_count,
                plan_round.resolved_count,
                plan_round.file_count,
                letters.get(plan_round.pk),
                round_actions(user, plan_round) if plan_round.has_lines and not as_of else [],
                "" if as_of else next_step(plan_round),
                told.get(plan_round.pk),
                times[plan_round.pk].waiting(today) if plan_round.pk in times else None,
            )
        )
    return cards


def _why_rounds_stand(plan: AnnualPlan, as_of: AsOf) -> dict[int, StatusChange]:
    """By round the last step, where it sent the round back and says why."""
    steps = StatusChange.objects.effective_by(as_of).filter(round__plan=plan).select_related("actor").order_by("pk")
    last = {step.round_id: step for step in steps if step.round_id}
    return {pk: step for pk, step in last.items() if step.reason and ROUND_TRANSITIONS[step.transition].asks_why}


@dataclass(frozen=True)
class DecisionRow:
    """A letter that touched the plan, with what it assigned and approved there, in đồng."""

    decision: Decision
    assigned_vnd: int | None
    approved_vnd: int | None


def plan_decisions(plan: AnnualPlan, as_of: AsOf = NOW) -> list[DecisionRow]:
    """The letters whose entries count as of then, newest first, with those that were cancelled."""
    assigned, approved = (
        entries.for_plans([plan]).filter(as_of.counted()).amounts_by("decision")
        for entries in (AllocationEntry.objects, ApprovalEntry.objects)
    )
    decisions = Decision.objects.filter(pk__in=assigned.keys() | approved.keys()).for_page()
    return [
        DecisionRow(decision, assigned.get(decision.pk), approved.get(decision.pk))
        for decision in decisions.newest_first()
    ]
