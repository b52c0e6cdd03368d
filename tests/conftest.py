"""Fixtures of all tests: the ledger's triggers, a browser, the office programs."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.requirements import need

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest_plugins = ["tests.kept", "tests.people", "tests.law", "tests.addresses"]

TRANSACTIONAL_FIXTURES = {"transactional_db", "django_db_reset_sequences", "live_server"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long is begun first, so that no worker is left with it when the others are done.

    A test that asks for no database is one that none changes.
    """
    for item in items:
        if not item.get_closest_marker("django_db") and "_django_db_helper" not in getattr(item, "fixturenames", ()):
            item.add_marker("once")
    items.sort(key=lambda item: not any(item.iter_markers("browser")) and not any(item.iter_markers("long")))


@pytest.fixture(autouse=True)
def _drop_ledger_triggers_before_flush(request: pytest.FixtureRequest) -> Iterator[None]:
    """The triggers refuse the flush that ends a transactional test, so they go first.

    This depends on the database fixture and is therefore undone before it; the flush sends ``post_migrate``,
    which installs the triggers for the next test.
    """
    marker = request.node.get_closest_marker("django_db")
    marked = marker is not None and (marker.kwargs.get("transaction") or marker.kwargs.get("reset_sequences"))
    if not marked and not TRANSACTIONAL_FIXTURES & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from khuyencong.triggers import drop_triggers

    drop_triggers("default")


@pytest.fixture(scope="session")
def chromium() -> str:
    return need("chromium")


@pytest.fixture(scope="session")
def libreoffice() -> str:
    return need("libreoffice")


@pytest.fixture(scope="session")
def browser(chromium: str, django_db_setup: None) -> "Iterator[Browser]":
    """One Chromium for the whole run. Django would take playwright's event loop for async code.

    Django keeps other connections where a loop runs than where none does. The one opened so far would be out of
    sight, and a process forked later, where no loop runs, would write into the same socket as its siblings.
    One opened while the loop runs has to be closed while it does, or the test database can't be dropped.
    """
    from django.db import connections
    from playwright.sync_api import sync_playwright

    connections.close_all()

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()
        connections.close_all()


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A fresh page of an office screen, in Vietnamese."""
    context = browser.new_context(locale="vi-VN", viewport={"width": 1366, "height": 900})
    yield context.new_page()
    context.close()
