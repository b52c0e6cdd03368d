"""By when a project that was accepted has to be settled and its national money liquidated (field-rules §2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

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
        said = {"what": self.rule, "due": f"{self.due_on:%d/%m/%Y}", "days": abs(self.days_left)}
        if self.days_left < 0:
            return _("%(what)s: hạn %(due)s, đã quá hạn %(days)d ngày.") % said
        if self.days_left == 0:
            return _("%(what)s: hạn %(due)s, là hôm nay.") % said
        return _("%(what)s: hạn %(due)s, còn %(days)d ngày.") % said


def deadlines(
    project: Project, *, accepted_on: dt.date | None, rules: Iterable[DeadlineRule], on: dt.date
) -> Iterator[Deadline]:
    """What is still due of an accepted or settled project (lines with their plans prefetched)."""
    known = {rule.subject: rule for rule in rules if is_in_force(rule, on)}
    settlement, liquidation = known.get(SETTLEMENT), known.get(LIQUIDATION)
    if project.status == Project.Status.ACCEPTED and accepted_on and settlement:
        yield Deadline(settlement, accepted_on + dt.timedelta(days=settlement.days or 0), on)
    years = [line.round.plan.year for line in project.lines.all() if line.round.level == FundingLevel.NATIONAL]
    if project.status in Project.CLOSING and years and liquidation:
        yield Deadline(liquidation, liquidation.day_after(max(years)), on)
