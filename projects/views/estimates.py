"""The estimate of a project in detail."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest, record_id
from programmes.models import AnnualPlan
from projects.forms.estimate import Added, EstimateEntry, estimate_entry, with_rows_added
from projects.forms.fields import show_refusal
from projects.models import Project
from projects.pages.estimates import ContentEstimate, estimate_in_plan
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import why_closed, why_not_edit
from projects.services.estimates import write_estimate


@keeps_draft
@require_http_methods(["GET", "POST"])
def project_estimate(request: SiteRequest, pk: int) -> HttpResponse:
    """The items in the plan named by ``?plan=``, else in the latest that the project is in."""
    project = get_object_or_404(Project.objects.visible_to(request.user).for_detail(), pk=pk)
    plans = AnnualPlan.objects.of_project(project).for_page().latest_first()
    plan = get_object_or_404(plans, pk=record_id(asked)) if (asked := request.GET.get("plan")) else plans.first()
    if refusal := why_not_edit(request.user, project):
        raise NotAllowed(refusal)
    if plan is None:
        raise NotAllowed(_("Đề án chưa có trong kế hoạch năm nào."))
    if refusal := why_closed(plan):
        raise NotAllowed(refusal)
    data = request.desk.typed
    contents = [component.pk for component in project.components.all()]
    added = with_rows_added(data, contents) if data is not None and request.method == "POST" else None
    entry = estimate_entry(project, plan, added.data if added else data)
    stands: list[ContentEstimate] = []
    if added or request.desk.restored:
        entry.leave_unjudged()
        if added:
            _say_added(request, added)
    elif request.method == "POST" and entry.is_valid():
        try:
            version = entry.form.cleaned_data["version"]
            write_estimate(project=project, plan=plan, items=entry.items(), version=version, actor=request.user)
        except Refused as refused:
            show_refusal(entry.form, refused)
            if entry.form.has_error("__all__", "stale"):
                stands = estimate_in_plan(Project.objects.for_detail().get(pk=project.pk), plan)
        else:
            messages.success(request, _("Đã lưu dự toán chi tiết."))
            return redirect(f"{reverse('projects:project_estimate', args=[project.pk])}?plan={plan.pk}")
    return _render(request, project, plan, entry, stands)


def _say_added(request: SiteRequest, added: Added) -> None:
    if added.refusal:
        messages.error(request, added.refusal)
    if added.count or added.left_out:
        said = ngettext(
            "Đã đưa %(count)d dòng vào bảng; chưa lưu.", "Đã đưa %(count)d dòng vào bảng; chưa lưu.", added.count
        ) % {"count": added.count}
        if added.left_out:
            said += " " + _("Bỏ qua dòng cộng, dòng nhóm: %(names)s.") % {"names": "; ".join(added.left_out[:10])}
        messages.info(request, said)


def _render(
    request: SiteRequest, project: Project, plan: AnnualPlan, entry: EstimateEntry, stands: list[ContentEstimate]
) -> HttpResponse:
    context = {"project": project, "plan": plan, "entry": entry, "form": entry.form, "stands": stands}
    status = 422 if entry.has_errors else 200
    return render(request, "projects/project_estimate.html", context, status=status)
