"""Every report of the catalogue can be submitted: it is kept with its sources, and later entries show."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import PaymentEntry, Project, Support
from reports.catalogue.definitions import REPORTS
from reports.printing.book_json import load
from reports.printing.workbook import render
from reports.submitted.book_differences import book_differences
from reports.submitted.kinds import build_draft
from tests.factories import MILLION
from tests.kept import kept
from tests.people import Tree
from tests.reports.books import cells_of
from tests.reports.random_years import Years

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 9, 5)


@pytest.fixture
@kept
def years(tree: Tree, centre_staff: User) -> None:
    Years(random.Random(5), tree.centre, centre_staff)


def test_each_report_comes_out_of_the_store_with_the_same_cells_and_formulas(years: None, centre_head: User) -> None:
    for report in REPORTS:
        draft = build_draft(report.code, centre_head, {"year": "2007"}, TODAY)
        again = load(draft.text)
        assert not book_differences(again, draft.book), report.code
        assert cells_of(render(again)) == cells_of(render(draft.book)), report.code


def test_a_payment_of_the_period_shows_as_a_difference(years: None, centre_head: User) -> None:
    asked = {"year": "2007", "period": "h2"}
    before = build_draft("sources", centre_head, asked, TODAY)
    assert before.title == "Kinh phí khuyến công 6 tháng cuối năm 2007 theo nguồn" and "period=h2" in before.query
    paid = PaymentEntry.objects.going("out").state_money().filter(plan_line__round__plan__year=2007)
    entry = paid.filter(plan_line__project__organisation=centre_head.memberships.get().scope)[0]
    PaymentEntry.objects.create(
        voucher=entry.voucher,
        kind="payment",
        plan_line=entry.plan_line,
        component=entry.component,
        source=entry.source,
        amount_vnd=3 * MILLION,
        effective_on=dt.date(2007, 8, 8),
        recorded_by=centre_head,
    )
    after = build_draft("sources", centre_head, asked, TODAY)
    [sheet] = book_differences(before.book, after.book)
    found = {(change.row, change.what): change.by for change in (*sheet.total, *sheet.changed)}
    source = entry.source.name
    assert found == {
        ("Tổng cộng", "Đã chi"): "+3",
        ("Tổng cộng", "Chi"): "+3",
        (source, "Đã chi"): "+3",
        (source, "Chi"): "+3",
    }, "what is left follows from what was paid, and is not told again"


def test_a_project_of_two_sources_that_got_another_name_is_told_once(pilot_plan: AnnualPlan, centre_head: User) -> None:
    before = build_draft("disbursement", centre_head, {"year": "2006"}, TODAY)
    shared = Project.objects.get(name="Đề án điểm")
    rows = [row for row in before.book.sheets[0].rows if row.project_id == shared.pk]
    Project.objects.filter(pk=shared.pk).update(name="Đề án mẫu")
    after = build_draft("disbursement", centre_head, {"year": "2006"}, TODAY)
    [sheet] = book_differences(before.book, after.book)
    assert len(rows) == 2 and not (sheet.total or sheet.sums)
    assert [(one.row, one.what, one.by) for one in sheet.changed] == [(rows[0].label, "Đề án", "")]
    assert sheet.changed[0].after == rows[0].label.replace("điểm", "mẫu")


def test_two_projects_of_one_name_are_told_one_by_one_and_each_by_its_name(
    pilot_plan: AnnualPlan, centre_head: User
) -> None:
    projects = list(Project.objects.in_plans([pilot_plan]))
    Project.objects.update(name="Trùng tên")
    drafts = {"annual": {"year": "2006"}, "period": {"year": "2006", "period": "h2"}}
    before = {kind: build_draft(kind, centre_head, asked, TODAY).book for kind, asked in drafts.items()}
    Support.objects.update(group_description="Tổ thợ dệt")
    for kind, asked in drafts.items():
        for sheet in book_differences(before[kind], build_draft(kind, centre_head, asked, TODAY).book):
            told = [change.row.split(" (")[0] for change in sheet.changed if change.after.startswith("Tổ thợ dệt")]
            assert told == ["Trùng tên"] * len(projects), (kind, sheet.name)
    assert len(projects) == 2
