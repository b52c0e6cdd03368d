"""A choice of a content under the decree that lists it: two decrees may call a content alike."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from khuyencong.forms import OfferedThenStored, StoredChoiceField
from programmes.models import ActivityType, Regulation


class _UnderDecrees(OfferedThenStored):
    """The list as it is; in groups, each called after its decree, where it has the contents of two."""

    def __iter__(self) -> Iterator[Any]:
        rows = list(super().__iter__())
        held = {str(row.pk): row for row in self.field.stored}
        by_decree = [(self._decree_of(value, held), (value, label)) for value, label in rows if str(value)]
        yield from [(value, label) for value, label in rows if not str(value)]
        groups = [(decree, [row for _decree, row in group]) for decree, group in groupby(by_decree, key=lambda r: r[0])]
        if len(groups) < 2:
            yield from [row for _decree, row in by_decree]
            return
        yield from [(decree.cited, rows) for decree, rows in groups]

    def _decree_of(self, value: Any, held: dict[str, Any]) -> Regulation:
        row = getattr(value, "instance", None) or held[str(value)]
        assert isinstance(row, ActivityType)
        return row.regulation


class ContentChoiceField(StoredChoiceField):
    """A content among those that are offered, and those that the record holds."""

    iterator = _UnderDecrees
