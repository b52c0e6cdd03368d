"""Roll-ups of one year's plans by source, content, area and status, each with the filter that opens it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Subquery, Sum, Value
from django.utils.translation import gettext as _

from khuyencong.asof import NOW, AsOf
from khuyencong.ledger import STATE_LEVELS, Nature
from programmes.models import ActivityType, AdminUnit, AllocationEntry, AnnualPlan, FundingSource
from projects.figures import Money, Schedule, add, total
from projects.former import FormerText, former_areas, former_texts, former_units
from projects.models import ApprovalEntry, CostLine, ExecutedAmount, PlanLine, ProgressReport, Project
from projects.models.standing import area_expression, status_expression

SHARED = "+"
PROJECT = "plan_line__project"
INITIAL = "initial_vnd"


class Dimension(StrEnum):
    SOURCE = "source"
    ACTIVITY = "activity"
    AREA = "area"
    STATUS = "status"


@dataclass(frozen=True)
class RollUpRow:
    """One group. ``filters`` are the query parameters of the project list that open just its rows.

    ``initial_vnd`` is what was approved at first, before any adjustment and with slips of typing put right.
    """

    key: Any
    label: str
    money: Money
    schedule: Schedule
    filters: dict[str, str]
    initial_vnd: int | None = None
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
    initial_vnd: int | None
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
    initial: dict[tuple[Any, ...], int]
    # The projects in each group, and what their latest reports say.
    members: dict[Dimension, dict[Any, set[int]]]
    flags: dict[int, bool | None]
    assigned: dict[int, int]
    # Projects that stood elsewhere, or were called otherwise, on the day.
    former: dict[int, FormerText]


# The place of each dimension in the keys of Facts.cells.
PLACES = {Dimension.SOURCE: 0, Dimension.ACTIVITY: 1, Dimension.AREA: 2, Dimension.STATUS: 3}


def area_key(codes_or_scope: str) -> str:
    """The key of an area, its codes in order: “314+311” and “311+314” are one."""
    return SHARED.join(sorted(set(codes_or_scope.split(SHARED))))


def roll_up(plans: Iterable[AnnualPlan], dimension: Dimension, as_of: AsOf = NOW) -> RollUp:
    """The plans' figures by the dimension as of then, in a fixed number of queries."""
    return _roll_up(read_facts(plans, as_of), dimension)


def roll_ups(plans: Iterable[AnnualPlan], as_of: AsOf = NOW) -> dict[Dimension, RollUp]:
    """All four, in hardly more queries than one of them."""
    facts = read_facts(plans, as_of)
    return {dimension: _roll_up(facts, dimension) for dimension in Dimension}


def _roll_up(facts: Facts, dimension: Dimension) -> RollUp:
    money: dict[Any, Money] = defaultdict(Money)
    for cell, amounts in facts.cells.items():
        money[cell[PLACES[dimension]]] += amounts
    initial: dict[Any, int] = defaultdict(int)
    for cell, amount in facts.initial.items():
        initial[cell[PLACES[dimension]]] += amount
    members = facts.members[dimension]
    assigned = facts.assigned if dimension is Dimension.SOURCE else {}
    rows = [
        RollUpRow(
            key=key,
            label=label,
            money=money.get(key, Money()),
            schedule=Schedule.of(facts.flags[project] for project in members.get(key, ())),
            filters=filters,
            initial_vnd=initial.get(key),
            assigned_vnd=assigned.get(key),
            is_shared=dimension is Dimension.AREA and SHARED in key,
        )
        for key, label, filters in _labels(dimension, {*money, *members, *assigned}, facts)
    ]
    return RollUp(
        dimension,
        rows,
        total(row.money for row in rows),
        Schedule.of(facts.flags.values()),
        add(*initial.values()),
        add(*facts.assigned.values()),
    )


def read_facts(plans: Iterable[AnnualPlan], as_of: AsOf = NOW) -> Facts:
    plans = list(plans)
    entries = AllocationEntry.objects.for_plans(plans).effective_by(as_of).order_by()
    former = former_texts(Project.objects.in_plans(plans), as_of)
    members, flags = _members(plans, as_of, former_areas(former))
    cells, initial = _cells(plans, as_of, former_areas(former))
    return Facts(
        plans=plans,
        cells=cells,
        initial=initial,
        former=former,
        members=members,
        flags=flags,
        assigned=dict(entries.values_list("source").annotate(Sum("amount_vnd"))),
    )


