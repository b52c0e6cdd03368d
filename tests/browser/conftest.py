"""A site with reference data and people, and somebody at a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from khuyencong.accounts.models import Membership, Organisation, User
from projects.management.demo import SCOPES
from tests.browser.office import Office
from tests.kept import kept
from tests.law import load_law
from tests.living_2006 import live_2006
from tests.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer


@pytest.fixture
@kept
def people(transactional_db: None, numbers: None) -> dict[str, User]:
    """Reference data and one person per role, and nothing else."""
    call_command("compile_catalogues", verbosity=0)
    load_law()
    found = {}
    for role, scope in SCOPES.items():
        user = User(username=role, full_name=role.value)
        user.set_password(PASSWORD)
        user.save()
        Membership.objects.create(user=user, scope=Organisation.objects.get(code=scope), role=role)
        found[role.value] = user
    return found


@pytest.fixture
def office(
    browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest, people: dict[str, User]
) -> Iterator[Office]:
    person = Office(browser, live_server.url, request.node.name)
    yield person
    person.context.close()


@pytest.fixture
def office_without_javascript(
    browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest, people: dict[str, User]
) -> Iterator[Office]:
    person = Office(browser, live_server.url, request.node.name, with_javascript=False)
    yield person
    person.context.close()


@pytest.fixture
@kept
def year_2006(people: dict[str, User]) -> None:
    """The six projects, decided and reported: a year that lives, of which the demo tells less."""
    live_2006(people)
