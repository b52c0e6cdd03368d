"""Money as a sheet writes it: in its unit, as a number or as text, exact to the đồng."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khuyencong.money import FRACTION, MAX_VND, NEGATIVE, TOO_LARGE
from khuyencong.text import fold, nfc

NOTHING: Final = {"", "-", "–", "—", "−", "--", "."}
# A bare number of a sheet of triệu, nghìn or tỷ đồng that would be so much, in đồng, is likelier đồng already.
ASKED_FROM: Final = 10**12
# Numbers of a sheet of đồng or nghìn đồng below these, by its unit, are likelier triệu: no project costs 200 đồng.
_ASKED_BELOW: Final = {1: 10**5, 10**3: 10**3}
_UNITS: Final = {"k": 10**3, "nghin": 10**3, "ngan": 10**3, "tr": 10**6, "trieu": 10**6, "ti": 10**9}
_TYPED = re.compile(r"(?P<sign>[-−–(]?) ?(?P<number>[0-9](?:[0-9., ]*[0-9])?) ?(?P<letters>(?:[^\W\d_]|[ .])*)\)?")
_LETTERS = re.compile(r"(?P<unit>ti|trieu|tr|nghin|ngan|k)? ?(?P<dong>dong|d|vnd|vnd dong)?")


@dataclass(frozen=True)
class Amount:
    """What a cell says in đồng. Several ``readings`` are asked about, the likeliest first; ``remark``: words beside the
    amount, of which only the office knows whether they change it."""

    readings: Sequence[int]
    remark: str = ""

    @property
    def vnd(self) -> int:
        return self.readings[0]

    @property
    def is_asked(self) -> bool:
        return len(self.readings) > 1 or bool(self.remark)


class UnreadableAmount(ValueError):
    """``message`` says why, for whoever has the sheet."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


UNREADABLE = _("không phải là số tiền")


def read_amount(cell: object, unit: int, decimal_mark: str = "") -> Amount | None:
    """The amount in a cell of a sheet whose money stands in ``unit`` đồng; None for an empty cell or a dash.

    A recorded 0 is an amount. ``decimal_mark``: that of the sheet's texts where others of them tell it. Raises
    UnreadableAmount for what is no amount, less than nothing, or a part of a đồng.
    """
    if cell is None or (isinstance(cell, str) and nfc(cell) in NOTHING):
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise UnreadableAmount(UNREADABLE)
    if isinstance(cell, str):
        return _of_text(nfc(cell).casefold().replace("₫", "đ"), unit, decimal_mark)
    number = Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
    return Amount(_first_whole(_of_bare(number, unit)))


def decimal_mark(cells: Iterable[object]) -> str:
    """The mark before the decimals of these texts, of which one alone has a single meaning: “300,0”, “0.5”, or
    “1.200.000”, whose dots part thousands."""
    texts = [nfc(cell) for cell in cells if isinstance(cell, str)]
    marks = {found[1] or found[2] for text in texts if (found := _DECIMAL.fullmatch(text))}
    marks |= {"," if found[1] == "." else "." for text in texts if (found := _MILLIONS.fullmatch(text))}
    return marks.pop() if len(marks) == 1 else ""


_MILLIONS = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})+")


_DECIMAL = re.compile(r"[0-9]+([.,])(?:[0-9]{1,2}|[0-9]{4,})|[1-9][0-9]{0,2}(?:[., ][0-9]{3})+([.,])[0-9]{1,2}")


_REMARKED = re.compile(r"([^()]*[0-9][^()]*?)\s*(\([^()]*[^\W\d_][^()]*\))")  # “60 (đợt 1)”


def _of_text(text: str, unit: int, mark: str) -> Amount:
    if remarked := _REMARKED.fullmatch(text):
        return Amount(_of_text(remarked[1], unit, mark).readings, remarked[2])
    typed = _TYPED.fullmatch(text)
    letters = typed and _LETTERS.fullmatch(fold(typed["letters"]))
    if not typed or not letters:
        raise UnreadableAmount(UNREADABLE)
    numbers = _numbers(typed["number"], mark)
    if typed["sign"] and any(numbers):
        raise UnreadableAmount(NEGATIVE)
    own = _UNITS.get(letters["unit"]) or (1 if letters["dong"] else None)
    if own:
        return Amount(_first_whole([number * own for number in numbers]))
    return Amount(_first_whole([vnd for number in numbers for vnd in _of_bare(number, unit)]))


def _of_bare(number: Decimal, unit: int) -> list[Decimal]:
    """A number without a unit of its own is in the sheet's, unless it is too large or too small for that to be sure."""
    stated = _cleaned(number * unit)
    if unit > 1 and stated >= ASKED_FROM:
        return [number, stated]
    is_small = 0 < number < _ASKED_BELOW.get(unit, 0)
    return [_cleaned(number * 10**6), stated] if is_small else [stated]


def _cleaned(vnd: Decimal) -> Decimal:
    """Without what a spreadsheet's binary fractions add: 40,1 × 3 is 120,30000000000001 there."""
    rounded = vnd.quantize(Decimal(1))
    return rounded if abs(vnd - rounded) < Decimal("0.01") else vnd


def _first_whole(readings: Sequence[Decimal]) -> list[int]:
    """The readings that can be money. Raises UnreadableAmount where none can."""
    if all(vnd < 0 for vnd in readings):
        raise UnreadableAmount(NEGATIVE)
    whole = [int(vnd) for vnd in readings if vnd == int(vnd) and vnd >= 0]
    if not whole:
        raise UnreadableAmount(FRACTION)
    if not (fitting := [vnd for vnd in dict.fromkeys(whole) if vnd <= MAX_VND]):
        raise UnreadableAmount(TOO_LARGE)
    return fitting


_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?P<mark>[., ])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?:(?!(?P=mark))[.,][0-9]+)?")


def is_marked(cell: object) -> bool:
    """Whether the mark in a text may be that of thousands or that of decimals: “2.700”, “2,700 tr”."""
    return isinstance(cell, str) and bool(re.match(r"[1-9][0-9]{0,2}[.,][0-9]{3}(?![0-9.,])", nfc(cell)))


def _numbers(digits: str, mark: str) -> list[Decimal]:
    """What the digits may mean. “2.700” is 2700 in Vietnamese and 2,7 in English, “2,700” the other way round: both
    are offered, the Vietnamese first. “0,313” begins with no thousand, and “1.500.000” or “1.500,5” has but one way."""
    if re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", digits):
        grouped, decimal = Decimal(re.sub(r"[.,]", "", digits)), Decimal(digits.replace(",", "."))
        if mark:
            return [decimal if mark in digits else grouped]
        return [grouped, decimal] if "." in digits else [decimal, grouped]
    if groups := _GROUPS.fullmatch(digits):
        return [Decimal(digits.replace(groups["mark"], "").replace(",", "."))]
    if re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?", digits):
        return [Decimal(digits.replace(",", "."))]
    raise UnreadableAmount(UNREADABLE)
