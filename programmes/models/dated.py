"""What is in force between two days."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class DatedQuerySet(models.QuerySet[Any]):
    """Rows with ``effective_from`` and ``effective_to``; an empty end is open."""

    def in_force(self, on: dt.date) -> Self:
        return self.in_force_between(on, on)

    def in_force_between(self, first: dt.date, last: dt.date) -> Self:
        """On some day of these."""
        return self.filter(
            Q(effective_from=None) | Q(effective_from__lte=last), Q(effective_to=None) | Q(effective_to__gte=first)
        )


def is_in_force(row: Any, on: dt.date) -> bool:
    """The same of one row that is read already."""
    started = row.effective_from is None or row.effective_from <= on
    return started and (row.effective_to is None or row.effective_to >= on)


def dates_in_order(name: str, start: str = "effective_from", end: str = "effective_to") -> models.CheckConstraint:
    """The constraint that an end is not before its start; either may be unknown."""
    return models.CheckConstraint(
        condition=Q(**{start: None}) | Q(**{end: None}) | Q(**{f"{end}__gte": F(start)}),
        name=name,
        violation_error_message=_("Ngày kết thúc phải từ ngày bắt đầu trở đi."),
    )


def once_from_a_day(name: str, message: Any, *same: Any) -> models.UniqueConstraint:
    """The constraint that two rows which are the ``same`` don't begin on one day; an unknown start is one as well."""
    start = Coalesce("effective_from", models.Value("0001-01-01", output_field=models.DateField()))
    return models.UniqueConstraint(*same, start, name=name, violation_error_message=message)
