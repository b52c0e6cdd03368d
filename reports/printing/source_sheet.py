"""The sheet *Nguồn số liệu* of a workbook: the rows behind each cell, block by block, each with its sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from khuyencong.paper.type_widths import INDENT, LINE_POINTS, MAX_ROW_POINTS, line_count
from reports.printing.book import Block
from reports.printing.cells import clean_text, write_text
from reports.printing.number_formats import FRACTION, WHOLE
from reports.printing.page_breaks import INCH, set_page

SOURCES = "Nguồn số liệu"
TITLE = "NGUỒN SỐ LIỆU: CÁC DÒNG TẠO NÊN TỪNG Ô CỦA BÁO CÁO"
NOTE = (
    "Dòng đầu in đậm của mỗi khối là tổng của khối; ô tương ứng trong báo cáo lấy đúng tổng này. "
    "Tiền tính bằng triệu đồng."
)
HEADER = ("STT", "Mã đề án", "Tên đề án", "Năm", "Nguồn", "Nội dung", "Ngày tính", "Văn bản, chứng từ", "Giá trị")
WIDTHS = (6, 15, 56, 8, 12, 38, 13, 38, 14)
HEAD_ROWS = 4
VALUE_COLUMN = "I"
# A sheet has 1,048,576 rows; blocks that would not fit are left out, and their cells carry their own value.
LAST_ROW = 1_048_000
HEADER_LINE = f'&L&"Times New Roman,Italic"&10{SOURCES}&C&"Times New Roman,Regular"&13&P'
BOX: dict[str, Any] = {"border": 1}
CENTRED, LEFT = {"align": "center"}, {"indent": 1}
WRAPPED = (2, 5, 7)  # name, content, document
LOOKS: tuple[dict[str, Any], ...] = (CENTRED, LEFT, LEFT, CENTRED, CENTRED, LEFT, CENTRED, LEFT)


def block_places(blocks: Sequence[Block]) -> list[int | None]:
    """The row on which each block begins, counted from 0; None for those beyond the end of a sheet."""
    places: list[int | None] = []
    row = HEAD_ROWS
    for block in blocks:
        places.append(row if row + len(block.rows) < LAST_ROW else None)
        row += 1 + len(block.rows)
    return places


def source_link(place: int) -> str:
    return f"internal:'{SOURCES}'!A{place + 1}"


def source_formula(place: int) -> str:
    return f"='{SOURCES}'!{VALUE_COLUMN}{place + 1}"


def write_sources(sheet: Worksheet, get_format: Callable[..., Any], blocks: Sequence[Block]) -> None:
    bold = get_format(bold=True, valign="top", indent=1, top=1)
    centred = get_format(bold=True, align="center", valign="vcenter", text_wrap=True, **BOX)
    texts = [get_format(valign="top", text_wrap=True, **look, **BOX) for look in LOOKS]
    set_page(sheet)
    sheet.set_header(HEADER_LINE, {"margin": 10 / INCH})
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    sheet.write_string(0, 0, TITLE, get_format(bold=True, font_size=14))
    sheet.write_string(1, 0, NOTE, get_format(italic=True))
    for index, title in enumerate(HEADER):
        sheet.write_string(HEAD_ROWS - 1, index, title, centred)
    sheet.repeat_rows(HEAD_ROWS - 1)
    sheet.freeze_panes(HEAD_ROWS, 0)
    for place, block in zip(block_places(blocks), blocks, strict=True):
        if place is not None:
            _write_block(sheet, get_format, place, block, texts, bold)


def _write_block(
    sheet: Worksheet, get_format: Callable[..., Any], place: int, block: Block, texts: Sequence[Any], bold: Any
) -> None:
    last = len(HEADER) - 1
    write_text(sheet, place, 0, clean_text(block.title), bold)
    whole = _value(block, sum(block.amounts))
    cells = f"{VALUE_COLUMN}{place + 2}:{VALUE_COLUMN}{place + 1 + len(block.rows)}"
    formula = f"=SUM({cells})" if block.rows else "=0"
    figure = {"valign": "top", **BOX}
    sheet.write_formula(place, last, formula, get_format(num_format=_format(whole), bold=True, **figure), whole)
    for offset, (row, amount) in enumerate(zip(block.rows, block.amounts, strict=True), start=1):
        sheet.write_number(place + offset, 0, offset, texts[0])
        lines = 1
        for index, cell in enumerate(map(clean_text, row), start=1):
            write_text(sheet, place + offset, index, cell, texts[index])
            lines = max(lines, line_count(cell, WIDTHS[index] - INDENT)) if index in WRAPPED else lines
        if lines > 1:
            sheet.set_row(place + offset, min(lines * LINE_POINTS + 1, MAX_ROW_POINTS))
        value = _value(block, amount)
        sheet.write_number(place + offset, last, value, get_format(num_format=_format(value), **figure))


def _value(block: Block, amount: int) -> Decimal:
    return Decimal(amount) / 10**6 if block.is_money else Decimal(amount)


def _format(value: Decimal) -> str:
    return WHOLE if value == int(value) else FRACTION
