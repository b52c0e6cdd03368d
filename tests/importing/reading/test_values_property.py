"""Whatever a block of cells holds, it comes back equal, from whichever program wrote it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet

from khuyencong.text import nfc
from projects.importing.reading.blocks import holds_something
from projects.importing.reading.files import tidy_text
from tests.importing.reading.builders import by_openpyxl, by_xlsxwriter, first_sheet

LETTERS = "aăâđêôơưẠ0123456789 .,;-–/()\"'&<>=%+\n\t_x000D"
TEXTS = some.text(some.sampled_from(LETTERS) | some.characters(codec="utf-8"), max_size=30).filter(
    lambda text: not ILLEGAL_CHARACTERS_RE.search(text) and "\r" not in text and "_x" not in text
)
NUMBERS = some.integers(-(10**15), 10**15) | some.floats(-1e12, 1e12).map(lambda number: round(number, 3))
DAYS = some.dates(dt.date(1900, 3, 1), dt.date(2100, 1, 1))
VALUES = some.none() | some.booleans() | NUMBERS | TEXTS | DAYS
BLOCKS = some.lists(some.lists(VALUES, min_size=1, max_size=6), min_size=1, max_size=8)


def expected(block: list[list[Any]]) -> list[list[Any]]:
    """The block as it is read: texts as they are stored here, whole numbers as ints, nothing at the ends."""

    def one(value: Any) -> Any:
        if isinstance(value, str):
            return nfc(value, multiline=True) or None
        return int(value) if isinstance(value, float) and value.is_integer() else value

    rows = [[one(value) for value in row] for row in block]
    width = max(len(row) for row in rows)
    rows = [row + [None] * (width - len(row)) for row in rows]
    while rows and not any(value is not None for value in rows[-1]):
        rows.pop()
    while rows and rows[0] and not any(row[-1] is not None for row in rows):
        rows = [row[:-1] for row in rows]
    return rows


def typed(rows: Any) -> list[list[tuple[type, Any]]]:
    return [[(type(value), value) for value in row] for row in rows]


def fill_openpyxl(sheet: Worksheet, block: list[list[Any]]) -> None:
    for row, values in enumerate(block, 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column)
            if isinstance(value, str):
                cell.value, cell.data_type = value, "s"  # text, also where it begins with “=”
            elif value is not None:
                cell.value = value
                cell.number_format = "dd/mm/yyyy" if isinstance(value, dt.date) else "General"


def fill_xlsxwriter(book: Any, sheet: Any, block: list[list[Any]]) -> None:
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for row, values in enumerate(block):
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, column, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(row, column, value, day)
            elif isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            elif value is not None:
                sheet.write_number(row, column, value)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCKS)
def test_a_block_comes_back_equal(block: list[list[Any]]) -> None:
    """A cell outside the block makes sure that there is something to read at all."""
    block = [["STT"], *block]
    for content in (
        by_openpyxl(lambda sheet: fill_openpyxl(sheet, block)),
        by_xlsxwriter(lambda book, sheet: fill_xlsxwriter(book, sheet, block)),
    ):
        assert typed(first_sheet(content).rows) == typed(expected(block))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    some.text(max_size=40)
    | some.text(some.sampled_from("\ufffe\ufdd0\u200b\u00a0\ue000\t \u0301\U0001ffff"), max_size=4)
)
def test_texts_are_tidied_as_everywhere(text: str) -> None:
    assert tidy_text(text) == nfc(text, multiline=True)
    assert holds_something(text) == bool(nfc(text, multiline=True))
