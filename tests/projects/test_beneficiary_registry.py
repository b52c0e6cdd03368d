"""One registry for each province: who keeps it, what it adds up, and what happens when two people write at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import Membership, User
from programmes.models import AdminUnit
from projects.forms.beneficiary import BeneficiaryForm
from projects.models import Beneficiary, PersonalNumber, Project, Support
from tests.factories import approved_project, make_plan, make_project
from tests.people import Tree
from tests.sent import fields_of
from tests.there import there

pytestmark = pytest.mark.django_db

LIST, NEW = "projects:beneficiary_list", "projects:beneficiary_create"


@pytest.fixture
def household(tree: Tree) -> Beneficiary:
    """A household business known by its owner's number."""
    one = Beneficiary.objects.create(province=tree.province, name="Hộ kinh doanh Minh An", type="household")
    PersonalNumber.objects.create(beneficiary=one, number="031085001234")
    return one


@pytest.fixture
def approved(centre_staff: User, centre_head: User, department_head: User) -> Project:
    """A project with 60 triệu of city money."""
    return approved_project(staff=centre_staff, head=centre_head, department=department_head)


def edit(beneficiary: Beneficiary) -> str:
    return reverse("projects:beneficiary_edit", args=[beneficiary.pk])


def typed(beneficiary: Beneficiary, **changes: str) -> dict[str, str]:
    """What the form of that establishment posts when nothing is touched."""
    stored = Beneficiary.objects.get(pk=beneficiary.pk)
    form = BeneficiaryForm(instance=stored, province=stored.province)
    hidden = {name: str(form[name].value()) for name in ("version", "base")}
    data = {"name": stored.name, "type": stored.type, "tax_code": stored.shown_tax_code}
    return {**data, **hidden, "unit": str(stored.unit or ""), **changes}


def test_who_writes_elsewhere_and_only_reads_here_changes_nothing_here(
    client: Client, stranger: User, household: Beneficiary, tree: Tree
) -> None:
    Membership.objects.create(user=stranger, scope=tree.province, role="observer")
    client.force_login(stranger)
    page = client.get(household.get_absolute_url())
    assert page.status_code == 200 and edit(household) not in page.content.decode()
    assert client.get(edit(household)).status_code == client.post(edit(household), typed(household)).status_code == 403
    client.post(reverse(NEW), {"name": "Cơ sở mới", "type": "other"})
    assert Beneficiary.objects.get(name="Cơ sở mới").province.code == "quang-ninh"


def test_who_keeps_two_registries_says_which(client: Client, stranger: User, tree: Tree) -> None:
    Membership.objects.create(user=stranger, scope=tree.centre, role="centre_staff")
    client.force_login(stranger)
    address = f"{reverse(NEW)}?province={tree.province.pk}"
    page = client.get(address).content.decode()
    assert "Thành phố Hải Phòng" in page and "Thành phố Quảng Ninh" in page
    client.post(address, {"name": "Cơ sở mới", "type": "other"})
    assert Beneficiary.objects.get().province == tree.province


def test_same_personal_number_names_who_has_it(client: Client, centre_staff: User, household: Beneficiary) -> None:
    client.force_login(centre_staff)
    data = {"name": "Hộ khác", "type": "household", "tax_code": "031085001234"}
    page = client.post(reverse(NEW), data).content.decode()
    assert f'<a href="{household.get_absolute_url()}" target="_blank">Hộ kinh doanh Minh An</a>' in page
    assert Beneficiary.objects.count() == 1


def test_same_code_is_free_in_another_province(client: Client, stranger: User, household: Beneficiary) -> None:
    client.force_login(stranger)
    data = {"name": "Hộ khác", "type": "household", "tax_code": "031085001234"}
    assert client.post(reverse(NEW), data).status_code == 302


def test_renaming_to_a_known_name_asks_first(
    client: Client, centre_staff: User, household: Beneficiary, tree: Tree
) -> None:
    other = Beneficiary.objects.create(province=tree.province, name="HTX Lật Dương", type="cooperative")
    client.force_login(centre_staff)
    changed = typed(household, name="htx lat duong")
    page = client.post(edit(household), changed).content.decode()
    assert "Vẫn dùng tên này" in page and other.get_absolute_url() in page
    assert client.post(edit(household), changed | {"is_another": "on"}).status_code == 302
    household.refresh_from_db()
    assert client.post(edit(household), typed(household, phone="0225 123")).status_code == 302


def test_number_changed_by_another_is_merged_or_a_conflict_and_never_shown(
    client: Client, centre_staff: User, household: Beneficiary
) -> None:
    with_phone, with_number = typed(household, phone="0225 222"), typed(household, tax_code="031285001111")
    client.force_login(centre_staff)
    assert client.post(edit(household), typed(household, tax_code="031185009876")).status_code == 302
    merged = client.post(edit(household), with_phone, follow=True)
    assert merged.status_code == 200 and "031185009876" not in merged.content.decode()
    assert Beneficiary.objects.get().phone == "0225 222"
    assert PersonalNumber.objects.get().number == "031185009876"
    conflict = client.post(edit(household), with_number)
    page = conflict.content.decode()
    assert conflict.status_code == 409
    assert "031…876" in page and "031…234" in page and "031185009876" not in page
    assert client.post(edit(household), fields_of(conflict) | {"choice-0": "theirs"}).status_code == 302
    assert PersonalNumber.objects.get().number == "031185009876"
    assert client.post(edit(household), fields_of(conflict) | {"choice-0": "mine"}).status_code == 302
    assert PersonalNumber.objects.get().number == "031285001111"


