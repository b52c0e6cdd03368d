"""Rows that can be added and never changed: the money ledger and the history.

The program refuses first, in words; the database refuses too, by triggers (``khuyencong/triggers.py``), so that
no shell, script or other program can rewrite what was recorded.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models

from khuyencong.asof import AsOf


class AppendOnlyError(Exception):
    """Raised when code tries to change or delete a recorded row."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnlyError("These rows are append-only: record a new entry instead.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("These rows are append-only: record a new entry instead.")


class AmountQuerySet(models.QuerySet[Any]):
    """Of rows that are amounts of money (``amount_vnd``)."""

    def amounts_by(self, *columns: str) -> dict[Any, int]:
        """Đồng by these columns: keys are tuples, of one column its values. No row, no key."""
        rows = self.order_by().values_list(*columns).annotate(models.Sum("amount_vnd"))
        return {row[0] if len(columns) == 1 else row[:-1]: row[-1] for row in rows}


class EffectiveQuerySet(AppendOnlyQuerySet):
    """Of rows that say from which day they count (``effective_on``) and when they were recorded (``recorded_at``)."""

    def effective_by(self, as_of: AsOf) -> Self:
        """What counts as of then; everything when nothing is asked."""
        return self.filter(as_of.counted()) if as_of else self

    def since(self, day: dt.date | None) -> Self:
        """What counts from that day on; everything without one."""
        return self if day is None else self.filter(effective_on__gte=day)


class AppendOnly(models.Model):
    """Base of every row that is recorded once. Subclasses get triggers against UPDATE, DELETE and TRUNCATE.

    ``amendable``: the fields that a service may put right. Each time ``amendments`` must be among them and say how many
    rows the model's other append-only table ``changes`` has for the row: it tells what stood there, so that nothing is
    written over without a word, in no shell either.
    """

    amendable: ClassVar[tuple[str, ...]] = ()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        written = set(kwargs.get("update_fields") or ())
        is_amended = "amendments" in written and written <= set(self.amendable)
        if not self._state.adding and not is_amended:
            raise AppendOnlyError("This row is append-only: record a new entry instead.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("This row is append-only: record a new entry instead.")
