"""Adjusting a running project: the letter, what changes, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import DateField, TextBlockField, field_of, leave_rows_unjudged, leave_unjudged
from programmes.models import AdminUnit, AnnualPlan, Decision
from projects.forms.conflicts import Stood, stood_otherwise
from projects.forms.decision import DecisionForm
from projects.forms.fields import PlacesField
from projects.forms.project import support_initial
from projects.forms.rows import support_formset
from projects.models import Project
from projects.services.adjust import Adjusted


class AdjustForm(forms.Form):
    """What may change after approval without the plan being decided anew."""

    area_scope = forms.ChoiceField(label=_("Phạm vi địa bàn"), choices=Project.AreaScope)
    places = PlacesField(label=_("Địa bàn"), required=False)
    start_on = DateField(label=_("Bắt đầu"), required=False)
    end_on = DateField(label=_("Kết thúc"), required=False)
    reason = TextBlockField(label=_("Lý do điều chỉnh"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, plan: AnnualPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = field_of(self, "places", PlacesField)
        places.units, places.stored = AdminUnit.objects.of_plan(plan), self.initial["places"]
        self.fields["version"].error_messages["required"] = _(
            "Trang chưa tải đầy đủ, nên chưa lưu được. Hãy tải lại trang."
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("start_on"), data.get("end_on")
        if start and end and end < start:
            self.add_error("end_on", _("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
        if data.get("area_scope") not in (None, Project.AreaScope.UNITS) and data.get("places"):
            self.add_error("places", _("Đã ghi địa bàn thì phải chọn phạm vi “Một số địa bàn”."))
        if data.get("area_scope") == Project.AreaScope.UNITS and "places" in data and not data["places"]:
            self.add_error("places", _("Ghi ít nhất một địa bàn."))
        return data


@dataclass
class TextEntry:
    """The changes and the rows of beneficiaries, as one thing to check."""

    form: AdjustForm
    supports: forms.BaseFormSet

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.supports.is_valid()])

    @property
    def has_errors(self) -> bool:
        return self.form.is_bound and bool(self.form.errors or self.supports.total_error_count())

    def differences(self, stored: TextEntry) -> list[Stood]:
        """Where what was typed differs from what somebody else has stored meanwhile."""
        found = stood_otherwise(self.form, stored.form, ("area_scope", "places", "start_on", "end_on"))
        texts = [
            [row["name"].value() for row in rows if row["name"].value() and not row["DELETE"].value()]
            for rows in (stored.supports, self.supports)
        ]
        if texts[0] != texts[1]:
            found.append(Stood(str(_("Đơn vị thụ hưởng")), *("\n".join(map(str, names)) for names in texts)))
        return found

    def leave_unjudged(self) -> None:
        """Shows what is in the screen without saying yet what is wrong with it."""
        leave_unjudged(self.form)
        leave_rows_unjudged(self.supports)

    def wanted(self) -> Adjusted:
        data = self.form.cleaned_data
        supports = [support for row in self.supports if (support := row.support())]
        return Adjusted(data["start_on"], data["end_on"], data["area_scope"], data["places"], supports)


@dataclass
class AdjustEntry(TextEntry):
    """With the head of the letter that changes them."""

    letter: DecisionForm

    def is_valid(self) -> bool:
        return all([self.letter.is_valid(), super().is_valid()])

    @property
    def has_errors(self) -> bool:
        return super().has_errors or (self.letter.is_bound and bool(self.letter.errors))

    def leave_unjudged(self) -> None:
        super().leave_unjudged()
        leave_unjudged(self.letter)

    def decision(self) -> Decision:
        return self.letter.letter()


def text_entry(project: Project, plan: AnnualPlan, data: QueryDict | None = None) -> TextEntry:
    """``project`` as :meth:`ProjectQuerySet.for_detail` fetched it."""
    initial = {
        "area_scope": project.area_scope,
        "places": list(project.places.all()),
        "start_on": project.start_on,
        "end_on": project.end_on,
        "version": project.version,
    }
    rows = support_initial(project) if data is None else []
    return TextEntry(
        AdjustForm(data, initial=initial, plan=plan), support_formset(plan, data, rows, project.supports.all())
    )


def correction_entry(project: Project, plan: AnnualPlan, data: QueryDict | None = None) -> TextEntry:
    """The same, asked why what was recorded was wrong."""
    entry = text_entry(project, plan, data)
    entry.form.fields["reason"].label = _("Lý do đính chính")
    return entry


def adjust_entry(project: Project, plan: AnnualPlan, data: QueryDict | None = None, files: Any = None) -> AdjustEntry:
    """``project`` as :meth:`ProjectQuerySet.for_detail` fetched it."""
    letter = DecisionForm(data, files, plan=plan)
    del letter.fields["nature"]
    entry = text_entry(project, plan, data)
    return AdjustEntry(entry.form, entry.supports, letter)
