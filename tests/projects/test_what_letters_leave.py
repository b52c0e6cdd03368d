"""What a letter makes of its projects and rounds: approved, dropped, waiting for another letter, stopped with what is
left of their money."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.ledger.remainders import CellKey, approved_cells
from projects.models import ApprovalEntry, PlanLine, Project, StatusChange
from projects.services.decisions import ApprovedChange, AssignedChange, record_decision
from projects.services.steps import take_step
from tests.factories import (
    MILLION,
    decide,
    forward_all,
    make_decision,
    make_plan,
    make_project,
    requested_cells,
    source,
    submit_all,
)
from tests.kept import kept
from tests.people import Tree
from tests.projects.accounting import pay, sign
from tests.projects.attempts import code_of, words_of
from tests.there import there

pytestmark = pytest.mark.django_db
LATER = dt.date(2006, 9, 1)


@pytest.fixture
@kept
def two_sources(centre_staff: User, centre_head: User) -> dict[str, CellKey]:
    """One project that asks for 50 triệu of national and 60 of city money, forwarded in both rounds."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff, amounts={"KCQG": 50 * MILLION, "KCDP": 60 * MILLION})
    submit_all(plan=plan, by=centre_head)
    forward_all(plan=plan)
    codes = {source(code).pk: code for code in ("KCQG", "KCDP")}
    return {codes[key[2]]: key for key in requested_cells(plan)}


def say(cells: dict[str, CellKey], by: User, number: str, **millions: int) -> None:
    """A letter that leaves so many triệu of each source."""
    plan = AnnualPlan.objects.get()
    level = "central" if set(millions) == {"KCQG"} else "city"
    assigned = {code: 100 * MILLION for code, amount in millions.items() if amount}
    approved = {cells[code]: amount * MILLION for code, amount in millions.items()}
    decide(plan=plan, by=by, assigned=assigned, approved=approved, number=number, level=level)


def statuses() -> tuple[str, str, str]:
    """Of the project, of its national and of its city round."""
    rounds = dict(PlanRound.objects.values_list("level", "status"))
    return Project.objects.get().status, rounds["national"], rounds["city"]


def test_a_first_letter_that_gives_nothing_leaves_the_other_source_to_its_own(
    two_sources: dict[str, CellKey], department_head: User
) -> None:
    say(two_sources, department_head, "1/BCT", KCQG=0)
    assert statuses() == ("appraised", "approved", "forwarded"), "dropped there, it waits in the other round"
    say(two_sources, department_head, "2/UBND", KCDP=60)
    assert statuses() == ("approved", "approved", "approved")


def test_a_project_that_gets_nothing_from_either_is_dropped(
    two_sources: dict[str, CellKey], department_head: User
) -> None:
    say(two_sources, department_head, "1/UBND", KCQG=0, KCDP=0)
    assert statuses() == ("refused", "approved", "approved")
    said = ("Phê duyệt, điều chỉnh kế hoạch", "1/UBND", dt.date(2006, 6, 16))
    steps = StatusChange.objects.filter(transition="reject")
    assert [(one.reason, there(one.decision).number, one.effective_on) for one in steps] == [said, said]
    assert sorted(there(one.in_round).level for one in steps) == ["city", "national"]


def test_one_that_gets_something_from_either_is_approved(
    two_sources: dict[str, CellKey], department_head: User
) -> None:
    say(two_sources, department_head, "1/UBND", KCQG=0, KCDP=60)
    assert statuses()[0] == "approved" and StatusChange.objects.get(project__isnull=False, transition="approve")


def test_the_last_line_that_is_dropped_drops_the_project(
    two_sources: dict[str, CellKey], department_head: User
) -> None:
    say(two_sources, department_head, "1/BCT", KCQG=0)
    say(two_sources, department_head, "2/UBND", KCDP=0)
    assert statuses() == ("refused", "approved", "approved")


