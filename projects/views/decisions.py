"""Letters: recording one with its amounts, and reading one with what it changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.models import Authorisation, Role
from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest, page_or_part
from programmes.models import AnnualPlan, Decision, DecisionChange
from projects.forms.correction import CorrectionForm
from projects.forms.decision import (
    FILL_RECOMMENDED,
    DecisionEntry,
    Effect,
    decision_entry,
    effects_between,
    filled_in,
    with_standing_amounts,
)
from projects.forms.document import DocumentForm
from projects.forms.fields import show_refusal
from projects.ledger.remainders import envelopes
from projects.models import PlanLine, ProjectRevision
from projects.pages.files import listed_files
from projects.pages.letter_authority import unruled_changes
from projects.pages.letter_entries import letter_entries
from projects.papers.letter_papers import has_appendix, has_approved_list
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import RIGHTS, why_not_write_plan
from projects.rules.what_rests import dropped_lines
from projects.services.corrections import record_corrections
from projects.services.decisions import record_decision
from projects.services.letter_undoing import why_not_put_right
from projects.services.preview import what_if
from projects.services.storing import filed


@keeps_draft
@require_http_methods(["GET", "POST"])
def decision_create(request: SiteRequest, plan_pk: int) -> HttpResponse:
    """Records a letter. ``preview`` shows its effect first, ``fill`` takes over what the lines ask for, or what the
    Department proposes of it."""
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=plan_pk)
    if refusal := why_not_write_plan(request.user, plan, "decide"):
        raise NotAllowed(refusal)
    if request.method == "GET":
        return _render(request, decision_entry(plan, data=request.desk.typed), is_draft=True)
    entry = decision_entry(plan, data=request.POST, files=request.FILES)
    if "fill" in request.POST:
        return _filled(request, entry)
    if "preview" in request.POST or request.wants_part:
        return _render(request, entry, is_draft=True)
    if entry.is_valid() and (decision := _record(request, entry)):
        messages.success(request, _("Đã ghi nhận %(decision)s.") % {"decision": decision.label})
        warn_of_unruled(request, decision)
        return redirect(plan)
    if entry.form.has_error("__all__", "changed_meanwhile"):
        refused = list(entry.form.non_field_errors())
        entry = decision_entry(plan, data=with_standing_amounts(entry, request.POST), files=request.FILES)
        entry.form.is_valid()
        for message in refused:
            entry.form.add_error(None, message)
    return _render(request, entry, status=422)


def _filled(request: SiteRequest, entry: DecisionEntry) -> HttpResponse:
    """The sheet filled in as its lines ask, or as they were appraised. htmx gets the amounts alone, so that a chosen
    file stays chosen, and asks for the effect after them."""
    data = filled_in(entry, request.POST, as_recommended=request.POST["fill"] == FILL_RECOMMENDED)
    filled = decision_entry(entry.plan, data=data, files=request.FILES)
    if entry.fill_rounds and not any(one.is_chosen for one in entry.fill_rounds):
        filled.fill_problem = _("Chọn đợt mà văn bản này duyệt, rồi điền.")
    response = _render(request, filled, is_draft=True, part="amounts")
    response["HX-Trigger-After-Swap"] = "amounts-filled"
    return response


def warn_of_unruled(request: SiteRequest, decision: Decision) -> None:
    """Says of what was just recorded that no rule is known of who decides it; the letter's page goes on saying it."""
    for text in unruled_changes(decision):
        messages.warning(request, text)


def _record(request: SiteRequest, entry: DecisionEntry) -> Decision | None:
    """The recorded letter with its scan, or None with the refusal on the form."""
    try:
        letter = entry.form.letter()
        with filed("scan") as files:
            decision = record_decision(
                plan=entry.plan,
                decision=letter,
                reason=entry.form.amounts_reason(letter),
                assigned=entry.assigned_changes(),
                approved=entry.approved_changes(),
                nature=entry.form.cleaned_data["nature"],
                actor=request.user,
            )
            files += entry.form.scans(decision, request.user)
    except Refused as refusal:
        show_refusal(entry.form, refusal)
        entry.show_overruns(getattr(refusal, "overruns", ()))
        return None
    return decision


