"""Whatever people type comes out as text; money that stands in several places is counted once."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from khuyencong.funding import Nature
from khuyencong.official import DocumentHead
from khuyencong.paper.type_widths import line_count
from programmes.models import AnnualPlan
from projects.models import PlanLine, ProgressReport, Project
from projects.services.progress import add_progress_report
from reports.printing.book import Book, CellKind, Column, Group, Section, Sheet
from reports.printing.workbook import clean_text, render
from tests.factories import MILLION, decide, source
from tests.reports.books import annual_bytes, read_book
from tests.reports.hostile import HOSTILE

LETTERHEAD = DocumentHead("=cmd", "+Trung tâm", "@Hải Phòng", "-GIÁM ĐỐC")


def book_of(texts: list[str]) -> bytes:
    rows = [SimpleNamespace(number=number, name=text, amount_vnd=1) for number, text in enumerate(texts, start=1)]
    columns = (
        Column("number", "STT", 5, CellKind.CENTRED),
        Column("name", "Tên", 30),
        Column("amount_vnd", "Tiền", 12, CellKind.MONEY),
    )
    sections = [Section("=I", "=nguồn", [Group("@nội dung", rows)], "-Cộng")]
    return render(
        Book("=title", LETTERHEAD, [Sheet("Biểu", "=A1", columns, sections, "+Tổng cộng", ["=phụ"], ["@ghi chú"])])
    )


def test_every_text_stays_a_text() -> None:
    sheet = read_book(book_of(list(HOSTILE)))["Biểu"]
    names = [cell for [cell] in sheet.formulas.iter_rows(min_col=2, max_col=2) if cell.value in HOSTILE.values()]
    assert [cell.value for cell in names] == list(HOSTILE.values())
    assert {cell.data_type for cell in names} == {"s"}
    cells = [cell for row in sheet.formulas.iter_rows() for cell in row if cell.value is not None]
    assert {cell.column for cell in cells if cell.data_type == "f"} == {sheet.columns["Tiền"]}
    assert "=cmd".upper() in sheet.texts() and "=A1" in sheet.texts() and "@ghi chú" in sheet.texts()
    assert [cell.quotePrefix for cell in names][:5] == [True] * 5  # typing Enter in the cell keeps it a text


def test_overlong_text_is_cut_between_characters() -> None:
    cut = clean_text("🎪" * 40_000)
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767
    assert set(cut) == {"🎪", "…"} and len(cut) > 16_000
    assert clean_text("ạ" * 32_767) == "ạ" * 32_767
    assert read_book(book_of([cut]))["Biểu"].rows_of("🎪")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("", 10, 1), ("Tiên Lãng", 12, 1), ("Dự án đào tạo nghề thêu ren móc chỉ", 20, 2), ("a\nb\nc", 10, 3)],
)
def test_rows_are_as_high_as_their_text(text: str, width: float, lines: int) -> None:
    assert line_count(text, width) == lines
    assert line_count("x" * 500, 20) > 20


@pytest.mark.django_db
def test_two_sources_stand_under_each_and_count_once(pilot_plan: AnnualPlan, centre_staff: User) -> None:
    book = read_book(annual_bytes(centre_staff))
    sheet = book["Danh mục"]
    rows = sheet.rows_of("Đề án điểm")
    assert [sheet.value(row, "KCQG") for row in rows] == [20, 40, "–", "–"]
    assert [sheet.value(row, "KCĐP") for row in rows] == ["–", "–", 10, 30]
    assert [sheet.value(row, "Ghi chú") for row in rows][1:] == ["Đề án đã kể ở mục I.1"] * 3
    total = sheet.row_of("Tổng cộng (2 đề án)")
    assert [sheet.value(total, title) for title in ("Tổng kinh phí", "KCQG", "KCĐP", "Đối ứng")] == [167, 60, 100, 7]
    area = book["Theo địa bàn"]
    assert [area.value(area.row_of("Tổng cộng"), title) for title in ("Số đề án", "Được duyệt")] == [2, 160]
    contents = book["Theo nội dung"]
    assert contents.value(contents.row_of("Tổng cộng"), "Kế hoạch (sau điều chỉnh) năm 2006") == 160


@pytest.mark.django_db
def test_adjusted_amount_replaces_and_report_gives_a_share(
    pilot_plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    project = Project.objects.get(name="Một nguồn")
    key = (PlanLine.objects.get(project=project).pk, project.components.get().pk, source("KCDP").pk)
    decide(
        plan=pilot_plan,
        by=department_head,
        approved={key: 40 * MILLION},
        number="12/QĐ",
        on=dt.date(2006, 9, 1),
        nature=Nature.ADJUSTMENT,
    )
    project.refresh_from_db()
    report = ProgressReport(month=dt.date(2006, 10, 1), is_on_schedule=False, done="Xong một lớp")
    add_progress_report(
        project=project, report=report, amounts={key: 15 * MILLION}, actor=centre_staff, version=project.version
    )
    titles = ("Kế hoạch", "Sau điều chỉnh", "Thực hiện", "Tỷ lệ %", "Kết quả")
    sheet = read_book(annual_bytes(centre_staff))["Kết quả"]
    row = sheet.row_of("Một nguồn")
    assert [sheet.value(row, title) for title in titles] == [60, 40, 15, 37.5, "Xong một lớp"]
    assert sheet.value(row, "Tình trạng").endswith("Chậm tiến độ")
    before = read_book(annual_bytes(centre_staff, as_of=AsOf(dt.date(2006, 8, 31))))["Kết quả"]
    row = before.row_of("Một nguồn")
    assert [before.value(row, title) for title in titles] == [60, 60, "–", "–", "–"]
