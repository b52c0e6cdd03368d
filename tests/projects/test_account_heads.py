"""What was typed of a contract or a voucher beside its money is put right, and read on beside what is right."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import CellKey, Contract, HeadChange, Voucher
from projects.services.account_heads import correct_account_head
from tests.projects.accounting import pay, sign
from tests.projects.attempts import code_of
from tests.sent import fields_of

pytestmark = pytest.mark.django_db


def test_a_contract_signed_with_somebody_else(
    client: Client, cells: list[CellKey], accountant: User, observer: User
) -> None:
    contract = sign(cells[0], accountant, 40)
    client.force_login(accountant)
    address = reverse("projects:contract_head", args=[contract.pk])
    assert address in client.get(contract.get_absolute_url()).content.decode()
    sent = fields_of(client.get(address)) | {"partner": "HTX Lật Dương", "due_on": "31/12/2006"}
    silent = client.post(address, sent | {"reason": " "})
    assert silent.status_code == 422 and not HeadChange.objects.exists()
    assert client.post(address, sent | {"reason": "Gõ nhầm bên ký"}).status_code == 302
    contract.refresh_from_db()
    assert (contract.partner, contract.due_on) == ("HTX Lật Dương", dt.date(2006, 12, 31))
    client.force_login(observer)
    page = client.get(contract.get_absolute_url()).content.decode()
    assert "<del>HTX Thêu ren</del> → HTX Lật Dương" in page and "Gõ nhầm bên ký" in page and str(accountant) in page
    assert client.get(address).status_code == 403


def test_a_voucher_of_another_number(client: Client, plan: AnnualPlan, cells: list[CellKey], accountant: User) -> None:
    first, second = (pay(plan, accountant, (cells[0], "advance", 5), number=number) for number in ("PC-7", "PC-8"))
    client.force_login(accountant)
    address = reverse("projects:voucher_head", args=[second.pk])
    sent = fields_of(client.get(address)) | {"reason": "Gõ nhầm số"}
    taken = client.post(address, sent | {"number": first.number})
    assert taken.status_code == 422 and "đã dùng trong năm" in taken.content.decode()
    assert client.post(address, sent | {"number": "PC-9"}).status_code == 302
    assert Voucher.objects.get(pk=second.pk).label.startswith("PC-9")
    found = client.get(reverse("projects:voucher_list"), {"q": "PC-9"}).content.decode()
    assert second.get_absolute_url() in found, "it is found by its right number"


def test_what_a_colleague_put_right_meanwhile_is_not_written_over_unread(
    client: Client, cells: list[CellKey], accountant: User
) -> None:
    contract = sign(cells[0], accountant, 40)
    client.force_login(accountant)
    address = reverse("projects:contract_head", args=[contract.pk])
    opened = fields_of(client.get(address)) | {"partner": "HTX Lật Dương", "reason": "Gõ nhầm bên ký"}
    correct_account_head(record=contract, head={"number": "09/HĐ"}, seen=0, reason="Gõ nhầm số", actor=accountant)
    asked = client.post(address, opened)
    assert asked.status_code == 422 and f"{contract.number} → 09/HĐ. Hãy xem lại" in asked.content.decode()
    assert Contract.objects.get(pk=contract.pk).number == "09/HĐ" and fields_of(asked)["partner"] == "HTX Lật Dương"
    assert client.post(address, fields_of(asked) | {"number": "09/HĐ"}).status_code == 302
    contract.refresh_from_db()
    assert (contract.number, contract.partner) == ("09/HĐ", "HTX Lật Dương")


def test_what_can_not_be_put_right(
    plan: AnnualPlan, cells: list[CellKey], accountant: User, centre_staff: User, department_head: User
) -> None:
    contract = sign(cells[0], accountant, 40)

    def said(by: User = accountant, reason: str = "Nhầm", **head: str) -> str:
        seen = contract.changes.count()
        return code_of(partial(correct_account_head, record=contract, head=head, seen=seen, reason=reason, actor=by))

    assert said(number="06/HĐ") == "done"
    assert said(centre_staff, number="06/HĐ") == said(department_head, number="06/HĐ") == "not_allowed"
    assert (said(reason=" ", number="06/HĐ"), said(number=" "), said()) == ("no_reason", "no_number", "nothing")
    sign(cells[0], accountant, 5, number="06/HĐ")
    assert said(number="06/HĐ") == "taken"
    AnnualPlan.objects.update(is_closed=True)
    assert said(number="07/HĐ") == "closed"


def test_the_database_takes_no_other_number_without_a_trace(cells: list[CellKey], accountant: User) -> None:
    contract = sign(cells[0], accountant, 40)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Contract.objects.filter(pk=contract.pk)._raw_delete("default")
    contract.number, contract.amendments = "99/HĐ", 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        contract.save(update_fields=["number", "amendments"])
