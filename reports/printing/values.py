"""What the cells of a row show, on a page as in a file: money in đồng, percentages in %."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from projects.ledger.optional_amounts import add, rate
from reports.printing.book import Column


def in_million(vnd: int | None) -> Decimal | int | None:
    """Đồng as triệu đồng, exactly."""
    if vnd is None:
        return None
    return Decimal(vnd) / 10**6 if vnd % 10**6 else vnd // 10**6


def value_of(row: Any, column: Column) -> Any:
    """Before it is formatted."""
    if column.sum_of:
        return add(*(_field(row, key) for key in column.sum_of))
    if column.ratio_of:
        return rate(*(_field(row, key) for key in column.ratio_of))
    return _field(row, column.key)


def teller_of(row: Any) -> Callable[[str], Any]:
    """How to ask a row for what it says of a column; None where it says nothing."""
    return row.get if isinstance(row, Mapping) else lambda name: getattr(row, name, None)


def _field(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)
