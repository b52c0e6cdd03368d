"""Administrative units as clerks write them: zeros lost in text, districts without their word, days in words."""

from __future__ import annotations

from typing import Any

import pytest

from khuyencong.accounts.models import Organisation, User
from programmes.models import AdminUnit, AdminUnitSuccession
from tests.importing.lists import proposed
from tests.importing.unit_lists import answered_all, entered, listed, make_province
from tests.people import make_person

pytestmark = pytest.mark.django_db
UNITS = ("STT", "Tên xã, phường", "Mã")


@pytest.fixture
def province(numbers: None) -> Organisation:
    return make_province()


@pytest.fixture
def keeper(province: Organisation) -> User:
    return make_person(role="administrator", scope=province, full_name="Trịnh Thị Lan")


def entries(province: Organisation, keeper: User, rows: Any) -> dict[str, tuple[str, str]]:
    """Code and superior by name, of what would be entered."""
    proposal = proposed(answered_all(listed(province, rows, keeper), keeper), keeper)
    units = [one.entry.unit for one in proposal.rows if one.entry]
    return {unit.name: (unit.code, str(unit.parent)) for unit in units}


@pytest.mark.parametrize(("code", "kept"), [("70", "00070"), (4, "00004"), ("00101", "00101"), (8.0, "00008")])
def test_zeros_in_front_of_a_code_come_back(province: Organisation, keeper: User, code: Any, kept: str) -> None:
    assert entries(province, keeper, [UNITS, (1, "Phường Ba Đình", code)])["Phường Ba Đình"][0] == kept


def test_zeros_come_back_once_the_kind_is_known(province: Organisation, keeper: User) -> None:
    rows = [UNITS, ("I", "Các phường"), (1, "Ba Đình", 4), ("II", "Xã (2 đơn vị)"), (1, "Phúc Thọ", "70")]
    found = entries(province, keeper, rows)
    assert {name: code for name, (code, _above) in found.items()} == {
        "Phường Ba Đình": "00004",
        "Xã Phúc Thọ": "00070",
    }


def test_communes_of_a_district_that_is_named_without_its_word_are_old(province: Organisation, keeper: User) -> None:
    rows = [
        ("STT", "Tên đơn vị hành chính", "Loại", "Mã", "Thuộc"),
        (1, "Tân Tiến", "Xã", 30001, "Sông Mây"),
        (2, "Sông Mây", "Huyện", 701, "Thanh Giang"),
        (3, "Bến Sỏi", "Phường", 20001, "Thanh Giang"),
    ]
    [below] = [
        one for one in proposed(listed(province, rows, keeper), keeper).open_questions if one.key.endswith(":below")
    ]
    assert below.likely == "old" and below.cells == ["Đơn vị!B5"]
    found = entries(province, keeper, rows)
    assert found["Xã Tân Tiến"] == ("701.30001", "Huyện Sông Mây")
    assert found["Phường Bến Sỏi"] == ("20001", "Tỉnh Thanh Giang")


def test_one_name_twice_below_one_superior_is_wrong(province: Organisation, keeper: User) -> None:
    rows = [UNITS, (1, "Xã Hòa An", 20001), (2, "Phường Hòa An", 20002), (3, "xã Hoà An", 20003)]
    proposal = proposed(answered_all(listed(province, rows, keeper), keeper), keeper)
    assert [[one.text for one in row.wrong] for row in proposal.rows] == [[], [], ["trùng tên với dòng 5"]]


@pytest.mark.parametrize("day", ["ngày 01 tháng 7 năm 2025", "1 tháng 7, 2025", "01/7/25"])
def test_days_as_resolutions_write_them(province: Organisation, keeper: User, day: Any) -> None:
    rows = [(*UNITS, "Từ ngày", "Đến ngày"), (1, "Xã Hòa An", 20001, day, "nay")]
    entered(province, rows, keeper)
    unit = AdminUnit.objects.get(code="20001")
    assert (str(unit.valid_from), unit.valid_to) == ("2025-07-01", None)


