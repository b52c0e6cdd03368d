"""Days and times of a year as a sheet writes them: “T3-T9/2026”, “Quý II-IV”, “Cả năm”, a date."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from khuyencong.text import fold, nfc

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_DAY = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[t ].*)?")
_QUARTERS = re.compile(
    r"(?:quy|qui|q) ?(iv|i{1,3}|[1-4])(?: (?:den |va )?(?:quy |qui |q ?)?(iv|i{1,3}|[1-4]))?(?: (?:nam )?([0-9]{4}))?"
)
_MONTH = r"(?:thang |t ?)?([0-9]{1,2})(?: (?:nam )?([0-9]{4}))?"
_MONTHS = re.compile(rf"(?:tu )?{_MONTH}(?: (?:den )?(?:het )?{_MONTH})?")
_YEARS = re.compile(r"(?:ca nam|trong nam|nam)?(?: ?(?:nam )?([0-9]{4}))?(?: (?:den )?(?:nam )?([0-9]{4}))?")
_MONTHS_BEFORE_YEAR = re.compile(r"([0-9]{1,2}) ?[-–] ?([0-9]{1,2})/([0-9]{4})")  # “03-11/2026”: no day of November
_HALVES = re.compile(r"6 thang (dau|cuoi) nam(?: ([0-9]{4}))?")


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
    """The time of the plan's ``year`` that a cell names; None for an empty one. Raises UnreadableTime.

    A month or quarter without a year is one of the plan's; a bare year is the whole of it.
    """
    if isinstance(cell, dt.date):
        day = read_day(cell)
        return TimeSpan(day, day) if day else None
    text = nfc(str(cell if cell is not None else "")).casefold()
    if text in {"", "-", "–"}:
        return None
    if months := _MONTHS_BEFORE_YEAR.fullmatch(text):
        return _span(int(months[3]), int(months[1]), int(months[3]), int(months[2]))
    if days := [read_day(one[0]) for one in _DAY.finditer(text)]:
        first, last = days[0], days[-1]
        return _in_order(first, last) if first and last else None
    folded = fold(text)
    for pattern, read in ((_HALVES, _half), (_QUARTERS, _quarters), (_YEARS, _years), (_MONTHS, _months)):
        if found := pattern.fullmatch(folded):
            return read(found, year)
    raise UnreadableTime


def _half(found: re.Match[str], year: int) -> TimeSpan:
    year = int(found[2] or year)
    return _span(year, 1, year, 6) if found[1] == "dau" else _span(year, 7, year, 12)


def _quarters(found: re.Match[str], year: int) -> TimeSpan:
    year = int(found[3] or year)
    first = _ROMAN.get(found[1]) or int(found[1])
    last = (_ROMAN.get(found[2]) or int(found[2])) if found[2] else first
    return _span(year, first * 3 - 2, year, last * 3)


def _years(found: re.Match[str], year: int) -> TimeSpan:
    first = int(found[1] or year)
    return _span(first, 1, int(found[2] or first), 12)


def _months(found: re.Match[str], year: int) -> TimeSpan:
    last_year = int(found[4] or found[2] or year)
    first_year = int(found[2] or last_year)
    first = int(found[1])
    return _span(first_year, first, last_year, int(found[3] or first))


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
