"""Vouchers: what may be paid, what is refused and by how much, and how a slip is put right."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.ledger.remainders import paid_cells
from projects.models import CellKey, PaymentEntry, Project, Voucher
from projects.refusals import NotAllowed, Refused
from projects.services.contracts import settle_project
from projects.services.decision_checks import DecisionRefused
from projects.services.money_checks import MoneyRefused
from projects.services.payments import RightAmount, correct_entries, suggest_number
from projects.services.steps import take_step
from tests.factories import MILLION, decide, source
from tests.people import make_person
from tests.projects.accounting import out, pay, sign
from tests.there import there

pytestmark = pytest.mark.django_db


def test_one_voucher_pays_two_projects_and_each_counts_its_own(
    plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    first, second = cells
    voucher = pay(plan, accountant, (first, "advance", 40), (second, "payment", 50))
    assert (voucher.number, voucher.year) == ("PC-001", 2006)
    assert (out(first), out(second)) == (40 * MILLION, 50 * MILLION)
    assert suggest_number(plan.organisation_id, 2006) == "PC-002"


def test_paid_is_never_more_than_approved_and_the_message_says_by_how_much(
    plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    first, second = cells
    pay(plan, accountant, (first, "advance", 40))
    with pytest.raises(MoneyRefused) as refusal:
        pay(plan, accountant, (first, "payment", 25), (second, "payment", 10))
    [message] = refusal.value.messages
    assert "được duyệt 60.000.000 đồng, đã chi 65.000.000 đồng, vượt 5.000.000 đồng" in message
    assert "341/UBND-CN ngày 16/06/2006: 60.000.000" in message and "PC-001 ngày 01/07/2006: 40.000.000" in message
    assert PaymentEntry.objects.count() == 1 and Voucher.objects.count() == 1


def test_what_comes_in_and_what_goes_out_are_two_balances(
    plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    pay(plan, accountant, (cells[0], "advance", 60), direction="in", number="UNC-1")
    pay(plan, accountant, (cells[0], "advance", 60))
    assert paid_cells([cells[0][0]])[cells[0]] == {"in": 60 * MILLION, "out": 60 * MILLION}


def test_recovery_gives_room_again_and_never_more_than_was_paid(
    plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    pay(plan, accountant, (cells[0], "advance", 60))
    pay(plan, accountant, (cells[0], "recovery", 20), issued_on=dt.date(2006, 8, 1))
    pay(plan, accountant, (cells[0], "payment", 20), issued_on=dt.date(2006, 9, 1))
    assert (out(cells[0], dt.date(2006, 8, 15)), out(cells[0])) == (40 * MILLION, 60 * MILLION)
    with pytest.raises(MoneyRefused, match=r"nhỏ hơn 0, thiếu 1.000.000 đồng"):
        pay(plan, accountant, (cells[0], "recovery", 61), issued_on=dt.date(2006, 9, 1))


def test_payment_dated_back_is_judged_on_every_later_day(
    plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    """60 paid in August, 20 of it taken back in September: 10 more in August would have been 70 then."""
    pay(plan, accountant, (cells[0], "advance", 60), issued_on=dt.date(2006, 8, 1))
    pay(plan, accountant, (cells[0], "recovery", 20), issued_on=dt.date(2006, 9, 1))
    with pytest.raises(MoneyRefused, match=r"vượt 10.000.000 đồng \(tính đến ngày 01/08/2006\)"):
        pay(plan, accountant, (cells[0], "payment", 10), issued_on=dt.date(2006, 7, 1))
    pay(plan, accountant, (cells[0], "payment", 10), issued_on=dt.date(2006, 9, 1))


@pytest.mark.parametrize(
    ("head", "field", "words"),
    [
        ({"issued_on": dt.date(2006, 6, 15)}, "issued_on", "trước ngày đề án “Thêu ren” được duyệt"),
        ({"issued_on": dt.date(2999, 1, 1)}, "issued_on", "không được sau hôm nay"),
        ({"number": "pc-001"}, "number", "đã dùng trong năm 2006"),
    ],
)
def test_wrong_head_is_refused_beside_its_field(
    plan: AnnualPlan, cells: list[CellKey], accountant: User, head: dict[str, Any], field: str, words: str
) -> None:
    pay(plan, accountant, (cells[1], "advance", 1))
    with pytest.raises(Refused) as refusal:
        pay(plan, accountant, (cells[0], "advance", 1), **head)
    assert words in refusal.value.message_dict[field][0]
    assert Voucher.objects.count() == 1


def test_same_number_is_free_again_next_year(plan: AnnualPlan, cells: list[CellKey], accountant: User) -> None:
    pay(plan, accountant, (cells[0], "advance", 1), number="PC-01")
    pay(plan, accountant, (cells[0], "payment", 1), number="PC-01", issued_on=dt.date(2007, 1, 5))
    assert Voucher.objects.filter(number="PC-01").count() == 2


def test_slip_is_reversed_on_its_own_day_and_written_anew(
    plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    voucher = pay(plan, accountant, (cells[0], "advance", 50))
    [slip] = voucher.entries.all()
    reversal, right = correct_entries(rights=[RightAmount(slip, 5 * MILLION)], reason="Thừa một số 0", actor=accountant)
    assert (reversal.reverses, reversal.amount_vnd, reversal.effective_on) == (slip, -50 * MILLION, slip.effective_on)
    assert isinstance(right, PaymentEntry)
    assert (right.amount_vnd, right.voucher, right.kind) == (5 * MILLION, voucher, "advance")
    assert out(cells[0], dt.date(2006, 7, 1)) == 5 * MILLION


def test_reversal_is_not_reversed_and_nothing_is_reversed_twice(
    plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    [slip] = pay(plan, accountant, (cells[0], "advance", 50)).entries.all()
    [reversal] = correct_entries(rights=[RightAmount(slip, 0)], reason="Ghi nhầm đề án", actor=accountant)
    with pytest.raises(MoneyRefused, match="không được đảo lại"):
        correct_entries(rights=[RightAmount(reversal, 1)], reason="Đảo lại", actor=accountant)
    with pytest.raises(MoneyRefused, match="đã được ghi đảo"):
        correct_entries(rights=[RightAmount(slip, 1)], reason="Lần nữa", actor=accountant)
    with pytest.raises(Refused, match="Ghi lý do"):
        correct_entries(rights=[RightAmount(slip, 1)], reason=" ", actor=accountant)
    assert out(cells[0]) == 0 and PaymentEntry.objects.count() == 2


def test_adjusting_below_what_is_paid_is_refused(
    plan: AnnualPlan, cells: list[CellKey], accountant: User, department_head: User
) -> None:
    pay(plan, accountant, (cells[0], "advance", 40))
    with pytest.raises(DecisionRefused, match=r"vượt 10.000.000 đồng"):
        decide(plan=plan, by=department_head, approved={cells[0]: 30 * MILLION}, number="9/QĐ", on=dt.date(2006, 8, 1))
    moved = {cells[0]: 40 * MILLION, cells[1]: 70 * MILLION}
    decide(plan=plan, by=department_head, approved=moved, number="9/QĐ", on=dt.date(2006, 8, 1))
    assert out(cells[0]) == 40 * MILLION


def test_stop_frees_what_is_approved_and_not_paid_and_only_recoveries_follow(
    plan: AnnualPlan, cells: list[CellKey], accountant: User, department_head: User
) -> None:
    pay(plan, accountant, (cells[0], "advance", 40))
    decide(
        plan=plan,
        by=department_head,
        approved={cells[0]: 40 * MILLION},
        stopped=[cells[0]],
        number="10/QĐ",
        on=dt.date(2006, 9, 1),
    )
    late = {"issued_on": dt.date(2006, 9, 2)}
    with pytest.raises(MoneyRefused, match="“Ngừng thực hiện”: chỉ ghi thu hồi"):
        pay(plan, accountant, (cells[0], "payment", 1), **late)
    pay(plan, accountant, (cells[0], "recovery", 15), **late)
    assert out(cells[0]) == 25 * MILLION


def test_whoever_approved_never_keeps_the_accounts(
    plan: AnnualPlan, cells: list[CellKey], department_head: User, centre_staff: User
) -> None:
    with pytest.raises(NotAllowed, match="Chỉ kế toán"):
        pay(plan, centre_staff, (cells[0], "advance", 1))
    department_head.memberships.create(scope=plan.organisation, role="accountant")
    both = User.objects.get(pk=department_head.pk)
    with pytest.raises(NotAllowed, match="Bạn đã ghi nhận quyết định phê duyệt"):
        pay(plan, both, (cells[0], "advance", 1))
    other = make_person(role="accountant", scope=there(plan.organisation.parent), username="ke_toan_so")
    pay(plan, other, (cells[0], "advance", 1))


def test_what_the_beneficiary_pays_itself_has_no_ceiling_and_is_no_state_money(
    plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    line, component, state = cells[0]
    own = (line, component, source("DOIUNG").pk)
    pay(plan, accountant, (own, "payment", 500), direction="own", number="HĐ-1")
    assert paid_cells([line])[own] == {"own": 500 * MILLION}
    for key, direction in (((line, component, state), "own"), (own, "out")):
        with pytest.raises(MoneyRefused, match="Tiền ngân sách chi qua Trung tâm"):
            pay(plan, accountant, (key, "payment", 1), direction=direction, number="HĐ-2")


def test_liquidated_project_takes_recoveries_only(
    plan: AnnualPlan, cells: list[CellKey], accountant: User, centre_head: User
) -> None:
    project = sign(cells[0], accountant, 60).project
    project.refresh_from_db()
    take_step(project, "start", actor=centre_head, on=dt.date(2006, 7, 1))
    take_step(Project.objects.get(pk=project.pk), "accept", actor=centre_head, on=dt.date(2006, 11, 1), reason="BB 1")
    pay(plan, accountant, (cells[0], "payment", 60), issued_on=dt.date(2006, 11, 5))
    settle_project(
        project=project, paper="QT-1", on=dt.date(2006, 11, 10), amounts={cells[0]: 60 * MILLION}, actor=accountant
    )
    last = Project.objects.get(pk=project.pk)
    take_step(last, "liquidate", actor=accountant, on=dt.date(2006, 12, 1), reason="BB thanh lý 1")
    with pytest.raises(MoneyRefused, match="chỉ ghi thu hồi"):
        pay(plan, accountant, (cells[0], "payment", 1), issued_on=dt.date(2006, 12, 2))
    pay(plan, accountant, (cells[0], "recovery", 1), issued_on=dt.date(2006, 12, 2))
