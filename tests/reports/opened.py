"""Opening the figures of a yearly report, as a reader does to see what they are made of."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.test import Client

from khuyencong.money import format_million
from reports.annual.roll_up_table import LinkedFigure, RollUpTable


def links_of(found: RollUpTable) -> list[LinkedFigure]:
    parts = [found.total, *(row.figures for group in found.groups for row in group.rows)]
    return [figure for figures in parts for figure in figures if figure.is_link]


def figures_that_open_to_their_rows(client: Client, found: RollUpTable) -> int:
    """How many there are. Several figures of a row open the same list, which is asked for once."""

    @cache
    def totals_at(address: str) -> Any:
        return client.get(address).context["totals"]

    figures = links_of(found)
    for figure in figures:
        totals = totals_at(figure.address)
        shown = {
            "Số đề án": str(totals["count"]),
            "Đúng tiến độ": str(totals["count"]),
            "Đề nghị": format_million(totals["requested"]),
            "Sau điều chỉnh": format_million(totals["approved"]),
        }.get(str(figure.column.title), figure.text)
        assert figure.text == shown, (str(figure.column.title), figure.address)
    return len(figures)
