"""A question to the reports, read off its address: from when to when, as of which day, whose plans.

Oracle: of the product it knows the tables alone, so that a slip in its periods, days or choice of plans shows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from khuyencong.accounts.models import Membership, Organisation
from programmes.models import AnnualPlan

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
PARTS = {"year": (1, 12), "h1": (1, 6), "h2": (7, 12), "q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12)}
MONTHS = PARTS | {f"m{month}": (month, month) for month in range(1, 13)}


def rows_of(table: Any, **columns: str) -> list[SimpleNamespace]:
    """Every row as it is stored, in the order of recording; ``columns`` name what is wanted of it."""
    rows = table._base_manager.order_by("pk").values_list(*columns.values())
    return [SimpleNamespace(**dict(zip(columns, row, strict=True))) for row in rows]


def together(amounts: Iterable[int | None]) -> int | None:
    """Nothing and nothing is nothing; 0 is an amount."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def month_end(month: dt.date) -> dt.date:
    return (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """What counts: from ``since`` to ``until`` by its own day, and recorded by the end of ``pin``; None is no bound."""

    since: dt.date | None
    until: dt.date | None
    pin: dt.date | None

    @property
    def are_asked(self) -> bool:
        return self.until is not None or self.pin is not None

    def count(self, on: dt.date, recorded_at: dt.datetime) -> bool:
        return not (self.since and on < self.since) and self.happened(on, recorded_at)

    def happened(self, on: dt.date, recorded_at: dt.datetime) -> bool:
        return not (self.until and on > self.until) and self.knew(recorded_at)

    def knew(self, recorded_at: dt.datetime) -> bool:
        return self.pin is None or recorded_at.astimezone(LOCAL).date() <= self.pin

    def told(self, month: dt.date, reported_at: dt.datetime) -> bool:
        """A report counts once its month is over."""
        return self.happened(month_end(month), reported_at)


class PlainQuestion:
    """Who asks, and with what address, on which day."""

    def __init__(self, asker: Any, query: str, today: dt.date) -> None:
        words = dict(parse_qsl(query))
        self.source, self.activity = words.get("source", ""), words.get("activity", "")
        self.start, self.end = bounds(words)
        self.is_year = "period" not in words
        day, self.pin = date_of(words.get("as_of")), date_of(words.get("recorded"))
        self.until = day if self.is_year else min(self.end, today, *([day] if day else []))
        self._plans = plans_under(asker, words.get("organisation", ""))

    def plans(self, years_back: int = 0) -> set[int]:
        """Of the years that the period touches, so many years before."""
        years = range(self.start.year - years_back, self.end.year - years_back + 1)
        return {plan for plan, year in self._plans.items() if year in years}

    def days(self, years_back: int = 0, *, inside: bool = False) -> Days:
        """A whole year speaks of its plan as it stands on the day asked, whichever year it is of; a part of a year, of
        as many days as this one has had. ``inside``: only what counts from a day of that part."""
        if self.is_year:
            return Days(None, self.until, self.pin)
        assert self.until is not None
        start, until = (day.replace(year=day.year - years_back) for day in (self.start, self.until))
        return Days(start if inside else None, until, self.pin)


def date_of(text: str | None) -> dt.date | None:
    return dt.datetime.strptime(text, "%d/%m/%Y").date() if text else None


def bounds(words: dict[str, str]) -> tuple[dt.date, dt.date]:
    if words.get("period") == "dates":
        first, last = date_of(words["from"]), date_of(words["to"])
        assert first is not None and last is not None
        return first, last
    return bounds_of(int(words["year"]), words.get("period", "year"))


def bounds_of(year: int, kind: str) -> tuple[dt.date, dt.date]:
    first, last = MONTHS[kind]
    return dt.date(year, first, 1), month_end(dt.date(year, last, 1))


def plans_under(asker: Any, code: str) -> dict[int, int]:
    """The year of each plan under an organisation of which the asker holds a role, and under the one of that code."""
    nodes = {one.pk: one for one in rows_of(Organisation, pk="pk", code="code", parent="parent")}
    held = {one.scope for one in rows_of(Membership, user="user", scope="scope") if one.user == asker.pk}

    def above(pk: int | None) -> list[int]:
        return [pk, *above(nodes[pk].parent)] if pk else []

    return {
        plan.pk: plan.year
        for plan in rows_of(AnnualPlan, pk="pk", year="year", organisation="organisation")
        if held & set(above(plan.organisation))
        and (not code or code in [nodes[pk].code for pk in above(plan.organisation)])
    }
