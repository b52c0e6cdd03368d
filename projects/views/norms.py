"""Norms of support: what was in force on any day, one norm over time, and a province's own norms."""

from __future__ import annotations

from copy import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from programmes.models import NormChange, NormDocument, SupportNorm
from projects.forms.document import DocumentForm
from projects.forms.fields import opened_anew, show_refusal
from projects.forms.norms import NormCorrectForm, NormEndForm, NormFilter, NormForm
from projects.pages.files import listed_files
from projects.pages.missing_norms import missing_norms, whose_norms
from projects.refusals import NotAllowed, Refused
from projects.rules.norm_reach import reach_of
from projects.rules.permissions import RIGHTS, can_keep_norms
from projects.services.norms import add_norm, correct_norm, end_norm


@require_safe
def norm_list(request: SiteRequest) -> HttpResponse:
    """What is in force on a day; level and province narrow it. The question stands in the address."""
    filters = NormFilter(request.GET, user=request.user)
    is_readable = filters.is_valid()
    return render(
        request,
        "projects/norm_list.html",
        {
            "filters": filters,
            "norms": filters.rows() if is_readable else None,
            "on": filters.cleaned_data.get("on"),
            "can_keep": can_keep_norms(request.user),
            "whose": whose_norms(request.user),
            "missing": missing_norms(request.user, filters.cleaned_data["on"]) if is_readable else [],
        },
        status=200 if is_readable else 422,
    )


@require_safe
def norm_detail(request: SiteRequest, pk: int) -> HttpResponse:
    norm = get_object_or_404(SupportNorm.objects.visible_to(request.user).for_page(), pk=pk)
    is_kept = SupportNorm.objects.kept_by(request.user).contains(norm)
    return render(
        request,
        "projects/norm_detail.html",
        {
            "norm": norm,
            "versions": SupportNorm.objects.visible_to(request.user).versions_of(norm),
            "reach": reach_of(norm, request.user),
            "can_end": is_kept,
            "changes": NormChange.objects.of_norm(norm),
            "files": listed_files(norm, NormDocument.objects.of_document(norm).for_list(), request.user),
            "document_form": DocumentForm(),
        },
    )


@keeps_draft
@require_http_methods(["GET", "POST"])
def norm_create(request: SiteRequest) -> HttpResponse:
    """A norm of the administrator's province: shown with the projects that it touches, then saved."""
    if not can_keep_norms(request.user):
        raise NotAllowed(RIGHTS["norms"].refusal())
    form = request.desk.shown(NormForm(request.desk.typed, user=request.user))
    reach = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("previewed") == form.digest() and _store(request, form):
            return redirect(form.instance)
        reach = reach_of(form.instance, request.user)
    context = {"form": form, "reach": reach, "norm": form.instance, "previewed": form.digest() if reach else ""}
    context["whose"] = whose_norms(request.user)
    return render(request, "projects/norm_form.html", context, status=422 if form.errors else 200)


def _store(request: SiteRequest, form: NormForm) -> bool:
    """Whether the norm was stored; the refusal stands on the form otherwise."""
    try:
        add_norm(norm=form.save(commit=False), regulation=form.document, actor=request.user)
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    messages.success(request, _("Đã thêm mức hỗ trợ “%s”. Đính kèm bản quét của văn bản ở dưới.") % form.instance.item)
    return True


def _end(request: SiteRequest, norm: SupportNorm, form: NormEndForm) -> bool:
    """Whether the last day was stored; the refusal stands on the form otherwise."""
    try:
        end_norm(norm=norm, **form.cleaned_data, actor=request.user)
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    messages.success(request, _("Đã kết thúc mức hỗ trợ “%s”.") % norm.item)
    return True


@keeps_draft
@require_http_methods(["GET", "POST"])
def norm_end(request: SiteRequest, pk: int) -> HttpResponse:
    """The last day of a norm: shown with what changes by it, then saved."""
    norm = get_object_or_404(SupportNorm.objects.visible_to(request.user).for_page(), pk=pk)
    if not SupportNorm.objects.kept_by(request.user).contains(norm):
        raise NotAllowed(RIGHTS["norms"].refusal())
    form = request.desk.shown(NormEndForm(request.desk.typed, norm=norm))
    reach = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("previewed") == form.digest() and _end(request, norm, form):
            return redirect(norm)
        reach = reach_of(norm, request.user)
    context = {"form": form, "reach": reach, "norm": norm, "previewed": form.digest() if reach else ""}
    return render(request, "projects/norm_end.html", context, status=422 if form.errors else 200)


@keeps_draft
@require_http_methods(["GET", "POST"])
def norm_correct(request: SiteRequest, pk: int) -> HttpResponse:
    """Puts right what was typed of a norm; what stood there stays readable on its page."""
    norm = get_object_or_404(SupportNorm.objects.visible_to(request.user).for_page(), pk=pk)
    if not SupportNorm.objects.kept_by(request.user).contains(norm):
        raise NotAllowed(RIGHTS["norms"].refusal())
    seen = NormChange.objects.of_norm(norm).count()
    form = request.desk.shown(NormCorrectForm(request.desk.typed, instance=copy(norm), initial={"seen": seen}))
    if request.method == "POST" and form.is_valid():
        try:
            words = {name: form.cleaned_data[name] for name in ("seen", "reason")}
            correct_norm(norm=form.instance, actor=request.user, **words)
        except Refused as refusal:
            show_refusal(form, refusal)
            opened_anew(form, seen=seen)
        else:
            messages.success(request, _("Đã đính chính mức hỗ trợ “%s”.") % form.instance.item)
            return redirect(norm)
    context = {"form": form, "norm": norm, "reach": reach_of(norm, request.user)}
    return render(request, "projects/norm_correct.html", context, status=422 if form.errors else 200)
