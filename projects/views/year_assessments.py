"""What a Centre writes of its year."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from programmes.models import AnnualPlan
from projects.forms.fields import opened_anew, show_refusal
from projects.forms.year_assessment import YearAssessmentForm
from projects.models import YearAssessment
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import why_not_assess
from projects.services.year_assessments import assess_year


@keeps_draft
@require_http_methods(["GET", "POST"])
def plan_assess(request: SiteRequest, pk: int) -> HttpResponse:
    """The texts as they stand, to be written anew, with those that stood before."""
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=pk)
    if refusal := why_not_assess(request.user, plan):
        raise NotAllowed(refusal)
    written = list(YearAssessment.objects.of_plan(plan))
    form = request.desk.shown(YearAssessmentForm(request.desk.typed, standing=written[0] if written else None))
    if request.method == "POST" and form.is_valid():
        try:
            assess_year(plan=plan, **form.cleaned_data, actor=request.user)
        except Refused as refused:
            show_refusal(form, refused)
            written = list(YearAssessment.objects.of_plan(plan))
            if refused.code == "changed_meanwhile" and written:
                opened_anew(form, seen=written[0].pk)
        else:
            messages.success(request, _("Đã lưu đánh giá, phương hướng năm %(year)s.") % {"year": plan.year})
            return redirect(f"{plan.get_absolute_url()}#assessment")
    context = {"plan": plan, "form": form, "written": written}
    return render(request, "projects/plan_assess.html", context, status=422 if form.errors else 200)
