"""Columns of a report: figures that are summed, and those that are made of others."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.figures.measures import Count, Measure
from reports.printing.book import CellKind

Text = str | Promise


@dataclass(frozen=True)
class Assigned:
    """Money assigned to plans: it belongs to a source, and to no project."""

    key: str = "assigned_vnd"
    title: Text = ""
    rule: Text = ""


ASSIGNED = Assigned(
    title=_("Được giao"), rule=_("Kinh phí giao cho kế hoạch theo các quyết định, kể cả bổ sung và thu hồi.")
)


@dataclass(frozen=True)
class Figure:
    """One column. Money in đồng, ratios in %.

    It has a measure of its own, of the period asked for or of one some ``years_back``, of all time or of what moved
    in the period; or else it is the percentage, the difference or the running total of other columns.
    """

    key: str
    title: Text
    rule: Text
    kind: CellKind = CellKind.MONEY
    measure: Measure | Count | Assigned | None = None
    years_back: int = 0
    is_of_period: bool = False
    group: Text = ""
    ratio_of: tuple[str, str] | None = None
    difference_of: tuple[str, str] | None = None
    running_of: str = ""
    is_undated: bool = False  # only of a part of a year, and only where something is in the year and in no part of it
    needs_both: bool = False  # a difference that says nothing as long as nothing at all is recorded of its second part

    @property
    def made_of(self) -> tuple[str, ...]:
        """The columns without which it can't be."""
        return self.ratio_of or self.difference_of or ((self.running_of,) if self.running_of else ())

    def is_told_of(self, *, is_year: bool, is_flow: bool) -> bool:
        """Whether a report has it: of a whole year it tells nothing of periods, but where it tells nothing else."""
        return is_flow or not (is_year and (self.is_of_period or self.is_undated))

    @property
    def is_money(self) -> bool:
        return self.kind is CellKind.MONEY


def figure(measure: Measure | Count | Assigned, title: Text = "") -> Figure:
    """The measure itself, of all that counts at the end of the period."""
    kind = CellKind.COUNT if isinstance(measure, Count) else CellKind.MONEY
    return Figure(measure.key, title or measure.title, measure.rule, kind, measure)


def in_period(measure: Measure, title: Text) -> Figure:
    """Only what counts from a day of the period; of a whole year it is not asked, since a plan outlives its year."""
    return replace(figure(measure, title), key=f"{measure.key}_in", is_of_period=True, group=_("Trong kỳ"))


def undated(measure: Measure) -> Figure:
    """What is in the year and in none of its parts, beside what is in the part that is asked for."""
    return replace(figure(measure), is_undated=True)


def flow(measure: Measure) -> Figure:
    """What moved in the period, in a report that tells nothing else."""
    return replace(figure(measure), is_of_period=True)


def back(measure: Measure | Count, years: int, title: Text, group: Text = "") -> Figure:
    return replace(figure(measure, title), key=f"{measure.key}_{years}", years_back=years, group=group)


def ratio(key: str, title: Text, part: str, whole: str, rule: Text, group: Text = "") -> Figure:
    return Figure(key, title, rule, CellKind.PERCENT, ratio_of=(part, whole), group=group)


def difference(key: str, title: Text, whole: str, part: str, rule: Text, *, needs_both: bool = False) -> Figure:
    return Figure(key, title, rule, difference_of=(whole, part), needs_both=needs_both)
