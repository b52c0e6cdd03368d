"""Contracts with their amendments, and the settlement of a project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.models import Authorisation, Role
from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from projects.forms.contracts import AccountAmounts, AmendmentForm, ContractForm, ContractHeadForm, SettlementForm
from projects.forms.fields import opened_anew, show_refusal
from projects.ledger.line_accounts import accounts_of
from projects.models import Beneficiary, Contract, ContractEntry, Project, SettlementEntry
from projects.pages.project_accounts import ProjectAccounts, project_accounts
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import why_not_contract, why_not_pay
from projects.rules.workflow import why_not
from projects.services.contracts import amend_contract, contracted_cells, record_contract, settle_project
from projects.services.preview import what_if
from projects.views.corrections import correct_head_on_page, correct_on_page


@keeps_draft
@require_http_methods(["GET", "POST"])
def contract_create(request: SiteRequest, pk: int) -> HttpResponse:
    """Records a signed contract; the amounts approved and not contracted yet stand there already."""
    project = get_object_or_404(Project.objects.visible_to(request.user).for_voucher(), pk=pk)
    if refusal := why_not_contract(request.user, project):
        raise NotAllowed(refusal)
    desk = request.desk
    helped = Beneficiary.objects.of_project(project)
    only = helped.first() if helped.count() == 1 else None
    initial = {"signed_on": timezone.localdate(), "beneficiary": only, "partner": only.name if only else ""}
    contract = Contract(project=project)
    head = desk.shown(ContractForm(desk.typed, instance=contract, beneficiaries=helped, initial=initial))
    accounts = accounts_of([project])
    standing = {one.key: left for one in accounts if (left := one.uncontracted_vnd or 0) > 0}
    amounts = desk.shown(AccountAmounts(desk.typed, accounts=accounts, standing=standing))

    def record() -> None:
        record_contract(contract=head.save(commit=False), amounts=amounts.amounts(), actor=request.user)

    preview = _preview(request, head, amounts, project, record)
    if not preview and _is_done(request, head, amounts, record):
        messages.success(request, _("Đã ghi hợp đồng %(contract)s.") % {"contract": head.instance.label})
        return redirect(project)
    return _render(request, head, amounts, project=project, title=_("Ghi hợp đồng"), back=project, preview=preview)


@require_safe
def contract_detail(request: SiteRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(Contract.objects.visible_to(request.user).for_page(), pk=pk)
    entries = list(ContractEntry.objects.of_contract(contract).for_reading().select_related("reversed_by"))
    changes = list(contract.changes.for_page())
    recorded = [contract, *entries, *changes]
    Authorisation.objects.name_principals(recorded, Role.ACCOUNTANT, contract.project.organisation)
    context = {
        "acted_for": contract.acted_for,
        "contract": contract,
        "entries": entries,
        "head_changes": changes,
        "can_amend": not why_not_contract(request.user, contract.project),
        "can_correct": not why_not_pay(request.user, contract.project),
    }
    return render(request, "projects/contract_detail.html", context)


@keeps_draft
@require_http_methods(["GET", "POST"])
def contract_amend(request: SiteRequest, pk: int) -> HttpResponse:
    """Records an amendment: the user types the amounts after it."""
    contract = get_object_or_404(Contract.objects.visible_to(request.user).for_page(), pk=pk)
    if refusal := why_not_contract(request.user, contract.project):
        raise NotAllowed(refusal)
    desk = request.desk
    seen = contract.last_entry
    head = desk.shown(AmendmentForm(desk.typed, initial={"on": timezone.localdate(), "seen": seen}))
    accounts, standing = accounts_of([contract.project]), contracted_cells(contract)
    amounts = desk.shown(AccountAmounts(desk.typed, accounts=accounts, standing=standing))

    def record() -> None:
        amend_contract(contract=contract, after=amounts.amounts(), actor=request.user, **head.cleaned_data)

    preview = _preview(request, head, amounts, contract.project, record)
    if not preview and _is_done(request, head, amounts, record):
        messages.success(request, _("Đã ghi phụ lục của hợp đồng %(contract)s.") % {"contract": contract.label})
        return redirect(contract)
    if head.has_error("__all__", "changed_meanwhile"):
        opened_anew(head, seen=seen)
    title = _("Phụ lục hợp đồng %(contract)s") % {"contract": contract.label}
    words = {"title": title, "action": _("Ghi phụ lục")}
    return _render(request, head, amounts, project=contract.project, back=contract, preview=preview, **words)


@keeps_draft
@require_http_methods(["GET", "POST"])
def contract_head(request: SiteRequest, pk: int) -> HttpResponse:
    """Puts right what was typed of the contract beside its amounts."""
    contract = get_object_or_404(Contract.objects.visible_to(request.user).for_page(), pk=pk)
    if refusal := why_not_pay(request.user, contract.project):
        raise NotAllowed(refusal)
    return correct_head_on_page(request, contract, ContractHeadForm)


@keeps_draft
@require_http_methods(["GET", "POST"])
def contract_correct(request: SiteRequest, pk: int) -> HttpResponse:
    """Puts slips in a contract's amounts right; what was really agreed anew is an amendment."""
    contract = get_object_or_404(Contract.objects.visible_to(request.user).for_page(), pk=pk)
    if refusal := why_not_pay(request.user, contract.project):
        raise NotAllowed(refusal)
    entries = list(ContractEntry.objects.of_contract(contract).for_reading().standing())
    return correct_on_page(request, contract, entries, title=_("Đính chính hợp đồng"))


