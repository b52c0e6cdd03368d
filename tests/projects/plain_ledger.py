"""The ledger on paper: what letters, carried money and payments leave, day by day.

Letters set the amount after them, corrections rewrite what one letter left, carried money moves on top of it;
payments add up. Oracle: it knows nothing of the product and of SQL; it keeps the steps and applies them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

CellKey = tuple[int, int, int]  # line, content, source


@dataclass
class Amount:
    """One amount that letters set and carried money moves: steps of (day, order, kind, value)."""

    steps: list[list[Any]] = field(default_factory=list)

    def on(self, day: dt.date | None) -> int:
        value = 0
        for on, _order, kind, amount in sorted(self.steps, key=lambda step: step[:2]):
            if day is None or on <= day:
                value = amount if kind == "set" else value + amount
        return value


class Model:
    """The ledger as a reader of the letters and vouchers would keep it on paper, in triệu."""

    def __init__(self, days: Sequence[dt.date]) -> None:
        self.days = days  # on which it is judged
        self.assigned: dict[int, Amount] = {}  # by plan
        self.approved: dict[CellKey, Amount] = {}
        self.paid: dict[tuple[CellKey, str], list[list[Any]]] = {}  # steps of [day, value]
        self.order = 0

    def step(self, day: dt.date, kind: str, value: int) -> list[Any]:
        self.order += 1
        return [day, self.order, kind, value]

    def paid_on(self, key: CellKey, way: str, day: dt.date | None) -> int:
        return sum(value for on, value in self.paid[key, way] if day is None or on <= day)

    def breaks(self, plan_of: dict[CellKey, int]) -> bool:
        """Whether on some day more is approved than assigned, or more paid than approved, or less than nothing is."""
        for day in self.days:
            for plan, amount in self.assigned.items():
                if sum(one.on(day) for key, one in self.approved.items() if plan_of[key] == plan) > amount.on(day):
                    return True
            for key, amount in self.approved.items():
                if amount.on(day) < 0:
                    return True
                if any(not 0 <= self.paid_on(key, way, day) <= amount.on(day) for way in ("in", "out")):
                    return True
        return False
