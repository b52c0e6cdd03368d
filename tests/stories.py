"""A year told with dates, each thing recorded on the day on which somebody would have recorded it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest import mock

from django.utils import timezone

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision, PlanRound
from projects.ledger.remainders import approved_cells
from projects.models import ApprovalEntry, CellKey, ProgressReport, Project
from projects.rules.workflow import apply_transition
from projects.services.adjust import Adjusted, adjust_project
from projects.services.corrections import Correction, record_corrections
from projects.services.progress import add_progress_report
from projects.services.project_parts import SupportInput
from tests.factories import (
    MILLION,
    decide,
    district,
    forward_all,
    make_decision,
    make_plan,
    make_project,
    requested_cells,
    review,
    submit_all,
)

EMBROIDERY, WEAVING, BULLETIN = "Thêu ren", "Dệt thảm", "Bản tin"


@contextmanager
def recorded(on: dt.date) -> Iterator[None]:
    """What is written inside was recorded at noon of that day; no row is changed afterwards."""
    noon = timezone.make_aware(dt.datetime.combine(on, dt.time(12)))
    with mock.patch("django.utils.timezone.now", return_value=noon):
        yield


def day(month: int, number: int) -> dt.date:
    return dt.date(2006, month, number)


def cell_of(plan: AnnualPlan, name: str) -> CellKey:
    [key] = [key for key in requested_cells(plan) if Project.objects.get(lines=key[0]).name == name]
    return key


def tell_year(people: Mapping[str, User]) -> AnnualPlan:
    """Entered in February, approved in June; adjusted in August and September; a slip of June found in October;
    one project stopped in November. A third is refused in March."""
    staff = people["centre_staff"]
    with recorded(day(2, 1)):
        plan = make_plan(organisation=staff.memberships.get().scope)
        make_project(plan=plan, by=staff, name=EMBROIDERY)
        amounts = {"KCDP": 50 * MILLION}
        make_project(plan=plan, by=staff, name=WEAVING, amounts=amounts, places=[district("314", "Huyện Kiến Thụy")])
        make_project(plan=plan, by=staff, name=BULLETIN, amounts={"KCDP": 10 * MILLION})
    with recorded(day(3, 1)):
        submit_all(plan=plan, by=people["centre_head"])
    with recorded(day(3, 2)):
        bulletin = Project.objects.get(name=BULLETIN)
        plan_round = PlanRound.objects.get(plan=plan)
        reviewer = people["reviewer"]
        review(plan_round=plan_round, project=bulletin, by=reviewer, conclusion="refuse", note="Không phù hợp")
        forward_all(plan=plan, reviewer=reviewer, head=people["department_head"])
    _approve(plan, people)
    _work_until_september(plan, people)
    _correct_and_stop(plan, people)
    return plan


def _approve(plan: AnnualPlan, people: Mapping[str, User]) -> None:
    """The letter of 16 June came on the 20th; 40 triệu was typed for the weaving instead of 45."""
    first = {cell_of(plan, EMBROIDERY): 60 * MILLION, cell_of(plan, WEAVING): 40 * MILLION}
    with recorded(day(6, 20)):
        decide(plan=plan, by=people["department_head"], assigned={"KCDP": 120 * MILLION}, approved=first)
    with recorded(day(7, 3)):
        for project in Project.objects.with_statuses("approved"):
            apply_transition(
                project, "contract", actor=people["accountant"], effective_on=day(7, 1), reason="01/HĐ ngày 01/7/2006"
            )


def _report(plan: AnnualPlan, people: Mapping[str, User], month: int, vnd: int) -> None:
    """Of the embroidery, on the 10th of the month after."""
    project = Project.objects.get(name=EMBROIDERY)
    with recorded(day(month + 1, 10)):
        add_progress_report(
            project=project,
            report=ProgressReport(month=day(month, 1), is_on_schedule=month != 8, done=f"Đã làm tháng {month}"),
            amounts={cell_of(plan, EMBROIDERY): vnd},
            actor=people["centre_staff"],
            version=project.version,
        )


def move(
    plan: AnnualPlan, by: User, *, on: dt.date, number: str, to: tuple[str, str], group: str, name: str = EMBROIDERY
) -> None:
    """The project goes to another district, for other people."""
    project = Project.objects.get(name=name)
    adjust_project(
        project=project,
        plan=plan,
        decision=make_decision(organisation=plan.organisation.parent, number=number, on=on),
        wanted=Adjusted(None, day(12, 15), "units", [district(*to)], [SupportInput(group_description=group)]),
        reason="Chuyển địa bàn",
        actor=by,
        version=project.version,
    )


def _work_until_september(plan: AnnualPlan, people: Mapping[str, User]) -> None:
    head = people["department_head"]
    _report(plan, people, 6, 10 * MILLION)
    _report(plan, people, 7, 25 * MILLION)
    with recorded(day(8, 12)):
        move(plan, head, on=day(8, 10), number="8/QĐ", to=("314", "Huyện Kiến Thụy"), group="Phụ nữ Kiến Thụy")
    with recorded(day(9, 6)):
        decide(plan=plan, by=head, approved={cell_of(plan, EMBROIDERY): 50 * MILLION}, number="9/QĐ", on=day(9, 5))
    _report(plan, people, 8, 30 * MILLION)


def _correct_and_stop(plan: AnnualPlan, people: Mapping[str, User]) -> None:
    line, component, source = cell_of(plan, WEAVING)
    slip = ApprovalEntry.objects.get(plan_line=line, component=component, source=source)
    with recorded(day(10, 20)):
        record_corrections(
            decision=Decision.objects.get(number="341/UBND-CN"),
            corrections=[Correction(slip, 40 * MILLION, 45 * MILLION)],
            reason="Gõ nhầm",
            actor=people["department_head"],
        )
    key = (line, component, source)
    assert approved_cells(plan)[key] == 45 * MILLION
    with recorded(day(11, 12)):
        decide(
            plan=plan, by=people["department_head"], approved={key: 0}, stopped=[key], number="11/QĐ", on=day(11, 10)
        )
