"""Form 2: what is registered with the Ministry for national money; paid and settled money in the yearly results."""

from __future__ import annotations

import re

import pytest

from khuyencong.accounts.models import User
from khuyencong.asof import NOW
from programmes.models import AnnualPlan
from projects.models import Project
from reports.annual.form_2 import deadline_note, form_2_book, form_2_workbook
from reports.asking.selection import select_plans
from tests.law import load_law
from tests.reports.books import TODAY, SheetReader, annual_bytes, read_book
from tests.reports.quarters import EMBROIDERY, SEDGE, tell_quarters

pytestmark = pytest.mark.django_db

MONEY = (
    "Tổng kinh phí thực hiện",
    "Kinh phí khuyến công quốc gia",
    "Đóng góp của đơn vị thụ hưởng",
    "Nguồn khác",
)


def form_2(user: User) -> SheetReader:
    return read_book(form_2_workbook(select_plans(user, 2006), as_of=NOW, today=TODAY))["Mẫu số 2"]


def test_form_lists_the_national_project_of_2006(people_2006: dict[str, User]) -> None:
    sheet = form_2(people_2006["centre_staff"])
    title = "BIỂU TỔNG HỢP CHI TIẾT CÁC ĐỀ ÁN ĐĂNG KÝ KẾ HOẠCH KHUYẾN CÔNG QUỐC GIA NĂM 2006"
    assert title in sheet.texts(), "the form's own title (TT 36 Đ.6 k.1b)"
    assert not [text for text in sheet.texts() if "KCQG" in text], "the Ministry reads full names"
    assert sheet.figures("Dự án đào tạo nghề dệt thảm", *MONEY) == [63, 63, "–", "–"]
    assert sheet.figures("Cộng (1 đề án)", *MONEY) == [63, 63, "–", "–"]
    labels = [str(cell.value) for cell in sheet.shown[sheet.head + 2]]
    assert labels == ["A", "B", "1", "2", "3", "4", "5=6+…+8", "6", "7", "8", "9"]
    assert not [text for text in sheet.texts() if "chưa xác nhận" in text or "Thời hạn" in text]
    assert "SỞ CÔNG NGHIỆP HẢI PHÒNG" in sheet.texts(), "the Department registers, not the Centre"


def test_project_of_two_sources_asks_for_national_money_once(pilot_plan: AnnualPlan, reviewer: User) -> None:
    sheet = form_2(reviewer)
    assert sheet.figures("Đề án điểm", *MONEY) == [67, 60, 7, "–"]
    assert sheet.figures("Đề án điểm", "Ghi chú") == ["Đề nghị thêm kinh phí khuyến công địa phương: 40 triệu đồng"]
    assert not sheet.rows_of("Một nguồn")
    row = sheet.row_of("Đề án điểm")
    assert sheet.formula(row, MONEY[0]) == f"=SUM(H{row},I{row},J{row})"


def test_refused_projects_are_left_out_and_an_empty_list_says_so(pilot_plan: AnnualPlan, reviewer: User) -> None:
    Project.objects.filter(name="Đề án điểm").update(status="refused")
    texts = form_2(reviewer).texts()
    assert "Kế hoạch chưa có đề án nào đăng ký kinh phí khuyến công quốc gia." in texts
    [sheet] = form_2_book(select_plans(reviewer, 2006), as_of=NOW, today=TODAY).sheets
    assert not list(sheet.rows) and not deadline_note(2006), "no rule, no deadline"


DEADLINES = [
    (2006, []),
    (2014, []),  # registered in June 2013
    (2015, ["20/05/2014", "15/06/2014"]),
    (2019, ["20/05/2018", "15/06/2018"]),
    (2020, ["20/05/2019", "20/06/2019"]),
    (2027, ["20/05/2026", "20/06/2026"]),
]


@pytest.mark.parametrize(("year", "days"), DEADLINES)
def test_deadlines_of_registration_are_dated_law(db: None, year: int, days: list[str]) -> None:
    load_law()
    said = deadline_note(year)
    assert re.findall(r"trước ngày (\S+)", said) == days
    assert not days or "TT 36/2013/TT-BCT, Điều 10 khoản 1 điểm b" in said


@pytest.mark.parametrize(("year", "number"), [(2019, "TT 36/2013/TT-BCT, Điều 10"), (2020, "TT 17/2018/TT-BCT, sửa")])
def test_the_day_of_registration_cites_the_circular_that_set_it(db: None, year: int, number: str) -> None:
    load_law()
    assert number in deadline_note(year).partition("Mẫu số 2")[2]


def test_yearly_results_tell_what_was_paid_and_settled(people: dict[str, User]) -> None:
    tell_quarters(people)
    results = read_book(annual_bytes(people["reviewer"]))["Kết quả"]
    assert list(results.columns) == [
        "STT", "Tên đề án", "Nội dung hoạt động", "Đơn vị thực hiện", "Đơn vị thụ hưởng", "Địa điểm", "Kế hoạch",
        "Sau điều chỉnh", "Thực hiện", "Tỷ lệ %", "Đã chi", "Quyết toán", "Tình trạng", "Kết quả", "Ghi chú",
    ]  # fmt: skip
    titles = ("Kế hoạch", "Sau điều chỉnh", "Thực hiện", "Đã chi", "Quyết toán")
    assert results.figures(EMBROIDERY, *titles) == [60, 55, 50, 50, 50]
    assert results.figures(SEDGE, *titles) == [50, 58, 20, 30, "–"]
    assert results.figures("Tổng cộng (3 đề án)", *titles) == [173, 176, 70, 140, 50]
