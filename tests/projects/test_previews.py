"""Every write of money can be looked at first: the balances as they would be, and nothing kept."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision
from projects.models import ApprovalEntry, CellKey, Contract, ContractEntry, PaymentEntry, Project, SettlementEntry
from projects.services.steps import take_step
from tests.factories import MILLION, requested_cells
from tests.projects.accounting import pay, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell(plan: AnnualPlan) -> CellKey:
    return min(requested_cells(plan))


def project_of(cell: CellKey) -> Project:
    return Project.objects.get(lines=cell[0])


def field(cell: CellKey) -> str:
    return "line-" + "-".join(str(part) for part in cell)


def test_contract_and_its_amendment_are_looked_at_before_they_are_recorded(
    client: Client, cell: CellKey, accountant: User
) -> None:
    client.force_login(accountant)
    typed = {"number": "05/HĐ", "signed_on": "20/06/2006", "partner": "HTX", field(cell): "55 tr", "preview": "1"}
    page = client.post(reverse("projects:contract_create", args=[project_of(cell).pk]), typed).content.decode()
    assert "Sau khi ghi" in page and "55.000.000" in page and 'value="55 tr"' in page
    assert not Contract.objects.exists() and project_of(cell).status == Project.Status.APPROVED
    contract = sign(cell, accountant, 40)
    head = {"seen": contract.last_entry, "paper": "PL-1", "on": "01/09/2006", "reason": "Thêm lớp"}
    changed = head | {field(cell): "45 tr", "preview": "1"}
    page = client.post(reverse("projects:contract_amend", args=[contract.pk]), changed).content.decode()
    assert "Sau khi ghi" in page and ContractEntry.objects.count() == 1


def test_settlement_that_would_be_refused_says_so_in_the_preview(
    client: Client, plan: AnnualPlan, cell: CellKey, accountant: User, centre_head: User
) -> None:
    sign(cell, accountant, 40)
    take_step(project_of(cell), "start", actor=centre_head, on=dt.date(2006, 7, 1))
    take_step(project_of(cell), "accept", actor=centre_head, on=dt.date(2006, 11, 1), reason="BB 1")
    client.force_login(accountant)
    address = reverse("projects:project_settle", args=[project_of(cell).pk])
    typed = {"paper": "QT-1", "on": "10/11/2006", "preview": "1"}
    refused = client.post(address, typed | {field(cell): "41 tr"})
    assert refused.status_code == 422 and "vượt 1.000.000 đồng" in refused.content.decode()
    page = client.post(address, typed | {field(cell): "39 tr"}).content.decode()
    assert "Sau khi ghi" in page and "39.000.000" in page
    assert not SettlementEntry.objects.exists() and project_of(cell).status == Project.Status.ACCEPTED


def test_correction_of_a_voucher_shows_the_account_after_it(
    client: Client, plan: AnnualPlan, cell: CellKey, accountant: User
) -> None:
    voucher = pay(plan, accountant, (cell, "advance", 50))
    [entry] = voucher.entries.all()
    client.force_login(accountant)
    typed = {f"right-{entry.pk}": "5 tr", "reason": "Thừa số 0", "preview": "1"}
    page = client.post(reverse("projects:voucher_correct", args=[voucher.pk]), typed).content.decode()
    assert "Sau khi ghi" in page and "55.000.000" in page and 'value="5 tr"' in page
    assert PaymentEntry.objects.count() == 1


def test_correction_of_a_letter_shows_each_envelope_before_and_after_and_tells_nobody(
    client: Client,
    plan: AnnualPlan,
    cell: CellKey,
    department_head: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    entry = ApprovalEntry.objects.get(plan_line=cell[0])
    client.force_login(department_head)
    typed = {
        f"approved-{entry.pk}": "40 tr",
        f"approved-{entry.pk}-standing": str(60 * MILLION),
        "reason": "Gõ nhầm",
        "preview": "1",
    }
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(reverse("projects:decision_correct", args=[Decision.objects.get().pk]), typed)
    assert "Sau văn bản này" in page.content.decode() and ">90<" in page.content.decode()
    assert ApprovalEntry.objects.filter(nature="correction").count() == 0 and not mail.outbox
