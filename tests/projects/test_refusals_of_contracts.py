"""What no contract, amendment or settlement may say, and what stays of one that is recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.ledger.remainders import CellKey
from projects.models import Beneficiary, Contract, ContractEntry, Project, SettlementEntry, StatusChange, Support
from projects.services.contracts import amend_contract, contracted_cells, record_contract, settle_project
from projects.services.steps import take_step
from tests.factories import MILLION, source
from tests.people import Tree, make_person
from tests.projects.accounting import project_of, sign
from tests.projects.attempts import code_of, words_of

pytestmark = pytest.mark.django_db
SIGNED, END = dt.date(2006, 6, 20), dt.date(2006, 11, 10)


def record(project: Project, by: User, amounts: Mapping[CellKey, int], **head: Any) -> Contract:
    words = {"number": "05/HĐ", "signed_on": SIGNED, "partner": "HTX"} | head
    return record_contract(contract=Contract(project=project, **words), amounts=amounts, actor=by)


def amend(contract: Contract, by: User, after: Mapping[CellKey, int], **words: Any) -> None:
    head: dict[str, Any] = {"paper": "PL-1", "on": dt.date(2006, 9, 1), "reason": "Theo thực tế"} | words
    amend_contract(contract=contract, seen=contract.last_entry, after=after, actor=by, **head)


def accepted(key: CellKey, head: User) -> Project:
    for name, day in (("start", dt.date(2006, 7, 1)), ("accept", dt.date(2006, 11, 1))):
        take_step(project_of(key), name, actor=head, on=day, reason="Biên bản 1")
    return project_of(key)


def settle(project: Project, by: User, amounts: Mapping[CellKey, int], **words: Any) -> None:
    head: dict[str, Any] = {"paper": "QT-1", "on": END} | words
    settle_project(project=project, amounts=amounts, actor=by, **head)


def test_what_a_contract_may_not_say(cells: list[CellKey], accountant: User, tree: Tree) -> None:
    helped, stranger = (
        Beneficiary.objects.create(province=tree.province, name=name, type="cooperative") for name in ("A", "B")
    )
    first, second = map(project_of, cells)
    Support.objects.create(project=first, beneficiary=helped)
    Support.objects.create(project=second, beneficiary=stranger)

    def said(amounts: Mapping[CellKey, int], **head: Any) -> str:
        return code_of(lambda: record(first, accountant, amounts, **head))

    line, component, state = cells[0]
    assert said({cells[0]: MILLION}, beneficiary=helped) == "done"
    assert said({cells[0]: MILLION}, beneficiary=stranger) == "not_helped"
    assert said({}) == said({cells[0]: 0}) == "nothing"
    assert said({cells[0]: -1, (line, component, source("DOIUNG").pk): 5}) == "negative"
    assert said({cells[0]: 1}, number=" ") == "no_number"
    assert said({(0, component, state): 1}) == "no_line"
    assert said({(line, cells[1][1], state): 1}) == "wrong_place"
    words = words_of(lambda: record(first, accountant, {cells[0]: 1, cells[1]: 1}))
    assert words == "Hợp đồng chỉ gồm kinh phí của một đề án."
    assert code_of(lambda: record(second, accountant, {cells[1]: 1}, beneficiary=stranger)) == "done"


def test_a_contract_of_two_amounts_keeps_what_was_typed(
    cells: list[CellKey], accountant: User, plan: AnnualPlan
) -> None:
    """And says in Vietnamese what it did, whatever language the accountant reads."""
    line, component, _state = cells[0]
    own = (line, component, source("DOIUNG").pk)
    with override("en"):
        contract = record(
            project_of(cells[0]), accountant, {cells[0]: 40 * MILLION, own: 7, (line, component, source("KHAC").pk): 0}
        )
    assert contracted_cells(contract) == {cells[0]: 40 * MILLION, own: 7}
    rows = contract.entries.values_list("nature", "effective_on", "recorded_by")
    assert set(rows) == {("initial", SIGNED, accountant.pk)} and contract.recorded_by == accountant
    step = StatusChange.objects.get(transition="contract")
    assert (step.reason, step.effective_on) == ("Hợp đồng 05/HĐ ngày 20/06/2006", SIGNED)


def test_what_an_amendment_may_not_say(cells: list[CellKey], accountant: User) -> None:
    contract = sign(cells[0], accountant, 40)
    sign(cells[1], accountant, 30, number="06/HĐ")

    def said(after: Mapping[CellKey, int], **words: Any) -> str:
        return code_of(lambda: amend(contract, accountant, after, **words))

    more = {cells[0]: 50 * MILLION}
    assert said(more, on=SIGNED) == said(more) == "done"
    assert said(more, on=SIGNED - dt.timedelta(days=1)) == "before_contract"
    assert (said(more, reason=" "), said(more, paper=" ")) == ("no_reason", "no_number")
    assert said({cells[0]: -1}) == "negative"
    assert said({}) == said({cells[0]: 40 * MILLION}) == "nothing"
    assert said({cells[0]: 0}) == "done"
    words = words_of(lambda: amend(contract, accountant, {cells[1]: MILLION}))
    assert words == "Hợp đồng chỉ gồm kinh phí của một đề án."


def test_an_amendment_writes_only_what_changes(cells: list[CellKey], accountant: User) -> None:
    line, component, _state = cells[0]
    own = (line, component, source("DOIUNG").pk)
    contract = sign(cells[0], accountant, 40)
    sign(cells[0], accountant, 15, number="06/HĐ", on=dt.date(2006, 7, 1))
    amend(contract, accountant, {cells[0]: 40 * MILLION, own: 9}, reason="CCCD 031095001234")
    added = ContractEntry.objects.latest("pk")
    assert (added.amount_vnd, added.nature, added.paper, added.effective_on) == (
        *(9, "adjustment", "PL-1"),
        dt.date(2006, 9, 1),
    )
    assert "031095001234" not in added.reason and contracted_cells(contract) == {cells[0]: 40 * MILLION, own: 9}
    amend(contract, accountant, {cells[0]: 30 * MILLION})
    assert ContractEntry.objects.latest("pk").amount_vnd == -10 * MILLION, "of this contract, not of both"


def test_an_amendment_dated_back_takes_no_more_than_stood_that_day(cells: list[CellKey], accountant: User) -> None:
    """40 at first, 60 since September: to be 10 in all would have been less than nothing in July."""
    contract = sign(cells[0], accountant, 40)
    amend(contract, accountant, {cells[0]: 60 * MILLION})
    after, july = {cells[0]: 10 * MILLION}, dt.date(2006, 7, 1)
    refusal = words_of(lambda: amend(contract, accountant, after, paper="PL-2", on=july))
    assert "vượt 10.000.000 đồng (tính đến ngày 01/07/2006)" in refusal
    assert code_of(lambda: amend(contract, accountant, after, paper="PL-2")) == "done"


def test_nothing_is_signed_or_amended_after_the_settlement(
    client: Client, cells: list[CellKey], accountant: User, centre_head: User
) -> None:
    contract = sign(cells[0], accountant, 40)
    project = accepted(cells[0], centre_head)
    assert code_of(lambda: record(project, accountant, {cells[0]: 5}, number="6/HĐ", signed_on=END)) == "done"
    settle(project, accountant, {cells[0]: 40 * MILLION})
    assert code_of(lambda: record(project, accountant, {cells[0]: 5}, number="6/HĐ", signed_on=END)) == "not_running"
    assert code_of(lambda: amend(contract, accountant, {cells[0]: 50 * MILLION}, on=END)) == "not_running"
    client.force_login(accountant)
    address = reverse("projects:contract_amend", args=[contract.pk])
    page = client.get(contract.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 403 and address not in page
    assert reverse("projects:contract_correct", args=[contract.pk]) in page, "a slip is put right as ever"


def test_what_a_settlement_may_not_say(cells: list[CellKey], accountant: User, centre_head: User) -> None:
    sign(cells[0], accountant, 40)
    project = accepted(cells[0], centre_head)

    def said(amounts: Mapping[CellKey, int], **words: Any) -> str:
        return code_of(lambda: settle(project, accountant, amounts, **words))

    full = {cells[0]: 40 * MILLION}
    assert said(full) == "done" and said({cells[0]: 40 * MILLION + 1}) == "excess"
    assert said({}) == said({cells[0]: 0}) == "nothing"
    assert said({cells[0]: -1}) == "negative"
    assert said(full, paper=" ") == "no_number"
    assert said({(cells[0][0], cells[1][1], cells[0][2]): 1}) == "wrong_place"
    own = (*cells[0][:2], source("DOIUNG").pk)
    assert said({own: 5}) == said(full | {own: 5}) == "not_state"
    assert said(full, paper="p" * 61) == "invalid"
    assert "một đề án" in words_of(lambda: settle(project, accountant, full | {cells[1]: 1}))
    assert "bước liền trước (01/11/2006)" in words_of(
        lambda: settle(project, accountant, full, on=dt.date(2006, 10, 31))
    )


def test_a_settlement_keeps_its_paper_and_its_words(cells: list[CellKey], accountant: User, centre_head: User) -> None:
    sign(cells[0], accountant, 40)
    project = accepted(cells[0], centre_head)
    line, component, _state = cells[0]
    amounts = {cells[0]: 40 * MILLION, (line, component, source("DOIUNG").pk): 0}
    with override("en"):
        settle(project, accountant, amounts, reason="Nộp lại, CCCD 031095001234")
    entry = SettlementEntry.objects.get()
    assert (entry.paper, entry.amount_vnd, entry.effective_on, entry.recorded_by) == (
        *("QT-1", 40 * MILLION, END),
        accountant,
    )
    step = StatusChange.objects.get(transition="settle")
    assert step.reason.startswith("Hồ sơ quyết toán QT-1. Nộp lại, CCCD ") and step.effective_on == END
    assert entry.reason.startswith("Nộp lại, CCCD ") and "031095001234" not in step.reason + entry.reason
    second = project_of(cells[1])
    sign(cells[1], accountant, 30, number="06/HĐ")
    settle(accepted(cells[1], centre_head), accountant, {cells[1]: MILLION}, paper="QT-2")
    assert second.status_changes.get(transition="settle").reason == "Hồ sơ quyết toán QT-2"


@pytest.mark.parametrize("contract", [0, 40], ids=["without a contract", "contract of 40"])
def test_a_task_settles_within_its_contract_and_without_one_within_its_approval(
    cells: list[CellKey], accountant: User, centre_head: User, contract: int
) -> None:
    """60 triệu are approved. The contract on another task's line changes nothing for this one."""
    Project.objects.update(kind=Project.Kind.TASK)
    sign(cells[1], accountant, 10, number="07/HĐ")
    if contract:
        sign(cells[0], accountant, contract)
    take_step(project_of(cells[0]), "start" if contract else "start_task", actor=centre_head, on=dt.date(2006, 7, 1))
    take_step(project_of(cells[0]), "accept", actor=centre_head, on=dt.date(2006, 11, 1), reason="BB")
    limit = {cells[0]: (contract or 60) * MILLION}
    over = {cells[0]: limit[cells[0]] + 1}
    assert code_of(lambda: settle(project_of(cells[0]), accountant, limit)) == "done"
    assert "vượt 1 đồng" in words_of(lambda: settle(project_of(cells[0]), accountant, over))


