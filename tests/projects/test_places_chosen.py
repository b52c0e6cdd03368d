"""A name that may be two places is asked with choices to click, in plain HTML; what was typed beside it stays."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from khuyencong.accounts.models import User
from programmes.models import ActivityType
from projects.models import Beneficiary, Project
from tests.factories import make_plan
from tests.sent import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]


def choices(page: str) -> dict[str, dict[str, str]]:
    """By the name of each choice: the words of what may be clicked, with its value."""
    tree = html.fromstring(page)
    found: dict[str, dict[str, str]] = {}
    for radio in tree.xpath("//input[@type='radio']"):
        [words] = tree.xpath(f"//label[@for='{radio.get('id')}']/text()")
        found.setdefault(radio.get("name"), {})[words] = radio.get("value")
    return found


def test_a_project_names_two_unclear_places_and_a_clear_one(client: Client, centre_staff: User) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope, year=2025)
    client.force_login(centre_staff)
    address = f"{reverse('projects:project_create')}?plan={plan.pk}"
    content = ActivityType.objects.get(code="45-1").pk
    typed = fields_of(client.get(address)) | {
        "name": "Truyền nghề",
        "area_scope": "units",
        "content-0-activity_type": str(content),
        "places": "Tiên Lãng, huyện Kiến Thụy, xã Hòa Bình",
        "content-0-amount_KCDP": "60 tr",
    }
    answer = client.post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Project.objects.exists()
    asked = choices(page)
    assert asked["places-meant-Tiên Lãng"] == {
        "Huyện Tiên Lãng, đến 30/06/2025, thành phố Hải Phòng": "Huyện Tiên Lãng (315)",
        "Xã Tiên Lãng, từ 01/07/2025, thành phố Hải Phòng": "Xã Tiên Lãng (11755)",
    }
    again = fields_of(answer)
    assert again["places"] == typed["places"] and again["content-0-amount_KCDP"] == "60 tr", "nothing typed is lost"
    meant = {name: next(iter(options.values())) for name, options in asked.items()}
    assert client.post(address, again | meant).status_code == 302
    codes = set(Project.objects.get().places.values_list("code", flat=True))
    assert {"315", "314"} <= codes and len(codes) == 3


def test_one_choice_made_stays_while_the_other_is_still_asked(client: Client, centre_staff: User) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope, year=2025)
    client.force_login(centre_staff)
    address = f"{reverse('projects:project_create')}?plan={plan.pk}"
    sent = {"places": "Tiên Lãng, An Lão", "places-meant-Tiên Lãng": "Xã Tiên Lãng (11755)"}
    answer = client.post(address, fields_of(client.get(address)) | sent)
    assert fields_of(answer)["places"] == "Xã Tiên Lãng (11755), An Lão"
    assert set(choices(answer.content.decode())) == {"places-meant-An Lão"}


def test_the_place_of_an_establishment_is_clicked(client: Client, centre_staff: User) -> None:
    """Kind, district and dates tell the communes of one name apart."""
    client.force_login(centre_staff)
    address = reverse("projects:beneficiary_create")
    typed = fields_of(client.get(address)) | {"name": "HTX Hồng Phong", "type": "cooperative", "unit": "xã Hồng Phong"}
    answer = client.post(address, typed)
    [(name, options)] = choices(answer.content.decode()).items()
    assert answer.status_code == 422 and name == "unit-meant-xã Hồng Phong"
    assert any("huyện Nam Sách" in words for words in options) and any("huyện Ninh Giang" in words for words in options)
    [chosen] = [value for words, value in options.items() if "Ninh Giang" in words]
    assert client.post(address, fields_of(answer) | {name: chosen}).status_code == 302
    unit = Beneficiary.objects.get().unit
    assert unit is not None and unit.code == "299.11224"


def test_a_choice_is_only_what_could_be_typed(client: Client, centre_staff: User) -> None:
    client.force_login(centre_staff)
    address = reverse("projects:beneficiary_create")
    typed = fields_of(client.get(address)) | {"name": "HTX", "type": "cooperative", "unit": "xã Hồng Phong"}
    answer = client.post(address, typed | {"unit-meant-xã Hồng Phong": "Xã Hồng Phong (99999)"})
    assert answer.status_code == 422 and not Beneficiary.objects.exists()


def test_a_place_of_a_past_record_is_clicked_too(client: Client, centre_staff: User) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope, year=2025)
    client.force_login(centre_staff)
    address = reverse("projects:past_record_create", args=[plan.pk])
    typed = fields_of(client.get(address)) | {"area_scope": "units", "places": "Tiên Lãng"}
    asked = choices(client.post(address, typed).content.decode())
    assert set(asked) == {"places-meant-Tiên Lãng"}
