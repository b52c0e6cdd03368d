"""A hundred ways to write a place: what is decided silently is right, and what may be two things is asked.

Decided silently: marks, capitals, the tone's place, dots, gaps and usual short forms of kinds left out or in; a name
that is a district and a commune of that district (the district); what the district, province or code behind it says.
Asked: one name in several districts, a former unit and one of today in one year, names that differ by a mark that was
not typed. A kind that no unit of that name has is never exchanged for another.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest
from django.db.models import Q

from programmes.models import AdminUnit
from programmes.place_names import PlaceNames
from tests.law import load_law

pytestmark = pytest.mark.django_db

# Which units may be named, the text, and the codes of what it means; “|” between those that are asked about.
IN_2006 = """
Tiên Lãng = 315
tien lang = 315
TIÊN LÃNG = 315
H. Tiên Lãng = 315
H.Tiên Lãng = 315
h tiên lãng = 315
huyện Tiên lãng = 315
Huyen Tien Lang = 315
Tiên Lãng, Hải Phòng = 315
Tiên Lãng - Hải Phòng = 315
Tiên Lãng (Hải Phòng) = 315
huyện Tiên Lãng, TP. Hải Phòng = 315
Tiên Lãng, HP = 315
Tiên Lãng, tp hp = 315
huyện Tiên Lãng, thành phố Hải Phòng = 315
315 = 315
Tiên  Lãng = 315
TiênLãng = 315
H.TiênLãng = 315
TT Tiên Lãng = 315.11755
T.T. Tiên Lãng = 315.11755
thị trấn Tiên Lãng = 315.11755
thị trấn Tiên Lãng, huyện Tiên Lãng = 315.11755
TT.Tiên Lãng, Tiên Lãng, Hải Phòng = 315.11755
11755 = 315.11755
Thuỷ Nguyên = 311
Thủy Nguyên = 311
thuy nguyen = 311
H. Thuỷ Nguyên = 311
Thủy Nguyên và Kiến Thụy = 311 314
Thủy Nguyên, Kiến Thuỵ = 311 314
huyện Thủy Nguyên; huyện Kiến Thụy = 311 314
các huyện Tiên Lãng, Vĩnh Bảo = 315 316
Tiên Lãng, Vĩnh Bảo, An Lão = 315 316 313
Vĩnh Bảo = 316
thị trấn Vĩnh Bảo = 316.11824
TT Vĩnh Bảo = 316.11824
X. Hòa Bình = 316.11890
xã Hoà Bình = 316.11890
xã Hòa Bình, huyện Vĩnh Bảo = 316.11890
xã Hòa Bình, huyện Thủy Nguyên =
hoa binh, thuy nguyen =
Hòa Bình, Vĩnh Bảo, Hải Phòng = 316.11890
xã Hòa Bình - Vĩnh Bảo = 316.11890
xã Hòa Bình (Vĩnh Bảo) = 316.11890
Xã Hòa Bình (316.11890) = 316.11890
xa hoa binh = 316.11890
Q. Hồng Bàng = 303
Q.Hồng Bàng = 303
quận hồng bàng = 303
Quán Toan = 303.11296
P. Quán Toan = 303.11296
phường Quán Toan, quận Hồng Bàng = 303.11296
TX Đồ Sơn = 308
thị xã Đồ Sơn = 308
TX. Đồ Sơn = 308
Đồ Sơn = 308
huyện đảo Cát Hải = 317
Cát Hải = 317
TT Cát Bà = 317.11914
huyện Bạch Long Vỹ = 318
Bạch Long Vĩ = 318
xã Kiến Thiết, Tiên Lãng = 315.11782
Kiến Thiết, Tiên Lãng, Kiến Thụy = 315.11782 314
X.Vinh Quang = 315.11821
xã Hòa Bình huyện Vĩnh Bảo = 316.11890
X. Hòa Bình H. Vĩnh Bảo TP. Hải Phòng = 316.11890
huyện Kiến Thụy VÀ huyện Tiên Lãng = 314 315
Tiên Lãng & Kiến Thụy = 315 314
Tiên Lãng/Vĩnh Bảo = 315 316
T. Lãng = 315
Huyện Tiên Lảng = 315
huyện Tiên Lãg = 315
X. Tiên Lãng =
TP Thủy Nguyên =
Tiên Lan =
Nam Sách =
An Lão, Hải Dương = 313 ?
"""
IN_2025 = """
Tiên Lãng = 315|11755
huyện Tiên Lãng = 315
xã Tiên Lãng = 11755
X. Tiên Lãng = 11755
TT Tiên Lãng = 315.11755
X.An Lão = 11629
H. An Lão = 313
P. Nhị Chiểu = 10714
TP. Thủy Nguyên = 311
phường Thủy Nguyên = 11560
Q. An Dương = 312
Cẩm Giàng = 10903
CẨM GIÀNG = 10903
Xã Cẩm Giang = 10888
cam giang = 10888|10903
xa Cẩm Giàng = 10903
xã Hợp Tiến = 10615
ĐK Cát Hải = 11914
"""
AT_ANY_TIME = """
TP. Hải Dương = 288
TP Hải Dương = 288
P. Hải Dương = 10525
TX Kinh Môn = 292
thị xã Kinh Môn = 292
TP Chí Linh = 290
xã Cẩm Giàng = 10903
H. Cẩm Giàng = 295
thị trấn Cẩm Giang = 295.10888
TT Lai Cách, Cẩm Giàng, Hải Dương = 295.10891
X. Minh Đức, Tứ Kỳ = 298.11128
xã Hợp Tiến = 291.10615|10615
xã Hợp Tiến, huyện Nam Sách = 291.10615
xã Hùng Thắng = 315.11809|296.10954|11809
xã Hùng Thắng, Bình Giang, Hải Dương = 296.10954
Hồng Phong, Ninh Giang = 299.11224
TT Nam Sách = 291.10606
"""


def wanted(text: str) -> list[tuple[str, str]]:
    pairs = [line.rpartition(" =") for line in text.strip().splitlines()]
    return [(typed, codes.strip()) for typed, _equals, codes in pairs]


@cache
def ways() -> list[tuple[str, str, str]]:
    return [
        (when, typed, codes)
        for when, text in (("2006", IN_2006), ("2025", IN_2025), ("", AT_ANY_TIME))
        for typed, codes in wanted(text)
    ]


def units_of(year: str) -> PlaceNames:
    units = AdminUnit.objects.below_province().select_related("parent__parent")
    if year:
        first, last = dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
        units = units.in_province("31").filter(
            Q(valid_from=None) | Q(valid_from__lte=last), Q(valid_to=None) | Q(valid_to__gte=first)
        )
    return PlaceNames(units)


def read(names: PlaceNames, typed: str) -> str:
    """The codes that the text means, as the table above writes them; what means nothing is “?” beside others."""
    found = ["|".join(unit.code for unit in named.units) or "?" for named in names.read(typed)]
    return "" if found == ["?"] else " ".join(found)


def same(found: str, meant: str) -> bool:
    return [set(one.split("|")) for one in found.split()] == [set(one.split("|")) for one in meant.split()]


def is_decided(codes: str) -> bool:
    return bool(codes) and "|" not in codes and "?" not in codes


def test_a_hundred_ways_to_write_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    load_law()
    assert len(ways()) >= 100
    by_year = {when: units_of(when) for when in ("2006", "2025", "")}
    answers = [(when, typed, meant, read(by_year[when], typed)) for when, typed, meant in ways()]
    wrong = [(when, typed, meant, found) for when, typed, meant, found in answers if not same(found, meant)]
    decided = [one for one in answers if is_decided(one[3])]
    meant_one = [one for one in answers if is_decided(one[2])]
    precision = sum(same(found, meant) for _when, _typed, meant, found in decided) / len(decided)
    recall = sum(same(found, meant) for _when, _typed, meant, found in meant_one) / len(meant_one)
    asked = [f"{typed} ({when or 'any time'})" for when, typed, _meant, found in answers if "|" in found]
    with capsys.disabled():
        print(f"\n{len(answers)} ways to write a place: precision {precision:.3f}, recall {recall:.3f}")
        print(f"decided silently: {len(decided)}; asked: {'; '.join(asked)}")
    assert precision == 1, wrong
    assert recall >= 0.97 and len(wrong) <= 2, wrong
