"""Papers and pages tell a district from the commune that bears its name, and write the kind small inside a sentence."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AdminUnit
from projects.models import Beneficiary, Project
from projects.papers.appraisal_sheet import appraisal_sheet
from projects.rules.warnings import warnings_of
from tests.law import project_of, unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]
NEW = dt.date(2025, 10, 15)


@pytest.fixture
def project(centre_staff: User) -> Project:
    """In the year in which Tiên Lãng was a district, a township of it and then a commune."""
    named = [unit("Huyện Tiên Lãng", dt.date(2025, 6, 30)), unit("Xã Tiên Lãng", NEW), commune("Xã Hòa Bình", "316")]
    return project_of(by=centre_staff, year=2025, places=named)


def commune(name: str, district: str) -> AdminUnit:
    return AdminUnit.objects.get(name=name, parent__code=district)


WRITTEN = "Huyện Tiên Lãng, xã Hòa Bình (huyện Vĩnh Bảo), xã Tiên Lãng"


def test_papers_and_pages_name_each_place_with_its_kind(project: Project, client: Client, centre_staff: User) -> None:
    assert project.area_text == f"{WRITTEN} (chung)"
    line = project.lines.get()
    assert appraisal_sheet(line.round, project, on=NEW)["places"] == f"{WRITTEN} (chung)"
    client.force_login(centre_staff)
    for address in (project.get_absolute_url(), reverse("projects:project_list")):
        assert WRITTEN in client.get(address).content.decode(), address
    areas = client.get(reverse("reports:report_detail", args=["areas"]), {"year": "2025"}).content.decode()
    assert WRITTEN in areas


def test_a_warning_writes_the_kind_small_inside_its_sentence(centre_staff: User) -> None:
    project = project_of(by=centre_staff, year=2025, places=[unit("Phường Nhị Chiểu", NEW)])
    [said] = [one.text for one in warnings_of(project, user=None, on=NEW) if one.code.startswith("place")]
    assert said.startswith("Địa bàn phường Nhị Chiểu ")


def test_an_establishment_of_before_is_listed_with_commune_and_district(client: Client, centre_staff: User) -> None:
    province = centre_staff.memberships.get().scope.province()
    one = Beneficiary.objects.create(
        province=province, name="HTX Hòa Bình", type="cooperative", unit=commune("Xã Hòa Bình", "316"), address="Thôn 1"
    )
    client.force_login(centre_staff)
    assert "Thôn 1, xã Hòa Bình (huyện Vĩnh Bảo)" in client.get(reverse("projects:beneficiary_list")).content.decode()
    assert "Xã Hòa Bình (huyện Vĩnh Bảo)" in client.get(one.get_absolute_url()).content.decode()
