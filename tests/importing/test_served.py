"""A list in the hands of a web server: several who press at once, and a machine that loses power."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from django.urls import reverse
from gunicorn.app.base import BaseApplication

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch, ImportedRow
from projects.importing.so_far import SoFar
from projects.ledger.proof import prove
from projects.models import Beneficiary, Project
from tests.importing.lists import HEADER, brought, workbook
from tests.projects.at_once import together
from tests.there import there

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
ROWS = 600
WRITTEN = f"Đã nhập {ROWS} dòng"  # said once, to whoever pressed
PATIENCE = 60  # s: a machine that is busy with other work is slow, not wrong


class Server(BaseApplication):
    """Gunicorn with two workers on a socket that is open already, so that one started anew has the same address."""

    def __init__(self, listening: socket.socket) -> None:
        self.listening = listening
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", f"fd://{self.listening.fileno()}")
        self.cfg.set("workers", 2)
        self.cfg.set("threads", 2)
        self.cfg.set("loglevel", "critical")

    def load(self) -> object:
        return get_wsgi_application()


def serve(listening: socket.socket) -> None:
    os.setsid()  # so that all its processes are killed in one moment
    Server(listening).run()


@contextmanager
def served(listening: socket.socket) -> Iterator[int]:
    """The server's process group; whatever is left of it ends with the block."""
    connections.close_all()  # a forked process must not share the parent's connection
    process = multiprocessing.get_context("fork").Process(target=serve, args=(listening,))
    process.start()
    group = there(process.pid)
    try:
        yield group
    finally:
        if process.is_alive():
            os.killpg(group, signal.SIGKILL)
        process.join(PATIENCE)


class Clerk:
    """One person's browser, as far as a form needs one."""

    def __init__(self, user: User, listening: socket.socket) -> None:
        client = Client()
        client.force_login(user)
        self.cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
        self.port = listening.getsockname()[1]

    def open(self, address: str) -> str:
        return self._ask("GET", address)

    def send(self, address: str, page: str, **fields: str) -> str:
        """Sends the form of the page, with its hidden fields, and follows to the page that answers."""
        hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|version)" value="([^"]*)"', page))
        return self._ask("POST", address, urlencode(hidden | fields))

    def _ask(self, method: str, address: str, body: str = "") -> str:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        self._keep_cookies(answer)
        page = answer.read().decode()
        connection.close()
        if answer.status in (301, 302, 303):
            return self._ask("GET", there(answer.getheader("Location")))
        assert answer.status == 200, page
        return page

    def _keep_cookies(self, answer: HTTPResponse) -> None:
        for kept in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = kept.partition(";")[0].partition("=")
            self.cookies[name] = value


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened


@pytest.fixture
def batch(plan: AnnualPlan, centre_staff: User) -> ImportBatch:
    names = (f"Đào tạo nghề số {number}" for number in range(ROWS))
    rows = [(n, name, f"HTX {n}", "H. Tiên Lãng", "Cả năm", None, 50, None) for n, name in enumerate(names, 1)]
    return brought(plan, workbook([HEADER, *rows]), centre_staff)


def test_power_that_fails_while_a_list_is_written(
    batch: ImportBatch, centre_staff: User, listening: socket.socket
) -> None:
    address = reverse("importing:batch", args=[batch.pk])
    with served(listening) as group:
        clerk = Clerk(centre_staff, listening)
        page = clerk.open(address)

        def press(person: int) -> str:
            if person:
                wait_for_rows(batch)
                os.killpg(group, signal.SIGKILL)
                return "killed"
            return clerk.send(address, page, write="1")

        answers = together(press, 2)
    assert answers["killed"] == 1 and not any(WRITTEN in answer for answer in answers)
    assert not Project.objects.exists() and not Beneficiary.objects.exists() and not ImportedRow.objects.exists()
    with served(listening):
        page = clerk.open(address)
        assert f"Nhập {ROWS} đề án" in page
        assert WRITTEN in clerk.send(address, page, write="1")
    assert Project.objects.count() == Beneficiary.objects.count() == ROWS and prove().is_clean


def wait_for_rows(batch: ImportBatch) -> None:
    until = time.monotonic() + PATIENCE
    while not any(SoFar(batch).read() or ()):
        assert time.monotonic() < until, "No row was written."
        time.sleep(0.002)


def test_two_who_press_in_one_moment(batch: ImportBatch, centre_staff: User, listening: socket.socket) -> None:
    address = reverse("importing:batch", args=[batch.pk])
    with served(listening):
        clerks = [Clerk(centre_staff, listening) for _person in range(4)]
        pages = [clerk.open(address) for clerk in clerks]
        answers = together(lambda person: clerks[person].send(address, pages[person], write="1"), len(clerks))
    assert sum(WRITTEN in answer for answer in answers.elements()) == 1
    assert Project.objects.count() == Beneficiary.objects.count() == ROWS and prove().is_clean
