"""How long a list of 2,000 projects takes: read alone, understood, warned of, written. ``make bench`` prints."""

from __future__ import annotations

import resource
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

import pytest
from django.db import connection
from django.test import Client

from khuyencong.accounts.models import User
from projects.importing.law import warned_rows
from projects.importing.reading.files import read_workbook
from projects.importing.services.batches import write_batch
from projects.importing.understanding import understand_list
from projects.models import Project
from tests.importing.lists import HEADER, answered, brought, plan_of, workbook

pytestmark = pytest.mark.django_db
R = TypeVar("R")
ROWS = 2_000
MOST_SECONDS = 20


def timed(words: str, work: Callable[[], R]) -> R:
    started = perf_counter()
    result = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = perf_counter() - started
    print(f"{took:6.2f} s  {words}, at most {peak:.0f} MB so far")
    assert took < MOST_SECONDS, words
    return result


def test_a_list_of_2000_projects(centre_staff: User, client: Client) -> None:
    plan = plan_of(centre_staff)
    rows = [
        (n, f"Hỗ trợ máy móc thiết bị số {n}", f"HTX Nông nghiệp số {n}", "H. Tiên Lãng", "Quý II-IV", 50, 60, 110)
        for n in range(1, ROWS + 1)
    ]
    content = workbook([HEADER, *rows])
    print(f"\n{ROWS} rows, {len(content) / 1024:.0f} kB on {connection.vendor}")
    timed("reading alone, in a process of its own", lambda: read_workbook("danh-muc.xlsx", content))
    batch = timed("bringing the file", lambda: brought(plan, content, centre_staff))
    batch = answered(batch, centre_staff)
    understood = timed("understanding each row", lambda: understand_list(batch, centre_staff))
    client.force_login(centre_staff)
    timed("the page that previews them", lambda: client.get(batch.get_absolute_url()))
    timed("what the law says of them", lambda: warned_rows(understood, centre_staff))
    timed("writing all", lambda: write_batch(batch=batch, version=batch.version, actor=centre_staff))
    assert Project.objects.in_plans([plan]).count() == ROWS
