"""The list of projects of a year's plan (forms of TT 36/2013 and the lists that Centres keep)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from projects.importing.layout.columns import ListColumn, Reads

_WHO = r"(?:co so|don vi|doi tuong|doanh nghiep|dn|co so cnnt|co so cong nghiep nong thon)"
_HELPED = r"(?:(?:duoc )?(?:ho tro|thu huong)(?: ho tro| kinh phi)?|tham gia|nhan ho tro)"
_MONEY = r"(?:kinh phi|kp|so tien|von|ngan sach|ns|nguon|muc|nguon von|nguon kinh phi|kinh phi ho tro|kp ho tro)"
_STATE = r"(?:nguon )?(?:nsnn|ngan sach nha nuoc|ngan sach|nha nuoc)"
# A heading that names both is of neither.
_NOT_CITY, _NOT_NATIONAL = r"(?!.*\b(?:kcdp|dia phuong)\b)", r"(?!.*\b(?:kcqg|quoc gia)\b)"

NAME = ListColumn(
    "name",
    _("Tên đề án"),
    Reads.TEXT,
    (
        r"(?:noi dung )?(?:va )?(?:danh muc )?ten (?:de an|du an|nhiem vu|chuong trinh|hang muc)(?: .*)?",
        r"(?:danh muc |noi dung )?(?:cac )?(?:de an|du an|nhiem vu)(?: khuyen cong| nhiem vu| du an)?",
        r"(?:ten )?noi dung(?: thuc hien| cong viec)?",
    ),
    is_needed=True,
)
NUMBER = ListColumn("number", _("STT"), Reads.NUMBER, (r"s?tt", r"so (?:tt|thu tu)", r"thu tu"))
CODE = ListColumn("code", _("Mã đề án"), Reads.TEXT, (r"ma(?: so)?(?: de an| du an)?", r"ma hieu"))
FIRM = ListColumn(
    "firm",
    _("Đơn vị thụ hưởng"),
    Reads.FIRM,
    (
        rf"(?:ten )?{_WHO} {_HELPED}",
        rf"ten {_WHO}(?: .*)?",
        r"(?:ten )?(?:co so|doanh nghiep)(?: cnnt| cong nghiep nong thon)?",
        r"thu huong",
        r"don vi phoi hop(?: thuc hien)?",
    ),
)
TAX_CODE = ListColumn(
    "tax_code", _("Mã số thuế"), Reads.TAX_CODE, (r"mst", r"ma so thue(?: .*)?", r"ma so (?:dn|doanh nghiep)")
)
PLACE = ListColumn(
    "place",
    _("Địa bàn"),
    Reads.PLACE,
    (
        r"(?:dia diem|dia ban|noi)(?: thuc hien| trien khai)?(?: de an| du an)?",
        r"dia chi(?: .*)?",
        r"(?:xa|phuong)(?: phuong| xa| thi tran| dac khu| tt)*",
        r"huyen(?: .*)?",
    ),
    words_only=(r"(?:ten )?dia phuong(?: (?:thuc hien|trien khai|thu huong|duoc ho tro|de nghi))?",),
)
PERIOD = ListColumn(
    "period",
    _("Thời gian thực hiện"),
    Reads.PERIOD,
    (r"thoi (?:gian|han)(?: .*)?", r"tien do(?: thuc hien)?(?: du kien)?"),
    short=_("Thời gian"),
)
CONTENT = ListColumn(
    "content",
    _("Nội dung hoạt động"),
    Reads.CONTENT,
    (
        r"(?:loai hinh|linh vuc|nhom|hang muc)(?: .*)?",
        r"(?:noi dung|loai) (?:hoat dong|khuyen cong|ho tro|de an)(?: .*)?",
    ),
    short=_("Nội dung"),
)
SOURCE = ListColumn(
    "source",
    _("Nguồn vốn của dòng"),
    Reads.TEXT,
    (
        r"(?:thuoc |loai |ten )?nguon(?: (?:von|kinh phi|kp|ngan sach|ns))?(?: (?:cap|ho tro|thuc hien))?"
        r"(?: (?:kcqg (?:hoac |hay )?kcdp|kcdp (?:hoac |hay )?kcqg))?",
    ),
    is_innermost=True,
    short=_("Nguồn"),
    row_names=(
        r"(?:trong do )?(?:kinh phi|kp|von|nguon|ngan sach|ns|kcqg|kcdp|nstw|nstp|doi ung|khuyen cong (?:quoc gia|dia "
        r"phuong)|(?:don vi|co so|doanh nghiep|dn) (?:doi ung|dong gop|tu bo tri|tu co))\b.*"
    ),
)
TOTAL = ListColumn(
    "total",
    _("Tổng kinh phí"),
    Reads.MONEY,
    (r"tong(?: (?:kp|kinh phi|so|cong|muc|von|nguon|du toan|muc dau tu).*)?", r"cong", r"kinh phi thuc hien"),
    yields=True,
    short=_("Tổng"),
)
NATIONAL = ListColumn(
    "national",
    _("Khuyến công quốc gia"),
    Reads.MONEY,
    (
        rf"{_NOT_CITY}(?:.* )?kcqg(?: .*)?",
        rf"{_NOT_CITY}(?:.* )?(?:khuyen cong )?quoc gia(?: .*)?",
        rf"(?:{_MONEY} |cap )?(?:trung uong|tw)",
        r"nstw",
    ),
    figures_only=(r"qg",),
    short=_("KCQG"),
)
CITY = ListColumn(
    "city",
    _("Khuyến công địa phương"),
    Reads.MONEY,
    (
        rf"{_NOT_NATIONAL}(?:.* )?kcdp(?: .*)?",
        rf"{_NOT_NATIONAL}(?:.* )?(?:khuyen cong )?dia phuong(?: .*)?",
        rf"{_MONEY} (?:cua )?(?:thanh pho|tp|tinh)(?: .*)?",
        r"ns(?:tp|dp|t)",
    ),
    figures_only=(r"(?:cap )?(?:tinh|thanh pho|tp|dp)",),
    short=_("KCĐP"),
)
STATE = ListColumn(
    "state",
    _("Kinh phí khuyến công (nguồn ghi ở dòng tên nhóm)"),
    Reads.MONEY,
    (
        r"(?:kinh phi|kp|so tien|muc)(?: de nghi)?(?: duoc)?(?: ho tro)?(?: de nghi)?",
        r"(?:kinh phi|kp) (?:khuyen cong|nha nuoc|nsnn|duoc duyet)(?: .*)?",
        r"(?:kinh phi|kp)(?: de nghi| ho tro| khuyen cong)* (?:nam )?(?:19|20)[0-9]{2}",
        rf"(?:(?:{_MONEY} )?(?:de nghi )?(?:duoc )?(?:ho tro )?(?:tu )?)?{_STATE}(?: ho tro)?",
        r"thanh tien",
    ),
    yields=True,
)
OWN = ListColumn(
    "own",
    _("Vốn của cơ sở (đối ứng)"),
    Reads.MONEY,
    (
        rf"(?:.* )?(?:von|kinh phi|kp|nguon)(?: doi ung| dong gop)?(?: cua)? {_WHO}(?: .*)?",
        r"(?:.* )?doi ung(?: .*)?",
        r"von tu (?:co|bo tri)",
        rf"{_WHO} (?:dong gop|tu bo tri|doi ung)",
    ),
    figures_only=(rf"(?:cua )?{_WHO}(?: {_HELPED})?",),
    short=_("Đối ứng"),
)
OTHER = ListColumn(
    "other",
    _("Nguồn khác"),
    Reads.MONEY,
    (r"(?:nguon |von |kinh phi |kp )?khac", r"(?:von )?vay(?: .*)?"),
    short=_("Nguồn khác"),
)
RESULTS = ListColumn(
    "effects", _("Kết quả dự kiến"), Reads.TEXT, (r"ket qua(?: .*)?", r"hieu qua(?: .*)?", r"san pham(?: .*)?")
)
AIMS = ListColumn("aims", _("Mục tiêu"), Reads.TEXT, (r"muc tieu(?: .*)?",))
SCALE = ListColumn("scale", _("Quy mô"), Reads.TEXT, (r"qu[iy] mo(?: .*)?", r"so luong(?: .*)?"))
IMPLEMENTER = ListColumn(
    "implementer", _("Đơn vị thực hiện"), Reads.TEXT, (r"don vi (?:to chuc )?(?:thuc hien|chu tri|trien khai)(?: .*)?",)
)
NOTES = ListColumn("notes", _("Ghi chú"), Reads.TEXT, (r"ghi chu(?: .*)?",))

PLAN_COLUMNS = (
    *(NUMBER, CODE, NAME, IMPLEMENTER, FIRM, TAX_CODE, PLACE, PERIOD, CONTENT, SOURCE, OWN, NATIONAL, CITY, OTHER),
    *(TOTAL, STATE, RESULTS, AIMS, SCALE, NOTES),
)
