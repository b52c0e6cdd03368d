"""What no letter may do to assigned and approved money, and what it leaves of a project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from khuyencong.accounts.models import Organisation, User
from programmes.models import AllocationEntry, AnnualPlan, Decision
from projects.ledger.remainders import CellKey, approved_cells
from projects.models import ApprovalEntry, Project
from projects.services.corrections import Correction, record_corrections
from projects.services.decisions import ApprovedChange, AssignedChange, record_decision
from tests.factories import (
    MILLION,
    authority,
    decide,
    make_decision,
    make_plan,
    make_project,
    requested_cells,
    source,
    submit_all,
)
from tests.people import Tree, make_tree
from tests.projects.attempts import code_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deciders")]
JUNE, LATER = dt.date(2006, 6, 16), dt.date(2006, 8, 1)
FIRST, SECOND = 60 * MILLION, 50 * MILLION


def letter(plan: AnnualPlan, **words: Any) -> Decision:
    made = {key: words.pop(key) for key in ("level", "summary") if key in words}
    decision = make_decision(organisation=plan.organisation.parent, number="9/QĐ", on=LATER, **made)
    for name, value in words.items():
        setattr(decision, name, value)
    return decision


@pytest.fixture(autouse=True)
def _authorities(numbers: None) -> None:
    for level in ("department", "agency", "city", "central"):
        authority(level)


def send(
    plan: AnnualPlan,
    by: User,
    *approved: ApprovedChange,
    assigned: Mapping[str, tuple[int | None, int]] | None = None,
    decision: Decision | None = None,
    **words: Any,
) -> Decision:
    return record_decision(
        plan=plan,
        decision=decision or letter(plan, **words),
        assigned=[AssignedChange(source(code), before, after) for code, (before, after) in (assigned or {}).items()],
        approved=approved,
        nature="adjustment",
        actor=by,
    )


def test_what_a_letter_may_not_say(
    plan: AnnualPlan, cells: list[CellKey], department_head: User, centre_staff: User
) -> None:
    following = make_plan(organisation=plan.organisation, year=2007)

    def said(*approved: ApprovedChange, **words: Any) -> str:
        return code_of(lambda: send(words.pop("plan", plan), department_head, *approved, **words))

    line, component, state = cells[0]
    less = ApprovedChange(cells[0], FIRST, FIRST - 1)
    assert said(less) == said(assigned={"KCDP": (110 * MILLION, 120 * MILLION)}) == "done"
    assert said() == "nothing"
    assert said(ApprovedChange(cells[0], FIRST, -1)) == "negative"
    assert said(less, assigned={"KCDP": (110 * MILLION, -1)}) == "negative"
    assert said(less, less) == "named_twice"
    assert said(assigned={"DOIUNG": (None, MILLION)}) == "not_state"
    assert said(assigned={"KCDP": (None, 120 * MILLION)}) == "changed_meanwhile"
    assert said(less, ApprovedChange(cells[1], None, 1)) == "changed_meanwhile"
    assert said(less, plan=following) == "changed_meanwhile"
    assert said(ApprovedChange((line, cells[1][1], state), None, 1), less) == "wrong_place"
    assert said(ApprovedChange((line, component, source("KCQG").pk), None, 1)) == "wrong_place"
    assert said(ApprovedChange((0, component, state), None, 1)) == "not_forwarded"
    assert said(ApprovedChange(cells[0], FIRST, FIRST + 1)) == "over_commitment"


def test_a_line_of_another_plan_is_not_decided_here(
    plan: AnnualPlan, cells: list[CellKey], department_head: User
) -> None:
    following = make_plan(organisation=plan.organisation, year=2007)
    money = {"KCDP": (None, 10 * MILLION)}
    foreign = ApprovedChange(cells[0], None, MILLION)
    assert code_of(lambda: send(following, department_head, foreign, assigned=money)) == "not_forwarded"
    assert code_of(lambda: send(following, department_head, assigned=money)) == "done"


def test_a_letter_is_kept_where_the_plan_s_own_superiors_keep_theirs(
    plan: AnnualPlan, cells: list[CellKey], department_head: User, tree: Tree
) -> None:
    abroad = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22")
    sibling = Organisation.objects.create(code="tt-2", kind="centre", name="Trung tâm khác", parent=tree.department)
    less = ApprovedChange(cells[0], FIRST, FIRST - 1)

    def said(organisation: Any) -> str:
        return code_of(lambda: send(plan, department_head, less, organisation=organisation))

    assert {said(one) for one in (tree.centre, tree.department, tree.province)} == {"done"}
    assert {said(one) for one in (sibling, abroad.department, abroad.province)} == {"other_office"}


def test_letters_come_in_the_order_of_their_days_for_one_amount(
    plan: AnnualPlan, cells: list[CellKey], department_head: User
) -> None:
    """A letter of August on the first line: July is too early for that line and early enough for the other."""
    decide(plan=plan, by=department_head, approved={cells[0]: 55 * MILLION}, number="8/QĐ", on=LATER)
    july = dt.date(2006, 7, 1)

    def said(key: CellKey, before: int, day: dt.date) -> str:
        change = ApprovedChange(key, before, before - MILLION)
        return code_of(lambda: send(plan, department_head, change, issued_on=day, effective_on=day))

    assert said(cells[0], 55 * MILLION, july) == "out_of_order"
    assert said(cells[0], 55 * MILLION, LATER) == said(cells[1], SECOND, july) == "done"
    sooner: dict[str, Any] = {"effective_on": july, "issued_on": july}
    words = words_of(lambda: send(plan, department_head, ApprovedChange(cells[0], 55 * MILLION, 1), **sooner))
    assert "từ ngày 01/08/2006" in words
    decide(plan=plan, by=department_head, assigned={"KCDP": 120 * MILLION}, number="7/QĐ", on=LATER)
    assert said(cells[1], SECOND, july) == "done", "what is assigned later is another amount"
    assert code_of(lambda: send(plan, department_head, assigned={"KCQG": (None, 5)}, **sooner)) == "done"
    more = {"KCDP": (120 * MILLION, 130 * MILLION)}
    assert code_of(lambda: send(plan, department_head, assigned=more, **sooner)) == "out_of_order"


def test_a_later_letter_says_the_amount_though_its_entries_add_up_to_nothing(
    plan: AnnualPlan, cells: list[CellKey], department_head: User
) -> None:
    """It lowered 60 to 50; the first letter really approved 50, so that the later one changes nothing and still stands:
    one of a day between would leave its own amount and the later one's at once."""
    decide(plan=plan, by=department_head, approved={cells[0]: 50 * MILLION}, number="8/QĐ", on=LATER)
    slip = ApprovalEntry.objects.get(plan_line=cells[0][0], nature="initial")
    right = Correction(slip, FIRST, 50 * MILLION)
    record_corrections(decision=slip.decision, corrections=[right], reason="Gõ nhầm", actor=department_head)
    assert sum(ApprovalEntry.objects.filter(decision__number="8/QĐ").values_list("amount_vnd", flat=True)) == 0
    july = dt.date(2006, 7, 1)
    lower = ApprovedChange(cells[0], 50 * MILLION, 45 * MILLION)
    assert code_of(lambda: send(plan, department_head, lower, issued_on=july, effective_on=july)) == "out_of_order"


