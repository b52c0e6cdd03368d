"""Putting a recorded letter right: what is held of it, who may, and its steps taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision, DecisionChange, PlanRound
from projects.models import PlanLine, Project, ProjectRevision, StatusChange
from projects.rules.permissions import RIGHTS, has, why_not_write_plan
from projects.rules.transitions import ANNUL, CANCEL
from projects.rules.what_rests import DECIDED, decided_projects
from projects.rules.workflow import apply_transition
from projects.services.decision_checks import DecisionRefused
from projects.services.guards import hold_plans, require
from projects.services.letter_rows import refuse_cancelled
from projects.services.storing import store_change, store_many

Taken = list[tuple[Project | PlanRound, StatusChange]]  # records with the steps that decided them


def plans_of_letter(decision: Decision) -> set[int]:
    """Where it assigned or approved something; of a project that it only adjusted the latest plan."""
    found = set(AnnualPlan.objects.of_decision(decision).values_list("pk", flat=True))
    for revision in ProjectRevision.objects.of_decision(decision):
        plans = AnnualPlan.objects.of_project(revision.project).order_by("-year")
        found |= set(plans.values_list("pk", flat=True)[:1])
    return found


def latest_plan_of(decision: Decision) -> AnnualPlan | None:
    plans: list[AnnualPlan] = list(AnnualPlan.objects.filter(pk__in=plans_of_letter(decision)).for_page())
    return max(plans, key=lambda plan: plan.year, default=None)


def why_not_put_right(user: User, decision: Decision) -> str:
    """Why this user can't cancel the letter or put its head right now, whatever rests on it; empty when they can."""
    if decision.is_cancelled:
        return _("Văn bản này đã hủy.")
    plans = AnnualPlan.objects.filter(pk__in=plans_of_letter(decision)).order_by("pk")
    if not plans and not has(user, "correct", decision.organisation_id):
        return RIGHTS["correct"].refusal()
    return next(filter(None, (why_not_write_plan(user, plan, "correct") for plan in plans)), "")


def hold_letter(decision: Decision, actor: User) -> tuple[Decision, list[AnnualPlan]]:
    """The letter as it stands, held with its plans and its projects.

    Raises NotAllowed unless the actor puts right what was recorded in each of its plans, PlanClosed, or
    DecisionRefused for a letter that was cancelled.
    """
    ids = plans_of_letter(decision)
    plans = hold_plans(actor, "correct", *ids)
    current = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if not ids:
        require(actor, "correct", current.organisation_id)
    refuse_cancelled(current)
    if plans_of_letter(current) != ids:
        text = _("Văn bản vừa được ghi thêm cho kế hoạch khác. Hãy xem lại rồi thực hiện lại.")
        raise DecisionRefused(text, code="changed_meanwhile")
    moved = StatusChange.objects.filter(decision=current, project__isnull=False).values("project")
    list(Project.objects.filter(pk__in=moved).select_for_update(of=("self",)).order_by("pk"))
    return current, [plans[pk] for pk in sorted(plans)]


def undo_steps(decision: Decision, reason: str, actor: User) -> Taken:
    """Takes back what the letter decided, from the day on which it was decided; returns it. The letter is held."""
    projects = [(project, step) for project, step in decided_projects(decision) if step.transition in DECIDED]
    rounds = _rounds_of([step for _project, step in projects], decision)
    words: dict[str, Any] = {"reason": reason, "actor": actor, "decision": decision}
    for project, step in projects:
        project.refresh_from_db(fields=["status", "version"])
        is_past = step.transition == "confirm"
        line = None if is_past else PlanLine.objects.line_of(step.in_round, project)
        apply_transition(project, ANNUL if is_past else CANCEL, effective_on=step.effective_on, line=line, **words)
    for plan_round, step in rounds:
        apply_transition(plan_round, CANCEL, effective_on=min(step.effective_on, decision.effective_on), **words)
    return [*projects, *rounds]


def undo_drop(line: PlanLine, step: StatusChange, reason: str, actor: User) -> None:
    """Takes back that a letter dropped the line; its round waits for the line again. The letter is held."""
    words: dict[str, Any] = {"reason": reason, "actor": actor, "decision": step.decision}
    apply_transition(line.project, CANCEL, effective_on=step.effective_on, line=line, **words)
    if line.round.status == PlanRound.Status.APPROVED:
        apply_transition(line.round, CANCEL, effective_on=step.effective_on, **words)


def amend(decision: Decision, changes: Sequence[DecisionChange], *fields: str) -> None:
    """Writes these fields of the letter's row, and what stood there; the database refuses the one without the other."""
    store_many(changes)
    decision.amendments = decision.changes.count()
    store_change(decision, *fields, "amendments")


def _rounds_of(moved: Collection[StatusChange], decision: Decision) -> list[tuple[PlanRound, StatusChange]]:
    """Approved rounds that wait for a letter again, with the step by which each was approved: by this letter, or by one
    that decided the last of their lines."""
    own = PlanRound.objects.filter(status_changes__decision=decision, status_changes__transition="approve")
    projects, dropped = [step.project_id for step in moved], [step.in_round_id for step in moved]
    given = PlanRound.objects.filter(lines__project__in=projects, lines__approvals__decision=decision)
    rounds = PlanRound.objects.in_status(PlanRound.Status.APPROVED)
    rounds = rounds.filter(pk__in={*_ids(own), *_ids(given), *filter(None, dropped)})
    steps = StatusChange.objects.named("approve").filter(round__in=rounds)
    last = steps.order_by().values("round").annotate(last=Max("pk")).values_list("last", flat=True)
    found = StatusChange.objects.filter(pk__in=list(last)).select_related("round__plan").order_by("round")
    return [(step.round, step) for step in found if step.round is not None]


def _ids(rows: Any) -> Sequence[int]:
    return list(rows.values_list("pk", flat=True))
