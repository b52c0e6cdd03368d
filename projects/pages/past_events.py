"""What old files say was done for projects that go on, as pages show it before and after it came into the books."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Min

from projects.models import PastEvent, PastLetterApproved, PastRecord, Project
from projects.rules.past_marks import event_marks, first_contract_day


@dataclass(frozen=True)
class PastEventRow:
    """``marks`` say what is unknown or out of order."""

    event: PastEvent
    marks: list[str]


@dataclass(frozen=True)
class OpeningPart:
    """What a project that goes on came with; ``is_waiting`` until its letters are confirmed."""

    record: PastRecord
    rows: list[PastEventRow]
    is_waiting: bool


def past_events_of(ids: Collection[int]) -> dict[int, list[PastEventRow]]:
    """By the ids of their projects, in the order of their days; in a fixed number of queries."""
    events: dict[int, list[PastEvent]] = defaultdict(list)
    for one in PastEvent.objects.of_projects(ids):
        events[one.project_id].append(one)
    letters = PastLetterApproved.objects.filter(plan_line__project__in=list(events)).order_by()
    days = letters.values_list("plan_line__project").annotate(Min("letter__issued_on"))
    approved: dict[int, dt.date | None] = dict(days)
    return {
        pk: [PastEventRow(one, event_marks(one, approved.get(pk), first_contract_day(rows))) for one in rows]
        for pk, rows in events.items()
    }


def opening_of(project: Project) -> OpeningPart | None:
    """Asked only of a project that was recorded from an old file (``project`` with its steps)."""
    if not any(step.transition == "record" for step in project.status_changes.all()):
        return None
    record = project.last_statement
    if record is None or not record.goes_on:
        return None
    rows = past_events_of([project.pk]).get(project.pk, [])
    return OpeningPart(record, rows, project.status == Project.Status.STATED)
