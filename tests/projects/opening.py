"""Projects of an old file that go on: prepared as a Centre prepares them, with days counted back from today."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from khuyencong.accounts.models import Organisation, User
from programmes.models import AllocationEntry, AnnualPlan, Authority, Decision
from projects.models import ApprovalEntry, PastLetter, PaymentEntry, Project, SettlementEntry
from projects.services.past_events import EventInput
from projects.services.past_letter_lines import LetterLine
from projects.services.past_letters import LetterHead, confirm_past_letter, prepare_past_letter, send_past_letter
from projects.services.past_records import StatedOutcome, enter_past_record
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from tests.factories import MILLION, activity, make_plan, place_of, source

FILE = "nhập từ tệp giai-ngan.xlsx, trang Giải ngân"


def days_ago(count: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=count)


APPROVED, SIGNED, ADVANCED, PAID, ACCEPTED, SETTLED = 200, 195, 190, 60, 65, 50  # days ago


def running_plan(organisation: Organisation) -> AnnualPlan:
    """Of the year in which the Centre begins."""
    return make_plan(organisation=organisation, year=timezone.localdate().year)


def city(plan: AnnualPlan) -> Authority:
    found = Authority.objects.filter(name="UBND thành phố Hải Phòng").first()
    return found or Authority.objects.create(
        code="ubnd-hp", name="UBND thành phố Hải Phòng", level="city", province=plan.organisation.province()
    )


def letter_of(
    plan: AnnualPlan, by: User, assigned: int, *, number: str = "45/QĐ-UBND", on: int = APPROVED
) -> PastLetter:
    head = LetterHead(
        kind="decision", number=number, issued_on=days_ago(on), authority=city(plan), summary=f"Hồ sơ cũ, {FILE}"
    )
    amounts = {source("KCDP"): assigned * MILLION} if assigned else {}
    return prepare_past_letter(plan=plan, head=head, assigned=amounts, actor=by)


def event(
    kind: str, on: int | None, vnd: int | None = None, number: str = "", counted: int | None = None
) -> EventInput:
    money: dict[str, Any] = {}
    if vnd is not None:
        money = {"activity_type": activity(), "source": source("KCDP"), "amount_vnd": vnd * MILLION}
    stated_on = days_ago(on) if on is not None else None
    counted_on = days_ago(counted) if counted is not None else stated_on
    assert counted_on is not None
    return EventInput(kind=kind, counted_on=counted_on, stated_on=stated_on, number=number, **money)


CONTRACT = ("contract", SIGNED, 100, "03/HĐ-KC")
ADVANCE = ("advance", ADVANCED, 70)


def stated(outcome: str, on: int | None = None, counted: int | None = None) -> StatedOutcome:
    day = days_ago(on) if on is not None else None
    later = days_ago(counted) if counted is not None else None
    return StatedOutcome(outcome, FILE, on=day, goes_on=True, counted_on=later)


def written(plan: AnnualPlan, *lines: tuple[PastLetter, int], asked: int = 100) -> dict[str, Any]:
    contents = [ContentInput(activity(), {source("KCDP"): asked * MILLION})]
    supports = [SupportInput(group_description="Cơ sở cơ khí")]
    data = ProjectInput(plan=plan, contents=contents, places=[place_of(plan)], supports=supports)
    found = [LetterLine(letter, activity(), source("KCDP"), vnd * MILLION) for letter, vnd in lines]
    return {"data": data, "lines": found}


def entered(
    plan: AnnualPlan,
    by: User,
    *lines: tuple[PastLetter, int],
    state: StatedOutcome,
    events: Any = (),
    name: str = "Hỗ trợ máy cơ khí",
    asked: int = 100,
) -> Project:
    record = enter_past_record(
        project=Project(name=name, kind="group"),
        stated=state,
        events=[one if isinstance(one, EventInput) else event(*one) for one in events],
        actor=by,
        **written(plan, *lines, asked=asked),
    )
    return Project.objects.get(pk=record.project_id)


def totals() -> dict[str, int]:
    """Triệu đồng in the books."""
    sums = {
        "assigned": AllocationEntry.objects.all(),
        "approved": ApprovalEntry.objects.all(),
        "paid": PaymentEntry.objects.all(),
        "settled": SettlementEntry.objects.all(),
    }
    return {name: sum(row.amount_vnd for row in rows) // MILLION for name, rows in sums.items()}


def confirmed(letter: PastLetter, head: User, *, sent_by: User | None = None) -> Decision:
    if sent_by is not None:
        send_past_letter(letter=letter, actor=sent_by)
    letter.refresh_from_db()
    return confirm_past_letter(letter=letter, version=letter.version, actor=head)
