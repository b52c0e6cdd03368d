"""A list of what was approved and paid already is taken back whole, while the Centre has all its letters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from programmes.models import AllocationEntry, AnnualPlan
from projects.importing.services.batches import take_back_batch
from projects.ledger.proof import prove
from projects.models import (
    ApprovalEntry,
    ContractEntry,
    PastLetter,
    PastLetterApproved,
    PaymentEntry,
    Project,
    WarningReason,
)
from projects.refusals import Refused
from projects.services.past_letters import annul_past_letter, recall_past_letter, send_past_letter
from projects.services.review import add_comment
from tests.importing.lists import asked_for
from tests.importing.opening_lists import HEADER, LETTER, LETTERS, book, day, imported, plan_of_this_year, row
from tests.projects.opening import confirmed, letter_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return plan_of_this_year(centre_staff)


def test_records_and_letters_go_and_the_list_comes_in_anew(
    plan: AnnualPlan, centre_staff: User, client: Client
) -> None:
    client.force_login(centre_staff)
    batch = imported(plan, centre_staff, book([HEADER, row(), row(2)]))
    before = asked_for(plan)
    address = f"{batch.get_absolute_url()}take-back/"
    assert "Văn bản do lần nhập này ghi cũng được xóa" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert not PastLetter.objects.exists() and not PastLetterApproved.objects.exists()
    assert not Project.objects.in_plans([plan]).exists() and asked_for(plan) == 0 and prove().is_clean
    assert {one.status for one in Project.objects.all()} == {"discarded"}
    again = imported(plan, centre_staff, book([HEADER, row(), row(2)]))
    codes = [one.project.code for one in again.rows.select_related("project")]
    assert [code[-3:] for code in codes] == ["003", "004"] and asked_for(plan) == before and prove().is_clean
    assert PastLetter.objects.get().approved.standing().count() == 2


def test_letter_that_stood_before_stays_without_what_the_list_gave_it(plan: AnnualPlan, centre_staff: User) -> None:
    letter = letter_of(plan, centre_staff, 150, number=LETTER)
    batch = imported(plan, centre_staff, book([HEADER, row()], beside=()))
    assert PastLetter.objects.get() == letter
    version = PastLetter.objects.get().version
    take_back_batch(batch=batch, actor=centre_staff)
    stays = PastLetter.objects.get()
    assert not stays.approved.exists() and stays.assigned.count() == 1 and stays.version > version


Touch = Callable[[User], object]
TOUCHED: dict[str, Touch] = {
    "sent": lambda staff: send_past_letter(letter=PastLetter.objects.get(), actor=staff),
    "edited": lambda staff: Project.objects.filter(name__endswith="2").update(version=9),
    "remarked on": lambda staff: add_comment(project=Project.objects.get(name__endswith="2"), text="Xem", actor=staff),
}


@pytest.mark.parametrize("touch", TOUCHED)
def test_one_that_was_touched_keeps_all(plan: AnnualPlan, centre_staff: User, touch: str) -> None:
    batch = imported(plan, centre_staff, book([HEADER, row(), row(2)]))
    TOUCHED[touch](centre_staff)
    with pytest.raises(Refused) as refusal:
        take_back_batch(batch=batch, actor=centre_staff)
    assert refusal.value.code == "touched"
    assert Project.objects.in_plans([plan]).count() == 2 and PastLetterApproved.objects.count() == 2


def test_letter_that_was_called_back_is_the_centres_again(plan: AnnualPlan, centre_staff: User) -> None:
    batch = imported(plan, centre_staff, book([HEADER, row()]))
    send_past_letter(letter=PastLetter.objects.get(), actor=centre_staff)
    recall_past_letter(letter=PastLetter.objects.get(), actor=centre_staff)
    take_back_batch(batch=batch, actor=centre_staff)
    assert not PastLetter.objects.exists()


def test_list_that_changed_what_stood_before_stays(plan: AnnualPlan, centre_staff: User) -> None:
    imported(plan, centre_staff, book([HEADER, row()]))
    later = imported(plan, centre_staff, book([HEADER, row(approved=110, on=day(200))]))
    with pytest.raises(Refused) as refusal:
        take_back_batch(batch=later, actor=centre_staff)
    assert refusal.value.code == "changed" and PastLetterApproved.objects.get().amount_vnd == 110_000_000


def test_a_past_record_entered_by_mistake_is_discarded_on_its_page(
    plan: AnnualPlan, centre_staff: User, client: Client
) -> None:
    imported(plan, centre_staff, book([HEADER, row(), row(2)]))
    first, second = Project.objects.order_by("pk")
    client.force_login(centre_staff)
    address = f"/projects/{first.pk}/discard/"
    assert address in client.get(first.get_absolute_url()).content.decode()
    assert client.post(address, {"reason": "Nhập nhầm"}).status_code == 302
    assert Project.objects.get(pk=first.pk).status == "discarded"
    assert [one.plan_line.project for one in PastLetterApproved.objects.all()] == [second]
    send_past_letter(letter=PastLetter.objects.get(), actor=centre_staff)
    assert client.get(f"/projects/{second.pk}/discard/").status_code == 403


def test_confirmed_list_is_taken_back_once_its_confirmation_is_annulled(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    """Its money is reversed by corrections, nothing is deleted, and the list comes in anew with other projects; what
    the later letter gave the first time stands in no way of the earlier one."""
    later = row(
        2, letter="46/QĐ-UBND", on=day(150), approved=50, contract=50, signed=day(140), advance=20, advanced=day(130)
    )
    letters = (*LETTERS, ("46/QĐ-UBND", day(150), "UBND TP Hải Phòng", "KCĐP", 60))
    content = book([HEADER, row(), later], (letters,))
    batch = imported(plan, centre_staff, content)
    confirm_all(department_head, centre_staff)
    before = sums()
    with pytest.raises(Refused, match="đề nghị Sở hủy xác nhận"):
        take_back_batch(batch=batch, actor=centre_staff)
    for letter in PastLetter.objects.all():
        annul_past_letter(letter=letter, reason="Nhầm tệp", version=letter.version, actor=department_head)
    take_back_batch(batch=batch, actor=centre_staff)
    assert set(sums()) == {0} and not PastLetter.objects.exists() and prove().is_clean
    assert not Project.objects.in_plans([plan]).counted().exists()
    imported(plan, centre_staff, content)
    confirm_all(department_head, centre_staff)
    assert sums() == before and prove().is_clean


def confirm_all(head: User, staff: User) -> None:
    for letter in PastLetter.objects.order_by("issued_on"):
        confirmed(letter, head, sent_by=staff)


@pytest.mark.parametrize("by", ["department_head", "centre_staff"])
def test_a_reason_that_came_with_the_letter_is_nobodys_work(
    plan: AnnualPlan, people: dict[str, User], centre_staff: User, department_head: User, by: str
) -> None:
    """The letter answers what the law warns of; whoever in the Centre writes a reason by hand worked on the project."""
    batch = imported(plan, centre_staff, book([HEADER, row()]))
    letter = PastLetter.objects.get()
    confirmed(letter, department_head, sent_by=centre_staff)
    warned = {"project": Project.objects.get(), "code": "norm_over", "fingerprint": "x", "text": "Vượt mức"}
    WarningReason.objects.create(**warned, reason="Theo văn bản", actor=people[by])
    letter.refresh_from_db()
    annul_past_letter(letter=letter, reason="Nhầm tệp", version=letter.version, actor=department_head)
    if by == "centre_staff":
        with pytest.raises(Refused, match="sau lần nhập"):
            take_back_batch(batch=batch, actor=centre_staff)
    else:
        take_back_batch(batch=batch, actor=centre_staff)
        assert set(sums()) == {0} and prove().is_clean


def sums() -> list[int]:
    tables = (AllocationEntry, ApprovalEntry, ContractEntry, PaymentEntry)
    return [sum(one.amount_vnd for one in table.objects.all()) for table in tables]


def test_no_button_stands_for_what_can_only_fail(plan: AnnualPlan, centre_staff: User, client: Client) -> None:
    client.force_login(centre_staff)
    batch = imported(plan, centre_staff, book([HEADER, row()]))
    address = f"{batch.get_absolute_url()}take-back/"
    button = ">Rút lại</button>"
    assert button in client.get(address).content.decode()
    send_past_letter(letter=PastLetter.objects.get(), actor=centre_staff)
    page = client.get(address).content.decode()
    assert button not in page and "đã gửi Sở xác nhận, nên không rút lại lần nhập được" in page
    assert "Rút lại lần nhập này" not in client.get(batch.get_absolute_url()).content.decode()
    recall_past_letter(letter=PastLetter.objects.get(), actor=centre_staff)
    take_back_batch(batch=batch, actor=centre_staff)
    page = client.get(address).content.decode()
    assert button not in page and "đã được rút lại" in page
