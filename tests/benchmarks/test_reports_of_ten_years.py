"""Roll-up pages of one year, and of all ten, among 20,000 projects, each against one statement of SQL by hand.

The statement gives the figures of the page; the page also signs the user in, names the groups and writes the HTML.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.test import Client

from programmes.models import AnnualPlan
from tests.benchmarks.decade import build_years
from tests.benchmarks.timing import on_own_stack

pytestmark = pytest.mark.django_db

LAST, RUNS = 2019, 7
# How many years are asked: the page of one year, and of all ten.
SPANS = {1: f"year={LAST}", 10: f"period=dates&from=01/01/{LAST - 9}&to=31/12/{LAST}"}
COUNTED = """
    counted AS (
        SELECT l.id AS line, l.project_id AS project, {status} AS status, p.area_scope, n.year
        FROM projects_planline l
        JOIN programmes_planround r ON r.id = l.round_id
        JOIN programmes_annualplan n ON n.id = r.plan_id
        JOIN projects_project p ON p.id = l.project_id
        WHERE n.year BETWEEN {first} AND {last} AND {status} NOT IN ('refused', 'withdrawn')
    )"""
# A period of free dates speaks of its last day: the status, the entries and the reports of then.
DAY = f"'{LAST}-12-31'"
STATUS_THEN = f"""COALESCE((SELECT h.target_status FROM projects_statuschange h
        WHERE h.project_id = p.id AND h.effective_on <= {DAY} ORDER BY h.id DESC LIMIT 1), 'draft')"""
CORRECTED = "LEFT JOIN projects_approvalentry k ON k.id = e.corrects_id"
INITIAL = "(e.nature = 'initial' OR k.nature = 'initial')"
STATE = "JOIN programmes_fundingsource s ON s.id = e.source_id AND s.level IN ('national', 'city')"
VOUCHER = f"{STATE} JOIN projects_voucher v ON v.id = e.voucher_id AND v.direction"
UNDATED = ("requested", "executed")  # rows without a day of their own
# name: (table, joins, condition)
MONEY = {
    "requested": ("projects_costline", STATE, "TRUE"),
    "initial": ("projects_approvalentry", CORRECTED, INITIAL),
    "changed": ("projects_approvalentry", CORRECTED, f"NOT {INITIAL}"),
    "approved": ("projects_approvalentry", "", "TRUE"),
    "contracted": ("projects_contractentry", STATE, "TRUE"),
    "received": ("projects_paymententry", f"{VOUCHER} = 'in'", "TRUE"),
    "advanced": ("projects_paymententry", f"{VOUCHER} = 'out'", "e.kind IN ('advance', 'recovery')"),
    "paid": ("projects_paymententry", f"{VOUCHER} = 'out'", "TRUE"),
    "settled": ("projects_settlemententry", STATE, "TRUE"),
    "executed": ("projects_executedamount", "", "e.id = {newest}"),
}
# The last amount reported of the same line, content and source.
NEWEST = """(SELECT y.id FROM projects_executedamount y JOIN projects_progressreport g ON g.id = y.report_id
        WHERE y.plan_line_id = e.plan_line_id AND y.component_id = e.component_id AND y.source_id = e.source_id{month}
        ORDER BY g.month DESC LIMIT 1)"""
AREA = """CASE WHEN c.area_scope = 'units' THEN (
        SELECT {join}(u.code, '+') FROM projects_project_places h
        JOIN programmes_adminunit u ON u.id = h.adminunit_id WHERE h.project_id = c.project) ELSE c.area_scope END"""
TYPES = """(SELECT {join}(COALESCE(b.type, 'group'), '+') FROM projects_support h
        LEFT JOIN projects_beneficiary b ON b.id = h.beneficiary_id WHERE h.project_id = c.project)"""
SCHEDULE = """COALESCE((SELECT CASE WHEN g.is_on_schedule THEN 'on'
            WHEN c.status IN ('approved', 'contracted', 'in_progress') THEN 'late' ELSE 'was_late' END
        FROM projects_progressreport g WHERE g.project_id = c.project{month} ORDER BY g.month DESC LIMIT 1), 'none')"""
CONTENT = "(SELECT m.activity_type_id FROM projects_projectcomponent m WHERE m.id = e.component_id)"
MONTH = "SUBSTR(CAST(e.effective_on AS TEXT), 1, 7)"
FULL = ("requested", "initial", "changed", "approved", "contracted", "paid", "executed", "settled")
# report: (keys of money, keys of lines for the count of projects or nothing, figures, years)
PAGES = {
    "source-content": (f"e.source_id, {CONTENT}", "money", FULL, 1),
    "sources": ("e.source_id, 0", "money", ("approved", "received", "advanced", "paid", "settled"), 1),
    "areas": (f"{AREA}, ''", f"{AREA}, {SCHEDULE}", FULL, 1),
    "beneficiary-types": (f"{TYPES}, 0", f"{TYPES}, 0", FULL, 1),
    "status": (
        f"c.status, {SCHEDULE}",
        f"c.status, {SCHEDULE}",
        ("requested", "approved", "contracted", "paid", "executed", "settled"),
        1,
    ),
    "comparison": (f"{CONTENT}, c.year", "", ("approved", "executed", "paid"), 2),
    "five-years": (f"{CONTENT}, c.year", "", ("approved", "paid"), 5),
    "months": (f"{MONTH}, 0", "", ("received", "advanced", "paid", "settled"), 1),
}


def statement(code: str, span: int) -> str:
    keys, members, figures, years = PAGES[code]
    first = LAST - span + 1 - (years - 1)
    join = "STRING_AGG" if connection.vendor == "postgresql" else "GROUP_CONCAT"
    is_past = span > 1
    parts = [
        f"SELECT '{name}', {keys}, SUM(e.amount_vnd) FROM {MONEY[name][0]} e "
        f"JOIN counted c ON c.line = e.plan_line_id {MONEY[name][1]} WHERE {MONEY[name][2]}"
        f"{f' AND e.effective_on <= {DAY}' if is_past and name not in UNDATED else ''} GROUP BY 2, 3"
        for name in figures
    ]
    if members == "money":
        parts.append(
            f"SELECT 'projects', {keys}, COUNT(DISTINCT c.project) FROM projects_approvalentry e "
            "JOIN counted c ON c.line = e.plan_line_id GROUP BY 2, 3"
        )
    elif members:
        parts.append(f"SELECT 'projects', {members}, COUNT(DISTINCT c.project) FROM counted c GROUP BY 2, 3")
    month = f" AND g.month <= {DAY}" if is_past else ""
    body = "\nUNION ALL ".join(parts).replace("{newest}", NEWEST).replace("{join}", join).replace("{month}", month)
    counted = COUNTED.format(first=first, last=LAST, status=STATUS_THEN if is_past else "p.status")
    return f"WITH {counted}\n{body}"


def run(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return len(cursor.fetchall())


def paired(*works: Callable[[], object]) -> list[float]:
    """The median of each in ms; taken in turns, so that a busy machine slows all of them alike."""
    times: list[list[float]] = [[] for _work in works]
    for turn in range(RUNS + 1):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            if turn:  # the first one warms up
                taken.append(1000 * (time.perf_counter() - start))
    return [statistics.median(taken) for taken in times]


def test_roll_up_pages_against_sql_by_hand(client: Client) -> None:
    client.force_login(build_years(range(2010, 2020), 2_000))
    assert AnnualPlan.objects.count() == 10
    print(f"\n20,000 projects, 120,000 entries on {connection.vendor}; median of {RUNS} in ms: SQL, page, ratio")
    on_own_stack(lambda: _compare(client))


def _compare(client: Client) -> None:
    for span, query in SPANS.items():
        for code in PAGES:
            if span > 1 and PAGES[code][3] > 1:
                continue  # a report that puts years side by side asks for one year
            sql, address = statement(code, span), f"/reports/catalogue/{code}/?{query}"
            assert run(sql) and client.get(address).status_code == 200
            by_hand, page = paired(partial(run, sql), partial(client.get, address))
            print(f"{by_hand:8.1f} {page:8.1f} {page / by_hand:6.2f}  {code}, years: {span}")
