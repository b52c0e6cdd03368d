"""The accounts of projects: what is approved, contracted, paid and settled, by line × content × source, in đồng."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from khuyencong.asof import NOW, AsOf
from khuyencong.money import in_words
from programmes.models import FundingSource
from projects.balances import paid_cells, spoken_for
from projects.figures import add, remainder, unpaid
from projects.models import (
    ApprovalEntry,
    CellKey,
    Contract,
    ContractEntry,
    CostLine,
    Direction,
    PaymentEntry,
    PlanLine,
    Project,
    ProjectComponent,
    SettlementEntry,
    Voucher,
)


@dataclass(frozen=True)
class Account:
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


@dataclass(frozen=True)
class ProjectAccounts:
    """One project with its accounts, its contracts and the entries of its vouchers, the newest first."""

    accounts: list[Account]
    contracts: list[Contract]
    payments: list[PaymentEntry]

    @property
    def state(self) -> list[Account]:
        return [account for account in self.accounts if account.source.is_state]

    @property
    def own(self) -> list[Account]:
        return [account for account in self.accounts if not account.source.is_state]

    def total(self, name: str) -> int | None:
        return add(*(getattr(account, name) for account in self.state))

    @property
    def totals(self) -> dict[str, int | None]:
        """The sums of the state money, by the name of the figure."""
        names = ("approved_vnd", "contracted_vnd", "received_vnd", "paid_vnd", "settled_vnd", "unpaid_vnd")
        return {name: self.total(name) for name in names}


def accounts_of(projects: Iterable[Project], as_of: AsOf = NOW) -> list[Account]:
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
    names = Account.__dataclass_fields__.keys() - {"line", "component", "source"}
    accounts = [
        Account(
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


def project_accounts(project: Project, as_of: AsOf = NOW) -> ProjectAccounts:
    """What the page of one project shows of its accounts as of then."""
    payments = PaymentEntry.objects.of_project(project).effective_by(as_of).for_reading()
    return ProjectAccounts(
        accounts_of([project], as_of),
        list(Contract.objects.of_project(project).signed_by(as_of).for_page(as_of)),
        list(payments.select_related("voucher", "beneficiary", "reversed_by").order_by("-effective_on", "-pk")),
    )


@dataclass(frozen=True)
class RequestRow:
    """A line of a voucher with what is approved for it and what had gone that way before, in đồng."""

    entry: PaymentEntry
    approved_vnd: int | None
    before_vnd: int


@dataclass(frozen=True)
class PaymentRequest:
    """What stands of a voucher, for the paper that asks for its money."""

    title: str
    rows: list[RequestRow]

    @property
    def total_vnd(self) -> int:
        return sum(row.entry.amount_vnd for row in self.rows)

    @property
    def total_words(self) -> str:
        return in_words(abs(self.total_vnd), capitalise=True)


TITLES = {
    PaymentEntry.Kind.ADVANCE: "Giấy đề nghị tạm ứng",
    PaymentEntry.Kind.PAYMENT: "Giấy đề nghị thanh toán",
    PaymentEntry.Kind.RECOVERY: "Giấy đề nghị thu hồi, nộp trả kinh phí",
}


def payment_request(voucher: Voucher, entries: Iterable[PaymentEntry]) -> PaymentRequest:
    """Of the entries of the voucher that stand, on the voucher's day."""
    entries = list(entries)
    kinds = {entry.kind for entry in entries}
    title = TITLES[PaymentEntry.Kind(kinds.pop())] if len(kinds) == 1 else "Giấy đề nghị thanh toán, tạm ứng, thu hồi"
    lines, as_of = {entry.plan_line_id for entry in entries}, AsOf(voucher.issued_on)
    approved = ApprovalEntry.objects.on_lines(lines).effective_by(as_of).by_cell()
    others = PaymentEntry.objects.on_lines(lines).going(voucher.direction).effective_by(as_of).exclude(voucher=voucher)
    before = others.by_cell()
    rows = [RequestRow(entry, approved.get(entry.key), before.get(entry.key, 0)) for entry in entries]
    return PaymentRequest(title, rows)
