"""The accounts of projects: what is approved, contracted, paid and settled, by line × content × source, in đồng."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from khuyencong.asof import NOW, AsOf
from programmes.models import FundingSource
from projects.ledger.balances import paid_cells, spoken_for
from projects.ledger.sums import add, remainder, unpaid
from projects.models import (
    ApprovalEntry,
    CellKey,
    ContractEntry,
    CostLine,
    Direction,
    PaymentEntry,
    PlanLine,
    Project,
    ProjectComponent,
    SettlementEntry,
)


@dataclass(frozen=True)
class LineAccount:
    """One line × content × source. None: nothing recorded, prints “–”. ``promised_vnd`` is of money that is not the
    state's: what the beneficiary or others said they would put in."""

    line: PlanLine
    component: ProjectComponent
    source: FundingSource
    promised_vnd: int | None
    approved_vnd: int | None
    contracted_vnd: int | None
    advanced_vnd: int | None
    received_vnd: int | None
    paid_vnd: int | None
    settled_vnd: int | None

    @property
    def key(self) -> CellKey:
        return (self.line.pk, self.component.pk, self.source.pk)

    @property
    def prefix(self) -> str:
        """The name of its row in a form."""
        return "line-" + "-".join(str(part) for part in self.key)

    @property
    def unpaid_vnd(self) -> int | None:
        return unpaid(self.approved_vnd, self.paid_vnd)

    @property
    def uncontracted_vnd(self) -> int | None:
        """*Chưa ký hợp đồng*: approved, and in no contract yet."""
        return remainder(self.approved_vnd, self.contracted_vnd)

    @property
    def movable_vnd(self) -> int | None:
        """*Có thể chuyển*: what of the approved money may go on into the next year."""
        return remainder(self.approved_vnd, spoken_for(self.paid_vnd, self.received_vnd))

    def gone(self, direction: str) -> int:
        """What went that way so far."""
        return (self.received_vnd if direction == Direction.IN else self.paid_vnd) or 0


def accounts_of(projects: Iterable[Project], as_of: AsOf = NOW) -> list[LineAccount]:
    """The accounts of the projects, line by line, in a fixed number of queries.

    State money stands here once it is approved; a beneficiary's own once it is promised or paid.
    """
    rows = PlanLine.objects.filter(project__in=list(projects))
    lines = list(rows.select_related("round__plan", "project").order_by("project__code", "round__plan__year", "pk"))
    ids = [line.pk for line in lines]
    figures: dict[CellKey, dict[str, int]] = defaultdict(dict)
    for name, entries in (
        ("promised_vnd", CostLine.objects),
        ("approved_vnd", ApprovalEntry.objects.effective_by(as_of)),
        ("contracted_vnd", ContractEntry.objects.effective_by(as_of)),
        ("settled_vnd", SettlementEntry.objects.effective_by(as_of)),
        ("advanced_vnd", PaymentEntry.objects.effective_by(as_of).advances()),
    ):
        for key, amount in entries.on_lines(ids).by_cell().items():
            figures[key][name] = amount
    for key, paid in paid_cells(ids, as_of).items():
        figures[key] |= _by_direction(paid)
    sources = {source.pk: source for source in FundingSource.objects.all()}
    components = ProjectComponent.objects.select_related("activity_type", "norm").in_bulk({key[1] for key in figures})
    by_line = {line.pk: line for line in lines}
    names = LineAccount.__dataclass_fields__.keys() - {"line", "component", "source"}
    accounts = [
        LineAccount(
            by_line[key[0]], components[key[1]], sources[key[2]], **{name: found.get(name) for name in sorted(names)}
        )
        for key, found in figures.items()
        if "approved_vnd" in found or not sources[key[2]].is_state
    ]
    order = {line.pk: index for index, line in enumerate(lines)}
    return sorted(accounts, key=lambda one: (order[one.line.pk], one.component.position, one.source.position))


def _by_direction(paid: dict[str, int]) -> dict[str, int]:
    """Money of the state is paid by the Centre, the beneficiary's own by itself: either way it is “paid”."""
    found = {}
    if Direction.IN in paid:
        found["received_vnd"] = paid[Direction.IN]
    out = add(paid.get(Direction.OUT), paid.get(Direction.OWN))
    return found if out is None else found | {"paid_vnd": out}
