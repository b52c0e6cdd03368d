"""Which workbook is set beside the plan, and what of it the sheet does not say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.funding import FundingLevel
from projects.importing.comparison.result import APPROVED, ASKED
from projects.importing.forms import refuse_too_big
from projects.importing.lists.amount_cells import UNIT_NAMES


class ParallelForm(forms.Form):
    """``unit`` and ``level`` count only where the file leaves them open."""

    file = forms.FileField(
        label=_("Danh mục đề án đã gửi trong năm (.xlsx, .xls, .ods)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods", "class": "form-control"}),
    )
    basis = forms.ChoiceField(
        label=_("Kinh phí trong tệp so với"),
        choices=[(ASKED, _("số đề nghị")), (APPROVED, _("số được duyệt"))],
        widget=forms.RadioSelect,
        help_text=_("Vốn đối ứng và nguồn khác không có văn bản duyệt, nên luôn so với số đề nghị."),
    )
    unit = forms.TypedChoiceField(
        label=_("Đơn vị tính của số tiền"),
        choices=[("", _("Như tệp ghi")), *UNIT_NAMES.items()],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=_("Chỉ dùng khi tệp không ghi đơn vị tính."),
    )
    level = forms.ChoiceField(
        label=_("Nguồn của cột kinh phí không ghi nguồn"),
        choices=[("", _("Như tệp ghi"))]
        + [(one, FundingLevel(one).label) for one in (FundingLevel.CITY, FundingLevel.NATIONAL)],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        refuse_too_big(file)
        return file
