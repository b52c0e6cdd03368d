"""Taking one step of a round or a project that needs nothing but a date and words."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from khuyencong.accounts.models import User
from programmes.models import PlanRound
from projects.models import StatusChange
from projects.notices import round_moved
from projects.services.guards import lock_record
from projects.workflow import Record, apply_transition

# Steps with a screen of their own, because more than a date and a note belongs to them, are not among these.
ROUND_STEPS = ("return", "endorse", "reopen", "forward")
PROJECT_STEPS = ("withdraw", "reconsider", "start", "start_task", "accept", "liquidate")


@transaction.atomic
def take_step(record: Record, name: str, *, actor: User, on: dt.date, reason: str = "") -> StatusChange:
    """Applies the step under the lock of its plans, so that what a round must wait for can't change meanwhile.

    Who may, the open plan, the state and the day are asked by the step itself. Raises TransitionRefused; then nothing
    is written.
    """
    locked = lock_record(record)
    change = apply_transition(locked, name, actor=actor, effective_on=on, reason=reason)
    if isinstance(locked, PlanRound):
        round_moved(change, locked)
    return change
