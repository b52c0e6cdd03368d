"""What is typed when a report is submitted, and what the list of submitted reports is narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import User
from khuyencong.forms import DateField, TextBlockField, TextLineField, field_of
from reports.models import SubmittedReport, SubmittedReportQuerySet


class SubmissionForm(forms.Form):
    submitted_on = DateField(
        label=_("Ngày báo cáo"),
        error_messages={"required": _("Hãy nhập ngày báo cáo, ví dụ 05/01/2007.")},
    )
    number = TextLineField(
        label=_("Số văn bản"),
        required=False,
        max_length=60,
        help_text=_("Số, ký hiệu của công văn gửi kèm, nếu đã có; ví dụ 12/BC-TTKC."),
    )
    note = TextBlockField(label=_("Ghi chú"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class SubmittedFilter(forms.Form):
    """Both optional; an organisation that submitted nothing visible is not offered."""

    year = forms.TypedChoiceField(label=_("Năm"), required=False, coerce=int, empty_value=None)
    organisation = forms.ChoiceField(label=_("Đơn vị"), required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.visible: SubmittedReportQuerySet = SubmittedReport.objects.visible_to(user)
        everything = ("", _("Tất cả"))
        field_of(self, "year", forms.ChoiceField).choices = [
            everything,
            *((year, str(year)) for year in self.visible.years()),
        ]
        issuers = self.visible.issuers()
        field_of(self, "organisation", forms.ChoiceField).choices = [
            everything,
            *((one.code, one.name) for one in issuers),
        ]
        for name in self.fields:
            self.fields[name].widget.attrs["class"] = "form-select"

    def rows(self) -> SubmittedReportQuerySet:
        """Nothing for a question that can't be read."""
        if not self.is_valid():
            return self.visible.none()
        rows, asked = self.visible, self.cleaned_data
        if asked["year"]:
            rows = rows.for_year(asked["year"])
        if asked["organisation"]:
            rows = rows.of_organisation(asked["organisation"])
        return rows.for_list()
