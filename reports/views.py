"""Reports: the years there are, one year rolled up on one screen, and its workbook."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from khuyencong.requests import SiteRequest
from projects.permissions import why_not_submit_report
from reports.annual import annual_workbook, letterhead_of_year
from reports.catalogue.definitions import BY_CODE
from reports.catalogue.groups import grouped_reports
from reports.catalogue.saved import saved_views
from reports.due import due_reports
from reports.forms import AnnualForm
from reports.index_forms import IndexForm, YearChoice
from reports.ledgers import NOTES, annual_ledger
from reports.selection import Selection, select_plans
from reports.workbook import XLSX
from reports.yearly import yearly_report
from reports.yearly_word import yearly_docx
from reports.years import report_years

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def index(request: SiteRequest) -> HttpResponse:
    """The door to all reports: of one year and organisation, which every link then carries."""
    form = IndexForm(request.GET, user=request.user, today=timezone.localdate())
    choice = form.choice()
    years = report_years(choice.plans)
    context = {
        "form": form,
        "choice": choice,
        "others": [(row, choice.query_of(row.year)) for row in years if row.year != choice.year],
        "saved": [(view, BY_CODE.get(view.report)) for view in saved_views(request.user)],
    }
    if choice.has_plan:
        this = next(row for row in years if row.year == choice.year)
        return render(request, "reports/index.html", context | _reports_of(request, choice) | {"year": this})
    status = 400 if form.errors else 404 if form.seen else 200
    return render(request, "reports/index.html", context, status=status)


def _reports_of(request: SiteRequest, choice: YearChoice) -> dict[str, object]:
    return {
        "due": due_reports(request.user, choice, timezone.localdate()),
        "why_not_submit": why_not_submit_report(request.user, choice.issuer),
        "groups": grouped_reports(),
    }


@require_safe
def annual(request: SiteRequest) -> HttpResponse:
    """One year by source, content, area and status; each total opens to its rows."""
    form = AnnualForm(request.GET)
    selection = _select(request, form)
    if isinstance(selection, HttpResponse):
        return selection
    return render(
        request,
        "reports/annual.html",
        {
            "form": form,
            "selection": selection,
            "as_of": form.asked,
            "ledger": annual_ledger(selection, form.asked),
            "notes": NOTES,
            "why_not_submit": why_not_submit_report(request.user, selection.issuer),
        },
    )


@require_safe
def annual_print(request: SiteRequest) -> HttpResponse:
    """The same rows as an official document on A4, in Vietnamese."""
    form = AnnualForm(request.GET)
    selection = _select(request, form)
    if isinstance(selection, HttpResponse):
        return selection
    with override("vi"):
        context = {
            "form": form,
            "selection": selection,
            "as_of": form.asked,
            "ledger": annual_ledger(selection, form.asked),
            "notes": NOTES,
            "head": letterhead_of_year(selection, as_of=form.asked, today=timezone.localdate()),
        }
        return render(request, "reports/annual_print.html", context)


@require_safe
def annual_xlsx(request: SiteRequest) -> HttpResponse:
    """The yearly workbook; ``stage=draft`` lists what is asked for, to be circulated before approval."""
    form = AnnualForm(request.GET)
    selection = _select(request, form)
    if isinstance(selection, HttpResponse):
        return selection
    content = annual_workbook(selection, as_of=form.asked, is_draft=form.is_draft, today=timezone.localdate())
    name = f"khuyen-cong-{selection.year}{'-du-thao' if form.is_draft else ''}{form.asked.file_suffix}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@require_safe
def annual_docx(request: SiteRequest) -> HttpResponse:
    """The yearly report to be signed: tables filled, room for the office's own words."""
    form = AnnualForm(request.GET)
    selection = _select(request, form)
    if isinstance(selection, HttpResponse):
        return selection
    with override("vi"):
        report = yearly_report(request.user, selection, as_of=form.asked, today=timezone.localdate())
        content = yearly_docx(report)
    name = f"bao-cao-khuyen-cong-{selection.year}{form.asked.file_suffix}.docx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=DOCX, headers=headers)


def _select(request: SiteRequest, form: AnnualForm) -> Selection | HttpResponse:
    """The plans asked for; or a page that says why there are none to report on.

    That page says no more than that there is no plan, whether there is none or the user may not see it.
    """
    if not form.is_valid():
        return render(request, "reports/wrong_request.html", {"form": form}, status=400)
    selection = select_plans(request.user, form.cleaned_data["year"], form.cleaned_data["organisation"])
    if not selection.plans:
        return render(request, "reports/no_plan.html", {"form": form, "selection": selection}, status=404)
    return selection
