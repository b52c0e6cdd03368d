"""The life of rounds and projects: one table of transitions each, and the only function that writes ``status``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khuyencong.accounts.models import Role, User
from programmes.models import Decision, PlanRound
from projects.models import Project, StatusChange

ROUND, PROJECT = PlanRound.Status, Project.Status


class TransitionRefused(Exception):
    """The step can't be taken; the message says why in the user's words."""


@dataclass(frozen=True)
class Transition:
    """One step: from which statuses, to which, by which roles, and what must come with it."""

    name: str
    label: str | Promise
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    needs_decision: bool = False
    not_by_author: bool = False


ROUND_TRANSITIONS = {
    step.name: step
    for step in (
        Transition("submit", _("Gửi Sở"), (ROUND.DRAFT,), ROUND.SUBMITTED, (Role.CENTRE_HEAD,)),
        Transition("recall", _("Rút lại để sửa"), (ROUND.SUBMITTED,), ROUND.DRAFT, (Role.CENTRE_HEAD,)),
        Transition(
            "approve",
            pgettext_lazy("of a plan", "Phê duyệt"),
            (ROUND.SUBMITTED,),
            ROUND.APPROVED,
            (Role.DEPARTMENT_HEAD,),
            needs_decision=True,
        ),
    )
}

PROJECT_TRANSITIONS = {
    step.name: step
    for step in (
        Transition("submit", _("Gửi Sở"), (PROJECT.DRAFT,), PROJECT.SUBMITTED, (Role.CENTRE_HEAD,)),
        Transition("recall", _("Rút lại để sửa"), (PROJECT.SUBMITTED,), PROJECT.DRAFT, (Role.CENTRE_HEAD,)),
        Transition(
            "approve",
            pgettext_lazy("of a plan", "Phê duyệt"),
            (PROJECT.SUBMITTED,),
            PROJECT.APPROVED,
            (Role.DEPARTMENT_HEAD,),
            needs_decision=True,
            not_by_author=True,
        ),
        Transition(
            "start",
            _("Bắt đầu thực hiện"),
            (PROJECT.APPROVED, PROJECT.CONTRACTED),
            PROJECT.IN_PROGRESS,
            (Role.CENTRE_STAFF, Role.CENTRE_HEAD),
        ),
    )
}


def apply_transition(
    record: PlanRound | Project,
    name: str,
    *,
    actor: User,
    effective_on: dt.date,
    reason: str = "",
    decision: Decision | None = None,
) -> StatusChange:
    """Takes one step of a round or a project, once, with its history row in the same transaction.

    The update is conditional on the status it starts from, so of two people at the same button one wins and the
    other is told. Raises TransitionRefused; then nothing is written.
    """
    is_round = isinstance(record, PlanRound)
    step = (ROUND_TRANSITIONS if is_round else PROJECT_TRANSITIONS)[name]
    organisation_id = record.plan.organisation_id if is_round else record.organisation_id
    if not actor.holds(organisation_id, *step.roles):
        raise TransitionRefused(_("Bạn không có quyền thực hiện bước “%s”.") % step.label)
    if step.needs_decision and decision is None:
        raise TransitionRefused(_("Bước “%s” cần có văn bản.") % step.label)
    if step.not_by_author and record.created_by_id == actor.pk:
        raise TransitionRefused(_("Người lập đề án không được phê duyệt chính đề án đó."))
    source = record.status
    with transaction.atomic():
        rows = type(record)._default_manager.filter(pk=record.pk, status=source, status__in=step.sources)
        changes = {"status": step.target} if is_round else {"status": step.target, "version": F("version") + 1}
        if not rows.update(**changes):
            raise TransitionRefused(_("Trạng thái đã thay đổi, không thực hiện được bước “%s”.") % step.label)
        change = StatusChange.objects.create(
            round=record if is_round else None,
            project=None if is_round else record,
            transition=name,
            source_status=source,
            target_status=step.target,
            actor=actor,
            effective_on=effective_on,
            reason=reason,
            decision=decision,
        )
    record.refresh_from_db(fields=list(changes))
    return change
