"""What those who are helped signed below the estimate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import DateField, TextLineField, field_of
from projects.forms.document import FilesField
from projects.models import Commitment, Project, ProjectDocument
from projects.services.commitments import Signed


class CommitmentForm(forms.Form):
    """``seen`` is the recording that stood when the page was opened; a later one asks for a reason."""

    is_without_other_support = forms.BooleanField(
        label=_("Cam kết không nhận hỗ trợ khác của nhà nước cho cùng khoản chi"), required=False
    )
    is_with_own_share = forms.BooleanField(label=_("Cam kết góp đủ phần vốn của đơn vị thụ hưởng"), required=False)
    signed_on = DateField(label=_("Ngày ký"), required=False)
    signer = TextLineField(label=_("Người ký, chức vụ"), max_length=200, required=False)
    document = forms.ModelChoiceField(
        ProjectDocument.objects.none(), label=_("Bản quét đã đính kèm"), required=False, empty_label=_("Chưa chọn")
    )
    file = FilesField(label=_("Hoặc đính kèm bản quét"), required=False)
    reason = TextLineField(
        label=_("Lý do ghi lại"),
        max_length=300,
        required=False,
        help_text=_("Bỏ đánh dấu cả hai: đơn vị thụ hưởng chưa cam kết."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, project: Project, last: Commitment | None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {}
        if last:
            names = ("is_without_other_support", "is_with_own_share", "signed_on", "signer", "document")
            initial = {name: getattr(last, name) for name in names} | {"seen": last.pk}
        super().__init__(*args, **kwargs | {"initial": initial})
        self.fields["file"].help_text = _("Một tệp, tối đa 20 MB.")
        self.fields["file"].widget.attrs["multiple"] = False
        field_of(self, "document", forms.ModelChoiceField).queryset = project.documents.current()
        if last is None:
            del self.fields["reason"]

    @property
    def signed(self) -> Signed:
        """What was typed, of a valid form. A scan that comes along is the one that counts."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "reason", "file")}
        files = self.cleaned_data["file"]
        return Signed(**said | {"document": None if files else said["document"]}, files=files)
