"""Adjusting a running project by a letter: places, dates, beneficiaries; money is changed with the letter itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import AdminUnit, AnnualPlan, Decision
from projects.models import Project, ProjectRevision
from projects.papers.notices import letter_recorded
from projects.papers.snapshots import differences, take_snapshot
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
    current.start_on, current.end_on, current.area_scope = wanted.start_on, wanted.end_on, wanted.area_scope
    store_change(current, "start_on", "end_on", "area_scope")
    write_places(current, plan, wanted.places)
    write_supports(current, plan, wanted.supports)
    after = take_snapshot(current)
    changed = {difference.field for difference in differences(before, after)}
    if not changed:
        raise DecisionRefused(_("Không có mục nào thay đổi."), code="nothing")
    levels = {line.round.level for line in current.lines.select_related("round")}
    kinds = list(adjusted_changes(current, before, after, changed, plan.year))
    refuse_unauthorised(plan, decision, [(kind, level) for kind in kinds for level in sorted(levels)])
    store_letter(decision, actor)
    record_project_changes(current, before, actor=actor, decision=decision)
    letter_recorded(decision, plan, actor=actor)
    number = current.revisions.count() + 1
    return ProjectRevision.objects.create(
        project=current,
        number=number,
        occasion=ProjectRevision.Occasion.ADJUSTMENT,
        effective_on=decision.effective_on,
        recorded_by=actor,
        decision=decision,
        reason=reason,
        # A project entered from old papers was never sent: what stood before is kept with its first revision.
        snapshot=after if number > 1 else after | {"before": before},
    )
