"""Ten years of 2,000 projects, 120,000 entries in the ledger: how long proving every total takes."""

from __future__ import annotations

import pytest
from django.db import connection

from projects.ledger.proof import prove
from tests.benchmarks.decade import build_years
from tests.benchmarks.timing import milliseconds

pytestmark = pytest.mark.django_db


def test_proving_the_totals_of_ten_years() -> None:
    build_years(range(2010, 2020), 2_000)
    run = prove()
    assert run.is_clean, run.findings[:500]
    print(f"\n{run.entry_count} entries, {run.total_count} totals on {connection.vendor}; ms: min, median, max of 3")
    print(f"{milliseconds(prove, 3)}  prove_totals")
