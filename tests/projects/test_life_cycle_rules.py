"""What each step of both life cycles asks besides role and status, against tables written by hand: words, a letter,
somebody who did not take part before, a kind of project, the state of the lines or of the round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from khuyencong.accounts.models import Role, User
from programmes.models import Decision, PlanRound
from projects.models import ApprovalEntry, Project, StatusChange
from projects.rules.transitions import PROJECT_TRANSITIONS, REVIEW_STEPS, ROUND_TRANSITIONS, WORK_STEPS
from projects.rules.workflow import apply_transition, why_not
from tests.factories import source
from tests.people import Tree, make_person
from tests.projects.attempts import words_of
from tests.projects.life_cycle import (
    LINE_OF_STEP,
    ON,
    ROUND_OF_STEP,
    letter_of_nobody,
    of_line,
    starts_from,
    taken_by,
    task_of_nobody,
)

pytestmark = pytest.mark.django_db
CREATE = "create"


@dataclass(frozen=True)
class Rule:
    """``words``: what has to be said; ``not_by``: whoever took one of these steps may not take this one."""

    words: str = ""
    letter: bool = False
    not_by: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("single", "group", "task", "pilot")


JUDGE, DECIDE, ACCOUNT = (CREATE, "submit"), (CREATE, "submit", "appraise"), ("approve", "take_over")
ROUND_RULES = {
    "submit": Rule(),
    "recall": Rule(),
    "return": Rule("lý do", not_by=("submit",)),
    "endorse": Rule(not_by=("submit",)),
    "reopen": Rule("lý do"),
    "forward": Rule(not_by=("submit", "endorse")),
    "approve": Rule(letter=True, not_by=("submit", "endorse")),
    "cancel": Rule("lý do", letter=True),
    "record": Rule(),
}
PROJECT_RULES = {
    "discard": Rule(),  # first: what was sent once is discarded no more
    "submit": Rule(),
    "recall": Rule(),
    "withdraw": Rule("lý do"),
    "appraise": Rule(not_by=JUDGE),
    "return": Rule("lý do", not_by=JUDGE),
    "refuse": Rule("lý do", not_by=JUDGE),
    "reconsider": Rule("lý do", not_by=JUDGE),
    "approve": Rule(letter=True, not_by=DECIDE),
    "reject": Rule("lý do", letter=True, not_by=DECIDE),
    "cancel": Rule("lý do", letter=True),
    "contract": Rule("số, ngày hợp đồng", not_by=ACCOUNT),
    "start": Rule(),
    "start_task": Rule(kinds=("task",)),
    "accept": Rule("số, ngày biên bản nghiệm thu"),
    "settle": Rule("số, ngày hồ sơ quyết toán", not_by=ACCOUNT),
    "liquidate": Rule("số, ngày biên bản thanh lý", not_by=ACCOUNT),
    "stop": Rule("lý do", letter=True),
    "record": Rule("hồ sơ, báo cáo làm căn cứ"),
    "confirm": Rule(letter=True, not_by=(CREATE, "record")),
    "annul": Rule("lý do", letter=True),
    "take_over": Rule(letter=True, not_by=(CREATE, "record")),
}


@pytest.fixture
def people(tree: Tree) -> dict[str, User]:
    """One of each role over the whole province, who did nothing yet."""
    return {role: make_person(role=role, scope=tree.province) for role in Role.values}


@pytest.fixture
def project(tree: Tree) -> Project:
    return task_of_nobody(tree)


@pytest.fixture
def letter(project: Project) -> Decision:
    return letter_of_nobody(project)


def ready(project: Project, name: str, is_round: bool) -> PlanRound | Project:
    """The record in a status from which the step leads on, its line or round as the step needs it."""
    plan_round = PlanRound.objects.get(lines__project=project)
    source_status = starts_from(name, is_round=is_round)
    line = LINE_OF_STEP.get(name, "appraised") if is_round else source_status
    at = source_status if is_round else ROUND_OF_STEP.get(name, "draft")
    Project.objects.filter(pk=project.pk).update(status=line)
    PlanRound.objects.filter(pk=plan_round.pk).update(status=at)
    return PlanRound.objects.get(pk=plan_round.pk) if is_round else Project.objects.get(pk=project.pk)


STEPS = [(True, name) for name in ROUND_RULES] + [(False, name) for name in PROJECT_RULES]


def rule_of(is_round: bool, name: str) -> Rule:
    return (ROUND_RULES if is_round else PROJECT_RULES)[name]


def taking(record: PlanRound | Project, name: str, actor: User, **words: Any) -> Callable[[], Any]:
    common: dict[str, Any] = {"effective_on": ON, "reason": "Lý do"}
    return lambda: apply_transition(record, name, actor=actor, **common | words | of_line(record, name))


def test_no_step_is_outside_the_tables() -> None:
    assert set(ROUND_TRANSITIONS) == set(ROUND_RULES) and set(PROJECT_TRANSITIONS) == set(PROJECT_RULES)


def test_words_and_letters_are_asked_for(people: dict[str, User], project: Project, letter: Decision) -> None:
    for is_round, name in STEPS:
        rule = rule_of(is_round, name)
        actor = people[taken_by(name, is_round=is_round)]
        full, silent, bare = (
            words_of(taking(ready(project, name, is_round), name, actor, **words))
            for words in ({"decision": letter}, {"decision": letter, "reason": " \n"}, {})
        )
        assert full == "", name
        assert silent.endswith(f"cần ghi: {rule.words}.") if rule.words else silent == "", name
        assert bare.endswith("cần có văn bản.") if rule.letter else bare == "", name


def test_whoever_took_part_before_does_not_take_these_steps(people: dict[str, User], project: Project) -> None:
    wrong = []
    for is_round, name in STEPS:
        rule, record = rule_of(is_round, name), ready(project, name, is_round)
        actor = people[taken_by(name, is_round=is_round)]
        for earlier in (CREATE, *(ROUND_RULES if is_round else PROJECT_RULES)):
            start = transaction.savepoint()
            _take_part(record, actor, earlier)
            refused = "Bạn đã" in why_not(actor, record, name, **of_line(record, name))
            transaction.savepoint_rollback(start)
            record = ready(project, name, is_round)
            if refused != (earlier in rule.not_by):
                wrong.append(f"{name} after {earlier}")
    assert not wrong


def _take_part(record: PlanRound | Project, actor: User, earlier: str) -> None:
    """Entering is of projects alone: a round is opened by nobody in particular."""
    if earlier == CREATE:
        if isinstance(record, Project):
            record.created_by = actor
        return
    whose = {"round" if isinstance(record, PlanRound) else "project": record}
    common = {"source_status": "x", "target_status": "y", "actor": actor, "effective_on": ON}
    StatusChange.objects.create(transition=earlier, **whose, **common)


def test_steps_of_one_kind_of_project(people: dict[str, User], project: Project, letter: Decision) -> None:
    for name, rule in PROJECT_RULES.items():
        record = ready(project, name, is_round=False)
        actor = people[taken_by(name, is_round=False)]
        for kind in Project.Kind.values:
            assert isinstance(record, Project)
            record.kind = kind
            said = words_of(taking(record, name, actor, decision=letter))
            record = ready(project, name, is_round=False)
            assert (said == "") == (kind in rule.kinds), (name, kind)
            assert said == "" or "chỉ dành cho: Nhiệm vụ." in said


def test_every_step_of_a_project_raises_its_version(
    people: dict[str, User], project: Project, letter: Decision
) -> None:
    """So that nobody saves over what they did not see; a step of the round leaves it."""
    for is_round, name in STEPS:
        record = ready(project, name, is_round)
        before, source_status = Project.objects.get(pk=project.pk).version, record.status
        actor = people[taken_by(name, is_round=is_round)]
        change = taking(record, name, actor, decision=letter)()
        assert Project.objects.get(pk=project.pk).version == before + (not is_round), name
        assert isinstance(record, PlanRound) or record.version == before + 1
        assert (change.actor, change.effective_on, change.reason, change.decision) == (actor, ON, "Lý do", letter)
        assert (change.transition, change.source_status, change.target_status) == (name, source_status, record.status)


UNSETTLED = {"draft", "submitted", "returned", "approved", "contracted", "in_progress", "accepted"}
GONE = {"refused", "withdrawn", "discarded"}
HINDRANCES = {
    # By the status of the only project: what stands in the way of the round's step. What was approved in another round
    # has to be judged in this one too.
    "endorse": {**dict.fromkeys(UNSETTLED, "Còn 1 đề án"), **dict.fromkeys(GONE, "không có đề án nào được thống nhất")},
    "return": dict.fromkeys(set(Project.Status.values) - GONE - {"returned"}, "Chưa có đề án nào của đợt bị trả lại"),
    "forward": dict.fromkeys(UNSETTLED, "Còn 1 đề án"),
    "approve": {**dict.fromkeys(UNSETTLED, "Còn 1 đề án"), "appraised": "chưa được quyết định"},
    **{name: {} for name in ("submit", "recall", "reopen")},
}


@pytest.mark.parametrize("name", HINDRANCES)
def test_the_lines_of_a_round_stand_in_the_way_of_its_steps(
    name: str, people: dict[str, User], project: Project
) -> None:
    record = ready(project, name, is_round=True)
    actor = people[taken_by(name, is_round=True)]
    for status in Project.Status.values:
        Project.objects.filter(pk=project.pk).update(status=status)
        said, expected = why_not(actor, record, name), HINDRANCES[name].get(status, "")
        assert expected in said if expected else said == "", status


def test_a_line_with_money_waits_for_no_letter(people: dict[str, User], project: Project, letter: Decision) -> None:
    record = ready(project, "approve", is_round=True)
    Project.objects.filter(pk=project.pk).update(status="approved")
    assert "chưa thẩm định xong" in why_not(people["department_head"], record, "approve")
    ApprovalEntry.objects.create(
        decision=letter, plan_line=project.lines.get(), component=project.components.get(), source=source("KCDP"),
        amount_vnd=1, nature="initial", effective_on=ON, recorded_by=letter.recorded_by,
    )  # fmt: skip
    assert why_not(people["department_head"], record, "approve") == ""


def test_a_round_stands_in_the_way_of_steps_of_its_projects(people: dict[str, User], project: Project) -> None:
    for number, status in enumerate(PlanRound.Status.values, start=10):  # those of others say nothing
        PlanRound.objects.create(plan=project.plans[0], level="city", number=number, status=status)
    open_for = {name: {"submitted"} for name in ("appraise", "return", "refuse", "reconsider")}
    open_for |= {name: {"forwarded", "approved"} for name in ("approve", "reject")}
    open_for |= {name: {"past"} for name in ("record", "confirm", "take_over")}
    for name in PROJECT_RULES:
        record = ready(project, name, is_round=False)
        actor = people[taken_by(name, is_round=False)]
        possible = set()
        for status in PlanRound.Status.values:
            PlanRound.objects.filter(lines__project=project).update(status=status)
            if not why_not(actor, record, name, **of_line(record, name)):
                possible.add(status)
        assert possible == open_for.get(name, set(PlanRound.Status.values)), name


REVIEW = ["submit", "recall", "appraise", "return", "refuse", "reconsider", "withdraw", "endorse", "reopen", "forward"]
WORK = ("approve", "take_over", "contract", "start", "start_task", "accept", "settle", "liquidate", "stop")


def follow(earlier: str, name: str) -> bool:
    """Steps of one course; what was sent or appraised later than a letter's day keeps nothing from its day."""
    return any(earlier in course and name in course for course in (REVIEW, WORK))


