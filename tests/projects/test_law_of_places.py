"""Where support may be given: each row of the decrees as place × day × content → answer with its clause."""

from __future__ import annotations

import datetime as dt

import pytest

from khuyencong.accounts.models import User
from programmes.models import AdminUnit, AdminUnitSuccession, CityClass, EligibilityRule
from projects.models import Project
from projects.rules.eligibility import is_new_ward, place_answers
from projects.rules.warning_facts import load_facts
from projects.rules.warnings import warnings_of
from tests.law import project_of, unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

D134 = "NĐ 134/2004/NĐ-CP, Điều 2 khoản 1"
D45 = "NĐ 45/2012/NĐ-CP, Điều 1 khoản 2 điểm a"
D235 = "NĐ 235/2025/NĐ-CP, Điều 1 khoản 1 (sửa Điều 1 khoản 2 NĐ 45/2012/NĐ-CP)"
DECREE_134 = (dt.date(2006, 6, 16), dt.date(2012, 7, 4))
DECREE_45 = (dt.date(2012, 7, 5), dt.date(2025, 6, 30))
NEW, LAST, FIRST = dt.date(2025, 7, 1), dt.date(2025, 10, 14), dt.date(2025, 10, 15)
YES, NO, OPEN = "eligible", "not_eligible", "unchecked"


def answers(project: Project, on: dt.date) -> list[tuple[str, str]]:
    facts = load_facts([project], on=on)
    return [(one.answer.value, one.citation) for one in place_answers(project, facts.places, on)]


def at(user: User, place: AdminUnit, on: dt.date, norm: str = "") -> tuple[str, str]:
    """The rule does not ask whose province the place is in."""
    project = project_of(by=user, year=on.year, norm=norm)
    Project.objects.filter(pk=project.pk).update(area_scope=Project.AreaScope.UNITS)
    project.places.set([place])
    [answer] = answers(Project.objects.get(pk=project.pk), on)
    return answer


KINDS = [
    ("Huyện Tiên Lãng", DECREE_134, YES, D134),
    ("Thị xã Đồ Sơn", (dt.date(2006, 6, 16), dt.date(2007, 9, 11)), YES, D134),
    ("Quận Lê Chân", DECREE_134, NO, D134),
    ("Quận Đồ Sơn", (dt.date(2007, 9, 12), dt.date(2012, 7, 4)), NO, D134),
    ("Thành phố Hải Dương", DECREE_134, OPEN, D134),
    ("Huyện Tiên Lãng", DECREE_45, YES, D45),
    ("Thị xã Kinh Môn", DECREE_45, YES, D45),
    ("Quận Lê Chân", DECREE_45, OPEN, D45),
    ("Thành phố Thủy Nguyên", (dt.date(2025, 1, 1), dt.date(2025, 6, 30)), OPEN, D45),
    ("Thành phố Chí Linh", (dt.date(2015, 6, 25), dt.date(2025, 6, 30)), YES, D45),
    ("Thành phố Chí Linh", (dt.date(2015, 6, 24),), OPEN, D45),
    ("Thành phố Hải Dương", (dt.date(2012, 7, 5), dt.date(2018, 12, 31)), YES, D45),
    ("Thành phố Hải Dương", (dt.date(2019, 1, 1), dt.date(2019, 10, 26), dt.date(2025, 6, 30)), OPEN, D45),
    ("Xã Tiên Lãng", (NEW, LAST), YES, D45),
    ("Đặc khu Cát Hải", (NEW, LAST), YES, "NĐ 45/2012/NĐ-CP (chưa xác nhận)"),
    ("Phường Thành Đông", (NEW, LAST), OPEN, D45),
    ("Xã Tiên Lãng", (FIRST, dt.date(2026, 11, 30)), YES, D235),
    ("Đặc khu Cát Hải", (FIRST, dt.date(2026, 11, 30)), YES, D235),
    ("Phường Thành Đông", (FIRST, dt.date(2026, 11, 30)), NO, D235),
]


