"""Days and times of a year as a sheet writes them: “T3-T9/2026”, “Quý II-IV”, “Cả năm”, a date."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise

from khuyencong.text import fold, nfc

_DAY = re.compile(r"(?<![0-9])([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})(?![0-9])")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[t ].*)?")
# “03-11/2026”, “T3-9/2026”, “Quý 2-4/2026”: two months or quarters of a year, and no day of November.
_TWO_BEFORE_YEAR = re.compile(
    r"(?:từ )?(?:(?P<unit>tháng|quý|quí|[tq])[ .]?)?"
    r"(?P<first>[0-9]{1,2}) ?[-–÷] ?(?P<last>[0-9]{1,2})[/.](?P<year>[0-9]{4})"
)
# “15/3-20/9/2026”, “15-17/5/2026”: the first day is of the month or year of the last.
_DAY_BEFORE_DAY = re.compile(
    r"(?:từ )?(?:ngày )?(?P<day>[0-9]{1,2})(?:[/.](?P<month>[0-9]{1,2}))? ?(?:[-–÷]|đến(?: hết)?(?: ngày)?) ?"
    r"(?P<last>[0-9]{1,2}[/.][0-9]{1,2}[/.](?P<year>[0-9]{4}))"
)
_AROUND_DAY = re.compile(r"(?:[\s()]|ngày)*")
_AROUND_DAYS = re.compile(r"(?:[\s,;–÷()-]|từ|đến|hết|tới|và|ngày)*")
_PARTS = re.compile(r"(?:(6|9|3|1) thang|(nua)) (dau|cuoi) nam(?: (?:nam )?([0-9]{4}))?")
_WORD = re.compile(r"(quy|qui|thang|nam|[qt](?=[0-9 ])|q(?=i))|(iv|i{1,3})(?![a-z])|([0-9]+)|([a-z]+)| +")
_FILLERS = {"tu", "den", "het", "trong", "va", "ca", "toi", "sang"}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_UNITS = {"quy": 3, "qui": 3, "q": 3, "thang": 1, "t": 1}  # in months
_FIRST_SERIAL, _LAST_SERIAL = 32_874, 73_415  # 1990 to 2100, as a sheet counts days


class UnreadableTime(ValueError):
    """The cell names no day, or no time of a year."""


@dataclass(frozen=True)
class TimeSpan:
    start_on: dt.date
    end_on: dt.date


def read_day(cell: object) -> dt.date | None:
    """The day in a cell; None for an empty one. Raises UnreadableTime for what is none, as 30/02/2026."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date) or cell is None:
        return cell
    text = nfc(str(cell)).casefold().removeprefix("ngày ").strip()
    text = re.sub(r"([0-9]+) tháng ([0-9]+)(?: năm |,? )([0-9]+)", r"\1/\2/\3", text)
    if text in {"", "-", "–"}:
        return None
    if iso := _ISO.fullmatch(text):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    if typed := _DAY.fullmatch(text):
        year = int(typed[3]) + (2000 if len(typed[3]) == 2 else 0)
        return _date(year, int(typed[2]), int(typed[1]))
    raise UnreadableTime


def day_in(text: str) -> dt.date | None:
    """The last day that stands in a text: “Đã nghiệm thu 20/06/2026”."""
    found = list(_DAY.finditer(text))
    return read_day(found[-1][0]) if found else None


def read_period(cell: object, year: int) -> TimeSpan | None:
    """The time of the plan's ``year`` that a cell names; None for one without a word. Raises UnreadableTime.

    A month or quarter without a year is one of the plan's; a bare year is the whole of it.
    """
    if isinstance(cell, int) and _FIRST_SERIAL <= cell <= _LAST_SERIAL:
        cell = dt.date(1899, 12, 30) + dt.timedelta(days=cell)  # a date whose format was lost
    if isinstance(cell, dt.date):
        return _day_or_month(cell)
    text = nfc(str(cell if cell is not None else "")).casefold()
    folded = fold(text)
    if not folded:
        return None
    if found := _TWO_BEFORE_YEAR.fullmatch(text):
        return _two_of_year(found)
    if found := _DAY_BEFORE_DAY.fullmatch(text):
        last = read_day(found["last"])
        assert last is not None
        return _in_order(_date(int(found["year"]), int(found["month"] or last.month), int(found["day"])), last)
    if _ISO.fullmatch(text) or _DAY.search(text):
        return _days_named(text)
    if part := _PARTS.fullmatch(folded):
        return _part_of_year(part, year)
    return _TimeWords(year).read(folded)


def _two_of_year(found: re.Match[str]) -> TimeSpan:
    year, size = int(found["year"]), 3 if (found["unit"] or "").startswith("q") else 1
    first, last = int(found["first"]), int(found["last"])
    return _span(year, (first - 1) * size + 1, year, last * size)


