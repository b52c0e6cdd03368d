"""Workbooks of Excel 97–2003 (.xls): values by calamine, and by a scan of the records what calamine does not tell."""

from __future__ import annotations

import datetime as dt
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from khuyencong.packed import ReadingStopped

from .blocks import Budget, FoundSheet, holds_something
from .compound import Compound
from .legacy_fonts import named_font
from .limits import MAX_SHEETS
from .number_formats import whole

# Numbers of records, [MS-XLS] 2.3.
_BOF, _EOF, _FILE_PASS, _BOUND_SHEET, _SUP_BOOK = 0x0809, 0x000A, 0x002F, 0x0085, 0x01AE
_ROW, _COLUMNS, _BOOL_OR_ERROR, _FORMULA = 0x0208, 0x007D, 0x0205, 0x0006
_FONT, _STYLE = 0x0031, 0x00E0
_MANY_NUMBERS = 0x00BD  # in one row, the last column at the end
_VALUES = {0x00FD, 0x0204, 0x0203, 0x027E, 0x00D6, _MANY_NUMBERS, _BOOL_OR_ERROR, _FORMULA}
_MAX_SPREAD = 8_000_000  # places up to the last cells; calamine takes 32 bytes for each
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_OWN_BOOKS = {b"\x01\x04", b"\x01\x3a"}  # this workbook, add-in functions


