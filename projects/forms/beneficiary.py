"""An establishment in the province's registry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation
from khuyencong.forms import TaxCodeField
from khuyencong.identifiers import is_personal_number
from khuyencong.text import fold
from programmes.models import AdminUnit
from projects.forms.fields import PlacesField
from projects.models import Beneficiary, PersonalNumber


class UnitField(PlacesField):
    """One administrative unit, today's or a former one, typed by name or code."""

    def clean(self, value: Any) -> AdminUnit | None:
        units = super().clean(value)
        if len(units) > 1:
            raise ValidationError(_("Chỉ ghi một đơn vị hành chính."))
        return units[0] if units else None


class BeneficiaryForm(forms.ModelForm):
    """A 12-digit tax code is a person's number: it is kept apart, and shown masked ever after."""

    tax_code = TaxCodeField(
        label=_("Mã số thuế"),
        required=False,
        max_length=20,
        help_text=_("10 hoặc 13 chữ số; hộ kinh doanh từ 01/07/2025 dùng số định danh cá nhân 12 chữ số."),
    )
    unit = UnitField(label=_("Xã, phường hoặc huyện, quận"), required=False)
    is_another = forms.BooleanField(label=_("Vẫn tạo đơn vị mới"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

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
        self.fields["unit"].units = AdminUnit.objects.below_province()
        self.fields["notes"].widget.attrs["rows"] = 2
        if self.instance.pk:
            self.initial |= {
                "version": self.instance.version,
                "tax_code": self.instance.shown_tax_code,
                "unit": [self.instance.unit] if self.instance.unit else None,
            }
        self.fields["tax_code"].widget.attrs["autocomplete"] = "off"

    def clean_version(self) -> int | None:
        version = self.cleaned_data["version"]
        if self.instance.pk and version is None:
            raise ValidationError(_("Trang này thiếu số phiên bản. Hãy tải lại trang rồi nhập lại."))
        return version

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("tax_code"):
            self._refuse_taken_code(data["tax_code"])
        if data.get("name") and not data.get("is_another"):
            self._refuse_twin(data["name"])
        return data

    def _refuse_taken_code(self, code: str) -> None:
        taken = Beneficiary.objects.filter(province=self.province).with_tax_code(code).exclude(pk=self.instance.pk)
        if other := taken.first():
            link = format_html('<a href="{}">{}</a>', other.get_absolute_url(), other)
            self.add_error("tax_code", format_html("{} {}", _("Mã số thuế này đã có ở đơn vị:"), link))

    def _refuse_twin(self, name: str) -> None:
        """The same name read without marks is most likely the same establishment; another one must be confirmed."""
        near = Beneficiary.objects.filter(province=self.province).matching(name).exclude(pk=self.instance.pk)
        self.twins = [one for one in near[:20] if fold(one.name) == fold(name)]
        if self.twins and not self.instance.pk:
            self.add_error(
                "name", _("Danh bạ đã có đơn vị cùng tên. Nếu đúng là đơn vị khác, đánh dấu “Vẫn tạo đơn vị mới”.")
            )

    @property
    def keeps_masked_code(self) -> bool:
        return "…" in str(self.data.get("tax_code", ""))

    def _clean_fields(self) -> None:
        """A masked number that was left as it is stands for the number that is kept."""
        if self.keeps_masked_code and self.data.get("tax_code") == self.instance.shown_tax_code:
            self.fields["tax_code"] = forms.CharField(label=self.fields["tax_code"].label, required=False)
        super()._clean_fields()

    def save(self, commit: bool = True) -> Beneficiary:
        """Stores the establishment, and a person's number in its own table."""
        code = self.cleaned_data["tax_code"]
        masked = self.keeps_masked_code
        personal = is_personal_number(code)
        self.instance.tax_code = "" if masked or personal else code
        beneficiary = super().save(commit)
        if personal:
            PersonalNumber.objects.update_or_create(beneficiary=beneficiary, defaults={"number": code})
        elif not masked:
            PersonalNumber.objects.filter(beneficiary=beneficiary).delete()
        return beneficiary


class BeneficiaryFilter(forms.Form):
    q = forms.CharField(label=_("Tìm"), required=False, max_length=200)
    type = forms.ChoiceField(
        label=_("Loại hình"), required=False, choices=[("", _("Tất cả")), *Beneficiary.Type.choices]
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["type"].widget.attrs["class"] = "form-select"

    def apply(self, beneficiaries: Any) -> Any:
        asked = self.cleaned_data if self.is_valid() else {}
        if asked.get("type"):
            beneficiaries = beneficiaries.of_type(asked["type"])
        return beneficiaries.matching(asked["q"]) if asked.get("q") else beneficiaries


