"""Of which source the money of an old list was contracted, paid and settled, where a project has two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khuyencong.funding import FundingLevel
from programmes.models import ActivityType
from projects.importing.layout.parted import keys_of
from projects.importing.lists.money_levels import LEVELS, STATE, level_in, named_source
from projects.importing.lists.opening_entries import Grant, Portion
from projects.importing.proposals import ListReading
from projects.importing.questions import Option

ROW = "row"  # the source is the one that the row of the money names


@dataclass(frozen=True)
class Part:
    """What a cell says, or its part of one source and content, in đồng."""

    key: str
    level: str
    content: ActivityType | None
    vnd: int


class SourcesReader:
    """Tells the money of one list apart by source."""

    def __init__(self, asked: ListReading) -> None:
        self.asked = asked

    def of(self, portion: Portion, family: str, grants: Sequence[Grant]) -> list[Part]:
        """The row's money in all columns of a kind."""
        found = []
        for key in keys_of(self.asked.table, family):
            if vnd := portion.found.get(key):
                found += self.told_apart(portion, key, vnd, grants)
        return found

    def told_apart(self, portion: Portion, key: str, vnd: int, grants: Sequence[Grant]) -> list[Part]:
        """By the heading of its column; what is all that was approved is of each source what was approved of it; else
        as the office says once for the column."""
        content, table = portion.words.content, self.asked.table
        level = level_in(table.headings.get(table.columns[key], ""))
        approved = [one for one in grants if not level or one.level == level]
        cells: dict[tuple[str, ActivityType | None], int] = defaultdict(int)
        for one in approved:
            cells[one.level, one.content] += one.vnd
        if len(cells) > 1 and vnd == sum(cells.values()):
            return [Part(key, of, what, part) for (of, what), part in cells.items()]
        levels = list(dict.fromkeys(one.level for one in approved))
        if not level:
            level = levels[0] if len(levels) == 1 else (self._asked(portion, key, levels) if levels else "")
        return [Part(key, level, content, vnd)]

    def _asked(self, portion: Portion, key: str, levels: Sequence[str]) -> str:
        """Offered first is what the row itself names, where the list has a column for it."""
        table, proposed, has_column = self.asked.table, portion.proposed, "source" in self.asked.table.columns
        text = _("Đề án được duyệt hai nguồn kinh phí. Tiền ở cột “%(column)s” là của nguồn nào?")
        by_row = [Option(ROW, _("Nguồn ghi ở từng dòng"))] if has_column else []
        answer = self.asked.ask_of(
            proposed,
            key,
            f"spent:{table.sheet.name}:{key}",
            text % {"column": table.headings.get(table.columns[key], "")},
            [*by_row, *(Option(one, FundingLevel(one).label) for one in levels if one)],
            likely=ROW if has_column else "",
        )
        if answer != ROW:
            return answer
        if not proposed.row.text("source"):
            proposed.is_wrong(key, _("dòng này không ghi nguồn vốn"))
        source = named_source(self.asked, proposed, STATE)
        return LEVELS[source] if source else ""
