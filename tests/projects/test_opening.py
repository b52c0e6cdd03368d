"""A Centre begins in the middle of a year: projects that were approved, contracted and partly paid go on here."""

from __future__ import annotations

from typing import Any

import pytest

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from programmes.models import ActivityType, AnnualPlan, Decision
from projects.ledger.proof import prove
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    Contract,
    Direction,
    PastLetter,
    PaymentEntry,
    Project,
    SettlementEntry,
    StatusChange,
    Voucher,
    WarningReason,
)
from projects.refusals import Refused
from projects.rules.warnings import findings_of_projects
from projects.services.contracts import settle_project
from projects.services.past_events import EventInput
from projects.services.past_letter_lines import LetterLine
from projects.services.past_records import enter_past_record
from projects.services.payments import PaymentInput, record_voucher
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.steps import take_step
from tests.factories import MILLION, place_of, source
from tests.people import Tree
from tests.projects.opening import (
    ACCEPTED,
    ADVANCE,
    ADVANCED,
    APPROVED,
    CONTRACT,
    FILE,
    PAID,
    SETTLED,
    SIGNED,
    confirmed,
    days_ago,
    entered,
    event,
    letter_of,
    running_plan,
    stated,
    totals,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    return running_plan(tree.centre)


def test_running_project_goes_on_where_its_file_left_it(
    plan: AnnualPlan, centre_staff: User, department_head: User, accountant: User
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(
        plan, centre_staff, (letter, 100), state=stated("in_progress", SIGNED), events=[CONTRACT, ADVANCE]
    )
    assert project.status == "stated" and totals() == dict.fromkeys(("assigned", "approved", "paid", "settled"), 0)
    assert not Contract.objects.exists() and not Voucher.objects.exists(), "prepared, and in no book"
    decision = confirmed(letter, department_head, sent_by=centre_staff)
    project.refresh_from_db()
    assert project.status == "in_progress"
    assert totals() == {"assigned": 100, "approved": 100, "paid": 70, "settled": 0}
    steps = StatusChange.objects.filter(project=project).values_list("transition", "effective_on", "actor", "decision")
    assert list(steps)[1:] == [
        ("take_over", days_ago(APPROVED), department_head.pk, decision.pk),
        ("contract", days_ago(SIGNED), department_head.pk, decision.pk),
        ("start", days_ago(SIGNED), department_head.pk, decision.pk),
    ]
    contract = Contract.objects.get()
    assert (contract.number, contract.signed_on, contract.partner) == ("03/HĐ-KC", days_ago(SIGNED), "Cơ sở cơ khí")
    [voucher] = Voucher.objects.all()
    assert (voucher.number, voucher.issued_on) == (f"Chưa rõ số ({project.code}/1)", days_ago(ADVANCED))
    assert "Hồ sơ cũ, nhập từ tệp giai-ngan.xlsx" in voucher.content
    assert not prove().findings


def test_the_accountant_pays_the_rest_and_the_work_goes_on(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User, accountant: User
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(
        plan, centre_staff, (letter, 100), state=stated("in_progress", SIGNED), events=[CONTRACT, ADVANCE]
    )
    confirmed(letter, department_head, sent_by=centre_staff)
    key = ApprovalEntry.objects.get().key
    voucher = Voucher(organisation=plan.organisation, number="", issued_on=days_ago(30), direction=Direction.OUT)
    with pytest.raises(Refused, match="vượt 1 đồng"):
        record_voucher(voucher=voucher, rows=[PaymentInput(key, "payment", 30 * MILLION + 1)], actor=accountant)
    voucher = Voucher(organisation=plan.organisation, number="", issued_on=days_ago(30), direction=Direction.OUT)
    record_voucher(voucher=voucher, rows=[PaymentInput(key, "payment", 30 * MILLION)], actor=accountant)
    assert voucher.number == "PC-001", "nobody counts on from a number that is not known"
    take_step(project, "accept", actor=centre_head, on=days_ago(20), reason="BB 1")
    settle_project(project=project, paper="QT 1", on=days_ago(10), amounts={key: 100 * MILLION}, actor=accountant)
    take_step(project, "liquidate", actor=accountant, on=days_ago(5), reason="TL 1")
    project.refresh_from_db()
    assert project.status == "liquidated" and totals()["settled"] == 100
    assert not prove().findings


def test_finished_project_is_settled_with_its_amounts_and_days(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    events = [
        CONTRACT,
        ADVANCE,
        ("payment", PAID, 30, "PC-07"),
        ("acceptance", ACCEPTED),
        ("settlement", SETTLED, 100, "QT-1"),
    ]
    project = entered(plan, centre_staff, (letter, 100), state=stated("settled", SETTLED), events=events)
    confirmed(letter, department_head, sent_by=centre_staff)
    project.refresh_from_db()
    assert (project.status, totals()["paid"], totals()["settled"]) == ("settled", 100, 100)
    steps = StatusChange.objects.filter(project=project).values_list("transition", "source_status", "effective_on")
    assert list(steps)[2:] == [
        ("contract", "approved", days_ago(SIGNED)),
        ("accept", "contracted", days_ago(ACCEPTED)),
        ("settle", "accepted", days_ago(SETTLED)),
    ], "that it began is not told, so it is not made up"
    assert SettlementEntry.objects.get().paper == "QT-1" and Voucher.objects.filter(number="PC-07").exists()
    states = [Project.objects.with_statuses("contracted", as_of=AsOf(days_ago(day))).count() for day in (SIGNED, PAID)]
    assert states == [1, 0]


def test_only_approved_and_liquidated_ones(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    letter = letter_of(plan, centre_staff, 200)
    first = entered(plan, centre_staff, (letter, 100), state=stated("approved", APPROVED), name="Chưa ký")
    last = entered(plan, centre_staff, (letter, 100), state=stated("liquidated", 40), events=[CONTRACT], name="Xong")
    confirmed(letter, department_head, sent_by=centre_staff)
    assert [Project.objects.get(pk=one.pk).status for one in (first, last)] == ["approved", "liquidated"]


def test_task_without_a_contract(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated("in_progress", 90), events=[ADVANCE])
    Project.objects.filter(pk=project.pk).update(kind="task")
    confirmed(letter, department_head, sent_by=centre_staff)
    assert StatusChange.objects.filter(project=project).latest("pk").transition == "start_task"


def test_day_that_the_file_does_not_have_is_kept_as_unknown(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    events = [event("contract", None, 100, "3/HĐ", counted=APPROVED), event("advance", None, 10, counted=150)]
    project = entered(plan, centre_staff, (letter, 100), state=stated("in_progress", counted=150), events=events)
    confirmed(letter, department_head, sent_by=centre_staff)
    days = [step.known_on for step in StatusChange.objects.filter(project=project)]
    assert days == [None, days_ago(APPROVED), None, None]
    assert "chưa rõ ngày, tính từ ngày" in Voucher.objects.get().content
    assert PaymentEntry.objects.get().effective_on == days_ago(150)


def test_contract_older_than_its_letter_is_kept_with_a_mark(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    events = [("contract", APPROVED + 10, 100, "03/HĐ"), ADVANCE]
    project = entered(plan, centre_staff, (letter, 100), state=stated("contracted", APPROVED + 10), events=events)
    confirmed(letter, department_head, sent_by=centre_staff)
    contract = Contract.objects.get()
    assert contract.signed_on == days_ago(APPROVED + 10) and "trước ngày văn bản duyệt" in contract.subject
    assert StatusChange.objects.filter(project=project).latest("pk").effective_on == days_ago(APPROVED)


def test_payment_older_than_its_contract_is_kept_with_a_mark(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    events = [CONTRACT, ("advance", SIGNED + 2, 10)]
    entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=events)
    confirmed(letter, department_head, sent_by=centre_staff)
    assert "trước ngày ký hợp đồng" in Voucher.objects.get().content


@pytest.mark.parametrize(
    ("events", "state", "message"),
    [
        ([CONTRACT, ("advance", APPROVED + 1, 10)], "contracted", "trước ngày đề án được duyệt kinh phí"),
        ([CONTRACT, ("advance", ADVANCED, 101)], "contracted", "vượt 1.000.000 đồng"),
        ([CONTRACT, ("settlement", SETTLED, 101)], "settled", "vượt 1.000.000 đồng"),
        ([CONTRACT, ("settlement", SIGNED + 1, 100)], "settled", "vượt 100.000.000 đồng"),
    ],
)
def test_limits_hold_with_words_that_name_the_project(
    plan: AnnualPlan, centre_staff: User, department_head: User, events: Any, state: str, message: str
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated(state, SETTLED), events=events)
    with pytest.raises(Refused, match=message) as refused:
        confirmed(letter, department_head, sent_by=centre_staff)
    assert "Hỗ trợ máy cơ khí" in str(refused.value)
    project.refresh_from_db()
    assert project.status == "stated" and not any(totals().values()) and not Decision.objects.exists()
    assert PastLetter.objects.get().state == "sent"


def test_no_warning_has_to_be_answered(law: None, plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    """An enterprise without money of its own, with all of the support advanced: it was approved and paid long ago.
    The warnings stand, answered by the file."""
    plan = AnnualPlan.objects.get(pk=plan.pk)
    content, firm = ActivityType.objects.get(code="45-3"), SupportInput(new_beneficiary=_firm(plan))
    letter = letter_of(plan, centre_staff, 5_000)
    data = ProjectInput(plan, [ContentInput(content, {source("KCDP"): 5_000 * MILLION})], [place_of(plan)], [firm])
    money: Any = {"activity_type": content, "source": source("KCDP"), "amount_vnd": 5_000 * MILLION}
    done = [EventInput(kind, days_ago(SIGNED), days_ago(SIGNED), "1", **money) for kind in ("contract", "advance")]
    line = LetterLine(letter, content, source("KCDP"), 5_000 * MILLION)
    project = Project(name="Hỗ trợ máy cơ khí", kind="single")
    enter_past_record(
        project=project, data=data, stated=stated("contracted", SIGNED), lines=[line], events=done, actor=centre_staff
    )
    confirmed(letter, department_head, sent_by=centre_staff)
    findings = findings_of_projects([Project.objects.get()], user=None)[project.pk]
    assert totals()["paid"] == 5_000 and findings.warnings and not findings.unanswered
    assert {one.reason for one in WarningReason.objects.all()} == {f"Hồ sơ cũ, {FILE}"}


def _firm(plan: AnnualPlan) -> Beneficiary:
    return Beneficiary(province=plan.organisation.province(), name="Công ty TNHH Minh Phát", type="enterprise")
