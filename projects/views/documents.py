"""Files of projects, rounds, letters and norms: added, read, withdrawn, erased, by the row rule of their record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.attachments import Attachment
from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from programmes.models import Decision, DecisionDocument, NormDocument, PlanRound, RoundDocument, SupportNorm
from projects.forms.document import DocumentForm, TakeBackForm
from projects.forms.fields import show_refusal
from projects.models import Project, ProjectDocument
from projects.pages.files import listed_files
from projects.refusals import NotAllowed, Refused
from projects.rules.dossiers import (
    Filed,
    can_attach,
    can_erase,
    can_withdraw,
    dossier_of,
    refusal_to_erase,
    refusal_to_withdraw,
)
from projects.rules.permissions import RIGHTS
from projects.services.documents import attach_files, erase_document, withdraw_document

# The word that stands for each kind of file in addresses.
KINDS: dict[str, Any] = {
    "projects": ProjectDocument,
    "rounds": RoundDocument,
    "decisions": DecisionDocument,
    "norms": NormDocument,
}


@keeps_draft
@require_http_methods(["GET", "POST"])
def project_document_add(request: SiteRequest, pk: int) -> HttpResponse:
    return _add(request, get_object_or_404(Project.objects.visible_to(request.user), pk=pk))


@keeps_draft
@require_http_methods(["GET", "POST"])
def round_document_add(request: SiteRequest, pk: int) -> HttpResponse:
    return _add(request, get_object_or_404(PlanRound.objects.visible_to(request.user).for_page(), pk=pk))


@keeps_draft
@require_http_methods(["GET", "POST"])
def decision_document_add(request: SiteRequest, pk: int) -> HttpResponse:
    return _add(request, get_object_or_404(Decision.objects.visible_to(request.user), pk=pk))


@keeps_draft
@require_http_methods(["GET", "POST"])
def norm_document_add(request: SiteRequest, pk: int) -> HttpResponse:
    return _add(request, get_object_or_404(SupportNorm.objects.visible_to(request.user), pk=pk))


def _add(request: SiteRequest, record: Filed) -> HttpResponse:
    """The form stands on the record's page; here it comes back with what was wrong."""
    dossier = dossier_of(record)
    if not can_attach(request.user, dossier):
        raise NotAllowed(RIGHTS[dossier.right].refusal())
    form = request.desk.shown(DocumentForm(request.desk.typed, request.FILES or None))
    if request.method == "POST" and form.is_valid():
        try:
            files, title = form.cleaned_data["file"], form.cleaned_data["title"]
            attached = attach_files(record=record, files=files, title=title, actor=request.user)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            names = ", ".join(f"“{document}”" for document in attached)
            messages.success(request, _("Đã đính kèm %(names)s.") % {"names": names})
            return redirect(_page_of(record))
    context = {"form": form, "record": record, "back": _page_of(record)}
    return render(request, "projects/document_form.html", context, status=422 if form.errors else 200)


def _page_of(record: Filed) -> str:
    """Where the files of the record are listed."""
    if isinstance(record, PlanRound):
        return reverse("projects:round_documents", args=[record.pk])
    return record.get_absolute_url()


@require_safe
def round_documents(request: SiteRequest, pk: int) -> HttpResponse:
    """The files of a round, which has no other page that everybody reads."""
    plan_round = get_object_or_404(PlanRound.objects.visible_to(request.user).for_page(), pk=pk)
    context = {
        "round": plan_round,
        "plan": plan_round.plan,
        "files": listed_files(plan_round, plan_round.documents.for_list(), request.user),
        "document_form": DocumentForm(),
    }
    return render(request, "projects/round_documents.html", context)


@require_safe
def project_document(request: SiteRequest, pk: int) -> HttpResponseBase:
    return _served(request, _visible(request, "projects", pk))


@require_safe
def round_document(request: SiteRequest, pk: int) -> HttpResponseBase:
    return _served(request, _visible(request, "rounds", pk))


