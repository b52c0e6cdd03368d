"""Adjusting a running project by a letter, and putting right what was recorded of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from programmes.models import AnnualPlan
from projects.forms.adjust import AdjustEntry, Stood, TextEntry, adjust_entry, correction_entry, text_entry
from projects.forms.fields import show_refusal
from projects.models import Project, ProjectRevision
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import why_not_adjust, why_not_correct_adjustment
from projects.services.adjust import adjust_project, correct_adjustment
from projects.services.storing import filed
from projects.views.decisions import warn_of_unruled


@keeps_draft
@require_http_methods(["GET", "POST"])
def project_adjust(request: SiteRequest, pk: int) -> HttpResponse:
    """Places, dates and beneficiaries after approval: a dated revision under a letter, with its reason."""
    project = get_object_or_404(Project.objects.visible_to(request.user).for_detail(), pk=pk)
    if refusal := why_not_adjust(request.user, project):
        raise NotAllowed(refusal)
    plan = AnnualPlan.objects.of_project(project).for_page().latest_first()[0]
    posted = request.method == "POST"
    entry = adjust_entry(project, plan, request.desk.typed, request.FILES if posted else None)
    if request.desk.restored:
        entry.leave_unjudged()
    if posted and entry.is_valid() and _save(request, project, plan, entry):
        return redirect(project)
    context = {
        "project": project,
        "plan": plan,
        "entry": entry,
        "stood": _what_stands(request, plan, project, entry),
        "letter": entry.letter,
        "form": entry.form,
    }
    return render(request, "projects/project_adjust.html", context, status=422 if entry.has_errors else 200)


def _what_stands(request: SiteRequest, plan: AnnualPlan, project: Project, entry: TextEntry) -> list[Stood]:
    """What somebody else stored meanwhile, beside what was typed: saving again writes what the form then holds."""
    if not entry.form.has_error("__all__", "stale"):
        return []
    current = Project.objects.visible_to(request.user).for_detail().get(pk=project.pk)
    return entry.differences(text_entry(current, plan))


def _save(request: SiteRequest, project: Project, plan: AnnualPlan, entry: AdjustEntry) -> bool:
    """Whether the changes were recorded; the refusal stands on the form otherwise."""
    decision = entry.decision()
    try:
        with filed("scan") as files:
            revision = adjust_project(
                project=project,
                plan=plan,
                decision=decision,
                wanted=entry.wanted(),
                reason=entry.form.cleaned_data["reason"],
                actor=request.user,
                version=entry.form.cleaned_data["version"],
            )
            files += entry.letter.scans(decision, request.user)
    except Refused as refusal:
        show_refusal(entry.form, refusal, entry.letter)
        return False
    messages.success(request, _("Đã ghi điều chỉnh theo %(decision)s.") % {"decision": decision.label})
    if revision.decision:
        warn_of_unruled(request, revision.decision)
    return True


@keeps_draft
@require_http_methods(["GET", "POST"])
def adjustment_correct(request: SiteRequest, pk: int) -> HttpResponse:
    """Puts right what was recorded of an adjustment, under its letter and from its day; what was recorded stays
    readable."""
    rows = ProjectRevision.objects.visible_to(request.user).adjustments()
    revision = get_object_or_404(rows.select_related("decision"), pk=pk)
    project = Project.objects.for_detail().get(pk=revision.project_id)
    if refusal := why_not_correct_adjustment(request.user, project):
        raise NotAllowed(refusal)
    plan = AnnualPlan.objects.of_project(project).for_page().latest_first()[0]
    posted = request.method == "POST"
    entry = correction_entry(project, plan, request.desk.typed)
    if request.desk.restored:
        entry.leave_unjudged()
    if posted and entry.is_valid() and _correct(request, revision, entry):
        return redirect(revision.decision)
    context = {
        "project": project,
        "plan": plan,
        "decision": revision.decision,
        "revision": revision,
        "entry": entry,
        "stood": _what_stands(request, plan, project, entry),
        "form": entry.form,
    }
    return render(request, "projects/adjustment_correct.html", context, status=422 if entry.has_errors else 200)


def _correct(request: SiteRequest, revision: ProjectRevision, entry: TextEntry) -> bool:
    """Whether it was put right; the refusal stands on the form otherwise."""
    data = entry.form.cleaned_data
    try:
        correct_adjustment(
            revision=revision,
            wanted=entry.wanted(),
            reason=data["reason"],
            actor=request.user,
            version=data["version"],
        )
    except Refused as refusal:
        show_refusal(entry.form, refusal)
        return False
    messages.success(request, _("Đã đính chính điều chỉnh của %(project)s.") % {"project": revision.project})
    return True
