"""A report of the catalogue as a workbook: the sheet as the screen shows it, and the rows behind its cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from khuyencong.official import DocumentHead
from projects.figures.measures import Count
from projects.figures.plan_grid import NUMERALS
from projects.figures.source_rows import SourceRow
from reports.catalogue.figures import Assigned, Figure
from reports.catalogue.sources import Sources
from reports.catalogue.table import ReportRow, ReportTable, TableSection
from reports.printing.book import Block, Book, CellKind, Column, Group, Section, Sheet, Sums
from reports.printing.workbook import render
from reports.wording.heads import letterhead
from reports.wording.notes import TOTAL

SHEET_NAME = "Báo cáo"
SUM = "Cộng"
LABEL_WIDTH, FIGURE_WIDTH = 34, 12
MOTTO_WIDTH = 50  # room for the country's name above the columns that follow the names


def workbook_of(table: ReportTable, *, today: dt.date) -> bytes:
    """Always in Vietnamese, whatever the language of the interface."""
    with translation.override("vi"):
        return render(book_of(table, today=today))


def book_of(table: ReportTable, *, today: dt.date) -> Book:
    blocks = _Blocks(table)
    sheet = Sheet(
        name=SHEET_NAME,
        title=title_of(table).upper(),
        columns=columns_of(table),
        sections=[_section(table, section, blocks) for section in table.sections],
        total_title=TOTAL,
        subtitles=subtitles_of(table),
        notes=notes_of(table, is_on_paper=True),
        when_empty=str(table.report.none_found),
        sums=blocks.sums(table.total),
    )
    return Book(
        title=title_of(table),
        letterhead=letterhead_of(table, today=today),
        sheets=[sheet],
        blocks=blocks.found,
    )


def letterhead_of(table: ReportTable, *, today: dt.date) -> DocumentHead:
    asked = table.asked
    return letterhead(asked.issuer, asked.period, asked.days, today)


def title_of(table: ReportTable) -> str:
    """As a document is headed: “Đề án và kinh phí khuyến công năm 2006 theo địa bàn”."""
    return str(table.report.heading) % {"period": table.asked.period}


def subtitles_of(table: ReportTable) -> list[str]:
    return [f"({text})" for text in (*table.narrowed_to, str(table.asked.as_of)) if text]


def notes_of(table: ReportTable, *, is_on_paper: bool = False) -> list[str]:
    """On screen a notice above the table names columns that the report has not."""
    notes = [_("Ghi chú: dấu “–” là chưa có số liệu.")]
    if table.is_repeated:
        notes.append(
            _("Đề án có nhiều nguồn hoặc nhiều nội dung đứng ở nhiều dòng và tính một lần trong tổng số đề án.")
        )
    if any(row.is_shared for row in table.rows):
        notes.append(_("“(chung)”: đề án thuộc nhiều nhóm, kinh phí không tách riêng cho từng nhóm."))
    if is_on_paper and table.unknown_columns:
        names = {"names": ", ".join(table.unknown_columns)}
        notes.append(_("Cột được chọn nhưng không có trong báo cáo của kỳ này: %(names)s.") % names)
    return [*notes, *table.remarks]


def columns_of(table: ReportTable) -> list[Column]:
    """Number, name, words, figures: as the screen has them. Few figures are wider, or the letterhead has no room."""
    left = MOTTO_WIDTH - sum(text.width for text in table.texts)
    figure_width = max(FIGURE_WIDTH, left / len(table.figures))
    return [
        Column("number", "STT", 5, CellKind.CENTRED),
        Column("label", str(table.report.rows_by.title), LABEL_WIDTH),
        *(Column(text.key, str(text.title), text.width) for text in table.texts),
        *(
            Column(
                one.key,
                table.title_of(one),
                figure_width,
                one.kind,
                table.group_of(one),
                ratio_of=one.ratio_of,
                difference_of=one.difference_of,
                running_of=one.running_of,
            )
            for one in table.figures
        ),
    ]


def _section(table: ReportTable, section: TableSection, blocks: _Blocks) -> Section:
    rows = [_row(row, blocks) for row in section.rows]
    if section.sum is None:
        return Section("", "", [Group("", rows)])
    numeral = NUMERALS[section.number - 1] if section.number <= len(NUMERALS) else str(section.number)
    return Section(numeral, shown_label(section.sum), [Group("", rows)], SUM, blocks.sums(section.sum))


def _row(row: ReportRow, blocks: _Blocks) -> dict[str, Any]:
    head = {
        "number": row.number,
        "label": shown_label(row),
        "project_id": row.project_id,
        "row_key": "/".join(row.tokens),
    }
    return head | dict(row.texts) | dict(row.values) | {"blocks": blocks.of(row)}


def shown_label(row: ReportRow) -> str:
    return _("%(label)s (chung)") % {"label": row.label} if row.is_shared else row.label


class _Blocks:
    """Each cell's rows, in the order in which the cells stand."""

    def __init__(self, table: ReportTable) -> None:
        self.table, self.sources = table, Sources(table)
        self.found: list[Block] = []

    def of(self, row: ReportRow) -> dict[str, int]:
        """Of every figure with a measure of its own that has something to show."""
        return self._blocks(row, [one for one in self.table.figures if one.measure])

    def sums(self, row: ReportRow) -> Sums:
        """What adding up the rows would not give: projects counted once, and money that several rows share."""
        is_whole = not row.tokens
        adds_up = all(dimension.is_additive for dimension in self.table.report.dimensions)
        wanted = [
            one
            for one in self.table.figures
            if one.measure and (isinstance(one.measure, Count | Assigned) or (is_whole and not adds_up))
        ]
        summed = {one.key: row.values[one.key] for one in self.table.figures if one.difference_of or one in wanted}
        return Sums(summed, self._blocks(row, wanted))

    def _blocks(self, row: ReportRow, figures: Sequence[Figure]) -> dict[str, int]:
        places = {}
        for one in figures:
            if row.values[one.key] is None:
                continue
            facts = self.sources.behind(row, one)
            places[one.key] = len(self.found)
            title = " – ".join((self.table.full_title_of(one), *(self.table.names_of(row) or [TOTAL])))
            self.found.append(
                Block(title, [_cells(fact) for fact in facts], [fact.amount for fact in facts], one.is_money)
            )
        return places


def _cells(fact: SourceRow) -> tuple[str, ...]:
    year = str(fact.year) if fact.year else ""
    on = f"{fact.on:%d/%m/%Y}" if fact.on else ""
    return (fact.code, fact.project, year, fact.source, fact.activity, on, fact.paper)
