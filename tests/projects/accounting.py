"""What the tests of accounts share: two approved projects of 60 and 50 triệu, and a voucher in one line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from khuyencong.accounts.models import Organisation, User
from khuyencong.asof import AsOf
from programmes.models import AnnualPlan
from projects.ledger.remainders import paid_cells
from projects.models import CellKey, Contract, ContractEntry, PaymentEntry, Project, SettlementEntry, Voucher
from projects.services.contracts import amend_contract, record_contract
from projects.services.payments import PaymentInput, record_voucher, suggest_number
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all
from tests.people import Tree, make_person


def approved_plan(
    *, staff: User, head: User, department: User, year: int = 2006, number: str = "341/UBND-CN"
) -> AnnualPlan:
    """“Thêu ren” of 60 and “Mây tre” of 50 triệu, approved on 16/06 of the year."""
    plan = make_plan(organisation=staff.memberships.get().scope, year=year)
    make_project(plan=plan, by=staff, name="Thêu ren")
    make_project(plan=plan, by=staff, name="Mây tre", amounts={"KCDP": 50 * MILLION})
    submit_all(plan=plan, by=head)
    decide(
        plan=plan,
        by=department,
        assigned={"KCDP": 110 * MILLION},
        approved=requested_cells(plan),
        number=number,
        on=dt.date(year, 6, 16),
    )
    return plan


def plan_of_another_centre(*, tree: Tree, department: User) -> AnnualPlan:
    """The same two projects of a second Centre below the same Department."""
    centre = Organisation.objects.create(code="tt-2", kind="centre", name="Trung tâm khác", parent=tree.department)
    staff, head = (
        make_person(role=role, scope=centre, username=f"{role}_2") for role in ("centre_staff", "centre_head")
    )
    department = User.objects.get(pk=department.pk)  # whose scope was read before there was this Centre
    return approved_plan(staff=staff, head=head, department=department, number="342/UBND-CN")


def pay(plan: AnnualPlan, by: User, *rows: tuple[CellKey, str, int], **head: Any) -> Voucher:
    """Records a voucher of (cell, kind, triệu) lines, also where another says the same."""
    words = {"number": suggest_number(plan.organisation_id, plan.year), "issued_on": dt.date(plan.year, 7, 1)} | head
    return record_voucher(
        voucher=Voucher(organisation=plan.organisation, **words),
        rows=[PaymentInput(key, kind, amount * MILLION) for key, kind, amount in rows],
        actor=by,
        is_another=True,
    )


def sign(key: CellKey, by: User, millions: int, *, number: str = "05/HĐ", on: dt.date | None = None) -> Contract:
    """Signs a contract on one account."""
    project = Project.objects.get(lines=key[0])
    contract = Contract(project=project, number=number, signed_on=on or dt.date(2006, 6, 20), partner="HTX Thêu ren")
    return record_contract(contract=contract, amounts={key: millions * MILLION}, actor=by)


def out(key: CellKey, on: dt.date | None = None) -> int:
    return paid_cells([key[0]], AsOf(on)).get(key, {}).get("out", 0)


def write_accounts(cell: CellKey, by: User, on: dt.date) -> None:
    """A contract, a voucher with a payment, and a settled amount of 60 triệu, as rows that nothing was asked about."""
    project = Project.objects.get(lines=cell[0])
    common = {
        **dict(zip(("plan_line_id", "component_id", "source_id"), cell, strict=True)),
        "amount_vnd": 60 * MILLION,
        "effective_on": on,
        "recorded_by": by,
    }
    contract = Contract.objects.create(project=project, number="9/HĐ", signed_on=on, partner="HTX", recorded_by=by)
    ContractEntry.objects.create(contract=contract, **common)
    voucher = Voucher.objects.create(
        organisation=project.organisation, year=on.year, number="PC-9", issued_on=on, recorded_by=by
    )
    PaymentEntry.objects.create(voucher=voucher, kind="payment", **common)
    SettlementEntry.objects.create(paper="QT-9", **common)


def project_of(key: CellKey) -> Project:
    return Project.objects.get(lines=key[0])


def amend(contract: Contract, after: Mapping[CellKey, int], **words: Any) -> None:
    """By somebody who has just read the contract."""
    amend_contract(contract=contract, seen=contract.last_entry, after=after, **words)
