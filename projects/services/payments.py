"""Vouchers: advances, payments and recoveries over one or several projects, and putting a slip in one right."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation, User
from projects.ledger.line_accounts import accounts_of
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    CellKey,
    Contract,
    Direction,
    PaymentEntry,
    PlanLine,
    Project,
    Support,
    Voucher,
)
from projects.rules.advances import advance_warning
from projects.services.guards import refuse_future, require, require_reason
from projects.services.money_checks import MoneyRefused, lock_lines, refuse_excesses, save_once
from projects.services.money_rows import Entry, copy_entry, reverse_entry
from projects.services.storing import clean_all, refuse_amounts


@dataclass(frozen=True)
class PaymentInput:
    """One line of a voucher as it is typed: a positive amount in đồng, whatever its kind."""

    key: CellKey
    kind: str
    amount_vnd: int
    contract: Contract | None = None
    beneficiary: Beneficiary | None = None
    reason: str = ""

    @property
    def signed_vnd(self) -> int:
        return -self.amount_vnd if self.kind == PaymentEntry.Kind.RECOVERY else self.amount_vnd


class SameVoucher(MoneyRefused):
    """``twin`` says the same: sent twice, by a double click or from two tabs, or really another one."""

    def __init__(self, twin: Voucher) -> None:
        text = _("Chứng từ %(twin)s đã ghi đúng các dòng và số tiền này. Nếu đúng là chứng từ khác, đánh dấu bên dưới.")
        super().__init__(text % {"twin": twin.label}, code="same_voucher")
        self.twin = twin


@transaction.atomic
def record_voucher(*, voucher: Voucher, rows: Sequence[PaymentInput], actor: User, is_another: bool = False) -> Voucher:
    """Records the voucher with its lines, all or nothing.

    Raises NotAllowed, PlanClosed, FutureDate, MoneyRefused beside the field that is wrong or with the balance that
    the voucher would break, and SameVoucher unless ``is_another`` says that it is no second copy.
    """
    require(actor, "pay", voucher.organisation_id)
    lines = lock_lines({row.key[0] for row in rows}, actor)
    if not rows:
        raise MoneyRefused(_("Chưa nhập số tiền nào."), code="nothing")
    refuse_future(voucher.issued_on, "issued_on")
    if {line.project.organisation_id for line in lines.values()} != {voucher.organisation_id}:
        raise MoneyRefused(_("Mỗi chứng từ chỉ gồm đề án của một đơn vị."))
    known = _known_of(lines)
    for row in rows:
        _refuse_row(voucher, row, lines[row.key[0]], known)
    if not is_another and (twin := _twin_of(voucher, rows)):
        raise SameVoucher(twin)
    voucher.year, voucher.recorded_by = voucher.issued_on.year, actor
    if not voucher.number.strip():
        # The organisation's row is locked, so two people never get the same number.
        Organisation.objects.select_for_update(of=("self",)).get(pk=voucher.organisation_id)
        voucher.number = suggest_number(voucher.organisation_id, voucher.year)
    save_once(voucher, "number", _("Số chứng từ này đã dùng trong năm %(year)s.") % {"year": voucher.year})
    entries = [_entry(voucher, row, actor) for row in rows]
    clean_all(entries)
    for entry in entries:
        if (voucher.direction == Direction.OWN) == entry.source.is_state:
            raise MoneyRefused(
                _(
                    "Tiền ngân sách chi qua Trung tâm; vốn đối ứng, nguồn khác ghi riêng ở chứng từ “Đơn vị "
                    "thụ hưởng, nguồn khác tự chi”."
                )
            )
    PaymentEntry.objects.bulk_create(entries)
    refuse_excesses(lines, voucher.issued_on)
    if voucher.direction == Direction.OUT:
        _refuse_large_advances(voucher, rows, lines)
    return voucher


def _twin_of(voucher: Voucher, rows: Sequence[PaymentInput]) -> Voucher | None:
    """A voucher of the same day and direction whose lines, as far as they stand, are just these.

    The lines' plans are locked, so of two copies sent at once the second finds the first.
    """
    wanted = Counter((*row.key, row.kind, row.signed_vnd, row.beneficiary and row.beneficiary.pk) for row in rows)
    lines = {row.key[0] for row in rows}
    for other in Voucher.objects.of_organisation(voucher.organisation_id).like(voucher, lines):
        stands = other.entries.standing().values_list(
            *("plan_line", "component", "source", "kind", "amount_vnd", "beneficiary")
        )
        if Counter(stands) == wanted:
            return other
    return None


def _refuse_large_advances(voucher: Voucher, rows: Sequence[PaymentInput], lines: Mapping[int, PlanLine]) -> None:
    """An advance over its share is an exception, so its row says why."""
    silent = {row.key for row in rows if row.kind == PaymentEntry.Kind.ADVANCE and not row.reason.strip()}
    if not silent:
        return
    accounts = accounts_of({line.project for line in lines.values()})
    problems = [
        _("%(project)s: %(warning)s Cần ghi lý do ở dòng này.") % {"project": account.line.project, "warning": text}
        for account in accounts
        if account.key in silent and (text := advance_warning(account, account.advanced_vnd or 0, voucher.issued_on))
    ]
    if problems:
        raise MoneyRefused(problems, code="needs_reason")


@dataclass(frozen=True)
class Known:
    """What rows are compared with: contracts and establishments by their project, the first day of approved money by
    line and source. Asked for once, however many rows there are."""

    contracts: set[tuple[int, int]]
    helped: set[tuple[int, int]]
    approved_on: dict[tuple[int, int], dt.date]


def _known_of(lines: Mapping[int, PlanLine]) -> Known:
    projects = {line.project_id for line in lines.values()}
    days = ApprovalEntry.objects.on_lines(lines).order_by().values_list("plan_line", "source")
    return Known(
        contracts=set(Contract.objects.filter(project__in=projects).values_list("project", "pk")),
        helped=set(Support.objects.filter(project__in=projects).values_list("project", "beneficiary")),
        approved_on={(line, source): on for line, source, on in days.annotate(Min("effective_on"))},
    )


def _refuse_row(voucher: Voucher, row: PaymentInput, line: PlanLine, known: Known) -> None:
    project = line.project
    if row.amount_vnd <= 0:
        raise MoneyRefused(_("Số tiền phải lớn hơn 0."), code="not_positive", key=row.key)
    refuse_amounts([row.amount_vnd])
    if row.kind not in PaymentEntry.Kind.values or voucher.direction not in Direction.values:
        raise MoneyRefused(_("Chưa chọn loại, hoặc chưa chọn thu hay chi."), code="kind", key=row.key)
    if row.contract is not None and (project.pk, row.contract.pk) not in known.contracts:
        raise MoneyRefused(_("Hợp đồng không thuộc đề án của dòng này."), code="other_contract", key=row.key)
    helped = row.beneficiary
    if helped is not None and (project.pk, helped.pk) not in known.helped:
        text = _("“%(name)s” không phải đơn vị thụ hưởng của đề án.") % {"name": helped}
        raise MoneyRefused(text, code="not_helped", key=row.key)
    if row.kind != PaymentEntry.Kind.RECOVERY and project.status not in Project.PAYABLE:
        raise MoneyRefused(
            _("Đề án “%(name)s” đang ở trạng thái “%(status)s”: chỉ ghi thu hồi, không chi thêm.")
            % {"name": project, "status": project.get_status_display()},
            code="not_payable",
            key=row.key,
        )
    approved_on = known.approved_on.get((line.pk, row.key[2]))
    if approved_on and voucher.issued_on < approved_on:
        raise MoneyRefused(
            {
                "issued_on": _("Ngày chứng từ trước ngày đề án “%(name)s” được duyệt kinh phí (%(on)s).")
                % {"name": project, "on": f"{approved_on:%d/%m/%Y}"}
            },
            code="before_approval",
        )


def _entry(voucher: Voucher, row: PaymentInput, actor: User) -> PaymentEntry:
    line, component, source = row.key
    return PaymentEntry(
        voucher=voucher,
        plan_line_id=line,
        component_id=component,
        source_id=source,
        kind=row.kind,
        amount_vnd=row.signed_vnd,
        effective_on=voucher.issued_on,
        contract=row.contract,
        beneficiary=row.beneficiary,
        reason=row.reason,
        recorded_by=actor,
    )


@dataclass(frozen=True)
class RightAmount:
    """What an entry should have said, in đồng and positive; 0 takes it back altogether."""

    entry: Entry
    right_vnd: int


@transaction.atomic
def correct_entries(*, rights: Sequence[RightAmount], reason: str, actor: User) -> list[Entry]:
    """Reverses each wrong entry on its own date and, unless nothing was right of it, writes it anew.

    Raises NotAllowed, PlanClosed, or Refused without a reason, for an entry that is a reversal or was reversed already,
    and when the balance would break on some day; then nothing is written.
    """
    rights = _as_stored(rights)
    lines = lock_lines({one.entry.plan_line_id for one in rights}, actor)
    require_reason(reason, _("Ghi lý do đính chính."))
    refuse_amounts(one.right_vnd for one in rights)
    written: list[Entry] = []
    for one in rights:
        sign = -1 if one.entry.amount_vnd < 0 else 1
        if sign * one.right_vnd == one.entry.amount_vnd:
            continue
        written.append(reverse_entry(one.entry, reason, actor))
        if one.right_vnd:
            written.append(_again(one.entry, sign * one.right_vnd, reason, actor))
    if not written:
        raise MoneyRefused(_("Không có số nào khác với số đang ghi."), code="nothing")
    refuse_excesses(lines, min(entry.effective_on for entry in written))
    return written


def _as_stored(rights: Sequence[RightAmount]) -> list[RightAmount]:
    """What is reversed and written anew is what stands in the books."""
    kept: dict[type[Entry], set[int]] = defaultdict(set)
    for one in rights:
        kept[type(one.entry)].add(one.entry.pk)
    rows = {(model, row.pk): row for model, ids in kept.items() for row in model._default_manager.filter(pk__in=ids)}
    return [replace(one, entry=rows[type(one.entry), one.entry.pk]) for one in rights]


def _again(entry: Entry, amount_vnd: int, reason: str, actor: User) -> Entry:
    fresh = copy_entry(entry, amount_vnd, reason, actor)
    fresh.save()
    return fresh


def suggest_number(organisation_id: int, year: int) -> str:
    """“PC-013” after “PC-012”: the number of the year's last voucher that ends in digits, counted on."""
    numbers = list(Voucher.objects.of_organisation(organisation_id).for_year(year).numbers())
    taken = {number.casefold() for number in numbers}
    head, count, width = "PC-", 0, 3
    for number in numbers:
        if match := re.fullmatch(r"(.*?)([0-9]{1,9})", number):
            head, count, width = match[1], int(match[2]), len(match[2])
            break
    while (following := f"{head}{count + 1:0{width}d}").casefold() in taken:
        count += 1
    return following
