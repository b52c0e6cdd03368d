"""Cells of long tables: a report has tens of thousands of them, and a template takes ten times as long for each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reports.catalogue.page import Cell

register = template.Library()
label_of = lru_cache(maxsize=512)(escape)  # the same few titles in each row


@register.filter
def figure_cells(cells: Iterable[Cell]) -> SafeString:
    """Figures of a row, each a link to what is behind it; on a phone the title of its column stands beside it."""
    return mark_safe("".join(map(_figure, cells)))


def _figure(cell: Cell) -> str:
    text, label = escape(cell.text), label_of(cell.title)
    if not cell.address:
        return f'<td class="num unrecorded" data-label="{label}">{text}</td>'
    return f'<td class="num" data-label="{label}"><a href="{escape(cell.address)}">{text}</a></td>'
