"""A save that started from an older version: forms read as plain values, merged, and shown side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar, cast

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.forms import MoneyField, leave_unjudged
from khuyencong.text import inside_sentence
from projects.forms.merging import Merge, Opened, Path, Value, Values, choice_name, reconcile
from projects.models.history import FieldChangeQuerySet
from projects.refusals import Refused

F = TypeVar("F", bound=forms.BaseForm)
# What belongs to the page and not to the record.
PAGE_FIELDS = ("version", "base", "is_another", "DELETE")


class BaseUnreadable(Refused):
    """The page does not say what it was opened with, so nobody's change can be told from another's."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Trang chưa tải đầy đủ, nên chưa lưu được. Những gì bạn nhập còn ở dưới; hãy chép lại, tải lại "
                "trang rồi nhập tiếp."
            ),
            code="no_base",
        )


@dataclass(frozen=True)
class Conflict:
    """Something that two people changed differently, as texts for the one who has to choose."""

    name: str
    label: str
    original: str
    theirs: str
    yours: str


class TypedSheet(Protocol):
    """What was typed into a page, as values that can be merged."""

    def values(self) -> Values: ...

    def label(self, path: Path) -> str:
        """What stands at the path, as its page calls it."""
        ...

    def text(self, path: Path, value: Value) -> str:
        """The value as a reader compares it."""
        ...

    def write(self, data: QueryDict, values: Values) -> None:
        """Puts values into what the browser sent, where they differ from what was typed."""
        ...


@dataclass(frozen=True)
class Reconciled:
    """What to read instead of what was sent, what is left to choose, and the names of what others changed."""

    data: QueryDict
    conflicts: list[Conflict]
    taken: list[str]


def reconciled(
    data: QueryDict, *, opened: Opened, typed: TypedSheet, stored: TypedSheet, version: int, salt: str
) -> Reconciled:
    """Merges what was sent with what is stored now. The result says that it starts from what is stored now."""
    now = Opened(version, stored.values())
    merge = reconcile(opened, now, typed.values(), opened.choices(data))
    changed = data.copy()
    typed.write(changed, merge.values)
    asked = tuple((clash.path, clash.original) for clash in merge.clashes)
    changed["version"] = str(version)
    changed["base"] = sign(Opened(version, now.values, asked), salt)
    return Reconciled(changed, _conflicts(merge, typed, stored), _labels(typed, stored, merge.taken))


def _conflicts(merge: Merge, typed: TypedSheet, stored: TypedSheet) -> list[Conflict]:
    return [
        Conflict(
            choice_name(index),
            _label(typed, stored, clash.path),
            *(typed.text(clash.path, value) for value in (clash.original, clash.theirs, clash.yours)),
        )
        for index, clash in enumerate(merge.clashes)
    ]


def _labels(typed: TypedSheet, stored: TypedSheet, paths: Iterable[Path]) -> list[str]:
    """Each once, as they stand inside a sentence."""
    labels = (_label(typed, stored, path) for path in paths)
    return list(dict.fromkeys(inside_sentence(label) for label in labels))


def _label(typed: TypedSheet, stored: TypedSheet, path: Path) -> str:
    """A row that the other side added is named by the other side."""
    return typed.label(path) or stored.label(path)


def sign(opened: Opened, salt: str) -> str:
    """What the page carries back unseen; nobody can change it on the way."""
    asked = [[list(path), original] for path, original in opened.asked]
    return signing.dumps([opened.version, opened.values, asked], salt=salt, compress=True)


def read_opened(data: Mapping[str, Any], salt: str) -> Opened:
    """What the page says it was opened with. Raises BaseUnreadable, also when its two versions differ."""
    try:
        version, values, asked = signing.loads(data.get("base", ""), salt=salt)
    except signing.BadSignature as error:
        raise BaseUnreadable from error
    if str(version) != data.get("version"):
        raise BaseUnreadable
    return Opened(version, values, tuple((tuple(path), original) for path, original in asked))


def form_values(form: forms.BaseForm) -> Values:
    """Every field of the record as it would be stored, so that two ways of writing the same are the same."""
    return {name: canonical(form[name]) for name in form.fields if name not in PAGE_FIELDS}


def write_form(data: QueryDict, form: forms.BaseForm, values: Values) -> None:
    """Puts the values into the fields that differ; what was typed otherwise stays as typed."""
    typed = form_values(form)
    for name, value in values.items():
        if name in typed and value != typed[name]:
            data[form.add_prefix(name)] = as_typed(form.fields[name], value)


def canonical(bound: forms.BoundField) -> Value:
    """The field's value in its stored form; what can't be read stays as it was typed."""
    field, raw = bound.field, bound.value()
    if hasattr(field, "mergeable"):
        return field.mergeable(raw)
    if isinstance(field, forms.BooleanField):
        return "on" if raw else ""
    if isinstance(field, forms.ChoiceField):
        return str(getattr(raw, "value", raw) or "")
    try:
        return as_text(field.prepare_value(field.to_python(raw)))
    except ValidationError:
        return str(raw)


def as_typed(field: forms.Field, value: Any) -> str:
    """A merged value as it is typed into that field: an amount in the field's unit."""
    return field.as_typed(as_text(value)) if isinstance(field, MoneyField) else as_text(value)


def as_text(value: Any) -> str:
    """A value as it is typed into a field."""
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values())
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return str(value if value is not None else "")


def shown(field: forms.Field, value: Value) -> str:
    """A value of the field as its user reads it: a choice by its label."""
    if isinstance(field, forms.BooleanField):
        return _("có") if value else _("không")
    if isinstance(field, forms.ChoiceField):
        choices: Iterable[Any] = flatten_choices(cast(Any, field.choices))  # without the names of their groups
        labels = {str(getattr(key, "value", key)): str(label) for key, label in choices}
        return labels.get(as_text(value), "") if value else ""
    if isinstance(field, MoneyField) and field.unit is not None and value:
        return _("%(amount)s đồng") % {"amount": value}
    return as_text(value)


def last_writer(changes: FieldChangeQuerySet, user: User) -> str:
    """Who changed the record last, as a message names them."""
    last = changes.newest_first().first()
    if last is None:
        return _("người khác")
    return _("chính bạn ở một trang khác") if last.actor == user else str(last.actor)


@dataclass(frozen=True)
class FormSheet(Generic[F]):
    """A page that is one form without rows."""

    form: F

    def beside(self, _stored: Self) -> Self:
        return self

    def is_valid(self) -> bool:
        return self.form.is_valid()

    def leave_unjudged(self) -> None:
        leave_unjudged(self.form)

    def values(self) -> Values:
        return form_values(self.form)

    def label(self, path: Path) -> str:
        return str(self.form.fields[path[0]].label)

    def text(self, path: Path, value: Value) -> str:
        return shown(self.form.fields[path[0]], value)

    def write(self, data: QueryDict, values: Values) -> None:
        write_form(data, self.form, values)


@dataclass(frozen=True)
class Stood:
    """A field that stands differently from what was typed, because somebody changed it meanwhile."""

    label: str
    theirs: str
    yours: str


def stood_otherwise(typed: forms.BaseForm, stored: forms.BaseForm, names: Iterable[str]) -> list[Stood]:
    """Where what was typed differs from what is stored by now, for a form that does not merge them."""
    found = []
    for name in names:
        field, mine, theirs = typed.fields[name], canonical(typed[name]), canonical(stored[name])
        if mine != theirs:
            found.append(Stood(str(field.label), shown(field, theirs), shown(field, mine)))
    return found
