"""One command loads the reference data, again and again, checked to the last row."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from khuyencong.accounts.models import Organisation
from programmes.models import ActivityType, AdminUnit, AdminUnitSuccession, Regulation, SupportNorm
from programmes.reference_data import DATA, ReferenceDataError, load_reference_data
from tests.law import load_law

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files, to be spoilt."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def spoil(folder: Path, name: str, old: str, new: str) -> int:
    """Replaces the text where it first stands and says in which line that is."""
    path = folder / name
    before, found, after = path.read_text(encoding="utf-8").partition(old)
    assert found
    path.write_text(before + new + after, encoding="utf-8")
    return before.count("\n") + new.count("\n") + 1


def test_new_units_are_67_communes_45_wards_and_2_special_zones() -> None:
    load_law()
    units = AdminUnit.objects.below_province().valid_on(dt.date(2025, 7, 1))
    assert units.count() == 114
    assert Counter(units.values_list("kind", flat=True)) == {"commune": 67, "ward": 45, "special_zone": 2}
    assert Regulation.objects.count() == 24 and ActivityType.objects.count() == 16
    assert SupportNorm.objects.count() == 70


def test_second_run_changes_nothing_in_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    first = load_reference_data()
    with django_assert_max_num_queries(40):
        again = load_reference_data()
    assert {name: tally.unchanged for name, tally in first.items()} == dict.fromkeys(first, 0)
    assert {name: tally.unchanged for name, tally in again.items()} == {
        name: one.created for name, one in first.items()
    }
    assert all(tally.created == tally.changed == 0 for tally in again.values())


def test_value_changed_in_a_file_is_taken_over(folder: Path) -> None:
    load_reference_data()
    spoil(folder, "regulations.csv", "Nghị định về khuyến công", "Nghị định về khuyến công (sửa)")
    tallies = load_reference_data(folder)
    assert tallies["regulations.csv"].changed == 1
    assert Regulation.objects.get(code="ND45").title == "Nghị định về khuyến công (sửa)"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("admin_units_haiphong_2025.csv", ",ward,31,", ",commune,31,", "Tên chưa phù hợp với loại"),
        ("admin_units_haiphong_2025.csv", ",288,", ",999,", "không có huyện, quận cũ mã “999”"),
        (
            "admin_units_before_2025_07.csv",
            "Quận Lê Chân,urban_district,Hải Phòng",
            "Quận Lê Chân,urban_district,Huế",
            "“Huế”",
        ),
        ("activity_types.csv", "ND134,134-1", "ND999,134-1", "ND999"),
        ("support_norms.csv", "45-2,", "45-99,", "45-99"),
        ("support_norms.csv", ",30,500000000,", ",130,500000000,", "1 đến 100"),
        ("regulations.csv", "2004-06-09", "09/06/2004", "09/06/2004"),
        ("regulations.csv", "\nTT03-2005,", "\nND134,", "trùng khóa"),
        ("support_norms.csv", "startup,TT28,", "startup,,", "thiếu văn bản quy định mức hỗ trợ"),
        ("deadline_rules.csv", "settlement,15,,,TT36,", "settlement,15,,,,", "thiếu văn bản quy định"),
        ("deadline_rules.csv", "2018-08-23", "2018-08-22", "Trùng thời gian với quy định có hiệu lực từ 10/02/2014"),
        ("eligibility_rules.csv", "2012-07-05", "2012-07-04", "Trùng thời gian với quy định có hiệu lực từ …"),
        ("support_norms.csv", "2018-05-11", "2018-05-10", "Trùng thời gian với “Thành lập doanh nghiệp sản xuất CNNT”"),
        (
            "decider_rules.csv",
            "\nother_contents,national,,central,TT36,Điều 11 khoản 2 điểm a,2014-02-10",
            "\nmore_money,national,,central,TT36,Điều 11 khoản 2 điểm a,2015-02-10",
            "Trùng thời gian với quy định có hiệu lực từ 10/02/2014",
        ),
        (
            "eligibility_rules.csv",
            "type,,artisan,,eligible",
            "place,,artisan,,eligible",
            "về loại hình chỉ ghi loại hình",
        ),
        ("advance_shares.csv", "2018-05-11", "2018-05-10", "Trùng thời gian"),
        ("city_classes.csv", "2015-06-25", "2015-06-24", "không thể có trước ngày 25/06/2015"),
        ("city_classes.csv", "2019-10-26", "2018-10-26", "Trùng thời gian"),
        ("city_classes.csv", "290,3,QD747-2015", "290,3,", "thiếu văn bản quy định"),
        ("city_classes.csv", "290,3,", "290,8,", "8"),
        ("priority_rules.csv", "2013-02-10", "2013-02-09", "Trùng thời gian"),
        ("priority_rules.csv", "island,1,,ND45", "island,0,,ND45", "0"),
        ("priority_rules.csv", "women,1,,ND235", "women,1,,", "thiếu văn bản quy định"),
        ("priority_areas.csv", "318,island", "318,islands", "islands"),
        ("priority_areas.csv", "318,island,,,,2025-06-30,unconfirmed", "318,island,,,,2025-06-30,confirmed", "thiếu"),
    ],
)
def test_wrong_row_is_named_and_nothing_is_written(folder: Path, name: str, old: str, new: str, message: str) -> None:
    line = spoil(folder, name, old, new)
    with pytest.raises(CommandError) as refusal:
        call_command("load_reference", folder=folder, stdout=StringIO())
    text = str(refusal.value)
    assert f"{name}, dòng {line}: " in text and message in text
    assert not Organisation.objects.exists() and not Regulation.objects.exists() and not AdminUnit.objects.exists()


def test_wrong_row_leaves_what_was_loaded_before(folder: Path) -> None:
    load_reference_data()
    spoil(folder, "regulations.csv", "Nghị định về khuyến công", "Nghị định về khuyến công (sửa)")
    spoil(folder, "support_norms.csv", "45-2,", "45-99,")
    with pytest.raises(ReferenceDataError):
        load_reference_data(folder)
    assert Regulation.objects.get(code="ND45").title == "Nghị định về khuyến công"


def test_what_became_of_a_district_is_known() -> None:
    load_law()
    tien_lang = AdminUnit.objects.get(code="315", kind="district")
    heirs = AdminUnitSuccession.objects.filter(predecessor=tien_lang).select_related("successor")
    assert len(heirs) > 1 and all(heir.is_partial and heir.successor.kind == "commune" for heir in heirs)
    renamed = AdminUnitSuccession.objects.get(
        predecessor__name="Huyện Thủy Nguyên", successor__name="Thành phố Thủy Nguyên"
    )
    assert not renamed.is_partial
    merged = AdminUnitSuccession.objects.filter(successor__kind="province")
    assert {one.predecessor.name for one in merged} == {"Thành phố Hải Phòng", "Tỉnh Hải Dương"}


@pytest.mark.parametrize(
    ("on", "names"),
    [
        (dt.date(2006, 6, 16), {"Huyện Thủy Nguyên"}),
        (dt.date(2025, 3, 1), {"Thành phố Thủy Nguyên"}),
        (dt.date(2025, 7, 1), set()),
    ],
)
def test_unit_is_the_one_of_its_day(on: dt.date, names: set[str]) -> None:
    load_law()
    assert {unit.name for unit in AdminUnit.objects.valid_on(on).filter(code="311")} == names


@pytest.mark.parametrize(("year", "regulation"), [(2006, "ND134"), (2011, "ND134"), (2013, "ND45"), (2026, "ND45")])
def test_contents_are_those_of_the_decree_of_the_year(year: int, regulation: str) -> None:
    load_law()
    assert set(ActivityType.objects.in_use(year).values_list("regulation__code", flat=True)) == {regulation}


@pytest.mark.parametrize(
    ("code", "on", "amount"),
    [
        ("demo_model_new", dt.date(2015, 1, 1), 500_000_000),
        ("demo_model_new", dt.date(2019, 1, 1), 1_000_000_000),
        ("demo_model_new", dt.date(2006, 1, 1), None),
    ],
)
def test_norm_is_the_one_in_force(code: str, on: dt.date, amount: int | None) -> None:
    load_law()
    found = SupportNorm.objects.in_force(on).filter(code=code).first()
    assert (found.max_amount_vnd if found else None) == amount
