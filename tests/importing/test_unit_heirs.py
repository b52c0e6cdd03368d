"""What units were made of: how resolutions and offices write it, and the links that come of it."""

from __future__ import annotations

import datetime as dt

import pytest

from khuyencong.accounts.models import Organisation, User
from programmes.models import AdminUnit, AdminUnitSuccession
from programmes.place_names import PlaceNames, kinds_told
from projects.importing.lists.unit_heirs import former_names
from projects.importing.proposals import RowState
from projects.importing.services.batches import write_batch
from tests.importing.lists import proposed
from tests.importing.unit_lists import answered_all, entered, listed, make_province, merged_book, read, states
from tests.people import make_person

pytestmark = pytest.mark.django_db

LAST = dt.date(2025, 6, 30)
HEADER = ("STT", "Tên xã, phường", "Mã", "Từ ngày", "Đến ngày", "Sáp nhập từ", "Huyện")
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


def old(number: int, name: str, district: str) -> tuple[object, ...]:
    return (number, name, f"3000{number}", None, "30/06/2025", None, district)


def today(number: int, name: str, former: str | None) -> tuple[object, ...]:
    return (number, name, f"2000{number}", "01/07/2025", None, former, None)


@pytest.fixture
def stored(province: Organisation, keeper: User) -> None:
    """Two districts, in each a commune of one name; another commune in the first."""
    entered(province, DISTRICTS, keeper)
    rows = [old(1, "Xã Hòa Bình", "Huyện Sông Mây"), old(5, "Xã Hòa Bình", "Thị xã Cửa Rừng")]
    entered(province, [HEADER, *rows, old(6, "Xã Tân Tiến", "Huyện Sông Mây")], keeper)


WRITTEN = """
Xã Tân Tiến, xã An Hòa, huyện Sông Mây và một phần xã Nhân Hòa = Tân Tiến, An Hòa, Nhân Hòa*
Phường Trần Phú (một phần); TT. Sông Mây; Xã Nhân Hòa = Trần Phú*, Sông Mây, Nhân Hòa
toàn bộ diện tích, dân số của xã Tân Tiến và phần còn lại của các xã Nhân Hòa, An Hòa = Tân Tiến, Nhân Hòa*, An Hòa*
Các xã: Tân Tiến; một phần diện tích tự nhiên, quy mô dân số của phường Trần Phú = Tân Tiến, Trần Phú*
một phần của xã Tân Tiến = Tân Tiến*
xã Nhân Hòa (một phần diện tích), xã Tân Tiến (nguyên trạng) = Nhân Hòa*, Tân Tiến
Sáp nhập xã Tân Tiến (nay là thị trấn) + 1 phần P.Trần Phú = Tân Tiến, Trần Phú*
xa tan tien, Nhân Hoà = Tân Tiến, Nhân Hòa
"""


def small_names() -> PlaceNames:
    district = AdminUnit(code="700", kind="district", name="Huyện Sông Mây", valid_to=LAST)
    named = ("Xã Tân Tiến", "Xã An Hòa", "Xã Nhân Hòa", "Phường Trần Phú", "Thị trấn Sông Mây")
    below = [
        AdminUnit(code=f"700.{at}", kind=kinds_told(name)[0][0], name=name, parent=district, valid_to=LAST)
        for at, name in enumerate(named)
    ]
    return PlaceNames([district, *below])


@pytest.mark.parametrize("line", WRITTEN.strip().splitlines())
def test_former_units_as_they_are_written(line: str) -> None:
    text, _equal, meant = line.partition(" = ")
    found = [(named.units, is_partial) for named, is_partial in former_names(text, small_names())]
    assert [f"{unit.bare_name}{'*' if is_partial else ''}" for [unit], is_partial in found] == meant.split(", ")


@pytest.mark.parametrize(
    ("text", "kinds", "bare"),
    [
        ("TT.Vĩnh Bảo", ["township"], "Vĩnh Bảo"),
        ("TP Chí Linh", ["province", "city"], "Chí Linh"),
        ("XÃ AN HÒA", ["commune"], "AN HÒA"),
        ("P.1", ["ward"], "1"),
        ("Tĩnh Gia", [], "Tĩnh Gia"),
        ("Quán Toan", [], "Quán Toan"),
    ],
)
def test_the_word_before_a_name_tells_its_kind(text: str, kinds: list[str], bare: str) -> None:
    assert kinds_told(text) == (kinds, bare)


