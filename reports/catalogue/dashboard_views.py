"""The page of the year at a glance."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from khuyencong.requests import SiteRequest
from reports.catalogue.asked import AskForm
from reports.catalogue.dashboard import charts_for, totals_of


@require_safe
def dashboard(request: SiteRequest) -> HttpResponse:
    """What is assigned, approved, paid and left, how far the projects are, and which are late."""
    form = AskForm(request.GET, user=request.user, today=timezone.localdate())
    if not form.is_valid():
        return render(request, "reports/dashboard.html", {"form": form, "is_refused": True}, status=400)
    asked = form.asked_for()
    context = {"form": form, "asked": asked, "as_of": asked.as_of}
    if not asked.plans:
        return render(request, "reports/dashboard.html", context | {"is_refused": True}, status=404)
    charts = charts_for(request.user.first_role(), asked)
    shown = {"charts": charts, "totals": totals_of(charts)}
    return render(request, "reports/dashboard.html", context | shown)
