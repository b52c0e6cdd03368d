"""The work of a review: lines given and taken, plain ones accepted together, the day it is due, notes of the
Department."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from khuyencong.accounts.models import User
from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest, own_address, record_id
from programmes.models import PlanRound
from projects.forms.document import TakeBackForm
from projects.forms.fields import show_refusal
from projects.forms.review import AcceptForm, DeadlineForm, NoteForm
from projects.models import Project, ReviewDeadline, ReviewNote
from projects.pages.round_review import ReviewLine, review_sheet
from projects.refusals import NotAllowed, Refused
from projects.rules.dossiers import can_withdraw_note, refusal_to_withdraw_note
from projects.rules.permissions import why_not_review
from projects.rules.review_work import times_of_rounds, why_not_set_deadline, why_not_share
from projects.rules.workflow import taken_already
from projects.services.guards import require
from projects.services.review_many import accept_lines
from projects.services.review_work import add_review_note, assign_lines, set_deadline, withdraw_review_note

VERSION = re.compile(r"version_([0-9]{1,18})")


def _round(request: SiteRequest, pk: int) -> PlanRound:
    found: PlanRound = get_object_or_404(PlanRound.objects.visible_to(request.user).for_page(), pk=pk)
    return found


def _picked(texts: list[str]) -> list[int]:
    return [pk for text in texts if (pk := record_id(text)) is not None]


def _back(request: HttpRequest, typed: str, pk: int) -> str:
    return own_address(request, typed) or reverse("projects:round_review", args=[pk])


def _with_picks(address: str, picks: list[int]) -> str:
    """The address with the lines that were ticked, before what follows a “#”."""
    path, mark, place = address.partition("#")
    ticked = urlencode([("pick", pk) for pk in picks])
    return f"{path}{'&' if '?' in path else '?'}{ticked}{mark}{place}" if ticked else address


