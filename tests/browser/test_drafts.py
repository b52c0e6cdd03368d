"""Typing into forms whose sign-in ends, or that are left and opened again, in a browser that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from khuyencong.accounts.models import FormDraft, Organisation, User
from programmes.models import ActivityType, AdminUnit, AnnualPlan
from projects.models import Appraisal, Comment, CostLine, Project
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import create_project
from tests.browser.office import Office
from tests.factories import MILLION, source, submit_all
from tests.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Response

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

NAME = "Dự án đào tạo nghề dệt thảm"
REASON = "Chưa nêu số lao động của từng xã"
OFFER = "Bạn có bản nháp lúc"


@pytest.fixture
def project(people: dict[str, User]) -> Project:
    data = ProjectInput(
        plan=AnnualPlan.objects.create(organisation=Organisation.objects.centres()[0], year=2006),
        contents=[ContentInput(ActivityType.objects.get(code="134-1"), {source("KCDP"): 60 * MILLION})],
        places=[AdminUnit.objects.get(code="315", kind="district")],
        supports=[SupportInput(group_description="Lao động 3 xã")],
    )
    return create_project(project=Project(name=NAME, kind="group"), data=data, actor=people["centre_staff"])


def is_draft(answer: Response) -> bool:
    return answer.url.endswith("/drafts/")


def fill_and_wait(person: Office, label: str, text: str) -> None:
    """Until the page has sent its draft, whatever becomes of it."""
    with person.page.expect_response(is_draft):
        person.fill(label, text)


def end_sign_in(person: Office) -> None:
    person.context.clear_cookies(name="sessionid")


def sign_in_here(person: Office, username: str) -> None:
    """At the page to which sending a form has led."""
    person.fill("Tên đăng nhập*", username)
    person.fill("Mật khẩu*", PASSWORD)
    person.press_button("Đăng nhập")


def look(person: Office, name: str) -> None:
    person.picture(name)
    found = Axe().run(person.page)
    assert found.violations_count == 0, found.generate_report()


def test_conclusion_of_a_review_comes_back_after_the_sign_in(
    office: Office, project: Project, people: dict[str, User]
) -> None:
    submit_all(plan=AnnualPlan.objects.get(), by=people["centre_head"])
    office.sign_in("reviewer")
    office.open("Thẩm định đợt 1 (KCĐP) năm 2006")
    end_sign_in(office)
    office.page.get_by_role("radio", name="Chưa đạt").first.check()
    office.fill("Ý kiến, lý do", REASON)
    office.press_button("Trả lại bổ sung")
    office.page.get_by_text("Những gì bạn vừa nhập được giữ lại").wait_for()
    look(office, "dang-nhap-lai")
    sign_in_here(office, "reviewer")
    office.page.get_by_text("Đang hiện bản nháp lúc").wait_for()
    assert office.page.get_by_label("Ý kiến, lý do").input_value() == REASON
    assert office.page.get_by_role("radio", name="Chưa đạt").first.is_checked()
    look(office, "tham-dinh-khoi-phuc")
    office.press_button("Trả lại bổ sung")
    office.page.get_by_text("1 / 1").or_(office.page.get_by_text("0 / 1")).first.wait_for()
    office.page.get_by_text("yêu cầu bổ sung, hoàn thiện").first.wait_for()
    assert Appraisal.objects.get().note == REASON
    office.page.wait_for_timeout(3000)
    assert not FormDraft.objects.exists(), "nothing is sent as a draft after it was saved"


def test_typing_into_a_line_that_is_left_for_another_is_kept(
    office: Office, project: Project, people: dict[str, User]
) -> None:
    other = ProjectInput(
        plan=AnnualPlan.objects.get(),
        contents=[ContentInput(ActivityType.objects.get(code="134-1"), {source("KCDP"): 5 * MILLION})],
        places=[AdminUnit.objects.get(code="315", kind="district")],
        supports=[SupportInput(group_description="Lao động 2 xã")],
    )
    create_project(project=Project(name="Đề án thứ hai", kind="group"), data=other, actor=people["centre_staff"])
    submit_all(plan=AnnualPlan.objects.get(), by=people["centre_head"])
    office.sign_in("reviewer")
    office.open("Thẩm định đợt 1 (KCĐP) năm 2006", NAME)
    office.page.get_by_role("link", name=NAME, exact=True).nth(1).wait_for()
    office.fill("Ý kiến, lý do", REASON)
    with office.page.expect_response(is_draft) as kept:
        office.page.get_by_role("link", name="Đề án thứ hai", exact=True).first.click()
    assert kept.value.status == 204
    office.page.get_by_role("link", name="Đề án thứ hai", exact=True).nth(1).wait_for()
    assert OFFER not in office.text(), "it belongs to the other line"
    office.page.get_by_role("link", name=NAME, exact=True).first.click()
    office.page.get_by_text("Đang hiện bản nháp lúc").wait_for()
    assert office.page.get_by_label("Ý kiến, lý do").input_value() == REASON, "it stands there as it was left"
    look(office, "tham-dinh-ban-nhap")


def test_sheet_comes_back_with_the_cells_that_were_typed(office: Office, project: Project) -> None:
    office.sign_in("centre_staff")
    office.open("Kế hoạch", "2006", "Sửa nhanh kinh phí")
    cell = f"KCĐP, {NAME}, Đào tạo, truyền nghề"
    fill_and_wait(office, cell, "61 tr")
    [_last, _unit, _wanted, typed, opened] = [name for name, _texts in FormDraft.objects.get().data]
    assert typed[2:] == opened[2:], "one cell, with what it was opened with"
    end_sign_in(office)
    office.fill(f"Đối ứng, {NAME}, Đào tạo, truyền nghề", "7 tr")
    office.press_button("Lưu tất cả")
    sign_in_here(office, "centre_staff")
    office.page.get_by_text("Đang hiện bản nháp lúc").wait_for()
    assert office.page.get_by_label(cell).input_value() == "61 tr"
    look(office, "bang-kinh-phi-khoi-phuc")
    office.press_button("Lưu tất cả")
    asked = dict(CostLine.objects.values_list("source__code", "amount_vnd"))
    assert asked == {"KCDP": 61 * MILLION, "DOIUNG": 7 * MILLION} and not FormDraft.objects.exists()


def test_comment_on_a_project_comes_back_and_leaves_nothing_behind(office: Office, project: Project) -> None:
    office.sign_in("centre_staff")
    office.open("Đề án", NAME)
    office.page.get_by_text("Nêu ý kiến", exact=True).click()
    end_sign_in(office)
    office.page.get_by_label("Ý kiến*").fill(REASON)
    office.press_button("Ghi ý kiến")
    sign_in_here(office, "centre_staff")
    box = office.page.get_by_label("Ý kiến*")
    box.wait_for()
    assert box.input_value() == REASON and "Đang hiện bản nháp lúc" in office.text()
    look(office, "y-kien-khoi-phuc")
    office.press_button("Ghi ý kiến")
    office.page.get_by_text("Đã ghi ý kiến.").wait_for()
    assert Comment.objects.get().text == REASON
    office.page.reload()
    assert OFFER not in office.text() and not FormDraft.objects.exists()


def test_draft_on_offer_hides_nothing_that_is_typed_after_it(office: Office, project: Project) -> None:
    office.sign_in("centre_staff")
    office.open("Đề án", NAME, "Sửa")
    address = office.page.url
    fill_and_wait(office, "Ghi chú", "Bản nháp thứ nhất")
    office.page.goto(address)
    assert office.text().count(OFFER) == 1
    look(office, "mot-ban-nhap")
    fill_and_wait(office, "Ghi chú", "Bản nháp thứ hai, gõ khi bản thứ nhất chưa được chọn")
    office.page.goto(address)
    assert office.text().count(OFFER) == 2
    look(office, "hai-ban-nhap")
    office.page.get_by_role("link", name="Khôi phục Bản nháp thứ nhất").click()
    assert office.page.get_by_label("Ghi chú", exact=True).input_value() == "Bản nháp thứ nhất"
    look(office, "hai-ban-nhap-khoi-phuc")
    office.press_button("Lưu đề án")
    project.refresh_from_db()
    assert project.notes == "Bản nháp thứ nhất"
    office.page.goto(address)
    assert office.text().count(OFFER) == 1 and "Bản nháp thứ hai, gõ khi" in office.text()
    office.press_button("Bỏ bản nháp")
    assert "Đã bỏ bản nháp." in office.text() and OFFER not in office.text()


def test_two_tabs_of_one_form_keep_what_each_has(office: Office, project: Project) -> None:
    office.sign_in("centre_staff")
    office.open("Đề án", NAME, "Sửa")
    address, first = office.page.url, office.page
    office.page = office.context.new_page()
    office.page.goto(address)
    fill_and_wait(office, "Ghi chú", "Gõ ở thẻ thứ hai")
    office.page, second = first, office.page
    fill_and_wait(office, "Ghi chú", "Gõ ở thẻ thứ nhất")
    second.close()
    office.page.goto(address)
    assert "Gõ ở thẻ thứ nhất" in office.text() and "Gõ ở thẻ thứ hai" in office.text()


def test_too_much_for_a_draft_is_said(office: Office, project: Project) -> None:
    office.sign_in("centre_staff")
    office.open("Đề án", NAME, "Sửa")
    fill_and_wait(office, "Ghi chú", "ệ" * 70_000)
    office.page.get_by_text("Nội dung quá dài nên không giữ lại được trong bản nháp.").wait_for()
    assert not FormDraft.objects.exists()
