"""An establishment in the province's registry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation, User
from khuyencong.firm_names import Likeness, compare_names
from khuyencong.forms import TaxCodeField, field_of
from khuyencong.identifiers import check_tax_code, is_personal_number
from khuyencong.text import fold, nfc
from programmes.models import AdminUnit
from projects.forms.conflicts import FormSheet, form_values, sign
from projects.forms.fields import PlacesField
from projects.forms.merging import Opened
from projects.forms.sent import Sent, sent_over
from projects.models import Beneficiary, FieldChange
from projects.models.beneficiary import BeneficiaryQuerySet


class UnitField(PlacesField):
    """One administrative unit, today's or a former one, typed by name or code."""

    def clean(self, value: Any) -> AdminUnit | None:  # type: ignore[override]  # the form reads one unit
        units = super().clean(value)
        if len(units) > 1:
            raise ValidationError(_("Chỉ ghi một đơn vị hành chính."))
        return units[0] if units else None

    def mergeable(self, value: Any) -> str:
        """One unit is one value: two people who name two of them disagree."""
        try:
            return ", ".join(unit.name for unit in (super().clean(value) if isinstance(value, str) else value or []))
        except ValidationError:
            return str(value)


class ShownTaxCodeField(TaxCodeField):
    """A tax code; the masked number that is ``shown`` cleans to itself, and means that nothing changes."""

    shown = ""

    def to_python(self, value: Any) -> Any:
        typed = nfc(value or "")
        if "…" not in typed:
            return super().to_python(value)
        if typed != self.shown:
            raise ValidationError(_("Số này đã bị che bớt. Hãy ghi đủ 12 chữ số."), code="masked")
        return typed


class BeneficiaryForm(forms.ModelForm):
    """A 12-digit tax code is a person's number: it is kept apart, and shown masked ever after."""

    tax_code = ShownTaxCodeField(
        label=_("Mã số thuế"),
        required=False,
        max_length=20,
        help_text=_("10 hoặc 13 chữ số; hộ kinh doanh từ 01/07/2025 dùng số định danh cá nhân 12 chữ số."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    unit = UnitField(label=_("Xã, phường hoặc huyện, quận"), required=False)
    is_another = forms.BooleanField(label=_("Vẫn tạo đơn vị mới"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Beneficiary
        fields = [
            *("name", "type", "tax_code", "unit", "address", "representative", "phone"),
            *("is_women_owned", "is_minority_owned", "craft_village", "notes"),
        ]

    def __init__(self, *args: Any, province: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.province = province
        self.instance.province = province
        self.twins: list[Beneficiary] = []
        unit = field_of(self, "unit", UnitField)
        unit.units = AdminUnit.objects.below_province()
        unit.stored = [self.instance.unit] if self.instance.unit else []
        unit.widget.attrs |= {"list": "unit-names", "autocomplete": "off"}
        self.fields["notes"].widget.attrs["rows"] = 2
        if self.instance.pk:
            self.initial = {
                **self.initial,
                "version": self.instance.version,
                "tax_code": self.instance.shown_tax_code,
                "unit": unit.stored,
            }
            field_of(self, "tax_code", ShownTaxCodeField).shown = self.instance.shown_tax_code
            self.fields["is_another"].label = _("Vẫn dùng tên này")
            if not self.is_bound:
                opened = Opened(self.instance.version, form_values(self))
                self.initial["base"] = sign(opened, _salt(self.instance))
        elif not self.is_bound:
            self.fields["name"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        others = Beneficiary.objects.others_in_registry(self.instance)
        if other := data.get("tax_code") and others.with_tax_code(data["tax_code"]).first():
            link = format_html('<a href="{}" target="_blank">{}</a>', other.get_absolute_url(), other)
            self.add_error("tax_code", format_html("{} {}", _("Mã số thuế này đã có ở đơn vị:"), link))
        name, code = data.get("name", ""), data.get("tax_code", "")
        if fold(name) == fold(self.initial.get("name", "")):
            name = ""
        if code == self.initial.get("tax_code", "") or "…" in code or is_personal_number(code):
            code = ""
        if name or code:
            self._refuse_twin(others.alike(name, code), name, data)
        return data

    def _refuse_twin(self, twins: QuerySet[Beneficiary], name: str, data: dict[str, Any]) -> None:
        """The same name, however written, is most likely the same establishment; another one must be confirmed."""
        self.twins = list(twins.select_related("unit__parent", "personal_number"))
        if self.twins and not data.get("is_another"):
            message = _(
                "Danh bạ đã có đơn vị tên gần giống hoặc cùng mã số thuế của đơn vị mẹ. Nếu đúng là đơn vị khác, "
                "đánh dấu “%s”."
            )
            if any(compare_names(one.name, name) == Likeness.SAME for one in self.twins):
                message = _("Danh bạ đã có đơn vị cùng tên. Nếu đúng là đơn vị khác, đánh dấu “%s”.")
            self.add_error("name", message % self.fields["is_another"].label)

    def establishment(self) -> Beneficiary:
        """What was typed, not stored yet; a person's number is no tax code."""
        code = self.cleaned_data["tax_code"]
        self.instance.tax_code = "" if "…" in code or is_personal_number(code) else code
        return self.save(commit=False)

    @property
    def personal_number(self) -> str | None:
        """A person's number that was typed, empty where another code or none was, None where it stays as stored."""
        code = self.cleaned_data["tax_code"]
        if "…" in code:
            return None
        return code if is_personal_number(code) else ""

    @property
    def tax_code_warning(self) -> str | Promise:
        """What seems wrong with a code that was just typed; said once, since old numbers exist."""
        code = self.cleaned_data["tax_code"]
        return check_tax_code(code).warning if code and code != self.initial.get("tax_code") else ""


def _salt(beneficiary: Beneficiary) -> str:
    """What a page was opened with says nothing of another establishment."""
    return f"beneficiary.{beneficiary.pk}"


def sent_beneficiary(beneficiary: Beneficiary, data: QueryDict, *, user: User) -> Sent[FormSheet[BeneficiaryForm]]:
    """What the user sent over the establishment as it stands now."""

    def read(data: QueryDict | None) -> FormSheet[BeneficiaryForm]:
        return FormSheet(BeneficiaryForm(data, instance=beneficiary, province=beneficiary.province))

    return sent_over(
        data,
        read=read,
        version=beneficiary.version,
        salt=_salt(beneficiary),
        changes=FieldChange.objects.of_beneficiary(beneficiary),
        user=user,
    )


class BeneficiaryFilter(forms.Form):
    """All optional; the filter lives in the address."""

    q = forms.CharField(label=_("Tìm"), required=False, max_length=200)
    type = forms.ChoiceField(
        label=_("Loại hình"), required=False, choices=[("", _("Tất cả")), *Beneficiary.Type.choices]
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["type"].widget.attrs["class"] = "form-select"

    def apply(self, beneficiaries: BeneficiaryQuerySet) -> BeneficiaryQuerySet:
        asked = self.cleaned_data if self.is_valid() else {}
        if asked.get("type"):
            beneficiaries = beneficiaries.of_type(asked["type"])
        return beneficiaries.matching(asked["q"]) if asked.get("q") else beneficiaries


def suggested_names(beneficiaries: Iterable[Beneficiary]) -> list[str]:
    """Names as the form of a project understands them: of those with one name, each with its tax code."""
    rows = list(beneficiaries)
    uses = Counter(fold(one.name) for one in rows)
    return [f"{one.name} {one.tax_code}".strip() if uses[fold(one.name)] > 1 else one.name for one in rows]
