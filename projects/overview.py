"""What the pages of plans and the home page show beside the grid: summaries, rounds, letters, work that waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from khuyencong.accounts.models import User
from programmes.models import AllocationEntry, AnnualPlan, Decision, PlanRound
from projects.actions import Action, next_step, round_actions
from projects.balances import Envelope
from projects.figures import Schedule, add
from projects.models import ApprovalEntry, PlanLine, Project
from projects.workflow import RESOLVED


@dataclass(frozen=True)
class TotalEnvelope:
    """All state sources together, in đồng."""

    assigned_vnd: int | None
    approved_vnd: int | None
    left_vnd: int | None


def total_envelope(envelopes: Iterable[Envelope]) -> TotalEnvelope:
    rows = list(envelopes)
    return TotalEnvelope(
        add(*(row.assigned_vnd for row in rows)),
        add(*(row.approved_vnd for row in rows)),
        add(*(row.left_vnd for row in rows)),
    )


@dataclass(frozen=True)
class PlanSummary:
    plan: AnnualPlan
    rounds: list[PlanRound]
    schedule: Schedule
    assigned_vnd: int | None
    approved_vnd: int | None


def plan_summaries(plans: Iterable[AnnualPlan]) -> list[PlanSummary]:
    """A row for each plan, in a fixed number of queries."""
    plans = list(plans)
    assigned = dict(AllocationEntry.objects.for_plans(plans).order_by().values_list("plan").annotate(Sum("amount_vnd")))
    approvals = ApprovalEntry.objects.for_plans(plans).order_by().values_list("plan_line__round__plan")
    approved = dict(approvals.annotate(Sum("amount_vnd")))
    rounds: dict[int, list[PlanRound]] = {}
    for plan_round in PlanRound.objects.filter(plan__in=plans).order_by("level", "number"):
        rounds.setdefault(plan_round.plan_id, []).append(plan_round)
    flags = dict(Project.objects.in_plans(plans).counted().with_latest_report().values_list("pk", "latest_on_schedule"))
    members: dict[int, set[int]] = {}
    lines = PlanLine.objects.for_plans(plans).counted().order_by()
    for plan, project in lines.values_list("round__plan", "project").distinct():
        members.setdefault(plan, set()).add(project)
    return [
        PlanSummary(
            plan,
            rounds.get(plan.pk, []),
            Schedule.of(flags[project] for project in members.get(plan.pk, ())),
            assigned.get(plan.pk),
            approved.get(plan.pk),
        )
        for plan in plans
    ]


@dataclass(frozen=True)
class RoundCard:
    """A round with its size, how far its review is, the letter behind it, and what this user does with it."""

    round: PlanRound
    line_count: int
    resolved_count: int
    decision: Decision | None
    actions: list[Action]
    next_step: str


def plan_rounds(plan: AnnualPlan, user: User) -> list[RoundCard]:
    resolved = Count("lines", filter=Q(lines__project__status__in=RESOLVED))
    rounds = plan.rounds.annotate(line_count=Count("lines"), resolved_count=resolved).order_by("-level", "number")
    letters: dict[int, Decision] = {}
    entries = ApprovalEntry.objects.for_plans([plan]).select_related("decision").order_by("pk")
    for entry in entries.annotate_round():
        letters.setdefault(entry.round_id, entry.decision)
    cards = []
    for plan_round in rounds:
        plan_round.plan = plan
        cards.append(
            RoundCard(
                plan_round,
                plan_round.line_count,
                plan_round.resolved_count,
                letters.get(plan_round.pk),
                round_actions(user, plan_round) if plan_round.line_count else [],
                next_step(plan_round),
            )
        )
    return cards


@dataclass(frozen=True)
class DecisionRow:
    """A letter that touched the plan, with what it assigned and approved there, in đồng."""

    decision: Decision
    assigned_vnd: int | None
    approved_vnd: int | None


def plan_decisions(plan: AnnualPlan) -> list[DecisionRow]:
    assigned = dict(
        AllocationEntry.objects.for_plans([plan]).order_by().values_list("decision").annotate(Sum("amount_vnd"))
    )
    approved = dict(
        ApprovalEntry.objects.for_plans([plan]).order_by().values_list("decision").annotate(Sum("amount_vnd"))
    )
    decisions = Decision.objects.filter(pk__in=assigned.keys() | approved.keys()).for_page()
    return [
        DecisionRow(decision, assigned.get(decision.pk), approved.get(decision.pk))
        for decision in decisions.newest_first()
    ]
