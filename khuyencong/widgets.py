"""Widgets that are written in one go.

Django's own draw a template for each input, and two for each option of a select: for a form of filters that takes
longer than to sum a year.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from html import escape
from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe

from khuyencong.money_questions import MoneyQuestion, TypedMoney


def _attributes(attrs: Mapping[str, Any]) -> str:
    """As they stand in a tag; True is a name alone, False and None are left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in attrs.items()
        if value is not None and value is not False
    )


class QuickSelect(forms.Select):
    """A select of single options, some of them under the name of a group."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        options = _options(self.choices, set(self.format_value(value)))
        attributes = _attributes(self.build_attrs(self.attrs, attrs))
        return mark_safe(f'<select name="{escape(name)}"{attributes}>{options}</select>')


def _options(choices: Iterable[Any], chosen: Collection[str]) -> str:
    written = []
    for code, label in choices:
        if isinstance(label, list | tuple):
            written.append(f'<optgroup label="{escape(str(code))}">{_options(label, chosen)}</optgroup>')
        else:
            is_chosen = " selected" if str(code) in chosen else ""
            written.append(f'<option value="{escape(str(code))}"{is_chosen}>{escape(str(label))}</option>')
    return "".join(written)


class _Written(forms.widgets.Input):
    """An input; its name and its HTML are those of Django's."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        attributes = _attributes(self.build_attrs({"value": self.format_value(value), **self.attrs}, attrs))
        return mark_safe(f'<input type="{self.input_type}" name="{escape(name)}"{attributes}>')


class TextInput(_Written, forms.TextInput):
    """One line of text."""


class MoneyInput(TextInput):
    """An amount as text, and under it what is asked about it."""

    question: MoneyQuestion | None = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> TypedMoney | None:
        return TypedMoney.of(data, name) if name in data else None

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        written = super().render(name, value, attrs, renderer)
        return written + self.question.html(name) if self.question else written


class DateInput(_Written, forms.DateInput):
    """A date as text."""
