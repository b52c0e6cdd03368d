"""A report of the catalogue as its page and its print show it: texts of cells, with the address of what is behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from khuyencong.money import NOT_RECORDED, format_million
from khuyencong.paper.fitting import PAGE_MM, WIDE, fitting, longest, padding_mm, sizes_for, type_class
from khuyencong.templatetags.khuyencong import percent
from projects.figures.plan_grid import NUMERALS
from reports.catalogue.figures import Figure
from reports.catalogue.sheets import shown_label
from reports.catalogue.table import ReportRow, ReportTable, Value
from reports.printing.book import CellKind

MAX_ROWS = 3_000
NUMBER_MM, NAME_MM, WORDS_MM = 9, 55, 22  # of the columns of the print, where figures leave them their room


@dataclass(frozen=True)
class PageCell:
    """``address`` is empty where nothing is recorded."""

    title: str
    text: str
    address: str


@dataclass(frozen=True)
class PageRow:
    number: str
    label: str
    texts: Sequence[tuple[str, str]]
    cells: Sequence[PageCell]
    project_id: int | None = None


@dataclass(frozen=True)
class ReportPageSection:
    """``sum`` is None in a report without sections."""

    label: str
    rows: Sequence[PageRow]
    sum: PageRow | None
    numeral: str = ""


@dataclass(frozen=True)
class Head:
    """A column's title, its label (A, B, 1, 2 …), and what it says."""

    title: str
    label: str
    rule: str
    is_figure: bool


@dataclass(frozen=True)
class HeadCell:
    """A cell of the header: a column, or the title of a group over the columns that it spans."""

    title: str
    head: Head | None = None
    span: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Page:
    """``is_too_long`` when there are more rows than a page can show: then it shows the sums alone, and says so."""

    heads: Sequence[Head]
    groups: Sequence[tuple[str, int]]
    sections: Sequence[ReportPageSection]
    total: PageRow
    row_count: int
    is_too_long: bool

    @property
    def has_groups(self) -> bool:
        return any(title for title, _size in self.groups)

    @property
    def is_wide(self) -> bool:
        """So many columns that they need smaller type on paper."""
        return len(self.heads) >= WIDE

    @property
    def header(self) -> list[list[HeadCell]]:
        """Titles of groups over their columns; a column without a group takes both rows."""
        top: list[HeadCell] = []
        below: list[HeadCell] = []
        heads = iter(self.heads)
        for title, size in self.groups:
            inside = list(islice(heads, size))
            if title:
                top.append(HeadCell(title, span=size))
                below += [HeadCell(head.title, head) for head in inside]
            else:
                top += [HeadCell(head.title, head, rows=1 + self.has_groups) for head in inside]
        return [top, below] if below else [top]

    @property
    def type_class(self) -> str:
        """Of its print: as small as the longest figures ask."""
        texts = self.words_before_total - 2
        count = len(self.heads) - 2 - texts
        rows = [self.total, *(row for one in self.sections for row in (*one.rows, *([one.sum] if one.sum else [])))]
        words = [NAME_MM, *[WORDS_MM] * texts]
        figures = [(PAGE_MM - NUMBER_MM - sum(words)) / count] * count
        size, _widths = fitting(
            given=[NUMBER_MM, *words, *figures],
            figures={2 + texts + place: longest(row.cells[place].text for row in rows) for place in range(count)},
            words=dict.fromkeys(range(1, 2 + texts), 0.0),
            sizes=sizes_for(len(self.heads)),
            padding=padding_mm,
        )
        return type_class(size)

    @property
    def words_before_total(self) -> int:
        return sum(not head.is_figure for head in self.heads)


def page_of(table: ReportTable, labels: Sequence[str]) -> Page:
    """``labels`` are those of the workbook's columns, so that both name them alike."""
    is_too_long = len(table.rows) > MAX_ROWS
    words = [
        Head(_("STT"), labels[0], "", False),
        Head(str(table.report.rows_by.title), labels[1], "", False),
        *(Head(str(text.title), label, "", False) for text, label in zip(table.texts, labels[2:], strict=False)),
    ]
    figures = [
        Head(table.title_of(one), label, str(one.rule), True)
        for one, label in zip(table.figures, labels[len(words) :], strict=True)
    ]
    rows = _Rows(table)
    return Page(
        heads=[*words, *figures],
        groups=_groups(table, len(words)),
        sections=[
            ReportPageSection(
                label=section.label,
                rows=[] if is_too_long else [rows.shown(row, str(row.number)) for row in section.rows],
                sum=rows.shown(section.sum) if section.sum else None,
                numeral=NUMERALS[section.number - 1] if 0 < section.number <= len(NUMERALS) else str(section.number),
            )
            for section in table.sections
        ],
        total=rows.shown(table.total),
        row_count=len(table.rows),
        is_too_long=is_too_long,
    )


def _groups(table: ReportTable, words: int) -> list[tuple[str, int]]:
    """Titles above several columns, each with the number of columns under it."""
    found: list[tuple[str, int]] = [("", words)]
    for one in table.figures:
        title = table.group_of(one)
        if title and found[-1][0] == title:
            found[-1] = (title, found[-1][1] + 1)
        else:
            found.append((title, 1))
    return found


class _Rows:
    """What all rows share, the titles of the columns, is put into words once."""

    def __init__(self, table: ReportTable) -> None:
        self.table = table
        self.columns = [(one, table.full_title_of(one)) for one in table.figures]
        self.texts = [(text.key, str(text.title)) for text in table.texts]

    def shown(self, row: ReportRow, number: str = "") -> PageRow:
        address = row_address(self.table, row)
        values = [(one, title, row.values[one.key]) for one, title in self.columns]
        return PageRow(
            number=number,
            label=shown_label(row),
            texts=[(title, row.texts.get(key, "")) for key, title in self.texts],
            cells=[
                PageCell(title, shown_figure(one, value), "" if value is None else f"{address}&figure={one.key}")
                for one, title, value in values
            ],
            project_id=row.project_id,
        )


def shown_figure(one: Figure, value: Value) -> str:
    """Money in triệu đồng, ratios in % with one decimal; “–” where nothing is recorded."""
    if value is None:
        return NOT_RECORDED
    if one.kind is CellKind.PERCENT:
        return percent(value, 1).removesuffix("%")
    return format_million(int(value)) if one.is_money else str(value)


def cell_address(table: ReportTable, row: ReportRow, one: Figure) -> str:
    """Where the figure opens to its rule, its rows and their documents."""
    return f"{row_address(table, row)}&figure={one.key}"


def row_address(table: ReportTable, row: ReportRow) -> str:
    """Where the figures of the row open, but for the name of the figure."""
    places = ("section", "row") if len(table.report.dimensions) > 1 else ("row",)
    names = urlencode(dict(zip(places, row.tokens, strict=False)))
    return f"{table.cells_address}&{names}" if names else table.cells_address
