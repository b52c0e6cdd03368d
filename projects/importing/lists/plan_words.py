"""What the words of a plan's rows mean: content, place, time; what is open is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khuyencong.text import fold
from programmes.models import ActivityType, AdminUnit
from projects.importing.lists.helped import HelpedParty, HelpedReader, is_too_long
from projects.importing.matching.contents import ContentFinder
from projects.importing.matching.places import PlaceReader
from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import Option
from projects.importing.values.periods import TimeSpan, UnreadableTime, read_period
from projects.models import Project

NOTHING = "none"


@dataclass
class RowWords:
    """What a row says beside its money."""

    content: ActivityType | None = None
    period: TimeSpan | None = None
    places: Sequence[AdminUnit] = ()
    is_whole: bool = False
    parties: str = ""
    parties_helped: Sequence[HelpedParty] = ()

    @property
    def helped(self) -> str:
        """Who is helped, as it is shown; empty for a task."""
        return "; ".join(one.name for one in self.parties_helped)


class WordsReader:
    """Reads the words of all rows of one list, with what they may mean looked up once."""

    def __init__(self, asked: ListReading, contents: Sequence[ActivityType], places: PlaceReader) -> None:
        self.asked, self.contents, self.place_reader = asked, contents, places
        self.finder = ContentFinder(contents)
        self.year = asked.plan.year if asked.plan else 0
        self.helped = HelpedReader(asked)

    def name(self, proposed: ProposedRow) -> str:
        """What the project is called; without a name, or with one that no project may bear, the row is wrong."""
        name = proposed.row.text("name")
        if not name:
            proposed.is_wrong("name", _("thiếu tên đề án"))
        is_too_long(proposed, "name", name, Project)
        return name

    def read(self, proposed: ProposedRow) -> RowWords:
        words = RowWords()
        self._content(proposed, words)
        self._period(proposed, words)
        self._place(proposed, words)
        words.parties_helped = self.helped.read(proposed)
        return words

    def _content(self, proposed: ProposedRow, words: RowWords) -> None:
        """By the column of contents, else by the heads of its groups, else by the project's own name."""
        row = proposed.row
        own = row.text("content")
        tries = [own] if own else [*reversed(row.groups), row.table.sheet.name, row.text("name")]
        for text in tries:
            if len(found := self.finder.meant(text)) == 1:
                words.content = found[0]
                return
        text = tries[-1]
        if not text:
            return  # without a name the row is wrong anyway
        likely = self.finder.meant(text) or self.finder.meant(row.text("name"))
        offered = [*likely, *(one for one in self.contents if one not in likely)]
        answer = self.asked.ask_of(
            proposed,
            "content" if own else "name",
            f"content:{self.contents[0].regulation_id if self.contents else 0}:{fold(text)}",
            _("“%(text)s” là nội dung nào?") % {"text": text},
            [Option(one.code, one.short_name) for one in offered],
            likely=likely[0].code if likely else "",
            is_habit=bool(own),
        )
        words.content = next((one for one in self.contents if one.code == answer), None)

    def _period(self, proposed: ProposedRow, words: RowWords) -> None:
        cell, text = proposed.row.cells.get("period"), proposed.row.text("period")
        try:
            words.period = read_period(cell, self.year)
        except UnreadableTime:
            words.period = self._asked_period(proposed, text)
        if words.period is None:
            return
        if not isinstance(cell, str) and words.period.end_on > words.period.start_on and len(text) > 4:
            said = {"month": f"{words.period.start_on:%m/%Y}"}
            proposed.is_noted("period", _("thời gian: đọc là cả tháng %(month)s") % said)
        if not (words.period.start_on.year <= self.year <= words.period.end_on.year):
            outside = _("thời gian “%(text)s” ở ngoài năm kế hoạch %(year)s")
            proposed.is_noted("period", outside % {"text": text, "year": self.year})

    def _asked_period(self, proposed: ProposedRow, text: str) -> TimeSpan | None:
        """What the office says that words mean which name no time: once for each spelling."""
        quarters = [(first, last) for first in range(1, 5) for last in range(first, 5) if (first, last) != (1, 4)]
        answer = self.asked.ask_of(
            proposed,
            "period",
            f"time:{self.year}:{fold(text)}",
            _("Thời gian thực hiện ghi “%(text)s” là khi nào?") % {"text": text},
            [
                Option("1-4", _("Cả năm %(year)s") % {"year": self.year}),
                Option(NOTHING, _("Chưa rõ, để trống")),
                *(Option(f"{first}-{last}", _quarters_label(first, last)) for first, last in quarters),
            ],
        )
        if not answer or answer == NOTHING:
            return None
        return read_period(f"quý {answer}", self.year)

    def _place(self, proposed: ProposedRow, words: RowWords) -> None:
        text = proposed.row.text("place")
        meant = self.place_reader.read(text)
        words.is_whole, words.places, words.parties = meant.is_whole, list(meant.places), meant.words
        for part in meant.open:
            near = list(part.units) or self.place_reader.names.near(part.typed)[:8]
            options = [Option(one.code, _unit_label(one)) for one in near]
            shown = {"text": part.typed}
            ask = _("“%(text)s” là đơn vị nào?") if part.units else _("Không có đơn vị hành chính tên “%(text)s”.")
            answer = self.asked.ask_of(
                proposed,
                "place",
                f"place:{self.year}:{fold(part.typed)}",
                ask % shown,
                [
                    *options,
                    Option(NOTHING, _("Không ghi địa bàn, giữ nguyên văn ở mục “Các bên tham gia và địa điểm”")),
                ],
            )
            chosen = next((one for one in near if one.code == answer), None)
            words.places = [*words.places, *([chosen] if chosen else [])]
            words.parties = text if answer == NOTHING else words.parties


def _quarters_label(first: int, last: int) -> str:
    one, other = ("I", "II", "III", "IV")[first - 1], ("I", "II", "III", "IV")[last - 1]
    if first == last:
        return _("Quý %(quarter)s") % {"quarter": one}
    return _("Từ quý %(first)s đến quý %(last)s") % {"first": one, "last": other}


def _unit_label(unit: AdminUnit) -> str:
    """With what lies above it, which tells two of one name apart."""
    return f"{unit.name} ({unit.parent.name})" if unit.parent else unit.name
