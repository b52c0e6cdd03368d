"""Reporting the progress of a project."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khuyencong.drafts import keeps_draft
from khuyencong.forms import leave_unjudged
from khuyencong.money import MoneyUnit, format_vnd
from khuyencong.page_unit import page_unit
from khuyencong.requests import SiteRequest
from programmes.models import DeadlineRule
from projects.forms.conflicts import Stood, stood_otherwise
from projects.forms.fields import show_refusal
from projects.forms.progress import AMOUNT_NAMES, ProgressForm, progress_form
from projects.models import ProgressReport, Project
from projects.refusals import NotAllowed, Refused
from projects.rules.deadlines import monthly_note
from projects.rules.permissions import why_not_report
from projects.services.progress import add_progress_report, change_progress_report


@keeps_draft
@require_http_methods(["GET", "POST"])
def progress_create(request: SiteRequest, pk: int) -> HttpResponse:
    """Adds a month's report; the first one starts the work."""
    project = get_object_or_404(Project.objects.visible_to(request.user).for_detail(), pk=pk)
    if refusal := why_not_report(request.user, project):
        raise NotAllowed(refusal)
    money = page_unit(request, AMOUNT_NAMES)
    form = progress_form(project, money.data, unit=money.unit)
    if request.desk.restored or money.is_switch:
        leave_unjudged(form)
    elif request.method == "POST" and form.is_valid() and _save(request, project, form):
        return redirect(project)
    previous = ProgressReport.objects.of_project(project).first()
    return render(
        request,
        "projects/progress_form.html",
        {"form": form, "money": money, "project": project, "previous": previous, "deadline": _deadline(project)},
        status=422 if form.errors else 200,
    )


def _deadline(project: Project) -> str:
    return monthly_note(project, list(DeadlineRule.objects.for_judging()), timezone.localdate())


@keeps_draft
@require_http_methods(["GET", "POST"])
def progress_edit(request: SiteRequest, pk: int, report_pk: int) -> HttpResponse:
    """Puts a report right that was typed wrongly; the history keeps what stood before."""
    project = get_object_or_404(Project.objects.visible_to(request.user).for_detail(), pk=pk)
    if refusal := why_not_report(request.user, project):
        raise NotAllowed(refusal)
    stored = get_object_or_404(ProgressReport.objects.of_project(project), pk=report_pk)
    money = page_unit(request, AMOUNT_NAMES)
    form = progress_form(project, money.data, unit=money.unit, stored=stored)
    if request.desk.restored or money.is_switch:
        leave_unjudged(form)
    elif request.method == "POST" and form.is_valid() and _save(request, project, form):
        return redirect(project)
    stood = _what_stands(project, form, money.unit)
    return render(
        request,
        "projects/progress_form.html",
        {"form": form, "money": money, "project": project, "previous": None, "stored": stored, "stood": stood},
        status=422 if form.errors else 200,
    )


def _what_stands(project: Project, form: ProgressForm, unit: MoneyUnit) -> list[Stood]:
    """What somebody else stored of the report meanwhile: sent once more, the form writes over it."""
    if not form.has_error("__all__", "stale"):
        return []
    assert form.stored is not None
    report = ProgressReport.objects.of_project(project).get(pk=form.stored.pk)
    names = [name for name in form.fields if name not in ("version", "reason")]
    return stood_otherwise(form, progress_form(project, unit=unit, stored=report), names)


def _save(request: SiteRequest, project: Project, form: ProgressForm) -> bool:
    """Stores the report and says what is unwise in it; the refusal stands on the form otherwise."""
    save = change_progress_report if form.stored else add_progress_report
    try:
        report = save(
            project=project,
            report=form.report(),
            amounts=form.amounts(),
            actor=request.user,
            version=form.cleaned_data["version"],
            **form.reason,
        )
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    messages.success(request, _("Đã lưu báo cáo tiến độ tháng %(month)s.") % {"month": report})
    for excess in form.excesses():
        row = f"{excess.row.source} {excess.row.line.round.plan.year} · {excess.row.component}"
        text = _("%(row)s: số đã thực hiện vượt số được duyệt %(excess)s đồng. Hãy kiểm tra lại.")
        messages.warning(request, text % {"row": row, "excess": format_vnd(excess.amount_vnd)})
    return True
