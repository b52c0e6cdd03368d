"""A list is brought: for a plan, or for what an organisation keeps."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.models import Organisation
from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from programmes.models import AnnualPlan
from projects.forms.fields import show_refusal
from projects.importing.forms import BringForm
from projects.importing.kinds import KINDS
from projects.importing.models import ImportBatch
from projects.importing.pages import PLACES, offices_for
from projects.importing.services.batches import bring_file, bring_pasted
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import RIGHTS, why_not_write_plan


@keeps_draft
@require_http_methods(["GET", "POST"])
def bring(request: SiteRequest, plan_pk: int) -> HttpResponse:
    """A file or pasted rows for the plan; the batch's page then asks what is open."""
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=plan_pk)
    if refusal := why_not_write_plan(request.user, plan, "write"):
        raise NotAllowed(refusal)
    posted = request.method == "POST"
    form = request.desk.shown(BringForm(request.desk.typed, request.FILES if posted else None))
    if request.method == "POST" and form.is_valid():
        try:
            return _brought(request, form, form.cleaned_data["kind"], plan=plan)
        except Refused as problem:
            show_refusal(form, problem)
    context = {
        "plan": plan,
        "form": form,
        "kinds": [one for one in KINDS.values() if one.is_of_plan],
        "batches": ImportBatch.objects.visible_to(request.user).of_plan(plan).for_list()[:10],
    }
    return render(request, "importing/bring.html", context, status=422 if form.errors else 200)


@keeps_draft
@require_http_methods(["GET", "POST"])
def bring_firms(request: SiteRequest) -> HttpResponse:
    """A list for the registry of the province."""
    return _bring_list(request, "firms")


@keeps_draft
@require_http_methods(["GET", "POST"])
def bring_organisations(request: SiteRequest) -> HttpResponse:
    """A list of the organisations below what the user administers."""
    return _bring_list(request, "organisations")


@keeps_draft
@require_http_methods(["GET", "POST"])
def bring_units(request: SiteRequest) -> HttpResponse:
    """A list of the administrative units of the province in which the user administers."""
    return _bring_list(request, "units")


def _bring_list(request: SiteRequest, kind: str) -> HttpResponse:
    """A list that belongs to no plan; ``?organisation=`` names one of several for which the user may bring it."""
    offices = offices_for(request.user, kind)
    if not offices:
        raise NotAllowed(RIGHTS[KINDS[kind].right].refusal())
    office = next((one for one in offices if one.code == request.GET.get("organisation")), offices[0])
    posted = request.method == "POST"
    form = request.desk.shown(BringForm(request.desk.typed, request.FILES if posted else None, is_of_plan=False))
    if posted and form.is_valid():
        try:
            return _brought(request, form, kind, organisation=office)
        except Refused as problem:
            show_refusal(form, problem)
    context = {
        "office": office,
        "offices": offices if len(offices) > 1 else [],
        "form": form,
        "kinds": [KINDS[kind]],
        "place": PLACES[kind],
        "batches": ImportBatch.objects.visible_to(request.user).of_no_plan(office, kind).for_list()[:10],
    }
    return render(request, f"importing/bring_{kind}.html", context, status=422 if form.errors else 200)


def _brought(
    request: SiteRequest,
    form: BringForm,
    kind: str,
    *,
    plan: AnnualPlan | None = None,
    organisation: Organisation | None = None,
) -> HttpResponse:
    """Says so: what is answered without a word is kept as a draft by the page that sent it."""
    if file := form.cleaned_data["file"]:
        name, content = file.name or "", file.read()
        batch = bring_file(
            plan=plan, organisation=organisation, kind=kind, name=name, content=content, actor=request.user
        )
    else:
        text = form.cleaned_data["pasted"]
        batch = bring_pasted(plan=plan, organisation=organisation, kind=kind, text=text, actor=request.user)
    messages.success(request, _("Đã đọc “%(file)s”, chưa ghi gì.") % {"file": batch.file_name})
    return redirect(batch)
