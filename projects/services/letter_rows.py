"""A letter and its entries as rows. Who acts, on which plans, and what the letter may do was asked before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.funding import Nature
from programmes.models import AllocationEntry, AnnualPlan, Decision
from projects.ledger.letter_amounts import Entry
from projects.models import ApprovalEntry
from projects.services.decision_checks import DecisionRefused, refuse_over_commitment
from projects.services.storing import clean_all, refuse_invalid, store_new

Given = tuple[Entry, int]  # with the đồng that it gave


def standing_letter(decision: Decision) -> Decision:
    """A letter that is recorded already as it was recorded; one that is not yet as it was typed.

    Raises DecisionRefused for one that was cancelled.
    """
    if decision.pk is None:
        refuse_invalid(decision)
        return decision
    recorded = Decision.objects.select_related("authority").get(pk=decision.pk)
    refuse_cancelled(recorded)
    return recorded


def refuse_cancelled(decision: Decision) -> None:
    if decision.is_cancelled:
        raise DecisionRefused(_("Văn bản này đã hủy, không ghi thêm gì vào đó."), code="cancelled")


def store_letter(decision: Decision, actor: User) -> None:
    """A letter is recorded once; one that is recorded already gets further entries, and is held, so that nobody
    cancels it meanwhile."""
    if decision.pk is not None:
        refuse_cancelled(Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk))
        return
    if Decision.objects.same_letter(decision).exists():
        raise DecisionRefused({"number": _("Văn bản này đã được ghi nhận.")}, code="recorded")
    decision.recorded_by = actor
    store_new(decision)


def store_entries(
    decision: Decision, allocations: Iterable[AllocationEntry], approvals: Iterable[ApprovalEntry], *, actor: User
) -> None:
    """Adds what the letter changes. All of it counts from the letter's day, and says who recorded it.

    Raises Refused for money in a wrong place.
    """
    assigned, approved = list(allocations), list(approvals)
    both: list[AllocationEntry | ApprovalEntry] = [*assigned, *approved]
    for entry in both:
        entry.decision, entry.effective_on, entry.recorded_by = decision, decision.effective_on, actor
    clean_all(approved)
    AllocationEntry.objects.bulk_create(assigned)
    ApprovalEntry.objects.bulk_create(approved)


def standing_amounts(decision: Decision) -> list[Given]:
    """What is left in the books of each entry of the letter, in đồng, with all corrections taken in."""
    allocations = AllocationEntry.objects.of_decision(decision).order_by("pk")
    entries: list[Entry] = [*allocations, *ApprovalEntry.objects.of_decision(decision).order_by("pk")]
    sums: dict[tuple[type[Entry], int], int] = defaultdict(int)
    for entry in entries:
        sums[type(entry), entry.corrects_id or entry.pk] += entry.amount_vnd
    found = [(entry, sums[type(entry), entry.pk]) for entry in entries if entry.corrects_id is None]
    return [(entry, vnd) for entry, vnd in found if vnd]


def take_back(given: Sequence[Given], plans: Iterable[AnnualPlan], reason: str, actor: User) -> None:
    """Corrects away what these entries gave, each on its own day. Raises DecisionRefused where a plan would not balance
    on some day without it."""
    for entry, vnd in given:
        correct_by(entry, -vnd, reason, actor, Nature.CANCELLATION)
    refuse_imbalance([entry for entry, _vnd in given], plans)


def refuse_imbalance(entries: Sequence[Entry], plans: Iterable[AnnualPlan]) -> None:
    """Raises DecisionRefused where one of the plans does not balance on some day from the first of these entries on."""
    if not entries:
        return
    since = min(entry.effective_on for entry in entries)
    sources = {entry.source_id: entry.source for entry in entries}
    keys = {entry.key for entry in entries if isinstance(entry, ApprovalEntry)}
    for plan in plans:
        refuse_over_commitment(plan, since, sources.values(), keys)


def correct_by(entry: Entry, delta_vnd: int, reason: str, actor: User, nature: Nature = Nature.CORRECTION) -> Entry:
    """Stores that the entry was wrong by so many đồng, on its own day. Limits are the caller's to ask."""
    place: dict[str, Any] = {"source_id": entry.source_id, "corrects": entry}
    if isinstance(entry, AllocationEntry):
        place["plan_id"] = entry.plan_id
    else:
        place |= {"plan_line_id": entry.plan_line_id, "component_id": entry.component_id}
    return type(entry)._default_manager.create(
        decision_id=entry.decision_id,
        amount_vnd=delta_vnd,
        nature=nature,
        effective_on=entry.effective_on,
        reason=reason,
        recorded_by=actor,
        **place,
    )
