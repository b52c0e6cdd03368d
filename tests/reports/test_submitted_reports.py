"""A submitted report stays as it was; what changed afterwards is told row by row, cell by cell, sum by sum."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.append_only import AppendOnlyError
from khuyencong.asof import AsOf
from khuyencong.triggers import drop_triggers
from programmes.models import AnnualPlan
from projects.models import ApprovalEntry, Project
from projects.refusals import NotAllowed
from reports.models import SubmittedReport
from reports.printing.book_json import load
from reports.printing.workbook import render
from reports.submitted.book_differences import SheetDifference
from reports.submitted.comparison import compare_with_today, stored_book
from reports.submitted.kinds import build_draft
from reports.submitted.submission import SubmissionRefused, submit_report
from tests.factories import MILLION, make_project
from tests.reports.books import TODAY, annual_bytes, cells_of
from tests.reports.submitting import DAY, approve_one_more, submit
from tests.there import there

pytestmark = pytest.mark.django_db


def differences(report: SubmittedReport, reader: User) -> dict[str, SheetDifference]:
    comparison = compare_with_today(report, there(stored_book(report)), reader, TODAY)
    assert not comparison.problem
    return {sheet.name: sheet for sheet in comparison.differences}


def test_file_of_the_past_is_printed_again_cell_by_cell(
    pilot_plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    printed = cells_of(annual_bytes(centre_head))
    report = submit(centre_head)
    approve_one_more(pilot_plan, centre_staff, centre_head, department_head)
    Project.objects.filter(name="Một nguồn").update(name="Tên mới")
    assert cells_of(annual_bytes(centre_head)) != printed
    again = cells_of(render(there(stored_book(SubmittedReport.objects.get(pk=report.pk)))))
    assert again == printed and len(again) > 400
    assert sum(str(written).startswith("=") for _shown, written, _format in again.values()) > 40


def test_nothing_changed_says_nothing(pilot_plan: AnnualPlan, centre_head: User, department_head: User) -> None:
    report = submit(centre_head)
    assert differences(report, centre_head) == differences(report, department_head) == {}


def test_changes_are_told_by_row_cell_and_sum(
    pilot_plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    report = submit(centre_head)
    approve_one_more(pilot_plan, centre_staff, centre_head, department_head)
    Project.objects.filter(name="Một nguồn").update(notes="Chờ mặt bằng")
    found = differences(report, department_head)
    sheet = found["Danh mục"]
    assert [row.split(" (")[0] for row in sheet.added] == ["Mây tre đan"] and not sheet.gone
    changed = {(one.row.split(" (")[0], one.what): (one.before, one.after, one.by) for one in sheet.changed}
    assert changed == {
        ("Một nguồn", "Tổng kinh phí"): ("60", "40", "-20"),
        ("Một nguồn", "KCĐP"): ("60", "40", "-20"),
        ("Một nguồn", "Ghi chú"): ("–", "Chờ mặt bằng", ""),
    }
    total = {(one.row, one.what): (one.before, one.after, one.by) for one in sheet.total}
    assert total["Tổng cộng", "KCĐP"] == ("100", "125,5", "+25,5")
    assert total["Tổng cộng", "Tổng kinh phí"] == ("167", "192,5", "+25,5")
    assert ("Tổng cộng", "KCQG") not in total
    assert {(one.row, one.what, one.by) for one in sheet.sums} >= {
        ("Cộng: Kinh phí khuyến công địa phương", "KCĐP", "+25,5")
    }
    [content] = [one for one in found["Theo nội dung"].changed if one.what.startswith("Kế hoạch")]
    assert (content.row, content.before, content.after) == ("Đào tạo, truyền nghề", "90", "115,5")


def test_row_that_went_away_is_named(
    pilot_plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    make_project(plan=pilot_plan, by=centre_staff, name="Bản tin", amounts={"KCDP": 5 * MILLION})
    report = submit(centre_head, kind="annual_draft")
    approve_one_more(pilot_plan, centre_staff, centre_head, department_head)
    Project.objects.filter(name="Bản tin").update(status="withdrawn")
    sheet = differences(report, centre_head)["Danh mục"]
    assert [row.split(" (")[0] for row in sheet.gone] == ["Bản tin"]
    assert [row.split(" (")[0] for row in sheet.added] == ["Mây tre đan"]


def test_list_that_is_approved_by_now_has_another_title(pilot_plan: AnnualPlan, centre_head: User) -> None:
    report = submit(centre_head, as_of="01/06/2006")
    assert report.as_of == AsOf(dt.date(2006, 6, 1))
    assert report.title == "Báo cáo khuyến công năm 2006 (Số liệu tính đến ngày 01/06/2006)"
    assert load(report.book).sheets[0].title.startswith("DỰ THẢO")
    assert differences(report, centre_head) == {}  # the same day is asked again


def test_same_report_of_the_same_day_is_refused(pilot_plan: AnnualPlan, centre_head: User) -> None:
    report = submit(centre_head)
    with pytest.raises(SubmissionRefused, match="đã được chốt") as refusal:
        submit(centre_head)
    assert refusal.value.existing == report
    submit(centre_head, on=dt.date(2007, 1, 6))
    assert SubmittedReport.objects.count() == 2


def test_figures_that_moved_since_they_were_seen_are_not_frozen(pilot_plan: AnnualPlan, centre_head: User) -> None:
    with pytest.raises(SubmissionRefused, match="đã thay đổi"):
        submit(centre_head, seen="0" * 64)


def test_days_that_cannot_be(pilot_plan: AnnualPlan, centre_head: User) -> None:
    with pytest.raises(SubmissionRefused, match="sau hôm nay"):
        submit(centre_head, on=dt.date(2100, 1, 1))
    with pytest.raises(SubmissionRefused, match="ngày của số liệu"):
        submit(centre_head, on=dt.date(2006, 5, 31), as_of="01/06/2006")
    with pytest.raises(SubmissionRefused, match="không được trước ngày 01/01/2005"):
        submit(centre_head, on=dt.date(2004, 12, 31))
    with pytest.raises(SubmissionRefused, match="không được trước ngày 01/07/2006"):
        submit(centre_head, kind="period", on=dt.date(2006, 6, 30), period="q3")
    assert submit(centre_head, on=dt.date(2005, 12, 20)).pk, "the plan is decided before its year begins"


def test_a_number_that_no_column_holds_is_refused(pilot_plan: AnnualPlan, centre_head: User) -> None:
    words: dict[str, Any] = {"submitted_on": DAY, "number": "1" * 61, "note": "", "actor": centre_head}
    draft = build_draft("annual", centre_head, {"year": "2006"}, timezone.localdate())
    with pytest.raises(SubmissionRefused) as refusal:
        submit_report(kind="annual", query=draft.query, seen=draft.digest, **words)
    assert "number" in refusal.value.message_dict
    assert not SubmittedReport.objects.exists()


def test_a_question_that_cannot_be_read_freezes_nothing(pilot_plan: AnnualPlan, centre_head: User) -> None:
    words: dict[str, Any] = {"submitted_on": DAY, "number": "", "note": "", "seen": "0" * 64, "actor": centre_head}
    for kind, query in (("annual", "year=abc"), ("annual", ""), ("nonsense", "year=2006"), ("period", "year=2006")):
        with pytest.raises(SubmissionRefused):
            submit_report(kind=kind, query=query, **words)
    with pytest.raises(NotAllowed, match="phạm vi bạn được xem"):
        submit_report(kind="annual", query="year=2006&organisation=nowhere", **words)
    assert not SubmittedReport.objects.exists()


def test_head_submits_what_the_own_office_issues(
    pilot_plan: AnnualPlan, centre_head: User, department_head: User, reviewer: User
) -> None:
    department = there(pilot_plan.organisation.parent)
    assert submit(department_head, organisation=department.code).organisation == department
    refused: list[tuple[User, dict[str, Any]]]
    refused = [(department_head, {}), (reviewer, {"organisation": department.code}), (reviewer, {})]
    for who, asked in refused:
        with pytest.raises(NotAllowed):
            submit(who, **asked)


def test_neither_program_nor_database_changes_it_and_a_forced_change_shows(
    pilot_plan: AnnualPlan, centre_head: User
) -> None:
    report = submit(centre_head)
    report.note = "khác"
    for change in (report.save, report.delete, lambda: SubmittedReport.objects.update(note="khác")):
        with pytest.raises(AppendOnlyError):
            change()
    statement = "UPDATE reports_submittedreport SET book = replace(book, '60000000', '61000000')"
    for sql in (statement, "DELETE FROM reports_submittedreport"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    drop_triggers()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    report = SubmittedReport.objects.get()
    assert not report.is_intact and stored_book(report) is None
    assert ApprovalEntry.objects.exists()
