"""Who sees which rows: every role of the scope sees them, another Centre and another province see none."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from khuyencong.accounts.models import Organisation, User
from programmes.models import AllocationEntry, AnnualPlan, Decision, PlanRound
from projects.models import ApprovalEntry, Beneficiary, CostLine, PlanLine, Project, StatusChange
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all
from tests.kept import kept
from tests.people import Tree, make_person

pytestmark = pytest.mark.django_db

MODELS = (AnnualPlan, PlanRound, PlanLine, Project, CostLine, ApprovalEntry, AllocationEntry, StatusChange, Decision)


@pytest.fixture(autouse=True)
@kept
def year(centre_staff: User, centre_head: User, department_head: User, tree: Tree) -> AnnualPlan:
    Beneficiary.objects.create(province=tree.province, name="HTX Lật Dương", type="cooperative")
    return lived_year(tree.centre, staff=centre_staff, head=centre_head, decider=department_head, number="1/UBND")


def lived_year(centre: Organisation, *, staff: User, head: User, decider: User, number: str) -> AnnualPlan:
    """A plan with one project, submitted, and approved by one letter."""
    plan = make_plan(organisation=centre)
    make_project(plan=plan, by=staff)
    submit_all(plan=plan, by=head)
    cells = requested_cells(plan)
    decide(plan=plan, by=decider, assigned={"KCDP": 60 * MILLION}, approved=cells, number=number)
    return plan


@pytest.fixture
@kept
def neighbour(tree: Tree, department_head: User) -> User:
    """Staff of a second Centre of the Department, which lived the same year."""
    other = Organisation.objects.create(code="tt-khac", kind="centre", name="Trung tâm khác", parent=tree.department)
    staff = make_person(role="centre_staff", scope=other, username="neighbour")
    head = make_person(role="centre_head", scope=other, username="neighbour_head")
    decider = User.objects.get(pk=department_head.pk)  # whose reach was read before this Centre was there
    lived_year(other, staff=staff, head=head, decider=decider, number="2/UBND")
    return staff


# One Centre's own rows; letters of the Department above it and the province's registry are read by all below.
OF_ONE_CENTRE = {
    Organisation: 1,
    AnnualPlan: 1,
    PlanRound: 1,
    Project: 1,
    Beneficiary: 1,
    Decision: 2,
    AllocationEntry: 1,
    ApprovalEntry: 1,
    StatusChange: 7,  # the round in four steps, the project in three
}
OF_BOTH = {
    Organisation: 3,
    AnnualPlan: 2,
    PlanRound: 2,
    Project: 2,
    Beneficiary: 1,
    Decision: 2,
    AllocationEntry: 2,
    ApprovalEntry: 2,
    StatusChange: 14,
}
NOTHING = dict.fromkeys(OF_BOTH, 0)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("centre_staff", OF_ONE_CENTRE),
        ("centre_head", OF_ONE_CENTRE),
        ("accountant", OF_ONE_CENTRE),
        ("neighbour", OF_ONE_CENTRE),
        ("reviewer", OF_BOTH),
        ("department_head", OF_BOTH),
        ("observer", OF_BOTH | {Organisation: 4}),
        ("administrator", OF_BOTH | {Organisation: 4}),
        ("stranger", NOTHING | {Organisation: 1}),
    ],
)
def test_each_role_sees_the_rows_of_its_scope(
    request: pytest.FixtureRequest, neighbour: User, role: str, expected: dict[Any, int]
) -> None:
    user = User.objects.get(pk=request.getfixturevalue(role).pk)
    assert {model: model.objects.visible_to(user).count() for model in expected} == expected


def test_visitor_sees_no_organisation() -> None:
    assert not Organisation.objects.visible_to(AnonymousUser()).exists()


def test_new_centre_of_the_same_department_shares_the_registry_and_the_letters_only(tree: Tree) -> None:
    other = Organisation.objects.create(code="tt-moi", kind="centre", name="Trung tâm mới", parent=tree.department)
    newcomer = make_person(role="centre_staff", scope=other, username="newcomer")
    for model in MODELS:
        assert model.objects.visible_to(newcomer).exists() == (model is Decision), model
    assert Beneficiary.objects.visible_to(newcomer).exists()


def test_role_that_was_taken_away_and_account_that_ended_see_nothing(centre_staff: User) -> None:
    centre_staff.memberships.all().delete()
    assert not Project.objects.visible_to(User.objects.get(pk=centre_staff.pk)).exists()
    ended = make_person(role="observer", scope=Organisation.objects.get(kind="province"), username="ended")
    ended.is_active = False
    assert not Project.objects.visible_to(ended).exists()


def test_reach_is_read_in_one_query(observer: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    fresh = User.objects.get(pk=observer.pk)
    with django_assert_num_queries(1):
        assert len(fresh.visible_organisation_ids()) == 3
        assert fresh.holds(Organisation(pk=min(fresh.visible_organisation_ids())).pk, "observer")
        assert fresh.scope_name() == "Thành phố Hải Phòng"
