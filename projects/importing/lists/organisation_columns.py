"""The list of a province's organisations: its Department, its Centres and what is below them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from projects.importing.layout.columns import ListColumn, Reads

_UNIT = r"(?:don vi|co quan|to chuc|co quan don vi|don vi co quan)"

ORGANISATION_COLUMNS = (
    ListColumn("number", _("STT"), Reads.NUMBER, (r"s?tt", r"so (?:tt|thu tu)", r"thu tu")),
    ListColumn(
        "parent",
        _("Đơn vị cấp trên"),
        Reads.OFFICE,
        (
            rf"(?:ten )?{_UNIT} (?:cap tren|chu quan|quan ly)(?: .*)?",
            r"(?:truc )?thuoc(?: .*)?",
            r"cap tren(?: .*)?",
            r"chu quan",
        ),
    ),
    ListColumn("kind", _("Loại đơn vị"), Reads.KIND, (r"(?:phan )?loai(?: hinh)?(?: don vi| co quan)?", r"cap")),
    ListColumn(
        "mark",
        _("Ký hiệu trong mã đề án"),
        Reads.CODE,
        (r"ky hieu(?: .*)?", r"chu viet tat", r"viet tat"),
    ),
    ListColumn("code", _("Mã"), Reads.CODE, (rf"ma(?: so)?(?: {_UNIT})?", r"ma dinh danh(?: .*)?")),
    ListColumn(
        "name",
        _("Tên đơn vị"),
        Reads.TEXT,
        (rf"ten(?: goi)?(?: {_UNIT})?(?: hien nay)?", rf"{_UNIT}"),
        is_needed=True,
        stands_alone=True,
    ),
    ListColumn(
        "since",
        _("Đi vào hoạt động từ"),
        Reads.DAY,
        (
            r"(?:di vao |bat dau )?hoat dong(?: tu)?(?: .*)?",
            r"(?:ngay |nam |thoi gian )?thanh lap(?: .*)?",
            r"(?:ngay|nam|thoi gian) (?:di vao |bat dau )?hoat dong(?: .*)?",
        ),
    ),
)
