"""The detailed estimate: a block pasted into the table itself, and a table that fits a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan
from projects.models import EstimateItem
from tests.browser.office import Office
from tests.factories import make_project

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PASTE = """(input, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  input.focus();
  input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
BLOCK = "Nội dung chi\tĐVT\tSố lượng\tĐơn giá\nThuê giáo viên\tbuổi\t30\t1.500.000\nVật tư\tbộ\t2,5\t300.000\n"


def test_block_of_a_workbook_is_pasted_into_the_table_and_saved(office: Office, people: dict[str, User]) -> None:
    plan = AnnualPlan.objects.create(organisation=Organisation.objects.centres()[0], year=2006)
    project = make_project(plan=plan, by=people["centre_staff"])
    office.sign_in("centre_staff")
    office.page.goto(f"{office.address}/projects/{project.pk}/")
    office.page.get_by_role("link", name="Nhập dự toán chi tiết").click()
    office.page.wait_for_load_state()
    office.page.locator("[data-estimate] input[type=text]").first.evaluate(PASTE, BLOCK)
    office.page.get_by_text("Đã đưa 2 dòng vào bảng; chưa lưu.").wait_for()
    foot = office.page.locator("[data-sum=amount_vnd]")
    assert foot.inner_text() == "45.750.000"
    price = office.page.get_by_label("Đơn giá").nth(1)
    for typed, said in (("400.000", "46.000.000"), ("bốn trăm", "45.000.000 + ?"), ("300.000", "45.750.000")):
        price.fill(typed)
        assert foot.inner_text() == said, "the foot follows what is typed"
    assert Axe().run(office.page).violations_count == 0
    office.page.set_viewport_size({"width": 360, "height": 740})
    assert office.page.evaluate("document.documentElement.scrollWidth") == 360
    office.page.get_by_role("button", name="Lưu dự toán").click()
    office.page.get_by_text("Đã lưu dự toán chi tiết.").wait_for()
    assert [item.amount_vnd for item in EstimateItem.objects.all()] == [45_000_000, 750_000]
