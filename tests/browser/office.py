"""An office worker at a browser: finds everything by its visible label, keeps a picture of each step."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PICTURES = Path(os.environ.get("PICTURES", "var/pictures"))
WIDTHS = (1366, 360)
PATIENCE = 60_000  # ms: a machine that is busy with other work is slow, not wrong


class Office:
    """One person's browser on the site, with a picture folder."""

    def __init__(self, browser: Browser, address: str, folder: str, *, with_javascript: bool = True) -> None:
        self.address = address
        self.folder = PICTURES / folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.context = browser.new_context(
            locale="vi-VN", viewport={"width": 1366, "height": 900}, java_script_enabled=with_javascript
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.loads = 0
        self.strokes = 0
        self.clicks = 0
        self.page.on("load", self._count_load)

    def _count_load(self, page: Page) -> None:
        self.loads += 1

    def sign_in(self, username: str) -> None:
        self.page.context.clear_cookies()
        self.page.goto(self.address)
        self.page.get_by_label("Tên đăng nhập").fill(username)
        self.page.get_by_label("Mật khẩu").fill(PASSWORD)
        self.page.get_by_role("button", name="Đăng nhập").click()
        self.page.get_by_role("button", name="Đăng xuất").first.wait_for()

    def open(self, *links: str) -> None:
        """Follows links by their words, from where the person is."""
        for link in links:
            self.clicks += 1
            self.page.get_by_role("link", name=link, exact=True).first.click()
            self.page.wait_for_load_state()

    def press_button(self, name: str) -> None:
        self.clicks += 1
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        self.clicks += 2  # the list is opened, then the option chosen
        self.page.get_by_label(label, exact=True).first.select_option(label=option)

    def tick(self, label: str) -> None:
        self.clicks += 1
        self.page.get_by_label(label, exact=True).first.check()

    def text(self) -> str:
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    def row(self, words: str) -> str:
        """The text of the first table row with those words."""
        return re.sub(r"\s+", " ", self.page.get_by_role("row").filter(has_text=words).first.inner_text())

    def picture(self, name: str) -> None:
        """The page at both widths, which must not scroll sideways."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            excess = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert excess <= 0, f"{name} at {width} px is {excess} px too wide"
            self.page.screenshot(path=self.folder / f"{name}-{width}.png", full_page=True)
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})

    # By keyboard alone

    def type(self, text: str) -> None:
        """Types where the caret is. A browser drops what is typed before it has drawn the page."""
        self.page.locator("input:focus, textarea:focus, select:focus").wait_for()
        self.strokes += len(text)
        self.page.keyboard.type(text)

    def key(self, name: str, times: int = 1) -> None:
        for _ in range(times):
            self.strokes += 1
            self.page.keyboard.press(name)
