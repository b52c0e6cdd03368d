"""Workbooks of Excel 97–2003 (.xls) and of LibreOffice (.ods) say as much as those of today, as far as they hold it."""

from __future__ import annotations

import datetime as dt
import struct
import subprocess
from pathlib import Path

import openpyxl
import pytest

from projects.importing.reading.files import read_workbook
from projects.importing.reading.formulas import excel_formula
from projects.importing.reading.sheets import MergedArea, Sheet
from tests.importing.reading.builders import (
    first_sheet,
    ods_number,
    ods_text,
    old_error,
    old_hidden_columns,
    old_hidden_row,
    old_number,
    old_text,
    old_workbook,
    open_document,
    record,
    saved,
)


def test_an_old_workbook_with_errors_and_hidden_parts() -> None:
    formula = record(0x0006, struct.pack("<HHH8sHI", 2, 3, 0, b"\2\0\x2a\0\0\0\xff\xff", 0, 0) + b"\0\0")
    table = [
        old_hidden_columns(2, 3),
        old_hidden_row(2),
        old_text(1, 1, "Tên đề án"),
        old_number(2, 2, 60_000_000.0),
        old_number(2, 4, 1275.5),
        old_error(3, 1, 0x17),
        formula,
    ]
    found = read_workbook("cũ.xls", old_workbook({"Bảng": table, "nháp": [old_text(4, 2, "x")]}, hidden=["nháp"]))
    assert found.format == "xls" and [sheet.is_hidden for sheet in found.sheets] == [False, True]
    sheet = found.sheets[0]
    assert sheet.rows == [("Tên đề án", None, None, None), (None, 60_000_000, None, 1275.5), (None,) * 4]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2}, {2, 3})
    assert sheet.errors == {(3, 1): "#REF!", (3, 4): "#N/A"}
    assert found.sheets[1].value(4, 2) == "x", "rows above the first that holds something are counted"


def test_an_old_workbook_that_points_to_another() -> None:
    link = record(0x01AE, struct.pack("<HHB", 1, 9, 0) + b"Book1.xls")
    found = read_workbook("cũ.xls", old_workbook({"A": [old_text(1, 1, "x")]}, globals_more=link))
    assert found.has_links
    own = record(0x01AE, struct.pack("<HH", 1, 0x0401))
    assert not read_workbook("cũ.xls", old_workbook({"A": [old_text(1, 1, "x")]}, globals_more=own)).has_links


STYLES = (
    "<style:style style:name='ẩn'><style:table-properties table:display='false'/></style:style>"
    "<style:style style:name='hiện'><style:table-properties table:display='true'/></style:style>"
)


def table(rows: str, attributes: str = "", columns: str = "") -> str:
    return f"<table:table table:name='Bảng' {attributes}>{columns}{rows}</table:table>"


def row(cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def ods_cell(kind: str, attributes: str, text: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" {attributes}><text:p>{text}</text:p></table:table-cell>'


def ods_sheet(rows: str, attributes: str = "", columns: str = "") -> Sheet:
    return first_sheet(open_document(table(rows, attributes, columns), STYLES))


def test_values_of_each_kind() -> None:
    cells = [
        ods_number(60000000),
        ods_number(1275.5),
        ods_cell("percentage", 'office:value="0.5"', "50%"),
        ods_cell("currency", 'office:value="60" office:currency="VND"', "60 ₫"),
        ods_cell("date", 'office:date-value="2026-02-05"', "05/02/26"),
        ods_cell("date", 'office:date-value="2026-02-05T10:30:00"'),
        ods_cell("time", 'office:time-value="PT07H30M00S"'),
        ods_cell("time", 'office:time-value="PT36H00M00S"'),
        ods_cell("boolean", 'office:boolean-value="true"'),
        ods_text("0215747024"),
    ]
    moment = dt.datetime(2026, 2, 5, 10, 30)
    expected = (60_000_000, 1275.5, "50%", 60, dt.date(2026, 2, 5), moment, dt.time(7, 30), 1.5, True, "0215747024")
    assert ods_sheet(row("".join(cells))).rows == [expected]


def test_texts_with_parts_lines_and_remarks() -> None:
    text = (
        "<table:table-cell office:value-type='string'><office:annotation><text:p>nhắc</text:p></office:annotation>"
        "<text:p>Mây <text:span>tre\n   đan</text:span><text:s text:c='2'/>x</text:p>"
        "<text:p>hai<text:line-break/>ba</text:p>"
        "</table:table-cell>"
    )
    assert ods_sheet(row(text)).rows == [("Mây tre đan  x\nhai\nba",)]


def test_repeated_rows_and_cells() -> None:
    twice = ods_number(7, "table:number-columns-repeated='2'")
    empty = "<table:table-cell table:number-columns-repeated='2'/>"
    rows = row(empty + twice, "table:number-rows-repeated='2'") + row("<table:table-cell/>") + row(ods_text("x"))
    assert ods_sheet(rows).rows == [(None, None, 7, 7)] * 2 + [(None,) * 4, ("x", None, None, None)]


def test_hidden_rows_columns_and_sheets_and_merged_cells() -> None:
    columns = "<table:table-column table:number-columns-repeated='1'/>"
    columns += "<table:table-column table:visibility='collapse' table:number-columns-repeated='2'/>"
    spans = "table:number-columns-spanned='3' table:number-rows-spanned='2'"
    merged = ods_text("gộp").replace("office:", f"{spans} office:", 1)
    rows = row(merged + "<table:covered-table-cell table:number-columns-repeated='2'/>")
    rows += row(ods_text("a"), "table:visibility='filter'")
    rows += f"<table:table-row-group>{row(ods_text('b') + ods_number(1) + ods_number(2))}</table:table-row-group>"
    sheet = ods_sheet(rows, "table:style-name='hiện'", columns)
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.is_hidden) == ({2}, {2, 3}, False)
    assert list(sheet.merged) == [MergedArea(1, 1, 2, 3)]
    assert ods_sheet(rows, "table:style-name='ẩn'").is_hidden


def test_formulas_errors_and_what_was_not_counted() -> None:
    error = 'table:formula="of:=1/0" office:string-value="" calcext:value-type="error"'
    cells = [
        ods_number(6, 'table:formula="of:=SUM([.A2:.A4])"'),
        ods_cell("string", error, "#DIV/0!"),
        ods_cell("string", 'table:formula="of:=[.#REF!]"', "#REF!"),
        '<table:table-cell table:formula="of:=[.A1]"/>',
        '<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>',
        ods_text("#REF! là lỗi"),
    ]
    sheet = ods_sheet(row("".join(cells)))
    assert sheet.rows == [(6, None, None, None, None, "#REF! là lỗi")]
    assert sheet.errors == {(1, 2): "#DIV/0!", (1, 3): "#REF!"}
    assert sheet.valueless == {(1, 4)}
    assert sheet.formulas[1, 1] == "=SUM(A2:A4)" and sheet.formulas[1, 5] == '=""'


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("of:=SUM([.G5:.G34])", "=SUM(G5:G34)"),
        ("of:=[$'Danh mục'.C$5]*2", "='Danh mục'!C$5*2"),
        ("of:=[Sheet2.A1]+[.$B$1]", "=Sheet2!A1+$B$1"),
        ('of:=IF([.A1]="a;[.B1]";1;2)', '=IF(A1="a;[.B1]",1,2)'),
        ("oooc:=[.A1]", "=A1"),
        ("=A1", "=A1"),
    ],
)
def test_formulas_of_openoffice_are_written_in_the_way_of_excel(written: str, read: str) -> None:
    assert excel_formula(written) == read


