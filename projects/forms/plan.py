"""Opening a year's plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation, User
from khuyencong.forms import field_of
from programmes.models import AnnualPlan
from projects.rules.permissions import CENTRE_WRITERS


class PlanForm(forms.ModelForm):
    class Meta:
        model = AnnualPlan
        fields = ["organisation", "year"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offers the centres for which the user writes; a single one is chosen already."""
        super().__init__(*args, **kwargs)
        centres = Organisation.objects.centres().where_user_holds(user, *CENTRE_WRITERS)
        field = field_of(self, "organisation", forms.ModelChoiceField)
        field.queryset = centres
        field.empty_label = None if len(centres) == 1 else _("Chọn đơn vị")
        self.fields["year"].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        self.fields["year"].error_messages["invalid"] = _("Năm phải là số, ví dụ 2006.")

    def clean(self) -> dict[str, Any]:
        """Refuses a second plan of one year beside the year, which is what the user will change."""
        data = super().clean() or {}
        organisation, year = data.get("organisation"), data.get("year")
        if organisation and year and AnnualPlan.objects.for_year(year).under(frozenset({organisation.pk})).exists():
            self.add_error("year", _("Đã có kế hoạch năm %(year)s của đơn vị này.") % {"year": year})
        return data
