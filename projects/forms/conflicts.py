"""A stale save: what somebody else stored and what this user typed, field by field."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else saved differently while this form was open."""

    label: str
    theirs: str
    yours: str


def form_conflicts(typed: forms.BaseForm, stored: forms.BaseForm) -> list[Conflict]:
    """Where the typed form differs from the form of what is stored now, as texts."""
    found = []
    for name, field in typed.fields.items():
        if name in ("version", "DELETE"):
            continue
        theirs, yours = shown(stored[name]), shown(typed[name])
        if field.has_changed(stored[name].initial, typed[name].data) and theirs != yours:
            found.append(Conflict(str(field.label), theirs, yours))
    return found


def shown(field: forms.BoundField) -> str:
    """The field's value as its user reads it: a choice by its label."""
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return _("có") if value else _("không")
    choices = getattr(field.field, "choices", None)
    if choices is not None:
        labels = {str(getattr(key, "value", key)): str(label) for key, label in choices}
        return labels.get(str(value or ""), "")
    if hasattr(value, "strftime"):
        return f"{value:%d/%m/%Y}"
    return str(value if value is not None else "")
