"""Recording what a project had reached by a month, and putting a report right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.models import User
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.money import format_vnd
from projects.models import CellKey, ExecutedAmount, PlanLine, ProgressReport, Project, StatusChange
from projects.models.field_labels import PROGRESS_FIELD
from projects.papers.snapshots import Difference
from projects.refusals import Refused
from projects.rules.permissions import hindrance_to_reporting
from projects.rules.transitions import WORK_STEPS
from projects.rules.workflow import apply_transition, why_not
from projects.services.guards import hold_project, refuse_future, refuse_hindered, require_reason
from projects.services.history import record_field_changes
from projects.services.project_parts import bump_version
from projects.services.storing import clean_all, refuse_amounts, store_change, store_new


@transaction.atomic
def add_progress_report(
    *, project: Project, report: ProgressReport, amounts: Mapping[CellKey, int | None], actor: User, version: int
) -> ProgressReport:
    """Stores the report; amounts in đồng are cumulative, None is not recorded. The first report starts the work
    of a project under contract and of a task.

    Raises StaleVersion when somebody changed the project meanwhile, NotAllowed, FutureDate or Refused; then nothing
    is written.
    """
    current = _hold(project, report, amounts, actor)
    bump_version(current, version)
    report.project = current
    report.reported_by = actor
    store_new(report)
    _write_amounts(report, amounts)
    _start_work(current, report.month, actor)
    return report


def _hold(project: Project, report: ProgressReport, amounts: Mapping[CellKey, int | None], actor: User) -> Project:
    """The project as it stands now, held; raises what keeps the report from being stored."""
    current = hold_project(project, actor, "report")
    refuse_future(report.month, "month")
    refuse_hindered(hindrance_to_reporting(current))
    _refuse_month(current, report)
    entries = [ExecutedAmount(plan_line_id=key[0], component_id=key[1], source_id=key[2]) for key in amounts]
    own = set(PlanLine.objects.of_projects([project.pk]).values_list("pk", flat=True))
    if any(entry.plan_line_id not in own for entry in entries):
        raise Refused(_("Có số tiền không thuộc đề án này."), code="other_project")
    refuse_amounts(amounts.values())
    clean_all(entries)
    return current


def _refuse_month(project: Project, report: ProgressReport) -> None:
    """Each month is reported once, and none before the project's first plan."""
    others = ProgressReport.objects.of_projects([project.pk]).exclude(pk=report.pk)
    if others.filter(month=report.month).exists():
        raise Refused({"month": _("Tháng này đã có báo cáo tiến độ.")}, code="twice")
    first_year = min(plan.year for plan in project.plans)
    if report.month.year < first_year:
        text = _("Kế hoạch đầu tiên của đề án là năm %(year)s.") % {"year": first_year}
        raise Refused({"month": text}, code="before_plan")


def _write_amounts(report: ProgressReport, amounts: Mapping[CellKey, int | None]) -> None:
    ExecutedAmount.objects.bulk_create(
        ExecutedAmount(report=report, plan_line_id=line, component_id=component, source_id=source, amount_vnd=amount)
        for (line, component, source), amount in amounts.items()
        if amount is not None
    )


@transaction.atomic
def change_progress_report(
    *,
    project: Project,
    report: ProgressReport,
    amounts: Mapping[CellKey, int | None],
    reason: str,
    actor: User,
    version: int,
) -> ProgressReport:
    """Puts a stored report right; what stood before stays in the history of the project, with the reason.

    Raises StaleVersion when somebody changed the project meanwhile, NotAllowed, FutureDate or Refused, as without a
    reason; then nothing is written.
    """
    current = _hold(project, report, amounts, actor)
    require_reason(reason, _("Ghi lý do sửa báo cáo."))
    stored = ProgressReport.objects.filter(project=current, pk=report.pk).first()
    if stored is None:
        raise Refused(_("Báo cáo này không phải của đề án."), code="other_project")
    bump_version(current, version)
    before = _report_text(stored)
    store_change(report, "month", "percent", "is_on_schedule", "done", "difficulties", "next_steps")
    report.amounts.all().delete()
    _write_amounts(report, amounts)
    if before != (after := _report_text(report)):
        change = Difference(f"{PROGRESS_FIELD}{stored.month:%Y-%m}", before, after)
        record_field_changes(current, [change], actor=actor, reason=reason)
    return report


def _report_text(report: ProgressReport) -> str:
    """The report as lines for a reader of the history."""
    with override("vi"):
        lines = [
            f"{report.month:%m/%Y}",
            "đúng tiến độ" if report.is_on_schedule else "chậm tiến độ",
            "" if report.percent is None else f"{report.percent} %",
            *(f"{row.source}: {format_vnd(row.amount_vnd)} đồng" for row in report.amounts.select_related("source")),
            *(report.done, report.difficulties, report.next_steps),
        ]
    return mask_personal_numbers("\n".join(line for line in lines if line))


def _start_work(project: Project, month: dt.date, actor: User) -> None:
    """The first report of a project under contract, or of a task, says that work has begun."""
    for name in ("start", "start_task"):
        if not why_not(actor, project, name):
            last = StatusChange.objects.of_project(project).named(*WORK_STEPS).latest("pk")
            apply_transition(project, name, actor=actor, effective_on=max(month, last.effective_on))
            return
