"""A sheet of a workbook as a table of an official document: the rows of the page, with what paper needs beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.screen import Cell, Row, screen_table
from reports.tables import Kind, Sheet, column_labels

HEADINGS = ("group", "subgroup")
WIDE = 10  # columns: from here on smaller type
NARROWEST = 4  # %, room for “STT”


@dataclass(frozen=True)
class PaperTable:
    """``columns`` are pairs of width in % and label; rows of ``end`` stay on one page with what stands below them."""

    sheet: Sheet
    columns: Sequence[tuple[int, str]]
    header: Sequence[Sequence[Cell]]
    body: Sequence[Row]
    end: Sequence[Row]

    @property
    def is_wide(self) -> bool:
        return len(self.columns) >= WIDE


def paper_table(sheet: Sheet) -> PaperTable:
    """Its columns are as wide as those of the workbook, in proportion."""
    table = screen_table(sheet)
    has_tall_rows = sum(column.kind is Kind.TEXT for column in sheet.columns) > 2
    cut = _first_kept(table.rows, 1 if has_tall_rows else 2)
    whole = sum(column.width for column in sheet.columns)
    widths = [max(NARROWEST, round(100 * column.width / whole)) for column in sheet.columns]
    columns = list(zip(widths, column_labels(sheet.columns), strict=True))
    return PaperTable(sheet, columns, table.header, table.rows[:cut], table.rows[cut:])


def _first_kept(rows: Sequence[Row], count: int) -> int:
    """The place of the first of so many plain rows at the end, or of the headings above it."""
    plain = [place for place, row in enumerate(rows) if not row.kind][-count:]
    first = plain[0] if plain else 0
    while first and rows[first - 1].kind in HEADINGS:
        first -= 1
    return first
