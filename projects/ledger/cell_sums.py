"""Every figure of money that is kept by line × content × source, summed in one statement, in đồng."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum, Value
from django_cte import CTE, with_cte

from khuyencong.asof import NOW, AsOf
from programmes.models import FundingSource
from projects.models import (
    ApprovalEntry,
    CellKey,
    ContractEntry,
    CostLine,
    Direction,
    ExecutedAmount,
    PaymentEntry,
    PlanLine,
    Project,
    SettlementEntry,
)
from projects.models.money import CELL

# What each figure is the sum of, as of a day. What was asked for has no day. Money of the state is paid by the Centre,
# the beneficiary's own by itself: either way it is “paid”.
FIGURES: dict[str, Callable[[AsOf], Any]] = {
    "requested_vnd": lambda as_of: CostLine.objects.all(),
    "approved_vnd": lambda as_of: ApprovalEntry.objects.effective_by(as_of),
    "executed_vnd": lambda as_of: ExecutedAmount.objects.latest_of_each(as_of),
    "contracted_vnd": lambda as_of: ContractEntry.objects.effective_by(as_of),
    "received_vnd": lambda as_of: PaymentEntry.objects.effective_by(as_of).going(Direction.IN),
    "paid_vnd": lambda as_of: PaymentEntry.objects.effective_by(as_of).going(Direction.OUT, Direction.OWN),
    "advanced_vnd": lambda as_of: PaymentEntry.objects.effective_by(as_of).advances(),
    "settled_vnd": lambda as_of: SettlementEntry.objects.effective_by(as_of),
}
OF_PLANS = ("requested_vnd", "approved_vnd", "executed_vnd")  # what a plan says of a project
OF_ACCOUNTS = tuple(name for name in FIGURES if name != "executed_vnd")


@dataclass(frozen=True)
class CellSums:
    """By line × content × source the figures that are recorded there; all sources in their order, by their ids."""

    cells: dict[CellKey, dict[str, int]]
    sources: dict[int, FundingSource]


def cell_sums(projects: Iterable[Project], figures: Iterable[str] = FIGURES, as_of: AsOf = NOW) -> CellSums:
    """These figures of all lines of the projects, in two queries. The lines are found once for all tables."""
    lines = CTE(PlanLine.objects.filter(project__in=list(projects)).order_by().values("pk"), name="lines")
    on_lines = {"plan_line__in": lines.queryset().values("pk")}
    parts = [
        with_cte(lines, select=FIGURES[name](as_of).filter(**on_lines).order_by())
        .annotate(figure=Value(name))
        .values_list("figure", *CELL)
        .annotate(Sum("amount_vnd"))
        for name in figures
    ]
    cells: dict[CellKey, dict[str, int]] = defaultdict(dict)
    for name, line, component, source, amount in parts[0].union(*parts[1:], all=True):
        cells[line, component, source][name] = amount
    return CellSums(dict(cells), {source.pk: source for source in FundingSource.objects.all()})
