"""What an amount was before a letter and what it is after it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar

from programmes.models import AllocationEntry
from projects.models import ApprovalEntry

Entry = AllocationEntry | ApprovalEntry
E = TypeVar("E", bound=Entry)


def amounts_around(entries: Iterable[E]) -> dict[E, tuple[int, int]]:
    """(before, after) its letter for the amount of each entry, in đồng, with all corrections taken in.

    In the order of the letters: by the day from which they count, then as recorded. Two queries, however many.
    """
    entries = list(entries)
    lines = {entry.plan_line_id for entry in entries if isinstance(entry, ApprovalEntry)}
    plans = {entry.plan_id for entry in entries if isinstance(entry, AllocationEntry)}
    standing: dict[tuple[Any, ...], list[Entry]] = defaultdict(list)
    for row in (
        *ApprovalEntry.objects.filter(plan_line__in=lines).select_related("corrects"),
        *AllocationEntry.objects.filter(plan__in=plans).select_related("corrects"),
    ):
        standing[_amount_key(row)].append(row)
    found = {}
    for entry in entries:
        rows = standing[_amount_key(entry)]
        before = sum(row.amount_vnd for row in rows if _place(row) < _place(entry))
        own = sum(row.amount_vnd for row in rows if _place(row) == _place(entry))
        found[entry] = (before, before + own)
    return found


def _amount_key(entry: Entry) -> tuple[Any, ...]:
    """Which amount the entry changes: the plan's source, or the line × content × source."""
    if isinstance(entry, AllocationEntry):
        return ("assigned", entry.plan_id, entry.source_id)
    return ("approved", *entry.key)


def _place(entry: Entry) -> tuple[dt.date, int]:
    """Where the entry stands among the letters; a correction stands where the slip stood."""
    original = entry.corrects or entry
    return (original.effective_on, original.pk)
