"""One figure of a report explained: its rule, what it is made of, its rows and their documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from khuyencong.money import format_vnd
from projects.figures.source_rows import SourceRow
from reports.catalogue.figures import Figure
from reports.catalogue.page import cell_address, shown_figure
from reports.catalogue.sources import Sources
from reports.catalogue.table import ReportRow, ReportTable

MAX_FACTS = 1_000


@dataclass(frozen=True)
class FigurePart:
    """A figure of which another is made."""

    title: str
    text: str
    address: str


@dataclass(frozen=True)
class ExplainedRow:
    fact: SourceRow
    address: str
    amount: str


@dataclass(frozen=True)
class Explained:
    """``parts`` of a figure made of others; ``rows`` of one that is a sum, at most as many as a page can show."""

    title: str
    names: Sequence[str]
    rule: str
    text: str
    unit: str
    parts: Sequence[FigurePart]
    rows: Sequence[ExplainedRow]
    row_count: int
    total: str
    is_money: bool

    @property
    def is_cut(self) -> bool:
        return self.row_count > len(self.rows)


def explain(table: ReportTable, row: ReportRow, one: Figure) -> Explained:
    facts = Sources(table).behind(row, one) if one.measure else []
    amount = sum(fact.amount for fact in facts)
    return Explained(
        title=table.full_title_of(one),
        names=table.names_of(row),
        rule=str(one.rule),
        text=shown_figure(one, row.values[one.key]),
        unit=one.kind.name,
        parts=[_part(table, row, key) for key in one.made_of],
        rows=[_source_row(fact, one) for fact in facts[:MAX_FACTS]],
        row_count=len(facts),
        total=format_vnd(amount) if one.is_money else str(amount),
        is_money=one.is_money,
    )


def _part(table: ReportTable, row: ReportRow, key: str) -> FigurePart:
    one = table.report.figure(key)
    assert one is not None
    return FigurePart(table.full_title_of(one), shown_figure(one, row.values[key]), cell_address(table, row, one))


def _source_row(fact: SourceRow, one: Figure) -> ExplainedRow:
    address = reverse(fact.url, args=[fact.paper_id]) if fact.url and fact.paper_id else ""
    return ExplainedRow(fact, address, format_vnd(fact.amount) if one.is_money else str(fact.amount))
