"""A project of a year that is over enters as its file states it, and opens no way round the separation of duties."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from khuyencong.accounts.models import Membership, User
from khuyencong.asof import AsOf
from programmes.models import AnnualPlan, PlanRound
from projects.figures.plan_grid import latest_results, plan_grid
from projects.models import Contract, PastRecord, ProgressReport, Project, StatusChange
from projects.refusals import FutureDate, NotAllowed, PlanClosed, Refused, TransitionRefused
from projects.rules.permissions import why_not_contract, why_not_edit, why_not_join, why_not_pay
from projects.rules.transitions import PROJECT_TRANSITIONS, ROUND_TRANSITIONS
from projects.rules.workflow import why_not
from projects.services.amounts import AmountChange, update_amounts
from projects.services.decision_checks import DecisionRefused
from projects.services.past_records import StatedOutcome, enter_past_record
from projects.services.progress import add_progress_report
from projects.services.project_entry import ContentInput, ProjectInput, SameName
from projects.services.project_parts import SupportInput
from projects.services.steps import take_step
from tests.factories import (
    MILLION,
    activity,
    decide,
    make_plan,
    make_project,
    place_of,
    requested_cells,
    source,
    submit_all,
)
from tests.people import Tree
from tests.projects.accounting import sign
from tests.projects.life_cycle import of_line

pytestmark = pytest.mark.django_db

DONE = StatedOutcome("carried_out", "báo cáo năm 2006", is_on_schedule=True, words="Đã thực hiện đúng tiến độ.")
JUNE = dt.date(2006, 6, 16)


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    return make_plan(organisation=tree.centre)


def enter(plan: AnnualPlan, by: User, stated: StatedOutcome = DONE, **words: Any) -> PastRecord:
    amounts = words.pop("amounts", {"KCDP": 60 * MILLION})
    contents = [ContentInput(activity(), {source(code): vnd for code, vnd in amounts.items()})]
    supports = [SupportInput(group_description="Lao động nông thôn")]
    data = ProjectInput(plan=plan, contents=contents, places=[place_of(plan)], supports=supports)
    project = Project(name=words.pop("name", "Thêu ren"), kind="group")
    return enter_past_record(project=project, data=data, stated=stated, actor=by, **words)


def confirm(plan: AnnualPlan, by: User, **words: Any) -> None:
    decide(plan=plan, by=by, assigned={"KCDP": 60 * MILLION}, approved=requested_cells(plan), **words)


def test_it_waits_for_the_letter_and_then_ends_as_its_file_says(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    record = enter(plan, centre_staff)
    assert Project.objects.get().status == "stated" and PlanRound.objects.get().status == "past"
    assert plan_grid([plan]).money.approved_vnd is None, "no money without the letter"
    confirm(plan, department_head)
    assert Project.objects.get().status == "past"
    grid = plan_grid([plan])
    assert (grid.money.approved_vnd, grid.schedule.on_schedule_count) == (60 * MILLION, 1)
    assert latest_results([plan]) == {record.project_id: "Đã thực hiện đúng tiến độ."}
    steps = [(step.transition, step.actor, step.known_on) for step in StatusChange.objects.filter(round=None)]
    assert steps == [("record", centre_staff, None), ("confirm", department_head, JUNE)]
    assert not ProgressReport.objects.exists() and str(record) == "Đã thực hiện, chưa rõ ngày"


def test_state_without_a_day_is_said_of_no_day_within_the_year(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    enter(plan, centre_staff)
    confirm(plan, department_head)
    counts = [plan_grid([plan], AsOf(day)).schedule.on_schedule_count for day in (JUNE, dt.date(2006, 12, 30))]
    assert counts == [0, 0]
    assert plan_grid([plan], AsOf(dt.date(2006, 12, 31))).schedule.on_schedule_count == 1
    assert [Project.objects.with_statuses("past", as_of=AsOf(day)).count() for day in (dt.date(2006, 6, 15), JUNE)] == [
        0,
        1,
    ]


def test_state_with_a_day_counts_from_it(plan: AnnualPlan, centre_staff: User) -> None:
    on = dt.date(2007, 1, 22)
    record = enter(plan, centre_staff, StatedOutcome("liquidated", "biên bản thanh lý", on=on))
    assert (record.effective_on, str(record)) == (on, "Đã thanh lý ngày 22/01/2007")
    assert plan_grid([plan]).schedule.unreported_count == 1, "the file says nothing of the schedule"


@pytest.mark.parametrize("role", ["accountant", "reviewer", "department_head"])
def test_only_who_writes_projects_enters_it(plan: AnnualPlan, people: dict[str, User], role: str) -> None:
    with pytest.raises(NotAllowed):
        enter(plan, people[role])
    assert not Project.objects.exists() and not PlanRound.objects.exists()


@pytest.mark.parametrize("years_ahead", [0, 1])
def test_year_has_to_be_over(tree: Tree, centre_staff: User, years_ahead: int) -> None:
    running = make_plan(organisation=tree.centre, year=timezone.localdate().year + years_ahead)
    with pytest.raises(Refused, match="năm đã qua"):
        enter(running, centre_staff)
    assert not Project.objects.exists() and not PlanRound.objects.exists()


def test_closed_year_takes_none(plan: AnnualPlan, centre_staff: User) -> None:
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        enter(plan, centre_staff)


def test_plan_that_took_the_ordinary_steps_takes_none(plan: AnnualPlan, centre_staff: User, centre_head: User) -> None:
    """What was sent is judged by the Department: it does not come back as something that nobody judged."""
    make_project(plan=plan, by=centre_staff, name="Dệt chiếu")
    submit_all(plan=plan, by=centre_head)
    with pytest.raises(Refused, match="phải qua các bước này"):
        enter(plan, centre_staff)


def test_same_project_is_entered_once(plan: AnnualPlan, centre_staff: User) -> None:
    record = enter(plan, centre_staff)
    with pytest.raises(SameName):
        enter(plan, centre_staff)
    with pytest.raises(Refused):
        data = ProjectInput(plan=plan, contents=[ContentInput(activity(), {source("KCDP"): MILLION})])
        enter_past_record(project=record.project, data=data, stated=DONE, actor=centre_staff, is_another=True)
    assert PastRecord.objects.count() == 1


def test_running_project_is_made_no_past_record(plan: AnnualPlan, centre_staff: User) -> None:
    project = make_project(plan=plan, by=centre_staff)
    with pytest.raises(TransitionRefused):
        take_step(project, "record", actor=centre_staff, on=JUNE, reason="báo cáo")
    assert "không nằm trong đợt hồ sơ cũ" in why_not(centre_staff, project, "record")
    assert "theo các bước gửi, thẩm định thông thường" in why_not(centre_staff, PlanRound.objects.get(), "record")


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (StatedOutcome("carried_out", " "), "làm căn cứ"),
        (StatedOutcome("carried_out", "báo cáo", on=dt.date(2005, 12, 31)), "trước năm kế hoạch"),
        (StatedOutcome("running", "báo cáo"), "running"),
    ],
)
def test_what_the_file_can_not_say_is_refused(
    plan: AnnualPlan, centre_staff: User, stated: StatedOutcome, message: str
) -> None:
    with pytest.raises(Refused, match=message):
        enter(plan, centre_staff, stated)
    assert not Project.objects.exists()


def test_day_to_come_and_money_of_nobody_are_refused(plan: AnnualPlan, centre_staff: User) -> None:
    with pytest.raises(FutureDate):
        enter(plan, centre_staff, StatedOutcome("accepted", "báo cáo", on=dt.date(2099, 1, 1)))
    with pytest.raises(Refused, match="kinh phí nhà nước"):
        enter(plan, centre_staff, amounts={"DOIUNG": MILLION})


def test_who_entered_it_does_not_confirm_its_money(plan: AnnualPlan, centre_staff: User, tree: Tree) -> None:
    Membership.objects.create(user=centre_staff, scope=tree.department, role="department_head")
    enter(plan, User.objects.get(pk=centre_staff.pk))
    with pytest.raises(TransitionRefused, match="Bạn đã lập đề án này"):
        confirm(plan, User.objects.get(pk=centre_staff.pk))
    assert Project.objects.get().status == "stated" and plan_grid([plan]).money.approved_vnd is None


def test_letter_keeps_all_its_limits(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    enter(plan, centre_staff)
    with pytest.raises(DecisionRefused):
        decide(plan=plan, by=department_head, assigned={"KCDP": 59 * MILLION}, approved=requested_cells(plan))
    with pytest.raises(NotAllowed):
        confirm(plan, centre_staff)
    assert Project.objects.get().status == "stated"


def can_anybody(people: dict[str, User], project: Project, name: str) -> bool:
    return any(not why_not(user, project, name, **of_line(project, name)) for user in people.values())


def test_it_takes_no_ordinary_step_before_or_after(
    plan: AnnualPlan, people: dict[str, User], department_head: User
) -> None:
    """Nobody pays, contracts, reports, edits or moves on what nobody appraised."""
    staff = people["centre_staff"]
    record = enter(plan, staff)
    taken_back = {"withdraw", "discard", "confirm"}
    for confirmed in (False, True):
        if confirmed:
            confirm(plan, department_head)
        project = Project.objects.get(pk=record.project_id)
        allowed = {name for name in PROJECT_TRANSITIONS if can_anybody(people, project, name)}
        assert allowed == ({"annul"} if confirmed else taken_back)
        [plan_round] = PlanRound.objects.all()
        assert not [n for n in ROUND_TRANSITIONS if any(not why_not(u, plan_round, n) for u in people.values())]
        accountant = people["accountant"]
        assert why_not_pay(accountant, project) and why_not_contract(accountant, project)
        assert why_not_edit(staff, project) and why_not_join(staff, project)
        [cell] = requested_cells(plan)
        with pytest.raises(Refused):
            sign(cell, accountant, 60)
        with pytest.raises(Refused):
            report = ProgressReport(month=dt.date(2006, 12, 1), is_on_schedule=True)
            add_progress_report(project=project, report=report, amounts={}, actor=staff, version=project.version)
        with pytest.raises(Refused):
            change = AmountChange(cell[1], source("KCDP"), 60 * MILLION, 70 * MILLION)
            update_amounts(plan=plan, changes=[change], actor=staff)
    assert not Contract.objects.exists()


def test_wrong_record_is_withdrawn_and_entered_again(plan: AnnualPlan, centre_staff: User, centre_head: User) -> None:
    record = enter(plan, centre_staff)
    take_step(record.project, "withdraw", actor=centre_head, on=dt.date(2006, 1, 2), reason="Nhập nhầm")
    enter(plan, centre_staff, is_another=True)
    assert list(Project.objects.order_by("pk").values_list("status", flat=True)) == ["withdrawn", "stated"]
    assert PlanRound.objects.count() == 1


def test_ordinary_project_gets_a_round_of_its_own(plan: AnnualPlan, centre_staff: User) -> None:
    enter(plan, centre_staff)
    project = make_project(plan=plan, by=centre_staff, name="Dệt chiếu")
    assert project.lines.get().round.status == "draft"


def test_pages_say_that_it_is_stated(
    plan: AnnualPlan, centre_staff: User, department_head: User, client: Client
) -> None:
    record = enter(plan, centre_staff)
    client.force_login(department_head)
    letter = client.get(f"/plans/{plan.pk}/decisions/new/").content.decode()
    assert "Thêu ren" in letter, "the head confirms it on the page of any letter"
    confirm(plan, department_head)
    page = client.get(record.project.get_absolute_url()).content.decode()
    assert "trạng thái theo hồ sơ: Đã thực hiện, chưa rõ ngày" in page
    assert "Đã thực hiện đúng tiến độ." in page and "Căn cứ: báo cáo năm 2006." in page
    journal = client.get("/history/").content.decode()
    assert "Xác nhận hồ sơ cũ" in journal and "chưa rõ ngày" in journal
    taken = client.get("/reports/take-out.csv", {"table": "ho-so-cu"})
    assert taken.status_code == 200
