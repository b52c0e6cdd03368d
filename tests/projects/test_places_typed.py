"""A clerk types places as letters write them; what may be two things is asked with kind, district and dates."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AdminUnit, AnnualPlan
from projects.forms.beneficiary import UnitField
from projects.forms.fields import PlacesField
from tests.factories import make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return make_plan(organisation=centre_staff.memberships.get().scope, year=2025)


def field_of_plan(plan: AnnualPlan) -> PlacesField:
    return PlacesField(units=AdminUnit.objects.of_plan(plan))


def refused(field: PlacesField, text: str) -> str:
    with pytest.raises(ValidationError) as problem:
        field.clean(text)
    return " ".join(problem.value.messages)


def test_places_are_found_as_letters_write_them(plan: AnnualPlan) -> None:
    field = field_of_plan(plan)
    text = "H. Tiên Lãng, TT Vĩnh Bảo, huyện Vĩnh Bảo, Hải Phòng; P. Nhị Chiểu và TP. Thủy Nguyên"
    assert [unit.code for unit in field.clean(text)] == ["315", "316.11824", "10714", "311"]


def test_a_real_ambiguity_is_asked_with_what_tells_them_apart(plan: AnnualPlan) -> None:
    said = refused(field_of_plan(plan), "Tiên Lãng")
    assert "Huyện Tiên Lãng, đến 30/06/2025 (315); Xã Tiên Lãng, từ 01/07/2025 (11755)" in said
    assert [unit.code for unit in field_of_plan(plan).clean("Xã Tiên Lãng (11755)")] == ["11755"]
    registry = UnitField(units=AdminUnit.objects.below_province())
    said = refused(registry, "xã Hồng Phong")
    assert "Xã Hồng Phong, huyện Nam Sách, đến 30/06/2025 (291.10654)" in said and "huyện Ninh Giang" in said
    found = registry.clean("xã Hồng Phong, Ninh Giang, Hải Dương")
    assert found and found.code == "299.11224"


def test_another_kind_is_never_taken_for_the_one_that_was_typed(plan: AnnualPlan) -> None:
    said = refused(field_of_plan(plan), "Q. Tiên Lãng")
    assert "Không có địa bàn “Q. Tiên Lãng”. Có phải: Huyện Tiên Lãng" in said
    assert "Có phải: Huyện Tiên Lãng" in refused(field_of_plan(plan), "huyện Tiên Lãg"), "a slip of the pen is asked"
    assert refused(field_of_plan(plan), "Hà Nội") == "Không có địa bàn “Hà Nội”."


def test_places_that_are_stored_stay_themselves(plan: AnnualPlan) -> None:
    stored = [AdminUnit.objects.get(code="316.11890")]
    field = field_of_plan(plan)
    field.stored = stored
    assert field.clean(field.prepare_value(stored)) == stored
    assert [unit.code for unit in field.clean("Xã Hòa Bình, Huyện Vĩnh Bảo")] == ["316.11890", "316"], "a second place"


def test_what_is_suggested_can_be_read_again(plan: AnnualPlan, client: Client, centre_staff: User) -> None:
    """Two wards of one name are offered each with its code, and short forms of kinds find as well."""
    client.force_login(centre_staff)
    address = reverse("projects:place_suggest", args=[plan.pk])
    offered = client.get(address, {"places": "Tiên Lãng, P. Minh Đức"}).content.decode()
    for code in ("308.11465", "311.11473"):
        assert f'<option value="Tiên Lãng, Phường Minh Đức ({code})"></option>' in offered
        assert [unit.code for unit in field_of_plan(plan).clean(f"Phường Minh Đức ({code})")] == [code]
