"""What a letter assigned and approved, entry by entry and summed by source."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from khuyencong.accounts.models import User
from programmes.models import AllocationEntry, Decision, FundingSource
from projects.models import ApprovalEntry

Sums = list[tuple[FundingSource, int]]


def letter_entries(decision: Decision, user: User) -> dict[str, list[Any]]:
    """Of the plans and projects that the user may see, in two queries; what was put right is taken into the sums."""
    allocations = list(AllocationEntry.objects.visible_to(user).of_decision(decision))
    approvals = list(ApprovalEntry.objects.visible_to(user).of_decision(decision))
    return {
        "allocations": allocations,
        "approvals": approvals,
        "assigned_sums": _by_source(allocations),
        "approved_sums": _by_source(approvals),
    }


def _by_source(entries: Iterable[AllocationEntry | ApprovalEntry]) -> Sums:
    """In đồng, the sources in their order."""
    rows = sorted(entries, key=lambda entry: (entry.source.position, entry.source_id))
    return [
        (source, sum(entry.amount_vnd for entry in found))
        for source, found in groupby(rows, key=lambda entry: entry.source)
    ]