@keeps_draft
@require_http_methods(["GET", "POST"])
def project_settle(request: SiteRequest, pk: int) -> HttpResponse:
    """Records the settlement file of an accepted project; what was paid stands there already."""
    project = get_object_or_404(Project.objects.visible_to(request.user).for_voucher(), pk=pk)
    if refusal := why_not(request.user, project, "settle") or why_not_pay(request.user, project):
        raise NotAllowed(refusal)
    desk = request.desk
    head = desk.shown(SettlementForm(desk.typed, initial={"on": timezone.localdate()}))
    accounts = [account for account in accounts_of([project]) if account.source.is_state]
    paid = {account.key: account.paid_vnd for account in accounts if account.paid_vnd}
    amounts = desk.shown(AccountAmounts(desk.typed, accounts=accounts, standing=paid))

    def record() -> None:
        words = {name: head.cleaned_data[name] for name in ("paper", "on", "reason")}
        settle_project(project=project, amounts=amounts.amounts(), actor=request.user, **words)

    preview = _preview(request, head, amounts, project, record)
    if not preview and _is_done(request, head, amounts, record):
        messages.success(request, _("Đã quyết toán đề án “%(name)s”.") % {"name": project})
        return redirect(project)
    return _render(request, head, amounts, project=project, title=_("Quyết toán"), back=project, preview=preview)


def _preview(
    request: SiteRequest, head: Any, amounts: AccountAmounts, project: Project, record: Callable[[], None]
) -> ProjectAccounts | None:
    """The project's accounts as saving would leave them; None where that was not asked or would be refused."""
    if "preview" not in request.POST or not all([head.is_valid(), amounts.is_valid()]):
        return None
    try:
        return what_if(record, lambda: project_accounts(project))
    except Refused as refusal:
        show_refusal(head, refusal)
        return None


def _is_done(request: SiteRequest, head: Any, amounts: AccountAmounts, record: Callable[[], None]) -> bool:
    """Whether what was typed could be recorded; the refusal stands on the form otherwise."""
    if request.method != "POST" or "preview" in request.POST or not all([head.is_valid(), amounts.is_valid()]):
        return False
    try:
        record()
    except Refused as refusal:
        show_refusal(head, refusal)
    return not head.errors


def _render(
    request: SiteRequest, head: forms.BaseForm, amounts: AccountAmounts, *, project: Project, back: Any, **more: Any
) -> HttpResponse:
    context = {"form": head, "amounts": amounts, "project": project, "back": back.get_absolute_url(), **more}
    status = 422 if head.errors or amounts.errors else 200
    return render(request, "projects/account_form.html", context, status=status)


@keeps_draft
@require_http_methods(["GET", "POST"])
def settlement_correct(request: SiteRequest, pk: int) -> HttpResponse:
    """Puts slips in the settlement of a project right: the user types what each line should have said, with the
    reason."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    if refusal := why_not_pay(request.user, project):
        raise NotAllowed(refusal)
    entries = list(SettlementEntry.objects.of_project(project).for_reading().standing())
    return correct_on_page(request, project, entries, title=_("Đính chính quyết toán"))
