"""How Excel shows the numbers of a document: dot for thousands and comma for decimals (NĐ 30/2020)."""

from __future__ import annotations

from decimal import Decimal

from reports.printing.book import CellKind

# [$-42A]: dot for thousands and comma for decimals, where the program lets a file say so.
# _) leaves room before the border, also for the text “–”.
WHOLE, FRACTION, SHARE = (
    f"[$-42A]{digits}_);[$-42A]-{digits}_);[$-42A]{digits}_);@_)" for digits in ("#,##0", "#,##0.0#####", "#,##0.0")
)
TO_FILL_IN = "General_);-General_);General_);@_)"


def number_format_of(kind: CellKind, shown: int | float | Decimal | None) -> str:
    """Percentages of a column have one decimal all of them; an empty figure that waits to be filled in by hand keeps
    the decimals that will be typed."""
    if kind is CellKind.PERCENT:
        return SHARE
    if shown is None:
        return TO_FILL_IN if kind is CellKind.FIGURE else WHOLE
    return WHOLE if shown == int(shown) else FRACTION
