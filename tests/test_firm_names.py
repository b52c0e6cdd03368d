"""Sixty pairs of names of establishments: one name, names that are asked about, and two.

Decided silently (same): forms and lines of business written out or short, “&” or “và”, marks, capitals, dots, 07 or 7.
Asked (near): the same own words with another legal form, line of business or order of words. Nothing else is asked.
"""

from __future__ import annotations

import pytest

from khuyencong.firm_names import Likeness, compare_names, own_words, short_name, tax_root

SAME = """
Công ty TNHH Thương mại Dũng Hồng = Cty TNHH TM Dũng Hồng
Công ty TNHH Thương mại Dũng Hồng = CÔNG TY TNHH THƯƠNG MẠI DŨNG HỒNG
Công ty TNHH Thương mại Dũng Hồng = cong ty tnhh tm dung hong
Công ty Cổ phần Cơ khí Duyên Hải = Công ty CP Cơ khí Duyên Hải
Công ty Cổ phần Cơ khí Duyên Hải = CTCP Cơ khí Duyên Hải
Công ty Cổ phần Cơ khí Duyên Hải = Cty CP cơ khí Duyên Hải
Công ty trách nhiệm hữu hạn Ánh Thảo = Công ty TNHH Ánh Thảo
Công ty TNHH TM&SX bao bì Ánh Thảo = Công ty TNHH Thương mại và Sản xuất bao bì Ánh Thảo
Công ty TNHH TM & SX bao bì Ánh Thảo = Cty TNHH TMSX bao bì Ánh Thảo
Công ty TNHH Một thành viên Kim khí Bắc Giang = Công ty TNHH MTV Kim khí Bắc Giang
Công ty TNHH 1 thành viên Kim khí Bắc Giang = Công ty TNHH MTV Kim khí Bắc Giang
Công ty TNHH MTV XD, DV và TM Cơ Tấn = Công ty TNHH một thành viên Xây dựng, Dịch vụ và Thương mại Cơ Tấn
Công ty TNHH SXVLXD và TM Tân Phát = Công ty TNHH Sản xuất vật liệu xây dựng và Thương mại Tân Phát
Công ty CP XNK thủy sản Hải Phòng = Công ty Cổ phần Xuất nhập khẩu thuỷ sản Hải Phòng
Công ty CP Giấy xuất khẩu Bắc Giang = Công ty cổ phần giấy XK Bắc Giang
Doanh nghiệp tư nhân Minh Phú = DNTN Minh Phú
Hợp tác xã Lật Dương = HTX Lật Dương
HTX làng nghề chiếu cói Lật Dương = Hợp tác xã Làng nghề chiếu cói Lật Dương
H.T.X Quốc Tuấn = HTX Quốc Tuấn
Tổ hợp tác mây tre đan Tiên Cầm = THT mây tre đan Tiên Cầm
Hộ kinh doanh Nguyễn Văn Bình = HKD Nguyễn Văn Bình
Hộ kinh doanh Nguyễn Văn Bình = Hộ kinh doanh NGUYỄN VĂN BÌNH
Xí nghiệp cơ khí số 07 = Xí nghiệp cơ khí số 7
Xí nghiệp cơ khí số 7 = XN cơ khí 7
Cơ sở sản xuất bánh đa Hoà Bình = CS SX bánh đa Hòa Bình
Công ty TNHH “Hoa Mai” = Công ty TNHH Hoa Mai
Công ty TNHH Hoa Mai. = công ty TNHH  Hoa Mai
Công ty CP Thương mại - Dịch vụ Hoàng Gia = CTCP TMDV Hoàng Gia
"""
NEAR = """
Công ty TNHH Hoa Mai = Công ty CP Hoa Mai
Công ty TNHH Hoa Mai = HTX Hoa Mai
Công ty TNHH MTV Hoa Mai = Công ty TNHH Hoa Mai
Công ty TNHH SX và TM Ánh Thảo = Công ty TNHH TM và SX Ánh Thảo
Công ty TNHH Thương mại Hoa Mai = Công ty TNHH Hoa Mai
Công ty Hoa Mai = Công ty TNHH Hoa Mai
Hoa Mai = Công ty TNHH Hoa Mai
DNTN Minh Phú = Công ty TNHH Minh Phú
Hộ kinh doanh Nguyễn Văn Bình = Nguyễn Văn Bình
Tổ hợp tác Tiên Cầm = HTX Tiên Cầm
Công ty TNHH Cơ khí Duyên Hải = Công ty CP Duyên Hải Cơ khí
HTX chiếu cói Lật Dương = HTX sản xuất chiếu cói Lật Dương
"""
DIFFERENT = """
Công ty TNHH Hoa Mai = Công ty TNHH Hoa Mai Anh
Công ty TNHH Dũng Hồng = Công ty TNHH Dũng Hưng
Công ty CP Cơ khí số 7 = Công ty CP Cơ khí số 17
Công ty CP Cơ khí 70 = Công ty CP Cơ khí 7
HTX Lật Dương = HTX Lai Dương
Công ty TNHH Tân Phát = Công ty TNHH Tân Phú
HTX nông nghiệp Tiên Thanh = HTX nông nghiệp Tiên Thắng
Công ty CP Cơ khí Duyên Hải = Công ty CP Đúc Duyên Hải
Công ty TNHH Thương mại = Công ty TNHH Dịch vụ
Hộ kinh doanh Nguyễn Văn Bình = Hộ kinh doanh Nguyễn Văn Bính An
DNTN Minh Phú = DNTN Phú Minh Châu
Công ty TNHH SX gỗ An Bình = Công ty TNHH SX gỗ Bình Minh
Công ty CP May 10 = Công ty CP May 1
HTX mây tre đan Chính Mỹ = HTX mây tre đan Chính Nghĩa
Xí nghiệp đúc Mỹ Đồng = Xí nghiệp đúc Mỹ Đồng 2
Công ty TNHH Vân Long = Công ty TNHH Văn Long
Công ty TNHH Đại An = Công ty TNHH Đại Ân
Cơ sở mộc Kha Lâm = Cơ sở mộc Kiến An
Công ty TNHH Nam Sơn = Công ty TNHH Nam Sơn Hà
Công ty TNHH Phong Phú = Công ty TNHH Phú Phong Hải
"""


