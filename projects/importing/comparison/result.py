"""What comes of a comparison: how each cell, each project and each sum of the file stands to the system."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from programmes.models import AnnualPlan
from projects.importing.layout.headers import Table
from projects.importing.layout.listed import ListRow
from projects.importing.lists.money_levels import MONEY
from projects.models import Project

ASKED, APPROVED = "asked", "approved"  # what is compared with the file: what the plan asks for, or what letters gave


class CellState(enum.Enum):
    """How a cell of the file stands to what the system holds."""

    EQUAL = "equal"
    DIFFERS = "differs"
    FILE_ONLY = "file_only"
    OURS_ONLY = "ours_only"
    UNCLEAR = "unclear"


class RowResult(enum.Enum):
    """How a project stands; in this order they are shown. Unclear: nothing differs, yet not every cell was read."""

    DIFFERS = "differs"
    FILE_ONLY = "file_only"
    OURS_ONLY = "ours_only"
    UNCLEAR = "unclear"
    EQUAL = "equal"


@dataclass(frozen=True)
class ComparedCell:
    """``stated`` and ``ours`` as they are shown; of money in đồng besides. ``remark``: why it is unclear."""

    key: str
    title: str
    place: str
    state: CellState
    stated: str = ""
    ours: str = ""
    stated_vnd: int | None = None
    ours_vnd: int | None = None
    remark: str = ""

    @property
    def is_money(self) -> bool:
        return self.key in (*MONEY, "total")

    @property
    def more_vnd(self) -> int | None:
        """By how much the file states more, of money."""
        return (self.stated_vnd or 0) - (self.ours_vnd or 0) if self.is_money else None


@dataclass(frozen=True)
class ComparedRow:
    """A project of the file, of the plan or of both. Money by source, in đồng. ``place``: its name's cell."""

    result: RowResult
    name: str
    place: str = ""
    row: ListRow | None = None
    project: Project | None = None
    helped: str = ""
    cells: Sequence[ComparedCell] = ()
    stated: Mapping[str, int | None] = field(default_factory=dict)
    ours: Mapping[str, int | None] = field(default_factory=dict)
    is_joined: bool = False  # of rows on two sheets

    @property
    def faulty(self) -> list[ComparedCell]:
        return [one for one in self.cells if one.state != CellState.EQUAL]


@dataclass(frozen=True)
class ComparedSum:
    """Money of a source over the whole list or one of its groups: as the file's own sum states it (None where it has
    none), as its rows add up, and as the system holds it; all in đồng. ``place``: the cell of that sum."""

    label: str
    key: str
    added: int
    ours: int
    stated: int | None = None
    place: str = ""

    @property
    def is_equal(self) -> bool:
        return self.added == self.ours and self.stated in (None, self.ours)


@dataclass(frozen=True)
class ParallelRun:
    """What a file of a year says beside the system. ``compared``: keys of the columns; ``assumed``: what was read as
    is likely, in words; ``hidden``: how many rows of the list the sheet hides."""

    plan: AnnualPlan
    basis: str
    file_name: str
    tables: Sequence[Table]
    units: Mapping[str, int]
    rows: Sequence[ComparedRow]
    totals: Sequence[ComparedSum]
    groups: Sequence[ComparedSum]
    compared: Sequence[str]
    assumed: Sequence[str]
    hidden: int
    is_whole: bool = True  # no other list of the sheet was left unread

    def of_result(self, result: RowResult) -> list[ComparedRow]:
        return [one for one in self.rows if one.result == result]

    @property
    def is_equal(self) -> bool:
        """Whether everything that was compared is the same."""
        sums = (*self.totals, *self.groups)
        is_same = all(one.result == RowResult.EQUAL for one in self.rows) and all(one.is_equal for one in sums)
        return is_same and self.is_whole

    @property
    def cell_counts(self) -> dict[CellState, int]:
        states = [cell.state for row in self.rows for cell in row.cells]
        return {state: states.count(state) for state in CellState}
