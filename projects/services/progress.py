"""Recording what a project had reached by a month."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from projects.balances import CellKey
from projects.models import ExecutedAmount, ProgressReport, Project
from projects.services.projects import bump_version
from projects.workflow import PROJECT_TRANSITIONS, apply_transition


@transaction.atomic
def add_progress_report(
    *, project: Project, report: ProgressReport, amounts: Mapping[CellKey, int | None], actor: User, version: int
) -> ProgressReport:
    """Stores the report; amounts in đồng are cumulative, None is not recorded. The first report starts the work.

    Raises StaleVersion when somebody changed the project meanwhile.
    """
    bump_version(project, version)
    report.project = project
    report.reported_by = actor
    report.save()
    ExecutedAmount.objects.bulk_create(
        ExecutedAmount(report=report, plan_line_id=line, component_id=component, source_id=source, amount_vnd=amount)
        for (line, component, source), amount in amounts.items()
        if amount is not None
    )
    if project.status in PROJECT_TRANSITIONS["start"].sources:
        apply_transition(project, "start", actor=actor, effective_on=min(report.month, timezone.localdate()))
    return report
