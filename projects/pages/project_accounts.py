"""What the page of one project shows of its accounts, contracts and vouchers."""

from __future__ import annotations

from dataclasses import dataclass

from khuyencong.accounts.models import Authorisation, Role
from khuyencong.asof import NOW, AsOf
from projects.ledger.cell_sums import CellSums
from projects.ledger.line_accounts import LineAccount, accounts_of, line_accounts
from projects.ledger.optional_amounts import add
from projects.models import Contract, PaymentEntry, Project, SettlementEntry


@dataclass(frozen=True)
class ProjectAccounts:
    """One project with its accounts, its contracts, the entries of its vouchers and of its settlement, the newest
    first."""

    accounts: list[LineAccount]
    contracts: list[Contract]
    payments: list[PaymentEntry]
    settlements: list[SettlementEntry]

    @property
    def state(self) -> list[LineAccount]:
        return [account for account in self.accounts if account.source.is_state]

    @property
    def own(self) -> list[LineAccount]:
        return [account for account in self.accounts if not account.source.is_state]

    def total(self, name: str) -> int | None:
        return add(*(getattr(account, name) for account in self.state))

    @property
    def totals(self) -> dict[str, int | None]:
        """The sums of the state money, by the name of the figure."""
        names = ("approved_vnd", "contracted_vnd", "received_vnd", "paid_vnd", "settled_vnd", "unpaid_vnd")
        return {name: self.total(name) for name in names}


def project_accounts(project: Project, as_of: AsOf = NOW, sums: CellSums | None = None) -> ProjectAccounts:
    """What the page of one project shows of its accounts as of then.

    ``sums``: what was summed of it already as of the same day, if its contents and lines with plans are at hand too.
    """
    payments = PaymentEntry.objects.of_project(project).effective_by(as_of).for_reading()
    accounts = accounts_of([project], as_of) if sums is None else _at_hand(project, sums)
    return ProjectAccounts(
        accounts,
        list(Contract.objects.of_project(project).signed_by(as_of).for_page(as_of)),
        list(payments.select_related("voucher", "beneficiary", "reversed_by").order_by("-effective_on", "-pk")),
        _settlements(project, as_of) if any(one.settled_vnd is not None for one in accounts) else [],
    )


def _settlements(project: Project, as_of: AsOf) -> list[SettlementEntry]:
    entries = SettlementEntry.objects.of_project(project).effective_by(as_of).for_reading()
    found: list[SettlementEntry] = list(entries.select_related("reversed_by").order_by("-effective_on", "-pk"))
    Authorisation.objects.name_principals(found, Role.ACCOUNTANT, project.organisation)
    return found


def _at_hand(project: Project, sums: CellSums) -> list[LineAccount]:
    lines = sorted(project.lines.all(), key=lambda line: (line.round.plan.year, line.pk))
    return line_accounts(lines, {component.pk: component for component in project.components.all()}, sums)
