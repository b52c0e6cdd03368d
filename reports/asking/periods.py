"""Periods of a report: a year, a half, a quarter, a month, or any two dates."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from khuyencong.asof import AsOf

YEAR, DATES = "year", "dates"
NUMERALS = ("I", "II", "III", "IV")
MONTHS_OF = {"m": 1, "q": 3, "h": 6}
RECENT = dt.timedelta(days=92)  # as long as a quarter


@dataclass(frozen=True)
class Period:
    """From the first to the last day. ``kind`` is the code that stands in an address."""

    kind: str
    start: dt.date
    end: dt.date

    @property
    def is_year(self) -> bool:
        """A whole year speaks of the plan of that year, whenever its money moved."""
        return self.kind == YEAR

    @property
    def years(self) -> list[int]:
        """The years whose plans it touches, the oldest first."""
        return list(range(self.start.year, self.end.year + 1))

    @property
    def year(self) -> int:
        return self.end.year

    def back(self, years: int) -> Period:
        """The same period so many years before."""
        return Period(self.kind, _shifted(self.start, -years), _shifted(self.end, -years))

    def as_of(self, asked: AsOf, today: dt.date) -> AsOf:
        """The days that figures at its end speak of. Of a whole year: what was asked, by default all that is known.

        Nothing is known after today, so a period that has not ended speaks of today.
        """
        if self.is_year:
            return asked
        last = min(self.end, today)
        return AsOf(min(asked.effective_on or last, last), asked.recorded_on)

    def named_on(self, asked: AsOf, today: dt.date) -> dt.date:
        """The day whose names of offices are printed: that of the figures, else the last one of the period so far."""
        return self.as_of(asked, today).effective_on or min(today, self.end)

    def dated_on(self, asked: AsOf, today: dt.date) -> dt.date | None:
        """The day printed as that of a report: today, as long as it may be signed today. Of a period, or of figures,
        more than a quarter back nobody knows when it is signed; None leaves that to the signer."""
        days = self.as_of(asked, today)
        last = min(day for day in (self.end, days.effective_on, days.recorded_on) if day)
        return today if today - last <= RECENT else None

    @property
    def parameters(self) -> dict[str, str]:
        """As they stand in an address."""
        if self.kind == DATES:
            return {"period": DATES, "from": f"{self.start:%d/%m/%Y}", "to": f"{self.end:%d/%m/%Y}"}
        return {"year": str(self.year)} | ({} if self.is_year else {"period": self.kind})

    @property
    def file_suffix(self) -> str:
        """For the name of a file: “2006”, “2006-quy-2”, “2006-03-01-den-2006-04-30”."""
        if self.kind == DATES:
            return f"{self.start.isoformat()}-den-{self.end.isoformat()}"
        words = {"q": "-quy-", "m": "-thang-", "h": "-6-thang-"}
        if self.is_year:
            return str(self.year)
        number = {"h1": "dau-nam", "h2": "cuoi-nam"}.get(self.kind, self.kind[1:])
        return f"{self.year}{words[self.kind[0]]}{number}"

    def __str__(self) -> str:
        """In a title: “năm 2006”, “quý II năm 2006”, “từ ngày 01/03/2006 đến ngày 30/04/2006”."""
        if self.kind == DATES:
            days = {"start": f"{self.start:%d/%m/%Y}", "end": f"{self.end:%d/%m/%Y}"}
            return _("từ ngày %(start)s đến ngày %(end)s") % days
        words = {
            YEAR: _("năm %(year)s"),
            "h1": _("6 tháng đầu năm %(year)s"),
            "h2": _("6 tháng cuối năm %(year)s"),
        }
        if self.kind in words:
            return words[self.kind] % {"year": self.year}
        number = int(self.kind[1:])
        if self.kind[0] == "q":
            return _("quý %(quarter)s năm %(year)s") % {"quarter": NUMERALS[number - 1], "year": self.year}
        return _("tháng %(month)s năm %(year)s") % {"month": number, "year": self.year}


def period_of(year: int, kind: str = YEAR) -> Period:
    """Of that year; ``kind`` is a code of :func:`choices` other than the free dates. ValueError for another one."""
    if kind == YEAR:
        return Period(YEAR, dt.date(year, 1, 1), dt.date(year, 12, 31))
    length = MONTHS_OF.get(kind[:1], 0)
    if not length or not kind[1:].isdecimal() or not 1 <= int(kind[1:]) <= 12 // length:
        raise ValueError(kind)
    last = int(kind[1:]) * length
    return Period(kind, dt.date(year, last - length + 1, 1), _month_end(year, last))


def why_not_yet(period: Period, asked: AsOf, today: dt.date) -> tuple[str, str] | None:
    """Why there can be no figures, with the field that is wrong: neither of days to come nor from before its first."""
    if period.start > today:
        return "period", _("Kỳ này chưa bắt đầu, chưa có số liệu.")
    if asked.effective_on and asked.effective_on < period.start:
        return "as_of", _("Ngày của số liệu phải từ ngày đầu kỳ báo cáo trở đi.")
    return None


def choices() -> tuple[tuple[str, str], ...]:
    """Codes and names, for a form."""
    return _choices(get_language() or "")


@cache
def _choices(_language: str) -> tuple[tuple[str, str], ...]:
    """In the language that is active, once for each."""
    quarters = [(f"q{number}", _("Quý %(quarter)s") % {"quarter": NUMERALS[number - 1]}) for number in range(1, 5)]
    months = [(f"m{number}", _("Tháng %(month)s") % {"month": number}) for number in range(1, 13)]
    halves = [("h1", _("6 tháng đầu năm")), ("h2", _("6 tháng cuối năm"))]
    return ((YEAR, _("Cả năm")), *halves, *quarters, *months, (DATES, _("Từ ngày đến ngày")))


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _shifted(day: dt.date, years: int) -> dt.date:
    """29 February becomes 28 in a common year; an end of February stays one."""
    year = day.year + years
    if (day.month, day.day) in ((2, 28), (2, 29)) and (day + dt.timedelta(days=1)).month == 3:
        return _month_end(year, 2)
    return day.replace(year=year)
