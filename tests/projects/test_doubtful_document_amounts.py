"""Letters, contracts and vouchers state đồng: a slip of the unit is asked about beside the field, and taken once it is
confirmed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AllocationEntry, AnnualPlan
from projects.models import CellKey, PastLetter, PaymentEntry
from tests.factories import MILLION, make_plan, make_project, source, submit_all
from tests.projects.accounting import project_of
from tests.sent import fields_of

pytestmark = pytest.mark.django_db
CREATE = "projects:voucher_create"


@pytest.fixture
def desk(client: Client, accountant: User) -> Client:
    client.force_login(accountant)
    return client


def row(key: CellKey) -> str:
    return "line-" + "-".join(map(str, key))


def voucher(key: CellKey, amount: str, **changes: str) -> dict[str, Any]:
    head = {"project": project_of(key).pk, "direction": "out", "number": "PC-001", "issued_on": "01/07/2006"}
    return head | {f"{row(key)}-amount": amount} | changes


@pytest.mark.parametrize(("typed", "times"), [("600.000", "1/100"), ("15.000", "1/4.000")])
def test_payment_of_a_hundredth_of_what_is_left_is_asked_about_and_taken_once_confirmed(
    desk: Client, cells: list[CellKey], typed: str, times: str
) -> None:
    answer = desk.post(reverse(CREATE), voucher(cells[0], typed))
    words = f"Số này chỉ bằng {times} số còn lại 60 triệu đồng (60.000.000 đồng). Số này có đúng không?"
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not PaymentEntry.objects.exists()
    sure = {f"{row(cells[0])}-amount-sure": typed.replace(".", "")}
    assert desk.post(reverse(CREATE), voucher(cells[0], typed, **sure)).status_code == 302
    assert PaymentEntry.objects.get().amount_vnd == int(typed.replace(".", ""))


@pytest.mark.parametrize("typed", ["610.000", "60.000.000", "60 tr"])
def test_usual_payment_is_taken_without_a_question(desk: Client, cells: list[CellKey], typed: str) -> None:
    assert desk.post(reverse(CREATE), voucher(cells[0], typed)).status_code == 302


def test_payment_ten_times_what_is_left_is_asked_about_before_it_is_refused(desk: Client, cells: list[CellKey]) -> None:
    answer = desk.post(reverse(CREATE), voucher(cells[0], "600.000.000"))
    assert answer.status_code == 422 and "Số này gấp 10 lần số còn lại" in answer.content.decode()
    answer = desk.post(reverse(CREATE), voucher(cells[0], "599.000.000"))
    assert "Số này gấp" not in answer.content.decode() and "vượt" in answer.content.decode().lower()


def test_bare_small_number_on_a_voucher_may_be_millions(desk: Client, cells: list[CellKey]) -> None:
    answer = desk.post(reverse(CREATE), voucher(cells[0], "40"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "40 triệu đồng (40.000.000 đồng)" in page and "Chưa rõ “40”" in page
    means = {f"{row(cells[0])}-amount-means": "40000000"}
    assert desk.post(reverse(CREATE), voucher(cells[0], "40", **means)).status_code == 302
    assert PaymentEntry.objects.get().amount_vnd == 40 * MILLION


def test_question_on_a_voucher_comes_while_typing(desk: Client, cells: list[CellKey]) -> None:
    seen = desk.post(reverse(CREATE), voucher(cells[0], "2.700"), headers={"HX-Request": "true"}).content.decode()
    assert f'id="asked-{row(cells[0])}" hx-swap-oob="true"><span class="money-question"' in seen
    assert "2.700 triệu đồng (2.700.000.000 đồng)" in seen and "2,7 triệu đồng (2.700.000 đồng)" in seen


def test_contract_takes_no_amount_that_may_mean_two(desk: Client, cells: list[CellKey], accountant: User) -> None:
    address = reverse("projects:contract_create", args=[project_of(cells[0]).pk])
    fields = fields_of(desk.get(address))
    answer = desk.post(address, fields | {"number": "05/HĐ", "signed_on": "20/06/2006", row(cells[0]): "1.500 tr"})
    assert answer.status_code == 422 and "1,5 triệu đồng (1.500.000 đồng)" in answer.content.decode()


def test_letter_says_that_it_is_in_dong_and_asks_about_a_bare_small_number(
    client: Client, centre_staff: User, centre_head: User, department_head: User
) -> None:
    plan: AnnualPlan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    client.force_login(department_head)
    address = reverse("projects:decision_create", args=[plan.pk])
    page = client.get(address).content.decode()
    assert "bằng đồng như văn bản ghi" in page and "Sau (đồng)" in page
    name = f"source-{source('KCDP').pk}-after"
    head = {"number": "341/UBND-CN", "issued_on": "16/06/2006", "nature": "adjustment"}
    typed = fields_of(client.get(address)) | head | {name: "300"}
    answer = client.post(address, typed)
    assert answer.status_code == 422 and "300 triệu đồng (300.000.000 đồng)" in answer.content.decode()
    assert client.post(address, typed | {f"{name}-means": "300000000"}).status_code == 302
    assert AllocationEntry.objects.get().amount_vnd == 300 * MILLION


@pytest.mark.parametrize(("typed", "meant"), [("60", 60 * MILLION), ("1.313", 1_313 * MILLION)])
def test_letter_of_an_old_file_asks_about_a_bare_small_number(
    client: Client, centre_staff: User, typed: str, meant: int
) -> None:
    plan: AnnualPlan = make_plan(organisation=centre_staff.memberships.get().scope)
    client.force_login(centre_staff)
    address = reverse("projects:past_letter_create", args=[plan.pk])
    said = fields_of(client.get(address)) | {"number": "341/UBND-CN", "issued_on": "16/06/2006"}
    said |= {"assigned_KCDP": typed}
    answer = client.post(address, said)
    assert answer.status_code == 422 and f"Chưa rõ “{typed}” là bao nhiêu" in answer.content.decode()
    assert not PastLetter.objects.exists()
    assert client.post(address, said | {"assigned_KCDP-means": str(meant)}).status_code == 302
    assert PastLetter.objects.get().assigned.get().amount_vnd == meant
