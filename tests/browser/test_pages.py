"""Each page looked at by axe at both widths, in both languages, and the year's work done without JavaScript."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision, PlanRound
from projects.ledger.remainders import envelopes
from projects.models import Beneficiary, Project
from tests.browser.department import endorse, forward
from tests.browser.office import WIDTHS, Office
from tests.factories import MILLION, district, make_project
from tests.requirements import need

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

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
        "/reports/catalogue/disbursement/print/?year=2006&period=q2",
        "/reports/annual/print/?year=2006",
        "/reports/period/print/?year=2006&period=q3",
        "/reports/catalogue/late/",
        "/reports/catalogue/source-content/cell/?year=2006&section=KCDP&figure=approved_vnd",
        "/reports/period/?year=2006&period=q3",
        "/reports/submitted/",
        "/reports/take-out/",
    ),
}


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
    office.open("Gửi đợt 1 (KCĐP) năm 2006 lên Sở")
    office.press_button("Gửi Sở")
    office.press_button("Rút lại để sửa")
    office.open("Gửi Sở")
    office.press_button("Gửi Sở")
    office.sign_in("reviewer")
    office.open("Trang chủ", "Thẩm định đợt 1 (KCĐP) năm 2006")
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
    assert envelopes([AnnualPlan.objects.get()])[1].unallocated_vnd == 190 * MILLION
    assert PlanRound.objects.get().status == "approved"
    office.open("Đề án")
    office.fill("Tìm", "DET THAM")
    office.press_button("Lọc")
    assert "Tổng cộng · 1 đề án" in office.text()


def test_on_a_phone_the_projects_come_before_the_choices_that_narrow_them(office: Office, year_2006: None) -> None:
    office.sign_in("centre_staff")
    office.page.set_viewport_size({"width": 360, "height": 740})
    office.page.goto(f"{office.address}/projects/")
    source = office.page.get_by_label("Nguồn", exact=True)
    assert not source.is_visible()
    assert office.page.locator("tbody tr").first.bounding_box()["y"] < 420  # type: ignore[index]
    office.page.get_by_text("Lọc theo năm, nguồn").click()
    source.select_option(label="KCQG")
    office.page.locator("summary").get_by_text("Nguồn: KCQG").wait_for()
    assert "Tổng cộng · 1 đề án" in office.text()
    office.page.set_viewport_size({"width": 1366, "height": 900})
    office.page.goto(f"{office.address}/projects/?source=KCQG")
    beside = [
        office.page.get_by_label(label, exact=True).bounding_box() for label in ("Nguồn", "Địa bàn", "Trạng thái")
    ]
    assert len({round(box["y"]) for box in beside if box}) == 1, "at a desk all stand in a row"
    assert not office.page.get_by_text("Nguồn: KCQG").is_visible()


PRINTED = {
    "/reports/annual/print/?year=2006": "TỔNG HỢP KẾ HOẠCH KHUYẾN CÔNG NĂM 2006",
    "/reports/period/print/?year=2006&period=q3": "BÁO CÁO KHUYẾN CÔNG QUÝ III NĂM 2006",
    "/reports/catalogue/areas/print/?year=2006": "THEO ĐỊA BÀN",
    "/reports/catalogue/disbursement/print/?year=2006&period=q3": "KẾ HOẠCH, ĐIỀU CHỈNH, GIẢI NGÂN",
}
SCREENS = {
    "/reports/annual/?year=2006": "Tổng hợp kế hoạch khuyến công năm 2006",
    "/reports/period/?year=2006&period=q3": "Báo cáo khuyến công quý III năm 2006",
    "/reports/dashboard/?year=2006": "Tổng quan khuyến công năm 2006",
    "/plans/{plan}/": "Kế hoạch khuyến công năm 2006",
}


@pytest.mark.parametrize(("address", "title"), PRINTED.items())
def test_reports_print_as_documents(office: Office, year_2006: None, tmp_path: Path, address: str, title: str) -> None:
    """On A4: head, title, unit line, every figure, page numbers; the columns are named on each page."""
    file = printed(office, address, tmp_path)
    pages = pages_of(file)
    text = " ".join(" ".join(pages).split())
    assert "TRUNG TÂM KHUYẾN CÔNG HẢI PHÒNG" in text and "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert title in text and "Đơn vị tính: Triệu đồng" in text and "313" in text
    assert "Quay lại" not in text
    for number, page in enumerate(pages[1:], start=2):
        assert page.split()[0] == str(number), "at the head of each page but the first"
    tables = [page for page in pages if "Cộng" in page or "Tổng cộng" in page]
    assert tables and all(" A " in page and ("STT" in page or "TT" in page) for page in tables)


@pytest.mark.parametrize("rows", range(8, 24, 3))
def test_nobody_signs_an_empty_page(office: Office, year_2006: None, tmp_path: Path, rows: int) -> None:
    """However many rows there are, the last of them, their sum and the notes stand above the signature."""
    make_areas(rows)
    pages = pages_of(printed(office, "/reports/catalogue/areas/print/?year=2006", tmp_path))
    [signed] = [page for page in pages if "GIÁM ĐỐC" in page]
    assert signed == pages[-1], "no empty page follows"
    assert "Tổng cộng" in signed and "Ghi chú" in signed
    assert len(re.findall(r"^ *\d+ +[A-ZĐ].* \d", signed, re.MULTILINE)) >= 2, "rows with a number and a name"


@pytest.mark.parametrize(("address", "title"), SCREENS.items())
def test_screens_print_plainly(office: Office, year_2006: None, tmp_path: Path, address: str, title: str) -> None:
    """What is on the screen, landscape on two pages at most or as many as the sheets need: nothing to click or sign."""
    file = printed(office, address.format(plan=AnnualPlan.objects.get(year=2006).pk), tmp_path)
    pages = pages_of(file)
    text = " ".join(" ".join(pages).split())
    assert title in text and "Đơn vị tính: Triệu đồng" in text and "313" in text
    for absent in ("CỘNG HÒA", "GIÁM ĐỐC", "Bấm vào", "Xuất Excel", "Đăng xuất", "Bản in"):
        assert absent not in text
    assert "2006" in pages[0] and len(pages) <= (4 if "period" in address else 2)
    size = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert "841.92 x 594.96" in size or "842 x 595" in size, "landscape from the first page on"


def printed(office: Office, address: str, folder: Path) -> Path:
    need("poppler")
    office.sign_in("centre_head")
    office.page.goto(office.address + address)
    file = folder / "report.pdf"
    office.page.pdf(path=file, prefer_css_page_size=True)
    size = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert "(A4)" in size
    return file


def make_areas(count: int) -> None:
    """One project in each of so many communes."""
    plan = AnnualPlan.objects.get(year=2006)
    for number in range(count):
        place = district(f"9{number:03}", f"Xã số {number}")
        make_project(plan=plan, by=User.objects.get(username="centre_staff"), name=f"Đề án {number}", places=[place])


def pages_of(file: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    return text.removesuffix("\f").split("\f")
