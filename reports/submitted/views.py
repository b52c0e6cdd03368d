"""Submitted reports: freezing one, the list, one with what changed since, and its file as it was."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from projects.refusals import NotAllowed
from projects.rules.permissions import why_not_submit_report
from reports.asking.frame import download
from reports.models import SubmittedReport
from reports.printing.workbook import XLSX
from reports.submitted.comparison import compare_with_today, sheet_totals, stored_book
from reports.submitted.forms import SubmissionForm, SubmittedFilter
from reports.submitted.kinds import KINDS, Draft, NothingToSubmit, build_draft, file_name_of, other_forms
from reports.submitted.submission import SubmissionRefused, submit_report

PAGE_SIZE = 50


@require_safe
def submitted_list(request: SiteRequest) -> HttpResponse:
    filters = SubmittedFilter(request.GET, user=request.user)
    rows = filters.rows()
    context = {
        "filters": filters,
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "is_filtered": any(request.GET.get(name) for name in filters.fields),
    }
    return render(request, "reports/submitted_list.html", context, status=200 if filters.is_valid() else 422)


@keeps_draft
@require_http_methods(["GET", "HEAD", "POST"])
def submitted_create(request: SiteRequest) -> HttpResponse:
    """Shows what would be frozen, then freezes it. The question stands in the address."""
    try:
        draft = build_draft(request.GET.get("kind", ""), request.user, request.GET.dict(), timezone.localdate())
    except NothingToSubmit as reason:
        return render(request, "reports/nothing_to_submit.html", {"reason": reason}, status=404)
    if refusal := why_not_submit_report(request.user, draft.organisation):
        raise NotAllowed(refusal)
    form = request.desk.shown(SubmissionForm(request.desk.typed, initial={"submitted_on": timezone.localdate()}))
    existing = None
    if request.method == "POST" and form.is_valid():
        report, existing = _submit(request, form, draft)
        if report:
            messages.success(request, _("Đã chốt “%(title)s”.") % {"title": report.title})
            return redirect(report)
    context = {"form": form, "draft": draft, "sheets": sheet_totals(draft.book), "existing": existing}
    context["others"] = other_forms(draft)
    return render(request, "reports/submitted_form.html", context, status=422 if form.errors else 200)


def _submit(
    request: SiteRequest, form: SubmissionForm, draft: Draft
) -> tuple[SubmittedReport | None, SubmittedReport | None]:
    """The new report, or the one that says the same already; a refusal stands on the form."""
    seen = request.POST.get("seen", "")
    try:
        return submit_report(
            kind=draft.kind, query=draft.query, seen=seen, actor=request.user, **form.cleaned_data
        ), None
    except SubmissionRefused as refusal:
        form.add_error(None, refusal)
        return None, refusal.existing


@require_safe
def submitted_detail(request: SiteRequest, pk: int) -> HttpResponse:
    """What was submitted, and what the same question would be answered today."""
    report = get_object_or_404(SubmittedReport.objects.visible_to(request.user).for_page(), pk=pk)
    book = stored_book(report)
    context = {
        "report": report,
        "kind": KINDS.get(report.kind),
        "book": book,
        "sheets": sheet_totals(book) if book else [],
        "comparison": compare_with_today(report, book, request.user, timezone.localdate()) if book else None,
    }
    return render(request, "reports/submitted_detail.html", context)


@require_safe
def submitted_xlsx(request: SiteRequest, pk: int) -> HttpResponse:
    """The very file that was submitted; none when what was stored is no longer what was stored."""
    report = get_object_or_404(SubmittedReport.objects.visible_to(request.user).for_page(), pk=pk)
    if not report.is_intact:
        return render(request, "reports/submitted_detail.html", {"report": report, "book": None}, status=409)
    return download(bytes(report.file), file_name_of(report), XLSX)
