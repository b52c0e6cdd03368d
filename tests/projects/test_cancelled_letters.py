"""A letter that was recorded by mistake is cancelled as a whole, where nothing rests on it; as recorded, it stood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from khuyencong.funding import Nature
from programmes.models import AllocationEntry, AnnualPlan, Decision, DecisionChange, PlanRound
from projects.ledger.proof import prove
from projects.ledger.remainders import approved_cells, envelopes
from projects.models import ApprovalEntry, PlanLine, ProgressReport, Project, StatusChange
from projects.pages.overview import plan_decisions
from projects.refusals import NotAllowed, PlanClosed, Refused
from projects.services.adjust import Adjusted, adjust_project
from projects.services.cancelling import cancel_decision
from projects.services.carry_over import carry_over
from projects.services.corrections import Correction, record_corrections
from projects.services.past_letters import LetterHead, confirm_past_letter, prepare_past_letter, send_past_letter
from projects.services.progress import add_progress_report
from projects.services.project_parts import SupportInput
from projects.services.steps import take_step
from tests.factories import (
    MILLION,
    decide,
    district,
    make_decision,
    make_plan,
    make_project,
    requested_cells,
    source,
    submit_all,
)
from tests.projects.accounting import approved_plan, pay, sign
from tests.there import there

pytestmark = pytest.mark.django_db
JUNE, AUGUST = dt.date(2006, 6, 16), dt.date(2006, 8, 1)


@pytest.fixture
def plan(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    """“Thêu ren” of 60 and “Mây tre” of 50 triệu, approved by one letter of 16 June, which assigned 110."""
    return approved_plan(staff=centre_staff, head=centre_head, department=department_head)


@pytest.fixture
def letter(plan: AnnualPlan) -> Decision:
    return Decision.objects.get()


def cancel(letter: Decision, by: User, reason: str = "Ghi nhầm kế hoạch") -> Decision:
    return cancel_decision(decision=letter, reason=reason, actor=by)


def key_of(name: str) -> tuple[int, int, int]:
    return there(ApprovalEntry.objects.filter(plan_line__project__name=name).first()).key


def city(plan: AnnualPlan, as_of: AsOf = AsOf()) -> tuple[int | None, int | None]:  # noqa: B008  # it is frozen
    envelope = envelopes([plan], as_of)[1]
    return envelope.assigned_vnd, envelope.approved_vnd


def test_nothing_of_it_is_left_and_nothing_is_deleted(
    plan: AnnualPlan, letter: Decision, department_head: User
) -> None:
    entries = AllocationEntry.objects.count(), ApprovalEntry.objects.count()
    cancel(letter, department_head)
    assert (AllocationEntry.objects.count(), ApprovalEntry.objects.count()) == (2 * entries[0], 2 * entries[1])
    for rows in (AllocationEntry.objects.all(), ApprovalEntry.objects.all()):
        assert sum(row.amount_vnd for row in rows) == 0
        assert {row.effective_on for row in rows} == {JUNE}, "each is corrected on its own day"
    assert city(plan) == city(plan, AsOf(JUNE)) == (None, None) and approved_cells(plan) == {}
    assert set(Project.objects.values_list("status", flat=True)) == {"appraised"}
    assert PlanRound.objects.get().status == "forwarded"
    steps = StatusChange.objects.named("cancel")
    assert {(step.reason, step.decision_id, step.effective_on) for step in steps} == {
        ("Ghi nhầm kế hoạch", letter.pk, JUNE)
    }
    for status in ("appraised", "forwarded"):
        assert steps.filter(target_status=status).exists()
    assert prove().is_clean


def test_as_recorded_before_it_stood(plan: AnnualPlan, letter: Decision, department_head: User) -> None:
    """What was looked at yesterday says today what it said then."""
    yesterday = timezone.localdate()
    with patch("django.utils.timezone.now", return_value=timezone.now() + dt.timedelta(days=1)):
        cancel(letter, department_head)
    stood, now = AsOf(dt.date(2006, 12, 31), yesterday), AsOf(dt.date(2006, 12, 31))
    assert city(plan, stood) == (110 * MILLION, 110 * MILLION) and city(plan, now) == (None, None)
    assert {one.shown_status for one in Project.objects.with_status(stood)} == {"approved"}
    assert {one.shown_status for one in Project.objects.with_status(now)} == {"appraised"}
    assert {one.status_then for one in PlanLine.objects.with_status(stood)} == {"approved"}
    assert {one.status_then for one in PlanLine.objects.with_status(now)} == {"appraised"}
    assert [row.approved_vnd for row in plan_decisions(plan, stood)] == [110 * MILLION]


def test_it_is_recorded_again_as_it_really_is(plan: AnnualPlan, letter: Decision, department_head: User) -> None:
    """The same number once more, earlier too: amounts are first amounts again, and need no reason."""
    cells = requested_cells(plan)
    cancel(letter, department_head)
    again = decide(
        plan=plan, by=department_head, assigned={"KCDP": 110 * MILLION}, approved=cells, on=dt.date(2006, 6, 10)
    )
    assert again.pk != letter.pk
    assert {entry.nature for entry in again.approvals.all()} == {Nature.INITIAL}
    assert {entry.nature for entry in again.allocations.all()} == {Nature.INITIAL}
    assert set(Project.objects.values_list("status", flat=True)) == {"approved"}
    assert PlanRound.objects.get().status == "approved" and prove().is_clean
    cancel(again, department_head)
    assert city(plan) == (None, None) and prove().is_clean


def test_round_waits_for_the_line_of_the_cancelled_letter(
    centre_staff: User, centre_head: User, department_head: User
) -> None:
    """Its line is undecided again, so another letter on another line does not finish the round."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for name in ("Thêu ren", "Mây tre"):
        make_project(plan=plan, by=centre_staff, name=name)
    submit_all(plan=plan, by=centre_head)
    cells = requested_cells(plan)
    first, second = ({key: vnd} for key, vnd in sorted(cells.items()))
    decide(plan=plan, by=department_head, assigned={"KCDP": 200 * MILLION}, number="1/QĐ", on=dt.date(2006, 6, 1))
    mistaken = decide(plan=plan, by=department_head, approved=first, number="2/QĐ")
    cancel(mistaken, department_head)
    decide(plan=plan, by=department_head, approved=second, number="3/QĐ")
    assert PlanRound.objects.get().status == "forwarded"
    assert sorted(Project.objects.values_list("status", flat=True)) == ["appraised", "approved"]


