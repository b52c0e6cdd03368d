"""The reviewer's work on a round: reading line by line, concluding, commenting; the appraisal as a document."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.drafts import Desk, keeps_draft
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.requests import SiteRequest, own_address, page_or_part, record_id
from khuyencong.text import inside_sentence
from programmes.models import PlanRound
from projects.desk.actions import round_actions
from projects.forms.document import TakeBackForm
from projects.forms.fields import opened_anew, show_refusal
from projects.forms.review import (
    AnswerForm,
    AppraisalForm,
    CommentForm,
    NoteForm,
    all_criteria_met,
    appraisal_form,
)
from projects.forms.review_filter import ReviewFilter, list_query
from projects.models import Appraisal, Comment, PlanLine, Project, RecordedPaper
from projects.pages.comments import comment_threads
from projects.pages.round_review import ReviewSheet, first_open, open_line, requested_by, review_sheet
from projects.papers.kinds import PAPERS, office_of_round
from projects.refusals import NotAllowed, Refused
from projects.rules.dossiers import can_withdraw_comment, refusal_to_withdraw_comment
from projects.rules.permissions import has, why_not_review
from projects.rules.review_work import why_not_set_deadline, why_not_share
from projects.rules.workflow import why_not
from projects.services.guards import require
from projects.services.review import STEPS, add_comment, reconsider_line, review_project, withdraw_comment
from projects.views.papers import paper_of
from projects.views.steps import said_already, step_page


@require_safe
def round_review(request: SiteRequest, pk: int) -> HttpResponse:
    """The round with one line open: that of ``?line=``, else the first that waits."""
    plan_round = get_object_or_404(PlanRound.objects.visible_to(request.user).for_page(), pk=pk)
    sheet = review_sheet(plan_round, request.user)
    typed = request.GET.get("line", "")
    if not typed:
        return _render_first_open(request, sheet)
    line = sheet.find(record_id(typed))
    if line is None:
        raise Http404
    return _render(request, sheet, line.project.pk)


@keeps_draft
@require_http_methods(["GET", "POST"])
def line_review(request: SiteRequest, pk: int, project_pk: int) -> HttpResponse:
    """Concludes one line; ``all_met`` only fills the criteria in. What is refused keeps all that was typed."""
    plan_round = get_object_or_404(PlanRound.objects.visible_to(request.user).for_page(), pk=pk)
    project = get_object_or_404(Project.objects.visible_to(request.user).in_round(plan_round), pk=project_pk)
    line = PlanLine.objects.line_of(plan_round, project)
    if _concluded_already(request, line):
        return _next_line(request, plan_round)
    refusal = why_not_review(request.user, plan_round)
    if request.method == "GET" and line.status_then != Project.Status.SUBMITTED:
        refusal = refusal or why_not(request.user, project, "appraise", line=line)
    if request.method == "GET" and not (refusal and request.desk.restored):
        address = f"{reverse('projects:round_review', args=[pk])}?line={project_pk}"
        return redirect(f"{request.desk.carried_to(address)}#opened")
    if refusal:
        raise NotAllowed(refusal)
    if "all_met" in request.POST:
        filled = appraisal_form(line, initial=all_criteria_met(request.POST))
        return _render(request, review_sheet(plan_round, request.user), project.pk, form=filled)
    form = appraisal_form(line, request.POST)
    if form.is_valid() and _conclude(request, plan_round, project, form):
        return _next_line(request, plan_round)
    return _render(request, review_sheet(plan_round, request.user), project.pk, form=form, status=422)


def _concluded_already(request: SiteRequest, line: PlanLine) -> bool:
    """Whether the same conclusion with the same words was just recorded: a button that was pressed twice."""
    typed = request.POST.get("conclusion")
    step = next((step for conclusion, step in STEPS.items() if conclusion == typed), "")
    if not step or line.status_then == Project.Status.SUBMITTED:
        return False
    last = Appraisal.objects.of_line(line).newest_first().first()
    is_same = last is not None and _says_the_same(line, request.POST, last)
    return is_same and said_already(request, line.project, step, line.round)


def _says_the_same(line: PlanLine, typed: QueryDict, appraisal: Appraisal) -> bool:
    """Whether every word and amount typed stands in that appraisal."""
    form = appraisal_form(line, typed)
    amounts = {form.asked[cell]: amount for cell, amount in form.recommended().items()} if form.is_valid() else {}
    kept_amounts = {(row.activity_type_id, row.source_id): row.amount_vnd for row in appraisal.recommended.all()}
    if {(cost.component.activity_type_id, cost.source_id): vnd for cost, vnd in amounts.items()} != kept_amounts:
        return False
    said = {name: str(text).strip() for name, text in typed.items() if "note" in name}
    words = {name: mask_personal_numbers(text) for name, text in said.items() if text}
    kept = {f"note_{answer.criterion}": answer.note for answer in appraisal.answers.all()} | {"note": appraisal.note}
    return all(kept.get(name) == text for name, text in words.items())


def _conclude(request: SiteRequest, plan_round: PlanRound, project: Project, form: AppraisalForm) -> bool:
    """Whether the conclusion was recorded; the refusal stands on the form otherwise."""
    try:
        appraisal = review_project(
            plan_round=plan_round,
            project=project,
            conclusion=form.cleaned_data["conclusion"],
            answers=form.answers(),
            note=form.cleaned_data["note"],
            actor=request.user,
            on=timezone.localdate(),
            version=form.cleaned_data["version"],
            recommended=form.recommended(),
        )
    except Refused as refusal:
        show_refusal(form, refusal)
        opened_anew(form, version=Project.objects.get(pk=project.pk).version)
        return False
    text = _("“%(name)s”: %(conclusion)s.")
    messages.success(
        request, text % {"name": project, "conclusion": inside_sentence(appraisal.get_conclusion_display())}
    )
    return True


@keeps_draft
@require_http_methods(["GET", "POST"])
def line_reconsider(request: SiteRequest, pk: int, project_pk: int) -> HttpResponse:
    """Opens a concluded line for another conclusion; the person goes back to it."""
    plan_round = get_object_or_404(PlanRound.objects.visible_to(request.user).for_page(), pk=pk)
    project = get_object_or_404(Project.objects.visible_to(request.user).in_round(plan_round), pk=project_pk)
    line = PlanLine.objects.line_of(plan_round, project)
    back = f"{reverse('projects:round_review', args=[pk])}?line={project_pk}#opened"
    take = partial(reconsider_line, plan_round=plan_round, project=project)
    return step_page(request, project, "reconsider", take, back=back, line=line)


def asked_of_list(request: SiteRequest) -> QueryDict:
    """What the list of lines is narrowed by: of a form that was sent, on the page on which it stood."""
    if request.method != "POST":
        return request.GET
    return QueryDict(urlsplit(own_address(request, request.POST.get("next", ""))).query)


def address_of_list(request: SiteRequest, plan_round: PlanRound) -> str:
    """The list as it is narrowed, without the line that was open."""
    query = list_query(asked_of_list(request))
    return f"{reverse('projects:round_review', args=[plan_round.pk])}{query.replace('&', '?', 1)}"


def _next_line(request: SiteRequest, plan_round: PlanRound) -> HttpResponse:
    """The page with the next line that waits; htmx gets it as the answer, others are sent there."""
    address = address_of_list(request, plan_round)
    if not request.wants_part:
        return redirect(f"{address}#opened")
    request.desk.drop()
    response = _render_first_open(request, review_sheet(plan_round, request.user))
    response["HX-Push-Url"] = address
    return response


def _render_first_open(request: SiteRequest, sheet: ReviewSheet) -> HttpResponse:
    filters = ReviewFilter(asked_of_list(request), sheet=sheet, user=request.user)
    groups = filters.groups()
    lines = (line for group in groups for line in group.lines)
    line = first_open(lines, request.user, in_order=any(not group.is_titled for group in groups))
    return _render(request, sheet, line.project.pk if line else None)


def _render(
    request: SiteRequest,
    sheet: ReviewSheet,
    project_pk: int | None,
    *,
    form: AppraisalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    line = sheet.find(project_pk)
    project = Project.objects.for_detail().with_steps().get(pk=line.project.pk) if line else None
    can_review = not why_not_review(request.user, sheet.round)
    filters = ReviewFilter(asked_of_list(request), sheet=sheet, user=request.user)
    groups = filters.groups(also=project_pk)
    shown = [one for group in groups for one in group.lines]
    actions = [action for action in round_actions(request.user, sheet.round) if action.name != "review"]
    office = office_of_round(sheet.round).pk
    context = {
        "sheet": sheet,
        "round": sheet.round,
        "plan": sheet.round.plan,
        "filters": filters,
        "groups": groups,
        "shown_count": len(shown),
        "shown_vnd": requested_by(shown),
        "list_address": address_of_list(request, sheet.round),
        "picked": {record_id(text) for text in getattr(request, request.method or "GET").getlist("pick")},
        "opened": open_line(project, line.line, request.user) if project and line else None,
        "line": line,
        "findings": line.findings if line else None,
        "actions": actions,
        "can_review": can_review,
        "can_share": not why_not_share(request.user, sheet.round),
        "can_assign": not why_not_set_deadline(request.user, sheet.round),
        "can_paper": has(request.user, "paper", office),
        "here": f"{reverse('projects:round_review', args=[sheet.round.pk])}?line={project_pk}{filters.query}",
        **(_forms_of_line(request, line.line, form, can_review) if line else {}),
    }
    return render(request, page_or_part(request, "projects/review.html", "sheet"), context, status=status)


def _forms_of_line(
    request: SiteRequest, line: PlanLine, form: AppraisalForm | None, can_review: bool
) -> dict[str, object]:
    """What was typed into a line and not sent stands there when the reviewer comes back to it; where somebody concluded
    it meanwhile it is on offer, to be copied."""
    address = reverse("projects:line_review", args=[line.round_id, line.project_id])
    desk = Desk(request, address, resumes=can_review and line.status == Project.Status.SUBMITTED)
    form = form or desk.shown(appraisal_form(line, desk.typed, unit=request.user.money_unit))
    parts = comment_part(request, line.project, resumes=True) | _note_part(request, line)
    return {"desk": desk, "form": form, **parts}


def _note_part(request: SiteRequest, line: PlanLine) -> dict[str, object]:
    """Of those who may write notes."""
    if not has(request.user, "note", line.project.organisation_id):
        return {}
    address = reverse("projects:note_add", args=[line.round_id, line.project_id])
    desk = Desk(request, address, resumes=True)
    return {"note_desk": desk, "note_form": desk.shown(NoteForm(desk.typed, auto_id="note_%s")), "can_note": True}


def comment_part(request: SiteRequest, project: Project, *, resumes: bool = False) -> dict[str, object]:
    """What a page needs of the form for a remark, which is sent to an address of its own."""
    desk = Desk(request, reverse("projects:comment_add", args=[project.pk]), resumes=resumes)
    form = desk.shown(CommentForm(desk.typed, auto_id="comment_%s"))
    can_comment = has(request.user, "comment", project.organisation_id)
    return {"comment_desk": desk, "comment_form": form, "can_comment": can_comment}


@keeps_draft
@require_http_methods(["GET", "POST"])
def comment_add(request: SiteRequest, pk: int) -> HttpResponse:
    """A remark; the person goes back to where it was written (``next``, on this site), and finds a draft there."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    require(request.user, "comment", project.organisation_id)
    asked = request.desk.typed.get("next", "") if request.desk.typed else ""
    back = own_address(request, asked) or project.get_absolute_url()
    if request.method == "GET":
        return redirect(f"{request.desk.carried_to(back)}#comments")
    form = CommentForm(request.POST, auto_id="comment_%s")
    if form.is_valid() and _comment(request, project, form, back):
        return redirect(back)
    context = {"form": form, "project": project, "back": back, "title": _("Nêu ý kiến"), "button": _("Ghi ý kiến")}
    return render(request, "projects/comment_form.html", context, status=422)


