"""Roll-ups of one year's plans by source, content, area and status, each with the filter that opens it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Subquery, Sum, Value
from django.utils.translation import gettext as _

from khuyencong.ledger import STATE_LEVELS
from programmes.models import ActivityType, AdminUnit, AllocationEntry, AnnualPlan, FundingSource
from projects.figures import Money, Schedule, add, total
from projects.models import ApprovalEntry, CostLine, ExecutedAmount, PlanLine, ProgressReport, Project
from projects.models.querysets import area_expression

SHARED = "+"


class Dimension(StrEnum):
    SOURCE = "source"
    ACTIVITY = "activity"
    AREA = "area"
    STATUS = "status"


@dataclass(frozen=True)
class RollUpRow:
    """One group. ``filters`` are the query parameters of the project list that open just its rows."""

    key: Any
    label: str
    money: Money
    schedule: Schedule
    filters: dict[str, str]
    assigned_vnd: int | None = None
    is_shared: bool = False

    @property
    def unapproved_vnd(self) -> int | None:
        """Left of what is assigned."""
        return None if self.assigned_vnd is None else self.assigned_vnd - (self.money.approved_vnd or 0)


@dataclass(frozen=True)
class RollUp:
    """The groups and their total. Projects count once in the total even if they stand in several groups."""

    dimension: Dimension
    rows: list[RollUpRow]
    money: Money
    schedule: Schedule
    assigned_vnd: int | None

    @property
    def has_repeated_projects(self) -> bool:
        return sum(row.schedule.project_count for row in self.rows) > self.schedule.project_count

    @property
    def unapproved_vnd(self) -> int | None:
        return None if self.assigned_vnd is None else self.assigned_vnd - (self.money.approved_vnd or 0)


@dataclass(frozen=True)
class Facts:
    """What the roll-ups of some plans are made of, read once for all of them."""

    plans: list[AnnualPlan]
    # State money by source, content, area and status together.
    cells: dict[tuple[Any, ...], Money]
    # The projects in each group, and what their latest reports say.
    members: dict[Dimension, dict[Any, set[int]]]
    flags: dict[int, bool | None]
    assigned: dict[int, int]


# The place of each dimension in the keys of Facts.cells.
PLACES = {Dimension.SOURCE: 0, Dimension.ACTIVITY: 1, Dimension.AREA: 2, Dimension.STATUS: 3}


def area_key(codes_or_scope: str) -> str:
    """The key of an area, its codes in order: “314+311” and “311+314” are one."""
    return SHARED.join(sorted(set(codes_or_scope.split(SHARED))))


def roll_up(plans: Iterable[AnnualPlan], dimension: Dimension, as_of: dt.date | None = None) -> RollUp:
    """The plans' figures by the dimension on a day, in a fixed number of queries."""
    return _roll_up(read_facts(plans, as_of), dimension)


def roll_ups(plans: Iterable[AnnualPlan], as_of: dt.date | None = None) -> dict[Dimension, RollUp]:
    """All four, in hardly more queries than one of them."""
    facts = read_facts(plans, as_of)
    return {dimension: _roll_up(facts, dimension) for dimension in Dimension}


def _roll_up(facts: Facts, dimension: Dimension) -> RollUp:
    money: dict[Any, Money] = defaultdict(Money)
    for cell, amounts in facts.cells.items():
        money[cell[PLACES[dimension]]] += amounts
    members = facts.members[dimension]
    assigned = facts.assigned if dimension is Dimension.SOURCE else {}
    rows = [
        RollUpRow(
            key=key,
            label=label,
            money=money.get(key, Money()),
            schedule=Schedule.of(facts.flags[project] for project in members.get(key, ())),
            filters=filters,
            assigned_vnd=assigned.get(key),
            is_shared=dimension is Dimension.AREA and SHARED in key,
        )
        for key, label, filters in _labels(dimension, {*money, *members, *assigned}, facts.plans)
    ]
    return RollUp(
        dimension,
        rows,
        total(row.money for row in rows),
        Schedule.of(facts.flags.values()),
        add(*facts.assigned.values()),
    )


def read_facts(plans: Iterable[AnnualPlan], as_of: dt.date | None = None) -> Facts:
    plans = list(plans)
    entries = AllocationEntry.objects.for_plans(plans).effective_by(as_of).order_by()
    members, flags = _members(plans, as_of)
    return Facts(
        plans=plans,
        cells=_cells(plans, as_of),
        members=members,
        flags=flags,
        assigned=dict(entries.values_list("source").annotate(Sum("amount_vnd"))),
    )


