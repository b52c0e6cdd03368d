"""Attaching a file to a record."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.attachments import validate_scan
from khuyencong.forms import TextLineField


class DocumentForm(forms.Form):
    file = forms.FileField(label=_("Tệp"), validators=[validate_scan], help_text=_("PDF, JPG hoặc PNG, tối đa 20 MB."))
    title = TextLineField(
        label=_("Tên tài liệu"), max_length=200, required=False, help_text=_("Để trống: lấy tên tệp.")
    )
