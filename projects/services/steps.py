"""Taking one step of a round or a project that needs nothing but a date and words."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import Project, StatusChange
from projects.notices import round_moved
from projects.workflow import Record, apply_transition

# Steps with a screen of their own, because more than a date and a note belongs to them, are not among these.
ROUND_STEPS = ("return", "endorse", "reopen", "forward")
PROJECT_STEPS = ("withdraw", "reconsider", "start", "start_task", "accept", "liquidate")


@transaction.atomic
def take_step(record: Record, name: str, *, actor: User, on: dt.date, reason: str = "") -> StatusChange:
    """Applies the step under the lock of its plans, so that what a round must wait for can't change meanwhile.

    Raises TransitionRefused; then nothing is written.
    """
    locked = lock_plans_of(record)
    change = apply_transition(locked, name, actor=actor, effective_on=on, reason=reason)
    if isinstance(locked, PlanRound):
        round_moved(change, locked)
    return change


def lock_plans_of(record: Record) -> Record:
    """Holds the record's plans, then the record; returns it as it stands now."""
    if isinstance(record, PlanRound):
        list(AnnualPlan.objects.filter(pk=record.plan_id).locked())
        return PlanRound.objects.select_related("plan").select_for_update(of=("self",)).get(pk=record.pk)
    return lock_project(record)


def lock_project(project: Project) -> Project:
    """Holds all plans that the project is in, by their ids, then the project; returns it as it stands now."""
    list(AnnualPlan.objects.of_project(project).locked())
    return Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
