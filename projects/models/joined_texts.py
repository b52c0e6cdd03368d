"""Keys that name several places, types or people together, in Python and as SQL joins them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Value

SEPARATOR = "+"  # between the codes of a key that names several places, types or people together


def key_of(codes: Iterable[str]) -> str:
    """One key for all of them, whatever their order: “314” and “311” are “311+314”."""
    return SEPARATOR.join(sorted(set(codes)))


def codes_of(key: str) -> list[str]:
    """What the key names."""
    return key.split(SEPARATOR)


def joined_codes(code: Any) -> JoinedTexts:
    """The codes of a group as SQL joins them: for :func:`key_of`, since they come in no particular order."""
    return JoinedTexts(code, Value(SEPARATOR))


class JoinedTexts(models.Aggregate):
    """Texts joined by a separator, in no particular order, on both databases."""

    function = "STRING_AGG"
    output_field = models.CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)
