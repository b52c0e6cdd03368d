"""The registry: found without marks, personal numbers masked, one establishment entered once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from projects.models import Beneficiary, PersonalNumber, Support
from tests.factories import district, make_plan, make_project
from tests.people import Tree
from tests.sent import fields_of, opened
from tests.there import there

pytestmark = pytest.mark.django_db

LIST = "projects:beneficiary_list"


@pytest.fixture
def cooperative(tree: Tree) -> Beneficiary:
    return Beneficiary.objects.create(
        province=tree.province, name="HTX làng nghề chiếu cói Lật Dương", type="cooperative", tax_code="0200000385"
    )


def typed(**changes: Any) -> dict[str, Any]:
    return {"name": "Hộ kinh doanh Minh An", "type": "household", "tax_code": "", "unit": ""} | changes


@pytest.mark.parametrize("asked", ["lat duong", "CHIẾU CÓI", "0200000385", "htx lang nghe"])
def test_found_without_marks_or_by_code(
    client: Client, centre_staff: User, cooperative: Beneficiary, asked: str
) -> None:
    Beneficiary.objects.create(province=cooperative.province, name="Công ty Dũng Hồng", type="enterprise")
    client.force_login(centre_staff)
    page = client.get(reverse(LIST), {"q": asked}).content.decode()
    assert "Lật Dương" in page and "Dũng Hồng" not in page


def test_personal_number_is_kept_apart_and_shown_masked(client: Client, centre_staff: User) -> None:
    district()
    client.force_login(centre_staff)
    data = typed(tax_code="031 085 001 234", unit="tien lang")
    page = client.post(reverse("projects:beneficiary_create"), data, follow=True).content.decode()
    household = Beneficiary.objects.get()
    assert (household.tax_code, household.personal_number.number) == ("", "031085001234")
    assert there(household.unit).name == "Huyện Tiên Lãng"
    assert "031…234" in page and "031085001234" not in page and "031085001234" not in household.search
    listed = client.get(reverse(LIST)).content.decode()
    assert "031…234" in listed and "031085001234" not in listed
    edit = reverse("projects:beneficiary_edit", args=[household.pk])
    assert "031…234" in client.get(edit).content.decode()
    kept = typed(tax_code="031…234", name="Hộ Minh An", **opened(client, edit))
    assert client.post(edit, kept).status_code == 302
    assert PersonalNumber.objects.get().number == "031085001234"
    assert client.post(edit, typed(tax_code="0100109106", **opened(client, edit))).status_code == 302
    assert not PersonalNumber.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tax_code": "12345"}, "Mã số thuế phải có 10 chữ số"),
        ({"tax_code": "0200000385"}, "Mã số thuế này đã có ở đơn vị"),
        ({"name": ""}, "Tên đơn vị"),
        ({"type": ""}, "Loại hình"),
        ({"unit": "Hà Nội"}, "Không có địa bàn"),
        ({"name": "htx LANG NGHE chieu coi Lật Dương"}, "Danh bạ đã có đơn vị cùng tên"),
    ],
)
def test_bad_input_is_refused_beside_the_field(
    client: Client, centre_staff: User, cooperative: Beneficiary, changes: dict[str, str], message: str
) -> None:
    client.force_login(centre_staff)
    response = client.post(reverse("projects:beneficiary_create"), typed(address="Số 5 phố Cũ", **changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count(message) >= 2, "on top and beside"
    assert "Số 5 phố Cũ" in page
    assert Beneficiary.objects.count() == 1


def test_same_name_may_be_another_establishment_when_confirmed(
    client: Client, centre_staff: User, cooperative: Beneficiary
) -> None:
    client.force_login(centre_staff)
    data = typed(name=cooperative.name, is_another="on")
    assert client.post(reverse("projects:beneficiary_create"), data).status_code == 302
    assert Beneficiary.objects.count() == 2


def test_wrong_check_digit_is_saved_with_a_warning(client: Client, centre_staff: User) -> None:
    client.force_login(centre_staff)
    page = client.post(reverse("projects:beneficiary_create"), typed(tax_code="0100109107"), follow=True)
    assert "chữ số kiểm tra" in page.content.decode()
    assert Beneficiary.objects.get().tax_code == "0100109107"


def test_stale_save_shows_original_theirs_and_yours_and_lets_choose(
    client: Client, centre_staff: User, cooperative: Beneficiary
) -> None:
    client.force_login(centre_staff)
    address = reverse("projects:beneficiary_edit", args=[cooperative.pk])
    mine = fields_of(client.get(address)) | {"phone": "0225 222", "address": "Số 5 phố Cũ"}
    Beneficiary.objects.filter(pk=cooperative.pk).update(phone="0225 111", representative="Bà Lan", version=2)
    response = client.post(address, mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert "0225 111" in page and "0225 222" in page and "Bà Lan" in page
    cooperative.refresh_from_db()
    assert cooperative.phone == "0225 111"
    assert client.post(address, fields_of(response) | {"choice-0": "theirs"}).status_code == 302
    cooperative.refresh_from_db()
    assert (cooperative.phone, cooperative.address, cooperative.representative, cooperative.version) == (
        *("0225 111", "Số 5 phố Cũ", "Bà Lan"),
        3,
    )
    for unreadable in ({"version": ""}, {"base": ""}, {"base": "abc"}, {"version": "3"}):
        assert client.post(address, mine | unreadable).status_code == 422, unreadable


def test_page_shows_all_support_that_one_may_see(
    client: Client, centre_staff: User, stranger: User, cooperative: Beneficiary
) -> None:
    project = make_project(plan=make_plan(organisation=centre_staff.memberships.get().scope), by=centre_staff)
    Support.objects.create(project=project, beneficiary=cooperative)
    client.force_login(centre_staff)
    page = client.get(cooperative.get_absolute_url()).content.decode()
    assert project.name in page and "2006" in page and ">60<" in page
    client.force_login(stranger)
    assert client.get(cooperative.get_absolute_url()).status_code == 404
    assert client.get(reverse("projects:beneficiary_edit", args=[cooperative.pk])).status_code == 404
    assert "Lật Dương" not in client.get(reverse("projects:beneficiary_suggest"), {"q": "lat"}).content.decode()


@pytest.mark.parametrize("role", ["accountant", "reviewer", "department_head", "observer", "administrator"])
def test_others_read_the_registry_but_do_not_write_it(
    request: pytest.FixtureRequest, client: Client, cooperative: Beneficiary, role: str
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.get(cooperative.get_absolute_url()).status_code == 200
    for address in (
        reverse("projects:beneficiary_create"),
        reverse("projects:beneficiary_edit", args=[cooperative.pk]),
    ):
        assert client.get(address).status_code == client.post(address, typed(version="1")).status_code == 403


def test_names_are_suggested_while_typing(client: Client, centre_staff: User, cooperative: Beneficiary) -> None:
    client.force_login(centre_staff)
    page = client.get(reverse("projects:beneficiary_suggest"), {"support-0-name": "chieu coi"}).content.decode()
    assert page.strip() == '<option value="HTX làng nghề chiếu cói Lật Dương"></option>'
    assert client.get(reverse("projects:beneficiary_suggest"), {"support-0-name": " "}).content.decode().strip() == ""
