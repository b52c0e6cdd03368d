"""The first page: what waits for me, and the year at a glance."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khuyencong.requests import SiteRequest
from programmes.models import AnnualPlan
from projects.desk.inbox import inbox
from projects.ledger.remainders import envelopes
from projects.models import Project
from projects.pages.overview import plan_summaries, total_envelope
from projects.rules.permissions import can_write_projects


@require_safe
def home(request: SiteRequest) -> HttpResponse:
    plans = AnnualPlan.objects.visible_to(request.user).for_page().latest_first()
    year = plans[0].year if plans else None
    summaries = plan_summaries(plans.for_year(year)) if year else []
    found = envelopes([summary.plan for summary in summaries]) if summaries else []
    return render(
        request,
        "projects/home.html",
        {
            "waiting": inbox(request.user),
            "year": year,
            "summaries": summaries,
            "envelopes": found,
            "total": total_envelope(found),
            "late": Project.objects.visible_to(request.user).late_in(year)[:10] if year else [],
            "can_create": can_write_projects(request.user),
        },
    )
