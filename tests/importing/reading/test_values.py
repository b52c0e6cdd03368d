"""The cells of an .xlsx come out as the office sees them: days, texts, numbers, formulas, what is hidden."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import unicodedata
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from projects.importing.reading.files import read_workbook
from projects.importing.reading.number_formats import Shown, shown_by
from projects.importing.reading.sheets import MergedArea, cell_name
from tests.importing.reading.builders import (
    MAIN,
    by_openpyxl,
    by_xlsxwriter,
    cells,
    first_sheet,
    saved,
    with_members,
    with_sheet_xml,
)


def test_a_file_says_what_it_is_and_can_be_told_from_its_copies() -> None:
    content = by_openpyxl(cells({"A1": "STT", "B1": "Tên đề án"}))
    found = read_workbook("Danh mục.xlsx", content)
    assert (found.name, found.format, found.size) == ("Danh mục.xlsx", "xlsx", len(content))
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert [sheet.name for sheet in found.sheets] == ["Danh mục"] and not found.has_links
    assert found.sheets[0].rows == [("STT", "Tên đề án")]


def test_cells_have_the_names_that_the_screen_shows() -> None:
    assert (cell_name(17, 3), cell_name(1, 27)) == ("C17", "AA1")
    assert cell_name(17, 3, "Danh mục") == "Danh mục!C17"
    assert cell_name(1_048_576, 16_384) == "XFD1048576"


def test_outside_the_table_there_is_nothing() -> None:
    sheet = first_sheet(by_openpyxl(cells({"B2": 5})))
    assert [sheet.value(row, column) for row, column in ((2, 2), (1, 1), (0, 2), (2, 0), (3, 2), (2, 3))] == [
        5,
        *[None] * 5,
    ]


def test_whole_numbers_are_ints_and_text_stays_text() -> None:
    given = {"A1": 60_000_000, "B1": 3.0, "C1": 1275.5, "D1": "0215747024", "E1": "60.000", "F1": True, "G1": False}
    row = first_sheet(by_openpyxl(cells(given))).rows[0]
    assert row == (60_000_000, 3, 1275.5, "0215747024", "60.000", True, False)
    assert [type(value) for value in row] == [int, int, float, str, str, bool, bool]


@pytest.mark.parametrize("code", ["dd/mm/yyyy", '"ngày" d "tháng" m "năm" yyyy', "[$-1010000]d/m/yyyy;@", "mmm-yy"])
def test_days_are_told_by_their_format(code: str) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = dt.date(2026, 2, 5)
        sheet["A1"].number_format = code

    assert first_sheet(by_openpyxl(fill)).rows == [(dt.date(2026, 2, 5),)]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", Shown.NUMBER),
        ("#,##0", Shown.NUMBER),
        ('#,##0 "đồng/tháng/năm dmy"', Shown.NUMBER),
        ("#,##0 [$đ-42A]", Shown.NUMBER),
        ("0.0%", Shown.PERCENT),
        ("[Red]0;[Blue]-0", Shown.NUMBER),
        ("@", Shown.NUMBER),
        ("[h]:mm:ss", Shown.NUMBER),
        ("h:mm", Shown.HOUR),
        ("mm:ss.0", Shown.HOUR),
        ("h:mm AM/PM", Shown.HOUR),
        ("dd/mm/yyyy hh:mm", Shown.MOMENT),
        ("m/yyyy", Shown.DAY),
        ("mmmm", Shown.DAY),
    ],
)
def test_formats_show_days_hours_or_numbers(code: str, shown: Shown) -> None:
    assert shown_by(code) is shown


def test_hours_moments_and_percentages() -> None:
    def fill(book: Any, sheet: Any) -> None:
        formats = [book.add_format({"num_format": code}) for code in ("hh:mm", "dd/mm/yyyy hh:mm", "0%", "dd/mm/yyyy")]
        for column, (number, shown) in enumerate(zip((0.3125, 46058.4375, 0.5, 46058.4375), formats, strict=True)):
            sheet.write_number(0, column, number, shown)

    moment = dt.datetime(2026, 2, 5, 10, 30)
    assert first_sheet(by_xlsxwriter(fill)).rows == [(dt.time(7, 30), moment, "50%", moment)]


def test_days_of_old_macintoshes_and_of_early_1900() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active["A1"] = dt.date(2006, 6, 16)
    book.active["A1"].number_format = "dd/mm/yyyy"
    assert first_sheet(saved(book)).rows == [(dt.date(2006, 6, 16),)]

    def fill(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for column, number in enumerate((1, 59, 60, 61, -5, 0, 2_958_465, 2_958_466)):
            sheet.write_number(0, column, number, day)

    first, last = dt.date(1900, 1, 1), dt.date(9999, 12, 31)
    of_february = dt.date(1900, 2, 28)
    expected = (first, of_february, 60, dt.date(1900, 3, 1), -5, 0, last, 2_958_466)
    assert first_sheet(by_xlsxwriter(fill)).rows == [expected]


def test_texts_come_as_they_are_stored_here() -> None:
    """NFC, blanks for non-breaking ones, lines kept; blanks at the ends of lines are gone."""
    given = {
        "A1": unicodedata.normalize("NFD", "Đề án chế biến"),
        "B1": "  Xã\u00a0An Lão \n",
        "C1": "dòng 1 \nhai  dòng",
        "D1": "\ufeff0123\u200b",
    }

    def fill(sheet: Worksheet) -> None:
        cells(given)(sheet)
        sheet["E1"] = "05/02/2026"
        sheet["F1"] = CellRichText("Hỗ trợ ", TextBlock(InlineFont(b=True), "máy móc"), " mới")

    row = first_sheet(by_openpyxl(fill)).rows[0]
    expected = ("Đề án chế biến", "Xã An Lão", "dòng 1\nhai  dòng", "0123", "05/02/2026", "Hỗ trợ máy móc mới")
    assert row == expected


def test_shared_texts_with_runs_readings_and_escapes() -> None:
    texts = (
        f'<sst xmlns="{MAIN}"><si><r><rPr><b/></rPr><t>Mây</t></r><r><t xml:space="preserve"> tre</t></r>'
        "<rPh sb='0' eb='1'><t>bỏ qua</t></rPh></si><si><t>một_x000D_\nhai_x0041_</t></si><si><t/></si></sst>"
    )
    sheet = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
    content = by_xlsxwriter(lambda book, sheet: sheet.write_string("A1", "x"))
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>'
    content = with_members(content, {"xl/sharedStrings.xml": texts, "xl/worksheets/sheet1.xml": xml})
    assert first_sheet(content).rows == [("Mây tre", "một\nhaiA")]


def test_formulas_with_and_without_values() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_formula("A1", "=SUM(G5:G34)", None, 3_130_000_000)
        sheet.write_formula("B1", '=B2&"x"', None, "ba")
        sheet.write_formula("C1", "=1/0", None, "#DIV/0!")

    sheet = first_sheet(by_xlsxwriter(fill))
    assert sheet.rows == [(3_130_000_000, "ba", None)]
    assert sheet.formulas == {(1, 1): "=SUM(G5:G34)", (1, 2): '=B2&"x"', (1, 3): "=1/0"}
    assert sheet.errors == {(1, 3): "#DIV/0!"} and not sheet.valueless

    sheet = first_sheet(by_openpyxl(cells({"A1": 1, "B3": "=SUM(A1:A2)"})))
    assert sheet.valueless == {(3, 2)} and sheet.formulas == {(3, 2): "=SUM(A1:A2)"}
    assert sheet.rows == [(1, None), (None, None), (None, None)]


def test_a_formula_that_gave_an_empty_text_carries_it() -> None:
    inner = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><f>""</f><v></v></c><c r="C1"><v>2</v></c></row>'
    sheet = first_sheet(with_sheet_xml(inner))
    assert sheet.rows == [(1, None, 2)] and not sheet.valueless and sheet.formulas == {(1, 2): '=""'}


def test_a_formula_filled_to_the_right_reads_so_in_each_cell() -> None:
    """Excel writes it once; the others point to it."""
    first = """<c r="B3"><f t="shared" ref="B3:C4" si="0">SUM(B1:B$2)+$A1+'B 1'!B1+LOG10(2)&amp;"B1"</f><v>1</v></c>"""
    inner = (
        f'<row r="3">{first}<c r="C3"><f t="shared" si="0"/><v>2</v></c></row>'
        '<row r="4"><c r="C4"><f t="shared" si="0"/><v>3</v></c></row>'
    )
    assert first_sheet(with_sheet_xml(inner)).formulas == {
        (3, 2): "=SUM(B1:B$2)+$A1+'B 1'!B1+LOG10(2)&\"B1\"",
        (3, 3): "=SUM(C1:C$2)+$A1+'B 1'!C1+LOG10(2)&\"B1\"",
        (4, 3): "=SUM(C2:C$2)+$A2+'B 1'!C2+LOG10(2)&\"B1\"",
    }


def test_what_is_hidden_or_merged() -> None:
    def fill(sheet: Worksheet) -> None:
        cells({"A1": "Tiêu đề", "A2": 1, "E3": "x"})(sheet)
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions.group("C", "D", hidden=True)
        sheet.merge_cells("A1:E1")
        sheet.merge_cells("A3:A40")

    book = openpyxl.load_workbook(io.BytesIO(by_openpyxl(fill)))
    book.create_sheet("nháp")["A1"] = 1
    book["nháp"].sheet_state = "veryHidden"
    sheets = read_workbook("a.xlsx", saved(book)).sheets
    assert [sheet.is_hidden for sheet in sheets] == [False, True]
    assert (sheets[0].hidden_rows, sheets[0].hidden_columns) == ({2}, {3, 4})
    assert set(sheets[0].merged) == {MergedArea(1, 1, 1, 5)}, "the other one ends within a row that holds nothing"


def test_rows_and_cells_without_names_follow_each_other() -> None:
    """Some programs leave out the names of rows and cells."""
    inner = '<row><c><v>1</v></c><c t="inlineStr"><is><t>a</t></is></c></row>'
    inner += '<row r="3"><c r="B3"><v>2</v></c><c><v>3</v></c></row>'
    assert first_sheet(with_sheet_xml(inner)).rows == [(1, "a", None), (None, None, None), (None, 2, 3)]


def test_days_written_as_days_and_numbers_that_are_none() -> None:
    inner = '<row r="1"><c r="A1" t="d"><v>2026-02-05</v></c><c r="B1"><v>1,5</v></c><c r="C1"><v>1E999</v></c></row>'
    assert first_sheet(with_sheet_xml(inner)).rows == [(dt.date(2026, 2, 5), "1,5", "1E999")]


def test_a_workbook_in_strict_open_xml() -> None:
    """As Excel saves it when asked; its elements have other names."""
    content = by_openpyxl(cells({"A1": "Tên", "B1": 5}))
    changed = {}
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            text = packed.read(name).decode()
            text = text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
            changed[name] = text.replace(
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                "http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
    assert first_sheet(with_members(content, changed)).rows == [("Tên", 5)]


def test_links_to_other_files_are_told() -> None:
    content = with_members(by_openpyxl(cells({"A1": 1})), {"xl/externalLinks/externalLink1.xml": "<externalLink/>"})
    assert read_workbook("a.xlsx", content).has_links
    assert not read_workbook("a.xlsx", by_openpyxl(cells({"A1": 1}))).has_links
