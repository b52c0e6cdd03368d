"""Which statuses, natures and levels count as what, written by hand as the rules say it."""

from __future__ import annotations

from khuyencong import funding
from programmes.models import PlanRound
from projects.models.project_states import ProjectStates

PROJECTS = {
    "EDITABLE": "draft returned",
    "PENDING": "draft returned submitted appraised",
    "SENT": "submitted returned appraised",
    "TAKEN_BACK": "withdrawn discarded",
    "UNCOUNTED": "refused withdrawn discarded",
    "OWN": "draft stated",
    "RUNNING": "approved contracted in_progress",
    "BY_LINES": "returned submitted appraised refused",
    "DONE": "accepted settled liquidated",
    "WORK": "approved contracted in_progress accepted settled liquidated",
    "REPORTABLE": "approved contracted in_progress accepted",
    "DECIDABLE": "appraised approved contracted in_progress accepted",
    "PAYABLE": "approved contracted in_progress accepted settled",
    "CLOSING": "accepted settled",
    "ACCOUNTED": "approved contracted in_progress accepted settled liquidated stopped",
    "HISTORIC": "stated past",
    "GRANTED": "approved contracted in_progress accepted settled liquidated stopped past",
    "RESOLVED": (
        "appraised stated refused withdrawn discarded approved contracted in_progress accepted settled liquidated "
        "stopped past"
    ),
}
ROUNDS = {"EDITABLE": "draft returned", "DECIDABLE": "forwarded approved", "AT_REST": "approved past"}
ENTRIES = {
    "STATED_NATURES": "adjustment supplement",
    "ADJUSTING_NATURES": "adjustment supplement stop",
    "LATER_NATURES": "adjustment supplement stop carry_over",
    "CORRECTING_NATURES": "correction cancellation",
    "STATE_LEVELS": "national city",
}


def sets_of(place: object) -> dict[str, list[str]]:
    """The tuples of codes that stand there under a name of capitals."""
    named = {name: value for name, value in vars(place).items() if name.isupper() and isinstance(value, tuple)}
    return {name: sorted(value) for name, value in named.items() if name != "HEADINGS"}


def test_sets_are_those_of_the_rules() -> None:
    for place, table in ((ProjectStates, PROJECTS), (PlanRound, ROUNDS), (funding, ENTRIES)):
        assert sets_of(place) == {name: sorted(words.split()) for name, words in table.items()}
