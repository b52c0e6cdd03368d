"""How things stood on a day: money, status, place and beneficiaries, and as they had been recorded by a day."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest

from khuyencong.accounts.models import User
from khuyencong.asof import NOW, AsOf
from programmes.models import AnnualPlan
from projects.figures.dimensions import AREA, STATUS
from projects.figures.past_texts import show_as_then
from projects.figures.plan_grid import plan_grid
from projects.figures.rollups import DIMENSIONS, roll_up
from projects.ledger.remainders import envelopes
from projects.models import ApprovalEntry, Project, ProjectRevision, StatusChange
from projects.pages.overview import plan_decisions, plan_rounds
from projects.rules.workflow import apply_transition
from tests.factories import MILLION, decide, make_plan, make_project
from tests.kept import kept
from tests.stories import EMBROIDERY, WEAVING, cell_of, day, move, recorded, tell_year

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def plan(people: dict[str, User]) -> AnnualPlan:
    return tell_year(people)


def money(plan: AnnualPlan, as_of: AsOf) -> tuple[int | None, ...]:
    """(first approved, after adjustment, done) in triệu, and how many projects."""
    grid = plan_grid([plan], as_of)
    columns = (grid.initial_vnd, grid.money.approved_vnd, grid.money.executed_vnd)
    return (*(None if one is None else one // MILLION for one in columns), grid.schedule.project_count)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (AsOf(day(2, 15)), (None, None, None, 3)),
        (AsOf(day(6, 15)), (None, None, None, 2)),
        (AsOf(day(6, 16)), (105, 105, None, 2)),
        (AsOf(day(6, 30)), (105, 105, 10, 2)),
        (AsOf(day(7, 31)), (105, 105, 25, 2)),
        (AsOf(day(8, 30)), (105, 105, 25, 2)),
        (AsOf(day(9, 30)), (105, 95, 30, 2)),
        (AsOf(day(11, 30)), (105, 50, 30, 2)),
        (NOW, (105, 50, 30, 2)),
        # As it was known then: the letter came on the 20th, the slip was found in October.
        (AsOf(day(6, 30), day(6, 19)), (None, None, None, 2)),
        (AsOf(day(6, 30), day(6, 30)), (100, 100, None, 2)),
        (AsOf(day(6, 30), day(7, 10)), (100, 100, 10, 2)),
        (AsOf(day(6, 30), day(10, 19)), (100, 100, 10, 2)),
        (AsOf(day(6, 30), day(10, 20)), (105, 105, 10, 2)),
        (AsOf(day(9, 30), day(9, 30)), (100, 90, 30, 2)),
        (AsOf(None, day(9, 5)), (100, 100, 25, 2)),
        (AsOf(None, day(11, 11)), (105, 95, 30, 2)),
        (AsOf(None, day(1, 31)), (None, None, None, 0)),
    ],
)
def test_the_three_columns_on_every_day(plan: AnnualPlan, as_of: AsOf, expected: tuple[int | None, ...]) -> None:
    assert money(plan, as_of) == expected
    approved = None if expected[1] is None else expected[1] * MILLION
    assert envelopes([plan], as_of)[1].approved_vnd == approved
    for dimension in DIMENSIONS:
        found = roll_up([plan], dimension, as_of)
        initial = None if expected[0] is None else expected[0] * MILLION
        assert (found.initial_vnd, found.money.approved_vnd) == (initial, approved)
        assert found.money == plan_grid([plan], as_of).money
        assert found.schedule.project_count == expected[3]


def shown(name: str, as_of: AsOf) -> tuple[list[str], list[str], dt.date | None]:
    project = Project.objects.for_grid(as_of).get(name=name)
    [project] = show_as_then([project], as_of)
    places = [place.bare_name for place in project.places.all()]
    return places, [str(support) for support in project.supports.all()], project.end_on


def test_place_people_and_time_are_those_before_the_adjustment(plan: AnnualPlan) -> None:
    before = (["Tiên Lãng"], ["Lao động nông thôn"], None)
    after = (["Kiến Thụy"], ["Phụ nữ Kiến Thụy"], day(12, 15))
    assert shown(EMBROIDERY, AsOf(day(8, 9))) == shown(EMBROIDERY, AsOf(day(1, 1))) == before
    assert shown(EMBROIDERY, AsOf(day(8, 10))) == shown(EMBROIDERY, NOW) == after
    assert shown(EMBROIDERY, AsOf(day(8, 10), day(8, 11))) == before, "recorded on the 12th"
    assert Project.objects.get(name=EMBROIDERY).places.get().bare_name == "Kiến Thụy"


def areas(plan: AnnualPlan, as_of: AsOf) -> dict[str, int]:
    return {row.label: row.schedule.project_count for row in roll_up([plan], AREA, as_of).rows}


def test_roll_up_puts_it_back_into_its_former_area(plan: AnnualPlan) -> None:
    assert areas(plan, AsOf(day(7, 31))) == {"Huyện Kiến Thụy": 1, "Huyện Tiên Lãng": 1}
    assert areas(plan, AsOf(day(8, 31))) == areas(plan, NOW) == {"Huyện Kiến Thụy": 2}
    former = dict.fromkeys(Project.objects.filter(name=EMBROIDERY).values_list("pk", flat=True), "315")
    for key, names in (("315", {EMBROIDERY}), ("314", {WEAVING})):
        found = Project.objects.counted().at_area(key, former)
        assert set(found.values_list("name", flat=True)) == names


def test_letter_recorded_late_brings_its_own_change_only(plan: AnnualPlan, department_head: User) -> None:
    """A second move, dated before the first and recorded after it: each counts from its own day."""
    with recorded(day(12, 1)):
        move(plan, department_head, on=day(7, 20), number="7/QĐ", to=("314", "Huyện Kiến Thụy"), group="Thanh niên")
    assert shown(EMBROIDERY, AsOf(day(7, 25))) == (["Tiên Lãng"], ["Thanh niên"], None)
    assert shown(EMBROIDERY, AsOf(day(7, 25), day(11, 30))) == (["Tiên Lãng"], ["Lao động nông thôn"], None)
    assert shown(EMBROIDERY, NOW) == (["Kiến Thụy"], ["Thanh niên"], day(12, 15))


def test_first_revision_may_be_the_adjustment_itself(people: dict[str, User]) -> None:
    """A project of old papers, which was never sent through the system and so has no text of its own."""
    staff, head = people["centre_staff"], people["centre_head"]
    plan = make_plan(organisation=staff.memberships.get().scope)
    project = make_project(plan=plan, by=staff, name=EMBROIDERY)
    for record in (plan.rounds.get(), project):
        apply_transition(record, "submit", actor=head, effective_on=day(3, 1))
    cell = {cell_of(plan, EMBROIDERY): 60 * MILLION}
    decide(plan=plan, by=people["department_head"], assigned={"KCDP": 60 * MILLION}, approved=cell)
    move(plan, people["department_head"], on=day(8, 10), number="8/QĐ", to=("314", "Huyện Kiến Thụy"), group="Phụ nữ")
    assert ProjectRevision.objects.get().occasion == "adjustment"
    assert shown(EMBROIDERY, AsOf(day(8, 9))) == (["Tiên Lãng"], ["Lao động nông thôn"], None)
    assert shown(EMBROIDERY, AsOf(day(8, 10))) == (["Kiến Thụy"], ["Phụ nữ"], day(12, 15))
    assert areas(plan, AsOf(day(8, 9))) == {"Huyện Tiên Lãng": 1}


def test_rounds_and_letters_of_the_plan_follow_the_day(plan: AnnualPlan, observer: User) -> None:
    def cards(as_of: AsOf) -> list[tuple[str, int, int, str]]:
        return [
            (str(card.status), card.line_count, card.resolved_count, card.decision.number if card.decision else "")
            for card in plan_rounds(plan, observer, as_of)
        ]

    assert cards(AsOf(day(2, 15))) == [("draft", 3, 0, "")]
    assert cards(AsOf(day(3, 1), day(3, 1))) == [("submitted", 3, 0, "")]
    assert cards(AsOf(day(6, 15)))[0][0] == "forwarded"
    assert cards(AsOf(day(6, 16))) == cards(NOW) == [("approved", 3, 3, "341/UBND-CN")]
    assert cards(AsOf(None, day(1, 31)))[0][1:3] == (0, 0)
    numbers = [row.decision.number for row in plan_decisions(plan, AsOf(day(9, 30)))]
    assert numbers == ["9/QĐ", "341/UBND-CN"]
    [row] = plan_decisions(plan, AsOf(day(6, 30), day(6, 30)))
    assert (row.assigned_vnd, row.approved_vnd) == (120 * MILLION, 100 * MILLION)


@pytest.mark.parametrize("seed", range(4))
def test_any_day_and_pin_agree_with_a_replay_row_by_row(plan: AnnualPlan, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(6):
        days = [dice.choice([None, day(1, 1) + dt.timedelta(days=dice.randrange(365))]) for _ in range(2)]
        as_of = AsOf(*days)
        steps: dict[str, str] = {}
        for step in StatusChange.objects.filter(project__isnull=False).order_by("pk").select_related("project"):
            if as_of.covers(step.effective_on, step.recorded_at):
                steps[step.project.name] = step.target_status
        entered = [one for one in Project.objects.all() if as_of.has_recorded(one.created_at)]
        wanted = {one.name: steps.get(one.name, "draft") for one in entered}
        counted = {name for name, status in wanted.items() if status not in Project.UNCOUNTED}
        grid = plan_grid([plan], as_of)
        assert {row.project.name: row.project.shown_status for row in grid.rows} == {n: wanted[n] for n in counted}
        rows = [row for row in ApprovalEntry.objects.all() if as_of.covers(row.effective_on, row.recorded_at)]
        assert grid.money.approved_vnd == (sum(row.amount_vnd for row in rows) if rows else None), as_of
        first = [row for row in rows if "initial" in (row.nature, row.column)]
        assert grid.initial_vnd == (sum(row.amount_vnd for row in first) if first else None), as_of
        by_status = {row.key: row.schedule.project_count for row in roll_up([plan], STATUS, as_of).rows}
        assert by_status == Counter(wanted[name] for name in counted), as_of
