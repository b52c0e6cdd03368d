"""A sheet of a workbook as a table of an official document: the rows of the page, with what paper needs beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from khuyencong.paper.fitting import PAGE_MM, fitting, longest, longest_word, padding_mm, sizes_for, type_class
from reports.printing.book import CellKind, Sheet, column_labels
from reports.printing.screen import ScreenCell, ScreenRow, ScreenTable, screen_table

HEADINGS = ("group", "subgroup")
NARROWEST = 4  # %, room for “STT”


@dataclass(frozen=True)
class PaperTable:
    """``columns`` are pairs of width, in %, and label; rows of ``end`` stay on one page with what stands below them.
    ``type_class`` is the size of the type."""

    sheet: Sheet
    type_class: str
    columns: Sequence[tuple[str, str]]
    header: Sequence[Sequence[ScreenCell]]
    body: Sequence[ScreenRow]
    end: Sequence[ScreenRow]


def paper_table(sheet: Sheet) -> PaperTable:
    """Its columns are as wide as those of the workbook, in proportion, unless a figure needs more."""
    table = screen_table(sheet)
    has_tall_rows = sum(column.kind is CellKind.TEXT for column in sheet.columns) > 2
    cut = _first_kept(table.rows, 1 if has_tall_rows else 2)
    whole = sum(column.width for column in sheet.columns)
    wished = [max(NARROWEST, 100 * column.width / whole) for column in sheet.columns]
    figures, texts = _columns_of(table)
    size, widths = fitting(
        given=[width / sum(wished) * PAGE_MM for width in wished],
        figures={place: longest(said) for place, said in figures.items()},
        words={place: longest_word(said) for place, said in texts.items()},
        sizes=sizes_for(len(wished)),
        padding=padding_mm,
    )
    shares = [f"{100 * width / PAGE_MM:.1f}%" for width in widths]
    columns = list(zip(shares, column_labels(sheet.columns), strict=True))
    return PaperTable(sheet, type_class(size), columns, table.header, table.rows[:cut], table.rows[cut:])


def _columns_of(table: ScreenTable) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """What may not be broken and what may be, by the places of their columns: figures with dates and other words of
    centred columns, and texts. Titles that span several columns stand in none."""
    figures: dict[int, list[str]] = defaultdict(list)
    texts: dict[int, list[str]] = defaultdict(list)
    for row in table.rows:
        place = 0
        for cell in row.cells:
            if cell.span == 1 and cell.is_number:
                figures[place].append(cell.text)
            elif cell.span == 1 and table.sheet.columns[place].kind is CellKind.TEXT:
                texts[place].append(cell.text)
            elif cell.span == 1 and not row.kind:
                figures[place] += cell.text.split()
            place += cell.span
    return figures, texts


def _first_kept(rows: Sequence[ScreenRow], count: int) -> int:
    """The place of the first of so many plain rows at the end, or of the headings above it."""
    plain = [place for place, row in enumerate(rows) if not row.kind][-count:]
    first = plain[0] if plain else 0
    while first and rows[first - 1].kind in HEADINGS:
        first -= 1
    return first
