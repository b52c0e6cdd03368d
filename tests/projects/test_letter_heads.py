"""The head of a recorded letter is put right: the wrong one stays readable, and its entries follow its day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.append_only import AppendOnlyError
from khuyencong.asof import AsOf
from khuyencong.text import fold
from programmes.models import AnnualPlan, Decision, DecisionChange
from projects.ledger.proof import prove
from projects.ledger.remainders import approved_cells, envelopes
from projects.models import ApprovalEntry, PlanLine, Project
from projects.refusals import NotAllowed, PlanClosed, Refused
from projects.services.letter_heads import correct_head
from projects.services.past_letters import HEAD, LetterHead
from tests.factories import MILLION, authority, decide, requested_cells
from tests.projects.accounting import approved_plan, sign

pytestmark = pytest.mark.django_db
JUNE, MAY, AUGUST = dt.date(2006, 6, 16), dt.date(2006, 5, 10), dt.date(2006, 8, 1)


@pytest.fixture
def plan(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    """“Thêu ren” of 60 and “Mây tre” of 50 triệu, approved by one letter of 16 June, which assigned 110."""
    return approved_plan(staff=centre_staff, head=centre_head, department=department_head)


@pytest.fixture
def letter(plan: AnnualPlan) -> Decision:
    return Decision.objects.get()


def correct(letter: Decision, by: User, reason: str = "Gõ nhầm", **words: object) -> Decision:
    head = LetterHead(**{name: getattr(letter, name) for name in HEAD})
    return correct_head(decision=letter, head=replace(head, **words), reason=reason, actor=by)  # type: ignore[arg-type]


def city(plan: AnnualPlan, on: dt.date) -> int:
    return envelopes([plan], AsOf(on))[1].approved_vnd or 0


def test_the_new_head_stands_and_the_wrong_one_is_kept(letter: Decision, department_head: User) -> None:
    entries = ApprovalEntry.objects.count()
    correct(letter, department_head, number="343/UBND-CN", signer="Nguyễn Văn A", subject="Giao kế hoạch")
    letter.refresh_from_db()
    assert (letter.number, letter.signer, letter.subject) == ("343/UBND-CN", "Nguyễn Văn A", "Giao kế hoạch")
    assert Decision.objects.filter(search__contains=fold("343/UBND-CN")).exists(), "it is found by the new one"
    rows = {(row.field, row.before, row.after) for row in DecisionChange.objects.all()}
    assert rows == {
        ("number", "341/UBND-CN", "343/UBND-CN"), ("signer", "", "Nguyễn Văn A"), ("subject", "", "Giao kế hoạch"),
    }  # fmt: skip
    assert {(row.reason, row.recorded_by) for row in DecisionChange.objects.all()} == {("Gõ nhầm", department_head)}
    assert ApprovalEntry.objects.count() == entries and prove().is_clean


def test_what_is_no_head_is_not_written_over(letter: Decision) -> None:
    with pytest.raises(AppendOnlyError):
        letter.save()
    with pytest.raises(AppendOnlyError):
        letter.save(update_fields=["number", "amendments", "recorded_by"])
    with pytest.raises(AppendOnlyError):
        letter.save(update_fields=["number"])


@pytest.mark.parametrize(
    "written", ["number = 'khác'", "number = 'khác', amendments = 1", "amendments = 1", "is_cancelled = TRUE"]
)
def test_no_shell_writes_a_head_over_without_saying_what_stood_there(
    letter: Decision, department_head: User, written: str
) -> None:
    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {Decision._meta.db_table} SET {written} WHERE id = %s", [letter.pk])

    with pytest.raises(DatabaseError, match="append-only"):
        write()
    correct(letter, department_head, number="343/UBND-CN")
    with pytest.raises(DatabaseError, match="append-only"):
        write()
    letter.refresh_from_db()
    assert (letter.number, letter.amendments, letter.is_cancelled) == ("343/UBND-CN", 1, False)


@pytest.mark.parametrize("on", [MAY, AUGUST])
def test_entries_and_steps_follow_a_corrected_day(
    plan: AnnualPlan, letter: Decision, department_head: User, on: dt.date
) -> None:
    correct(letter, department_head, issued_on=on)
    day_before = on - dt.timedelta(days=1)
    assert (city(plan, day_before), city(plan, on)) == (0, 110 * MILLION)
    assert sum(approved_cells(plan).values()) == 110 * MILLION
    for day, status in ((day_before, "appraised"), (on, "approved"), (dt.date(2006, 12, 31), "approved")):
        assert {one.shown_status for one in Project.objects.with_status(AsOf(day))} == {status}
    assert {line.round.status for line in PlanLine.objects.all()} == {"approved"}
    assert {row.field for row in DecisionChange.objects.all()} == {"issued_on", "effective_on"}
    assert prove().is_clean


def test_day_that_turned_out_unknown_moves_nothing(plan: AnnualPlan, letter: Decision, department_head: User) -> None:
    correct(letter, department_head, issued_on=None)
    letter.refresh_from_db()
    assert letter.is_date_unknown and letter.effective_on == JUNE
    assert ApprovalEntry.objects.filter(corrects__isnull=False).count() == 0


def test_a_day_beyond_another_letter_on_the_same_amount_is_refused(
    plan: AnnualPlan, letter: Decision, department_head: User
) -> None:
    decide(plan=plan, by=department_head, assigned={"KCDP": 120 * MILLION}, number="9/QĐ", on=dt.date(2006, 7, 1))
    with pytest.raises(Refused, match="Có 9/QĐ") as refusal:
        correct(letter, department_head, issued_on=AUGUST)
    assert refusal.value.code == "rests" and "issued_on" in refusal.value.message_dict
    correct(letter, department_head, issued_on=MAY)
    assert prove().is_clean


def test_a_day_on_which_the_money_was_not_assigned_is_refused(
    plan: AnnualPlan, letter: Decision, department_head: User
) -> None:
    key = next(key for key, vnd in requested_cells(plan).items() if vnd == 60 * MILLION)
    decide(plan=plan, by=department_head, assigned={"KCDP": 120 * MILLION}, number="8/QĐ", on=dt.date(2006, 7, 1))
    more = decide(plan=plan, by=department_head, approved={key: 70 * MILLION}, number="9/QĐ", on=AUGUST)
    with pytest.raises(Refused, match=r"vượt 10\.000\.000 đồng"):
        correct(more, department_head, issued_on=dt.date(2006, 6, 20))
    more.refresh_from_db()
    assert more.issued_on == AUGUST and not DecisionChange.objects.exists()


def test_a_day_does_not_move_once_the_work_went_on_but_the_number_does(
    plan: AnnualPlan, letter: Decision, accountant: User, department_head: User
) -> None:
    key = next(iter(approved_cells(plan)))
    sign(key, accountant, 50)
    with pytest.raises(Refused, match="đã thực hiện bước “Ghi hợp đồng”"):
        correct(letter, department_head, issued_on=MAY)
    assert correct(letter, department_head, number="343/UBND").number == "343/UBND"


def test_what_a_head_may_not_say(plan: AnnualPlan, letter: Decision, department_head: User) -> None:
    decide(plan=plan, by=department_head, assigned={"KCDP": 120 * MILLION}, number="9/QĐ", on=JUNE)

    def code(reason: str = "Gõ nhầm", **words: object) -> str:
        with pytest.raises(Refused) as refusal:
            correct(letter, department_head, reason, **words)
        return refusal.value.code

    assert code(number="9/QĐ") == "recorded"
    assert code() == "nothing" and code(" ", number="7/QĐ") == "no_reason"
    assert code(issued_on=dt.date(2999, 1, 1)) == "future"
    assert code(kind="no such kind") == "invalid"
    assert not DecisionChange.objects.exists()


@pytest.mark.usefixtures("deciders")
def test_authority_that_may_not_decide_it_is_refused(plan: AnnualPlan, department_head: User) -> None:
    decide(plan=plan, by=department_head, assigned={"KCDP": 130 * MILLION}, number="8/QĐ", on=AUGUST)
    key = next(key for key, vnd in approved_cells(plan).items() if vnd == 60 * MILLION)
    more = decide(plan=plan, by=department_head, approved={key: 70 * MILLION}, number="9/QĐ", on=AUGUST)
    with pytest.raises(Refused, match="không đủ thẩm quyền để tăng kinh phí hỗ trợ") as refusal:
        correct(more, department_head, authority=authority("department"))
    assert "authority" in refusal.value.message_dict


def test_who_may_and_when(letter: Decision, people: dict[str, User], department_head: User) -> None:
    for role in people.keys() - {"department_head"}:
        with pytest.raises(NotAllowed):
            correct(letter, people[role], number="7/QĐ")
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        correct(letter, department_head, number="7/QĐ")


def test_head_is_put_right_on_its_page(
    letter: Decision, department_head: User, centre_staff: User, client: Client
) -> None:
    address = reverse("projects:decision_head", args=[letter.pk])
    client.force_login(centre_staff)
    assert address not in client.get(letter.get_absolute_url()).content.decode()
    client.force_login(department_head)
    assert address in client.get(letter.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    assert page.index('name="reason"') < page.index('name="number"')
    typed = {
        "number": "343/UBND-CN", "issued_on": "16/06/2006", "authority": authority().pk, "summary": letter.summary,
    }  # fmt: skip
    refused = client.post(address, typed)
    assert refused.status_code == 422 and 'value="343/UBND-CN"' in refused.content.decode()
    done = client.post(address, typed | {"reason": "Gõ nhầm số"}, follow=True).content.decode()
    assert "<del>341/UBND-CN</del> → 343/UBND-CN" in done and "Gõ nhầm số" in done
