"""What a report is asked by: period, days, organisation, narrowing, columns. All of it stands in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation, User
from khuyencong.asof import AsOf
from khuyencong.forms import AsOfForm, DateField, field_of
from khuyencong.funding import STATE_LEVELS
from khuyencong.widgets import QuickSelect, TextInput
from programmes.models import ActivityType, AnnualPlan, FundingSource
from programmes.models.plan import FIRST_YEAR, LAST_YEAR, year_to_begin_with
from projects.figures.areas import FIRST_DAY_OF_COMMUNES, LAST_DAY_OF_DISTRICTS
from projects.figures.question import Question
from projects.figures.reader import Reader
from reports.asking.forms import WRONG_YEAR, words_of_period
from reports.asking.periods import DATES, YEAR, Period, choices, period_of, why_not_yet
from reports.asking.selection import (
    SEVERAL_PROVINCES,
    are_of_several_provinces,
    lowest_above_all,
    organisations_above,
    scope_of,
)

if TYPE_CHECKING:
    from reports.catalogue.definitions import Report

UNITS = [
    ("", _("Lúc lập đề án")),
    ("old", _("Huyện, quận trước 01/07/2025")),
    ("new", _("Xã, phường, đặc khu từ 01/07/2025")),
]
UNIT_DAYS = {"old": LAST_DAY_OF_DISTRICTS, "new": FIRST_DAY_OF_COMMUNES}
MAX_YEARS = 20
NARROWING = ("source", "activity", "units", "as_of", "recorded", "columns")
UNFOLD = "more"  # in an address: show the fields that narrow, though nothing is narrowed yet


@dataclass(frozen=True)
class Asked:
    """One question to the catalogue. ``seen`` are all plans of the organisation asked for that the user may see."""

    period: Period
    days: AsOf
    today: dt.date
    seen: Sequence[AnnualPlan]
    organisations: Sequence[Organisation]
    chosen: Organisation | None
    source: str = ""
    activity: str = ""
    units: str = ""
    columns: tuple[str, ...] = ()
    # By the years back, and whether of what moved in the period: the same each time, so that it reads once.
    readers: dict[tuple[int, bool], Reader] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def as_of(self) -> AsOf:
        return self.period.as_of(self.days, self.today)

    @property
    def has_day_of_period(self) -> bool:
        """Whether its figures are of the last day of the period, which nobody asked for by itself."""
        return bool(self.as_of) and not self.days

    @cached_property
    def plans(self) -> list[AnnualPlan]:
        return self.plans_of(self.period)

    def plans_of(self, period: Period) -> list[AnnualPlan]:
        years = set(period.years)
        return [plan for plan in self.seen if plan.year in years]

    @property
    def scope(self) -> str:
        """Whose plans it holds, where it may not hold all that are under the issuer."""
        return "" if self.issuer in self.organisations else scope_of(self.plans)

    @property
    def issuer(self) -> Organisation:
        """Who would sign it: the organisation asked for, or the lowest one above all the plans."""
        return self.chosen or lowest_above_all([plan.organisation for plan in self.plans])

    def reader(self, years_back: int = 0, *, is_of_period: bool = False) -> Reader:
        """Answers the question of the period some years back: what counts at its end, or what moved in it."""
        key = (years_back, is_of_period)
        if key not in self.readers:
            self.readers[key] = Reader(self._question(years_back, is_of_period=is_of_period))
        return self.readers[key]

    def _question(self, years_back: int, *, is_of_period: bool) -> Question:
        period = self._period(years_back)
        return Question(
            plans=self.plans_of(period),
            as_of=period.as_of(self.days if period.is_year or not years_back else self._recorded, self.today),
            since=period.start if is_of_period and not period.is_year else None,
            source=self.source,
            activity=self.activity,
            units_day=UNIT_DAYS.get(self.units),
        )

    def _period(self, years_back: int) -> Period:
        """Of a part of a year as many days as this one has figures of, so that like is compared with like."""
        if not years_back or self.period.is_year:
            return self.period.back(years_back)
        end = self.as_of.effective_on or self.period.end
        return Period(self.period.kind, self.period.start, end).back(years_back)

    @property
    def _recorded(self) -> AsOf:
        return AsOf(None, self.days.recorded_on)

    def reader_of_years(self, years_back: Iterable[int]) -> Reader:
        """Answers for several years at once; for whole years, which are all asked as of the same day."""
        plans = [plan for back in years_back for plan in self.reader(back).question.plans]
        return Reader(replace(self.reader().question, plans=plans))

    def about(self, projects: frozenset[int]) -> Asked:
        """The same of these projects alone."""
        now = {(0, is_flow): self.reader(is_of_period=is_flow) for is_flow in (False, True)}
        return replace(self, readers={key: reader.about(projects) for key, reader in now.items()})

    def with_columns(self, columns: tuple[str, ...]) -> Asked:
        """The same with these columns alone; what has been read is not read again."""
        return replace(self, columns=columns, readers=dict(self.readers))

    @property
    def parameters(self) -> dict[str, str]:
        """As they stand in an address; what is not asked is left out."""
        narrowing = {
            "organisation": self.chosen.code if self.chosen else "",
            "source": self.source,
            "activity": self.activity,
            "units": self.units,
            "columns": ",".join(self.columns),
        }
        kept = {name: value for name, value in narrowing.items() if value}
        return self.period.parameters | kept | self.days.parameters

    @property
    def query(self) -> str:
        return urlencode(self.parameters)


class AskForm(AsOfForm):
    """Everything is optional but the two dates of a period of free choice.

    The fields that narrow are read and drawn when something is narrowed, or when they are asked for; few are.
    """

    data: QueryDict

    year = forms.IntegerField(
        label=_("Năm"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), WRONG_YEAR),
    )
    period = forms.ChoiceField(label=_("Kỳ báo cáo"), required=False, widget=QuickSelect)
    start = DateField(label=_("Từ ngày"), required=False)
    end = DateField(label=_("Đến ngày"), required=False)
    organisation = forms.ChoiceField(label=_("Đơn vị"), required=False, widget=QuickSelect)
    source = forms.ChoiceField(label=_("Nguồn"), required=False, widget=QuickSelect)
    activity = forms.ChoiceField(label=_("Nội dung"), required=False, widget=QuickSelect)
    units = forms.ChoiceField(label=_("Theo đơn vị hành chính"), required=False, choices=UNITS, widget=QuickSelect)
    columns = forms.CharField(
        label=_("Cột"),
        required=False,
        max_length=600,
        error_messages={"max_length": _("Danh sách cột đã chọn quá dài. Bấm “Xem” để hiện tất cả các cột.")},
    )

    def __init__(self, data: Any, *, user: User, today: dt.date, report: Report | None = None) -> None:
        """Reads the plans that the user may see; the running year, or the newest of them, is asked for when no year is.

        ``report``: the one that is asked. Without, everything can be asked.
        """
        self.today = today
        self.report = report
        self.asked_period: Period | None = None
        self.seen = AnnualPlan.objects.seen_by(user)
        data = data.copy()
        if not data.get("year") and data.get("period") != DATES:
            data["year"] = str(year_to_begin_with((plan.year for plan in self.seen), today) or today.year)
        if hasattr(data, "getlist") and len(data.getlist("columns")) > 1:
            data["columns"] = ",".join(data.getlist("columns"))
        super().__init__(data)
        self.organisations = organisations_above(self.seen, user)
        everything = ("", _("Tất cả"))
        field_of(self, "period", forms.ChoiceField).choices = choices()
        organisations = ((one.code, str(one)) for one in self.organisations)
        field_of(self, "organisation", forms.ChoiceField).choices = [everything, *organisations]
        self.shows_narrowing = any(self.data.get(name) for name in (*NARROWING, UNFOLD))
        if self.shows_narrowing:
            sources = FundingSource.objects.of_levels(*STATE_LEVELS).values_list("code", "short_name")
            field_of(self, "source", forms.ChoiceField).choices = [everything, *sources]
            field_of(self, "activity", forms.ChoiceField).choices = [everything, *ActivityType.objects.choices()]
            self.fields["source"].widget.attrs["autofocus"] = self.is_unfolded
        for name, drawn in self.fields.items():
            is_choice = isinstance(drawn, forms.ChoiceField)
            drawn.widget.attrs["class"] = "form-select" if is_choice else "form-control"
            if name in ("start", "end"):
                drawn.widget.attrs["size"] = 11

    def add_prefix(self, field_name: str) -> str:
        """“from” stands in an address, but can't be the name of a field."""
        return {"start": "from", "end": "to"}.get(field_name, field_name)

    @property
    def has_organisations(self) -> bool:
        """Whether there is a choice of them, or a wrong one to be corrected."""
        return len(self.organisations) > 1 or "organisation" in self.errors

    @property
    def words(self) -> list[str]:
        """What is asked in few words, where the form is folded away."""
        asked = ("organisation", "source", "activity", *(["units"] if self.takes_units else []))
        names = [(name, self[name].value()) for name in asked]
        chosen = [str(self._choices(name).get(value, value)) for name, value in names if value]
        return [*words_of_period(self, "start", "end"), *chosen]

    def _choices(self, name: str) -> dict[Any, Any]:
        offered: Any = field_of(self, name, forms.ChoiceField).choices  # the stubs say what may be set
        return dict(offered)

    @property
    def narrowing_fields(self) -> list[Any]:
        left_out = {"columns"} if self.takes_units else {"columns", "units"}
        return [self[name] for name in NARROWING if name not in left_out]

    @property
    def takes_units(self) -> bool:
        """Whether it makes a difference in which units areas are asked for."""
        return self.report is None or self.report.takes_units

    @property
    def is_unfolded(self) -> bool:
        return UNFOLD in self.data

    @property
    def unfolded_query(self) -> str:
        """Of the address of the same page with the fields that narrow."""
        return f"{self.data.urlencode()}&{UNFOLD}=1"

    def clean(self) -> None:
        data = self.cleaned_data
        if not data.get("organisation") and "organisation" not in self.errors and are_of_several_provinces(self.seen):
            self.add_error("organisation", SEVERAL_PROVINCES)
        self.asked_period = self._dates() if data.get("period") == DATES else self._of_year()
        if self.asked_period is None or self.asked_period.is_year:
            return
        if refusal := why_not_yet(self.asked_period, AsOf(data.get("as_of")), self.today):
            name, said = refusal
            self.add_error("start" if name == "period" and self.asked_period.kind == DATES else name, said)

    def _of_year(self) -> Period | None:
        year, kind = self.cleaned_data.get("year"), self.cleaned_data.get("period")
        return period_of(year, kind or YEAR) if year and kind is not None else None

    def _dates(self) -> Period | None:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        for name, message in (
            ("start", _("Hãy nhập ngày đầu kỳ.")),
            ("end", _("Hãy nhập ngày cuối kỳ.")),
        ):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, message)
        if not start or not end:
            return None
        if end < start:
            self.add_error("end", _("Ngày cuối kỳ phải từ ngày đầu kỳ trở đi."))
        elif end.year - start.year >= MAX_YEARS:
            self.add_error("end", ValidationError(_("Một kỳ báo cáo dài nhất 20 năm.")))
        elif self.report and self.report.compares_years and end.year != start.year:
            self.add_error("end", _("Báo cáo này so sánh các năm với nhau, nên kỳ báo cáo phải nằm trong một năm."))
        else:
            return Period(DATES, start, end)
        return None

    def asked_for(self) -> Asked:
        """Of a valid form."""
        data = self.cleaned_data
        by_code = {one.code: one for one in self.organisations}
        chosen = by_code.get(data["organisation"])
        assert self.asked_period is not None
        return Asked(
            period=self.asked_period,
            days=self.asked,
            today=self.today,
            seen=[plan for plan in self.seen if chosen is None or chosen in plan.organisation.lineage()],
            organisations=self.organisations,
            chosen=chosen,
            source=data["source"],
            activity=data["activity"],
            units=data["units"],
            columns=tuple(filter(None, (part.strip() for part in data["columns"].split(",")))),
        )
