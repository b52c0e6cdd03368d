"""A letter and its entries as rows. Who acts, on which plans, and what the letter may do was asked before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.funding import Nature
from programmes.models import AllocationEntry, Decision
from projects.models import ApprovalEntry
from projects.services.decision_checks import DecisionRefused
from projects.services.storing import clean_all, refuse_invalid, store_new

Entry = AllocationEntry | ApprovalEntry


def standing_letter(decision: Decision) -> Decision:
    """A letter that is recorded already as it was recorded; one that is not yet as it was typed."""
    if decision.pk is None:
        refuse_invalid(decision)
        return decision
    return Decision.objects.select_related("authority").get(pk=decision.pk)


def store_letter(decision: Decision, actor: User) -> None:
    """A letter is recorded once; one that is recorded already gets further entries."""
    if decision.pk is not None:
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
