"""What a service refuses stands beside the field that it names, and brings what a page shows of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import Contract, ProgressReport, Project, Voucher
from projects.services.adjust import Adjusted, adjust_project
from projects.services.beneficiaries import save_beneficiary
from projects.services.carry_over import carry_over
from projects.services.contracts import record_contract, settle_project
from projects.services.corrections import Correction, record_corrections
from projects.services.decisions import ApprovedChange, AssignedChange, record_decision
from projects.services.payments import PaymentInput, RightAmount, correct_entries, record_voucher
from projects.services.plans import create_plan
from projects.services.progress import add_progress_report
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import create_project
from projects.services.review import add_comment
from projects.services.warning_reasons import give_reason
from tests.factories import MILLION, activity, district, source
from tests.people import make_person
from tests.projects.accounting import amend
from tests.projects.attempts import refusal_of
from tests.projects.world import ON, World, letter
from tests.there import there

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deciders")]


def money(world: World, people: dict[str, User]) -> dict[str, tuple[Callable[[], Any], str]]:
    accountant, running, approved = people["accountant"], world.cell("in_progress"), world.cell("approved")

    def sign(**words: Any) -> Any:
        head = {"number": "06/HĐ", "signed_on": ON, "partner": "HTX"} | words
        contract = Contract(project=world.projects["approved"], **head)
        return record_contract(contract=contract, amounts={approved: MILLION}, actor=accountant)

    def change(**words: Any) -> Any:
        given = {"paper": "PL", "on": ON, "reason": "Giảm", "actor": accountant} | words
        return amend(world.rows["contract"], {running: MILLION}, **given)

    def pay(number: str = "PC-9", on: dt.date = ON) -> Any:
        voucher = Voucher(organisation=world.plan.organisation, number=number, issued_on=on)
        return record_voucher(voucher=voucher, rows=[PaymentInput(approved, "advance", MILLION)], actor=accountant)

    def settle(paper: str) -> Any:
        return settle_project(
            project=world.projects["accepted"],
            paper=paper,
            on=ON,
            amounts={world.cell("accepted"): MILLION},
            actor=accountant,
        )

    right = RightAmount(world.rows["payment"], MILLION)
    stranger = world.rows["helped"]
    return {
        "contract without a number": (lambda: sign(number=" "), "number"),
        "contract with a stranger": (lambda: sign(beneficiary=stranger), "beneficiary"),
        "amendment without a number": (lambda: change(paper=" "), "paper"),
        "amendment without a reason": (lambda: change(reason=" "), "reason"),
        "amendment before the contract": (lambda: change(on=dt.date(2006, 6, 30)), "on"),
        "settlement without a number": (lambda: settle(" "), "paper"),
        "voucher with a number that is taken": (lambda: pay("PC-1"), "number"),
        "voucher before the approval": (lambda: pay(on=dt.date(2006, 6, 15)), "issued_on"),
        "slip without a reason": (
            lambda: correct_entries(rights=[right], reason=" ", actor=accountant),
            "reason",
        ),
    }


def letters(world: World, people: dict[str, User]) -> dict[str, tuple[Callable[[], Any], str]]:
    head, cell = people["department_head"], world.cell("approved")
    less, early = ApprovedChange(cell, 60 * MILLION, 50 * MILLION), dt.date(2006, 6, 15)
    project = Project.objects.get(pk=world.projects["approved"].pk)

    def decide(**words: Any) -> Any:
        return record_decision(
            plan=world.plan,
            decision=letter(world, "9/QĐ", **words),
            assigned=[],
            approved=[less],
            nature="adjustment",
            actor=head,
        )

    def adjust(reason: str = "Đổi", **words: Any) -> Any:
        decision = letter(world, "9/QĐ")
        for name, value in words.items():
            setattr(decision, name, value)
        wanted = Adjusted(None, None, "units", [district()], [SupportInput(group_description="Phụ nữ")])
        return adjust_project(
            project=project,
            plan=world.plan,
            decision=decision,
            wanted=wanted,
            reason=reason,
            actor=head,
            version=project.version,
        )

    def carry() -> Any:
        free = {source("KCDP"): MILLION}
        decision = letter(world, "9/QĐ", summary=" ")
        return carry_over(plan=world.plan, to_plan=world.following, decision=decision, lines=[], free=free, actor=head)

    def correct() -> Any:
        slip = world.rows["letter"].approvals.first()
        rights = [Correction(slip, slip.amount_vnd, MILLION)]
        return record_corrections(decision=slip.decision, corrections=rights, reason=" ", actor=head)

    return {
        "letter without a reason": (lambda: decide(summary=" "), "summary"),
        "letter of nobody who may": (lambda: decide(level="agency"), "authority"),
        "adjustment without a reason": (lambda: adjust(" "), "reason"),
        "adjustment before the approval": (lambda: adjust(effective_on=early, issued_on=early), "issued_on"),
        "carried over without a reason": (carry, "summary"),
        "correction without a reason": (correct, "reason"),
    }


def rest(world: World, people: dict[str, User]) -> dict[str, tuple[Callable[[], Any], str]]:
    staff, draft = people["centre_staff"], world.projects["draft"]
    stranger = User.objects.create(username="stranger")
    both = make_person(role="centre_staff", scope=there(world.plan.organisation.parent), username="both")
    first = world.rows["helped"]
    type(first).objects.filter(pk=first.pk).update(tax_code="0200000385")

    def report(month: dt.date) -> Any:
        project = Project.objects.get(pk=world.projects["in_progress"].pk)
        one = ProgressReport(month=month, is_on_schedule=True)
        return add_progress_report(project=project, report=one, amounts={}, actor=staff, version=project.version)

    def create(**words: Any) -> Any:
        data = ProjectInput(world.plan, [ContentInput(activity(), {})], [district()], [])
        return create_project(project=Project(**{"name": "Mới", "kind": "group"} | words), data=data, actor=staff)

    def twin() -> Any:
        one = type(first)(province=first.province, name="HTX khác", type="cooperative", tax_code="0200000385")
        return save_beneficiary(beneficiary=one, actor=staff)

    return {
        "month that is reported": (lambda: report(dt.date(2006, 6, 1)), "month"),
        "month before the plan": (lambda: report(dt.date(2005, 6, 1)), "month"),
        "officer from elsewhere": (lambda: create(officer=stranger), "officer"),
        "remark without words": (lambda: add_comment(project=draft, text=" ", actor=staff), "text"),
        "warning without a reason": (
            lambda: give_reason(project=draft, fingerprint="x", reason=" ", actor=staff),
            "reason",
        ),
        "year that has a plan": (
            lambda: create_plan(organisation=world.plan.organisation, year=2006, actor=staff),
            "year",
        ),
        "year of an office that is no Centre": (
            lambda: create_plan(organisation=there(world.plan.organisation.parent), year=2006, actor=both),
            "organisation",
        ),
        "number in the registry": (twin, "tax_code"),
    }


def test_a_refusal_stands_beside_its_field(world: World, people: dict[str, User]) -> None:
    letter(world, "x", level="agency")
    for name, (call, field) in (money(world, people) | letters(world, people) | rest(world, people)).items():
        refusal = refusal_of(call)
        assert refusal is not None and set(getattr(refusal, "error_dict", {})) == {field}, (name, refusal)


def test_a_refusal_of_money_brings_what_was_broken(world: World, people: dict[str, User]) -> None:
    cell, money = world.cell("approved"), source("KCDP")
    voucher = Voucher(organisation=world.plan.organisation, number="PC-9", issued_on=ON)
    rows = [PaymentInput(cell, "payment", 61 * MILLION)]
    refusal: Any = refusal_of(lambda: record_voucher(voucher=voucher, rows=rows, actor=people["accountant"]))
    assert [(one.line.pk, one.source, one.excess_vnd) for one in refusal.excesses] == [(cell[0], money, MILLION)]
    assert refusal.key is None
    less = [AssignedChange(money, 900 * MILLION, MILLION)]
    refusal = refusal_of(
        lambda: record_decision(
            plan=AnnualPlan.objects.get(pk=world.plan.pk), decision=letter(world, "9/QĐ"), assigned=less, approved=[],
            nature="adjustment", actor=people["department_head"],
        )
    )  # fmt: skip
    assert [(one.source, one.assigned_vnd) for one in refusal.overruns] == [(money, MILLION)]
