"""From the cells that a sheet holds to the block that is read: where the table ends, and what lies far away."""

from __future__ import annotations

import unicodedata
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from khuyencong.packed import ReadingStopped

from .limits import MAX_CELLS, MAX_COLUMNS, MAX_GRID, MAX_ROWS, MAX_SHEETS
from .sheets import cell_name

FAR_ROWS, FAR_COLUMNS = 100, 50  # so many empty ones lie between a table and a stray cell
MAX_STRAYS = 20  # more cells than these are no strays: the sheet reaches as far as they do
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of a sheet of Excel or LibreOffice
_NOTHING = {"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"}


def holds_something(text: str) -> bool:
    """Blanks, non-breaking ones and zero-width marks alone are nothing."""
    return text[:1].isalnum() or any(is_seen(char) for char in text)


def is_seen(char: str) -> bool:
    code = ord(char)
    is_character = code & 0xFFFE != 0xFFFE and not 0xFDD0 <= code <= 0xFDEF
    return is_character and unicodedata.category(char) not in _NOTHING


@dataclass
class FoundSheet:
    """What was found of one sheet, cell by cell; a value of None stands for an error or a formula without value."""

    name: str
    is_hidden: bool = False
    cells: dict[int, dict[int, Any]] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    valueless: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)  # first and last
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # top, left, bottom, right
    fonts: dict[tuple[int, int], str] = field(
        default_factory=dict
    )  # of texts in old fonts, as ``legacy_fonts`` names them
    blanks: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=MAX_STRAYS))  # the last, of blanks

    def in_font(self, row: int, column: int, text: str, font: str) -> None:
        """Keeps that a text stands in an old font, where that makes a difference."""
        if font and not text.isascii():
            self.fonts[row, column] = font

    def put(self, row: int, column: int, value: Any) -> None:
        """Raises ReadingStopped for a place that no sheet has."""
        if row < 1 or column < 1:
            raise ReadingStopped("damaged")
        if row > LAST_ROW or column > LAST_COLUMN:
            raise ReadingStopped("too_many_rows" if row > LAST_ROW else "too_many_columns", self.name)
        self.cells.setdefault(row, {})[column] = value


@dataclass(frozen=True)
class TableBlock:
    """A sheet cut to its table, ready to be handed over."""

    found: FoundSheet
    height: int
    width: int
    strays: list[str]


class Budget:
    """Counts the cells of a workbook while they are read, and stops at more than are taken."""

    def __init__(self) -> None:
        self.cells = 0

    def take(self, count: int) -> None:
        self.cells += count
        if self.cells > MAX_CELLS:
            raise ReadingStopped("too_many_cells")


def far_groups(counts: Counter[int], gap: int) -> list[list[int]]:
    """The numbers of rows (or columns) that hold something, parted where more than ``gap`` empty ones lie between."""
    groups: list[list[int]] = []
    for number in sorted(counts):
        if not groups or number - groups[-1][-1] > gap:
            groups.append([])
        groups[-1].append(number)
    return groups


def table_end(counts: Counter[int], gap: int, limit: int, spare: int) -> int:
    """The last row (or column) of the table.

    A group behind it is left out with at most ``spare`` cells, unless it is the greatest; one beyond all that is read
    also where nothing stands before it.
    """
    groups = far_groups(counts, gap)
    sizes = [sum(counts[number] for number in group) for group in groups]
    while groups and sizes[-1] <= spare and (groups[-1][0] > limit or sizes[-1] <= max(sizes[:-1], default=0)):
        spare -= sizes.pop()
        groups.pop()
    return groups[-1][-1] if groups else 0


def cut(found: FoundSheet) -> TableBlock:
    """The block from A1 to the end of the table. Raises ReadingStopped where it is longer or wider than is read."""
    by_row = Counter({row: len(cells) for row, cells in found.cells.items()})
    height = table_end(by_row, FAR_ROWS, MAX_ROWS, MAX_STRAYS)
    left_out = sum(count for row, count in by_row.items() if row > height)
    by_column = Counter(column for row, cells in found.cells.items() if row <= height for column in cells)
    width = table_end(by_column, FAR_COLUMNS, MAX_COLUMNS, MAX_STRAYS - left_out)
    if height > MAX_ROWS:
        raise ReadingStopped("too_many_rows", found.name)
    if width > MAX_COLUMNS:
        raise ReadingStopped("too_many_columns", found.name)
    within = {row for row, cells in found.cells.items() if row <= height and min(cells) <= width}
    return TableBlock(found, max(within, default=0), width if within else 0, strays_of(found, height, width))


def strays_of(found: FoundSheet, height: int, width: int) -> list[str]:
    """The cells left out; blanks that someone typed count among them where they are as far away."""
    places = {(row, column) for row, cells in found.cells.items() for column in cells if row > height or column > width}
    places |= {place for place in found.blanks if place[0] > height + FAR_ROWS or place[1] > width + FAR_COLUMNS}
    return [cell_name(row, column) for row, column in sorted(places)[:MAX_STRAYS]]


def cut_all(found: Iterable[FoundSheet]) -> list[TableBlock]:
    """The blocks of a workbook. Raises ReadingStopped where it has too many sheets or cells, or holds nothing."""
    blocks = [cut(sheet) for sheet in found]
    if len(blocks) > MAX_SHEETS:
        raise ReadingStopped("too_many_sheets")
    if sum(len(block.found.cells) * block.width for block in blocks) > MAX_GRID:
        raise ReadingStopped("too_many_cells")
    if not any(block.height or block.found.cells for block in blocks):
        raise ReadingStopped("empty")
    return blocks
