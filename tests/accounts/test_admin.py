"""The administrator keeps people and reference data within their own scope, and nothing beyond."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import Membership, Organisation, User
from programmes.models import AnnualPlan, SupportNorm
from tests.factories import MILLION, activity, decide, district, make_plan, make_project, requested_cells, submit_all
from tests.people import Tree, make_person

pytestmark = pytest.mark.django_db

READ_ONLY = {
    "annualplan",
    "planround",
    "decision",
    "allocationentry",
    "project",
    "beneficiary",
    "planline",
    "costline",
    "approvalentry",
    "progressreport",
    "statuschange",
    "projectrevision",
}
EDITABLE = {"regulation", "activitytype", "fundingsource", "supportnorm", "authority", "adminunit", "user", "organisation"}


@pytest.fixture
def signed_in(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


def address(model: str, page: str, *args: Any) -> str:
    app = next(m._meta.app_label for m in admin.site._registry if m._meta.model_name == model)
    return reverse(f"admin:{app}_{model}_{page}", args=args)


@pytest.mark.parametrize(
    "role", ["centre_staff", "centre_head", "accountant", "reviewer", "department_head", "observer"]
)
def test_only_administrators_enter(request: pytest.FixtureRequest, client: Client, role: str) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get(address("user", "changelist")).status_code == 302


def test_registered_models_are_those_of_the_table() -> None:
    assert {model._meta.model_name for model in admin.site._registry} == READ_ONLY | EDITABLE


@pytest.fixture
def year(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    decide(plan=plan, by=department_head, assigned={"KCDP": 60 * MILLION}, approved=requested_cells(plan))
    return plan


def test_each_list_opens_and_life_cycles_are_read_only(signed_in: Client, year: AnnualPlan) -> None:
    for model in sorted(READ_ONLY | EDITABLE):
        assert signed_in.get(address(model, "changelist")).status_code == 200, model
        expected = 403 if model in READ_ONLY else 200
        assert signed_in.get(address(model, "add")).status_code == expected, model
        assert signed_in.post(address(model, "add"), {}).status_code == expected, model


def test_read_only_rows_open_and_refuse_a_change(signed_in: Client, year: AnnualPlan) -> None:
    change = address("annualplan", "change", year.pk)
    assert signed_in.get(change).status_code == 200
    assert signed_in.post(change, {"year": 2007}).status_code == 403
    assert signed_in.post(address("annualplan", "delete", year.pk), {"post": "yes"}).status_code == 403
    year.refresh_from_db()
    assert year.year == 2006


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


def test_administrator_gives_a_role_inside_the_scope_only(
    signed_in: Client, tree: Tree, stranger: User
) -> None:
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
    assert "không tự bỏ quyền quản trị" in response.content.decode()
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
    assert Membership.objects.filter(user=lan, role="accountant", scope=tree.centre).count() <= 1


def test_norms_of_another_province_are_not_there(signed_in: Client, tree: Tree, stranger: User) -> None:
    common = {
        "regulation": activity().regulation,
        "clause": "Điều 1",
        "funding_level": "city",
        "activity_type": activity(),
        "unit": "cơ sở",
        "max_percent": 50,
        "effective_from": "2020-01-01",
    }
    other = Organisation.objects.get(code="quang-ninh")
    SupportNorm.objects.create(code="mine", item="Mức của ta", province=tree.province, **common)
    SupportNorm.objects.create(code="theirs", item="Mức tỉnh khác", province=other, **common)
    SupportNorm.objects.create(code="all", item="Mức chung", **common)
    page = signed_in.get(address("supportnorm", "changelist")).content.decode()
    assert "Mức của ta" in page and "Mức chung" in page and "Mức tỉnh khác" not in page


def test_units_are_found_without_marks(signed_in: Client) -> None:

    district()
    district("314", "Huyện Kiến Thụy")
    page = signed_in.get(address("adminunit", "changelist"), {"q": "tien lang"}).content.decode()
    assert "Huyện Tiên Lãng" in page and "Kiến Thụy" not in page


def test_administrator_of_one_centre_reads_only_its_people(client: Client, tree: Tree, observer: User) -> None:
    local = make_person(role="administrator", scope=tree.centre, username="local")
    client.force_login(local)
    page = client.get(address("user", "changelist")).content.decode()
    assert ">local</a>" in page and ">observer</a>" not in page
