"""The page on which slips in a voucher, a contract or a settlement are put right."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from khuyencong.requests import SiteRequest
from projects.forms.contracts import ContractHeadForm, RightAmountsForm, VoucherHeadForm
from projects.forms.fields import opened_anew, show_refusal
from projects.ledger.line_accounts import LineAccount, accounts_of
from projects.models import Contract, Project, Voucher
from projects.refusals import Refused
from projects.services.account_heads import correct_account_head
from projects.services.payments import Entry, correct_entries
from projects.services.preview import what_if


def correct_on_page(
    request: SiteRequest, record: Voucher | Contract | Project, entries: Sequence[Entry], *, title: str
) -> HttpResponse:
    """The user types what each line should have said, with the reason; ``preview`` shows the accounts after it."""
    form = request.desk.shown(RightAmountsForm(request.desk.typed, entries=entries))
    label = str(record)
    after: list[LineAccount] = []
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" not in request.POST:
                _correct(request, form)
                messages.success(request, _("Đã ghi đính chính %(record)s.") % {"record": label})
                return redirect(record)
            projects = {entry.plan_line.project for entry in entries}
            after = what_if(lambda: _correct(request, form), lambda: accounts_of(projects))
        except Refused as refusal:
            show_refusal(form, refusal)
    context = {"form": form, "record": record, "label": label, "title": title, "after": after}
    return render(request, "projects/entries_correct.html", context, status=422 if form.errors else 200)


def correct_head_on_page(
    request: SiteRequest, record: Contract | Voucher, form_class: type[ContractHeadForm] | type[VoucherHeadForm]
) -> HttpResponse:
    """What was typed of its number, its people and its words, with the reason."""
    label = str(record)
    initial = {"seen": record.amendments}
    form = request.desk.shown(form_class(request.desk.typed, instance=copy(record), initial=initial))
    if request.method == "POST" and form.is_valid():
        head = dict(form.cleaned_data)
        words = {name: head.pop(name) for name in ("seen", "reason")}
        try:
            correct_account_head(record=record, head=head, actor=request.user, **words)
        except Refused as refusal:
            show_refusal(form, refusal)
            opened_anew(form, seen=record.amendments)
        else:
            messages.success(request, _("Đã ghi đính chính %(record)s.") % {"record": label})
            return redirect(record)
    context = {"form": form, "record": record, "label": label}
    return render(request, "projects/head_correct.html", context, status=422 if form.errors else 200)


def _correct(request: SiteRequest, form: RightAmountsForm) -> None:
    correct_entries(rights=form.rights(), reason=form.cleaned_data["reason"], actor=request.user)
