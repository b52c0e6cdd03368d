"""Where the pages of a workbook end: never before a sum, a note or the signature alone, never after a heading."""

from __future__ import annotations

import random
import re
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from khuyencong.asof import NOW
from khuyencong.official import DocumentHead
from khuyencong.paper.fitting import EM_MM
from khuyencong.paper.letterhead import HEAD_SIZE, MOTTO, bold_width, office_lines
from reports.asking.periods import period_of
from reports.asking.selection import select_plans
from reports.period.book import period_workbook
from reports.printing.book import Book, CellKind, Column, Group, Section, Sheet
from reports.printing.page_breaks import page_starts
from reports.printing.workbook import render
from tests.people import Tree
from tests.reports.books import TODAY, annual_bytes
from tests.reports.random_years import Years
from tests.requirements import need

EMU_A_MM = 36_000
HEAD = DocumentHead("Ủy ban nhân dân Thành phố Hải Phòng", "Sở Công Thương", "Hải Phòng, ngày ……", "GIÁM ĐỐC")
COLUMNS = (
    Column("number", "STT", 6, CellKind.CENTRED),
    Column("name", "Tên đề án", 90),
    Column("amount_vnd", "Được duyệt", 18, CellKind.MONEY),
)


def book_of(sizes: list[int]) -> Book:
    """Contents with so many projects each."""
    groups = [
        Group(f"Nội dung {place}", [{"number": n + 1, "name": f"Đề án {n}", "amount_vnd": 10**6} for n in range(size)])
        for place, size in enumerate(sizes, start=1)
    ]
    section = Section("I", "Kinh phí khuyến công địa phương", groups, "Cộng")
    sheet = Sheet(
        "Danh mục", "DANH MỤC", COLUMNS, [section], "Tổng cộng", notes=["Ghi chú thứ nhất", "Ghi chú thứ hai"]
    )
    return Book("Danh mục", HEAD, [sheet])


def sheet_of(sizes: list[int]) -> Any:
    return load_workbook(BytesIO(render(book_of(sizes))))["Danh mục"]


def first_rows(sheet: Any) -> list[str]:
    """The second column of the row with which each page begins, and of the one before it."""
    return [str(sheet.cell(mark.id + step, 2).value) for mark in sheet.row_breaks.brk for step in (0, 1)]


@pytest.mark.parametrize(
    ("kept", "starts"),
    [
        (set(), [3, 6]),
        ({2}, [2, 5]),  # a heading goes to the next page with its first row
        ({0, 1, 2, 3, 4, 5, 6}, [3, 6]),  # what no page can hold together breaks anywhere
        ({5, 6}, [3, 5]),  # the foot takes a row along
    ],
)
def test_a_row_that_is_kept_stays_with_the_next(kept: set[int], starts: list[int]) -> None:
    assert page_starts([10] * 8, kept, first=30, other=30) == starts


def test_header_repeated_on_each_page_takes_its_room() -> None:
    assert page_starts([10] * 9, set(), first=40, other=20) == [4, 6, 8]
    assert page_starts([10, 100, 10], set(), first=40, other=40) == [1, 2], (
        "a row higher than a page has one of its own"
    )


@pytest.mark.parametrize("size", range(1, 60, 3))
def test_no_page_begins_with_a_sum_a_note_or_the_signature(size: int) -> None:
    sheet = sheet_of([size, 2, size])
    for number, first in enumerate(first_rows(sheet)):
        if number % 2:
            assert first.startswith(("Đề án", "Nội dung")), "what a page begins with"
        else:
            assert first.startswith("Đề án"), "what the page before ends with"


def test_signature_and_the_room_to_sign_are_the_last_row() -> None:
    sheet = sheet_of([3])
    [signer] = [cell for row in sheet.iter_rows() for cell in row if cell.value == "GIÁM ĐỐC"]
    assert signer.row == sheet.max_row and sheet.row_dimensions[signer.row].height > 60
    assert not sheet.row_breaks.brk


