"""One year on a page, in print and as a workbook; form 2 for the Ministry."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override

from khuyencong.requests import SiteRequest
from projects.rules.permissions import why_not_submit_report
from reports.annual.book import annual_workbook, letterhead_of_year
from reports.annual.form_2 import form_2_workbook
from reports.annual.roll_up_table import NOTES, roll_up_table
from reports.asking.forms import AnnualForm
from reports.asking.frame import answers, download
from reports.asking.selection import Selection
from reports.printing.workbook import XLSX


@answers(AnnualForm)
def annual(request: SiteRequest, form: AnnualForm, selection: Selection) -> HttpResponse:
    """One year by source, content, area and status; each total opens to its rows."""
    why_not = why_not_submit_report(request.user, selection.issuer)
    return render(request, "reports/annual.html", _shown(form, selection) | {"why_not_submit": why_not})


@answers(AnnualForm)
def annual_print(request: SiteRequest, form: AnnualForm, selection: Selection) -> HttpResponse:
    """The same rows as an official document on A4, in Vietnamese."""
    with override("vi"):
        head = letterhead_of_year(selection, as_of=form.asked, today=timezone.localdate())
        return render(request, "reports/annual_print.html", _shown(form, selection) | {"head": head})


def _shown(form: AnnualForm, selection: Selection) -> dict[str, object]:
    """What screen and print render."""
    ledger = roll_up_table(selection, form.asked)
    return {"form": form, "selection": selection, "as_of": form.asked, "ledger": ledger, "notes": NOTES}


@answers(AnnualForm)
def annual_xlsx(request: SiteRequest, form: AnnualForm, selection: Selection) -> HttpResponse:
    """The yearly workbook; ``stage=draft`` lists what is asked for, to be circulated before approval."""
    content = annual_workbook(selection, as_of=form.asked, is_draft=form.is_draft, today=timezone.localdate())
    draft = "-du-thao" if form.is_draft else ""
    return download(content, f"khuyen-cong-{selection.year}{draft}{form.asked.file_suffix}.xlsx", XLSX)


@answers(AnnualForm)
def form_2_xlsx(request: SiteRequest, form: AnnualForm, selection: Selection) -> HttpResponse:
    """Form 2: what is registered for national money of the year."""
    content = form_2_workbook(selection, as_of=form.asked, today=timezone.localdate())
    return download(content, f"mau-so-2-khuyen-cong-quoc-gia-{selection.year}{form.asked.file_suffix}.xlsx", XLSX)
