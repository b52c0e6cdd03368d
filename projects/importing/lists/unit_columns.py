"""The list of a province's administrative units: those of today, or those before 01/07/2025."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from projects.importing.layout.columns import ListColumn, Reads

_UNIT = r"(?:don vi(?: hanh chinh)?|dvhc)"
_LEVEL = r"(?:(?:xa|phuong|thi tran|dac khu|cap xa|px)(?: xa| phuong| thi tran| dac khu| tt)*)"
_DISTRICT = r"(?:(?:cap huyen|huyen|quan|qh)(?: huyen| quan| thi xa| thanh pho| tx| tp)*)"
_NEW = r"(?: (?:moi|hien nay|sau (?:khi )?(?:sap xep|sap nhap)(?: .*)?))?"

UNIT_COLUMNS = (
    ListColumn("number", _("STT"), Reads.NUMBER, (r"s?tt", r"so (?:tt|thu tu)", r"thu tu")),
    ListColumn("parent_code", _("Mã huyện, quận"), Reads.CODE, (rf"ma(?: so)? {_DISTRICT}",)),
    ListColumn("code", _("Mã"), Reads.CODE, (rf"ma(?: so)?(?: {_UNIT}| {_LEVEL})?{_NEW}", rf"ma(?: so)? {_UNIT} .*")),
    ListColumn(
        "former",
        _("Sáp nhập từ các xã, phường cũ"),
        Reads.PLACE,
        (
            r"(?:duoc )?(?:sap nhap|hop nhat|nhap|hinh thanh|thanh lap)(?: .*)?",
            rf"(?:cac |ten )*(?:{_UNIT}|{_LEVEL})(?: .*)? (?:cu|truoc day|truoc (?:khi )?sap (?:xep|nhap)|sap nhap)",
            rf"(?:cac |ten )*(?:{_UNIT}|{_LEVEL}) (?:truoc (?:khi )?)?(?:sap xep|sap nhap|hop nhat)(?: .*)?",
            r"truoc (?:khi )?(?:sap xep|sap nhap)(?: .*)?",
            r"tu cac (?:xa|don vi)(?: .*)?",
        ),
    ),
    ListColumn(
        "since",
        _("Từ ngày"),
        Reads.DAY,
        (
            r"(?:co |hieu luc |thoi gian )*tu(?: ngay)?",
            r"(?:ngay|thoi diem) (?:bat dau|co hieu luc|hieu luc|thanh lap)(?: .*)?",
            r"hieu luc(?: tu)?",
        ),
    ),
    ListColumn(
        "until",
        _("Đến ngày"),
        Reads.DAY,
        (r"(?:hieu luc )?den(?: het)?(?: ngay)?", r"(?:ngay )?(?:ket thuc|het hieu luc|giai the)(?: .*)?"),
    ),
    ListColumn(
        "resolution", _("Nghị quyết"), Reads.PLACE, (r"(?:so |theo )?nghi quyet(?: .*)?", r"can cu(?: .*)?", r"van ban")
    ),
    ListColumn(
        "parent",
        _("Thuộc huyện, quận"),
        Reads.OFFICE,
        (rf"(?:ten |thuoc |truc thuoc )*{_DISTRICT}", r"(?:truc )?thuoc"),
        short=_("Thuộc"),
    ),
    ListColumn(
        "province",
        _("Tỉnh, thành phố"),
        Reads.OFFICE,
        (r"(?:ten |thuoc )*tinh(?: (?:thanh pho|tp))?(?: .*)?", r"(?:ten |thuoc )*(?:thanh pho|tp)"),
    ),
    ListColumn("kind", _("Loại"), Reads.KIND, (rf"(?:phan )?loai(?: hinh)?(?: {_UNIT})?", r"cap(?: .*)?")),
    ListColumn(
        "name",
        _("Tên đơn vị hành chính"),
        Reads.TEXT,
        (rf"(?:ten(?: goi)?(?: cua)? )?(?:cac )?(?:{_UNIT}|{_LEVEL})(?: cap xa)?{_NEW}", rf"ten(?: goi)?{_NEW}"),
        is_needed=True,
        stands_alone=True,
    ),
)
