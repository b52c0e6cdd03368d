"""What the Department does with a round in the browser, by visible labels."""

from __future__ import annotations

from tests.browser.office import Office


def accept_open_line(office: Office) -> None:
    """Answers all five criteria at once and accepts the line that is open."""
    office.press_button("Đạt cả năm tiêu chí")
    office.page.locator("input[type=radio][value=met]:checked").nth(4).wait_for()
    before = office.page.locator(".review-progress p").inner_text()
    office.press_button("Thống nhất")
    office.page.wait_for_function(
        "before => document.querySelector('.review-progress p')?.innerText !== before", arg=before
    )


def review_round(office: Office, level: str, *, year: int = 2006) -> None:
    """Accepts each line that waits in the first round of that level, and endorses it."""
    office.open("Trang chủ", f"Thẩm định đợt 1 ({level}) năm {year}")
    while office.page.get_by_role("button", name="Đạt cả năm tiêu chí").count():
        accept_open_line(office)
    endorse(office)


def endorse(office: Office) -> None:
    office.open("Thống nhất đợt")
    office.press_button("Thống nhất đợt")
    office.page.get_by_text("đã thống nhất").first.wait_for()


def forward(office: Office, level: str, *, year: int = 2006) -> None:
    """The Department's head forwards an endorsed round to whoever decides."""
    office.open("Trang chủ", f"Trình đợt 1 ({level}) năm {year}")
    office.press_button("Trình phê duyệt")
    office.page.get_by_text("đã trình").first.wait_for()
