"""What is typed for a paper when it is made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import DateField
from projects.models import RecordedPaper
from projects.papers.kinds import PaperKind
from projects.papers.round_papers import PaperWords


class PaperForm(forms.Form):
    """``seen`` is the digest of the paper that the page shows; ``reason`` is asked of a second making."""

    number = forms.CharField(
        label=_("Số, ký hiệu"), max_length=60, required=False, help_text=_("Để trống thì ghi tay khi ký.")
    )
    dated_on = DateField(label=_("Ngày trên giấy tờ"), required=False, help_text=_("Để trống thì ghi tay khi ký."))
    members = forms.CharField(
        label=_("Thành phần dự họp"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Mỗi người một dòng: họ tên, chức vụ, đơn vị."),
    )
    reason = forms.CharField(label=_("Lý do lập lại"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: PaperKind, is_again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("number", "dated_on", "members"):
            if name not in kind.asks:
                del self.fields[name]
        if kind.name == RecordedPaper.Kind.DRAFT_DECISION:  # which cites the submission before it
            self.fields["number"].label, self.fields["dated_on"].label = _("Số tờ trình"), _("Ngày tờ trình")
        if not is_again:
            del self.fields["reason"]

    @property
    def words(self) -> PaperWords:
        """What was typed, of a valid form."""
        typed = {name: self.cleaned_data[name] for name in ("number", "dated_on", "members") if name in self.fields}
        return PaperWords(**typed)
