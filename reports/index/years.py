"""The years of which there is something to report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from programmes.models import AnnualPlan
from projects.ledger.optional_amounts import add
from projects.pages.overview import PlanSummary, plan_summaries


@dataclass(frozen=True)
class ReportYear:
    """All plans of one year together, in đồng. A project belongs to one plan of a year, so counts add up."""

    year: int
    summaries: list[PlanSummary]

    @property
    def project_count(self) -> int:
        return sum(summary.schedule.project_count for summary in self.summaries)

    @property
    def on_schedule_count(self) -> int:
        return sum(summary.schedule.on_schedule_count for summary in self.summaries)

    @property
    def assigned_vnd(self) -> int | None:
        return add(*(summary.assigned_vnd for summary in self.summaries))

    @property
    def approved_vnd(self) -> int | None:
        return add(*(summary.approved_vnd for summary in self.summaries))


def report_years(plans: Iterable[AnnualPlan]) -> list[ReportYear]:
    """Newest first, in a fixed number of queries."""
    by_year = groupby(plan_summaries(plans), key=lambda summary: summary.plan.year)
    return [ReportYear(year, list(rows)) for year, rows in by_year]
