"""Sums of money in đồng of which some may not be recorded.

None means that nothing is recorded and prints “–”; a recorded zero stays a zero.
"""

from __future__ import annotations


def add(*amounts: int | None) -> int | None:
    """The sum of what is recorded; None when nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def rate(part: int | None, whole: int | None) -> float | None:
    """Part of the whole in %, None when either is unknown or the whole is 0."""
    return None if part is None or not whole else 100 * part / whole


def remainder(whole_vnd: int | None, part_vnd: int | None) -> int | None:
    """What is left of the whole; None while there is no whole to be left of."""
    return None if whole_vnd is None else whole_vnd - (part_vnd or 0)


def unallocated(assigned_vnd: int | None, approved_vnd: int | None) -> int | None:
    """*Còn chưa phân bổ*: assigned to a plan, and approved to no project yet."""
    return remainder(assigned_vnd, approved_vnd)


def unpaid(approved_vnd: int | None, paid_vnd: int | None) -> int | None:
    """*Còn chưa chi*: approved, and not paid out yet."""
    return remainder(approved_vnd, paid_vnd)
