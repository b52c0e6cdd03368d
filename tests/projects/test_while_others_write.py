"""What somebody else does while a write waits for its locks: the books are closed, the same thing is sent again."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan
from projects.models import Appraisal, Beneficiary, PlanLine, Project, ProjectDocument
from projects.refusals import NotAllowed, Refused
from projects.services.decisions import AssignedChange, record_decision
from projects.services.documents import attach_files
from projects.services.guards import hold_projects
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput, next_round
from projects.services.projects import create_project, update_project
from projects.services.review import review_project
from projects.services.rounds import submit_round
from tests.factories import MILLION, activity, all_met, district, make_decision, make_plan, make_project, source
from tests.people import make_person
from tests.projects.at_once import together
from tests.projects.who_writes import WRITES
from tests.projects.world import ON, PDF, World
from tests.projects.writes import calls

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan_of_two(centre_staff: User) -> list[Project]:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    return [make_project(plan=plan, by=centre_staff, name=name) for name in ("Thêu ren", "Mây tre")]


def outcome(call: Callable[[], Any]) -> str:
    try:
        call()
    except (Refused, NotAllowed) as refusal:
        return getattr(refusal, "code", "not_allowed")
    return "done"


def begin(call: Callable[[], Any], said: dict[str, str], name: str) -> threading.Thread:
    def run() -> None:
        try:
            said[name] = outcome(call)
        except Exception as error:
            said[name] = f"{type(error).__name__}: {error}"
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize("which", ["plan", "following"])
def test_books_closed_while_the_write_waits_take_nothing(
    world: World, reviewer: User, administrator: User, which: str
) -> None:
    people = {one.username: one for one in User.objects.all()}
    tried = {name: rule for name, rule in WRITES.items() if rule.closed == which or name == "carry_over.carry_over"}
    waiting = {name: calls(world, people[min(rule.roles)])[name] for name, rule in tried.items()}
    said: dict[str, str] = {}
    with transaction.atomic():
        AnnualPlan.objects.filter(pk=getattr(world, which).pk).update(is_closed=True)
        threads = [begin(call, said, name) for name, call in waiting.items()]
        threads[0].join(1)  # all of them wait by then
    for thread in threads:
        thread.join(60)
    assert said.keys() == tried.keys()
    assert {name: code for name, code in said.items() if code not in ("closed", "refused")} == {}


def test_of_two_reviewers_of_one_line_one_concludes(world: World, reviewer: User) -> None:
    other = make_person(role="reviewer", scope=reviewer.memberships.get().scope, username="reviewer_2")
    project = Project.objects.get(pk=world.projects["submitted"].pk)

    def conclude(index: int) -> str:
        words: dict[str, Any] = {"conclusion": "accept", "answers": all_met(), "note": "", "version": project.version}
        if index % 2:
            words |= {"conclusion": "return", "answers": {}, "note": "Bổ sung"}
        actor = (reviewer, other)[index % 2]
        return outcome(
            lambda: review_project(plan_round=world.rounds["judged"], project=project, actor=actor, on=ON, **words)
        )

    answers = together(conclude, 8)
    assert answers["done"] == 1 and answers["refused"] == 7
    assert Appraisal.objects.of_project(project).count() == 1


def test_what_is_sent_at_once_is_stored_once(world: World, centre_staff: User) -> None:
    """A project, a code typed by hand, a new establishment by its number, a file."""
    province = world.plan.organisation.province()
    contents = [ContentInput(activity(), {source("KCDP"): MILLION})]

    def same(index: int) -> str:
        project = Project(name=("Dệt thảm", "DỆT THẢM")[index % 2], kind="group")
        return outcome(
            lambda: create_project(project=project, data=ProjectInput(world.plan, contents), actor=centre_staff)
        )

    def code(index: int) -> str:
        project = Project(name=f"Đề án {index}", kind="group", code="KC-1")
        data = ProjectInput(world.plan, contents)
        return outcome(lambda: create_project(project=project, data=data, actor=centre_staff))

    def establishment(index: int) -> str:
        new = Beneficiary(province=province, name=f"HTX {index}", type="cooperative", tax_code="0200123456")
        data = ProjectInput(world.plan, contents, supports=[SupportInput(new_beneficiary=new)])
        project = Project(name=f"Đề án thứ {index}", kind="group")
        return outcome(lambda: create_project(project=project, data=data, actor=centre_staff))

    def file(index: int) -> str:
        scan = SimpleUploadedFile(f"{index}.pdf", PDF)
        draft = world.projects["draft"]
        return outcome(lambda: attach_files(record=draft, files=[scan], actor=centre_staff))

    assert together(same, 6) == {"done": 1, "same_name": 5}
    assert together(code, 6) == {"done": 1, "taken": 5}
    assert together(establishment, 6) == {"done": 1, "twice": 5}
    assert together(file, 6) == {"done": 1, "twice": 5}
    assert ProjectDocument.objects.filter(project=world.projects["draft"]).count() == 1


def test_a_letter_recorded_for_two_plans_at_once_is_recorded_once(world: World, department_head: User) -> None:
    """Two Centres of one Department; who comes second finds the letter recorded, and may add its amounts to it."""
    parent = world.plan.organisation.parent
    office = Organisation.objects.create(code="tt-2", kind="centre", name="Trung tâm khác", parent=parent)
    plans = [world.plan, make_plan(organisation=office)]
    head = User.objects.get(pk=department_head.pk)  # whose roles were read before there was a second Centre

    def record(index: int) -> str:
        letter = make_decision(organisation=parent, number="12/QĐ", on=ON)
        given = AssignedChange(source("KCQG"), None, MILLION)
        return outcome(
            lambda: record_decision(
                plan=plans[index],
                decision=letter,
                assigned=[given],
                approved=[],
                nature="adjustment",
                actor=head,
            )
        )

    answers = together(record, 2)
    assert answers["done"] == 1 and answers["recorded"] + answers["taken"] == 1


def test_a_round_is_sent_as_the_edit_of_another_year_leaves_it(centre_staff: User, centre_head: User) -> None:
    """A draft of two years is edited in the second while the first is sent: the places that it loses are missed."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    following = make_plan(organisation=plan.organisation, year=2007)
    project = make_project(plan=plan, by=centre_staff)
    contents = [ContentInput(activity(), {source("KCDP"): MILLION})]

    def edit(*places: Any) -> None:
        current = Project.objects.get(pk=project.pk)
        data = ProjectInput(following, contents, places, [SupportInput(group_description="Lao động")])
        update_project(project=current, data=data, version=current.version, actor=centre_staff)

    edit(district())
    said: dict[str, str] = {}
    sent = dt.date(2006, 3, 1)
    with transaction.atomic():
        edit()
        plan_round = plan.rounds.get()
        thread = begin(lambda: submit_round(plan_round=plan_round, actor=centre_head, on=sent), said, "submit")
        thread.join(1)
    thread.join(60)
    assert said == {"submit": "not_ready"}


def test_many_that_are_held_while_one_joins_another_year(centre_staff: User, plan_of_two: list[Project]) -> None:
    """Between the lock of the plans and that of the projects: it is held by the plans that it was in."""
    following = make_plan(organisation=plan_of_two[0].organisation, year=2007)
    joined: list[PlanLine] = []

    def join(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not joined and 'FROM "projects_project"' in sql:
            joined.append(PlanLine())
            PlanLine.objects.create(round=next_round(following, "city"), project=plan_of_two[0])
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(join):
        held = hold_projects([one.pk for one in plan_of_two], centre_staff, "write")
    assert joined and [[plan.year for plan in one.plans] for one in held] == [[2006], [2006]]
