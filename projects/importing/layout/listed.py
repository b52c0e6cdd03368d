"""What a sheet is read into: records with the groups they stand in, the sums it states, and rows in doubt."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from khuyencong.text import fold, nfc
from projects.importing.layout.headers import Table
from projects.importing.reading.sheets import CellValue, cell_name

RowAt = tuple[str, int]  # a row by its sheet and number

DASHES = {"-", "–", "—", "--"}


@dataclass(frozen=True)
class ListRow:
    """One record of the list. ``cells`` by key, with what “như trên” stands for; ``groups``: the heads of the groups
    it stands in, the outermost first."""

    table: Table
    number: int
    cells: Mapping[str, CellValue]
    groups: Sequence[str] = ()
    part_of: int | None = None  # the row whose merged name it shares

    @property
    def at(self) -> RowAt:
        """Its sheet and number."""
        return self.table.sheet.name, self.number

    @property
    def home(self) -> RowAt:
        """The row that stands for its project: itself, or the first under the same merged name."""
        return self.table.sheet.name, self.number if self.part_of is None else self.part_of

    def place_of(self, key: str) -> str:
        """Where its cell stands: “Danh mục!C17”."""
        return cell_name(self.number, self.table.columns.get(key, 1), self.table.sheet.name)

    def text(self, key: str) -> str:
        """What it says in words; a dash says nothing."""
        cell = self.cells.get(key)
        text = nfc(str(cell)) if cell is not None else ""
        return "" if text in DASHES else text

    @cached_property
    def raw(self) -> list[CellValue]:
        """The row as the sheet has it."""
        return list(self.table.sheet.rows[self.number - 1])


@dataclass(frozen=True)
class SumRow:
    """A row that only adds up others: a group's head with figures, or a sum. ``over``: the sets of rows that it may
    mean, the likeliest first."""

    table: Table
    number: int
    label: str
    over: Sequence[frozenset[RowAt]]

    @property
    def is_total(self) -> bool:
        """Whether it says that it adds up all."""
        return self.label.casefold().startswith(("tổng", "tong"))


@dataclass
class Listed:
    """What a table holds, and which rows that are no records were passed over; ``heads``: rows with nothing but a name.
    ``doubts``: rows that may be a record or the head of a group; they stand among the rows. ``stopped_at``: the first
    row of another list below this one, which is not read."""

    rows: list[ListRow] = field(default_factory=list)
    sums: list[SumRow] = field(default_factory=list)
    passed: list[int] = field(default_factory=list)
    heads: dict[RowAt, str] = field(default_factory=dict)
    doubts: dict[RowAt, Doubt] = field(default_factory=dict)
    stopped_at: int | None = None


class Doubt(enum.Enum):
    """Why a row may be the head of a group: its money is that of the rows below, or it says nothing that a record says;
    or why those below may be no records: they stand below one, and say nothing that a record says."""

    ADDS_UP = "sum"
    DETAILED = "detail"
    BARE = "bare"


HEAD, RECORD, WHOLE = "head", "record", "whole"  # WHOLE: a record of which the rows below are details


def joined(lists: Sequence[Listed]) -> Listed:
    """Those of several sheets as one list. A sum of a later sheet may also add up all sheets so far."""
    whole, so_far = Listed(), frozenset[RowAt]()
    for one in lists:
        before, so_far = so_far, so_far | {row.at for row in one.rows}
        whole.rows += one.rows
        whole.sums += [
            replace(each, over=[*each.over, so_far]) if before and each.is_total else each for each in one.sums
        ]
        whole.passed += one.passed
        whole.heads |= one.heads
        whole.doubts |= one.doubts
    whole.stopped_at = next((one.stopped_at for one in lists if one.stopped_at), None)
    return whole


def folded_groups(row: ListRow) -> Iterator[str]:
    """The heads above a row, the innermost first, as they are searched."""
    return (fold(label) for label in reversed(row.groups))
