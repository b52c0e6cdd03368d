"""What was assigned to a plan is changed by a letter of a known authority, with a reason."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AllocationEntry, Decision
from projects.ledger.remainders import envelopes
from tests.factories import MILLION, authority, decide, make_decision, make_plan, source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("head", "message"),
    [({"authority": ""}, "phải ghi rõ cơ quan ban hành"), ({"summary": " "}, "phải ghi lý do")],
)
def test_assigned_money_is_changed_by_a_known_authority_with_a_reason(
    client: Client, centre_staff: User, department_head: User, head: dict[str, str], message: str
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    decide(plan=plan, by=department_head, assigned={"KCDP": 60 * MILLION})
    client.force_login(department_head)
    prefix = f"source-{source('KCDP').pk}"
    typed = {
        "number": "9/QĐ",
        "issued_on": "01/08/2006",
        "authority": str(authority().pk),
        "summary": "Bổ sung dự toán",
        f"{prefix}-before": str(60 * MILLION),
        f"{prefix}-after": "80 tr",
    }
    address = reverse("projects:decision_create", args=[plan.pk])
    response = client.post(address, typed | head)
    text = response.content.decode()
    assert response.status_code == 422 and message in text and "80 tr" in text
    assert envelopes([plan])[1].assigned_vnd == 60 * MILLION
    assert client.post(address, typed).status_code == 302
    assert envelopes([plan])[1].assigned_vnd == 80 * MILLION


def test_first_assignment_may_come_from_a_letter_of_unknown_authority(
    client: Client, centre_staff: User, department_head: User
) -> None:
    """As the national money of 2006 did."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    client.force_login(department_head)
    typed = {"is_number_unknown": "on", "is_date_unknown": "on", f"source-{source('KCQG').pk}-after": "250 tr"}
    assert client.post(reverse("projects:decision_create", args=[plan.pk]), typed).status_code == 302
    assert envelopes([plan])[0].assigned_vnd == 250 * MILLION


def test_a_letter_that_was_recorded_without_words_may_still_change_amounts(
    client: Client, centre_staff: User, department_head: User
) -> None:
    """The letter stays as it was recorded; what is typed as its reason is kept with the amounts that it changes."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    decide(plan=plan, by=department_head, assigned={"KCDP": 60 * MILLION}, number="1/QĐ")
    silent = make_decision(organisation=plan.organisation.parent, number="2/QĐ", summary="")
    silent.recorded_by = department_head
    silent.save()
    client.force_login(department_head)
    prefix = f"source-{source('KCDP').pk}"
    typed = {
        "number": silent.number,
        "issued_on": f"{silent.issued_on:%d/%m/%Y}",
        "authority": str(silent.authority_id),
        "summary": "Bổ sung dự toán",
        "adds": "on",
        f"{prefix}-before": str(60 * MILLION),
        f"{prefix}-after": "80 tr",
    }
    address = reverse("projects:decision_create", args=[plan.pk])
    assert client.post(address, typed | {"adds": "on", "summary": ""}).status_code == 422
    assert client.post(address, typed | {"adds": "on"}).status_code == 302
    change = AllocationEntry.objects.latest("pk")
    assert (change.decision, change.amount_vnd, change.reason) == (silent, 20 * MILLION, "Bổ sung dự toán")
    assert Decision.objects.get(pk=silent.pk).summary == ""
