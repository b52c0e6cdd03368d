"""What does not wait although its neighbours do: a task needs no contract, finished work is late no more."""

from __future__ import annotations

import datetime as dt

import pytest

from khuyencong.accounts.models import User
from projects.desk.inbox import inbox
from projects.models import ProgressReport, Project
from projects.services.progress import add_progress_report
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all
from tests.kept import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def approved(centre_staff: User, centre_head: User, department_head: User) -> list[Project]:
    """A project and a task, both with money."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for kind in (Project.Kind.GROUP, Project.Kind.TASK):
        make_project(plan=plan, by=centre_staff, name=f"Đề án {kind}", kind=kind, amounts={"KCDP": 10 * MILLION})
    submit_all(plan=plan, by=centre_head)
    decide(plan=plan, by=department_head, assigned={"KCDP": 20 * MILLION}, approved=requested_cells(plan))
    return list(Project.objects.order_by("pk"))


def counts(user: User) -> dict[str, int]:
    return {task.label: task.count for task in inbox(User.objects.get(pk=user.pk))}


def test_task_does_not_wait_for_a_contract(approved: list[Project], accountant: User) -> None:
    assert counts(accountant) == {"Đã duyệt, chờ ký hợp đồng": 1}


@pytest.mark.parametrize("status", ["accepted", "settled", "liquidated", "stopped"])
def test_what_is_over_is_late_no_more(approved: list[Project], centre_staff: User, status: str) -> None:
    for project in approved:
        report = ProgressReport(month=dt.date(2006, 7, 1), is_on_schedule=False, percent=50)
        add_progress_report(project=project, report=report, amounts={}, actor=centre_staff, version=project.version)
    assert counts(centre_staff) == {"Chậm tiến độ": 2}
    Project.objects.filter(pk=approved[0].pk).update(status=status)
    assert counts(centre_staff) == {"Chậm tiến độ": 1}
