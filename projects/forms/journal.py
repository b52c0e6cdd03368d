"""What the history is narrowed by; the filter lives in the address, so an inspector can keep it and pass it on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import User
from khuyencong.forms import DateField, field_of
from projects.models import Beneficiary, Project
from projects.pages.journal import Search, people_in_journal

KINDS = [("", _("Tất cả")), ("project", _("Đề án")), ("round", _("Đợt")), ("beneficiary", _("Đơn vị thụ hưởng"))]


class JournalFilter(forms.Form):
    """All optional. What can't be read is an error beside its field: an inspector gets no other list than asked."""

    q = forms.CharField(label=_("Tìm"), required=False, max_length=200)
    person = forms.TypedChoiceField(label=_("Người thực hiện"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=_("Loại dữ liệu"), required=False, choices=KINDS)
    first = DateField(label=_("Từ ngày"), required=False)
    last = DateField(label=_("Đến ngày"), required=False)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data)
        people = [(str(person.pk), str(person)) for person in people_in_journal(user)]
        field_of(self, "person", forms.ChoiceField).choices = [("", _("Tất cả")), *people]
        self.fields["q"].widget = forms.TextInput(
            attrs={"type": "search", "placeholder": _("Nội dung, tên, mã; không cần dấu")}
        )
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name in ("person", "kind") else "form-control"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", ValidationError(_("“Đến ngày” không được trước “Từ ngày”."), code="order"))
        return data

    def search(self, *, project: Project | None, beneficiary: Beneficiary | None) -> Search:
        """What is asked for; the form is valid."""
        asked = self.cleaned_data
        return Search(
            words=asked["q"],
            person=asked["person"],
            kind=asked["kind"],
            first=asked["first"],
            last=asked["last"],
            project=project,
            beneficiary=beneficiary,
        )
