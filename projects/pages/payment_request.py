"""The paper that asks the treasury for the money of a voucher (giấy đề nghị), in the words of its lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from khuyencong.asof import AsOf
from khuyencong.money import in_words
from projects.models import (
    ApprovalEntry,
    PaymentEntry,
    Voucher,
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