@require_POST
def round_share(request: SiteRequest, pk: int) -> HttpResponse:
    """What is done with the lines that are ticked: given, taken, put back; or accepted, on a page of its own. Back to
    the list as it was (``next``), what was refused with the same lines ticked."""
    plan_round = _round(request, pk)
    if refusal := why_not_share(request.user, plan_round):
        raise NotAllowed(refusal)
    picks = _picked(request.POST.getlist("pick"))
    back = _back(request, request.POST.get("next", ""), pk)
    step = request.POST.get("step", "")
    if step == "accept":
        address = f"{reverse('projects:lines_accept', args=[pk])}?{urlencode({'next': back})}"
        return redirect(_with_picks(address, picks))
    try:
        count = assign_lines(
            plan_round=plan_round, projects=picks, reviewer=_reviewer(request, step), actor=request.user
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(_with_picks(back, picks))
    messages.success(request, _said(step, count))
    return redirect(back)


def _reviewer(request: SiteRequest, step: str) -> User | None:
    """Raises Refused where lines are to be given and nobody is chosen."""
    if step == "put_back":
        return None
    if step == "take":
        return request.user
    chosen: dict[int, User] = User.objects.in_bulk([record_id(request.POST.get("reviewer", ""))])
    if not chosen:
        raise Refused(_("Chọn người thẩm định."), code="nobody")
    return next(iter(chosen.values()))


def _said(step: str, count: int) -> str:
    if not count:
        return _("Các dòng này đã như vậy, không có gì thay đổi.")
    if step == "put_back":
        said = ngettext("Đã bỏ phân công %(count)d dòng.", "Đã bỏ phân công %(count)d dòng.", count)
    elif step == "take":
        said = ngettext("Đã nhận %(count)d dòng.", "Đã nhận %(count)d dòng.", count)
    else:
        said = ngettext("Đã giao %(count)d dòng.", "Đã giao %(count)d dòng.", count)
    return said % {"count": count}


@keeps_draft
@require_http_methods(["GET", "POST"])
def lines_accept(request: SiteRequest, pk: int) -> HttpResponse:
    """Shows the plain ones of the lines that ``?pick=`` names, and accepts them together; the others are named with
    what they are to be read for."""
    plan_round = _round(request, pk)
    if refusal := why_not_review(request.user, plan_round):
        raise NotAllowed(refusal)
    back = _back(request, request.GET.get("next", ""), pk)
    form = request.desk.shown(AcceptForm(request.desk.typed))
    if request.method == "POST":
        versions = {
            int(found[1]): record_id(str(text)) or 0
            for name, text in request.POST.items()
            if (found := VERSION.fullmatch(name))
        }
        if form.is_valid() and _accept(request, plan_round, versions, form):
            return redirect(back)
    sheet = review_sheet(plan_round, request.user)
    picks = set(_picked(request.GET.getlist("pick")))
    lines: list[ReviewLine] = [line for line in sheet.lines if line.project.pk in picks]
    context = {
        "round": plan_round,
        "plan": plan_round.plan,
        "plain": [line for line in lines if line.is_plain],
        "others": [line for line in lines if not line.is_plain],
        "form": form,
        "back": back,
    }
    return render(request, "projects/lines_accept.html", context, status=422 if form.errors else 200)


def _accept(request: SiteRequest, plan_round: PlanRound, versions: dict[int, int], form: AcceptForm) -> bool:
    """Whether the lines are accepted, by this request or by the one before it; the refusal is on the form otherwise."""
    try:
        found = accept_lines(
            plan_round=plan_round,
            versions=versions,
            answers=form.answers(),
            note=form.cleaned_data["note"],
            actor=request.user,
            on=timezone.localdate(),
        )
    except Refused as refused:
        projects = Project.objects.in_bulk(versions).values()
        taken = [one for one in projects if taken_already(request.user, one, "appraise", plan_round)]
        if versions and len(taken) == len(versions):
            messages.info(request, _("Các dòng này đã được thống nhất ở lần bấm trước."))
            return True
        show_refusal(form, refused)
        return False
    said = ngettext("Đã thống nhất %(count)d dòng.", "Đã thống nhất %(count)d dòng.", len(found))
    messages.success(request, said % {"count": len(found)})
    return True


@keeps_draft
@require_http_methods(["GET", "POST"])
def round_deadline(request: SiteRequest, pk: int) -> HttpResponse:
    """Until when the round is to be reviewed, and what was set before."""
    plan_round = _round(request, pk)
    if refusal := why_not_set_deadline(request.user, plan_round):
        raise NotAllowed(refusal)
    times = times_of_rounds([plan_round])[plan_round.pk]
    form = request.desk.shown(DeadlineForm(request.desk.typed, initial={"due_on": times.due_on}))
    if times.due_on is None:
        form.fields.pop("reason")
        form.fields["due_on"].help_text = ""
    back = reverse("projects:round_review", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            set_deadline(plan_round=plan_round, **form.cleaned_data, actor=request.user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Đã ghi hạn thẩm định."))
            return redirect(back)
    context = {
        "round": plan_round,
        "plan": plan_round.plan,
        "times": times,
        "earlier": ReviewDeadline.objects.of_rounds([pk]),
        "form": form,
        "back": back,
    }
    return render(request, "projects/round_deadline.html", context, status=422 if form.errors else 200)


@keeps_draft
@require_http_methods(["GET", "POST"])
def note_add(request: SiteRequest, pk: int, project_pk: int) -> HttpResponse:
    """A note of the Department on a line; the person goes back to the line, and finds a draft there."""
    plan_round = _round(request, pk)
    project = get_object_or_404(Project.objects.visible_to(request.user).in_round(plan_round), pk=project_pk)
    require(request.user, "note", project.organisation_id)
    line = f"{reverse('projects:round_review', args=[pk])}?line={project_pk}"
    if request.method == "GET":
        return redirect(f"{request.desk.carried_to(line)}#notes")
    back = _back(request, request.POST.get("next", ""), pk)
    form = NoteForm(request.POST, auto_id="note_%s")
    if form.is_valid():
        try:
            add_review_note(plan_round=plan_round, project=project, **form.cleaned_data, actor=request.user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Đã ghi chú."))
            return redirect(f"{back}#notes")
    title, button = _("Ghi chú nội bộ của Sở"), _("Ghi chú")
    context = {"form": form, "project": project, "back": back, "title": title, "button": button}
    return render(request, "projects/comment_form.html", context, status=422)


@keeps_draft
@require_http_methods(["GET", "POST"])
def note_withdraw(request: SiteRequest, pk: int) -> HttpResponse:
    """Says what withdrawing a note of the Department does, and does it for a reason; back to its line (``?next=``)."""
    note = get_object_or_404(ReviewNote.objects.visible_to(request.user).select_related("project"), pk=pk)
    if not can_withdraw_note(request.user, note, note.project):
        raise NotAllowed(refusal_to_withdraw_note())
    line = f"{reverse('projects:round_review', args=[note.round_id])}?line={note.project_id}"
    back = f"{own_address(request, request.GET.get('next', '')) or line}#notes"
    form = request.desk.shown(TakeBackForm(request.desk.typed))
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_review_note(note=note, **form.cleaned_data, actor=request.user)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Đã rút ghi chú."))
            return redirect(back)
    consequences = [_("Sở vẫn đọc được ghi chú, gạch ngang, kèm người rút và lý do; Trung tâm không đọc được.")]
    context = {"form": form, "title": _("Rút ghi chú"), "subject": note.text, "consequences": consequences}
    return render(request, "projects/take_back.html", {**context, "back": back}, status=422 if form.errors else 200)
