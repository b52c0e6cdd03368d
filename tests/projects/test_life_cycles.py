"""Both life cycles, cell by cell: every status × step × role × own or other scope against a table written by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from khuyencong.accounts.models import User
from programmes.models import Decision, PlanRound
from projects.desk.actions import next_step
from projects.models import Project, StatusChange
from projects.refusals import TransitionRefused
from projects.rules.transitions import PROJECT_TRANSITIONS, ROUND_TRANSITIONS
from projects.rules.workflow import apply_transition, why_not
from projects.services.steps import take_step
from tests.factories import make_plan, make_project, review, submit_all
from tests.people import Tree, make_each_role_twice
from tests.projects.life_cycle import (
    LINE_OF_STEP,
    ON,
    PROJECT_CELLS,
    ROUND_CELLS,
    ROUND_OF_STEP,
    letter_of_nobody,
    of_line,
    task_of_nobody,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(tree: Tree) -> dict[tuple[str, str], User]:
    return make_each_role_twice(tree)


@pytest.fixture
def project(tree: Tree) -> Project:
    return task_of_nobody(tree)


@pytest.fixture
def letter(project: Project) -> Decision:
    return letter_of_nobody(project)


def test_tables_are_the_ones_written_here() -> None:
    for table, cells in ((ROUND_TRANSITIONS, ROUND_CELLS), (PROJECT_TRANSITIONS, PROJECT_CELLS)):
        found = {
            (name, source): (str(step.target), {str(role) for role in step.roles})
            for name, step in table.items()
            for source in step.sources
        }
        assert found == cells


@pytest.mark.parametrize(
    ("cells", "statuses"),
    [(ROUND_CELLS, PlanRound.Status.values), (PROJECT_CELLS, Project.Status.values)],
    ids=["round", "project"],
)
def test_every_status_is_reached_from_the_draft(cells: dict[Any, Any], statuses: list[str]) -> None:
    reached = {"draft"}
    while found := {to for (_, source), (to, _who) in cells.items() if source in reached} - reached:
        reached |= found
    assert reached == set(statuses)


def attempt(record: PlanRound | Project, name: str, actor: User, letter: Decision) -> str | None:
    """The status that the step leads to, or None when it is refused; undone again."""
    try:
        with transaction.atomic():
            change = apply_transition(
                record, name, actor=actor, effective_on=ON, reason="Lý do", decision=letter, **of_line(record, name)
            )
            assert change.actor == actor
            raise _Undo(type(record).objects.get(pk=record.pk).status)
    except _Undo as undone:
        return undone.status
    except TransitionRefused as refusal:
        assert str(refusal)
        return None


class _Undo(Exception):
    def __init__(self, status: str) -> None:
        self.status = status


def walk(
    kind: type[PlanRound] | type[Project], pk: int, name: str, people: dict[tuple[str, str], User], letter: Decision
) -> Iterator[tuple[tuple[str, str, str], str | None]]:
    """((status, scope, role), where the step led) for every status and person."""
    for status in kind.Status.values:
        kind.objects.filter(pk=pk).update(status=status)
        for (scope, role), actor in people.items():
            yield (status, scope, role), attempt(kind.objects.get(pk=pk), name, actor, letter)


def test_page_says_what_comes_next_and_who_does_it(project: Project) -> None:
    """Of each status that is not an end, a step that leaves it; a task needs no contract."""
    ends = {"approved", "past"}
    for status in PlanRound.Status.values:
        words = next_step(PlanRound(status=status))
        names = [step.label for step in ROUND_TRANSITIONS.values() if status in step.sources]
        assert bool(words) == (status not in ends) and (not words or words.partition(":")[0] in names)
    ends = {"refused", "liquidated", "stopped", "withdrawn", "discarded", "past"}
    for status in Project.Status.values:
        words = next_step(Project(status=status, kind=Project.Kind.SINGLE))
        names = [step.label for step in PROJECT_TRANSITIONS.values() if status in step.sources]
        assert bool(words) == (status not in ends) and (not words or words.partition(":")[0] in names)
    assert next_step(Project(status="approved", kind="task")).startswith("Bắt đầu thực hiện nhiệm vụ:")


@pytest.mark.parametrize("name", PROJECT_TRANSITIONS)
def test_each_step_of_a_project(
    name: str, people: dict[tuple[str, str], User], project: Project, letter: Decision
) -> None:
    PlanRound.objects.update(status=ROUND_OF_STEP.get(name, "draft"))
    for (status, scope, role), led_to in walk(Project, project.pk, name, people, letter):
        target, roles = PROJECT_CELLS.get((name, status), (None, set()))
        expected = target if scope == "own" and role in roles else None
        assert led_to == expected, (status, scope, role)


@pytest.mark.parametrize("name", ROUND_TRANSITIONS)
def test_each_step_of_a_round(
    name: str, people: dict[tuple[str, str], User], project: Project, letter: Decision
) -> None:
    """The project of the round stands as the step needs it: returned, judged, or decided (here: refused)."""
    plan_round = project.lines.get().round
    Project.objects.update(status=LINE_OF_STEP.get(name, "appraised"))
    for (status, scope, role), led_to in walk(PlanRound, plan_round.pk, name, people, letter):
        target, roles = ROUND_CELLS.get((name, status), (None, set()))
        expected = target if scope == "own" and role in roles else None
        assert led_to == expected, (status, scope, role)


# Who did the earlier step may not do the later one, even when they hold both roles.
SEPARATED = {
    ("appraise", "submitted", "submit"),
    ("return", "submitted", "submit"),
    ("refuse", "submitted", "submit"),
    ("approve", "appraised", "submit"),
    ("approve", "appraised", "appraise"),
    ("reject", "appraised", "appraise"),
    ("contract", "approved", "approve"),
    ("settle", "accepted", "approve"),
    ("liquidate", "settled", "approve"),
    ("confirm", "stated", "record"),
}


@pytest.mark.parametrize(("name", "status", "earlier"), sorted(SEPARATED))
def test_nobody_judges_or_pays_what_they_did_before(
    name: str, status: str, earlier: str, people: dict[tuple[str, str], User], project: Project, letter: Decision
) -> None:
    _target, [role] = PROJECT_CELLS[name, status]
    actor = people["own", role]
    Project.objects.filter(pk=project.pk).update(status=status)
    PlanRound.objects.update(status=ROUND_OF_STEP.get(name, "draft"))
    project.refresh_from_db()
    assert why_not(actor, project, name, **of_line(project, name)) == ""
    StatusChange.objects.create(
        project=project, transition=earlier, source_status="x", target_status="y", actor=actor, effective_on=ON
    )
    assert "Bạn đã thực hiện bước" in why_not(actor, project, name, **of_line(project, name))
    assert attempt(project, name, actor, letter) is None


@pytest.mark.parametrize("name", ["appraise", "return", "refuse"])
def test_who_entered_a_project_does_not_judge_it(
    name: str, people: dict[tuple[str, str], User], project: Project, letter: Decision
) -> None:
    reviewer = people["own", "reviewer"]
    Project.objects.update(status="submitted", created_by=reviewer)
    PlanRound.objects.update(status="submitted")
    project.refresh_from_db()
    assert "Bạn đã lập đề án này" in why_not(reviewer, project, name, **of_line(project, name))
    assert attempt(project, name, reviewer, letter) is None


@pytest.mark.parametrize(
    ("name", "status", "role", "missing", "message"),
    [
        ("return", "submitted", "reviewer", {"reason": " "}, "cần ghi: lý do"),
        ("refuse", "submitted", "reviewer", {"reason": ""}, "cần ghi: lý do"),
        ("withdraw", "draft", "centre_head", {"reason": ""}, "cần ghi: lý do"),
        ("contract", "approved", "accountant", {"reason": ""}, "số, ngày hợp đồng"),
        ("accept", "in_progress", "centre_head", {"reason": ""}, "biên bản nghiệm thu"),
        ("stop", "approved", "department_head", {"decision": None}, "cần có văn bản"),
        ("stop", "approved", "department_head", {"reason": ""}, "cần ghi: lý do"),
        ("approve", "appraised", "department_head", {"decision": None}, "cần có văn bản"),
        ("contract", "approved", "accountant", {"effective_on": dt.date(2099, 1, 1)}, "không được sau hôm nay"),
        ("start", "approved", "centre_staff", {}, "không thực hiện được bước"),
        ("contract", "approved", "centre_staff", {}, "do kế toán thực hiện"),
    ],
)
def test_step_without_what_it_needs_is_refused_in_words_and_writes_nothing(
    name: str,
    status: str,
    role: str,
    missing: dict[str, Any],
    message: str,
    people: dict[tuple[str, str], User],
    project: Project,
    letter: Decision,
) -> None:
    Project.objects.update(status=status)
    PlanRound.objects.update(status=ROUND_OF_STEP.get(name, "draft"))
    project.refresh_from_db()
    words: dict[str, Any] = {"effective_on": ON, "reason": "Lý do", "decision": letter} | missing
    with pytest.raises(TransitionRefused, match=message):
        apply_transition(project, name, actor=people["own", role], **words, **of_line(project, name))
    assert not StatusChange.objects.exists()
    assert Project.objects.get(pk=project.pk).status == status


def test_step_replayed_from_an_old_page_is_refused(people: dict[tuple[str, str], User], project: Project) -> None:
    head = people["own", "centre_head"]
    old = Project.objects.get(pk=project.pk)
    apply_transition(project, "submit", actor=head, effective_on=ON)
    with pytest.raises(TransitionRefused, match="Trạng thái đã thay đổi"):
        apply_transition(old, "submit", actor=head, effective_on=ON)
    assert StatusChange.objects.count() == 1


def test_steps_of_the_work_are_dated_in_their_order(people: dict[tuple[str, str], User], project: Project) -> None:
    Project.objects.update(status="approved")
    project.refresh_from_db()
    accountant, staff = people["own", "accountant"], people["own", "centre_staff"]
    apply_transition(project, "contract", actor=accountant, effective_on=ON, reason="05/HĐ")
    with pytest.raises(TransitionRefused, match=r"bước liền trước \(16/06/2006\)"):
        take_step(project, "start", actor=staff, on=dt.date(2006, 6, 15))
    assert take_step(project, "start", actor=staff, on=ON).target_status == "in_progress"


def test_round_is_endorsed_only_when_each_line_is_settled(
    tree: Tree, centre_staff: User, centre_head: User, reviewer: User
) -> None:
    plan = make_plan(organisation=tree.centre)
    projects = [make_project(plan=plan, by=centre_staff, name=f"Đề án {number}") for number in range(3)]
    submit_all(plan=plan, by=centre_head)
    plan_round = PlanRound.objects.get()
    review(plan_round=plan_round, project=projects[0], by=reviewer)
    assert "Còn 2 đề án" in why_not(reviewer, plan_round, "endorse")
    assert "Chưa có đề án nào của đợt bị trả lại" in why_not(
        reviewer, plan_round, "return", **of_line(plan_round, "return")
    )
    review(plan_round=plan_round, project=projects[1], by=reviewer, conclusion="return", note="Bổ sung dự toán")
    assert "Còn 2 đề án" in why_not(reviewer, plan_round, "endorse"), "a returned line is not settled"
    assert why_not(reviewer, plan_round, "return") == ""
    take_step(projects[1], "withdraw", actor=centre_head, on=ON, reason="Không còn nhu cầu")
    review(plan_round=plan_round, project=projects[2], by=reviewer, conclusion="refuse", note="Trùng nội dung")
    assert why_not(reviewer, plan_round, "endorse") == ""
    assert Project.objects.get(pk=projects[0].pk).status == "appraised", "the others stay as decided"