def test_a_project_that_is_no_task_settles_nothing_without_a_contract(
    cells: list[CellKey], accountant: User, centre_head: User
) -> None:
    Project.objects.filter(lines=cells[0][0]).update(status="accepted")
    refusal = words_of(lambda: settle(project_of(cells[0]), accountant, {cells[0]: 1}))
    assert "giá trị hợp đồng 0 đồng, đã quyết toán 1 đồng" in refusal


def test_whoever_approved_keeps_no_accounts_of_it(
    plan: AnnualPlan, cells: list[CellKey], department_head: User, tree: Tree
) -> None:
    department_head.memberships.create(scope=tree.centre, role="accountant")
    both = User.objects.get(pk=department_head.pk)
    assert code_of(lambda: record(project_of(cells[0]), both, {cells[0]: 1})) == "not_allowed"
    other = make_person(role="accountant", scope=tree.department, username="ke_toan_so")
    assert code_of(lambda: record(project_of(cells[0]), other, {cells[0]: 1})) == "done"


def test_no_contract_is_signed_before_the_project_is_approved(cells: list[CellKey], accountant: User) -> None:
    """Approved on 16 June; also where the first contract has moved the project on."""
    project = project_of(cells[0])
    for number in ("05/HĐ", "06/HĐ"):
        for day in (dt.date(1900, 1, 1), dt.date(2006, 6, 15)):
            words = {"number": number, "signed_on": day}
            assert code_of(lambda: record(project, accountant, {cells[0]: MILLION}, **words)) == "before_approval"  # noqa: B023
        record(project, accountant, {cells[0]: MILLION}, number=number, signed_on=dt.date(2006, 6, 16))


def test_an_amendment_holds_what_its_columns_do(cells: list[CellKey], accountant: User) -> None:
    contract = record(project_of(cells[0]), accountant, {cells[0]: 40 * MILLION})
    after = {cells[0]: 50 * MILLION}
    assert code_of(lambda: amend(contract, accountant, after, paper="p" * 61)) == "invalid"
    assert code_of(lambda: amend(contract, accountant, after, paper="p" * 60)) == "done"
