"""Reporting the progress of a project."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khuyencong.money import format_vnd
from khuyencong.requests import SiteRequest
from projects.forms.progress import ProgressForm, progress_form
from projects.models import ProgressReport, Project
from projects.permissions import can_report_progress
from projects.services.progress import add_progress_report
from projects.services.projects import StaleVersion


@require_http_methods(["GET", "POST"])
def progress_create(request: SiteRequest, pk: int) -> HttpResponse:
    """Adds a month's report; the first one starts the work."""
    project = get_object_or_404(Project.objects.visible_to(request.user).for_detail(), pk=pk)
    if not can_report_progress(request.user, project):
        raise PermissionDenied(_("Chỉ cán bộ, lãnh đạo Trung tâm báo cáo tiến độ, khi đề án đã được duyệt."))
    form = progress_form(project, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _save(request, project, form):
        return redirect(project)
    return render(
        request,
        "projects/progress_form.html",
        {"form": form, "project": project, "previous": ProgressReport.objects.of_project(project).first()},
        status=422 if form.errors else 200,
    )


def _save(request: SiteRequest, project: Project, form: ProgressForm) -> bool:
    """Stores the report and says what is unwise in it; False when the project moved on meanwhile."""
    try:
        report = add_progress_report(
            project=project,
            report=form.report(),
            amounts=form.amounts(),
            actor=request.user,
            version=form.cleaned_data["version"],
        )
    except StaleVersion as stale:
        form.refuse_stale(stale.current.version)
        return False
    messages.success(request, _("Đã lưu báo cáo tiến độ tháng %(month)s.") % {"month": report})
    for excess in form.excesses():
        row = f"{excess.row.source} {excess.row.line.round.plan.year} · {excess.row.component}"
        text = _("%(row)s: số đã thực hiện vượt số được duyệt %(excess)s đồng. Hãy kiểm tra lại.")
        messages.warning(request, text % {"row": row, "excess": format_vnd(excess.amount_vnd)})
    return True
