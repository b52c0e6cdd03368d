"""The first page: what waits for me, and the year at a glance."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from khuyencong.accounts.models import WATCHERS, Authorisation, RoleChange, User
from khuyencong.requests import SiteRequest
from programmes.models import AnnualPlan
from programmes.models.plan import year_to_begin_with
from projects.desk.inbox import inbox
from projects.ledger.remainders import envelopes
from projects.models import Project
from projects.pages.overview import plan_summaries, total_envelope
from projects.rules.permissions import can_write_projects

DAYS_OF_ROLES = 30


@require_safe
def home(request: SiteRequest) -> HttpResponse:
    """Of the year that ``?year=`` names, where it has a plan."""
    plans = AnnualPlan.objects.visible_to(request.user)
    years = list(plans.years())
    asked = next((year for year in years if str(year) == request.GET.get("year")), None)
    year = asked or year_to_begin_with(years, timezone.localdate())
    summaries = plan_summaries(plans.for_page().latest_first().for_year(year)) if year else []
    found = envelopes([summary.plan for summary in summaries]) if summaries else []
    return render(
        request,
        "projects/home.html",
        {
            "waiting": inbox(request.user),
            "year": year,
            "years": years,
            "summaries": summaries,
            "envelopes": found,
            "total": total_envelope(found),
            "late": Project.objects.visible_to(request.user).late_in(year)[:10] if year else [],
            "can_create": can_write_projects(request.user),
            **_about_roles(request.user),
        },
    )


def _about_roles(user: User) -> dict[str, object]:
    """Whom somebody without a role asks; what is exercised in another's name or beside another role; and for those who
    must know, what roles people gave themselves lately."""
    if not user.grants():
        return {"administrators": User.objects.administrators()[:5], "has_no_role": not user.is_superuser}
    today = timezone.localdate()
    told: dict[str, object] = {
        "authorisations": Authorisation.objects.told_to(user, WATCHERS).exercised(today).for_page()
    }
    if not user.organisation_ids_with(*WATCHERS):
        return told
    since = today - dt.timedelta(days=DAYS_OF_ROLES)
    return told | {"own_roles": RoleChange.objects.self_given(since=since).watched_by(user)}
