"""Workbooks of Excel since 2007 (.xlsx), read in one pass over each sheet's XML: values, formats, what is hidden."""

from __future__ import annotations

import datetime as dt
import math
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lxml import etree

from khuyencong.packed import ReadingStopped, elements

from .blocks import Budget, FoundSheet, holds_something
from .formulas import moved_formula
from .legacy_fonts import named_font
from .limits import MAX_FORMULA, MAX_ROWS, MAX_SHEETS
from .number_formats import BUILT_IN, Shown, as_shown, shown_by
from .sheets import column_number

# As Excel writes, and as it does when asked for “Strict Open XML”.
MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = {"1", "true", "on"}
_NO_WIDTH = {"0", "0.0"}


def main_tags(*names: str) -> tuple[str, ...]:
    return tuple(f"{{{space}}}{name}" for space in MAIN for name in names)


def local_name(element: etree._Element) -> str:
    """A tag without its namespace; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


@dataclass
class SharedParts:
    """What all sheets of a workbook share."""

    packed: zipfile.ZipFile
    texts: list[str] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)  # by the number of a cell's style
    fonts: list[str] = field(default_factory=list)  # likewise; empty where none is of before Unicode
    is_1904: bool = False
    budget: Budget = field(default_factory=Budget)


@dataclass(frozen=True)
class SheetPlace:
    name: str
    member: str
    is_hidden: bool


def read_ooxml(packed: zipfile.ZipFile) -> list[FoundSheet]:
    """All sheets of cells, in order. Raises ReadingStopped, and whatever a broken file makes the libraries raise."""
    root = workbook_member(packed)
    related = relations(packed, root)
    book = SharedParts(packed)
    for kind, member in related.values():
        if kind == "sharedStrings":
            book.texts = [rich_text(each) for each in elements(packed, member, main_tags("si"))]
        elif kind == "styles":
            book.shown = shown_by_styles(packed, member)
            book.fonts = fonts_by_styles(packed, member)
    book.is_1904 = any(each.get("date1904") in _TRUE for each in elements(packed, root, main_tags("workbookPr")))
    places = list(sheet_places(packed, root, related))
    if len(places) > MAX_SHEETS:
        raise ReadingStopped("too_many_sheets")
    return [read_sheet(book, place) for place in places]


def relations(packed: zipfile.ZipFile, member: str) -> dict[str, tuple[str, str]]:
    """What a member of the zip points to: kind and member by identity; targets outside the file are left out."""
    folder, name = posixpath.split(member)
    found = {}
    tags = ("{http://schemas.openxmlformats.org/package/2006/relationships}Relationship",)
    for each in elements(packed, posixpath.join(folder, "_rels", f"{name}.rels"), tags):
        if each.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/")
            found[each.get("Id", "")] = each.get("Type", "").rpartition("/")[2], target
    return found


def workbook_member(packed: zipfile.ZipFile) -> str:
    """Where the workbook stands: “xl/workbook.xml” nearly always, but the file says so itself."""
    roots = [member for kind, member in relations(packed, "").values() if kind == "officeDocument"]
    return roots[0]


def sheet_places(packed: zipfile.ZipFile, root: str, related: dict[str, tuple[str, str]]) -> Iterator[SheetPlace]:
    """The sheets of cells; charts on sheets of their own and dialogs are none."""
    for each in elements(packed, root, main_tags("sheet")):
        identity = next(filter(None, (each.get(f"{{{space}}}id") for space in RELATIONS)), "")
        kind, member = related.get(identity, ("", ""))
        if kind == "worksheet":
            yield SheetPlace(each.get("name", ""), member, each.get("state", "visible") != "visible")


def shown_by_styles(packed: zipfile.ZipFile, member: str) -> list[Shown]:
    """What each style of cells shows, by its number."""
    own: dict[int, Shown] = {}
    shown: list[Shown] = []
    for each in elements(packed, member, main_tags("numFmt", "cellXfs")):
        if local_name(each) == "numFmt":
            own.setdefault(int(each.get("numFmtId", "0")), shown_by(each.get("formatCode", "")))
        else:
            numbers = [int(style.get("numFmtId", "0")) for style in each if local_name(style) == "xf"]
            shown = [own.get(number, BUILT_IN.get(number, Shown.NUMBER)) for number in numbers]
    return shown


def fonts_by_styles(packed: zipfile.ZipFile, member: str) -> list[str]:
    """Which styles of cells show an old font, by their number; nothing where none does."""
    fonts: list[str] = []
    styles: list[int] = []
    for each in elements(packed, member, main_tags("fonts", "cellXfs")):
        if local_name(each) == "fonts":
            names = ([part.get("val", "") for part in font if local_name(part) == "name"] for font in each)
            fonts = [named_font(found[0]) if found else "" for found in names]
        else:
            styles = [int(style.get("fontId", "0")) for style in each if local_name(style) == "xf"]
    return [fonts[number] if number < len(fonts) else "" for number in styles] if any(fonts) else []


def rich_text(element: etree._Element) -> str:
    """The text of a shared or inline string, its runs joined; how East Asians read it aloud is left out."""
    parts = []
    for each in element:
        name = local_name(each)
        if name == "t":
            parts.append(each.text or "")
        elif name == "r":
            parts += [run.text or "" for run in each if local_name(run) == "t"]
    return unescaped("".join(parts))


def unescaped(text: str) -> str:
    """``_x000D_`` is how Excel writes a character that XML can't."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


