"""The rows behind the figures of a report: read once for each figure, however many cells are asked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from projects.figures.keys import Keys
from projects.figures.measures import Count, Measure
from projects.figures.source_rows import SourceRow, source_rows_of_assigned, source_rows_of_count, source_rows_of_money
from reports.catalogue.figures import Assigned, Figure
from reports.catalogue.table import ReportRow, ReportTable


class Sources:
    """``behind`` answers for one cell; the sum of what it gives is the figure that the cell shows."""

    def __init__(self, table: ReportTable) -> None:
        self.table = table
        self._found: dict[tuple[str, bool], Mapping[Keys, list[SourceRow]]] = {}

    def behind(self, row: ReportRow, figure: Figure) -> list[SourceRow]:
        """In the order of projects and days; projects that are counted stand once."""
        is_whole = not row.tokens and not self._adds_up
        keys: Iterable[Keys] = [()] if is_whole else row.keys
        found = self._facts(figure, is_whole=is_whole)
        facts = [fact for key in keys for fact in found.get(key, ())]
        if isinstance(figure.measure, Count):
            facts = list({fact.project_id: fact for fact in facts}.values())
        return sorted(facts, key=lambda fact: (fact.code, fact.project_id or 0, fact.on or dt.date.min))

    @property
    def _adds_up(self) -> bool:
        return all(dimension.is_additive for dimension in self.table.report.dimensions)

    def _facts(self, figure: Figure, *, is_whole: bool) -> Mapping[Keys, list[SourceRow]]:
        place = (figure.key, is_whole)
        if place not in self._found:
            grouped: dict[Keys, list[SourceRow]] = defaultdict(list)
            for fact in self._read(figure, is_whole=is_whole):
                grouped[fact.keys].append(fact)
            self._found[place] = grouped
        return self._found[place]

    def _read(self, figure: Figure, *, is_whole: bool) -> Iterable[SourceRow]:
        reader = self.table.asked.reader(figure.years_back, is_of_period=figure.is_of_period)
        dimensions = () if is_whole else self.table.report.dimensions
        if not reader.question.plans:
            return []
        if isinstance(figure.measure, Measure):
            return source_rows_of_money(reader, dimensions, figure.measure)
        if isinstance(figure.measure, Count):
            return source_rows_of_count(reader, dimensions, figure.measure)
        return source_rows_of_assigned(reader) if isinstance(figure.measure, Assigned) else []
