"""Letters of old files: the Centre prepares and sends them, the Department's head confirms each as a whole, or not.

Confirming records the letter as any other is recorded (``services/decisions.py``), under all its limits. Until then
nothing of it counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.models import User
from khuyencong.funding import Nature
from programmes.models import AllocationEntry, AnnualPlan, Authority, Decision, FundingSource
from programmes.models.decision import counted_from
from projects.ledger.remainders import approved_cells
from projects.models import ApprovalEntry, PastLetter, PastLetterAssigned, PastRecord
from projects.refusals import Refused
from projects.rules.permissions import RIGHTS, hindrance_to_moving, hindrance_to_old_letter
from projects.rules.workflow import acting_people
from projects.services.decisions import ApprovedChange, AssignedChange, record_decision
from projects.services.guards import hold_plans, refuse_future, refuse_hindered, require_reason
from projects.services.letter_rows import Given, take_back
from projects.services.past_events import file_in_words, give_back_projects, take_over_projects
from projects.services.past_letter_lines import store_past_letter
from projects.services.storing import refuse_amounts, store_new

STATE = PastLetter.State
HEAD = ("kind", "authority", "number", "issued_on", "signer", "subject", "summary")


@dataclass(frozen=True)
class LetterHead:
    """What the paper says of itself; an empty kind, number or date is not known. ``summary`` is the reason of a letter
    that changes what an earlier one gave."""

    kind: str = ""
    authority: Authority | None = None
    number: str = ""
    issued_on: dt.date | None = None
    signer: str = ""
    subject: str = ""
    summary: str = ""


@transaction.atomic
def prepare_past_letter(
    *, plan: AnnualPlan, head: LetterHead, assigned: Mapping[FundingSource, int], actor: User
) -> PastLetter:
    """A letter with what it assigns to the year, in đồng by source; projects are added to it as they are entered.

    Raises NotAllowed, PlanClosed, FutureDate or Refused: for a year that takes no past records, for money that is none
    of the State; then nothing is written.
    """
    plan = hold_plans(actor, "write", plan.pk)[plan.pk]
    refuse_hindered(hindrance_to_old_letter(plan, head.issued_on, timezone.localdate()))
    refuse_future(head.issued_on, "issued_on")
    letter = store_new(PastLetter(plan=plan, prepared_by=actor, **{name: getattr(head, name) for name in HEAD}))
    _write_assigned(letter, assigned)
    return letter


@transaction.atomic
def change_past_letter(
    *, letter: PastLetter, head: LetterHead, assigned: Mapping[FundingSource, int], version: int, actor: User
) -> PastLetter:
    """Writes it anew while the Centre has it. Raises as :func:`prepare_past_letter`, and Refused once it was sent, or
    changed since ``version``."""
    letter = _hold(letter, actor, "write", PastLetter.OPEN)
    _refuse_changed(letter, version)
    refuse_hindered(hindrance_to_old_letter(letter.plan, head.issued_on, timezone.localdate()))
    refuse_future(head.issued_on, "issued_on")
    for name in HEAD:
        setattr(letter, name, getattr(head, name))
    store_past_letter(letter, *HEAD)
    _write_assigned(letter, assigned)
    return letter


@transaction.atomic
def drop_past_letter(*, letter: PastLetter, actor: User) -> None:
    """Takes away a letter that the Centre has, and that names no project. Raises NotAllowed, PlanClosed, Refused."""
    letter = _hold(letter, actor, "write", PastLetter.OPEN)
    if letter.approved.standing().exists():
        raise Refused(_("Còn đề án chọn văn bản này: hãy chọn văn bản khác cho các đề án đó trước."), code="in_use")
    letter.delete()


@transaction.atomic
def send_past_letter(*, letter: PastLetter, actor: User) -> None:
    """Lays it before the Department's head. Raises NotAllowed, PlanClosed, or Refused: sent already, without money."""
    letter = _hold(letter, actor, "write", PastLetter.OPEN)
    if not letter.assigned.exists() and not letter.approved.standing().exists():
        raise Refused(_("Văn bản chưa có số tiền nào: nhập số được giao hoặc chọn văn bản này cho đề án."), "no_money")
    _move(letter, STATE.SENT, actor)


