"""Every order of steps of two rounds that share a project and have one of their own, against what is told by hand in
``two_rounds``: what leads where, what is refused, and that nothing goes up or is approved with an open line.

From each way to stand, with the rounds taken for each other, every step that can be taken is taken. Every step that
can't is tried from each that differs in something a step reads (``Told.in_play``).
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision, PlanRound
from projects.models import PlanLine, Project
from projects.refusals import Refused
from projects.services.cancelling import cancel_decision
from projects.services.decisions import ApprovedChange, record_decision
from projects.services.review import reconsider_line, review_project
from projects.services.rounds import recall_round, resubmit_project, submit_round
from projects.services.steps import take_step
from tests.factories import MILLION, all_met, decide, make_decision, make_plan, make_project, requested_cells
from tests.people import Tree, make_person
from tests.projects.two_rounds import A, B, Step, Told, led_to, steps

pytestmark = pytest.mark.django_db
ON = dt.date(2006, 3, 1)
CONCLUSIONS = {"accept": "accept", "return": "return", "refuse": "refuse"}
LINE_WORDS = {"waiting": "submitted", "accepted": "appraised", "refused": "refused", "dropped": "refused"}


@dataclass
class Office:
    """The rounds of national and of city money, their projects and the people; each step by whoever takes it."""

    plan: AnnualPlan
    rounds: list[PlanRound]
    shared: Project
    own: list[Project]
    head: User
    reviewers: list[User]
    department: User
    cells: dict[tuple[int, int], tuple[int, int, int]]  # by project and round
    numbers: count[int]

    def take(self, step: Step) -> None:
        name, at = step
        if at is None:
            self._of_project(name)
        elif name in CONCLUSIONS:
            self._conclude(self.shared, at, name)
        elif name in ("grant", "drop", "pass_by"):
            self._letter(at, name)
        else:
            self._of_round(name, self.rounds[at], at)

    def _of_project(self, name: str) -> None:
        words: dict[str, Any] = {"actor": self.head, "on": ON}
        if name == "resend":
            resubmit_project(project=self.shared, **words)
        else:
            take_step(self.shared, "withdraw", reason="Không còn nhu cầu", **words)

    def _conclude(self, project: Project, at: int, conclusion: str) -> None:
        review_project(
            plan_round=self.rounds[at],
            project=project,
            conclusion=conclusion,
            answers=all_met() if conclusion == "accept" else {},
            note="Lý do",
            actor=self.reviewers[at],
            on=ON,
            version=Project.objects.values_list("version", flat=True).get(pk=project.pk),
        )

    def _of_round(self, name: str, plan_round: PlanRound, at: int) -> None:
        head: dict[str, Any] = {"actor": self.head, "on": ON}
        reviewer: dict[str, Any] = {"actor": self.reviewers[at], "on": ON}
        department: dict[str, Any] = {"actor": self.department, "on": ON, "reason": "Lý do"}
        if name == "cancel":
            self._cancel(plan_round)
        elif name == "endorse":
            if Project.objects.get(pk=self.own[at].pk).status == "submitted":
                self._conclude(self.own[at], at, "accept")
            take_step(plan_round, "endorse", **reviewer)
        else:
            ways: dict[str, Callable[[], Any]] = {
                "submit": lambda: submit_round(plan_round=plan_round, **head),
                "recall": lambda: recall_round(plan_round=plan_round, **head),
                "reconsider": lambda: reconsider_line(
                    plan_round=plan_round, project=self.shared, reason="Lý do", **reviewer
                ),
                "return_round": lambda: take_step(plan_round, "return", reason="Lý do", **reviewer),
                "reopen": lambda: take_step(plan_round, "reopen", **department),
                "forward": lambda: take_step(plan_round, "forward", **department),
            }
            ways[name]()

    def _letter(self, at: int, name: str) -> None:
        amounts = {self.own[at].pk: 10 * MILLION, self.shared.pk: 20 * MILLION if name == "grant" else 0}
        if name == "pass_by":
            del amounts[self.shared.pk]
        level = ("central", "city")[at]
        number = f"{next(self.numbers)}/QĐ"
        record_decision(
            plan=self.plan,
            decision=make_decision(organisation=self.plan.organisation.parent, number=number, on=ON, level=level),
            assigned=[],
            approved=[ApprovedChange(self.cells[pk, at], None, vnd) for pk, vnd in amounts.items()],
            nature="adjustment",
            actor=self.department,
        )

    def _cancel(self, plan_round: PlanRound) -> None:
        letter = Decision.objects.filter(status_changes__round=plan_round).order_by("-pk").first()
        if letter is None:
            raise Refused("Chưa có văn bản nào.")
        cancel_decision(decision=letter, reason="Ghi nhầm", actor=self.department)

    def told(self, expected: Told) -> dict[str, Any]:
        """What the records say, in the words in which ``said`` puts what is expected."""
        lines = PlanLine.objects.filter(project=self.shared).with_status().values_list("round", "status_then")
        found = dict(lines) if expected.hand == "department" else {}
        rounds = dict(PlanRound.objects.values_list("pk", "status"))
        projects = dict(Project.objects.values_list("pk", "status"))
        return {
            "rounds": tuple(rounds[one.pk] for one in self.rounds),
            "project": projects[self.shared.pk],
            "lines": tuple(found[one.pk] for one in self.rounds if found),
            "own": tuple(projects[one.pk] in ("appraised", "approved") for one in self.own),
        }


def said(told: Told) -> dict[str, Any]:
    return {
        "rounds": told.rounds,
        "project": told.project,
        "lines": tuple(
            "approved" if at in told.granted else LINE_WORDS[told.lines[at]] for at in (A, B)
        ) if told.hand == "department" else (),
        "own": tuple(one != "waiting" for one in told.own),
    }  # fmt: skip


@pytest.fixture
def office(
    tree: Tree,
    centre_staff: User,
    centre_head: User,
    reviewer: User,
    department_head: User,
    monkeypatch: pytest.MonkeyPatch,
) -> Office:
    monkeypatch.setattr("projects.services.review.appraisal_sheet", lambda *of, on: {})  # papers are not the point
    monkeypatch.setattr("projects.services.review.keep_appraisal", lambda appraisal: None)
    plan = make_plan(organisation=tree.centre)
    both = {"KCQG": 20 * MILLION, "KCDP": 20 * MILLION}
    shared = make_project(plan=plan, by=centre_staff, name="Chung", amounts=both)
    own = [
        make_project(plan=plan, by=centre_staff, name=f"Riêng {code}", amounts={code: 10 * MILLION})
        for code in ("KCQG", "KCDP")
    ]
    rounds = [PlanRound.objects.get(level=level) for level in ("national", "city")]
    decide(plan=plan, by=department_head, assigned={"KCQG": 90 * MILLION, "KCDP": 90 * MILLION}, on=ON)
    lines = PlanLine.objects.select_related("round").in_bulk()
    at = {one.pk: position for position, one in enumerate(rounds)}
    cells = {(lines[key[0]].project_id, at[lines[key[0]].round_id]): key for key in requested_cells(plan)}
    second = make_person(role="reviewer", scope=tree.department, username="reviewer_2")
    return Office(
        plan, rounds, shared, own, centre_head, [reviewer, second], department_head, cells, count(1)
    )  # fmt: skip


def mirrored(told: Told) -> Told:
    """The same with the rounds changed for each other."""
    turned = {name: getattr(told, name)[::-1] for name in ("rounds", "lines", "own")}
    return replace(told, granted=tuple(1 - at for at in told.granted), **turned)


def test_told_by_hand_nothing_open_goes_up_and_what_is_in_play_decides() -> None:
    seen, waiting = {Told()}, [Told()]
    while waiting:
        told = waiting.pop()
        _nothing_open_goes_up(told, ())
        led = {step: after for step in steps(told) if (after := led_to(told, step))}
        again = {step: after for step in steps(told.in_play) if (after := led_to(told.in_play, step))}
        assert {step: after.in_play for step, after in led.items()} == {
            step: one.in_play for step, one in again.items()
        }
        found = set(led.values()) - seen
        seen |= found
        waiting += found
    assert len(seen) > 1000


@pytest.mark.long
@pytest.mark.once
def test_every_order_of_steps_leads_where_it_is_told(office: Office) -> None:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    seen: set[Told] = set()
    try:
        _walk(office, Told(), seen, set(), ())
    finally:
        sys.setrecursionlimit(before)
    assert len(seen) == 577


def _walk(office: Office, told: Told, seen: set[Told], refused: set[Told], way: tuple[Step, ...]) -> None:
    """Goes on from where the records stand, and takes each step back again. ``refused``: where every step that can't be
    taken was tried."""
    seen.add(told)
    is_tried = bool(refused & {told.in_play, mirrored(told.in_play)})
    refused.add(told.in_play)
    for step in steps(told):
        expected = led_to(told, step)
        if expected is None and is_tried:
            continue
        point = transaction.savepoint()
        try:
            with transaction.atomic():
                office.take(step)
        except Refused as refusal:
            assert expected is None, f"{step} is refused after {way}: {refusal}"
        else:
            assert expected is not None, f"{step} is taken after {way}"
            assert office.told(expected) == said(expected), f"after {(*way, step)}"
            _nothing_open_goes_up(expected, (*way, step))
            if expected not in seen and mirrored(expected) not in seen:
                _walk(office, expected, seen, refused, (*way, step))
        transaction.savepoint_rollback(point)


def _nothing_open_goes_up(told: Told, way: tuple[Step, ...]) -> None:
    assert all(told.is_resolved(at) for at in (A, B) if told.rounds[at] in ("forwarded", "approved")), way