def _days_named(text: str) -> TimeSpan:
    """A day, or the first and the last; nothing that says more: “01/03/2026-30/9”, “trước 30/6/2026” name one end."""
    typed = [text] if _ISO.fullmatch(text) else [one[0] for one in _DAY.finditer(text)]
    around = _AROUND_DAYS if len(typed) == 2 else _AROUND_DAY
    days = [day for one in typed if (day := read_day(one))]
    if len(days) > 2 or not (_ISO.fullmatch(text) or around.fullmatch(_DAY.sub("", text))):
        raise UnreadableTime
    return _in_order(days[0], days[-1])


def _day_or_month(cell: dt.date) -> TimeSpan:
    """The day; the first of a month is the whole of it, since sheets keep “03/2026” as its first day."""
    if cell.day == 1:
        return _span(cell.year, cell.month, cell.year, cell.month)
    day = dt.date(cell.year, cell.month, cell.day)
    return TimeSpan(day, day)


def _part_of_year(found: re.Match[str], year: int) -> TimeSpan:
    year, months = int(found[4] or year), int(found[1] or 6)
    return _span(year, 1, year, months) if found[3] == "dau" else _span(year, 13 - months, year, 12)


@dataclass
class _Point:
    """A quarter or month that a text names; ``unit`` in months, 0 for a number of which nothing says what it counts."""

    unit: int
    number: int
    year: int | None = None


class _TimeWords:
    """Reads quarters, months and years from left to right: those that a text names first and last are its ends.

    A year is that of all before it that have none; one that is never told is that of the one before, else the plan's.
    """

    def __init__(self, year: int) -> None:
        self.year, self.unit, self.points = year, 0, list[_Point]()
        self.years: list[int] = []
        self.has_year = False

    def read(self, folded: str) -> TimeSpan:
        place = 0
        while place < len(folded):
            found = _WORD.match(folded, place)
            if found is None:
                raise UnreadableTime
            place = found.end()
            self._take(*found.groups())
        return self._span_named() if self.points else self._years_named()

    def _take(self, unit: str | None, roman: str | None, digits: str | None, word: str | None) -> None:
        self.has_year |= unit == "nam"
        if unit == "nam" or (word and word in _FILLERS):
            return
        if word:
            raise UnreadableTime
        if unit:
            if any(not one.unit for one in self.points):
                raise UnreadableTime  # “3 tháng” lasts so long, and says not when
            self.unit = _UNITS[unit]
        elif roman and self.unit != 3:
            raise UnreadableTime  # quarters are numbered so, and months were, once
        elif roman:
            self.points.append(_Point(3, _ROMAN[roman]))
        elif digits and len(digits) == 4:
            self._take_year(int(digits))
        elif digits and len(digits) <= 2:
            self.points.append(_Point(self.unit, int(digits)))
        elif digits:
            raise UnreadableTime

    def _take_year(self, year: int) -> None:
        _refuse_year(year)
        open_points = [one for one in self.points if one.year is None]
        if self.points and not open_points:
            raise UnreadableTime
        for one in open_points:
            one.year, one.unit = year, one.unit or 1
        self.years.append(year)

    def _span_named(self) -> TimeSpan:
        spans, year = [], self.years[0] if self.years and self.points[0].year is None else self.year
        for one in self.points:
            year, limit = one.year or year, 4 if one.unit == 3 else 12
            if not one.unit or not 1 <= one.number <= limit:
                raise UnreadableTime
            spans.append(_span(year, (one.number - 1) * one.unit + 1, year, one.number * one.unit))
        if any(later.start_on < earlier.start_on for earlier, later in pairwise(spans)):
            raise UnreadableTime
        return _in_order(spans[0].start_on, spans[-1].end_on)

    def _years_named(self) -> TimeSpan:
        if self.unit or not (self.years or self.has_year):
            raise UnreadableTime
        years = self.years or [self.year]
        return _span(years[0], 1, years[-1], 12)


def _span(first_year: int, first_month: int, last_year: int, last_month: int) -> TimeSpan:
    _refuse_year(first_year)
    _refuse_year(last_year)
    if not (1 <= first_month <= 12 and 1 <= last_month <= 12):
        raise UnreadableTime
    last_day = calendar.monthrange(last_year, last_month)[1]
    return _in_order(dt.date(first_year, first_month, 1), dt.date(last_year, last_month, last_day))


def _in_order(first: dt.date, last: dt.date) -> TimeSpan:
    if last < first:
        raise UnreadableTime
    return TimeSpan(first, last)


def _date(year: int, month: int, day: int) -> dt.date:
    _refuse_year(year)
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise UnreadableTime from None


def _refuse_year(year: int) -> None:
    if not 1990 <= year <= 2100:
        raise UnreadableTime
