"""Which sheets of a file are one list in several parts: of one form, one for each source, district or quarter. What may
say the same money twice is never added unasked."""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from khuyencong.text import fold
from projects.importing.layout.columns import ListColumn, Reads
from projects.importing.layout.headers import Table, find_table, table_at
from projects.importing.layout.listed import Listed
from projects.importing.layout.units import MILLION
from projects.importing.reading.sheets import CellValue, Sheet
from projects.importing.values.amounts import UnreadableAmount, read_amount

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_TITLE_YEAR = re.compile(r"(?<!thang [0-9] )(?<!thang [0-9]{2} )\bnam ((?:19|20)[0-9]{2})\b")
_SHORT_YEAR = re.compile(r"\b(?:kh|ke hoach|nam) ?([0-9]{2})(?![0-9])")
_NEAR = 5  # years: “KH01” of a plan of 2026 is a number, no year
_SUMMARY = re.compile(r"\b(?:tong hop|tong so|tong|th|ca nam|chung)\b")
_COPY = re.compile(r"\(\s*[0-9]+\s*\)|\b(?:copy|backup|bản sao|ban sao|nháp|cũ)\b")


class Reason(enum.Enum):
    """Why a sheet of the same form is not simply read with the others; the first two leave it out unasked."""

    YEAR = "year"  # its name or title is of other years
    SAME = "same"  # each row is one of another sheet
    SUMMARY = "summary"
    COPY = "copy"
    REPEATS = "repeats"


@dataclass(frozen=True, eq=False)
class SheetPart:
    """A sheet that holds a part of the list, with its rows."""

    table: Table
    listed: Listed
    columns: Sequence[ListColumn]

    @property
    def name(self) -> str:
        return self.table.sheet.name

    @cached_property
    def money(self) -> list[str]:
        return [one.key for one in self.columns if one.reads == Reads.MONEY and one.key in self.table.columns]

    @cached_property
    def years(self) -> set[str]:
        """Those that its name says, else those of its title; a day in the title is that of a letter."""
        title = fold(" ".join(self.table.words_above))
        return set(_YEAR.findall(self.name)) or set(_TITLE_YEAR.findall(title))

    def _amount(self, cell: CellValue) -> Decimal:
        try:
            amount = read_amount(cell, self.table.unit or MILLION)
        except UnreadableAmount:
            return Decimal(0)
        return Decimal(amount.vnd) if amount else Decimal(0)

    @cached_property
    def figures(self) -> list[tuple[str, ...]]:
        """Each row as its words and money, by which it is known where another sheet repeats it."""
        words = [one.key for one in self.columns if one.reads != Reads.NUMBER and one.key not in self.money]
        return [
            (
                *(fold(row.text(key)) for key in words if key in self.table.columns),
                *(str(self._amount(row.cells.get(key))) for key in self.money),
            )
            for row in self.listed.rows
        ]

    @cached_property
    def totals(self) -> dict[str, Decimal]:
        rows = self.listed.rows
        return {key: sum((self._amount(row.cells.get(key)) for row in rows), Decimal(0)) for key in self.money}


def alike(sheet: Sheet, first: Table, columns: Sequence[ListColumn]) -> Table | None:
    """The list of that sheet where it is of the form of the first one: all headings are the same words, which hold what
    the first one's do, or they name the same columns in other words; None where it is not."""
    found = find_table(sheet, columns) or table_at(sheet, first.top, first.bottom, columns)
    places = {fold(text): at for at, text in reversed(list(found.headings.items()))}
    wanted = {}
    for key, at in first.columns.items():
        words = fold(first.headings.get(at, ""))
        wanted[key] = at if fold(found.headings.get(at, "")) == words else places.get(words, 0)
    same = set(map(fold, found.headings.values())) == set(map(fold, first.headings.values()))
    if same and all(wanted.values()):
        return replace(found, columns=wanted, is_remembered=first.is_remembered)
    return found if found.columns.keys() == first.columns.keys() else None


def reason_to_leave(
    part: SheetPart, others: Sequence[SheetPart], taken: Sequence[SheetPart], year: int | None
) -> Reason | None:
    """Why the part is not simply read with those that are ``taken``; ``others``: all other parts of the form."""
    if is_of_other_year(part, year):
        return Reason.YEAR
    known = Counter(figure for one in taken for figure in one.figures)
    again = Counter(part.figures) & known
    if part.figures and any(_is_same(part, one) for one in taken):
        return Reason.SAME
    if is_summary(part, others):
        return Reason.SUMMARY
    if again.total() * 2 >= len(part.figures) > 0:
        return Reason.REPEATS
    return Reason.COPY if is_copy(part) else None


def is_of_other_year(part: SheetPart, year: int | None) -> bool:
    if year is None:
        return False
    short = {2000 + int(digits) for digits in _SHORT_YEAR.findall(fold(part.name))}
    years = part.years or {str(one) for one in short if abs(one - year) <= _NEAR}
    return bool(years) and str(year) not in years


def is_copy(part: SheetPart) -> bool:
    """By its name: “Danh mục (2)”, “Danh mục cũ”."""
    return bool(_COPY.search(part.name.casefold()))


def is_summary(part: SheetPart, others: Iterable[SheetPart]) -> bool:
    """By its name, or by money that is that of all other sheets together."""
    listed = [one for one in others if one is not part]
    if _SUMMARY.search(fold(part.name)):
        return True
    sums = {key: sum((one.totals.get(key, Decimal(0)) for one in listed), Decimal(0)) for key in part.totals}
    return len(listed) > 1 and any(sums.values()) and part.totals == sums


def _is_same(part: SheetPart, other: SheetPart) -> bool:
    """A copy to the last cell under the same name and title: a sheet of another source may hold equal money."""
    names, cells = [
        [fold(_COPY.sub(" ", one.name.casefold())) for one in (part, other)],
        [[row.raw for row in one.listed.rows] for one in (part, other)],
    ]
    return names[0] == names[1] and cells[0] == cells[1] and part.table.words_above == other.table.words_above
