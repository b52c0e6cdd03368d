"""Both life cycles, written by hand, with which ``projects.rules.transitions`` is compared; and what is tried."""

from __future__ import annotations

import datetime as dt
from typing import Any

from programmes.models import Decision, PlanRound
from projects.models import Project
from tests.factories import make_plan, make_project
from tests.people import Tree, make_person

ON = dt.date(2006, 6, 16)
HEAD, REVIEWER, DEPARTMENT = {"centre_head"}, {"reviewer"}, {"department_head"}
CENTRE, ACCOUNTANT = {"centre_staff", "centre_head"}, {"accountant"}

# (step, from) → (to, who). What is not here is refused.
ROUND_CELLS = {
    ("submit", "draft"): ("submitted", HEAD),
    ("submit", "returned"): ("submitted", HEAD),
    ("recall", "submitted"): ("draft", HEAD),
    ("return", "submitted"): ("returned", REVIEWER),
    ("endorse", "submitted"): ("endorsed", REVIEWER),
    ("reopen", "endorsed"): ("submitted", DEPARTMENT),
    ("reopen", "forwarded"): ("submitted", DEPARTMENT),
    ("forward", "endorsed"): ("forwarded", DEPARTMENT),
    ("approve", "forwarded"): ("approved", DEPARTMENT),
    ("cancel", "approved"): ("forwarded", DEPARTMENT),
    ("record", "draft"): ("past", {"centre_staff", "centre_head"}),
}
ANNULLED = ("past", "approved", "contracted", "in_progress", "accepted", "settled", "liquidated", "stopped")
PROJECT_CELLS = {
    ("submit", "draft"): ("submitted", HEAD),
    ("submit", "returned"): ("submitted", HEAD),
    ("recall", "submitted"): ("draft", HEAD),
    ("withdraw", "draft"): ("withdrawn", HEAD),
    ("withdraw", "submitted"): ("withdrawn", HEAD),
    ("withdraw", "returned"): ("withdrawn", HEAD),
    ("withdraw", "appraised"): ("withdrawn", HEAD),
    ("withdraw", "stated"): ("withdrawn", HEAD),
    ("discard", "draft"): ("discarded", CENTRE),
    ("discard", "stated"): ("discarded", CENTRE),
    ("appraise", "submitted"): ("appraised", REVIEWER),
    ("return", "submitted"): ("returned", REVIEWER),
    ("refuse", "submitted"): ("refused", REVIEWER),
    ("reconsider", "appraised"): ("submitted", REVIEWER),
    ("reconsider", "refused"): ("submitted", REVIEWER),
    ("approve", "appraised"): ("approved", DEPARTMENT),
    ("reject", "appraised"): ("refused", DEPARTMENT),
    ("cancel", "approved"): ("appraised", DEPARTMENT),
    ("cancel", "refused"): ("appraised", DEPARTMENT),
    ("contract", "approved"): ("contracted", ACCOUNTANT),
    ("start", "contracted"): ("in_progress", CENTRE),
    ("start_task", "approved"): ("in_progress", CENTRE),
    ("accept", "in_progress"): ("accepted", HEAD),
    ("settle", "accepted"): ("settled", ACCOUNTANT),
    ("liquidate", "settled"): ("liquidated", ACCOUNTANT),
    ("stop", "approved"): ("stopped", DEPARTMENT),
    ("stop", "contracted"): ("stopped", DEPARTMENT),
    ("stop", "in_progress"): ("stopped", DEPARTMENT),
    ("record", "draft"): ("stated", CENTRE),
    ("confirm", "stated"): ("past", DEPARTMENT),
    ("take_over", "stated"): ("approved", DEPARTMENT),
    **{("annul", status): ("stated", DEPARTMENT) for status in ANNULLED},
}
# The status of the round in which a step of its project can be judged at all.
ROUND_OF_STEP = {
    **dict.fromkeys(("appraise", "return", "refuse", "reconsider"), "submitted"),
    **dict.fromkeys(("approve", "reject"), "forwarded"),
    **dict.fromkeys(("record", "confirm", "take_over"), "past"),
}
# Of the only line of a round, for a step of the round.
LINE_OF_STEP = {"return": "returned", "approve": "refused", "record": "stated"}


# Steps that are taken of one line of a project.
LINE_STEPS = ("appraise", "return", "refuse", "reconsider", "approve", "reject", "cancel")


def of_line(record: PlanRound | Project, name: str) -> dict[str, Any]:
    """What a step of a line is told besides: the only line of the project, which stands as the project does."""
    if not isinstance(record, Project) or name not in LINE_STEPS:
        return {}
    line = record.lines.select_related("round__plan", "project").get()
    line.status_then = record.status
    return {"line": line}


def starts_from(name: str, *, is_round: bool) -> str:
    """A status in which the step can be taken."""
    return next(source for step, source in (ROUND_CELLS if is_round else PROJECT_CELLS) if step == name)


def taken_by(name: str, *, is_round: bool) -> str:
    """A role that may take the step."""
    cells = ROUND_CELLS if is_round else PROJECT_CELLS
    return min(cells[name, starts_from(name, is_round=is_round)][1])


def task_of_nobody(tree: Tree) -> Project:
    """A task of a round, entered by somebody who holds no role any more."""
    gone = make_person(role="centre_staff", scope=tree.centre, username="gone")
    project = make_project(plan=make_plan(organisation=tree.centre), by=gone, kind=Project.Kind.TASK)
    gone.memberships.all().delete()
    return project


def letter_of_nobody(project: Project) -> Decision:
    """As a row, recorded by the same."""
    decision = Decision(organisation=project.organisation.parent, number="1/QĐ", issued_on=ON, effective_on=ON)
    decision.recorded_by = project.created_by
    decision.save()
    return decision
