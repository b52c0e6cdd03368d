"""A role handed to a colleague for a time: exercised in the holder's name, by its days, and never further."""

from __future__ import annotations

import datetime as dt
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from khuyencong.accounts.authorisations import Term, delegate, end_authorisation
from khuyencong.accounts.models import Authorisation, AuthorisationEnd, Membership, Organisation, Role, User
from khuyencong.accounts.role_changes import record_role_changes, roles_held
from khuyencong.append_only import AppendOnlyError
from tests.accounts.authorising import fresh, said
from tests.people import Tree, make_person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
WEEK = Term(TODAY, TODAY + dt.timedelta(days=7), "Đi công tác", "12/UQ-SCT", TODAY)


def to_reviewer(head: User, reviewer: User, tree: Tree, **changes: Any) -> Authorisation:
    words: dict[str, Any] = {"actor": head, "role": "department_head", "scope": tree.department, "to": reviewer}
    return delegate(**words | {"term": WEEK} | changes)


def test_the_delegate_exercises_the_role_for_its_days_and_the_holder_keeps_it(
    department_head: User, reviewer: User, tree: Tree
) -> None:
    row = to_reviewer(department_head, reviewer, tree)
    delegated, office = fresh(reviewer), tree.centre.pk
    assert delegated.holds(office, "department_head") and delegated.holds(office, "reviewer")
    assert delegated.principal_for(office, "department_head") == department_head.pk
    assert delegated.principal_for(office, "reviewer") is None and not delegated.holds_oneself(
        office, "department_head"
    )
    assert fresh(department_head).holds(office, "department_head")
    assert fresh(department_head).principal_for(office, "department_head") is None
    assert (row.principal, row.user, row.number, row.recorded_by) == (
        department_head,
        reviewer,
        "12/UQ-SCT",
        department_head,
    )
    with pytest.raises(AppendOnlyError):
        row.delete()


@pytest.mark.parametrize(("days", "is_exercised"), [(-1, False), (0, True), (7, True), (8, False)])
def test_the_period_says_of_each_day_whether_the_role_is_exercised(
    department_head: User, reviewer: User, tree: Tree, monkeypatch: pytest.MonkeyPatch, days: int, is_exercised: bool
) -> None:
    to_reviewer(department_head, reviewer, tree)
    day = TODAY + dt.timedelta(days=days)
    assert Authorisation.objects.in_force(day).exists() == is_exercised
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: day)
    assert fresh(reviewer).holds(tree.centre.pk, "department_head") == is_exercised


def test_ended_early_it_is_no_more_and_tells_who_and_why(department_head: User, reviewer: User, tree: Tree) -> None:
    row = to_reviewer(department_head, reviewer, tree)
    assert said(lambda: end_authorisation(authorisation=row, actor=department_head, reason=" ")) == "reason"
    end_authorisation(authorisation=row, actor=department_head, reason="Về sớm")
    assert not fresh(reviewer).holds(tree.centre.pk, "department_head")
    ending = AuthorisationEnd.objects.get()
    assert (ending.recorded_by, ending.reason, ending.ended_on) == (department_head, "Về sớm", TODAY)
    assert not Authorisation.objects.in_force(TODAY).exists()
    assert said(lambda: end_authorisation(authorisation=row, actor=department_head, reason="Lần nữa")) == ""
    to_reviewer(department_head, reviewer, tree)


def test_who_ends_a_delegation(
    department_head: User, reviewer: User, administrator: User, centre_head: User, tree: Tree
) -> None:
    for ender in (department_head, reviewer, administrator):
        row = to_reviewer(department_head, reviewer, tree)
        other = make_person(role="department_head", scope=tree.department, username=f"khac-{ender.pk}")
        for stranger in (centre_head, other):
            assert said(lambda row=row, by=stranger: end_authorisation(authorisation=row, actor=by, reason="x")) == (
                "not allowed"
            )
        end_authorisation(authorisation=row, actor=ender, reason="Xong việc")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"term": Term(TODAY - dt.timedelta(days=1), TODAY, "Lùi")}, "starts_on"),
        ({"term": Term(TODAY, TODAY - dt.timedelta(days=1), "Ngược")}, "ends_on"),
        ({"term": Term(TODAY, TODAY, " ")}, "reason"),
        ({"term": Term(TODAY, TODAY, "Chưa ký", "1/UQ", TODAY + dt.timedelta(days=1))}, "issued_on"),
        ({"role": "reviewer"}, "what"),
        ({"role": "administrator"}, "what"),
        ({"role": "observer"}, "what"),
        ({"role": "centre_head"}, "not allowed"),
    ],
)
def test_what_is_not_delegated(
    department_head: User, reviewer: User, tree: Tree, changes: dict[str, Any], field: str
) -> None:
    assert said(lambda: to_reviewer(department_head, reviewer, tree, **changes)) == field


