"""The communes of before July 2025: named with their kind and district, and led to the units of today."""

from __future__ import annotations

import csv
import datetime as dt
import re
import shutil
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from programmes.models import AdminUnit, AdminUnitSuccession
from programmes.reference_data import DATA
from tests.law import load_law

pytestmark = pytest.mark.django_db
LAST_DAY = dt.date(2025, 6, 30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def communes_of(province: str) -> Counter[str]:
    found = AdminUnit.objects.filter(parent__parent__code=province, valid_to=LAST_DAY)
    return Counter(found.values_list("kind", flat=True))


def test_374_communes_stood_in_27_districts_on_the_last_day() -> None:
    load_law()
    assert communes_of("31") == {"ward": 79, "township": 7, "commune": 81}
    assert communes_of("30") == {"ward": 46, "township": 10, "commune": 151}
    districts = AdminUnit.objects.filter(parent__kind="province", valid_to=LAST_DAY)
    assert districts.count() == 27
    assert [one.name for one in districts if not one.children.exists()] == ["Huyện Bạch Long Vĩ"]


def test_each_commune_leads_to_a_unit_of_today_and_each_unit_of_today_comes_from_some() -> None:
    load_law()
    links = AdminUnitSuccession.objects.filter(predecessor__parent__parent__isnull=False)
    assert links.count() == 450
    assert links.values("predecessor").distinct().count() == 374
    assert links.values("successor").distinct().count() == 113, "Bạch Long Vĩ had no communes"
    split = {one.predecessor_id for one in links if one.is_partial is not False}
    assert len(split) == 71
    assert all(links.filter(predecessor=pk).count() > 1 for pk in split), "a part has another part beside it"


def test_what_a_unit_of_today_says_of_its_parts_is_what_the_links_say() -> None:
    load_law()
    for unit in AdminUnit.objects.exclude(former_communes="").exclude(name="Đặc khu Bạch Long Vĩ"):
        parts = dict(re.findall(r"(?:^|; )([^;(]+?)(?: \(([^;)]+)\))?(?=;|$)", unit.former_communes))
        links = AdminUnitSuccession.objects.filter(successor=unit, predecessor__parent__parent__isnull=False)
        said = {"": False, "một phần": True}
        assert {name: said.get(mark) for name, mark in parts.items()} == {
            link.predecessor.name: link.is_partial for link in links.select_related("predecessor")
        }


def test_where_the_sources_differ_neither_is_chosen() -> None:
    load_law()
    unclear = AdminUnitSuccession.objects.filter(is_partial=None).select_related("predecessor", "successor")
    assert len(unclear) == 14
    assert {one.successor.code for one in unclear} == {
        *("10804", "10816", "10993", "11020", "11065", "11086", "11239", "11242", "11411", "11506", "11629", "11692")
    }
    assert all("danh mục" in one.remark and "cơ quan thống kê" in one.remark for one in unclear)


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("292", dt.date(2019, 10, 31), "Huyện Kinh Môn"),
        ("292", dt.date(2019, 11, 1), "Thị xã Kinh Môn"),
        ("290", dt.date(2010, 2, 11), "Huyện Chí Linh"),
        ("290", dt.date(2010, 2, 12), "Thị xã Chí Linh"),
        ("290", dt.date(2019, 2, 28), "Thị xã Chí Linh"),
        ("290", dt.date(2019, 3, 1), "Thành phố Chí Linh"),
    ],
)
def test_a_district_bears_the_kind_that_it_had_on_the_day(code: str, on: dt.date, name: str) -> None:
    load_law()
    assert AdminUnit.objects.valid_on(on).get(code=code).name == name


def test_no_ward_is_older_than_the_town_or_city_that_may_have_wards() -> None:
    load_law()
    for ward in AdminUnit.objects.filter(kind="ward", parent__parent__isnull=False).select_related("parent"):
        rural = AdminUnit.objects.filter(code=ward.parent.code, kind="district").first()
        assert rural is None or (ward.valid_from and ward.valid_from > rural.valid_to), ward.name


OLD, FORMER, LINKS = (
    "admin_units_before_2025_07.csv",
    "admin_units_former_communes.csv",
    "admin_unit_successions.csv",
)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (LINKS, ",11602,", ",99999,", "dòng 2: không có đơn vị mã “99999” từ ngày 01/07/2025"),
        (LINKS, "303.11296,", "303.99999,", "dòng 2: không có đơn vị mã “303.99999” đến ngày 30/06/2025"),
        (LINKS, "303.11296,11602,no", "303.11299,11311,no", "dòng 3: trùng khóa 303.11299, 11311"),
        (LINKS, ",11602,no", ",11602,có", "dòng 2: “có” không phải là yes, no hoặc differs"),
        (LINKS, ",11602,no", ",11602,differs", "dòng 2: các nguồn khác nhau thì phải ghi nguồn nào nói gì"),
        (FORMER, ",ward,303,", ",ward,999,", "dòng 2: không có huyện, quận cũ mã “999”"),
        (FORMER, ",ward,303,", ",commune,303,", "dòng 2: name “Phường Quán Toan”: Tên chưa phù hợp với loại"),
        (FORMER, ",ward,303,", ",phuong,303,", "dòng 2: kind “phuong”:"),
        (
            FORMER,
            ",ward,303,,",
            ",ward,303,2025-07-01,",
            "dòng 2: “Phường Quán Toan” có từ ngày 01/07/2025 mà chỉ đến ngày 30/06/2025",
        ),
        (
            OLD,
            "2019-11-01",
            "2018-11-01",
            "“Thị xã Kinh Môn” từ ngày 01/11/2018, khi “Huyện Kinh Môn” còn đến ngày 31/10/2019",
        ),
        (OLD, "2019-11-01", "", "“Thị xã Kinh Môn” từ ngày không rõ"),
    ],
)
def test_a_unit_that_cannot_have_been_is_refused_with_its_row(
    folder: Path, name: str, old: str, new: str, said: str
) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("load_reference", folder=folder, stdout=StringIO())
    assert f"{name}, dòng " in str(refused.value) and said in str(refused.value)
    assert not AdminUnit.objects.exists()


def test_codes_of_communes_and_of_units_of_today_are_never_the_same() -> None:
    def codes(name: str) -> list[str]:
        return [row["code"] for row in csv.DictReader((DATA / name).open(encoding="utf-8"))]

    former = codes(FORMER)
    assert len(set(former)) == 374
    assert not set(former) & {*codes("admin_units_haiphong_2025.csv"), *codes(OLD)}
