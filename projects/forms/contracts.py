"""Forms of the accountant beside the voucher: the list's filter, contracts, settlement, putting slips right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import User
from khuyencong.forms import DateField, MoneyField, TextBlockField, TextLineField, field_of
from projects.forms.fields import SeenForm
from projects.forms.gone_rows import typed_for_gone_rows
from projects.ledger.line_accounts import LineAccount
from projects.models import CellKey, Contract, Direction, PaymentEntry, Voucher
from projects.models.payments import VoucherQuerySet
from projects.services.payments import Entry, RightAmount


class VoucherFilter(forms.Form):
    """All optional; the filter lives in the address."""

    q = forms.CharField(label=_("Tìm"), required=False, max_length=200)
    year = forms.TypedChoiceField(label=_("Năm"), required=False, coerce=int, empty_value=None)
    direction = forms.ChoiceField(label=_("Thu, chi"), required=False, choices=[("", _("Tất cả")), *Direction.choices])

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        years = Voucher.objects.visible_to(user).years()
        field_of(self, "year", forms.ChoiceField).choices = [("", _("Tất cả")), *((year, str(year)) for year in years)]
        for name in ("year", "direction"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def apply(self, vouchers: VoucherQuerySet) -> VoucherQuerySet:
        self.is_valid()  # what can't be read is named on the page; the rest still narrows
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        if "year" in asked:
            vouchers = vouchers.for_year(asked["year"])
        if "direction" in asked:
            vouchers = vouchers.going(asked["direction"])
        return vouchers.matching(asked["q"]) if "q" in asked else vouchers

    @staticmethod
    def totals(vouchers: VoucherQuerySet) -> list[tuple[str, int]]:
        """(label, đồng) of each direction in these vouchers: money in and money out are never added up."""
        sums = PaymentEntry.objects.in_vouchers(vouchers).by_direction()
        return [(str(one.label), sums[one.value]) for one in Direction if one.value in sums]


class RightAmountsForm(forms.Form):
    """Each entry may get the amount that it should have said; empty is right as it is."""

    reason = TextBlockField(label=_("Lý do đính chính"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, entries: Sequence[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries
        for entry in entries:
            field = MoneyField(label=f"{entry.plan_line.project} · {entry.source}", required=False)
            field.widget.attrs["class"] = "form-control money"
            self.fields[f"right-{entry.pk}"] = field

    @property
    def rows(self) -> list[tuple[Entry, forms.BoundField]]:
        return [(entry, self[f"right-{entry.pk}"]) for entry in self.entries]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if went := typed_for_gone_rows(self.data, self.fields, "right-"):
            text = _("Bút toán vừa được người khác đính chính, nên số bạn nhập chưa được ghi: %(typed)s. Hãy xem lại.")
            self.add_error(None, text % {"typed": went})
        elif not self.errors and not self.rights():
            self.add_error(None, _("Chưa nhập số đúng cho dòng nào."))
        return data

    def rights(self) -> list[RightAmount]:
        typed = [(entry, self.cleaned_data.get(f"right-{entry.pk}")) for entry in self.entries]
        return [RightAmount(entry, amount) for entry, amount in typed if amount is not None]


class AccountAmounts(forms.Form):
    """An amount for each account of one project; ``standing`` is what the field is filled with."""

    def __init__(
        self, *args: Any, accounts: Sequence[LineAccount], standing: dict[CellKey, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = accounts
        for account in accounts:
            label = f"{account.line.round.plan.year} · {account.component} · {account.source}"
            field = MoneyField(label=label, required=False, initial=standing.get(account.key))
            field.widget.attrs["class"] = "form-control money"
            self.fields[account.prefix] = field

    @property
    def rows(self) -> list[tuple[LineAccount, forms.BoundField]]:
        return [(account, self[account.prefix]) for account in self.accounts]

    def amounts(self) -> dict[CellKey, int]:
        """Đồng by account, where something was typed."""
        typed = {account.key: self.cleaned_data.get(account.prefix) for account in self.accounts}
        return {key: amount for key, amount in typed.items() if amount is not None}


def not_in_the_future(on: dt.date) -> dt.date:
    if on > timezone.localdate():
        raise forms.ValidationError(_("Ngày này không được sau hôm nay."), code="future")
    return on


class ContractForm(forms.ModelForm):
    """The head of a contract."""

    signed_on = DateField(label=_("Ngày ký"))
    due_on = DateField(label=_("Thời hạn thực hiện"), required=False)

    class Meta:
        model = Contract
        fields = ["number", "signed_on", "partner", "beneficiary", "due_on", "subject"]

    def __init__(self, *args: Any, beneficiaries: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        beneficiary = field_of(self, "beneficiary", forms.ModelChoiceField)
        beneficiary.queryset, beneficiary.empty_label = beneficiaries, "–"
        self.fields["subject"].widget.attrs["rows"] = 2
        self.fields["number"].widget.attrs |= {"autocomplete": "off", "autofocus": True}

    def clean_signed_on(self) -> dt.date:
        return not_in_the_future(self.cleaned_data["signed_on"])


class ContractHeadForm(SeenForm, forms.ModelForm):
    """What the signed contract really says beside its amounts and its day."""

    due_on = DateField(label=_("Thời hạn thực hiện"), required=False)
    reason = TextLineField(label=_("Lý do đính chính"), max_length=300)

    class Meta:
        model = Contract
        fields = [*Contract.HEAD]
        widgets: ClassVar = {"subject": forms.Textarea(attrs={"rows": 2})}


class VoucherHeadForm(SeenForm, forms.ModelForm):
    """What the voucher really says beside its lines and its day."""

    reason = TextLineField(label=_("Lý do đính chính"), max_length=300)

    class Meta:
        model = Voucher
        fields = [*Voucher.HEAD]
        widgets: ClassVar = {"content": forms.Textarea(attrs={"rows": 2})}


class AmendmentForm(SeenForm):
    """The head of an amendment to a contract; ``seen`` is the last entry of those that the page showed."""

    paper = TextLineField(label=_("Số phụ lục hợp đồng"), max_length=60)
    on = DateField(label=_("Ngày ký phụ lục"))
    reason = TextBlockField(label=_("Lý do"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_on(self) -> dt.date:
        return not_in_the_future(self.cleaned_data["on"])


class SettlementForm(forms.Form):
    """The head of a settlement file (within 15 days of the last acceptance)."""

    paper = TextLineField(label=_("Số hồ sơ quyết toán"), max_length=60)
    on = DateField(label=_("Ngày quyết toán"))
    reason = TextBlockField(
        label=_("Ghi chú"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_on(self) -> dt.date:
        return not_in_the_future(self.cleaned_data["on"])
