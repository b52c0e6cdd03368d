"""What the service of organisations refuses whoever calls it: a list says it earlier, beside the cell."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from khuyencong.accounts.models import Organisation, User
from projects.refusals import NotAllowed, Refused
from projects.services.organisations import OrganisationEntry, save_organisations
from tests.kept import stored_rows
from tests.people import Tree, make_person, make_tree

pytestmark = pytest.mark.django_db


def one(parent: Organisation | None, **values: Any) -> Organisation:
    given = {"code": "trung-tam-moi", "kind": "centre", "name": "Trung tâm mới", "project_mark": "TM"}
    return Organisation(parent=parent, **given | values)


def saved(actor: User, *organisations: Organisation) -> None:
    save_organisations(entries=[OrganisationEntry(each, "Nhập từ tệp") for each in organisations], actor=actor)


def refusal_of(actor: User, *organisations: Organisation) -> str:
    """Its code, where nothing was written."""
    before = stored_rows()
    with pytest.raises(Refused) as refusal:
        saved(actor, *organisations)
    assert stored_rows() == before and len(str(refusal.value)) > 10
    return refusal.value.code or ""


def other(organisation: Organisation, **values: Any) -> Organisation:
    changed = copy(organisation)
    for name, value in values.items():
        setattr(changed, name, value)
    return changed


def test_nothing_to_save_is_nothing(tree: Tree, observer: User) -> None:
    saved(observer)
    assert not LogEntry.objects.exists()


def test_new_ones_stand_below_new_ones_and_each_has_its_line(tree: Tree, administrator: User) -> None:
    above = one(tree.province, code="so-moi", kind="department", name="Sở mới", project_mark="")
    below, branch = one(above), one(None, code="chi-nhanh", name="Chi nhánh", project_mark="")
    branch.parent = below
    saved(administrator, branch, below, above, other(tree.centre, works_since="2005"))
    assert Organisation.objects.get(code="chi-nhanh").parent == below and below.parent == above
    assert branch.project_mark == "CN", "a later Centre gets its mark"
    told = LogEntry.objects.values_list("object_repr", "action_flag", "change_message", "user")
    assert set(told) == {
        *((str(each), 1, "Nhập từ tệp", administrator.pk) for each in (above, below, branch)),
        (str(tree.centre), 2, "Nhập từ tệp", administrator.pk),
    }


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda tree: [one(None)], "place"),
        (lambda tree: [one(tree.department, kind="province")], "place"),
        (lambda tree: [one(tree.department, name=tree.centre.name.upper())], "twice"),
        (lambda tree: [one(tree.department), one(tree.department, code="khac", project_mark="K")], "twice"),
        (lambda tree: [one(tree.department), one(tree.department, code="khac", name="Khác")], "twice"),
        (lambda tree: [one(tree.department), one(tree.department, name="Khác", project_mark="K")], "twice"),
        (lambda tree: [one(tree.department, code=tree.centre.code)], "twice"),
        (lambda tree: [one(tree.department, works_since="sắp tới")], "invalid"),
        (lambda tree: [one(tree.department, name="")], "invalid"),
        (lambda tree: [one(tree.department, code="không hợp lệ")], "invalid"),
        (lambda tree: [one(tree.department, project_mark="m")], "invalid"),
        (lambda tree: [other(tree.centre, name="")], "invalid"),
        (lambda tree: [other(tree.centre, name=tree.department.name, parent=tree.province)], "identity"),
        (lambda tree: [other(tree.centre, code="khac")], "identity"),
        (lambda tree: [other(tree.centre, kind="department")], "identity"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    tree: Tree, administrator: User, made: Callable[[Tree], list[Organisation]], code: str
) -> None:
    wrong = made(tree)
    if code == "place" and wrong[0].parent is None:
        with pytest.raises(NotAllowed):  # it hangs nowhere, so nobody administers it
            saved(administrator, *wrong)
        return
    assert refusal_of(administrator, other(tree.department, works_since="2005"), *wrong) == code


def test_a_wrong_beginning_is_said_of_its_field(tree: Tree, administrator: User) -> None:
    with pytest.raises(Refused) as refusal:
        saved(administrator, one(tree.department, works_since="sắp tới"))
    assert "ghi ngày" in " ".join(refusal.value.message_dict["works_since"]).lower()
    saved(administrator, new := one(tree.department))
    assert new.works_since == ""


def test_a_name_is_once_below_one_superior_as_all_become(tree: Tree, administrator: User) -> None:
    saved(administrator, second := one(tree.department))
    administrator = User.objects.get(pk=administrator.pk)  # of whom it is known what they administer
    assert refusal_of(administrator, other(second, name=tree.centre.name)) == "twice"
    saved(administrator, other(second, name=tree.centre.name), other(tree.centre, name="Trung tâm cũ"))
    first, other_one = (
        one(tree.province, code=code, kind="department", name=name, project_mark="")
        for code, name in (("so-a", "Sở A"), ("so-b", "Sở B"))
    )
    twins = [one(above, code=code, project_mark=code.upper()) for above, code in ((first, "a"), (other_one, "b"))]
    again = one(first, code="c", project_mark="C")
    assert refusal_of(administrator, first, other_one, *twins, again) == "twice"
    saved(administrator, first, other_one, *twins)


def test_the_first_centre_of_all_needs_no_mark_and_a_later_one_takes_a_free_one(
    tree: Tree, administrator: User
) -> None:
    Organisation.objects.filter(pk=tree.centre.pk).update(project_mark="TM")
    saved(administrator, later := one(tree.department, project_mark=""))
    assert later.project_mark == "TM2"
    abroad = Organisation.objects.create(code="thanh-giang", kind="province", name="Tỉnh Thanh Giang", area_code="70")
    saved(
        make_person(role="administrator", scope=abroad, username="tg"), first := one(abroad, code="d", project_mark="")
    )
    assert first.project_mark == ""


def test_whoever_administers_one_organisation_changes_it(tree: Tree) -> None:
    saved(
        make_person(role="administrator", scope=tree.centre), other(tree.centre, works_since="2005", project_mark="HP")
    )
    tree.centre.refresh_from_db()
    assert (tree.centre.works_since, tree.centre.project_mark) == ("2005", "HP")


def test_a_circle_of_new_ones_is_refused(tree: Tree, administrator: User) -> None:
    first, second = one(None), one(None, code="khac", name="Khác", project_mark="K")
    first.parent, second.parent = second, first
    with pytest.raises(NotAllowed):
        saved(administrator, first, second)


def test_a_tree_too_deep_is_refused(tree: Tree, administrator: User) -> None:
    branch = one(tree.centre)
    deeper = one(branch, code="khac", name="Khác", project_mark="K")
    assert refusal_of(administrator, branch, deeper) == "place"
    saved(administrator, branch)


def test_two_provinces_at_once_are_refused(tree: Tree) -> None:
    abroad = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22")
    person = make_person(role="administrator", scope=tree.province)
    person.memberships.create(role="administrator", scope=abroad.province)
    changes = [other(each.centre, works_since="2005") for each in (tree, abroad)]
    assert refusal_of(person, *changes) == "other_province"


def test_whoever_administers_a_part_founds_nothing_beside_it(tree: Tree) -> None:
    person = make_person(role="administrator", scope=tree.department)
    before = stored_rows()
    for wrong in (one(tree.province), other(tree.province, works_since="2005")):
        with pytest.raises(NotAllowed, match="Chỉ quản trị"):
            saved(person, one(tree.department, code="khac", name="Khác", project_mark="K"), wrong)
    assert stored_rows() == before
    person.is_active = False
    with pytest.raises(NotAllowed):
        saved(person, one(tree.department))
