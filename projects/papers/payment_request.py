"""The paper that asks the treasury for the money of a voucher (giấy đề nghị), in the words of its lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from khuyencong.money import format_vnd, in_words
from khuyencong.official import document_head
from khuyencong.paper.official_paper import OfficialPaper, PaperColumn, PaperList, PaperRow, Part, Signature, Words
from projects.models import (
    ApprovalEntry,
    Direction,
    PaymentEntry,
    Voucher,
)
from projects.rules.double_acts import double_act_words


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


def request_paper(voucher: Voucher, user: User) -> OfficialPaper:
    """Of what the user may see of it."""
    sheet = payment_request(voucher, PaymentEntry.objects.visible_to(user).of_voucher(voucher).standing())
    is_in = voucher.direction == Direction.IN
    head = document_head(voucher.organisation, named_on=voucher.issued_on, dated_on=voucher.issued_on)
    parts: list[Part] = []
    if voucher.payee:
        parts.append(Words(f"{'Đơn vị chuyển tiền' if is_in else 'Người nhận, người nộp tiền'}: {voucher.payee}"))
    if voucher.content:
        parts.append(Words(f"Nội dung: {voucher.content}"))
    columns = [
        PaperColumn("STT", 8, "centre", "A"),
        PaperColumn("Tên đề án", 33, "left", "B"),
        PaperColumn("Nguồn", 9, "left", "C"),
        PaperColumn("Loại", 12, "left", "D"),
        PaperColumn("Kinh phí được duyệt", 14, "right", "1"),
        PaperColumn(f"Đã {'nhận' if is_in else 'chi'} trước chứng từ này", 14, "right", "2"),
        PaperColumn("Số tiền chứng từ này", 14, "right", "3"),
    ]
    rows = [_request_row(number, row) for number, row in enumerate(sheet.rows, 1)]
    rows.append(PaperRow(["", "Cộng", "", "", "", "", format_vnd(sheet.total_vnd)], "sum"))
    parts += [
        PaperList(columns, rows, "Đơn vị tính: Đồng"),
        Words(f"Số tiền bằng chữ: {sheet.total_words}.", is_italic=True),
    ]
    parts += map(Words, double_act_words(row.entry.plan_line.project for row in sheet.rows))
    return OfficialPaper(
        title=sheet.title,
        attached_to=f"(Kèm theo chứng từ số {voucher.label})",
        head=head,
        parts=parts,
        signatures=[
            Signature.by_hand("NGƯỜI ĐỀ NGHỊ"),
            Signature.by_hand("KẾ TOÁN"),
            Signature.sealed(head),
        ],
    )


def _request_row(number: int, row: RequestRow) -> PaperRow:
    entry = row.entry
    about = [str(entry.plan_line.project), str(entry.beneficiary or ""), f"Lý do: {entry.reason}" * bool(entry.reason)]
    amounts = map(format_vnd, (row.approved_vnd, row.before_vnd, entry.amount_vnd))
    words = (str(number), "\n".join(filter(None, about)), str(entry.source), str(entry.get_kind_display()))
    return PaperRow([*words, *amounts])
