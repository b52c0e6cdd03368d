"""A round of forty projects from the estimate to the letter and its papers: five people, by visible labels."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan, PlanRound
from projects.ledger.proof import prove
from projects.models import Appraisal, ApprovalEntry, EstimateItem, Project
from projects.services.plans import create_plan
from tests.browser.department import endorse, forward
from tests.browser.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

COUNT = 40
FIRMS = ("Hợp tác xã dệt chiếu cói", "Công ty TNHH Cơ khí và Thương mại", "Doanh nghiệp tư nhân chế biến hải sản")
WORK = "Hỗ trợ ứng dụng máy móc, thiết bị tiên tiến vào dây chuyền sản xuất của cơ sở số"
LIST = "\n".join([
    "TT\tTên đề án\tĐơn vị thụ hưởng\tĐịa bàn\tThời gian\tKCĐP (triệu đồng)\tĐối ứng (triệu đồng)",
    *(
        f"{n}\t{WORK} {n}\t{FIRMS[n % 3]} Tiên Lãng {n}\tHuyện Tiên Lãng\tQuý II-IV\t{n + 10}\t{2 * n + 20}"
        for n in range(1, COUNT + 1)
    ),
])  # fmt: skip
ASKED = sum(n + 10 for n in range(1, COUNT + 1))  # triệu đồng: 1.220
ESTIMATE = "Máy dệt chiếu\tcái\t2\t10.000.000\nLắp đặt\t\t\t\t3.000.000\n"


@pytest.fixture
def plan(people: dict[str, User]) -> AnnualPlan:
    centre = Organisation.objects.get(code="trung-tam-hai-phong")
    return create_plan(organisation=centre, year=2006, actor=people["centre_head"])


def test_forty_projects_from_the_estimate_to_the_letter(office: Office, plan: AnnualPlan, tmp_path: Path) -> None:
    _staff_pastes_the_list_and_an_estimate(office)
    _head_gives_reasons_and_sends(office)
    _reviewer_reads_the_estimate_and_concludes_by_keyboard(office)
    _reviewer_makes_the_papers(office, tmp_path)
    _head_of_department_records_the_letter(office)
    assert prove().is_clean


def _staff_pastes_the_list_and_an_estimate(office: Office) -> None:
    office.sign_in("centre_staff")
    office.open("Kế hoạch", "2006", "Nhập từ Excel")
    office.page.get_by_label("Hoặc dán các dòng đã sao chép từ Excel").fill(LIST)
    office.press_button("Đọc và xem trước")
    office.picture("01-xem-truoc")
    assert office.page.locator(".question").count() == 0
    office.press_button(f"Nhập {COUNT} đề án")
    office.open("Xem kế hoạch")
    office.picture("02-ke-hoach")
    office.open(f"{WORK} 1")
    office.open("Nhập dự toán chi tiết")
    office.page.get_by_text("Dán từ bảng tính").click()
    office.page.locator("details textarea").fill(ESTIMATE)
    office.press_button("Đưa vào bảng")
    office.press_button("Lưu dự toán")
    office.picture("03-du-toan")
    assert [one.amount_vnd for one in EstimateItem.objects.all()] == [20_000_000, 3_000_000]


def _head_gives_reasons_and_sends(office: Office) -> None:
    office.sign_in("centre_head")
    office.open("Gửi đợt 1 (KCĐP) năm 2006 lên Sở")
    office.picture("04-gui")
    assert "Cộng 40 đề án 1.220" in office.text()
    while office.page.get_by_role("button", name="Gửi Sở").count() == 0:
        office.page.get_by_label("Lý do chung").fill("Đủ điều kiện theo hồ sơ kèm theo")
        office.press_button("Ghi lý do")
    office.press_button("Gửi Sở")
    assert "Đã gửi đợt 1 (KCĐP) lên Sở" in office.text()


def _reviewer_reads_the_estimate_and_concludes_by_keyboard(office: Office) -> None:
    """Three keys a line: the five criteria, the conclusion, the button; the next line opens by itself."""
    office.sign_in("reviewer")
    office.open("Thẩm định đợt 1 (KCĐP) năm 2006")
    office.picture("05-tham-dinh")
    assert "Dự toán chi tiết · 2 khoản, 23.000.000 đồng" in office.text()
    office.tick("Dùng phím tắt khi đang ở bảng thẩm định:")
    office.page.locator("tr[aria-selected=true] a").first.focus()
    for concluded in range(1, COUNT + 1):
        office.strokes = 0
        for key in ("d", "1", "Enter"):
            office.key(key)
        office.page.locator(".review-progress", has_text=f"{concluded} / {COUNT} dòng").wait_for()
        if concluded < COUNT:
            office.page.locator("tr[aria-selected=true] a:focus").wait_for()
        assert office.strokes <= 3
    assert Appraisal.objects.values("project").distinct().count() == COUNT
    office.picture("06-da-tham-dinh")
    endorse(office)


def _reviewer_makes_the_papers(office: Office, folder: Path) -> None:
    address = f"{office.address}/rounds/{PlanRound.objects.get().pk}/papers/"
    for number, name in enumerate(("Bảng tổng hợp thẩm định", "Tờ trình", "Dự thảo quyết định"), 7):
        office.page.goto(address)
        office.open(name, "Lập bản chính thức")
        if (typed := office.page.get_by_label("Số, ký hiệu")).count():
            typed.fill("15/TTr-SCT")
        office.press_button("Lập bản chính thức")
        office.picture(f"{number:02}-giay-to")
        with office.page.expect_download() as download:
            office.page.get_by_role("link", name="Tải tệp Word").click()
        download.value.save_as(path := folder / f"{number}.docx")
        words = "\n".join(_words(path.read_bytes()))
        assert f"{WORK} {COUNT}" in words and "1.220" in words, name


def _words(content: bytes) -> Iterator[str]:
    document = Document(io.BytesIO(content))
    yield from (one.text for one in document.paragraphs)
    yield from (cell.text for table in document.tables for row in table.rows for cell in row.cells)


def _head_of_department_records_the_letter(office: Office) -> None:
    office.sign_in("department_head")
    forward(office, "KCĐP")
    office.open("Ghi nhận quyết định")
    office.fill("Số, ký hiệu", "341/UBND-CN")
    office.fill("Ngày ban hành", "16/06/2006")
    office.choose("Loại văn bản", "Công văn")
    office.choose("Cơ quan ban hành", "UBND thành phố Hải Phòng")
    office.fill("Được giao sau văn bản, KCĐP", f"{ASKED} tr")
    office.press_button("Điền theo số đề nghị")
    office.page.locator("input[value='50.000.000']").wait_for()
    office.fill(f"Được duyệt sau văn bản, {WORK} {COUNT}", "45 tr")
    office.picture("10-van-ban")
    office.press_button("Ghi nhận")
    office.page.get_by_text("Đã ghi nhận Công văn 341/UBND-CN").wait_for()
    office.picture("11-ke-hoach-da-duyet")
    amounts = ApprovalEntry.objects.values_list("amount_vnd", flat=True)
    assert sum(amounts) == (ASKED - 5) * 1_000_000 and len(amounts) == COUNT
    assert Project.objects.filter(status=Project.Status.APPROVED).count() == COUNT
