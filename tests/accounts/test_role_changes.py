"""Roles given and taken stay as dated rows, a role that somebody gave themselves is told to others, and a person
without one reads whom to ask."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import Membership, RoleChange, User
from khuyencong.append_only import AppendOnlyError
from tests.accounts.pages import address, form_of
from tests.people import Tree, make_person

pytestmark = pytest.mark.django_db


def send(client: Client, user: User, data: dict[str, Any]) -> str:
    answer = client.post(address("user", "change", user.pk), data, follow=True)
    assert answer.redirect_chain, answer.content.decode()
    return answer.content.decode()


def test_role_taken_away_leaves_who_took_it_and_when(
    signed_in: Client, administrator: User, centre_staff: User, tree: Tree
) -> None:
    send(signed_in, centre_staff, form_of(centre_staff, takes=True))
    assert not centre_staff.memberships.exists()
    [row] = RoleChange.objects.of_person(centre_staff)
    assert (row.role, row.scope, row.is_given, row.actor) == ("centre_staff", tree.centre, False, administrator)
    send(signed_in, centre_staff, form_of(centre_staff, ("accountant", tree.centre.pk)))
    assert [(one.role, one.is_given) for one in RoleChange.objects.of_person(centre_staff)] == [
        ("accountant", True),
        ("centre_staff", False),
    ]
    page = signed_in.get(address("user", "change", centre_staff.pk)).content.decode()
    assert "ịch sử giao, thu hồi vai trò" in page and "Cán bộ Trung tâm" in page
    with pytest.raises(AppendOnlyError):
        row.delete()


def test_nothing_is_recorded_where_no_role_changed(signed_in: Client, centre_staff: User) -> None:
    send(signed_in, centre_staff, form_of(centre_staff) | {"employer": "Trung tâm"})
    assert not RoleChange.objects.exists()


def test_administrator_who_makes_himself_head_is_noticed(
    client: Client,
    signed_in: Client,
    administrator: User,
    department_head: User,
    centre_staff: User,
    tree: Tree,
    django_capture_on_commit_callbacks: Any,
) -> None:
    second = make_person(role="administrator", scope=tree.province, username="admin-2")
    User.objects.filter(pk=department_head.pk).update(email="lanh-dao@example.vn")
    User.objects.filter(pk=second.pk).update(email="admin-2@example.vn")
    with django_capture_on_commit_callbacks(execute=True):
        page = send(signed_in, administrator, form_of(administrator, ("department_head", tree.department.pk)))
    assert {one.to[0] for one in mail.outbox} == {"lanh-dao@example.vn", "admin-2@example.vn"}
    assert "tự giao cho mình vai trò: Lãnh đạo Sở" in mail.outbox[0].subject
    assert "Bạn vừa tự giao vai trò cho mình" in page and str(department_head) in page
    assert "Lãnh đạo Sở" in str(json.loads(LogEntry.objects.latest("pk").change_message))
    said = f"{administrator} tự giao cho mình vai trò “Lãnh đạo Sở”"
    for person, is_told in ((second, True), (department_head, True), (centre_staff, False), (administrator, False)):
        client.force_login(person)
        assert (said in client.get(reverse("projects:home")).content.decode()) == is_told


def test_role_given_to_another_is_no_alarm(
    signed_in: Client, centre_staff: User, department_head: User, tree: Tree, django_capture_on_commit_callbacks: Any
) -> None:
    User.objects.filter(pk=department_head.pk).update(email="lanh-dao@example.vn")
    with django_capture_on_commit_callbacks(execute=True):
        send(signed_in, centre_staff, form_of(centre_staff, ("centre_head", tree.centre.pk)))
    assert not mail.outbox and RoleChange.objects.count() == 1


def test_person_without_a_role_reads_whom_to_ask(client: Client, administrator: User) -> None:
    User.objects.filter(pk=administrator.pk).update(email="quan-tri@example.vn")
    newcomer = User.objects.create(username="moi", full_name="Người mới")
    client.force_login(newcomer)
    text = client.get(reverse("projects:home")).content.decode()
    assert "Chưa được phân vai trò" in text and "quan-tri@example.vn" in text
    assert "lập kế hoạch năm" not in text and "Không có việc nào đang chờ bạn" not in text
    Membership.objects.create(user=newcomer, scope=administrator.memberships.get().scope, role="observer")
    client.force_login(User.objects.get(pk=newcomer.pk))
    assert "Chưa được phân vai trò" not in client.get(reverse("projects:home")).content.decode()
