"""Entering a project of a year that is over as its file states it, without steps that nobody recorded.

It stands in a round of its own and takes no ordinary step, before or after; its money comes by a letter that the
Department's head records (``services/decisions.py``), under all limits.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import PastRecord, PlanLine, Project
from projects.models.past_record import counted_at_the_end
from projects.refusals import Refused
from projects.rules.permissions import hindrance_to_past_records
from projects.rules.workflow import apply_transition
from projects.services.guards import hold_plans, refuse_future, refuse_hindered
from projects.services.project_entry import ProjectInput, enter_project, write_parts
from projects.services.project_parts import next_round
from projects.services.storing import store_new


@dataclass(frozen=True)
class StatedOutcome:
    """What the file says: how the project ended, on which day, if it kept to its schedule; None is not said.

    ``words`` are those of the file, ``source`` names it.
    """

    outcome: str
    source: str
    on: dt.date | None = None
    is_on_schedule: bool | None = None
    words: str = ""


@transaction.atomic
def enter_past_record(
    *, project: Project, data: ProjectInput, stated: StatedOutcome, actor: User, is_another: bool = False
) -> PastRecord:
    """Stores the project with its statement; it waits for the letter that confirms its money.

    Raises NotAllowed, PlanClosed, FutureDate, TransitionRefused, SameName unless ``is_another``, or Refused: for a year
    that is not over or whose plan took the ordinary steps, without money, without a source; then nothing is written.
    """
    plan = hold_plans(actor, "write", data.plan.pk)[data.plan.pk]
    refuse_hindered(hindrance_to_past_records(plan, timezone.localdate()))
    _refuse_statement(stated, plan)
    enter_project(project, plan, actor, is_another=is_another)
    first_day = dt.date(plan.year, 1, 1)
    for level in _levels(data):
        PlanLine.objects.create(round=_past_round(plan, level, actor, first_day), project=project)
    write_parts(project, plan, data)
    with override("vi"):
        source = _("Theo %(source)s") % {"source": stated.source}
    apply_transition(project, "record", actor=actor, effective_on=first_day, reason=source)
    return store_new(_record(project, plan, stated, actor))


def _refuse_statement(stated: StatedOutcome, plan: AnnualPlan) -> None:
    refuse_future(stated.on, "on")
    if not stated.source.strip():
        raise Refused({"source": _("Ghi hồ sơ, báo cáo làm căn cứ.")}, code="no_source")
    if stated.on and stated.on.year < plan.year:
        raise Refused({"on": _("Ngày của trạng thái không được trước năm kế hoạch.")}, code="too_early")


def _levels(data: ProjectInput) -> list[str]:
    """Of the state money: each letter of that level confirms its own."""
    found = {
        source.level for content in data.contents for source, vnd in content.amounts.items() if source.is_state and vnd
    }
    if not found:
        raise Refused(_("Nhập kinh phí nhà nước của hồ sơ cũ."), code="no_money")
    return sorted(found)


def _past_round(plan: AnnualPlan, level: str, actor: User, on: dt.date) -> PlanRound:
    """The plan's round of past records at that level; made when there is none. The plan is held."""
    rounds = PlanRound.objects.filter(plan=plan, level=level).in_status(PlanRound.Status.PAST)
    if (existing := rounds.order_by("number").first()) is not None:
        return existing
    made = next_round(plan, level)
    apply_transition(made, "record", actor=actor, effective_on=on)
    return made


def _record(project: Project, plan: AnnualPlan, stated: StatedOutcome, actor: User) -> PastRecord:
    return PastRecord(
        project=project,
        outcome=stated.outcome,
        stated_on=stated.on,
        effective_on=counted_at_the_end(stated.on, year=plan.year),
        is_on_schedule=stated.is_on_schedule,
        words=stated.words,
        source=stated.source,
        recorded_by=actor,
    )
