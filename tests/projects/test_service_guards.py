"""Every write of the services × role × own or other scope × open or closed books, against a table written by hand.

A form says earlier what its service would refuse; import, bulk actions and programs call the services themselves.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest
from django.db.transaction import Atomic

import projects.services
import reports.submitted.submission
from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan
from projects.services.steps import PROJECT_STEPS, ROUND_STEPS
from tests.people import Tree, make_each_role_twice
from tests.projects.attempts import refusal_of
from tests.projects.who_writes import WRITES
from tests.projects.world import World
from tests.projects.writes import calls
from tests.there import there

pytestmark = pytest.mark.django_db


# What writes share, under the locks and after the questions of the write that calls it.
PARTS = {"project_parts", "guards", "history", "money_checks", "decision_checks", "preview", "registry", "storing"}
PARTS |= {
    "letter_rows",
    "letter_undoing",
    "letter_reasons",
    "past_letter_lines",
    "project_entry",
    "past_events",
    "money_rows",
    "paper_rows",
    "recommending",
}
# What the modules of writes say without writing.
READS = {
    "amounts.requested_amounts",
    "beneficiaries.beneficiary_values",
    "contracts.contracted_cells",
    "corrections.entries_of_letter",
    "payments.suggest_number",
    "rounds.missing_for_submission",
}


def public_functions() -> dict[str, Any]:
    """By “module.name”, of the modules that are no parts, and of the one by which reports are frozen."""
    names = [one.name for one in pkgutil.iter_modules(projects.services.__path__) if one.name not in PARTS]
    modules = [importlib.import_module(f"projects.services.{name}") for name in names]
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": function
        for module in (*modules, reports.submitted.submission)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        # A decorator that wraps keeps the module of what it wraps.
        if not name.startswith("_") and function.__module__ == module.__name__
    }


def test_no_public_write_is_outside_the_table() -> None:
    named = {name.partition(":")[0] for name in WRITES}
    assert set(public_functions()) == named | READS
    assert not named & READS


def test_every_step_without_a_service_of_its_own_is_in_the_table() -> None:
    tried = {name.partition(":")[2] for name in WRITES if name.startswith("steps.take_step:")}
    assert tried == {f"round/{name}" for name in ROUND_STEPS} | {f"project/{name}" for name in PROJECT_STEPS}


@pytest.mark.parametrize("name", sorted({name.partition(":")[0] for name in WRITES}))
def test_a_write_names_who_acts_and_is_one_transaction(name: str) -> None:
    function = public_functions()[name]
    actor = inspect.signature(function).parameters["actor"]
    assert actor.kind is inspect.Parameter.KEYWORD_ONLY and actor.default is inspect.Parameter.empty
    around = [cell.cell_contents for cell in function.__closure__ or ()]
    assert any(isinstance(one, Atomic) for one in around)


@pytest.fixture
def people(tree: Tree, world: World) -> dict[tuple[str, str], User]:
    return make_each_role_twice(tree)


def attempt(call: Callable[[], Any]) -> str:
    """“done”, or the class of the refusal."""
    refusal = refusal_of(call)
    return "done" if refusal is None else type(refusal).__name__


def outcomes(world: World, people: dict[tuple[str, str], User]) -> dict[str, dict[tuple[str, str], str]]:
    found: dict[str, dict[tuple[str, str], str]] = {name: {} for name in WRITES}
    for who, actor in people.items():
        for name, call in calls(world, actor).items():
            found[name][who] = attempt(call)
    return found


def test_only_the_roles_of_the_table_may_and_only_at_home(world: World, people: dict[tuple[str, str], User]) -> None:
    found = outcomes(world, people)
    assert found.keys() == WRITES.keys()
    wrong = []
    for name, rule in WRITES.items():
        for (scope, role), outcome in found[name].items():
            may = scope == "own" and role in rule.roles
            if (outcome == "done") != may or (not may and outcome not in ("NotAllowed", "TransitionRefused")):
                wrong.append(f"{name} {scope} {role}: {outcome}")
    assert not wrong


# What they add lies where the record says, so there it is asked of what was handed in.
ADDING = {"plans.create_plan", "norms.add_norm", "beneficiaries.save_beneficiary"}


def test_the_right_is_asked_of_the_rows_and_not_of_what_is_handed_in(
    world: World, people: dict[tuple[str, str], User]
) -> None:
    """Every record says that it belongs to the other province, where these people may all that their role may."""
    centre = Organisation.objects.get(code="trung-tam-quang-ninh")
    for plan in (world.plan, world.following, *(one.plan for one in world.rounds.values())):
        plan.organisation = centre
    for project in (*world.projects.values(), world.rows["contract"].project):
        project.organisation = centre
    world.rows["letter"].organisation = centre.parent
    world.rows["norm"].province = world.rows["helped"].province = there(centre.parent).parent
    strangers = {key: person for key, person in people.items() if key[0] == "other"}
    done = {name for name, answers in outcomes(world, strangers).items() if "done" in answers.values()}
    assert done == ADDING


@pytest.mark.parametrize("which", ["plan", "following"])
def test_closed_books_take_nothing_from_anybody(world: World, people: dict[tuple[str, str], User], which: str) -> None:
    AnnualPlan.objects.filter(pk=getattr(world, which).pk).update(is_closed=True)
    wrong = []
    for name, per_person in outcomes(world, people).items():
        rule = WRITES[name]
        is_shut = rule.closed == which or (name == "carry_over.carry_over")
        for (scope, role), outcome in per_person.items():
            may = scope == "own" and role in rule.roles
            expected = "done" if may and not is_shut else "refused"
            said = "done" if outcome == "done" else "refused"
            if said != expected or (may and is_shut and outcome not in ("PlanClosed", "TransitionRefused")):
                wrong.append(f"{name} {scope} {role}: {outcome}")
    assert not wrong
