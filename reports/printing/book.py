"""The shapes of a printed workbook: columns as data, rows in groups and sections, the head of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from khuyencong.official import UNIT_LINE, DocumentHead

PREPARER = "NGƯỜI LẬP BIỂU"


class CellKind(Enum):
    """How the cells of a column are written."""

    TEXT = auto()
    CENTRED = auto()  # short text: a number in a list, dates, a status
    COUNT = auto()
    MONEY = auto()  # đồng in the rows, triệu đồng in the cell
    PERCENT = auto()
    FIGURE = auto()  # a number that is never summed, in the unit that its row names


@dataclass(frozen=True)
class Column:
    """``key`` is the attribute of a row. A cell may be the sum of other columns, or the percentage of two.

    A percentage says nothing of a sum whose parts come from different rows; then ``has_ratio_of_sums`` is off.
    """

    key: str
    title: str
    width: float
    kind: CellKind = CellKind.TEXT
    group: str = ""  # a title above several columns: “Trong đó”
    sum_of: tuple[str, ...] = ()
    ratio_of: tuple[str, str] | None = None
    difference_of: tuple[str, str] | None = None
    running_of: str = ""
    unrecorded: str = "–"
    has_ratio_of_sums: bool = True

    @property
    def is_summed(self) -> bool:
        return self.kind in (CellKind.COUNT, CellKind.MONEY) and not self.running_of


@dataclass(frozen=True)
class Block:
    """The rows behind one cell, as the sheet of sources lists them; the cell is the sum of ``amounts``.

    Each row is (code, project, year, source, content, day, document), all of it text.
    """

    title: str
    rows: Sequence[tuple[str, ...]]
    amounts: Sequence[int]
    is_money: bool


@dataclass(frozen=True)
class Sums:
    """What a row of sums shows where adding up the rows would not give it, and the blocks behind such cells."""

    values: Mapping[str, Any]
    blocks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """Rows under a heading with their sum; without a title they stand directly in their section.

    A row is an object or a mapping. Its ``blocks``, if it has any, name the block behind a cell by the column's key.
    """

    title: str
    rows: Sequence[Any]


@dataclass(frozen=True)
class Section:
    """I, II …: groups with a sum below; without a title they stand directly in the table."""

    numeral: str
    title: str
    groups: Sequence[Group]
    sum_title: str = ""
    sums: Sums | None = None

    @property
    def rows(self) -> Iterator[Any]:
        return (row for group in self.groups for row in group.rows)


@dataclass(frozen=True)
class Sheet:
    """Without ``total_title`` nothing is summed below; without ``unit_line`` each row names its own unit."""

    name: str
    title: str
    columns: Sequence[Column]
    sections: Sequence[Section]
    total_title: str
    subtitles: Sequence[str] = ()
    notes: Sequence[str] = ()
    when_empty: str = ""
    sums: Sums | None = None
    unit_line: str = UNIT_LINE

    @property
    def rows(self) -> Iterator[Any]:
        return (row for section in self.sections for row in section.rows)


@dataclass(frozen=True)
class Book:
    title: str
    letterhead: DocumentHead
    sheets: Sequence[Sheet] = field(default_factory=tuple)
    blocks: Sequence[Block] = field(default_factory=tuple)


def column_labels(columns: Sequence[Column]) -> list[str]:
    """A, B, 1, 2 …: the row under a header that names the columns, and says of what a column is made."""
    names = {column.key: str(index - 1) if index > 1 else "AB"[index] for index, column in enumerate(columns)}
    labels = []
    for column in columns:
        label = names[column.key]
        if column.sum_of:
            label += f"={names[column.sum_of[0]]}+…+{names[column.sum_of[-1]]}"
        elif column.ratio_of:
            label += "={}/{}".format(*(names[key] for key in column.ratio_of))
        elif column.difference_of:
            label += "={}-{}".format(*(names[key] for key in column.difference_of))
        labels.append(label)
    return labels
