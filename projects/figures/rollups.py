"""Roll-ups of one year's plans by source, content, area and status, each with the filter that opens it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists

from khuyencong.asof import NOW, AsOf
from programmes.models import AnnualPlan
from projects.figures.dimensions import ACTIVITY, AREA, SOURCE, STATUS, Dimension
from projects.figures.keys import Keys
from projects.figures.measures import APPROVED, EXECUTED, INITIAL, ON_SCHEDULE, REQUESTED, Measure, approvals
from projects.figures.members import members
from projects.figures.question import Question
from projects.figures.reader import Reader
from projects.figures.tabulation import tabulate
from projects.figures.totals import Money, Schedule, total
from projects.ledger.optional_amounts import add, unallocated
from projects.models import ExecutedAmount

DIMENSIONS = (SOURCE, ACTIVITY, AREA, STATUS)


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
    def unallocated_vnd(self) -> int | None:
        return unallocated(self.assigned_vnd, self.money.approved_vnd)


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
    def unallocated_vnd(self) -> int | None:
        return unallocated(self.assigned_vnd, self.money.approved_vnd)


def reported_approvals(as_of: AsOf) -> Any:
    """Approvals of each line × content × source of which spending is reported by that day."""
    return approvals(as_of).filter(Exists(ExecutedAmount.objects.reported_by(as_of).of_cell()))


COVERED = Measure("covered_vnd", "", "", reported_approvals)
MONEY = (REQUESTED, APPROVED, EXECUTED, COVERED)


@dataclass(frozen=True)
class RollUpFacts:
    """What the roll-ups of some plans are made of, read once for all of them."""

    reader: Reader
    # Đồng by measure, under the keys of all the dimensions together.
    money: Mapping[Keys, Mapping[str, int]]
    # The projects in each group, and the pace of each.
    members: Mapping[Dimension, Mapping[Any, set[int]]]
    paces: Mapping[int, str]
    assigned: Mapping[Any, int]


def roll_up(plans: Iterable[AnnualPlan], dimension: Dimension, as_of: AsOf = NOW) -> RollUp:
    """The plans' figures by the dimension as of then, in a fixed number of queries."""
    return _roll_ups(plans, (dimension,), as_of)[dimension]


def roll_ups(plans: Iterable[AnnualPlan], as_of: AsOf = NOW) -> dict[Dimension, RollUp]:
    """All four, in hardly more queries than one of them."""
    return _roll_ups(plans, DIMENSIONS, as_of)


def _roll_ups(plans: Iterable[AnnualPlan], by: Sequence[Dimension], as_of: AsOf) -> dict[Dimension, RollUp]:
    facts = _read(Reader(Question(list(plans), as_of)), by)
    return {dimension: _roll_up(facts, dimension, place) for place, dimension in enumerate(by)}


def _read(reader: Reader, by: Sequence[Dimension]) -> RollUpFacts:
    """A project is in a source's group if it asked for or got its money, in others' by what its line says."""
    found: dict[Dimension, dict[Any, set[int]]] = {dimension: defaultdict(set) for dimension in by}
    paces: dict[int, str] = {}
    by_source = [dimension for dimension in by if dimension is SOURCE]
    by_line = [dimension for dimension in by if dimension is not SOURCE]
    for together in (by_source, by_line):
        if not together:
            continue
        for keys, project, pace in members(reader, together, (ON_SCHEDULE,)):
            paces[project] = pace
            for dimension, key in zip(together, keys, strict=True):
                found[dimension][key].add(project)
    for dimension in by_source:
        found[dimension].pop(None, None)
    money = tabulate(reader, by, (*MONEY, INITIAL)).money
    return RollUpFacts(reader, money, found, paces, reader.assigned())


def _roll_up(facts: RollUpFacts, dimension: Dimension, place: int) -> RollUp:
    amounts: dict[Any, Counter[str]] = defaultdict(Counter)
    for keys, sums in facts.money.items():
        amounts[keys[place]].update(sums)
    groups = facts.members[dimension]
    given = facts.assigned if dimension is SOURCE else {}
    rows = [
        RollUpRow(
            key=label.key,
            label=label.text,
            money=Money(**{one.key: amounts[label.key].get(one.key) for one in MONEY}),
            schedule=Schedule.of(facts.paces[project] for project in groups.get(label.key, ())),
            filters=dict(label.filters or {}),
            initial_vnd=amounts[label.key].get(INITIAL.key),
            assigned_vnd=given.get(label.key),
            is_shared=label.is_shared,
        )
        for label in dimension.labels({*amounts, *groups, *given}, facts.reader)
    ]
    return RollUp(
        dimension,
        rows,
        total(row.money for row in rows),
        Schedule.of(facts.paces.values()),
        add(*(row.initial_vnd for row in rows)),
        add(*facts.assigned.values()),
    )
