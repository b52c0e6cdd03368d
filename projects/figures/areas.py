"""Areas of projects as keys that can be grouped and named, in the units of their own time or of another day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from programmes.models import AdminUnit, AdminUnitSuccession, listed_names
from projects.models import Project
from projects.models.joined_texts import codes_of, joined_codes, key_of
from projects.models.status_as_of import cases_of

# The district level ended on 01/07/2025, when communes, wards and special zones took its place.
LAST_DAY_OF_DISTRICTS = dt.date(2025, 6, 30)
FIRST_DAY_OF_COMMUNES = dt.date(2025, 7, 1)
SCOPES = {Project.AreaScope.WHOLE_CITY: 2, Project.AreaScope.NOT_FIXED: 3}


def area_key(codes_or_scope: str) -> str:
    """The key of an area: “314+311” and “311+314” are one."""
    return key_of(codes_of(codes_or_scope))


@dataclass(frozen=True)
class Units:
    """Names by code, and what became of units that were not there on the day asked for.

    ``moved`` leads from a code to the one unit that holds all of it on the day. ``split`` says of the others how many
    units took over or gave parts: their money can't be told apart and stays with the unit that the project named.
    """

    by_code: Mapping[str, AdminUnit] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    split: Mapping[str, int] = field(default_factory=dict)

    def translated(self, key: str) -> str:
        """The key in the units of the day."""
        if not self.moved or key in SCOPES:
            return key
        return key_of(self.moved.get(code, code) for code in codes_of(key))

    def name(self, code: str) -> str:
        unit = self.by_code.get(code)
        name = unit.full_name if unit else code
        if parts := self.split.get(code):
            return _("%(name)s (cũ, nay thuộc %(count)s đơn vị)") % {"name": name, "count": parts}
        return name


@dataclass(frozen=True)
class AreaLabel:
    """``filters`` open just these projects in the list; None when the key is of another day than theirs."""

    key: str
    text: str
    filters: dict[str, str] | None
    is_shared: bool


def area_labels(keys: Iterable[str], units: Units) -> list[AreaLabel]:
    """Single places by name, then what several share, then the whole city, then what is not fixed."""

    def order(key: str) -> tuple[int, bytes]:
        if key in SCOPES:
            return (SCOPES[Project.AreaScope(key)], b"")
        codes = _by_name(key, units)
        return (int(len(codes) > 1), b"\0".join(_name_key(code, units) for code in codes))

    rows = []
    for key in sorted(keys, key=order):
        if key in SCOPES:
            rows.append(AreaLabel(key, str(Project.AreaScope(key).label), {"area": key}, False))
        else:
            codes = _by_name(key, units)
            text = listed_names([*map(units.name, codes)])
            rows.append(AreaLabel(key, text, None if units.moved else {"area": key}, len(codes) > 1))
    return rows


def units_then(named: Iterable[AdminUnit]) -> Units:
    """As the projects name them."""
    return Units({unit.code: unit for unit in named})


def units_on(named: Iterable[AdminUnit], day: dt.date) -> Units:
    """As they were on that day: forward through what became of a unit, or back to what it was made of."""
    by_code = {unit.code: unit for unit in named}
    moved, split = {}, {}
    for code, unit in list(by_code.items()):
        found = _on(unit, day)
        if len(found) == 1:
            moved[code] = found[0].code
            by_code[found[0].code] = found[0]
        elif found:
            split[code] = len(found)
    return Units(by_code, moved, split)


def _on(unit: AdminUnit, day: dt.date) -> list[AdminUnit]:
    """The units of the day that hold a part of it. A handful of steps: a unit changes a few times in decades."""
    if unit.valid_to and unit.valid_to < day:
        links = AdminUnitSuccession.objects.filter(predecessor=unit).select_related("successor")
        beside = [link.successor for link in links]
    elif unit.valid_from and unit.valid_from > day:
        links = AdminUnitSuccession.objects.filter(successor=unit).select_related("predecessor__parent")
        beside = _districts_first([link.predecessor for link in links])
    else:
        return [unit]
    return list({one.pk: one for step in beside for one in _on(step, day)}.values())


def _districts_first(units: list[AdminUnit]) -> list[AdminUnit]:
    """The districts among them: a unit of today was made of communes, and these are in the districts already."""
    communes = [unit for unit in units if unit.parent and unit.parent.parent_id]
    return [unit for unit in units if unit not in communes] or units


def _by_name(key: str, units: Units) -> list[str]:
    return sorted(codes_of(key), key=lambda code: _name_key(code, units))


def _name_key(code: str, units: Units) -> bytes:
    unit = units.by_code.get(code)
    return bytes(unit.name_key) if unit else code.encode()


def area_expression(project: str, former: Mapping[int, str] | None = None) -> Case:
    """The area of the project at that path, as text that SQL can group by.

    ``former`` are the areas of projects that stood elsewhere then, by their ids.
    """
    places = Project.places.through.objects.filter(project=OuterRef(project)).order_by().values("project")
    joined = joined_codes("adminunit__code")
    codes = places.annotate(codes=joined).values("codes")  # type: ignore[misc]  # it is annotated a word before
    scope = f"{project}__area_scope"
    return Case(
        *cases_of(project, former or {}),
        When(**{scope: Project.AreaScope.UNITS}, then=Coalesce(Subquery(codes), Value(Project.AreaScope.NOT_FIXED))),
        default=F(scope),
        output_field=models.CharField(),
    )
