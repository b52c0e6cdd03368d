"""What a file of all records consists of: tables and their columns as data, and the cells that they give.

A cell is None, a text, a whole number, a date or a local time. How it is written is the business of a file's format.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from itertools import islice
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst

from khuyencong.accounts.models import User
from khuyencong.fields import TextBlock, TextLine
from khuyencong.identifiers import mask_personal_number, mask_personal_numbers
from khuyencong.text import nfc

CHUNK = 2_000  # rows held at once
MANY_DIGITS = re.compile(r"[0-9](?:[ .\-]?[0-9]){4}")  # as every personal number begins; quickly found missing
YES_NO = {True: "Có", False: "Không"}

Labels = Mapping[Any, Any]


class RecordKind(Enum):
    """What stands in the cells of a column."""

    TEXT = auto()  # what people typed; a personal number inside it is masked (field-rules §6)
    CODE = auto()  # codes, numbers of documents, digests: text, as it stands
    MASKED = auto()  # a tax code, or the personal number that stands for one
    LABEL = auto()  # a code said in words
    NUMBER = auto()
    MONEY = auto()  # đồng
    DATE = auto()
    TIME = auto()  # local time, to the second
    JSON = auto()  # as one text


@dataclass(frozen=True)
class RecordColumn:
    """``path`` leads from the table's model to the value. What is not said is what the field says of itself.

    ``labels`` turn a stored code into words; called when the file is made, since words have a language.
    """

    path: str
    title: str = ""
    kind: RecordKind | None = None
    labels: Callable[[], Labels] | None = None


@dataclass(frozen=True)
class ReadColumn:
    """A column of a table with everything said."""

    path: str
    title: str
    kind: RecordKind
    labels: Labels | None


@dataclass(frozen=True)
class RecordTable:
    """One kind of record. ``rows`` are those that a user may see, by the row rule of the pages.

    ``slug`` names the file, ``title`` the sheet.
    """

    slug: str
    title: str | Promise
    model: type[models.Model]
    rows: Callable[[User], models.QuerySet[Any]]
    columns: tuple[RecordColumn, ...]
    order: tuple[str, ...] = ("pk",)

    @property
    def file_name(self) -> str:
        return f"{self.slug}.csv"

    @cached_property
    def paths(self) -> tuple[str, ...]:
        return tuple(column.path for column in self.columns)

    def count(self, user: User) -> int:
        return self.rows(user).count()

    def read_columns(self) -> list[ReadColumn]:
        """In the language that is active, which is Vietnamese for files."""
        return [read_column(self.model, column) for column in self.columns]

    def cells(
        self, user: User, writing: Mapping[RecordKind, Callable[[Any], Any]]
    ) -> Iterator[Iterable[tuple[Any, ...]]]:
        """Rows of cells, some thousands at a time; ``writing`` is what the format still does to a cell."""
        converters = [_chain(_reader(column), writing.get(column.kind)) for column in self.read_columns()]
        found = self.rows(user).order_by(*self.order).values_list(*self.paths).iterator(chunk_size=CHUNK)
        while chunk := list(islice(found, CHUNK)):
            columns = zip(converters, zip(*chunk, strict=True), strict=True)
            yield zip(*(_converted(convert, values) for convert, values in columns), strict=True)


def _converted(convert: Callable[[Any], Any] | None, values: tuple[Any, ...]) -> Iterable[Any]:
    """A column of cells. Most values stand in many rows, so each is converted once."""
    if convert is None:
        return values
    try:
        return map({value: convert(value) for value in set(values)}.__getitem__, values)
    except TypeError:  # JSON has no hash
        return map(convert, values)


def read_column(model: type[models.Model], column: RecordColumn) -> ReadColumn:
    field = field_at(model, column.path)
    title = column.title or (str(capfirst(str(field.verbose_name))) if field is not None else "")
    labels = column.labels() if column.labels else _own_labels(field)
    kind = column.kind or (RecordKind.LABEL if labels is not None else _kind_of(field))
    return ReadColumn(column.path, title, kind, None if labels is None else _Words(labels))


def field_at(model: type[models.Model], path: str) -> Any:
    """The field at the end of a path; None for a value that the rows were given by their QuerySet."""
    field: Any = None
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        model = field.related_model or model
    return field


class _Words(dict[Any, str | None]):
    """Labels by code, as texts; a code without a label stands for itself."""

    def __init__(self, labels: Labels) -> None:
        super().__init__({None: None, **{code: str(label) for code, label in labels.items()}})

    def __missing__(self, code: Any) -> str:
        return str(code)


def _own_labels(field: Any) -> Labels | None:
    if isinstance(field, models.BooleanField):
        return YES_NO
    return dict(field.choices) if getattr(field, "choices", None) else None


def _kind_of(field: Any) -> RecordKind:
    if isinstance(field, models.DateTimeField):
        return RecordKind.TIME
    if isinstance(field, models.DateField):
        return RecordKind.DATE
    if isinstance(field, models.JSONField):
        return RecordKind.JSON
    if isinstance(field, models.IntegerField | models.ForeignKey):
        return RecordKind.MONEY if field.name.endswith("_vnd") else RecordKind.NUMBER
    return RecordKind.TEXT if isinstance(field, TextLine | TextBlock) else RecordKind.CODE


def _reader(column: ReadColumn) -> Callable[[Any], Any] | None:
    if column.labels is not None:
        return column.labels.__getitem__
    return _times() if column.kind is RecordKind.TIME else _READERS.get(column.kind)


def _chain(first: Callable[[Any], Any] | None, then: Callable[[Any], Any] | None) -> Callable[[Any], Any] | None:
    if first is None or then is None:
        return first or then
    return lambda value: then(first(value))


def _times() -> Callable[[Any], Any]:
    """The time zone is asked for once: asking takes longer than converting."""
    zone = timezone.get_current_timezone()

    def time(value: Any) -> Any:
        return None if value is None else value.astimezone(zone).replace(microsecond=0, tzinfo=None)

    return time


def _json(value: Any) -> str | None:
    return _text(json.dumps(value, ensure_ascii=False))


def as_stored(text: str) -> str:
    """As text is stored: NFC, nothing invisible, line ends kept. What came round the forms is made so."""
    if text.replace("\n", " ").isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip()
    return nfc(text, multiline=True)


def _text(text: str | None) -> str | None:
    if not text:
        return None
    text = as_stored(text)
    return mask_personal_numbers(text) if MANY_DIGITS.search(text) else text


def _code(text: str | None) -> str | None:
    return as_stored(text) if text else None


def _masked(text: str | None) -> str | None:
    return mask_personal_number(as_stored(text)) if text else None


_READERS: dict[RecordKind, Callable[[Any], Any]] = {
    RecordKind.TEXT: _text,
    RecordKind.CODE: _code,
    RecordKind.MASKED: _masked,
    RecordKind.JSON: _json,
}