@pytest.mark.parametrize(
    ("name", "on", "answer", "clause"), [(name, on, *said) for name, days, *said in KINDS for on in days]
)
def test_each_kind_of_place_on_each_day(centre_staff: User, name: str, on: dt.date, answer: str, clause: str) -> None:
    place = AdminUnit.objects.filter(name=name).order_by("valid_from").last()
    assert place is not None
    assert at(centre_staff, place, on) == (answer, clause)


def test_a_quan_of_2006_is_not_told_a_rule_of_2012(centre_staff: User) -> None:
    on = dt.date(2006, 6, 16)
    project = project_of(by=centre_staff, year=2006, content="134-1", places=[unit("Quận Lê Chân", on)])
    [one] = [each for each in warnings_of(project, user=None, on=on) if each.code.startswith("place")]
    assert one.code == "place_not_eligible" and one.needs_reason
    assert "5 năm" not in one.text and "Nghị định chỉ nêu huyện, thị xã, thị trấn và xã" in one.text


WARD_CONTENTS = [
    ("", NO),
    ("machinery", NO),
    ("cleaner_production_pilot", YES),
    ("sustainable_production", YES),
    ("cluster_infrastructure", YES),
]


@pytest.mark.parametrize(("norm", "answer"), WARD_CONTENTS)
def test_a_ward_of_the_city_is_let_through_by_the_contents_that_the_decree_names(
    centre_staff: User, norm: str, answer: str
) -> None:
    assert at(centre_staff, unit("Phường Thành Đông", NEW), FIRST, norm) == (answer, D235)


@pytest.mark.parametrize("name", ["Quận Lê Chân", "Phường Thành Đông", "Thành phố Hải Dương"])
def test_cleaner_production_is_supported_anywhere_since_2012(centre_staff: User, name: str) -> None:
    on = LAST if name.startswith("Phường") else dt.date(2024, 5, 1)
    place = unit(name, on)
    assert at(centre_staff, place, on)[0] == OPEN
    assert at(centre_staff, place, on, "cleaner_production_pilot")[0] == YES


def ward_of(city: AdminUnit, *, since: dt.date | None = None, out_of: str = "") -> AdminUnit:
    ward = AdminUnit.objects.create(code="9001", kind="ward", name="Phường Dĩnh Kế", parent=city, valid_from=since)
    if out_of:
        commune = AdminUnit.objects.create(code="9001", kind="commune", name=out_of, parent=city, valid_to=since)
        AdminUnitSuccession.objects.create(predecessor=commune, successor=ward)
    return ward


@pytest.fixture
def city(law: None) -> AdminUnit:
    province = AdminUnit.objects.create(code="24", kind="province", name="Tỉnh Bắc Giang")
    return AdminUnit.objects.create(code="213", kind="city", name="Thành phố Bắc Giang", parent=province)


@pytest.mark.parametrize(("urban_class", "answer"), [(2, YES), (3, YES), (1, OPEN), (None, OPEN)])
def test_a_ward_goes_by_the_class_of_its_city(
    centre_staff: User, city: AdminUnit, urban_class: int | None, answer: str
) -> None:
    if urban_class:
        CityClass.objects.create(unit_code="213", urban_class=urban_class, effective_from=dt.date(2014, 12, 3))
    ward = ward_of(city)
    assert at(centre_staff, ward, dt.date(2019, 12, 27)) == (answer, D45)
    assert at(centre_staff, ward, dt.date(2014, 12, 2))[0] == OPEN, "before its date"


