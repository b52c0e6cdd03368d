"""Every report of the catalogue can be submitted: it is kept with its sources, and later entries show."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from khuyencong.accounts.models import User
from projects.models import PaymentEntry
from reports.book_json import load
from reports.catalogue.definitions import REPORTS
from reports.differences import book_differences
from reports.kinds import build_draft
from reports.workbook import render
from tests.factories import MILLION
from tests.people import Tree
from tests.reports.random_years import Years
from tests.reports.test_book_json import cells_of

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 9, 5)


@pytest.fixture
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
    columns = {change.what for change in sheet.changed}
    assert {"Đã chi", "Chi"} <= columns
    [total] = [change for change in sheet.sums if (change.row, change.what) == ("Tổng cộng", "Đã chi")]
    assert parse(total.after) - parse(total.before) == 3


def parse(text: str) -> float:
    return float(text.replace(".", "").replace(",", "."))
