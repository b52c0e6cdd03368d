"""A settled amount that was typed wrongly is put right on the page of the project, which reads on what stood."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import CellKey, Project, SettlementEntry
from tests.factories import MILLION
from tests.projects.accounting import project_of, write_accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def settled(plan: AnnualPlan, cells: list[CellKey], accountant: User) -> Project:
    write_accounts(cells[0], accountant, dt.date(2006, 12, 20))
    Project.objects.filter(lines=cells[0][0]).update(status="settled")
    return project_of(cells[0])


def test_the_slip_is_reversed_and_read_on(client: Client, settled: Project, accountant: User, observer: User) -> None:
    client.force_login(accountant)
    address = reverse("projects:settlement_correct", args=[settled.pk])
    assert address in client.get(settled.get_absolute_url()).content.decode()
    slip = SettlementEntry.objects.get()
    name = f"right-{slip.pk}"
    silent = client.post(address, {name: "55 tr", "reason": ""})
    assert silent.status_code == 422 and SettlementEntry.objects.count() == 1
    over = client.post(address, {name: "65 tr", "reason": "Gõ nhầm"})
    assert over.status_code == 422 and "65.000.000" in over.content.decode(), "over the contract, with the figures"
    assert client.post(address, {name: "55 tr", "reason": "Gõ nhầm"}).status_code == 302
    assert sorted(SettlementEntry.objects.values_list("amount_vnd", flat=True)) == [
        -60 * MILLION,
        55 * MILLION,
        60 * MILLION,
    ]
    client.force_login(observer)
    page = client.get(settled.get_absolute_url()).content.decode()
    assert "bút toán đảo" in page and "Gõ nhầm" in page and str(accountant) in page and address not in page
    assert client.get(address).status_code == 403
