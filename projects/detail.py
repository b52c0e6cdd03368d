"""What the page of one project shows beside its fields: money by line and source, and its history."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from programmes.models import FundingSource
from projects.figures import Money, total
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


def project_money(project: Project) -> ProjectMoney:
    """The project's money over all its years, in a fixed number of queries (components and lines prefetched)."""
    costs = CostLine.objects.of_project(project).order_by()
    requested = {
        row[:3]: row[3] for row in costs.values_list("plan_line", "component", "source").annotate(Sum("amount_vnd"))
    }
    executed = {
        (row.plan_line_id, row.component_id, row.source_id): row.amount_vnd
        for row in ExecutedAmount.objects.of_project(project).latest(None)
    }
    approvals = list(ApprovalEntry.objects.of_project(project).select_related("decision", "recorded_by"))
    sources = {source.pk: source for source in FundingSource.objects.all()}
    keys = requested.keys() | executed.keys() | {_key(entry) for entry in approvals}
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
                entries = [entry for entry in approvals if _key(entry) == key]
                approved = sum(entry.amount_vnd for entry in entries) if entries else None
                money = Money.of_cell(requested.get(key), approved, executed.get(key))
                rows.append(MoneyRow(line, component, source, money, entries))
    return ProjectMoney(rows, side_rows)


def _key(entry: ApprovalEntry) -> tuple[int, int, int]:
    return (entry.plan_line_id, entry.component_id, entry.source_id)


def project_steps(project: Project) -> list[StatusChange]:
    """The steps of its life, newest first."""
    return list(StatusChange.objects.of_project(project).newest_first())
