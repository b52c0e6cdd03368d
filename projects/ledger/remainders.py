"""What is left of envelopes and of lines, and what of a line is spoken for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from khuyencong.asof import NOW, AsOf
from khuyencong.funding import STATE_LEVELS
from programmes.models import AllocationEntry, AnnualPlan, FundingSource
from projects.ledger.optional_amounts import unallocated
from projects.models import ApprovalEntry, CellKey, Direction, PaymentEntry


@dataclass(frozen=True)
class Envelope:
    """Money of one source in one plan, in đồng: assigned to it, approved out of it. None: nothing recorded."""

    source: FundingSource
    assigned_vnd: int | None
    approved_vnd: int | None

    @property
    def unallocated_vnd(self) -> int | None:
        return unallocated(self.assigned_vnd, self.approved_vnd)


def envelopes(plans: Iterable[AnnualPlan], as_of: AsOf = NOW) -> list[Envelope]:
    """Each state source with what the plans were assigned and have approved from it on that day."""
    assigned = AllocationEntry.objects.for_plans(plans).effective_by(as_of).amounts_by("source")
    approved = ApprovalEntry.objects.for_plans(plans).effective_by(as_of).amounts_by("source")
    sources = FundingSource.objects.filter(level__in=STATE_LEVELS)
    return [Envelope(source, assigned.get(source.pk), approved.get(source.pk)) for source in sources]


def approved_cells(plan: AnnualPlan) -> dict[CellKey, int]:
    """What is approved now for each line × content × source of the plan, in đồng."""
    return ApprovalEntry.objects.for_plans([plan]).of_standing_letters().by_cell()


def paid_cells(line_ids: Iterable[int], as_of: AsOf = NOW) -> dict[CellKey, dict[str, int]]:
    """By line × content × source, đồng that went each way."""
    found: dict[CellKey, dict[str, int]] = defaultdict(dict)
    sums = PaymentEntry.objects.on_lines(line_ids).effective_by(as_of).by_cell("voucher__direction")
    for (*key, direction), amount in sums.items():
        found[tuple(key)][direction] = amount
    return dict(found)


def spoken_for(paid_vnd: int | None, received_vnd: int | None) -> int:
    """What no longer can be taken from a line, neither by a stop nor into the next year: what was paid for it or
    received for it, whichever is more."""
    return max(paid_vnd or 0, received_vnd or 0)


def kept_at_a_stop(line_ids: Iterable[int]) -> dict[CellKey, int]:
    """What stays approved when a project stops; the rest is freed."""
    sums = paid_cells(line_ids)
    return {key: spoken_for(paid.get(Direction.OUT), paid.get(Direction.IN)) for key, paid in sums.items()}
