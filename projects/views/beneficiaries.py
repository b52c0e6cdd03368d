"""The province's registry of those who are helped."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from khuyencong.accounts.models import Organisation
from khuyencong.identifiers import check_tax_code
from projects.forms.beneficiary import BeneficiaryFilter, BeneficiaryForm
from projects.forms.conflicts import form_conflicts
from projects.models import Beneficiary
from projects.permissions import can_edit_beneficiaries

PAGE_SIZE = 50


@require_GET
def beneficiary_list(request: HttpRequest) -> HttpResponse:
    filters = BeneficiaryFilter(request.GET)
    rows = filters.apply(Beneficiary.objects.visible_to(request.user)).for_list(request.user)
    page = Paginator(rows.sorted_by(request.GET.get("sort", "name")), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "projects/beneficiary_list.html#rows" if request.htmx else "projects/beneficiary_list.html",
        {
            "filters": filters,
            "page_obj": page,
            "can_create": can_edit_beneficiaries(request.user),
            "is_filtered": any(request.GET.get(name) for name in filters.fields),
        },
    )


@require_GET
def beneficiary_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One establishment with all the support that the user may see."""
    beneficiary = get_object_or_404(Beneficiary.objects.visible_to(request.user).for_detail(request.user), pk=pk)
    return render(
        request,
        "projects/beneficiary_detail.html",
        {"beneficiary": beneficiary, "can_edit": can_edit_beneficiaries(request.user)},
    )


@require_http_methods(["GET", "POST"])
def beneficiary_create(request: HttpRequest) -> HttpResponse:
    _require_editor(request)
    province = Organisation.objects.provinces_of(request.user)[0]
    form = BeneficiaryForm(request.POST or None, province=province)
    if request.method == "POST" and form.is_valid():
        return _saved(request, form)
    return _render_form(request, form)


@require_http_methods(["GET", "POST"])
def beneficiary_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes an establishment; a save that was started from an older version shows both texts."""
    beneficiary = get_object_or_404(Beneficiary.objects.visible_to(request.user).for_detail(request.user), pk=pk)
    _require_editor(request)
    form = BeneficiaryForm(request.POST or None, instance=beneficiary, province=beneficiary.province)
    if request.method == "GET" or not form.is_valid():
        return _render_form(request, form)
    with transaction.atomic():
        if not Beneficiary.objects.take_version(pk, form.cleaned_data["version"]):
            return _render_stale(request, pk)
        form.instance.version = form.cleaned_data["version"] + 1
        return _saved(request, form)


def _require_editor(request: HttpRequest) -> None:
    if not can_edit_beneficiaries(request.user):
        raise PermissionDenied(_("Chỉ cán bộ, lãnh đạo Trung tâm sửa danh bạ đơn vị thụ hưởng."))


def _saved(request: HttpRequest, form: BeneficiaryForm) -> HttpResponse:
    with transaction.atomic():
        beneficiary = form.save()
    messages.success(request, _("Đã lưu “%(name)s”.") % {"name": beneficiary})
    code = form.cleaned_data["tax_code"]
    if code and not form.keeps_masked_code and (warning := check_tax_code(code).warning):
        messages.warning(request, str(warning))
    return redirect(beneficiary)


def _render_stale(request: HttpRequest, pk: int) -> HttpResponse:
    current = Beneficiary.objects.visible_to(request.user).for_detail(request.user).get(pk=pk)
    stored = BeneficiaryForm(instance=current, province=current.province)
    data = request.POST.copy()
    data["version"] = str(current.version)
    typed = BeneficiaryForm(data, instance=current, province=current.province)
    return _render_form(request, typed, conflicts=form_conflicts(typed, stored), is_stale=True, status=409)


def _render_form(request: HttpRequest, form: BeneficiaryForm, *, status: int | None = None, **extra: object) -> HttpResponse:
    if status is None:
        status = 422 if form.errors else 200
    return render(request, "projects/beneficiary_form.html", {"form": form, **extra}, status=status)


@require_GET
def beneficiary_suggest(request: HttpRequest) -> HttpResponse:
    """Names for the field in which a project's beneficiary is typed."""
    typed = next((value for key, value in request.GET.items() if key.endswith("-name")), request.GET.get("q", ""))
    found = Beneficiary.objects.visible_to(request.user).matching(typed)[:15] if typed.strip() else []
    return render(request, "projects/includes/options.html", {"values": [one.name for one in found]})
