"""Reports: the years there are, one year rolled up on one screen, and its workbook."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from khuyencong.requests import SiteRequest
from projects.rules.permissions import why_not_submit_report
from reports.catalogue.definitions import BY_CODE
from reports.catalogue.groups import grouped_reports
from reports.catalogue.saved import saved_views
from reports.index.due import due_reports
from reports.index.forms import IndexForm, YearChoice
from reports.index.years import report_years


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
