"""The file behind a list: as it was brought, with its faults marked, and erased."""

from __future__ import annotations

from pathlib import PurePath

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from projects.forms.fields import show_refusal
from projects.importing.annotated import annotated_copy
from projects.importing.forms import EraseForm
from projects.importing.models import ImportBatch
from projects.importing.pages import why_not_read_file
from projects.importing.services.batches import erase_file, why_not_erase
from projects.importing.understanding import understand_list
from projects.importing.views.held import batch_of
from projects.refusals import NotAllowed, Refused
from projects.services.guards import require

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _batch_with_file(request: SiteRequest, pk: int) -> ImportBatch:
    """Raises NotAllowed unless the user may have the file of the list."""
    one = batch_of(request, pk)
    if refusal := why_not_read_file(request.user, one):
        raise NotAllowed(refusal)
    return one


@require_safe
def source_file(request: SiteRequest, pk: int) -> HttpResponseBase:
    """The file as it was brought."""
    one = _batch_with_file(request, pk)
    try:
        if not one.file:
            raise FileNotFoundError  # pasted rows never were a file
        return FileResponse(one.file.open("rb"), as_attachment=True, filename=one.file_name)
    except FileNotFoundError:
        messages.error(request, _("Lần nhập này không có tệp gốc trên máy chủ."))
        return redirect(one)


@keeps_draft
@require_http_methods(["GET", "POST"])
def erase(request: SiteRequest, pk: int) -> HttpResponse:
    """Says what erasing the file does, and does it for a reason."""
    one = batch_of(request, pk)
    require(request.user, "erase", one.organisation_id)
    why_not = why_not_erase(request.user, one)
    form = request.desk.shown(EraseForm(request.desk.typed))
    if request.method == "POST" and form.is_valid():
        try:
            erase_file(batch=one, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as problem:
            show_refusal(form, problem)
        else:
            messages.success(request, _("Đã xóa tệp gốc “%(file)s”.") % {"file": one.file_name})
            return redirect(one)
    context = {"batch": one, "form": form, "why_not": why_not}
    return render(request, "importing/erase.html", context, status=422 if form.errors else 200)


@require_safe
def annotated(request: SiteRequest, pk: int) -> HttpResponse:
    """The file with its faulty cells coloured and commented."""
    one = _batch_with_file(request, pk)
    name = f"{PurePath(one.file_name).stem} – ghi chú lỗi.xlsx"
    response = HttpResponse(annotated_copy(one, understand_list(one, request.user)), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
