"""Roll-ups against a plain replay of the rows in Python, over random plans."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from programmes.models import AllocationEntry, AnnualPlan
from projects.figures.dimensions import ACTIVITY, AREA, SOURCE, STATUS
from projects.figures.rollups import DIMENSIONS, roll_up, roll_ups
from projects.figures.totals import Money
from projects.models import PlanLine, ProgressReport, Project
from projects.services.progress import add_progress_report
from tests.factories import MILLION, decide, district, make_plan, make_project, requested_cells, source, submit_all
from tests.reports.plain_rollups import PlainRollUps

pytestmark = pytest.mark.django_db

DISTRICTS = {"311": "Huyện Thủy Nguyên", "314": "Huyện Kiến Thụy", "315": "Huyện Tiên Lãng"}
PROJECTS = 14
BY = {SOURCE: "source", ACTIVITY: "activity", AREA: "area", STATUS: "status"}
NOTHING = (None, None, None, None)


def make_random_plan(dice: random.Random, staff: User, head: User, department: User) -> AnnualPlan:
    """Projects of any contents, sources and places; most are approved, some adjusted, some reported."""
    plan = make_plan(organisation=staff.memberships.get().scope)
    for number in range(PROJECTS):
        if number == PROJECTS - 2:
            submit_all(plan=plan, by=head)  # the last two stay drafts
        contents = {
            code: {
                **{name: dice.randint(1, 900) * 100_000 for name in dice.sample(["KCDP", "KCQG"], dice.randint(1, 2))},
                dice.choice(["DOIUNG", "KHAC"]): dice.choice([None, dice.randint(0, 900) * 100_000]),
            }
            for code in dice.sample(["134-1", "134-2", "134-3"], dice.randint(1, 2))
        }
        places = [district(code, DISTRICTS[code]) for code in dice.sample(list(DISTRICTS), dice.randint(0, 2))]
        scope = (
            Project.AreaScope.UNITS
            if places
            else dice.choice([Project.AreaScope.WHOLE_CITY, Project.AreaScope.NOT_FIXED])
        )
        make_project(plan=plan, by=staff, name=f"Đề án {number}", contents=contents, places=places, area_scope=scope)
    _approve(plan, dice, department)
    _report(plan, dice, staff)
    return plan


def _approve(plan: AnnualPlan, dice: random.Random, department: User) -> None:
    submitted = set(PlanLine.objects.filter(project__status="submitted").values_list("pk", flat=True))
    cells = {key: amount for key, amount in requested_cells(plan).items() if key[0] in submitted and amount}
    first = {key: amount for key, amount in cells.items() if dice.random() < 0.8}
    wealth = {"KCDP": 5_000 * MILLION, "KCQG": 5_000 * MILLION}
    march = dt.date(2006, 3, 1)
    decide(plan=plan, by=department, assigned=wealth, approved=first, number="1/QĐ", on=march, level="central")
    changed = {key: dice.choice([0, amount // 2]) for key, amount in first.items() if dice.random() < 0.3}
    for level, code in (("city", "KCDP"), ("central", "KCQG")):
        own = {key: amount for key, amount in changed.items() if key[2] == source(code).pk}
        decide(plan=plan, by=department, approved=own, number=f"2/{code}", on=dt.date(2006, 8, 1), level=level)


def _report(plan: AnnualPlan, dice: random.Random, staff: User) -> None:
    for month in (5, 9):
        for project in Project.objects.filter(status__in=("approved", "in_progress")).order_by("pk"):
            if dice.random() < 0.3:
                continue
            keys = [key for key in requested_cells(plan) if PlanLine.objects.get(pk=key[0]).project_id == project.pk]
            amounts = {key: dice.choice([None, dice.randint(0, 500) * 100_000]) for key in keys}
            report = ProgressReport(month=dt.date(2006, month, 1), is_on_schedule=dice.random() < 0.7)
            add_progress_report(project=project, report=report, amounts=amounts, actor=staff, version=project.version)


def columns_of(money: Money) -> tuple[int | None, ...]:
    return (money.requested_vnd, money.approved_vnd, money.executed_vnd, money.covered_vnd)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_roll_up_is_the_plain_sum_of_its_rows(
    seed: int, centre_staff: User, centre_head: User, department_head: User
) -> None:
    plan = make_random_plan(random.Random(seed), centre_staff, centre_head, department_head)
    for day in (None, dt.date(2006, 2, 1), dt.date(2006, 6, 30), dt.date(2006, 8, 1)):
        together, plain = roll_ups([plan], AsOf(day)), PlainRollUps(day)
        assert set(together) == set(BY)
        for dimension, by in BY.items():
            found = together[dimension]
            amounts = {row.key: columns_of(row.money) for row in found.rows}
            assert {key: columns for key, columns in amounts.items() if columns != NOTHING} == plain.money(by), (
                day,
                by,
            )
            counts = {row.key: row.schedule.project_count for row in found.rows}
            assert {key: count for key, count in counts.items() if count} == {
                key: len(projects) for key, projects in plain.members(by).items()
            }, (day, by)
            assert found.schedule.project_count == PROJECTS
            assert columns_of(found.money) == plain.total()


def test_one_roll_up_is_the_same_as_among_the_four(pilot_plan: AnnualPlan) -> None:
    together = roll_ups([pilot_plan])
    assert [roll_up([pilot_plan], dimension) for dimension in DIMENSIONS] == list(together.values())
    assert {row.label: row.assigned_vnd for row in together[SOURCE].rows} == {
        "Kinh phí khuyến công quốc gia": 60 * MILLION,
        "Kinh phí khuyến công địa phương": 100 * MILLION,
    }
    assert together[SOURCE].assigned_vnd == AllocationEntry.objects.for_plans([pilot_plan]).total_vnd()
    assert together[ACTIVITY].has_repeated_projects
    assert not together[AREA].has_repeated_projects