def test_what_stood_is_changed_with_a_reason_and_by_somebody_who_is_named(
    plan: AnnualPlan, cells: list[CellKey], department_head: User
) -> None:
    def said(*approved: ApprovedChange, **words: Any) -> str:
        return code_of(lambda: send(plan, department_head, *approved, **words))

    less, stop = ApprovedChange(cells[0], FIRST, 1), ApprovedChange(cells[0], FIRST, FIRST, is_stop=True)
    more = {"KCDP": (110 * MILLION, 120 * MILLION)}
    silent, nobody = {"summary": "  "}, {"authority": None}
    assert said(less, **silent) == said(stop, **silent) == said(assigned=more, **silent) == "no_reason"
    assert (
        said(assigned={"KCQG": (None, 5)}, **silent) == said(ApprovedChange(cells[0], FIRST, FIRST), **silent) == "done"
    )
    assert said(less, **nobody) == said(assigned=more, **nobody) == "unauthorised"
    assert (
        said(assigned={"KCQG": (None, 5)}, **nobody)
        == said(assigned={"KCDP": (110 * MILLION,) * 2}, **nobody)
        == "done"
    )
    for after, words in ((120, "tăng kinh phí"), (110, "giảm kinh phí")):
        decide(plan=plan, by=department_head, assigned={"KCDP": 115 * MILLION}, number=f"{after}/QĐ", on=LATER)
        change = {"KCDP": (115 * MILLION, after * MILLION)}
        assert words in words_of(partial(send, plan, department_head, assigned=change, **nobody))


