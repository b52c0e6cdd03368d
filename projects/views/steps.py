"""Steps of rounds and projects that need a date and words: asked for on a page of their own, then taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khuyencong.drafts import keeps_draft
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.requests import SiteRequest
from khuyencong.text import inside_sentence
from programmes.models import PlanRound
from projects.forms.fields import show_refusal
from projects.forms.step import StepForm
from projects.models import Comment, PlanLine, Project, StatusChange
from projects.refusals import NotAllowed, Refused
from projects.rules.transitions import PROJECT_TRANSITIONS, Record, transitions_of
from projects.rules.workflow import taken_already, why_not
from projects.services.discarding import discard_draft
from projects.services.rounds import RoundNotReady, resubmit_project
from projects.services.steps import PROJECT_STEPS, ROUND_STEPS, take_step


@keeps_draft
@require_http_methods(["GET", "POST"])
def round_step(request: SiteRequest, pk: int, name: str) -> HttpResponse:
    if name not in ROUND_STEPS:
        raise Http404
    plan_round = get_object_or_404(PlanRound.objects.visible_to(request.user).for_page(), pk=pk)
    take = partial(take_step, plan_round, name)
    return step_page(request, plan_round, name, take, back=plan_round.get_absolute_url())


@keeps_draft
@require_http_methods(["GET", "POST"])
def project_step(request: SiteRequest, pk: int, name: str) -> HttpResponse:
    if name not in PROJECT_STEPS:
        raise Http404
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    return step_page(request, project, name, partial(take_step, project, name), back=project.get_absolute_url())


def said_already(request: SiteRequest, record: Record, name: str, in_round: PlanRound | None = None) -> bool:
    """Whether this is the second press of a button whose first one did it, with no other words; then it says so."""
    taken = taken_already(request.user, record, name, in_round) if request.method == "POST" else None
    typed = request.POST.get("reason") or request.POST.get("note") or ""
    words = mask_personal_numbers(typed.strip())
    if taken and words and words != taken.reason:
        return False
    if taken:
        said = {"record": record, "status": inside_sentence(taken.target_label), "at": _time(taken.recorded_at)}
        messages.info(request, _("“%(record)s”: %(status)s, đã ghi lúc %(at)s ở lần bấm trước.") % said)
    return taken is not None


def _time(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}"


def step_page(
    request: SiteRequest,
    record: Record,
    name: str,
    take: Callable[..., StatusChange],
    *,
    back: str,
    line: PlanLine | None = None,
) -> HttpResponse:
    """The page that asks for the date and the words and takes the step by ``take``; what forbids it is said before
    anything is typed."""
    if said_already(request, record, name, line.round if line else None):
        return redirect(back)
    if refusal := why_not(request.user, record, name, line=line):
        raise NotAllowed(refusal)
    step = transitions_of(record)[name]
    form = request.desk.shown(StepForm(request.desk.typed, step=step))
    if request.method == "POST" and form.is_valid():
        try:
            taken = take(actor=request.user, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"])
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(
                request,
                _("“%(record)s”: %(status)s.") % {"record": record, "status": inside_sentence(taken.target_label)},
            )
            return redirect(back)
    context = {"record": record, "step": step, "form": form, "back": back}
    return render(request, "projects/step_form.html", context, status=422 if form.errors else 200)


@keeps_draft
@require_http_methods(["GET", "POST"])
def project_resubmit(request: SiteRequest, pk: int) -> HttpResponse:
    """Sends a returned project again while its round is still before the Department."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    if said_already(request, project, "submit"):
        return redirect(project)
    if refusal := why_not(request.user, project, "submit"):
        raise NotAllowed(refusal)
    form = request.desk.shown(StepForm(request.desk.typed, step=PROJECT_TRANSITIONS["submit"]))
    form.fields.pop("on")
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["reason"]
        try:
            resubmit_project(project=project, actor=request.user, on=timezone.localdate(), note=note)
        except RoundNotReady as refused:
            for _project, problem in refused.problems:
                form.add_error(None, problem)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Đã gửi lại đề án “%(name)s” lên Sở.") % {"name": project})
            return redirect(project)
    context = {
        "record": project,
        "step": PROJECT_TRANSITIONS["submit"],
        "form": form,
        "back": project.get_absolute_url(),
        "open_remarks": Comment.objects.of_project(project).open(),
    }
    return render(request, "projects/step_form.html", context, status=422 if form.errors else 200)


@keeps_draft
@require_http_methods(["GET", "POST"])
def project_discard(request: SiteRequest, pk: int) -> HttpResponse:
    """Takes back a draft that was entered by mistake; its page stays, the way leads back to the plan that it was in."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    if said_already(request, project, "discard"):
        return redirect(project)
    if refusal := why_not(request.user, project, "discard"):
        raise NotAllowed(refusal)
    step = PROJECT_TRANSITIONS["discard"]
    form = request.desk.shown(StepForm(request.desk.typed, step=step))
    form.fields.pop("on")
    form.fields["reason"].label = _("Lý do (không bắt buộc)")
    plan = project.latest_plan()
    if request.method == "POST" and form.is_valid():
        try:
            discard_draft(project=project, actor=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Đã bỏ “%(name)s”, mã %(code)s.") % {"name": project, "code": project.code})
            return redirect(plan or project)
    context = {
        "record": project,
        "step": step,
        "form": form,
        "back": project.get_absolute_url(),
        "explained": _(
            "Bỏ thì đề án không còn trong kế hoạch, đợt, danh sách, báo cáo; mã %(code)s không dùng lại. Trang và "
            "lịch sử của đề án vẫn xem được. Không đưa trở lại kế hoạch được: nếu cần, sao chép thành đề án mới."
        )
        % {"code": project.code},
    }
    return render(request, "projects/step_form.html", context, status=422 if form.errors else 200)
