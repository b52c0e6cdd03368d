"""Each page looked at by axe at both widths, in both languages, and the year's work done without JavaScript."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from programmes.models import AnnualPlan, Decision, PlanRound
from projects.balances import envelopes
from projects.models import Beneficiary, Project
from tests.browser.department import endorse, forward
from tests.browser.office import WIDTHS, Office
from tests.factories import MILLION
from tests.requirements import need

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VIETNAMESE = set("ăâđêôơưảạấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹĐ")
PAGES = {
    "centre_staff": (
        "/",
        "/plans/",
        "/plans/{plan}/",
        "/plans/{plan}/amounts/",
        "/plans/new/",
        "/projects/",
        "/projects/?q=khong+co",
        "/projects/{project}/",
        "/projects/new/",
        "/projects/new/?copy={project}",
        "/projects/{project}/progress/new/",
        "/beneficiaries/",
        "/beneficiaries/new/",
        "/beneficiaries/{beneficiary}/",
        "/beneficiaries/{beneficiary}/edit/",
        "/reports/",
        "/reports/dashboard/",
        "/reports/annual/?year=2006",
        "/accounts/profile/",
        "/accounts/password/",
    ),
    "department_head": (
        "/plans/{plan}/decisions/new/",
        "/decisions/{decision}/",
        "/decisions/{decision}/correct/",
        "/projects/{project}/adjust/",
        "/history/",
        "/rights/",
        "/notices/",
    ),
    "reviewer": (
        "/",
        "/rounds/{round}/review/?line={project}",
        "/projects/{project}/appraisal/",
        "/reports/catalogue/source-content/",
        "/reports/catalogue/disbursement/?year=2006&period=q2",
        "/reports/catalogue/late/",
        "/reports/catalogue/source-content/cell/?year=2006&section=KCDP&figure=approved_vnd",
        "/reports/period/?year=2006&period=q3",
        "/reports/submitted/",
        "/reports/take-out/",
    ),
}


@pytest.mark.looks
@pytest.mark.parametrize("role", list(PAGES))
def test_pages_fit_both_widths_and_pass_axe(office: Office, year_2006: None, role: str) -> None:
    ids = {
        "plan": AnnualPlan.objects.get().pk,
        "project": Project.objects.order_by("pk")[0].pk,
        "beneficiary": Beneficiary.objects.order_by("pk")[0].pk,
        "decision": Decision.objects.order_by("pk")[0].pk,
        "round": PlanRound.objects.get(lines__project=Project.objects.order_by("pk")[0]).pk,
    }
    office.sign_in(role)
    problems = []
    for pattern in PAGES[role]:
        address = pattern.format(**ids)
        for width in WIDTHS:
            office.page.set_viewport_size({"width": width, "height": 900})
            answer = office.page.goto(office.address + address)
            assert answer is not None and answer.status == 200, address
            wide = office.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found = Axe().run(office.page).response["violations"]
            problems += [f"{address} at {width}: {item['id']} {item['nodes'][0]['html'][:160]}" for item in found]
            problems += [f"{address} at {width}: {wide} px too wide"] if wide > 0 else []
    assert not problems, "\n".join(problems)


@pytest.mark.looks
def test_english_pages_have_no_vietnamese_labels(office: Office, year_2006: None) -> None:
    office.sign_in("centre_staff")
    office.page.get_by_role("button", name="EN").first.click()
    office.page.get_by_role("button", name="Sign out").first.wait_for()
    office.page.goto(f"{office.address}/projects/new/")
    sources = {"KCĐP", "Đối ứng", "Nguồn khác"}  # names in the data, not texts of the interface
    labels = [text for text in office.page.locator("label").all_inner_texts() if text not in sources]
    assert len(labels) > 20 and not [text for text in labels if set(text) & VIETNAMESE]
    office.page.get_by_role("button", name="VI").first.click()
    office.page.get_by_role("button", name="Đăng xuất").first.wait_for()


def test_the_work_is_done_without_javascript(office_without_javascript: Office) -> None:
    office = office_without_javascript
    office.sign_in("centre_staff")
    office.open("Lập kế hoạch năm")
    office.fill("Năm*", "2006")
    office.press_button("Lập kế hoạch")
    office.open("Nhập đề án đầu tiên")
    office.fill("Tên đề án*", "Dự án đào tạo nghề dệt thảm")
    office.choose("Loại*", "Đề án nhóm")
    office.choose("Nội dung hoạt động", "Đào tạo, truyền nghề")
    office.fill("KCĐP", "0,06 tỷ")
    office.fill("Địa bàn", "vinh bao")
    office.fill("Đơn vị hoặc nhóm thụ hưởng", "Lao động 3 xã")
    office.press_button("Lưu đề án")
    assert "Danh bạ chưa có tên này" in office.text(), "the type is asked for, and nothing typed is lost"
    office.choose("Loại hình", "Nhóm (mô tả bằng lời)")
    office.press_button("Lưu đề án")
    assert "Đã lưu đề án" in office.text()
    office.sign_in("centre_head")
    office.open("Gửi Đợt 1 · KCĐP năm 2006 lên Sở")
    office.press_button("Gửi Sở")
    office.press_button("Rút lại để sửa")
    office.open("Gửi Sở")
    office.press_button("Gửi Sở")
    office.sign_in("reviewer")
    office.open("Trang chủ", "Thẩm định Đợt 1 · KCĐP năm 2006")
    office.press_button("Đạt cả năm tiêu chí")
    office.press_button("Thống nhất")
    endorse(office)
    office.sign_in("department_head")
    forward(office, "KCĐP")
    office.open("Kế hoạch", "2006", "Ghi nhận quyết định")
    office.fill("Số, ký hiệu", "341/UBND-CN")
    office.fill("Ngày ban hành", "16/06/2006")
    office.fill("Được giao sau văn bản, KCĐP", "50 tr")
    office.press_button("Điền theo số đề nghị")
    office.press_button("Xem trước")
    assert "-10 vượt" in office.row("KCĐP – 50")
    office.press_button("Ghi nhận")
    assert "vượt 10.000.000 đồng" in office.text()
    office.fill("Được giao sau văn bản, KCĐP", "250 tr")
    office.press_button("Ghi nhận")
    assert "Đã ghi nhận 341/UBND-CN" in office.text()
    assert envelopes([AnnualPlan.objects.get()])[1].left_vnd == 190 * MILLION
    assert PlanRound.objects.get().status == "approved"
    office.open("Đề án")
    office.fill("Tìm", "DET THAM")
    office.press_button("Lọc")
    assert "Tổng cộng · 1 đề án" in office.text()


PRINTED = {
    "/reports/annual/?year=2006": "Tổng hợp kế hoạch khuyến công năm 2006",
    "/reports/period/?year=2006&period=q3": "Báo cáo khuyến công quý III năm 2006",
    "/reports/dashboard/?year=2006": "Toàn cảnh khuyến công năm 2006",
    "/reports/catalogue/disbursement/print/?year=2006": "KẾ HOẠCH, ĐIỀU CHỈNH, GIẢI NGÂN, QUYẾT TOÁN TỪNG ĐỀ ÁN",
}


@pytest.mark.looks
@pytest.mark.parametrize(("address", "title"), PRINTED.items())
def test_report_pages_print_as_documents(
    office: Office, year_2006: None, tmp_path: Path, address: str, title: str
) -> None:
    """On A4: head, title, unit line, every figure, page numbers and the room to sign; nothing to click."""
    need("poppler")
    office.sign_in("centre_head")
    office.page.goto(office.address + address)
    file = tmp_path / "report.pdf"
    office.page.pdf(path=file, prefer_css_page_size=True)
    pages = pages_of(file)
    text = " ".join(" ".join(pages).split())
    assert "TRUNG TÂM KHUYẾN CÔNG HẢI PHÒNG" in text and "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert title in text and "đơn vị tính: triệu đồng" in text.lower() and "GIÁM ĐỐC" in text and "313" in text
    assert "Xuất Excel" not in text and "Đăng xuất" not in text
    for number, page in list(enumerate(pages, start=1))[1:]:  # at the head of an official document, else at the foot
        assert str(number) in (page.split()[0], page.split()[-1].split("/")[0])
    size = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert "(A4)" in size


def pages_of(file: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    return text.removesuffix("\f").split("\f")
