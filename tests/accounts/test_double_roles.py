"""Two roles that are kept apart come into one pair of hands by a recorded decision, for its time."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.authorisations import Term, delegate, end_authorisation, give_double_role
from khuyencong.accounts.models import Authorisation, AuthorisationEnd, Membership, Role, RoleChange, User, are_separate
from khuyencong.accounts.models.roles import SEPARATE
from khuyencong.accounts.role_changes import record_role_changes, roles_held
from projects.papers.notices import people_to_tell
from projects.rules.transitions import CREATE, PROJECT_TRANSITIONS, ROUND_TRANSITIONS
from tests.accounts.authorising import fresh, said
from tests.accounts.pages import address, form_of
from tests.people import Tree, make_person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
MONTH = Term(TODAY, TODAY + dt.timedelta(days=30), "Sở chỉ có ba người", "45/QĐ-SCT", TODAY)


def give(person: User, by: User, tree: Tree, **changes: Any) -> Authorisation:
    words: dict[str, Any] = {"person": person, "role": "department_head", "scope": tree.department, "term": MONTH}
    return give_double_role(actor=by, **words | changes)


def test_the_pairs_are_those_that_the_steps_exclude() -> None:
    """Who took one of ``not_by`` may not take the step; so their roles are two pairs of hands."""
    writers = (Role.CENTRE_STAFF, Role.CENTRE_HEAD)
    found = set()
    for table in (ROUND_TRANSITIONS, PROJECT_TRANSITIONS):
        for step in table.values():
            for name in step.not_by:
                before = writers if name == CREATE else table[name].roles
                found |= {frozenset(map(Role, pair)) for pair in product(step.roles, before)}
    assert found == SEPARATE
    assert are_separate("reviewer", "department_head") and not are_separate("centre_staff", "centre_head")


def test_a_second_role_is_refused_with_the_reason_beside_its_field(
    signed_in: Client, reviewer: User, tree: Tree
) -> None:
    data = form_of(reviewer, ("department_head", tree.department.pk))
    answer = signed_in.post(address("user", "change", reviewer.pk), data)
    text = answer.content.decode()
    assert answer.status_code == 200 and "người thẩm định không phê duyệt" in text and "quyết định kiêm nhiệm" in text
    assert reviewer.memberships.count() == 1 and not RoleChange.objects.exists()


def test_roles_of_offices_that_have_nothing_to_do_with_each_other_are_no_pair(
    signed_in: Client, administrator: User, reviewer: User, stranger: User, tree: Tree
) -> None:
    """A reviewer here may write there; above and below one another it is the same office."""
    elsewhere = stranger.memberships.get().scope
    before = roles_held(reviewer)
    Membership.objects.create(user=reviewer, scope=elsewhere, role="centre_staff")
    assert record_role_changes(reviewer, before, actor=administrator)
    below = form_of(reviewer, ("centre_staff", tree.centre.pk))
    assert "quyết định kiêm nhiệm" in signed_in.post(address("user", "change", reviewer.pk), below).content.decode()


def test_whoever_gives_roles_without_the_page_is_refused_too(administrator: User, reviewer: User, tree: Tree) -> None:
    before = roles_held(reviewer)
    Membership.objects.create(user=reviewer, scope=tree.department, role="department_head")
    with pytest.raises(ValidationError, match="kiêm nhiệm"):
        record_role_changes(reviewer, before, actor=administrator)


@pytest.mark.parametrize(("days", "is_exercised"), [(-1, False), (0, True), (30, True), (31, False)])
def test_the_decision_says_of_each_day_whether_the_second_role_is_exercised(
    administrator: User, reviewer: User, tree: Tree, monkeypatch: pytest.MonkeyPatch, days: int, is_exercised: bool
) -> None:
    give(reviewer, administrator, tree)
    day = TODAY + dt.timedelta(days=days)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: day)
    person = fresh(reviewer)
    assert person.holds(tree.centre.pk, "department_head") == is_exercised and person.holds(tree.centre.pk, "reviewer")
    assert person.principal_for(tree.centre.pk, "department_head") is None, "the role is the person's own"
    assert Authorisation.objects.in_force(day).exists() == is_exercised


def test_it_is_kept_in_the_history_of_roles_and_told_to_the_head(
    client: Client, signed_in: Client, administrator: User, reviewer: User, department_head: User, tree: Tree
) -> None:
    row = give(reviewer, administrator, tree)
    assert (row.beside, row.recorded_by) == ("reviewer", administrator)
    [given] = RoleChange.objects.of_person(reviewer)
    assert (given.role, given.is_given, given.actor) == ("department_head", True, administrator)
    page = signed_in.get(address("user", "change", reviewer.pk)).content.decode()
    assert "45/QĐ-SCT" in page and "kiêm nhiệm cùng" in page
    client.force_login(department_head)
    assert "theo quyết định số 45/QĐ-SCT" in client.get(reverse("projects:home")).content.decode()


def test_once_the_first_role_is_gone_nothing_has_to_be_kept_apart(
    administrator: User, reviewer: User, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(reviewer, administrator, tree)
    before = roles_held(reviewer)
    Membership.objects.filter(user=reviewer, role="reviewer").delete()
    record_role_changes(reviewer, before, actor=administrator)
    assert AuthorisationEnd.objects.get().recorded_by == administrator
    later = TODAY + dt.timedelta(days=99)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: later)
    assert fresh(reviewer).holds(tree.centre.pk, "department_head")


def test_a_first_role_that_is_kept_in_another_province_keeps_nothing_apart_here(
    administrator: User, reviewer: User, stranger: User, tree: Tree
) -> None:
    Membership.objects.create(user=reviewer, scope=stranger.memberships.get().scope, role="reviewer")
    give(reviewer, administrator, tree)
    before = roles_held(reviewer)
    Membership.objects.filter(user=reviewer, role="reviewer", scope=tree.department).delete()
    record_role_changes(reviewer, before, actor=administrator)
    assert AuthorisationEnd.objects.count() == 1 and fresh(reviewer).holds(tree.centre.pk, "department_head")


def test_a_decision_of_one_province_lets_no_two_roles_stand_in_another(
    administrator: User, reviewer: User, stranger: User, tree: Tree
) -> None:
    give(reviewer, administrator, tree)
    there = stranger.memberships.get().scope
    Membership.objects.create(user=reviewer, scope=there, role="reviewer")
    before = roles_held(reviewer)
    Membership.objects.create(user=reviewer, scope=there, role="department_head")
    with pytest.raises(ValidationError, match="kiêm nhiệm"):
        record_role_changes(reviewer, before, actor=administrator)


@pytest.mark.parametrize("where", ["centre", "department", "province"])
def test_a_first_role_above_or_below_keeps_the_second_one_apart(
    administrator: User, reviewer: User, tree: Tree, where: str
) -> None:
    Membership.objects.filter(user=reviewer).update(scope=getattr(tree, where))
    row = give(reviewer, administrator, tree)
    end_authorisation(authorisation=row, actor=administrator, reason="Đủ người")
    assert not fresh(reviewer).holds(tree.department.pk, "department_head")


def test_ended_by_an_administrator_the_second_role_rests(administrator: User, reviewer: User, tree: Tree) -> None:
    row = give(reviewer, administrator, tree)
    assert said(lambda: end_authorisation(authorisation=row, actor=fresh(reviewer), reason="Thôi")) == "not allowed"
    end_authorisation(authorisation=row, actor=administrator, reason="Đủ người")
    assert not fresh(reviewer).holds(tree.centre.pk, "department_head")
    assert fresh(reviewer).holds(tree.centre.pk, "reviewer")
    give(reviewer, administrator, tree)
    assert fresh(reviewer).holds(tree.centre.pk, "department_head")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"term": Term(TODAY - dt.timedelta(days=1), TODAY, "Lùi", "1/QĐ", TODAY)}, "starts_on"),
        ({"term": Term(TODAY, TODAY - dt.timedelta(days=1), "Ngược", "1/QĐ", TODAY)}, "ends_on"),
        ({"term": Term(TODAY, TODAY, " ", "1/QĐ", TODAY)}, "reason"),
        ({"term": Term(TODAY, TODAY, "Thiếu số", " ", TODAY)}, "number"),
        ({"term": Term(TODAY, TODAY, "Thiếu ngày", "1/QĐ")}, "issued_on"),
        ({"term": Term(TODAY, TODAY, "Chưa tới", "1/QĐ", TODAY + dt.timedelta(days=1))}, "issued_on"),
        ({"role": "observer"}, "role"),
        ({"role": "reviewer"}, "role"),
    ],
)
def test_what_is_no_decision_on_two_roles(
    administrator: User, reviewer: User, tree: Tree, changes: dict[str, Any], field: str
) -> None:
    assert said(lambda: give(reviewer, administrator, tree, **changes)) == field


def test_who_gives_no_second_role(department_head: User, reviewer: User, tree: Tree) -> None:
    local = make_person(role="administrator", scope=tree.centre, username="quan-tri-trung-tam")
    for wrong in (department_head, reviewer, local):
        assert said(lambda wrong=wrong: give(reviewer, wrong, tree)) == "not allowed"


def test_three_hands_are_not_made_one(administrator: User, reviewer: User, tree: Tree) -> None:
    give(reviewer, administrator, tree)
    assert said(lambda: give(reviewer, administrator, tree, role="centre_staff", scope=tree.centre)) == "role"


def test_a_second_role_is_delegated_no_longer_than_it_lasts(administrator: User, reviewer: User, tree: Tree) -> None:
    give(reviewer, administrator, tree)
    helper = make_person(role="reviewer", scope=tree.department, username="chuyen-vien-2")
    words: dict[str, Any] = {"role": "department_head", "scope": tree.department, "to": helper}
    long = Term(TODAY, TODAY + dt.timedelta(days=31), "Quá hạn")
    assert said(lambda: delegate(actor=fresh(reviewer), term=long, **words)) == "ends_on"
    delegate(actor=fresh(reviewer), term=Term(TODAY, MONTH.ends_on, "Trong hạn"), **words)


def test_what_its_holder_exercises_no_more_nobody_exercises_for_them(
    client: Client, administrator: User, reviewer: User, tree: Tree
) -> None:
    """The decision is ended before its day; what was delegated meanwhile rests with it, and comes back with another."""
    row = give(reviewer, administrator, tree)
    helper = make_person(role="reviewer", scope=tree.department, username="chuyen-vien-2")
    delegate(actor=fresh(reviewer), role="department_head", scope=tree.department, to=helper, term=MONTH)
    client.force_login(helper)
    said = f"theo ủy quyền của {reviewer} đến hết ngày"
    assert fresh(helper).holds(tree.centre.pk, "department_head")
    assert said in client.get(reverse("projects:home")).content.decode()
    end_authorisation(authorisation=row, actor=administrator, reason="Đủ người")
    assert not fresh(helper).holds(tree.centre.pk, "department_head")
    assert said not in client.get(reverse("projects:home")).content.decode()
    give(reviewer, administrator, tree)
    assert fresh(helper).holds(tree.centre.pk, "department_head")


def test_nobody_is_offered_or_told_anything_for_a_role_that_rests(
    administrator: User, centre_head: User, observer: User, tree: Tree
) -> None:
    User.objects.filter(pk=centre_head.pk).update(email="binh@example.vn")
    row = give(centre_head, administrator, tree, role="reviewer", scope=tree.department)

    def is_known() -> list[bool]:
        return [
            centre_head in User.objects.holding(Role.REVIEWER, tree.centre),
            (centre_head.pk, tree.department.pk) in User.objects.scopes_of(Role.REVIEWER),
            centre_head in people_to_tell("submitted", tree.centre.pk, ["reviewer"], actor=observer),
        ]

    assert is_known() == [True] * 3
    end_authorisation(authorisation=row, actor=administrator, reason="Đủ người")
    assert is_known() == [False] * 3


def test_who_has_a_role_that_rests_may_be_lent_it(
    administrator: User, reviewer: User, department_head: User, tree: Tree
) -> None:
    row = give(reviewer, administrator, tree)
    words: dict[str, Any] = {"role": "department_head", "scope": tree.department, "term": MONTH}
    assert said(lambda: delegate(actor=fresh(department_head), to=reviewer, **words)) == "to"
    end_authorisation(authorisation=row, actor=administrator, reason="Đủ người")
    delegate(actor=fresh(department_head), to=reviewer, **words)
    assert fresh(reviewer).principal_for(tree.centre.pk, "department_head") == department_head.pk


def test_one_decision_is_recorded_once(administrator: User, reviewer: User, tree: Tree) -> None:
    give(reviewer, administrator, tree)
    assert said(lambda: give(reviewer, administrator, tree)) == "number", "a button pressed twice"
    longer = Term(TODAY, TODAY + dt.timedelta(days=60), "Gia hạn", "46/QĐ-SCT", TODAY)
    give(reviewer, administrator, tree, term=longer)


def test_a_role_that_goes_in_another_province_ends_nothing_here(
    administrator: User, reviewer: User, stranger: User, tree: Tree
) -> None:
    elsewhere = Membership.objects.create(user=reviewer, scope=stranger.memberships.get().scope, role="reviewer")
    give(reviewer, administrator, tree)
    before = roles_held(reviewer)
    elsewhere.delete()
    record_role_changes(reviewer, before, actor=administrator)
    assert not AuthorisationEnd.objects.exists() and fresh(reviewer).holds(tree.centre.pk, "department_head")


def test_the_administrator_records_it_on_a_page(signed_in: Client, reviewer: User, tree: Tree) -> None:
    add = address("authorisation", "add")
    assert signed_in.get(add).status_code == 200
    data = {
        "user": str(reviewer.pk),
        "role": "department_head",
        "scope": str(tree.department.pk),
        "number": "45/QĐ-SCT",
        "issued_on": f"{TODAY:%d/%m/%Y}",
        "starts_on": f"{TODAY:%d/%m/%Y}",
        "ends_on": f"{MONTH.ends_on:%d/%m/%Y}",
        "reason": "Sở chỉ có ba người",
    }
    wrong = signed_in.post(add, data | {"role": "observer"})
    assert "giao thẳng ở trang người dùng" in wrong.content.decode() and not Authorisation.objects.exists()
    assert signed_in.post(add, data).status_code == 302
    row = Authorisation.objects.get()
    assert fresh(reviewer).holds(tree.centre.pk, "department_head")
    read = signed_in.get(address("authorisation", "change", row.pk)).content.decode()
    assert "45/QĐ-SCT" in read and signed_in.post(address("authorisation", "change", row.pk), data).status_code == 403
    assert signed_in.post(address("authorisation", "delete", row.pk), {"post": "yes"}).status_code == 403
