"""Files of projects, letters and norms: adding one, and reading one, by the row rule of its record."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.attachments import Attachment
from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from programmes.models import Decision, DecisionDocument, NormDocument, SupportNorm
from projects.forms.document import DocumentForm
from projects.forms.fields import show_refusal
from projects.models import Project, ProjectDocument
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import RIGHTS
from projects.services.documents import attach_to_decision, attach_to_norm, attach_to_project
from projects.services.guards import require


@keeps_draft
@require_http_methods(["GET", "POST"])
def project_document_add(request: SiteRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    require(request.user, "attach", project.organisation_id)
    return _add(request, project, partial(attach_to_project, project=project))


@keeps_draft
@require_http_methods(["GET", "POST"])
def decision_document_add(request: SiteRequest, pk: int) -> HttpResponse:
    decision = get_object_or_404(Decision.objects.visible_to(request.user), pk=pk)
    require(request.user, "scan", decision.organisation_id)
    return _add(request, decision, partial(attach_to_decision, decision=decision))


@keeps_draft
@require_http_methods(["GET", "POST"])
def norm_document_add(request: SiteRequest, pk: int) -> HttpResponse:
    norm = get_object_or_404(SupportNorm.objects.visible_to(request.user), pk=pk)
    if not SupportNorm.objects.kept_by(request.user).contains(norm):
        raise NotAllowed(RIGHTS["norms"].refusal())
    return _add(request, norm, partial(attach_to_norm, norm=norm))


def _add(
    request: SiteRequest, record: Project | Decision | SupportNorm, attach: Callable[..., Attachment]
) -> HttpResponse:
    """The form stands on the record's page; here it comes back with what was wrong."""
    form = request.desk.shown(DocumentForm(request.desk.typed, request.FILES or None))
    if request.method == "POST" and form.is_valid():
        try:
            document = attach(**form.cleaned_data, actor=request.user)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Đã đính kèm “%(name)s”.") % {"name": document})
            return redirect(record)
    context = {"form": form, "record": record}
    return render(request, "projects/document_form.html", context, status=422 if form.errors else 200)


@require_safe
def project_document(request: SiteRequest, pk: int) -> HttpResponseBase:
    document = get_object_or_404(ProjectDocument.objects.visible_to(request.user), pk=pk)
    return _served(request, document, document.project)


@require_safe
def decision_document(request: SiteRequest, pk: int) -> HttpResponseBase:
    document = get_object_or_404(DecisionDocument.objects.visible_to(request.user), pk=pk)
    return _served(request, document, document.decision)


@require_safe
def norm_document(request: SiteRequest, pk: int) -> HttpResponseBase:
    document = get_object_or_404(NormDocument.objects.visible_to(request.user), pk=pk)
    return _served(request, document, document.norm)


def _served(request: SiteRequest, document: Attachment, record: Project | Decision | SupportNorm) -> HttpResponseBase:
    """The file, or back to its record when the disk has lost it (a backup restored without its files)."""
    try:
        return document.response()
    except FileNotFoundError:
        text = _("Tệp “%(name)s” không còn trên máy chủ. Hãy báo người quản trị hệ thống khôi phục từ bản sao lưu.")
        messages.error(request, text % {"name": document})
        return redirect(record)