@require_safe
def decision_document(request: SiteRequest, pk: int) -> HttpResponseBase:
    return _served(request, _visible(request, "decisions", pk))


@require_safe
def norm_document(request: SiteRequest, pk: int) -> HttpResponseBase:
    return _served(request, _visible(request, "norms", pk))


def _visible(request: SiteRequest, kind: str, pk: int) -> Attachment:
    if kind not in KINDS:
        raise Http404
    document: Attachment = get_object_or_404(KINDS[kind].objects.visible_to(request.user).for_list(), pk=pk)
    return document


def _served(request: SiteRequest, document: Attachment) -> HttpResponseBase:
    """The file, or back to its record: when the disk has lost it (a backup restored without its files), when it was
    erased, and when it was withdrawn, unless the address asks for that one (``?withdrawn``)."""
    if document.erased_at or (not document.is_current and "withdrawn" not in request.GET):
        text = (
            _("Nội dung tài liệu “%(name)s” đã được xóa.")
            if document.erased_at
            else _("Tài liệu “%(name)s” đã được rút, không còn dùng. Xem ở mục tài liệu đã rút.")
        )
        messages.error(request, text % {"name": document})
        return redirect(_page_of(document.record))
    try:
        return document.response()
    except FileNotFoundError:
        text = _("Tệp “%(name)s” không còn trên máy chủ. Hãy báo người quản trị hệ thống khôi phục từ bản sao lưu.")
        messages.error(request, text % {"name": document})
        return redirect(_page_of(document.record))


@keeps_draft
@require_http_methods(["GET", "POST"])
def document_withdraw(request: SiteRequest, pk: int, kind: str) -> HttpResponse:
    """Says what withdrawing a wrong file does, and does it for a reason."""
    document = _visible(request, kind, pk)
    if not can_withdraw(request.user, document, dossier_of(document.record)):
        raise NotAllowed(refusal_to_withdraw(document.uploader_role))
    consequences = [
        _("Tài liệu ra khỏi danh sách đang dùng; tên tệp, người đính kèm, người rút và lý do vẫn ghi ở mục đã rút."),
        _("Người xem được hồ sơ vẫn mở được tệp đã rút, cho đến khi nội dung bị xóa."),
        _("Rút nhầm thì đính kèm lại tệp đó."),
    ]
    texts = {"title": _("Rút tài liệu"), "consequences": consequences}
    return _take_back(request, document, withdraw_document, texts, _("Đã rút “%(name)s”."))


@keeps_draft
@require_http_methods(["GET", "POST"])
def document_erase(request: SiteRequest, pk: int, kind: str) -> HttpResponse:
    """Says what erasing the content of a withdrawn file does, and does it for a reason."""
    document = _visible(request, kind, pk)
    if not can_erase(request.user, document, dossier_of(document.record)):
        raise NotAllowed(refusal_to_erase(document.uploader_role))
    consequences = [
        _("Nội dung tệp bị xóa hẳn, không lấy lại được; bản sao lưu của máy chủ còn giữ tệp cho đến khi được thay."),
        _("Vẫn giữ: tên tệp, dung lượng, mã kiểm tra, ai đính kèm, ai rút, ai xóa, lúc nào và lý do."),
    ]
    texts = {"title": _("Xóa nội dung tài liệu"), "consequences": consequences}
    return _take_back(request, document, erase_document, texts, _("Đã xóa nội dung “%(name)s”."))


def _take_back(
    request: SiteRequest, document: Attachment, write: Callable[..., Attachment], texts: dict[str, Any], done: str
) -> HttpResponse:
    form = request.desk.shown(TakeBackForm(request.desk.typed))
    back = _page_of(document.record)
    if request.method == "POST" and form.is_valid():
        try:
            write(document=document, **form.cleaned_data, actor=request.user)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, done % {"name": document})
            return redirect(back)
    context = {"form": form, "subject": document, "back": back, **texts}
    return render(request, "projects/take_back.html", context, status=422 if form.errors else 200)
