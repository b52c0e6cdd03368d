"""The parts of a project that several writes share: its code, its round, its lines, its costs, whom it helps."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan, PlanRound
from projects.models import Beneficiary, CostLine, PlanLine, Project, Support
from projects.services.project_parts import (
    SupportInput,
    draft_round,
    next_code,
    next_round,
    write_costs,
    write_supports,
)
from tests.factories import make_plan, make_project, source
from tests.people import Tree, make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    return make_plan(organisation=tree.centre)


@pytest.mark.parametrize(
    ("codes", "following"),
    [
        ([], "KC2006-001"),
        (["KC2006-001", "KC2006-009"], "KC2006-010"),
        (["KC2006-009", "KC2006-002"], "KC2006-010"),
        (["KC2006-999"], "KC2006-1000"),
        (["KC2006-1000", "KC2006-999"], "KC2006-1001"),
        (["KC2006-7b", "KC2006-", "KC2006-²", "X-KC2006-5", "KC2005-040"], "KC2006-001"),
    ],
)
def test_the_next_code_counts_on_in_its_year_and_organisation(
    plan: AnnualPlan, centre_staff: User, tree: Tree, codes: list[str], following: str
) -> None:
    other = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22").centre
    for code in codes:
        Project.objects.create(code=code, name="Cũ", organisation=tree.centre, created_by=centre_staff)
    Project.objects.create(code="KC2006-500", name="Nơi khác", organisation=other, created_by=centre_staff)
    assert next_code(tree.centre.pk, 2006) == following


def test_the_next_round_is_of_its_plan_and_level(plan: AnnualPlan, tree: Tree) -> None:
    following = make_plan(organisation=tree.centre, year=2007)
    for one, level, number in ((plan, "city", 1), (plan, "city", 4), (plan, "national", 7), (following, "city", 9)):
        PlanRound.objects.create(plan=one, level=level, number=number)
    opened = next_round(plan, "city")
    assert (opened.plan, opened.level, opened.number, opened.status) == (plan, "city", 5, "draft")


def test_what_is_drafted_goes_into_the_first_round_that_is_with_the_centre(plan: AnnualPlan) -> None:
    rounds = {
        number: PlanRound.objects.create(plan=plan, level="city", number=number, status=status)
        for number, status in ((5, "draft"), (3, "returned"), (1, "submitted"), (2, "approved"), (6, "draft"))
    }
    PlanRound.objects.create(plan=plan, level="national", number=1)
    assert draft_round(plan, "city") == rounds[3]
    PlanRound.objects.exclude(level="national").update(status="endorsed")
    assert draft_round(plan, "city").number == 7 and draft_round(plan, "national").number == 1


def test_costs_stand_on_the_line_of_their_level(plan: AnnualPlan, centre_staff: User, tree: Tree) -> None:
    """A beneficiary's own stands with the national money where there is some; each level keeps one line a year."""
    following = make_plan(organisation=tree.centre, year=2007)
    project = make_project(plan=plan, by=centre_staff, amounts={"KCDP": 5})
    component = project.components.get().pk

    def write(one: AnnualPlan, **asked: int) -> None:
        write_costs(project, one, {(component, source(code)): amount for code, amount in asked.items()})

    def stands() -> Mapping[tuple[int, str], set[tuple[str, int]]]:
        found: dict[tuple[int, str], set[tuple[str, int]]] = {}
        for line in PlanLine.objects.filter(project=project).select_related("round__plan"):
            costs = line.cost_lines.values_list("source__code", "amount_vnd")
            found[line.round.plan.year, line.round.level] = set(costs)
        return found

    write(following, KCDP=8, KCQG=9, DOIUNG=7)
    assert stands() == {(2006, "city"): {("KCDP", 5)}, (2007, "city"): {("KCDP", 8)},
                        (2007, "national"): {("KCQG", 9), ("DOIUNG", 7)}}  # fmt: skip
    kept = CostLine.objects.get(amount_vnd=8).pk
    write(following, KCDP=8, KHAC=6)
    assert stands() == {(2006, "city"): {("KCDP", 5)}, (2007, "city"): {("KCDP", 8), ("KHAC", 6)}}
    write(following, KCDP=4)
    assert CostLine.objects.get(amount_vnd=4).pk == kept, "the same row, with another amount"
    write(following, DOIUNG=3)
    assert stands()[2007, "city"] == {("DOIUNG", 3)}, "without state money it waits in the city's round"
    write(plan)
    assert stands() == {(2006, "city"): set(), (2007, "city"): {("DOIUNG", 3)}}


def test_who_is_helped_is_rewritten_and_who_stays_keeps_their_row(
    plan: AnnualPlan, centre_staff: User, tree: Tree
) -> None:
    project = make_project(plan=plan, by=centre_staff, group="Lao động")
    known = Beneficiary.objects.create(province=tree.province, name="HTX", type="cooperative")
    fresh = Beneficiary(province=tree.province, name="HTX mới", type="cooperative")
    wanted = [SupportInput(beneficiary=known, planned_count=3), SupportInput(new_beneficiary=fresh)]
    write_supports(project, plan, [*wanted, SupportInput(group_description="Phụ nữ", planned_count=20)])
    rows = project.supports.values_list("beneficiary__name", "group_description", "planned_count")
    assert list(rows) == [("HTX", "", 3), ("HTX mới", "", None), (None, "Phụ nữ", 20)]
    assert fresh.pk and Organisation.objects.get(beneficiaries=fresh) == tree.province
    Support.objects.update(amount_vnd=5)
    before = dict(project.supports.values_list("group_description", "pk"))
    write_supports(
        project, plan, [SupportInput(beneficiary=known), SupportInput(group_description="Phụ nữ", planned_count=25)]
    )
    after = list(project.supports.values_list("beneficiary__name", "group_description", "planned_count", "amount_vnd"))
    assert after == [("HTX", "", None, 5), (None, "Phụ nữ", 25, 5)]
    assert project.supports.get(group_description="Phụ nữ").pk == before["Phụ nữ"]
    write_supports(project, plan, [])
    assert not project.supports.exists()