@transaction.atomic
def recall_past_letter(*, letter: PastLetter, actor: User) -> None:
    """Takes it back to change it. Raises NotAllowed, PlanClosed, or Refused where it does not wait."""
    _move(_hold(letter, actor, "write", (STATE.SENT,)), STATE.PREPARED, actor)


@transaction.atomic
def return_past_letter(*, letter: PastLetter, reason: str, version: int, actor: User) -> None:
    """The head does not confirm it. Raises NotAllowed, PlanClosed, or Refused: without a reason, or changed since."""
    letter = _hold(letter, actor, "decide", (STATE.SENT,))
    _refuse_changed(letter, version)
    require_reason(reason, _("Ghi lý do không xác nhận."))
    _move(letter, STATE.RETURNED, actor, note=reason)


@transaction.atomic
def confirm_past_letter(*, letter: PastLetter, version: int, actor: User, reason: str = "") -> Decision:
    """Records the letter with all that it gives, and so confirms its projects; all of it or nothing. Of projects that
    go on what was done after their approval is written with the last of their letters (``past_events.py``).

    ``reason`` answers warnings about amounts. Raises NotAllowed, PlanClosed, and Refused or a kind of it: by whoever
    prepared or sent it, changed since ``version``, and whatever ``record_decision`` refuses.
    """
    letter = _hold(letter, actor, "decide", (STATE.SENT,))
    _refuse_changed(letter, version)
    people = acting_people(actor, letter.plan.organisation_id, *RIGHTS["decide"].roles)
    if people & {letter.prepared_by_id, letter.moved_by_id}:
        raise Refused(_("Bạn đã chuẩn bị hoặc gửi văn bản này, nên không được xác nhận."), code="own")
    typed = _decision(letter)
    decision = Decision.objects.same_letter(typed).first() or typed
    recorded = record_decision(
        plan=letter.plan,
        decision=decision,
        assigned=_assigned(letter),
        approved=_approved(letter, reason),
        nature=Nature.ADJUSTMENT if letter.approved.standing().taking_back().exists() else Nature.SUPPLEMENT,
        reason=letter.summary or _again() if decision.pk else "",
        actor=actor,
        is_of_old_file=True,
    )
    _move(letter, STATE.CONFIRMED, actor, decision=recorded)
    take_over_projects(letter, recorded, actor)
    return recorded


@transaction.atomic
def annul_past_letter(*, letter: PastLetter, reason: str, version: int, actor: User) -> None:
    """Takes a confirmation back: all that the letter gave is corrected away on its own day, its projects wait again as
    their files state them, and the Centre has the letter. Nothing is deleted.

    Raises NotAllowed, PlanClosed, and Refused or a kind of it: not confirmed, changed since ``version``, without a
    reason, where one of its projects went on since, or where others would be left without assigned money.
    """
    letter = _hold(letter, actor, "correct", (STATE.CONFIRMED,))
    _refuse_changed(letter, version)
    require_reason(reason, _("Ghi lý do hủy xác nhận."))
    given = _given(letter)
    give_back_projects(letter, reason, actor)
    take_back(given, [letter.plan], reason, actor)
    _move(letter, STATE.RETURNED, actor, note=reason)


def _given(letter: PastLetter) -> list[Given]:
    """The entries by which the letter was recorded, with what it gave, in đồng."""
    decision = letter.decision
    assert decision is not None  # a constraint of what is confirmed
    allocations = AllocationEntry.objects.of_decision(decision).for_plans([letter.plan]).filter(corrects=None)
    approvals = ApprovalEntry.objects.of_decision(decision).for_plans([letter.plan]).filter(corrects=None)
    assigned = {entry.source_id: entry for entry in allocations.order_by("pk")}
    approved = {entry.key: entry for entry in approvals.order_by("pk")}
    return [
        *((assigned[row.source_id], row.amount_vnd) for row in letter.assigned.all()),
        *((approved[row.key], row.amount_vnd) for row in letter.approved.standing()),
    ]


