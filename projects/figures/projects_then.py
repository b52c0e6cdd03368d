"""What the projects of some plans said as of a day, and how they stood, where that may be otherwise now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from khuyencong.asof import NOW, AsOf
from programmes.models import AnnualPlan
from projects.figures.keys import GROUP, NONE
from projects.figures.past_texts import FormerText, former_areas, former_helped, former_texts
from projects.models import Beneficiary, PlanLine, Project
from projects.models.joined_texts import key_of
from projects.rules.warnings import Findings, findings_of_projects

MAX_NAMED = 500


def _few(rows: Any, *columns: str) -> Any:
    """One more at most than can be named."""
    return rows.values_list(*columns)[: MAX_NAMED + 1]


@dataclass(frozen=True, eq=False)
class ProjectsThen:
    """The projects of the plans as of then, by their ids. What is told of them is read once, when it is first asked.

    Texts, areas, helped and types are of the projects alone that said something else then.
    """

    plans: Sequence[AnnualPlan]
    as_of: AsOf = NOW

    @property
    def projects(self) -> Any:
        """All of them, whether they count or not."""
        return Project.objects.in_plans(self.plans)

    @cached_property
    def texts(self) -> dict[int, FormerText]:
        return former_texts(self.projects, self.as_of)

    @cached_property
    def areas(self) -> dict[int, str]:
        return former_areas(self.texts)

    @cached_property
    def _beneficiaries(self) -> dict[int, list[Beneficiary | None]]:
        return former_helped(self.texts)

    @cached_property
    def helped(self) -> dict[int, str]:
        """The ids of who was helped, joined to one key."""
        found = self._beneficiaries.items()
        return {pk: key_of(str(one.pk) if one else NONE for one in helped) or NONE for pk, helped in found}

    @cached_property
    def types(self) -> dict[int, str]:
        """Of who was helped, joined to one key."""
        found = self._beneficiaries.items()
        return {pk: key_of(one.type if one else GROUP for one in helped) or NONE for pk, helped in found}

    @cached_property
    def _standing(self) -> dict[int, tuple[str, str, bool]] | None:
        """Of the projects that do not count, or stood otherwise on the day: the status now and then, and whether they
        count. They are nearly always few, and then quicker named than asked of each row; None where they are many."""
        if not self.as_of:
            left_out = PlanLine.objects.for_plans(self.plans).uncounted().order_by()
            found = [(pk, (status, status, False)) for pk, status in _few(left_out, "project", "project__status")]
        else:
            apart = self.projects.standing_apart(self.as_of).order_by()
            found = [
                (pk, (now, then, then not in Project.UNCOUNTED and self.as_of.has_recorded(created_at)))
                for pk, now, then, created_at in _few(apart, "pk", "status", "then", "created_at")
            ]
        return dict(found) if len(found) <= MAX_NAMED else None

    @property
    def statuses(self) -> dict[int, str] | None:
        """Of the projects that had another one than now; None where they are too many to name."""
        if self._standing is None:
            return None
        return {pk: then for pk, (now, then, _counts) in self._standing.items() if then != now}

    @property
    def uncounted(self) -> list[int] | None:
        """Projects that do not count; None where they are too many to name."""
        if self._standing is None:
            return None
        return [pk for pk, (_now, _then, counts) in self._standing.items() if not counts]

    @cached_property
    def findings(self) -> Mapping[int, Findings]:
        """What is said of each project that counts, by what was approved as of then and the norms of then."""
        counted, as_of = self.projects.counted(self.as_of), self.as_of
        return findings_of_projects(list(counted), user=None, on=as_of.effective_on, recorded_on=as_of.recorded_on)
