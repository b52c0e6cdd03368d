"""Workbooks of the catalogue: each cell leads to its rows, formulas give what the cells carry, texts stay texts."""

from __future__ import annotations

import datetime as dt
import random
import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from khuyencong.accounts.models import User
from khuyencong.official import DocumentHead
from khuyencong.paper.letterhead import HEAD_SIZE, MOTTO, bold_width
from projects.models import Project
from reports.catalogue.asked import AskForm
from reports.catalogue.definitions import BY_CODE, REPORTS, Report
from reports.catalogue.sheets import workbook_of
from reports.catalogue.table import work_out
from reports.printing import workbook
from reports.printing.book import Block, Book, CellKind, Column, Group, Section, Sheet
from reports.printing.source_sheet import LAST_ROW, SOURCES, block_places
from reports.printing.workbook import render
from tests.factories import MILLION, make_plan, make_project
from tests.kept import kept
from tests.people import Tree
from tests.reports.books import recalculated
from tests.reports.random_years import Years

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TODAY = dt.date(2026, 9, 5)


@pytest.fixture
@kept
def years(tree: Tree, centre_staff: User) -> None:
    Years(random.Random(7), tree.centre, centre_staff)


def content_of(user: User, report: Report, query: str = "year=2007") -> bytes:
    form = AskForm(QueryDict(query), user=user, today=TODAY)
    assert form.is_valid(), form.errors
    return workbook_of(work_out(report, form.asked_for()), today=TODAY)