def _hold(letter: PastLetter, actor: User, code: str, states: Sequence[str]) -> PastLetter:
    """The letter as it stands now, held with its plan; in one of the states."""
    plan = hold_plans(actor, code, letter.plan_id)[letter.plan_id]
    current: PastLetter = PastLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    current.plan = plan
    refuse_hindered(hindrance_to_moving(current, *states))
    return current


def _refuse_changed(letter: PastLetter, version: int) -> None:
    if letter.version != version:
        text = _("Văn bản vừa được người khác sửa. Hãy xem lại rồi thực hiện lại.")
        raise Refused(text, code="changed_meanwhile")


def _move(letter: PastLetter, state: str, actor: User, *, note: str = "", decision: Decision | None = None) -> None:
    letter.state, letter.note, letter.decision = state, note, decision
    letter.moved_by, letter.moved_at = actor, timezone.now()
    store_past_letter(letter, "state", "note", "decision", "moved_by", "moved_at")


def _write_assigned(letter: PastLetter, assigned: Mapping[FundingSource, int]) -> None:
    refuse_amounts(assigned.values())
    if any(not source.is_state for source in assigned):
        raise Refused(_("Chỉ giao kinh phí từ nguồn ngân sách nhà nước."), code="not_state")
    letter.assigned.all().delete()
    for source, vnd in assigned.items():
        if vnd:
            store_new(PastLetterAssigned(letter=letter, source=source, amount_vnd=vnd))


def _again() -> str:
    """Why a letter that is in the books gives once more: its confirmation was annulled, or it has two sheets."""
    with override("vi"):
        return _("Xác nhận lại hồ sơ cũ")


def _decision(letter: PastLetter) -> Decision:
    organisation = letter.plan.organisation
    on = counted_from(letter.issued_on, year=letter.plan.year, today=timezone.localdate())
    head = {name: getattr(letter, name) for name in HEAD}
    unknown = {"is_number_unknown": not letter.number, "is_date_unknown": letter.issued_on is None}
    return Decision(organisation=organisation.parent or organisation, effective_on=on, **head, **unknown)


def _assigned(letter: PastLetter) -> list[AssignedChange]:
    """What the letter leaves assigned: what letters before it assigned, and its own."""
    standing = AllocationEntry.objects.for_plans([letter.plan]).of_standing_letters().amounts_by("source")
    rows = [
        (row.source, standing.get(row.source_id), row.amount_vnd) for row in letter.assigned.select_related("source")
    ]
    return [AssignedChange(source, before, (before or 0) + vnd) for source, before, vnd in rows]


def _approved(letter: PastLetter, reason: str) -> list[ApprovedChange]:
    """With a reason that answers warnings: of a project that goes on, which was approved long ago, the file's name."""
    standing = approved_cells(letter.plan)
    records = PastRecord.objects.going_on().filter(project__lines__round__plan=letter.plan).order_by("pk")
    files = dict(records.values_list("project", "source"))
    outcomes = dict(records.values_list("project", "outcome"))
    found = []
    for row in letter.approved.standing():
        before, file = standing.get(row.key), files.get(row.plan_line.project_id)
        words = file_in_words(file) if file else ""
        was_stop = row.amount_vnd < 0 and outcomes.get(row.plan_line.project_id) == PastRecord.Outcome.STOPPED
        after = (before or 0) + row.amount_vnd
        if after < 0:
            text = _("%(project)s: văn bản này giảm kinh phí chưa được duyệt; xác nhận văn bản duyệt trước.")
            raise Refused(text % {"project": row.plan_line.project}, code="out_of_order")
        found.append(ApprovedChange(row.key, before, after, reason=reason or words, was_stop=was_stop))
    return found
