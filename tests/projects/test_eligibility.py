"""Where and for what support may be given, on which day, and what can't be told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import EligibilityRule
from projects.models import Beneficiary, Project, Support
from projects.rules.warnings import ProjectWarning, warnings_of
from tests.factories import MILLION
from tests.law import project_of, unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

OLD, NEW = dt.date(2024, 5, 1), dt.date(2025, 7, 1)
LAST, FIRST = dt.date(2025, 10, 14), dt.date(2025, 10, 15)


def about_places(project: Project, on: dt.date) -> list[ProjectWarning]:
    return [one for one in warnings_of(project, user=None, on=on) if one.code.startswith("place")]


@pytest.mark.parametrize(
    ("name", "known_on", "on", "code"),
    [
        ("Huyện Tiên Lãng", OLD, OLD, None),
        ("Thị trấn Tiên Lãng", OLD, OLD, None),
        ("Xã Vinh Quang", OLD, OLD, None),
        ("Quận Lê Chân", OLD, OLD, "place_unchecked"),
        ("Thành phố Thủy Nguyên", dt.date(2025, 3, 1), dt.date(2025, 3, 1), "place_unchecked"),
        ("Phường Thành Đông", NEW, LAST, "place_unchecked"),
        ("Phường Thành Đông", NEW, FIRST, "place_not_eligible"),
        ("Đặc khu Cát Hải", NEW, FIRST, None),
        ("Huyện Tiên Lãng", OLD, FIRST, "place_unchecked"),
    ],
)
def test_place_is_judged_by_the_rule_of_the_day(
    centre_staff: User, name: str, known_on: dt.date, on: dt.date, code: str | None
) -> None:
    project = project_of(by=centre_staff, year=2025, places=[unit(name, known_on)])
    found = about_places(project, on)
    assert [one.code for one in found] == ([code] if code else [])
    if code == "place_unchecked":
        assert "chưa xác định được" in found[0].text and not found[0].needs_reason
    if code == "place_not_eligible":
        assert found[0].citation.startswith("NĐ 235/2025/NĐ-CP, Điều 1 khoản 1 (sửa") and found[0].needs_reason


def test_new_commune_is_eligible_before_and_after(centre_staff: User) -> None:
    project = project_of(by=centre_staff, year=2025, places=[unit("Xã Tiên Lãng", NEW)])
    assert about_places(project, LAST) == about_places(project, FIRST) == []


def test_ward_passes_by_a_craft_village_or_cleaner_production(centre_staff: User) -> None:
    places = [unit("Phường Thành Đông", NEW)]
    project = project_of(by=centre_staff, year=2025, places=places, norm="cleaner_production_pilot")
    assert about_places(project, FIRST) == []
    project = project_of(by=centre_staff, year=2025, places=places, name="Làng nghề")
    assert len(about_places(project, FIRST)) == 1
    village = Beneficiary.objects.create(
        province=project.organisation.province(), name="HTX mộc", type="cooperative", craft_village="Mộc Kha Lâm"
    )
    Support.objects.create(project=project, beneficiary=village)
    assert about_places(Project.objects.get(pk=project.pk), FIRST) == []


@pytest.mark.parametrize("scope", ["whole_city", "not_fixed"])
def test_without_places_nothing_is_checked(centre_staff: User, scope: str) -> None:
    project = project_of(by=centre_staff, year=2025, places=[unit("Phường Thành Đông", NEW)])
    Project.objects.filter(pk=project.pk).update(area_scope=scope)
    assert about_places(Project.objects.get(pk=project.pk), FIRST) == []


def test_without_a_rule_of_that_day_nothing_is_taken_for_eligible(centre_staff: User) -> None:
    EligibilityRule.objects.all().delete()
    [one] = about_places(project_of(by=centre_staff, year=2025, places=[unit("Xã Tiên Lãng", NEW)]), FIRST)
    assert one.code == "place_unchecked" and "chưa có quy định" in one.text


@pytest.mark.parametrize(
    ("content", "on", "wrong"),
    [
        ("134-1", dt.date(2012, 7, 4), False),  # the last day of the decree
        ("134-1", dt.date(2012, 7, 5), True),
        ("45-1", dt.date(2012, 7, 4), True),
        ("45-1", dt.date(2012, 7, 5), False),
    ],
)
def test_contents_are_those_of_the_decree_of_the_day(
    centre_staff: User, content: str, on: dt.date, wrong: bool
) -> None:
    project = project_of(by=centre_staff, year=2012, content=content)
    found = [one for one in warnings_of(project, user=None, on=on) if one.code == "content_not_eligible"]
    assert len(found) == wrong and all(one.needs_reason and one.citation for one in found)


@pytest.mark.parametrize(
    ("year", "changes", "is_missing"),
    [
        (2012, {}, False),  # before circular 46/2012
        (2019, {}, True),
        (2019, {"kind": "task"}, False),
        (2019, {"amounts": {"KCQG": 100 * MILLION, "DOIUNG": 50 * MILLION}}, False),
        (2019, {"content": "45-4", "norm": "fair_abroad"}, False),  # supported in full
        (2015, {"content": "45-1", "norm": "vocational_training"}, False),  # a class, by general rules of spending
        (2015, {"content": "45-1"}, False),
        (2015, {"content": "45-3", "norm": "machinery"}, True),  # half of the cost is theirs, a group or not
    ],
)
def test_money_of_their_own_is_wanted_where_the_law_of_the_day_wants_it(
    centre_staff: User, year: int, changes: dict[str, Any], is_missing: bool
) -> None:
    project = project_of(by=centre_staff, year=year, **{"amounts": {"KCQG": 100 * MILLION}, **changes})
    found = [one for one in warnings_of(project, user=None) if one.code == "counterpart_missing"]
    assert len(found) == is_missing
    Support.objects.filter(project=project).update(counterpart_vnd=50 * MILLION)
    found = warnings_of(Project.objects.get(pk=project.pk), user=None)
    assert "counterpart_missing" not in {one.code for one in found}


def test_establishment_that_has_its_workers_trained_is_still_asked(centre_staff: User) -> None:
    """The law wants the money of the establishment that is helped, not of those who learn a trade."""
    project = project_of(by=centre_staff, year=2015, content="45-1", amounts={"KCQG": 100 * MILLION})
    assert "counterpart_missing" not in {one.code for one in warnings_of(project, user=None)}
    province = centre_staff.memberships.get().scope.province()
    firm = Beneficiary.objects.create(province=province, name="Công ty TNHH Dũng Hồng", type="enterprise")
    Support.objects.create(project=project, beneficiary=firm)
    found = warnings_of(Project.objects.get(pk=project.pk), user=None)
    assert "counterpart_missing" in {one.code for one in found}