def test_former_units_as_resolutions_name_them(province: Organisation, keeper: User) -> None:
    old = [
        ("STT", "Tên đơn vị hành chính", "Mã", "Thuộc huyện"),
        (None, "Huyện Sông Mây", 701, None),
        (None, "Huyện Núi Voi", 702, None),
        (1, "Xã Tân Tiến", 30001, "Huyện Sông Mây"),
        (2, "Xã Tân Tiến", 30002, "Huyện Núi Voi"),
        (3, "Xã Hòa Bình", 30003, "Huyện Sông Mây"),
    ]
    entered(province, old, keeper)
    new = [(*UNITS, "Sáp nhập từ"), (1, "Xã An", 20001, "02 xã: Hòa Bình, Tân Tiến thuộc huyện Sông Mây")]
    entered(province, new, keeper)
    links = AdminUnitSuccession.objects.filter(successor__code="20001")
    assert set(links.values_list("predecessor__code", flat=True)) == {"701.30001", "701.30003"}


def test_province_in_its_own_list_is_not_counted(province: Organisation, keeper: User) -> None:
    rows = [UNITS, (None, "TỈNH THANH GIANG", 70), (1, "Xã An", 20001), (None, "Tổng số: 1 xã")]
    assert not [note for note in proposed(listed(province, rows, keeper), keeper).notes if "danh sách có" in note]


GSO = ("Tỉnh Thành Phố", "Mã TP", "Quận Huyện", "Mã QH", "Phường Xã", "Mã PX", "Cấp")


def gso(*rows: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    return [GSO, *(("Tỉnh Thanh Giang", "70", *row) for row in rows)]


def test_districts_that_stand_beside_their_communes_come_with_them(province: Organisation, keeper: User) -> None:
    rows = gso(
        ("Huyện Sông Mây", "701", "Xã Tân Tiến", "30001", "Xã"),
        ("Huyện Sông Mây", "701", "Thị trấn Mây", "30002", "Thị trấn"),
        ("Thị xã Cửa Rừng", "702", "Phường Bến Sỏi", "30003", "Phường"),
    )
    proposal = proposed(answered_all(listed(province, rows, keeper), keeper), keeper)
    assert [[one.text for one in row.wrong] for row in proposal.rows] == [[], [], []]
    assert any("huyện Sông Mây (mã 701) đến hết 30/06/2025" in note for note in proposal.notes)
    entered(province, rows, keeper)
    found = {one.code: (one.name, str(one.parent)) for one in AdminUnit.objects.kept_by("70").with_lineage()}
    assert found["701"] == ("Huyện Sông Mây", "Tỉnh Thanh Giang")
    assert found["702"] == ("Thị xã Cửa Rừng", "Tỉnh Thanh Giang")
    assert found["701.30002"] == ("Thị trấn Mây", "Huyện Sông Mây")
    assert found["702.30003"] == ("Phường Bến Sỏi", "Thị xã Cửa Rừng")
    again = proposed(answered_all(listed(province, rows, keeper), keeper), keeper)
    assert {one.state.name for one in again.rows} == {"EQUAL"}


def test_one_code_beside_two_names_of_districts_is_wrong(province: Organisation, keeper: User) -> None:
    rows = gso(
        ("Huyện Sông Mây", "701", "Xã Tân Tiến", "30001", "Xã"), ("Huyện Núi Voi", "701", "Xã Hòa An", "30002", "Xã")
    )
    proposal = proposed(answered_all(listed(province, rows, keeper), keeper), keeper)
    texts = [[one.text for one in row.wrong] for row in proposal.rows]
    assert texts == [[], ["mã 701 là của “Huyện Sông Mây”"]]


def test_a_superior_that_a_unit_of_today_can_not_have_is_told(province: Organisation, keeper: User) -> None:
    rows = [
        (*UNITS, "Thuộc", "Từ ngày"),
        (1, "Xã Hòa An", 20001, "Xã Hòa An", "01/07/2025"),
        (2, "Xã Tân An", 20002, "Tỉnh Thanh Giang", "01/07/2025"),
    ]
    [note] = [one for one in proposed(listed(province, rows, keeper), keeper).notes if "không dùng" in one]
    assert note.startswith("1 xã") and "“Xã Hòa An” ghi “Xã Hòa An”" in note
