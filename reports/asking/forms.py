"""What a yearly report is asked by: year, organisation, days, stage."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.forms import AsOfForm
from programmes.models.plan import FIRST_YEAR, LAST_YEAR
from reports.asking.periods import DATES, YEAR, choices

WRONG_YEAR = gettext_lazy("Năm phải là số từ 2000 đến 2100, ví dụ 2006.")
STAGES = [("", gettext_lazy("Được duyệt")), ("draft", gettext_lazy("Dự thảo"))]


def words_of_period(form: forms.Form, start: str, end: str) -> list[str]:
    """The period that a form asks for, as it was typed: “Năm 2019”, “Quý III”. ``start`` and ``end`` name its days."""
    kind = form["period"].value() or YEAR
    if kind == DATES:
        return [f"{form[start].value() or '…'} – {form[end].value() or '…'}"]
    year, name = form["year"].value(), dict(choices()).get(kind)
    return [*([_("Năm %(year)s") % {"year": year}] if year else []), *([name] if name else [])]


class AnnualForm(AsOfForm):
    year = forms.IntegerField(
        label=gettext_lazy("Năm"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Hãy nhập năm, ví dụ 2006."),
            "invalid": WRONG_YEAR,
            "min_value": WRONG_YEAR,
            "max_value": WRONG_YEAR,
        },
    )
    organisation = forms.CharField(label=gettext_lazy("Đơn vị"), required=False, max_length=40)
    stage = forms.ChoiceField(label=gettext_lazy("Loại danh mục"), required=False, choices=STAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].widget.attrs["class"] = "form-control"

    @property
    def asked_year(self) -> int:
        """Of a valid form."""
        return int(self.cleaned_data["year"])

    @property
    def is_draft(self) -> bool:
        return self.cleaned_data["stage"] == "draft"

    @property
    def query(self) -> str:
        """What was asked, but for the stage, as it stands in an address."""
        data = self.cleaned_data
        asked = {"year": data["year"], "organisation": data["organisation"]}
        return urlencode({name: value for name, value in asked.items() if value} | self.asked.parameters)
