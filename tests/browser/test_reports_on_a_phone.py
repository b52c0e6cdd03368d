"""A report read on a phone and at a desk: the figures come first, and the question is asked in one row."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from programmes.models import AnnualPlan
from projects.models import Project
from tests.browser.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

REPORT = "/reports/catalogue/source-content/?year=2006"
PAGES = {
    REPORT: "Năm 2006 · Cả năm · Sửa",
    "/reports/annual/?year=2006": "Năm 2006 · Sửa",
    "/reports/period/?year=2006&period=q3": "Năm 2006 · Quý III · Sửa",
    "/reports/dashboard/?year=2006&period=h1": "Năm 2006 · 6 tháng đầu năm · Sửa",
}


def open_on(office: Office, address: str, *, width: int) -> None:
    office.page.set_viewport_size({"width": width, "height": 740})
    office.page.goto(office.address + address)


def top_of(office: Office, selector: str) -> float:
    box = office.page.locator(selector).first.bounding_box()
    assert box is not None, selector
    return box["y"]


def test_on_a_phone_the_total_comes_first_and_the_form_is_folded(office: Office, year_2006: None) -> None:
    office.sign_in("centre_head")
    for address, asked in PAGES.items():
        open_on(office, address, width=360)
        question = office.page.locator(".asked > summary")
        assert " ".join(question.inner_text().split()) == asked
        assert not office.page.get_by_label("Năm", exact=True).is_visible()
        figure = office.page.locator("main").locator("tfoot, tr.total, .totals").first
        assert figure.bounding_box()["y"] < 450, f"{address}: a figure on the first screen"  # type: ignore[index]
        files = office.page.get_by_role("link", name="Xuất Excel").filter(visible=True)
        assert files.count() == (0 if "dashboard" in address else 1), address
    question.click()
    assert office.page.get_by_label("Năm", exact=True).is_visible()
    office.page.get_by_role("link", name="Thu hẹp, xem tại một ngày đã qua").click()
    office.choose("Nguồn", "KCĐP")
    office.press_button("Xem")
    assert " ".join(question.inner_text().split()) == "Năm 2006 · 6 tháng đầu năm · KCĐP · Sửa"


def test_on_a_phone_a_row_shows_what_is_recorded_and_no_label_hides_another(office: Office, year_2006: None) -> None:
    office.sign_in("centre_head")
    open_on(office, REPORT, width=360)
    assert top_of(office, "tfoot") < top_of(office, "tbody tr")
    rows = office.page.locator("tbody").all_inner_texts()
    assert rows and not [text for text in rows if "–" in text.split()]
    assert "–" in office.page.locator("tfoot").inner_text(), "the total says what is not recorded"
    for address in (REPORT, "/reports/annual/?year=2006", f"/plans/{AnnualPlan.objects.get().pk}/"):
        open_on(office, address, width=360)
        assert office.page.evaluate(
            "() => [...document.querySelectorAll('.stack td.num')].every(cell => cell.scrollWidth <= cell.clientWidth)"
        ), f"{address}: a label runs into the next one"


def asks_by_the_period(office: Office) -> None:
    """At a desk: one row that ends with the button; days only where they are wanted, or where one is wrong."""
    open_on(office, REPORT, width=1366)
    year, button = office.page.get_by_label("Năm", exact=True), office.page.get_by_role("button", name="Xem").first
    days = office.page.get_by_label("Từ ngày", exact=True)
    assert year.is_visible() and not days.is_visible()
    assert button.bounding_box()["y"] == pytest.approx(year.bounding_box()["y"], abs=4)  # type: ignore[index]
    office.choose("Kỳ báo cáo", "Từ ngày đến ngày")
    assert days.is_visible() and not year.is_visible()
    assert button.bounding_box()["y"] == pytest.approx(days.bounding_box()["y"], abs=4)  # type: ignore[index]
    office.fill("Từ ngày", "01/05/2006")
    office.fill("Đến ngày", "31/06/2006")
    office.press_button("Xem")
    assert "Không có ngày 31/06/2006 trong lịch." in office.text()
    office.fill("Đến ngày", "30/06/2006")
    office.press_button("Xem")
    assert "Kế hoạch khuyến công từ ngày 01/05/2006 đến ngày 30/06/2006" in office.text()
    assert "Trung tâm Khuyến công Hải Phòng · số liệu tính đến ngày 30/06/2006" in office.text()


def test_days_are_asked_for_where_the_period_is_free(office: Office, year_2006: None) -> None:
    office.sign_in("centre_head")
    asks_by_the_period(office)


def test_days_are_asked_for_without_javascript(office_without_javascript: Office, year_2006: None) -> None:
    office_without_javascript.sign_in("centre_head")
    asks_by_the_period(office_without_javascript)


def test_a_submitted_report_reads_well_at_both_widths(office: Office, year_2006: None) -> None:
    """From the button to what changed since, each page looked at by axe."""
    office.sign_in("centre_head")
    office.page.goto(f"{office.address}/reports/catalogue/disbursement/?year=2006")
    office.open("Chốt báo cáo")
    look_at(office, "form")
    office.press_button("Chốt báo cáo")
    project = Project.objects.order_by("pk")[0]
    Project.objects.filter(pk=project.pk).update(name="Dự án mang tên mới")
    office.page.reload()
    assert "Dự án mang tên mới" in office.row(project.name)
    look_at(office, "submitted")


def look_at(office: Office, name: str) -> None:
    office.picture(name)
    for width in (1366, 360):
        office.page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(office.page).response["violations"]
        assert not found, [(item["id"], item["nodes"][0]["html"][:160]) for item in found]
    office.page.set_viewport_size({"width": 1366, "height": 900})
