"""The sheet of amounts as people know sheets: pasting what a workbook copies, taking it back, sums while typing."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from khuyencong.accounts.models import Organisation, User
from programmes.models import ActivityType, AdminUnit, AnnualPlan
from projects.models import CostLine, Project
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import create_project
from tests.browser.office import Office
from tests.factories import MILLION, source

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

NAMES = ("Dệt thảm", "Thêu ren", "Mây tre đan")
PASTE = """(input, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  input.focus();
  input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def projects(people: dict[str, User]) -> list[Project]:
    """Three with 60, 61 and 62 triệu of city money; the first has two contents."""
    plan = AnnualPlan.objects.create(organisation=Organisation.objects.centres()[0], year=2006)
    made = []
    for number, name in enumerate(NAMES):
        contents = [ContentInput(ActivityType.objects.get(code="134-1"), {source("KCDP"): (60 + number) * MILLION})]
        if not number:
            contents.append(ContentInput(ActivityType.objects.get(code="134-3"), {source("KCDP"): 5 * MILLION}))
        data = ProjectInput(
            plan=plan,
            contents=contents,
            places=[AdminUnit.objects.get(code="315", kind="district")],
            supports=[SupportInput(group_description="Lao động 3 xã")],
        )
        made.append(create_project(project=Project(name=name, kind="group"), data=data, actor=people["centre_staff"]))
    return made


def open_sheet(office: Office) -> None:
    office.sign_in("centre_staff")
    office.open("Kế hoạch", "2006", "Sửa nhanh kinh phí")


def cells(office: Office, row: int) -> list[str]:
    """What stands in the fields of a row, in the order of the columns: KCQG, KCĐP, Đối ứng, Khác."""
    return [one.input_value() for one in office.page.locator("tbody tr").nth(row).locator("td input[type=text]").all()]


def sums(office: Office) -> list[str]:
    office.page.wait_for_timeout(100)
    return [one.inner_text() for one in office.page.locator("tfoot [data-sum]").all()]


def paste(office: Office, row: int, column: int, text: str) -> None:
    office.page.locator("tbody tr").nth(row).locator("td input[type=text]").nth(column).evaluate(PASTE, text)


def said(office: Office) -> str:
    return office.page.locator("[data-sheet-said] p").inner_text()


def column_of(office: Office, title: str) -> int:
    return office.page.locator("thead th.num").all_inner_texts().index(title)


def test_block_of_a_workbook_is_pasted_saved_and_read_in_millions(office: Office, projects: list[Project]) -> None:
    open_sheet(office)
    city = column_of(office, "KCĐP")
    paste(office, 0, city, '300\t"1,5"\r\n"4,\n5"\t - \r\n450 ₫\t60.000.000 ₫\r\n"2 700"\t\r\n')
    assert [cells(office, row)[city : city + 2] for row in range(4)] == [
        ["300", "1,5"],
        ["4, 5", "-"],  # a line break in a quoted cell shifts nothing
        ["450 ₫", "60.000.000 ₫"],
        ["2 700", ""],
    ]
    assert said(office) == "Đã dán 8 ô; chưa lưu."
    office.page.locator("tbody tr").nth(1).locator("td input[type=text]").nth(city).fill("4,5")
    office.page.locator("tbody tr").nth(2).locator("td input[type=text]").nth(city).fill("45")
    assert sums(office)[city : city + 2] == ["3.049,5", "61,5"]
    office.press_button("Lưu tất cả")
    amounts = CostLine.objects.from_source("KCDP").order_by("pk").values_list("amount_vnd", flat=True)
    assert sorted(amounts) == [4_500_000, 45 * MILLION, 300 * MILLION, 2700 * MILLION]


def test_quotes_doubled_in_a_quoted_cell_are_one(office: Office, projects: list[Project]) -> None:
    open_sheet(office)
    paste(office, 0, 0, '"ba ""trăm"""\t7\r\n8\t9')
    assert cells(office, 0)[:2] == ['ba "trăm"', "7"] and cells(office, 1)[:2] == ["8", "9"]


def test_what_has_no_place_is_said_in_words(office: Office, projects: list[Project]) -> None:
    open_sheet(office)
    width = len(cells(office, 0))
    paste(office, 2, width - 1, "1\t2\t3\r\n4\t5\t6\r\n7\t\t\r\n8\t9\t10\r\n")
    assert (cells(office, 2)[-1], cells(office, 3)[-1]) == ("1", "4")
    assert (
        said(office) == "Đã dán 2 ô; chưa lưu. 2 dòng, 2 cột nằm ngoài bảng, không dán được: 2; 3; 5; 6; 7; 8; 9; 10."
    )
    office.picture("bang-kinh-phi-dan-thua")
    found = Axe().run(office.page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("way", ["button", "key"])
def test_paste_is_taken_back_as_a_whole(office: Office, projects: list[Project], way: str) -> None:
    open_sheet(office)
    before, totals = [cells(office, row) for row in range(4)], sums(office)
    paste(office, 0, 0, "1\t2\r\n3\t4\r\n")
    assert [cells(office, row) for row in range(4)] != before and sums(office) != totals
    if way == "button":
        office.page.get_by_role("button", name="Hoàn tác lần dán").click()
    else:
        office.page.keyboard.press("Control+z")
    assert [cells(office, row) for row in range(4)] == before and sums(office) == totals
    assert said(office) == "Đã hoàn tác lần dán; các ô trở lại như trước."
    assert office.page.get_by_role("button", name="Hoàn tác lần dán").count() == 0


def test_what_was_typed_after_a_paste_stays_when_it_is_taken_back(office: Office, projects: list[Project]) -> None:
    open_sheet(office)
    first = cells(office, 1)
    paste(office, 0, 0, "1\t2\r\n3\t4\r\n")
    office.page.locator("tbody tr").nth(0).locator("td input[type=text]").nth(0).fill("77")
    office.page.get_by_role("button", name="Hoàn tác lần dán").click()
    assert cells(office, 0)[0] == "77" and cells(office, 1) == first


def test_rows_are_matched_by_the_codes_of_projects(office: Office, projects: list[Project]) -> None:
    open_sheet(office)
    city = column_of(office, "KCĐP")
    first, second, third = (project.code for project in projects)
    lines = [
        f"1\t{third}\tMây tre đan\t45-1\t33",
        f"2\t{first}\tDệt thảm\t\t11",
        "\t\t\t\t12",
        "3\tKC2006-999\tLạ\t\t99",
    ]
    paste(office, 0, city, "\r\n".join([*lines, "\t\tTổng cộng\t\t56"]))
    assert [cells(office, row)[city] for row in range(4)] == ["11", "12", "61", "33"], "the second is left as it was"
    assert said(office) == (
        "Đã dán 3 ô; chưa lưu. 2 dòng nằm ngoài bảng, không dán được: 99; 56. Mã không có trong bảng này: KC2006-999."
    )
    assert second


def test_columns_are_matched_by_their_headings(office: Office, projects: list[Project]) -> None:
    open_sheet(office)
    city, own = column_of(office, "KCĐP"), column_of(office, "Đối ứng")
    paste(office, 0, 0, f"Mã\tĐối ứng\tKCĐP\r\n{projects[1].code}\t7\t8\r\n")
    assert (cells(office, 2)[own], cells(office, 2)[city]) == ("7", "8")


def test_sums_follow_typing_and_say_what_is_unclear(office: Office, projects: list[Project]) -> None:
    open_sheet(office)
    city = column_of(office, "KCĐP")
    assert sums(office)[city] == "188"
    cell = office.page.locator("tbody tr").nth(2).locator("td input[type=text]").nth(city)
    for typed, total in (("100", "227"), ("0,06 tỷ", "187"), ("2.700", "127 + ?"), ("(5)", "127 + ?"), ("-", "127")):
        cell.fill(typed)
        assert sums(office)[city] == total
    assert office.page.locator("tbody tr").nth(2).locator("[data-sum]").inner_text() == "–"


def test_unit_is_changed_with_what_is_typed(office: Office, projects: list[Project]) -> None:
    open_sheet(office)
    city = column_of(office, "KCĐP")
    office.page.locator("tbody tr").nth(2).locator("td input[type=text]").nth(city).fill("62,5")
    office.page.get_by_label("Đơn vị tính").select_option("đồng")
    office.page.get_by_text("Các số đã đổi sang đồng; chưa lưu.").wait_for()
    assert cells(office, 2)[city] == "62.500.000" and sums(office)[city] == "189.500.000"
    office.picture("bang-kinh-phi-dong")
    office.press_button("Lưu tất cả")
    office.page.get_by_text("Đã lưu kinh phí đề nghị của 1 đề án.").wait_for()
    assert "Đơn vị tính: đồng" in office.text()


def test_unit_chosen_by_keys_changes_once_the_list_is_left(office: Office, projects: list[Project]) -> None:
    open_sheet(office)
    loads = office.loads
    office.page.get_by_label("Đơn vị tính").focus()
    office.key("ArrowDown")
    office.page.wait_for_timeout(300)
    assert office.loads == loads
    office.key("Tab")
    office.page.get_by_text("Các số đã đổi sang đồng; chưa lưu.").wait_for()


def test_unclear_amount_is_chosen_by_a_click(office: Office, projects: list[Project]) -> None:
    open_sheet(office)
    city = column_of(office, "KCĐP")
    office.page.locator("tbody tr").nth(2).locator("td input[type=text]").nth(city).fill("2.700")
    office.press_button("Lưu tất cả")
    choice = office.page.get_by_label("2.700 triệu đồng (2.700.000.000 đồng)")
    choice.wait_for()
    office.picture("bang-kinh-phi-hoi-lai")
    found = Axe().run(office.page)
    assert found.violations_count == 0, found.generate_report()
    choice.check()
    assert sums(office)[city] == "2.827"
    office.press_button("Lưu tất cả")
    office.page.get_by_text("Đã lưu kinh phí đề nghị của 1 đề án.").wait_for()


def test_without_javascript_unit_and_questions_work_too(
    office_without_javascript: Office, projects: list[Project]
) -> None:
    office = office_without_javascript
    open_sheet(office)
    city = column_of(office, "KCĐP")
    cell = office.page.locator("tbody tr").nth(2).locator("td input[type=text]").nth(city)
    cell.fill("2.700")
    office.press_button("Lưu tất cả")
    office.page.get_by_label("2.700 triệu đồng (2.700.000.000 đồng)").check()
    office.press_button("Lưu tất cả")
    assert CostLine.objects.filter(amount_vnd=2700 * MILLION).exists()
    office.page.get_by_label("Đơn vị tính").select_option("đồng")
    office.press_button("Đổi đơn vị tính")
    assert "Các số đã đổi sang đồng; chưa lưu." in office.text() and cells(office, 2)[city] == "2.700.000.000"
