"""How long the pages and the workbook of a year of 2,000 projects take. ``make bench`` prints, never judges."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection
from django.test import Client

from programmes.models import AnnualPlan
from tests.benchmarks.decade import build_years
from tests.benchmarks.timing import RUNS, milliseconds

pytestmark = pytest.mark.django_db

PROJECTS = 2_000
PAGES = (
    "/",
    "/plans/",
    "/plans/{plan}/",
    "/plans/{plan}/?as_of=01/06/2019",
    "/projects/",
    "/projects/?year=2019&q=may moc&sort=-approved",
    "/vouchers/",
    "/reports/annual/?year=2019",
    "/reports/annual/?year=2019&as_of=01/06/2019",
    "/reports/annual.xlsx?year=2019",
    "/reports/period/?year=2019&period=q2",
    "/reports/period.xlsx?year=2019&period=q2",
)


def test_pages_of_a_year_of_2000_projects(client: Client) -> None:
    client.force_login(build_years([2019], PROJECTS))
    plan = AnnualPlan.objects.get()
    print(f"\n{PROJECTS} projects on {connection.vendor}; ms: min, median, max of {RUNS}")
    for pattern in PAGES:
        address = pattern.format(plan=plan.pk)
        assert client.get(address).status_code == 200, address
        print(f"{milliseconds(partial(client.get, address))}  {address}")
