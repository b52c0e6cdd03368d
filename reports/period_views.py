"""Reports of a quarter or half year on a page and as a workbook, and form 2 for the Ministry."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from khuyencong.requests import SiteRequest
from projects.permissions import why_not_submit_report
from reports.form_2 import form_2_workbook
from reports.forms import AnnualForm
from reports.paper import paper_table
from reports.period_book import period_book, period_workbook
from reports.period_forms import PeriodForm
from reports.periods import Period
from reports.screen import Address, screen_table
from reports.selection import Selection, select_plans
from reports.workbook import XLSX


@require_safe
def period(request: SiteRequest) -> HttpResponse:
    """The sheets of the period's workbook on one page."""
    form = PeriodForm(request.GET)
    selection = _select_period(request, form)
    if isinstance(selection, HttpResponse):
        return selection
    assert form.asked_period is not None
    today = timezone.localdate()
    book = period_book(selection, form.asked_period, as_of=form.asked, today=today)
    address = _address(selection, form.asked_period, form, today)
    return render(
        request,
        "reports/period.html",
        {
            "form": form,
            "selection": selection,
            "period": form.asked_period,
            "as_of": form.asked,
            "why_not_submit": why_not_submit_report(request.user, selection.issuer),
            "tables": [screen_table(sheet, address) for sheet in book.sheets],
        },
    )


@require_safe
def period_print(request: SiteRequest) -> HttpResponse:
    """The same sheets as one official document on A4, in Vietnamese."""
    form = PeriodForm(request.GET)
    selection = _select_period(request, form)
    if isinstance(selection, HttpResponse):
        return selection
    assert form.asked_period is not None
    with override("vi"):
        book = period_book(selection, form.asked_period, as_of=form.asked, today=timezone.localdate())
        tables = [paper_table(sheet) for sheet in book.sheets]
        context = {"form": form, "period": form.asked_period, "head": book.letterhead, "tables": tables}
        return render(request, "reports/period_print.html", context)


@require_safe
def period_xlsx(request: SiteRequest) -> HttpResponse:
    """The workbook of a quarter, half year, month or any dates within one year."""
    form = PeriodForm(request.GET)
    selection = _select_period(request, form)
    if isinstance(selection, HttpResponse):
        return selection
    assert form.asked_period is not None
    content = period_workbook(selection, form.asked_period, as_of=form.asked, today=timezone.localdate())
    return _file(content, f"khuyen-cong-{form.asked_period.file_suffix}{form.asked.file_suffix}")


@require_safe
def form_2_xlsx(request: SiteRequest) -> HttpResponse:
    """Form 2: what is registered for national money of the year."""
    form = AnnualForm(request.GET)
    if not form.is_valid():
        return render(request, "reports/wrong_request.html", {"form": form}, status=400)
    selection = _select(request, form.cleaned_data["year"], form)
    if not selection.plans:
        return _render_without_plan(request, form, selection)
    content = form_2_workbook(selection, as_of=form.asked, today=timezone.localdate())
    return _file(content, f"mau-so-2-khuyen-cong-quoc-gia-{selection.year}{form.asked.file_suffix}")


def _select_period(request: SiteRequest, form: PeriodForm) -> Selection | HttpResponse:
    """The plans of the period asked for; or a page that says why there is nothing to report on."""
    if not form.is_valid() or form.asked_period is None:
        return _render_wrong_period(request, form)
    selection = _select(request, form.asked_period.year, form)
    return selection if selection.plans else _render_without_plan(request, form, selection)


def _select(request: SiteRequest, year: int, form: AnnualForm | PeriodForm) -> Selection:
    return select_plans(request.user, year, form.cleaned_data["organisation"])


def _address(selection: Selection, period: Period, form: PeriodForm, today: dt.date) -> Address:
    """A project opens its page, a content the list of its projects, as of the same days."""
    days = period.as_of(form.asked, today).parameters
    own = {"organisation": selection.chosen.code} if selection.chosen else {}

    def address(row: Any) -> str:
        if hasattr(row, "project_id"):
            return f"{reverse('projects:project_detail', args=[row.project_id])}?{urlencode(days)}"
        asked = {"year": period.year, "source": row.source_code, "activity": row.activity_code}
        return f"{reverse('projects:project_list')}?{urlencode(asked | own | days)}"

    return address


def _file(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=XLSX, headers=headers)


def _render_wrong_period(request: SiteRequest, form: PeriodForm) -> HttpResponse:
    return render(request, "reports/period.html", {"form": form}, status=400)


def _render_without_plan(request: SiteRequest, form: AnnualForm | PeriodForm, selection: Selection) -> HttpResponse:
    """Says no more than that there is no plan, whether there is none or the user may not see it."""
    return render(request, "reports/no_plan.html", {"form": form, "selection": selection}, status=404)
