"""What a record holds already stays when somebody saves its page, though nobody could choose it today."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from khuyencong.accounts.models import Organisation, User
from programmes.models import ActivityType, AdminUnit, AnnualPlan, Regulation, SupportNorm
from projects.models import Beneficiary, FieldChange, Project
from tests.factories import activity, approved_project, authority, district, make_plan, make_project
from tests.people import Tree, make_person
from tests.sent import fields_of
from tests.there import there

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return make_plan(organisation=centre_staff.memberships.get().scope)


@pytest.fixture
def colleague(client: Client, tree: Tree) -> User:
    person = make_person(role="centre_staff", scope=tree.centre, username="colleague", full_name="Bùi Văn Nam")
    client.force_login(person)
    return person


def edit_address(project: Project, plan: AnnualPlan | None = None) -> str:
    return reverse("projects:project_edit", args=[project.pk]) + (f"?plan={plan.pk}" if plan else "")


def save(client: Client, address: str, **changes: str) -> Any:
    """The page as it is opened, with what is changed in it."""
    return client.post(address, fields_of(client.get(address)) | changes)


def chosen(client: Client, address: str, field: str) -> list[str]:
    """The words that the field shows."""
    page = html.fromstring(client.get(address).content.decode())
    return [option.text.strip() for option in page.xpath(f"//select[@name='{field}']//option[@selected]")]


def changed_fields() -> set[str]:
    return set(FieldChange.objects.values_list("field", flat=True))


@pytest.mark.parametrize("leaving", ["inactive", "moved"])
def test_officer_who_left_stays_until_another_is_chosen(
    client: Client, colleague: User, centre_staff: User, plan: AnnualPlan, leaving: str
) -> None:
    project = make_project(plan=plan, by=centre_staff)
    if leaving == "inactive":
        User.objects.filter(pk=centre_staff.pk).update(is_active=False)
    else:
        centre_staff.memberships.all().delete()
    address = edit_address(project)
    assert chosen(client, address, "officer") == ["Nguyễn Thị Hoa (không còn làm việc)"]
    assert save(client, address, notes="Đã gọi điện").status_code == 302
    project.refresh_from_db()
    assert project.officer == centre_staff and changed_fields() == {"notes"}
    assert save(client, address, officer=str(colleague.pk)).status_code == 302
    project.refresh_from_db()
    assert project.officer == colleague and changed_fields() == {"notes", "officer"}
    refused = save(client, address, officer=str(centre_staff.pk))
    assert refused.status_code == 422 and "không còn làm việc" not in refused.content.decode()


def test_officer_who_works_here_is_shown_without_a_word(client: Client, colleague: User, plan: AnnualPlan) -> None:
    address = edit_address(make_project(plan=plan, by=colleague))
    assert chosen(client, address, "officer") == ["Bùi Văn Nam"]
    assert "không còn làm việc" not in client.get(address).content.decode()


def test_officer_who_left_stays_when_two_save(
    client: Client, colleague: User, centre_staff: User, plan: AnnualPlan
) -> None:
    """Who opened the page before the officer left, and saves after somebody else did."""
    project = make_project(plan=plan, by=centre_staff)
    address = edit_address(project)
    mine = fields_of(client.get(address)) | {"notes": "Của tôi"}
    User.objects.filter(pk=centre_staff.pk).update(is_active=False)
    assert save(client, address, management="Của người khác").status_code == 302
    assert client.post(address, mine).status_code == 302
    project.refresh_from_db()
    assert (project.officer, project.notes) == (centre_staff, "Của tôi")
    assert "officer" not in changed_fields()


def replace_decree() -> ActivityType:
    """Now known to be in force all of the plan's year: the contents of the old one are offered no more."""
    started = dt.date(2006, 1, 1)
    Regulation.objects.update(effective_to=dt.date(2005, 12, 31))
    decree = Regulation.objects.create(code="ND45", number="45/2012/NĐ-CP", title="Nghị định", effective_from=started)
    return ActivityType.objects.create(regulation=decree, code="45-3", short_name="Máy móc", legal_wording="Máy móc")


def test_content_of_a_former_decree_stays(client: Client, colleague: User, plan: AnnualPlan) -> None:
    project = make_project(plan=plan, by=colleague)
    replace_decree()
    address = edit_address(project)
    assert chosen(client, address, "content-0-activity_type") == ["Đào tạo, truyền nghề (hết hiệu lực)"]
    assert save(client, address, notes="Đã gọi điện").status_code == 302
    assert project.components.get().activity_type == activity() and changed_fields() == {"notes"}


def test_content_of_a_former_decree_is_not_chosen_anew(client: Client, colleague: User, plan: AnnualPlan) -> None:
    other = activity("134-9", "Nội dung khác của nghị định cũ")
    project = make_project(plan=plan, by=colleague)
    replace_decree()
    answer = save(client, edit_address(project), **{"content-0-activity_type": str(other.pk)})
    assert answer.status_code == 422 and project.components.get().activity_type == activity()
    typed = {"name": "Mới", "kind": "group", "area_scope": "not_fixed", "content-0-activity_type": str(activity().pk)}
    typed |= {"content-TOTAL_FORMS": "1", "content-INITIAL_FORMS": "0"}
    typed |= {"support-TOTAL_FORMS": "0", "support-INITIAL_FORMS": "0"}
    create = reverse("projects:project_create")
    assert client.post(f"{create}?plan={plan.pk}", typed).status_code == 422
    assert client.post(f"{create}?plan={plan.pk}&copy={project.pk}", typed).status_code == 422


