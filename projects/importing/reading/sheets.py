"""What was read: a file, its sheets, their cells as plain values. Rows and columns count from 1, as on the screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# A number is a float only where it is not whole. Text is NFC, without invisible characters and outer blanks.
CellValue = str | int | float | bool | dt.date | dt.datetime | dt.time | None


@dataclass(frozen=True)
class MergedArea:
    """Cells shown as one, whose value stands in the first; both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class SourceSheet:
    """One sheet from A1 to the last row and column that hold something; text of blanks alone holds nothing.

    ``errors`` are cells that show an error instead of a value, ``formulas`` the texts of formulas where the format
    tells them, ``valueless`` the formulas that carry no value since the program that wrote them counted nothing.
    ``strays`` names cells far away from the table that were left out, at most 20.
    ``font`` is the old font (``legacy_fonts``) that texts were typed for; ``typed`` holds those that were put into
    Unicode, or would be by ``doubtful_font``, as they stand in the file.
    """

    name: str
    rows: Sequence[Sequence[CellValue]]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: Sequence[MergedArea] = ()
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    valueless: frozenset[tuple[int, int]] = frozenset()
    strays: Sequence[str] = ()
    font: str = ""
    doubtful_font: str = ""
    typed: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def value(self, row: int, column: int) -> CellValue:
        """What a cell holds; None also outside the table."""
        if not 1 <= row <= len(self.rows):
            return None
        cells = self.rows[row - 1]
        return cells[column - 1] if 1 <= column <= len(cells) else None


Sheet = SourceSheet  # as the importer calls it; reports print another


@dataclass(frozen=True)
class SourceFile:
    """A file as it was taken: ``format`` is “xlsx”, “xls”, “ods” or “pasted”, ``size`` in bytes; ``has_links``: it
    reaches into other files, which are not followed."""

    name: str
    format: str
    sha256: str
    size: int
    sheets: Sequence[Sheet]
    has_links: bool = False


def column_letters(column: int) -> str:
    """“A” of 1, “AA” of 27."""
    letters = ""
    while column > 0:
        column, place = divmod(column - 1, 26)
        letters = chr(65 + place) + letters
    return letters


def column_number(letters: str) -> int:
    """1 of “A”, 27 of “AA”."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def cell_name(row: int, column: int, sheet: str = "") -> str:
    """“C17”, or “Danh mục!C17” with the sheet."""
    place = f"{column_letters(column)}{row}"
    return f"{sheet}!{place}" if sheet else place


def place_named(cell: str) -> tuple[str, int, int]:
    """Sheet, row and column of what :func:`cell_name` names."""
    sheet, _sign, place = cell.rpartition("!")
    letters = place.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return sheet, int(place[len(letters) :]), column
