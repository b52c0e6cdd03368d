"""The yearly workbook of 2006, reopened: its figures, formulas, looks, and the draft before approval."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from programmes.models import AnnualPlan
from tests.factories import MILLION, make_plan, make_project, submit_all
from tests.reports.books import SheetReader, annual_bytes, read_book, recalculated

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SHEETS = ["Danh mục", "Kết quả", "Theo nội dung", "Chỉ tiêu", "Theo địa bàn"]
MONEY = ("Tổng kinh phí", "KCQG", "KCĐP", "Đối ứng", "Nguồn khác")


def money(sheet: SheetReader, row: int) -> list[object]:
    return [sheet.value(row, title) for title in MONEY]


def test_list_of_2006_has_its_totals_as_formulas_with_their_values(people_2006: dict[str, User]) -> None:
    book = read_book(annual_bytes(people_2006["reviewer"]))
    assert list(book) == SHEETS
    sheet = book["Danh mục"]
    assert "DANH MỤC ĐỀ ÁN KHUYẾN CÔNG NĂM 2006" in sheet.texts()
    national, city = sheet.rows_of("Cộng (")
    total = sheet.row_of("Tổng cộng (6 đề án)")
    assert money(sheet, national) == [63, 63, "–", "–", "–"]
    assert money(sheet, city) == [250, "–", 250, "–", "–"]
    assert money(sheet, total) == [313, 63, 250, "–", "–"]
    assert (national, city) == (sheet.row_of("Cộng (1 đề án)"), sheet.row_of("Cộng (5 đề án)"))
    # The grand total adds the two sums, not the column; a sum adds the groups, a group its rows.
    assert sheet.formula(total, "KCĐP") == "=SUM({0}{1},{0}{2})".format("L", national, city)
    [group] = [row for row in sheet.rows_of("Đào tạo, truyền nghề") if row > national]
    assert sheet.formula(group, "KCĐP") == f"=SUM(L{group + 1})"
    assert sheet.formula(group + 1, "Tổng kinh phí") == f"=SUM(K{group + 1},L{group + 1},M{group + 1},N{group + 1})"
    assert sheet.formula(group + 1, "KCĐP") == 60


def test_rows_of_2006_say_who_where_and_nothing_invented(people_2006: dict[str, User]) -> None:
    sheet = read_book(annual_bytes(people_2006["centre_staff"]))["Danh mục"]
    row = sheet.row_of("Dự án đào tạo khởi sự doanh nghiệp")
    assert sheet.value(row, "STT") == "2"
    assert sheet.value(row, "Đơn vị thực hiện") == "Trung tâm Khuyến công Hải Phòng"
    assert sheet.value(row, "Đơn vị thụ hưởng") == "Cá nhân muốn thành lập mới doanh nghiệp vừa và nhỏ (nhóm)"
    assert sheet.value(row, "Địa điểm") == "Huyện Kiến Thụy, huyện Thủy Nguyên (chung)"
    assert [sheet.value(row, title) for title in ("Thời gian", "Dự kiến kết quả", "Đối ứng")] == ["–", "–", "–"]
    task = sheet.row_of("Dự án xuất bản Bản tin khuyến công")
    assert (sheet.value(task, "Đơn vị thụ hưởng"), sheet.value(task, "Địa điểm")) == ("–", "Toàn thành phố")
    assert 0 not in [cell.value for row in sheet.shown.iter_rows() for cell in row]


def test_area_sheet_gives_the_districts_of_2006(people_2006: dict[str, User]) -> None:
    sheet = read_book(annual_bytes(people_2006["observer"]))["Theo địa bàn"]
    rows = [
        "Huyện Tiên Lãng",
        "Huyện Vĩnh Bảo",
        "Huyện Kiến Thụy, huyện Thủy Nguyên (chung)",
        "Toàn thành phố",
        "Tổng cộng",
    ]
    figures = [
        (sheet.value(sheet.row_of(text), "Số đề án"), sheet.value(sheet.row_of(text), "Được duyệt")) for text in rows
    ]
    assert figures == [(2, 110), (1, 63), (1, 50), (2, 90), (6, 313)]
    assert sheet.value(sheet.row_of("Tổng cộng"), "Thực hiện") == "–"


def test_result_and_content_sheets_of_2006(people_2006: dict[str, User]) -> None:
    book = read_book(annual_bytes(people_2006["reviewer"]))
    results, contents = book["Kết quả"], book["Theo nội dung"]
    total = results.row_of("Tổng cộng (6 đề án)")
    assert [results.value(total, title) for title in ("Kế hoạch", "Sau điều chỉnh", "Thực hiện", "Tỷ lệ %")] == [
        313, 313, "–", "–",
    ]  # fmt: skip
    row = results.row_of("Dự án đào tạo nghề dệt thảm")
    assert "Đúng tiến độ" in results.value(row, "Tình trạng")
    assert results.value(row, "Kết quả").startswith("Đã thực hiện đúng tiến độ")
    training = contents.row_of("Đào tạo, truyền nghề")
    assert contents.value(training, "Kế hoạch (sau điều chỉnh) năm 2006") == 123
    assert contents.value(contents.row_of("Tổng cộng"), "Kế hoạch (sau điều chỉnh) năm 2006") == 313


def test_indicators_wait_to_be_filled_in_by_hand(people_2006: dict[str, User]) -> None:
    sheet = read_book(annual_bytes(people_2006["reviewer"]))["Chỉ tiêu"]
    assert list(sheet.columns) == ["STT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch", "Thực hiện", "Tỷ lệ %", "Ghi chú"]
    row = sheet.row_of("Lao động được đào tạo")
    assert [sheet.value(row, title) for title in ("Đơn vị tính", "Kế hoạch", "Thực hiện", "Tỷ lệ %")] == [
        "người", "–", "–", "–",
    ]  # fmt: skip
    assert sheet.formula(row, "Tỷ lệ %").endswith(f'"–",100*E{row}/D{row})')
    assert not sheet.rows_of("Tổng cộng")
    assert any(text.startswith("[Đơn vị điền số liệu vào hai cột") for text in sheet.texts())
    names = [str(sheet.shown.cell(row, 2).value) for row in range(sheet.head + 2, sheet.head + 26)]
    assert len(set(names)) == 24 and {"Thu nhập bình quân của người lao động", "Cơ sở được tư vấn"} <= set(names)


def test_libreoffice_computes_what_the_cells_carry(
    people_2006: dict[str, User], libreoffice: str, tmp_path: Path
) -> None:
    content = annual_bytes(people_2006["reviewer"])
    carried, computed = read_book(content), read_book(recalculated(content, libreoffice, tmp_path))
    compared = 0
    for name, sheet in carried.items():
        for row in sheet.formulas.iter_rows():
            for cell in row:
                if str(cell.value).startswith("="):
                    here = sheet.shown[cell.coordinate].value
                    assert here == computed[name].shown[cell.coordinate].value, (name, cell.coordinate)
                    compared += 1
    assert compared > 90


def test_page_is_that_of_a_document(people_2006: dict[str, User]) -> None:
    content = annual_bytes(people_2006["reviewer"])
    for name, sheet in read_book(content).items():
        page = sheet.shown
        assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape"), name
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert (page.page_setup.fitToWidth or 1) == 1, "one page wide is the default"
        assert page.print_title_rows.startswith(f"${sheet.head}:")
        assert page.freeze_panes.startswith("C")
        assert (page.oddHeader.center.text, page.HeaderFooter.differentFirst) == ("&P", True)
        assert 20 <= page.page_margins.top * 25.4 <= 25 and 30 <= page.page_margins.left * 25.4 <= 35
        fonts = {cell.font.name for row in page.iter_rows() for cell in row if cell.value}
        assert fonts == {"Times New Roman"}
        texts = sheet.texts()
        assert {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"} <= set(texts)
        assert "GIÁM ĐỐC" in texts
        assert ("Đơn vị tính: Triệu đồng" in texts) is (name != "Chỉ tiêu")
    with ZipFile(BytesIO(content)) as parts:
        assert len(re.findall("<f>", parts.read("xl/worksheets/sheet1.xml").decode())) > 30


def test_names_are_those_of_the_day(people_2006: dict[str, User]) -> None:
    texts = read_book(annual_bytes(people_2006["reviewer"]))["Danh mục"].texts()
    assert "SỞ CÔNG NGHIỆP HẢI PHÒNG" in texts and "TRUNG TÂM KHUYẾN CÔNG HẢI PHÒNG" in texts
    assert (
        "(Theo …… số …… ngày …… tháng …… năm …… của …… về việc ……; Công văn số 341/UBND-CN ngày 16 tháng 6 năm 2006 "
        "của Ủy ban nhân dân thành phố Hải Phòng về việc phê duyệt kế hoạch khuyến công năm 2006)"
    ) in texts
    assert "Hải Phòng, ngày …… tháng …… năm ……" in texts
    later = read_book(annual_bytes(people_2006["reviewer"], as_of=AsOf(dt.date(2026, 2, 5))))["Danh mục"].texts()
    assert "SỞ CÔNG THƯƠNG THÀNH PHỐ HẢI PHÒNG" in later
    assert "Hải Phòng, ngày …… tháng …… năm ……" in later, "nobody knows when a paper on a past day is signed"
    assert "(Số liệu tính đến ngày 05/02/2026)" in later


@pytest.fixture
def waiting_plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    """Submitted and not yet approved: 60 triệu of the city, 12,5 of the nation with 7 of the beneficiary."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff)
    make_project(plan=plan, by=centre_staff, name="Dệt thảm", amounts={"KCQG": 12_500_000, "DOIUNG": 7 * MILLION})
    submit_all(plan=plan, by=centre_head)
    return plan


@pytest.mark.parametrize("is_draft", [True, False])
def test_list_can_be_printed_before_approval(waiting_plan: AnnualPlan, centre_staff: User, is_draft: bool) -> None:
    book = read_book(annual_bytes(centre_staff, is_draft=is_draft))
    sheet = book["Danh mục"]
    assert "DỰ THẢO DANH MỤC ĐỀ ÁN KHUYẾN CÔNG NĂM 2006" in sheet.texts()
    says_so = [text for text in sheet.texts() if "Chưa có đề án nào được phê duyệt" in text]
    assert bool(says_so) is not is_draft
    assert money(sheet, sheet.row_of("Tổng cộng (2 đề án)")) == [79.5, 12.5, 60, 7, "–"]
    national = sheet.columns["KCQG"]
    formats = {row: sheet.shown.cell(row, national).number_format for row in sheet.rows_of("Dệt thảm")}
    assert all("#,##0.0#####" in number_format for number_format in formats.values())
    assert "Chưa có đề án nào được phê duyệt." in book["Kết quả"].texts()
    assert book["Theo nội dung"].value(book["Theo nội dung"].row_of("Tổng cộng"), "Đề nghị năm 2006") == 72.5
