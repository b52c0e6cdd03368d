"""Money that moved between two days, and all that had moved by the later one, in đồng.

What the reports of a quarter or a half year add to the figures of the grid: approvals and payments inside the period
beside the sums up to its end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Q, Sum

from khuyencong.asof import AsOf
from khuyencong.funding import LATER_NATURES, Nature
from khuyencong.text import dated
from programmes.models import AnnualPlan
from programmes.models.decision import DATED, UNDATED
from projects.ledger.optional_amounts import add
from projects.models import (
    ApprovalEntry,
    ContractEntry,
    Direction,
    ExecutedAmount,
    PaymentEntry,
    Project,
    SettlementEntry,
)
from projects.models.money import CELL, in_column
from projects.models.payments import ADVANCES

CONTENT = ("source", "component__activity_type")


@dataclass(frozen=True)
class Flow:
    """State money of one key. None: nothing recorded. What ends in ``_in_vnd`` moved inside the days, the rest is
    all that had moved by the end.

    Approved at first, with slips of typing put right, and changed later; advanced less what was taken back, paid for
    work done; ``paid_vnd`` is everything that left the Centre; ``executed_vnd`` as last reported. ``undated_vnd`` was
    approved or changed by letters of unknown day: it is in the year and in no part of it, so that the parts of a year
    and it make up the year.
    """

    first_in_vnd: int | None = None
    adjusted_in_vnd: int | None = None
    advanced_in_vnd: int | None = None
    paid_in_vnd: int | None = None
    settled_in_vnd: int | None = None
    contracted_vnd: int | None = None
    advanced_vnd: int | None = None
    paid_vnd: int | None = None
    settled_vnd: int | None = None
    executed_vnd: int | None = None
    undated_vnd: int | None = None

    def __add__(self, other: Flow) -> Flow:
        names = [field.name for field in fields(self)]
        return Flow(**{name: add(getattr(self, name), getattr(other, name)) for name in names})


def flows(
    plans: Iterable[AnnualPlan], since: dt.date | None, as_of: AsOf, by: tuple[str, ...] = CELL
) -> dict[tuple[Any, ...], Flow]:
    """By the columns of ``by``, of projects that count as of then; five queries whatever the size of the plans.

    Without ``since`` the period begins with the first entry.
    """
    plans = list(plans)
    inside = Q() if since is None else Q(effective_on__gte=since)
    out = Q(voucher__direction=Direction.OUT)
    known = Q() if since is None else inside & DATED
    first, later = in_column(Nature.INITIAL), in_column(*LATER_NATURES)
    wanted: list[tuple[Any, dict[str, Q]]] = [
        (
            ApprovalEntry.objects.effective_by(as_of),
            {"first_in_vnd": known & first, "adjusted_in_vnd": known & later, "undated_vnd": UNDATED},
        ),
        (ContractEntry.objects.effective_by(as_of), {"contracted_vnd": Q()}),
        (
            PaymentEntry.objects.effective_by(as_of),
            {
                "advanced_in_vnd": inside & ADVANCES,
                "paid_in_vnd": inside & out & ~ADVANCES,
                "advanced_vnd": ADVANCES,
                "paid_vnd": out,
            },
        ),
        (SettlementEntry.objects.effective_by(as_of), {"settled_in_vnd": inside, "settled_vnd": Q()}),
        (ExecutedAmount.objects.latest_of_each(as_of), {"executed_vnd": Q()}),
    ]
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    for entries, sums in wanted:
        rows = entries.for_plans(plans).state_money().counted(as_of).order_by().values_list(*by)
        rows = rows.annotate(**{name: Sum("amount_vnd", filter=condition or None) for name, condition in sums.items()})
        for row in rows:
            figures = zip(sums, row[len(by) :], strict=True)
            found.setdefault(row[: len(by)], {}).update({name: vnd for name, vnd in figures if vnd is not None})
    return {key: Flow(**figures) for key, figures in found.items()}


def paid_between(plans: Iterable[AnnualPlan], since: dt.date, as_of: AsOf) -> int | None:
    """What left the Centre from that day on for projects of the plans, in đồng."""
    entries = PaymentEntry.objects.for_plans(list(plans)).effective_by(as_of).filter(effective_on__gte=since)
    return entries.by_direction().get(Direction.OUT)


def contract_labels(plans: Iterable[AnnualPlan], as_of: AsOf) -> Mapping[tuple[int, int], list[str]]:
    """Number and day of the contracts that give money to a line from a source, by (line, source), the first one first.

    A contract that was taken back altogether is not named.
    """
    entries = ContractEntry.objects.for_plans(list(plans)).effective_by(as_of)
    keys = ("plan_line", "source", "contract__number", "contract__signed_on", "contract")
    rows = entries.order_by("contract__signed_on", "contract").values_list(*keys).annotate(Sum("amount_vnd"))
    labels: dict[tuple[int, int], list[str]] = {}
    for line, source, number, signed_on, _contract, amount in rows:
        if amount:
            labels.setdefault((line, source), []).append(dated(number, signed_on))
    return labels


def late_projects(plans: Iterable[AnnualPlan], as_of: AsOf) -> set[int]:
    """Those that the list opens as “Chậm tiến độ”."""
    return set(Project.objects.in_plans(list(plans)).late(as_of).values_list("pk", flat=True))
