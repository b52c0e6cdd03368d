"""All records as one workbook, a sheet for each table, written row by row to a file on disk."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from tempfile import TemporaryDirectory
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from khuyencong.accounts.models import User
from khuyencong.paper.type_widths import PADDING, text_width
from reports.printing.workbook import FONT
from reports.takeout.columns import ReadColumn, RecordKind, RecordTable
from reports.takeout.contents import Contents, Written
from reports.takeout.record_sheet import RecordCells, RecordSheet

MAX_ROWS = 1_048_576  # of a sheet, with the header
WIDTHS = {
    RecordKind.NUMBER: 11,
    RecordKind.DATE: 12,
    RecordKind.TIME: 21,
    RecordKind.MONEY: 18,
    RecordKind.CODE: 18,
    RecordKind.LABEL: 22,
    RecordKind.MASKED: 18,
}
TEXT_WIDTH = 36
NUMBER_FORMATS = {
    RecordKind.MONEY: "#,##0",
    RecordKind.DATE: "dd/mm/yyyy",
    RecordKind.TIME: "dd/mm/yyyy hh:mm:ss",
    RecordKind.CODE: "@",
}
CONTENTS = "Mục lục"


def write_workbook(
    stream: IO[bytes], tables: Iterable[RecordTable], user: User, contents: Contents, max_rows: int = MAX_ROWS
) -> None:
    """Into ``stream``. Some thousand rows are held at a time; what is written goes to disk meanwhile."""
    with TemporaryDirectory(prefix="take-out-") as folder:
        options = {"constant_memory": True, "tmpdir": folder, "default_format_properties": dict(FONT)}
        book = RecordBook(Workbook(stream, options), max_rows)
        cover = book.add_sheet(CONTENTS)
        written = [book.write_table(table, user) for table in tables]
        book.write_contents(cover, contents, written)
        book.workbook.close()


class RecordBook:
    """The workbook with the formats of its columns, and one sheet after another of records."""

    def __init__(self, workbook: Workbook, max_rows: int) -> None:
        self.workbook, self.max_rows = workbook, max_rows
        self.formats = {kind: self._format(num_format=shown) for kind, shown in NUMBER_FORMATS.items()}
        self.bold = self._format(bold=True)
        self.header = self._format(bold=True, bottom=1, bg_color="#E2F0EC")
        self.cells = RecordCells(self.formats, self.header, self._format(quote_prefix=True))

    def _format(self, **properties: Any) -> Format:
        return self.workbook.add_format({**FONT, **properties})

    def add_sheet(self, name: str) -> RecordSheet:
        return self.workbook.add_worksheet(name, worksheet_class=RecordSheet)

    def write_table(self, table: RecordTable, user: User) -> Written:
        """One sheet, or as many as the rows need."""
        title, columns = str(table.title), table.read_columns()
        cut_before = self.cells.cut_count
        names = [title]
        sheet, used, total = self._begin(title, columns), 1, 0
        for chunk in table.cells(user, self.cells.writing):
            rows = list(chunk)
            total += len(rows)
            while rows:
                if used == self.max_rows:
                    names.append(f"{title} ({len(names) + 1})")
                    sheet, used = self._begin(names[-1], columns), 1
                fitting, rows = rows[: self.max_rows - used], rows[self.max_rows - used :]
                sheet.write_records(used + 1, fitting)
                used += len(fitting)
        return Written(title, table.file_name, total, tuple(names), self.cells.cut_count > cut_before)

    def _begin(self, name: str, columns: list[ReadColumn]) -> RecordSheet:
        sheet = self.add_sheet(name)
        for index, column in enumerate(columns):
            titled = ceil(2 * (text_width(column.title, is_bold=True) + PADDING))
            sheet.set_column(index, index, max(WIDTHS.get(column.kind, TEXT_WIDTH), titled))
        _set_page(sheet)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
        sheet.write_records(1, [[self.cells.header(column.title) for column in columns]])
        return sheet

    def write_contents(self, sheet: RecordSheet, contents: Contents, written: list[Written]) -> None:
        """The first sheet, written last: it says what is really there."""
        _set_page(sheet)
        for index, width in enumerate((44, 14, 60)):
            sheet.set_column(index, index, width)
        for row, line in enumerate(contents.lines):
            sheet.write_string(row, 0, line, None if row else self.bold)
        head = len(contents.lines) + 1
        for column, title in enumerate(("Bảng", "Số dòng", "Ghi chú")):
            sheet.write_string(head, column, title, self.header)
        for row, table in enumerate(written, start=head + 1):
            link = {"cell_format": self.workbook.get_default_url_format(), "string": table.title}
            sheet.write_url(row, 0, f"internal:'{table.sheets[0]}'!A1", **link)
            sheet.write_number(row, 1, table.row_count, self.formats[RecordKind.MONEY])
            sheet.write_string(row, 2, table.note)
        last = head + len(written) + 1
        sheet.write_string(last, 0, "Tổng cộng", self.bold)
        sheet.write_number(last, 1, sum(table.row_count for table in written), self.formats[RecordKind.MONEY])


def _set_page(sheet: RecordSheet) -> None:
    """Whoever prints a table gets all its columns on a page, numbered: on A4 on its side."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&A, &P/&N")