def _render(
    request: SiteRequest, entry: DecisionEntry, *, is_draft: bool = False, status: int = 200, part: str = "effect"
) -> HttpResponse:
    """A draft is looked at before it is finished: its head is not judged yet, its amounts are."""
    effects = entry.effects()
    entry.show_warnings(request.user)
    if is_draft and not entry.form.is_valid():
        entry.form.errors.clear()
    scans = request.FILES.getlist("scan")
    context = {
        "entry": entry,
        "form": entry.form,
        "plan": entry.plan,
        "effects": effects,
        "lost_scan": ", ".join(scan.name or "" for scan in scans),
    }
    return render(request, page_or_part(request, "projects/decision_form.html", part), context, status=status)


@require_safe
def decision_detail(request: SiteRequest, pk: int) -> HttpResponse:
    """One letter, and the entries of the plans and projects that the user may see."""
    decision = get_object_or_404(Decision.objects.visible_to(request.user).for_page(), pk=pk)
    seen = request.user.visible_organisation_ids()
    entries = letter_entries(decision, request.user)
    revisions = list(ProjectRevision.objects.visible_to(request.user).of_decision(decision))
    changes = list(decision.changes.for_page())
    recorded = [decision, *entries["allocations"], *entries["approvals"], *revisions, *changes]
    Authorisation.objects.name_principals(recorded, Role.DEPARTMENT_HEAD, decision.organisation)
    return render(
        request,
        "projects/decision_detail.html",
        {
            "decision": decision,
            "acted_for": decision.acted_for,
            "unruled": unruled_changes(decision),
            **entries,
            "revisions": revisions,
            "carried": PlanLine.objects.carried_by(decision).visible_to(request.user),
            "has_appendix": has_appendix(decision, request.user),
            "dropped": [one for one in dropped_lines(decision) if one[0].project.organisation_id in seen],
            "has_list": has_approved_list(decision, request.user),
            "can_correct": not decision.is_cancelled and not all(_why_not_correct(request, decision).values()),
            "can_cancel": not why_not_put_right(request.user, decision),
            "head_changes": [one for one in changes if one.field != DecisionChange.CANCELLED],
            "cancelling": next((one for one in changes if one.field == DecisionChange.CANCELLED), None),
            "files": listed_files(decision, decision.documents.all(), request.user),
            "document_form": DocumentForm(),
        },
    )


@keeps_draft
@require_http_methods(["GET", "POST"])
def decision_correct(request: SiteRequest, pk: int) -> HttpResponse:
    """Puts slips of typing right: the user types what the letter really leaves, with the reason."""
    decision = get_object_or_404(Decision.objects.visible_to(request.user).for_page(), pk=pk)
    refusals = _why_not_correct(request, decision)
    if decision.is_cancelled:
        raise NotAllowed(_("Văn bản này đã hủy."))
    plans = [plan for plan, refusal in refusals.items() if not refusal]
    if not plans:
        raise NotAllowed(" ".join(dict.fromkeys(refusals.values())) or RIGHTS["correct"].refusal())
    form = request.desk.shown(CorrectionForm(request.desk.typed, decision=decision, plans=plans))
    effects: list[tuple[AnnualPlan, list[Effect]]] = []
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" not in request.POST:
                _correct(request, decision, form)
                messages.success(request, _("Đã ghi đính chính của %(decision)s.") % {"decision": decision.label})
                return redirect(decision)
            before = {plan.pk: envelopes([plan]) for plan in plans}
            after = what_if(
                lambda: _correct(request, decision, form), lambda: {plan.pk: envelopes([plan]) for plan in plans}
            )
            effects = [(plan, effects_between(before[plan.pk], after[plan.pk])) for plan in plans]
        except Refused as refusal:
            form = CorrectionForm(form.with_standing_amounts(), decision=decision, plans=plans)
            form.is_valid()
            form.add_error(None, refusal.messages)
    context = {"form": form, "decision": decision, "effects_by_plan": effects}
    return render(request, "projects/decision_correct.html", context, status=422 if form.errors else 200)


def _why_not_correct(request: SiteRequest, decision: Decision) -> dict[AnnualPlan, str]:
    """Of each plan of the letter, why this user can't put its slips right; empty where they can."""
    plans = AnnualPlan.objects.of_decision(decision)
    return {plan: why_not_write_plan(request.user, plan, "correct") for plan in plans}


def _correct(request: SiteRequest, decision: Decision, form: CorrectionForm) -> None:
    record_corrections(
        decision=decision,
        corrections=form.corrections(),
        reason=form.cleaned_data["reason"],
        actor=request.user,
    )
