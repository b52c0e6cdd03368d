"""What a form would never let through is refused by the services too, by name: an import calls them directly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from khuyencong.accounts.models import User
from khuyencong.money import MAX_VND
from programmes.models import AdminUnit
from projects.models import AppraisalAnswer, Beneficiary, CellKey, Contract, PaymentEntry, ProgressReport, Project
from projects.models import Voucher as VoucherRow
from projects.services.adjust import Adjusted, adjust_project
from projects.services.amounts import AmountChange, update_amounts
from projects.services.beneficiaries import save_beneficiary
from projects.services.carry_over import CarriedLine, carry_over
from projects.services.contracts import record_contract, settle_project
from projects.services.corrections import Correction, record_corrections
from projects.services.decisions import ApprovedChange, AssignedChange, record_decision
from projects.services.documents import attach_files
from projects.services.payments import PaymentInput, RightAmount, correct_entries, record_voucher
from projects.services.plans import create_plan
from projects.services.progress import add_progress_report
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import create_project, update_project
from projects.services.review import CriterionAnswer, add_comment, review_project
from projects.services.years import join_plan
from tests.factories import MILLION, activity, district, source
from tests.projects.attempts import code_of
from tests.projects.world import ON, World, letter

pytestmark = pytest.mark.django_db

# What a column of the database can't hold, what a workbook gives for a number, and what nobody has.
AMOUNTS: dict[Any, str] = {10**30: "too_large", MAX_VND + 1: "too_large", 1.5: "fraction", -1: "negative"}


def content(**words: Any) -> ContentInput:
    return ContentInput(words.pop("activity", None) or activity(), {source("KCDP"): MILLION}, **words)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("kind", "gift", "invalid"),
        ("area_scope", "moon", "invalid"),
        ("name", " ", "invalid"),
        ("name", "a" * 501, "invalid"),
        ("code", "a" * 31, "invalid"),
        ("end_on", dt.date(2006, 4, 30), "invalid"),
        ("code", "taken", "taken"),
        ("status", "approved", "not_draft"),
    ],
)
def test_what_a_project_is(world: World, centre_staff: User, field: str, value: Any, code: str) -> None:
    draft = Project.objects.get(pk=world.projects["draft"].pk)
    taken = world.projects["approved"].code
    words = {"name": "Mới", "kind": "group", "start_on": dt.date(2006, 5, 1)} | {
        field: taken if value == "taken" else value
    }
    data = ProjectInput(world.plan, [content()])
    assert code_of(lambda: create_project(project=Project(**words), data=data, actor=centre_staff)) == code
    for name, one in words.items():
        setattr(draft, name, one)
    if field != "status":  # which no save of a project writes
        said = code_of(lambda: update_project(project=draft, data=data, version=draft.version, actor=centre_staff))
        assert said == code


def test_what_a_project_is_made_of(world: World, centre_staff: User) -> None:
    province = world.plan.organisation.province()
    Beneficiary.objects.create(province=province, name="Có mã", type="cooperative", tax_code="0200123456")
    abroad = AdminUnit.objects.create(code="191", kind="city", name="Thành phố Hạ Long")
    lapsed = AdminUnit.objects.create(
        code="39", kind="town", name="Thị xã Kiến An", parent=district().parent, valid_to=dt.date(1994, 12, 31)
    )

    def said(*contents: ContentInput, support: list[SupportInput] | None = None, places: Any = ()) -> str:
        data = ProjectInput(world.plan, contents or [content()], places, support or [])
        return code_of(lambda: create_project(project=Project(name="Mới", kind="group"), data=data, actor=centre_staff))

    def new(**words: Any) -> SupportInput:
        named = {"province": province, "name": "HTX Mới", "type": "cooperative"} | words
        return SupportInput(new_beneficiary=Beneficiary(**named))

    known, group = SupportInput(beneficiary=world.rows["helped"]), SupportInput(group_description="Lao động")
    assert said(places=[district()], support=[known, group, new()]) == "done"
    assert said(content(), content()) == "taken"
    assert said(content(units=-1)) == "invalid"
    assert {vnd: said(content(eligible_cost_vnd=vnd)) for vnd in AMOUNTS} == AMOUNTS
    assert said(places=[abroad]) == said(places=[district(), lapsed]) == "other_place"
    assert {said(support=[one, one]) for one in (known, group, new())} == {"named_twice"}
    assert said(support=[SupportInput()]) == said(support=[SupportInput(group_description="a" * 256)]) == "invalid"
    assert said(support=[SupportInput(beneficiary=known.beneficiary, group_description="và nhóm")]) == "invalid"
    assert said(support=[SupportInput(group_description="Nhóm", planned_count=0)]) == "invalid"
    assert said(support=[new(tax_code="0200 123 456")]) == "twice"
    assert said(support=[new(type="gift")]) == said(support=[new(name=" ")]) == "invalid"


def test_what_an_establishment_is(world: World, centre_staff: User) -> None:
    """A person's number is no tax code: it stands apart, where pages show it masked."""
    province = world.plan.organisation.province()

    def said(personal_number: str = "", **words: Any) -> str:
        row = Beneficiary(**{"province": province, "name": "HTX", "type": "household"} | words)
        return code_of(lambda: save_beneficiary(beneficiary=row, personal_number=personal_number, actor=centre_staff))

    assert said(tax_code="0200123456") == said(personal_number="031234567890") == "done"
    assert {said(name=" "), said(type="gift"), said(phone="1" * 41)} == {"invalid"}
    assert {said(tax_code="abc"), said(tax_code="031234567890"), said(personal_number="123")} == {"code"}
    helped = world.rows["helped"]
    helped.tax_code = "cũ"
    helped.save()
    assert code_of(lambda: save_beneficiary(beneficiary=helped, version=1, actor=centre_staff)) == "done", "an old one"
    helped.type = "gift"
    assert code_of(lambda: save_beneficiary(beneficiary=helped, version=1, actor=centre_staff)) == "invalid"


