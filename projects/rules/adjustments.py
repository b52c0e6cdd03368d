"""What a letter changed of the text of a project, as it was recorded and as it was put right since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from programmes.models import Decision
from projects.models import ProjectRevision

# What may change after approval without the plan being decided anew.
ADJUSTED = ("area_scope", "places", "start_on", "end_on", "supports")


@dataclass(frozen=True)
class Adjustment:
    """``before`` is the text that the letter found, ``after`` the one that it left, with all corrections taken in."""

    revision: ProjectRevision
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def changed(self) -> set[str]:
        return changed_between(self.before, self.after)


def adjustments_of(decision: Decision) -> list[Adjustment]:
    """In the order in which they were recorded; one that was corrected to what it had found changes nothing."""
    revisions = list(ProjectRevision.objects.of_decision(decision))
    corrections: dict[int, list[ProjectRevision]] = defaultdict(list)
    for one in revisions:
        if one.corrects_id:
            corrections[one.corrects_id].append(one)
    return [_adjustment(one, corrections[one.pk]) for one in revisions if one.corrects_id is None]


def adjustment_of(revision: ProjectRevision) -> Adjustment:
    return _adjustment(revision, list(revision.corrections.order_by("number")))


def _adjustment(revision: ProjectRevision, corrections: Sequence[ProjectRevision]) -> Adjustment:
    after = dict(revision.snapshot)
    for correction in corrections:
        found = _found_by(correction)
        after |= {name: correction.snapshot[name] for name in changed_between(found, correction.snapshot)}
    return Adjustment(revision, _found_by(revision), after)


def _found_by(revision: ProjectRevision) -> Mapping[str, Any]:
    """The text before it: kept with the first revision of a project that was never sent."""
    previous = ProjectRevision.objects.before(revision)
    found: Mapping[str, Any] = revision.snapshot.get("before") or (previous or revision).snapshot
    return found


def changed_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    return {name for name in ADJUSTED if _told(before[name]) != _told(after[name])}


def _told(value: Any) -> Any:
    """Rows in any order, of an establishment whoever it is and whatever it was called then."""
    if not isinstance(value, list):
        return value
    rows = [{name: one for name, one in row.items() if name != "beneficiary" or not row.get("id")} for row in value]
    return sorted(map(repr, rows))


def changed_since(revision: ProjectRevision) -> dict[str, ProjectRevision]:
    """The fields that a later letter changed again, each with the last revision that did."""
    found: dict[str, ProjectRevision] = {}
    before = revision.snapshot
    later = ProjectRevision.objects.filter(project=revision.project_id, number__gt=revision.number)
    for one in later.select_related("decision").order_by("number"):
        if one.corrects_id != revision.pk:
            found |= dict.fromkeys(changed_between(before, one.snapshot), one)
        before = one.snapshot
    return found
