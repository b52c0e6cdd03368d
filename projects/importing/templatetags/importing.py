"""Values of a proposed row by the column that shows them."""

from typing import Any

from django import template

from projects.importing.proposals import ProposedRow

register = template.Library()


@register.filter
def row_value(row: ProposedRow, key: str) -> Any:
    """What the row holds in that column; None where it says nothing."""
    return row.values.get(key)
