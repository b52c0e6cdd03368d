"""A year in which five projects were reported late: three still are under way, one was accepted, one stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import CellKey, ProgressReport, Project
from projects.rules.workflow import apply_transition
from projects.services.progress import add_progress_report
from projects.services.steps import take_step
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all

STILL_LATE, ACCEPTED, STOPPED = ("Thêu ren", "Dệt thảm", "Mây tre"), "Chiếu cói", "Gốm sứ"
PUNCTUAL, SILENT, WAITING = "Mộc mỹ nghệ", "Nón lá", "Bánh đa"
SEPTEMBER = dt.date(2006, 9, 30)  # all five were under way then


def tell_late_year(people: Mapping[str, User]) -> AnnualPlan:
    """Seven approved in June, reported in August; one accepted in October, one stopped in November. An eighth waits."""
    plan = make_plan(organisation=people["centre_staff"].memberships.get().scope)
    for name in (*STILL_LATE, ACCEPTED, STOPPED, PUNCTUAL, SILENT):
        make_project(plan=plan, by=people["centre_staff"], name=name, amounts={"KCDP": 10 * MILLION})
    submit_all(plan=plan, by=people["centre_head"])
    wealth = {"KCDP": 100 * MILLION}
    decide(plan=plan, by=people["department_head"], assigned=wealth, approved=requested_cells(plan))
    make_project(plan=plan, by=people["centre_staff"], name=WAITING, amounts={"KCDP": 10 * MILLION})
    for name in (*STILL_LATE, ACCEPTED, STOPPED, PUNCTUAL):
        _begin(name, people, is_on_schedule=name == PUNCTUAL)
    finish(ACCEPTED, people, on=dt.date(2006, 10, 10))
    key = cell_of(STOPPED)
    decide(
        plan=plan,
        by=people["department_head"],
        approved={key: 0},
        stopped=[key],
        number="11/QĐ",
        on=dt.date(2006, 11, 10),
    )
    return plan


def _begin(name: str, people: Mapping[str, User], *, is_on_schedule: bool) -> None:
    """Under contract in July, reported for August."""
    apply_transition(
        Project.objects.get(name=name),
        "contract",
        actor=people["accountant"],
        effective_on=dt.date(2006, 7, 1),
        reason="01/HĐ ngày 01/7/2006",
    )
    project = Project.objects.get(name=name)
    words = {"difficulties": "" if is_on_schedule else "Mưa bão", "percent": 50}
    add_progress_report(
        project=project,
        report=ProgressReport(month=dt.date(2006, 8, 1), is_on_schedule=is_on_schedule, **words),
        amounts={},
        actor=people["centre_staff"],
        version=project.version,
    )


def finish(name: str, people: Mapping[str, User], *, on: dt.date) -> None:
    take_step(Project.objects.get(name=name), "accept", actor=people["centre_head"], on=on, reason="BB nghiệm thu")


def cell_of(name: str) -> CellKey:
    [cost] = Project.objects.get(name=name).lines.get().cost_lines.all()
    return cost.key
