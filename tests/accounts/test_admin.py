"""The administrator keeps people and reference data within their own scope, and nothing beyond."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import Membership, Organisation, User
from programmes.models import AnnualPlan, Authority, DecisionDocument, FundingSource, SupportNorm
from projects.models import Beneficiary, PersonalNumber, ProgressReport
from tests.factories import MILLION, activity, decide, district, make_plan, make_project, requested_cells, submit_all
from tests.people import PASSWORD, Tree, make_person, make_tree

pytestmark = pytest.mark.django_db

READ_ONLY = {
    "annualplan",
    "planround",
    "decision",
    "decisiondocument",
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


def registered(name: str) -> Any:
    return next(model for model in admin.site._registry if model._meta.model_name == name)


def address(model: str, page: str, *args: Any) -> str:
    return reverse(f"admin:{registered(model)._meta.app_label}_{model}_{page}", args=args)


@pytest.mark.parametrize(
    ("role", "enters"),
    [
        ("centre_staff", False),
        ("centre_head", False),
        ("accountant", False),
        ("reviewer", False),
        ("department_head", False),
        ("observer", False),
        ("stranger", False),
        ("administrator", True),
    ],
)
def test_only_administrators_enter(request: pytest.FixtureRequest, client: Client, role: str, enters: bool) -> None:
    client.force_login(request.getfixturevalue(role))
    for page in (reverse("admin:index"), address("user", "changelist"), address("regulation", "add")):
        response = client.get(page, follow=True)
        assert response.status_code == (200 if enters else 403), page
    assert (reverse("admin:index") in client.get("/").content.decode()) == enters, "the link in the navigation"


def test_visitor_is_sent_to_the_sites_own_sign_in(client: Client) -> None:
    for page in (reverse("admin:index"), f"{reverse('admin:login')}?next=/admin/"):
        assert client.get(page, follow=True).redirect_chain[-1][0] == "/accounts/login/?next=/admin/"
    posted = client.post(reverse("admin:login"), {"username": "a", "password": "b"})
    assert posted.url == "/accounts/login/?next=/admin/"


def test_administrator_signs_in_on_the_way_to_the_admin(client: Client, administrator: User) -> None:
    response = client.post("/accounts/login/", {"username": "administrator", "password": PASSWORD, "next": "/admin/"})
    assert response.url == "/admin/" and not administrator.is_staff
    assert client.get(reverse("admin:login")).url == "/admin/"


def test_administrator_whose_account_or_role_ended_does_not_enter(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    administrator.memberships.all().delete()
    assert client.get(reverse("admin:index"), follow=True).status_code == 403
    User.objects.filter(pk=administrator.pk).update(is_active=False)
    assert client.get(reverse("admin:index"), follow=True).redirect_chain[-1][0] == "/accounts/login/?next=/admin/"


def test_registered_models_are_those_of_the_table() -> None:
    assert {model._meta.model_name for model in admin.site._registry} == READ_ONLY | EDITABLE


def lived_year(centre: Organisation, number: int, people: tuple[User, User, User]) -> AnnualPlan:
    """A row of each kind that is only looked at, for that year."""
    staff, head, department_head = people
    plan = make_plan(organisation=centre, year=number)
    project = make_project(plan=plan, by=staff, name=f"Đề án năm {number}")
    submit_all(plan=plan, by=head)
    letter = {"number": f"{number}/UBND-CN", "on": dt.date(number, 6, 16)}
    assigned = {"KCDP": 60 * MILLION}
    decision = decide(plan=plan, by=department_head, assigned=assigned, approved=requested_cells(plan), **letter)
    scan = SimpleUploadedFile("a.pdf", b"%PDF-1.4")
    DecisionDocument.objects.create(decision=decision, file=scan, uploaded_by=department_head)
    ProgressReport.objects.create(
        project=project, month=dt.date(number, 9, 1), percent=40, is_on_schedule=True, reported_by=staff
    )
    Beneficiary.objects.create(province=centre.province(), name=f"HTX Lật Dương {number}", type="cooperative")
    return plan


@pytest.fixture
def year(tree: Tree, centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    return lived_year(tree.centre, 2006, (centre_staff, centre_head, department_head))


def test_each_list_opens_and_life_cycles_are_read_only(signed_in: Client, year: AnnualPlan) -> None:
    for model in sorted(READ_ONLY | EDITABLE):
        assert signed_in.get(address(model, "changelist")).status_code == 200, model
        expected = 403 if model in READ_ONLY else 200
        assert signed_in.get(address(model, "add")).status_code == expected, model
        assert signed_in.post(address(model, "add"), {}).status_code == expected, model


def test_read_only_rows_open_and_refuse_every_change(signed_in: Client, year: AnnualPlan) -> None:
    for name in sorted(READ_ONLY):
        row = registered(name).objects.order_by("pk").first()
        assert row is not None, name
        change, delete = address(name, "change", row.pk), address(name, "delete", row.pk)
        assert signed_in.get(change).status_code == 200, name
        assert signed_in.post(change, {"year": 2007}).status_code == 403, name
        assert signed_in.post(delete, {"post": "yes"}).status_code == 403, name
        assert registered(name).objects.filter(pk=row.pk).exists(), name
    year.refresh_from_db()
    assert year.year == 2006


@pytest.mark.parametrize("name", sorted(READ_ONLY))
def test_life_cycles_of_another_province_are_not_there(client: Client, year: AnnualPlan, name: str) -> None:
    foreign = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22").province
    client.force_login(make_person(role="administrator", scope=foreign, username="foreign"))
    page = client.get(address(name, "changelist"))
    assert page.status_code == 200 and page.context["cl"].result_count == 0
    row = registered(name).objects.order_by("pk").first()
    assert client.get(address(name, "change", row.pk)).status_code == 302


@pytest.mark.parametrize("name", sorted(READ_ONLY))
def test_lists_ask_as_often_for_many_rows_as_for_few(
    signed_in: Client, year: AnnualPlan, centre_staff: User, centre_head: User, department_head: User, name: str
) -> None:
    page = address(name, "changelist")
    signed_in.get(page)
    with CaptureQueriesContext(connection) as few:
        before = signed_in.get(page).context["cl"].result_count
    for number in (2007, 2008):
        lived_year(year.organisation, number, (centre_staff, centre_head, department_head))
    with CaptureQueriesContext(connection) as many:
        assert signed_in.get(page).context["cl"].result_count > before
    assert len(many) == len(few)


def test_personal_numbers_are_shown_nowhere(signed_in: Client, year: AnnualPlan) -> None:
    one = Beneficiary.objects.get()
    PersonalNumber.objects.create(beneficiary=one, number="031199000123")
    for page in (address("beneficiary", "changelist"), address("beneficiary", "change", one.pk)):
        assert "031199000123" not in signed_in.get(page).content.decode()


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
    assert signed_in.post(page, {"password1": "một mật khẩu dài", "password2": "một mật khẩu dài"}).status_code == 302
    centre_staff.refresh_from_db()
    assert centre_staff.check_password("một mật khẩu dài")


def test_account_shared_with_another_scope_keeps_its_password_and_name(client: Client, tree: Tree) -> None:
    """Whoever could set the password of a Department head who helps at the Centre would become one."""
    client.force_login(make_person(role="administrator", scope=tree.centre, username="local"))
    shared = make_person(role="department_head", scope=tree.department, username="shared")
    here = Membership.objects.create(user=shared, scope=tree.centre, role="observer")
    password = reverse("admin:auth_user_password_change", args=[shared.pk])
    assert client.get(password).status_code == 403
    assert client.post(password, {"password1": "x" * 20, "password2": "x" * 20}).status_code == 403
    change = address("user", "change", shared.pk)
    page = client.get(change).content.decode()
    assert shared.password not in page and "argon2" not in page and "Lãnh đạo Sở, Sở Công Thương" not in page
    stays = {"memberships-INITIAL_FORMS": "1", "memberships-0-id": str(here.pk), "memberships-0-role": "accountant"}
    data = person_form(shared, username="mine", email="me@example.org", **stays)
    del data["is_active"]
    assert client.post(change, data | {"memberships-0-scope": str(tree.centre.pk)}).status_code == 302
    shared.refresh_from_db()
    assert shared.username == "shared" and shared.email == "" and shared.is_active and shared.check_password(PASSWORD)
    assert set(shared.memberships.values_list("role", flat=True)) == {"department_head", "accountant"}


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


def shown(client: Client, name: str, **query: str) -> set[str]:
    return {str(row) for row in client.get(address(name, "changelist"), query).context["cl"].queryset}


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
    data = {"code": "moi", "kind": kind, "name": "Đơn vị mới", "former_names-TOTAL_FORMS": "0"}
    data |= {"parent": str(Organisation.objects.get(code=parent).pk) if parent else "", "former_names-INITIAL_FORMS": "0"}
    assert signed_in.post(address("organisation", "add"), data).status_code == status
    assert Organisation.objects.filter(code="moi").exists() == (status == 302)


def test_organisation_is_renamed_but_stays_where_it_hangs(signed_in: Client, tree: Tree) -> None:
    data = {"code": "khac", "kind": "department", "parent": str(tree.province.pk), "name": "Trung tâm mới"}
    data |= {"former_names-TOTAL_FORMS": "0", "former_names-INITIAL_FORMS": "0"}
    assert signed_in.post(address("organisation", "change", tree.centre.pk), data).status_code == 302
    centre = Organisation.objects.get(pk=tree.centre.pk)
    assert (centre.name, centre.code, centre.kind) == ("Trung tâm mới", tree.centre.code, "centre")
    assert centre.parent == tree.department


def test_superuser_sees_all(client: Client, administrator: User, stranger: User) -> None:
    client.force_login(User.objects.create(username="root", full_name="Root", is_superuser=True))
    assert shown(client, "user") == {"Root", "Hoàng Anh Tuấn", "Người tỉnh khác"}
    assert len(shown(client, "organisation")) == 6


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
    hidden = SupportNorm.objects.get(code="theirs")
    assert signed_in.get(address("supportnorm", "change", hidden.pk)).status_code == 302


def test_authorities_of_another_province_are_not_there(signed_in: Client, tree: Tree, stranger: User) -> None:
    for code, province in (("mine", tree.province), ("theirs", Organisation.objects.get(code="quang-ninh")), ("all", None)):
        Authority.objects.create(code=code, name=code, level="city", province=province)
    assert shown(signed_in, "authority") == {"mine", "all"}
    data = {"code": "new", "name": "Mới", "level": "city", "province": str(Organisation.objects.get(code="quang-ninh").pk)}
    assert signed_in.post(address("authority", "add"), data).status_code == 200
    assert not Authority.objects.filter(code="new").exists()


def test_code_is_typed_once(signed_in: Client) -> None:
    data = {"code": "KC", "name": "Nguồn mới", "short_name": "KC", "level": "other", "position": "9"}
    assert signed_in.post(address("fundingsource", "add"), data).status_code == 302
    source = FundingSource.objects.get(code="KC")
    data |= {"code": "KHAC2", "name": "Nguồn đổi tên"}
    assert signed_in.post(address("fundingsource", "change", source.pk), data).status_code == 302
    source.refresh_from_db()
    assert (source.code, source.name) == ("KC", "Nguồn đổi tên")


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
