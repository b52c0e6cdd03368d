"""Figures grouped by dimensions, and the rows behind each: the same query, summed or read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

from django.db.models import BigIntegerField, CharField, Q, Sum, Value
from django.db.models import Count as CountOf
from django_cte import CTE, with_cte

from khuyencong.asof import AsOf
from projects.figures.dimensions import Dimension, pace_of_line
from projects.figures.measures import APPROVED, REQUESTED, Count, Measure
from projects.figures.question import Question
from projects.models import Pace

Keys = tuple[Any, ...]
NOTHING = Value(None, output_field=BigIntegerField())
UNASKED = ""  # in the place of a pace


@dataclass
class TabulatedCells:
    """Sums in đồng, and projects with their pace where a count asks for it, by the keys of the dimensions.

    Where each project stands under one key its projects are numbers, by their pace; elsewhere they are named, so that
    one that stands under several keys counts once in their sum.
    """

    money: dict[Keys, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    numbers: dict[Keys, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    projects: dict[Keys, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def keys(self) -> set[Keys]:
        return {*self.money, *self.numbers, *self.projects}

    def number_of(self, count: Count, keys: Iterable[Keys]) -> int:
        """How many projects under any of the keys the count takes."""
        if self.numbers:
            return sum(n for key in keys for pace, n in self.numbers.get(key, {}).items() if count.takes(pace))
        return len({pk for key in keys for pk, pace in self.projects.get(key, {}).items() if count.takes(pace)})


def tabulate(
    question: Question, dimensions: Sequence[Dimension], measures: Sequence[Measure], counts: Sequence[Count] = ()
) -> TabulatedCells:
    """One statement for all tables of money, with the counts, where lines say something of them; else one for each."""
    cells = TabulatedCells()
    if not question.plans:
        return cells
    lines = keyed_lines(question, dimensions, counts)
    # What lines say stands first, or SQLite begins with the money of all years in the order of its sources.
    ordered = sorted(dimensions, key=lambda dimension: dimension.of_money is not None)
    parts = [
        GroupedRows(under_keys(question, lines, table, ordered), cells.money, _sums_of(here))
        for table, here in _by_table(measures).items()
    ]
    is_of_projects = not question.source and all(dimension.is_of_project for dimension in dimensions)
    if counts and lines is not None and is_of_projects:
        parts.append(
            GroupedRows(with_cte(lines, select=lines.queryset().order_by()), cells.numbers, _numbers_of(counts))
        )
    places, groups = [ordered.index(dimension) for dimension in dimensions], grouper(question, dimensions)
    for number, *row in _grouped(parts, names_of(ordered), at_once=lines is not None):
        part = parts[number]
        for keys in groups([row[place] for place in places]):
            for name, amount in zip(part.figures, row[len(places) :], strict=False):
                if amount is not None:
                    part.cells[keys][name] = part.cells[keys].get(name, 0) + amount
    if counts and not cells.numbers:
        for keys, project, pace in members(question, dimensions, counts):
            cells.projects[keys][project] = pace
    return cells


@dataclass(frozen=True)
class GroupedRows:
    """Rows that are grouped alike, the figures that are taken of each group, and the cells into which they go."""

    rows: Any
    cells: dict[Keys, dict[Any, int]]
    figures: Mapping[Any, Any]


def _grouped(parts: Sequence[GroupedRows], names: Sequence[str], *, at_once: bool) -> Iterator[tuple[Any, ...]]:
    """The place of the part, the keys, and the figures, of which one part has more than another.

    ``at_once`` is for parts that join the same lines. For tables that have nothing in common PostgreSQL would start
    workers, which takes longer than to read a year.
    """
    width = max((len(part.figures) for part in parts), default=0)
    queries = []
    # The first names the types of the columns, so it has to fill all of them.
    for place, part in sorted(enumerate(parts), key=lambda one: -len(one[1].figures)):
        missing = [NOTHING] * (width - len(part.figures)) if at_once else []
        columns = {f"figure_{number}": figure for number, figure in enumerate([*part.figures.values(), *missing])}
        queries.append(part.rows.annotate(part=Value(place)).values_list("part", *names).annotate(**columns))
    if at_once and len(queries) > 1:
        queries = [queries[0].union(*queries[1:], all=True)]
    for query in queries:
        yield from query


def _by_table(measures: Sequence[Measure]) -> dict[Any, list[Measure]]:
    """Measures of one table are summed together: each over some of its rows."""
    found: dict[Any, list[Measure]] = defaultdict(list)
    for measure in measures:
        found[measure.table].append(measure)
    return found


def _sums_of(measures: Sequence[Measure]) -> dict[str, Any]:
    return {one.key: Sum("amount_vnd", filter=one.only or None) for one in measures}


def _numbers_of(counts: Sequence[Count]) -> dict[str, Any]:
    """How many projects there are, by their pace where a count asks for it."""
    if not _ask_for_pace(counts):
        return {UNASKED: CountOf("project", distinct=True)}
    return {pace: CountOf("project", distinct=True, filter=Q(pace=pace)) for pace in Pace.values}


def names_of(dimensions: Sequence[Dimension]) -> list[str]:
    """Of the columns that hold their keys."""
    return [f"key_{dimension.key}" for dimension in dimensions]


def keyed_lines(question: Question, dimensions: Sequence[Dimension], counts: Sequence[Count] = ()) -> CTE | None:
    """The lines with what they say of the dimensions: found once in a statement, however many rows of money join.

    None where money says all of it by itself.
    """
    if all(dimension.of_money for dimension in dimensions):
        return None
    lines, names = _said_by_lines(question, [one for one in dimensions if one.of_money is None])
    return CTE(lines.annotate(pace=_pace(question, counts)).values("pk", "project", "pace", *names), name="lines")


def under_keys(
    question: Question, lines: CTE | None, table: Callable[[AsOf], Any], dimensions: Sequence[Dimension]
) -> Any:
    """The rows of a table of money with the keys of the dimensions; joined with the lines where only those say them.

    Without that need they are not: SQLite may then begin with the money of all years.
    """
    keys = {
        name: dimension.of_money(question) if dimension.of_money else getattr(lines.col, name)
        for name, dimension in zip(names_of(dimensions), dimensions, strict=True)
    }
    if lines is None:
        return question.money(table).annotate(**keys)
    rows = lines.join(question.of_any_line(table), plan_line=lines.col.pk)
    return with_cte(lines, select=rows.annotate(**keys))


def grouper(question: Question, dimensions: Sequence[Dimension]) -> Callable[[Sequence[Any]], list[Keys]]:
    """Finds the groups of what a row says; each combination once, of which thousands of rows share a few."""

    @cache
    def groups(said: tuple[Any, ...]) -> list[Keys]:
        each = (dimension.keys(one, question) for dimension, one in zip(dimensions, said, strict=True))
        return list(product(*each))

    return lambda said: groups(tuple(said))


def members(
    question: Question, dimensions: Sequence[Dimension], counts: Sequence[Count]
) -> Iterator[tuple[Keys, int, str]]:
    """Each project under its keys, with its pace. It stands under a source when it asked for or got its money."""
    if not question.source and all(dimension.of_line for dimension in dimensions):
        yield from _members_by_line(question, dimensions, counts)
        return
    paces = dict(question.lines.annotate(pace=_pace(question, counts)).values_list("project", "pace"))
    lines, names, groups = keyed_lines(question, dimensions), names_of(dimensions), grouper(question, dimensions)
    asked, got = (
        under_keys(question, lines, measure.table, dimensions)
        .filter(measure.only)
        .values_list(*names, "plan_line__project")
        for measure in (REQUESTED, APPROVED)
    )
    seen = set()
    for *said, project in asked.union(got):
        seen.add(project)
        for keys in groups(said):
            yield keys, project, paces[project]
    if not question.source and not paces.keys() <= seen:  # a project whose money nobody has typed: under no source
        for keys, project, pace in _members_by_line(question, dimensions, counts):
            if project not in seen:
                yield keys, project, pace


def _members_by_line(
    question: Question, dimensions: Sequence[Dimension], counts: Sequence[Count]
) -> Iterator[tuple[Keys, int, str]]:
    lines, names = _said_by_lines(question, dimensions)
    groups = grouper(question, dimensions)
    lines = lines.annotate(pace=_pace(question, counts))
    for *said, project, pace in lines.values_list(*names, "project", "pace").distinct():
        for keys in groups(said):
            yield keys, project, pace


def _said_by_lines(question: Question, dimensions: Sequence[Dimension]) -> tuple[Any, list[str]]:
    """The lines with the keys of the dimensions, and the names of those columns."""
    names = names_of(dimensions)
    said = [dimension.of_line(question) if dimension.of_line else NOTHING for dimension in dimensions]
    return question.lines.annotate(**dict(zip(names, said, strict=True))), names


def _ask_for_pace(counts: Sequence[Count]) -> bool:
    return any(count.pace is not None for count in counts)


def _pace(question: Question, counts: Sequence[Count]) -> Any:
    """Of the project of a line; nothing when no count asks for it."""
    return pace_of_line(question) if _ask_for_pace(counts) else Value(UNASKED, output_field=CharField())


def assigned(question: Question) -> dict[Any, int]:
    """Đồng assigned to the plans, by source."""
    return question.allocations().amounts_by("source")
