"""Workbooks of LibreOffice (.ods), read in one pass over content.xml: repeated cells, spans, what is hidden."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from typing import Any

from lxml import etree

from khuyencong.packed import ReadingStopped, events, forget

from .blocks import Budget, FoundSheet, holds_something
from .formulas import excel_formula
from .limits import MAX_FORMULA, MAX_SHEETS
from .number_formats import Shown, as_shown, whole
from .ooxml import iso_value, number_of

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TABLE, TEXT, STYLE = (f"{{{_OASIS}{name}:1.0}}" for name in ("office", "table", "text", "style"))
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TAGS = (f"{STYLE}style", f"{TABLE}table", f"{TABLE}table-column", f"{TABLE}table-row", f"{TABLE}table-source")
_CELLS = {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}
_PARAGRAPH = f"{TEXT}p"
_FORMULA, _COLUMNS_REPEATED = f"{TABLE}formula", f"{TABLE}number-columns-repeated"
_ROWS_SPANNED, _COLUMNS_SPANNED = f"{TABLE}number-rows-spanned", f"{TABLE}number-columns-spanned"
_CALC_TYPE, _TYPE, _VALUE = f"{CALC}value-type", f"{OFFICE}value-type", f"{OFFICE}value"
_DATE, _TIME, _TRUTH, _STRING = (f"{OFFICE}{kind}-value" for kind in ("date", "time", "boolean", "string"))
_BLANKS = re.compile(r"[ \t\r\n]+")
_ERROR = re.compile(r"(?:#[A-Z][A-Z0-9/]*[!?]?|Err:[0-9]{3})\Z")
_DURATION = re.compile(r"(-?)P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?\Z")


def read_opendocument(packed: zipfile.ZipFile) -> tuple[list[FoundSheet], bool]:
    """All sheets, in order, and whether the workbook keeps copies of other files. Raises ReadingStopped."""
    reading = OpenDocumentReading()
    for kind, element in events(packed, "content.xml", _TAGS, ("start", "end")):
        if kind == "start":
            reading.begin(element)
        else:
            reading.end(element)
    return reading.sheets, reading.has_external


class OpenDocumentReading:
    """The document while it is read. What stands inside a cell (a drawing's table) is passed over with the cell."""

    def __init__(self) -> None:
        self.sheets: list[FoundSheet] = []
        self.budget = Budget()
        self.hidden_styles: set[str] = set()
        self.has_external = False
        self.is_copy = False
        self.depth = self.rows_open = self.row = self.column = 0

    def begin(self, element: etree._Element) -> None:
        if element.tag == f"{TABLE}table":
            self.depth += 1
            if self.depth == 1:
                self.begin_sheet(element)
        elif element.tag == f"{TABLE}table-row":
            self.rows_open += 1

    def begin_sheet(self, element: etree._Element) -> None:
        if len(self.sheets) >= MAX_SHEETS:
            raise ReadingStopped("too_many_sheets")
        style = element.get(f"{TABLE}style-name", "")
        self.sheets.append(FoundSheet(element.get(f"{TABLE}name", ""), style in self.hidden_styles))
        self.row = self.column = 0
        self.is_copy = False

    def end(self, element: etree._Element) -> None:
        if element.tag == f"{TABLE}table":
            self.depth -= 1
            self.end_sheet(element)
            return
        if element.tag == f"{TABLE}table-row":
            self.rows_open -= 1
        if self.rows_open or self.depth > 1:
            return
        if element.tag == f"{STYLE}style":
            self.take_style(element)
        elif element.tag == f"{TABLE}table-source":
            self.is_copy = self.has_external = True
        elif self.depth == 1:
            self.take_column(element) if element.tag == f"{TABLE}table-column" else self.take_row(element)
        forget(element)

    def end_sheet(self, element: etree._Element) -> None:
        """A copy of another file's sheet, which LibreOffice keeps beside a link, is no sheet of this workbook."""
        if self.depth == 0:
            if self.is_copy:
                self.sheets.pop()
            forget(element)

    def take_style(self, element: etree._Element) -> None:
        for each in element:
            if each.tag == f"{STYLE}table-properties" and each.get(f"{TABLE}display") == "false":
                self.hidden_styles.add(element.get(f"{STYLE}name", ""))

    def take_column(self, element: etree._Element) -> None:
        first, self.column = self.column + 1, self.column + repeated(element, "number-columns-repeated")
        if is_unseen(element):
            self.sheets[-1].hidden_columns.append((first, self.column))

    def take_row(self, element: etree._Element) -> None:
        first, self.row = self.row + 1, self.row + repeated(element, "number-rows-repeated")
        if is_unseen(element):
            self.sheets[-1].hidden_rows.append((first, self.row))
        column = 0
        for cell in element:
            if cell.tag in _CELLS:
                about = dict(cell.items())
                count = max(int(about[_COLUMNS_REPEATED]), 1) if _COLUMNS_REPEATED in about else 1
                if _ROWS_SPANNED in about or _COLUMNS_SPANNED in about:
                    self.take_span(about, first, column + 1)
                if len(cell) or _FORMULA in about or _TYPE in about:
                    self.take_cell(cell, about, (first, column + 1, self.row, column + count))
                column += count

    def take_span(self, about: dict[str, str], top: int, left: int) -> None:
        bottom = top + int(about.get(_ROWS_SPANNED, "1")) - 1
        right = left + int(about.get(_COLUMNS_SPANNED, "1")) - 1
        if (bottom, right) != (top, left):
            self.sheets[-1].merged.append((top, left, bottom, right))

    def take_cell(self, cell: etree._Element, about: dict[str, str], area: tuple[int, int, int, int]) -> None:
        """A cell that stands, repeated, from the top left to the bottom right of the area."""
        sheet = self.sheets[-1]
        error = error_of(cell, about)
        value = None if error else value_of_cell(cell, about)
        is_valueless = _FORMULA in about and not len(cell) and _TYPE not in about
        if value is None and not error and not is_valueless:
            self.take_blank(cell, about, area[:2])
            return
        formula = excel_formula(about[_FORMULA])[:MAX_FORMULA] if _FORMULA in about else ""
        for place in self.places(area):
            sheet.put(*place, value)
            if error:
                sheet.errors[place] = error
            if is_valueless:
                sheet.valueless.add(place)
            if formula:
                sheet.formulas[place] = formula

    def take_blank(self, cell: etree._Element, about: dict[str, str], place: tuple[int, int]) -> None:
        if _FORMULA in about:
            self.sheets[-1].formulas[place] = excel_formula(about[_FORMULA])[:MAX_FORMULA]
        if any(part.tag == _PARAGRAPH for part in cell):
            self.sheets[-1].blanks.append(place)

    def places(self, area: tuple[int, int, int, int]) -> list[tuple[int, int]]:
        top, left, bottom, right = area
        self.budget.take((bottom - top + 1) * (right - left + 1))
        return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def repeated(element: etree._Element, name: str) -> int:
    return max(int(element.get(f"{TABLE}{name}", "1")), 1)


def is_unseen(element: etree._Element) -> bool:
    return element.get(f"{TABLE}visibility", "visible") != "visible"


def error_of(cell: etree._Element, about: dict[str, str]) -> str:
    """The error that a cell shows; older files say so by its text alone."""
    if about.get(_CALC_TYPE) == "error":
        return cell_text(cell) or "#N/A"
    if _FORMULA in about and _ERROR.match(shown := cell_text(cell)):
        return shown
    return ""


def value_of_cell(cell: etree._Element, about: dict[str, str]) -> Any:
    """None where the cell holds nothing, or blanks alone."""
    kind = about.get(_TYPE, "")
    if kind in {"float", "percentage", "currency"}:
        number = number_of(about.get(_VALUE, ""))
        if number is None:
            return cell_text(cell)
        return as_shown(number, Shown.PERCENT, is_1904=False) if kind == "percentage" else whole(number)
    if kind == "date":
        return iso_value(about.get(_DATE, ""))
    if kind == "time":
        return hour_of(about.get(_TIME, ""))
    if kind == "boolean":
        return about.get(_TRUTH) == "true"
    text = cell_text(cell) if len(cell) else about.get(_STRING, "")
    return text if holds_something(text) else None


def hour_of(text: str) -> dt.time | int | float | str:
    """“PT07H30M00S” as an hour; what runs past a day is a number of days."""
    if not (found := _DURATION.match(text)):
        return text
    days, hours, minutes = (int(found[place] or 0) for place in (2, 3, 4))
    seconds = float((found[5] or "0").replace(",", "."))
    passed = dt.timedelta(days=days, hours=hours, minutes=minutes, milliseconds=round(seconds * 1000))
    if not found[1] and passed < dt.timedelta(days=1):
        return (dt.datetime.min + passed).time()
    return whole(passed / dt.timedelta(days=1) * (-1 if found[1] else 1))


def cell_text(cell: etree._Element) -> str:
    """The paragraphs of a cell; a remark beside it is none of them."""
    return "\n".join("".join(pieces_of(part)) for part in cell if part.tag == _PARAGRAPH)


def pieces_of(element: etree._Element) -> list[str]:
    """The text of a paragraph: blanks are one, those meant are written as elements."""
    pieces = [_BLANKS.sub(" ", element.text or "")]
    for part in element:
        if part.tag == f"{TEXT}s":
            pieces.append(" " * min(int(part.get(f"{TEXT}c", "1")), 100))
        elif part.tag == f"{TEXT}line-break":
            pieces.append("\n")
        elif part.tag == f"{TEXT}tab":
            pieces.append(" ")
        elif isinstance(part.tag, str) and part.tag.startswith(TEXT):
            pieces += pieces_of(part)
        pieces.append(_BLANKS.sub(" ", part.tail or ""))
    return pieces
