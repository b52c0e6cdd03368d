"""Attaching files to a record, and taking back what should not be there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from khuyencong.attachments import ENDINGS, MAX_BYTES, TAKEN, named, refuse_too_many, validate_attachment
from khuyencong.forms import TextLineField


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; each that is wrong is named, and then none is taken."""

    default_error_messages = {"required": _("Hãy chọn tệp.")}

    def __init__(self, *, help_text: str | Promise = "", **kwargs: Any) -> None:
        text = format_lazy("{} {}", format_lazy(_("Được chọn nhiều tệp, mỗi tệp tối đa 20 MB: {}."), TAKEN), help_text)
        widget = FilesInput(
            attrs={
                "accept": ",".join(ENDINGS),
                "data-max-bytes": MAX_BYTES,
                "data-too-big": _("Tệp lớn hơn 20 MB, hãy bỏ ra rồi gửi:"),
            }
        )
        super().__init__(help_text=text, widget=widget, **kwargs)

    def clean(self, data: Sequence[UploadedFile], initial: Any = None) -> list[UploadedFile]:
        if not data:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        refuse_too_many([file for file in data if (file.size or 0) <= MAX_BYTES])
        problems = []
        for file in data:
            try:
                super().clean(file)
                validate_attachment(file)
            except ValidationError as problem:
                problems += [named(file.name or "", text) for text in problem.messages]
        if problems:
            raise ValidationError(problems)
        return list(data)


class DocumentForm(forms.Form):
    file = FilesField(label=_("Tệp"))
    title = TextLineField(
        label=_("Tên tài liệu"),
        max_length=200,
        required=False,
        help_text=_("Để trống: lấy tên tệp. Gửi nhiều tệp: tên chung, kèm tên từng tệp."),
    )


class TakeBackForm(forms.Form):
    reason = TextLineField(label=_("Lý do"), max_length=300, error_messages={"required": _("Hãy ghi lý do.")})