@lru_cache(20_000)
def letters_number(letters: str) -> int:
    return column_number(letters)


def place_of(name: str) -> tuple[int, int]:
    """Row and column of “AB12”."""
    letters = name.rstrip("0123456789")
    return int(name[len(letters) :]), letters_number(letters.replace("$", ""))


class SheetReading:
    """One sheet while it is read, row by row."""

    def __init__(self, book: SharedParts, place: SheetPlace) -> None:
        self.book = book
        self.found = FoundSheet(place.name, place.is_hidden)
        self.row = 0
        self.shared: dict[str, tuple[str, int, int]] = {}  # formulas that others repeat, with their place

    def take_row(self, element: etree._Element) -> None:
        self.row = row = int(element.get("r") or self.row + 1)
        if row <= MAX_ROWS and (element.get("hidden") in _TRUE or element.get("ht") in _NO_WIDTH):
            self.found.hidden_rows.append((row, row))
        column = 0
        for cell in element:
            name = cell.get("r")
            column = letters_number(name.rstrip("0123456789")) if name else column + 1
            if len(cell):
                self.take_cell(cell, column)

    def take_cell(self, cell: etree._Element, column: int) -> None:
        parts = {local_name(part): part for part in cell}
        if (formula := parts.get("f")) is not None:
            self.take_formula(formula, column)
        raw = parts["v"].text if "v" in parts else None
        inline = rich_text(parts["is"]) if "is" in parts else None
        kind = cell.get("t", "n")
        if kind == "e":
            self.found.errors[self.row, column] = raw or "#N/A"
            self.take_nothing(column)
        elif raw is not None or inline is not None:
            value = self.value_of(kind, raw or "", inline, cell)
            self.take_value(value, column)
            if self.book.fonts and isinstance(value, str):
                style = int(cell.get("s", "0"))
                font = self.book.fonts[style] if style < len(self.book.fonts) else ""
                self.found.in_font(self.row, column, value, font)
        elif formula is not None and kind != "str":  # one of text was counted, and is empty
            self.found.valueless.add((self.row, column))
            self.take_nothing(column)

    def take_nothing(self, column: int) -> None:
        """A cell that holds something, but no value."""
        self.book.budget.take(1)
        self.found.put(self.row, column, None)

    def take_value(self, value: Any, column: int) -> None:
        if isinstance(value, str) and not holds_something(value):
            self.found.blanks.append((self.row, column))
        else:
            self.book.budget.take(1)
            self.found.put(self.row, column, value)

    def value_of(self, kind: str, text: str, inline: str | None, cell: etree._Element) -> Any:
        if inline is not None:
            return inline
        if kind == "s":
            return self.book.texts[int(text)]
        if kind == "str":
            return unescaped(text)
        if kind == "b":
            return text.strip() in _TRUE
        if kind == "d":
            return iso_value(text)
        number = number_of(text)
        return text if number is None else self.shown_number(number, int(cell.get("s", "0")))

    def shown_number(self, number: float, style: int) -> Any:
        shown = self.book.shown[style] if style < len(self.book.shown) else Shown.NUMBER
        return as_shown(number, shown, self.book.is_1904)

    def take_formula(self, element: etree._Element, column: int) -> None:
        """Its text as it reads in this cell: Excel writes a formula that was filled down only once."""
        text, group = element.text or "", element.get("si")
        if element.get("t") == "shared" and group is not None:
            if text:
                self.shared[group] = text, self.row, column
            elif group in self.shared:
                first, row, first_column = self.shared[group]
                text = moved_formula(first[:MAX_FORMULA], self.row - row, column - first_column)
        self.found.formulas[self.row, column] = f"={unescaped(text)[:MAX_FORMULA]}"


def read_sheet(book: SharedParts, place: SheetPlace) -> FoundSheet:
    reading = SheetReading(book, place)
    for element in elements(book.packed, place.member, main_tags("row", "col", "mergeCell")):
        name = local_name(element)
        if name == "row":
            reading.take_row(element)
        elif name == "col" and (element.get("hidden") in _TRUE or element.get("width") in _NO_WIDTH):
            reading.found.hidden_columns.append((int(element.get("min", "0")), int(element.get("max", "0"))))
        elif name == "mergeCell":
            reading.found.merged.append(merged_area(element.get("ref", "")))
    return reading.found


def number_of(text: str) -> float | None:
    """None where a program wrote something else; what is no number stays the text that it is."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def merged_area(ref: str) -> tuple[int, int, int, int]:
    """Top, left, bottom, right of “A2:N2”."""
    first, _, last = ref.partition(":")
    return (*place_of(first), *place_of(last or first))


def iso_value(text: str) -> dt.date | dt.datetime | dt.time | str:
    """A day or hour as ISO 8601 writes it; anything else stays text."""
    for kind in (dt.date, dt.datetime, dt.time):
        try:
            found: dt.date | dt.datetime | dt.time = kind.fromisoformat(text)
        except ValueError:
            continue
        return found.replace(tzinfo=None) if isinstance(found, dt.datetime | dt.time) else found
    return text


def has_external_links(names: Iterable[str]) -> bool:
    return any(name.startswith("xl/externalLinks/") for name in names)
