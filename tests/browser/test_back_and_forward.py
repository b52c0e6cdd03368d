"""Back and forward over every list, the review and the voucher: each page comes back as it was first seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Dialog, Error

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import Project
from tests.browser.office import Office
from tests.factories import make_project, requested_cells, submit_all, submit_annual_report
from tests.projects.accounting import pay

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

# The address, what the fields say that the page was narrowed by, what there is to read, and whether it has its dress.
LOOK = """() => JSON.stringify([
  location.pathname + location.search,
  [...document.querySelectorAll("main form[method=get] :is(input:not([type=hidden]), select)")].map((one) => one.value),
  document.querySelector("main")?.innerText.replace(/\\s+/g, " "),
  document.querySelectorAll("header .main-nav").length && getComputedStyle(document.body).fontFamily,
])"""
SOON = 20_000  # ms
EMBROIDERY = "Dự án đào tạo nghề thêu ren móc chỉ"


@dataclass(frozen=True)
class ListPage:
    """A page with rows. Each step fills fields by their labels; ``button`` is pressed where a page waits for it, and
    ``unfold`` where the fields are folded away. ``row`` are the words of a link that opens one, the first without."""

    address: str
    steps: tuple[dict[str, str], ...]
    button: str = ""
    row: str = ""
    unfold: str = ""


LISTS = [
    ListPage("/projects/", ({"Tìm": "theu"}, {"Trạng thái": "Đã phê duyệt"}), row=EMBROIDERY),
    ListPage("/beneficiaries/", ({"Tìm": "dung"}, {"Loại hình": "Doanh nghiệp nhỏ và vừa"})),
    ListPage("/vouchers/", ({"Tìm": "pc"}, {"Thu, chi": "Trung tâm chi"}), row="PC-001"),
    ListPage("/history/", ({"Tìm": "theu"}, {"Loại dữ liệu": "Đề án", "Từ ngày": "01/01/2001"}), "Lọc", EMBROIDERY),
    ListPage("/norms/", ({"Có hiệu lực vào ngày": "01/01/2026"}, {"Nguồn kinh phí": "Khuyến công quốc gia"}), "Xem"),
    ListPage("/plans/", (), row="2006"),
    ListPage("/reports/", ({"Năm": "2006"},), "Xem", "Tổng quan năm 2006"),
    ListPage(
        "/reports/catalogue/areas/?year=2006",
        ({"Kỳ báo cáo": "Quý II"}, {"Nguồn": "KCĐP"}),
        "Xem",
        unfold="Thu hẹp, chọn cột, xem tại một ngày đã qua",
    ),
    ListPage("/reports/submitted/", ({"Năm": "2006"},), "Lọc"),
]


@pytest.fixture
def papers(year_2006: None, people: dict[str, User]) -> None:
    """A voucher and a submitted report of the year, and a round of two projects that waits for the reviewer."""
    plan = AnnualPlan.objects.get()
    [cell, *_others] = requested_cells(plan)
    pay(plan, people["accountant"], (cell, "advance", 10))
    submit_annual_report(by=people["centre_head"])
    for name in ("Mây tre đan", "Gốm sứ"):
        make_project(plan=plan, by=people["centre_staff"], name=name)
    submit_all(plan=plan, by=people["centre_head"])


def look(office: Office) -> str:
    office.page.wait_for_load_state()
    return str(office.page.evaluate(LOOK))


def comes_back(office: Office, way: Callable[[], object], expected: str) -> None:
    """Going that way leads to what was seen there before."""
    way()
    try:
        office.page.wait_for_function(f"expected => ({LOOK})() === expected", arg=expected, timeout=SOON)
    except Error:
        assert look(office) == expected


def walk(office: Office, seen: list[str]) -> None:
    """``seen`` are the pages gone through, of which the last is shown: back to the first one, and forward again."""
    for expected in reversed(seen[:-1]):
        comes_back(office, office.page.go_back, expected)
    for expected in seen[1:]:
        comes_back(office, office.page.go_forward, expected)


def narrow(office: Office, page: ListPage, fields: dict[str, str]) -> str:
    before, main = office.page.url, office.page.locator("main")
    for label, value in fields.items():
        if page.unfold and not main.get_by_label(label, exact=True).count():
            office.page.get_by_role("link", name=page.unfold).click()
        field = main.get_by_label(label, exact=True).first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    if page.button:
        main.get_by_role("button", name=page.button, exact=True).first.click()
    under_way = ".htmx-request, .htmx-swapping, .htmx-settling"
    settled = f"before => location.href !== before && !document.querySelector('{under_way}')"
    office.page.wait_for_function(settled, arg=before)
    return look(office)


def test_lists_come_back_with_their_filters(office: Office, papers: None) -> None:
    office.sign_in("reviewer")
    for page in LISTS:
        office.page.goto(office.address + page.address)
        seen = [look(office)]
        seen += [narrow(office, page, fields) for fields in page.steps]
        rows = office.page.locator("main")
        link = rows.get_by_role("link", name=page.row, exact=True) if page.row else rows.locator("tbody a")
        link.first.click()
        seen.append(look(office))
        assert len({text.split('",')[0] for text in seen}) == len(seen), page.address
        comes_back(office, office.page.go_back, seen[-2])
        comes_back(office, office.page.go_forward, seen[-1])
        walk(office, seen)


def test_lines_of_a_review_come_back(office: Office, papers: None) -> None:
    """Each with the line that its address names; a conclusion that was recorded stays recorded."""
    office.sign_in("reviewer")
    plan_round = PlanRound.objects.in_status("submitted").get()
    office.page.goto(f"{office.address}/rounds/{plan_round.pk}/review/")
    seen = [look(office)]
    for name in ("Gốm sứ", "Mây tre đan"):
        office.page.locator("tr[data-line]").get_by_role("link", name=name).click()
        office.page.locator("tr[aria-selected=true]", has_text=name).wait_for()
        seen.append(look(office))
    office.page.locator(".review-read h2 a").click()
    office.page.get_by_role("heading", name="Mây tre đan").wait_for()
    seen.append(look(office))
    walk(office, seen)
    comes_back(office, office.page.go_back, seen[-2])
    office.fill("Ý kiến, lý do", "Thiếu dự toán")
    office.press_button("Trả lại bổ sung")
    office.page.wait_for_url("**/review/")
    office.page.go_back()
    office.page.get_by_text("Đang chờ Trung tâm bổ sung và gửi lại.").wait_for()
    assert f"?line={Project.objects.get(name='Mây tre đan').pk}" in office.page.url
    office.page.go_forward()
    office.page.locator("tr[aria-selected=true]", has_text="Gốm sứ").wait_for()
    assert office.page.url.endswith("/review/") and office.page.get_by_text("Trả lại bổ sung").count()


def test_voucher_comes_back_with_the_rows_of_its_direction(office: Office, papers: None) -> None:
    """The rows are those of the direction that is chosen: a browser would bring back the one without the other."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    office.page.on("dialog", answer)
    office.sign_in("accountant")
    project = Project.objects.get(name=EMBROIDERY)
    office.page.goto(f"{office.address}/vouchers/new/?project={project.pk}")
    direction = office.page.get_by_label("Thu, chi*")
    chosen, rows = direction.input_value(), office.page.locator("#amounts").inner_text()
    office.choose("Thu, chi*", "Kho bạc Nhà nước, Bộ cấp về Trung tâm")
    office.page.locator("th", has_text="Đã nhận").wait_for()
    office.page.get_by_label(f"Số tiền, {EMBROIDERY}, KCĐP").fill("90 tr")
    office.page.keyboard.press("Tab")
    office.page.locator("#amounts .negative").wait_for()
    office.open("Chứng từ")
    list_seen = look(office)
    office.page.go_back()
    office.page.get_by_role("heading", name="Lập chứng từ").wait_for()
    assert (direction.input_value(), office.page.locator("#amounts").inner_text()) == (chosen, rows)
    assert asked == ["beforeunload"]
    comes_back(office, office.page.go_forward, list_seen)


def test_page_kept_alive_says_again_what_it_was_asked(office: Office, papers: None) -> None:
    """A browser may keep the page with what was chosen in it, and then go elsewhere with that."""
    office.sign_in("reviewer")
    office.page.goto(f"{office.address}/history/")
    office.choose("Loại dữ liệu", "Đợt")
    office.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert office.page.get_by_label("Loại dữ liệu").input_value() == ""


def test_whoever_goes_back_inside_a_list_after_the_sign_in_ended_signs_in(office: Office, papers: None) -> None:
    office.sign_in("reviewer")
    office.page.goto(f"{office.address}/projects/")
    narrow(office, LISTS[0], {"Tìm": "theu"})
    office.context.clear_cookies()
    office.page.go_back()
    office.page.get_by_label("Tên đăng nhập").wait_for()
    assert office.page.url.endswith("/accounts/login/?next=/projects/")
