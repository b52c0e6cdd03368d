"""Contracts with their amendments, and settlement: several per project, never settled beyond what was contracted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.ledger.line_accounts import accounts_of
from projects.models import CellKey, Contract, ContractEntry, Project, SettlementEntry
from projects.refusals import TransitionRefused
from projects.services.contracts import amend_contract, contracted_cells, settle_project
from projects.services.money_checks import MoneyRefused
from projects.services.payments import RightAmount, correct_entries
from projects.services.steps import take_step
from tests.factories import MILLION
from tests.projects.accounting import amend, pay, project_of, sign
from tests.sent import fields_of
from tests.there import there

pytestmark = pytest.mark.django_db


def accept(key: CellKey, head: User) -> Project:
    take_step(project_of(key), "start", actor=head, on=dt.date(2006, 7, 1))
    take_step(project_of(key), "accept", actor=head, on=dt.date(2006, 11, 1), reason="Biên bản 1")
    return project_of(key)


def test_first_contract_moves_the_project_on_and_the_second_only_adds(cells: list[CellKey], accountant: User) -> None:
    sign(cells[0], accountant, 40)
    project = project_of(cells[0])
    assert project.status == Project.Status.CONTRACTED
    assert project.status_changes.get(transition="contract").reason == "Hợp đồng 05/HĐ ngày 20/06/2006"
    sign(cells[0], accountant, 20, number="06/HĐ", on=dt.date(2006, 7, 1))
    [account] = accounts_of([project])
    assert account.contracted_vnd == 60 * MILLION
    assert project.status_changes.filter(transition="contract").count() == 1


def test_amendment_states_the_amount_after_it(cells: list[CellKey], accountant: User) -> None:
    contract = sign(cells[0], accountant, 40)
    words = {"paper": "PL-01", "on": dt.date(2006, 9, 1), "reason": "Thêm một lớp", "actor": accountant}
    amend(contract, {cells[0]: 55 * MILLION}, **words)
    assert contracted_cells(contract) == {cells[0]: 55 * MILLION}
    first, amendment = ContractEntry.objects.order_by("pk")
    assert (first.nature, amendment.nature, amendment.amount_vnd) == ("initial", "adjustment", 15 * MILLION)
    with pytest.raises(MoneyRefused, match="trước ngày ký hợp đồng"):
        amend(contract, {cells[0]: 1}, **words | {"on": dt.date(2006, 6, 1)})
    with pytest.raises(MoneyRefused, match="Không có số nào khác"):
        amend(contract, {cells[0]: 55 * MILLION}, **words)


def test_an_amendment_is_decided_beside_the_amounts_that_stand(
    client: Client, cells: list[CellKey], accountant: User
) -> None:
    """Two accountants open one contract; who comes second sees what the first one wrote, nothing typed is lost."""
    contract = sign(cells[0], accountant, 40)
    client.force_login(accountant)
    address, seen = reverse("projects:contract_amend", args=[contract.pk]), contract.last_entry
    amount = "line-{}-{}-{}".format(*cells[0])
    head = {"paper": "PL-02", "on": "02/09/2006", "reason": "Thêm hai lớp"}
    typed = fields_of(client.get(address)) | head | {amount: "45 tr"}
    words: dict[str, Any] = {"on": dt.date(2006, 9, 1), "reason": "Thêm một lớp", "actor": accountant}
    amend(contract, {cells[0]: 55 * MILLION}, paper="PL-01", **words)
    with pytest.raises(MoneyRefused) as refusal:
        amend_contract(contract=contract, seen=seen, paper="PL-02", after={cells[0]: 45 * MILLION}, **words)
    assert refusal.value.code == "changed_meanwhile"
    asked = client.post(address, typed)
    assert asked.status_code == 422 and "đối chiếu với cột “Hợp đồng”" in asked.content.decode()
    assert contracted_cells(contract) == {cells[0]: 55 * MILLION}
    garbled = client.post(address, typed | {"seen": "x"})
    assert garbled.status_code == 422 and fields_of(garbled)["seen"] == str(contract.last_entry)
    again = fields_of(asked)
    assert (again["paper"], again[amount]) == ("PL-02", "45 tr")
    assert client.post(address, again).status_code == 302
    assert contracted_cells(contract) == {cells[0]: 45 * MILLION}


def test_the_step_of_a_contract_is_told_in_vietnamese_whatever_the_page_speaks(
    cells: list[CellKey], accountant: User
) -> None:
    with override("en"):
        sign(cells[0], accountant, 40)
    [step] = project_of(cells[0]).status_changes.filter(transition="contract")
    assert step.reason.startswith("Hợp đồng 05/HĐ")


def test_same_contract_is_recorded_once(cells: list[CellKey], accountant: User) -> None:
    sign(cells[0], accountant, 40)
    with pytest.raises(MoneyRefused) as refusal:
        sign(cells[0], accountant, 5)
    assert "number" in refusal.value.message_dict
    assert Contract.objects.count() == ContractEntry.objects.count() == 1


def test_settled_is_never_more_than_contracted(cells: list[CellKey], accountant: User, centre_head: User) -> None:
    sign(cells[0], accountant, 40)
    project = accept(cells[0], centre_head)
    settle: dict[str, Any] = {"project": project, "paper": "QT-1", "on": dt.date(2006, 11, 10), "actor": accountant}
    with pytest.raises(MoneyRefused, match=r"giá trị hợp đồng 40.000.000 đồng, đã quyết toán 45.000.000 đồng, vượt 5"):
        settle_project(amounts={cells[0]: 45 * MILLION}, **settle)
    assert project_of(cells[0]).status == Project.Status.ACCEPTED
    settle_project(amounts={cells[0]: 40 * MILLION}, **settle)
    assert project_of(cells[0]).status == Project.Status.SETTLED
    assert SettlementEntry.objects.get().amount_vnd == 40 * MILLION


def test_contract_is_not_corrected_below_what_is_settled(
    cells: list[CellKey], accountant: User, centre_head: User
) -> None:
    contract = sign(cells[0], accountant, 40)
    project = accept(cells[0], centre_head)
    settle_project(
        project=project, paper="QT-1", on=dt.date(2006, 11, 10), amounts={cells[0]: 40 * MILLION}, actor=accountant
    )
    [entry] = contract.entries.all()
    with pytest.raises(MoneyRefused, match=r"vượt 10.000.000 đồng"):
        correct_entries(rights=[RightAmount(entry, 30 * MILLION)], reason="Gõ nhầm", actor=accountant)
    correct_entries(rights=[RightAmount(entry, 45 * MILLION)], reason="Gõ nhầm", actor=accountant)
    assert contracted_cells(contract) == {cells[0]: 45 * MILLION}


def test_task_without_contract_settles_within_what_is_approved(
    plan: AnnualPlan, cells: list[CellKey], accountant: User, centre_head: User
) -> None:
    Project.objects.filter(lines=cells[1][0]).update(kind=Project.Kind.TASK)
    take_step(project_of(cells[1]), "start_task", actor=centre_head, on=dt.date(2006, 7, 1))
    take_step(project_of(cells[1]), "accept", actor=centre_head, on=dt.date(2006, 11, 1), reason="BB")
    settle: dict[str, Any] = {"paper": "QT-2", "on": dt.date(2006, 11, 10), "actor": accountant}
    with pytest.raises(MoneyRefused, match=r"được duyệt|giá trị hợp đồng 50.000.000"):
        settle_project(project=project_of(cells[1]), amounts={cells[1]: 51 * MILLION}, **settle)
    settle_project(project=project_of(cells[1]), amounts={cells[1]: 50 * MILLION}, **settle)


def test_settlement_before_acceptance_is_refused_and_writes_nothing(cells: list[CellKey], accountant: User) -> None:
    sign(cells[0], accountant, 40)
    with pytest.raises(TransitionRefused):
        settle_project(
            project=project_of(cells[0]),
            paper="QT-1",
            on=dt.date(2006, 11, 10),
            amounts={cells[0]: MILLION},
            actor=accountant,
        )
    assert not SettlementEntry.objects.exists()


def test_accounts_of_a_project_show_every_figure_side_by_side(
    plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    sign(cells[0], accountant, 55)
    pay(plan, accountant, (cells[0], "advance", 30))
    pay(plan, accountant, (cells[0], "advance", 45), direction="in", number="UNC-1")
    [account] = accounts_of([project_of(cells[0])])
    shown = (account.approved_vnd, account.contracted_vnd, account.received_vnd, account.paid_vnd, account.unpaid_vnd)
    assert [there(one) // MILLION for one in shown] == [60, 55, 45, 30, 30]
    assert account.settled_vnd is None