@keeps_draft
@require_http_methods(["GET", "POST"])
def comment_answer(request: SiteRequest, pk: int) -> HttpResponse:
    """The answer to a remark, which is open no more then; the person goes back to where it stands (``?next=``)."""
    comment = get_object_or_404(Comment.objects.visible_to(request.user).to_be_answered(), pk=pk)
    project = comment.project
    require(request.user, "comment", project.organisation_id)
    back = own_address(request, request.GET.get("next", "")) or project.get_absolute_url()
    form = request.desk.shown(AnswerForm(request.desk.typed))
    if request.method == "POST" and form.is_valid() and _comment(request, project, form, back, answers=comment):
        return redirect(f"{back}#comments")
    thread = next(one for one in comment_threads(project, request.user) if one.remark.comment == comment)
    form.fields["text"].label = title = thread.button
    context = {"form": form, "project": project, "back": back, "comment": comment, "title": title, "button": title}
    return render(request, "projects/comment_form.html", context, status=422 if form.errors else 200)


@keeps_draft
@require_http_methods(["GET", "POST"])
def comment_withdraw(request: SiteRequest, pk: int) -> HttpResponse:
    """Says what withdrawing a remark does, and does it for a reason; back to where it stands (``?next=``)."""
    comment = get_object_or_404(Comment.objects.visible_to(request.user).select_related("project"), pk=pk)
    if not can_withdraw_comment(request.user, comment, comment.project):
        raise NotAllowed(refusal_to_withdraw_comment(comment.author_role))
    back = f"{own_address(request, request.GET.get('next', '')) or comment.project.get_absolute_url()}#comments"
    form = request.desk.shown(TakeBackForm(request.desk.typed))
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_comment(comment=comment, **form.cleaned_data, actor=request.user)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Đã rút ý kiến."))
            return redirect(back)
    consequences = [
        _("Ý kiến vẫn đọc được, gạch ngang, kèm người rút và lý do; không ai phải trả lời nữa."),
        _("Rút một câu trả lời thì ý kiến được trả lời lại thành chưa trả lời."),
    ]
    context = {"form": form, "title": _("Rút ý kiến"), "subject": comment.text, "consequences": consequences}
    return render(request, "projects/take_back.html", {**context, "back": back}, status=422 if form.errors else 200)


