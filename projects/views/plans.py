"""Yearly plans: the list, one plan as a grid, its rounds."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khuyencong.accounts.models import Organisation, User
from khuyencong.asof import NOW
from khuyencong.drafts import keeps_draft
from khuyencong.forms import AsOfForm
from khuyencong.funding import STATE_LEVELS
from khuyencong.requests import SiteRequest
from programmes.models import AnnualPlan, PlanRound
from projects.figures.plan_grid import PlanGrid, plan_grid, rows_to_send
from projects.figures.totals import Money
from projects.forms.fields import show_refusal
from projects.forms.plan import PlanForm
from projects.ledger.optional_amounts import add
from projects.ledger.remainders import envelopes
from projects.models import Comment, Project, YearAssessment
from projects.pages.overview import plan_decisions, plan_rounds, plan_summaries, total_envelope
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import (
    RIGHTS,
    can_write_projects,
    has,
    hindrance_to_closing,
    why_not_assess,
    why_not_enter_past,
    why_not_write_plan,
)
from projects.rules.workflow import why_not
from projects.services.plans import create_plan
from projects.services.rounds import RoundNotReady, missing_for_submission, open_round, recall_round, submit_round
from projects.views.steps import said_already

FEW = 10  # projects with which a plan only begins


@require_safe
def plan_list(request: SiteRequest) -> HttpResponse:
    plans = AnnualPlan.objects.visible_to(request.user).for_page().latest_first()
    return render(
        request,
        "projects/plan_list.html",
        {"summaries": plan_summaries(plans), "can_create": can_write_projects(request.user)},
    )


@keeps_draft
@require_http_methods(["GET", "POST"])
def plan_create(request: SiteRequest) -> HttpResponse:
    right = RIGHTS["plan"]
    centre = Organisation.objects.centres().where_user_holds(request.user, *right.roles).first()
    if centre is None:
        raise NotAllowed(right.refusal())
    form = request.desk.shown(PlanForm(request.desk.typed, user=request.user, initial={"organisation": centre}))
    if request.method == "POST" and form.is_valid():
        try:
            plan = create_plan(**form.cleaned_data, actor=request.user)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Đã lập kế hoạch năm %(year)s. Hãy nhập các đề án.") % {"year": plan.year})
            return redirect(plan)
    return render(request, "projects/plan_form.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def plan_detail(request: SiteRequest, pk: int) -> HttpResponse:
    """The plan as a grid by source and content, its envelopes, rounds and decisions.

    ``?as_of=&recorded=`` show how it stood, and then nothing can be done to it.
    """
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=pk)
    days = AsOfForm(request.GET)
    if days.has_wrong_day:
        return render(request, "projects/plan_detail.html", {"plan": plan, "days": days, "as_of": NOW}, status=400)
    as_of = days.asked
    grid = plan_grid([plan], as_of)
    found = envelopes([plan], as_of)
    return render(
        request,
        "projects/plan_detail.html",
        {
            "plan": plan,
            "start": plan.organisation.start_told_in(plan.year),
            "grid": grid,
            "as_of": as_of,
            "days": days,
            "envelopes": found,
            "total": total_envelope(found),
            "money": grid.money if grid.sections else Money(),
            "rounds": plan_rounds(plan, request.user, as_of),
            "decisions": plan_decisions(plan, as_of),
            "one": YearAssessment.objects.standing([plan], as_of).get(plan.pk),
            **({} if as_of else _what_may_be_done(request.user, plan, grid)),
        },
    )


def _what_may_be_done(user: User, plan: AnnualPlan, grid: PlanGrid) -> dict[str, object]:
    can_write = not why_not_write_plan(user, plan, "write")
    return {
        "can_create": can_write,
        "can_copy_year": can_write and grid.schedule.project_count < FEW,
        "can_edit_amounts": can_write and any(row.project.status in Project.EDITABLE for row in grid.rows),
        "can_open_round": not why_not_write_plan(user, plan, "plan"),
        "can_decide": not why_not_write_plan(user, plan, "decide"),
        "can_close": has(user, "books", plan.organisation_id) and not hindrance_to_closing(plan, timezone.localdate()),
        "has_past": any(row.line.round.status == PlanRound.Status.PAST for row in grid.rows),
        "can_enter_past": can_write and not why_not_enter_past(user, plan),
        "can_assess": not why_not_assess(user, plan),
        "levels": [(level.value, level.label) for level in STATE_LEVELS],
    }


@require_POST
def round_open(request: SiteRequest, plan_pk: int) -> HttpResponse:
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user), pk=plan_pk)
    level = request.POST.get("level", "")
    if level not in STATE_LEVELS:
        raise Http404
    try:
        plan_round = open_round(plan=plan, level=level, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(plan)
    messages.success(request, _("Đã mở %(round)s.") % {"round": plan_round.in_sentence})
    return redirect(plan_round)


@require_http_methods(["GET", "POST"])
def round_submit(request: SiteRequest, pk: int) -> HttpResponse:
    """Says what will be sent and what is missing, then sends it."""
    plan_round = get_object_or_404(PlanRound.objects.visible_to(request.user).for_page(), pk=pk)
    if said_already(request, plan_round, "submit"):
        return redirect(plan_round)
    if refusal := why_not(request.user, plan_round, "submit"):
        raise NotAllowed(refusal)
    problems = missing_for_submission(plan_round)
    if request.method == "POST" and not problems:
        try:
            submit_round(plan_round=plan_round, actor=request.user, on=timezone.localdate())
        except RoundNotReady as refused:
            problems = refused.problems
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(plan_round)
        else:
            messages.success(request, _("Đã gửi %(round)s lên Sở.") % {"round": plan_round.in_sentence})
            return redirect(plan_round)
    rows = rows_to_send(plan_round)
    requested_vnd = add(*(row.money.requested_vnd for row in rows))
    return render(
        request,
        "projects/round_submit.html",
        {
            "round": plan_round,
            "plan": plan_round.plan,
            "problems": problems,
            "rows": rows,
            "requested_vnd": requested_vnd,
            "open_remarks": Comment.objects.open_in(plan_round),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def round_recall(request: SiteRequest, pk: int) -> HttpResponse:
    """Undoes a submission that nobody has touched."""
    plan_round = get_object_or_404(PlanRound.objects.visible_to(request.user).for_page(), pk=pk)
    if said_already(request, plan_round, "recall"):
        return redirect(plan_round)
    if refusal := why_not(request.user, plan_round, "recall"):
        raise NotAllowed(refusal)
    try:
        recall_round(plan_round=plan_round, actor=request.user, on=timezone.localdate())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, _("Đã rút lại %(round)s. Có thể sửa lại các đề án của đợt.") % {"round": plan_round.in_sentence}
        )
    return redirect(plan_round)
