"""The list of establishments that offices keep beside their plans (danh bạ cơ sở công nghiệp nông thôn)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from projects.importing.layout.columns import ListColumn, Reads
from projects.importing.lists.plan_columns import NOTES, NUMBER

_WHO = r"(?:co so|don vi|doanh nghiep|dn|cssx|co so san xuat|co so cnnt|co so cong nghiep nong thon|ho)"

FIRM_COLUMNS = (
    NUMBER,
    ListColumn("tax_code", _("Mã số thuế"), Reads.TAX_CODE, (r"mst", r"ma so thue(?: .*)?", r"ma so (?:dn|.*nghiep)")),
    ListColumn(
        "name",
        _("Tên đơn vị"),
        Reads.TEXT,
        (
            rf"ten {_WHO}(?: .*)?",
            rf"{_WHO}(?: cnnt| cong nghiep nong thon| thu huong| duoc ho tro| san xuat)?",
            r"ten(?: goi)?",
        ),
        is_needed=True,
    ),
    ListColumn("type", _("Loại hình"), Reads.TEXT, (r"loai hinh(?: .*)?", r"hinh thuc(?: .*)?", r"loai")),
    ListColumn(
        "place",
        _("Xã, phường"),
        Reads.PLACE,
        (
            r"(?:xa|phuong)(?: phuong| xa| thi tran| dac khu| tt)*",
            r"dia ban(?: .*)?",
            r"don vi hanh chinh",
            r"huyen(?: .*)?",
        ),
    ),
    ListColumn(
        "address", _("Địa chỉ"), Reads.PLACE, (r"dia chi(?: .*)?", r"tru so(?: .*)?", r"dia diem(?: san xuat| .*)?")
    ),
    ListColumn(
        "representative",
        _("Người đại diện"),
        Reads.TEXT,
        (
            r"(?:ho (?:va )?ten )?(?:nguoi )?dai dien(?: .*)?",
            r"(?:ho (?:va )?ten )?(?:chu (?:co so|doanh nghiep|dn|ho|nhiem)|giam doc|nguoi dung dau)(?: .*)?",
        ),
    ),
    ListColumn("phone", _("Điện thoại"), Reads.TEXT, (r"(?:so )?(?:dien thoai|dt|di dong)(?: .*)?", r"sdt", r"so dt")),
    ListColumn(
        "workers",
        _("Số lao động"),
        Reads.COUNT,
        (r"(?:tong )?so (?:lao dong|ld|cong nhan|nguoi lao dong)(?: .*)?", r"lao dong", r"ld"),
    ),
    ListColumn(
        "is_minority_owned",
        _("Do người dân tộc thiểu số làm chủ"),
        Reads.MARK,
        (r"(?:do |chu (?:co so )?(?:la )?)?(?:nguoi )?(?:dan toc thieu so|dtts)(?: .*)?",),
    ),
    ListColumn(
        "is_women_owned",
        _("Do phụ nữ làm chủ"),
        Reads.MARK,
        (r"(?:do |chu (?:co so |doanh nghiep |dn )?(?:la )?|dn do |doanh nghiep do )?(?:phu )?nu(?: .*)?",),
    ),
    ListColumn("craft_village", _("Làng nghề"), Reads.TEXT, (r"(?:ten |thuoc )*lang nghe(?: .*)?",)),
    NOTES,
)
