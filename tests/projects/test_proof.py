"""The totals prove themselves: two ways agree, and whatever was smuggled in is named."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.triggers import drop_triggers, install_triggers
from programmes.models import AnnualPlan
from projects.models import ApprovalEntry, CellKey, PaymentEntry, Project, ProofRun
from projects.services.payments import RightAmount, correct_entries
from tests.factories import MILLION, requested_cells
from tests.kept import kept
from tests.projects.accounting import approved_plan, pay, sign
from tests.there import there

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User, department_head: User, accountant: User) -> AnnualPlan:
    """A plan with a contract, payments both ways and a slip that was put right."""
    plan = approved_plan(staff=centre_staff, head=centre_head, department=department_head)
    cell = min(requested_cells(plan))
    sign(cell, accountant, 55)
    pay(plan, accountant, (cell, "advance", 60), direction="in", number="UNC-1")
    [slip] = pay(plan, accountant, (cell, "advance", 50)).entries.all()
    correct_entries(rights=[RightAmount(slip, 5 * MILLION)], reason="Thừa số 0", actor=accountant)
    return plan


def test_an_honest_ledger_is_proved_and_the_run_is_kept(plan: AnnualPlan) -> None:
    said = StringIO()
    call_command("prove_totals", stdout=said)
    assert "khớp" in said.getvalue() and "8 bút toán" in said.getvalue()
    run = ProofRun.objects.get()
    assert run.is_clean and run.entry_count == 8 and run.findings == ""


def smuggle(statement: str, *values: Any) -> None:
    """Writes past the program and the triggers, as somebody with the database in hand could."""
    drop_triggers()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    install_triggers()


def raise_an_approval(cell: CellKey) -> str:
    entry = there(ApprovalEntry.objects.filter(plan_line=cell[0]).first())
    smuggle("UPDATE projects_approvalentry SET amount_vnd = amount_vnd + 1 WHERE id = %s", entry.pk)
    return f"approved #{entry.pk}"


def lower_an_approval_below_what_is_paid(cell: CellKey) -> str:
    entry = there(ApprovalEntry.objects.filter(plan_line=cell[0]).first())
    smuggle("UPDATE projects_approvalentry SET amount_vnd = 4000000 WHERE id = %s", entry.pk)
    return f"approved #{entry.pk}"


def change_a_reversal(cell: CellKey) -> str:
    entry = PaymentEntry.objects.get(reverses__isnull=False)
    smuggle("UPDATE projects_paymententry SET amount_vnd = -49000000 WHERE id = %s", entry.pk)
    return f"paid #{entry.pk}"


def move_a_payment_before_the_approval(cell: CellKey) -> str:
    entry = PaymentEntry.objects.filter(voucher__direction="in").get()
    smuggle("UPDATE projects_paymententry SET effective_on = '2006-01-05' WHERE id = %s", entry.pk)
    return f"paid #{entry.pk}"


def change_a_status(cell: CellKey) -> str:
    project = Project.objects.get(lines=cell[0])
    smuggle("UPDATE projects_project SET status = 'settled' WHERE id = %s", project.pk)
    return f"Đề án {project.code}"


@pytest.mark.parametrize(
    "crime",
    [
        raise_an_approval,
        lower_an_approval_below_what_is_paid,
        change_a_reversal,
        move_a_payment_before_the_approval,
        change_a_status,
    ],
)
def test_what_was_smuggled_in_is_named_and_the_command_fails(plan: AnnualPlan, crime: Callable[[CellKey], str]) -> None:
    named = crime(min(requested_cells(plan)))
    with pytest.raises(CommandError, match=named):
        call_command("prove_totals", stdout=StringIO())
    assert not ProofRun.objects.get().is_clean


def test_sql_that_adds_up_wrongly_is_found(plan: AnnualPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    """A join that multiplies is the classic of wrong totals."""
    from projects.ledger import proof

    doubled = [statement.replace("SUM(amount_vnd)", "2 * SUM(amount_vnd)") for statement in proof.AGGREGATES]
    monkeypatch.setattr(proof, "AGGREGATES", doubled)
    run = proof.prove()
    assert run.finding_count == 1 and "tổng hợp 220000000 đồng, cộng từng bút toán 110000000 đồng" in run.findings
    assert "assigned #" in run.findings


def test_missing_trigger_is_said(plan: AnnualPlan) -> None:
    from projects.ledger.proof import prove

    drop_triggers()
    try:
        assert "thiếu khóa chống sửa" in prove().findings
    finally:
        install_triggers()


def test_administrator_reads_when_it_ran_and_what_it_said(
    client: Client, plan: AnnualPlan, administrator: User
) -> None:
    client.force_login(administrator)
    assert "Chưa kiểm tra lần nào" in client.get(reverse("projects:proof")).content.decode()
    page = client.post(reverse("projects:proof"), follow=True).content.decode()
    assert "mọi tổng số khớp với bút toán" in page and "8 bút toán" in page
    lower_an_approval_below_what_is_paid(min(requested_cells(plan)))
    page = client.post(reverse("projects:proof"), follow=True).content.decode()
    assert "chỗ sai" in page and "Chi vượt kinh phí được duyệt" in page
