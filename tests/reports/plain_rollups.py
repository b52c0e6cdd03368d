"""Roll-ups once more, row by row in plain Python. Oracle: of the product it knows the tables alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

from projects.models import ApprovalEntry, CostLine, ExecutedAmount, Project, ProjectComponent, StatusChange
from tests.reports.plain_question import Days, rows_of, together

CELL = {"line": "plan_line", "component": "component", "source": "source"}
ROW = {
    **CELL,
    "project": "plan_line__project",
    "activity": "component__activity_type",
    "level": "source__level",
    "amount": "amount_vnd",
}
Columns = tuple[int | None, ...]  # requested, approved, executed, and approved where anything is reported


class PlainRollUps:
    """All rows there are, as of the end of a day."""

    def __init__(self, day: dt.date | None) -> None:
        self.days = Days(None, day, None)
        dated = {**ROW, "on": "effective_on", "at": "recorded_at"}
        approved = [row for row in rows_of(ApprovalEntry, **dated) if self.days.count(row.on, row.at)]
        executed = self._last_reported()
        reported = {(row.line, row.component, row.source) for row in executed}
        covered = [row for row in approved if (row.line, row.component, row.source) in reported]
        self.columns = [
            [row for row in rows if row.level in ("national", "city")]
            for rows in (rows_of(CostLine, **ROW), approved, executed, covered)
        ]
        steps = {"project": "project", "target": "target_status", "on": "effective_on", "at": "recorded_at"}
        self.changes = rows_of(StatusChange, **steps)
        self.projects = rows_of(Project, pk="pk", status="status", scope="area_scope")
        self.contents = rows_of(ProjectComponent, project="project", activity="activity_type")
        self.places = rows_of(Project.places.through, project="project", code="adminunit__code")

    def _last_reported(self) -> list[Any]:
        """Of each line × content × source the amount of the newest month that had ended by that day."""
        newest: dict[tuple[int, int, int], SimpleNamespace] = {}
        rows = rows_of(ExecutedAmount, month="report__month", at="report__reported_at", **ROW)
        for row in sorted(rows, key=lambda row: row.month):
            if self.days.told(row.month, row.at):
                newest[row.line, row.component, row.source] = row
        return list(newest.values())

    def group_of(self, by: str, project: int) -> str:
        return self._status(project) if by == "status" else self._area(project)

    def _area(self, project: int) -> str:
        [scope] = [one.scope for one in self.projects if one.pk == project]
        codes = sorted(one.code for one in self.places if one.project == project)
        return scope if scope != "units" else "+".join(codes) or "not_fixed"

    def _status(self, project: int) -> str:
        """Where its last step leads that counts as of then."""
        if not self.days.are_asked:
            return next(one.status for one in self.projects if one.pk == project)
        steps = [one for one in self.changes if one.project == project and self.days.happened(one.on, one.at)]
        return steps[-1].target if steps else "draft"

    def money(self, by: str) -> dict[Any, Columns]:
        """By source, activity, area or status; what has no amount is not there."""
        found: dict[Any, list[list[int]]] = defaultdict(lambda: [[], [], [], []])
        for place, rows in enumerate(self.columns):
            for row in rows:
                key = getattr(row, by) if by in ("source", "activity") else self.group_of(by, row.project)
                found[key][place].append(row.amount)
        columns = {key: tuple(map(together, amounts)) for key, amounts in found.items()}
        return {key: amounts for key, amounts in columns.items() if any(one is not None for one in amounts)}

    def total(self) -> Columns:
        return tuple(together(row.amount for row in rows) for rows in self.columns)

    def members(self, by: str) -> dict[Any, set[int]]:
        """The projects of each group: of a source those that asked for or got its money."""
        found: dict[Any, set[int]] = defaultdict(set)
        if by == "source":
            for row in (*self.columns[0], *self.columns[1]):
                found[row.source].add(row.project)
        elif by == "activity":
            for one in self.contents:
                found[one.activity].add(one.project)
        else:
            for one in self.projects:
                found[self.group_of(by, one.pk)].add(one.pk)
        return dict(found)