@pytest.mark.parametrize(
    ("since", "answer"), [(dt.date(2013, 12, 31), YES), (dt.date(2013, 12, 30), OPEN), (dt.date(2018, 1, 1), YES)]
)
def test_a_ward_of_a_class_1_city_turned_from_a_commune_under_five_years_before(
    centre_staff: User, city: AdminUnit, since: dt.date, answer: str
) -> None:
    """Counted to 31/12 of the year before the plan of 2020 is made, which is in 2019 (TT 46/2012 Đ.3 k.1đ)."""
    CityClass.objects.create(unit_code="213", urban_class=1, effective_from=dt.date(2014, 12, 3))
    assert at(centre_staff, ward_of(city, since=since, out_of="Xã Dĩnh Kế"), dt.date(2020, 3, 1)) == (answer, D45)


@pytest.mark.parametrize(
    ("name", "district", "on", "answer"),
    [
        ("Phường Ngọc Xuyên", "308", dt.date(2006, 6, 16), (YES, D134)),
        ("Phường Ngọc Xuyên", "308", dt.date(2007, 9, 11), (YES, D134)),
        ("Phường Ngọc Xuyên", "308", dt.date(2007, 9, 12), (NO, D134)),
        ("Phường Sao Đỏ", "290", dt.date(2010, 2, 12), (YES, D134)),
        ("Phường Sao Đỏ", "290", dt.date(2012, 7, 5), (YES, D45)),
        ("Phường Sao Đỏ", "290", dt.date(2019, 3, 1), (YES, D45)),
        ("Phường An Phụ", "292", dt.date(2019, 11, 1), (YES, D45)),
        ("Phường An Phụ", "292", dt.date(2025, 6, 30), (YES, D45)),
    ],
)
def test_a_ward_of_a_town_lies_in_a_town(
    centre_staff: User, name: str, district: str, on: dt.date, answer: tuple[str, str]
) -> None:
    """Both decrees name the thị xã as a whole; of what kind its ward's district was is asked of the day itself."""
    assert at(centre_staff, AdminUnit.objects.get(name=name, parent__code=district), on) == answer


def test_a_ward_that_was_no_commune_is_no_new_ward() -> None:
    assert not is_new_ward(None, 2020)


def test_wards_of_a_province_are_eligible_since_15_10_2025(centre_staff: User, city: AdminUnit) -> None:
    """Only of cities under the central government they are not."""
    ward = AdminUnit.objects.create(code="9002", kind="ward", name="Phường Mỹ Độ", parent=city.parent, valid_from=NEW)
    assert at(centre_staff, ward, FIRST) == (YES, D235)


def test_a_township_is_eligible_under_both_decrees(centre_staff: User, city: AdminUnit) -> None:
    place = AdminUnit.objects.create(code="9003", kind="township", name="Thị trấn Thanh Sơn", parent=city.parent)
    assert [at(centre_staff, place, on) for on in (DECREE_134[0], DECREE_45[0])] == [(YES, D134), (YES, D45)]


@pytest.mark.parametrize(
    ("on", "clause"),
    [
        (dt.date(2014, 4, 7), None),
        (dt.date(2014, 4, 8), "TTLT 26/2014/TTLT-BTC-BCT, Điều 7 khoản 3"),
        (dt.date(2018, 5, 10), "TTLT 26/2014/TTLT-BTC-BCT, Điều 7 khoản 3"),
        (dt.date(2018, 5, 11), "TT 28/2018/TT-BTC (chưa xác nhận)"),
    ],
)
def test_money_of_their_own_is_wanted_from_08_04_2014(centre_staff: User, on: dt.date, clause: str | None) -> None:
    project = project_of(by=centre_staff, year=on.year, amounts={"KCQG": 100_000_000})
    found = [one.citation for one in warnings_of(project, user=None, on=on) if one.code == "counterpart_missing"]
    assert found == ([clause] if clause else [])


def test_every_rule_names_its_document_and_what_was_read_its_clause() -> None:
    for rule in EligibilityRule.objects.all():
        assert rule.regulation and (rule.clause or not rule.is_confirmed), rule
        first = rule.regulation.effective_from
        assert first is None or (rule.effective_from and rule.effective_from >= first), rule
