"""What no correction of a letter may do, and what the letters after it keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from django.utils.translation import override

from khuyencong.accounts.models import User
from programmes.models import AllocationEntry, AnnualPlan, Decision
from projects.ledger.letter_amounts import amounts_around
from projects.ledger.remainders import CellKey, approved_cells
from projects.models import ApprovalEntry, PlanLine, Project
from projects.services.carry_over import CarriedLine, carry_over
from projects.services.corrections import Correction, Entry, entries_of_letter, record_corrections
from projects.services.years import join_plan
from tests.factories import MILLION, decide, make_decision, make_plan, requested_cells, source
from tests.people import Tree, make_person
from tests.projects.accounting import pay, plan_of_another_centre
from tests.projects.attempts import code_of, words_of

pytestmark = pytest.mark.django_db
JUNE, LATER = dt.date(2006, 6, 16), dt.date(2006, 8, 1)


def entry_of(key: CellKey, **more: Any) -> ApprovalEntry:
    return ApprovalEntry.objects.filter(plan_line=key[0], component=key[1], **more).earliest("pk")


def correct(by: User, *rights: tuple[Entry, int], reason: str = "Gõ nhầm", decision: Decision | None = None) -> Any:
    """Each entry with the triệu that its letter really leaves."""
    standing = amounts_around([entry.corrects or entry for entry, _right in rights])
    corrections = [Correction(one, standing[one.corrects or one][1], int(right * MILLION)) for one, right in rights]
    letter = decision or rights[0][0].decision
    return record_corrections(decision=letter, corrections=corrections, reason=reason, actor=by)


def test_what_a_correction_may_not_say(plan: AnnualPlan, cells: list[CellKey], department_head: User) -> None:
    other = decide(plan=plan, by=department_head, assigned={"KCDP": 120 * MILLION}, number="8/QĐ", on=JUNE)
    first, second = entry_of(cells[0]), entry_of(cells[1])
    [later] = other.allocations.all()

    def said(*rights: tuple[Entry, int], **words: Any) -> str:
        return code_of(lambda: correct(department_head, *rights, **words))

    assert said((first, 55)) == said((first, 0)) == said((later, 115)) == said((first, 65), (second, 50)) == "done"
    assert said((first, 60)) == said((first, 60), (second, 50)) == "nothing"
    assert said((first, -1)) == said((second, 40), (first, -1)) == "negative"
    assert said((first, 55), (second, 50), (first, 55)) == "named_twice"
    assert said((first, 55), reason=" ") == "no_reason"
    assert said((first, 55), decision=other) == said((first, 55), (later, 115)) == "other_letter"
    assert said((first, 71)) == said((later, 109)) == "over_commitment"
    wrong = [Correction(first, 59 * MILLION, 55 * MILLION)]
    words: dict[str, Any] = {"decision": first.decision, "corrections": wrong, "reason": "x", "actor": department_head}
    assert code_of(lambda: record_corrections(**words)) == "changed_meanwhile"


def test_an_amount_is_not_lowered_below_what_is_paid(
    plan: AnnualPlan, cells: list[CellKey], department_head: User, accountant: User
) -> None:
    pay(plan, accountant, (cells[0], "payment", 58))
    slip = entry_of(cells[0])
    assert code_of(lambda: correct(department_head, (slip, 58))) == "done"
    assert code_of(lambda: correct(department_head, (slip, 57))) == "over_commitment"


def test_every_day_from_the_letter_on_has_to_bear_it(
    plan: AnnualPlan, cells: list[CellKey], department_head: User
) -> None:
    """A later letter lowered the amount to 40, so today would bear 65; the days before it would not."""
    decide(plan=plan, by=department_head, approved={cells[0]: 40 * MILLION}, number="9/QĐ", on=LATER)
    refusal = words_of(lambda: correct(department_head, (entry_of(cells[0]), 65)))
    assert "vượt 5.000.000 đồng (tính đến ngày 16/06/2006)" in refusal


def test_what_was_carried_over_is_carried_anew_and_not_corrected(
    plan: AnnualPlan, cells: list[CellKey], department_head: User, centre_staff: User
) -> None:
    following = make_plan(organisation=plan.organisation, year=2007)
    project = Project.objects.get(lines=cells[0][0])
    asked = {(cells[0][1], source("KCDP")): MILLION}
    join_plan(project=project, plan=following, asked=asked, actor=centre_staff, version=project.version)
    [to_line] = PlanLine.objects.for_plans([following])
    letter = make_decision(organisation=plan.organisation.parent, number="99/QĐ", on=dt.date(2006, 12, 28))
    lines = [CarriedLine(cells[0], to_line.pk, 10 * MILLION)]
    carry_over(plan=plan, to_plan=following, decision=letter, lines=lines, free={}, actor=department_head)
    assert entries_of_letter(letter, [plan, following]) == []
    carried = ApprovalEntry.objects.filter(decision=letter).first()
    assert carried is not None
    assert code_of(lambda: correct(department_head, (carried, 5))) == "other_letter"
    before = entry_of(cells[0])
    correct(department_head, (before, 58))
    assert approved_cells(plan)[cells[0]] == 48 * MILLION, "what went on stays gone; the correction is not made up for"


def test_the_next_letter_keeps_what_it_says_and_no_other_takes_part(
    plan: AnnualPlan, cells: list[CellKey], department_head: User
) -> None:
    """60, then 55, then 50 of the same day as another's 45: a slip of the first is made up for by the second alone."""
    for millions, number, day in ((55, "7/QĐ", JUNE), (50, "8/QĐ", LATER), (45, "9/QĐ", LATER)):
        decide(plan=plan, by=department_head, approved={cells[0]: millions * MILLION}, number=number, on=day)
    decide(plan=plan, by=department_head, approved={cells[1]: 49 * MILLION}, number="10/QĐ", on=JUNE)
    with override("en"):
        wrong, made_up = correct(department_head, (entry_of(cells[0]), 59))
    assert (wrong.amount_vnd, made_up.amount_vnd) == (-MILLION, MILLION)
    assert (wrong.corrects, wrong.reason, wrong.effective_on) == (entry_of(cells[0]), "Gõ nhầm", JUNE)
    assert made_up.corrects.decision.number == "7/QĐ"
    assert made_up.reason == "Giữ nguyên số sau 7/QĐ ngày 16/06/2006. Gõ nhầm"
    assert {wrong.recorded_by, made_up.recorded_by} == {department_head}
    entries = list(ApprovalEntry.objects.filter(plan_line=cells[0][0], corrects=None).order_by("effective_on", "pk"))
    around = amounts_around(entries)
    assert [(before // MILLION, after // MILLION) for before, after in around.values()] == [
        *((0, 59), (59, 55), (55, 50), (50, 45))
    ]
    wrong, made_up = correct(department_head, (entries[2], 48))
    assert (wrong.corrects, made_up.corrects) == (entries[2], entries[3])
    [last] = correct(department_head, (entries[3], 44))
    assert (last.corrects, approved_cells(plan)[cells[0]]) == (entries[3], 44 * MILLION)


def test_assigned_money_is_put_right_in_its_own_plan_and_source(plan: AnnualPlan, department_head: User) -> None:
    for millions, number, code in ((120, "7/QĐ", "KCDP"), (9, "8/QĐ", "KCQG"), (130, "9/QĐ", "KCDP")):
        decide(plan=plan, by=department_head, assigned={code: millions * MILLION}, number=number, on=LATER)
    slip = AllocationEntry.objects.get(decision__number="7/QĐ")
    wrong, made_up = correct(department_head, (slip, 125))
    assert (wrong.amount_vnd, made_up.amount_vnd) == (5 * MILLION, -5 * MILLION)
    assert made_up.corrects.decision.number == "9/QĐ" and (wrong.plan, wrong.source) == (plan, slip.source)
    assert amounts_around([slip])[slip] == (110 * MILLION, 125 * MILLION)


def test_a_right_over_one_plan_corrects_no_other(
    plan: AnnualPlan, cells: list[CellKey], department_head: User, tree: Tree
) -> None:
    """Each Centre's entries, under letters that the Department records for both."""
    other = plan_of_another_centre(tree=tree, department=department_head)
    ours, theirs = entry_of(cells[0]), entry_of(min(requested_cells(other)))
    narrow = make_person(role="department_head", scope=tree.centre, username="lanh_dao_2")
    assert code_of(lambda: correct(narrow, (ours, 55))) == "done"
    for rights in ([(theirs, 55)], [(ours, 55), (theirs, 55)]):
        assert code_of(partial(correct, narrow, *rights)) == "not_allowed"
    both = User.objects.get(pk=department_head.pk)
    assert code_of(lambda: correct(both, (theirs, 55))) == "done"
    assert code_of(lambda: correct(both, (ours, 55), (theirs, 55))) == "other_letter"


def test_each_of_two_years_under_one_letter_must_be_open(
    plan: AnnualPlan, cells: list[CellKey], department_head: User
) -> None:
    following = make_plan(organisation=plan.organisation, year=2007)
    letter = Decision.objects.get()
    AllocationEntry.objects.create(
        decision=letter, plan=following, source=source("KCDP"), amount_vnd=9 * MILLION, nature="initial",
        effective_on=JUNE, recorded_by=department_head,
    )  # fmt: skip
    [later] = AllocationEntry.objects.for_plans([following])
    assert code_of(lambda: correct(department_head, (entry_of(cells[0]), 55), (later, 8))) == "done"
    AnnualPlan.objects.filter(pk=following.pk).update(is_closed=True)
    assert code_of(lambda: correct(department_head, (entry_of(cells[0]), 55), (later, 8))) == "closed"
    assert code_of(lambda: correct(department_head, (entry_of(cells[0]), 55))) == "done"


def test_each_plan_of_a_letter_is_judged(plan: AnnualPlan, cells: Sequence[CellKey], department_head: User) -> None:
    """9 triệu assigned to 2007 under the same letter, and given; to be 8 they were never enough."""
    following = make_plan(organisation=plan.organisation, year=2007)
    common = {"decision": Decision.objects.get(), "nature": "initial", "effective_on": JUNE}
    common |= {"source": source("KCDP"), "amount_vnd": 9 * MILLION, "recorded_by": department_head}
    later = AllocationEntry.objects.create(plan=following, **common)
    line = PlanLine.objects.create(
        round=following.rounds.create(level="city", number=1), project=Project.objects.get(lines=cells[0][0])
    )
    ApprovalEntry.objects.create(plan_line=line, component_id=cells[0][1], **common)
    refusal = words_of(lambda: correct(department_head, (entry_of(cells[0]), 55), (later, 8)))
    assert "được giao 8.000.000 đồng, duyệt 9.000.000 đồng" in refusal
