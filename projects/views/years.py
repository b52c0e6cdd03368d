"""A running project in one more year's plan."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khuyencong.drafts import keeps_draft
from khuyencong.forms import leave_unjudged
from khuyencong.page_unit import page_unit
from khuyencong.requests import SiteRequest
from programmes.models import AnnualPlan
from projects.forms.fields import show_refusal
from projects.forms.years import AMOUNT_NAMES, YearForm
from projects.models import Project
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import why_not_join
from projects.services.years import join_plan


@keeps_draft
@require_http_methods(["GET", "POST"])
def project_years(request: SiteRequest, pk: int) -> HttpResponse:
    """Gives the project a line in another year's plan; its status stays."""
    project = get_object_or_404(Project.objects.visible_to(request.user).for_detail(), pk=pk)
    if refusal := why_not_join(request.user, project):
        raise NotAllowed(refusal)
    plans = AnnualPlan.objects.joinable_by(project)
    initial = {"version": project.version}
    money = page_unit(request, AMOUNT_NAMES)
    form = YearForm(money.data, project=project, plans=plans, unit=money.unit, initial=initial)
    if request.desk.restored or money.is_switch:
        leave_unjudged(form)
    elif request.method == "POST" and form.is_valid() and _save(request, project, form):
        return redirect(form.cleaned_data["plan"])
    context = {"project": project, "form": form, "money": money, "has_plans": form.is_bound or plans.exists()}
    return render(request, "projects/project_years.html", context, status=422 if form.errors else 200)


def _save(request: SiteRequest, project: Project, form: YearForm) -> bool:
    try:
        join_plan(
            project=project,
            plan=form.cleaned_data["plan"],
            asked=form.asked(),
            actor=request.user,
            version=form.cleaned_data["version"],
        )
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    plan = form.cleaned_data["plan"]
    messages.success(request, _("Đã đưa đề án vào kế hoạch năm %(year)s.") % {"year": plan.year})
    return True