def test_what_a_report_is(world: World, centre_staff: User) -> None:
    project, key = world.projects["contracted"], world.cell("contracted")

    def said(amounts: Mapping[CellKey, Any] | None = None, **words: Any) -> str:
        report = ProgressReport(**{"month": dt.date(2006, 6, 1), "is_on_schedule": True} | words)
        return code_of(
            lambda: add_progress_report(
                project=project, report=report, amounts=amounts or {}, actor=centre_staff, version=project.version
            )
        )

    assert said({key: MILLION}) == "done"
    assert {said(percent=101), said(percent=-1), said(month=dt.date(2006, 6, 15))} == {"invalid"}
    assert {vnd: said({key: vnd}) for vnd in AMOUNTS} == AMOUNTS


def test_what_a_letter_says(world: World, department_head: User) -> None:
    key, city, own = world.cell("approved"), source("KCDP"), source("DOIUNG")
    less = ApprovedChange(key, 60 * MILLION, 50 * MILLION)
    more = AssignedChange(city, 900 * MILLION, 950 * MILLION)

    def said(*changes: ApprovedChange | AssignedChange, nature: str = "adjustment", **head: Any) -> str:
        decision = letter(world, "9/QĐ")
        for name, value in head.items():
            setattr(decision, name, value)
        approved = [one for one in changes if isinstance(one, ApprovedChange)]
        assigned = [one for one in changes if isinstance(one, AssignedChange)]
        return code_of(
            lambda: record_decision(
                plan=world.plan,
                decision=decision,
                assigned=assigned,
                approved=approved,
                nature=nature,
                actor=department_head,
            )
        )

    assert said(less, more) == said(less, nature="supplement") == "done"
    assert {said(less, less), said(more, more)} == {"named_twice"}
    assert {said(less, nature=one) for one in ("gift", "initial", "stop", "carry_over", "correction")} == {"nature"}
    assert {said(less, number=""), said(less, number="9" * 61), said(less, issued_on=None)} == {"invalid"}
    assert said(less, is_number_unknown=True) == said(less, effective_on=None) == "invalid"
    assert said(less, issued_on=dt.date(2006, 6, 30)) == said(less, effective_on=dt.date(2006, 6, 30)) == "effective"
    assert {vnd: said(ApprovedChange(key, 60 * MILLION, vnd)) for vnd in AMOUNTS} == AMOUNTS
    assert {vnd: said(AssignedChange(city, 900 * MILLION, vnd)) for vnd in AMOUNTS} == AMOUNTS
    elsewhere = [(*key[:2], one) for one in (own.pk, 0)]
    assert {said(ApprovedChange(one, None, vnd)) for one in elsewhere for vnd in (0, MILLION)} == {"not_state"}


def test_what_is_corrected(world: World, department_head: User, accountant: User) -> None:
    """An amount named twice would be put right twice over."""
    given = world.rows["letter"].allocations.get()

    def said(*right: Any) -> str:
        slips = [Correction(given, 900 * MILLION, vnd) for vnd in right]
        return code_of(
            lambda: record_corrections(
                decision=world.rows["letter"], corrections=slips, reason="Gõ nhầm", actor=department_head
            )
        )

    assert (said(950 * MILLION), said(950 * MILLION, 950 * MILLION)) == ("done", "named_twice")
    assert {vnd: said(vnd) for vnd in AMOUNTS} == AMOUNTS
    paid = PaymentEntry.objects.get()

    def again(vnd: Any) -> str:
        return code_of(lambda: correct_entries(rights=[RightAmount(paid, vnd)], reason="Nhầm", actor=accountant))

    assert {vnd: again(vnd) for vnd in AMOUNTS} == AMOUNTS