def test_a_stop_leaves_at_most_what_stood(plan: AnnualPlan, cells: list[CellKey], department_head: User) -> None:
    def said(after: int) -> str:
        change = ApprovedChange(cells[0], FIRST, after, is_stop=True)
        return code_of(lambda: send(plan, department_head, change, assigned={"KCDP": (110 * MILLION, 300 * MILLION)}))

    assert (said(FIRST), said(0), said(FIRST + 1)) == ("done", "done", "stop")


def test_a_department_never_decides_national_money(
    centre_staff: User, centre_head: User, department_head: User
) -> None:
    """Not even where its letter is the one that approved: the State's own rule stands above what is on record."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff, amounts={"KCQG": FIRST})
    submit_all(plan=plan, by=centre_head)
    [key] = requested_cells(plan)
    decide(plan=plan, by=department_head, assigned={"KCQG": 2 * FIRST}, approved={key: FIRST}, level="department")

    def said(level: str, after: int) -> str:
        return code_of(lambda: send(plan, department_head, ApprovedChange(key, FIRST, after), level=level))

    levels, afters = ("department", "agency", "central", "city"), (FIRST - 1, FIRST + 1)
    found = {(level, after): said(level, after) for level in levels for after in afters}
    assert {cell for cell, outcome in found.items() if outcome == "done"} == {
        *(("agency", FIRST - 1), ("central", FIRST - 1)),
        ("central", FIRST + 1),
    }
    assert set(found.values()) == {"done", "unauthorised"}


def test_one_letter_gets_further_entries_and_stays_whose_it_is(
    plan: AnnualPlan, cells: list[CellKey], department_head: User
) -> None:
    recorded = Decision.objects.get()
    less = ApprovedChange(cells[0], FIRST, FIRST - 5)
    send(plan, department_head, less, decision=recorded)
    assert Decision.objects.count() == 1 and recorded.approvals.count() == 3
    entry = ApprovalEntry.objects.latest("pk")
    assert (entry.amount_vnd, entry.nature, entry.effective_on) == (-5, "adjustment", JUNE)
    send(plan, department_head, ApprovedChange(cells[1], SECOND, SECOND - 7, reason="Giảm lớp"))
    entry = ApprovalEntry.objects.latest("pk")
    assert (entry.reason, entry.recorded_by, entry.decision.recorded_by) == ("Giảm lớp", *[department_head] * 2)
    assert approved_cells(plan) == {cells[0]: FIRST - 5, cells[1]: SECOND - 7}


def test_assigned_money_keeps_the_nature_of_its_change(plan: AnnualPlan, department_head: User) -> None:
    send(plan, department_head, assigned={"KCDP": (110 * MILLION, 130 * MILLION), "KCQG": (None, 5)})
    rows = AllocationEntry.objects.order_by("pk").values_list("source__code", "amount_vnd", "nature")
    assert list(rows) == [
        ("KCDP", 110 * MILLION, "initial"),
        ("KCDP", 20 * MILLION, "adjustment"),
        ("KCQG", 5, "initial"),
    ]
    assert set(AllocationEntry.objects.values_list("recorded_by", flat=True)) == {department_head.pk}
    assert not Project.objects.exclude(status="approved").exists()
