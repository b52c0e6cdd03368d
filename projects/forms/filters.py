"""What a list can be narrowed by; the filter lives in the address, so it can be kept and passed on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import User
from khuyencong.forms import AsOfForm
from khuyencong.funding import STATE_LEVELS
from khuyencong.widgets import QuickSelect
from programmes.models import ActivityType, AdminUnit, AnnualPlan, FundingSource, listed_names
from projects.figures.past_texts import former_areas, former_texts
from projects.models import Pace, Project
from projects.models.joined_texts import codes_of
from projects.models.project_querysets import ProjectQuerySet, Queue


class ProjectFilter(AsOfForm):
    """All optional. An area is a key of the roll-up by area, so that each of its totals opens to its rows."""

    q = forms.CharField(label=_("Tìm"), required=False, max_length=200)
    year = forms.TypedChoiceField(label=_("Năm"), required=False, coerce=int, empty_value=None, widget=QuickSelect)
    source = forms.ChoiceField(label=_("Nguồn"), required=False, widget=QuickSelect)
    activity = forms.ChoiceField(label=_("Nội dung"), required=False, widget=QuickSelect)
    area = forms.ChoiceField(label=_("Địa bàn"), required=False, widget=QuickSelect)
    status = forms.ChoiceField(
        label=_("Trạng thái"),
        required=False,
        choices=[("", _("Tất cả")), *Project.Status.choices],
        widget=QuickSelect,
    )
    schedule = forms.ChoiceField(
        label=_("Tiến độ"), required=False, choices=[("", _("Tất cả")), *Pace.choices], widget=QuickSelect
    )
    waiting = forms.ChoiceField(
        label=_("Đang chờ"), required=False, choices=[("", _("Tất cả")), *Queue.choices], widget=QuickSelect
    )
    organisation = forms.CharField(required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        everything = ("", _("Tất cả"))
        years = AnnualPlan.objects.visible_to(user).years()
        fields: dict[str, Any] = self.fields
        fields["year"].choices = [everything, *((year, str(year)) for year in years)]
        sources = FundingSource.objects.of_levels(*STATE_LEVELS)
        fields["source"].choices = [
            everything,
            *((row.code, str(row)) for row in sources),
        ]
        unchosen = ("none", _("Chưa chọn nội dung"))
        fields["activity"].choices = [everything, *ActivityType.objects.choices(), unchosen]
        fields["area"].choices = [everything, *self._area_choices(user)]
        for name in ("year", "source", "activity", "area", "status", "schedule", "waiting"):
            self.fields[name].widget.attrs["class"] = "form-select"
        for name in ("as_of", "recorded"):  # typed in a form of their own
            self.fields[name].widget = forms.HiddenInput()

    @property
    def choice_fields(self) -> list[Any]:
        return [field for field in self.visible_fields() if field.name != "q"]

    @property
    def words(self) -> list[str]:
        """What is chosen in few words, where the choices are folded away."""
        chosen = [(field, field.value()) for field in self.choice_fields if field.value()]
        names = {field.name: dict(flatten_choices(field.field.choices)) for field, _value in chosen}
        return [f"{field.label}: {names[field.name].get(value, value)}" for field, value in chosen]

    def _area_choices(self, user: User) -> list[tuple[str, Any]]:
        """Units that a visible project names; the shared key in the address is offered as itself."""
        units = AdminUnit.objects.named_by(Project.objects.visible_to(user))
        choices: list[tuple[str, Any]] = [(unit.code, unit.full_name) for unit in units]
        asked = str(self.data.get("area", ""))
        codes = codes_of(asked)
        if self.data.get("as_of") or self.data.get("recorded"):  # a place of then that no project names now
            elsewhere = set(codes) - dict(choices).keys()
            choices += (
                [(unit.code, unit.full_name) for unit in AdminUnit.objects.with_codes(elsewhere)] if elsewhere else []
            )
        names = dict(choices)
        if len(codes) > 1 and all(code in names for code in codes):
            shared = _("%(names)s (chung)") % {"names": listed_names([names[code] for code in codes])}
            choices.append((asked, shared))
        scopes = Project.AreaScope
        return [*choices, *((scope.value, scope.label) for scope in (scopes.WHOLE_CITY, scopes.NOT_FIXED))]

    def apply(self, projects: ProjectQuerySet) -> ProjectQuerySet:
        """The projects asked for."""
        if self.has_wrong_day:
            return projects.none()
        # What else can't be read is named on the page; the rest still narrows.
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        year, as_of = asked.get("year"), self.asked
        if "status" in asked:
            projects = projects.with_statuses(asked["status"], as_of=as_of)
        else:
            projects = projects.counted(as_of)
        if year:
            projects = projects.for_year(year)
        if "organisation" in asked:
            projects = projects.under(asked["organisation"])
        if "source" in asked:
            projects = projects.funded_from(asked["source"], year, as_of)
        if "activity" in asked:
            projects = projects.of_activity(asked["activity"])
        if "area" in asked:
            projects = projects.at_area(asked["area"], former_areas(former_texts(projects, as_of)))
        if "schedule" in asked:
            projects = projects.keeping(asked["schedule"], as_of)
        if "waiting" in asked:
            projects = projects.in_queue(asked["waiting"], as_of)
        if "q" in asked:
            projects = projects.matching(asked["q"])
        return projects

    @property
    def money(self) -> dict[str, Any]:
        """How amounts are narrowed like the projects, so that rows add up to the total that opened them."""
        asked = {} if self.has_wrong_day else self.cleaned_data
        activity = asked.get("activity")
        return {
            "year": asked.get("year"),
            "source_code": asked.get("source") or None,
            "activity_code": activity if activity and activity != "none" else None,
        }

    def listed(self, projects: ProjectQuerySet) -> ProjectQuerySet:
        """With what a row shows, sorted as asked."""
        sort = "" if self.has_wrong_day else self.cleaned_data.get("sort")
        return projects.for_list(self.asked, **self.money).sorted_by(sort or "-code")
