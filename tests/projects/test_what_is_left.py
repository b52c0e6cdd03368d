"""Two figures of what is left, and what can still be taken back: named on each page, each with one rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from projects.figures.totals import Money
from projects.forms.decision import Effect
from projects.ledger.line_accounts import accounts_of
from projects.ledger.optional_amounts import unallocated, unpaid
from projects.ledger.remainders import envelopes, kept_at_a_stop, spoken_for
from projects.models import Project
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, source, submit_all
from tests.projects.accounting import pay


@pytest.mark.parametrize("figure", [unallocated, unpaid])
def test_nothing_is_said_to_be_left_of_what_is_not_recorded(
    figure: Callable[[int | None, int | None], int | None],
) -> None:
    assert figure(None, None) is None and figure(None, 5) is None
    assert (figure(60, None), figure(60, 60), figure(60, 70)) == (60, 0, -10)


def test_only_where_spending_is_reported_something_is_known_to_be_unspent() -> None:
    assert (Money.of_cell(90, 60, 45) + Money.of_cell(50, 40, None)).unexecuted_vnd == 15
    assert Money.of_cell(90, 60, None).unexecuted_vnd is None and Money.of_cell(90, None, 5).unexecuted_vnd is None


def test_what_was_paid_or_received_can_not_be_taken_back() -> None:
    assert [spoken_for(*sums) for sums in ((None, None), (30, None), (30, 50), (50, 30))] == [0, 30, 50, 50]


def test_a_letter_that_approves_of_nothing_assigned_is_shown_to_break_the_envelope(db: None) -> None:
    city = source("KCDP")
    assert Effect(city, None, None, None, 50).unallocated_vnd == -50
    assert Effect(city, None, None, None, None).unallocated_vnd is None
    assert Effect(city, None, 80, None, 50).unallocated_vnd == 30


def test_pages_say_which_of_them_they_show(
    client: Client, centre_staff: User, centre_head: User, department_head: User, accountant: User
) -> None:
    """60 of 100 approved; 20 paid out, 35 received: 40 unallocated, 40 unpaid, 25 free to move."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    [cell] = requested_cells(plan)
    decide(plan=plan, by=department_head, assigned={"KCDP": 100 * MILLION}, approved={cell: 60 * MILLION})
    pay(plan, accountant, (cell, "payment", 20), issued_on=dt.date(2006, 7, 1))
    pay(plan, accountant, (cell, "payment", 35), issued_on=dt.date(2006, 7, 1), direction="in")
    [account] = accounts_of(Project.objects.all())
    assert (account.unpaid_vnd, account.movable_vnd) == (40 * MILLION, 25 * MILLION)
    assert envelopes([plan])[1].unallocated_vnd == 40 * MILLION
    assert kept_at_a_stop([cell[0]]) == {cell: 35 * MILLION}
    client.force_login(accountant)
    project = Project.objects.get()
    pages = {
        plan.get_absolute_url(): "Còn chưa phân bổ",
        project.get_absolute_url(): "Còn chưa chi",
        f"/vouchers/new/?project={project.pk}": "Còn chưa chi sau chứng từ",
        "/reports/annual/?year=2006": "Còn chưa phân bổ",
        "/reports/catalogue/sources/?year=2006": "Còn chưa chi",
    }
    for address, words in pages.items():
        page = client.get(address).content.decode()
        assert words in page and "Còn lại" not in page, address
    received = client.post("/vouchers/new/", {"project": project.pk, "direction": "in", "rows": "1"})
    assert "Còn chưa nhận sau chứng từ" in received.content.decode()
