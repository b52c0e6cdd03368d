"""Pages of the catalogue: the list of reports, one report on screen, in print and as a workbook, one cell of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from khuyencong.requests import SiteRequest
from projects.rules.permissions import why_not_submit_report
from reports.asking.frame import download
from reports.catalogue.asked import AskForm
from reports.catalogue.definitions import Report, get_report_or_404
from reports.catalogue.explained import explain
from reports.catalogue.page import page_of
from reports.catalogue.sheets import columns_of, letterhead_of, notes_of, subtitles_of, title_of, workbook_of
from reports.catalogue.table import ReportTable, work_out
from reports.printing.book import column_labels
from reports.printing.workbook import XLSX


def answers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view that gets the report and the form by which it was asked, which has an answer for this user.

    A question that can't be read, or of which there is no plan to speak, gets the page that says so.
    """

    @require_safe
    @wraps(view)
    def answer(request: SiteRequest, code: str) -> HttpResponse:
        report = get_report_or_404(code)
        form = AskForm(request.GET, user=request.user, today=timezone.localdate(), report=report)
        context = {"report": report, "form": form, "is_refused": True}
        if not form.is_valid():
            return render(request, "reports/catalogue/refused.html", context, status=400)
        asked = form.asked_for()
        if not asked.plans:
            return render(request, "reports/catalogue/refused.html", {**context, "asked": asked}, status=404)
        return view(request, report, form)

    return answer


def _shown(table: ReportTable) -> dict[str, object]:
    """What screen and print render."""
    return {
        "report": table.report,
        "asked": table.asked,
        "as_of": table.asked.as_of,
        "table": table,
        "page": page_of(table, column_labels(columns_of(table))),
        "title": title_of(table),
        "subtitles": subtitles_of(table),
        "notes": notes_of(table),
    }


@answers
def report_detail(request: SiteRequest, report: Report, form: AskForm) -> HttpResponse:
    """One report; everything that it is asked by stands in the address."""
    table = work_out(report, form.asked_for())
    context = {
        "form": form,
        "why_not_submit": why_not_submit_report(request.user, table.asked.issuer),
    }
    return render(request, "reports/catalogue/report.html", {**context, **_shown(table)})


@answers
def report_print(request: SiteRequest, report: Report, form: AskForm) -> HttpResponse:
    """The same rows as an official document on A4, in Vietnamese."""
    with translation.override("vi"):
        table = work_out(report, form.asked_for())
        on_paper = {
            "head": letterhead_of(table, today=timezone.localdate()),
            "notes": notes_of(table, is_on_paper=True),
        }
        context = _shown(table) | on_paper
        return render(request, "reports/catalogue/print.html", context)


@answers
def report_xlsx(request: SiteRequest, report: Report, form: AskForm) -> HttpResponse:
    with translation.override("vi"):
        table = work_out(report, form.asked_for())
        content = workbook_of(table, today=timezone.localdate())
    days = f"{table.asked.period.file_suffix}{table.asked.days.file_suffix}"
    return download(content, f"{report.file_stem}-{days}.xlsx", XLSX)


@answers
def report_cell(request: SiteRequest, report: Report, form: AskForm) -> HttpResponse:
    """One figure: the rule in words, the rows that make it, and their documents."""
    table = work_out(report, form.asked_for())
    tokens = [request.GET[name] for name in ("section", "row") if name in request.GET]
    row, figure = table.find(tokens), report.figure(request.GET.get("figure", ""))
    if row is None or figure is None or figure.key not in row.values:
        raise Http404
    context = {"table": table, "title": title_of(table), "asked": table.asked, "report": report}
    return render(request, "reports/catalogue/cell.html", {**context, "cell": explain(table, row, figure)})
