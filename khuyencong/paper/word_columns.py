"""The columns and rows of a table in Word, and the size of type and the widths at which they fit a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from khuyencong.identifiers import mask_personal_numbers
from khuyencong.paper.fitting import EM_MM, SPARE, fitting, longest, longest_word
from khuyencong.paper.page import HEIGHT_POINTS as LANDSCAPE_POINTS
from khuyencong.paper.table_pages import FEW, HEAD_POINTS, pages_taken, row_points
from khuyencong.paper.word_styles import CELL_SIZE, LEFT, RIGHT
from khuyencong.text import nfc

SIZES = (CELL_SIZE, 11, 10, 9, 8)  # points
SMALLEST = 10  # points, to save a page
CELL_PADDING_MM = 3.9  # left and right of a cell together


@dataclass(frozen=True)
class WordColumn:
    """``width`` is a share of the page's. ``label`` is what the second heading row calls it: A, B, 1, 2 …"""

    title: str
    width: float
    align: Any = LEFT
    label: str = ""


@dataclass(frozen=True)
class WordRow:
    """``is_heading``: one text over all columns; ``is_group`` and ``is_sum``: in bold, above and below their rows."""

    cells: Sequence[str]
    is_heading: bool = False
    is_group: bool = False
    is_sum: bool = False


def printable(text: object) -> str:
    """NFC, nothing invisible, what XML can hold and a page can show; personal numbers masked."""
    return mask_personal_numbers(nfc(str(text), multiline=True))


def squeezed_columns(
    columns: Sequence[WordColumn], rows: Sequence[WordRow], whole_mm: float
) -> tuple[float, list[float]]:
    """Of a table on pages of its own: in smaller type where that saves a last page with little on it."""
    sizes = [SIZES[place:] for place, size in enumerate(SIZES) if size >= SMALLEST]
    first, *smaller = [fitted_columns(columns, rows, whole_mm, some) for some in sizes]
    taken = _pages(columns, rows, *first)
    if taken < 1 or taken % 1 > FEW:
        return first
    return next((one for one in smaller if _pages(columns, rows, *one) <= int(taken)), first)


def _pages(columns: Sequence[WordColumn], rows: Sequence[WordRow], size: float, widths_mm: Sequence[float]) -> float:
    rooms = [width - CELL_PADDING_MM for width in widths_mm]
    titles = [column.title for column in columns]
    head = row_points(list(zip(titles, rooms, strict=True)), size, is_bold=True) + HEAD_POINTS
    heights = [
        row_points(
            [(printable(row.cells[0]), sum(rooms))] if row.is_heading else list(zip(row.cells, rooms, strict=True)),
            size,
            is_bold=row.is_heading or row.is_group or row.is_sum,
        )
        for row in rows
    ]
    return pages_taken(heights, head, LANDSCAPE_POINTS)


def fitted_columns(
    columns: Sequence[WordColumn], rows: Sequence[WordRow], whole_mm: float, sizes: Sequence[float]
) -> tuple[float, list[float]]:
    """The size of type and the widths of the columns in mm."""
    whole = sum(column.width for column in columns)
    plain = [row for row in rows if not row.is_heading]
    said = {place: [row.cells[place] for row in plain] for place in range(len(columns))}
    unbroken = [longest_word([column.title, *said[place]]) for place, column in enumerate(columns)]
    return fitting(
        given=_with_room([column.width / whole * whole_mm for column in columns], unbroken, sizes[0]),
        figures={n: longest(said[n]) for n, one in enumerate(columns) if one.align == RIGHT},
        words={n: longest_word(said[n]) for n, one in enumerate(columns) if one.align == LEFT},
        sizes=sizes,
        padding=lambda size: CELL_PADDING_MM,
    )


def _with_room(wished: Sequence[float], words: Sequence[float], size: float) -> list[float]:
    """Widths in mm at which each column, its head too, has room for its longest word (in em): columns with room to
    spare give it to those that lack it. As wished where all together have too little."""
    least = [CELL_PADDING_MM + SPARE * word * size * EM_MM for word in words]
    spare = [max(width - need, 0) for width, need in zip(wished, least, strict=True)]
    lacking = sum(max(need - width, 0) for width, need in zip(wished, least, strict=True))
    if lacking > sum(spare):
        return list(wished)
    share = lacking / sum(spare) if lacking else 0
    return [max(width, need) - share * more for width, need, more in zip(wished, least, spare, strict=True)]