def pairs(text: str) -> list[tuple[str, str]]:
    return [(one, other) for one, _equals, other in (line.partition(" = ") for line in text.strip().splitlines())]


def test_sixty_pairs_of_names(capsys: pytest.CaptureFixture[str]) -> None:
    """What differs by a mark alone is “same”: without marks names are read, and whoever meant another says so."""
    meant = [
        (one, other, likeness)
        for text, likeness in ((SAME, Likeness.SAME), (NEAR, Likeness.NEAR), (DIFFERENT, Likeness.DIFFERENT))
        for one, other in pairs(text)
    ]
    assert len(meant) == 60
    answers = [(one, other, likeness, compare_names(one, other)) for one, other, likeness in meant]
    wrong = [(one, other, found.value) for one, other, likeness, found in answers if found != likeness]
    rates = {}
    for likeness in (Likeness.SAME, Likeness.NEAR):
        found = [one for one in answers if one[3] == likeness]
        wanted = [one for one in answers if one[2] == likeness]
        right = [one for one in found if one[2] == likeness]
        rates[likeness.value] = (len(right) / len(found), len(right) / len(wanted))
    with capsys.disabled():
        print(f"\n60 pairs of names, precision and recall: {rates}; not as meant: {wrong}")
    assert rates["same"][0] >= 0.9 and rates["same"][1] >= 0.96, wrong
    assert rates["near"][0] >= 0.9 and rates["near"][1] >= 0.9, wrong
    assert all(compare_names(other, one) == found for one, other, _likeness, found in answers), "either way round"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("D.N.T.N Phú Quý", "Doanh nghiệp tư nhân Phú Quý"),
        ("DN tư nhân Phú Quý", "DNTN Phú Quý"),
        ("Hộ KD Nguyễn Thị Lan", "Hộ kinh doanh Nguyễn Thị Lan"),
        ("HKD Trần Văn Quý", "Hộ kinh doanh cá thể Trần Văn Quý"),
        ("CT TNHH Hoa Mai", "Công ty TNHH Hoa Mai"),
        ("CT CP Hoa Mai", "CTCP Hoa Mai"),
        ("HTX NN Tiên Thanh", "Hợp tác xã nông nghiệp Tiên Thanh"),
        ("HTX DVNN Tiên Thanh", "Hợp tác xã dịch vụ nông nghiệp Tiên Thanh"),
        ("LH HTX Sông Thái", "Liên hiệp hợp tác xã Sông Thái"),
    ],
)
def test_forms_that_offices_write_short(one: str, other: str) -> None:
    assert compare_names(one, other) == Likeness.SAME


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Công ty Cổ phần Thương mại Hoa Mai", "cti cp tm hoa mai"),
        ("CTCP TM&DV Hoa Mai", "cti cp tm dv hoa mai"),
        ("Công ty TNHH MTV số 07", "cti tnhh mtv 7"),
        ("HTX 000", "htx 0"),
        ("Công", "cong"),
        ("", ""),
    ],
)
def test_name_is_written_short(name: str, short: str) -> None:
    assert short_name(name) == short == short_name(short)


def test_own_words_and_the_root_of_a_branch() -> None:
    assert own_words("Công ty TNHH Thương mại Dũng Hồng") == {"dung", "hong"}
    assert own_words("Công ty TNHH") == frozenset()
    assert tax_root("0123456789-001") == tax_root("0123456789") == "0123456789"
