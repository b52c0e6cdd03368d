"""Model fields for Vietnamese text: stored as NFC, with columns derived for search and for order."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models

from khuyencong.forms import TextBlockField, TextLineField
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.text import fold, nfc, sort_key

SORT_KEY_BYTES = 1000  # an index row of PostgreSQL holds about 2,700


class _StoredAsNfc:
    """Puts the stored form of the text on the instance too, so both agree after ``save()``."""

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        """The text as it is stored; expressions such as ``F()`` pass through."""
        value = super().pre_save(instance, add)  # type: ignore[misc]
        if isinstance(value, str):
            value = self.to_python(value)  # type: ignore[attr-defined]
            setattr(instance, self.attname, value)  # type: ignore[attr-defined]
        return value


class TextLine(_StoredAsNfc, models.CharField):
    """One line of text: NFC, trimmed, single spaces."""

    def to_python(self, value: Any) -> Any:
        """The stored form; Django calls this for saving, ``update()`` and look-ups alike."""
        value = super().to_python(value)
        return nfc(value) if isinstance(value, str) else value

    def formfield(self, **kwargs: Any) -> forms.Field | None:  # type: ignore[override]
        """A form field that counts characters in the stored form."""
        return super().formfield(**{"form_class": TextLineField, **kwargs})


class TextBlock(_StoredAsNfc, models.TextField):
    """Text of several lines: NFC, trimmed, line ends as ``\\n``."""

    def to_python(self, value: Any) -> Any:
        """The stored form; Django calls this for saving, ``update()`` and look-ups alike."""
        value = super().to_python(value)
        return nfc(value, multiline=True) if isinstance(value, str) else value

    def formfield(self, **kwargs: Any) -> forms.Field | None:  # type: ignore[override]
        """A form field that counts characters in the stored form."""
        return super().formfield(**{"form_class": TextBlockField, **kwargs})


class _Masked:
    """Words that are kept for good: personal numbers are masked, since nobody can take them out later."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)  # type: ignore[misc]
        return mask_personal_numbers(value) if isinstance(value, str) else value


class KeptLine(_Masked, TextLine):
    """One line of words that are kept for good."""


class KeptText(_Masked, TextBlock):
    """Several lines of words that are kept for good."""


class FoldedField(models.TextField):
    """What a search looks into: the folded text of the ``sources``, attributes of the same row.

    ``bulk_create()`` fills it; after ``update()`` or before ``bulk_update()`` see the helpers below.
    """

    def __init__(self, *args: Any, sources: Iterable[str], **kwargs: Any) -> None:
        """Derived, so never typed and never missing from a form."""
        self.sources = tuple(sources)
        super().__init__(*args, **{"editable": False, "blank": True, "default": "", **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """What a migration needs to build the field again."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "sources": self.sources}

    def derive(self, instance: models.Model) -> str:
        """The folded text of the instance as it is now."""
        values = (getattr(instance, source) for source in self.sources)
        return fold(" ".join(str(value) for value in values if value is not None))

    def pre_save(self, instance: models.Model, add: bool) -> str:
        """Compute the column whenever the row is written."""
        value = self.derive(instance)
        setattr(instance, self.attname, value)
        return value


class SortKeyField(models.BinaryField):
    """Orders rows by the text of ``source`` as Vietnamese dictionaries do; see ``text.sort_key``.

    ``bulk_create()`` fills it; after ``update()`` or before ``bulk_update()`` see the helpers below.
    """

    def __init__(self, *args: Any, source: str, **kwargs: Any) -> None:
        """Derived, so never typed; indexed, because lists are read in its order."""
        self.source = source
        super().__init__(*args, **{"blank": True, "default": b"", "db_index": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """What a migration needs to build the field again."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {"db_index": False, **kwargs, "source": self.source}

    def derive(self, instance: models.Model) -> bytes:
        """The sort key of the instance as it is now, cut to what an index can hold."""
        value = getattr(instance, self.source)
        return sort_key("" if value is None else str(value))[:SORT_KEY_BYTES]

    def pre_save(self, instance: models.Model, add: bool) -> bytes:
        """Compute the column whenever the row is written."""
        value = self.derive(instance)
        setattr(instance, self.attname, value)
        return value


def derived_fields(model: type[models.Model]) -> list[FoldedField | SortKeyField]:
    """The search and sort columns of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, (FoldedField, SortKeyField))]


def fill_text_columns(objects: Iterable[models.Model]) -> list[str]:
    """Derive the columns in memory, and name them: ``bulk_update(rows, ["name", *fill_text_columns(rows)])``.

    ``save()`` and ``bulk_create()`` do this by themselves; ``bulk_update()`` does not.
    """
    names: dict[str, None] = {}
    for instance in objects:
        for field in derived_fields(type(instance)):
            field.pre_save(instance, add=False)
            names[field.attname] = None
    return list(names)


def refresh_text_columns(queryset: models.QuerySet[Any], *, batch_size: int = 500) -> int:
    """Bring the columns up to date after ``update()``; the number of rows that were stale."""
    fields = derived_fields(queryset.model)
    stale = [row for row in queryset.iterator(batch_size) if any(_is_stale(field, row) for field in fields)]
    if stale:
        queryset.model._base_manager.using(queryset.db).bulk_update(stale, fill_text_columns(stale), batch_size)
    return len(stale)


def _is_stale(field: FoldedField | SortKeyField, row: models.Model) -> bool:
    """Whether the stored column differs from what its sources say (PostgreSQL returns a memoryview)."""
    stored = getattr(row, field.attname)
    return (bytes(stored) if isinstance(stored, memoryview) else stored) != field.derive(row)
