"""How much a page asks and does: its queries, the calls of our own functions, and how deep they stand.

The numbers do not depend on the machine; what they were stands in docs/architecture.md.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khuyencong.accounts.models import User
from projects.models import Project
from tests.benchmarks.decade import build_years
from tests.sources import LAYERS, ROOT

pytestmark = pytest.mark.django_db

OURS = tuple(f"{ROOT / layer}/" for layer in LAYERS)


class Calls:
    """Counts the calls of functions of the product, and how many of them stand on each other at most."""

    def __init__(self) -> None:
        self.count = self.depth = self.deepest = 0

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> None:
        if frame.f_code.co_filename.startswith(OURS):
            if event == "call":
                self.count += 1
                self.depth += 1
                self.deepest = max(self.deepest, self.depth)
            elif event == "return":
                self.depth -= 1


def measured(client: Client, page: str) -> str:
    """The second request is measured: the first one fills what a server's worker keeps."""
    client.get(page)
    calls = Calls()
    with CaptureQueriesContext(connection) as queries:
        sys.setprofile(calls)
        try:
            response = client.get(page)
        finally:
            sys.setprofile(None)
    assert response.status_code == 200, page
    return f"{len(queries):5} {calls.count:6} {calls.deepest:6}  {page}"


def test_a_project_and_a_report_of_the_demo(client: Client, settings: Any) -> None:
    settings.DEBUG = True
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)
    page = f"/projects/{Project.objects.earliest('pk').pk}/"
    lines = []
    for name in ("centre_staff", "accountant", "reviewer", "department_head", "observer"):
        client.force_login(User.objects.get(username=name))
        lines.append(f"{measured(client, page)}  {name}")
    lines.append(measured(client, "/reports/catalogue/areas/?year=2006"))
    print("\nqueries, own calls, depth\n" + "\n".join(lines))


def test_a_list_of_fifty_projects(client: Client) -> None:
    client.force_login(build_years(range(2019, 2020), 50))
    print("\nqueries, own calls, depth\n" + measured(client, "/projects/?year=2019"))
