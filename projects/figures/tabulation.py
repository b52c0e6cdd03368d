"""Figures grouped by dimensions: money summed, projects counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Q, Sum, Value
from django_cte import with_cte

from projects.figures.dimensions import Dimension
from projects.figures.grouping import NOTHING, UNASKED, Grouping
from projects.figures.keys import Keys
from projects.figures.measures import Count, Measure
from projects.figures.members import members
from projects.figures.reader import Reader
from projects.models import Pace


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
    reader: Reader, dimensions: Sequence[Dimension], measures: Sequence[Measure], counts: Sequence[Count] = ()
) -> TabulatedCells:
    """One statement for all tables of money, with the counts, where lines say something of them; else one for each."""
    cells = TabulatedCells()
    if not reader.question.plans:
        return cells
    grouping = Grouping(reader, dimensions, counts)
    parts = [*_numbers_of_projects(grouping, cells), *_sums_by_table(grouping, measures, cells)]
    for part, said, amounts in _read(parts, grouping):
        part.add(grouping.keys_of(*said), amounts)
    if counts and not cells.numbers:
        for keys, project, pace in members(reader, dimensions, counts):
            cells.projects[keys][project] = pace
    return cells


@dataclass(frozen=True)
class GroupedRows:
    """Rows that are grouped alike, the figures that are taken of each group, and the cells into which they go."""

    rows: Any
    figures: Mapping[str, Any]
    cells: dict[Keys, dict[str, int]]

    def query(self, number: int, keys: Iterable[str], width: int) -> Any:
        """The number, the keys and the figures of each group, filled up with nothing to that ``width``."""
        figures = [*self.figures.values(), *[NOTHING] * (width - len(self.figures))]
        columns = {f"figure_{place}": figure for place, figure in enumerate(figures)}
        return self.rows.annotate(part=Value(number)).values_list("part", *keys).annotate(**columns)

    def add(self, groups: Iterable[Keys], amounts: Sequence[int | None]) -> None:
        """A figure of which nothing is recorded makes no cell."""
        for keys in groups:
            for name, amount in zip(self.figures, amounts, strict=False):
                if amount is not None:
                    self.cells[keys][name] = self.cells[keys].get(name, 0) + amount


def _sums_by_table(grouping: Grouping, measures: Iterable[Measure], cells: TabulatedCells) -> Iterator[GroupedRows]:
    """Measures of one table are summed together: each over some of its rows."""
    sums: dict[Any, dict[str, Any]] = defaultdict(dict)
    for one in measures:
        sums[one.table][one.key] = Sum("amount_vnd", filter=one.only or None)
    for table, figures in sums.items():
        yield GroupedRows(grouping.money(table), figures, cells.money)


def _numbers_of_projects(grouping: Grouping, cells: TabulatedCells) -> Iterator[GroupedRows]:
    """How many there are, by their pace where a count asks for it, if lines say under which one key each stands."""
    lines = grouping.shared_lines
    stand_under_one_key = all(dimension.is_of_project for dimension in grouping.dimensions)
    if not grouping.counts or lines is None or grouping.reader.question.source or not stand_under_one_key:
        return
    figures = {pace: CountOf("project", distinct=True, filter=Q(pace=pace)) for pace in Pace.values}
    if not grouping.asks_for_pace:
        figures = {UNASKED: CountOf("project", distinct=True)}
    yield GroupedRows(with_cte(lines, select=lines.queryset().order_by()), figures, cells.numbers)


def _read(
    parts: Iterable[GroupedRows], grouping: Grouping
) -> Iterator[tuple[GroupedRows, Sequence[Any], Sequence[int | None]]]:
    """Each group of each part, with what is said of it and its figures; at once where parts join the same lines.

    For tables that have nothing in common PostgreSQL would start workers, which takes longer than to read a year.
    """
    # The first of a union names the types of its columns, so it has to fill all of them.
    fullest_first = sorted(parts, key=lambda part: -len(part.figures))
    at_once = grouping.shared_lines is not None and len(fullest_first) > 1
    width = len(fullest_first[0].figures) if at_once else 0
    queries = [part.query(number, grouping.columns, width) for number, part in enumerate(fullest_first)]
    if at_once:
        queries = [queries[0].union(*queries[1:], all=True)]
    size = len(grouping.columns)
    for number, *row in chain.from_iterable(queries):
        yield fullest_first[number], row[:size], row[size:]
