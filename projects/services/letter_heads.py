"""Putting the head of a recorded letter right: what stood there stays readable, and its entries follow its day."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.models import User
from khuyencong.funding import Nature
from programmes.models import AllocationEntry, AnnualPlan, Decision, DecisionChange
from projects.models import ApprovalEntry, PastLetter, PlanLine
from projects.papers.notices import letter_recorded
from projects.rules.what_rests import what_holds_the_day
from projects.rules.workflow import apply_transition
from projects.services.decision_checks import DecisionRefused, changes_of, refuse_letter, refuse_unauthorised
from projects.services.guards import require_reason
from projects.services.letter_rows import Entry, Given, correct_by, refuse_imbalance, standing_amounts, store_entries
from projects.services.letter_undoing import Taken, amend, hold_letter, undo_steps
from projects.services.past_letter_lines import store_past_letter
from projects.services.past_letters import HEAD, LetterHead


@transaction.atomic
def correct_head(*, decision: Decision, head: LetterHead, reason: str, actor: User) -> Decision:
    """Writes what the paper really says of itself, and keeps each former value with the reason.

    A letter with another day counts from that day: its entries are corrected to nothing on the old day and entered
    anew on the new one, and what it decided follows. Raises NotAllowed, PlanClosed, FutureDate, and Refused without a
    reason, when nothing differs, for the head of another letter, for what stands between the two days, and for whatever
    a letter of that day and authority may not do; then nothing is written.
    """
    current, plans = hold_letter(decision, actor)
    require_reason(reason, _("Ghi lý do đính chính."))
    wanted = _with_head(current, head)
    changes = _differences(current, wanted, reason, actor)
    if not changes:
        raise DecisionRefused(_("Không có mục nào thay đổi."), code="nothing")
    _refuse_impossible(current, wanted, plans)
    if wanted.effective_on == current.effective_on:
        _store(wanted, changes)
    else:
        _move(current, wanted, changes, plans, reason, actor)
    for prepared in PastLetter.objects.filter(decision=wanted):
        for name in HEAD:
            setattr(prepared, name, getattr(wanted, name))
        store_past_letter(prepared, *HEAD)
    letter_recorded(wanted, *plans, actor=actor, slip=reason)
    return wanted


def _with_head(current: Decision, head: LetterHead) -> Decision:
    """A letter of known day counts from it; one of unknown day from where it did."""
    wanted = copy(current)
    for name in HEAD:
        setattr(wanted, name, getattr(head, name))
    wanted.number = wanted.number.strip()
    wanted.is_number_unknown, wanted.is_date_unknown = not wanted.number, wanted.issued_on is None
    wanted.effective_on = wanted.issued_on or current.effective_on
    return wanted


def _differences(current: Decision, wanted: Decision, reason: str, actor: User) -> list[DecisionChange]:
    """One row for each field; what is unknown is said by the number and the day themselves."""
    with override("vi"):
        pairs = [(name, _said(current, name), _said(wanted, name)) for name in (*HEAD, "effective_on")]
    return [
        DecisionChange(decision=wanted, field=name, before=before, after=after, reason=reason, recorded_by=actor)
        for name, before, after in pairs
        if before != after
    ]


def _said(letter: Decision, name: str) -> str:
    if name == "kind":
        return letter.get_kind_display() if letter.kind else ""
    value: Any = getattr(letter, name)
    if name in ("issued_on", "effective_on"):
        return f"{value:%d/%m/%Y}" if value else ""
    return str(value) if value is not None else ""


def _refuse_impossible(current: Decision, wanted: Decision, plans: list[AnnualPlan]) -> None:
    if Decision.objects.same_letter(wanted).exclude(pk=wanted.pk).exists():
        raise DecisionRefused({"number": _("Văn bản này đã được ghi nhận.")}, code="recorded")
    for plan in plans:
        refuse_letter(wanted, plan)
    before, after = ((one.authority_id, one.effective_on) for one in (current, wanted))
    if before != after:
        for plan in plans:
            refuse_unauthorised(plan, wanted, changes_of(wanted))


def _store(wanted: Decision, changes: list[DecisionChange]) -> None:
    amend(wanted, changes, *Decision.HEAD, "search")


def _move(
    current: Decision,
    wanted: Decision,
    changes: list[DecisionChange],
    plans: list[AnnualPlan],
    reason: str,
    actor: User,
) -> None:
    """Nothing of the letter is left on its old day; all of it stands on the new one, under the limits of every day."""
    if problems := what_holds_the_day(current, wanted.effective_on):
        raise DecisionRefused({"issued_on": problems}, code="rests")
    given = standing_amounts(current)
    taken = undo_steps(current, reason, actor)
    corrected: list[Entry] = [correct_by(entry, -vnd, reason, actor, Nature.CANCELLATION) for entry, vnd in given]
    _store(wanted, changes)
    allocations, approvals = _anew(given)
    store_entries(wanted, allocations, approvals, actor=actor)
    refuse_imbalance([*corrected, *allocations, *approvals], plans)
    _take_steps(taken, wanted, actor)


def _anew(given: list[Given]) -> tuple[list[AllocationEntry], list[ApprovalEntry]]:
    allocations, approvals = [], []
    for entry, vnd in given:
        common: dict[str, Any] = {"source": entry.source, "amount_vnd": vnd, "nature": entry.nature}
        common["reason"] = entry.reason
        if isinstance(entry, AllocationEntry):
            allocations.append(AllocationEntry(plan=entry.plan, **common))
        else:
            approvals.append(ApprovalEntry(plan_line=entry.plan_line, component=entry.component, **common))
    return allocations, approvals


def _take_steps(taken: Taken, wanted: Decision, actor: User) -> None:
    """What the letter decided it decides on its new day; a round that a later letter finished stays of that letter."""
    for record, step in taken:
        is_own = step.decision_id == wanted.pk
        on = wanted.effective_on if is_own else max(step.effective_on, wanted.effective_on)
        letter = wanted if is_own else step.decision
        words: dict[str, Any] = {"reason": step.reason, "decision": letter, "actor": actor}
        record.refresh_from_db(fields=["status"])
        line = PlanLine.objects.line_of(step.in_round, record) if step.in_round else None
        apply_transition(record, step.transition, effective_on=on, line=line, **words)
