"""Pages that somebody opens every day, among 20,000 projects of ten years."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection
from django.test import Client

from projects.models import Project, Voucher
from tests.benchmarks.decade import build_years
from tests.benchmarks.timing import milliseconds, on_own_stack

pytestmark = pytest.mark.django_db


def test_daily_pages_of_ten_years(client: Client) -> None:
    client.force_login(build_years(range(2010, 2020), 2_000))
    project, voucher = Project.objects.latest("pk"), Voucher.objects.latest("pk")
    pages = [
        "/",
        "/plans/",
        "/projects/",
        "/projects/?year=2019",
        "/projects/?q=may+moc+so+77",
        "/projects/?year=2019&area=not_fixed",
        "/projects/?as_of=30/06/2015",
        "/projects/?page=300",
        f"/projects/{project.pk}/",
        "/vouchers/",
        f"/vouchers/{voucher.pk}/",  # of 2,000 lines
        "/history/",
        "/reports/",
        "/reports/annual/?year=2019",
        "/reports/dashboard/?year=2019",
    ]

    def time() -> None:
        for page in pages:
            assert client.get(page).status_code == 200, page
            print(f"{milliseconds(partial(client.get, page))}  {page}")

    print(f"\n20,000 projects, 120,000 entries on {connection.vendor}; ms: min, median, max of 5")
    on_own_stack(time)
