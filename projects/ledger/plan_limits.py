"""What may never happen to the money of a plan, on any day: approved > assigned, a line below nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter

from django.utils.translation import gettext as _

from khuyencong.append_only import AmountQuerySet
from khuyencong.money import format_vnd
from programmes.models import AllocationEntry, AnnualPlan, Decision, FundingSource
from projects.ledger.line_limits import entries_text, named_entries, worst_day
from projects.models import ApprovalEntry, CellKey, PlanLine


@dataclass(frozen=True)
class Overrun:
    """A day from which more is approved than was assigned, or less than nothing is."""

    source: FundingSource
    on: dt.date
    assigned_vnd: int
    approved_vnd: int
    entries: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        text = _(
            "Nguồn %(source)s: được giao %(assigned)s đồng, duyệt %(approved)s đồng, vượt %(excess)s đồng "
            "(tính đến ngày %(on)s)."
        ) % {
            "source": self.source,
            "assigned": format_vnd(self.assigned_vnd),
            "approved": format_vnd(self.approved_vnd),
            "excess": format_vnd(self.approved_vnd - self.assigned_vnd),
            "on": f"{self.on:%d/%m/%Y}",
        }
        return text + entries_text(self.entries)


def find_overruns(plan: AnnualPlan, sources: Iterable[FundingSource], since: dt.date) -> list[Overrun]:
    """Sources of the plan for which approved > assigned on some day from ``since`` on: the worst day of each.

    Call it under the plan's lock, after the entries are written (architecture §4).
    """
    return [overrun for source in sources if (overrun := _worst_overrun(plan, source, since))]


def _worst_overrun(plan: AnnualPlan, source: FundingSource, since: dt.date) -> Overrun | None:
    changes: dict[dt.date, list[int]] = defaultdict(lambda: [0, 0])
    books: list[AmountQuerySet] = [AllocationEntry.objects.for_plans([plan]), ApprovalEntry.objects.for_plans([plan])]
    for column, entries in enumerate(books):
        for on, total in entries.filter(source=source).amounts_by("effective_on").items():
            changes[on][column] += total
    worst = worst_day(changes, since)
    return Overrun(source, *worst, entries=_letters_behind(plan, source, worst[0])) if worst else None


def _letters_behind(plan: AnnualPlan, source: FundingSource, on: dt.date) -> list[str]:
    """What each letter assigned and approved by that day, for the message that refuses the next one."""
    found = []
    for text, entries in ((_("giao"), AllocationEntry.objects), (_("duyệt"), ApprovalEntry.objects)):
        rows = entries.for_plans([plan]).filter(source=source, effective_on__lte=on)
        sums = rows.amounts_by("decision")
        letters = Decision.objects.filter(pk__in=sums).in_order()
        found += [f"{letter.label}: {text} {format_vnd(sums[letter.pk])}" for letter in letters]
    return named_entries(found)


def find_negative_cells(plan: AnnualPlan, keys: Iterable[CellKey]) -> list[PlanLine]:
    """Lines among the keys whose approved money falls below zero on some day."""
    wanted = set(keys)
    sums = ApprovalEntry.objects.for_plans([plan]).by_cell("effective_on")
    running: dict[CellKey, int] = defaultdict(int)
    broken: set[int] = set()
    for line, component, source, on in sorted(sums, key=itemgetter(3)):
        key = (line, component, source)
        running[key] += sums[line, component, source, on]
        if key in wanted and running[key] < 0:
            broken.add(line)
    return list(PlanLine.objects.filter(pk__in=broken).select_related("project"))
