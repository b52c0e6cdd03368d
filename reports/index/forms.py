"""Of which year and of whom the list of reports speaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation, User
from khuyencong.forms import field_of
from khuyencong.widgets import QuickSelect
from programmes.models import AnnualPlan
from programmes.models.plan import FIRST_YEAR, LAST_YEAR, year_to_begin_with
from reports.asking.forms import WRONG_YEAR
from reports.asking.selection import (
    are_of_several_provinces,
    highest,
    lowest_above_all,
    organisations_above,
)

NO_YEAR = 0


@dataclass(frozen=True)
class YearChoice:
    """``plans`` are those of all years that the user may see, of the organisation if one is ``chosen``."""

    year: int
    chosen: Organisation | None
    plans: Sequence[AnnualPlan]

    @property
    def has_plan(self) -> bool:
        return any(plan.year == self.year for plan in self.plans)

    @property
    def issuer(self) -> Organisation:
        """Who signs the reports of the year; there has to be a plan."""
        return self.chosen or lowest_above_all([plan.organisation for plan in self.plans if plan.year == self.year])

    @property
    def query(self) -> str:
        """As it stands in an address."""
        return self.query_of(self.year)

    def query_of(self, year: int) -> str:
        """The same of another year."""
        own = {"organisation": self.chosen.code} if self.chosen else {}
        return urlencode({"year": year} | own)


class IndexForm(forms.Form):
    """Both optional: by default the running year (``year_to_begin_with``), and all that the user may see, of one
    province."""

    year = forms.IntegerField(
        label=_("Năm"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=QuickSelect(attrs={"class": "form-select"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), WRONG_YEAR),
    )
    organisation = forms.ChoiceField(
        label=_("Đơn vị"),
        required=False,
        widget=QuickSelect(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": _("Không có đơn vị này trong phạm vi bạn được xem.")},
    )

    def __init__(self, data: Any, *, user: User, today: dt.date) -> None:
        """Reads the plans that the user may see."""
        self.seen = AnnualPlan.objects.seen_by(user)
        self.years = list(dict.fromkeys(plan.year for plan in self.seen)) or [today.year]
        self.organisations = organisations_above(self.seen, user)
        code = data.get("organisation") or self._first_province()
        super().__init__({"year": data.get("year") or year_to_begin_with(self.years, today), "organisation": code})
        field_of(self, "organisation", forms.ChoiceField).choices = [
            ("", _("Tất cả")),
            *((one.code, str(one)) for one in self.organisations),
        ]
        self.fields["year"].widget.choices = [(year, str(year)) for year in self._offered_years()]

    def _first_province(self) -> str:
        """Of several one has to be chosen; nothing of one."""
        return highest(self.organisations)[0].code if are_of_several_provinces(self.seen) else ""

    def _offered_years(self) -> list[int]:
        """Those with a plan, and the one asked for, so that the page never shows another than it speaks of."""
        asked = str(self.data["year"]).strip()
        is_year = len(asked) == 4 and asked.isdecimal() and FIRST_YEAR <= int(asked) <= LAST_YEAR
        return sorted({*self.years, *([int(asked)] if is_year else [])}, reverse=True)

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        has_choice = len(self.organisations) > 1 or "organisation" in self.errors
        return [self["year"], *([self["organisation"]] if has_choice else [])]

    def choice(self) -> YearChoice:
        """What was asked; of a question that can't be read no year, and the plans of all of them."""
        if not self.is_valid():
            return YearChoice(NO_YEAR, None, self.seen)
        code = self.cleaned_data["organisation"]
        chosen = next((one for one in self.organisations if one.code == code), None)
        plans = [plan for plan in self.seen if chosen is None or chosen in plan.organisation.lineage()]
        return YearChoice(self.cleaned_data["year"], chosen, plans)
