"""A plan that begins with what an earlier year had."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from khuyencong.requests import SiteRequest, record_id
from programmes.models import AnnualPlan
from projects.forms.fields import show_refusal
from projects.forms.plan_copy import PlanCopyForm
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import why_not_write_plan
from projects.services.many_projects import create_projects


@require_http_methods(["GET", "POST"])
def plan_copy(request: SiteRequest, pk: int) -> HttpResponse:
    """Ticks of the projects of an earlier year (``?from=``, else the last one); they become drafts, all or none."""
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=pk)
    if refusal := why_not_write_plan(request.user, plan, "write"):
        raise NotAllowed(refusal)
    earlier = AnnualPlan.objects.earlier_than(plan)
    asked = request.GET.get("from")
    former = get_object_or_404(earlier, pk=record_id(asked)) if asked else earlier.first()
    typed = request.POST if request.method == "POST" else None
    form = PlanCopyForm(typed, plan=plan, former=former) if former else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            made = create_projects(plan=plan, entries=form.entries(request.user), actor=request.user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            text = ngettext(
                "Đã sao chép %(count)s đề án vào kế hoạch.", "Đã sao chép %(count)s đề án vào kế hoạch.", len(made)
            )
            messages.success(request, text % {"count": len(made)})
            return redirect(plan)
    context = {"plan": plan, "source": former, "earlier": earlier, "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "projects/plan_copy.html", context, status=status)