def test_to_whom_nothing_is_delegated(
    department_head: User, centre_head: User, observer: User, administrator: User, reviewer: User, tree: Tree
) -> None:
    """Oneself, another office, an auditor, whoever has the role already, who left."""
    second = make_person(role="department_head", scope=tree.department, username="pho")
    auditor = make_person(role="observer", scope=tree.department, username="kiem-toan")
    keeper = make_person(role="administrator", scope=tree.department, username="quan-tri-so")
    for wrong in (department_head, centre_head, observer, administrator, second, auditor, keeper):
        assert said(lambda wrong=wrong: to_reviewer(department_head, wrong, tree)) == "to", wrong
    User.objects.filter(pk=reviewer.pk).update(is_active=False)
    assert said(lambda: to_reviewer(department_head, fresh(reviewer), tree)) == "to"


def test_what_was_delegated_is_not_handed_on(department_head: User, reviewer: User, tree: Tree) -> None:
    third = make_person(role="reviewer", scope=tree.department, username="chuyen-vien-2")
    to_reviewer(department_head, reviewer, tree)
    assert said(lambda: to_reviewer(fresh(reviewer), third, tree)) == "not allowed"


def test_in_whose_name_is_asked_of_the_office_of_the_record(accountant: User, tree: Tree) -> None:
    """An accountant here who keeps the accounts there for a colleague: what was recorded here is their own."""
    there = Organisation.objects.create(code="tt-2", kind="centre", name="Trung tâm Hai", parent=tree.department)
    colleague = make_person(role="accountant", scope=there, username="ke-toan-2")
    Membership.objects.create(user=accountant, scope=there, role="centre_staff")
    delegate(actor=colleague, role="accountant", scope=there, to=accountant, term=WEEK)
    row = SimpleNamespace(recorded_by_id=accountant.pk, recorded_at=timezone.now(), acted_for=None)
    for office, principal in ((there, colleague), (tree.centre, None)):
        Authorisation.objects.name_principals([row], "accountant", office)
        assert row.acted_for == principal
    row.recorded_at -= dt.timedelta(minutes=5)
    Authorisation.objects.name_principals([row], "accountant", there)
    assert row.acted_for is None, "of the same day, and before anything was delegated"


def test_whose_account_is_closed_neither_delegates_nor_ends(department_head: User, reviewer: User, tree: Tree) -> None:
    """The account may be closed while the person's page is still open."""
    row = to_reviewer(department_head, reviewer, tree)
    User.objects.filter(pk__in=(department_head.pk, reviewer.pk)).update(is_active=False)
    other = make_person(role="reviewer", scope=tree.department, username="other")
    later = Term(WEEK.ends_on + dt.timedelta(days=1), WEEK.ends_on + dt.timedelta(days=2), "Đi công tác")
    assert said(lambda: to_reviewer(fresh(department_head), other, tree, term=later)) == "not allowed"
    for person in (department_head, reviewer):
        ended = partial(end_authorisation, authorisation=row, actor=fresh(person), reason="Về")
        assert said(ended) == "not allowed"


def test_one_role_is_delegated_to_one_person_at_a_time(department_head: User, reviewer: User, tree: Tree) -> None:
    third = make_person(role="reviewer", scope=tree.department, username="chuyen-vien-2")
    to_reviewer(department_head, reviewer, tree)
    last, after = TODAY + dt.timedelta(days=7), TODAY + dt.timedelta(days=8)
    assert said(lambda: to_reviewer(department_head, third, tree, term=Term(last, after, "Trùng"))) == "starts_on"
    to_reviewer(department_head, third, tree, term=Term(after, after, "Sau đó"))


def test_what_rests_on_a_role_that_is_taken_ends_with_it(
    department_head: User, reviewer: User, administrator: User, tree: Tree
) -> None:
    to_reviewer(department_head, reviewer, tree)
    before = roles_held(department_head)
    Membership.objects.filter(user=department_head).delete()
    assert not fresh(reviewer).holds(tree.centre.pk, "department_head"), "at once, whoever took it"
    record_role_changes(department_head, before, actor=administrator)
    assert "Thu hồi vai trò “Lãnh đạo Sở”" in AuthorisationEnd.objects.get().reason


def test_a_delegate_who_leaves_the_office_exercises_nothing(
    department_head: User, reviewer: User, administrator: User, tree: Tree
) -> None:
    to_reviewer(department_head, reviewer, tree)
    before = roles_held(reviewer)
    Membership.objects.filter(user=reviewer).delete()
    record_role_changes(reviewer, before, actor=administrator)
    assert not fresh(reviewer).grants() and AuthorisationEnd.objects.get().recorded_by == administrator


def test_every_role_is_asked(tree: Tree) -> None:
    """Of seven roles three decide or answer for money."""
    places = {Role.CENTRE_HEAD: tree.centre, Role.ACCOUNTANT: tree.centre, Role.DEPARTMENT_HEAD: tree.department}
    for role in Role.values:
        scope = places.get(Role(role), tree.department)
        holder = make_person(role=role, scope=scope, username=f"giu-{role}")
        helper_role = "centre_staff" if scope == tree.centre else "reviewer"
        helper = make_person(role=helper_role, scope=scope, username=f"giup-{role}")
        call: dict[str, Any] = {"actor": holder, "role": role, "scope": scope, "to": helper, "term": WEEK}
        if role in places:
            assert delegate(**call).user == helper
        else:
            assert said(lambda call=call: delegate(**call)) == "what"
