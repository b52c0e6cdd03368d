"""The province's registry of those who are helped."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.drafts import keeps_draft
from khuyencong.forms import field_of
from khuyencong.requests import SiteRequest, page_or_part
from khuyencong.text import fold
from programmes.place_names import PlaceNames
from projects.forms.beneficiary import BeneficiaryFilter, BeneficiaryForm, UnitField, sent_beneficiary, suggested_names
from projects.forms.conflicts import FormSheet
from projects.forms.sent import Sent
from projects.models import Beneficiary
from projects.pages.journal import latest_changes
from projects.refusals import NotAllowed
from projects.rules.permissions import RIGHTS, can_edit_beneficiaries, can_edit_beneficiary, kept_provinces
from projects.services.beneficiaries import save_beneficiary
from projects.services.registry import registry_held

PAGE_SIZE = 50
SUGGESTIONS = 20


@require_safe
def beneficiary_list(request: SiteRequest) -> HttpResponse:
    filters = BeneficiaryFilter(request.GET)
    rows = filters.apply(Beneficiary.objects.visible_to(request.user)).for_list(request.user)
    page = Paginator(rows.sorted_by(request.GET.get("sort", "name")), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        page_or_part(request, "projects/beneficiary_list.html", "rows"),
        {
            "filters": filters,
            "page_obj": page,
            "can_create": can_edit_beneficiaries(request.user),
            "is_filtered": any(request.GET.get(name) for name in filters.fields),
        },
    )


@require_safe
def beneficiary_detail(request: SiteRequest, pk: int) -> HttpResponse:
    """One establishment with all the support that the user may see."""
    beneficiary = get_object_or_404(Beneficiary.objects.visible_to(request.user).for_list(request.user), pk=pk)
    return render(
        request,
        "projects/beneficiary_detail.html",
        {
            "beneficiary": beneficiary,
            "supports": beneficiary.supports.visible_to(request.user).of_standing_projects().history(),
            "changes": latest_changes(beneficiary),
            "can_edit": can_edit_beneficiary(request.user, beneficiary),
        },
    )


@keeps_draft
@require_http_methods(["GET", "POST"])
def beneficiary_create(request: SiteRequest) -> HttpResponse:
    """A new establishment in the registry that the user keeps; ``?province=`` names one of several."""
    provinces = {str(province.pk): province for province in kept_provinces(request.user)}
    if not provinces:
        raise NotAllowed(RIGHTS["registry"].refusal())
    province = provinces.get(request.GET.get("province", ""), next(iter(provinces.values())))
    form = request.desk.shown(BeneficiaryForm(request.desk.typed, province=province))
    if request.method == "POST":
        sent = Sent(FormSheet(form))
        with registry_held(province):
            sent.save(partial(_store, request))
        if sent.is_saved:
            return _saved(request, sent)
    return _render_form(request, form, provinces=provinces.values())


@keeps_draft
@require_http_methods(["GET", "POST"])
def beneficiary_edit(request: SiteRequest, pk: int) -> HttpResponse:
    """Changes an establishment; a save that was started from an older version shows both texts."""
    visible = Beneficiary.objects.visible_to(request.user).for_list(request.user)
    beneficiary = get_object_or_404(visible, pk=pk)
    if not can_edit_beneficiary(request.user, beneficiary):
        raise NotAllowed(RIGHTS["registry"].refusal())
    if request.method == "POST":
        with registry_held(beneficiary.province):
            sent = sent_beneficiary(visible.get(pk=pk), request.POST, user=request.user)
            sent.save(partial(_store, request))
        if sent.is_saved:
            return _saved(request, sent)
        return _render_form(request, sent.entry.form, status=sent.status, **sent.others_part)
    form = BeneficiaryForm(request.desk.typed, instance=beneficiary, province=beneficiary.province)
    return _render_form(request, request.desk.shown(form))


def _store(request: SiteRequest, entry: FormSheet[BeneficiaryForm]) -> None:
    form = entry.form
    save_beneficiary(
        beneficiary=form.establishment(),
        personal_number=form.personal_number,
        version=form.cleaned_data["version"],
        actor=request.user,
    )


def _saved(request: SiteRequest, sent: Sent[FormSheet[BeneficiaryForm]]) -> HttpResponse:
    form = sent.entry.form
    messages.success(request, sent.merged_text or _("Đã lưu “%(name)s”.") % {"name": form.instance})
    if form.tax_code_warning:
        messages.warning(request, str(form.tax_code_warning))
    return redirect(form.instance)


def _render_form(
    request: SiteRequest, form: BeneficiaryForm, *, status: int | None = None, **extra: object
) -> HttpResponse:
    if status is None:
        status = 422 if form.errors else 200
    names = PlaceNames(field_of(form, "unit", UnitField).units or ())
    first = [unit for unit in names.units if unit.parent is None or unit.parent.parent_id is None]  # others are typed
    shown = {"form": form, "units": list(zip(names.suggested(first), first, strict=True)), **extra}
    return render(request, "projects/beneficiary_form.html", shown, status=status)


@require_safe
def beneficiary_suggest(request: SiteRequest) -> HttpResponse:
    """Names for the field in which a project's beneficiary is typed; htmx sends it under the name of its row."""
    typed = next((str(value) for key, value in request.GET.items() if key.endswith("-name")), "")
    typed = typed or request.GET.get("q", "")
    found = Beneficiary.objects.visible_to(request.user).matching(typed)[:SUGGESTIONS] if fold(typed) else []
    return render(request, "projects/includes/options.html", {"values": suggested_names(found)})
