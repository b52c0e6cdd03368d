"""A plan that an office kept in a workbook: brought, looked at, chosen, written, taken back; clicks are counted."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan
from projects.ledger.proof import prove
from projects.models import CostLine, Project
from projects.services.plans import create_plan
from tests.browser.office import Office
from tests.importing.sample_workbooks import sample_workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAMPLE = "danh-muc-65-de-an-2026"
HEADER = (
    "STT",
    "Tên dự án",
    "Đơn vị thụ hưởng",
    "Địa điểm",
    "Thời gian",
    "Tổng kinh phí",
    "NSNN (KCQG)",
    "Ngân sách TP",
)
ROWS = (
    HEADER,
    ("A", "B", 1, 2, 3, "4=5+6", 5, 6),
    ("I", "KHUYẾN CÔNG QUỐC GIA", None, None, None, 63, 63, None),
    (1, "Dự án đào tạo nghề dệt thảm", None, "3 xã, huyện Vĩnh Bảo", "2006", 63, 63, None),
    ("II", "KHUYẾN CÔNG ĐỊA PHƯƠNG", None, None, None, 250, None, 250),
    (1, "Dự án đào tạo nghề thêu ren móc chỉ", "Công ty TNHH Dũng Hồng", "Huyện Tiên Lãng", "2006", 60, None, 60),
    (2, "Dự án nâng cao năng lực sản xuất chiếu cói", "HTX Lật Dương", "-nt-", "2006", 50, None, 50),
    (3, "Đào tạo khởi sự", "Cá nhân muốn lập DN", "H. Thuỷ Nguyên, H. Kiến Thuỵ", "2006", 50, None, 50),
    (4, "Tham gia hội chợ triển lãm", "Các cơ sở CN tư nhân", "Toàn TP", "2006", 40, None, 40),
    (5, "Dự án xuất bản Bản tin khuyến công", None, "Toàn TP", "2006", 50, None, 50),
    (None, "Tổng cộng", None, None, None, 323, 63, 250),
)


@pytest.fixture
def plan(people: dict[str, User]) -> AnnualPlan:
    centre = Organisation.objects.get(code="trung-tam-hai-phong")
    return create_plan(organisation=centre, year=2006, actor=people["centre_head"])


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "KH 2006"
    for row in (("KẾ HOẠCH KHUYẾN CÔNG NĂM 2006",), (), ("Đơn vị tính: Triệu đồng",), *ROWS):
        sheet.append(list(row))
    buffer = BytesIO()
    book.save(buffer)
    path = tmp_path / "ke-hoach-2006.xlsx"
    path.write_bytes(buffer.getvalue())
    return path


def test_a_plan_comes_in_from_its_workbook(office: Office, plan: AnnualPlan, workbook: Path) -> None:
    started = dt.datetime.now()
    office.sign_in("centre_staff")
    office.open("Kế hoạch", "2006", "Nhập từ Excel")
    office.page.set_input_files("input[type=file]", workbook)
    office.press_button("Đọc và xem trước")
    assert "Xem lại trước khi nhập: 6 dòng" in office.text()
    assert "tệp cộng thừa 10 (KH 2006!F14)" in office.text()
    office.picture("importing")
    choices = office.page.locator(".question")
    assert choices.count() <= 6
    choices.locator("select").select_option(label="Mô hình trình diễn, chuyển giao công nghệ")
    office.clicks += 2
    office.press_button("Lưu lựa chọn và nhập")
    assert "Đã nhập 6 dòng từ “ke-hoach-2006.xlsx”." in office.text()
    office.open("Xem kế hoạch")
    asked = CostLine.objects.for_plans([plan]).state_money().values_list("amount_vnd", flat=True)
    assert sum(asked) == 313_000_000 and Project.objects.in_plans([plan]).count() == 6 and prove().is_clean
    print(f"{office.clicks} clicks, {office.strokes} keys, {office.loads} page loads, {dt.datetime.now() - started}")
    office.open("Dự án đào tạo nghề dệt thảm")
    assert "Tệp “ke-hoach-2006.xlsx”, trang “KH 2006”, dòng 7" in office.text()
    office.open("Xem lần nhập này", "Rút lại lần nhập này")
    office.press_button("Rút lại")
    assert "Đã rút lại lần nhập" in office.text() and not Project.objects.in_plans([plan]).exists()


def test_it_works_without_javascript_and_on_a_phone(
    office_without_javascript: Office, plan: AnnualPlan, workbook: Path
) -> None:
    office = office_without_javascript
    office.sign_in("centre_staff")
    office.page.set_viewport_size({"width": 360, "height": 740})
    office.page.goto(f"{office.address}{plan.get_absolute_url()}")
    office.page.get_by_role("link", name="Nhập từ Excel").click()
    office.page.set_input_files("input[type=file]", workbook)
    office.press_button("Đọc và xem trước")
    assert office.page.locator("main").bounding_box()["width"] <= 360  # type: ignore[index]
    office.page.locator(".question select").select_option("134-3")
    office.press_button("Lưu lựa chọn và nhập")
    assert Project.objects.in_plans([plan]).count() == 6


def test_a_file_that_is_none_is_refused_in_words(office: Office, plan: AnnualPlan, tmp_path: Path) -> None:
    path = tmp_path / "anh.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    office.sign_in("centre_staff")
    office.open("Kế hoạch", "2006", "Nhập từ Excel")
    office.page.set_input_files("input[type=file]", path)
    office.press_button("Đọc và xem trước")
    assert "ảnh" in office.text() and not Project.objects.exists()


def test_65_projects_come_in_within_few_choices(office: Office, people: dict[str, User], tmp_path: Path) -> None:
    """The pages of a list with faults and questions, at both widths and by axe, and then the list as it is."""
    centre = Organisation.objects.get(code="trung-tam-hai-phong")
    plan = create_plan(organisation=centre, year=2026, actor=people["centre_head"])
    office.sign_in("centre_staff")
    office.open("Kế hoạch", "2026")
    started, office.clicks, office.loads = dt.datetime.now(), 0, 0
    office.open("Nhập từ Excel")
    look_at(office, "bring")
    path = tmp_path / f"{SAMPLE}.xlsx"
    path.write_bytes(sample_workbook(SAMPLE))
    office.page.set_input_files("input[type=file]", path)
    office.press_button("Đọc và xem trước")
    assert office.page.locator(".question").count() <= 30
    assert "Khuyến công địa phương: tệp ghi 7.581, các dòng cộng lại 7.571" in office.text()
    office.press_button("Nhập 65 đề án")
    assert Project.objects.in_plans([plan]).count() == 65
    print(f"{office.clicks} clicks, {office.strokes} keys, {office.loads} page loads, {dt.datetime.now() - started}")
    look_at(office, "written")
    office.open("Rút lại lần nhập này")
    look_at(office, "take-back")
    office.press_button("Rút lại")
    assert not Project.objects.in_plans([plan]).exists()


def test_pages_of_a_list_with_faults_and_questions(office: Office, plan: AnnualPlan, tmp_path: Path) -> None:
    book = Workbook()
    rows = [HEADER, (1, "Việc khó đoán", None, "Xã Không Có", "Quý V", 5, 5, None), (2, None, None, None, None, 1, 1)]
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(tmp_path / "loi.xlsx")
    office.sign_in("centre_staff")
    office.open("Kế hoạch", "2006", "Nhập từ Excel")
    office.page.set_input_files("input[type=file]", tmp_path / "loi.xlsx")
    office.press_button("Đọc và xem trước")
    look_at(office, "questions")
    office.page.goto(f"{office.page.url}columns/")
    look_at(office, "columns")


def look_at(office: Office, name: str) -> None:
    office.picture(name)
    assert not Axe().run(office.page).response["violations"]


def test_a_long_list_shows_how_much_of_it_is_written(office: Office, plan: AnnualPlan, tmp_path: Path) -> None:
    rows = [(n, f"Đào tạo nghề số {n}", None, "Huyện Tiên Lãng", "2006", None, None, 5) for n in range(1, 2_001)]
    book = Workbook()
    for row in (("Đơn vị tính: Triệu đồng",), HEADER, *rows):
        book.worksheets[0].append(list(row))
    book.save(path := tmp_path / "2000.xlsx")
    office.sign_in("centre_staff")
    office.open("Kế hoạch", "2006", "Nhập từ Excel")
    office.page.set_input_files("input[type=file]", path)
    office.press_button("Đọc và xem trước")
    seen: list[str] = []
    office.page.expose_function("told", lambda words: seen.append(words))
    office.page.evaluate(
        """() => {
            const words = document.querySelector("[data-so-far] [role=status]");
            new MutationObserver(() => words.offsetParent && told(words.textContent)).observe(words, {childList: true});
        }"""
    )
    office.page.locator("#law-title").wait_for()
    office.press_button("Nhập 2000 đề án")
    assert "Đã nhập 2000 dòng từ “2000.xlsx”." in office.text()
    figures = [int(text.split()[2].replace(".", "")) for text in seen]
    print(seen)
    assert len(set(figures)) > 1 and figures == sorted(figures) and seen[0].endswith("/ 2.000 dòng")
    assert Project.objects.in_plans([plan]).count() == 2_000
