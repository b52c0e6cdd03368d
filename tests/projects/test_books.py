"""The books of a year are closed, and opened again for a reason; the page says who, when and why."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, BooksChange
from projects.services.books import close_books, reopen_books
from tests.factories import make_plan
from tests.people import Tree
from tests.projects.attempts import code_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    return make_plan(organisation=tree.centre)


def test_closed_too_early_they_are_opened_again(
    client: Client, plan: AnnualPlan, department_head: User, centre_staff: User
) -> None:
    client.force_login(department_head)
    address = reverse("projects:plan_books", args=[plan.pk])
    assert address in client.get(plan.get_absolute_url()).content.decode()
    silent = client.post(address, {"step": "close", "reason": " "})
    assert silent.status_code == 422 and not BooksChange.objects.exists()
    assert client.post(address, {"step": "close", "reason": "Đã quyết toán năm"}).status_code == 302
    twice = client.post(address, {"step": "close", "reason": "Đã quyết toán năm"}, follow=True)
    assert "đã khóa sổ" in twice.content.decode()
    assert 'value="Đã quyết toán năm"' not in twice.content.decode(), "no third press opens them with these words"
    assert AnnualPlan.objects.get().is_closed and BooksChange.objects.count() == 1
    client.force_login(centre_staff)
    page = client.get(address).content.decode()
    assert "Đã quyết toán năm" in page and str(department_head) in page and "<form method" not in page.split("<main")[1]
    assert client.post(address, {"step": "reopen", "reason": "Còn sót"}).status_code == 403
    client.force_login(department_head)
    assert client.post(address, {"step": "reopen", "reason": "Còn sót chứng từ"}).status_code == 302
    page = client.get(address).content.decode()
    assert "Còn sót chứng từ" in page and "Đã quyết toán năm" in page
    assert not AnnualPlan.objects.get().is_closed


def test_what_can_not_be_closed_or_opened(
    plan: AnnualPlan, tree: Tree, centre_head: User, department_head: User
) -> None:
    close = partial(close_books, plan=plan, reason="Hết năm")
    assert code_of(partial(close, actor=centre_head)) == "not_allowed"
    assert code_of(partial(close_books, plan=plan, reason=" ", actor=department_head)) == "no_reason"
    to_come = make_plan(organisation=tree.centre, year=dt.date.today().year + 1)
    assert code_of(partial(close_books, plan=to_come, reason="Hết năm", actor=department_head)) == "hindered"
    opened = partial(reopen_books, plan=plan, reason="Còn sót", actor=department_head)
    assert code_of(opened) == "hindered", "they are open"
    close(actor=department_head)
    assert code_of(partial(close, actor=department_head)) == "hindered"
    assert code_of(partial(reopen_books, plan=plan, reason="", actor=department_head)) == "no_reason"
    assert code_of(opened) == "done"
