"""People, roles and organisations: each administrator within their scope, and no way up from there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import Membership, Organisation, User
from tests.accounts.pages import address, registered, shown
from tests.people import PASSWORD, Tree, make_person

pytestmark = pytest.mark.django_db

NO_SIGNERS = {"signers-TOTAL_FORMS": "0", "signers-INITIAL_FORMS": "0"}


def person_form(user: User, **changes: Any) -> dict[str, Any]:
    return {
        "username": user.username,
        "full_name": user.full_name,
        "email": "",
        "employer": "",
        "is_active": "on",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-user": str(user.pk),
    } | changes


def test_administrator_gives_a_role_inside_the_scope_only(signed_in: Client, tree: Tree, stranger: User) -> None:
    newcomer = User.objects.create(username="moi", full_name="Người mới")
    change = address("user", "change", newcomer.pk)
    role = {"memberships-0-role": "centre_staff"}
    outside = Organisation.objects.get(code="trung-tam-quang-ninh").pk
    refused = signed_in.post(change, person_form(newcomer, **role, **{"memberships-0-scope": str(outside)}))
    assert refused.status_code == 200 and not newcomer.memberships.exists()
    given = signed_in.post(change, person_form(newcomer, **role, **{"memberships-0-scope": str(tree.centre.pk)}))
    assert given.status_code == 302
    assert newcomer.memberships.get().scope == tree.centre


def test_people_of_another_scope_and_superusers_are_not_there(signed_in: Client, stranger: User) -> None:
    root = User.objects.create(username="root", full_name="Root", is_superuser=True)
    page = signed_in.get(address("user", "changelist")).content.decode()
    assert "administrator" in page and "stranger" not in page and ">root<" not in page
    for hidden in (stranger, root):
        assert signed_in.get(address("user", "change", hidden.pk)).status_code == 302
        assert signed_in.post(address("user", "change", hidden.pk), person_form(hidden)).status_code == 302
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    assert signed_in.post(password, {"password1": "x" * 20, "password2": "x" * 20}).status_code in (302, 403, 404)
    root.refresh_from_db()
    assert not root.check_password("x" * 20)


def test_nobody_becomes_superuser_through_the_form(signed_in: Client, centre_staff: User) -> None:
    data = person_form(centre_staff, is_superuser="on", is_staff="on")
    data |= {"memberships-INITIAL_FORMS": "1", "memberships-0-id": str(centre_staff.memberships.get().pk)}
    membership = centre_staff.memberships.get()
    data |= {"memberships-0-scope": str(membership.scope_id), "memberships-0-role": "centre_staff"}
    assert signed_in.post(address("user", "change", centre_staff.pk), data).status_code == 302
    centre_staff.refresh_from_db()
    assert not centre_staff.is_superuser and not centre_staff.is_staff


def test_own_administration_is_not_given_up_by_mistake(signed_in: Client, administrator: User) -> None:
    membership = administrator.memberships.get()
    data = person_form(administrator) | {
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": str(membership.pk),
        "memberships-0-scope": str(membership.scope_id),
        "memberships-0-role": "administrator",
        "memberships-0-DELETE": "on",
    }
    data.pop("is_active")
    response = signed_in.post(address("user", "change", administrator.pk), data)
    assert "không thể tự bỏ quyền quản trị" in response.content.decode()
    administrator.refresh_from_db()
    assert administrator.is_active and administrator.memberships.count() == 1


def test_new_person_is_added_with_a_password_and_a_role(signed_in: Client, tree: Tree) -> None:
    data = {
        "username": "lan",
        "full_name": "Nguyễn Thị Lan",
        "email": "",
        "employer": "",
        "password1": "một mật khẩu dài",
        "password2": "một mật khẩu dài",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-role": "accountant",
        "memberships-0-scope": str(tree.centre.pk),
    }
    response = signed_in.post(address("user", "add"), data)
    assert response.status_code == 302, response.content.decode()
    lan = User.objects.get(username="lan")
    assert lan.check_password("một mật khẩu dài")
    membership = Membership.objects.get(user=lan)
    assert membership.role == "accountant" and membership.scope == tree.centre


@pytest.mark.parametrize(("first", "second"), [("", ""), ("ngắn", "ngắn"), ("một mật khẩu dài", "khác")])
def test_new_person_needs_a_good_password(signed_in: Client, tree: Tree, first: str, second: str) -> None:
    data = {"username": "lan", "full_name": "Nguyễn Thị Lan", "password1": first, "password2": second}
    data |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    assert signed_in.post(address("user", "add"), data).status_code == 200
    assert not User.objects.filter(username="lan").exists()


def test_password_of_ones_own_people_is_set_and_never_switched_off(signed_in: Client, centre_staff: User) -> None:
    page = reverse("admin:auth_user_password_change", args=[centre_staff.pk])
    assert "unset-password" not in signed_in.get(page).content.decode()
    for data in ({"unset-password": "1", "usable_password": "false"}, {"password1": "ngắn", "password2": "ngắn"}):
        assert signed_in.post(page, data).status_code == 200
        centre_staff.refresh_from_db()
        assert centre_staff.check_password(PASSWORD)
    switched_off = {"unset-password": "1", "usable_password": "false"}
    new = {"password1": "một mật khẩu dài", "password2": "một mật khẩu dài"}
    assert signed_in.post(page, new | switched_off).status_code == 302
    centre_staff.refresh_from_db()
    assert centre_staff.check_password("một mật khẩu dài")


def test_account_shared_with_another_scope_keeps_its_password_and_name(client: Client, tree: Tree) -> None:
    """Whoever could set the password of a reviewer who helps at the Centre would become one."""
    client.force_login(make_person(role="administrator", scope=tree.centre, username="local"))
    shared = make_person(role="reviewer", scope=tree.department, username="shared")
    here = Membership.objects.create(user=shared, scope=tree.centre, role="observer")
    password = reverse("admin:auth_user_password_change", args=[shared.pk])
    assert client.get(password).status_code == 403
    assert client.post(password, {"password1": "x" * 20, "password2": "x" * 20}).status_code == 403
    change = address("user", "change", shared.pk)
    page = client.get(change).content.decode()
    assert shared.password not in page and "argon2" not in page and "Chuyên viên Sở, Sở Công Thương" not in page
    stays = {"memberships-INITIAL_FORMS": "1", "memberships-0-id": str(here.pk), "memberships-0-role": "accountant"}
    data = person_form(shared, username="mine", email="me@example.org", **stays)
    del data["is_active"]
    assert client.post(change, data | {"memberships-0-scope": str(tree.centre.pk)}).status_code == 302
    shared.refresh_from_db()
    assert shared.username == "shared" and shared.email == "" and shared.is_active and shared.check_password(PASSWORD)
    assert set(shared.memberships.values_list("role", flat=True)) == {"reviewer", "accountant"}


def test_role_of_another_scope_is_neither_taken_over_nor_taken_away(signed_in: Client, stranger: User) -> None:
    foreign = stranger.memberships.get()
    newcomer = User.objects.create(username="moi", full_name="Người mới")
    data = person_form(newcomer) | {"memberships-INITIAL_FORMS": "1", "memberships-0-id": str(foreign.pk)}
    data |= {"memberships-0-scope": str(foreign.scope_id), "memberships-0-role": "administrator"}
    for extra in ({}, {"memberships-0-DELETE": "on"}):
        signed_in.post(address("user", "change", newcomer.pk), data | extra)
        foreign.refresh_from_db()
        assert foreign.user == stranger and foreign.role == "centre_staff"


def test_same_role_twice_is_refused(signed_in: Client, tree: Tree) -> None:
    newcomer = User.objects.create(username="moi", full_name="Người mới")
    data = person_form(newcomer) | {"memberships-TOTAL_FORMS": "2", "memberships-1-user": str(newcomer.pk)}
    for row in (0, 1):
        data |= {f"memberships-{row}-scope": str(tree.centre.pk), f"memberships-{row}-role": "observer"}
    assert signed_in.post(address("user", "change", newcomer.pk), data).status_code == 200
    assert not newcomer.memberships.exists()


def test_nobody_is_deleted(signed_in: Client, centre_staff: User, tree: Tree) -> None:
    for name, row in (("user", centre_staff), ("organisation", tree.centre)):
        assert signed_in.post(address(name, "delete", row.pk), {"post": "yes"}).status_code == 403
        data = {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"}
        signed_in.post(address(name, "changelist"), data)
        assert registered(name).objects.filter(pk=row.pk).exists()


def test_organisations_are_those_of_the_scope(client: Client, tree: Tree, stranger: User) -> None:
    local = make_person(role="administrator", scope=tree.centre, username="local")
    Membership.objects.create(user=local, scope=tree.department, role="observer")
    client.force_login(local)
    assert shown(client, "organisation") == {tree.department.name, tree.centre.name}
    read_only = address("organisation", "change", tree.department.pk)
    assert client.get(read_only).status_code == 200
    assert client.post(read_only, {"name": "Sở khác"}).status_code == 403
    assert client.get(address("organisation", "change", tree.province.pk)).status_code == 302


@pytest.mark.parametrize(
    ("kind", "parent", "status"),
    [("centre", "so-cong-thuong-hai-phong", 302), ("centre", "quang-ninh", 200), ("province", "", 200)],
)
def test_organisation_is_added_below_ones_own(
    signed_in: Client, stranger: User, kind: str, parent: str, status: int
) -> None:
    data = {"code": "moi", "kind": kind, "name": "Đơn vị mới", "former_names-TOTAL_FORMS": "0"} | NO_SIGNERS
    data |= {
        "parent": str(Organisation.objects.get(code=parent).pk) if parent else "",
        "former_names-INITIAL_FORMS": "0",
    }
    assert signed_in.post(address("organisation", "add"), data).status_code == status
    assert Organisation.objects.filter(code="moi").exists() == (status == 302)


def test_organisation_is_renamed_but_stays_where_it_hangs(signed_in: Client, tree: Tree) -> None:
    data = {
        "code": "khac",
        "kind": "department",
        "parent": str(tree.province.pk),
        "name": "Trung tâm mới",
        "is_slip": "on",
    }
    data |= {"former_names-TOTAL_FORMS": "0", "former_names-INITIAL_FORMS": "0"} | NO_SIGNERS
    assert signed_in.post(address("organisation", "change", tree.centre.pk), data).status_code == 302
    centre = Organisation.objects.get(pk=tree.centre.pk)
    assert (centre.name, centre.code, centre.kind) == ("Trung tâm mới", tree.centre.code, "centre")
    assert centre.parent == tree.department


def test_superuser_sees_all(client: Client, administrator: User, stranger: User) -> None:
    client.force_login(User.objects.create(username="root", full_name="Root", is_superuser=True))
    assert shown(client, "user") == {"Root", "Hoàng Anh Tuấn", "Người tỉnh khác"}
    assert len(shown(client, "organisation")) == 6


def test_administrator_of_one_centre_reads_only_its_people(client: Client, tree: Tree, observer: User) -> None:
    local = make_person(role="administrator", scope=tree.centre, username="local")
    client.force_login(local)
    page = client.get(address("user", "changelist")).content.decode()
    assert ">local</a>" in page and ">observer</a>" not in page
