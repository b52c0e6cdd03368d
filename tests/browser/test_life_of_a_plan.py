"""The plan of 2006 in two rounds: returned, changed, sent again, endorsed, forwarded, approved, adjusted, corrected.

One project is stopped at the end. Six people at one browser, by visible labels only.
"""

from __future__ import annotations

import json

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.management import demo
from projects.models import Project
from projects.services.projects import create_project
from tests.browser.department import accept_open_line, endorse, forward, review_round
from tests.browser.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

MATS = "Dự án hỗ trợ nâng cao năng lực sản xuất chiếu cói"
BULLETIN = "Dự án xuất bản Bản tin khuyến công"
FAIR = "Dự án hỗ trợ các cơ sở công nghiệp tư nhân tham gia hội chợ triển lãm"
START_UPS = "Dự án đào tạo khởi sự doanh nghiệp"
EMBROIDERY = "Dự án đào tạo nghề thêu ren móc chỉ"


@pytest.fixture
def entered(people: dict[str, User]) -> AnnualPlan:
    """The six projects, entered and not sent."""
    case = json.loads(demo.CASE.read_text(encoding="utf-8"))
    centre = people["centre_staff"].memberships.get().scope
    plan = AnnualPlan.objects.create(organisation=centre, year=2006)
    for row in case["projects"]:
        project, data = demo.read_row(plan, row)
        create_project(project=project, data=data, actor=people["centre_staff"])
    return plan


def test_plan_goes_back_and_forth_and_changes_after_approval(office: Office, entered: AnnualPlan) -> None:
    _head_sends_both_rounds(office)
    _reviewer_returns_one_line_and_the_round(office)
    _centre_changes_and_sends_again(office)
    _reviewer_sees_the_change_and_endorses(office)
    _head_of_department_decides_with_a_slip(office)
    _one_project_is_adjusted(office)
    _the_slip_is_corrected_in_its_own_column(office)
    _one_project_is_stopped(office)
    _inspector_reads_what_happened(office)


def _head_sends_both_rounds(office: Office) -> None:
    office.sign_in("centre_head")
    for level in ("KCĐP", "KCQG"):
        office.open("Trang chủ", f"Gửi đợt 1 ({level}) năm 2006 lên Sở")
        office.press_button("Gửi Sở")


def _reviewer_returns_one_line_and_the_round(office: Office) -> None:
    office.sign_in("reviewer")
    office.picture("01-viec-cua-chuyen-vien")
    office.open("Thẩm định đợt 1 (KCĐP) năm 2006")
    office.picture("02-tham-dinh")
    office.open(MATS)
    office.page.get_by_role("link", name=MATS, exact=True).nth(1).wait_for()
    office.press_button("Trả lại bổ sung")
    office.page.get_by_text("Ghi lý do để Trung tâm biết cần làm gì.").first.wait_for()
    office.picture("03-thieu-ly-do")
    office.fill("Ý kiến, lý do", "Nêu rõ mục tiêu và số lao động.")
    office.press_button("Trả lại bổ sung")
    office.page.get_by_text("yêu cầu bổ sung, hoàn thiện").first.wait_for()
    while office.page.get_by_role("button", name="Đạt cả năm tiêu chí").count():
        accept_open_line(office)
    assert "4 / 5 dòng" in office.text()
    assert "Còn 1 đề án của đợt chưa thẩm định xong." in office.text(), "a returned line is not settled"
    office.open("Trả lại đợt")
    office.fill("Lý do*", "Bổ sung đề án chiếu cói")
    office.press_button("Trả lại đợt")
    office.picture("04-da-tra-lai")
    review_round(office, "KCQG")


def _centre_changes_and_sends_again(office: Office) -> None:
    office.sign_in("centre_staff")
    office.picture("05-viec-cua-can-bo")
    office.open("Đề án", MATS)
    assert "Nêu rõ mục tiêu và số lao động." in office.text()
    office.open("Sửa")
    office.picture("06-sua-de-an-bi-tra-lai")
    office.fill("3. Mục tiêu", "Tăng năng suất dệt chiếu; việc làm cho 40 lao động.")
    office.press_button("Lưu đề án")
    office.sign_in("centre_head")
    office.open("Gửi đợt 1 (KCĐP) năm 2006 lên Sở")
    office.press_button("Gửi Sở")
    assert "Đã gửi đợt 1 (KCĐP) lên Sở" in office.text()


def _reviewer_sees_the_change_and_endorses(office: Office) -> None:
    office.sign_in("reviewer")
    office.open("Thẩm định đợt 1 (KCĐP) năm 2006")
    assert "Đã sửa so với lần gửi trước" in office.text() and "việc làm cho 40 lao động" in office.text()
    office.picture("07-thay-doi-so-voi-lan-truoc")
    _move_and_decide_by_keyboard(office)
    endorse(office)


