"""What the page of one project shows beside its fields: money by line and source, and its history."""

from __future__ import annotations

from dataclasses import dataclass

from khuyencong.asof import NOW, AsOf
from programmes.models import FundingSource
from projects.figures.totals import Money, total
from projects.models import ApprovalEntry, CostLine, ExecutedAmount, PlanLine, Project, ProjectComponent, StatusChange


@dataclass(frozen=True)
class MoneyRow:
    """One line × content × source of a project with the letters that approved it."""

    line: PlanLine
    component: ProjectComponent
    source: FundingSource
    money: Money
    approvals: list[ApprovalEntry]


@dataclass(frozen=True)
class ProjectMoney:
    """State money row by row with its total, and what others put in."""

    rows: list[MoneyRow]
    side_rows: list[tuple[FundingSource, int]]

    @property
    def total(self) -> Money:
        return total(row.money for row in self.rows)


def project_money(project: Project, as_of: AsOf = NOW) -> ProjectMoney:
    """The project's money over all its years as of then, in a fixed number of queries (with contents and lines)."""
    requested = CostLine.objects.of_project(project).by_cell()
    executed = ExecutedAmount.objects.of_project(project).latest_of_each(as_of).by_cell()
    found = ApprovalEntry.objects.of_project(project).effective_by(as_of)
    approvals = list(found.select_related("decision", "recorded_by"))
    sources = {source.pk: source for source in FundingSource.objects.all()}
    keys = requested.keys() | executed.keys() | {entry.key for entry in approvals}
    rows, side_rows = [], []
    for line in project.lines.all():
        for component in project.components.all():
            for source in sources.values():
                key = (line.pk, component.pk, source.pk)
                if key not in keys:
                    continue
                if not source.is_state:
                    side_rows.append((source, requested[key]))
                    continue
                entries = [entry for entry in approvals if entry.key == key]
                approved = sum(entry.amount_vnd for entry in entries) if entries else None
                money = Money.of_cell(requested.get(key), approved, executed.get(key))
                rows.append(MoneyRow(line, component, source, money, entries))
    return ProjectMoney(rows, side_rows)


def project_steps(project: Project, as_of: AsOf = NOW) -> list[StatusChange]:
    """The steps of its life as of then, newest first."""
    return list(StatusChange.objects.of_project(project).effective_by(as_of).newest_first())
