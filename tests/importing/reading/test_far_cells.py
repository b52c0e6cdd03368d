"""Cells far away from the table neither make it endless nor vanish in silence; what is too much is said."""

from __future__ import annotations

import random
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from projects.importing.reading.files import Unreadable, read_workbook
from projects.importing.reading.limits import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS
from tests.importing.reading.builders import (
    by_openpyxl,
    by_xlsxwriter,
    cells,
    first_sheet,
    ods_text,
    old_number,
    old_text,
    old_workbook,
    open_document,
    saved,
    with_sheet_xml,
)

TABLE = {f"{letter}{row}": row for letter in "ABC" for row in range(1, 8)}


def test_cells_at_the_ends_of_the_sheet_are_left_out_and_named() -> None:
    """A small file that a careless reader takes for 17 thousand million cells."""
    content = by_openpyxl(cells({**TABLE, "A1048576": "x", "XFD1": "y"}))
    sheet = first_sheet(content)
    assert (len(sheet.rows), len(sheet.rows[0])) == (7, 3)
    assert sheet.strays == ["XFD1", "A1048576"]
    assert len(content) < 8_000


def test_also_where_nothing_else_stands_in_the_sheet() -> None:
    sheet = first_sheet(by_openpyxl(cells({"A1048576": "x", "XFD1": "y"})))
    assert sheet.rows == [] and sheet.strays == ["XFD1", "A1048576"]


def test_a_blank_far_below_is_named_and_one_near_is_nothing() -> None:
    sheet = first_sheet(by_openpyxl(cells({**TABLE, "Q4000": "\u00a0", "A9": " "})))
    assert (len(sheet.rows), sheet.strays) == (7, ["Q4000"])


def test_a_formula_far_below_is_left_out_with_its_text() -> None:
    sheet = first_sheet(by_openpyxl(cells({**TABLE, "B900": "=SUM(B1:B7)"})))
    assert sheet.strays == ["B900"] and not sheet.formulas and not sheet.valueless


def test_what_stands_near_belongs_to_the_table() -> None:
    sheet = first_sheet(by_openpyxl(cells({**TABLE, "Z60": "GIÁM ĐỐC"})))
    assert (len(sheet.rows), len(sheet.rows[0]), sheet.strays) == (60, 26, [])


def test_many_cells_far_below_are_a_second_table() -> None:
    more = {f"{letter}{row}": row for letter in "ABC" for row in range(400, 408)}
    sheet = first_sheet(by_openpyxl(cells({**TABLE, **more})))
    assert (len(sheet.rows), sheet.strays, sheet.value(407, 3)) == (407, [], 407)


def test_the_greater_table_stays_though_it_stands_far_below() -> None:
    more = {f"A{row}": row for row in range(400, 415)}
    assert len(first_sheet(by_openpyxl(cells({"A1": "Tiêu đề", **more}))).rows) == 414


def test_formatted_cells_without_content_are_nothing() -> None:
    def fill(sheet: Worksheet) -> None:
        cells(TABLE)(sheet)
        for row in range(1, 3000):
            sheet.cell(row, 40).number_format = "0.00"

    sheet = first_sheet(by_openpyxl(fill))
    assert (len(sheet.rows), len(sheet.rows[0]), sheet.strays) == (7, 3, [])


def test_a_merged_area_ends_with_the_table() -> None:
    def fill(sheet: Worksheet) -> None:
        cells(TABLE)(sheet)
        sheet.merge_cells("B2:XFD2")

    [area] = first_sheet(by_openpyxl(fill)).merged
    assert (area.top, area.left, area.bottom, area.right) == (2, 2, 2, 3)


def test_rows_of_openoffice_repeated_to_the_end_of_the_sheet() -> None:
    table = (
        f"<table:table table:name='Bảng'><table:table-row>{ods_text('TT')}{ods_text('Tên')}</table:table-row>"
        "<table:table-row table:number-rows-repeated='1048574'><table:table-cell/></table:table-row>"
        f"<table:table-row><table:table-cell table:number-columns-repeated='16383'/>{ods_text('x')}</table:table-row>"
        "</table:table>"
    )
    sheet = first_sheet(open_document(table))
    assert sheet.rows == [("TT", "Tên")] and sheet.strays == ["XFD1048576"]


