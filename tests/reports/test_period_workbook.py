"""The workbook of a quarter or half year, reopened: figures, progress, delays, formulas, the same period a year ago."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from khuyencong.accounts.models import User
from khuyencong.asof import NOW, AsOf
from programmes.models import AnnualPlan
from projects.models import Project
from reports.asking.periods import DATES, Period, period_of
from reports.asking.selection import select_plans
from reports.period.book import period_book, period_workbook
from reports.printing.number_formats import SHARE
from reports.printing.screen import screen_table
from tests.kept import kept
from tests.reports.books import TODAY, SheetReader, read_book, recalculated
from tests.reports.quarters import CARPET, EMBROIDERY, SEDGE, tell_quarters

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SHEETS = ["Tổng hợp", "Tiến độ đề án", "Chậm tiến độ"]
PLAN, INSIDE = "Kế hoạch năm (sau điều chỉnh)", "Trong kỳ: "
MOVED = [INSIDE + name for name in ("Duyệt lần đầu", "Điều chỉnh tăng, giảm", "Tạm ứng", "Thanh toán", "Quyết toán")]
UNTIL = ["Lũy kế đến hết kỳ: " + name for name in ("Đã chi", "Thực hiện theo báo cáo", "Quyết toán")]
SHARES = ["So với kế hoạch (%): Đã chi", "So với kế hoạch (%): Thực hiện"]
LAST = ["Cùng kỳ năm trước: Đã chi", "Cùng kỳ năm trước: Thực hiện"]


def period_bytes(user: User, kind: str, year: int = 2006, *, as_of: AsOf = NOW, today: dt.date = TODAY) -> bytes:
    return period_workbook(select_plans(user, year), period_of(year, kind), as_of=as_of, today=today)


def progress_of(sheet: SheetReader, name: str) -> int:
    column = sheet.columns["Tên đề án"]
    [row] = [row for row in range(sheet.head, sheet.shown.max_row + 1) if sheet.shown.cell(row, column).value == name]
    return row


@pytest.fixture
@kept
def plan(people: dict[str, User]) -> AnnualPlan:
    return tell_quarters(people)


def test_six_projects_of_2006_have_no_money_spent(people_2006: dict[str, User]) -> None:
    book = read_book(period_bytes(people_2006["reviewer"], "h2"))
    assert list(book) == SHEETS
    summary = book["Tổng hợp"]
    assert "TỔNG HỢP THỰC HIỆN KẾ HOẠCH KHUYẾN CÔNG 6 THÁNG CUỐI NĂM 2006" in summary.texts()
    assert "(Số liệu tính đến ngày 31/12/2006)" in summary.texts()
    assert summary.figures("Tổng cộng", PLAN, *MOVED, *UNTIL, *SHARES) == [313, *["–"] * 10]
    assert not [title for title in summary.columns if str(title).startswith("Cùng kỳ")]
    progress = book["Tiến độ đề án"]
    assert progress.rows_of("Tổng cộng (6 đề án)")
    row = progress_of(progress, "Dự án đào tạo nghề dệt thảm")
    assert progress.value(row, "Khối lượng, nội dung đã thực hiện").startswith("Đã thực hiện đúng tiến độ")
    assert progress.value(row, "Số, ngày hợp đồng") == progress.value(row, "Kinh phí đã thực hiện") == "–"
    assert "Không có đề án nào mà báo cáo tiến độ ghi là chậm." in book["Chậm tiến độ"].texts()
    first = read_book(period_bytes(people_2006["reviewer"], "q1"))["Tổng hợp"]
    assert first.figures("Tổng cộng", PLAN, MOVED[0]) == [63, "–"], "the city on 16 June, the nation unknown when"
    assert first.figures("Tổng cộng", "Trong năm: Duyệt, chưa rõ ngày") == [63], "in the year, and in no quarter"
    assert first.rows_of("Tư vấn, thông tin"), "contents that wait for approval are listed with “–”"


def test_second_quarter_tells_what_moved_and_what_stands(plan: AnnualPlan, reviewer: User) -> None:
    summary = read_book(period_bytes(reviewer, "q2"))["Tổng hợp"]
    total = summary.figures("Tổng cộng", PLAN, *MOVED, *UNTIL)
    assert total == [168, 63, -5, "–", 20, "–", 50, 35, "–"]
    assert [round(share, 2) for share in summary.figures("Tổng cộng", *SHARES)] == [29.76, 20.83]
    national, city = summary.rows_of("Đào tạo, truyền nghề")
    assert [summary.value(national, title) for title in (PLAN, *MOVED)] == [63, 63, "–", "–", "–", "–"]
    assert [summary.value(city, title) for title in (PLAN, *MOVED)] == [55, "–", -5, "–", 20, "–"]
    assert str(summary.formula(summary.row_of("Tổng cộng"), PLAN)).startswith("=SUM(")


def test_shares_of_a_column_have_one_decimal_in_file_and_on_screen(plan: AnnualPlan, reviewer: User) -> None:
    """“40,0” beside “90,9”, not “40”."""
    summary = read_book(period_bytes(reviewer, "q3"))["Tổng hợp"]
    cells = [summary.shown.cell(row, summary.columns[title]) for row in summary.rows_of("") for title in SHARES]
    known = [cell for cell in cells if isinstance(cell.value, int | float)]
    assert {float(cell.value).is_integer() for cell in known} == {True, False}
    assert {cell.number_format for cell in known} == {SHARE}
    book = period_book(select_plans(reviewer, 2006), period_of(2006, "q3"), as_of=NOW, today=TODAY)
    texts = [cell.text for row in screen_table(book.sheets[0]).rows for cell in row.cells if cell.label in SHARES]
    assert len(texts) > len(known) > 4 and all(re.fullmatch(r"–|[\d.]+,\d", text) for text in texts)


def test_progress_has_the_columns_of_form_3(plan: AnnualPlan, reviewer: User) -> None:
    sheet = read_book(period_bytes(reviewer, "q3"))["Tiến độ đề án"]
    assert list(sheet.columns) == [
        "STT", "Số, ngày hợp đồng", "Tên đề án", "Đơn vị thụ hưởng", "Địa điểm", "Kinh phí theo hợp đồng",
        "Đã tạm ứng", "Khối lượng, nội dung đã thực hiện", "Kinh phí đã thực hiện", "Tỷ lệ %", "Dự kiến hoàn thành",
        "Khó khăn, kiến nghị",
    ]  # fmt: skip
    row = progress_of(sheet, EMBROIDERY)
    titles = ("Số, ngày hợp đồng", "Kinh phí theo hợp đồng", "Đã tạm ứng", "Kinh phí đã thực hiện")
    assert [sheet.value(row, title) for title in titles] == ["05/HĐ ngày 18/03/2006", 55, 30, 50]
    assert sheet.value(row, "Khối lượng, nội dung đã thực hiện") == "Đạt 100% khối lượng.\nĐã làm đến tháng 8"
    assert round(sheet.value(row, "Tỷ lệ %"), 1) == 90.9
    assert sheet.value(progress_of(sheet, SEDGE), "Khó khăn, kiến nghị") == "Máy về muộn"
    total = sheet.row_of("Tổng cộng (3 đề án)")
    assert (sheet.value(total, "Kinh phí đã thực hiện"), sheet.value(total, "Tỷ lệ %")) == (70, None)
    fourth = read_book(period_bytes(reviewer, "q4"))["Tiến độ đề án"]
    older = fourth.value(progress_of(fourth, SEDGE), "Khối lượng, nội dung đã thực hiện")
    assert older.startswith("(Báo cáo tháng 8/2006)\nĐạt 40%")
    nothing = fourth.value(progress_of(fourth, CARPET), "Khối lượng, nội dung đã thực hiện")
    assert nothing == "–"


def test_late_projects_stand_with_their_difficulties(plan: AnnualPlan, reviewer: User) -> None:
    june, september = (read_book(period_bytes(reviewer, kind))["Chậm tiến độ"] for kind in ("q2", "q3"))
    titles = ("Kế hoạch (sau điều chỉnh)", "Thực hiện", "Báo cáo tháng", "Khối lượng (%)", "Khó khăn, kiến nghị")
    assert june.figures(EMBROIDERY, *titles) == [55, 35, "05/2006", 60, "Thiếu nguyên liệu"]
    assert june.figures(EMBROIDERY, "Việc làm tiếp theo") == ["Mua nguyên liệu"]
    assert not june.rows_of(SEDGE) and september.rows_of(SEDGE) and not september.rows_of(EMBROIDERY)


def test_same_period_of_the_year_before_stands_beside(plan: AnnualPlan, people: dict[str, User]) -> None:
    reviewer = people["reviewer"]
    tell_quarters(people, 2007)
    summary = read_book(period_bytes(reviewer, "h1", 2007))["Tổng hợp"]
    assert summary.figures("Tổng cộng", *UNTIL[:2], *LAST) == [50, 35, 50, 35]
    Project.objects.filter(lines__round__plan__year=2007, name=SEDGE).update(status="withdrawn")
    later = read_book(period_bytes(reviewer, "h2", 2007))["Tổng hợp"]
    assert later.figures("Tổng cộng", *LAST) == [140, 70]
    unfinished = read_book(period_bytes(reviewer, "q3", 2007, today=dt.date(2007, 8, 25)))["Tổng hợp"]
    assert unfinished.figures("Tổng cộng", *LAST) == [80, 35], "as many days of the year before"
    assert "(Kỳ báo cáo chưa kết thúc)" in unfinished.texts()


def test_money_for_last_years_projects_is_told_apart(plan: AnnualPlan, people: dict[str, User]) -> None:
    from tests.projects.accounting import pay
    from tests.reports.quarters import cell_of

    tell_quarters(people, 2007)
    cell = cell_of(plan, SEDGE)
    pay(plan, people["accountant"], (cell, "payment", 10), issued_on=dt.date(2007, 1, 20), number="PC-99")
    summary = read_book(period_bytes(people["reviewer"], "q1", 2007))["Tổng hợp"]
    assert summary.figures("Tổng cộng", UNTIL[0]) == [30]
    said = "Ngoài ra, trong kỳ đã chi 10 triệu đồng cho các đề án của kế hoạch năm 2006."
    assert said in summary.texts()


def test_book_is_the_same_each_time_and_plain(plan: AnnualPlan, reviewer: User) -> None:
    selection = select_plans(reviewer, 2006)
    made = [period_book(selection, period_of(2006, "q2"), as_of=NOW, today=TODAY) for _ in range(2)]
    assert made[0] == made[1]
    for sheet in made[0].sheets:
        for row in sheet.rows:
            assert all(isinstance(value, str | int | None) for value in vars(row).values())
    days = Period(DATES, dt.date(2006, 4, 1), dt.date(2006, 6, 30))
    free = period_book(selection, days, as_of=NOW, today=TODAY)
    assert [sheet.sections for sheet in free.sheets] == [sheet.sections for sheet in made[0].sheets]


def test_libreoffice_computes_what_the_cells_carry(
    plan: AnnualPlan, reviewer: User, libreoffice: str, tmp_path: Path
) -> None:
    content = period_bytes(reviewer, "h2")
    carried, computed = read_book(content), read_book(recalculated(content, libreoffice, tmp_path))
    compared = 0
    for name, sheet in carried.items():
        for row in sheet.formulas.iter_rows():
            for cell in row:
                if str(cell.value).startswith("="):
                    here, there = sheet.shown[cell.coordinate].value, computed[name].shown[cell.coordinate].value
                    assert here == there or here == pytest.approx(there), (name, cell.coordinate)
                    compared += 1
    assert compared > 40
