"""Lists of units with cells that are wrong, and what is left to be asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from khuyencong.accounts.models import FormerName, Organisation, User
from programmes.models import AdminUnit, AdminUnitSuccession
from projects.importing.proposals import RowState
from tests.importing.lists import answered, proposed
from tests.importing.unit_lists import entered, listed, make_province, read, states
from tests.people import make_person

pytestmark = pytest.mark.django_db

LAST, FIRST = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
HEADER = ("STT", "Tên xã, phường", "Mã", "Loại", "Từ ngày", "Đến ngày", "Nghị quyết", "Sáp nhập từ", "Huyện")
COMMUNE = (1, "Xã An Châu", "20000", None, "01/07/2025", None, None, None, None)
WARD = (2, "Phường An Hải", "20003", "Phường", "01/07/2025", None, None, None, None)
OLD = (3, "Xã Hòa Bình", "30001", None, None, "30/06/2025", None, None, "Huyện Sông Mây")
DISTRICTS = (
    ("STT", "Tên đơn vị", "Mã", "Đến ngày"),
    (1, "Huyện Sông Mây", 700, "30/06/2025"),
    (2, "TX. Cửa Rừng", 701, "30/06/2025"),
)


@pytest.fixture
def province(numbers: None) -> Organisation:
    return make_province()


@pytest.fixture
def keeper(province: Organisation) -> User:
    return make_person(role="administrator", scope=province)


def changed(row: tuple[Any, ...], **cells: Any) -> tuple[Any, ...]:
    """The row with other cells, by the letter of their column."""
    at = {ord(letter) - 65: cell for letter, cell in cells.items()}
    return tuple(at.get(place, cell) for place, cell in enumerate(row))


@pytest.fixture
def stored(province: Organisation, keeper: User) -> None:
    """Two districts of the time before, one with a commune; a commune and a ward of today."""
    entered(province, DISTRICTS, keeper)
    entered(province, [HEADER, COMMUNE, WARD, OLD], keeper)
    abroad = AdminUnit.objects.create(code="22", kind="province", name="Tỉnh Quảng Ninh", valid_from=FIRST)
    AdminUnit.objects.create(code="06700", kind="commune", name="Xã Hải Hà", parent=abroad, valid_from=FIRST)


@pytest.mark.parametrize(
    ("row", "cells", "place", "words"),
    [
        (WARD, {"B": None}, "B6", "thiếu tên"),
        (WARD, {"B": "Phường " + "dài " * 40}, "B6", "dài hơn 120 ký tự"),
        (WARD, {"C": None, "B": "Phường Mới"}, "C6", "thiếu mã"),
        (WARD, {"C": "20.ab"}, "C6", "chỉ gồm chữ số"),
        (WARD, {"C": "20.003"}, "C6", "chỉ gồm chữ số"),
        (WARD, {"C": "20000", "B": "Xã An Châu", "D": None}, "C6", "trùng với dòng 5"),
        (WARD, {"C": "06700", "B": "Phường Mới"}, "C6", "mã này là của “Xã Hải Hà”"),
        (WARD, {"C": "20009"}, "C6", "đơn vị này mang mã “20003”"),
        (WARD, {"D": "Xã"}, "D6", "khác với tên"),
        (WARD, {"D": "Khu phố"}, "D6", "không phải là loại đơn vị hành chính"),
        (WARD, {"D": None, "B": "Xã An Hải"}, "B6", "loại (phường) không đổi"),
        (WARD, {"E": "30/02/2025"}, "E6", "không đọc được"),
        (WARD, {"E": "01/08/2025"}, "E6", "ngày bắt đầu không đổi"),
        (WARD, {"F": "30/06/2025"}, "F6", "ngày này trước"),
        (WARD, {"E": "01/01/2025", "F": "31/12/2025"}, "F6", "chỉ đến hết 30/06/2025"),
        (WARD, {"B": "Huyện Mới", "C": "799", "D": None}, "E6", "từ 01/07/2025 không còn huyện"),
        (WARD, {"B": "Đặc khu Mới", "D": None, "E": None, "F": "30/06/2025"}, "F6", "không có đặc khu"),
        (WARD, {"B": "Tỉnh Quảng Ninh", "C": "22", "D": None}, "B6", "chỉ nhập đơn vị hành chính của tỉnh Thanh Giang"),
        (WARD, {"G": "NQ " * 60}, "G6", "dài hơn 120 ký tự"),
        (OLD, {"I": "Thị xã Cửa Rừng"}, "I6", "thuộc “Huyện Sông Mây”; đơn vị cấp trên không đổi"),
        (OLD, {"F": "31/12/1995", "C": "30009"}, "C6", "30001"),
    ],
)
def test_each_wrong_cell_is_named_and_the_others_go_on(
    stored: None, province: Organisation, keeper: User, row: Any, cells: dict[str, Any], place: str, words: str
) -> None:
    rows = [HEADER, changed(COMMUNE, G="1700/NQ-UBTVQH15"), changed(row, **cells)]
    right, wrong = read(province, rows, keeper).rows
    assert [(one.cell, words in one.text) for one in wrong.wrong] == [(f"Đơn vị!{place}", True)]
    assert (right.state, wrong.state) == (RowState.CHANGED, RowState.WRONG)
    before = AdminUnit.objects.count()
    entered(province, rows, keeper)
    assert AdminUnit.objects.count() == before


def test_a_code_is_free_again_once_its_unit_has_ended(stored: None, province: Organisation, keeper: User) -> None:
    later = changed(WARD, B="Phường Hải An", E="01/01/2026")
    [taken] = read(province, [HEADER, later], keeper).rows
    assert "ngày bắt đầu không đổi" in taken.wrong[0].text
    rows = [HEADER, changed(WARD, F="31/12/2025"), later]
    assert states(read(province, rows, keeper)) == [RowState.CHANGED, RowState.NEW]
    entered(province, rows, keeper)
    assert AdminUnitSuccession.objects.filter(predecessor__code="20003", successor__name="Phường Hải An").exists()


def test_what_would_end_in_the_time_of_another_is_wrong(stored: None, province: Organisation, keeper: User) -> None:
    rows = [HEADER, changed(WARD, F="31/12/2025"), changed(WARD, B="Phường Hải An", E="01/01/2026")]
    entered(province, rows, keeper)
    [row] = read(province, [HEADER, changed(WARD, F="01/02/2026")], keeper).rows
    assert (row.wrong[0].cell, row.wrong[0].text) == ("Đơn vị!F5", "mã này đã dùng cho đơn vị khác trong thời gian đó")


def test_what_hangs_on_a_wrong_row_is_wrong_and_on_one_that_waits_waits(province: Organisation, keeper: User) -> None:
    header = ("STT", "Tên đơn vị hành chính", "Mã", "Đến ngày")
    rows = [header, ("I", "Huyện Sông Mây", "7a", "30/06/2025"), (1, "Xã Hòa Bình", "30001", "30/06/2025")]
    district, commune = read(province, rows, keeper).rows
    assert district.state == commune.state == RowState.WRONG
    assert "đơn vị cấp trên ở dòng 5 không được nhập" in commune.wrong[0].text
    rows[1] = ("I", "Huyện Sông Mây", "700", "30/06/2025")
    assert states(read(province, rows, keeper)) == [RowState.CHOICE] * 2


def test_names_in_short_and_in_capitals_and_kinds_by_column(province: Organisation, keeper: User) -> None:
    entered(province, DISTRICTS, keeper)
    header = ("STT", "Tên xã, phường", "Mã", "Loại", "Huyện", "Đến ngày")
    rows = [
        header,
        (1, "HÒA BÌNH", 30001, "xã", "H. Sông Mây", dt.date(2025, 6, 30)),
        (2, "TT. Sông Mây", 30002, None, "Sông Mây", "30/06/2025"),
        (3, "P.Rừng Thông", 30003, "Phường", "Thị xã Cửa Rừng", "30/6/2025"),
    ]
    entered(province, rows, keeper)
    found = AdminUnit.objects.filter(parent__parent__code="70").order_by("code")
    assert [(one.name, one.kind, one.code) for one in found] == [
        ("Xã Hòa Bình", "commune", "700.30001"),
        ("Thị trấn Sông Mây", "township", "700.30002"),
        ("Phường Rừng Thông", "ward", "701.30003"),
    ]


def test_districts_are_told_by_the_code_of_their_column(province: Organisation, keeper: User) -> None:
    entered(province, DISTRICTS, keeper)
    header = ("Quận Huyện", "Mã QH", "Phường Xã", "Mã PX", "Cấp")
    rows = [
        header,
        ("Huyện Sông Mây", 700, "Xã Hòa Bình", 30001, "Xã"),
        ("TX Cửa Rừng", "701", "Phường A", "30002", "Phường"),
    ]
    entered(province, rows, keeper)
    assert {one.code for one in AdminUnit.objects.filter(valid_to=LAST, parent__parent__code="70")} == {
        "700.30001",
        "701.30002",
    }


def test_a_kind_that_is_not_told_is_asked_once_for_its_group(province: Organisation, keeper: User) -> None:
    header = ("STT", "Tên đơn vị", "Mã", "Từ ngày")
    rows = [header, ("I", "Khối xã"), (1, "An Châu", "20000", "01/07/2025"), (2, "An Điền", "20001", "01/07/2025")]
    [question] = read(province, rows, keeper).open_questions
    assert question.cells == ["Đơn vị!B6", "Đơn vị!B7"] and question.likely == ""
    entered(province, rows, keeper, {question.key: "commune"})
    assert set(AdminUnit.objects.in_province("70").values_list("name", flat=True)) == {"Xã An Châu", "Xã An Điền"}


def test_rows_under_a_district_are_asked_about_where_no_mark_says_so(province: Organisation, keeper: User) -> None:
    header = ("STT", "Tên đơn vị hành chính", "Mã", "Đến ngày")
    rows = [header, (1, "Huyện Sông Mây", "700", "30/06/2025"), (2, "Xã Hòa Bình", "30001", "30/06/2025")]
    waiting = read(province, rows, keeper)
    question = waiting.open_questions[-1]
    assert "ghi dưới dòng huyện, quận nào" in question.text
    apart = answered(listed(province, rows, keeper), keeper, {question.key: "apart"})
    [which] = proposed(apart, keeper).open_questions
    assert which.text == "Các xã, phường không ghi huyện, quận thuộc đơn vị nào?"
    entered(province, rows, keeper)
    assert AdminUnit.objects.get(code="700.30001").parent.name == "Huyện Sông Mây"


def test_an_unknown_district_is_asked_and_none_at_all_is_wrong(province: Organisation, keeper: User) -> None:
    row = changed(OLD, I="Huyện Sông Mê")
    [wrong] = read(province, [HEADER, row], keeper).rows
    assert "chưa có huyện, quận nào" in wrong.wrong[0].text and wrong.wrong[0].cell == "Đơn vị!I5"
    entered(province, DISTRICTS, keeper)
    [question] = read(province, [HEADER, row, changed(row, A=4, B="Xã Hòa An", C="30002")], keeper).open_questions
    assert (question.text, len(question.rows)) == ("“Huyện Sông Mê” là huyện, quận nào?", 2)
    assert question.options[0].value == question.likely == "700"


def test_the_old_province_is_asked_by_the_name_that_it_bore(province: Organisation, keeper: User) -> None:
    FormerName.objects.create(organisation=province, name="Tỉnh Sông Thanh", valid_to=LAST)
    [question] = read(province, DISTRICTS, keeper).open_questions
    assert question.options[0].label == "Tỉnh Sông Thanh (70)"
    entered(province, DISTRICTS, keeper)
    old = AdminUnit.objects.get(kind="province")
    assert (old.name, old.code, old.valid_from, old.valid_to) == ("Tỉnh Sông Thanh", "70", None, LAST)


def test_units_of_a_province_that_went_into_it_are_its_own(province: Organisation, keeper: User) -> None:
    entered(province, [HEADER, COMMUNE], keeper)
    merged = AdminUnit.objects.create(code="71", kind="province", name="Tỉnh Núi Xa", valid_to=LAST)
    today = AdminUnit.objects.get(kind="province", code="70")
    header = ("STT", "Tên đơn vị", "Mã", "Thuộc", "Đến ngày")
    rows = [header, (1, "Huyện Đèo Gió", "710", "Tỉnh Núi Xa", "30/06/2025")]
    [question] = read(province, rows, keeper).open_questions
    assert [one.value for one in question.options] == ["70", "skip"]
    AdminUnitSuccession.objects.create(predecessor=merged, successor=today)
    [question] = read(province, [header, (2, "Huyện Sông Mây", "700", None, "30/06/2025")], keeper).open_questions
    assert [one.value for one in question.options] == ["71", "70", "skip"], "its own is not there yet"
    entered(province, rows, keeper)
    assert AdminUnit.objects.get(code="710").parent == merged


def test_an_old_province_of_its_code_and_another_name_is_asked_about(province: Organisation, keeper: User) -> None:
    AdminUnit.objects.create(code="70", kind="province", name="Tỉnh Sông Thanh", valid_to=LAST)
    [question] = read(province, DISTRICTS, keeper).open_questions
    assert question.options[0].label == "Tỉnh Sông Thanh (70)" and len(question.options) == 2


def test_the_province_itself_may_stand_in_the_list(province: Organisation, keeper: User) -> None:
    top = (1, "Tỉnh Thanh Giang", "70", None, "01/07/2025", None, None, None, None)
    entered(province, [HEADER, top, COMMUNE], keeper)
    assert AdminUnit.objects.get(code="20000").parent.name == "Tỉnh Thanh Giang"
    assert states(read(province, [HEADER, top, COMMUNE], keeper)) == [RowState.EQUAL] * 2


@pytest.mark.parametrize(
    ("values", "words"),
    [({"area_code": ""}, "chưa có mã hành chính"), ({"name": "UBND Thanh Giang"}, "phải bắt đầu bằng Tỉnh hoặc")],
)
def test_what_the_province_lacks_is_said_of_each_row(
    province: Organisation, keeper: User, values: dict[str, str], words: str
) -> None:
    Organisation.objects.filter(pk=province.pk).update(**values)
    province.refresh_from_db()
    [row] = read(province, [HEADER, COMMUNE], keeper).rows
    assert words in row.wrong[0].text


@pytest.mark.parametrize(
    ("label", "stated"),
    [
        ("Tổng số: 104 xã, phường", 104),
        ("Tổng số: 67 xã, 45 phường, 2 đặc khu", 114),
        ("Tổng cộng: 3", 3),
        ("Tổng số: 1 xã, 1 phường", None),
        ("Tổng số 2 đơn vị, gồm 1 xã, 1 phường", None),
        ("Tổng số xã, phường năm 2025", None),
    ],
)
def test_another_number_than_the_file_states_is_told(
    province: Organisation, keeper: User, label: str, stated: int | None
) -> None:
    told = [one for one in read(province, [HEADER, COMMUNE, WARD, (label,)], keeper).notes if "danh sách có" in one]
    assert told == ([f"dòng 7 ghi {stated} đơn vị, danh sách có 2 dòng"] if stated else [])


def test_rows_of_other_provinces_are_left_out_of_a_list_of_the_country(province: Organisation, keeper: User) -> None:
    header = ("Tỉnh/Thành phố", "Mã tỉnh", "Tên xã, phường", "Mã xã", "Từ ngày")
    rows = [
        header,
        ("Tỉnh Thanh Giang", 70, "Xã An Châu", 20000, "01/07/2025"),
        ("Thanh Giang", 70, "Xã An Điền", 20001, "01/07/2025"),
        ("Thành phố Hải Phòng", 31, "Phường Hải An", 11413, "01/07/2025"),
    ]
    proposal = read(province, rows, keeper)
    assert states(proposal) == [RowState.NEW, RowState.NEW, RowState.LEFT]
    assert "1 dòng của tỉnh, thành phố khác không nhập" in proposal.notes
    entered(province, rows, keeper)
    assert AdminUnit.objects.in_province("70").count() == 2