def test_wrong_code_is_said_when_typed_and_stays_visible(
    client: Client, centre_staff: User, household: Beneficiary
) -> None:
    client.force_login(centre_staff)
    warning = "Mã số thuế có vẻ sai (chữ số kiểm tra không khớp)"
    first = client.post(edit(household), typed(household, tax_code="0100109107"), follow=True).content.decode()
    assert first.count(warning) == 2, "as a message and beside the code"
    household = Beneficiary.objects.get()
    again = client.post(edit(household), typed(household), follow=True).content.decode()
    assert again.count(warning) == 1, "beside the code"


def test_units_that_differ_by_a_mark_are_told_apart(client: Client, centre_staff: User, household: Beneficiary) -> None:
    grave = AdminUnit.objects.create(code="10903", name="Xã Cẩm Giàng", kind="commune")
    AdminUnit.objects.create(code="10888", name="Xã Cẩm Giang", kind="commune")
    client.force_login(centre_staff)
    assert "10903" in client.post(edit(household), typed(household, unit="cam giang")).content.decode()
    assert client.post(edit(household), typed(household, unit="Xã Cẩm Giàng")).status_code == 302
    household = Beneficiary.objects.get()
    assert household.unit == grave
    assert client.post(edit(household), typed(household, address="Thôn 1")).status_code == 302


def test_money_is_that_of_the_visible_projects_on_list_and_page_alike(
    client: Client, centre_staff: User, stranger: User, household: Beneficiary, approved: Project
) -> None:
    draft = make_project(plan=there(approved.latest_plan()), by=centre_staff, name="Đề án đang lập")
    elsewhere = make_project(plan=make_plan(organisation=stranger.memberships.get().scope), by=stranger)
    for project in (approved, draft, elsewhere):
        Support.objects.create(project=project, beneficiary=household)
    client.force_login(centre_staff)
    link = f'<a href="{household.get_absolute_url()}#support">'
    listed = client.get(reverse(LIST)).content.decode()
    assert f"{link}2</a>" in listed and f"{link}60</a>" in listed
    page = client.get(household.get_absolute_url()).content.decode()
    assert "Tổng cộng · 2 đề án" in page and "Đào tạo, truyền nghề" in page and "chung cho 2 đơn vị, nhóm" in page


def test_nothing_approved_prints_a_dash_and_comes_last(
    client: Client, centre_staff: User, household: Beneficiary, approved: Project, tree: Tree
) -> None:
    Support.objects.create(project=approved, beneficiary=household)
    Beneficiary.objects.create(province=tree.province, name="An Dương", type="other")
    client.force_login(centre_staff)
    for sort in ("approved", "-approved"):
        page = client.get(reverse(LIST), {"sort": sort}).content.decode()
        assert page.index("Minh An") < page.index("An Dương"), sort
    assert '#support">–</a>' in page


def test_suggested_name_carries_the_code_where_the_name_is_not_enough(
    client: Client, centre_staff: User, tree: Tree
) -> None:
    for name, code in (("Công ty Hoa Mai", "0100109106"), ("CÔNG TY HOA MAI", "0200000385"), ("Hoa Mai 2", "")):
        Beneficiary.objects.create(province=tree.province, name=name, type="enterprise", tax_code=code)
    client.force_login(centre_staff)
    page = client.get(reverse("projects:beneficiary_suggest"), {"q": "hoa mai"}).content.decode()
    for option in ("Công ty Hoa Mai 0100109106", "CÔNG TY HOA MAI 0200000385", "Hoa Mai 2"):
        assert f'value="{option}"' in page


@pytest.mark.parametrize(("name", "limit"), [("list", 12), ("page", 15)])
def test_queries_do_not_grow_with_the_rows(
    client: Client,
    centre_staff: User,
    household: Beneficiary,
    tree: Tree,
    name: str,
    limit: int,
    django_assert_max_num_queries: Any,
) -> None:
    plan = make_plan(organisation=tree.centre)
    address = reverse(LIST) if name == "list" else household.get_absolute_url()
    client.force_login(centre_staff)
    taken = []
    for start, stop in ((0, 5), (5, 50)):
        for index in range(start, stop):
            project = make_project(plan=plan, by=centre_staff, name=f"Đề án {index}")
            other = Beneficiary.objects.create(province=tree.province, name=f"Hộ {index}", type="household")
            PersonalNumber.objects.create(beneficiary=other, number=f"031085{index:06}")
            Support.objects.create(project=project, beneficiary=other)
            Support.objects.create(project=project, beneficiary=household)
        with django_assert_max_num_queries(limit) as queries:
            assert f"{'Hộ' if name == 'list' else 'Đề án'} {stop - 1}" in client.get(address).content.decode()
        taken.append(len(queries))
    assert taken[0] == taken[1]
