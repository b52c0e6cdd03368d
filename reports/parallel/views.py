"""A workbook set beside a plan: uploaded, compared and shown at once, without being kept.

The page carries what it shows, signed: its print and its workbook are made from that, so that they are what was seen.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from khuyencong.requests import SiteRequest
from programmes.models import AnnualPlan
from projects.forms.fields import show_refusal
from projects.importing.comparison.result import APPROVED, ASKED, ParallelRun
from projects.importing.comparison.run import run_parallel
from projects.importing.reading.files import Unreadable, read_workbook
from projects.models import ApprovalEntry
from projects.refusals import Refused
from reports.asking.frame import download
from reports.parallel.book import RESULTS, parallel_book
from reports.parallel.forms import ParallelForm
from reports.printing.book import Book
from reports.printing.book_json import dump, frozen, load
from reports.printing.paper import paper_table
from reports.printing.screen import screen_table
from reports.printing.workbook import XLSX
from reports.printing.workbook import render as render_workbook

GOOD_FOR = dt.timedelta(days=1)


@require_http_methods(["GET", "HEAD", "POST"])
def parallel(request: SiteRequest, plan_pk: int) -> HttpResponse:
    """For everybody who sees the plan: nothing is written, neither the file nor what it says."""
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=plan_pk)
    posted = request.method == "POST"
    form = ParallelForm(request.POST if posted else None, request.FILES if posted else None, initial=_initial(plan))
    if posted and form.is_valid():
        try:
            return _shown(request, plan, _compared(request, plan, form))
        except Refused as problem:
            show_refusal(form, problem)
    context = {"plan": plan, "asked": form}
    return render(request, "reports/parallel_form.html", context, status=422 if form.errors else 200)


def _initial(plan: AnnualPlan) -> dict[str, Any]:
    """What a year's list most likely states: once money is approved, that."""
    return {"basis": APPROVED if ApprovalEntry.objects.for_plans([plan]).exists() else ASKED}


def _compared(request: SiteRequest, plan: AnnualPlan, form: ParallelForm) -> ParallelRun:
    said = form.cleaned_data
    try:
        source = read_workbook(said["file"].name or "", said["file"].read())
    except Unreadable as problem:
        raise Refused({"file": problem.message}, code=problem.code) from problem
    return run_parallel(
        plan=plan, source=source, user=request.user, basis=said["basis"], unit=said["unit"] or 0, level=said["level"]
    )


def _shown(request: SiteRequest, plan: AnnualPlan, run: ParallelRun) -> HttpResponse:
    book = parallel_book(run, timezone.localdate())
    context = {
        "plan": plan,
        "run": run,
        "counts": [(result.value, RESULTS[result], len(run.of_result(result))) for result in RESULTS],
        "tables": [screen_table(sheet, _address) for sheet in book.sheets],
        "result": signing.dumps(json.loads(dump(frozen(book))), salt=_salt(request, plan), compress=True),
    }
    return render(request, "reports/parallel.html", context)


def _address(row: Any) -> str:
    pk = getattr(row, "project_id", None)
    return reverse("projects:project_detail", args=[pk]) if pk else ""


def _salt(request: SiteRequest, plan: AnnualPlan) -> str:
    """What one person was shown of a plan is of no use to another."""
    return f"parallel.{plan.pk}.{request.user.pk}"


@require_POST
def parallel_paper(request: SiteRequest, plan_pk: int) -> HttpResponse:
    """The result that a page shows, printed, or as a workbook with ``as=xlsx``."""
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=plan_pk)
    try:
        plain = signing.loads(request.POST.get("result", ""), salt=_salt(request, plan), max_age=GOOD_FOR)
    except signing.BadSignature:
        form = ParallelForm(initial=_initial(plan))
        stale = _("Kết quả đối chiếu này đã quá một ngày hoặc không còn nguyên vẹn. Hãy đối chiếu lại.")
        context = {"plan": plan, "asked": form, "stale": stale}
        return render(request, "reports/parallel_form.html", context, status=422)
    book = load(json.dumps(plain))
    if request.POST.get("as") == "xlsx":
        return download(render_workbook(book), f"doi-chieu-excel-{plan.year}.xlsx", XLSX)
    return _printed(request, plan, book)


def _printed(request: SiteRequest, plan: AnnualPlan, book: Book) -> HttpResponse:
    with override("vi"):
        tables = [paper_table(sheet) for sheet in book.sheets]
        context = {"plan": plan, "head": book.letterhead, "title": book.title, "tables": tables}
        return render(request, "reports/parallel_print.html", context)
