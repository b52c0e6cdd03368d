"""What the administration's history says of a record that a list founds or changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import override

from projects.importing.layout.listed import ListRow


def field_change(model: type[Model], key: str, before: str, after: str) -> str:
    """“tên hiện nay “A” → “B””."""
    [name] = [str(field.verbose_name) for field in model._meta.fields if field.name == key]
    shown = {"field": name, "before": _quoted(before), "after": _quoted(after)}
    return _("%(field)s %(before)s → %(after)s") % shown


def _quoted(text: str) -> str:
    return f"“{text}”" if text else _("(trống)")


def told_in_history(file_name: str, row: ListRow, changes: Callable[[], Sequence[str]] = tuple) -> str:
    """Where the record came from and what changed, in Vietnamese whatever the page; ``changes`` says it in the language
    of the moment."""
    place = {"file": file_name, "sheet": row.table.sheet.name, "row": row.number}
    with override("vi"):
        told = _("Nhập từ tệp “%(file)s”, trang “%(sheet)s”, dòng %(row)s") % place
        return f"{told}: {'; '.join(said)}." if (said := changes()) else f"{told}."
