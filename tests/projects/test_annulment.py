"""A confirmation of old papers that was wrong: the Department's head takes it back, and the Centre puts it right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from programmes.models import AllocationEntry, AnnualPlan
from projects.ledger.proof import prove
from projects.models import (
    ApprovalEntry,
    Contract,
    ContractEntry,
    Direction,
    PastLetter,
    PaymentEntry,
    Project,
    SettlementEntry,
    StatusChange,
    Voucher,
)
from projects.refusals import NotAllowed, PlanClosed, Refused
from projects.services.corrections import Correction, record_corrections
from projects.services.past_letters import annul_past_letter
from projects.services.past_records import change_past_record
from projects.services.payments import PaymentInput, record_voucher
from projects.services.steps import take_step
from tests.factories import MILLION, decide, make_plan
from tests.people import Tree
from tests.projects.opening import (
    ACCEPTED,
    ADVANCE,
    APPROVED,
    CONTRACT,
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
from tests.projects.opening import written as parts_of

pytestmark = pytest.mark.django_db

NOTHING = dict.fromkeys(("assigned", "approved", "contracted", "paid", "settled"), 0)
FINISHED = [CONTRACT, ADVANCE, ("payment", PAID, 30), ("acceptance", ACCEPTED), ("settlement", SETTLED, 100)]


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    return make_plan(organisation=tree.centre, year=timezone.localdate().year)


def totals() -> dict[str, int]:
    """Triệu đồng in the books."""
    tables = (AllocationEntry, ApprovalEntry, ContractEntry, PaymentEntry, SettlementEntry)
    sums = (sum(row.amount_vnd for row in table.objects.all()) // MILLION for table in tables)
    return dict(zip(NOTHING, sums, strict=True))


def annul(letter: PastLetter, head: User, reason: str = "Nhầm số tiền", version: int = 0) -> PastLetter:
    letter.refresh_from_db()
    annul_past_letter(letter=letter, reason=reason, version=version or letter.version, actor=head)
    letter.refresh_from_db()
    return letter


@pytest.fixture
def running(plan: AnnualPlan, centre_staff: User, department_head: User) -> PastLetter:
    """A letter of 100 triệu for one project, contracted, 70 advanced, confirmed."""
    letter = letter_of(plan, centre_staff, 100)
    entered(plan, centre_staff, (letter, 100), state=stated("in_progress", SIGNED), events=[CONTRACT, ADVANCE])
    confirmed(letter, department_head, sent_by=centre_staff)
    assert totals() == NOTHING | {"assigned": 100, "approved": 100, "contracted": 100, "paid": 70}
    return letter


def test_nothing_is_left_in_the_books_and_nothing_is_deleted(running: PastLetter, department_head: User) -> None:
    rows = {table: table.objects.count() for table in (AllocationEntry, ApprovalEntry, ContractEntry, PaymentEntry)}
    letter = annul(running, department_head)
    assert totals() == NOTHING and prove().is_clean
    assert {table: table.objects.count() for table in rows} == {table: 2 * count for table, count in rows.items()}
    assert (letter.state, letter.note, letter.decision) == ("returned", "Nhầm số tiền", None)
    project = Project.objects.get()
    step = StatusChange.objects.filter(project=project).latest("pk")
    assert (project.status, step.transition, step.reason) == ("stated", "annul", "Nhầm số tiền")
    for on in (days_ago(APPROVED), days_ago(SIGNED), days_ago(0)):
        assert [one.then for one in Project.objects.standing_apart(AsOf(on, None))] == [], "as it stands on each day"


def test_it_is_put_right_sent_again_and_confirmed_with_the_right_amounts(
    running: PastLetter, plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = annul(running, department_head)
    project = Project.objects.get()
    right = [event(*CONTRACT), event("advance", ADVANCE[1], 60)]
    words = parts_of(plan, (letter, 90), asked=90)
    contract = [event("contract", SIGNED, 90, "03/HĐ-KC"), right[1]]
    change_past_record(
        project=project, stated=stated("in_progress", SIGNED), events=contract, version=project.version,
        actor=centre_staff, **words,
    )  # fmt: skip
    confirmed(letter, department_head, sent_by=centre_staff)
    assert totals() == NOTHING | {"assigned": 100, "approved": 90, "contracted": 90, "paid": 60}
    project.refresh_from_db()
    assert project.status == "in_progress" and prove().is_clean
    assert (Contract.objects.count(), Voucher.objects.count()) == (1, 1), "the papers are the same ones"


def test_settled_project_comes_back_as_it_was(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    letter = letter_of(plan, centre_staff, 100)
    entered(plan, centre_staff, (letter, 100), state=stated("settled", SETTLED), events=FINISHED)
    confirmed(letter, department_head, sent_by=centre_staff)
    before = totals()
    assert before["settled"] == 100 and before["paid"] == 100
    annul(letter, department_head)
    assert totals() == NOTHING
    confirmed(letter, department_head, sent_by=centre_staff)
    assert totals() == before and Project.objects.get().status == "settled" and prove().is_clean


def test_project_of_two_letters_waits_for_the_one_that_was_annulled(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    first = letter_of(plan, centre_staff, 60)
    second = letter_of(plan, centre_staff, 40, number="46/QĐ-UBND", on=APPROVED - 1)
    state, events = stated("in_progress", SIGNED), [CONTRACT, ADVANCE]
    entered(plan, centre_staff, (first, 60), (second, 40), state=state, events=events)
    for letter in (first, second):
        confirmed(letter, department_head, sent_by=centre_staff)
    annul(first, department_head)
    assert totals() == NOTHING | {"assigned": 40, "approved": 40} and Project.objects.get().status == "stated"
    confirmed(first, department_head, sent_by=centre_staff)
    assert totals() == NOTHING | {"assigned": 100, "approved": 100, "contracted": 100, "paid": 70}
    assert Project.objects.get().status == "in_progress" and prove().is_clean


def test_two_letters_of_which_the_later_took_back_are_annulled_and_confirmed_again(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    """What an annulled letter gave is nothing, so it stands before no earlier one."""
    first = letter_of(plan, centre_staff, 100)
    second = letter_of(plan, centre_staff, 0, number="46/QĐ-UBND", on=APPROVED - 1)
    entered(plan, centre_staff, (first, 100), (second, -20), state=stated("approved", APPROVED))
    for letter in (first, second):
        confirmed(letter, department_head, sent_by=centre_staff)
    for letter in (second, first):
        annul(letter, department_head)
    assert totals() == NOTHING
    for letter in (first, second):
        confirmed(letter, department_head, sent_by=centre_staff)
    assert totals() == NOTHING | {"assigned": 100, "approved": 80} and prove().is_clean


def test_slip_of_an_earlier_letter_is_put_right_though_a_later_one_was_annulled(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    """An annulled letter says no amount that would have to stand after the correction."""
    letters = [letter_of(plan, centre_staff, 100), letter_of(plan, centre_staff, 20, number="46/QĐ-UBND", on=1)]
    for letter in letters:
        confirmed(letter, department_head, sent_by=centre_staff)
    annul(letters[1], department_head)
    slip = AllocationEntry.objects.order_by("pk")[0]
    right = Correction(slip, 100 * MILLION, 90 * MILLION)
    record_corrections(decision=slip.decision, corrections=[right], reason="Gõ nhầm", actor=department_head)
    assert totals() == NOTHING | {"assigned": 90}
    gone = AllocationEntry.objects.standing().exclude(decision=slip.decision)
    assert not gone.exists() and AllocationEntry.objects.standing().get() == slip


def test_other_letters_keep_what_they_gave(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    mine, other = letter_of(plan, centre_staff, 100), letter_of(plan, centre_staff, 50, number="46/QĐ-UBND")
    entered(plan, centre_staff, (mine, 100), state=stated("approved", APPROVED))
    entered(plan, centre_staff, (other, 50), state=stated("approved", APPROVED), name="Khác", asked=50)
    for letter in (mine, other):
        confirmed(letter, department_head, sent_by=centre_staff)
    annul(mine, department_head)
    assert totals() == NOTHING | {"assigned": 50, "approved": 50}
    assert Project.objects.get(name="Khác").status == "approved"


def test_money_that_another_letter_rests_on_is_not_taken_away(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    given, used = letter_of(plan, centre_staff, 100), letter_of(plan, centre_staff, 0, number="46/QĐ-UBND")
    entered(plan, centre_staff, (used, 100), state=stated("approved", APPROVED))
    for letter in (given, used):
        confirmed(letter, department_head, sent_by=centre_staff)
    with pytest.raises(Refused, match="KCĐP"):
        annul(given, department_head)
    given.refresh_from_db()
    assert given.state == "confirmed" and totals()["assigned"] == 100


def test_what_is_over_waits_again(tree: Tree, centre_staff: User, department_head: User) -> None:
    from projects.services.past_records import StatedOutcome, enter_past_record

    plan = make_plan(organisation=tree.centre, year=2006)
    letter = letter_of(plan, centre_staff, 100)
    outcome = StatedOutcome("carried_out", "Báo cáo năm 2006")
    enter_past_record(
        project=Project(name="Thêu", kind="group"), stated=outcome, actor=centre_staff, **written(plan, (letter, 100))
    )
    confirmed(letter, department_head, sent_by=centre_staff)
    assert Project.objects.get().status == "past"
    annul(letter, department_head)
    assert Project.objects.get().status == "stated" and totals() == NOTHING
    confirmed(letter, department_head, sent_by=centre_staff)
    assert Project.objects.get().status == "past" and totals()["approved"] == 100


def pays(people: dict[str, User]) -> object:
    plan = AnnualPlan.objects.get()
    voucher = Voucher(organisation=plan.organisation, issued_on=days_ago(30), direction=Direction.OUT)
    row = PaymentInput(ApprovalEntry.objects.get().key, "payment", MILLION)
    return record_voucher(voucher=voucher, rows=[row], actor=people["accountant"])


def corrects(people: dict[str, User]) -> object:
    entry = AllocationEntry.objects.get()
    approval = ApprovalEntry.objects.get()
    slips = [Correction(approval, 100 * MILLION, 80 * MILLION)]
    return record_corrections(
        decision=entry.decision, corrections=slips, reason="Gõ nhầm", actor=people["department_head"]
    )


LATER: dict[str, Callable[[dict[str, User]], object]] = {
    "money was paid": pays,
    "its work went on": lambda people: take_step(
        Project.objects.get(), "accept", actor=people["centre_head"], on=days_ago(20), reason="BB 1"
    ),
    "a letter changed it": lambda people: decide(
        plan=AnnualPlan.objects.get(), by=people["department_head"], number="9/QĐ", on=days_ago(3),
        approved={ApprovalEntry.objects.get().key: 90 * MILLION},
    ),
    "a slip was put right": corrects,
}  # fmt: skip


@pytest.mark.parametrize("later", LATER)
def test_what_went_on_since_stays(
    running: PastLetter, department_head: User, accountant: User, centre_head: User, later: str
) -> None:
    LATER[later]({"accountant": accountant, "centre_head": centre_head, "department_head": department_head})
    before = totals()
    with pytest.raises(Refused, match="sau khi Sở xác nhận"):
        annul(running, department_head)
    assert totals() == before and Project.objects.get().status != "stated"


def test_who_may_and_when(running: PastLetter, people: dict[str, User], department_head: User) -> None:
    for role in people.keys() - {"department_head"}:
        with pytest.raises(NotAllowed):
            annul(running, people[role])
    for reason, version, code in ((" ", 0, "no_reason"), ("Nhầm", 1, "changed_meanwhile")):
        with pytest.raises(Refused) as refusal:
            annul(running, department_head, reason, version)
        assert refusal.value.code == code
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        annul(running, department_head)
    AnnualPlan.objects.update(is_closed=False)
    annul(running, department_head)
    with pytest.raises(Refused, match="Sở không xác nhận"):
        annul(running, department_head)


def test_head_annuls_on_the_page_of_the_letter(
    running: PastLetter, department_head: User, centre_staff: User, client: Client
) -> None:
    address = f"{running.get_absolute_url()}annul/"
    client.force_login(centre_staff)
    assert address not in client.get(running.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 403
    client.force_login(department_head)
    assert address in client.get(running.get_absolute_url()).content.decode()
    running.refresh_from_db()
    refused = client.post(address, {"reason": "", "version": running.version})
    assert refused.status_code == 422 and PaymentEntry.objects.count() == 1
    done = client.post(address, {"reason": "Nhầm số", "version": running.version}, follow=True)
    assert "Đã hủy xác nhận" in done.content.decode() and "Nhầm số" in done.content.decode()
    assert totals() == NOTHING
