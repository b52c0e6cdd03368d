"""Vouchers: the list, recording one, reading one, putting a slip right, and the request for payment on paper."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.models import Authorisation, Role
from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest, page_or_part, record_id
from projects.forms.contracts import VoucherFilter, VoucherHeadForm
from projects.forms.voucher import AddProjectForm, VoucherEntry, voucher_entry
from projects.models import Direction, PaymentEntry, Project, Voucher
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import RIGHTS, has, has_anywhere, why_not_pay
from projects.services.guards import require
from projects.services.payments import record_voucher
from projects.views.corrections import correct_head_on_page, correct_on_page

PAGE_SIZE = 50


@require_safe
def voucher_list(request: SiteRequest) -> HttpResponse:
    filters = VoucherFilter(request.GET, user=request.user)
    rows = filters.apply(Voucher.objects.visible_to(request.user))
    context = {
        "filters": filters,
        "page_obj": Paginator(rows.for_list(), PAGE_SIZE).get_page(request.GET.get("page")),
        "totals": filters.totals(rows),
        "can_pay": has_anywhere(request.user, "pay"),
        "is_filtered": any(request.GET.get(name) for name in filters.fields),
    }
    return render(request, page_or_part(request, "projects/voucher_list.html", "rows"), context)


@keeps_draft
@require_http_methods(["GET", "POST"])
def voucher_create(request: SiteRequest) -> HttpResponse:
    """Records a voucher for the projects named in the address or the form. ``preview`` shows its effect first."""
    named = request.GET if request.desk.typed is None else request.desk.typed
    if "project" not in named:
        return _choose(request)
    projects = _named_projects(request, named)
    payable = Project.objects.payable_by(request.user).under(projects[0].organisation.code)
    if request.method == "GET":
        direction = request.GET.get("direction", Direction.OUT)
        entry = voucher_entry(projects, data=request.desk.typed, direction=direction)
        add = AddProjectForm(request.desk.typed, payable=payable)
        return _render(request, entry, request.desk.shown(add), is_draft=True)
    add = AddProjectForm(request.POST, payable=payable)
    if "add" in request.POST:
        more = add.cleaned_data["add_code"] if add.is_valid() else None
        wider = [*projects, more] if more and more not in projects else projects
        return _render(request, voucher_entry(wider, data=request.POST), add, is_draft=True)
    entry = voucher_entry(projects, data=request.POST)
    if "preview" in request.POST or request.wants_part:
        return _render(request, entry, add, is_draft=True)
    if request.POST.get("rows_of", entry.rows_of) != entry.rows_of:
        # The amounts on the page are those of another direction: what was not seen is not paid.
        entry.look_again()
    if entry.is_valid() and (voucher := _record(request, entry)):
        for text in entry.left_aside:
            messages.warning(request, _("Chưa ghi số đã nhập cho phần thu, chi khác: %(amount)s.") % {"amount": text})
        messages.success(request, _("Đã ghi chứng từ %(voucher)s.") % {"voucher": voucher.label})
        return redirect(projects[0] if len(projects) == 1 else voucher)
    return _render(request, entry, add)


def _choose(request: SiteRequest) -> HttpResponse:
    """Which project the voucher is for, where it was not opened from one."""
    if not has_anywhere(request.user, "pay"):
        raise NotAllowed(RIGHTS["pay"].refusal())
    form = AddProjectForm(request.GET or None, payable=Project.objects.payable_by(request.user))
    if form.is_valid() and (project := form.cleaned_data["add_code"]):
        return redirect(f"{reverse('projects:voucher_create')}?project={project.pk}")
    form.fields["add_code"].label = _("Mã đề án")
    form.fields["add_code"].widget.attrs["autofocus"] = True
    return render(request, "projects/voucher_choose.html", {"form": form})


def _named_projects(request: SiteRequest, named: QueryDict) -> list[Project]:
    """The projects of the voucher, of one organisation, for each of which the user keeps the accounts."""
    ids = list(dict.fromkeys(pk for text in named.getlist("project") if (pk := record_id(text))))
    found = Project.objects.visible_to(request.user).for_voucher().in_bulk(ids)
    if not ids or len(found) != len(ids):
        raise Http404
    for project in found.values():
        if refusal := why_not_pay(request.user, project):
            raise NotAllowed(refusal)
    if len({project.organisation_id for project in found.values()}) > 1:
        raise NotAllowed(_("Mỗi chứng từ chỉ gồm đề án của một đơn vị."))
    return [found[pk] for pk in ids]


def _record(request: SiteRequest, entry: VoucherEntry) -> Voucher | None:
    """The recorded voucher, or None with the refusal on the form."""
    words = {"actor": request.user, "is_another": entry.form.cleaned_data["is_another"]}
    try:
        return record_voucher(voucher=entry.voucher(), rows=entry.payments(), **words)
    except Refused as refusal:
        entry.show_refusal(refusal)
        return None


def _render(request: SiteRequest, entry: VoucherEntry, add: AddProjectForm, *, is_draft: bool = False) -> HttpResponse:
    """A draft is looked at before it is finished: its head is not judged yet, its amounts are."""
    judged = entry.is_valid()
    entry.show_warnings()
    if is_draft and not judged:
        entry.form.errors.clear()
    context = {"entry": entry, "form": entry.form, "add": add, "payable": add.choices()}
    template = page_or_part(request, "projects/voucher_form.html", "amounts" if "rows" in request.POST else "effect")
    return render(request, template, context, status=422 if request.method == "POST" and not is_draft else 200)


@require_safe
def voucher_detail(request: SiteRequest, pk: int) -> HttpResponse:
    """One voucher, and those of its lines that the user may see."""
    voucher = get_object_or_404(Voucher.objects.visible_to(request.user).for_page(), pk=pk)
    entries = list(PaymentEntry.objects.visible_to(request.user).of_voucher(voucher))
    changes = list(voucher.changes.for_page())
    recorded = [voucher, *entries, *changes]
    Authorisation.objects.name_principals(recorded, Role.ACCOUNTANT, voucher.organisation)
    context = {
        "acted_for": voucher.acted_for,
        "voucher": voucher,
        "entries": entries,
        "head_changes": changes,
        "can_correct": has(request.user, "pay", voucher.organisation_id),
    }
    return render(request, "projects/voucher_detail.html", context)


@keeps_draft
@require_http_methods(["GET", "POST"])
def voucher_correct(request: SiteRequest, pk: int) -> HttpResponse:
    """Puts slips right: the user types what each line should have said, with the reason."""
    voucher = get_object_or_404(Voucher.objects.visible_to(request.user).for_page(), pk=pk)
    require(request.user, "pay", voucher.organisation_id)
    entries = list(PaymentEntry.objects.of_voucher(voucher).standing())
    return correct_on_page(request, voucher, entries, title=_("Đính chính chứng từ"))


@keeps_draft
@require_http_methods(["GET", "POST"])
def voucher_head(request: SiteRequest, pk: int) -> HttpResponse:
    """Puts right what was typed of the voucher beside its lines."""
    voucher = get_object_or_404(Voucher.objects.visible_to(request.user).for_page(), pk=pk)
    require(request.user, "pay", voucher.organisation_id)
    return correct_head_on_page(request, voucher, VoucherHeadForm)
