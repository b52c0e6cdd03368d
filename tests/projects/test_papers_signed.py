"""The appendix of a letter and the request for payment are signed by whom their office named for the paper's day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan, Decision
from projects.ledger.remainders import approved_cells
from tests.factories import MILLION, decide
from tests.kept import kept
from tests.people import Tree
from tests.projects.accounting import approved_plan, pay, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    return approved_plan(staff=centre_staff, head=centre_head, department=department_head)


def name_deputy(organisation: Organisation, since: dt.date) -> None:
    said = {"in_place_of": "Giám đốc", "position": "Phó Giám đốc", "name": "Vũ Thị Mai", "preparer": "Lê Văn Sơn"}
    organisation.signers.create(valid_from=since, **said)


def signatures(client: Client, url: str) -> list[str]:
    """What stands below the paper, by columns."""
    page = html.fromstring(client.get(url).content.decode())
    [foot] = page.find_class("signatures")
    for line_break in foot.iter("br"):
        line_break.tail = f" {line_break.tail or ''}"
    return [" ".join(column.text_content().split()) for column in foot.findall("p")]


@pytest.mark.parametrize(("since", "signed"), [("2006-08-01", True), ("2006-08-02", False)])
def test_appendix_is_signed_by_the_deputy_of_the_letters_day(
    client: Client, tree: Tree, plan: AnnualPlan, department_head: User, since: str, signed: bool
) -> None:
    name_deputy(tree.department, dt.date.fromisoformat(since))
    key = next(key for key, amount in approved_cells(plan).items() if amount == 60 * MILLION)
    decide(plan=plan, by=department_head, approved={key: 45 * MILLION}, number="9/QĐ", on=dt.date(2006, 8, 1))
    client.force_login(department_head)
    url = reverse("projects:decision_appendix", args=[Decision.objects.get(number="9/QĐ").pk])
    *_room, prepared, head = signatures(client, url)
    assert ("Lê Văn Sơn" in prepared) is signed
    assert head.startswith("KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC" if signed else "GIÁM ĐỐC") and ("Vũ Thị Mai" in head) is signed


def test_request_for_payment_is_signed_by_the_deputy_of_the_centre(
    client: Client, tree: Tree, plan: AnnualPlan, accountant: User
) -> None:
    key = next(key for key, amount in approved_cells(plan).items() if amount == 60 * MILLION)
    sign(key, accountant, 60)
    voucher = pay(plan, accountant, (key, "advance", 20))
    client.force_login(accountant)
    url = reverse("projects:voucher_request", args=[voucher.pk])
    assert signatures(client, url)[-1].startswith("GIÁM ĐỐC (Ký tên"), "as long as nobody is named"
    name_deputy(tree.centre, dt.date(2006, 1, 1))
    head = signatures(client, url)[-1]
    assert head.startswith("KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC (Ký tên") and head.endswith("Vũ Thị Mai")
