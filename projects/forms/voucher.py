"""A voucher: its head, and an amount for each account of the projects on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation
from khuyencong.forms import DateField, MoneyField, TextLineField, field_of
from khuyencong.money import format_vnd
from khuyencong.money_questions import LEFT, OVER, Nearby
from projects.forms.fields import show_refusal
from projects.ledger.line_accounts import LineAccount, accounts_of
from projects.ledger.optional_amounts import remainder
from projects.models import Beneficiary, Direction, PaymentEntry, Project, Voucher
from projects.refusals import Refused
from projects.rules.advances import advance_warning
from projects.services.money_checks import MoneyRefused
from projects.services.payments import PaymentInput, SameVoucher, suggest_number

OFFERED = 200


class VoucherForm(forms.ModelForm):
    """The head. Without a number the voucher gets the year's next one when it is recorded."""

    issued_on = DateField(label=_("Ngày chứng từ"))
    is_another = forms.BooleanField(label=_("Vẫn ghi thành chứng từ khác"), required=False)

    class Meta:
        model = Voucher
        fields = ["direction", "number", "issued_on", "payee", "content"]

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.organisation = organisation
        today = timezone.localdate()
        self.fields["issued_on"].initial = today
        self.fields["number"].required = False
        following = suggest_number(organisation.pk, today.year)
        self.fields["number"].help_text = _("Để trống: tự đánh số tiếp theo của năm chứng từ.")
        self.fields["number"].widget.attrs["placeholder"] = following
        self.fields["content"].widget.attrs["rows"] = 2
        # Other accounts belong to another direction, so its choice brings their rows.
        self.fields["direction"].widget.attrs |= {
            "hx-post": reverse("projects:voucher_create"),
            "hx-trigger": "change consume",
            "hx-target": "#amounts",
            "hx-swap": "outerHTML",
            "hx-vals": '{"rows": "1"}',
            "autocomplete": "off",  # nor does a browser that goes back choose one without its rows
        }
        for name in ("number", "payee"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_issued_on(self) -> dt.date:
        issued_on = self.cleaned_data["issued_on"]
        if issued_on > timezone.localdate():
            raise ValidationError(_("Ngày này không được sau hôm nay."), code="future")
        self.instance.year = issued_on.year
        return issued_on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number, on = data.get("number"), data.get("issued_on")
        taken = Voucher.objects.of_organisation(self.instance.organisation_id)
        if number and on and taken.for_year(on.year).filter(number__iexact=number).exists():
            self.add_error("number", _("Số chứng từ này đã dùng trong năm %(year)s.") % {"year": on.year})
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """The number is judged above, with the year in the message."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # private: not in the stubs
        return excluded | {"year"}


class PaymentRowForm(forms.Form):
    """What goes to, or comes back from, one account."""

    kind = forms.ChoiceField(label=_("Loại"), choices=PaymentEntry.Kind.choices, required=False)
    amount = MoneyField(label=_("Số tiền (đồng)"), required=False)
    beneficiary = forms.ChoiceField(label=_("Đơn vị thụ hưởng"), required=False)
    reason = TextLineField(label=_("Lý do, ghi chú"), required=False, max_length=500)

    def __init__(
        self, *args: Any, account: LineAccount, direction: str, helped: Sequence[Beneficiary], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.helped = {str(one.pk): one for one in helped}
        beneficiary = field_of(self, "beneficiary", forms.ChoiceField)
        beneficiary.choices = [("", "–"), *((key, one.name) for key, one in self.helped.items())]
        beneficiary.initial = next(iter(self.helped)) if len(helped) == 1 else ""
        self.fields["kind"].initial = self._usual_kind(account)
        if (self["kind"].value() or self.fields["kind"].initial) != PaymentEntry.Kind.RECOVERY:
            limit = account.approved_vnd if account.source.is_state else account.promised_vnd
            left = (limit or 0) - account.gone(direction)
            field_of(self, "amount", MoneyField).nearby = Nearby(max(left, 0), LEFT, over=OVER)
        self.fields["reason"].widget.attrs["class"] = "form-control"
        for name in ("kind", "beneficiary"):
            self.fields[name].widget.attrs["class"] = "form-select"

    @staticmethod
    def _usual_kind(account: LineAccount) -> str:
        """The first money is an advance, the next a payment; after the end only recoveries remain."""
        if account.line.project.status not in Project.PAYABLE:
            return PaymentEntry.Kind.RECOVERY
        if account.source.is_state and not account.paid_vnd:
            return PaymentEntry.Kind.ADVANCE
        return PaymentEntry.Kind.PAYMENT

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or self.fields["kind"].initial

    def clean_beneficiary(self) -> Beneficiary | None:
        return self.helped.get(self.cleaned_data["beneficiary"])

    def clean_amount(self) -> int | None:
        """Nothing is paid with a nought."""
        return self.cleaned_data["amount"] or None


@dataclass
class PaymentRow:
    """An account on the voucher: what stands, what is typed, and what would be left."""

    account: LineAccount
    form: PaymentRowForm
    direction: str
    problem: str = ""
    warning: str = ""

    @property
    def typed(self) -> dict[str, Any]:
        return self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else {}

    @property
    def signed_vnd(self) -> int:
        amount = self.typed.get("amount") or 0
        return -amount if self.typed.get("kind") == PaymentEntry.Kind.RECOVERY else amount

    @property
    def before_vnd(self) -> int:
        return self.account.gone(self.direction)

    @property
    def after_vnd(self) -> int:
        return self.before_vnd + self.signed_vnd

    def unwise(self, on: dt.date) -> str:
        """Why the advance typed is unwise; its row then needs a reason."""
        if self.direction != Direction.OUT or self.typed.get("kind") != PaymentEntry.Kind.ADVANCE:
            return ""
        advanced = (self.account.advanced_vnd or 0) + self.signed_vnd
        return advance_warning(self.account, advanced, on) if self.signed_vnd else ""

    @property
    def limit_vnd(self) -> int | None:
        """What may be paid at most; a beneficiary's own money has no ceiling."""
        return self.account.approved_vnd if self.account.source.is_state else None

    @property
    def is_broken(self) -> bool:
        """Whether the voucher would pay more than is approved, or take back more than was paid."""
        return self.after_vnd < 0 or (self.limit_vnd is not None and self.after_vnd > self.limit_vnd)

    @property
    def left_vnd(self) -> int | None:
        """Not yet paid, or not yet received, of the approved money after the voucher; negative when it would break."""
        return remainder(self.limit_vnd, self.after_vnd)


@dataclass
class VoucherEntry:
    """The voucher's head with its rows, for one or several projects of one organisation."""

    organisation: Organisation
    projects: list[Project]
    form: VoucherForm
    rows: list[PaymentRow]
    aside: list[tuple[str, str]] = field(default_factory=list)  # typed for accounts of another direction
    twin: Voucher | None = None  # recorded already with just these lines: the form asks whether this is another

    @property
    def rows_of(self) -> str:
        """Whose accounts are on the page: money in and money out go by the same, a beneficiary's own by others."""
        return "own" if self.direction == Direction.OWN else "state"

    def look_again(self) -> None:
        """The direction was chosen after its rows were last shown."""
        self.form.is_valid()
        self.form.add_error("direction", _("Đã đổi thu, chi: hãy xem lại các số tiền rồi ghi."))

    @property
    def left_aside(self) -> list[str]:
        """Amounts typed for another direction, as they were typed."""
        return [text.strip() for name, text in self.aside if name.endswith("-amount") and text.strip()]

    def show_warnings(self) -> None:
        """Puts on each row what is unwise about its amount, as the law of the voucher's day has it."""
        on = getattr(self.form, "cleaned_data", {}).get("issued_on") or timezone.localdate()
        for row in self.rows:
            row.warning = row.unwise(on)

    @property
    def left_title(self) -> str:
        """What of the approved money is left after the voucher."""
        if self.direction == Direction.IN:
            return gettext("Còn chưa nhận sau chứng từ")
        return gettext("Còn chưa chi sau chứng từ")

    @property
    def direction(self) -> str:
        typed = str(self.form["direction"].value() or "")
        return typed if typed in Direction.values else Direction.OUT

    def is_valid(self) -> bool:
        valid = all([self.form.is_valid(), *(row.form.is_valid() for row in self.rows)])
        if valid and not self.payments():
            self.form.add_error(None, _("Chưa nhập số tiền nào."))
        return not self.form.errors and valid

    @property
    def row_errors(self) -> list[tuple[str, str, str]]:
        """(id of the field, the project, message) of each amount that can't be read."""
        return [
            (row.form[name].id_for_label, str(row.account.line.project), str(error))
            for row in self.rows
            if row.form.is_bound
            for name in row.form.fields
            for error in row.form[name].errors
        ]

    def show_refusal(self, refusal: Refused) -> None:
        """Says above what is wrong, and beside each amount by how much its account would be overdrawn."""
        show_refusal(self.form, refusal)
        self.twin = refusal.twin if isinstance(refusal, SameVoucher) else None
        if not isinstance(refusal, MoneyRefused):
            return
        for row in self.rows:
            if row.account.key == refusal.key:
                row.problem = " ".join(refusal.messages)
        for excess in refusal.excesses:
            for row in self.rows:
                same = (row.account.line, row.account.source) == (excess.line, excess.source)
                if same and row.typed.get("amount"):
                    row.problem = _("Vượt %(excess)s đồng.") % {"excess": format_vnd(excess.excess_vnd)}

    def voucher(self) -> Voucher:
        voucher = self.form.save(commit=False)
        voucher.organisation = self.organisation
        return voucher

    def payments(self) -> list[PaymentInput]:
        return [
            PaymentInput(
                row.account.key,
                row.typed["kind"],
                row.typed["amount"],
                beneficiary=row.typed.get("beneficiary"),
                reason=row.typed.get("reason", ""),
            )
            for row in self.rows
            if row.typed.get("amount")
        ]

    @property
    def total_vnd(self) -> int:
        return sum(row.signed_vnd for row in self.rows)


def voucher_entry(
    projects: Sequence[Project], *, data: QueryDict | None = None, direction: str = Direction.OUT
) -> VoucherEntry:
    """The sheet of one voucher; the projects are those of one organisation."""
    organisation = projects[0].organisation
    helped = {project.pk: _helped(project) for project in projects}
    everybody = {one.pk: one.name for group in helped.values() for one in group}
    payee = next(iter(everybody.values())) if len(everybody) == 1 else ""
    initial = {"direction": direction, "payee": payee}
    form = VoucherForm(data, organisation=organisation, initial=initial)
    entry = VoucherEntry(organisation, list(projects), form, [])
    wants_state = entry.rows_of == "state"
    for account in accounts_of(projects):
        if account.source.is_state == wants_state:
            row = PaymentRowForm(
                data,
                prefix=account.prefix,
                account=account,
                direction=entry.direction,
                helped=helped[account.line.project_id],
            )
            entry.rows.append(PaymentRow(account, row, entry.direction))
        else:
            typed = data or QueryDict()
            entry.aside += [(name, typed.get(name, "")) for name in typed if name.startswith(f"{account.prefix}-")]
    return entry


def _helped(project: Project) -> list[Beneficiary]:
    """The establishments that the project names (supports prefetched)."""
    return [support.beneficiary for support in project.supports.all() if support.beneficiary]


class AddProjectForm(forms.Form):
    """One more project on the voucher, by its code."""

    add_code = forms.CharField(label=_("Thêm đề án vào chứng từ (mã)"), required=False, max_length=60)

    def __init__(self, *args: Any, payable: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payable = payable
        self.fields["add_code"].widget.attrs |= {"list": "payable-projects", "autocomplete": "off"}

    def choices(self) -> list[str]:
        """What is offered while typing: code and name."""
        rows = self.payable.order_by("-code").values_list("code", "name")
        return [f"{code} · {name}" for code, name in rows[:OFFERED]]

    def clean_add_code(self) -> Project | None:
        typed = self.cleaned_data["add_code"].split(" · ")[0].strip()
        if not typed:
            return None
        found = self.payable.filter(code__iexact=typed).first()
        if found is None:
            raise ValidationError(_("Không có đề án mang mã “%(code)s” được chi kinh phí."), params={"code": typed})
        return found
