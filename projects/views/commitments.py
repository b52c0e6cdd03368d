"""The two commitments of form 1."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from projects.forms.commitment import CommitmentForm
from projects.forms.fields import opened_anew, show_refusal
from projects.models import Commitment, Project
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import why_not_give_reason
from projects.services.commitments import record_commitment


@keeps_draft
@require_http_methods(["GET", "POST"])
def commitment_record(request: SiteRequest, pk: int) -> HttpResponse:
    """Records what was signed, for the first time or again with a reason."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    if refusal := why_not_give_reason(request.user, project):
        raise NotAllowed(refusal)
    last = Commitment.objects.of_project(project).first()
    files = request.FILES if request.method == "POST" else None
    form = request.desk.shown(CommitmentForm(request.desk.typed, files, project=project, last=last))
    if request.method == "POST" and form.is_valid():
        try:
            record_commitment(
                project=project,
                signed=form.signed,
                seen=form.cleaned_data["seen"],
                reason=form.cleaned_data.get("reason", ""),
                actor=request.user,
            )
        except Refused as refused:
            show_refusal(form, refused)
            opened_anew(form, seen=last.pk if last else "")
        else:
            messages.success(request, _("Đã ghi cam kết của đơn vị thụ hưởng."))
            return redirect(f"{project.get_absolute_url()}#commitments")
    context = {"project": project, "form": form, "last": last}
    return render(request, "projects/commitment_form.html", context, status=422 if form.errors else 200)