def _move_and_decide_by_keyboard(office: Office) -> None:
    """k and j move, d answers all five, 1 goes to the button that Enter presses."""
    opened = office.page.locator("tr[aria-selected=true]")
    assert MATS in opened.inner_text()
    office.tick("Dùng phím tắt khi đang ở bảng thẩm định:")
    opened.get_by_role("link").first.focus()
    for key, name in (("k", START_UPS), ("j", MATS)):
        office.page.keyboard.press(key)
        office.page.locator("tr[aria-selected=true]", has_text=name).locator("a:focus").wait_for()
    office.page.keyboard.press("d")
    assert office.page.locator("input[type=radio][value=met]:checked").count() == 5
    office.page.keyboard.press("1")
    office.page.keyboard.press("Enter")
    office.page.get_by_text("5 / 5 dòng").wait_for()


def _head_of_department_decides_with_a_slip(office: Office) -> None:
    office.sign_in("department_head")
    office.picture("08-viec-cua-lanh-dao-so")
    for level in ("KCĐP", "KCQG"):
        forward(office, level)
    office.open("Ghi nhận quyết định")
    _letter(office, "341/UBND-CN", "16/06/2006", "Phê duyệt kế hoạch khuyến công năm 2006")
    office.fill("Được giao sau văn bản, KCĐP", "250 tr")
    for project, amount in ((EMBROIDERY, 60), (START_UPS, 50), (MATS, 50), (FAIR, 40), (BULLETIN, 5)):
        office.fill(f"Được duyệt sau văn bản, {project}", f"{amount} tr")
    office.press_button("Ghi nhận")
    office.page.get_by_text("Đã ghi nhận 341/UBND-CN").wait_for()
    office.open("Ghi nhận quyết định")
    office.tick("Chưa rõ số")
    office.tick("Chưa rõ ngày")
    office.fill("Được giao sau văn bản, KCQG", "63 tr")
    office.fill("Được duyệt sau văn bản, Dự án đào tạo nghề dệt thảm", "63 tr")
    office.press_button("Ghi nhận")
    assert Project.objects.with_statuses("approved").count() == 6
    office.picture("09-da-phe-duyet")


def _letter(office: Office, number: str, on: str, summary: str) -> None:
    office.fill("Số, ký hiệu", number)
    office.fill("Ngày ban hành", on)
    office.choose("Cơ quan ban hành", "UBND thành phố Hải Phòng")
    office.fill("Lý do, ghi chú", summary)


def _one_project_is_adjusted(office: Office) -> None:
    office.open("Ghi nhận quyết định")
    _letter(office, "412/UBND-CN", "01/08/2006", "Giảm số gian hàng tham gia hội chợ")
    office.fill(f"Được duyệt sau văn bản, {FAIR}", "30 tr")
    office.fill(f"Lý do riêng, {FAIR}", "Còn 6 gian hàng")
    office.press_button("Xem trước")
    office.picture("10-dieu-chinh")
    office.press_button("Ghi nhận")
    office.page.get_by_text("Đã ghi nhận 412/UBND-CN").wait_for()
    assert "205 195" in office.row("Kinh phí khuyến công địa phương"), "approved at first, and after the adjustment"
    office.open("412/UBND-CN ngày 01/08/2006", "Phụ lục điều chỉnh")
    office.picture("11-phu-luc")
    assert "Còn 6 gian hàng" in office.text() and "40 30 -10" in office.row(FAIR)
    office.open("Quay lại")


def _the_slip_is_corrected_in_its_own_column(office: Office) -> None:
    """The bulletin got 50, not 5: the plan's first column says so, and it is no adjustment."""
    office.open("Kế hoạch", "2006", "341/UBND-CN ngày 16/06/2006", "Đính chính số tiền")
    office.fill(f"Số đúng, {BULLETIN} · KCĐP", "50 tr")
    office.fill("Lý do đính chính*", "Gõ thiếu một chữ số")
    office.picture("12-dinh-chinh")
    office.press_button("Ghi đính chính")
    office.open("Kế hoạch", "2006")
    office.picture("13-sau-dinh-chinh")
    assert "250 240" in office.row("Kinh phí khuyến công địa phương")
    assert "50 50 50" in office.row(BULLETIN), "asked for, approved at first, and no different after adjustment"
    assert "40 40 30" in office.row(FAIR)


def _one_project_is_stopped(office: Office) -> None:
    office.open("Ghi nhận quyết định")
    _letter(office, "500/UBND-CN", "01/10/2006", "Không đủ học viên")
    office.tick(f"Ngừng thực hiện, {START_UPS}")
    office.press_button("Xem trước")
    office.picture("14-ngung")
    office.press_button("Ghi nhận")
    office.page.get_by_text("Đã ghi nhận 500/UBND-CN").wait_for()
    assert "50 50 0" in office.row(START_UPS) and "Ngừng thực hiện" in office.row(START_UPS)
    office.picture("15-da-ngung")
    assert "250 190" in office.row("Kinh phí khuyến công địa phương")


def _inspector_reads_what_happened(office: Office) -> None:
    office.sign_in("observer")
    office.open("Đề án", MATS)
    office.picture("16-lich-su-de-an")
    office.open("Xem toàn bộ lịch sử")
    office.picture("17-lich-su")
    text = office.text()
    assert "việc làm cho 40 lao động" in text and "Nêu rõ mục tiêu" in text