def figures(content: bytes, *, data_only: bool = True) -> dict[tuple[str, str], Any]:
    book = load_workbook(BytesIO(content), data_only=data_only)
    return {
        (name, cell.coordinate): cell.value
        for name in book.sheetnames
        for row in book[name].iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_each_figure_leads_to_its_rows_and_takes_their_sum(years: None, observer: User) -> None:
    book = load_workbook(BytesIO(content_of(observer, BY_CODE["source-content"])))
    sheet, sources = book["Báo cáo"], book[SOURCES]
    linked = [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert len(linked) > 30
    for cell in linked:
        place = int(cell.hyperlink.location.split("!A")[1])
        assert cell.value == f"='{SOURCES}'!I{place}"
        assert sources.cell(place, 1).value, "the block says which cell it is behind"
        rows = range(place + 1, place + 1 + rows_of_block(sources, place))
        assert sources.cell(place, 9).value == f"=SUM(I{rows[0]}:I{rows[-1]})"
        assert all(str(sources.cell(row, 2).value).startswith("KC20") for row in rows)


def rows_of_block(sources: Any, place: int) -> int:
    """Rows of a block are numbered from 1; its head has a text there."""
    count = 0
    while isinstance(sources.cell(place + 1 + count, 1).value, int):
        count += 1
    return count


def test_counts_of_several_groups_are_those_of_the_projects_listed(years: None, observer: User) -> None:
    """A project under two sources stands twice in the rows and once in the total."""
    content = content_of(observer, BY_CODE["sources"])
    book = load_workbook(BytesIO(content))
    sheet, sources = book["Báo cáo"], book[SOURCES]
    shown = load_workbook(BytesIO(content), data_only=True)["Báo cáo"]
    column = next(cell.column for row in sheet.iter_rows() for cell in row if cell.value == "Số đề án")
    total = next(cell.row for cell in sheet["B"] if cell.value == "Tổng cộng")
    place = int(sheet.cell(total, column).hyperlink.location.split("!A")[1])
    codes = [sources.cell(place + 1 + n, 2).value for n in range(rows_of_block(sources, place))]
    assert len(codes) == len(set(codes)) == shown.cell(total, column).value
    parts = [shown.cell(row, column).value for row in range(total - 2, total)]
    assert sum(parts) > shown.cell(total, column).value


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)
def test_two_readers_see_the_same_cells(report: Report, years: None, department_head: User) -> None:
    content = content_of(department_head, report, "year=2007&period=q4")
    by_calamine = CalamineWorkbook.from_filelike(BytesIO(content))
    book = load_workbook(BytesIO(content), data_only=True)
    assert by_calamine.sheet_names == book.sheetnames
    for name in book.sheetnames:
        rows = [[cell for cell in row if cell not in (None, "")] for row in book[name].iter_rows(values_only=True)]
        others = [[cell for cell in row if cell != ""] for row in by_calamine.get_sheet_by_name(name).to_python()]
        known = [[_same(cell) for cell in row] for row in rows if row]
        assert known == [[_same(cell) for cell in row] for row in others if row]


def _same(cell: Any) -> Any:
    return round(float(cell), 9) if isinstance(cell, int | float) else cell


@pytest.mark.office
def test_libreoffice_computes_what_the_cells_carry(
    years: None, department_head: User, libreoffice: str, tmp_path: Path
) -> None:
    """Every kind of formula: sums, differences, rates, running totals, sums of the rows behind."""
    for code in ("sources", "months", "status"):
        content = content_of(department_head, BY_CODE[code])
        folder = tmp_path / code
        folder.mkdir()
        computed = figures(recalculated(content, libreoffice, folder))
        carried = figures(content)
        formulas = [key for key, value in figures(content, data_only=False).items() if str(value).startswith("=")]
        assert len(formulas) > 20
        for key in formulas:
            if isinstance(carried[key], str):
                assert computed[key] == carried[key] == "–"
            else:
                assert abs(Decimal(str(computed[key])) - Decimal(str(carried[key]))) < Decimal("1e-9"), key


HOSTILE = [
    "<r>& hỏng</r>",
    "<r><t>đậm</t></r>",
    "=1+1",
    "+84 31",
    "-5%",
    "@SUM(A1)",
    "Hô\u0300 Chí Minh",
    "🎪 hội chợ",
    "x" * 500,
    "a\u0000b\u0007c",
]


def test_hostile_names_come_out_whole_and_as_text(centre_staff: User) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for number, name in enumerate(HOSTILE):
        project = make_project(plan=plan, by=centre_staff, name=f"Đề án {number}")
        Project.objects.filter(pk=project.pk).update(name=name.replace("\u0000", ""))
    cells = figures(content_of(centre_staff, BY_CODE["source-content"], "year=2006"), data_only=False)
    texts = {value for (sheet, _place), value in cells.items() if sheet == SOURCES and isinstance(value, str)}
    assert {
        "<r>& hỏng</r>",
        "<r><t>đậm</t></r>",
        "=1+1",
        "+84 31",
        "-5%",
        "@SUM(A1)",
        "Hồ Chí Minh",
        "🎪 hội chợ",
        "x" * 500,
        "abc",
    } <= texts
    formulas = {value for (_sheet, _place), value in cells.items() if str(value).startswith("=")} - {"=1+1"}
    assert all(value.startswith(("=SUM(", f"='{SOURCES}'", "=IF(", "=N(", "=100*")) for value in formulas)


@pytest.mark.office
def test_sums_over_hundreds_of_sections_are_computed(libreoffice: str, tmp_path: Path) -> None:
    """A function takes 255 arguments: what 300 sections come to is added in two."""
    columns = [Column("number", "STT", 5, CellKind.CENTRED), Column("label", "Tên", 30)]
    columns += [Column("known", "Đã chi", 12, CellKind.MONEY), Column("unknown", "Quyết toán", 12, CellKind.MONEY)]
    sections = [
        Section(str(n), f"Cơ sở {n}", [Group("", [{"number": 1, "label": "Đề án", "known": MILLION}])], "Cộng")
        for n in range(1, 301)
    ]
    sheet = Sheet("Báo cáo", "BÁO CÁO", columns, sections, "Tổng cộng")
    content = render(Book("Báo cáo", DocumentHead("", "Trung tâm", "", "GIÁM ĐỐC"), [sheet]))
    computed = figures(recalculated(content, libreoffice, tmp_path))
    [total] = [place for (_sheet, place), value in computed.items() if value == "Tổng cộng"]
    assert [computed["Báo cáo", f"{letter}{total[1:]}"] for letter in "CD"] == [300, "–"]


def test_more_links_than_a_sheet_keeps_are_told(monkeypatch: pytest.MonkeyPatch, years: None, observer: User) -> None:
    monkeypatch.setattr(workbook, "MAX_LINKS", 5)
    sheet = load_workbook(BytesIO(content_of(observer, BY_CODE["sources"])))["Báo cáo"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert sum(bool(cell.hyperlink) for cell in cells) == 5
    assert sum(str(cell.value).startswith(f"='{SOURCES}'") for cell in cells) > 5, "the others still take their sums"
    assert any("liên kết trong một biểu" in str(cell.value) for cell in cells)


def test_blocks_beyond_the_end_of_a_sheet_are_left_out() -> None:
    long = Block("Dài", [("",) * 7] * (LAST_ROW - 10), [1] * (LAST_ROW - 10), is_money=True)
    short = Block("Ngắn", [("",) * 7] * 20, [1] * 20, is_money=True)
    assert block_places([long, short]) == [4, None]


@pytest.mark.parametrize("columns", ["approved_vnd", "approved_vnd,paid_vnd", "requested_vnd,approved_vnd,paid_vnd"])
def test_letterhead_has_its_room_above_few_columns(people_2006: dict[str, User], client: Client, columns: str) -> None:
    client.force_login(people_2006["centre_head"])
    file = client.get(f"/reports/catalogue/areas.xlsx?year=2006&columns={columns}").content
    sheet = load_workbook(BytesIO(file)).worksheets[0]
    [cell] = [cell for row in sheet for cell in row if cell.value == MOTTO[0]]
    merged = [area for area in sheet.merged_cells.ranges if cell.coordinate in area]
    places = range(merged[0].min_col, merged[0].max_col + 1) if merged else [cell.column]
    known = sheet.column_dimensions.values()  # one for neighbours of the same width
    widths = {place: one.width for one in known for place in range(one.min, one.max + 1)}
    room = sum(widths[place] for place in places)
    assert room >= 2 * bold_width(MOTTO[0]) * HEAD_SIZE / 12, "in digits of the font, half an em each"


def test_files_have_vietnamese_names_without_marks_and_addresses_stay(
    client: Client, years: None, centre_staff: User
) -> None:
    client.force_login(centre_staff)
    names = {}
    for report in REPORTS:
        answer = client.get(f"/reports/catalogue/{report.code}.xlsx?year=2007&period=q2")
        said = re.fullmatch(r'attachment; filename="([a-z0-9-]+)-2007-quy-2\.xlsx"', answer["Content-Disposition"])
        assert said, answer["Content-Disposition"]
        names[report.code] = said[1]
    assert len(set(names.values())) == len(REPORTS)
    assert names["sources"] == "theo-nguon" and names["over-norm"] == "de-an-vuot-muc-ho-tro"
