"""What projects said on a day in the past, where a later adjustment or a text sent again has changed it since.

A revision holds the whole text after it. Here the changes from one to the next are replayed, and those that do not
count on the day are left out: a letter that was recorded late, with an earlier day, then brings its own change only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from khuyencong.asof import AsOf
from programmes.models import AdminUnit
from projects.models import Beneficiary, Project, ProjectRevision, Support
from projects.models.joined_texts import key_of

REPLAYED = ("name", "area_scope", "places", "start_on", "end_on", "supports")


@dataclass(frozen=True)
class FormerText:
    """Name, area, time and beneficiaries of one project as of a day, as its revisions keep them."""

    name: str
    area_scope: str
    places: Sequence[Mapping[str, str]]
    start_on: dt.date | None
    end_on: dt.date | None
    supports: Sequence[Mapping[str, Any]]

    @property
    def area(self) -> str:
        """The key by which roll-ups group it: of its places, or its scope."""
        if self.area_scope != Project.AreaScope.UNITS:
            return self.area_scope
        return key_of(place["code"] for place in self.places) or Project.AreaScope.NOT_FIXED


def former_texts(projects: Iterable[Any], as_of: AsOf) -> dict[int, FormerText]:
    """Of those projects (rows, ids or a query) that said something else as of then; one query."""
    if not as_of:
        return {}
    revisions = ProjectRevision.objects.of_former_texts(projects, as_of)
    return {pk: _replay(list(rows), as_of) for pk, rows in groupby(revisions, key=lambda row: row.project_id)}


def former_areas(texts: Mapping[int, FormerText]) -> dict[int, str]:
    return {pk: text.area for pk, text in texts.items()}


def former_helped(texts: Mapping[int, FormerText]) -> dict[int, list[Beneficiary | None]]:
    """The beneficiaries; None for a group, and for who has left the registry since."""
    known = Beneficiary.objects.in_bulk({row["id"] for text in texts.values() for row in text.supports if row["id"]})
    return {pk: [known.get(row["id"]) for row in text.supports] for pk, text in texts.items()}


def _replay(revisions: Sequence[ProjectRevision], as_of: AsOf) -> FormerText:
    """What was sent first stands for the time before it too; an adjustment without it says what it found."""
    first = revisions[0].snapshot
    before = first.get("before", first)
    text = {name: before[name] for name in REPLAYED}
    for revision in revisions:
        after = revision.snapshot
        if as_of.covers(revision.effective_on, revision.recorded_at):
            text |= {name: after[name] for name in REPLAYED if after[name] != before[name]}
        before = after
    days = {name: dt.date.fromisoformat(text[name]) if text[name] else None for name in ("start_on", "end_on")}
    return FormerText(**(text | days))


def show_as_then(projects: Iterable[Project], as_of: AsOf) -> list[Project]:
    """The fetched projects with the text of then, to be shown and never saved; what they point at is set too.

    A fixed number of queries: one more than without a day, three when some project said something else.
    """
    shown = list(projects)
    texts = former_texts([project.pk for project in shown], as_of)
    if not texts:
        return shown
    units = _units(texts.values())
    ids = {row["id"] for text in texts.values() for row in text.supports if row.get("id")}
    registry = Beneficiary.objects.select_related("personal_number").in_bulk(ids)
    for project in shown:
        if text := texts.get(project.pk):
            _dress(project, text, units, registry)
    return shown


def former_units(texts: Iterable[FormerText]) -> list[AdminUnit]:
    """The units that the texts name."""
    return list(_units(texts).values())


def _units(texts: Iterable[FormerText]) -> dict[tuple[str, str], AdminUnit]:
    """By code and name: a code may return with another kind or name."""
    named = {(place["code"], place["name"]) for text in texts for place in text.places}
    found = AdminUnit.objects.with_codes({code for code, _name in named}) if named else []
    return {(unit.code, unit.name): unit for unit in found if (unit.code, unit.name) in named}


def _dress(
    project: Project, text: FormerText, units: Mapping[tuple[str, str], AdminUnit], registry: Mapping[int, Beneficiary]
) -> None:
    project.name, project.area_scope = text.name, text.area_scope
    project.start_on, project.end_on = text.start_on, text.end_on
    places = [units[key] for place in text.places if (key := (place["code"], place["name"])) in units]
    known = getattr(project, "_prefetched_objects_cache", {})
    project._prefetched_objects_cache = known | {  # type: ignore[attr-defined]  # private: not in the stubs
        "places": sorted(places, key=lambda unit: bytes(unit.name_key)),
        "supports": [_support(project, row, registry) for row in text.supports],
    }


def _support(project: Project, row: Mapping[str, Any], registry: Mapping[int, Beneficiary]) -> Support:
    """As it was listed; who has left the registry since has only a name."""
    beneficiary = None
    if row["beneficiary"]:
        beneficiary = registry.get(row.get("id") or 0) or Beneficiary(name=row["beneficiary"])
    return Support(
        project=project,
        beneficiary=beneficiary,
        group_description=row["group"] if beneficiary is None else "",
        planned_count=row["count"],
    )
