"""The texts that a Centre writes of its year."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import TextBlockField, TextLineField
from projects.models import YearAssessment

MAX_LETTERS = 20_000


class YearAssessmentForm(forms.Form):
    """``seen``: which writing stood when the form was opened."""

    assessment = TextBlockField(label=_("Đánh giá chung"), required=False, max_length=MAX_LETTERS)
    directions = TextBlockField(label=_("Phương hướng, giải pháp"), required=False, max_length=MAX_LETTERS)
    source = TextLineField(
        label=_("Lấy từ báo cáo, bài viết"),
        required=False,
        max_length=300,
        help_text=_("Để trống nếu đơn vị tự viết. Không in trong báo cáo năm."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, standing: YearAssessment | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year_texts = standing.texts if standing else ("", "", "")
        self.initial.update(zip(("assessment", "directions", "source"), year_texts, strict=True))
        self.initial["seen"] = standing.pk if standing else None
        for name in ("assessment", "directions"):
            self.fields[name].widget = forms.Textarea(attrs={"rows": 10})
