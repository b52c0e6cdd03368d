"""What figures are asked of: which plans, as of when, narrowed to what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from khuyencong.asof import NOW, AsOf
from programmes.models import AnnualPlan


@dataclass(frozen=True)
class Question:
    """Of which plans, as of when, and narrowed to what. ``since`` is the first day of what moved in a period.

    ``only`` are the projects that it is about, all of them without. ``units_day`` asks for areas in the
    administrative units of that day instead of those that the projects name.
    """

    plans: Sequence[AnnualPlan]
    as_of: AsOf = NOW
    since: dt.date | None = None
    source: str = ""
    activity: str = ""
    only: frozenset[int] | None = None
    units_day: dt.date | None = None

    @cached_property
    def years(self) -> dict[int, int]:
        """Of the plans, by their ids."""
        return {plan.pk: plan.year for plan in self.plans}