def _cells(plans: list[AnnualPlan], as_of: dt.date | None) -> dict[tuple[Any, ...], Money]:
    def sums(rows: Any, kind: str) -> Any:
        rows = rows.for_plans(plans).counted().order_by().annotate(area=area_expression("plan_line__project"))
        keys = ("source", "component__activity_type", "area", "plan_line__project__status")
        return rows.values_list(*keys).annotate(amount=Sum("amount_vnd"), kind=Value(kind))

    found = sums(CostLine.objects.state_money(), "requested_vnd").union(
        sums(ApprovalEntry.objects.effective_by(as_of), "approved_vnd"),
        sums(ExecutedAmount.objects.latest(as_of), "executed_vnd"),
        sums(ApprovalEntry.objects.effective_by(as_of).filter(_is_reported(as_of)), "covered_vnd"),
        all=True,
    )
    cells: dict[tuple[Any, ...], Money] = defaultdict(Money)
    for source, activity, area, status, amount, kind in found:
        cells[source, activity, area_key(area), status] += Money(**{kind: amount})
    return dict(cells)


def _is_reported(as_of: dt.date | None) -> Exists:
    """Whether spending of the row's line × content × source is reported by that day."""
    same = {name: OuterRef(name) for name in ("plan_line", "component", "source")}
    return Exists(ExecutedAmount.objects.filter(report__in=ProgressReport.objects.up_to(as_of), **same))


def _members(
    plans: list[AnnualPlan], as_of: dt.date | None
) -> tuple[dict[Dimension, dict[Any, set[int]]], dict[int, bool | None]]:
    """The projects in each group, and their flags. A project is in a source's group if it asked or got its money."""
    members: dict[Dimension, dict[Any, set[int]]] = {dimension: defaultdict(set) for dimension in Dimension}
    flags: dict[int, bool | None] = {}
    reports = ProgressReport.objects.up_to(as_of).filter(project=OuterRef("project")).order_by("-month")
    lines = PlanLine.objects.for_plans(plans).counted().order_by().with_area()
    lines = lines.annotate(is_on_schedule=Subquery(reports.values("is_on_schedule")[:1]))
    keys = ("project", "project__components__activity_type", "area", "project__status", "is_on_schedule")
    for project, activity, area, status, flag in lines.values_list(*keys).distinct():
        members[Dimension.ACTIVITY][activity].add(project)
        members[Dimension.AREA][area_key(area)].add(project)
        members[Dimension.STATUS][status].add(project)
        flags[project] = flag
    asked = CostLine.objects.state_money().for_plans(plans).counted().order_by()
    got = ApprovalEntry.objects.effective_by(as_of).for_plans(plans).counted().order_by()
    path = ("source", "plan_line__project")
    for source, project in asked.values_list(*path).union(got.values_list(*path)):
        members[Dimension.SOURCE][source].add(project)
    return members, flags


def _labels(dimension: Dimension, keys: set[Any], plans: list[AnnualPlan]) -> list[tuple[Any, str, dict[str, str]]]:
    """(key, label, filters) of each group in the order in which it prints."""
    if dimension is Dimension.SOURCE:
        sources = FundingSource.objects.filter(level__in=STATE_LEVELS)
        return [(source.pk, source.name, {"source": source.code}) for source in sources if source.pk in keys]
    if dimension is Dimension.ACTIVITY:
        activities = ActivityType.objects.filter(pk__in=keys - {None}).select_related("regulation")
        rows = [(activity.pk, activity.short_name, {"activity": activity.code}) for activity in activities]
        return rows + ([(None, _("Chưa chọn nội dung"), {"activity": "none"})] if None in keys else [])
    if dimension is Dimension.STATUS:
        return [(status, str(label), {"status": status}) for status, label in Project.Status.choices if status in keys]
    return _area_labels(keys, plans)


def _area_labels(keys: set[str], plans: list[AnnualPlan]) -> list[tuple[str, str, dict[str, str]]]:
    """Single places by name, then what several share, then the whole city, then what is not fixed."""
    names = {unit.code: unit for unit in AdminUnit.objects.filter(projects__lines__round__plan__in=plans).distinct()}
    scopes = {Project.AreaScope.WHOLE_CITY: 2, Project.AreaScope.NOT_FIXED: 3}

    def units_of(key: str) -> list[AdminUnit]:
        return sorted((names[code] for code in key.split(SHARED)), key=lambda unit: bytes(unit.name_key))

    def order(key: str) -> tuple[int, bytes]:
        if key in scopes:
            return (scopes[Project.AreaScope(key)], b"")
        units = units_of(key)
        return (int(len(units) > 1), b"\0".join(bytes(unit.name_key) for unit in units))

    rows = []
    for key in sorted(keys, key=order):
        if key in scopes:
            label = str(Project.AreaScope(key).label)
        else:
            label = ", ".join(unit.bare_name for unit in units_of(key))
        rows.append((key, label, {"area": key}))
    return rows
