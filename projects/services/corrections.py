"""Putting a slip of typing right: a new entry in the place of the wrong one, never an adjustment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.models import User
from khuyencong.funding import Nature
from programmes.models import AllocationEntry, AnnualPlan, Decision
from projects.ledger.letter_amounts import amounts_around
from projects.models import ApprovalEntry
from projects.papers.notices import letter_recorded
from projects.services.decision_checks import DecisionRefused
from projects.services.guards import hold_plans, require_reason
from projects.services.letter_rows import Entry, correct_by, refuse_cancelled, refuse_imbalance
from projects.services.storing import refuse_amounts


@dataclass(frozen=True)
class Correction:
    """The amount that the letter really leaves, in đồng, and what stood there when the page was opened."""

    entry: Entry
    standing_after_vnd: int
    right_after_vnd: int


def entries_of_letter(decision: Decision, plans: Iterable[AnnualPlan]) -> list[Entry]:
    """What the letter itself recorded in these plans, without corrections and without what was cancelled.

    Money carried over is not among it: its two years would fall apart; what was carried wrongly is carried anew.
    """
    plans = list(plans)
    allocations = AllocationEntry.objects.of_decision(decision).for_plans(plans).standing()
    approvals = ApprovalEntry.objects.of_decision(decision).for_plans(plans).standing()
    rows = (entries.exclude(nature=Nature.CARRY_OVER).order_by("pk") for entries in (allocations, approvals))
    return [entry for entries in rows for entry in entries]


@transaction.atomic
def record_corrections(
    *, decision: Decision, corrections: Sequence[Correction], reason: str, actor: User
) -> list[Entry]:
    """Stores the difference to the right amount under the same letter, date and column, with its reason.

    What a later letter left of the same amount stands as that letter says: its entry takes the opposite difference.
    Raises NotAllowed, PlanClosed, or Refused without a reason, when an amount changed meanwhile, when nothing differs,
    or when the envelope would not carry it on some day; then nothing is written.
    """
    # Always the slip, never what put it right.
    slips = _slips_of([correction.entry for correction in corrections])
    plans = hold_plans(actor, "correct", *_plans_of(slips))
    refuse_cancelled(Decision.objects.get(pk=decision.pk))
    require_reason(reason, _("Ghi lý do đính chính."))
    _refuse_impossible(decision, slips, corrections)
    written: list[Entry] = []
    around = amounts_around(slips)
    for correction, entry in zip(corrections, slips, strict=True):
        if around[entry][1] != correction.standing_after_vnd:
            raise DecisionRefused(
                _("Trong lúc bạn nhập, người khác đã đính chính số này. Hãy xem lại rồi ghi."), code="changed_meanwhile"
            )
        if delta := correction.right_after_vnd - correction.standing_after_vnd:
            written.append(correct_by(entry, delta, reason, actor))
            if following := _following(entry):
                with override("vi"):
                    note = _("Giữ nguyên số sau %(letter)s.") % {"letter": following.decision.label}
                written.append(correct_by(following, -delta, f"{note} {reason}", actor))
    if not written:
        raise DecisionRefused(_("Không có số nào khác với số đang ghi."), code="nothing")
    refuse_imbalance(written, plans.values())
    letter_recorded(decision, *plans.values(), actor=actor, slip=reason)
    return written


def _slips_of(entries: Iterable[Entry]) -> list[Entry]:
    """What was recorded wrongly, as it is stored, in the order of the entries that name it."""
    named = [entry.corrects or entry for entry in entries]
    stored: dict[tuple[type[Entry], int], Entry] = {}
    for model, place in ((AllocationEntry, "plan"), (ApprovalEntry, "plan_line__round")):
        ids = {entry.pk for entry in named if isinstance(entry, model)}
        stored |= {(model, row.pk): row for row in model._default_manager.select_related(place).filter(pk__in=ids)}
    return [stored[type(entry), entry.pk] for entry in named]


def _refuse_impossible(decision: Decision, slips: Sequence[Entry], corrections: Sequence[Correction]) -> None:
    """Only what the letter itself recorded is put right under it, each amount once and to one that can be."""
    recorded = entries_of_letter(decision, AnnualPlan.objects.of_decision(decision))
    if not set(slips) <= set(recorded):
        raise DecisionRefused(_("Số này không phải của văn bản đang đính chính."), code="other_letter")
    if len(set(slips)) < len(slips):
        raise DecisionRefused(_("Có số tiền được nhập hai lần."), code="named_twice")
    refuse_amounts(correction.right_after_vnd for correction in corrections)


def _following(entry: Entry) -> Entry | None:
    """The next letter's entry on the same amount. What was carried over is a movement and says no amount after it."""
    later = Q(effective_on__gt=entry.effective_on) | Q(effective_on=entry.effective_on, pk__gt=entry.pk)
    rows = type(entry).objects.standing().filter(later, source=entry.source_id)
    rows = rows.exclude(nature=Nature.CARRY_OVER)
    if isinstance(entry, AllocationEntry):
        rows = rows.filter(plan=entry.plan_id)
    else:
        rows = rows.filter(plan_line=entry.plan_line_id, component=entry.component_id)
    return rows.select_related("decision").order_by("effective_on", "pk").first()


def _plans_of(entries: Iterable[Entry]) -> set[int]:
    return {entry.plan_id if isinstance(entry, AllocationEntry) else entry.plan_line.round.plan_id for entry in entries}
