"""What the report of a quarter or half year is asked by: period, organisation, days."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khuyencong.asof import AsOf
from khuyencong.forms import AsOfForm, DateField
from khuyencong.widgets import QuickSelect
from programmes.models.plan import FIRST_YEAR, LAST_YEAR
from reports.asking.forms import WRONG_YEAR, words_of_period
from reports.asking.periods import DATES, YEAR, Period, choices, period_of, why_not_yet

WHICH = _("Hãy chọn một kỳ trong danh sách: 6 tháng, quý, tháng, hoặc từ ngày đến ngày.")


def shorter_choices() -> list[tuple[str, str]]:
    """Without the whole year, which has a report of its own."""
    return [choice for choice in choices() if choice[0] != YEAR]


class PeriodForm(AsOfForm):
    """``from`` and ``to`` count only for free dates, the year only for the others."""

    year = forms.IntegerField(
        label=_("Năm"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "form-control", "size": 6}
        ),
        error_messages={"invalid": WRONG_YEAR, "min_value": WRONG_YEAR, "max_value": WRONG_YEAR},
    )
    period = forms.ChoiceField(
        label=_("Kỳ báo cáo"),
        choices=shorter_choices,
        widget=QuickSelect(attrs={"class": "form-select"}),
        error_messages={"required": WHICH, "invalid_choice": WHICH},
    )
    organisation = forms.CharField(label=_("Đơn vị"), required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """“from” cannot be the name of an attribute."""
        super().__init__(*args, **kwargs)
        for name, label in (("from", _("Từ ngày")), ("to", _("Đến ngày"))):
            self.fields[name] = DateField(label=label, required=False)
            self.fields[name].widget.attrs |= {"class": "form-control", "size": 11}
        self.asked_period: Period | None = None

    @property
    def found(self) -> Period:
        """The period of a valid form."""
        assert self.asked_period is not None
        return self.asked_period

    @property
    def asked_year(self) -> int:
        return self.found.year

    @property
    def days(self) -> list[forms.BoundField]:
        """The two fields of free dates."""
        return [self["from"], self["to"]]

    @property
    def words(self) -> list[str]:
        """The period in few words, where the form is folded away."""
        return words_of_period(self, "from", "to")

    def clean(self) -> dict[str, Any]:
        """Finds the period; what is wrong with it is said beside the field that asked for it."""
        data = super().clean() or self.cleaned_data
        kind = data.get("period")
        if kind == DATES:
            found = self._free_days(data.get("from"), data.get("to"))
        else:
            found = self._of_year(data.get("year"), kind)
        if found and self._has_begun(found):
            self.asked_period = found
        return data

    def _of_year(self, year: int | None, kind: str | None) -> Period | None:
        if year is None and "year" not in self.errors:
            self.add_error("year", _("Hãy nhập năm, ví dụ 2006."))
        return period_of(year, kind) if year and kind else None

    def _free_days(self, start: dt.date | None, end: dt.date | None) -> Period | None:
        missing = (("from", start, _("Hãy nhập ngày đầu kỳ.")), ("to", end, _("Hãy nhập ngày cuối kỳ.")))
        for name, day, said in missing:
            if day is None and name not in self.errors:
                self.add_error(name, said)
        if start is None or end is None:
            return None
        if wrong := _wrong_end(start, end):
            self.add_error("to", wrong)
            return None
        if not FIRST_YEAR <= start.year <= LAST_YEAR:
            self.add_error("from", WRONG_YEAR)
            return None
        return Period(DATES, start, end)

    def _has_begun(self, period: Period) -> bool:
        refusal = why_not_yet(period, AsOf(self.cleaned_data.get("as_of")), timezone.localdate())
        if refusal:
            name, said = refusal
            self.add_error("from" if name == "period" and period.kind == DATES else name, said)
        return refusal is None

    @property
    def query(self) -> str:
        """What was asked, as it stands in an address."""
        period = self.asked_period
        named = {"organisation": self.cleaned_data["organisation"]} if self.cleaned_data["organisation"] else {}
        return urlencode((period.parameters if period else {}) | named | self.asked.parameters)


def _wrong_end(start: dt.date, end: dt.date) -> str:
    if end < start:
        return str(_("Ngày cuối kỳ phải từ ngày đầu kỳ trở đi."))
    if end.year != start.year:
        return str(_("Hai ngày phải trong cùng một năm, vì kế hoạch và số lũy kế tính theo từng năm."))
    return ""
