"""Every total computed two ways that share no code: one SQL aggregate, and the replay of the entries."""

from __future__ import annotations

import time
from typing import Any

from django.db import connection, transaction

from khuyencong.triggers import missing_triggers
from projects.ledger.second_book import Finding, Replay, Total, replay
from projects.models import Project, ProofRun, StatusChange

NAMED = 8
ON_LINES = """
    SELECT {figure}, r.plan_id, e.source_id, c.activity_type_id, SUM(e.amount_vnd)
    FROM {table} e
    JOIN projects_planline l ON l.id = e.plan_line_id
    JOIN programmes_planround r ON r.id = l.round_id
    JOIN projects_projectcomponent c ON c.id = e.component_id {join}
    GROUP BY 1, 2, 3, 4
"""
AGGREGATES = (
    "SELECT 'assigned', plan_id, source_id, NULL, SUM(amount_vnd) FROM programmes_allocationentry "
    "GROUP BY plan_id, source_id",
    ON_LINES.format(figure="'approved'", table="projects_approvalentry", join=""),
    ON_LINES.format(figure="'contracted'", table="projects_contractentry", join=""),
    ON_LINES.format(figure="'settled'", table="projects_settlemententry", join=""),
    ON_LINES.format(
        figure="'paid ' || v.direction",
        table="projects_paymententry",
        join="JOIN projects_voucher v ON v.id = e.voucher_id",
    ),
)


def prove() -> ProofRun:
    """Proves all totals and records what came of it; nothing else is written."""
    started = time.perf_counter()
    with transaction.atomic():  # both ways read the same state of the ledger
        books = replay()
        by_sql = _sql_totals()
    findings = [*books.findings, *_differences(by_sql, books), *_wrong_statuses(), *_missing_triggers()]
    return ProofRun.objects.create(
        milliseconds=round(1000 * (time.perf_counter() - started)),
        entry_count=len(books.entries),
        total_count=len(by_sql.keys() | books.totals.keys()),
        finding_count=len(findings),
        findings="\n".join(str(finding) for finding in findings),
    )


def _sql_totals() -> dict[Total, int]:
    totals: dict[Total, int] = {}
    with connection.cursor() as cursor:
        for statement in AGGREGATES:
            cursor.execute(statement)
            for figure, plan, source, activity, amount in cursor.fetchall():
                totals[figure, plan, source, activity] = int(amount)
    return totals


def _differences(by_sql: dict[Total, int], books: Replay) -> list[Finding]:
    findings = []
    for key in sorted(by_sql.keys() | books.totals.keys(), key=str):
        left, right = by_sql.get(key, 0), books.totals.get(key, 0)
        if left != right:
            figure, plan, source, activity = key
            text = (
                f"Tổng “{figure}” của kế hoạch {plan}, nguồn {source}, nội dung {activity}: "
                f"tổng hợp {left} đồng, cộng từng bút toán {right} đồng"
            )
            findings.append(Finding(text, [entry.name for entry in books.behind.get(key, [])[-NAMED:]]))
    return findings


def _wrong_statuses() -> list[Finding]:
    """Each project stands where the last step of its history left it."""
    last: dict[int, str] = {}
    steps = StatusChange.objects.filter(project__isnull=False).order_by("pk")
    for project, target in steps.values_list("project", "target_status"):
        last[project] = target
    standing: Any = Project.objects.order_by("pk").values_list("pk", "code", "status")
    return [
        Finding(f"Đề án {code} (#{pk}): trạng thái “{status}” khác lịch sử “{last.get(pk, Project.Status.DRAFT)}”")
        for pk, code, status in standing
        if status != last.get(pk, Project.Status.DRAFT)
    ]


def _missing_triggers() -> list[Finding]:
    """Without them somebody may have rewritten what was recorded."""
    return [Finding(f"Bảng {table} thiếu khóa chống sửa “{name}”") for table, name in sorted(missing_triggers())]
