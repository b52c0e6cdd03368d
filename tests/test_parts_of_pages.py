"""htmx asks for a part of a page under the page's own address: no browser may take the one for the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from tests.addresses import QUERY, TABLE, address_of

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}
RESTORED = PART | {"HX-History-Restore-Request": "true"}
HEADERS = {"HX-Request", "HX-History-Restore-Request"}
WITH_PARTS = {
    "importing:law",
    "projects:beneficiary_list",
    "projects:decision_create",
    "projects:project_list",
    "projects:round_review",
    "projects:voucher_create",
    "projects:voucher_list",
}
ONLY_PARTS = {"projects:beneficiary_suggest", "projects:place_suggest"}  # put into a page that stands
FILES = re.compile(r"(xlsx|docx|zip|csv)$")


def pages(rows: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The name and the address of each page; a file is no page."""
    query = QUERY | {"projects:voucher_create": f"?project={rows['approved'].pk}"}
    for name, rule in TABLE.items():
        if rule.get is not None and not FILES.search(name):
            yield name, address_of(name, rows) + query.get(name, "")


def test_what_a_browser_goes_back_to_is_a_whole_page(
    client: Client,
    rows: dict[str, Any],
    everybody: User,
) -> None:
    """Every answer says besides on what it depends, so that none is kept for another."""
    client.force_login(everybody)
    bare: dict[str, set[str]] = {"part": set(), "restored": set()}
    for name, address in pages(rows):
        for asked, headers in (("part", PART), ("restored", RESTORED)):
            answer = client.get(address, headers=headers)
            assert answer.status_code in (200, 302), name
            assert set(answer["Vary"].split(", ")) >= HEADERS, name
            if answer["Content-Type"].startswith("text/html") and answer.status_code == 200:
                bare[asked] |= set() if b"<html" in answer.content else {name}
    assert bare == {"part": WITH_PARTS | ONLY_PARTS, "restored": ONLY_PARTS}


def test_whoever_goes_back_after_the_sign_in_ended_gets_to_the_sign_in(client: Client) -> None:
    """The page itself is fetched then, so it is redirected like a page and not like a part."""
    answer = client.get(reverse("projects:project_list"), headers=RESTORED)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse(settings.LOGIN_URL)}?next=/projects/")
    assert set(answer["Vary"].split(", ")) >= HEADERS


def test_answers_that_no_view_gives_vary_too(client: Client, centre_staff: User) -> None:
    """An address without its last slash, one that is not there, the sign-in, a button's own address."""
    for sent in ({}, PART):
        for address in ("/projects", "/khong-co/", reverse("projects:voucher_list"), reverse(settings.LOGIN_URL)):
            assert set(client.get(address, headers=sent)["Vary"].split(", ")) >= HEADERS, address
    client.force_login(centre_staff)
    answer = client.get(reverse("accounts:logout"))
    assert answer.status_code == 405 and set(answer["Vary"].split(", ")) >= HEADERS


def test_the_days_asked_for_keep_what_the_rows_were_narrowed_by_meanwhile(client: Client, centre_staff: User) -> None:
    """The part has everything with it that speaks of its address."""
    client.force_login(centre_staff)
    AnnualPlan.objects.create(organisation=centre_staff.memberships.get().scope, year=2006)
    part = client.get(reverse("projects:project_list"), {"q": "thêu", "year": "2006"}, headers=PART).content.decode()
    assert '<input type="hidden" name="q" value="thêu">' in part
    assert '<input type="hidden" name="year" value="2006">' in part
