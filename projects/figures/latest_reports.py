"""What the latest progress report of each project says, in the words of whoever made it."""

from __future__ import annotations

from collections.abc import Iterable

from khuyencong.asof import NOW, AsOf
from programmes.models import AnnualPlan
from projects.models import ProgressReport, Project


def latest_reports(plans: Iterable[AnnualPlan], as_of: AsOf = NOW) -> dict[int, ProgressReport]:
    """By project, of those that count in the plans, in the order of their codes."""
    projects = Project.objects.in_plans(plans).counted(as_of)
    rows = ProgressReport.objects.latest_of_each(as_of).of_projects(projects.values("pk"))
    return {report.project_id: report for report in rows.order_by("project__code", "project")}
