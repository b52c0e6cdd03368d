"""The reason for going on in spite of a warning."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import TextBlockField


class ReasonForm(forms.Form):
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=200)
    reason = TextBlockField(
        label=_("Lý do"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Hãy ghi lý do.")},
    )
