"""Keys of the review in Chromium: off until the reviewer wants them, only with the focus in the sheet, and none acts
on a line that is being left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import Appraisal
from tests.browser.office import Office
from tests.factories import make_plan, make_project, submit_all
from tests.people import make_person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

NAMES = [f"Đề án số {number}" for number in range(1, 5)]
OPENED = "tr[aria-selected=true]"


@pytest.fixture
def plan(people: dict[str, User]) -> AnnualPlan:
    plan = make_plan(organisation=people["centre_staff"].memberships.get().scope)
    for name in NAMES:
        make_project(plan=plan, by=people["centre_staff"], name=name)
    submit_all(plan=plan, by=people["centre_head"])
    return plan


@pytest.fixture
def reviewer(office: Office, plan: AnnualPlan) -> Office:
    office.sign_in("reviewer")
    office.open("Thẩm định đợt 1 (KCĐP) năm 2006")
    office.page.locator(OPENED, has_text=NAMES[0]).wait_for()
    return office


@pytest.fixture
def second(browser: Browser, live_server: LiveServer, reviewer: Office, people: dict[str, User]) -> Iterator[Office]:
    """Another reviewer, with the same line open."""
    people["reviewer_2"] = make_person(
        role="reviewer", scope=people["reviewer"].memberships.get().scope, username="reviewer_2", full_name="Lê Thị Tám"
    )
    office = Office(browser, live_server.url, "tham-dinh-nguoi-thu-hai")
    office.sign_in("reviewer_2")
    office.page.goto(reviewer.page.url)
    office.page.locator(OPENED, has_text=NAMES[0]).wait_for()
    yield office
    office.context.close()


def checked(office: Office) -> int:
    return office.page.locator("input[type=radio][value=met]:checked").count()


def test_keys_are_off_until_the_reviewer_wants_them_and_stay_in_the_sheet(reviewer: Office) -> None:
    page = reviewer.page
    page.locator(f"{OPENED} a").first.focus()
    page.keyboard.press("d")
    assert checked(reviewer) == 0
    reviewer.tick("Dùng phím tắt khi đang ở bảng thẩm định:")
    page.keyboard.press("d")
    assert checked(reviewer) == 0, "the focus is on the box, outside the sheet"
    page.locator(f"{OPENED} a").first.focus()
    page.keyboard.press("d")
    assert checked(reviewer) == 5
    page.get_by_label("Ý kiến, lý do").fill("")
    page.get_by_label("Ý kiến, lý do").type("jd1")
    assert page.get_by_label("Ý kiến, lý do").input_value() == "jd1", "letters are letters where one writes"
    page.reload()
    page.locator(f"{OPENED} a").first.focus()
    page.keyboard.press("d")
    assert checked(reviewer) == 5, "the choice is remembered"


def test_no_key_acts_on_a_line_that_is_being_left(reviewer: Office) -> None:
    """Twenty keys a second while a line is on its way: only lines in view are concluded, and each is named."""
    page = reviewer.page
    held: list[Route] = []
    reviewer.tick("Dùng phím tắt khi đang ở bảng thẩm định:")
    page.route(re.compile(r"/review/\?line="), lambda route: held.append(route))
    page.locator(f"{OPENED} a").first.focus()
    page.keyboard.press("j")
    page.locator("#review[aria-busy=true]").wait_for()
    for key in ("d", "1", "Enter", "j", "k") * 4:
        page.keyboard.press(key)
        page.wait_for_timeout(50)
    assert page.locator(OPENED, has_text=NAMES[0]).count() and checked(reviewer) == 0
    go_on(held)
    page.locator(OPENED, has_text=NAMES[1]).locator("a:focus").wait_for()
    assert not Appraisal.objects.exists() and checked(reviewer) == 0
    for key in ("d", "1", "Enter"):
        page.keyboard.press(key)
    page.locator(".message-success", has_text=f"“{NAMES[1]}”: thống nhất").wait_for()
    assert [one.project.name for one in Appraisal.objects.all()] == [NAMES[1]]


def test_a_conclusion_pressed_twice_on_a_slow_line_is_one(reviewer: Office) -> None:
    page = reviewer.page
    held: list[Route] = []
    reviewer.tick("Dùng phím tắt khi đang ở bảng thẩm định:")
    page.route(re.compile(r"/review/[0-9]+/$"), lambda route: held.append(route))
    page.locator(f"{OPENED} a").first.focus()
    for key in ("d", "1", "Enter", "Enter", "d", "1", "Enter"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert len(held) == 1
    go_on(held)
    page.locator(".message-success", has_text=f"“{NAMES[0]}”").wait_for()
    assert [one.project.name for one in Appraisal.objects.all()] == [NAMES[0]]


def test_another_line_may_be_opened_while_one_is_on_its_way(reviewer: Office) -> None:
    page = reviewer.page
    held: list[Route] = []
    page.route(re.compile(r"/review/\?line="), lambda route: held.append(route))
    page.get_by_role("link", name=NAMES[1], exact=True).first.click()
    page.locator("#review[aria-busy=true]").wait_for()
    page.unroute_all()
    page.get_by_role("link", name=NAMES[2], exact=True).first.click()
    page.locator(OPENED, has_text=NAMES[2]).wait_for()


def go_on(held: list[Route]) -> None:
    for route in held:
        route.continue_()
    held.clear()


def test_line_that_an_address_opens_is_in_sight(reviewer: Office, plan: AnnualPlan) -> None:
    """A full load: the line and what is read and filled in of it, not its title at the foot of the window."""
    page = reviewer.page
    page.set_viewport_size({"width": 1366, "height": 500})
    last = page.get_by_role("link", name=NAMES[-1], exact=True).get_attribute("href") or ""
    page.goto(page.url.split("?")[0].split("#")[0] + last.split("#")[0])
    page.locator(OPENED, has_text=NAMES[-1]).wait_for()
    top = page.locator(OPENED).bounding_box()
    assert top is not None and 0 <= top["y"] < 170


def typed(office: Office) -> str:
    return office.page.get_by_label("Ý kiến, lý do").input_value()


def test_words_stay_with_their_line_however_it_is_left(reviewer: Office) -> None:
    """By a click, by j and k, at once and while the server is slow to keep them."""
    page = reviewer.page
    page.route("**/drafts/", lambda route: None)  # nothing arrives
    page.get_by_label("Ý kiến, lý do").fill("Chưa đủ báo giá")
    page.get_by_role("link", name=NAMES[1], exact=True).first.click()
    page.locator(OPENED, has_text=NAMES[1]).wait_for()
    assert typed(reviewer) == ""
    page.get_by_label("Ý kiến, lý do").fill("Trùng nội dung")
    page.unroute_all()
    reviewer.tick("Dùng phím tắt khi đang ở bảng thẩm định:")
    page.locator(f"{OPENED} a").first.focus()
    for key, name, words in (("k", NAMES[0], "Chưa đủ báo giá"), ("j", NAMES[1], "Trùng nội dung")):
        page.keyboard.press(key)
        page.locator(OPENED, has_text=name).wait_for()
        page.get_by_text("Đang hiện bản nháp lúc").wait_for()
        assert typed(reviewer) == words
        page.locator(f"{OPENED} a").first.focus()


def test_words_stay_in_the_line_when_a_remark_is_sent(reviewer: Office) -> None:
    page = reviewer.page
    page.get_by_label("Ý kiến, lý do").fill("Chưa đủ báo giá")
    page.get_by_text("Nêu ý kiến").click()
    page.get_by_label("Ý kiến*", exact=True).fill("Bổ sung địa bàn")
    reviewer.press_button("Ghi ý kiến")
    page.locator(".message-success", has_text="Đã ghi ý kiến.").wait_for()
    assert typed(reviewer) == "Chưa đủ báo giá"
    page.get_by_text("Bổ sung địa bàn").first.wait_for()


def test_two_reviewers_at_one_round_lose_no_word_and_conclude_what_they_see(
    reviewer: Office, second: Office, people: dict[str, User]
) -> None:
    """The second concludes the line that the first writes about, and the answer to the first is slow: twenty keys a
    second act on nothing meanwhile; then the first reads who concluded what, and still has the words."""
    first = reviewer.page
    reviewer.tick("Dùng phím tắt khi đang ở bảng thẩm định:")
    first.get_by_label("Ý kiến, lý do").fill("Chưa đủ báo giá của ba đơn vị")
    second.page.get_by_role("button", name="Đạt cả năm tiêu chí").click()
    second.page.locator("input[type=radio][value=met]:checked").nth(4).wait_for()
    second.page.get_by_role("button", name="Thống nhất", exact=True).click()
    second.page.locator(".message-success", has_text=f"“{NAMES[0]}”").wait_for()
    held: list[Route] = []
    first.route(re.compile(r"/review/[0-9]+/$"), lambda route: held.append(route))
    first.locator("button[data-key='2']").click()
    first.locator("#review[aria-busy=true]").wait_for()
    first.locator(f"{OPENED} a").first.focus()
    for key in ("d", "1", "Enter", "j", "k", "3", "Enter") * 3:
        first.keyboard.press(key)
        first.wait_for_timeout(50)
    assert len(held) == 1
    go_on(held)
    first.get_by_text("Đề án đã thay đổi sau khi bạn mở trang").first.wait_for()
    said = reviewer.text()
    assert f"Bước gần nhất: “Thống nhất”, {people['reviewer_2']}" in said and "Chưa đủ báo giá của ba đơn vị" in said
    assert [(one.project.name, one.appraiser) for one in Appraisal.objects.all()] == [(NAMES[0], people["reviewer_2"])]


def test_lines_are_narrowed_ticked_and_accepted_together(reviewer: Office) -> None:
    """The count is said anew, ticks stay while another line is opened, and Back leads to the list as it was asked."""
    page = reviewer.page
    page.get_by_text("Lọc, sắp xếp").click()
    page.get_by_label("Sắp xếp").select_option(label="Theo tên đề án")
    page.wait_for_url("**sort=name**")
    page.get_by_label("Đề nghị từ (triệu đồng)").fill("1000")
    page.get_by_label("Đề nghị từ (triệu đồng)").press("Enter")
    page.locator("#shown[role=status]", has_text="Đang hiện 0 / 4 dòng").wait_for()
    page.go_back()
    page.locator("#shown[role=status]", has_text="Đang hiện 4 / 4 dòng").wait_for()
    for name in NAMES[1:3]:
        page.get_by_label(f"Chọn {name}").check()
    page.get_by_role("link", name=NAMES[3], exact=True).click()
    page.locator(OPENED, has_text=NAMES[3]).wait_for()
    assert page.locator(".pick:checked").count() == 2
    page.get_by_role("button", name="Thống nhất cùng lúc").click()
    page.get_by_role("button", name="Thống nhất 2 dòng").click()
    page.locator(".message-success", has_text="Đã thống nhất 2 dòng.").wait_for()
    assert {one.project.name for one in Appraisal.objects.all()} == set(NAMES[1:3])
    assert "sort=name" in page.url
