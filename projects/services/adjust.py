"""Adjusting a running project by a letter: places, dates, beneficiaries, and putting that right; money
is changed with the letter itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.text import inside_sentence
from programmes.models import AdminUnit, AnnualPlan, Decision
from projects.models import Project, ProjectRevision
from projects.models.field_labels import label_of
from projects.papers.notices import letter_recorded
from projects.papers.snapshots import take_snapshot
from projects.rules.adjustments import adjustment_of, changed_between, changed_since
from projects.rules.deciders import adjusted_changes
from projects.rules.permissions import hindrance_to_adjusting
from projects.rules.transitions import APPROVALS
from projects.services.decision_checks import DecisionRefused, refuse_letter, refuse_unauthorised
from projects.services.guards import hold_project, refuse_hindered, require_reason
from projects.services.history import record_project_changes
from projects.services.letter_rows import standing_letter, store_letter
from projects.services.project_parts import SupportInput, bump_version, write_places, write_supports
from projects.services.storing import store_change


@dataclass(frozen=True)
class Adjusted:
    """What the project is to be after the letter."""

    start_on: dt.date | None
    end_on: dt.date | None
    area_scope: str
    places: Sequence[AdminUnit]
    supports: Sequence[SupportInput]


@transaction.atomic
def adjust_project(
    *, project: Project, plan: AnnualPlan, decision: Decision, wanted: Adjusted, reason: str, actor: User, version: int
) -> ProjectRevision:
    """Writes the changes with a dated revision under the letter, and the history of each field.

    ``plan`` is the project's latest; who approved there is the authority for an extension into the next year.
    Raises StaleVersion when somebody changed the project meanwhile, NotAllowed, PlanClosed, FutureDate, or
    Refused without a reason, when nothing changes or the letter's authority can't decide it; then nothing is written.
    """
    current = hold_project(project, actor, "adjust")
    refuse_hindered(hindrance_to_adjusting(current))
    latest = max(current.plans, key=lambda one: one.year)
    if plan.pk != latest.pk:
        text = _("Đề án được điều chỉnh theo kế hoạch năm %(year)s, là kế hoạch mới nhất của đề án.")
        raise DecisionRefused(text % {"year": latest.year}, code="other_plan")
    plan, decision = latest, standing_letter(decision)
    refuse_letter(decision, plan)
    require_reason(reason, _("Ghi lý do điều chỉnh."))
    bump_version(current, version)
    approval = current.status_changes.named(*APPROVALS).order_by("-pk").first()
    if approval and decision.effective_on < approval.effective_on:
        raise DecisionRefused({"issued_on": _("Văn bản này có trước quyết định phê duyệt đề án.")}, code="too_early")
    before = take_snapshot(current)
    after = _write(current, plan, wanted)
    if not changed_between(before, after):
        raise DecisionRefused(_("Không có mục nào thay đổi."), code="nothing")
    _refuse_unauthorised(current, plan, decision, before, after)
    store_letter(decision, actor)
    record_project_changes(current, before, actor=actor, decision=decision)
    letter_recorded(decision, plan, actor=actor)
    # A project entered from old papers was never sent: what stood before is kept with its first revision.
    snapshot = after if current.revisions.exists() else after | {"before": before}
    return _store(current, decision, snapshot, reason, actor)


@transaction.atomic
def correct_adjustment(
    *, revision: ProjectRevision, wanted: Adjusted, reason: str, actor: User, version: int
) -> ProjectRevision:
    """Writes what the letter really makes of the project, in the place of what was recorded: under the same letter and
    from the same day, with the reason; what was recorded first stays readable, and stood until now. What the letter
    found is a correction too: it adjusted nothing.

    Raises StaleVersion when somebody changed the project meanwhile, NotAllowed, PlanClosed, or Refused: without a
    reason, for what is no adjustment, under a cancelled letter, when nothing differs, for what a later letter changed
    again, and for what the letter's authority can't decide; then nothing is written.
    """
    current = hold_project(revision.project, actor, "correct")
    recorded = ProjectRevision.objects.select_related("decision__authority").get(pk=revision.pk)
    if recorded.occasion != ProjectRevision.Occasion.ADJUSTMENT or recorded.decision is None:
        raise DecisionRefused(_("Chỉ đính chính được điều chỉnh đã ghi theo văn bản."), code="no_adjustment")
    plan, decision = max(current.plans, key=lambda one: one.year), standing_letter(recorded.decision)
    require_reason(reason, _("Ghi lý do đính chính."))
    bump_version(current, version)
    before = take_snapshot(current)
    after = _write(current, plan, wanted)
    changed = changed_between(before, after)
    _refuse_changed_since(recorded, changed)
    found = adjustment_of(recorded)
    right = {**found.after, **{name: after[name] for name in changed}}
    if not changed:
        raise DecisionRefused(_("Không có mục nào thay đổi."), code="nothing")
    _refuse_unauthorised(current, plan, decision, found.before, right)
    record_project_changes(current, before, actor=actor, decision=decision, reason=reason)
    letter_recorded(decision, plan, actor=actor, slip=reason)
    return _store(current, decision, after, reason, actor, corrects=recorded)


def _write(project: Project, plan: AnnualPlan, wanted: Adjusted) -> dict[str, Any]:
    """Makes the project be so; returns its text then."""
    project.start_on, project.end_on, project.area_scope = wanted.start_on, wanted.end_on, wanted.area_scope
    store_change(project, "start_on", "end_on", "area_scope")
    write_places(project, plan, wanted.places)
    write_supports(project, plan, wanted.supports)
    return take_snapshot(project)


def _refuse_unauthorised(
    project: Project, plan: AnnualPlan, decision: Decision, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    levels = {line.round.level for line in project.lines.select_related("round")}
    kinds = list(adjusted_changes(project, before, after, changed_between(before, after), plan.year))
    refuse_unauthorised(plan, decision, [(kind, level) for kind in kinds for level in sorted(levels)])


def _refuse_changed_since(revision: ProjectRevision, changed: set[str]) -> None:
    """What a later letter left of a field stands: it is put right first, under that letter."""
    problems = {
        name: _("%(field)s đã được điều chỉnh lại theo %(letter)s.")
        % {"field": capfirst(label_of(name)), "letter": inside_sentence(later.decision.label)}
        for name, later in changed_since(revision).items()
        if name in changed and later.decision
    }
    if problems:
        raise DecisionRefused(problems, code="changed_since")


def _store(
    project: Project,
    decision: Decision,
    snapshot: dict[str, Any],
    reason: str,
    actor: User,
    corrects: ProjectRevision | None = None,
) -> ProjectRevision:
    occasion = ProjectRevision.Occasion
    return ProjectRevision.objects.create(
        project=project,
        number=project.revisions.count() + 1,
        occasion=occasion.CORRECTION if corrects else occasion.ADJUSTMENT,
        effective_on=decision.effective_on,
        recorded_by=actor,
        decision=decision,
        corrects=corrects,
        reason=reason,
        snapshot=snapshot,
    )
