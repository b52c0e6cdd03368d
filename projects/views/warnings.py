"""The reason that answers a warning of a project."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from programmes.models import AnnualPlan
from projects.forms.fields import show_refusal
from projects.forms.warnings import ReasonForm, ReasonsForm
from projects.models import Project
from projects.pages.plan_warnings import warned_projects
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import why_not_give_reason, why_not_write_plan
from projects.rules.warnings import findings_of
from projects.services.warning_reasons import give_reason, give_reasons


@keeps_draft
@require_http_methods(["GET", "POST"])
def warning_reason(request: SiteRequest, pk: int) -> HttpResponse:
    """Keeps the reason; what is refused comes back with what was typed and the warning that it was for.

    ``?fingerprint=`` names the warning, whose form stands on the project's page.
    """
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    if refusal := why_not_give_reason(request.user, project):
        raise NotAllowed(refusal)
    form = request.desk.shown(ReasonForm(request.desk.typed))
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            give_reason(project=project, fingerprint=given["fingerprint"], reason=given["reason"], actor=request.user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Đã ghi lý do."))
            return redirect(f"{project.get_absolute_url()}#warnings")
    typed = request.GET if request.desk.typed is None else request.desk.typed
    warning = findings_of(project, user=request.user).find(typed.get("fingerprint", ""))
    if request.method == "GET" and (warning or not request.desk.restored):
        return redirect(f"{request.desk.carried_to(project.get_absolute_url())}#warnings")
    context = {"project": project, "form": form, "warning": warning}
    return render(request, "projects/warning_reason.html", context, status=422 if form.errors else 200)


@keeps_draft
@require_http_methods(["GET", "POST"])
def plan_warnings(request: SiteRequest, pk: int) -> HttpResponse:
    """Warnings of the plan's projects that want a reason, kind by kind (``?kind=``), to be answered many at once."""
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=pk)
    if refusal := why_not_write_plan(request.user, plan, "write"):
        raise NotAllowed(refusal)
    groups = warned_projects(plan, request.user)
    group = next((one for one in groups if one.name == request.GET.get("kind")), next(iter(groups), None))
    form = request.desk.shown(ReasonsForm(request.desk.typed, group=group))
    if request.method == "POST" and form.is_valid():
        try:
            count = give_reasons(answered=form.answered, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Đã ghi lý do cho %(count)s cảnh báo.") % {"count": count})
            return redirect("projects:plan_warnings", pk)
    context = {"plan": plan, "groups": groups, "group": group, "form": form}
    return render(request, "projects/plan_warnings.html", context, status=422 if form.errors else 200)