def test_what_is_carried_over(world: World, centre_staff: User, department_head: User) -> None:
    key, project, city = world.cell("approved"), world.projects["approved"], source("KCDP")
    asked = {(key[1], city): MILLION}
    join_plan(project=project, plan=world.following, asked=asked, actor=centre_staff, version=project.version)
    to_line = project.lines.get(round__plan=world.following).pk

    def said(*amounts: Any, free: Any = None) -> str:
        lines = [CarriedLine(key, to_line, vnd) for vnd in amounts]
        return code_of(
            lambda: carry_over(
                plan=world.plan,
                to_plan=world.following,
                decision=letter(world, "99/QĐ"),
                lines=lines,
                free={} if free is None else {city: free},
                actor=department_head,
            )
        )

    assert said(MILLION) == said(0, free=MILLION) == "done"
    assert (said(0, free=0), said(MILLION, MILLION)) == ("nothing", "named_twice")
    assert {vnd: said(vnd) for vnd in AMOUNTS} == {vnd: said(free=vnd) for vnd in AMOUNTS} == AMOUNTS


def test_what_a_contract_and_a_voucher_are(world: World, accountant: User) -> None:
    key = world.cell("approved")

    def sign(vnd: Any = MILLION, **words: Any) -> str:
        head = {"project": world.projects["approved"], "number": "06/HĐ", "signed_on": ON, "partner": "HTX"} | words
        return code_of(lambda: record_contract(contract=Contract(**head), amounts={key: vnd}, actor=accountant))

    def pay(vnd: Any = MILLION, **words: Any) -> str:
        head = {"organisation": world.plan.organisation, "number": "PC-2", "issued_on": ON} | words
        row = PaymentInput(key, "advance", vnd)
        return code_of(lambda: record_voucher(voucher=VoucherRow(**head), rows=[row], actor=accountant))

    assert sign() == pay() == pay(number="  ") == "done"
    assert {sign(partner=" "), sign(number="1" * 61), sign(due_on=dt.date(2006, 1, 1))} == {"invalid"}
    assert {pay(number="1" * 31), pay(payee="a" * 256)} == {"invalid"}
    assert {vnd: sign(vnd) for vnd in AMOUNTS} == AMOUNTS
    assert {vnd: pay(vnd) for vnd in AMOUNTS} == AMOUNTS | {-1: "not_positive"}
    for vnd, code in AMOUNTS.items():
        settle = partial(settle_project, project=world.projects["accepted"], paper="QT-1", on=ON, actor=accountant)
        assert code_of(partial(settle, amounts={world.cell("accepted"): vnd})) == code


def test_what_is_asked_for(world: World, centre_staff: User) -> None:
    component = world.projects["draft"].components.get()

    def said(vnd: Any) -> str:
        change = AmountChange(component.pk, source("KCQG"), MILLION, vnd)
        return code_of(lambda: update_amounts(plan=world.plan, changes=[change], actor=centre_staff))

    assert {vnd: said(vnd) for vnd in AMOUNTS} == AMOUNTS


def test_what_an_adjustment_leaves(world: World, department_head: User) -> None:
    project = world.projects["approved"]
    abroad = AdminUnit.objects.create(code="191", kind="city", name="Thành phố Hạ Long")

    def said(scope: str = "units", places: Any = (), end_on: dt.date | None = None) -> str:
        wanted = Adjusted(dt.date(2006, 5, 1), end_on, scope, places or [district()], [])
        head = {"plan": world.plan, "decision": letter(world, "8/QĐ"), "reason": "Đổi", "version": project.version}
        return code_of(lambda: adjust_project(project=project, wanted=wanted, actor=department_head, **head))

    assert said() == "done"
    assert {said("moon"), said(end_on=dt.date(2006, 1, 1))} == {"invalid"}
    assert said(places=[abroad]) == "other_place"


def test_what_a_reviewer_says(world: World, reviewer: User) -> None:
    project = world.projects["submitted"]

    def said(conclusion: str = "accept", verdict: str = "met") -> str:
        answers = {name: CriterionAnswer(verdict) for name in AppraisalAnswer.Criterion.values}
        return code_of(
            lambda: review_project(
                conclusion=conclusion,
                answers=answers,
                on=ON,
                actor=reviewer,
                plan_round=world.rounds["judged"],
                project=project,
                note="Ý kiến",
                version=project.version,
            )
        )

    assert said() == "done"
    assert {said(verdict="perhaps"), said("return", "perhaps")} == {"invalid"}
    assert said("perhaps") == "conclusion"
    assert code_of(lambda: add_comment(project=project, text="x", field="z" * 31, actor=reviewer)) == "invalid"


def test_what_is_attached_and_planned(world: World, centre_staff: User) -> None:
    def attach(name: str, said: bytes) -> str:
        file = SimpleUploadedFile(name, said)
        return code_of(lambda: attach_files(record=world.projects["draft"], files=[file], actor=centre_staff))

    assert (attach("a.pdf", b"%PDF-1.4"), attach("a.exe", b"MZ"), attach("a.pdf", b"MZ")) == (
        "done", "invalid", "invalid",
    )  # fmt: skip
    for year in (1999, 2101, 10**12):
        create = partial(create_plan, organisation=world.plan.organisation, year=year, actor=centre_staff)
        assert code_of(create) == "invalid"