@dataclass
class Seen:
    """What the records of one sheet say beside its values."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    fonts: dict[tuple[int, int], str] = field(default_factory=dict)  # old ones, as ``legacy_fonts`` names them
    last_row: int = 0
    last_column: int = 0


def read_binary(content: bytes) -> tuple[list[FoundSheet], bool]:
    """All sheets of cells, in order, and whether the workbook points to others. Raises ReadingStopped."""
    stream = Compound(content).stream("Workbook", "Book")
    places, has_external = scan_globals(stream)
    fonts = scan_fonts(stream)
    if len(places) > MAX_SHEETS:
        raise ReadingStopped("too_many_sheets")
    seen = scan_sheets(
        stream, places, fonts
    )  # first: calamine takes the memory for all sheets when it opens the workbook
    try:
        return read_sheets(CalamineWorkbook.from_filelike(io.BytesIO(content)), seen), has_external
    except PasswordError as problem:
        raise ReadingStopped("password") from problem
    except CalamineError as problem:
        raise ReadingStopped("damaged") from problem


def scan_sheets(stream: bytes, places: list[tuple[str, int]], fonts: dict[int, str]) -> list[Seen]:
    scans, spread = [], 0
    for name, place in places:
        seen = scan_sheet(stream, place, fonts)
        spread += seen.last_row * seen.last_column
        if spread > _MAX_SPREAD:
            raise ReadingStopped("too_far", name)
        scans.append(seen)
    return scans


def read_sheets(book: CalamineWorkbook, scans: list[Seen]) -> list[FoundSheet]:
    budget = Budget()
    sheets = []
    for number, about in enumerate(book.sheets_metadata):
        if about.typ == SheetTypeEnum.WorkSheet:
            found = FoundSheet(about.name, about.visible != SheetVisibleEnum.Visible)
            take_scan(found, scans[number], budget)
            take_values(found, scans[number].fonts, book.get_sheet_by_index(number), budget)
            sheets.append(found)
    return sheets


def records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Numbers and contents of the records of one part; those of charts inside it are passed over."""
    depth = 0
    while start + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, start)
        depth += (number == _BOF) - (number == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield number, stream[start + 4 : start + 4 + length]
        start += 4 + length


def scan_globals(stream: bytes) -> tuple[list[tuple[str, int]], bool]:
    """The sheets and where they begin; whether other workbooks are pointed to. Raises ReadingStopped for a password."""
    places = []
    has_external = False
    for number, content in records(stream, 0):
        if number == _FILE_PASS:
            raise ReadingStopped("password")
        if number == _BOUND_SHEET:
            places.append((bound_name(content), struct.unpack_from("<I", content)[0]))
        elif number == _SUP_BOOK and content[2:4] not in _OWN_BOOKS:
            has_external = True
    return places, has_external


def bound_name(content: bytes) -> str:
    """The name of a sheet in its record: letters of two bytes or of one."""
    length = content[6]
    is_wide = content[7] == 1 and len(content) == 8 + 2 * length
    return content[8:].decode("utf-16-le", "replace") if is_wide else content[-length:].decode("latin-1")


def scan_fonts(stream: bytes) -> dict[int, str]:
    """The styles of cells that show an old font, by their number. There is no fifth font: [MS-XLS] 2.5.129."""
    fonts, styles = list[str](), list[int]()
    for number, content in records(stream, 0):
        if number == _FONT and len(content) > 16:
            length, is_wide = content[14], content[15] & 1
            raw = content[16 : 16 + length * (1 + is_wide)]
            fonts.append(named_font(raw.decode("utf-16-le" if is_wide else "latin-1", "replace")))
            if len(fonts) == 4:
                fonts.append("")
        elif number == _STYLE:
            styles.append(struct.unpack_from("<H", content)[0])
    return {at: fonts[font] for at, font in enumerate(styles) if font < len(fonts) and fonts[font]}


def scan_sheet(stream: bytes, start: int, fonts: dict[int, str]) -> Seen:
    seen = Seen()
    for number, content in records(stream, start):
        if number == _ROW and content[12] & 0x20:
            row = struct.unpack_from("<H", content)[0] + 1
            seen.hidden_rows.append((row, row))
        elif number == _COLUMNS and content[8] & 0x01:
            first, last = struct.unpack_from("<HH", content)
            seen.hidden_columns.append((first + 1, last + 1))
        elif number in _VALUES:
            scan_value(number, content, seen)
            if fonts and number != _MANY_NUMBERS:
                row, column, style = struct.unpack_from("<HHH", content)
                if style in fonts:
                    seen.fonts[row + 1, column + 1] = fonts[style]
    return seen


def scan_value(number: int, content: bytes, seen: Seen) -> None:
    row, column = struct.unpack_from("<HH", content)
    if number == _MANY_NUMBERS:
        column = struct.unpack("<H", content[-2:])[0]
    seen.last_row, seen.last_column = max(seen.last_row, row + 1), max(seen.last_column, column + 1)
    if number in {_BOOL_OR_ERROR, _FORMULA}:
        scan_error(number, content, seen)


def scan_error(number: int, content: bytes, seen: Seen) -> None:
    """An error, written as such or as what a formula gave."""
    row, column = struct.unpack_from("<HH", content)
    is_error = content[7] == 1 if number == _BOOL_OR_ERROR else content[12:14] == b"\xff\xff" and content[6] == 2
    if is_error:
        code = content[6] if number == _BOOL_OR_ERROR else content[8]
        seen.errors[row + 1, column + 1] = _ERRORS.get(code, "#N/A")


def take_scan(found: FoundSheet, seen: Seen, budget: Budget) -> None:
    found.hidden_rows, found.hidden_columns, found.errors = seen.hidden_rows, seen.hidden_columns, seen.errors
    budget.take(len(seen.errors))
    for row, column in seen.errors:
        found.put(row, column, None)


def take_values(found: FoundSheet, fonts: dict[tuple[int, int], str], sheet: CalamineSheet, budget: Budget) -> None:
    """Its cells from the first that holds something; ``iter_rows`` begins elsewhere, so it is not used."""
    top, left = sheet.start or (0, 0)
    for row, values in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
        for column, value in enumerate(values, left + 1):
            if value == "" or (row, column) in found.errors:
                continue
            if isinstance(value, str) and not holds_something(value):
                found.blanks.append((row, column))
                continue
            budget.take(1)
            found.put(row, column, plain_value(value))
            if fonts and isinstance(value, str):
                found.in_font(row, column, value, fonts.get((row, column), ""))
    for first, last in sheet.merged_cell_ranges or ():
        found.merged.append((first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1))


def plain_value(value: Any) -> Any:
    """A value of calamine's as ours: whole numbers are ints, hours beyond a day a number of days."""
    if isinstance(value, float):
        return whole(value)
    return whole(value / dt.timedelta(days=1)) if isinstance(value, dt.timedelta) else value
