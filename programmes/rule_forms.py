"""In which forms an administrator keeps the rules of law: what a rule is about is chosen by name, never typed as a
code that nothing else knows. Which fields a form has is said by its page (``admin.py``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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


class AdvanceShareForm(forms.ModelForm):
    norm_code = CodeField(
        label=_("Khoản hỗ trợ"), among=_norms, empty=_("Mọi khoản hỗ trợ không có tỷ lệ riêng"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _keep(self, "norm_code")


class EligibilityRuleForm(forms.ModelForm):
    def clean_allowed_norm_codes(self) -> str:
        """Codes that no norm has would let nothing pass, and nobody would be told."""
        typed = str(self.cleaned_data["allowed_norm_codes"])
        unknown = _unknown(typed.split())
        if unknown:
            raise ValidationError(_("Không có mức hỗ trợ mang mã: %(codes)s."), params={"codes": ", ".join(unknown)})
        return typed


def _unknown(codes: Iterable[str]) -> list[str]:
    known = set(SupportNorm.objects.values_list("code", flat=True))
    return [code for code in codes if code not in known]


def _keep(form: forms.ModelForm, name: str) -> None:
    field, row = form.fields[name], form.instance
    assert isinstance(field, CodeField) and isinstance(row, Model)
    field.keep(getattr(row, name) or "")
