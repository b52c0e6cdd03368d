"""The page of rights says just what the tables that enforce them say."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from khuyencong.accounts.models import Role, User
from projects.permissions import RIGHTS
from projects.workflow import PROJECT_TRANSITIONS, ROUND_TRANSITIONS

pytestmark = pytest.mark.django_db

EXPECTED = {
    **{f"right-{code}": right.roles for code, right in RIGHTS.items()},
    **{f"round-{name}": step.roles for name, step in ROUND_TRANSITIONS.items()},
    **{f"project-{name}": step.roles for name, step in PROJECT_TRANSITIONS.items()},
}


def page_of(client: Client, user: User) -> html.HtmlElement:
    client.force_login(user)
    return html.fromstring(client.get(reverse("projects:rights")).content.decode())


def row_text(page: html.HtmlElement, key: str) -> str:
    return " ".join(page.get_element_by_id(key).find("th").text_content().split())


def test_every_right_and_step_stands_there_with_exactly_its_roles(client: Client, observer: User) -> None:
    rows = page_of(client, observer).xpath("//tbody/tr")
    assert [row.get("id") for row in rows] == list(EXPECTED)
    for row in rows:
        cells = {cell.get("data-role"): cell.text_content() for cell in row.findall("td")}
        assert set(cells) == set(Role.values)
        allowed = {role for role, said in cells.items() if "được" in said}
        refused = {role for role, said in cells.items() if "không" in said}
        assert (allowed, refused) == (set(EXPECTED[row.get("id")]), set(Role.values) - allowed), row.get("id")


def test_a_step_says_from_where_to_where_with_what_and_by_whom_not(client: Client, centre_head: User) -> None:
    page = page_of(client, centre_head)
    returned = row_text(page, "round-return")
    assert "Đã gửi Sở → Trả lại bổ sung" in returned and "Phải có: lý do" in returned
    assert "Không được là: người đã thực hiện bước “Gửi Sở”" in returned
    rejected = row_text(page, "project-reject")
    assert "Phải có: lý do, văn bản" in rejected and "người lập đề án; người đã thực hiện bước “Gửi Sở”" in rejected
    assert "Phải có: số, ngày hợp đồng" in row_text(page, "project-contract")
    assert "Chỉ dành cho: Nhiệm vụ" in row_text(page, "project-start_task")
    assert "Chỉ dành cho" not in row_text(page, "project-start")
    assert "Phải có" not in row_text(page, "round-submit")


def test_own_roles_are_marked_in_words_too(client: Client, accountant: User, stranger: User) -> None:
    page = page_of(client, accountant)
    marked = {cell.get("data-role") for cell in page.xpath("//td[contains(@class, 'own')]")}
    assert marked == {"accountant"}
    heads = [" ".join(head.text_content().split()) for head in page.xpath("//thead//th[contains(@class, 'own')]")]
    assert set(heads) == {"Kế toán (vai trò của bạn)"}
    stranger.memberships.all().delete()
    page = page_of(client, User.objects.get(pk=stranger.pk))
    assert not page.find_class("own") and "chưa được giao" in page.text_content()


def test_who_is_refused_finds_the_page(client: Client, observer: User) -> None:
    client.force_login(observer)
    refused = client.get(reverse("projects:beneficiary_create"))
    assert refused.status_code == 403
    assert reverse("projects:rights") in refused.content.decode()
    assert reverse("projects:rights") in client.get(reverse("accounts:profile")).content.decode()


def test_nobody_reads_it_without_signing_in_and_nothing_is_posted(client: Client, observer: User) -> None:
    address = reverse("projects:rights")
    assert client.get(address).status_code == 302
    client.force_login(observer)
    assert client.post(address).status_code == 405
