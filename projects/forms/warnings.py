"""The reason for going on in spite of a warning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import TextBlockField, field_of
from projects.pages.plan_warnings import WarnedLine, WarnedProjects


def _reason(label: Any) -> TextBlockField:
    area = forms.Textarea(attrs={"rows": 2})
    return TextBlockField(label=label, max_length=2000, widget=area, error_messages={"required": _("Hãy ghi lý do.")})


class ReasonForm(forms.Form):
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=200)
    reason = _reason(_("Lý do"))


class ReasonsForm(forms.Form):
    """One reason for the warnings of one kind that are ticked; all are, until somebody unticks one."""

    reason = _reason(_("Lý do chung cho các dòng đã chọn"))
    ticked = forms.MultipleChoiceField(
        label=_("Các dòng"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Chọn ít nhất một dòng."),
            "invalid_choice": _("Có dòng không còn cảnh báo này. Hãy xem lại rồi ghi lý do."),
        },
    )

    def __init__(self, data: QueryDict | None, *, group: WarnedProjects | None) -> None:
        super().__init__(data)
        self.group = group
        field_of(self, "ticked", forms.MultipleChoiceField).choices = [(one.key, one.key) for one in self._lines]
        self.initial["ticked"] = [one.key for one in self._lines]

    @property
    def _lines(self) -> Sequence[WarnedLine]:
        return self.group.lines if self.group else ()

    @property
    def rows(self) -> list[tuple[WarnedLine, bool]]:
        """Each warning, and whether it is ticked."""
        ticked = set(self["ticked"].value() or ())
        return [(one, one.key in ticked) for one in self._lines]

    @property
    def answered(self) -> dict[int, list[str]]:
        """Fingerprints by project; of a valid form."""
        found: dict[int, list[str]] = {}
        for one in self._lines:
            if one.key in self.cleaned_data["ticked"]:
                found.setdefault(one.project.pk, []).append(one.warning.fingerprint)
        return found