@pytest.mark.parametrize("is_round", [True, False])
def test_steps_are_not_dated_before_the_last_one_of_their_course(
    people: dict[str, User], project: Project, letter: Decision, is_round: bool
) -> None:
    day_before = ON - dt.timedelta(days=1)
    moved = project.lines.get().round if is_round else project
    steps = ROUND_RULES if is_round else PROJECT_RULES
    for earlier in steps:
        start = transaction.savepoint()
        _take_part(moved, project.created_by, earlier)
        for name in steps:
            record, actor = ready(project, name, is_round), people[taken_by(name, is_round=is_round)]
            said = words_of(taking(record, name, actor, decision=letter, effective_on=day_before))
            assert ("bước liền trước (16/06/2006)" in said) == follow(earlier, name), (earlier, name)
        transaction.savepoint_rollback(start)


def test_every_step_stands_in_the_course_by_which_its_day_is_judged() -> None:
    """A step that stands in neither may bear any past day: what a letter rejects bears the letter's, what a past record
    states that of its file, what was never sent is discarded today, what is annulled that of what it undoes."""
    steps = {*ROUND_TRANSITIONS, *PROJECT_TRANSITIONS}
    assert steps - {*REVIEW_STEPS, *WORK_STEPS} == {"reject", "record", "confirm", "discard", "annul", "cancel"}
    assert {*REVIEW_STEPS, *WORK_STEPS} <= steps and not {*REVIEW_STEPS} & {*WORK_STEPS}
