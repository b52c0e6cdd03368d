"""What is unwise is warned of with clause and figure, and goes on only with a reason, which is kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, SupportNorm
from projects.models import ApprovalEntry, CellKey, PaymentEntry, Project, Voucher, WarningReason
from projects.rules.warnings import findings_of
from projects.services.decision_checks import DecisionRefused
from projects.services.money_checks import MoneyRefused
from projects.services.payments import PaymentInput, record_voucher
from projects.services.warning_reasons import give_reason
from tests.factories import MILLION, authority, decide, forward_all, requested_cells, submit_all
from tests.kept import kept
from tests.law import norm_named, project_of, rule_advances
from tests.projects.accounting import approved_plan, sign
from tests.there import there

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def forwarded(law: None, centre_staff: User, centre_head: User) -> AnnualPlan:
    """A machine of 2019 that asks for 300 triệu of national money, just within the norm of 2018, and is forwarded."""
    project = project_of(
        by=centre_staff,
        year=2019,
        norm="machinery",
        amounts={"KCQG": 300 * MILLION, "DOIUNG": 400 * MILLION},
        eligible=700 * MILLION,
        units=1,
    )
    for warning in findings_of(project, user=centre_staff).unanswered:
        give_reason(project=project, fingerprint=warning.fingerprint, reason="Đã kiểm tra", actor=centre_staff)
    plan = AnnualPlan.objects.get()
    submit_all(plan=plan, by=centre_head)
    forward_all(plan=plan)
    return plan


@pytest.fixture
def cell(forwarded: AnnualPlan) -> CellKey:
    return min(requested_cells(forwarded))


ON: dict[str, Any] = {"number": "9/QĐ-BCT", "on": dt.date(2019, 3, 5), "level": "central"}


def test_letter_within_the_norm_needs_no_reason(forwarded: AnnualPlan, cell: CellKey, department_head: User) -> None:
    decide(plan=forwarded, by=department_head, assigned={"KCQG": 300 * MILLION}, approved={cell: 300 * MILLION}, **ON)
    assert ApprovalEntry.objects.get().amount_vnd == 300 * MILLION


def test_letter_over_the_norm_quotes_it_and_goes_on_with_a_reason_only(
    forwarded: AnnualPlan, cell: CellKey, department_head: User
) -> None:
    money: dict[str, Any] = {"assigned": {"KCQG": 400 * MILLION}, "approved": {cell: 340 * MILLION}}
    with pytest.raises(DecisionRefused) as refusal:
        decide(plan=forwarded, by=department_head, **money, **ON)
    [message] = refusal.value.messages
    assert "340.000.000" in message and "300.000.000" in message and refusal.value.code == "needs_reason"
    assert not ApprovalEntry.objects.exists() and not WarningReason.objects.filter(code="norm_over").exists()
    decide(plan=forwarded, by=department_head, reason="Máy nhập khẩu, giá cao", **money, **ON)
    kept = WarningReason.objects.get(code="norm_over")
    assert (kept.reason, kept.actor) == ("Máy nhập khẩu, giá cao", department_head)
    assert "340.000.000" in kept.text


def test_the_norm_in_force_on_the_letters_day_judges(
    forwarded: AnnualPlan, cell: CellKey, department_head: User
) -> None:
    """The same 300 triệu would have been over the 200 of the circular of 2014."""
    assert norm_named("machinery", dt.date(2015, 6, 1)).max_amount_vnd == 200 * MILLION
    early: dict[str, Any] = ON | {"on": dt.date(2018, 5, 1)}
    money: dict[str, Any] = {"assigned": {"KCQG": 400 * MILLION}, "approved": {cell: 300 * MILLION}}
    with pytest.raises(DecisionRefused, match=r"200.000.000"):
        decide(plan=forwarded, by=department_head, **money, **early)
    decide(plan=forwarded, by=department_head, **money, **ON)


def test_decision_page_shows_the_warning_before_saving_and_asks_for_the_reason(
    client: Client, forwarded: AnnualPlan, cell: CellKey, department_head: User
) -> None:
    client.force_login(department_head)
    address = reverse("projects:decision_create", args=[forwarded.pk])
    source_field = f"source-{cell[2]}"
    line = "line-" + "-".join(str(part) for part in cell)
    typed = {
        "number": "9/QĐ-BCT",
        "issued_on": "05/03/2019",
        "authority": str(authority("central").pk),
        f"{source_field}-after": "400 tr",
        f"{line}-after": "340 tr",
    }
    seen = client.post(address, typed, headers={"HX-Request": "true"}).content.decode()
    assert ("Cảnh báo:" in seen and "TT 28/2018" in seen) or "28/2018/TT-BCT" in seen
    refused = client.post(address, typed)
    page = refused.content.decode()
    assert refused.status_code == 422 and "Cần ghi lý do" in page and 'value="340 tr"' in page
    assert client.post(address, typed | {f"{line}-reason": "Giá nhập khẩu"}).status_code == 302
    project = Project.objects.get()
    page = client.get(project.get_absolute_url()).content.decode()
    assert "Giá nhập khẩu" in page


@pytest.fixture
@kept
def contracted(law: None, centre_staff: User, centre_head: User, department_head: User, accountant: User) -> CellKey:
    """“Thêu ren” of 60 triệu with a contract of 50."""
    rule_advances()
    plan = approved_plan(staff=centre_staff, head=centre_head, department=department_head)
    cell = min(requested_cells(plan))
    sign(cell, accountant, 50)
    return cell


def advance(cell: CellKey, by: User, millions: int, *, number: str = "PC-1", reason: str = "") -> Voucher:
    organisation = Project.objects.get(lines=cell[0]).organisation
    voucher = Voucher(organisation=organisation, number=number, issued_on=dt.date(2006, 7, 1))
    return record_voucher(
        voucher=voucher, rows=[PaymentInput(cell, "advance", millions * MILLION, reason=reason)], actor=by
    )


def test_advance_over_seventy_percent_of_the_contract_needs_a_reason(contracted: CellKey, accountant: User) -> None:
    advance(contracted, accountant, 30)
    with pytest.raises(MoneyRefused, match=r"Tạm ứng 40.000.000 đồng, quá 70% của 50.000.000 đồng \(tối đa 35.000.000"):
        advance(contracted, accountant, 10, number="PC-2")
    assert Voucher.objects.count() == 1
    advance(contracted, accountant, 10, number="PC-2", reason="UBND cho phép, văn bản 12")
    assert there(PaymentEntry.objects.last()).reason == "UBND cho phép, văn bản 12"


@pytest.mark.parametrize(("code", "allowed"), [("startup", 50), ("cluster_infrastructure", 15)])
def test_share_depends_on_the_kind_of_support(contracted: CellKey, accountant: User, code: str, allowed: int) -> None:
    """100 % for starting an enterprise, 30 % for the infrastructure of a cluster."""
    Project.objects.get(lines=contracted[0]).components.update(norm=SupportNorm.objects.filter(code=code).first())
    advance(contracted, accountant, allowed)
    if allowed < 50:
        with pytest.raises(MoneyRefused, match="quá 30%"):
            advance(contracted, accountant, 1, number="PC-2")


def test_voucher_page_warns_of_a_large_advance_before_saving(
    client: Client, contracted: CellKey, accountant: User
) -> None:
    client.force_login(accountant)
    name = "line-" + "-".join(str(part) for part in contracted)
    typed = {
        "project": Project.objects.get(lines=contracted[0]).pk,
        "direction": "out",
        "issued_on": "01/07/2006",
        f"{name}-amount": "40 tr",
    }
    address = reverse("projects:voucher_create")
    seen = client.post(address, typed, headers={"HX-Request": "true"}).content.decode()
    assert "quá 70%" in seen and "Ghi lý do ở dòng này" in seen
    refused = client.post(address, typed)
    assert refused.status_code == 422 and "Cần ghi lý do ở dòng này" in refused.content.decode()
    assert client.post(address, typed | {f"{name}-reason": "Được phép"}).status_code == 302
