"""The whole year 2006 of Hải Phòng in Chromium, by visible labels only; then by keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from projects.management.demo import CASE
from projects.models import Project
from tests.browser.department import forward, review_round
from tests.browser.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CASE_2006: dict[str, Any] = json.loads(CASE.read_text(encoding="utf-8"))
KINDS = {"group": "Đề án nhóm", None: "Nhiệm vụ"}
TYPES = {"enterprise": "Doanh nghiệp nhỏ và vừa", "cooperative": "Hợp tác xã", "group": "Nhóm (mô tả bằng lời)"}
CONTENTS = {
    "134-1": "Đào tạo, truyền nghề",
    "134-2": "Nâng cao năng lực quản lý",
    "134-3": "Mô hình trình diễn, chuyển giao công nghệ",
    "134-4": "Phát triển sản phẩm, hội chợ",
    "134-5": "Tư vấn, thông tin",
}
SOURCES = {"city": "KCĐP", "national": "KCQG"}
AREAS = {"315": "Tiên Lãng", "311": "Thuỷ Nguyên", "314": "kien thuy", "316": "Vĩnh Bảo"}


def enter(office: Office, row: dict[str, Any]) -> None:
    """One project of the case typed into the form that is open."""
    office.fill("Tên đề án*", row["name"])
    office.choose("Loại*", KINDS.get(row["beneficiary_type"], "Đề án"))
    office.choose("Nội dung hoạt động", CONTENTS[row["activity_code"]])
    office.fill(SOURCES[row["source"]], f"{row['amount_vnd'] // 1_000_000} tr")
    if row["area_scope"] == "whole_city":
        office.choose("Phạm vi địa bàn*", "Toàn thành phố")
    else:
        office.fill("Địa bàn", ", ".join(AREAS[code] for code in row["area_codes"]))
    if helped := row["beneficiary"] or row.get("group_description"):  # of the carpets the article names a place alone
        office.fill("Đơn vị hoặc nhóm thụ hưởng", helped)
        office.choose("Loại hình", TYPES[row["beneficiary_type"]])


def test_six_projects_from_typing_to_the_workbook(office: Office) -> None:
    _staff_enter_the_plan(office)
    _centre_head_sends_both_rounds(office)
    _department_reviews_and_forwards(office)
    _department_head_records_two_letters(office)
    _staff_report_that_all_are_on_schedule(office)
    _plan_page_says(office)
    _workbook_says(office)


def _staff_enter_the_plan(office: Office) -> None:
    office.sign_in("centre_staff")
    office.picture("01-trang-chu")
    office.open("Lập kế hoạch năm")
    office.fill("Năm*", "2006")
    office.picture("02-lap-ke-hoach")
    office.press_button("Lập kế hoạch")
    office.open("Nhập đề án đầu tiên")
    for number, row in enumerate(CASE_2006["projects"], start=1):
        enter(office, row)
        office.picture(f"03-nhap-de-an-{number}")
        office.press_button("Lưu và thêm tiếp" if number < 6 else "Lưu đề án")
        assert "Đã lưu đề án" in office.text(), (row["name"], office.text()[:900])
    office.picture("04-de-an-da-nhap")
    assert Project.objects.count() == 6


def _centre_head_sends_both_rounds(office: Office) -> None:
    office.sign_in("centre_head")
    office.picture("05-lanh-dao-trung-tam")
    for level in ("KCĐP", "KCQG"):
        office.open("Trang chủ", f"Gửi đợt 1 ({level}) năm 2006 lên Sở")
        office.picture(f"06-gui-{level}")
        office.press_button("Gửi Sở")
        assert f"Đã gửi đợt 1 ({level}) lên Sở" in office.text()


def _department_reviews_and_forwards(office: Office) -> None:
    office.sign_in("reviewer")
    office.picture("07-chuyen-vien-so")
    for level in SOURCES.values():
        review_round(office, level)
    office.sign_in("department_head")
    office.picture("07-lanh-dao-so")
    for level in SOURCES.values():
        forward(office, level)


def _department_head_records_two_letters(office: Office) -> None:
    office.open("Kế hoạch", "2006", "Ghi nhận quyết định")
    office.fill("Số, ký hiệu", "341/UBND-CN")
    office.fill("Ngày ban hành", "16/06/2006")
    office.choose("Cơ quan ban hành", "UBND thành phố Hải Phòng")
    office.fill("Trích yếu", "Phê duyệt kế hoạch khuyến công năm 2006")
    office.fill("Được giao sau văn bản, KCĐP", "250 tr")
    for row in CASE_2006["projects"]:
        if row["source"] == "city":
            office.fill(f"Được duyệt sau văn bản, {row['name']}", f"{row['amount_vnd']}")
    office.page.keyboard.press("Tab")
    office.page.locator("#effect").get_by_role("row", name="KCĐP – 250 – 250 0").wait_for()
    office.press_button("Xem trước")
    office.picture("08-quyet-dinh-341")
    office.press_button("Ghi nhận")
    assert "Đã ghi nhận 341/UBND-CN ngày 16/06/2006" in office.text()
    office.open("Ghi nhận quyết định")
    office.tick("Chưa rõ số")
    office.tick("Chưa rõ ngày")
    office.fill("Được giao sau văn bản, KCQG", "63 tr")
    office.fill("Được duyệt sau văn bản, Dự án đào tạo nghề dệt thảm", "63 tr")
    office.press_button("Xem trước")
    office.picture("09-quyet-dinh-kcqg")
    office.press_button("Ghi nhận")
    assert "chưa rõ số, chưa rõ ngày" in office.text()
    office.picture("10-ke-hoach-da-duyet")


def _staff_report_that_all_are_on_schedule(office: Office) -> None:
    office.sign_in("centre_staff")
    for row in CASE_2006["projects"]:
        office.open("Đề án", row["name"], "Báo cáo tiến độ")
        office.fill("Tháng báo cáo*", "12/2006")
        office.tick("Đúng tiến độ")
        office.fill("Nội dung đã thực hiện", CASE_2006["stated_result"]["words"])
        office.press_button("Lưu báo cáo")
        assert "đúng tiến độ" in office.text()
    office.picture("11-de-an-da-bao-cao")


def _plan_page_says(office: Office) -> None:
    office.open("Kế hoạch", "2006")
    office.picture("12-ke-hoach-2006")
    text = office.text()
    assert "6 đề án · 6 đúng tiến độ" in text
    assert "63 63 –" in office.row("Kinh phí khuyến công quốc gia")
    assert "250 250 –" in office.row("Kinh phí khuyến công địa phương")
    assert "313 313 –" in office.row("Tổng cộng · 6 đề án")
    office.open("Tổng hợp")
    office.picture("13-tong-hop-2006")
    for place, amount in (("Tiên Lãng", "110"), ("Vĩnh Bảo", "63"), ("Toàn thành phố", "90")):
        assert f" {amount} " in f"{office.row(place)} ", place
    shared = office.row("(chung)")
    assert "Thủy Nguyên" in shared and "Kiến Thụy" in shared and " 50 " in f"{shared} "


def _workbook_says(office: Office) -> None:
    office.open("Kế hoạch", "2006")
    with office.page.expect_download() as download:
        office.page.get_by_role("link", name="Xuất Excel").first.click()
    target = office.folder / download.value.suggested_filename
    download.value.save_as(target)
    book = load_workbook(BytesIO(target.read_bytes()), data_only=True)
    assert book.sheetnames == ["Danh mục", "Kết quả", "Theo nội dung", "Chỉ tiêu", "Theo địa bàn"]
    cells = [[cell for cell in row if cell is not None] for row in book["Danh mục"].iter_rows(values_only=True)]
    [total] = [row for row in cells if row and str(row[0]).startswith("Tổng cộng")]
    assert [number for number in total if isinstance(number, int | float)] == [313, 63, 250]


def _type_by_keyboard(office: Office, row: dict[str, Any]) -> None:
    """From the name, which has the focus, to Enter on “Lưu và thêm tiếp”."""
    office.type(row["name"])
    office.key("Tab")
    office.key("ArrowDown", {"group": 1, None: 2}.get(row["beneficiary_type"], 0))
    office.key("Tab")
    office.key("ArrowDown", int(row["activity_code"][-1]))
    office.key("Tab", 2 if row["source"] == "city" else 1)
    office.type(f"{row['amount_vnd'] // 1_000_000} tr")
    _tab_to(office, "area_scope")
    if row["area_scope"] == "whole_city":
        office.key("ArrowDown")
    else:
        office.key("Tab")
        office.type(", ".join(AREAS[code] for code in row["area_codes"]))
    if helped := row["beneficiary"] or row.get("group_description"):
        _tab_to(office, "support-0-name")
        office.type(helped)
        office.key("Tab")
        office.key("ArrowDown", {"group": 1, "enterprise": 2, "cooperative": 3}[row["beneficiary_type"]])
    _tab_to(office, "save_and_new")
    office.key("Enter")


def _tab_to(office: Office, name: str) -> None:
    for _ in range(40):
        if office.page.evaluate("document.activeElement?.name") == name:
            return
        office.key("Tab")
    raise AssertionError(f"Tab never reaches {name}")


def test_six_projects_by_keyboard_alone(office: Office, record_property: Callable[[str, object], None]) -> None:
    office.sign_in("centre_staff")
    office.open("Lập kế hoạch năm")
    office.fill("Năm*", "2006")
    office.press_button("Lập kế hoạch")
    office.open("Nhập đề án đầu tiên")
    figures = []
    for number, row in enumerate(CASE_2006["projects"], start=1):
        office.page.locator("[name=name]:focus").wait_for()  # from the start, without a click
        office.page.wait_for_load_state()  # else a busy machine counts it with the next
        office.strokes, before = 0, office.loads
        _type_by_keyboard(office, row)
        office.page.get_by_text("Đã lưu đề án").wait_for()
        office.page.wait_for_load_state()
        typed = len(row["name"]) + len(row["beneficiary"] or row.get("group_description") or "")
        figures.append((number, office.strokes, typed, office.loads - before))
    for number, strokes, typed, loads in figures:
        print(f"đề án {number}: {strokes} phím bấm, trong đó {typed} chữ của tên và đơn vị; {loads} lần tải trang")
        record_property(f"project-{number}", f"{strokes} keys, {loads} loads")
        assert loads == 1 and strokes - typed <= 60
    saved = {project.name: project for project in Project.objects.for_list()}
    for row in CASE_2006["projects"]:
        project = saved[row["name"]]
        assert project.requested_vnd == row["amount_vnd"]
        assert {place.code for place in project.places.all()} == set(row["area_codes"])
        assert project.supports.count() == bool(row["beneficiary"] or row.get("group_description"))
