"""A submitted report serves the file that was submitted, whatever it names and whatever draws it today."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import Organisation, User
from khuyencong.triggers import drop_triggers, install_triggers
from programmes.models import ActivityType, AdminUnit, AnnualPlan, SupportNorm
from projects.models import CostLine, Project
from reports.models import SubmittedReport
from reports.printing import workbook
from reports.submitted import comparison
from tests.reports.submitting import approve_one_more, submit
from tests.reports.taken import CSV, download, read_csv

pytestmark = pytest.mark.django_db

KINDS: list[tuple[str, dict[str, Any]]] = [
    ("annual", {}),
    ("annual_draft", {}),
    ("period", {"period": "q4"}),
    ("form_2", {}),
    ("source-content", {}),
]


def file_of(client: Client, report: SubmittedReport) -> bytes:
    return bytes(client.get(reverse("reports:submitted_xlsx", args=[report.pk])).content)


def change_all_it_names(plan: AnnualPlan, staff: User, centre_head: User, department_head: User) -> None:
    """Amounts by letters; the rest as an administrator or another program may change it under our hands."""
    approve_one_more(plan, staff, centre_head, department_head)
    Project.objects.update(name="Tên khác", notes="Ghi chú khác")
    Organisation.objects.update(name="Đơn vị khác")
    User.objects.update(full_name="Người Khác")
    AdminUnit.objects.update(name="Nơi khác")
    ActivityType.objects.update(short_name="Nội dung khác")
    SupportNorm.objects.update(max_amount_vnd=1)
    CostLine.objects.update(amount_vnd=1_000_000)


@pytest.mark.parametrize(("kind", "asked"), KINDS, ids=[kind for kind, _asked in KINDS])
def test_the_file_is_the_same_after_all_that_it_names_has_changed(
    client: Client,
    pilot_plan: AnnualPlan,
    centre_staff: User,
    centre_head: User,
    department_head: User,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    asked: dict[str, Any],
) -> None:
    report = submit(centre_head, kind=kind, **asked)
    client.force_login(centre_head)
    signed = file_of(client, report)
    change_all_it_names(pilot_plan, centre_staff, centre_head, department_head)
    monkeypatch.setattr(workbook, "FONT", {"font_name": "Arial"})
    monkeypatch.setattr(workbook, "RULE_POINTS", 9)
    again = file_of(client, report)
    assert again == signed and hashlib.sha256(again).hexdigest() == report.file_sha256
    page = client.get(report.get_absolute_url()).content.decode()
    assert report.file_sha256 in page and "Không có thay đổi" not in page, "what differs today stands beside it"


def test_a_book_that_nobody_here_can_read_leaves_the_file(
    client: Client, pilot_plan: AnnualPlan, centre_head: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = submit(centre_head)

    def unknown(_text: str) -> Any:
        raise comparison.UnknownLayout(99)

    monkeypatch.setattr(comparison, "load", unknown)
    client.force_login(centre_head)
    page = client.get(report.get_absolute_url()).content.decode()
    assert "không so sánh được" in page and reverse("reports:submitted_xlsx", args=[report.pk]) in page
    assert hashlib.sha256(file_of(client, report)).hexdigest() == report.file_sha256


def test_a_file_that_was_tampered_with_is_not_served(client: Client, pilot_plan: AnnualPlan, centre_head: User) -> None:
    report = submit(centre_head)
    drop_triggers()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_submittedreport SET file = %s", [b"another"])
    install_triggers()
    client.force_login(centre_head)
    answer = client.get(reverse("reports:submitted_xlsx", args=[report.pk]))
    assert answer.status_code == 409 and "Mã kiểm tra không khớp" in answer.content.decode()


def test_the_list_reads_no_files(client: Client, pilot_plan: AnnualPlan, centre_head: User) -> None:
    submit(centre_head)
    [row] = SubmittedReport.objects.for_list()
    assert {"book", "file"} <= row.get_deferred_fields()


def test_it_leaves_the_system_with_its_sum(client: Client, pilot_plan: AnnualPlan, centre_head: User) -> None:
    report = submit(centre_head)
    client.force_login(centre_head)
    [row] = read_csv(download(client, CSV, table="bao-cao-da-chot"))
    assert row["Mã kiểm tra của tệp (SHA-256)"] == report.file_sha256
    assert row["Tên báo cáo"] == "Báo cáo khuyến công năm 2006"