def test_a_value_repeated_without_end_is_too_much() -> None:
    cell = ods_text("x").replace("office:value-type", "table:number-columns-repeated='16384' office:value-type")
    table = f"<table:table><table:table-row table:number-rows-repeated='1048576'>{cell}</table:table-row></table:table>"
    assert refused(open_document(table)) == "too_many_cells"


def refused(content: bytes) -> str:
    with pytest.raises(Unreadable) as problem:
        read_workbook("bảng.xlsx", content)
    return problem.value.code


def column_of(length: int, name: str = "A") -> bytes:
    return with_sheet_xml(
        "".join(f'<row r="{row}"><c r="{name}{row}"><v>1</v></c></row>' for row in range(1, length + 1))
    )


def test_a_sheet_as_long_as_is_read_and_one_row_longer() -> None:
    assert len(first_sheet(column_of(MAX_ROWS)).rows) == MAX_ROWS
    with pytest.raises(Unreadable) as problem:
        read_workbook("a.xlsx", column_of(MAX_ROWS + 1))
    assert problem.value.code == "too_many_rows"
    assert str(problem.value).startswith("Trang tính “Danh mục” dài hơn 20.000 dòng. Hãy tách")


def test_a_sheet_as_wide_as_is_read_and_one_column_wider() -> None:
    def fill(width: int) -> bytes:
        return by_openpyxl(lambda sheet: sheet.append(list(range(width))))

    assert len(first_sheet(fill(MAX_COLUMNS)).rows[0]) == MAX_COLUMNS
    assert refused(fill(MAX_COLUMNS + 1)) == "too_many_columns"


def test_as_many_sheets_as_are_read_and_one_more() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    for number in range(MAX_SHEETS - 1):
        book.create_sheet(f"Trang {number}")
    assert len(read_workbook("a.xlsx", saved(book)).sheets) == MAX_SHEETS
    book.create_sheet("thừa")
    assert refused(saved(book)) == "too_many_sheets"
    tables = "<table:table><table:table-row><table:table-cell/></table:table-row></table:table>"
    assert refused(open_document(tables * (MAX_SHEETS + 1))) == "too_many_sheets"
    assert refused(old_workbook({f"{number}": [] for number in range(MAX_SHEETS + 1)})) == "too_many_sheets"


def test_one_text_in_very_many_cells_is_handed_over_once() -> None:
    """A long shared text, pointed to by each cell, would be gigabytes if each had a copy."""

    def fill(book: Any, sheet: Any) -> None:
        for row in range(2_000):
            for column in range(20):
                sheet.write_string(row, column, "dài " * 8_000)

    sheet = first_sheet(by_xlsxwriter(fill))
    assert len(sheet.rows) == 2_000 and sheet.value(1, 1) is sheet.value(2_000, 20)


def test_an_old_workbook_with_cells_at_both_ends_is_refused_with_words() -> None:
    content = old_workbook({"Bảng": [old_text(1, 1, "TT"), old_number(1, 256, 1), old_number(65_536, 1, 1)]})
    with pytest.raises(Unreadable) as problem:
        read_workbook("a.xls", content)
    assert problem.value.code == "too_far"
    assert str(problem.value).startswith("Trang tính “Bảng” có ô nằm quá xa bảng")


def test_also_where_many_sheets_together_reach_too_far() -> None:
    sheets = {f"Trang {number}": [old_number(1, 100, 1), old_number(30_000, 1, 1)] for number in range(3)}
    assert refused(old_workbook(sheets)) == "too_far"


def test_an_old_workbook_with_a_cell_far_below() -> None:
    sheet = first_sheet(old_workbook({"Bảng": [old_text(1, 1, "TT"), old_text(1, 2, "Tên"), old_number(65_536, 3, 1)]}))
    assert sheet.rows == [("TT", "Tên")] and sheet.strays == ["C65536"]


def test_noise_in_a_workbook_never_does_worse_than_a_refusal() -> None:
    dice = random.Random(20260205)
    for content in (by_openpyxl(cells(TABLE)), old_workbook({"Bảng": [old_text(1, 1, "TT"), old_number(2, 1, 5)]})):
        for _ in range(12):
            noisy = bytearray(content)
            for _ in range(dice.randrange(1, 30)):
                noisy[dice.randrange(len(noisy))] = dice.randrange(256)
            try:
                read_workbook("a", bytes(noisy))
            except Unreadable as problem:
                assert str(problem)
