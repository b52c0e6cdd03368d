"""The status of projects as of a day: the last step that counted then."""

from __future__ import annotations

import datetime as dt

import pytest

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from programmes.models import AnnualPlan
from projects.models import Project
from projects.rules.workflow import apply_transition
from projects.services.rounds import resubmit_project
from tests.factories import MILLION, decide, make_plan, make_project, review, submit_all
from tests.kept import kept
from tests.stories import BULLETIN, EMBROIDERY, WEAVING, cell_of, day, tell_year

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def plan(people: dict[str, User]) -> AnnualPlan:
    return tell_year(people)


def statuses(as_of: AsOf) -> dict[str, str]:
    return {project.name: str(project.shown_status) for project in Project.objects.with_status(as_of)}


@pytest.mark.parametrize(
    ("as_of", "embroidery", "weaving", "bulletin"),
    [
        (AsOf(day(2, 15)), "draft", "draft", "draft"),
        (AsOf(day(3, 1)), "appraised", "appraised", "refused"),
        (AsOf(day(3, 1), day(3, 1)), "submitted", "submitted", "submitted"),
        (AsOf(day(6, 16)), "approved", "approved", "refused"),
        (AsOf(day(6, 16), day(6, 16)), "appraised", "appraised", "refused"),
        (AsOf(day(7, 1)), "in_progress", "contracted", "refused"),
        (AsOf(day(7, 31), day(7, 5)), "contracted", "contracted", "refused"),
        (AsOf(day(11, 9)), "in_progress", "contracted", "refused"),
        (AsOf(day(11, 10)), "in_progress", "stopped", "refused"),
        (AsOf(day(11, 10), day(11, 11)), "in_progress", "contracted", "refused"),
    ],
)
def test_status_is_that_of_the_last_step_that_counts(
    plan: AnnualPlan, as_of: AsOf, embroidery: str, weaving: str, bulletin: str
) -> None:
    assert statuses(as_of) == {EMBROIDERY: embroidery, WEAVING: weaving, BULLETIN: bulletin}
    for name, status in statuses(as_of).items():
        rows = Project.objects.with_statuses(status, as_of=as_of)
        assert name in rows.values_list("name", flat=True)
    counted = Project.objects.counted(as_of).values_list("name", flat=True)
    assert (BULLETIN in counted) is (bulletin != "refused")


def test_status_of_today_is_the_status_all_along_a_life(people: dict[str, User]) -> None:
    """Submitted, returned, sent again, accepted, approved, under contract, at work, accepted, settled, liquidated."""
    today = AsOf(dt.date(2006, 12, 31))
    staff = people["centre_staff"]
    plan = make_plan(organisation=staff.memberships.get().scope)
    project = make_project(plan=plan, by=staff, name=EMBROIDERY)
    seen = []

    def look() -> None:
        project.refresh_from_db()
        [shown] = Project.objects.with_status(today)
        assert shown.shown_status == project.status == shown.status
        assert list(Project.objects.with_statuses(project.status, as_of=today)) == [project]
        seen.append(project.status)

    look()
    submit_all(plan=plan, by=people["centre_head"])
    look()
    [plan_round] = plan.rounds.all()
    review(plan_round=plan_round, project=project, by=people["reviewer"], conclusion="return", note="Thiếu dự toán")
    look()
    resubmit_project(project=project, actor=people["centre_head"], on=day(3, 5))
    look()
    decide(
        plan=plan,
        by=people["department_head"],
        assigned={"KCDP": 60 * MILLION},
        approved={cell_of(plan, EMBROIDERY): 60 * MILLION},
    )
    look()
    for number, step in enumerate(("contract", "start", "accept", "settle", "liquidate"), start=7):
        actor = {"start": staff, "accept": people["centre_head"]}.get(step, people["accountant"])
        project.refresh_from_db()
        apply_transition(project, step, actor=actor, effective_on=day(number, 1), reason=f"Hồ sơ {number}")
        look()
    assert seen[0] == "draft" and seen[-1] == "liquidated" and len(set(seen)) == 9