def test_sheet_that_nearly_fits_a_page_is_printed_on_one() -> None:
    fits = {size: sheet_of([size]).page_setup.fitToHeight for size in (1, 6, 30)}
    assert (fits[1], fits[30]) == (0, 0), "short enough, or of several pages"
    assert fits[6] is None, "one page high is the default"


@pytest.mark.parametrize(
    ("name", "room", "lines"),
    [
        ("Ủy ban nhân dân Thành phố Hải Phòng", 99, ["ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG"]),
        ("Ủy ban nhân dân Thành phố Hải Phòng", 15, ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ HẢI PHÒNG"]),
        ("Sở Công Thương Thành phố Hải Phòng", 15, ["SỞ CÔNG THƯƠNG", "THÀNH PHỐ HẢI PHÒNG"]),
        ("Trung tâm Khuyến công Hải Phòng", 17, ["TRUNG TÂM KHUYẾN CÔNG", "HẢI PHÒNG"]),
        ("x" * 200, 15, ["X" * 200]),
        ("", 15, []),
    ],
)
def test_name_of_an_office_breaks_between_its_parts(name: str, room: float, lines: list[str]) -> None:
    assert office_lines(name, room) == lines


def rules_of(content: bytes) -> list[tuple[int, float]]:
    """The row, from 1, and the length in mm of each line that is drawn on the first sheet."""
    with ZipFile(BytesIO(content)) as parts:
        drawn = etree.fromstring(parts.read("xl/drawings/drawing1.xml"))
    rows = [int(row.text) + 1 for row in drawn.iterfind(".//{*}from/{*}row")]
    return [
        (row, int(one.get("cx")) / EMU_A_MM) for row, one in zip(rows, drawn.iterfind(".//{*}xfrm/{*}ext"), strict=True)
    ]


def test_motto_has_a_drawn_line_of_its_own_length_below_and_is_not_underlined() -> None:
    """Nothing is typed there: dashes are neither a line nor as long as the words (NĐ 30/2020)."""
    sheet = sheet_of([3])
    [motto] = [cell for row in sheet.iter_rows() for cell in row if cell.value == MOTTO[1]]
    below = sheet.cell(motto.row + 1, motto.column)
    assert motto.font.underline is None and below.value is None
    assert sheet.row_dimensions[below.row].height < sheet.row_dimensions[motto.row].height / 2
    wide = [replace(column, width=width) for column, width in zip(COLUMNS, (6, 48, 60), strict=True)]
    book = book_of([3])
    (row, of_issuer), (also, of_motto) = rules_of(render(replace(book, sheets=[replace(book.sheets[0], columns=wide)])))
    assert row == also == below.row
    assert of_motto == pytest.approx(bold_width(MOTTO[1]) * HEAD_SIZE * EM_MM, rel=0.02)
    assert 1 / 3 < of_issuer / (bold_width("SỞ CÔNG THƯƠNG") * HEAD_SIZE * EM_MM) < 1 / 2


@pytest.mark.office
@pytest.mark.django_db
def test_each_printed_page_holds_a_row_of_the_table(
    tree: Tree, department_head: User, libreoffice: str, tmp_path: Path
) -> None:
    """A year and a quarter of random projects, as LibreOffice prints them."""
    Years(random.Random(5), tree.centre, department_head)
    quarter = period_workbook(select_plans(department_head, 2007), period_of(2007, "q4"), as_of=NOW, today=TODAY)
    for name, content in (("year", annual_bytes(department_head, 2007)), ("quarter", quarter)):
        pages = printed(content, name, tmp_path, (libreoffice, need("poppler")))
        assert len(pages) >= 3
        for page in pages:
            assert re.search(r"(?m)^ *\d+ {2,}\S", page) or "Không có đề án nào" in page, page


def printed(content: bytes, name: str, folder: Path, programs: tuple[str, str]) -> list[str]:
    office, poppler = programs
    source = folder / f"{name}.xlsx"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    read = [poppler, "-layout", str(folder / f"{name}.pdf"), "-"]
    return subprocess.run(read, check=True, capture_output=True, text=True).stdout.split("\f")[:-1]