def test_a_letter_without_a_summary_is_named_where_it_drops_a_project(
    two_sources: dict[str, CellKey], department_head: User
) -> None:
    plan = AnnualPlan.objects.get()
    record_decision(
        plan=plan,
        decision=make_decision(organisation=plan.organisation.parent, summary=""),
        assigned=[],
        approved=[ApprovedChange(key, None, 0) for key in two_sources.values()],
        nature="adjustment",
        actor=department_head,
    )
    reasons = StatusChange.objects.filter(transition="reject").values_list("reason", flat=True)
    assert set(reasons) == {"341/UBND-CN ngày 16/06/2006"}


@pytest.fixture
@kept
def two_contents(centre_staff: User, centre_head: User) -> tuple[CellKey, CellKey]:
    """One project that asks for 40 triệu for one content and 60 for another, sent."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    contents = {"134-1": {"KCDP": 40 * MILLION}, "134-2": {"KCDP": 60 * MILLION}}
    make_project(plan=plan, by=centre_staff, contents=contents)
    submit_all(plan=plan, by=centre_head)
    first, second = sorted(requested_cells(plan))
    return first, second


def test_two_contents_of_one_line_are_added_up(two_contents: tuple[CellKey, CellKey], department_head: User) -> None:
    plan, (first, second) = AnnualPlan.objects.get(), two_contents
    approved = {first: 40 * MILLION, second: 0}
    decide(plan=plan, by=department_head, assigned={"KCDP": 60 * MILLION}, approved=approved)
    assert Project.objects.get().status == "approved" and approved_cells(plan) == {first: 40 * MILLION}
    decide(plan=plan, by=department_head, approved={first: 0}, number="2/UBND", on=LATER)
    assert Project.objects.get().status == "approved", "lowered to nothing, it was approved all the same"


def test_whoever_endorsed_a_round_neither_forwards_nor_approves_it(
    centre_staff: User, centre_head: User, department_head: User, reviewer: User, tree: Tree
) -> None:
    """Holding both roles, they still leave the round to somebody else; its projects are approved one by one."""
    plan = make_plan(organisation=tree.centre)
    make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    department_head.memberships.create(scope=tree.department, role="reviewer")
    both = User.objects.get(pk=department_head.pk)
    plan_round = PlanRound.objects.get()
    on = dt.date(2006, 3, 1)
    Project.objects.update(status="appraised")
    take_step(plan_round, "endorse", actor=both, on=on)
    assert "Bạn đã thực hiện bước “Thống nhất đợt”" in words_of(
        lambda: take_step(plan_round, "forward", actor=both, on=on)
    )
    PlanRound.objects.update(status="forwarded")
    decide(plan=plan, by=both, assigned={"KCDP": 60 * MILLION}, approved=requested_cells(plan))
    assert (Project.objects.get().status, PlanRound.objects.get().status) == ("approved", "forwarded")


def stop(plan: AnnualPlan, key: CellKey, by: User, after: int, **words: Any) -> None:
    standing = approved_cells(plan)[key]
    record_decision(
        plan=plan,
        decision=make_decision(organisation=plan.organisation.parent, number="9/QĐ", on=LATER),
        assigned=words.pop("assigned", []),
        approved=[ApprovedChange(key, standing, after * MILLION, is_stop=True)],
        nature="adjustment",
        actor=by,
    )


@pytest.mark.parametrize(
    ("received", "paid", "least"), [(30, 0, 30), (0, 20, 20), (30, 20, 30), (20, 30, 30), (0, 0, 0)]
)
def test_a_stop_keeps_what_went_either_way(
    plan: AnnualPlan, accountant: User, department_head: User, received: int, paid: int, least: int
) -> None:
    """Money that the treasury sent stays until it is sent back, spent or not."""
    key = min(requested_cells(plan))
    if received:
        pay(plan, accountant, (key, "payment", received), direction="in")
    if paid:
        pay(plan, accountant, (key, "payment", paid))
    assert code_of(lambda: stop(plan, key, department_head, least)) == "done"
    if least:
        assert code_of(lambda: stop(plan, key, department_head, least - 1)) == "over_commitment"


@pytest.mark.parametrize(("received", "paid", "left"), [(25, 10, 25), (10, 25, 25), (0, 0, 0), (60, 60, 60)])
def test_a_stop_frees_what_the_letter_does_not_name_down_to_what_went_either_way(
    two_contents: tuple[CellKey, CellKey],
    department_head: User,
    accountant: User,
    received: int,
    paid: int,
    left: int,
) -> None:
    """The letter names the first content; 60 triệu of the second stand."""
    plan, (named, other) = AnnualPlan.objects.get(), two_contents
    approved = {named: 40 * MILLION, other: 60 * MILLION}
    decide(plan=plan, by=department_head, assigned={"KCDP": 100 * MILLION}, approved=approved)
    for millions, direction in ((received, "in"), (paid, "out")):
        if millions:
            pay(plan, accountant, (other, "payment", millions), direction=direction)
    stop(plan, named, department_head, 0)
    assert approved_cells(plan) == {named: 0, other: left * MILLION}
    stopped = ApprovalEntry.objects.filter(effective_on=LATER)
    assert {entry.nature for entry in stopped} == {"stop"} and stopped.count() == (1 if left == 60 else 2)
    step = StatusChange.objects.get(transition="stop")
    assert (step.effective_on, step.reason) == (LATER, "Phê duyệt, điều chỉnh kế hoạch")


def test_a_stop_is_not_dated_before_the_work(plan: AnnualPlan, accountant: User, department_head: User) -> None:
    key = min(requested_cells(plan))
    sign(key, accountant, 40, on=dt.date(2006, 9, 2))
    refusal = words_of(lambda: stop(plan, key, department_head, 0))
    assert "không được trước ngày của bước liền trước (02/09/2006)" in refusal
    assert Project.objects.get(lines=key[0]).status == "contracted"


def test_a_project_stops_with_all_its_contents(two_contents: tuple[CellKey, CellKey], department_head: User) -> None:
    """The box is ticked at the first content; what the letter says of the second is no raise beside the stop."""
    plan, (first, second) = AnnualPlan.objects.get(), two_contents
    standing = {first: 40 * MILLION, second: 60 * MILLION}
    decide(plan=plan, by=department_head, assigned={"KCDP": 200 * MILLION}, approved=standing)

    def record(after: int) -> None:
        record_decision(
            plan=plan,
            decision=make_decision(organisation=plan.organisation.parent, number="9/QĐ", on=LATER),
            assigned=[],
            approved=[
                ApprovedChange(first, standing[first], 0, is_stop=True),
                ApprovedChange(second, standing[second], after),
            ],
            nature="supplement",
            actor=department_head,
        )

    assert code_of(lambda: record(standing[second] + MILLION)) == "stop"
    record(standing[second] - MILLION)
    assert {entry.nature for entry in ApprovalEntry.objects.filter(effective_on=LATER)} == {"stop"}


def test_what_a_stop_frees_may_be_given_on_by_the_same_letter(plan: AnnualPlan, department_head: User) -> None:
    """The envelope is judged for the letter as a whole, at its end."""
    first, second = sorted(requested_cells(plan))
    record_decision(
        plan=plan,
        decision=make_decision(organisation=plan.organisation.parent, number="9/QĐ", on=LATER),
        assigned=[AssignedChange(source("KCDP"), 110 * MILLION, 100 * MILLION)],
        approved=[
            ApprovedChange(second, 50 * MILLION, 100 * MILLION),
            ApprovedChange(first, 60 * MILLION, 0, is_stop=True),
        ],
        nature="supplement",
        actor=department_head,
    )
    assert approved_cells(plan) == {first: 0, second: 100 * MILLION}
    found = {entry.plan_line_id: entry.nature for entry in ApprovalEntry.objects.filter(effective_on=LATER)}
    assert found == {first[0]: "stop", second[0]: "supplement"}
    assert PlanLine.objects.get(pk=second[0]).project.status == "approved"
