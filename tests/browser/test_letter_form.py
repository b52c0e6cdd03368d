"""The form of a letter with 25 rows in Chromium: head, sums and button stay in sight, a chosen file stays chosen."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision, DecisionDocument
from tests.browser.office import Office
from tests.factories import MILLION, forward_all, make_plan, make_project, submit_all

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plan(people: dict[str, User]) -> AnnualPlan:
    plan = make_plan(organisation=people["centre_staff"].memberships.get().scope)
    for number in range(1, 26):
        make_project(
            plan=plan, by=people["centre_staff"], name=f"Đề án số {number}", amounts={"KCDP": number * MILLION}
        )
    submit_all(plan=plan, by=people["centre_head"])
    forward_all(plan=plan)
    return plan


def is_in_sight(office: Office, selector: str, height: int) -> bool:
    box = office.page.locator(selector).first.bounding_box()
    return box is not None and 0 <= box["y"] < height and box["y"] + box["height"] <= height


def test_head_sums_and_button_stay_in_sight_in_the_middle_of_the_rows(office: Office, plan: AnnualPlan) -> None:
    office.sign_in("department_head")
    office.page.goto(f"{office.address}/plans/{plan.pk}/decisions/new/")
    save = ".letter-foot button.btn-primary"
    for width, height, others in ((1366, 768, (".sticky-head thead th", "#effect table")), (360, 740, ())):
        office.page.set_viewport_size({"width": width, "height": height})
        office.page.locator("tr", has_text="Đề án số 13").first.scroll_into_view_if_needed()
        for selector in (save, *others):
            assert is_in_sight(office, selector, height), (width, selector)


def test_chosen_file_stays_chosen_when_amounts_are_filled_in(office: Office, plan: AnnualPlan) -> None:
    office.sign_in("department_head")
    page = office.page
    page.goto(f"{office.address}/plans/{plan.pk}/decisions/new/")
    page.set_input_files("input[name=scan]", {"name": "341.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"})
    page.get_by_label("Số, ký hiệu").fill("341/UBND-CN")
    page.get_by_role("button", name="Điền theo số đề nghị").click()
    page.locator("input[value='13.000.000']").wait_for()
    page.locator("#effect", has_text="325").wait_for()
    assert page.evaluate("document.querySelector('input[name=scan]').files.length") == 1
    assert page.get_by_label("Số, ký hiệu").input_value() == "341/UBND-CN"
    assert not Decision.objects.exists() and not DecisionDocument.objects.exists()


def test_what_is_said_of_an_amount_fits_a_phone(office: Office, plan: AnnualPlan) -> None:
    office.sign_in("department_head")
    page = office.page
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{office.address}/plans/{plan.pk}/decisions/new/")
    page.get_by_label("Được duyệt sau văn bản, Đề án số 13").fill("7,407.402,036")
    page.get_by_role("button", name="Ghi nhận", exact=True).last.click()
    page.locator("td .invalid-feedback").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
