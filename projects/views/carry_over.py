"""Money that goes on into the next year's plan, under a letter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from programmes.models import AnnualPlan
from projects.forms.carry_over import CarryOverForm
from projects.forms.decision import DecisionForm
from projects.forms.fields import show_refusal
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import why_not_write_plan
from projects.services.carry_over import carry_over
from projects.services.storing import filed
from projects.views.decisions import warn_of_unruled


@keeps_draft
@require_http_methods(["GET", "POST"])
def plan_carry_over(request: SiteRequest, pk: int) -> HttpResponse:
    """Records the letter by which projects and money go on; it opens the next year's plan where there is none."""
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=pk)
    if refusal := why_not_write_plan(request.user, plan, "decide"):
        raise NotAllowed(refusal)
    to_plan = AnnualPlan.objects.next_of(plan)
    posted = request.method == "POST"
    desk = request.desk
    form = desk.shown(DecisionForm(desk.typed, request.FILES if posted else None, plan=plan))
    amounts = desk.shown(CarryOverForm(desk.typed, plan=plan, to_plan=to_plan))
    is_preview = "preview" in request.POST
    is_valid = posted and all([amounts.is_valid(), form.is_valid()])
    if is_valid and not is_preview and _record(request, plan, to_plan, form, amounts):
        messages.success(request, _("Đã chuyển nguồn sang năm %(year)s.") % {"year": plan.year + 1})
        return redirect(plan)
    if is_preview:
        form.errors.clear()  # a draft is looked at before it is finished: its amounts are judged, its head not yet
    effects = amounts.effects() if posted else []
    context = {
        "plan": plan,
        "to_plan": to_plan,
        "to_year": plan.year + 1,
        "form": form,
        "amounts": amounts,
        "effects_by_plan": effects,
    }
    status = 422 if form.errors or amounts.errors else 200
    return render(request, "projects/carry_over.html", context, status=status)


def _record(
    request: SiteRequest, plan: AnnualPlan, to_plan: AnnualPlan | None, form: DecisionForm, amounts: CarryOverForm
) -> bool:
    try:
        letter = form.letter()
        with filed("scan") as files:
            decision = carry_over(
                plan=plan,
                to_plan=to_plan,
                decision=letter,
                reason=form.amounts_reason(letter),
                lines=amounts.lines(),
                free=amounts.free(),
                going=amounts.going(),
                actor=request.user,
            )
            files += form.scans(decision, request.user)
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    warn_of_unruled(request, decision)
    return True
