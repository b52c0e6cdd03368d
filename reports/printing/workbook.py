"""A printed workbook as bytes, from its shapes alone: real numbers, totals as formulas with their value.

A preview or Excel's protected view shows what is carried, so each formula is written with its result.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from khuyencong.money import format_vnd
from khuyencong.official import DocumentHead
from khuyencong.paper.letterhead import HEAD_SIZE, RULE_POINTS, head_lines
from khuyencong.paper.type_widths import (
    INDENT,
    LINE_POINTS,
    MAX_ROW_POINTS,
    PADDING,
    ROW_PADDING,
    fit_in_row,
    line_count,
)
from projects.ledger.optional_amounts import add, rate
from reports.printing.book import (
    PREPARER,
    Book,
    CellKind,
    Column,
    Group,
    Section,
    Sheet,
    Sums,
    column_labels,
)
from reports.printing.cells import FONT, Formats, Style, clean_text, write_text
from reports.printing.formulas import (
    MAX_FORMULA,
    NOT_RECORDED,
    RowRange,
    cells_of,
    difference_formula,
    ratio_formula,
    sum_formula,
)
from reports.printing.number_formats import number_format_of
from reports.printing.page_breaks import (
    COLUMN_PIXELS,
    NEARLY,
    PIXEL,
    SAFE,
    SQUEEZED,
    NumberedPages,
    page_starts,
    pixels_of,
    room_of,
    set_page,
)
from reports.printing.source_sheet import SOURCES, block_places, source_formula, source_link, write_sources
from reports.printing.values import in_million, teller_of, value_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"  # the media type
SIGNING_ROOM = 5 * "\n"
SIGNING_POINTS = 5 * LINE_POINTS  # the signer's title with the room to sign below
MAX_LINKS = 65_530  # of one sheet; Excel keeps no more
LINKS_NOTE = (
    f"Excel chỉ giữ được {format_vnd(MAX_LINKS)} liên kết trong một biểu: các ô sau số đó không mở được bằng liên kết, "
    f"số liệu của chúng vẫn lấy từ biểu {SOURCES}."
)
PIXELS_A_POINT = 1 / PIXEL
RULE_GAP = 3  # pixels, below the words above it
RULE_LOOKS = {"height": 1, "fill": {"color": "black"}, "line": {"none": True}, "decorative": True}
BOX: Style = {"border": 1, "valign": "vcenter"}
LEFT: Style = {"align": "left", "indent": 1}
FIGURE: Style = {"align": "right", "shrink": True}
HEAD: Style = {"align": "center", "valign": "top", "text_wrap": True}
SECTION: Style = {"bold": True}
GROUP: Style = {"bold": True, "italic": True}
SUM: Style = {"bold": True}


def render(book: Book) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "default_format_properties": dict(FONT), "default_column_width": COLUMN_PIXELS}
    with Workbook(buffer, options) as workbook:
        issuer = clean_text(book.letterhead.issuer)
        workbook.set_properties({"title": clean_text(book.title), "author": issuer})
        formats = Formats(workbook)
        places = block_places(book.blocks)
        for sheet in book.sheets:
            worksheet = workbook.add_worksheet(sheet.name, worksheet_class=NumberedPages)
            SheetWriter(worksheet, formats, sheet, places).write(book.letterhead)
        if book.blocks:
            sources = workbook.add_worksheet(SOURCES, worksheet_class=NumberedPages)
            write_sources(sources, formats.get, book.blocks)
    return buffer.getvalue()


@dataclass(frozen=True)
class SummedRows:
    """Rows of cells that a sum below takes, and what they come to by column."""

    cells: RowRange
    sums: Mapping[str, Any]


class SheetWriter:
    """Writes one sheet from top to bottom; ``row`` is the next free one."""

    def __init__(self, worksheet: Worksheet, formats: Formats, sheet: Sheet, places: Sequence[int | None] = ()) -> None:
        self.worksheet, self.formats, self.sheet, self.places = worksheet, formats, sheet, places
        self.columns = sheet.columns
        self.place = {column.key: index for index, column in enumerate(sheet.columns)}
        self.last = len(sheet.columns) - 1
        self.letters = {column.key: xl_col_to_name(index) for index, column in enumerate(sheet.columns)}
        self.summed = [column for column in sheet.columns if column.is_summed]
        # Formats of the cells of rows, of which there are thousands.
        self.text_format = cache(lambda is_left: formats.get(text_wrap=True, **_aligned(is_left), **BOX))
        self.figure_format = cache(lambda number_format: formats.get(num_format=number_format, **FIGURE, **BOX))
        self.row = 0
        self.link_count = 0
        self.points: list[float] = []  # of each row
        self.kept: set[int] = set()  # rows that do not end a page
        self.head_points = 0.0

    def write(self, letterhead: DocumentHead) -> None:
        self._set_page()
        self._write_letterhead(letterhead)
        self._write_titles()
        self._write_header()
        parts = [part for section in self.sheet.sections for part in self._write_section(section)]
        if parts and self.sheet.total_title:
            self._write_sums(self.sheet.total_title, parts, known=self.sheet.sums)
        elif not parts and self.sheet.when_empty:
            self._put(self.sheet.when_empty, 0, self.last, align="center", italic=True, **BOX)
        self._write_notes()
        self._write_signature(letterhead)
        self._set_breaks()

    def _set_page(self) -> None:
        set_page(self.worksheet)
        for index, column in enumerate(self.columns):
            self.worksheet.set_column(index, index, column.width)

    def _set_breaks(self) -> None:
        """One page where the sheet nearly fits it; else no page of a heading, a sum, notes or the signature alone."""
        room, whole = room_of(column.width for column in self.columns), sum(self.points)
        if whole > SQUEEZED * room:
            room *= SAFE
            self.worksheet.set_h_pagebreaks(page_starts(self.points, self.kept, room, room - self.head_points))
        elif whole > NEARLY * room:
            self.worksheet.fit_to_pages(1, 1)

    # Head and foot of the document

    def _write_letterhead(self, letterhead: DocumentHead) -> None:
        """Two columns of lines; the rule below a name stands close to it."""
        split = self._column_at(0.42)
        for left, right in head_lines(letterhead, self._width(0, split) / 2 - PADDING):
            for line, first, last in ((left, 0, split), (right, split + 1, self.last)):
                self._put(line.text, first, last, advance=False, **HEAD, **line.looks)
                if line.rule_em:
                    self._draw_rule(line.rule_em, first, last)
            points = self._points(left.text, 0, split, is_bold=True, size=HEAD_SIZE)
            self._advance(points if left.text or right.text else RULE_POINTS)
        self._advance(LINE_POINTS)

    def _draw_rule(self, length_em: float, first: int, last: int) -> None:
        """In the middle of those columns. The decree wants a drawn line as long as its words, and the borders of cells
        are as long as columns are wide."""
        room = pixels_of(column.width for column in self.columns[first : last + 1])
        length = min(round(length_em * HEAD_SIZE * PIXELS_A_POINT), room)
        place = {"x_offset": (room - length) // 2, "y_offset": RULE_GAP, "object_position": 2}
        self.worksheet.insert_textbox(self.row, first, "", {"width": length, **place, **RULE_LOOKS})

    def _write_titles(self) -> None:
        self._put(self.sheet.title, 0, self.last, bold=True, font_size=14, align="center", text_wrap=True)
        for text in self.sheet.subtitles:
            self._put(text, 0, self.last, italic=True, align="center", valign="top", text_wrap=True)
        if self.sheet.unit_line:
            self._put(self.sheet.unit_line, 0, self.last, italic=True, align="right")
        else:
            self._advance(LINE_POINTS / 2)

    def _write_notes(self) -> None:
        for text in (*self.sheet.notes, *([LINKS_NOTE] if self.link_count > MAX_LINKS else [])):
            self._keep_with_above()
            self._put(text, 0, self.last, italic=True, text_wrap=True, valign="top")

    def _write_signature(self, letterhead: DocumentHead) -> None:
        """In one row with the room to sign, which no page can cut off."""
        self._keep_with_above()
        self._advance(LINE_POINTS)
        self._keep_with_above()
        looks: Style = {"bold": True, "font_size": HEAD_SIZE, "align": "center", "valign": "top", "text_wrap": True}
        signed = _signed(letterhead.signer, letterhead.signer_name)
        beside = PREPARER + "\n" * letterhead.signer.count("\n")  # so that both names stand on one line
        prepared = _signed(beside, letterhead.preparer).rstrip("\n") if letterhead.has_preparer else ""
        if prepared:
            self._put(prepared, 0, self._column_at(0.4), advance=False, **looks)
        points = max(signed.count("\n"), prepared.count("\n")) * LINE_POINTS * HEAD_SIZE / 12 + 2 * LINE_POINTS
        self._put(signed, self._column_at(0.6) + 1, self.last, points=max(points, SIGNING_POINTS), **looks)

    def _column_at(self, share: float) -> int:
        """The last column of the left part of the sheet, that takes about that share of its width."""
        whole, reached = sum(column.width for column in self.columns), 0.0
        for index, column in enumerate(self.columns[:-1]):
            reached += column.width
            if reached >= share * whole:
                return index
        return self.last - 1

    # Header of the table

    def _write_header(self) -> None:
        first = self.row
        style: Style = {"bold": True, "align": "center", "text_wrap": True, **BOX}
        is_double = any(column.group for column in self.columns)
        index, top_points = 0, float(LINE_POINTS + ROW_PADDING)
        for title, run in groupby(self.columns, key=lambda column: column.group):
            columns = list(run)
            if title:
                last = index + len(columns) - 1
                self._put(title, index, last, advance=False, **style)
                top_points = max(top_points, self._points(title, index, last, is_bold=True))
            for offset, column in enumerate(columns):
                top = first + 1 if title else first
                self._merge(column.title, top, index + offset, first + is_double, index + offset, style)
            index += len(columns)
        points = max(self._points(c.title, i, i, is_bold=True) for i, c in enumerate(self.columns))
        if is_double:
            self._advance(top_points)
        self._advance(points)
        self._write_labels()
        self.kept.update(range(self.row))
        self.head_points = sum(self.points[first:])
        self.worksheet.repeat_rows(first, self.row - 1)
        self.worksheet.freeze_panes(self.row, 2)

    def _write_labels(self) -> None:
        style: Style = {"italic": True, "align": "center", "shrink": True, "font_size": 11, **BOX}
        for index, label in enumerate(column_labels(self.columns)):
            self._put(label, index, index, advance=False, **style)
        self._advance(LINE_POINTS)

    # Body of the table. Each function returns the parts that a sum below takes.

    def _write_section(self, section: Section) -> list[SummedRows]:
        if section.title:
            self._write_heading(section.numeral, section.title, SECTION)
        parts = [part for group in section.groups for part in self._write_group(group)]
        if not section.title or not parts:
            return parts
        return [self._write_sums(section.sum_title, parts, known=section.sums)]

    def _write_group(self, group: Group) -> list[SummedRows]:
        if not group.rows:
            return []
        first = self.row + bool(group.title)
        values = [[value_of(row, column) for column in self.columns] for row in group.rows]
        sums = {column.key: add(*(row[self.place[column.key]] for row in values)) for column in self.summed}
        inside = SummedRows((first, first + len(values) - 1), sums)
        parts = [self._write_sums(group.title, [inside], GROUP, is_heading=True) if group.title else inside]
        for row, cells in zip(group.rows, values, strict=True):
            self._write_row(cells, teller_of(row)("blocks") or {}, first)
        return parts

    def _write_heading(self, numeral: str, title: str, style: Style) -> None:
        self._put(numeral, 0, 0, advance=False, align="center", **style, **BOX)
        self._put(title, 1, self.last, **style, **LEFT, **BOX)
        self.kept.add(self.row - 1)

    def _write_row(self, values: Sequence[Any], blocks: Mapping[str, int], first: int) -> None:
        """``first`` is the row of its group with which running totals begin."""
        height: float = LINE_POINTS + ROW_PADDING
        for index, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            if column.kind is CellKind.TEXT or column.kind is CellKind.CENTRED:
                text = clean_text(str(value or column.unrecorded))
                is_left = column.kind is CellKind.TEXT and bool(value)
                size, points = fit_in_row(text, column.width - INDENT if is_left else column.width)
                self._write_text(index, text, is_left=is_left, **_sized(size, points))
                height = max(height, points)
            else:
                formula = self._row_formula(column, first, is_known=value is not None)
                self._write_figure(index, column, value, formula, block=blocks.get(column.key))
        self._advance(height)

    def _write_sums(
        self,
        title: str,
        parts: list[SummedRows],
        style: Style = SUM,
        known: Sums | None = None,
        *,
        is_heading: bool = False,
    ) -> SummedRows:
        """A row of sums; its title takes the texts before the first figure. What is ``known`` is not added up."""
        first = self.place[self.summed[0].key]
        self.kept.add(self.row if is_heading else self.row - 1)
        self._put("", 0, 0, advance=False, **BOX)
        self._put(title, 1, first - 1, advance=False, text_wrap=True, **_aligned(is_heading), **style, **BOX)
        known = known or Sums({})
        added = {column.key: add(*(part.sums[column.key] for part in parts)) for column in self.summed}
        sums = added | dict(known.values)
        for index, column in enumerate(self.columns[first:], start=first):
            if column.is_summed:
                value = sums[column.key]
                is_known = value is not None
                formula = (
                    self._row_formula(column, self.row, is_known=is_known)
                    if column.difference_of
                    else sum_formula(cells_of(index, [part.cells for part in parts]), is_known=is_known)
                )
                self._write_figure(index, column, value, formula, style, known.blocks.get(column.key))
            elif column.running_of:
                formula = self._row_formula(column, self.row, is_known=sums[column.running_of] is not None)
                self._write_figure(index, column, sums[column.running_of], formula, style)
            elif column.ratio_of and column.has_ratio_of_sums:
                value = rate(*(sums[key] for key in column.ratio_of))
                formula = self._row_formula(column, self.row, is_known=value is not None)
                self._write_figure(index, column, value, formula, style)
            else:
                self._put("", index, index, advance=False, **BOX)
        row = self.row
        self._advance(max(self._points(title, 1, first - 1, is_bold=True), LINE_POINTS + ROW_PADDING))
        return SummedRows((row, row), added)

    # Cells

    def _write_figure(
        self,
        index: int,
        column: Column,
        value: Any,
        formula: str = "",
        style: Style | None = None,
        block: int | None = None,
    ) -> None:
        """A cell with rows behind it takes its value from their sum, and opens them."""
        shown = in_million(value) if column.kind is CellKind.MONEY else value
        number_format = number_format_of(column.kind, shown)
        if style:
            cell_format = self.formats.get(num_format=number_format, **FIGURE, **style, **BOX)
        else:
            cell_format = self.figure_format(number_format)
        place = self.places[block] if block is not None else None
        if place is not None and shown is not None:
            self._link(index, place, cell_format)
            formula = source_formula(place)
        shown = NOT_RECORDED if shown is None else shown
        if formula and len(formula) <= MAX_FORMULA:
            self.worksheet.write_formula(self.row, index, formula, cell_format, shown)
        elif shown == NOT_RECORDED:
            self.worksheet.write_string(self.row, index, shown, cell_format)
        else:
            self.worksheet.write_number(self.row, index, shown, cell_format)

    def _link(self, index: int, place: int, cell_format: Format) -> None:
        if self.link_count < MAX_LINKS:
            self.worksheet.write_url(self.row, index, source_link(place), cell_format, "")
        self.link_count += 1

    def _row_formula(self, column: Column, first: int, *, is_known: bool) -> str:
        """Of a cell made of others in its row, or of those above it since ``first``; none for a cell of its own."""
        keys = column.sum_of or column.ratio_of or column.difference_of or ()
        cells = [f"{self.letters[key]}{self.row + 1}" for key in keys]
        if column.sum_of:
            return sum_formula(cells, is_known=is_known)
        if column.ratio_of:
            return ratio_formula(*cells, is_known=is_known)
        if column.difference_of:
            return difference_formula(*cells, is_known=is_known)
        if column.running_of:
            return sum_formula(cells_of(self.place[column.running_of], [(first, self.row)]), is_known=is_known)
        return ""

    def _write_text(self, index: int, text: str, *, is_left: bool, **looks: Any) -> None:
        """One cell of a row."""
        if text and text[0] not in "=+-@" and not looks:
            write_text(self.worksheet, self.row, index, text, self.text_format(is_left))
        else:
            properties = {"text_wrap": True, **_aligned(is_left), **BOX, **looks}
            self._merge(text, self.row, index, self.row, index, properties)

    def _put(
        self, text: str, first: int, last: int, *, advance: bool = True, points: float = 0, **properties: Any
    ) -> None:
        """Text over some columns of this row."""
        text = clean_text(text)
        self._merge(text, self.row, first, self.row, last, properties)
        if advance:
            is_bold, size = bool(properties.get("bold")), properties.get("font_size", 12)
            self._advance(points or self._points(text, first, last, is_bold=is_bold, size=size))

    def _merge(self, text: str, top: int, left: int, bottom: int, right: int, properties: Style) -> None:
        """Always as a string: a name that begins with “=” is a name."""
        if text[:1] in tuple("=+-@"):
            properties = {**properties, "quote_prefix": True}
        cell_format = self.formats.get(**properties)
        if (top, left) != (bottom, right):
            self.worksheet.merge_range(top, left, bottom, right, "", cell_format)
        if text:
            write_text(self.worksheet, top, left, text, cell_format)
        else:
            self.worksheet.write_blank(top, left, None, cell_format)

    def _points(self, text: str, first: int, last: int, *, is_bold: bool = False, size: float = 12) -> float:
        """The height that the text needs over those columns."""
        lines = line_count(text, self._width(first, last) * 12 / size, is_bold=is_bold)
        return min(lines * LINE_POINTS * size / 12 + ROW_PADDING, MAX_ROW_POINTS)

    def _width(self, first: int, last: int) -> float:
        return sum(column.width for column in self.columns[first : last + 1])

    def _advance(self, points: float) -> None:
        self.worksheet.set_row(self.row, points)
        self.points.append(points)
        self.row += 1

    def _keep_with_above(self) -> None:
        self.kept.add(self.row - 1)


def _signed(title: str, name: str) -> str:
    """The lines of a title, with room to sign above the name, if one is printed."""
    return title + SIGNING_ROOM + name if name else title


def _sized(size: float, points: float) -> Style:
    """Of a text too long for the highest row: in smaller type, and cut below rather than on both sides."""
    smaller: Style = {} if size == FONT["font_size"] else {"font_size": size}
    return smaller | ({"valign": "top"} if points == MAX_ROW_POINTS else {})


def _aligned(is_left: bool) -> Style:
    return LEFT if is_left else {"align": "center"}
