"""In which state of its project, and of its round, each write is possible: against tables written by hand.

The records that the calls hold were read before the state was changed, so a write that trusts them fails here too.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from khuyencong.accounts.models import User
from programmes.models import PlanRound
from projects.models import Project
from projects.rules.permissions import (
    hindrance_to_adjusting,
    hindrance_to_contracting,
    hindrance_to_editing,
    hindrance_to_joining,
    hindrance_to_paying,
    hindrance_to_reporting,
)
from tests.projects.accounting import pay
from tests.projects.attempts import code_of, refusal_of
from tests.projects.world import World
from tests.projects.writes import calls

pytestmark = pytest.mark.django_db

EVERY = set(Project.Status.values)
WRITABLE = {"draft", "returned"}
WORKED_ON = {"approved", "contracted", "in_progress", "accepted"}
PAID = WORKED_ON | {"settled"}
TAKEN_BACK = PAID | {"liquidated", "stopped"}

# By write: the project of the world that it is tried on, and the statuses in which it is possible.
STATES: dict[str, tuple[str, set[str]]] = {
    "projects.update_project": ("draft", WRITABLE),
    "amounts.update_amounts": ("draft", WRITABLE),
    "estimates.write_estimate": ("draft", WRITABLE),
    "rounds.resubmit_project": ("sent_back", WRITABLE),
    "warning_reasons.give_reason": ("draft", EVERY),
    "warning_reasons.give_reasons": ("draft", EVERY),
    "review.add_comment": ("draft", EVERY),
    "documents.attach_files:project": ("draft", EVERY),
    "review.review_project": ("submitted", WORKED_ON | {"submitted"}),  # approved elsewhere, it is judged here too
    "years.join_plan": ("approved", WORKED_ON),
    "adjust.adjust_project": ("approved", WORKED_ON),
    "progress.add_progress_report": ("contracted", WORKED_ON),
    "progress.change_progress_report": ("in_progress", WORKED_ON),
    "contracts.record_contract": ("approved", WORKED_ON),
    "contracts.amend_contract": ("in_progress", WORKED_ON),
    "contracts.settle_project": ("accepted", {"accepted"}),
    "payments.record_voucher": ("approved", PAID),
    "payments.correct_entries": ("in_progress", TAKEN_BACK),
    # Submitted: what was appraised in its round may be decided while another line of it waits.
    "decisions.record_decision": ("approved", WORKED_ON | {"appraised", "submitted"}),
    "corrections.record_corrections": ("approved", EVERY),
}
ACTORS = {"contracts": "accountant", "payments": "accountant", "review.review_project": "reviewer"}
ACTORS |= dict.fromkeys(("decisions", "corrections", "adjust"), "department_head")


@pytest.fixture
def people(world: World, centre_head: User, accountant: User, reviewer: User, department_head: User) -> dict[str, User]:
    return {one.username: one for one in (centre_head, accountant, reviewer, department_head)}


def actor_of(name: str, people: dict[str, User]) -> User:
    return people[ACTORS.get(name) or ACTORS.get(name.partition(".")[0]) or "centre_head"]


def possible(world: World, actor: User, write: str, record: Project | PlanRound) -> set[str]:
    """The states of the record in which the write is done."""
    found, rows = set(), type(record).objects.filter(pk=record.pk)
    for status in record.Status.values:
        call = calls(world, actor)[write]
        rows.update(status=status)
        if refusal_of(call) is None:
            found.add(status)
    rows.update(status=record.status)
    return found


def test_a_write_is_possible_in_these_states_of_the_project(world: World, people: dict[str, User]) -> None:
    for name, (project, states) in STATES.items():
        assert possible(world, actor_of(name, people), name, world.projects[project]) == states, name


def test_money_is_taken_back_after_the_end_too(world: World, accountant: User) -> None:
    key = world.cell("in_progress")
    done = set()
    for status in Project.Status.values:
        Project.objects.filter(lines=key[0]).update(status=status)
        if code_of(lambda: pay(world.plan, accountant, (key, "recovery", 5))) == "done":
            done.add(status)
    assert done == TAKEN_BACK


ROUNDS: dict[str, tuple[str, set[str]]] = {
    "rounds.submit_round": ("draft", {"draft", "returned"}),
    "rounds.recall_round": ("untouched", {"submitted"}),
    "rounds.resubmit_project": ("sent", {"submitted"}),
    "review.review_project": ("judged", {"submitted"}),
}


def test_a_write_is_possible_in_these_states_of_the_round(world: World, people: dict[str, User]) -> None:
    for name, (plan_round, states) in ROUNDS.items():
        assert possible(world, actor_of(name, people), name, world.rounds[plan_round]) == states, name


def test_a_letter_names_lines_that_were_forwarded(world: World, department_head: User) -> None:
    done = set()
    for status in PlanRound.Status.values:
        call = calls(world, department_head)["decisions.record_decision"]
        PlanRound.objects.filter(lines__project=world.projects["approved"]).update(status=status)
        if code_of(call) == "done":
            done.add(status)
    assert done == {"forwarded", "approved", "past"}, "in the round of past records stand those that were taken over"


@pytest.mark.parametrize(
    ("hindrance", "possible"),
    [
        (hindrance_to_editing, WRITABLE),
        (hindrance_to_reporting, WORKED_ON),
        (hindrance_to_joining, WORKED_ON),
        (hindrance_to_adjusting, WORKED_ON),
        (hindrance_to_contracting, WORKED_ON),
        (hindrance_to_paying, TAKEN_BACK),
    ],
)
def test_pages_say_the_same_before(hindrance: Callable[[Project], str], possible: set[str]) -> None:
    assert {status for status in Project.Status.values if not hindrance(Project(status=status))} == possible
