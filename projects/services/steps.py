"""Taking one step of a round or a project that needs nothing but a date and words."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import PlanRound
from projects.models import StatusChange
from projects.papers.notices import project_moved, round_moved
from projects.refusals import TransitionRefused
from projects.rules.transitions import Record, transitions_of
from projects.rules.workflow import apply_transition
from projects.services.guards import lock_record

# Steps to which more belongs than a date and a note have a service and a screen of their own.
ROUND_STEPS = ("return", "endorse", "reopen", "forward")
PROJECT_STEPS = ("withdraw", "start", "start_task", "accept", "liquidate")


@transaction.atomic
def take_step(record: Record, name: str, *, actor: User, on: dt.date, reason: str = "") -> StatusChange:
    """Applies the step under the lock of its plans, so that what a round must wait for can't change meanwhile.

    Who may, the open plan, the state and the day are asked by the step itself. Raises TransitionRefused, also for a
    step that more belongs to and that has a service of its own; then nothing is written.
    """
    if name not in (ROUND_STEPS if isinstance(record, PlanRound) else PROJECT_STEPS):
        label = transitions_of(record)[name].label
        raise TransitionRefused(_("Bước “%s” phải kèm số liệu, văn bản của bước đó.") % label, code="own_service")
    locked = lock_record(record)
    change = apply_transition(locked, name, actor=actor, effective_on=on, reason=reason)
    if isinstance(locked, PlanRound):
        round_moved(change, locked)
    else:
        project_moved(change, locked)
    return change
