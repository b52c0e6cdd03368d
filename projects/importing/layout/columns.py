"""Columns of lists as data: what each means, and by which names the sheets of offices head it."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise

from khuyencong.text import fold
from projects.importing.layout.units import without_units

PART_OF_IT = "trong do"  # a heading that begins so holds a part of the money before it


class Reads(enum.Enum):
    """How the cells of a column are read."""

    TEXT = "text"
    MONEY = "money"
    DAY = "day"
    PERIOD = "period"  # a time of the year: “Quý II-IV”
    PLACE = "place"
    FIRM = "firm"
    TAX_CODE = "tax_code"
    CONTENT = "content"
    COUNT = "count"
    MARK = "mark"  # an x where something is so
    KIND = "kind"
    OFFICE = "office"
    CODE = "code"
    NUMBER = "number"  # the row's own number in the list


@dataclass(frozen=True)
class ListColumn:
    """``names`` are patterns over the folded heading, the whole of it, in plain spelling (“duyet” and not “duiet”);
    the first column that one fits takes it.

    ``is_needed``: without it the sheet is no list of this kind. ``is_innermost``: the same words head groups of other
    columns (“Nguồn vốn” over KCQG and KCĐP), so that only a column's own row of the header names it. ``yields``: where
    a heading of several rows is called so as a whole, and its own row as another column of money, it is that one
    (“Tổng kinh phí / NS tỉnh”). ``words_only``: names that it bears besides where the column holds words and no figure;
    ``figures_only``: where it holds figures and no word (“Trong đó / Doanh nghiệp”). ``parts``: words of a heading, as
    a pattern, by which one of several columns of the kind says what part of the whole it holds (``layout/parted.py``);
    the second of them is the column that is ``again`` this one, or its whole; ``beside``: the column whose parts this
    one goes with. ``stands_alone``, of a name: in a list without numbers a row that says nothing else is a record and
    heads no group. ``row_names``: what rows are called that only tell a part of the money of the record above them;
    their name is what this column says of it.
    """

    key: str
    title: str | Promise
    reads: Reads
    names: Sequence[str]
    is_needed: bool = False
    is_innermost: bool = False
    yields: bool = False
    words_only: Sequence[str] = ()
    figures_only: Sequence[str] = ()
    short: str | Promise = ""  # over a narrow column of figures
    parts: str = ""
    again: str = ""
    is_whole: bool = False
    beside: str = ""
    stands_alone: bool = False
    row_names: str = ""

    @property
    def head(self) -> str | Promise:
        return self.short or self.title

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(as_folded("|".join(f"(?:{name})" for name in self.names)))

    def is_called_over_words(self, folded: str) -> bool:
        return any(re.fullmatch(as_folded(name), folded) for name in self.words_only)

    def is_called_over_figures(self, folded: str) -> bool:
        return any(re.fullmatch(as_folded(name), folded) for name in self.figures_only)

    def names_row(self, folded: str) -> bool:
        return bool(self.row_names) and bool(re.fullmatch(as_folded(self.row_names), folded))

    def is_called(self, folded: str) -> bool:
        return bool(self.pattern.fullmatch(folded))


def as_folded(pattern: str) -> str:
    """A pattern over folded text that spells its words as people do: folding writes i for the y of “khuyen”, “ky”."""
    return re.sub(r"(?<=[bcdfghjklmnpqrstuvwxz])y", "i", pattern)


def recognise(headings: Mapping[int, str], columns: Sequence[ListColumn]) -> dict[str, int]:
    """Which column of the sheet holds what, by the key of the column: each once, the leftmost that is called so.

    ``headings``: the text over each column of the sheet, outer headings first, joined by “ / ”. A heading of several
    rows is tried whole, then from its innermost row, so that “Trong đó / NSNN (KCQG)” is “NSNN (KCQG)”; “Trong đó:
    NSNN” is “NSNN” too.
    """
    found: dict[str, int] = {}
    for at, heading in headings.items():
        parts = [part for part in heading.split(" / ") if part]
        tries = dict.fromkeys(map(_bare, [" ".join(parts), *reversed(parts)]))
        own = set(map(_bare, [" ".join(parts), *parts[-1:]]))
        fitting = [one for one in columns if one.reads != Reads.MONEY or "%" not in heading]
        names = ((text, one) for text in tries for one in fitting if text in own or not one.is_innermost)
        called = next((one for text, one in names if one.is_called(text)), None)
        if called is not None and called.yields:
            inner = innermost(heading)
            money = (one for one in fitting if one.reads == Reads.MONEY and not one.yields)
            called = next((one for one in money if one.is_called(inner)), called)
        if called is not None:
            found.setdefault(called.key, at)
    return found


def innermost(heading: str) -> str:
    """What the column's own row of the header says, folded."""
    return _bare(heading.rpartition(" / ")[2])


def _bare(heading: str) -> str:
    """Without the unit that an outer heading says for all its columns: “Kinh phí (triệu đồng) / Doanh nghiệp”."""
    return re.sub(f"^{PART_OF_IT} (?=.)", "", fold(without_units(heading)))
