"""Rows with the keys under which they stand: the same rows, whether they are summed, counted or read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from typing import Any

from django.db.models import BigIntegerField, CharField, Value
from django_cte import CTE, with_cte

from khuyencong.asof import AsOf
from projects.figures.dimensions import Dimension, pace_of_line
from projects.figures.keys import Keys
from projects.figures.measures import Count
from projects.figures.reader import Reader

NOTHING = Value(None, output_field=BigIntegerField())
UNASKED = ""  # in the place of a pace


@dataclass(frozen=True, eq=False)
class Grouping:
    """By what the answer of a reader is grouped; ``counts`` are those for which lines have to tell their projects."""

    reader: Reader
    dimensions: Sequence[Dimension]
    counts: Sequence[Count] = ()

    @cached_property
    def columns(self) -> dict[str, Dimension]:
        """The names of the columns that hold the keys, with the dimension of each."""
        # What lines say stands first, or SQLite begins with the money of all years in the order of its sources.
        ordered = sorted(self.dimensions, key=lambda dimension: dimension.of_money is not None)
        return {f"key_{dimension.key}": dimension for dimension in ordered}

    @cached_property
    def keys_of(self) -> Callable[..., list[Keys]]:
        """Takes what the columns say of a row, and gives the keys under which it stands, in the order of dimensions."""

        @cache  # thousands of rows share a few combinations
        def keys_of(*said: Any) -> list[Keys]:
            each = zip(self.columns.values(), said, strict=True)
            found = {dimension: dimension.keys(one, self.reader) for dimension, one in each}
            return list(product(*(found[dimension] for dimension in self.dimensions)))

        return keys_of

    @property
    def asks_for_pace(self) -> bool:
        return any(count.pace is not None for count in self.counts)

    @property
    def lines(self) -> Any:
        """The lines with all their keys and the pace; of what money alone says they have nothing."""
        return self.keyed_lines(self.columns)

    @cached_property
    def shared_lines(self) -> CTE | None:
        """The lines with what money does not say: found once in a statement, however many rows of money join.

        None where money says all of it by itself.
        """
        names = [name for name, dimension in self.columns.items() if dimension.of_money is None]
        if not names:
            return None
        return CTE(self.keyed_lines(names).values("pk", "project", "pace", *names), name="lines")

    def keyed_lines(self, names: Iterable[str]) -> Any:
        """The lines with what they say in these columns, and with the pace of the project if a count asks for it."""
        pace = pace_of_line(self.reader.then) if self.asks_for_pace else Value(UNASKED, output_field=CharField())
        keys = {}
        for name in names:
            of_line = self.columns[name].of_line
            keys[name] = of_line(self.reader.then) if of_line else NOTHING
        return self.reader.lines.annotate(**keys).annotate(pace=pace)

    def money(self, table: Callable[[AsOf], Any]) -> Any:
        """The rows of a table of money with their keys; joined with the lines where only those say some of them."""
        lines = self.shared_lines
        said = {name: dimension.of_money for name, dimension in self.columns.items()}
        # Without that need they are not joined, since SQLite may then begin with the money of all years.
        if lines is None:
            return self.reader.money(table).annotate(**said)
        keys = {name: getattr(lines.col, name) if of_money is None else of_money for name, of_money in said.items()}
        rows = lines.join(self.reader.money_of_any_line(table), plan_line=lines.col.pk)
        return with_cte(lines, select=rows.annotate(**keys))
