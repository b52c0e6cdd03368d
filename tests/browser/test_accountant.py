"""The accountant's day at the browser: a contract, an advance by keyboard alone, a slip, the settlement."""

from __future__ import annotations

import time

import pytest

from projects.models import PaymentEntry, Project
from tests.browser.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CARPETS = "Dự án đào tạo nghề dệt thảm"


def test_accountant_keeps_the_accounts_of_a_project(office: Office, year_2006: None) -> None:
    office.sign_in("accountant")
    office.open("Đề án", CARPETS)
    _contract(office)
    _advance_by_keyboard(office)
    _too_much_is_seen_before_saving(office)
    _slip_is_put_right(office)
    _work_is_done_and_settled(office)


def _contract(office: Office) -> None:
    office.page.locator(".only-desk").get_by_role("link", name="Ghi hợp đồng").click()
    office.fill("Số hợp đồng*", "06/HĐ-KC")
    office.fill("Ngày ký*", "20/06/2006")
    office.fill("Bên ký hợp đồng với Trung tâm*", "UBND huyện Vĩnh Bảo")
    office.picture("01-hop-dong")
    office.press_button("Ghi hợp đồng")
    assert "Đã ký hợp đồng" in office.text() and "06/HĐ-KC ngày 20/06/2006" in office.text()


def _advance_by_keyboard(office: Office) -> None:
    """From the project's page: the amount, the date, Enter. Number and kind stand there already."""
    link = office.page.locator(".only-desk").get_by_role("link", name="Lập chứng từ")
    link.focus()
    office.strokes, started = 0, time.perf_counter()
    office.key("Enter")
    amount = office.page.get_by_label(f"Số tiền, {CARPETS}, KCQG")
    office.page.locator("input.money:focus").wait_for()
    office.type("40 tr")
    office.key("Tab", 3)  # the note, the number, the date
    office.type("01/07/2006")
    day = office.page.get_by_label("Ngày chứng từ*")
    assert (amount.input_value(), day.input_value()) == ("40 tr", "01/07/2006")
    office.key("Enter")
    office.page.get_by_text("Đã ghi chứng từ PC-001 ngày 01/07/2006.").first.wait_for()
    print(
        f"\nan advance by keyboard: {office.strokes} keystrokes, {time.perf_counter() - started:.1f} s with the pages"
    )
    assert PaymentEntry.objects.get().amount_vnd == 40_000_000
    office.picture("02-da-tam-ung")


def _too_much_is_seen_before_saving(office: Office) -> None:
    office.page.locator(".only-desk").get_by_role("link", name="Lập chứng từ").click()
    amount = office.page.get_by_label(f"Số tiền, {CARPETS}, KCQG")
    amount.fill("30 tr")
    amount.press("Tab")
    office.page.get_by_text("-7.000.000").first.wait_for()
    office.picture("03-vuot-so-duyet")
    office.press_button("Ghi chứng từ")
    assert "vượt 7.000.000 đồng" in office.text() and "PC-001 ngày 01/07/2006: 40.000.000" in office.text()
    assert amount.input_value() == "30 tr"
    amount.fill("3 tr")
    office.fill("Ngày chứng từ*", "01/08/2006")
    office.press_button("Ghi chứng từ")
    assert "Đã ghi chứng từ PC-002" in office.text()


def _slip_is_put_right(office: Office) -> None:
    """23 was meant, 3 was typed."""
    office.open("PC-002 ngày 01/08/2006", "Đính chính số tiền")
    office.fill(f"Số tiền, {CARPETS} · KCQG", "23 tr")
    office.picture("04-dinh-chinh")
    office.fill("Lý do đính chính*", "Gõ thiếu số 2")
    office.press_button("Ghi đính chính")
    assert "bút toán đảo" in office.text() and "Gõ thiếu số 2" in office.text()
    office.picture("05-chung-tu")
    office.open("In giấy đề nghị")
    assert "Hai mươi ba triệu đồng" in office.page.content()
    office.picture("06-giay-de-nghi")


def _work_is_done_and_settled(office: Office) -> None:
    office.sign_in("centre_head")
    for step, paper in (("Bắt đầu thực hiện", ""), ("Nghiệm thu", "Biên bản 01")):
        office.open("Đề án", CARPETS)
        office.page.locator(".only-desk").get_by_role("link", name=step).click()
        office.page.get_by_label("Ngày thực hiện").fill("20/12/2006")
        if paper:
            office.page.get_by_label("Số, ngày biên bản nghiệm thu").fill(paper)
        office.press_button(step)
    office.sign_in("accountant")
    office.open("Đề án", CARPETS)
    office.page.locator(".only-desk").get_by_role("link", name="Quyết toán").click()
    assert office.page.get_by_label("Số tiền, 2006").input_value() == "63.000.000"
    office.fill("Số hồ sơ quyết toán*", "QT-01")
    office.fill("Ngày quyết toán*", "28/12/2006")
    office.picture("07-quyet-toan")
    office.press_button("Quyết toán")
    assert Project.objects.get(name=CARPETS).status == Project.Status.SETTLED
    office.picture("08-da-quyet-toan")
    office.open("Chứng từ")
    office.picture("09-so-chung-tu")