def test_a_copy_of_another_file_beside_a_link_is_no_sheet() -> None:
    source = "<table:table-source xlink:href='../khác.ods'/>"
    copy = f"<table:table table:name=\"'file:///khác.ods'#A\">{source}{row(ods_text('lạ'))}</table:table>"
    found = read_workbook("a.ods", open_document(table(row(ods_text("a"))) + copy))
    assert [sheet.name for sheet in found.sheets] == ["Bảng"] and found.has_links


def test_a_table_drawn_inside_a_cell_is_passed_over() -> None:
    inner = f"<draw><table:table table:name='trong'>{row(ods_text('lạ'))}</table:table></draw>"
    cell = f"<table:table-cell office:value-type='string'>{inner}<text:p>a</text:p></table:table-cell>"
    found = read_workbook("a.ods", open_document(table(row(cell) + row(ods_text("b")))))
    assert [(sheet.name, sheet.rows) for sheet in found.sheets] == [("Bảng", [("a",), ("b",)])]


def office_workbook() -> bytes:
    """What offices make: a title over merged cells, days, money, a sum, an error, hidden parts, a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Danh mục"
    for name, value in {
        "B2": "DANH MỤC ĐỀ ÁN",
        "B4": "Tên",
        "C4": "Ngày",
        "D4": "Kinh phí",
        "B5": "Mây tre",
        "D5": 60_000_000,
        "C5": dt.date(2026, 2, 5),
        "B6": "dòng 1\ndòng 2",
        "D6": 1275.5,
        "D7": "=SUM(D5:D6)",
        "E7": "=1/0",
        "E5": True,
        "E6": "00123",
        "F5": 0.5,
        "F6": dt.time(7, 30),
        "H4000": "\u00a0",
    }.items():
        sheet[name] = value
    sheet["C5"].number_format, sheet["F5"].number_format = "dd/mm/yyyy", "0%"
    sheet.merge_cells("B2:F2")
    sheet.row_dimensions[6].hidden = sheet.column_dimensions["C"].hidden = True
    draft = book.create_sheet("nháp")
    draft["C3"], draft.sheet_state = 999, "hidden"
    return saved(book)


@pytest.mark.office
@pytest.mark.parametrize("ending", ["xls", "ods", "xlsx"])
def test_libreoffice_saves_the_same_in_each_format(ending: str, libreoffice: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    given = tmp_path / "in" / "bảng.xlsx"
    given.write_bytes(office_workbook())
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [libreoffice, profile, "--headless", "--convert-to", ending, "--outdir", str(tmp_path), str(given)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    found = read_workbook("bảng", (tmp_path / f"bảng.{ending}").read_bytes())
    sheet, draft = found.sheets
    assert found.format == ending and (sheet.is_hidden, draft.is_hidden) == (False, True)
    assert [row[1:6] for row in sheet.rows] == [
        (None,) * 5,
        ("DANH MỤC ĐỀ ÁN", None, None, None, None),
        (None,) * 5,
        ("Tên", "Ngày", "Kinh phí", None, None),
        ("Mây tre", dt.date(2026, 2, 5), 60_000_000, True, 0.5 if ending == "xls" else "50%"),
        ("dòng 1\ndòng 2", None, 1275.5, "00123", dt.time(7, 30)),
        (None, None, 60_001_275.5, None, None),
    ]
    assert (sheet.errors, sheet.strays) == ({(7, 5): "#DIV/0!"}, ["H4000"])
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({6}, {3})
    assert list(sheet.merged) == [MergedArea(2, 2, 2, 6)]
    assert draft.value(3, 3) == 999
    told = {(7, 4): "=SUM(D5:D6)", (7, 5): "=1/0", (5, 5): "=TRUE()"}  # as LibreOffice keeps a truth value
    assert sheet.formulas == ({} if ending == "xls" else told)
