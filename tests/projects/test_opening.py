"""A Centre begins in the middle of a year: projects that were approved, contracted and partly paid go on here."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from khuyencong.accounts.models import Membership, User
from khuyencong.asof import AsOf
from programmes.models import ActivityType, AllocationEntry, AnnualPlan, Decision
from projects.figures.plan_grid import plan_grid
from projects.ledger.proof import prove
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    Contract,
    Direction,
    PastEvent,
    PastLetter,
    PastRecord,
    PaymentEntry,
    Project,
    SettlementEntry,
    StatusChange,
    Voucher,
    WarningReason,
)
from projects.refusals import FutureDate, NotAllowed, PlanClosed, Refused, TransitionRefused
from projects.rules.permissions import why_not_pay
from projects.rules.warnings import findings_of_projects
from projects.rules.workflow import apply_stated_step
from projects.services.contracts import settle_project
from projects.services.past_events import EventInput
from projects.services.past_letter_lines import LetterLine
from projects.services.past_letters import return_past_letter, send_past_letter
from projects.services.past_records import change_past_record, enter_past_record
from projects.services.payments import PaymentInput, record_voucher
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.steps import take_step
from tests.factories import (
    MILLION,
    activity,
    approved_project,
    decide,
    make_plan,
    make_project,
    place_of,
    requested_cells,
    source,
    submit_all,
)
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
    stated,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    return make_plan(organisation=tree.centre, year=timezone.localdate().year)


def totals() -> dict[str, int | None]:
    """Triệu đồng in the books."""
    sums = {
        "assigned": AllocationEntry.objects.all(),
        "approved": ApprovalEntry.objects.all(),
        "paid": PaymentEntry.objects.all(),
        "settled": SettlementEntry.objects.all(),
    }
    return {name: sum(row.amount_vnd for row in rows) // MILLION for name, rows in sums.items()}


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


def test_more_approved_than_assigned_is_refused_and_leaves_the_other_letter(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    good, bad = letter_of(plan, centre_staff, 100), letter_of(plan, centre_staff, 50, number="112/QĐ-UBND", on=100)
    entered(plan, centre_staff, (good, 100), state=stated("approved", APPROVED), name="Một")
    entered(plan, centre_staff, (bad, 100), state=stated("approved", 100), name="Hai")
    confirmed(good, department_head, sent_by=centre_staff)
    with pytest.raises(Refused, match=r"được giao 150.000.000 đồng, duyệt 200.000.000 đồng"):
        confirmed(bad, department_head, sent_by=centre_staff)
    assert totals() == {"assigned": 100, "approved": 100, "paid": 0, "settled": 0}
    assert [one.status for one in Project.objects.order_by("code")] == ["approved", "stated"]


def test_each_letter_takes_its_own_projects(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    """The second assigns to what the first assigned, as a supplement whose reason is the file."""
    first, second = letter_of(plan, centre_staff, 100), letter_of(plan, centre_staff, 60, number="112/QĐ-UBND", on=100)
    entered(plan, centre_staff, (first, 100), state=stated("approved", APPROVED), name="Một")
    entered(plan, centre_staff, (second, 60), state=stated("approved", 100), name="Hai", asked=60)
    confirmed(first, department_head, sent_by=centre_staff)
    assert [one.status for one in Project.objects.order_by("code")] == ["approved", "stated"]
    confirmed(second, department_head, sent_by=centre_staff)
    assert totals() == {"assigned": 160, "approved": 160, "paid": 0, "settled": 0}
    with pytest.raises(Refused, match="Sở đã xác nhận"):
        confirmed(second, department_head)


def test_project_of_two_letters_goes_on_with_the_last_of_them(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    first, second = letter_of(plan, centre_staff, 60), letter_of(plan, centre_staff, 40, number="112/QĐ-UBND", on=194)
    events = [CONTRACT, ("advance", 150, 90)]
    project = entered(plan, centre_staff, (first, 60), (second, 40), state=stated("contracted", SIGNED), events=events)
    confirmed(first, department_head, sent_by=centre_staff)
    project.refresh_from_db()
    assert project.status == "stated" and totals()["paid"] == 0
    with pytest.raises(Refused, match="chưa có văn bản nào được xác nhận"):
        data = written(plan, (second, 40))
        change_past_record(
            project=project, stated=stated("approved"), version=project.version, actor=centre_staff, **data
        )
    with pytest.raises(TransitionRefused, match="được Sở xác nhận"):
        take_step(project, "withdraw", actor=centre_head, on=days_ago(1), reason="Nhầm")
    confirmed(second, department_head, sent_by=centre_staff)
    project.refresh_from_db()
    assert (project.status, totals()["approved"], totals()["paid"]) == ("contracted", 100, 90)
    assert StatusChange.objects.get(transition="take_over").effective_on == days_ago(APPROVED)


def test_voucher_that_pays_projects_of_two_letters_is_one(
    plan: AnnualPlan, centre_staff: User, department_head: User, accountant: User
) -> None:
    first, second = letter_of(plan, centre_staff, 100), letter_of(plan, centre_staff, 100, number="112/QĐ-UBND", on=194)
    for letter, name in ((first, "Một"), (second, "Hai")):
        paid = [("advance", ADVANCED, 10, "UNC 5")]
        entered(plan, centre_staff, (letter, 100), state=stated("approved", APPROVED), events=paid, name=name)
        confirmed(letter, department_head, sent_by=centre_staff)
    assert [(one.number, one.entries.count()) for one in Voucher.objects.all()] == [("UNC 5", 2)]
    third = letter_of(plan, centre_staff, 100, number="113/QĐ-UBND", on=193)
    entered(
        plan,
        centre_staff,
        (third, 100),
        state=stated("approved", 193),
        name="Ba",
        events=[("payment", 20, 10, "unc 5")],
    )
    with pytest.raises(Refused, match="đã dùng trong năm"):
        confirmed(third, department_head, sent_by=centre_staff)


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


def test_year_that_has_ordinary_rounds_takes_older_letters_only(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    make_project(plan=plan, by=centre_staff, name="Của năm nay")
    submit_all(plan=plan, by=centre_head, on=days_ago(150))
    with pytest.raises(Refused, match="phải qua các bước này"):
        letter_of(plan, centre_staff, 100, on=149)
    letter = letter_of(plan, centre_staff, 100)
    entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT, ADVANCE])
    confirmed(letter, department_head, sent_by=centre_staff)
    assert sorted(Project.objects.values_list("status", flat=True)) == ["contracted", "submitted"]
    assert sorted(plan.rounds.values_list("status", flat=True)) == ["past", "submitted"]


def test_ordinary_rounds_work_beside_what_was_taken_over(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    letter = letter_of(plan, centre_staff, 300)
    entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT, ADVANCE])
    confirmed(letter, department_head, sent_by=centre_staff)
    later = make_project(plan=plan, by=centre_staff, name="Đợt 2")
    submit_all(plan=plan, by=centre_head, on=days_ago(40))
    cells = {key: vnd for key, vnd in requested_cells(plan).items() if key[0] == later.lines.get().pk}
    decide(plan=plan, by=department_head, approved=cells, on=days_ago(20))
    later.refresh_from_db()
    assert later.status == "approved" and totals()["approved"] == 160
    assert plan_grid([plan]).money.approved_vnd == 160 * MILLION


def test_letter_of_later_days_changes_what_was_taken_over(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT, ADVANCE])
    confirmed(letter, department_head, sent_by=centre_staff)
    [entry] = ApprovalEntry.objects.all()
    decide(
        plan=plan,
        by=department_head,
        approved={entry.key: 80 * MILLION},
        on=days_ago(10),
        reason="Điều chỉnh giảm",
    )
    assert totals()["approved"] == 80


def test_money_comes_by_no_other_letter(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    letter = letter_of(plan, centre_staff, 100)
    entered(plan, centre_staff, (letter, 100), state=stated("approved", APPROVED))
    with pytest.raises(Refused, match="văn bản mà Trung tâm đã chuẩn bị"):
        decide(
            plan=plan, by=department_head, assigned={"KCDP": 100 * MILLION}, approved=requested_cells(plan),
            on=days_ago(9),
        )  # fmt: skip


def test_who_entered_it_or_keeps_its_accounts_is_somebody_else(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User, tree: Tree
) -> None:
    Membership.objects.create(user=centre_staff, scope=tree.department, role="department_head")
    Membership.objects.create(user=department_head, scope=tree.centre, role="accountant")
    letter = letter_of(plan, centre_head, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated("approved", APPROVED))
    with pytest.raises(Refused, match="Bạn đã lập đề án này"):
        confirmed(letter, User.objects.get(pk=centre_staff.pk), sent_by=centre_head)
    confirmed(letter, User.objects.get(pk=department_head.pk))
    project = Project.objects.get(pk=project.pk)
    assert "không được ghi chứng từ" in why_not_pay(User.objects.get(pk=department_head.pk), project)


@pytest.mark.parametrize("role", ["accountant", "reviewer", "department_head"])
def test_only_the_centre_prepares(plan: AnnualPlan, people: dict[str, User], role: str) -> None:
    with pytest.raises(NotAllowed):
        entered(plan, people[role], state=stated("approved", APPROVED))
    letter = letter_of(plan, people["centre_staff"], 100)
    send_past_letter(letter=letter, actor=people["centre_staff"])
    if role != "department_head":
        with pytest.raises(NotAllowed):
            confirmed(letter, people[role])


def test_returned_letter_is_put_right_and_sent_again(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT, ADVANCE])
    send_past_letter(letter=letter, actor=centre_staff)
    letter.refresh_from_db()
    return_past_letter(letter=letter, reason="Tạm ứng sai", version=letter.version, actor=department_head)
    data = written(plan, (letter, 100))
    right = [event(*CONTRACT), event("advance", ADVANCED, 50)]
    change_past_record(
        project=project, stated=stated("contracted", SIGNED), events=right, version=project.version,
        actor=centre_staff, **data,
    )  # fmt: skip
    confirmed(letter, department_head, sent_by=centre_staff)
    assert totals()["paid"] == 50 and PastRecord.objects.count() == 1


def test_text_that_is_put_right_leaves_what_was_prepared(plan: AnnualPlan, centre_staff: User) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT, ADVANCE])
    project.name = "Hỗ trợ máy tiện"
    change_past_record(
        project=project, stated=stated("contracted", SIGNED), version=project.version, actor=centre_staff,
        **written(plan, (letter, 100)),
    )  # fmt: skip
    assert PastEvent.objects.filter(project=project).count() == 2
    assert PastRecord.objects.get().goes_on


def test_what_was_prepared_does_not_lose_its_content_or_its_state(plan: AnnualPlan, centre_staff: User) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT])
    common: Any = {"project": project, "version": project.version, "actor": centre_staff}
    with pytest.raises(Refused, match="không khớp với hợp đồng"):
        change_past_record(stated=stated("approved"), **common, **written(plan, (letter, 100)))
    other = activity("134-3", "Mô hình trình diễn")
    for content, code in ((other, "KCDP"), (activity(), "KCQG")):
        data = ProjectInput(plan, [ContentInput(content, {source(code): 100 * MILLION})], [place_of(plan)])
        with pytest.raises(Refused, match="sửa tệp rồi nhập lại"):
            change_past_record(stated=stated("contracted", SIGNED), data=data, **common)
    assert PastEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "events", "message"),
    [
        (stated("stopped"), [], "không phù hợp với cách nhập hồ sơ cũ"),
        (stated("contracted"), [CONTRACT, ("settlement", SETTLED, 10)], "không khớp với hợp đồng"),
        (stated("approved"), [("advance", ADVANCED, 0)], "lớn hơn 0"),
        (stated("approved"), [("advance", ADVANCED)], "nội dung thuộc đề án"),
        (stated("approved"), [("lost", ADVANCED, 1)], "lost"),
    ],
)
def test_what_can_not_be_prepared(plan: AnnualPlan, centre_staff: User, state: Any, events: Any, message: str) -> None:
    with pytest.raises(Refused, match=message):
        entered(plan, centre_staff, state=state, events=events)
    assert not Project.objects.exists()


def test_days_to_come_and_years_to_come(plan: AnnualPlan, tree: Tree, centre_staff: User) -> None:
    for events in ([("advance", -1, 10)], [event("advance", 1, 10, counted=-1)]):
        with pytest.raises(FutureDate):
            entered(plan, centre_staff, state=stated("approved"), events=events)
    with pytest.raises(FutureDate):
        entered(plan, centre_staff, state=stated("approved", counted=-1))
    coming = make_plan(organisation=tree.centre, year=plan.year + 1)
    with pytest.raises(Refused, match="Chưa đến năm kế hoạch"):
        entered(coming, centre_staff, state=stated("approved"))
    with pytest.raises(Refused, match="Chưa đến năm kế hoạch"):
        letter_of(coming, centre_staff, 100)


def test_what_is_over_has_no_accounts(tree: Tree, centre_staff: User) -> None:
    old = make_plan(organisation=tree.centre, year=2006)
    over = stated("accepted", 100)
    with pytest.raises(Refused, match="còn thực hiện tiếp"):
        entered(old, centre_staff, state=type(over)("accepted", FILE), events=[ADVANCE])


def test_closed_year(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    letter = letter_of(plan, centre_staff, 100)
    entered(plan, centre_staff, (letter, 100), state=stated("approved", APPROVED))
    send_past_letter(letter=letter, actor=centre_staff)
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        confirmed(letter, department_head)


def test_project_of_last_year_that_still_runs(tree: Tree, centre_staff: User, department_head: User) -> None:
    last = make_plan(organisation=tree.centre, year=timezone.localdate().year - 1)
    letter = letter_of(last, centre_staff, 100, on=400)
    events = [("contract", 390, 100, "3/HĐ"), ("advance", 380, 50)]
    project = entered(last, centre_staff, (letter, 100), state=stated("in_progress", 390), events=events)
    confirmed(letter, department_head, sent_by=centre_staff)
    project.refresh_from_db()
    assert project.status == "in_progress" and not prove().findings


def test_stated_step_is_taken_with_the_letter_only(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User, accountant: User
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT])
    words: Any = {"effective_on": days_ago(30), "reason": "x"}
    some = Decision(pk=0)
    with pytest.raises(TransitionRefused, match="cùng lúc Sở tiếp nhận"):
        apply_stated_step(project, "settle", actor=department_head, decision=some, **words)
    decision = confirmed(letter, department_head, sent_by=centre_staff)
    project.refresh_from_db()
    for back in ("take_over", "contract", "stop", "withdraw"):
        with pytest.raises(TransitionRefused, match="không thực hiện được bước"):
            apply_stated_step(project, back, actor=department_head, decision=decision, **words)
    with pytest.raises(TransitionRefused, match="không được trước ngày của bước liền trước"):
        apply_stated_step(
            project, "settle", actor=department_head, decision=decision, effective_on=days_ago(300), reason="x"
        )
    take_step(project, "start", actor=centre_head, on=days_ago(30))
    with pytest.raises(TransitionRefused, match="cùng lúc Sở tiếp nhận"):
        apply_stated_step(project, "settle", actor=department_head, decision=decision, **words)


def test_letter_is_of_the_project_s_own_money(plan: AnnualPlan, centre_staff: User) -> None:
    letter = letter_of(plan, centre_staff, 100)
    strange = event("advance", ADVANCED, 10)
    for other in (source("KCQG"), source("DOIUNG")):
        one = type(strange)("advance", strange.counted_on, None, "", activity(), other, MILLION)
        with pytest.raises(Refused, match="của các nội dung thuộc đề án"):
            entered(plan, centre_staff, (letter, 100), state=stated("approved"), events=[one])


def test_pages_show_what_was_prepared_and_what_came_of_it(
    plan: AnnualPlan, centre_staff: User, department_head: User, client: Client
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    events = [CONTRACT, event("advance", None, 70, counted=ADVANCED)]
    project = entered(plan, centre_staff, (letter, 100), state=stated("in_progress", SIGNED), events=events)
    send_past_letter(letter=letter, actor=centre_staff)
    client.force_login(department_head)
    shown = client.get(project.get_absolute_url()).content.decode()
    assert "Số liệu đầu kỳ" in shown and "Chưa ghi vào sổ" in shown and "Chưa rõ ngày, tính từ ngày" in shown
    letter.refresh_from_db()
    read = client.get(f"/past-letters/{letter.pk}/confirm/").content.decode()
    assert "Hợp đồng 03/HĐ-KC ngày" in read and "70.000.000" in read and FILE in read
    decided = client.get(f"/plans/{plan.pk}/decisions/new/").content.decode()
    assert "Hỗ trợ máy cơ khí" not in decided, "its money comes by the prepared letter"
    sent = client.post(f"/past-letters/{letter.pk}/confirm/", {"version": letter.version}, follow=True).content.decode()
    assert "Đã xác nhận Quyết định số 45/QĐ-UBND" in sent and "Đã tiếp nhận: Đang thực hiện" in sent
    shown = client.get(project.get_absolute_url()).content.decode()
    assert "Đã ghi vào sổ" in shown and "trạng thái theo hồ sơ" not in shown
    assert "Hỗ trợ máy cơ khí" in client.get(f"/plans/{plan.pk}/decisions/new/").content.decode()
    assert f"/plans/{plan.pk}/past/" in client.get(plan.get_absolute_url()).content.decode()
    assert "Hợp đồng 03/HĐ-KC" in client.get(letter.get_absolute_url()).content.decode()


def test_running_year_takes_letters_by_hand_and_no_records(
    plan: AnnualPlan, centre_staff: User, client: Client
) -> None:
    client.force_login(centre_staff)
    shown = client.get(f"/plans/{plan.pk}/past/").content.decode()
    assert f"/plans/{plan.pk}/past/letters/new/" in shown and f"/plans/{plan.pk}/past/new/" not in shown
    assert client.get(f"/plans/{plan.pk}/past/letters/new/").status_code == 200
    assert client.get(f"/plans/{plan.pk}/past/new/").status_code == 403


def test_text_of_a_record_that_goes_on_is_put_right_on_its_page(
    plan: AnnualPlan, centre_staff: User, client: Client
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT])
    client.force_login(centre_staff)
    shown = client.get(f"/projects/{project.pk}/past/").content.decode()
    assert '<option value="in_progress">' in shown and '<option value="carried_out">' not in shown


def test_project_that_was_judged_here_takes_no_stated_step(
    centre_staff: User, centre_head: User, department_head: User
) -> None:
    ordinary = approved_project(staff=centre_staff, head=centre_head, department=department_head)
    approval = StatusChange.objects.get(project=ordinary, transition="approve").decision
    assert approval is not None
    with pytest.raises(TransitionRefused, match="cùng lúc Sở tiếp nhận"):
        apply_stated_step(
            ordinary, "contract", actor=department_head, decision=approval, effective_on=days_ago(1), reason="x"
        )
