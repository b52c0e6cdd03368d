"""What was recorded of a letter by mistake: it is cancelled as a whole, or its head is put right."""

from __future__ import annotations

from copy import copy

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from programmes.models import Decision
from projects.forms.correction import CancelForm, HeadCorrectionForm
from projects.forms.fields import show_refusal
from projects.pages.letter_entries import letter_entries
from projects.refusals import NotAllowed, Refused
from projects.rules.what_rests import dropped_lines, what_rests_on
from projects.services.cancelling import cancel_decision, restore_line
from projects.services.letter_heads import correct_head
from projects.services.letter_undoing import latest_plan_of, why_not_put_right


@keeps_draft
@require_http_methods(["GET", "POST"])
def decision_cancel(request: SiteRequest, pk: int) -> HttpResponse:
    """The Department's head cancels a letter that was recorded by mistake; the page says what rests on it."""
    decision = get_object_or_404(Decision.objects.visible_to(request.user).for_page(), pk=pk)
    if refusal := why_not_put_right(request.user, decision):
        raise NotAllowed(refusal)
    form = request.desk.shown(CancelForm(request.desk.typed))
    if request.method == "POST" and form.is_valid():
        try:
            cancel_decision(decision=decision, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Đã hủy %(letter)s.") % {"letter": decision.label})
            return redirect(decision)
    context = {
        "decision": decision,
        "form": form,
        "resting": what_rests_on(decision),
        **letter_entries(decision, request.user),
    }
    return render(request, "projects/decision_cancel.html", context, status=422 if form.errors else 200)


@keeps_draft
@require_http_methods(["GET", "POST"])
def line_restore(request: SiteRequest, pk: int, line_pk: int) -> HttpResponse:
    """Takes back a 0 that dropped a line by mistake; then its amount is recorded under the same letter."""
    decision = get_object_or_404(Decision.objects.visible_to(request.user).for_page(), pk=pk)
    line = next((one for one, _step in dropped_lines(decision) if one.pk == line_pk), None)
    if line is None:
        raise Http404
    if refusal := why_not_put_right(request.user, decision):
        raise NotAllowed(refusal)
    form = request.desk.shown(CancelForm(request.desk.typed))
    if request.method == "POST" and form.is_valid():
        try:
            restore_line(decision=decision, line=line, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            said = {"project": line.project, "letter": decision.label}
            messages.success(
                request, _("Đã đưa “%(project)s” về chờ quyết định. Hãy ghi số tiền theo %(letter)s.") % said
            )
            return redirect(line.round.plan)
    consequences = [
        _("Đề án trở lại “Đã thẩm định”, đợt trở lại “Đã trình”; các đề án khác của văn bản giữ nguyên."),
        _("Sau đó ghi nhận số tiền của đề án với đúng số, ngày văn bản này: phần mềm ghi thêm vào văn bản đã có."),
    ]
    context = {
        "form": form,
        "title": _("Xét lại đề án ghi nhầm số 0"),
        "subject": line.project,
        "back": decision.get_absolute_url(),
    }
    return render(
        request, "projects/take_back.html", context | {"consequences": consequences}, status=422 if form.errors else 200
    )


@keeps_draft
@require_http_methods(["GET", "POST"])
def decision_head(request: SiteRequest, pk: int) -> HttpResponse:
    """Number, day, kind, authority, signer and subject as the paper has them; the former ones stay on its page."""
    decision = get_object_or_404(Decision.objects.visible_to(request.user).for_page(), pk=pk)
    if refusal := why_not_put_right(request.user, decision):
        raise NotAllowed(refusal)
    plan = latest_plan_of(decision)
    if plan is None:
        raise Http404  # a letter of no plan has nothing to put right
    form = request.desk.shown(HeadCorrectionForm(request.desk.typed, instance=copy(decision), plan=plan))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            corrected = correct_head(decision=decision, head=form.head(), reason=reason, actor=request.user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Đã ghi đính chính của %(decision)s.") % {"decision": corrected.label})
            return redirect(corrected)
    context = {"decision": decision, "form": form}
    return render(request, "projects/decision_head.html", context, status=422 if form.errors else 200)
