"""A project's code is one in the whole province, and says of which Centre it is where there are several."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan
from projects.models import Project
from projects.refusals import Refused
from projects.services.project_parts import next_code, next_codes, refuse_taken_codes
from tests.factories import make_plan, make_project
from tests.people import Tree, make_person, make_tree
from tests.projects.attempts import code_of, words_of
from tests.sent import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(tree: Tree) -> Organisation:
    """A Centre that the province founds later."""
    words = {"name": "Trung tâm Khuyến công Hải Dương", "parent": tree.department}
    return Organisation.objects.create(code="tt-hai-duong", kind="centre", **words)


@pytest.fixture
def first_plan(tree: Tree) -> AnnualPlan:
    return make_plan(organisation=tree.centre)


def test_first_centre_keeps_its_codes_and_a_later_one_has_its_mark(
    tree: Tree, first_plan: AnnualPlan, centre_staff: User, second: Organisation
) -> None:
    assert (tree.centre.project_mark, second.project_mark) == ("", "HD")
    make_project(plan=first_plan, by=centre_staff)
    staff = make_person(role="centre_staff", scope=second, username="second")
    other = make_project(plan=make_plan(organisation=second), by=staff)
    assert other.code == "KC2006-HD-001"
    assert next_code(tree.centre.pk, 2006) == "KC2006-002"
    assert next_codes(second.pk, 2006, 3) == ["KC2006-HD-002", "KC2006-HD-003", "KC2006-HD-004"]
    assert next_code(second.pk, 2007) == "KC2007-HD-001" and next_codes(second.pk, 2007, 0) == []


def test_mark_given_to_the_first_one_holds_for_what_comes(
    tree: Tree, first_plan: AnnualPlan, centre_staff: User, second: Organisation
) -> None:
    old = make_project(plan=first_plan, by=centre_staff)
    Organisation.objects.filter(pk=tree.centre.pk).update(project_mark="HP")
    new = make_project(plan=first_plan, by=centre_staff, name="Chiếu cói")
    old.refresh_from_db()
    assert (old.code, new.code) == ("KC2006-001", "KC2006-HP-001")


def test_centres_without_marks_share_one_row_of_numbers(
    first_plan: AnnualPlan, centre_staff: User, second: Organisation
) -> None:
    """As those that both worked before there were marks."""
    Organisation.objects.update(project_mark="")
    make_project(plan=first_plan, by=centre_staff)
    staff = make_person(role="centre_staff", scope=second, username="second")
    assert make_project(plan=make_plan(organisation=second), by=staff).code == "KC2006-002"


def test_marks_are_one_in_the_province(tree: Tree, second: Organisation) -> None:
    third = Organisation.objects.create(code="tt-3", kind="centre", name="Trung tâm Hạ Đoạn", parent=tree.department)
    assert third.project_mark == "HD2"
    third.project_mark = "HD"
    with pytest.raises(ValidationError, match="Hải Dương đã dùng ký hiệu này"):
        third.full_clean()
    third.project_mark = "hđ"
    with pytest.raises(ValidationError, match="chữ cái in hoa không dấu"):
        third.full_clean()
    second.full_clean()
    elsewhere = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22").centre
    elsewhere.project_mark = "HD"
    elsewhere.full_clean()


def test_typed_code_of_the_province_is_refused_in_words(
    tree: Tree, first_plan: AnnualPlan, centre_staff: User, second: Organisation
) -> None:
    make_project(plan=first_plan, by=centre_staff, name="Thêu ren")
    own = words_of(lambda: refuse_taken_codes(tree.centre.pk, ["KC2006-001"]))
    assert own == "Mã KC2006-001 đã dùng cho đề án “Thêu ren”."
    other = words_of(lambda: refuse_taken_codes(second.pk, ["X", "KC2006-001"]))
    assert other.startswith(f"Mã KC2006-001 đã dùng ở {tree.centre}") and "Thêu ren" not in other
    assert code_of(lambda: refuse_taken_codes(second.pk, ["X", "X"])) == "taken"
    refuse_taken_codes(second.pk, [])
    refuse_taken_codes(make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22").centre.pk, ["KC2006-001"])


def test_page_says_it_beside_the_code(
    client: Client, tree: Tree, first_plan: AnnualPlan, centre_staff: User, second: Organisation
) -> None:
    staff = make_person(role="centre_staff", scope=second, username="second")
    other = make_project(plan=make_plan(organisation=second), by=staff)
    mine = make_project(plan=first_plan, by=centre_staff)
    client.force_login(centre_staff)
    address = f"{mine.get_absolute_url()}edit/"
    said = client.post(address, fields_of(client.get(address)) | {"code": other.code})
    assert said.status_code == 422
    assert f"Mã {other.code} đã dùng ở {second}" in said.content.decode()
    mine.refresh_from_db()
    assert mine.code == "KC2006-001"


def test_saved_without_another_code_it_asks_nothing(
    first_plan: AnnualPlan, centre_staff: User, second: Organisation
) -> None:
    """Records that bore one code before this rule are saved as they are."""
    twin = make_project(plan=first_plan, by=centre_staff)
    staff = make_person(role="centre_staff", scope=second, username="second")
    mine = make_project(plan=make_plan(organisation=second), by=staff)
    Project.objects.filter(pk=mine.pk).update(code=twin.code)
    with pytest.raises(Refused):
        refuse_taken_codes(second.pk, [twin.code])
    assert Project.objects.filter(code=twin.code).count() == 2
