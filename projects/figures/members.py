"""The projects that stand under each key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from projects.figures.dimensions import Dimension
from projects.figures.grouping import Grouping
from projects.figures.keys import Keys
from projects.figures.measures import APPROVED, REQUESTED, Count
from projects.figures.reader import Reader

Member = tuple[Keys, int, str]


def members(reader: Reader, dimensions: Sequence[Dimension], counts: Sequence[Count]) -> Iterator[Member]:
    """Each project under its keys, with its pace where a count asks for it.

    It stands under a source when it asked for or got its money.
    """
    grouping = Grouping(reader, dimensions, counts)
    if not reader.question.source and all(dimension.of_line for dimension in dimensions):
        return _by_lines(grouping)
    return _by_money(grouping)


def _by_lines(grouping: Grouping) -> Iterator[Member]:
    for *said, project, pace in grouping.lines.values_list(*grouping.columns, "project", "pace").distinct():
        for keys in grouping.keys_of(*said):
            yield keys, project, pace


def _by_money(grouping: Grouping) -> Iterator[Member]:
    paces = dict(grouping.keyed_lines(()).values_list("project", "pace"))
    seen = set()
    for *said, project in _with_money(replace(grouping, counts=())):
        seen.add(project)
        for keys in grouping.keys_of(*said):
            yield keys, project, paces[project]
    # A project whose money nobody has typed stands under no source.
    if not grouping.reader.question.source and not paces.keys() <= seen:
        yield from (member for member in _by_lines(grouping) if member[1] not in seen)


def _with_money(grouping: Grouping) -> Any:
    """What is said of each project that asked for money, or got some, and the project."""
    asked, got = (
        grouping.money(measure.table).filter(measure.only).values_list(*grouping.columns, "plan_line__project")
        for measure in (REQUESTED, APPROVED)
    )
    return asked.union(got)
