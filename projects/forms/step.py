"""The date and the words that accompany a step."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import DateField
from projects.rules.transitions import Transition


class StepForm(forms.Form):
    """When the step was taken, and why or under which paper."""

    on = DateField(label=_("Ngày thực hiện"))
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=2000)

    def __init__(self, *args: Any, step: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
        self.fields["reason"].label = str(step.note_label) if step.needs_reason else _("Ghi chú")
        self.fields["reason"].required = step.needs_reason
        self.fields["reason"].widget.attrs["autofocus"] = True

    def clean_on(self) -> dt.date:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("Ngày thực hiện không được sau hôm nay."))
        return on