def _cells(
    plans: list[AnnualPlan], as_of: AsOf, former: dict[int, str]
) -> tuple[dict[tuple[Any, ...], Money], dict[tuple[Any, ...], int]]:
    """Money, and what was approved at first, by source, content, area and status together."""

    def sums(rows: Any, kind: str) -> Any:
        area, status = area_expression(PROJECT, former), status_expression(PROJECT, as_of)
        rows = rows.for_plans(plans).counted(as_of).order_by().annotate(area=area, status_then=status)
        keys = ("source", "component__activity_type", "area", "status_then")
        return rows.values_list(*keys).annotate(amount=Sum("amount_vnd"), kind=Value(kind))

    approved = ApprovalEntry.objects.effective_by(as_of)
    found = sums(CostLine.objects.state_money(), "requested_vnd").union(
        sums(approved, "approved_vnd"),
        sums(approved.in_column(Nature.INITIAL), INITIAL),
        sums(ExecutedAmount.objects.latest(as_of), "executed_vnd"),
        sums(approved.filter(_is_reported(as_of)), "covered_vnd"),
        all=True,
    )
    cells: dict[tuple[Any, ...], Money] = defaultdict(Money)
    initial: dict[tuple[Any, ...], int] = defaultdict(int)
    for source, activity, area, status, amount, kind in found:
        key = (source, activity, area_key(area), status)
        if kind == INITIAL:
            initial[key] += amount
        else:
            cells[key] += Money(**{kind: amount})
    return dict(cells), dict(initial)


def _is_reported(as_of: AsOf) -> Exists:
    """Whether spending of the row's line × content × source is reported by that day."""
    same = {name: OuterRef(name) for name in ("plan_line", "component", "source")}
    return Exists(ExecutedAmount.objects.reported_by(as_of).filter(**same))


def _members(
    plans: list[AnnualPlan], as_of: AsOf, former: dict[int, str]
) -> tuple[dict[Dimension, dict[Any, set[int]]], dict[int, bool | None]]:
    """The projects in each group, and their flags. A project is in a source's group if it asked or got its money."""
    members: dict[Dimension, dict[Any, set[int]]] = {dimension: defaultdict(set) for dimension in Dimension}
    flags: dict[int, bool | None] = {}
    reports = ProgressReport.objects.up_to(as_of).filter(project=OuterRef("project")).order_by("-month")
    lines = PlanLine.objects.for_plans(plans).counted(as_of).order_by().with_area(former).with_status(as_of)
    lines = lines.annotate(is_on_schedule=Subquery(reports.values("is_on_schedule")[:1]))
    keys = ("project", "project__components__activity_type", "area", "status_then", "is_on_schedule")
    for project, activity, area, status, flag in lines.values_list(*keys).distinct():
        members[Dimension.ACTIVITY][activity].add(project)
        members[Dimension.AREA][area_key(area)].add(project)
        members[Dimension.STATUS][status].add(project)
        flags[project] = flag
    asked = CostLine.objects.state_money().for_plans(plans).counted(as_of).order_by()
    got = ApprovalEntry.objects.effective_by(as_of).for_plans(plans).counted(as_of).order_by()
    path = ("source", "plan_line__project")
    for source, project in asked.values_list(*path).union(got.values_list(*path)):
        members[Dimension.SOURCE][source].add(project)
    return members, flags


def _labels(dimension: Dimension, keys: set[Any], facts: Facts) -> list[tuple[Any, str, dict[str, str]]]:
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
    return _area_labels(keys, facts)


def _area_labels(keys: set[str], facts: Facts) -> list[tuple[str, str, dict[str, str]]]:
    """Single places by name, then what several share, then the whole city, then what is not fixed."""
    named = AdminUnit.objects.filter(projects__lines__round__plan__in=facts.plans).distinct()
    names = {unit.code: unit for unit in [*former_units(facts.former.values()), *named]}
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