def test_former_units_are_found_asked_about_or_kept_in_words(
    stored: None, province: Organisation, keeper: User
) -> None:
    entered(province, [HEADER, today(0, "Xã An Châu", None), today(3, "Phường An Hải", None)], keeper)
    texts = (
        "Xã Hòa Bình, huyện Sông Mây và một phần diện tích, dân số của xã Tân Tiến",
        "Xã Tân Tiến, xã Hòa Bình; xã Mất Tên",
    )
    rows = [HEADER, today(0, "Xã An Châu", texts[0]), today(3, "Phường An Hải", texts[1])]
    which, unknown = read(province, rows, keeper).open_questions
    assert which.text == "“xã Hòa Bình” (nay thuộc Phường An Hải) là đơn vị cũ nào?"
    assert [one.value for one in which.options] == ["700.30001", "701.30005", "words", "skip"]
    assert which.likely == "700.30001", "beside Tân Tiến, which lies in that district"
    assert "ví dụ “xã Mất Tên”" in unknown.text and unknown.likely == "words"
    batch = answered_all(listed(province, rows, keeper), keeper, {which.key: "701.30005"})
    assert proposed(batch, keeper).rows[0].changes == [
        f"các xã, phường cũ (trống) → “{texts[0]}”",
        "liên kết với 2 đơn vị cũ",
    ]
    write_batch(batch=batch, version=batch.version, actor=keeper)
    links = AdminUnitSuccession.objects.filter(successor__code__in=("20000", "20003"))
    assert set(links.values_list("predecessor__code", "successor__code", "is_partial")) == {
        ("700.30001", "20000", False),
        ("700.30006", "20000", True),
        ("700.30006", "20003", True),
        ("701.30005", "20003", False),
    }
    assert AdminUnit.objects.get(code="20003").former_communes == texts[1]


def test_a_name_merged_over_the_rows_of_its_former_units_is_one_unit(
    stored: None, province: Organisation, keeper: User
) -> None:
    batch = listed(province, merged_book(), keeper)
    [row] = proposed(batch, keeper).rows
    assert row.values["former"] == "Xã Hòa Bình; Xã Không Tên"


def test_a_list_of_today_goes_by_the_heads_of_former_districts(
    stored: None, province: Organisation, keeper: User
) -> None:
    rows = [HEADER, ("I", "Địa bàn thị xã Cửa Rừng cũ"), today(0, "Xã An Châu", "Xã Hòa Bình")]
    assert not read(province, rows, keeper).open_questions
    entered(province, rows, keeper)
    assert AdminUnitSuccession.objects.get(successor__code="20000").predecessor.code == "701.30005"


def test_a_name_like_that_of_a_former_unit_is_asked_about(stored: None, province: Organisation, keeper: User) -> None:
    rows = [HEADER, today(0, "Xã An Châu", "Xã Tân Tiếng")]
    [question] = read(province, rows, keeper).open_questions
    assert [one.value for one in question.options] == ["700.30006", "words", "skip"] and question.likely == ""
    entered(province, rows, keeper, {question.key: "words"})
    assert not AdminUnitSuccession.objects.filter(predecessor__kind="commune").exists()
    left = listed(province, [HEADER, today(1, "Xã An Điền", "Xã Tân Tiếng")], keeper)
    assert states(proposed(answered_all(left, keeper, {"unit": "skip"}), keeper)) == [RowState.LEFT]


def test_old_and_new_units_of_one_list_are_linked(province: Organisation, keeper: User) -> None:
    entered(province, DISTRICTS, keeper)
    rows = [HEADER, old(1, "Xã Hòa Bình", "Huyện Sông Mây"), today(0, "Xã An Châu", "xã Hòa Bình")]
    assert states(read(province, rows, keeper)) == [RowState.NEW] * 2
    entered(province, rows, keeper)
    link = AdminUnitSuccession.objects.get(successor__code="20000")
    assert (link.predecessor.code, link.is_partial) == ("700.30001", False)
