"""Reports of a quarter or half year on a page, in print and as a workbook."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from khuyencong.requests import SiteRequest
from projects.rules.permissions import why_not_submit_report
from reports.asking.frame import answers, download
from reports.asking.periods import Period
from reports.asking.selection import Selection
from reports.period.book import period_book, period_workbook
from reports.period.forms import PeriodForm
from reports.printing.paper import paper_table
from reports.printing.screen import Address, screen_table
from reports.printing.workbook import XLSX

in_period = answers(PeriodForm, wrong="reports/period.html")


@in_period
def period(request: SiteRequest, form: PeriodForm, selection: Selection) -> HttpResponse:
    """The sheets of the period's workbook on one page."""
    today = timezone.localdate()
    book = period_book(selection, form.found, as_of=form.asked, today=today)
    address = _address(selection, form.found, form, today)
    return render(
        request,
        "reports/period.html",
        {
            "form": form,
            "selection": selection,
            "period": form.found,
            "as_of": form.asked,
            "why_not_submit": why_not_submit_report(request.user, selection.issuer),
            "tables": [screen_table(sheet, address) for sheet in book.sheets],
        },
    )


@in_period
def period_print(request: SiteRequest, form: PeriodForm, selection: Selection) -> HttpResponse:
    """The same sheets as one official document on A4, in Vietnamese."""
    with override("vi"):
        book = period_book(selection, form.found, as_of=form.asked, today=timezone.localdate())
        tables = [paper_table(sheet) for sheet in book.sheets]
        context = {"form": form, "period": form.found, "head": book.letterhead, "tables": tables}
        return render(request, "reports/period_print.html", context)


@in_period
def period_xlsx(request: SiteRequest, form: PeriodForm, selection: Selection) -> HttpResponse:
    """The workbook of a quarter, half year, month or any dates within one year."""
    content = period_workbook(selection, form.found, as_of=form.asked, today=timezone.localdate())
    return download(content, f"khuyen-cong-{form.found.file_suffix}{form.asked.file_suffix}.xlsx", XLSX)


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
