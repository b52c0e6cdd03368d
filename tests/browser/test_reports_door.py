"""The list of reports: the year is chosen without JavaScript, and a phone shows something useful at once."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from programmes.models import AnnualPlan
from tests.browser.office import WIDTHS, Office
from tests.factories import make_plan
from tests.there import there

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_year_and_organisation_are_chosen_without_javascript(
    office_without_javascript: Office, year_2006: None
) -> None:
    office = office_without_javascript
    organisation = AnnualPlan.objects.get().organisation
    make_plan(organisation=organisation, year=2007)
    office.sign_in("department_head")
    office.open("Báo cáo")
    assert "Tổng quan năm 2007" in office.text()
    office.choose("Năm", "2006")
    office.choose("Đơn vị", str(organisation.parent))
    office.press_button("Xem")
    assert "Tổng quan năm 2006" in office.text() and f"Đơn vị báo cáo: {organisation.parent}." in office.text()
    office.open("Kinh phí theo nguồn")
    assert "Kinh phí khuyến công năm 2006 theo nguồn" in office.text()
    assert f"organisation={there(organisation.parent).code}" in office.page.url


def test_a_phone_shows_the_first_reports_without_scrolling(office: Office, year_2006: None) -> None:
    office.sign_in("department_head")
    office.page.set_viewport_size({"width": 360, "height": 740})
    office.page.goto(f"{office.address}/reports/")
    for name in ("Tổng quan năm 2006", "Xem Báo cáo năm 2006"):
        box = office.page.get_by_role("link", name=name, exact=True).bounding_box()
        assert box is not None and box["y"] + box["height"] < 740, name


def test_every_state_of_the_page_fits_and_passes_axe(office: Office, year_2006: None) -> None:
    office.sign_in("department_head")
    make_plan(organisation=AnnualPlan.objects.get().organisation, year=2099)
    problems = []
    for query in ("", "?year=2006", "?year=2031", "?year=abc&organisation=xx"):
        for width in WIDTHS:
            office.page.set_viewport_size({"width": width, "height": 900})
            office.page.goto(f"{office.address}/reports/{query}")
            for details in office.page.locator("main details").all():
                details.evaluate("one => { one.open = true }")
            wide = office.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found = Axe().run(office.page).response["violations"]
            problems += [f"{query} at {width}: {item['id']} {item['nodes'][0]['html'][:160]}" for item in found]
            problems += [f"{query} at {width}: {wide} px too wide"] if wide > 0 else []
    assert not problems, "\n".join(problems)
