"""What may never happen to the money of a line, on any day: paid > approved, settled > contracted, less than nothing.

Each state source of a line is judged by itself, for the whole voucher or letter at its end (architecture §4).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from khuyencong.money import format_vnd
from programmes.models import FundingSource
from projects.models import ApprovalEntry, ContractEntry, PaymentEntry, PlanLine, Project, SettlementEntry

Changes = dict[dt.date, list[int]]  # by day: what the limit grows by, what is used of it
NAMED_ENTRIES = 6


class Limit(StrEnum):
    """What is held against what."""

    OUT = "out"
    IN = "in"
    SETTLED = "settled"


LABELS: dict[Limit, tuple[str | Promise, str | Promise]] = {
    Limit.OUT: (gettext_lazy("được duyệt"), gettext_lazy("đã chi")),
    Limit.IN: (gettext_lazy("được duyệt"), gettext_lazy("đã nhận")),
    Limit.SETTLED: (gettext_lazy("giá trị hợp đồng"), gettext_lazy("đã quyết toán")),
}


@dataclass(frozen=True)
class Excess:
    """The day on which a line × source is worst off, and the entries that make its balance, in đồng."""

    limit: Limit
    line: PlanLine
    source: FundingSource
    on: dt.date
    limit_vnd: int
    used_vnd: int
    entries: list[str] = field(default_factory=list)

    @property
    def excess_vnd(self) -> int:
        return self.used_vnd - self.limit_vnd if self.used_vnd > self.limit_vnd else -self.used_vnd

    def __str__(self) -> str:
        limit, used = (str(label) for label in LABELS[self.limit])
        if self.used_vnd < 0:
            text = _("%(project)s, nguồn %(source)s: %(used)s nhỏ hơn 0, thiếu %(excess)s đồng (tính đến ngày %(on)s).")
        else:
            text = _(
                "%(project)s, nguồn %(source)s: %(limit)s %(limit_vnd)s đồng, %(used)s %(used_vnd)s đồng, "
                "vượt %(excess)s đồng (tính đến ngày %(on)s)."
            )
        words = {
            "project": self.line.project,
            "source": self.source,
            "limit": limit,
            "used": used,
            "limit_vnd": format_vnd(self.limit_vnd),
            "used_vnd": format_vnd(self.used_vnd),
            "excess": format_vnd(self.excess_vnd),
            "on": f"{self.on:%d/%m/%Y}",
        }
        return text % words + entries_text(self.entries)


def entries_text(entries: Iterable[str]) -> str:
    """The end of a refusal: which entries make the balance."""
    named = "; ".join(entries)
    return _(" Các bút toán: %(entries)s.") % {"entries": named} if named else ""


def named_entries(labels: list[str]) -> list[str]:
    """The newest few by name, and how many stand before them."""
    hidden = len(labels) - NAMED_ENTRIES
    if hidden <= 0:
        return labels
    earlier = ngettext("%(count)d bút toán trước đó", "%(count)d bút toán trước đó", hidden) % {"count": hidden}
    return [earlier, *labels[-NAMED_ENTRIES:]]


def worst_day(changes: Mapping[dt.date, list[int]], since: dt.date) -> tuple[dt.date, int, int] | None:
    """The day from ``since`` on when the use passes its limit by most, or falls below nothing: (day, limit, used)."""
    limit = used = 0
    worst: tuple[dt.date, int, int] | None = None
    days = sorted(changes)
    for index, on in enumerate(days):
        limit, used = limit + changes[on][0], used + changes[on][1]
        reaches_since = on >= since or index + 1 == len(days) or days[index + 1] > since
        broken_by = max(used - limit, -used)
        if not reaches_since or broken_by <= 0:
            continue
        if worst is None or broken_by > max(worst[2] - worst[1], -worst[2]):
            worst = (max(on, since), limit, used)
    return worst


def find_excesses(line_ids: Iterable[int], since: dt.date) -> list[Excess]:
    """Where the state money of these lines breaks a limit on some day from ``since`` on.

    Call it under the lock of their plans, after the entries are written.
    """
    wanted = list(line_ids)
    changes = _changes(wanted)
    broken = {key: worst for key, days in changes.items() if (worst := worst_day(days, since))}
    if not broken:
        return []
    lines = PlanLine.objects.select_related("project").in_bulk({line for _limit, line, _source in broken})
    sources = FundingSource.objects.in_bulk({source for _limit, _line, source in broken})
    return [
        Excess(limit, lines[line], sources[source], *worst, entries=_entry_labels(limit, line, source, worst[0]))
        for (limit, line, source), worst in broken.items()
    ]


def _changes(line_ids: list[int]) -> dict[tuple[Limit, int, int], Changes]:
    changes: dict[tuple[Limit, int, int], Changes] = defaultdict(lambda: defaultdict(lambda: [0, 0]))

    def sums(rows: Any, *more: str) -> dict[Any, int]:
        return rows.on_lines(line_ids).state_money().amounts_by("plan_line", "source", "effective_on", *more)

    contracted = sums(ContractEntry.objects)
    free_tasks = _tasks_without_contract(line_ids, {row[0] for row in contracted})
    for (line, source, on), amount in sums(ApprovalEntry.objects).items():
        changes[Limit.OUT, line, source][on][0] += amount
        changes[Limit.IN, line, source][on][0] += amount
        if line in free_tasks:
            changes[Limit.SETTLED, line, source][on][0] += amount
    for (line, source, on, direction), amount in sums(PaymentEntry.objects, "voucher__direction").items():
        changes[Limit(direction), line, source][on][1] += amount
    for (line, source, on), amount in contracted.items():
        changes[Limit.SETTLED, line, source][on][0] += amount
    for (line, source, on), amount in sums(SettlementEntry.objects).items():
        changes[Limit.SETTLED, line, source][on][1] += amount
    return changes


def _tasks_without_contract(line_ids: list[int], contracted: set[int]) -> set[int]:
    """A task may be done without a contract; then what is approved is its limit."""
    lines = PlanLine.objects.filter(pk__in=line_ids, project__kind=Project.Kind.TASK)
    return set(lines.values_list("pk", flat=True)) - contracted


def _entry_labels(limit: Limit, line: int, source: int, on: dt.date) -> list[str]:
    """The newest entries behind both sides of the balance, with their papers."""
    place = {"plan_line": line, "source": source, "effective_on__lte": on}
    approvals = ApprovalEntry.objects.filter(**place).select_related("decision")
    if limit is Limit.SETTLED:
        contracts = ContractEntry.objects.filter(**place).select_related("contract")
        settled = SettlementEntry.objects.filter(**place)
        found = [(row, row.contract.label) for row in contracts] + [(row, row.paper) for row in settled]
        found = found if contracts else [(row, row.decision.label) for row in approvals] + found
    else:
        payments = PaymentEntry.objects.filter(**place).going(limit).select_related("voucher")
        found = [(row, row.decision.label) for row in approvals] + [(row, row.voucher.label) for row in payments]
    found.sort(key=lambda pair: (pair[0].effective_on, pair[0].recorded_at))
    return named_entries([f"{label}: {format_vnd(row.amount_vnd)}" for row, label in found])
