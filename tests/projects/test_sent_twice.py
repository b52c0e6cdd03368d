"""A button pressed twice, a lost answer, two tabs with one form: recorded once, or asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AllocationEntry, AnnualPlan, DecisionDocument, PlanRound
from projects.models import CellKey, Comment, PaymentEntry, Project, ProjectDocument, Voucher
from projects.services.carry_over import carry_over
from projects.services.decision_checks import DecisionRefused
from projects.services.payments import RightAmount, correct_entries
from tests.factories import MILLION, authority, make_decision, make_plan, requested_cells, source
from tests.sent import fields_of

pytestmark = pytest.mark.django_db
CREATE = "projects:voucher_create"


@pytest.fixture
def cell(plan: AnnualPlan) -> CellKey:
    return min(requested_cells(plan))


@pytest.fixture
def tab(client: Client, accountant: User) -> Iterator[Client]:
    client.force_login(accountant)
    yield client


def typed(tab: Client, cell: CellKey, amount: str = "10 tr", **more: str) -> dict[str, str]:
    """The form as a tab holds it: the number is left blank."""
    project = Project.objects.get(lines=cell[0])
    page = tab.get(reverse(CREATE), {"project": project.pk})
    name = f"line-{cell[0]}-{cell[1]}-{cell[2]}-amount"
    return fields_of(page) | {"project": str(project.pk), "issued_on": "01/07/2006", name: amount, **more}


def test_two_tabs_with_one_voucher_book_it_once_and_ask(tab: Client, cell: CellKey) -> None:
    first, second = typed(tab, cell), typed(tab, cell)
    assert tab.post(reverse(CREATE), first).status_code == 302
    asked = tab.post(reverse(CREATE), second)
    page = asked.content.decode()
    assert asked.status_code == 422 and Voucher.objects.count() == 1
    assert "PC-001 ngày 01/07/2006" in page and "Vẫn ghi thành chứng từ khác" in page
    assert fields_of(asked)[f"line-{cell[0]}-{cell[1]}-{cell[2]}-amount"] == "10 tr", "nothing typed is lost"
    assert tab.post(reverse(CREATE), second | {"is_another": "on"}).status_code == 302
    assert list(Voucher.objects.order_by("pk").values_list("number", flat=True)) == ["PC-001", "PC-002"]


@pytest.mark.parametrize(
    "other", [{"issued_on": "02/07/2006"}, {"amount": "11 tr"}, {"direction": "in"}, {"kind": "payment"}]
)
def test_a_voucher_that_differs_is_not_asked_about(tab: Client, cell: CellKey, other: dict[str, str]) -> None:
    prefix = f"line-{cell[0]}-{cell[1]}-{cell[2]}"
    named = {f"{prefix}-{key}" if key in ("amount", "kind") else key: text for key, text in other.items()}
    assert tab.post(reverse(CREATE), typed(tab, cell)).status_code == 302
    assert tab.post(reverse(CREATE), typed(tab, cell) | named).status_code == 302
    assert Voucher.objects.count() == 2


def test_a_voucher_that_was_corrected_is_no_twin(tab: Client, cell: CellKey, accountant: User) -> None:
    assert tab.post(reverse(CREATE), typed(tab, cell)).status_code == 302
    correct_entries(rights=[RightAmount(PaymentEntry.objects.get(), 9 * MILLION)], reason="Gõ nhầm", actor=accountant)
    assert tab.post(reverse(CREATE), typed(tab, cell)).status_code == 302


def test_the_same_remark_is_said_once(client: Client, reviewer: User, centre_head: User, cell: CellKey) -> None:
    project = Project.objects.get(lines=cell[0])
    address = reverse("projects:comment_add", args=[project.pk])
    client.force_login(reviewer)
    for _time in range(2):
        answer = client.post(address, {"text": "Nêu số lao động", "field": "aims"}, follow=True)
    assert "Ý kiến này đã được ghi." in answer.content.decode() and Comment.objects.count() == 1
    client.post(address, {"text": "Nêu số lao động", "field": "effects"})
    client.force_login(centre_head)
    client.post(address, {"text": "Nêu số lao động", "field": "effects"})
    assert Comment.objects.count() == 3, "of another field, by another person"
    client.force_login(reviewer)
    client.post(address, {"text": "Nêu số lao động", "field": "effects"})
    assert Comment.objects.count() == 3, "a lost answer, though somebody else has written meanwhile"


def test_the_same_file_is_kept_once(client: Client, centre_staff: User, cell: CellKey) -> None:
    project = Project.objects.get(lines=cell[0])
    address = reverse("projects:project_document_add", args=[project.pk])
    client.force_login(centre_staff)
    for name in ("a.pdf", "b.pdf"):
        answer = client.post(address, {"file": SimpleUploadedFile(name, b"%PDF-1.4 one"), "title": ""})
    assert answer.status_code == 422 and "Tệp này đã được đính kèm" in answer.content.decode()
    assert client.post(address, {"file": SimpleUploadedFile("b.pdf", b"%PDF-1.4 two"), "title": ""}).status_code == 302
    assert ProjectDocument.objects.count() == 2


def test_a_round_is_opened_once_while_it_is_empty(client: Client, centre_staff: User, plan: AnnualPlan) -> None:
    client.force_login(centre_staff)
    address = reverse("projects:round_open", args=[plan.pk])
    client.post(address, {"level": "city"})
    answer = client.post(address, {"level": "city"}, follow=True)
    assert "chưa có đề án nào: hãy dùng đợt này" in answer.content.decode()
    assert PlanRound.objects.filter(plan=plan, level="city").count() == 2, "the approved one, and one that is empty"


def test_one_letter_carries_its_amounts_over_once(plan: AnnualPlan, department_head: User) -> None:
    following = make_plan(organisation=plan.organisation, year=2007)
    letter = make_decision(organisation=plan.organisation.parent, number="99/QĐ", on=dt.date(2006, 12, 28))
    words: dict[str, Any] = {
        "plan": plan,
        "to_plan": following,
        "decision": letter,
        "lines": [],
        "actor": department_head,
    }
    AllocationEntry.objects.create(
        decision=AllocationEntry.objects.get().decision, plan=plan, source=source("KCDP"), amount_vnd=50 * MILLION,
        nature="supplement", effective_on=dt.date(2006, 8, 1), recorded_by=department_head,
    )  # fmt: skip
    carry_over(**words, free={source("KCDP"): 10 * MILLION})
    with pytest.raises(DecisionRefused, match="ghi chuyển nguồn đúng các số tiền này"):
        carry_over(**words, free={source("KCDP"): 10 * MILLION})
    carry_over(**words, free={source("KCDP"): 5 * MILLION})
    assert AllocationEntry.objects.filter(plan=following).count() == 2


def test_the_scan_that_comes_with_each_sheet_of_a_letter_is_kept_once(
    client: Client, centre_staff: User, department_head: User
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    client.force_login(department_head)
    head = {"number": "9/QĐ", "issued_on": "01/08/2006", "summary": "Giao kinh phí"}
    head |= {"authority": str(authority().pk), "adds": "on"}
    for code, page, kept in (("KCDP", b"%PDF-1.4 a", 1), ("KCQG", b"%PDF-1.4 a", 1), ("KCQG", b"%PDF-1.4 b", 2)):
        key = f"source-{source(code).pk}"
        stood = AllocationEntry.objects.filter(source=source(code)).total_vnd()
        sheet = {f"{key}-after": f"{20 * kept} tr"} | ({f"{key}-before": str(stood)} if stood else {})
        scan = SimpleUploadedFile("9.pdf", page)
        assert client.post(reverse("projects:decision_create", args=[plan.pk]), head | sheet | {"scan": scan})[
            "Location"
        ]
        assert DecisionDocument.objects.count() == kept