def test_round_that_another_letter_finished_is_open_again(
    centre_staff: User, centre_head: User, department_head: User
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for name in ("Thêu ren", "Mây tre"):
        make_project(plan=plan, by=centre_staff, name=name)
    submit_all(plan=plan, by=centre_head)
    first, second = ({key: vnd} for key, vnd in sorted(requested_cells(plan).items()))
    decide(plan=plan, by=department_head, assigned={"KCDP": 200 * MILLION}, number="1/QĐ", on=dt.date(2006, 6, 1))
    mistaken = decide(plan=plan, by=department_head, approved=first, number="2/QĐ")
    decide(plan=plan, by=department_head, approved=second, number="3/QĐ", on=AUGUST)
    assert PlanRound.objects.get().status == "approved"
    cancel(mistaken, department_head)
    assert PlanRound.objects.get().status == "forwarded" and prove().is_clean


def test_what_it_dropped_is_appraised_again(centre_staff: User, centre_head: User, department_head: User) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    letter = decide(plan=plan, by=department_head, approved=dict.fromkeys(requested_cells(plan), 0))
    assert Project.objects.get().status == "refused"
    cancel(letter, department_head)
    assert Project.objects.get().status == "appraised" and PlanRound.objects.get().status == "forwarded"


def test_past_record_that_it_confirmed_waits_again(plan: AnnualPlan, letter: Decision, department_head: User) -> None:
    """Of a past record the way back is that of the letters of old files."""
    project = Project.objects.get(name="Thêu ren")
    Project.objects.filter(pk=project.pk).update(status="past")
    StatusChange.objects.create(
        project=project, transition="confirm", source_status="stated", target_status="past", actor=department_head,
        effective_on=JUNE, decision=letter, in_round=project.lines.get().round,
    )  # fmt: skip
    cancel(letter, department_head)
    project.refresh_from_db()
    assert project.status == "stated" and project.status_changes.latest("pk").transition == "annul"


def test_supplement_is_cancelled_and_the_project_stays_approved(
    plan: AnnualPlan, letter: Decision, department_head: User
) -> None:
    key = key_of("Thêu ren")
    more = decide(
        plan=plan, by=department_head, assigned={"KCDP": 120 * MILLION}, approved={key: 70 * MILLION}, number="9/QĐ",
        on=AUGUST,
    )  # fmt: skip
    cancel(more, department_head)
    assert city(plan) == (110 * MILLION, 110 * MILLION) and Project.objects.get(name="Thêu ren").status == "approved"
    assert approved_cells(plan)[key] == 60 * MILLION and prove().is_clean


def test_a_slip_that_was_put_right_before_is_corrected_to_nothing_all_the_same(
    plan: AnnualPlan, letter: Decision, department_head: User
) -> None:
    entry = ApprovalEntry.objects.get(plan_line__project__name="Thêu ren")
    slip = [Correction(entry, 60 * MILLION, 55 * MILLION)]
    record_corrections(decision=letter, corrections=slip, reason="Gõ nhầm", actor=department_head)
    cancel(letter, department_head)
    assert sum(row.amount_vnd for row in ApprovalEntry.objects.all()) == 0 and prove().is_clean


def contracts(plan: AnnualPlan, people: dict[str, User]) -> None:
    sign(key_of("Thêu ren"), people["accountant"], 60)


def pays(plan: AnnualPlan, people: dict[str, User]) -> None:
    pay(plan, people["accountant"], (key_of("Thêu ren"), "payment", 5))


def supplements(plan: AnnualPlan, people: dict[str, User]) -> None:
    key = key_of("Thêu ren")
    decide(plan=plan, by=people["department_head"], approved={key: 50 * MILLION}, number="9/QĐ", on=AUGUST)


def assigns_more(plan: AnnualPlan, people: dict[str, User]) -> None:
    decide(plan=plan, by=people["department_head"], assigned={"KCDP": 120 * MILLION}, number="9/QĐ", on=AUGUST)


def carries(plan: AnnualPlan, people: dict[str, User]) -> None:
    following = make_plan(organisation=plan.organisation, year=2007)
    letter = make_decision(organisation=plan.organisation.parent, number="9/QĐ", on=AUGUST)
    decide(plan=plan, by=people["department_head"], approved={key_of("Thêu ren"): 50 * MILLION}, number="8/QĐ")
    carry_over(
        plan=plan, to_plan=following, decision=letter, lines=[], free={source("KCDP"): MILLION},
        actor=people["department_head"],
    )  # fmt: skip


def adjusts(plan: AnnualPlan, people: dict[str, User]) -> None:
    project, letter = Project.objects.get(name="Thêu ren"), Decision.objects.get()
    wanted = Adjusted(None, dt.date(2006, 12, 15), "units", [district()], [SupportInput(group_description="Phụ nữ")])
    adjust_project(
        project=project, plan=plan, decision=letter, wanted=wanted, reason="Đổi", actor=people["department_head"],
        version=project.version,
    )  # fmt: skip


def reports(plan: AnnualPlan, people: dict[str, User]) -> None:
    project = Project.objects.get(name="Thêu ren")
    report = ProgressReport(project=project, month=dt.date(2006, 7, 1), is_on_schedule=True)
    add_progress_report(
        project=project, report=report, amounts={}, actor=people["centre_staff"], version=project.version
    )


def starts(plan: AnnualPlan, people: dict[str, User]) -> None:
    Project.objects.filter(name="Thêu ren").update(kind="task")
    take_step(Project.objects.get(name="Thêu ren"), "start_task", actor=people["centre_staff"], on=AUGUST)


RESTING: dict[str, tuple[Callable[[AnnualPlan, dict[str, User]], None], str]] = {
    "a contract": (contracts, "đã có hợp đồng 05/HĐ"),
    "a payment": (pays, "đã có chứng từ"),
    "a later letter on an amount": (supplements, "Có 9/QĐ"),
    "a later letter on the envelope": (assigns_more, "Có 9/QĐ"),
    "a carry-over": (carries, "Có 9/QĐ"),
    "an adjustment": (adjusts, "được điều chỉnh địa bàn"),
    "a report": (reports, "báo cáo tiến độ tháng 07/2006"),
    "a step": (starts, "Bắt đầu thực hiện nhiệm vụ"),
}


@pytest.mark.parametrize("what", RESTING)
def test_what_rests_on_it_is_named_and_nothing_is_written(
    plan: AnnualPlan, letter: Decision, people: dict[str, User], what: str
) -> None:
    rests, words = RESTING[what]
    rests(plan, people)
    before = StatusChange.objects.count(), ApprovalEntry.objects.count(), AllocationEntry.objects.count()
    with pytest.raises(Refused, match=words) as refusal:
        cancel(letter, people["department_head"])
    assert refusal.value.code == "rests"
    assert before == (StatusChange.objects.count(), ApprovalEntry.objects.count(), AllocationEntry.objects.count())
    assert not Decision.objects.filter(is_cancelled=True).exists()


def test_stop_is_not_cancelled(plan: AnnualPlan, letter: Decision, department_head: User) -> None:
    key = key_of("Thêu ren")
    stop = decide(plan=plan, by=department_head, approved={key: 0}, stopped=[key], number="9/QĐ", on=AUGUST)
    with pytest.raises(Refused, match="ngừng thực hiện theo văn bản này"):
        cancel(stop, department_head)
    with pytest.raises(Refused, match="Ngừng thực hiện"):
        cancel(letter, department_head)


def test_project_that_another_letter_gives_money_too_stays(
    centre_staff: User, centre_head: User, department_head: User
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff, amounts={"KCDP": 60 * MILLION, "KCQG": 50 * MILLION})
    submit_all(plan=plan, by=centre_head)
    cells = requested_cells(plan)
    national = {key: vnd for key, vnd in cells.items() if vnd == 50 * MILLION}
    local = {key: vnd for key, vnd in cells.items() if vnd == 60 * MILLION}
    first = decide(plan=plan, by=department_head, assigned={"KCQG": 50 * MILLION}, approved=national, number="1/BCT")
    second = decide(plan=plan, by=department_head, assigned={"KCDP": 60 * MILLION}, approved=local, number="2/QĐ")
    with pytest.raises(Refused, match="được duyệt kinh phí cả theo 2/QĐ"):
        cancel(first, department_head)
    cancel(second, department_head)
    assert Project.objects.get().status == "approved"
    cancel(first, department_head)
    assert Project.objects.get().status == "appraised" and prove().is_clean


def test_money_that_others_spend_is_not_taken_away(
    centre_staff: User, centre_head: User, department_head: User
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    assigned = decide(plan=plan, by=department_head, assigned={"KCDP": 60 * MILLION}, number="1/QĐ")
    decide(plan=plan, by=department_head, approved=requested_cells(plan), number="2/QĐ")
    with pytest.raises(Refused, match=r"được giao 0 đồng, duyệt 60\.000\.000 đồng"):
        cancel(assigned, department_head)
    assert city(plan) == (60 * MILLION, 60 * MILLION)


def test_letter_of_an_old_file_is_annulled_on_its_own_page(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    old = make_plan(organisation=plan.organisation, year=2005)
    head = LetterHead(number="1/CV", issued_on=dt.date(2005, 6, 1))
    prepared = prepare_past_letter(plan=old, head=head, assigned={source("KCDP"): MILLION}, actor=centre_staff)
    send_past_letter(letter=prepared, actor=centre_staff)
    decision = confirm_past_letter(letter=prepared, version=2, actor=department_head)
    with pytest.raises(Refused, match="hồ sơ cũ"):
        cancel(decision, department_head)


def test_who_may_and_when(plan: AnnualPlan, letter: Decision, people: dict[str, User], department_head: User) -> None:
    for role in people.keys() - {"department_head"}:
        with pytest.raises(NotAllowed):
            cancel(letter, people[role])
    with pytest.raises(Refused) as refusal:
        cancel(letter, department_head, " ")
    assert refusal.value.code == "no_reason"
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        cancel(letter, department_head)
    AnnualPlan.objects.update(is_closed=False)
    cancel(letter, department_head)
    for again in (lambda: cancel(letter, department_head), lambda: adjusts(plan, people)):
        with pytest.raises(Refused):
            again()


def test_nothing_is_written_into_a_cancelled_letter(plan: AnnualPlan, letter: Decision, department_head: User) -> None:
    entry = AllocationEntry.objects.get()
    cancel(letter, department_head)
    slips = [Correction(entry, 0, MILLION)]
    for write in (
        lambda: cancel(letter, department_head),
        lambda: record_corrections(decision=letter, corrections=slips, reason="x", actor=department_head),
    ):
        with pytest.raises(Refused) as refusal:
            write()
        assert refusal.value.code == "cancelled"


def test_head_cancels_on_the_page_of_the_letter(
    plan: AnnualPlan, letter: Decision, department_head: User, centre_staff: User, client: Client
) -> None:
    address = reverse("projects:decision_cancel", args=[letter.pk])
    client.force_login(centre_staff)
    assert address not in client.get(letter.get_absolute_url()).content.decode()
    client.force_login(department_head)
    assert address in client.get(letter.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    assert page.index('name="reason"') < page.index("Thêu ren"), "the reason stands above the list"
    assert client.post(address, {"reason": ""}).status_code == 422
    done = client.post(address, {"reason": "Ghi nhầm kế hoạch"}, follow=True).content.decode()
    assert "Đã hủy lúc" in done and "Ghi nhầm kế hoạch" in done and str(department_head) in done
    assert address not in done and reverse("projects:decision_correct", args=[letter.pk]) not in done
    assert client.get(address).status_code == 403
    assert "Đã hủy" in client.get(plan.get_absolute_url()).content.decode()
    change = DecisionChange.objects.get()
    assert (change.field, change.reason, change.recorded_by) == ("is_cancelled", "Ghi nhầm kế hoạch", department_head)


def test_page_says_what_rests_on_it_and_offers_no_button(
    plan: AnnualPlan, letter: Decision, people: dict[str, User], client: Client
) -> None:
    contracts(plan, people)
    client.force_login(people["department_head"])
    page = client.get(reverse("projects:decision_cancel", args=[letter.pk])).content.decode()
    assert "đã có hợp đồng 05/HĐ" in page and 'type="submit" disabled>Hủy văn bản' in page
