"""Roll-ups of one year's plans by source, content, area and status, each row with the filter that opens it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from khuyencong.ledger import STATE_LEVELS
from programmes.models import ActivityType, AdminUnit, AllocationEntry, AnnualPlan, FundingSource
from projects.figures import Money, Schedule, add, total
from projects.models import ApprovalEntry, CostLine, ExecutedAmount, PlanLine, Project
from projects.models.querysets import area_expression

SHARED = "+"


class Dimension(StrEnum):
    SOURCE = "source"
    ACTIVITY = "activity"
    AREA = "area"
    STATUS = "status"


# Where each dimension is found from a row of money, and from a plan line.
MONEY_PATHS = {
    Dimension.SOURCE: "source",
    Dimension.ACTIVITY: "component__activity_type",
    Dimension.STATUS: "plan_line__project__status",
}
LINE_PATHS = {Dimension.ACTIVITY: "project__components__activity_type", Dimension.STATUS: "project__status"}


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
    """The groups and their total. Projects count once in the total even where they stand in several groups."""

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


def area_key(codes_or_scope: str) -> str:
    """The key of an area, its codes in order: “314+311” and “311+314” are one."""
    return SHARED.join(sorted(set(codes_or_scope.split(SHARED))))


def roll_up(plans: Iterable[AnnualPlan], dimension: Dimension, as_of: dt.date | None = None) -> RollUp:
    """The plans' figures by the dimension on a day, in a fixed number of queries."""
    plans = list(plans)
    money = _money(plans, dimension, as_of)
    members = _members(plans, dimension, as_of)
    flags = _schedule_flags(plans, as_of)
    assigned = _assigned(plans, as_of)
    labels = _labels(dimension, money.keys() | members.keys() | _assigned_keys(dimension, assigned), plans)
    rows = [
        RollUpRow(
            key=key,
            label=label,
            money=money.get(key, Money()),
            schedule=Schedule.of(flags[project] for project in members.get(key, ())),
            filters=filters,
            assigned_vnd=assigned.get(key) if dimension is Dimension.SOURCE else None,
            is_shared=dimension is Dimension.AREA and SHARED in key,
        )
        for key, label, filters in labels
    ]
    return RollUp(
        dimension, rows, total(row.money for row in rows), Schedule.of(flags.values()), add(*assigned.values())
    )


def _assigned(plans: list[AnnualPlan], as_of: dt.date | None) -> dict[int, int]:
    entries = AllocationEntry.objects.for_plans(plans).effective_by(as_of).order_by()
    return dict(entries.values_list("source").annotate(Sum("amount_vnd")))


def _assigned_keys(dimension: Dimension, assigned: dict[int, int]) -> set[int]:
    return set(assigned) if dimension is Dimension.SOURCE else set()


def _money(plans: list[AnnualPlan], dimension: Dimension, as_of: dt.date | None) -> dict[Any, Money]:
    def sums(rows: Any) -> dict[Any, int]:
        rows = rows.for_plans(plans).counted().order_by()
        if dimension is Dimension.AREA:
            grouped = rows.annotate(area=area_expression("plan_line__project")).values_list("area")
        else:
            grouped = rows.values_list(MONEY_PATHS[dimension])
        merged: dict[Any, int] = defaultdict(int)
        for key, amount in grouped.annotate(Sum("amount_vnd")):
            merged[area_key(key) if dimension is Dimension.AREA else key] += amount
        return merged

    requested = sums(CostLine.objects.state_money())
    approved = sums(ApprovalEntry.objects.effective_by(as_of))
    executed = sums(ExecutedAmount.objects.latest(as_of))
    keys = requested.keys() | approved.keys() | executed.keys()
    return {key: Money(requested.get(key), approved.get(key), executed.get(key)) for key in keys}


def _members(plans: list[AnnualPlan], dimension: Dimension, as_of: dt.date | None) -> dict[Any, set[int]]:
    """The projects in each group. A project is in a source's group when it asked or got money from it."""
    lines = PlanLine.objects.for_plans(plans).counted().order_by()
    if dimension is Dimension.SOURCE:
        asked = CostLine.objects.state_money().for_plans(plans).counted().order_by()
        got = ApprovalEntry.objects.effective_by(as_of).for_plans(plans).counted().order_by()
        path = ("source", "plan_line__project")
        pairs = asked.values_list(*path).union(got.values_list(*path))
    elif dimension is Dimension.AREA:
        pairs = lines.with_area().values_list("area", "project").distinct()
    else:
        pairs = lines.values_list(LINE_PATHS[dimension], "project").distinct()
    members: dict[Any, set[int]] = defaultdict(set)
    for key, project in pairs:
        members[area_key(key) if dimension is Dimension.AREA else key].add(project)
    return members


def _schedule_flags(plans: list[AnnualPlan], as_of: dt.date | None) -> dict[int, bool | None]:
    projects = Project.objects.in_plans(plans).counted().with_latest_report(as_of).order_by()
    return dict(projects.values_list("pk", "latest_on_schedule"))


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

    def order(key: str) -> tuple[int, bytes]:
        if key in scopes:
            return (scopes[Project.AreaScope(key)], b"")
        codes = key.split(SHARED)
        return (int(len(codes) > 1), b"\0".join(bytes(names[code].name_key) for code in codes))

    rows = []
    for key in sorted(keys, key=order):
        label = (
            str(Project.AreaScope(key).label)
            if key in scopes
            else ", ".join(names[code].bare_name for code in key.split(SHARED))
        )
        rows.append((key, label, {"area": key}))
    return rows
