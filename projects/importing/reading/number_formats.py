"""Which number formats of a workbook show days and hours, and what day a number is."""

from __future__ import annotations

import datetime as dt
import re
from enum import Enum


class Shown(Enum):
    """What a number format makes of a number."""

    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    HOUR = "hour"
    PERCENT = "percent"


# Formats that have a number and no text (ECMA-376, part 1, 18.8.30); 27–36 and 50–58 are days of East Asia.
BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)), Shown.DAY),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47), Shown.HOUR),
    22: Shown.MOMENT,
    **dict.fromkeys((9, 10), Shown.PERCENT),
}
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.I)
_FRACTION = re.compile(r"(?<=s)[.,]0+", re.I)
_LAST_DAY = 2_958_465  # 31/12/9999


def shown_by(code: str) -> Shown:
    """What a format like ``dd/mm/yyyy`` shows. Hours that run past 24 are a number of days."""
    section = _LITERAL.sub("", code).partition(";")[0]
    if _ELAPSED.search(section):
        return Shown.NUMBER
    section = _FRACTION.sub("", _BRACKETS.sub("", section)).lower()
    if re.search(r"[0#?][^;]*%", section):
        return Shown.PERCENT
    if re.search(r"[0#?]", section) or section.strip() in {"general", "standard", "@", ""}:
        return Shown.NUMBER
    has_hour = bool(re.search(r"[hs]|am/pm|a/p", section))
    has_day = bool(re.search(r"[yd]", section)) or ("m" in section.replace("am/pm", "") and not has_hour)
    if has_day:
        return Shown.MOMENT if has_hour else Shown.DAY
    return Shown.HOUR if has_hour else Shown.NUMBER


def whole(number: float) -> int | float:
    """The same number, as an int where it is whole."""
    return int(number) if number.is_integer() else number


def as_shown(number: float, shown: Shown, is_1904: bool) -> int | float | str | dt.date | dt.datetime | dt.time:
    """What a number with that format stands for; one that is no day of the calendar stays a number. A percentage is
    its text, “50%”, so that nobody takes it for an amount.

    Days count from 30/12/1899, before March 1900 from the day after it since Excel takes 1900 for a leap year, in
    workbooks of old Macintoshes from 01/01/1904. A day with an hour is a moment, whatever its format shows.
    """
    if shown is Shown.PERCENT:
        return f"{whole(round(number * 100, 6))}%"
    if shown is Shown.HOUR and 0 <= number < 1:
        return (dt.datetime.min + seconds_of(number)).time()
    first = dt.datetime(1904, 1, 1) if is_1904 else dt.datetime(1899, 12, 31 if number < 60 else 30)
    is_day = 0 <= number <= _LAST_DAY - 1462 if is_1904 else 1 <= number < _LAST_DAY + 1 and int(number) != 60
    if shown is Shown.NUMBER or not is_day:
        return whole(number)
    moment = first + dt.timedelta(days=int(number)) + seconds_of(number % 1)
    return moment.date() if shown is Shown.DAY and number == int(number) else moment


def seconds_of(part: float) -> dt.timedelta:
    """A part of a day, to the millisecond: a float holds no more of it. The last of a day stays in it."""
    return dt.timedelta(milliseconds=min(round(part * 86_400_000), 86_399_999))
