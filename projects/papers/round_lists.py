"""The lists of a round's papers: its lines by content, in the columns that each paper needs, with their sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from khuyencong.money import format_million
from khuyencong.official import UNIT_LINE
from khuyencong.paper.official_paper import PaperColumn, PaperList, PaperRow, Part, Words
from khuyencong.text import at_start
from projects.papers.about_project import about_project
from projects.papers.round_facts import LinesOfContent, RoundFacts, RoundLine, proposed_sum, requested_sum

TENS, ONES = ("", "X", "XX", "XXX", "XL"), ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


@dataclass(frozen=True)
class LineColumn:
    """What it says of a line; or an amount in đồng, of one line as of several."""

    title: str
    width: float
    text: Callable[[RoundLine], str] | None = None
    total: Callable[[Sequence[RoundLine]], int | None] | None = None

    def of_line(self, line: RoundLine) -> str:
        return self.text(line) if self.text else self.of_lines([line])

    def of_lines(self, lines: Sequence[RoundLine]) -> str:
        return format_million(self.total(lines)) if self.total else ""


def name_column(width: float) -> LineColumn:
    return LineColumn("Tên đề án", width, lambda line: about_project(line.project)[0])


def project_columns(name: float, helped: float, area: float) -> list[LineColumn]:
    return [
        name_column(name),
        LineColumn("Đơn vị thụ hưởng", helped, lambda line: about_project(line.project)[1]),
        LineColumn("Địa bàn", area, lambda line: about_project(line.project)[2]),
    ]


def amount_columns(facts: RoundFacts, width: float) -> list[LineColumn]:
    """What is proposed of it stands beside it where anything was recommended in the round."""
    asked = LineColumn("Kinh phí đề nghị", width, total=requested_sum)
    return [asked, LineColumn("Thẩm định đề nghị", width, total=proposed_sum)] if facts.has_recommended else [asked]


def conclusion_columns(conclusion: float, opinion: float) -> list[LineColumn]:
    return [
        LineColumn("Kết luận", conclusion, lambda line: line.conclusion),
        LineColumn("Ý kiến thẩm định", opinion, lambda line: line.opinion),
    ]


def line_list(
    groups: Sequence[LinesOfContent], columns: Sequence[LineColumn], *, is_labelled: bool = False
) -> PaperList:
    """Lines numbered through; of several contents each has a row with its sums above its lines."""
    words = next(place for place, column in enumerate(columns) if column.total)  # columns A, B, C … before 1, 2, 3 …
    labels = [*"ABCDEF"[: words + 1], *map(str, range(1, len(columns)))] if is_labelled else [""] * (len(columns) + 1)
    said = [PaperColumn("STT", 6, "centre", labels[0])]
    for column, label in zip(columns, labels[1:], strict=False):
        said.append(PaperColumn(column.title, column.width, "right" if column.total else "left", label))
    rows, numbers = [], count(1)
    for place, group in enumerate(groups, 1):
        if len(groups) > 1:
            rows.append(_sums(roman(place), group.title, group.lines, columns, "group"))
        rows += [PaperRow([str(next(numbers)), *(one.of_line(line) for one in columns)]) for line in group.lines]
    lines = [line for group in groups for line in group.lines]
    return PaperList(said, [*rows, _sums("", "Cộng", lines, columns, "sum")], UNIT_LINE)


def _sums(mark: str, title: str, lines: Sequence[RoundLine], columns: Sequence[LineColumn], kind: str) -> PaperRow:
    return PaperRow([mark, title, *(column.of_lines(lines) for column in columns[1:])], kind)


def roman(number: int) -> str:
    """Up to 49: more contents than the decrees name."""
    return TENS[number // 10] + ONES[number % 10]


def annex(facts: RoundFacts, paper: str, columns: Sequence[LineColumn]) -> list[Part]:
    """The accepted lines, as they go with the paper that is named."""
    return [
        Words("DANH MỤC ĐỀ ÁN", is_bold=True, is_centred=True),
        Words(at_start(facts.name), is_bold=True, is_centred=True),
        Words(f"(Kèm theo {paper})", is_italic=True, is_centred=True),
        line_list(facts.accepted_groups, columns),
    ]
