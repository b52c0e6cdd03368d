"""What no voucher may do, line by line, and what a slip in one becomes."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.ledger.remainders import approved_cells
from projects.models import Beneficiary, CellKey, PaymentEntry, Project, Support, Voucher
from projects.services.payments import PaymentInput, RightAmount, correct_entries, record_voucher, suggest_number
from tests.factories import MILLION, decide, make_project, requested_cells, source, submit_all
from tests.law import rule_advances
from tests.people import Tree, make_person
from tests.projects.accounting import pay, plan_of_another_centre, project_of, sign
from tests.projects.attempts import code_of, refusal_of, words_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2006, 7, 1)


@pytest.fixture
def elsewhere(tree: Tree, department_head: User) -> AnnualPlan:
    return plan_of_another_centre(tree=tree, department=department_head)


def voucher(plan: AnnualPlan, **head: Any) -> Voucher:
    return Voucher(**{"organisation": plan.organisation, "number": "PC-9", "issued_on": DAY} | head)


def record(plan: AnnualPlan, by: User, *rows: PaymentInput, **head: Any) -> Voucher:
    return record_voucher(voucher=voucher(plan, **head), rows=rows, actor=by)


def test_what_a_line_may_not_say(plan: AnnualPlan, cells: list[CellKey], accountant: User, tree: Tree) -> None:
    helped, stranger = (
        Beneficiary.objects.create(province=tree.province, name=name, type="cooperative") for name in ("A", "B")
    )
    Support.objects.create(project=Project.objects.get(lines=cells[0][0]), beneficiary=helped)
    Support.objects.create(project=Project.objects.get(lines=cells[1][0]), beneficiary=stranger)
    own, other = (sign(cell, accountant, 40, number=f"0{cell[0]}/HĐ") for cell in cells)

    def said(kind: str = "advance", vnd: int = MILLION, key: CellKey = cells[0], **words: Any) -> str:
        head = {"direction": words.pop("direction", "out")}
        return code_of(lambda: record(plan, accountant, PaymentInput(key, kind, vnd, **words), **head))

    assert said(contract=own, beneficiary=helped) == "done"
    assert {said(vnd=0), said(vnd=-MILLION), said("recovery", vnd=-MILLION)} == {"not_positive"}
    assert {said("gift"), said(direction="up")} == {"kind"}
    assert said(contract=other) == "other_contract" and said(contract=other, key=cells[1]) == "done"
    assert said(beneficiary=stranger) == "not_helped" and said(beneficiary=stranger, key=cells[1]) == "done"
    assert said(key=(0, *cells[0][1:])) == "no_line"
    assert said(key=(cells[0][0], cells[1][1], cells[0][2])) == "wrong_place"
    assert said(key=(*cells[0][:2], source("KCQG").pk)) == "wrong_place"
    assert said(key=(*cells[0][:2], 0)) == "gone"
    assert code_of(lambda: record(plan, accountant)) == "nothing"


def test_the_line_at_fault_is_named(plan: AnnualPlan, cells: list[CellKey], accountant: User) -> None:
    sound, faulty = PaymentInput(cells[0], "advance", MILLION), PaymentInput(cells[1], "advance", 0)
    refusal: Any = refusal_of(lambda: record(plan, accountant, sound, faulty))
    assert refusal.key == cells[1]


def test_a_voucher_stays_within_one_organisation(
    plan: AnnualPlan, cells: list[CellKey], elsewhere: AnnualPlan, tree: Tree
) -> None:
    both = make_person(role="accountant", scope=tree.department, username="ke_toan_so")
    ours, theirs = (
        PaymentInput(cells[0], "advance", MILLION),
        PaymentInput(min(requested_cells(elsewhere)), "advance", MILLION),
    )
    assert words_of(lambda: record(plan, both, ours, theirs)) == "Mỗi chứng từ chỉ gồm đề án của một đơn vị."
    assert words_of(lambda: record(plan, both, theirs)) == "Mỗi chứng từ chỉ gồm đề án của một đơn vị."
    assert code_of(lambda: record(elsewhere, both, theirs)) == code_of(lambda: record(plan, both, ours)) == "done"


def test_nobody_pays_for_an_organisation_that_is_not_theirs(
    plan: AnnualPlan, cells: list[CellKey], elsewhere: AnnualPlan, accountant: User
) -> None:
    """Neither by the head of the voucher nor by one of its lines."""
    ours, theirs = (
        PaymentInput(cells[0], "advance", MILLION),
        PaymentInput(min(requested_cells(elsewhere)), "advance", MILLION),
    )
    assert code_of(lambda: record(plan, accountant, ours, theirs)) == "not_allowed"
    assert code_of(lambda: record(elsewhere, accountant, ours)) == "not_allowed"
    assert code_of(lambda: record(elsewhere, accountant)) == "not_allowed"


def test_money_is_paid_from_the_day_of_the_first_approval_on(
    plan: AnnualPlan, cells: list[CellKey], accountant: User, department_head: User
) -> None:
    """A later letter on the same line moves that day no more than an earlier one on another line."""
    decide(plan=plan, by=department_head, approved={cells[0]: 55 * MILLION}, number="2/QĐ", on=dt.date(2006, 9, 1))
    line = PaymentInput(cells[0], "advance", MILLION)
    assert code_of(lambda: record(plan, accountant, line, issued_on=dt.date(2006, 6, 15))) == "before_approval"
    assert code_of(lambda: record(plan, accountant, line, issued_on=dt.date(2006, 6, 16))) == "done"


def test_the_voucher_belongs_to_the_year_of_its_day_and_to_who_recorded_it(
    plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    line = PaymentInput(cells[0], "advance", MILLION, reason="Gửi 031095001234")
    one = record(plan, accountant, line, issued_on=dt.date(2007, 1, 5), number="")
    assert (one.year, one.number, one.recorded_by) == (2007, "PC-001", accountant)
    [entry] = one.entries.all()
    assert (entry.effective_on, entry.recorded_by) == (dt.date(2007, 1, 5), accountant)
    assert entry.reason.startswith("Gửi ") and "031095001234" not in entry.reason, "kept nowhere else"


def test_a_twin_says_the_same_of_the_same_people(
    plan: AnnualPlan, cells: list[CellKey], accountant: User, tree: Tree
) -> None:
    helped = Beneficiary.objects.create(province=tree.province, name="A", type="cooperative")
    for key in cells:
        Support.objects.create(project=Project.objects.get(lines=key[0]), beneficiary=helped)
    pair = [PaymentInput(key, "advance", MILLION) for key in cells]
    record(plan, accountant, *pair)
    record(plan, accountant, PaymentInput(cells[0], "payment", MILLION, beneficiary=helped), number="PC-10")

    def said(*rows: PaymentInput) -> str:
        return code_of(lambda: record(plan, accountant, *rows, number="PC-11"))

    assert said(*pair) == said(*reversed(pair)) == "same_voucher", "in whatever order, though another came since"
    assert said(PaymentInput(cells[0], "payment", MILLION, beneficiary=helped)) == "same_voucher"
    assert {said(pair[0]), said(pair[0], pair[0]), said(PaymentInput(cells[0], "payment", MILLION))} == {"done"}


def test_no_advance_beyond_its_share_hides_behind_another_line(
    law: None, plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    """70 % of 60 triệu are 42; a reason stands on the row that needs it. What comes in is no advance of ours."""
    rule_advances()
    large, small = PaymentInput(cells[0], "advance", 43 * MILLION), PaymentInput(cells[1], "advance", 1, reason="x")

    def said(*rows: PaymentInput, direction: str = "out") -> str:
        return code_of(lambda: record(plan, accountant, *rows, direction=direction))

    assert said(large, small) == said(large) == "needs_reason"
    assert said(large, direction="in") == "done"
    for kind, millions, reason in (("advance", 43, "UBND cho phép"), ("payment", 43, ""), ("advance", 42, "")):
        assert said(PaymentInput(cells[0], kind, millions * MILLION, reason=reason)) == "done"


def test_a_recovery_put_right_stays_a_recovery(plan: AnnualPlan, cells: list[CellKey], accountant: User) -> None:
    pay(plan, accountant, (cells[0], "advance", 40))
    [slip] = pay(plan, accountant, (cells[0], "recovery", 30)).entries.all()
    _reversal, right = correct_entries(rights=[RightAmount(slip, 3 * MILLION)], reason="Thừa số 0", actor=accountant)
    assert isinstance(right, PaymentEntry)
    assert (right.kind, right.amount_vnd, right.reason) == ("recovery", -3 * MILLION, "Thừa số 0")
    assert (
        code_of(lambda: correct_entries(rights=[RightAmount(right, 3 * MILLION)], reason="Không đổi", actor=accountant))
        == "nothing"
    )


def test_a_slip_keeps_its_contract_its_payee_and_its_day(
    plan: AnnualPlan, cells: list[CellKey], accountant: User, tree: Tree
) -> None:
    helped = Beneficiary.objects.create(province=tree.province, name="A", type="cooperative")
    Support.objects.create(project=Project.objects.get(lines=cells[0][0]), beneficiary=helped)
    words: dict[str, Any] = {"contract": sign(cells[0], accountant, 40), "beneficiary": helped}
    [slip] = record(plan, accountant, PaymentInput(cells[0], "payment", 40 * MILLION, **words)).entries.all()
    other = make_person(role="accountant", scope=tree.centre, username="ke_toan_2")
    for entry in correct_entries(rights=[RightAmount(slip, 4 * MILLION)], reason="CCCD 031095001234", actor=other):
        assert isinstance(entry, PaymentEntry)
        assert (entry.voucher, entry.contract, entry.beneficiary) == (slip.voucher, words["contract"], helped)
        assert (entry.kind, entry.effective_on, entry.recorded_by) == ("payment", DAY, other)
        assert "031095001234" not in entry.reason


def test_slips_of_several_days_are_judged_from_the_first_on(
    plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    """60 of 60 paid in July and 20 taken back in August; 65 in July would break July, though August would bear it."""
    [first] = pay(plan, accountant, (cells[0], "payment", 60)).entries.all()
    pay(plan, accountant, (cells[0], "recovery", 20), issued_on=dt.date(2006, 8, 1))
    [last] = pay(plan, accountant, (cells[0], "payment", 10), issued_on=dt.date(2006, 9, 1)).entries.all()
    rights = [RightAmount(last, 5 * MILLION), RightAmount(first, 65 * MILLION)]
    for order in (rights, rights[::-1]):
        refusal = words_of(partial(correct_entries, rights=order, reason="Gõ nhầm", actor=accountant))
        assert "vượt 5.000.000 đồng (tính đến ngày 01/07/2006)" in refusal
    twice = [RightAmount(last, 5 * MILLION), RightAmount(last, 5 * MILLION)]
    assert code_of(lambda: correct_entries(rights=twice, reason="Gõ nhầm", actor=accountant)) == "reversed"
    assert code_of(lambda: correct_entries(rights=[RightAmount(last, -1)], reason="x", actor=accountant)) == "negative"


@pytest.mark.parametrize(
    ("earlier", "following"),
    [
        ([], "PC-001"),
        (["PC-009"], "PC-010"),
        (["PC-099", "UNC số 7"], "UNC số 8"),
        (["12", "không số"], "13"),
        (["PC-02", "PC-03", "PC-01"], "PC-04"),
        (["pc-2", "PC-1"], "PC-3"),
        (["A1-1234567890"], "A1-1234567891"),
    ],
)
def test_the_next_number_follows_the_last_that_ends_in_digits(
    tree: Tree, accountant: User, earlier: list[str], following: str
) -> None:
    for number in earlier:
        voucher = Voucher(organisation=tree.centre, year=2006, number=number, issued_on=DAY, recorded_by=accountant)
        voucher.save()
    assert suggest_number(tree.centre.pk, 2006) == following
    assert suggest_number(tree.centre.pk, 2007) == suggest_number(tree.department.pk, 2006) == "PC-001"
    assert not PaymentEntry.objects.exists()


def test_a_voucher_asks_no_more_for_many_rows_than_for_two(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User, accountant: User
) -> None:
    """Each row with a contract and an establishment of its own project."""
    for number in range(18):
        make_project(plan=plan, by=centre_staff, name=f"Đề án {number}", amounts={"KCDP": MILLION})
    submit_all(plan=plan, by=centre_head)
    standing = approved_cells(plan)
    more = {key: vnd for key, vnd in requested_cells(plan).items() if key not in standing}
    decide(plan=plan, by=department_head, assigned={"KCDP": 200 * MILLION}, approved=more, number="2/QĐ")
    province = plan.organisation.province()
    rows = []
    for key in sorted(approved_cells(plan)):
        helped = Beneficiary.objects.create(province=province, name=f"HTX {key[0]}", type="cooperative")
        Support.objects.create(project=project_of(key), beneficiary=helped)
        contract = sign(key, accountant, 1, number=f"{key[0]}/HĐ")
        rows.append(PaymentInput(key, "payment", MILLION // 10, contract, helped))
    assert len(rows) == 20
    counts = []
    for code, some in (("PC-1", rows[:2]), ("PC-2", rows)):
        with CaptureQueriesContext(connection) as queries:
            record_voucher(voucher=voucher(plan, number=code), rows=some, actor=accountant, is_another=True)
        counts.append(len(queries))
    assert counts[0] == counts[1] and counts[1] <= 22, counts