def norm(item: str, ended: dt.date | None = None) -> SupportNorm:
    rows = {"regulation": activity().regulation, "clause": "Điều 1", "activity_type": activity(), "item": item}
    return SupportNorm.objects.create(
        code=f"norm-{SupportNorm.objects.count()}",
        funding_level="city",
        unit="cơ sở",
        max_percent=50,
        effective_from=dt.date(2000, 1, 1),
        effective_to=ended,
        **rows,
    )


def test_norm_that_ended_stays_and_is_not_chosen_anew(client: Client, colleague: User, plan: AnnualPlan) -> None:
    ended, other = norm("Máy dệt", dt.date(2005, 12, 31)), norm("Máy tiện", dt.date(2005, 12, 31))
    project = make_project(plan=plan, by=colleague)
    project.components.update(norm=ended)
    address = edit_address(project)
    [words] = chosen(client, address, "content-0-norm")
    assert words.startswith("Máy dệt") and words.endswith("từ 01/01/2000 đến 31/12/2005")
    assert save(client, address, notes="Đã gọi điện").status_code == 302
    assert project.components.get().norm == ended and changed_fields() == {"notes"}
    assert save(client, address, **{"content-0-norm": str(other.pk)}).status_code == 422
    assert project.components.get().norm == ended


def test_place_that_is_no_more_stays_and_is_not_named_anew(client: Client, colleague: User, plan: AnnualPlan) -> None:
    ended, other = district(), district("314", "Huyện Kiến Thụy")
    project = make_project(plan=plan, by=colleague, places=[ended])
    AdminUnit.objects.filter(kind="district").update(valid_to=dt.date(2005, 12, 31))
    address = edit_address(project)
    assert save(client, address, notes="Đã gọi điện").status_code == 302
    assert list(project.places.all()) == [ended] and changed_fields() == {"notes"}
    refused = save(client, address, places="Huyện Tiên Lãng, Huyện Kiến Thụy")
    assert refused.status_code == 422 and "Không có địa bàn “Huyện Kiến Thụy”" in refused.content.decode()
    assert other not in project.places.all()


def test_place_stays_itself_though_another_of_its_name_was_made(
    client: Client, colleague: User, plan: AnnualPlan
) -> None:
    place = district()
    project = make_project(plan=plan, by=colleague, places=[place])
    AdminUnit.objects.create(code="99999", kind="district", name=place.name, parent=place.parent)
    assert save(client, edit_address(project), notes="Đã gọi điện").status_code == 302
    assert list(project.places.all()) == [place] and changed_fields() == {"notes"}


def test_two_places_of_one_name_both_stay(client: Client, colleague: User, plan: AnnualPlan) -> None:
    """As often as the name stands there; once less, and it has to be said which."""
    first = district()
    second = AdminUnit.objects.create(code="99999", kind="district", name=first.name, parent=first.parent)
    project = make_project(plan=plan, by=colleague, places=[first, second])
    address = edit_address(project)
    assert save(client, address, notes="Đã gọi điện").status_code == 302
    assert set(project.places.all()) == {first, second} and changed_fields() == {"notes"}
    refused = save(client, address, places=first.name)
    assert refused.status_code == 422 and "99999" in refused.content.decode()


def test_place_that_is_no_more_stays_when_the_project_is_adjusted(
    client: Client, centre_staff: User, centre_head: User, department_head: User, plan: AnnualPlan
) -> None:
    project = approved_project(staff=centre_staff, head=centre_head, department=department_head, plan=plan)
    AdminUnit.objects.filter(kind="district").update(valid_to=dt.date(2005, 12, 31))
    client.force_login(department_head)
    letter = {"number": "2/QĐ", "issued_on": "01/07/2006", "authority": str(authority().pk), "summary": "Gia hạn"}
    address = reverse("projects:project_adjust", args=[project.pk])
    assert save(client, address, end_on="15/12/2006", reason="Chậm vốn", **letter).status_code == 302
    assert list(project.places.all()) == [district()]


def test_unit_of_an_establishment_stays_itself_though_another_of_its_name_was_made(
    client: Client, colleague: User, tree: Tree
) -> None:
    """Nobody has to know its code to change a telephone number."""
    place = district()
    one = Beneficiary.objects.create(province=tree.province, name="Cơ sở Mây", type="household", unit=place)
    AdminUnit.objects.create(code="99999", kind="district", name=place.name, parent=place.parent)
    address = reverse("projects:beneficiary_edit", args=[one.pk])
    assert save(client, address, phone="0225 123 456").status_code == 302
    one.refresh_from_db()
    assert one.unit == place and changed_fields() == {"phone"}


def test_successor_elsewhere_stays_when_an_administrator_renames_an_organisation(
    client: Client, administrator: User, stranger: User, tree: Tree
) -> None:
    """A province that was merged into another: only a superuser could have said so."""
    elsewhere = stranger.memberships.get().scope
    Organisation.objects.filter(pk=tree.centre.pk).update(successor=elsewhere)
    client.force_login(administrator)
    address = reverse("admin:accounts_organisation_change", args=[tree.centre.pk])
    page = html.fromstring(client.get(address).content)
    [form] = [form for form in page.forms if form.get("id") == "organisation_form"]
    typed = {name: value or "" for name, value in form.form_values()} | {"name": "Trung tâm mới", "is_slip": "on"}
    assert client.post(address, typed).status_code == 302
    centre = Organisation.objects.get(pk=tree.centre.pk)
    assert (centre.name, centre.successor) == ("Trung tâm mới", elsewhere)
    beyond = there(elsewhere.parent)
    assert client.post(address, typed | {"successor": str(beyond.pk)}).status_code == 200
    assert Organisation.objects.get(pk=tree.centre.pk).successor == elsewhere
