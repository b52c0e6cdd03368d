"""What a question asks of the database: lines, money and administrative units, with what projects said then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

from khuyencong.asof import AsOf
from programmes.models import AdminUnit, AllocationEntry
from projects.figures.areas import Units, units_on, units_then
from projects.figures.measures import rows_of
from projects.figures.past_texts import former_units
from projects.figures.projects_then import ProjectsThen
from projects.figures.question import Question
from projects.models import PlanLine


class Reader:
    """Answers one question. Rows come unordered, for the caller to group or to read."""

    def __init__(self, question: Question, then: ProjectsThen | None = None) -> None:
        """``then`` are the projects of the same plans as of the same day, where something is known of them already."""
        self.question = question
        self.then = then or ProjectsThen(question.plans, question.as_of)

    def about(self, projects: frozenset[int]) -> Reader:
        """Of the same question about these projects alone; what one finds of the projects then, both know."""
        return Reader(replace(self.question, only=projects), self.then)

    @cached_property
    def lines(self) -> Any:
        """Lines of the counted projects, of all that is asked but for the source."""
        lines = self._counted(PlanLine.objects.for_plans(self.question.plans), "project").order_by()
        return self._about_those(lines.of_activity(self.question.activity) if self.question.activity else lines)

    def money(self, table: Callable[[AsOf], Any]) -> Any:
        """The rows of a table of money, of all that is asked."""
        rows = self.money_of_any_line(table).for_plans(self.question.plans)
        return self._about_those(self._counted(rows, "plan_line__project"))

    def money_of_any_line(self, table: Callable[[AsOf], Any]) -> Any:
        """The same of whatever plan and project: for whoever joins :attr:`lines`."""
        rows = rows_of(table, self.question.as_of, self.question.since)
        if self.question.source:
            rows = rows.from_source(self.question.source)
        if self.question.activity:
            rows = rows.of_activity(self.question.activity)
        return rows.order_by()

    def allocations(self) -> Any:
        """What was assigned to the plans. An envelope is of a source: no content and no project has a part in it."""
        asked = self.question
        rows = AllocationEntry.objects.for_plans(asked.plans).effective_by(asked.as_of).since(asked.since)
        if asked.activity or asked.only is not None:
            return rows.none()
        return (rows.from_source(asked.source) if asked.source else rows).order_by()

    def assigned(self) -> dict[Any, int]:
        """Đồng assigned to the plans, by source."""
        return self.allocations().amounts_by("source")

    def _counted(self, rows: Any, project: str) -> Any:
        """Those rows that belong to projects which count, by the path to the project."""
        uncounted = self.then.uncounted
        if uncounted is None:
            return rows.counted(self.question.as_of)
        return rows.exclude(**{f"{project}__in": uncounted}) if uncounted else rows

    def _about_those(self, rows: Any) -> Any:
        only = self.question.only
        return rows if only is None else rows.of_projects(only)

    @cached_property
    def units(self) -> Units:
        """Every unit that one of the projects names, in the units of the day that is asked."""
        named = AdminUnit.objects.named_by(self.then.projects)
        units = [*former_units(self.then.texts.values()), *named]
        return units_on(units, self.question.units_day) if self.question.units_day else units_then(units)

    def units_of(self, codes: set[str]) -> Units:
        """Those of the codes alone; where a code has had several bearers it is asked whom the projects name."""
        if self.question.units_day:
            return self.units
        found = list(AdminUnit.objects.with_codes(codes))
        bearers = Counter(unit.code for unit in found)
        unclear = {code for code in codes if bearers[code] != 1}
        if not unclear:
            return units_then(found)
        named = AdminUnit.objects.with_codes(unclear).named_by(self.then.projects)
        clear = [unit for unit in found if unit.code not in unclear]
        return units_then([*former_units(self.then.texts.values()), *clear, *named])