def _comment(
    request: SiteRequest, project: Project, form: Form, written_at: str, *, answers: Comment | None = None
) -> bool:
    """Whether the remark stands now, written by this request or by the one before it; the refusal is on the form
    otherwise. It is of the round on whose review it was written, else of one that is before the Department."""
    rounds = PlanRound.objects.of_project(project).in_status(PlanRound.Status.SUBMITTED).order_by("pk")
    here = [one for one in rounds if written_at.startswith(reverse("projects:round_review", args=[one.pk]))]
    under_review = next(iter([*here, *rounds]), None)
    try:
        words = {"field": answers.field if answers else "", **form.cleaned_data}
        add_comment(project=project, plan_round=under_review, actor=request.user, answers=answers, **words)
    except Refused as refusal:
        if refusal.code != "twice":
            show_refusal(form, refusal)
            return False
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("Đã ghi trả lời.") if answers else _("Đã ghi ý kiến."))
    return True


@require_safe
def appraisal(request: SiteRequest, pk: int) -> HttpResponse:
    """The newest appraisal of a project as it was signed, to print; ``?number=`` names an older one."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    appraisals = list(Appraisal.objects.of_project(project).newest_first())
    typed = request.GET.get("number", "")
    found = [one for one in appraisals if not typed or str(one.pk) == typed]
    if not found:
        raise Http404
    return paper_of(request, PAPERS[RecordedPaper.Kind.APPRAISAL], found[0])
