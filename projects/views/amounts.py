"""Typing requested amounts into the sheet of a plan."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from khuyencong.drafts import keeps_draft
from khuyencong.page_unit import PageUnit, page_unit
from khuyencong.requests import SiteRequest
from programmes.models import AnnualPlan
from projects.forms.amounts import CELL, AmountSheet, amount_sheet
from projects.refusals import NotAllowed
from projects.rules.permissions import why_not_write_plan
from projects.services.amounts import AmountsRefused, update_amounts


@keeps_draft
@require_http_methods(["GET", "POST"])
def plan_amounts(request: SiteRequest, pk: int) -> HttpResponse:
    """Each cell says what it was opened with, so that people who change different cells don't disturb each other."""
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=pk)
    if refusal := why_not_write_plan(request.user, plan, "write"):
        raise NotAllowed(refusal)
    money = page_unit(request, CELL)
    sheet = amount_sheet(plan, request.user, money.data, unit=money.unit)
    if request.method == "GET" or money.is_switch:
        if money.data:
            sheet.leave_unjudged()
        return _render(request, sheet, money, status=200)
    if sheet.errors:
        return _render(request, sheet, money, status=422)
    if sheet.lost:
        return _render(request, sheet, money, status=409)
    try:
        projects = update_amounts(plan=plan, changes=sheet.changes(), actor=request.user)
    except AmountsRefused as refused:
        sheet.refuse(refused)
        return _render(request, sheet, money, status=409)
    if projects:
        said = ngettext(
            "Đã lưu kinh phí đề nghị của %(count)d đề án.",
            "Đã lưu kinh phí đề nghị của %(count)d đề án.",
            len(projects),
        )
        messages.success(request, said % {"count": len(projects)})
    else:
        messages.info(request, _("Không có số nào thay đổi."))
    return redirect("projects:plan_amounts", plan.pk)


def _render(request: SiteRequest, sheet: AmountSheet, money: PageUnit, *, status: int) -> HttpResponse:
    context = {"sheet": sheet, "plan": sheet.plan, "money": money}
    return render(request, "projects/plan_amounts.html", context, status=status)
