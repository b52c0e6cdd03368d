"""The list of what was approved and paid before the system was there, as offices follow the use of money; and the other
sheets of the same file that say more of its establishments and letters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects.importing.layout.columns import ListColumn, Reads
from projects.importing.lists.plan_columns import (
    CODE,
    CONTENT,
    FIRM,
    NAME,
    NOTES,
    NUMBER,
    PERIOD,
    PLACE,
    SOURCE,
    TAX_CODE,
)
from projects.importing.proposals import Companion

_PAPER = r"(?:qd|quyet dinh|van ban|vb|cv|cong van)"
_CONTRACT = r"(?:hd|hop dong)"
_AMOUNT = r"(?:kinh phi|kp|so tien|gia tri|gt|muc|von)"
_MONEY = rf"(?:{_AMOUNT}|so)"
_VOUCHER = r"(?:chung tu|ct|unc|pc|phieu chi)"
_PAYING = r"(?:thanh toan|chi|giai ngan)"
_OF_SOURCE = r"(?:kcqg|kcdp|(?:khuyen cong |nguon )?(?:quoc gia|dia phuong))"
_PART = r"(?:lan|dot|bo sung|them|dieu chinh|giam|ban dau|dau nam)"
_OF = r"(?: khuyen cong| kcdp| kcqg| ho tro| ke hoach)*"
_SETTLED = r"(?:quyet toan|qt)"
_RECOVERING = r"(?:thu hoi|nop tra|nop lai|hoan tra|hoan nop)"
_INSTALMENT = rf"\b(?:lan|dot|ki|qui|thang|t) ?(?:[0-9]|[ivx]+\b)|{_OF_SOURCE}"
_DAY_OF = r"(?:ngay|thoi gian)(?: thang)?(?: nam)?(?: ki| ban hanh)?"


def _day(key: str, title: Promise, deed: str, before: str = "") -> ListColumn:
    """The day of a deed; ``before``: what it is called where the day stands behind it, if fewer words."""
    return ListColumn(key, title, Reads.DAY, (rf"{_DAY_OF} {deed}(?: .*)?", rf"{before or deed} ngay(?: .*)?"))


LETTER_DAY = _day("letter_day", _("Ngày quyết định"), _PAPER)
LETTER = ListColumn(
    "letter",
    _("Số quyết định"),
    Reads.TEXT,
    (
        rf"(?:so )?(?:ngay )?{_PAPER}(?: so)?(?: ngay)?(?: (?:giao|phe duyet|duyet|{_PART})(?: .*)?)?",
        rf"so (?:va )?(?:ngay )?(?:thang )?{_PAPER}(?: .*)?",
        r"can cu(?: .*)?",
    ),
)
APPROVED = ListColumn(
    "approved",
    _("Kinh phí được duyệt"),
    Reads.MONEY,
    (
        rf"{_MONEY}{_OF} (?:da )?(?:duoc )?(?:duyet|phe duyet|giao|cap)(?: .*)?",
        r"(?:du toan|ke hoach(?: von)?)(?: duoc)?(?: duyet| phe duyet| giao)?(?: nam)?(?: [0-9]{4})?",
        r"(?:da |duoc )?(?:duyet|phe duyet)",
        r"(?:kinh phi|kp)(?: khuyen cong)?(?: ho tro)?(?: duoc ho tro)?(?: kcdp| kcqg)?",
        rf"(?:{_MONEY} )?{_OF_SOURCE}(?: da)?(?: duoc)? (?:duyet|phe duyet|giao|cap)(?: .*)?",
        rf"(?:{_MONEY} )?(?:da |duoc )*(?:duyet|phe duyet|giao) {_PART}(?: .*)?",
        rf"(?:{_MONEY} )?(?:duoc )?(?:bo sung|dieu chinh|giam)(?: (?:tang|giam|con|lan|dot|theo|qd|quyet dinh)\b.*)?",
        rf"(?:{_MONEY} )?(?:duoc duyet )?sau (?:khi )?(?:dieu chinh|bo sung|giam)(?: .*)?",
        rf"(?:tong|tong cong|cong) (?:{_MONEY} )?(?:da |duoc )*(?:duyet|phe duyet|giao)(?: .*)?",
    ),
    is_needed=True,
    parts=rf"\b{_PART}\b|\b(?:qd|quyet dinh)\b|{_OF_SOURCE}",
)
CONTRACT_DAY = _day("contract_day", _("Ngày hợp đồng"), _CONTRACT)
CONTRACT_VALUE = ListColumn(
    "contract",
    _("Giá trị hợp đồng"),
    Reads.MONEY,
    (rf"{_AMOUNT}(?: theo| trong| cua)? {_CONTRACT}(?: .*)?", rf"{_CONTRACT} {_AMOUNT}(?: .*)?"),
    parts=_OF_SOURCE,
)
CONTRACT = ListColumn(
    "contract_number",
    _("Số hợp đồng"),
    Reads.TEXT,
    (rf"(?:so )?(?:ngay )?{_CONTRACT}(?: so)?(?: ngay)?", rf"so (?:va )?ngay (?:thang )?{_CONTRACT}(?: .*)?"),
)
ADVANCE_DAY = _day("advance_day", _("Ngày tạm ứng"), r"(?:tam ung|tu)", "tam ung")
ADVANCE_PAPER = ListColumn(
    "advance_number",
    _("Chứng từ tạm ứng"),
    Reads.TEXT,
    (rf"(?:so )?{_VOUCHER} tam ung", rf"tam ung (?:so )?{_VOUCHER}(?: .*)?"),
)
ADVANCE = ListColumn(
    "advance",
    _("Tạm ứng"),
    Reads.MONEY,
    (rf"(?:{_MONEY} )?(?:da )?tam ung(?: .*)?", r"tu (?:dot|lan|ky) .*"),
    parts=_INSTALMENT,
)
PAID_DAY = _day("paid_day", _("Ngày thanh toán"), r"(?:thanh toan|tt|chi|giai ngan|cap)", _PAYING)
PAID_PAPER = ListColumn(
    "paid_number",
    _("Chứng từ thanh toán"),
    Reads.TEXT,
    (rf"(?:so )?{_VOUCHER}(?: {_PAYING})?", rf"{_PAYING} (?:so )?{_VOUCHER}(?: .*)?"),
)
PAID = ListColumn(
    "paid",
    _("Thanh toán"),
    Reads.MONEY,
    (
        rf"(?:luy ke |tong )?(?:{_MONEY} )?(?:da )?(?:thanh toan|giai ngan|chi|cap phat)(?: .*)?",
        r"tt (?:dot|lan|ky) .*",  # “TT” alone numbers the rows
    ),
    parts=_INSTALMENT,
)
RECOVERED_DAY = _day("recovered_day", _("Ngày thu hồi"), _RECOVERING)
RECOVERED = ListColumn(
    "recovered", _("Thu hồi"), Reads.MONEY, (rf"(?:{_MONEY} )?(?:da )?{_RECOVERING}(?: .*)?",), parts=_OF_SOURCE
)
SETTLED_DAY = _day("settled_day", _("Ngày quyết toán"), _SETTLED)
SETTLED_PAPER = ListColumn(
    "settled_number",
    _("Số hồ sơ quyết toán"),
    Reads.TEXT,
    (rf"(?:so )?(?:ho so|bien ban) {_SETTLED}(?: .*)?", rf"{_SETTLED} (?:so )?(?:ho so|bien ban)(?: .*)?"),
)
SETTLED = ListColumn(
    "settled", _("Quyết toán"), Reads.MONEY, (rf"(?:{_MONEY} )?(?:da )?{_SETTLED}(?: .*)?",), parts=_OF_SOURCE
)
ACCEPTED_DAY = ListColumn(
    "accepted_day", _("Ngày nghiệm thu"), Reads.DAY, (rf"(?:{_DAY_OF} )?(?:bien ban )?(?:nghiem thu|nt)(?: .*)?",)
)
PROGRESS = ListColumn(
    "progress",
    _("Tiến độ"),
    Reads.TEXT,
    (r"tien do(?: .*)?", r"tinh (?:trang|hinh)(?: .*)?", r"trang thai(?: .*)?", r"(?:ket qua )?thuc hien(?: den .*)?"),
)


def _again(column: ListColumn, times: int, beside: ListColumn | None = None) -> list[ListColumn]:
    """The second, third … column of the kind, ``beside`` those of the money that they go with."""
    again: Any = {"names": (), "again": column.key, "parts": "", "is_needed": False}
    more = [
        replace(column, key=f"{column.key}_{place}", title=format_lazy("{} ({})", column.title, place), **again)
        for place in range(2, times + 1)
    ]
    return [replace(column, beside=beside.key), *more] if beside else [column, *more]


def _whole(column: ListColumn) -> ListColumn:
    title = format_lazy("{} ({})", column.title, _("cột tổng"))
    return ListColumn(f"{column.key}_whole", title, column.reads, (), again=column.key, is_whole=True)


OPENING_COLUMNS = (
    *(NUMBER, CODE, NAME, FIRM, TAX_CODE, PLACE, CONTENT, SOURCE),
    *(*_again(LETTER_DAY, 4, APPROVED), CONTRACT_DAY, *_again(ADVANCE_DAY, 3, ADVANCE), *_again(PAID_DAY, 6, PAID)),
    *(*_again(RECOVERED, 2), RECOVERED_DAY, SETTLED_DAY, ACCEPTED_DAY, *_again(LETTER, 4, APPROVED)),
    *(*_again(APPROVED, 4), _whole(APPROVED)),
    *(*_again(CONTRACT_VALUE, 2), CONTRACT, ADVANCE_PAPER, *_again(ADVANCE, 3), PAID_PAPER, *_again(PAID, 6)),
    *(_whole(PAID), SETTLED_PAPER, *_again(SETTLED, 2)),
    *(PROGRESS, PERIOD, NOTES),
)

_HEADED_BY = (r"(?:nguoi )?dai dien(?: .*)?", r"giam doc", r"chu co so")
_WOMEN = (r"(?:chu(?: co so| dn)?(?: la)? |do )(?:nu|phu nu)(?: .*)?", r"phu nu lam chu")
_ISSUED_BY = (r"(?:co quan|noi|don vi)(?: ban hanh)?", r"cap (?:giao|ban hanh)")
# The establishments of the list, with what the registry keeps of them.
_NAMED = ListColumn("firm", _("Tên cơ sở"), Reads.TEXT, FIRM.names, is_needed=True)
REGISTER = Companion(
    "register",
    (
        _NAMED,
        ListColumn("tax_code", TAX_CODE.title, Reads.TAX_CODE, TAX_CODE.names, is_needed=True),
        ListColumn("address", _("Địa chỉ"), Reads.PLACE, (r"dia chi(?: .*)?",)),
        ListColumn("representative", _("Người đại diện"), Reads.TEXT, _HEADED_BY),
        ListColumn("phone", _("Điện thoại"), Reads.TEXT, (r"(?:so )?(?:dien thoai|dt|sdt)(?: .*)?",)),
        ListColumn("workers", _("Số lao động"), Reads.COUNT, (r"(?:so |tong so )?lao dong(?: .*)?", r"so ld")),
        ListColumn("women", _("Do phụ nữ làm chủ"), Reads.MARK, _WOMEN),
    ),
    "firm",
)  # fmt: skip
# The letters of the list, with what each assigns to the year.
ASSIGNED = Companion(
    "assigned",
    (
        ListColumn("letter_day", LETTER_DAY.title, Reads.DAY, (*LETTER_DAY.names, r"ngay(?: ban hanh)?")),
        ListColumn("letter", LETTER.title, Reads.TEXT, (*LETTER.names, r"so(?: hieu)?"), is_needed=True),
        ListColumn("authority", _("Cơ quan ban hành"), Reads.TEXT, _ISSUED_BY),
        ListColumn("source", _("Nguồn"), Reads.TEXT, (r"nguon(?: von| kinh phi)?",)),
        ListColumn(
            "assigned",
            _("Kinh phí giao"),
            Reads.MONEY,
            (r"(?:so tien|kinh phi|kp)(?: duoc)?(?: giao)?(?: dong| trieu dong| tr d)?", r"giao"),
            is_needed=True,
        ),
    ),
    "letter",
)  # fmt: skip
