"""Pages of a year begin with the running one while it has a plan: next year's, just begun, does not hide it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from khuyencong.accounts.models import User
from programmes.models.plan import year_to_begin_with
from tests.factories import make_plan, make_project

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("years", "expected"),
    [([2025, 2026, 2027], 2026), ([2025, 2027], 2027), ([2006, 2005], 2006), ([], None)],
)
def test_the_running_year_or_else_the_newest(years: list[int], expected: int | None) -> None:
    assert year_to_begin_with(years, dt.date(2026, 11, 30)) == expected


@pytest.fixture
def this_year(centre_staff: User) -> int:
    """A project of this year, and an empty plan of the next."""
    year, centre = timezone.localdate().year, centre_staff.memberships.get().scope
    make_project(plan=make_plan(organisation=centre, year=year), by=centre_staff, name="Của năm nay")
    make_plan(organisation=centre, year=year + 1)
    return year


def heading(client: Client, address: str) -> str:
    return " ".join(html.fromstring(client.get(address).content.decode()).xpath("//h1")[0].text_content().split())


def test_an_empty_plan_of_next_year_hides_nothing(client: Client, centre_staff: User, this_year: int) -> None:
    client.force_login(centre_staff)
    assert heading(client, reverse("projects:home")) == f"Khuyến công năm {this_year}"
    assert f"Báo cáo năm {this_year}" in client.get(reverse("reports:index")).content.decode()
    assert str(this_year) in heading(client, reverse("reports:dashboard"))


def test_the_home_page_goes_to_another_year(client: Client, centre_staff: User, this_year: int) -> None:
    client.force_login(centre_staff)
    page = html.fromstring(client.get(reverse("projects:home")).content.decode())
    links = {one.text_content(): one.get("href") for one in page.xpath("//nav[@aria-label='Năm']/a")}
    assert links == {f"{year}": f"?year={year}" for year in (this_year + 1, this_year)}
    assert heading(client, reverse("projects:home") + links[f"{this_year + 1}"]) == f"Khuyến công năm {this_year + 1}"
    assert heading(client, reverse("projects:home") + "?year=x") == f"Khuyến công năm {this_year}"
