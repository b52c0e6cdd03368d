"""The head of a letter as a form asks for it: what is unknown of it is marked so, never invented."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import DateField, field_of
from programmes.models import AnnualPlan, Authority, Decision


class LetterHeadForm(forms.ModelForm):
    """Base of the forms of a letter; ``is_number_unknown`` and ``is_date_unknown`` are fields of each of them."""

    issued_on = DateField(label=_("Ngày ban hành"), required=False)

    def __init__(self, *args: Any, plan: AnnualPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        authority = field_of(self, "authority", forms.ModelChoiceField)
        authority.queryset = Authority.objects.for_letters_of(plan.year, plan.organisation.province())
        authority.empty_label = _("Chưa rõ")
        kind = field_of(self, "kind", forms.TypedChoiceField)
        kind.choices = [("", _("Chưa rõ")), *Decision.Kind.choices]
        self.fields["subject"].help_text = _("Như trong văn bản, không ghi “về việc”; để trống nếu chưa rõ.")
        self.fields["summary"].widget.attrs["rows"] = 2
        self.fields["number"].widget.attrs["autocomplete"] = "off"

    def clean_issued_on(self) -> dt.date | None:
        issued_on = self.cleaned_data["issued_on"]
        if issued_on and issued_on > timezone.localdate():
            raise ValidationError(_("Ngày ban hành không được sau hôm nay."), code="future")
        return issued_on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number, is_unknown = data.get("number"), data.get("is_number_unknown")
        if number == "" and not is_unknown:
            self.add_error("number", _("Ghi số văn bản, hoặc đánh dấu “chưa rõ số”."))
        elif number and is_unknown:
            self.add_error("is_number_unknown", _("Đã ghi số thì bỏ chọn “chưa rõ số”."))
        if "issued_on" in data:
            self._clean_dates(data)
        return data

    def _clean_dates(self, data: dict[str, Any]) -> None:
        issued_on, unknown = data["issued_on"], data.get("is_date_unknown")
        if not issued_on and not unknown:
            self.add_error("issued_on", _("Ghi ngày ban hành, hoặc đánh dấu “chưa rõ ngày”."))
        elif issued_on and unknown:
            self.add_error("is_date_unknown", _("Đã ghi ngày thì bỏ chọn “chưa rõ ngày”."))
