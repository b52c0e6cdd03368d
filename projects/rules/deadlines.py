"""By when a project that was accepted has to be settled and its national money liquidated (field-rules §2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khuyencong.funding import FundingLevel
from programmes.models import DeadlineRule
from programmes.models.dated import is_in_force
from projects.models import Project

SETTLEMENT, LIQUIDATION = DeadlineRule.Subject.SETTLEMENT, DeadlineRule.Subject.LIQUIDATION


@dataclass(frozen=True)
class Deadline:
    """A day by which something is due, as seen on another day."""

    rule: DeadlineRule
    due_on: dt.date
    on: dt.date

    @property
    def days_left(self) -> int:
        """Negative when it is late."""
        return (self.due_on - self.on).days

    @property
    def text(self) -> str:
        days = abs(self.days_left)
        said = {"what": self.rule, "due": f"{self.due_on:%d/%m/%Y}", "days": days}
        if self.days_left < 0:
            return (
                ngettext(
                    "%(what)s: hạn %(due)s, đã quá hạn %(days)d ngày.",
                    "%(what)s: hạn %(due)s, đã quá hạn %(days)d ngày.",
                    days,
                )
                % said
            )
        if self.days_left == 0:
            return _("%(what)s: đến hạn hôm nay, %(due)s.") % said
        text = ngettext("%(what)s: hạn %(due)s, còn %(days)d ngày.", "%(what)s: hạn %(due)s, còn %(days)d ngày.", days)
        return text % said


def rule_on(rules: Iterable[DeadlineRule], subject: str, on: dt.date) -> DeadlineRule | None:
    """The rule for that work in force on a day; of two the later one, which comes last."""
    known = [rule for rule in rules if rule.subject == subject and is_in_force(rule, on)]
    return known[-1] if known else None


def deadlines(
    project: Project, *, accepted_on: dt.date | None, rules: Sequence[DeadlineRule], on: dt.date
) -> Iterator[Deadline]:
    """What is still due of an accepted or settled project (lines with their plans prefetched), of national money.

    By the rule of the day from which it counts: what was accepted before TT 36/2013 is never late by it.
    """
    years = [line.round.plan.year for line in project.lines.all() if line.round.level == FundingLevel.NATIONAL]
    if not years:
        return
    settlement = rule_on(rules, SETTLEMENT, accepted_on) if accepted_on else None
    liquidation = rule_on(rules, LIQUIDATION, dt.date(max(years), 12, 31))
    if project.status == Project.Status.ACCEPTED and accepted_on and settlement:
        yield Deadline(settlement, accepted_on + dt.timedelta(days=settlement.days or 0), on)
    if project.status in Project.CLOSING and liquidation:
        yield Deadline(liquidation, liquidation.day_after(max(years)), on)


def days_before(rules: Sequence[DeadlineRule], subject: str, year: int) -> tuple[dt.date, DeadlineRule] | None:
    """The day of the year before the plan's by which something has to be done, with its rule of that day."""
    for rule in reversed(rules):
        if rule.subject == subject and is_in_force(rule, rule.day_before(year)):
            return rule.day_before(year), rule
    return None


def monthly_note(project: Project, rules: Sequence[DeadlineRule], today: dt.date) -> str:
    """By which day of each month the progress of national money is reported, by the rule of the project's last year;
    empty when none was in force (lines with their plans prefetched)."""
    years = [line.round.plan.year for line in project.lines.all() if line.round.level == FundingLevel.NATIONAL]
    rule = rule_on(rules, DeadlineRule.Subject.MONTHLY, min(today, dt.date(max(years), 12, 31))) if years else None
    if rule is None:
        return ""
    text = _("Báo cáo tiến độ của kinh phí khuyến công quốc gia gửi trước ngày %(day)s hằng tháng: %(citation)s.")
    return text % {"day": rule.day, "citation": rule.citation}
