"""What no letter may carry into the next year, and where carried money stands afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import AllocationEntry, AnnualPlan, Decision, PlanRound
from projects.ledger.remainders import CellKey, approved_cells, envelopes
from projects.models import ApprovalEntry, PlanLine, Project
from projects.services.cancelling import cancel_decision
from projects.services.carry_over import CarriedLine, carry_over
from projects.services.years import join_plan
from tests.factories import MILLION, authority, decide, make_decision, make_plan, requested_cells, source
from tests.kept import kept
from tests.people import Tree, make_tree
from tests.projects.accounting import approved_plan, plan_of_another_centre
from tests.projects.attempts import code_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deciders")]
END = dt.date(2006, 12, 28)
WRONG_YEAR = "Chỉ chuyển sang kế hoạch năm sau của cùng đơn vị."
WRONG_PROJECT = "Kinh phí chuyển sang năm sau phải giữ nguyên cho đúng đề án đó."


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    """“Thêu ren” of 60 and “Mây tre” of 50 triệu, out of 120 assigned."""
    authority("department")
    found = approved_plan(staff=centre_staff, head=centre_head, department=department_head)
    decide(plan=found, by=department_head, assigned={"KCDP": 120 * MILLION}, number="350/QĐ", on=dt.date(2006, 7, 1))
    return found


@pytest.fixture
def cells(plan: AnnualPlan) -> list[CellKey]:
    return sorted(requested_cells(plan))


@pytest.fixture
@kept
def following(plan: AnnualPlan, centre_staff: User) -> AnnualPlan:
    """2007, with a line for each of the two projects."""
    later = make_plan(organisation=plan.organisation, year=2007)
    for project in Project.objects.order_by("pk"):
        asked = {(project.components.get().pk, source("KCDP")): 10 * MILLION}
        join_plan(project=project, plan=later, asked=asked, actor=centre_staff, version=project.version)
    return later


@pytest.fixture
def next_lines(following: AnnualPlan, cells: list[CellKey]) -> list[int]:
    """The lines of 2007, in the order of ``cells``."""
    lines = dict(PlanLine.objects.for_plans([following]).values_list("project__lines", "pk"))
    return [lines[key[0]] for key in cells]


def letter(plan: AnnualPlan, **words: Any) -> Decision:
    level = words.pop("level", "city")
    decision = make_decision(organisation=plan.organisation.parent, number="99/QĐ", on=END, level=level)
    for name, value in words.items():
        setattr(decision, name, value)
    return decision


def carry(plan: AnnualPlan, following: AnnualPlan, by: User, *lines: CarriedLine, **words: Any) -> Decision:
    free = {source(code): vnd for code, vnd in words.pop("free", {}).items()}
    reason = words.pop("reason", "")
    decision = words.pop("decision", None) or letter(plan, **words)
    more = {"lines": lines, "free": free, "reason": reason, "actor": by}
    return carry_over(plan=plan, to_plan=following, decision=decision, **more)


def test_what_may_not_be_carried(
    plan: AnnualPlan, following: AnnualPlan, cells: list[CellKey], next_lines: list[int], department_head: User
) -> None:
    def said(*lines: CarriedLine, **words: Any) -> str:
        return code_of(lambda: carry(plan, following, department_head, *lines, **words))

    some = CarriedLine(cells[0], next_lines[0], 20 * MILLION)
    assert said(some) == said(free={"KCDP": 10 * MILLION}) == said(some, free={"KCDP": 10 * MILLION}) == "done"
    assert said() == said(CarriedLine(cells[0], next_lines[0], 0)) == said(free={"KCDP": 0}) == "nothing"
    assert (
        said(CarriedLine(cells[0], next_lines[0], -1))
        == said(free={"KCDP": -1})
        == said(some, free={"KCDP": -1})
        == "negative"
    )
    assert said(free={"DOIUNG": 5}) == "not_state"
    assert said(some, summary=" ") == "no_reason"
    silent = letter(plan, number="98/QĐ", summary="", recorded_by=department_head)
    silent.save()
    silent.summary = "Ghi thêm sau"
    assert said(some, decision=silent) == "no_reason", "what the letter says is stored"
    assert said(some, decision=silent, reason="Chưa làm hết") == "done"
    assert said(some, level="department") == said(some, authority=None) == "unauthorised"
    assert said(free={"KCDP": 10 * MILLION + 1}) == "over_commitment"
    assert said(CarriedLine(cells[0], next_lines[0], 60 * MILLION)) == "done"
    assert said(CarriedLine(cells[0], next_lines[0], 60 * MILLION + 1)) == "over_commitment"
    assert said(CarriedLine(cells[0], 0, 5)) == said(CarriedLine((0, *cells[0][1:]), next_lines[0], 5)) == "no_line"
    assert said(CarriedLine((cells[0][0], cells[1][1], cells[0][2]), next_lines[0], 5)) == "wrong_place"


def test_money_stays_with_its_project_and_goes_from_year_to_year(
    plan: AnnualPlan, following: AnnualPlan, cells: list[CellKey], next_lines: list[int], department_head: User
) -> None:
    def said(key: CellKey, to_line: int) -> str:
        lines = CarriedLine(key, to_line, 5), CarriedLine(cells[1], next_lines[1], 5)
        return words_of(lambda: carry(plan, following, department_head, *lines))

    assert said(cells[0], next_lines[0]) == ""
    back = (next_lines[0], *cells[0][1:])
    assert {
        said(cells[0], next_lines[1]),
        said(back, next_lines[0]),
        said(cells[0], cells[0][0]),
        said(back, cells[0][0]),
    } == {WRONG_PROJECT}


def test_money_stays_in_rounds_of_its_level(
    plan: AnnualPlan, following: AnnualPlan, cells: list[CellKey], next_lines: list[int], department_head: User
) -> None:
    """A project with a line of each level: what the city gave does not go on in the national one."""
    project = Project.objects.get(lines=cells[0][0])
    national = PlanRound.objects.create(plan=following, level="national", number=1)
    other = PlanLine.objects.create(round=national, project=project)
    said = words_of(lambda: carry(plan, following, department_head, CarriedLine(cells[0], other.pk, 5)))
    assert said == "Kinh phí chuyển sang năm sau ở đợt cùng cấp."


def test_only_into_a_later_plan_of_the_same_organisation(
    plan: AnnualPlan, following: AnnualPlan, department_head: User, tree: Tree
) -> None:
    other = plan_of_another_centre(tree=tree, department=department_head)
    later = make_plan(organisation=other.organisation, year=2007)
    both = User.objects.get(pk=department_head.pk)

    def said(one: AnnualPlan, to: AnnualPlan) -> str:
        return words_of(lambda: carry(one, to, both, free={"KCDP": 5}))

    assert said(plan, following) == ""
    assert {said(plan, plan), said(following, plan), said(plan, later), said(plan, other)} == {WRONG_YEAR}


def test_a_letter_of_another_office_carries_nothing_here(
    plan: AnnualPlan, following: AnnualPlan, department_head: User
) -> None:
    abroad = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22")
    words = {"organisation": abroad.department, "free": {"KCDP": 5}}
    assert code_of(lambda: carry(plan, following, department_head, **words)) == "other_office"


@pytest.mark.parametrize("shut", ["plan", "following"])
def test_neither_year_may_be_closed(plan: AnnualPlan, following: AnnualPlan, department_head: User, shut: str) -> None:
    year = plan if shut == "plan" else following
    AnnualPlan.objects.filter(pk=year.pk).update(is_closed=True)
    refusal = words_of(lambda: carry(plan, following, department_head, free={"KCDP": 5}))
    assert refusal == f"Kế hoạch năm {year.year} đã khóa sổ."


@pytest.mark.parametrize("year", [2006, 2007])
def test_not_before_a_later_letter_on_the_same_money_of_either_year(
    plan: AnnualPlan, following: AnnualPlan, department_head: User, year: int
) -> None:
    one = plan if year == 2006 else following
    decide(plan=one, by=department_head, number="100/QĐ", on=dt.date(2007, 2, 1), assigned={"KCDP": 130 * MILLION})
    assert code_of(lambda: carry(plan, following, department_head, free={"KCDP": 5})) == "out_of_order"
    late = {"issued_on": dt.date(2007, 2, 1), "effective_on": dt.date(2007, 2, 1)}
    assert code_of(lambda: carry(plan, following, department_head, free={"KCDP": 5}, **late)) == "done"


def test_a_line_decided_later_is_not_carried_before(
    plan: AnnualPlan, following: AnnualPlan, cells: list[CellKey], next_lines: list[int], department_head: User
) -> None:
    decide(plan=plan, approved={cells[0]: 50 * MILLION}, by=department_head, number="100/QĐ", on=dt.date(2007, 2, 1))

    def said(index: int) -> str:
        return code_of(lambda: carry(plan, following, department_head, CarriedLine(cells[index], next_lines[index], 5)))

    assert (said(0), said(1)) == ("out_of_order", "done")


def test_carried_and_free_money_of_one_source_is_one_movement(
    plan: AnnualPlan, following: AnnualPlan, cells: list[CellKey], next_lines: list[int], department_head: User
) -> None:
    lines = [CarriedLine(key, line, 20 * MILLION) for key, line in zip(cells, next_lines, strict=True)]
    decision = carry(plan, following, department_head, *lines, free={"KCDP": 3 * MILLION})
    moved = AllocationEntry.objects.filter(decision=decision).order_by("pk")
    assert [(row.plan_id, row.amount_vnd // MILLION) for row in moved] == [(plan.pk, -43), (following.pk, 43)]
    assert {(row.nature, row.effective_on, row.recorded_by) for row in (*moved, *decision.approvals.all())} == {
        ("carry_over", END, department_head)
    }
    assert decision.recorded_by == department_head
    assert [one.unallocated_vnd for one in (envelopes([plan])[1], envelopes([following])[1])] == [
        7 * MILLION,
        3 * MILLION,
    ]
    after = approved_cells(following)
    assert after == {(line, *key[1:]): 20 * MILLION for key, line in zip(cells, next_lines, strict=True)}


def test_the_same_amounts_under_the_same_letter_are_carried_once(
    plan: AnnualPlan, following: AnnualPlan, cells: list[CellKey], next_lines: list[int], department_head: User
) -> None:
    line, other = (CarriedLine(key, to, 5 * MILLION) for key, to in zip(cells, next_lines, strict=True))
    decision = carry(plan, following, department_head, line)

    def said(*lines: CarriedLine, **words: Any) -> str:
        return code_of(lambda: carry(plan, following, department_head, *lines, decision=decision, **words))

    assert said(line) == "twice"
    assert said(other) == said(line, other) == said(free={"KCDP": MILLION}) == "done"
    assert ApprovalEntry.objects.filter(decision=decision).count() == 2


def test_which_projects_go_on_without_an_amount(
    plan: AnnualPlan, cells: list[CellKey], department_head: User, centre_staff: User
) -> None:
    def said(*going: int, **words: Any) -> str:
        more: dict[str, Any] = {"lines": [], "free": {}, "going": going, "actor": department_head}
        return code_of(lambda: carry_over(plan=plan, to_plan=None, decision=letter(plan, **words), **more))

    line = cells[0][0]
    assert (said(line), said(line, level="department"), said(line, summary="")) == (
        "done",
        "unauthorised",
        "no_reason",
    )
    assert (said(0), said()) == ("no_line", "nothing")
    Project.objects.filter(lines=line).update(status="settled")
    assert said(line) == "hindered"
    Project.objects.filter(lines=line).update(status="approved")
    carry_over(plan=plan, to_plan=None, decision=letter(plan), lines=[], free={}, going=[line], actor=department_head)
    assert said(line, number="100/QĐ") == "goes_on"


def test_a_plan_opened_meanwhile_is_used_unless_its_books_are_closed(
    plan: AnnualPlan, following: AnnualPlan, department_head: User
) -> None:
    def said() -> str:
        more: dict[str, Any] = {"lines": [], "free": {source("KCDP"): MILLION}, "actor": department_head}
        return code_of(lambda: carry_over(plan=plan, to_plan=None, decision=letter(plan), **more))

    assert said() == "done" and AnnualPlan.objects.filter(year=2007).count() == 1
    AnnualPlan.objects.filter(pk=following.pk).update(is_closed=True)
    assert said() == "closed"


def test_a_letter_that_was_cancelled_carries_nobody(
    plan: AnnualPlan, cells: list[CellKey], department_head: User
) -> None:
    def carried(number: str) -> Decision:
        decision, going = letter(plan, number=number), [cells[0][0]]
        more: dict[str, Any] = {"lines": [], "free": {}, "going": going, "actor": department_head}
        return carry_over(plan=plan, to_plan=None, decision=decision, **more)

    cancel_decision(decision=carried("99/QĐ"), reason="Ghi nhầm", actor=department_head)
    line = PlanLine.objects.get(round__plan__year=2007)
    assert line in PlanLine.objects.not_carried()
    assert carried("100/QĐ").number == "100/QĐ"
    line.refresh_from_db()
    assert line.carried_by and line.carried_by.number == "100/QĐ"
