"""The figures that every screen, roll-up and file shows, and how they add up. All money in đồng.

None means that nothing is recorded and prints “–”; a recorded zero stays a zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from projects.ledger.optional_amounts import add, remainder
from projects.models import Pace


@dataclass(frozen=True)
class Money:
    """State money of something: asked for, approved, and spent as last reported.

    ``covered_vnd`` is the part of the approved money for which spending is reported at all.
    """

    requested_vnd: int | None = None
    approved_vnd: int | None = None
    executed_vnd: int | None = None
    covered_vnd: int | None = None

    @classmethod
    def of_cell(cls, requested: int | None, approved: int | None, executed: int | None) -> Money:
        """Of one line × content × source, where spending covers all that is approved or nothing of it."""
        return cls(requested, approved, executed, None if executed is None else approved)

    def __add__(self, other: Money) -> Money:
        return Money(
            add(self.requested_vnd, other.requested_vnd),
            add(self.approved_vnd, other.approved_vnd),
            add(self.executed_vnd, other.executed_vnd),
            add(self.covered_vnd, other.covered_vnd),
        )

    @property
    def unexecuted_vnd(self) -> int | None:
        """*Chưa thực hiện*: of what is approved, where spending is reported; the rest says nothing of it."""
        return None if self.executed_vnd is None else remainder(self.covered_vnd, self.executed_vnd)


def total(parts: Iterable[Money]) -> Money:
    return sum(parts, start=Money())


@dataclass(frozen=True)
class Schedule:
    """Projects by how they keep to their schedule, each counted once: the four add up to all of them."""

    on_schedule_count: int = 0
    late_count: int = 0
    was_late_count: int = 0
    unreported_count: int = 0

    @property
    def project_count(self) -> int:
        return self.on_schedule_count + self.late_count + self.was_late_count + self.unreported_count

    @classmethod
    def of(cls, paces: Iterable[str]) -> Schedule:
        """Counts one pace for each project."""
        return cls.of_numbers(Counter(paces))

    @classmethod
    def of_numbers(cls, numbers: Mapping[str, int]) -> Schedule:
        """The same of numbers of projects by their pace."""
        return cls(*(numbers.get(pace, 0) for pace in (Pace.ON, Pace.LATE, Pace.WAS_LATE, Pace.NONE)))

    def __add__(self, other: Schedule) -> Schedule:
        """Of projects that are not the same."""
        return Schedule(
            self.on_schedule_count + other.on_schedule_count,
            self.late_count + other.late_count,
            self.was_late_count + other.was_late_count,
            self.unreported_count + other.unreported_count,
        )
