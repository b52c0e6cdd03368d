"""In which forms an administrator keeps the rules of law: what a rule is about is chosen by name, never typed as a
code that nothing else knows. Which fields a form has is said by its page (``admin.py``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.models import AdminUnit, SupportNorm

Choices = Sequence[tuple[str, str | Promise]]


def _cities() -> Choices:
    """Cities of a province by the name that they bore last; others have no class of their own."""
    rows = AdminUnit.objects.filter(kind=AdminUnit.Kind.CITY).order_by(F("valid_to").asc(nulls_last=True))
    names = dict(rows.values_list("code", "name"))
    return [(code, f"{names[code]} ({code})") for code in sorted(names, key=names.__getitem__)]


def _norms() -> Choices:
    """Norms by the words of their newest row."""
    items = dict(SupportNorm.objects.order_by("effective_from", "pk").values_list("code", "item"))
    return [(code, f"{items[code]} ({code})") for code in sorted(items, key=items.__getitem__)]


class CodeField(forms.ChoiceField):
    """A code chosen by the name of what it stands for; the one that a row holds stays a choice."""

    def __init__(self, *, among: Callable[[], Choices], empty: str | Promise, **options: Any) -> None:
        self.among, self.empty = among, empty
        super().__init__(choices=self._offered, **options)

    def _offered(self) -> Choices:
        return [("", self.empty), *self.among()]

    def keep(self, code: str) -> None:
        offered = self._offered()
        self.choices = offered if code in dict(offered) else [*offered, (code, code)]


class CityClassForm(forms.ModelForm):
    unit_code = CodeField(label=_("Thành phố"), among=_cities, empty=_("Chọn thành phố thuộc tỉnh"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _keep(self, "unit_code")


def _units() -> Choices:
    """Units of all times by the name that each code bore last, provinces apart."""
    rows = AdminUnit.objects.below_province().order_by(F("valid_to").asc(nulls_last=True))
    names = {unit.code: unit.full_name for unit in rows}
    return [(code, f"{names[code]} ({code})") for code in sorted(names, key=names.__getitem__)]


class PriorityAreaForm(forms.ModelForm):
    unit_code = CodeField(label=_("Địa bàn"), among=_units, empty=_("Chọn địa bàn"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _keep(self, "unit_code")


class PriorityRuleForm(forms.ModelForm):
    def clean_norm_codes(self) -> str:
        return _known_codes(str(self.cleaned_data["norm_codes"]))


class AdvanceShareForm(forms.ModelForm):
    norm_code = CodeField(
        label=_("Khoản hỗ trợ"), among=_norms, empty=_("Mọi khoản hỗ trợ không có tỷ lệ riêng"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _keep(self, "norm_code")


class EligibilityRuleForm(forms.ModelForm):
    def clean_allowed_norm_codes(self) -> str:
        return _known_codes(str(self.cleaned_data["allowed_norm_codes"]))


def _known_codes(typed: str) -> str:
    """Codes that no norm has would let nothing pass, and nobody would be told."""
    known = set(SupportNorm.objects.values_list("code", flat=True))
    unknown = [code for code in typed.split() if code not in known]
    if unknown:
        raise ValidationError(_("Không có mức hỗ trợ mang mã: %(codes)s."), params={"codes": ", ".join(unknown)})
    return typed


def _keep(form: forms.ModelForm, name: str) -> None:
    field, row = form.fields[name], form.instance
    assert isinstance(field, CodeField) and isinstance(row, Model)
    field.keep(getattr(row, name) or "")
