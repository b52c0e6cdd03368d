"""Who sees which rows: every role of the scope sees them, another Centre and another province see none."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import Organisation, User
from programmes.models import AllocationEntry, AnnualPlan, Decision, PlanRound
from projects.models import ApprovalEntry, Beneficiary, CostLine, PlanLine, ProgressReport, Project, StatusChange
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all
from tests.people import Tree, make_person

pytestmark = pytest.mark.django_db

MODELS = (AnnualPlan, PlanRound, PlanLine, Project, CostLine, ApprovalEntry, AllocationEntry, StatusChange, Decision)


@pytest.fixture(autouse=True)
def year(centre_staff: User, centre_head: User, department_head: User, tree: Tree) -> AnnualPlan:
    plan = make_plan(organisation=tree.centre)
    make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    decide(plan=plan, by=department_head, assigned={"KCDP": 60 * MILLION}, approved=requested_cells(plan))
    Beneficiary.objects.create(province=tree.province, name="HTX Lật Dương", type="cooperative")
    return plan


@pytest.mark.parametrize(
    ("role", "organisations"),
    [
        ("centre_staff", 1),
        ("centre_head", 1),
        ("accountant", 1),
        ("reviewer", 2),
        ("department_head", 2),
        ("observer", 3),
        ("administrator", 3),
    ],
)
def test_each_role_sees_its_scope(request: pytest.FixtureRequest, role: str, organisations: int) -> None:
    user = request.getfixturevalue(role)
    assert Organisation.objects.visible_to(user).count() == organisations
    for model in (*MODELS, Beneficiary):
        assert model.objects.visible_to(user).exists(), model
    assert not ProgressReport.objects.visible_to(user).exists()


def test_stranger_sees_nothing(stranger: User) -> None:
    for model in (*MODELS, Beneficiary):
        assert not model.objects.visible_to(stranger).exists(), model


def test_other_centre_of_the_same_department_shares_the_registry_and_the_letters_only(tree: Tree) -> None:
    other = Organisation.objects.create(
        code="tt-khac", kind="centre", name="Trung tâm khác", parent=tree.department
    )
    neighbour = make_person(role="centre_staff", scope=other, username="neighbour")
    for model in MODELS:
        assert model.objects.visible_to(neighbour).exists() == (model is Decision), model
    assert Beneficiary.objects.visible_to(neighbour).exists()


def test_role_that_was_taken_away_and_account_that_ended_see_nothing(centre_staff: User) -> None:
    centre_staff.memberships.all().delete()
    assert not Project.objects.visible_to(User.objects.get(pk=centre_staff.pk)).exists()
    ended = make_person(role="observer", scope=Organisation.objects.get(kind="province"), username="ended")
    ended.is_active = False
    assert not Project.objects.visible_to(ended).exists()


def test_reach_is_read_in_one_query(observer: User, django_assert_num_queries: object) -> None:
    fresh = User.objects.get(pk=observer.pk)
    with django_assert_num_queries(1):
        assert len(fresh.visible_organisation_ids()) == 3
        assert fresh.holds(Organisation(pk=min(fresh.visible_organisation_ids())).pk, "observer")
        assert fresh.scope_name() == "Thành phố Hải Phòng"
