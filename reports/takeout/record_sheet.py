"""A sheet that takes whole rows of records: several times as fast as one call for each cell.

XlsxWriter still makes the workbook around it. A cell is a number or an in-line text by its column, whatever stands in
it, so that nothing typed is ever a formula.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from reports.printing.cells import MAX_TEXT_UNITS, clean_text
from reports.takeout.columns import RecordKind

FORMULA_STARTS = "=+-@"
FIRST_DATE = dt.date(1900, 3, 1)  # Excel counts a 29/02/1900 that never was: earlier days are written as text
DAY_ZERO = dt.date(1899, 12, 30).toordinal()
SECONDS = 86_400
LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # which Excel would read as one character

Row = Sequence[str | None]


class RecordSheet(Worksheet):
    def write_records(self, first: int, rows: Sequence[Row]) -> None:
        """Rows of cells as :class:`RecordCells` makes them, below all others; ``first`` counts from 1."""
        letters = [xl_col_to_name(index) for index in range(len(rows[0]))]
        for number, row in enumerate(rows, start=first):
            cells = [f'<c r="{column}{number}"{cell}' for column, cell in zip(letters, row, strict=True) if cell]
            self.row_data_fh.write(f'<row r="{number}">{"".join(cells)}</row>')
        self._check_dimensions(0, 0)
        self._check_dimensions(first + len(rows) - 2, len(letters) - 1)


def serial_date(day: dt.date | None) -> int | str | None:
    """The number by which Excel keeps a day."""
    if day is None:
        return None
    return day.toordinal() - DAY_ZERO if day >= FIRST_DATE else day.isoformat()


def serial_time(moment: dt.datetime | None) -> float | str | None:
    """The same with the time as a part of the day."""
    if moment is None:
        return None
    day = serial_date(moment.date())
    if not isinstance(day, int):
        return moment.isoformat(" ")
    return day + (moment.hour * 3600 + moment.minute * 60 + moment.second) / SECONDS


class RecordCells:
    """Turns values into what follows the address of a cell in the sheet; None for an empty one.

    ``cut_count`` grows when texts are longer than a cell holds.
    """

    def __init__(self, formats: dict[RecordKind, Format], header: Format, quoted: Format) -> None:
        self.cut_count = 0
        self._quoted = _style(quoted)
        self.header = self._texts(_style(header))
        styles = {kind: _style(formats.get(kind)) for kind in RecordKind}
        texts = {kind: self._texts(style) for kind, style in styles.items()}
        self.writing: dict[RecordKind, Callable[[Any], str | None]] = texts | {
            RecordKind.NUMBER: _numbers(styles[RecordKind.NUMBER]),
            RecordKind.MONEY: _numbers(styles[RecordKind.MONEY]),
            RecordKind.DATE: self._days(serial_date, styles[RecordKind.DATE]),
            RecordKind.TIME: self._days(serial_time, styles[RecordKind.TIME]),
        }

    def _texts(self, style: str) -> Callable[[str | None], str | None]:
        def new(text: str) -> str:
            own = self._quoted if text[0] in FORMULA_STARTS else style
            text = escape(LOOKS_ESCAPED.sub("_x005F_", text))
            return f'{own} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'

        return lambda text: new(self._cut(text)) if text else None

    def _cut(self, text: str) -> str:
        if len(text) * 2 <= MAX_TEXT_UNITS:
            return text
        short = clean_text(text)
        self.cut_count += short != text
        return short

    def _days(self, serial: Callable[[Any], Any], style: str) -> Callable[[Any], str | None]:
        numbers, texts = _numbers(style), self._texts("")

        def cell(value: Any) -> str | None:
            number = serial(value)
            return texts(number) if isinstance(number, str) else numbers(number)

        return cell


def _numbers(style: str) -> Callable[[float | None], str | None]:
    return lambda number: None if number is None else f"{style}><v>{number}</v></c>"


def _style(shown: Format | None) -> str:
    return "" if shown is None else f' s="{shown._get_xf_index()}"'
