"""What figures are asked of: which plans, as of when, narrowed to what."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from khuyencong.asof import NOW, AsOf
from programmes.models import AdminUnit, AllocationEntry, AnnualPlan
from projects.figures.areas import Units, units_on, units_then
from projects.figures.dimensions import GROUP, NONE
from projects.figures.measures import rows_of
from projects.figures.past_texts import FormerText, former_areas, former_helped, former_texts, former_units
from projects.models import Beneficiary, PlanLine, Project
from projects.models.joined_texts import key_of
from projects.rules.warnings import Findings, findings_of_projects

MAX_NAMED = 500


def _few(rows: Any, *columns: str) -> Any:
    """One more at most than can be named."""
    return rows.values_list(*columns)[: MAX_NAMED + 1]


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

    @cached_property
    def former(self) -> dict[int, FormerText]:
        """Projects that stood elsewhere, or were called otherwise, on the day."""
        return former_texts(Project.objects.in_plans(self.plans), self.as_of)

    @cached_property
    def _standing(self) -> dict[int, tuple[Any, ...]] | None:
        """Of the projects that do not count, or stood otherwise on the day: the status now and then, and whether they
        count. They are nearly always few, and then quicker named than asked of each row; None where they are many."""
        if not self.as_of:
            left_out = PlanLine.objects.for_plans(self.plans).uncounted().order_by()
            found = [(pk, status, status, False) for pk, status in _few(left_out, "project", "project__status")]
        else:
            apart = Project.objects.in_plans(self.plans).standing_apart(self.as_of).order_by()
            found = [
                (pk, now, then, then not in Project.UNCOUNTED and self.as_of.has_recorded(created_at))
                for pk, now, then, created_at in _few(apart, "pk", "status", "then", "created_at")
            ]
        return {pk: tuple(said) for pk, *said in found} if len(found) <= MAX_NAMED else None

    @property
    def former_statuses(self) -> dict[int, str] | None:
        """Statuses of the projects that had another one on the day; None where they are too many to name."""
        if self._standing is None:
            return None
        return {pk: then for pk, (now, then, _counts) in self._standing.items() if then != now}

    @cached_property
    def findings(self) -> Mapping[int, Findings]:
        """What is said of each project that counts, by what was approved as of then and the norms of then."""
        projects = Project.objects.in_plans(self.plans).counted(self.as_of)
        as_of = self.as_of
        return findings_of_projects(list(projects), user=None, on=as_of.effective_on, recorded_on=as_of.recorded_on)

    def about(self, projects: frozenset[int]) -> Question:
        """The same of these projects alone; what has been found is not found again."""
        narrowed = replace(self, only=projects)
        if "findings" in self.__dict__:
            narrowed.__dict__["findings"] = self.findings
        return narrowed

    @cached_property
    def former_areas(self) -> dict[int, str]:
        return former_areas(self.former)

    @cached_property
    def _then_helped(self) -> dict[int, list[Beneficiary | None]]:
        return former_helped(self.former)

    @cached_property
    def former_helped(self) -> dict[int, str]:
        """Who was helped in the projects that stood otherwise, as the dimension of beneficiaries says it."""
        found = self._then_helped.items()
        return {pk: key_of(str(one.pk) if one else NONE for one in helped) or NONE for pk, helped in found}

    @cached_property
    def former_types(self) -> dict[int, str]:
        found = self._then_helped.items()
        return {pk: key_of(one.type if one else GROUP for one in helped) or NONE for pk, helped in found}

    @cached_property
    def units(self) -> Units:
        """Every unit that one of the projects names."""
        named = AdminUnit.objects.named_by(Project.objects.in_plans(self.plans))
        units = [*former_units(self.former.values()), *named]
        return units_on(units, self.units_day) if self.units_day else units_then(units)

    def units_of(self, codes: set[str]) -> Units:
        """Those of the codes alone; where a code has had several bearers it is asked whom the projects name."""
        if self.units_day:
            return self.units
        found = list(AdminUnit.objects.with_codes(codes))
        bearers = Counter(unit.code for unit in found)
        unclear = {code for code in codes if bearers[code] != 1}
        if not unclear:
            return units_then(found)
        named = AdminUnit.objects.with_codes(unclear).named_by(Project.objects.in_plans(self.plans))
        clear = [unit for unit in found if unit.code not in unclear]
        return units_then([*former_units(self.former.values()), *clear, *named])

    @property
    def uncounted(self) -> list[int] | None:
        """Projects that do not count as of then; None where they are too many to name."""
        if self._standing is None:
            return None
        return [pk for pk, (_now, _then, counts) in self._standing.items() if not counts]

    def of_counted(self, rows: Any, project: str) -> Any:
        """Those rows that belong to projects which count, by the path to the project."""
        if self.uncounted is None:
            return rows.counted(self.as_of)
        return rows.exclude(**{f"{project}__in": self.uncounted}) if self.uncounted else rows

    def money(self, table: Callable[[AsOf], Any]) -> Any:
        """The rows of a table of money, of all that is asked."""
        rows = self.of_counted(self.of_any_line(table).for_plans(self.plans), "plan_line__project")
        return rows if self.only is None else rows.of_projects(self.only)

    def of_any_line(self, table: Callable[[AsOf], Any]) -> Any:
        """The same of whatever plan and project: for whoever joins :attr:`lines`."""
        rows = rows_of(table, self.as_of, self.since)
        if self.source:
            rows = rows.from_source(self.source)
        if self.activity:
            rows = rows.of_activity(self.activity)
        return rows.order_by()

    def allocations(self) -> Any:
        """What was assigned to the plans. An envelope is of a source: no content and no project has a part in it."""
        rows = AllocationEntry.objects.for_plans(self.plans).effective_by(self.as_of).since(self.since)
        if self.activity or self.only is not None:
            return rows.none()
        return (rows.from_source(self.source) if self.source else rows).order_by()

    @cached_property
    def lines(self) -> Any:
        """Lines of the counted projects, of all that is asked but for the source."""
        lines = self.of_counted(PlanLine.objects.for_plans(self.plans), "project").order_by()
        if self.activity:
            lines = lines.of_activity(self.activity)
        return lines if self.only is None else lines.of_projects(self.only)
