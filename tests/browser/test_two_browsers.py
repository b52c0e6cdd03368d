"""Two people at two browsers over one record, and a tab that is closed too early: nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from khuyencong.accounts.models import FormDraft, Organisation, User
from programmes.models import ActivityType, AdminUnit, AnnualPlan
from projects.models import CostLine, Project
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import create_project
from tests.browser.office import Office
from tests.factories import MILLION, source

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

NAME = "Dự án đào tạo nghề dệt thảm"


@pytest.fixture
def head(
    browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest, people: dict[str, User]
) -> Iterator[Office]:
    """The head of the Centre, at another computer."""
    person = Office(browser, live_server.url, request.node.name)
    person.sign_in("centre_head")
    yield person
    person.context.close()


@pytest.fixture
def staff(office: Office) -> Office:
    office.sign_in("centre_staff")
    return office


@pytest.fixture
def project(people: dict[str, User]) -> Project:
    centre = Organisation.objects.centres()[0]
    data = ProjectInput(
        plan=AnnualPlan.objects.create(organisation=centre, year=2006),
        contents=[ContentInput(ActivityType.objects.get(code="134-1"), {source("KCDP"): 60 * MILLION})],
        places=[AdminUnit.objects.get(code="315", kind="district")],
        supports=[SupportInput(group_description="Lao động 3 xã")],
    )
    return create_project(project=Project(name=NAME, kind="group"), data=data, actor=people["centre_staff"])


def open_form(person: Office) -> None:
    person.open("Đề án", NAME, "Sửa")


def open_sheet(person: Office) -> None:
    person.open("Kế hoạch", "2006", "Sửa nhanh kinh phí")


def cell(code: str, name: str = NAME) -> str:
    return f"{code}, {name}, Đào tạo, truyền nghề"


def look(person: Office, name: str, *, with_javascript: bool = True) -> None:
    """Both widths without scrolling sideways, and nothing that axe (itself a script) complains of."""
    person.picture(name)
    if not with_javascript:
        return
    found = Axe().run(person.page)
    assert found.violations_count == 0, found.generate_report()


def asked() -> dict[str, int]:
    return dict(CostLine.objects.values_list("source__code", "amount_vnd"))


def test_disjoint_changes_of_one_project_both_survive(staff: Office, head: Office, project: Project) -> None:
    open_form(staff)
    open_form(head)
    head.fill("3. Mục tiêu", "Dạy nghề cho 30 lao động")
    head.fill("KCĐP", "63 tr")
    head.press_button("Lưu đề án")
    staff.fill("Đối ứng", "12 tr")
    staff.fill("Ghi chú", "Đã hỏi UBND huyện")
    staff.press_button("Lưu đề án")
    assert "gộp với thay đổi của centre_head" in staff.text() and "3. Mục tiêu" in staff.text()
    project.refresh_from_db()
    assert (project.aims, project.notes) == ("Dạy nghề cho 30 lao động", "Đã hỏi UBND huyện")
    assert asked() == {"KCDP": 63 * MILLION, "DOIUNG": 12 * MILLION}


@pytest.mark.parametrize("with_javascript", [True, False])
def test_conflict_is_shown_side_by_side_and_decided_field_by_field(
    request: pytest.FixtureRequest, head: Office, project: Project, with_javascript: bool
) -> None:
    staff: Office = request.getfixturevalue("office" if with_javascript else "office_without_javascript")
    staff.sign_in("centre_staff")
    open_form(staff)
    open_form(head)
    head.fill("Tên đề án*", "Tên lãnh đạo sửa")
    head.fill("3. Mục tiêu", "Mục tiêu lãnh đạo sửa")
    head.fill("4. Quy mô", "Một lớp")
    head.press_button("Lưu đề án")
    staff.fill("Tên đề án*", "Tên cán bộ sửa")
    staff.fill("3. Mục tiêu", "Mục tiêu cán bộ sửa")
    staff.fill("Đơn vị hoặc nhóm thụ hưởng", "Lao động 5 xã")
    staff.press_button("Lưu đề án")
    for title, texts in {
        "Tên đề án": (NAME, "Tên lãnh đạo sửa", "Tên cán bộ sửa"),
        "3. Mục tiêu": ("–", "Mục tiêu lãnh đạo sửa", "Mục tiêu cán bộ sửa"),
    }.items():
        row = staff.page.get_by_role("row").filter(has=staff.page.get_by_role("rowheader", name=title, exact=True))
        assert all(text in row.inner_text() for text in texts), row.inner_text()
    assert "chỉ centre_head sửa: 4. Quy mô" in staff.text()
    look(staff, "xung-dot", with_javascript=with_javascript)
    assert Project.objects.get().name == "Tên lãnh đạo sửa", "nothing is written yet"
    staff.page.get_by_role("row").filter(has_text="Tên cán bộ sửa").get_by_label("Lấy bản hiện có").check()
    staff.press_button("Lưu đề án")
    assert "Đã lưu" in staff.text()
    project.refresh_from_db()
    assert (project.name, project.aims, project.scale) == ("Tên lãnh đạo sửa", "Mục tiêu cán bộ sửa", "Một lớp")
    assert project.supports.get().group_description == "Lao động 5 xã"


def test_two_people_at_one_sheet(staff: Office, head: Office, project: Project) -> None:
    open_sheet(staff)
    open_sheet(head)
    head.fill(cell("KCĐP"), "70 tr")
    head.press_button("Lưu tất cả")
    staff.fill(cell("Đối ứng"), "15 tr")
    staff.press_button("Lưu tất cả")
    assert asked() == {"KCDP": 70 * MILLION, "DOIUNG": 15 * MILLION}, "different cells"
    look(staff, "bang-kinh-phi")
    head.fill(cell("Đối ứng"), "20 tr")
    staff.fill(cell("Đối ứng"), "25 tr")
    staff.press_button("Lưu tất cả")
    head.fill(cell("Nguồn khác"), "1 tr")
    head.press_button("Lưu tất cả")
    assert "bạn nhập 20 tr, hiện có 25, lúc mở –" in head.text()
    look(head, "bang-kinh-phi-xung-dot")
    assert asked()["DOIUNG"] == 25 * MILLION and "KHAC" not in asked(), "nothing half"
    assert head.page.get_by_label(cell("Nguồn khác")).input_value() == "1 tr"
    head.press_button("Lưu tất cả")
    assert asked() == {"KCDP": 70 * MILLION, "DOIUNG": 20 * MILLION, "KHAC": MILLION}


def test_sheet_is_typed_by_keyboard_alone(staff: Office, project: Project, people: dict[str, User]) -> None:
    plan, other = AnnualPlan.objects.get(), "Đề án thứ hai"
    content = ContentInput(ActivityType.objects.get(code="134-1"), {source("KCDP"): 50 * MILLION})
    data = ProjectInput(plan=plan, contents=[content])
    create_project(project=Project(name=other, kind="group"), data=data, actor=people["centre_staff"])
    open_sheet(staff)
    staff.page.get_by_label(cell("KCĐP")).focus()
    staff.type("61 tr")
    staff.key("Enter")
    staff.type("51 tr")
    staff.key("ArrowRight")
    staff.type("5 tr")
    staff.key("ArrowUp")
    staff.type("6 tr")
    staff.key("Enter", 3)
    assert staff.page.get_by_label(cell("Đối ứng", other)).input_value() == "5 tr", "Enter sends nothing half typed"
    staff.press_button("Lưu tất cả")
    written = CostLine.objects.order_by("plan_line__project", "source__position")
    assert list(written.values_list("amount_vnd", flat=True)) == [amount * MILLION for amount in (61, 6, 51, 5)]


def test_closed_tab_half_way_through_a_new_project_loses_no_row(staff: Office, head: Office, project: Project) -> None:
    staff.open("Đề án", "Thêm đề án")
    address = staff.page.url
    staff.fill("Tên đề án*", "Đề án đang gõ dở")
    staff.choose("Nội dung hoạt động", "Đào tạo, truyền nghề")
    staff.fill("KCĐP", "40 tr")
    staff.page.get_by_text("Thêm đơn vị, nhóm khác").click()
    names = staff.page.get_by_label("Đơn vị hoặc nhóm thụ hưởng", exact=True)
    for index, name in enumerate(("Nhóm xã A", "Nhóm xã B", "Nhóm xã C")):
        names.nth(index).fill(name)
        staff.page.get_by_label("Loại hình", exact=True).nth(index).select_option(label="Nhóm (mô tả bằng lời)")
    staff.page.get_by_text("Thuyết minh, mã, phụ trách").click()
    with staff.page.expect_response(lambda answer: answer.url.endswith("/drafts/")) as kept:
        staff.fill("2. Sự cần thiết và căn cứ", "Đoạn văn dài")
    assert kept.value.status == 204
    staff.page.close()
    head.page.goto(address)
    assert "bản nháp" not in head.text(), "a draft is its owner's alone"
    staff.page = staff.context.new_page()
    staff.page.goto(address)
    assert "Bạn có bản nháp lúc" in staff.text()
    look(staff, "ban-nhap-do")
    staff.page.get_by_role("link", name="Khôi phục").click()
    look(staff, "ban-nhap-do-khoi-phuc")
    typed = staff.page.get_by_label("Đơn vị hoặc nhóm thụ hưởng", exact=True)
    assert [typed.nth(index).input_value() for index in range(4)] == ["Nhóm xã A", "Nhóm xã B", "Nhóm xã C", ""]
    assert typed.nth(2).is_visible()
    assert staff.page.get_by_label("2. Sự cần thiết và căn cứ").input_value() == "Đoạn văn dài"
    staff.press_button("Lưu đề án")
    assert "Đã lưu đề án" in staff.text()
    assert CostLine.objects.get(plan_line__project__name="Đề án đang gõ dở").amount_vnd == 40 * MILLION
    assert not FormDraft.objects.exists()


def test_typing_after_the_sign_in_has_expired_comes_back(staff: Office, project: Project) -> None:
    staff.open("Đề án", NAME, "Sửa")
    session = [one for one in staff.context.cookies() if one["name"] == "sessionid"]
    staff.context.clear_cookies(name="sessionid")
    with staff.page.expect_response(lambda answer: "/drafts/" in answer.url):
        staff.fill("Ghi chú", "Gõ khi phiên đã hết")
    staff.fill("4. Quy mô", "Gõ ngay trước khi lưu")
    staff.press_button("Lưu đề án")
    assert session and "Đăng nhập" in staff.text()
    staff.fill("Tên đăng nhập*", "centre_staff")
    staff.fill("Mật khẩu*", "mat-khau-thu-nghiem")
    staff.press_button("Đăng nhập")
    staff.page.get_by_text("Đang hiện bản nháp lúc").wait_for()
    staff.press_button("Lưu đề án")
    project.refresh_from_db()
    assert (project.notes, project.scale) == ("Gõ khi phiên đã hết", "Gõ ngay trước khi lưu")
    assert not FormDraft.objects.exists()


def test_typing_while_the_connection_is_down_is_kept_when_it_is_back(staff: Office, project: Project) -> None:
    staff.open("Đề án", NAME, "Sửa")
    staff.context.set_offline(True)
    with staff.page.expect_event("requestfailed", lambda request: "/drafts/" in request.url):
        staff.fill("Ghi chú", "Gõ khi mất mạng")
    staff.context.set_offline(False)
    staff.page.on("dialog", lambda dialog: dialog.accept())
    with staff.page.expect_response(lambda answer: answer.url.endswith("/drafts/")):
        staff.page.reload()
    staff.page.get_by_role("link", name="Khôi phục").click()
    assert staff.page.get_by_label("Ghi chú", exact=True).input_value() == "Gõ khi mất mạng"
