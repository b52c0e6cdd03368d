"""Cells of long tables: a report has tens of thousands of them, and a template takes ten times as long for each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django import template
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from khuyencong.money import NOT_RECORDED
from reports.catalogue.page import PageCell, PageRow

register = template.Library()
label_of = lru_cache(maxsize=512)(escape)  # the same few titles in each row


@register.filter
def report_rows(rows: Iterable[PageRow]) -> SafeString:
    """Rows of a report: number, title, texts, figures."""
    return mark_safe("\n".join(map(_row, rows)))


def _row(row: PageRow) -> str:
    title = escape(row.label)
    if row.project_id:
        title = f'<a href="{reverse("projects:project_detail", args=[row.project_id])}">{title}</a>'
    texts = "".join(
        f'<td data-label="{label_of(name)}">{linebreaksbr(text, autoescape=True) or NOT_RECORDED}</td>'
        for name, text in row.texts
    )
    head = f'<td class="number hide-phone">{row.number}</td><th scope="row" class="title">{title}</th>'
    return f"<tr>{head}{texts}{figure_cells(row.cells)}</tr>"


@register.filter
def figure_cells(cells: Iterable[PageCell]) -> SafeString:
    """Figures of a row, each a link to what is behind it; on a phone the title of its column stands beside it."""
    return mark_safe("".join(map(_figure, cells)))


def _figure(cell: PageCell) -> str:
    text, label = escape(cell.text), label_of(cell.title)
    if not cell.address:
        return f'<td class="num unrecorded" data-label="{label}">{text}</td>'
    return f'<td class="num" data-label="{label}"><a href="{escape(cell.address)}">{text}</a></td>'
