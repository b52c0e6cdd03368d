"""A block of cells copied from Excel, LibreOffice or Google Sheets and pasted as text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from khuyencong.packed import ReadingStopped

from .blocks import FoundSheet, cut_all, holds_something
from .files import tidy_text
from .legacy_fonts import put_into_unicode
from .limits import MAX_PASTED
from .sheets import CellValue, Sheet, SourceFile
from .unreadable import Unreadable

PASTED_NAME = "bảng dán"
# A cell with line ends, tabs or quotes comes in quotes, its own quotes doubled; it ends where the next cell begins.
_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"(?=[\t\n]|\Z)')
_PLAIN = re.compile(r"[^\t\n]*")
# What a program shows where it has no value, and where the column is too narrow to show it.
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|ERROR!|#+)\Z|Err:[0-9]{3}\Z")


def read_pasted(text: str) -> SourceFile:
    """One sheet, whose cells are all text as shown: “1.275,5” and “05/02/2026” are for the reader to judge.

    Raises Unreadable where nothing was pasted or too much.
    """
    try:
        if len(text) > MAX_PASTED:
            raise ReadingStopped("too_much_pasted")
        sheet = pasted_sheet(text.replace("\r\n", "\n").replace("\r", "\n"))
    except ReadingStopped as stop:
        raise Unreadable("nothing_pasted" if stop.code == "empty" else stop.code, stop.sheet) from stop
    raw = text.encode("utf-8", "surrogatepass")
    return SourceFile(PASTED_NAME, "pasted", hashlib.sha256(raw).hexdigest(), len(raw), [sheet])


def pasted_sheet(text: str) -> Sheet:
    found, raw = FoundSheet(PASTED_NAME), dict[tuple[int, int], str]()
    for row, column, shown in pasted_cells(text):
        if not holds_something(shown):
            continue
        if _ERROR.match(shown):
            found.errors[row, column] = shown
        elif not shown.isascii():
            raw[row, column] = shown
        found.put(row, column, None if _ERROR.match(shown) else tidy_text(shown))
    [block] = cut_all([found])
    rows: list[list[CellValue]] = [[None] * block.width for _ in range(block.height)]
    for row, cells in found.cells.items():
        for column, value in cells.items():
            if row <= block.height and column <= block.width:
                rows[row - 1][column - 1] = value
    inside = {place: shown for place, shown in raw.items() if place[0] <= block.height and place[1] <= block.width}
    sheet = Sheet(PASTED_NAME, rows, errors=found.errors, strays=block.strays)
    return put_into_unicode(sheet, inside.items, {}, tidy_text)


def pasted_cells(text: str) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of every cell."""
    row = column = 1
    place = 0
    while place <= len(text):
        shown, place = next_cell(text, place)
        yield row, column, shown
        if text[place : place + 1] == "\t":
            column += 1
        else:
            row, column = row + 1, 1
        place += 1


def next_cell(text: str, place: int) -> tuple[str, int]:
    """The cell that begins at a place, and where it ends. A quote that does not close a cell is a quote."""
    quoted = _QUOTED.match(text, place)
    if quoted and re.search(r'[\t\n]|""', quoted[1]):
        return quoted[1].replace('""', '"'), quoted.end()
    plain = _PLAIN.match(text, place)
    assert plain
    return plain[0], plain.end()
