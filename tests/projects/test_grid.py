"""Figures of one plan: a project of two contents, two sources and two years counts once in every total."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from programmes.models import AnnualPlan
from projects.figures.dimensions import AREA, Dimension
from projects.figures.plan_grid import plan_grid
from projects.figures.rollups import DIMENSIONS, roll_up
from projects.figures.totals import Money
from projects.forms.norm_choices import NormOffer
from projects.forms.project import content_initial
from projects.models import ExecutedAmount, PlanLine, ProgressReport, Project
from projects.services.progress import add_progress_report
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import update_project
from tests.factories import (
    MILLION,
    activity,
    decide,
    district,
    make_plan,
    make_project,
    requested_cells,
    source,
    submit_all,
)
from tests.kept import kept
from tests.there import there

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def two_years(centre_staff: User, centre_head: User, department_head: User) -> tuple[AnnualPlan, AnnualPlan]:
    """A pilot project: training and machines, city and national money, counterpart, in 2006 and 2007."""
    centre = centre_staff.memberships.get().scope
    first, second = make_plan(organisation=centre), make_plan(organisation=centre, year=2007)
    project = make_project(
        plan=first,
        by=centre_staff,
        kind=Project.Kind.PILOT,
        contents={
            "134-1": {"KCDP": 10 * MILLION, "KCQG": 20 * MILLION, "DOIUNG": 7 * MILLION},
            "134-3": {"KCDP": 30 * MILLION, "KCQG": 40 * MILLION},
        },
    )
    contents = [
        ContentInput(activity("134-1"), {source("KCDP"): 1 * MILLION, source("KCQG"): 2 * MILLION}),
        ContentInput(activity("134-3"), {source("KCDP"): 3 * MILLION, source("KCQG"): 4 * MILLION}),
    ]
    data = ProjectInput(
        plan=second, contents=contents, places=[district()], supports=[SupportInput(group_description="Lao động")]
    )
    update_project(project=project, data=data, version=project.version, actor=centre_staff)
    make_project(plan=first, by=centre_staff, name="Một nguồn")
    for plan in (first, second):
        submit_all(plan=plan, by=centre_head)
        needed = {"KCDP": 100 * MILLION, "KCQG": 60 * MILLION}
        decide(plan=plan, by=department_head, assigned=needed, approved=requested_cells(plan), number=f"{plan.year}/QĐ")
    return first, second


def test_grid_counts_the_project_once_and_splits_its_money(two_years: tuple[AnnualPlan, AnnualPlan]) -> None:
    first, second = two_years
    grid = plan_grid([first])
    assert grid.schedule.project_count == 2
    assert [(section.source.code, section.money.approved_vnd) for section in grid.sections] == [
        ("KCQG", 60 * MILLION),
        ("KCDP", 100 * MILLION),
    ]
    assert grid.money == Money(160 * MILLION, 160 * MILLION, None)
    assert sum(row.is_first for row in grid.rows) == 2
    assert [row.counterpart_vnd for row in grid.rows if row.counterpart_vnd] == [7 * MILLION]
    assert sum(there(row.total_vnd(row.money.approved_vnd)) for row in grid.rows) == 167 * MILLION
    assert plan_grid([second]).money.approved_vnd == 10 * MILLION
    both = plan_grid(two_years)
    assert (both.schedule.project_count, both.money.approved_vnd) == (2, 170 * MILLION)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_each_roll_up_adds_to_the_same_total_and_counts_once(
    two_years: tuple[AnnualPlan, AnnualPlan], dimension: Dimension
) -> None:
    found = roll_up(two_years, dimension)
    assert found.money == Money(170 * MILLION, 170 * MILLION, None)
    assert found.schedule.project_count == 2
    assert found.assigned_vnd == 320 * MILLION and found.unallocated_vnd == 150 * MILLION


def test_last_report_with_amounts_counts_and_unrecorded_stays_unrecorded(
    two_years: tuple[AnnualPlan, AnnualPlan], centre_staff: User
) -> None:
    project = Project.objects.get(name="Một nguồn")
    line = PlanLine.objects.get(project=project)
    key = (line.pk, project.components.get().pk, source("KCDP").pk)
    for month, amount in ((7, 10 * MILLION), (8, 25 * MILLION), (9, None)):
        project.refresh_from_db()
        report = ProgressReport(month=dt.date(2006, month, 1), is_on_schedule=month != 9)
        add_progress_report(
            project=project, report=report, amounts={key: amount}, actor=centre_staff, version=project.version
        )
    grid = plan_grid([two_years[0]])
    assert grid.money.executed_vnd == 25 * MILLION
    assert (grid.schedule.on_schedule_count, grid.schedule.late_count, grid.schedule.unreported_count) == (0, 1, 1)
    in_july = plan_grid([two_years[0]], AsOf(dt.date(2006, 7, 31)))
    assert in_july.money.executed_vnd == 10 * MILLION and in_july.schedule.on_schedule_count == 1
    other = next(row for row in grid.rows if row.project != project)
    assert other.money.executed_vnd is None
    assert ExecutedAmount.objects.count() == 2


def test_copy_takes_over_the_amounts_of_the_latest_year(two_years: tuple[AnnualPlan, AnnualPlan]) -> None:
    pilot = Project.objects.get(kind=Project.Kind.PILOT)
    plan = pilot.latest_plan()
    rows = content_initial(pilot, plan, NormOffer(there(plan)))
    assert [row["amount_KCDP"] for row in rows] == [1 * MILLION, 3 * MILLION]


def test_shared_area_is_one_group_and_opens_to_its_rows(centre_staff: User) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    places = [district("314", "Huyện Kiến Thụy"), district("311", "Huyện Thủy Nguyên")]
    shared = make_project(plan=plan, by=centre_staff, name="Khởi sự", places=places)
    make_project(plan=plan, by=centre_staff, name="Riêng", places=places[:1])
    everywhere = make_project(plan=plan, by=centre_staff, name="Bản tin", area_scope=Project.AreaScope.WHOLE_CITY)
    nowhere = make_project(plan=plan, by=centre_staff, name="Chưa rõ", places=[])
    found = roll_up([plan], AREA)
    assert [(row.key, row.label, row.is_shared) for row in found.rows] == [
        ("314", "Huyện Kiến Thụy", False),
        ("311+314", "Huyện Kiến Thụy, huyện Thủy Nguyên", True),
        ("whole_city", "Toàn thành phố", False),
        ("not_fixed", "Chưa xác định", False),
    ]
    visible = Project.objects.visible_to(centre_staff)
    for row, project in zip(found.rows[1:], (shared, everywhere, nowhere), strict=True):
        assert list(visible.at_area(row.filters["area"])) == [project]
    assert replace(found.rows[0].schedule).project_count == 1


@pytest.mark.parametrize("count", [1, 12])
def test_grid_takes_the_same_queries_whatever_its_size(
    centre_staff: User, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for index in range(count):
        make_project(plan=plan, by=centre_staff, name=f"Đề án {index}")
    with django_assert_max_num_queries(16):
        grid = plan_grid([plan])
        [(row.project.places.all()[0].name, str(row.component), row.project.organisation.name) for row in grid.rows]
    assert len(grid.rows) == count


def test_report_that_leaves_an_amount_empty_takes_nothing_back(
    two_years: tuple[AnnualPlan, AnnualPlan], centre_staff: User
) -> None:
    project = Project.objects.get(kind=Project.Kind.PILOT)
    keys = [key for key in requested_cells(two_years[0]) if PlanLine.objects.get(pk=key[0]).project_id == project.pk]
    for month, amounts in ((7, (10, 20, None, None)), (8, (None, 25, 5, None))):
        project.refresh_from_db()
        typed = {key: None if one is None else one * MILLION for key, one in zip(keys, amounts, strict=True)}
        report = ProgressReport(month=dt.date(2006, month, 1), is_on_schedule=True)
        add_progress_report(project=project, report=report, amounts=typed, actor=centre_staff, version=project.version)
    assert plan_grid([two_years[0]]).money.executed_vnd == 40 * MILLION
    assert plan_grid([two_years[0]], AsOf(dt.date(2006, 8, 30))).money.executed_vnd == 30 * MILLION, (
        "August had not ended"
    )
    assert plan_grid([two_years[0]], AsOf(dt.date(2006, 8, 31))).money.executed_vnd == 40 * MILLION
    assert plan_grid([two_years[1]]).money.executed_vnd is None


def test_what_is_left_speaks_only_of_reported_spending(
    two_years: tuple[AnnualPlan, AnnualPlan], centre_staff: User
) -> None:
    """60 triệu approved with 25 spent leaves 35; the pilot project has reported nothing and adds nothing."""
    project = Project.objects.get(name="Một nguồn")
    key = next(key for key in requested_cells(two_years[0]) if key[1] == project.components.get().pk)
    report = ProgressReport(month=dt.date(2006, 7, 1), is_on_schedule=True)
    add_progress_report(
        project=project, report=report, amounts={key: 25 * MILLION}, actor=centre_staff, version=project.version
    )
    grid = plan_grid([two_years[0]])
    assert grid.money.approved_vnd == 160 * MILLION and grid.money.unexecuted_vnd == 35 * MILLION
    for dimension in DIMENSIONS:
        found = roll_up([two_years[0]], dimension)
        assert found.money == grid.money
        assert sum(row.money.unexecuted_vnd or 0 for row in found.rows) == 35 * MILLION
