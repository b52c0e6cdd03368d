"""On paper no figure is broken over two lines: columns give way, then the type gets smaller."""

from __future__ import annotations

import io
import random

import pytest
from django.test import Client
from docx import Document

from khuyencong.accounts.models import User
from khuyencong.paper.fitting import EM_MM, SPARE, fitting, padding_mm
from khuyencong.paper.official_paper import Signature
from khuyencong.paper.type_widths import (
    LINE_POINTS,
    MAX_ROW_POINTS,
    ROW_PADDING,
    fit_in_row,
    line_count,
    text_width,
)
from khuyencong.paper.word import OfficialDocument
from khuyencong.paper.word_columns import CELL_PADDING_MM, WordColumn, WordRow
from khuyencong.paper.word_styles import CENTRE, LEFT, RIGHT
from projects.models import ApprovalEntry
from tests.factories import decide, make_plan, make_project, requested_cells, submit_all
from tests.people import Tree

ODD = 7_407_402_036  # prints 7.407,402036 triệu đồng


def test_what_fits_stays_as_wished() -> None:
    assert fitting([10, 60, 30], {2: text_width("313")}, {1: 3.0}, (12, 10), padding_mm) == (12, [10, 60, 30])


def test_every_figure_has_room_and_the_page_is_not_left() -> None:
    chance = random.Random(5)
    for _case in range(500):
        given = [10.0, 50.0, *(chance.uniform(8, 25) for _n in range(chance.randint(1, 9)))]
        figures = {place: text_width("9" * chance.randint(1, 14)) for place in range(2, len(given))}
        size, widths = fitting(given, figures, {1: 2.0}, (12, 11, 10, 9, 8, 7), padding_mm)
        assert (widths[0] == 10 and sum(widths) == pytest.approx(sum(given))) or size == 7
        if size > 7:
            for place, ems in figures.items():
                assert widths[place] >= padding_mm(size) + SPARE * ems * size * EM_MM - 0.001
            assert widths[1] >= 30, "words keep most of their room"


def test_table_of_a_word_file_gets_smaller_type_for_long_figures() -> None:
    file = OfficialDocument(title="Báo cáo", author="Trung tâm")
    columns = [WordColumn("Nguồn", 60, LEFT), *(WordColumn(title, 15, RIGHT) for title in "ABCDEFG")]
    for figure in ("313", "8.814,804072"):
        file.table(columns, [WordRow(["Kinh phí địa phương", *[figure] * 7])])
    plain, small = Document(io.BytesIO(file.bytes())).tables
    assert plain.rows[1].cells[1].paragraphs[0].runs[0].font.size is None
    assert small.rows[1].cells[1].paragraphs[0].runs[0].font.size.pt < 12
    width = small.rows[1].cells[1].width.mm
    assert width > text_width("8.814,804072") * small.rows[1].cells[1].paragraphs[0].runs[0].font.size.pt * EM_MM


def test_no_word_of_a_head_is_broken_while_other_columns_have_room() -> None:
    """Of the payment request: a narrow column whose head is wider than its 0, and one of short codes in the middle."""
    file = OfficialDocument(title="Giấy đề nghị", author="Trung tâm")
    titles = ("STT", "Tên đề án", "Nguồn", "Loại", "Kinh phí được duyệt", "Đã chi trước chứng từ này", "Số tiền")
    shares = (5, 30, 8, 10, 14, 10, 14)
    aligns = (CENTRE, LEFT, CENTRE, LEFT, RIGHT, RIGHT, RIGHT)
    row = ["1", "Hỗ trợ ứng dụng máy móc", "KCQG", "Tạm ứng", "250.000.000", "0", "100.000.000"]
    columns = [WordColumn(*one) for one in zip(titles, shares, aligns, strict=True)]
    file.table(columns, [WordRow(row)])
    [table] = Document(io.BytesIO(file.bytes())).tables
    for title, cell, text in zip(titles, table.rows[0].cells, row, strict=True):
        longest = max((word for word in f"{title} {text}".split()), key=lambda word: text_width(word, is_bold=True))
        assert cell.width.mm >= CELL_PADDING_MM + text_width(longest, is_bold=True) * 12 * EM_MM, longest
    assert sum(cell.width.mm for cell in table.rows[0].cells) == pytest.approx(file.width_mm, abs=0.5)


def test_signatures_take_the_last_rows_with_them_onto_a_new_page() -> None:
    file = OfficialDocument(title="Danh mục", author="Trung tâm")
    file.table([WordColumn("Tên", 1, LEFT)], [WordRow([str(number)]) for number in range(40)])
    file.signatures([Signature("GIÁM ĐỐC")], [])
    listed = Document(io.BytesIO(file.bytes())).tables[0]
    kept = [bool(row._tr.xpath(".//w:keepNext")) for row in listed.rows]
    assert kept == [False] * 38 + [True] * 3


@pytest.mark.django_db
def test_print_of_a_period_gives_long_figures_their_room(
    tree: Tree, centre_staff: User, centre_head: User, department_head: User, client: Client
) -> None:
    plan = make_plan(organisation=tree.centre, year=2006)
    make_project(plan=plan, by=centre_staff, amounts={"KCDP": ODD})
    submit_all(plan=plan, by=centre_head)
    decide(plan=plan, by=department_head, assigned={"KCDP": ODD}, approved=requested_cells(plan), number="1/QĐ")
    assert ApprovalEntry.objects.get().amount_vnd == ODD
    client.force_login(centre_head)
    page = client.get("/reports/period/print/?year=2006&period=h1").content.decode()
    assert "7.407,402036" in page
    widths = [float(part.split("%")[0]) for part in page.split('<col width="')[1:]]
    first = widths[: len(widths) // 2]
    assert max(first[2:]) * 2.62 > text_width("7.407,402036") * 10.5 * EM_MM


def test_long_text_of_a_workbook_stands_whole_in_its_row() -> None:
    aims = "Nâng cao năng lực sản xuất, mở rộng thị trường tiêu thụ cho các làng nghề. " * 14
    assert fit_in_row("Nâng cao năng lực sản xuất", 20) == (12, 2 * LINE_POINTS + ROW_PADDING)
    size, points = fit_in_row(aims, 20)
    assert 6 <= size < 12 and points <= MAX_ROW_POINTS
    assert line_count(aims, 20 * 12 / size) * LINE_POINTS * size / 12 < points
    assert fit_in_row(aims * 20, 20) == (6, MAX_ROW_POINTS), "the highest row that Excel knows"
