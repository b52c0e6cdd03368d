"""Twenty accountants at one account, some of whom lose their machine in the middle of it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connections

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.ledger.proof import prove
from projects.models import CellKey, PaymentEntry, Project, Voucher
from projects.refusals import TransitionRefused
from projects.services.contracts import settle_project
from projects.services.money_checks import MoneyRefused
from projects.services.steps import take_step
from tests.factories import MILLION, requested_cells
from tests.projects.accounting import out, pay, sign
from tests.projects.at_once import together
from tests.there import there

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, VOUCHERS_EACH = 20, 6


@pytest.fixture
def cell(plan: AnnualPlan) -> CellKey:
    """“Thêu ren”, 60 triệu."""
    return min(requested_cells(plan))


def test_twenty_payments_on_one_account_stop_at_what_is_approved(
    plan: AnnualPlan, cell: CellKey, accountant: User
) -> None:
    def pay_ten(index: int) -> str:
        try:
            pay(plan, accountant, (cell, "payment", 10), number=f"PC-{index}")
        except MoneyRefused as refusal:
            return refusal.code
        return "recorded"

    assert together(pay_ten) == {"recorded": 6, "excess": 14}
    assert out(cell) == 60 * MILLION


def test_twenty_vouchers_of_one_number_leave_one(plan: AnnualPlan, cell: CellKey, accountant: User) -> None:
    def pay_one(index: int) -> str:
        try:
            pay(plan, accountant, (cell, "payment", 1), number="PC-1")
        except MoneyRefused as refusal:
            return refusal.code
        return "recorded"

    assert together(pay_one) == {"recorded": 1, "taken": 19}
    assert out(cell) == MILLION


def test_a_project_is_settled_once(plan: AnnualPlan, cell: CellKey, accountant: User, centre_head: User) -> None:
    contract = sign(cell, accountant, 60)
    take_step(Project.objects.get(lines=cell[0]), "start", actor=centre_head, on=contract.signed_on)
    take_step(
        Project.objects.get(lines=cell[0]), "accept", actor=centre_head, on=contract.signed_on, reason="Biên bản 1"
    )
    project = Project.objects.get(lines=cell[0])

    def settle(index: int) -> str:
        try:
            settle_project(
                project=project,
                paper=f"QT-{index}",
                on=contract.signed_on,
                amounts={cell: 3 * MILLION},
                actor=accountant,
            )
        except (MoneyRefused, TransitionRefused):
            return "refused"
        return "settled"

    assert together(settle) == {"settled": 1, "refused": 19}


def write_vouchers(index: int, plan_pk: int, cell: CellKey, accountant_pk: int, diary: Path) -> None:
    """One accountant's process: pays 1 triệu again and again, and notes what was answered after each."""
    plan, accountant = AnnualPlan.objects.get(pk=plan_pk), User.objects.get(pk=accountant_pk)
    for number in range(VOUCHERS_EACH):
        try:
            answer = pay(plan, accountant, (cell, "payment", 1), number=f"{index}/{number}").number
        except MoneyRefused as refusal:
            answer = refusal.code
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
        with diary.open("a") as page:
            page.write(f"{answer}\n")
    connections.close_all()
    os._exit(0)


def test_killed_writers_leave_no_half_voucher_and_lose_none_that_was_answered(
    plan: AnnualPlan, cell: CellKey, accountant: User, tmp_path: Path
) -> None:
    """120 vouchers of 1 triệu on 60 triệu by 20 processes, 7 of which are killed while they write."""
    connections.close_all()  # a forked process must not share the parent's connection
    fork = multiprocessing.get_context("fork")
    diaries = [tmp_path / f"{index}.txt" for index in range(WRITERS)]
    writers = [
        fork.Process(target=write_vouchers, args=(index, plan.pk, cell, accountant.pk, diary))
        for index, diary in enumerate(diaries)
    ]
    for writer in writers:
        writer.start()
    for index in range(0, WRITERS, 3):
        time.sleep(0.12)
        if writers[index].is_alive():
            os.kill(there(writers[index].pid), signal.SIGKILL)
    for writer in writers:
        writer.join(120)
    killed = sum(writer.exitcode == -signal.SIGKILL for writer in writers)
    answers = [line for diary in diaries if diary.exists() for line in diary.read_text().splitlines()]
    recorded = {answer for answer in answers if "/" in answer}
    others = Counter(answer for answer in answers if "/" not in answer)
    stored = set(Voucher.objects.values_list("number", flat=True))
    print(f"{killed} killed, {len(recorded)} answered as recorded, {len(stored)} stored, others {dict(others)}")
    assert killed and set(others) <= {"excess"}
    assert recorded <= stored and len(stored - recorded) <= killed
    assert out(cell) == len(stored) * MILLION <= 60 * MILLION
    assert PaymentEntry.objects.count() == len(stored)
    assert prove().is_clean
