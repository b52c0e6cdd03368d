"""Figures grouped by dimensions, and the rows behind each: the same query, summed or read."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product
from typing import Any

from django.db.models import BigIntegerField, BooleanField, OuterRef, Subquery, Sum, Value
from django.db.models import Count as CountOf

from khuyencong.asof import NOW, AsOf
from programmes.models import AdminUnit, AllocationEntry, AnnualPlan
from projects.areas import Units, units_on, units_then
from projects.dimensions import GROUP, JOINED, NONE, Dimension
from projects.former import FormerText, former_areas, former_helped, former_texts, former_units
from projects.measures import APPROVED, REQUESTED, Count, Measure, rows_of
from projects.models import Beneficiary, PlanLine, ProgressReport, Project

Keys = tuple[Any, ...]
MAX_NAMED = 500
NO_KEY = Value(None, output_field=BigIntegerField())


@dataclass(frozen=True)
class Question:
    """Of which plans, as of when, and narrowed to what. ``since`` is the first day of what moved in a period.

    ``only`` are the projects that it is about, all of them without. ``units_day`` asks for areas in the
    administrative units of that day instead of those that the projects name.
    """

    plans: Sequence[AnnualPlan]
    as_of: AsOf = NOW
    since: dt.date | None = None
    source: str = ""
    activity: str = ""
    only: frozenset[int] | None = None
    units_day: dt.date | None = None

    @cached_property
    def former(self) -> dict[int, FormerText]:
        """Projects that stood elsewhere, or were called otherwise, on the day."""
        return former_texts(Project.objects.in_plans(self.plans), self.as_of)

    @cached_property
    def _standing(self) -> dict[int, tuple[str, str, bool]] | None:
        """Of the projects that do not count, or stood otherwise on the day: the status now and then, and whether they
        count. They are nearly always few, and then quicker named than asked of each row; None where they are many."""
        projects = Project.objects.in_plans(self.plans).standing_apart(self.as_of).order_by()
        found = list(projects.values_list("pk", "status", "then", "created_at")[: MAX_NAMED + 1])
        if len(found) > MAX_NAMED:
            return None
        return {
            pk: (now, then, then not in Project.UNCOUNTED and self.as_of.has_recorded(created_at))
            for pk, now, then, created_at in found
        }

    @property
    def former_statuses(self) -> dict[int, str] | None:
        """Statuses of the projects that had another one on the day; None where they are too many to name."""
        if self._standing is None:
            return None
        return {pk: then for pk, (now, then, _counts) in self._standing.items() if then != now}

    @cached_property
    def former_areas(self) -> dict[int, str]:
        return former_areas(self.former)

    @cached_property
    def _then_helped(self) -> dict[int, list[Beneficiary | None]]:
        return former_helped(self.former)

    @cached_property
    def former_helped(self) -> dict[int, str]:
        """Who was helped in the projects that stood otherwise, as :data:`projects.dimensions.BENEFICIARY` says it."""
        found = self._then_helped.items()
        return {pk: JOINED.join(str(one.pk) if one else NONE for one in helped) or NONE for pk, helped in found}

    @cached_property
    def former_types(self) -> dict[int, str]:
        found = self._then_helped.items()
        return {pk: JOINED.join(one.type if one else GROUP for one in helped) or NONE for pk, helped in found}

    @cached_property
    def units(self) -> Units:
        """Every unit that one of the projects names."""
        named = AdminUnit.objects.named_by(Project.objects.in_plans(self.plans))
        units = [*former_units(self.former.values()), *named]
        return units_on(units, self.units_day) if self.units_day else units_then(units)

    def units_of(self, codes: set[str]) -> Units:
        """Those of the codes alone; where a code has had several bearers it is asked whom the projects name."""
        if self.units_day:
            return self.units
        found = list(AdminUnit.objects.with_codes(codes))
        bearers = Counter(unit.code for unit in found)
        unclear = {code for code in codes if bearers[code] != 1}
        if not unclear:
            return units_then(found)
        named = AdminUnit.objects.with_codes(unclear).named_by(Project.objects.in_plans(self.plans))
        clear = [unit for unit in found if unit.code not in unclear]
        return units_then([*former_units(self.former.values()), *clear, *named])

    @property
    def uncounted(self) -> list[int] | None:
        """Projects that do not count as of then; None where they are too many to name."""
        if self._standing is None:
            return None
        return [pk for pk, (_now, _then, counts) in self._standing.items() if not counts]

    def counted(self, rows: Any, project: str) -> Any:
        """Those rows that belong to projects which count, by the path to the project."""
        if self.uncounted is None:
            return rows.counted(self.as_of)
        return rows.exclude(**{f"{project}__in": self.uncounted}) if self.uncounted else rows

    def money(self, measure: Measure) -> Any:
        """The rows of the measure, of all that is asked."""
        return self.table(measure.table).filter(measure.only)

    def table(self, table: Callable[[AsOf], Any]) -> Any:
        """The rows of a table of money, of all that is asked."""
        rows = rows_of(table, self.as_of, self.since).for_plans(self.plans)
        return self.narrowed(self.counted(rows, "plan_line__project"))

    def allocations(self) -> Any:
        """What was assigned to the plans. An envelope is of a source: no content and no project has a part in it."""
        rows = AllocationEntry.objects.for_plans(self.plans).effective_by(self.as_of).since(self.since)
        if self.activity or self.only is not None:
            return rows.none()
        return (rows.from_source(self.source) if self.source else rows).order_by()

    def narrowed(self, rows: Any) -> Any:
        if self.source:
            rows = rows.from_source(self.source)
        if self.activity:
            rows = rows.of_activity(self.activity)
        if self.only is not None:
            rows = rows.of_projects(self.only)
        return rows.order_by()

    @cached_property
    def lines(self) -> Any:
        """Lines of the counted projects, of all that is asked but for the source."""
        lines = self.counted(PlanLine.objects.for_plans(self.plans), "project").order_by()
        if self.activity:
            lines = lines.of_activity(self.activity)
        return lines if self.only is None else lines.of_projects(self.only)


@dataclass
class Cells:
    """Sums in đồng, and projects with what their latest reports say, by the keys of the dimensions.

    Where each project stands under one key its projects are numbers, by their flag; elsewhere they are named, so that
    one that stands under several keys counts once in their sum.
    """

    money: dict[Keys, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    numbers: dict[Keys, dict[bool | None, int]] = field(default_factory=lambda: defaultdict(dict))
    projects: dict[Keys, dict[int, bool | None]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def keys(self) -> set[Keys]:
        return {*self.money, *self.numbers, *self.projects}

    def counted(self, count: Count, keys: Iterable[Keys]) -> int:
        """How many projects under any of the keys the count takes."""
        if self.numbers:
            return sum(n for key in keys for flag, n in self.numbers.get(key, {}).items() if count.takes(flag))
        return len({pk for key in keys for pk, flag in self.projects.get(key, {}).items() if count.takes(flag)})


def tabulate(
    question: Question, dimensions: Sequence[Dimension], measures: Sequence[Measure], counts: Sequence[Count] = ()
) -> Cells:
    """One grouped query for all sums, and one or two for the projects; none where there is no plan."""
    cells = Cells()
    if not question.plans:
        return cells
    for keys, kind, amount in _sums(question, dimensions, measures):
        row = cells.money[keys]
        row[kind] = row.get(kind, 0) + amount
    if counts and not question.source and all(dimension.is_of_project for dimension in dimensions):
        for keys, flag, number in _numbers(question, dimensions, counts):
            found = cells.numbers[keys]
            found[flag] = found.get(flag, 0) + number
    elif counts:
        for keys, project, flag in members(question, dimensions, counts):
            cells.projects[keys][project] = flag
    return cells


def _sums(
    question: Question, dimensions: Sequence[Dimension], measures: Sequence[Measure]
) -> Iterator[tuple[Keys, str, int]]:
    """One grouped query for each table of money: its measures are sums over some of its rows."""
    names, groups = [f"key_{dimension.key}" for dimension in dimensions], grouper(question, dimensions)
    by_table: dict[Any, list[Measure]] = defaultdict(list)
    for measure in measures:
        by_table[measure.table].append(measure)
    for table, here in by_table.items():
        sums = {f"sum_{one.key}": Sum("amount_vnd", filter=one.only or None) for one in here}
        rows = question.table(table).annotate(**expressions(question, dimensions)).values(*names)
        for row in rows.annotate(**sums).values_list(*names, *sums) if names else [_whole(question, table, sums)]:
            found = [(one.key, vnd) for one, vnd in zip(here, row[len(names) :], strict=True) if vnd is not None]
            for keys in groups(row[: len(names)]):
                for key, amount in found:
                    yield keys, key, amount


def _whole(question: Question, table: Callable[[AsOf], Any], sums: dict[str, Any]) -> tuple[int | None, ...]:
    """The sums of everything, without groups."""
    return tuple(question.table(table).aggregate(**sums).values())


def expressions(question: Question, dimensions: Sequence[Dimension]) -> dict[str, Any]:
    return {f"key_{dimension.key}": dimension.of_money(question) for dimension in dimensions}


def grouper(question: Question, dimensions: Sequence[Dimension]) -> Callable[[Sequence[Any]], list[Keys]]:
    """Finds the groups of what a row says; each combination once, of which thousands of rows share a few."""

    @cache
    def groups(said: tuple[Any, ...]) -> list[Keys]:
        each = (dimension.keys(one, question) for dimension, one in zip(dimensions, said, strict=True))
        return list(product(*each))

    return lambda said: groups(tuple(said))


def _numbers(
    question: Question, dimensions: Sequence[Dimension], counts: Sequence[Count]
) -> Iterator[tuple[Keys, bool | None, int]]:
    """How many projects stand under each key, by their flag."""
    lines, names = _keyed_lines(question, dimensions)
    groups = grouper(question, dimensions)
    lines = lines.annotate(flag=_flag(question, counts))
    for *said, flag, number in lines.values_list(*names, "flag").annotate(number=CountOf("project", distinct=True)):
        for keys in groups(said):
            yield keys, flag, number


def members(
    question: Question, dimensions: Sequence[Dimension], counts: Sequence[Count]
) -> Iterator[tuple[Keys, int, bool | None]]:
    """Each project under its keys, with its flag. It stands under a source when it asked for or got its money."""
    if not question.source and all(dimension.of_line for dimension in dimensions):
        yield from _members_by_line(question, dimensions, counts)
        return
    flags = dict(question.lines.annotate(flag=_flag(question, counts)).values_list("project", "flag"))
    names, groups = [f"key_{dimension.key}" for dimension in dimensions], grouper(question, dimensions)
    asked, got = (
        question.money(measure).annotate(**expressions(question, dimensions)).values_list(*names, "plan_line__project")
        for measure in (REQUESTED, APPROVED)
    )
    seen = set()
    for *said, project in asked.union(got):
        seen.add(project)
        for keys in groups(said):
            yield keys, project, flags[project]
    if not question.source and not flags.keys() <= seen:  # a project whose money nobody has typed: under no source
        for keys, project, flag in _members_by_line(question, dimensions, counts):
            if project not in seen:
                yield keys, project, flag


def _members_by_line(
    question: Question, dimensions: Sequence[Dimension], counts: Sequence[Count]
) -> Iterator[tuple[Keys, int, bool | None]]:
    lines, names = _keyed_lines(question, dimensions)
    groups = grouper(question, dimensions)
    lines = lines.annotate(flag=_flag(question, counts))
    for *said, project, flag in lines.values_list(*names, "project", "flag").distinct():
        for keys in groups(said):
            yield keys, project, flag


def _keyed_lines(question: Question, dimensions: Sequence[Dimension]) -> tuple[Any, list[str]]:
    keys = {
        f"key_{dimension.key}": dimension.of_line(question) if dimension.of_line else NO_KEY for dimension in dimensions
    }
    return question.lines.annotate(**keys), list(keys)


def _flag(question: Question, counts: Sequence[Count]) -> Any:
    """Whether the project of a line is on schedule by its latest report; nothing when no count asks for it."""
    if all(count.flags is None for count in counts):
        return Value(None, output_field=BooleanField())
    reports = ProgressReport.objects.up_to(question.as_of).filter(project=OuterRef("project")).order_by("-month")
    return Subquery(reports.values("is_on_schedule")[:1])


def assigned(question: Question) -> dict[Any, int]:
    """Đồng assigned to the plans, by source."""
    return dict(question.allocations().values_list("source").annotate(Sum("amount_vnd")))
