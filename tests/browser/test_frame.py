"""The frame of every page in a browser: menu without JavaScript, unsaved typing, sent once."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import override_settings
from django.urls import path
from playwright.sync_api import Browser, Dialog, Page

from khuyencong.urls import urlpatterns as site_urls

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
SENT: list[str] = []
PAGE = """{% extends "base.html" %}{% block title %}Thử{% endblock %}
{% block content %}<h1>Thử khung trang</h1>
{% include "includes/form_errors.html" %}
<form method="post" novalidate>{% csrf_token %}{{ form.as_p }}
<button class="btn btn-primary">Lưu</button></form>
{% endblock %}
{% block pinned_action %}<a class="btn btn-primary" href="#content">Việc tiếp</a>{% endblock %}"""


class NameForm(forms.Form):
    name = forms.CharField(label="Tên đề án")


@login_not_required
def scratch_page(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST or None)
    if request.method == "POST":
        SENT.append(request.POST["name"])
        form.is_valid()
    user = {"is_authenticated": True, "get_full_name": "Nguyễn Thị Minh", "get_username": "minh"}
    page = engines["django"].from_string(PAGE)
    return HttpResponse(page.render({"form": form, "user": user}, request))


urlpatterns = [path("thu/", scratch_page), *site_urls]


@pytest.fixture
def address(live_server: Any) -> Iterator[str]:
    SENT.clear()
    with override_settings(ROOT_URLCONF="tests.browser.test_frame"):
        yield f"{live_server.url}/thu/"


def test_leaving_a_changed_form_asks_first(page: Page, address: str) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.goto(address)
    page.get_by_label("Tên đề án").press_sequentially("Dệt thảm")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Trang chủ").click()
    assert asked == ["beforeunload"]
    assert page.get_by_label("Tên đề án").input_value() == "Dệt thảm"


def test_form_is_sent_once_and_without_asking(page: Page, address: str) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto(address)
    page.get_by_label("Tên đề án").press_sequentially("Dệt thảm")
    with page.expect_navigation():
        page.evaluate("() => { const b = document.querySelector('main button'); b.click(); b.click(); }")
    assert (SENT, asked) == (["Dệt thảm"], [])


def test_error_summary_takes_the_focus_and_leads_to_the_field(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Lưu").click()
    page.locator(".error-summary:focus").wait_for()
    page.locator(".error-summary").get_by_role("link", name="Tên đề án").click()
    page.wait_for_url("**/thu/#id_name")


def test_phone_menu_opens_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(address)
    assert not page.get_by_role("link", name="Báo cáo").is_visible()
    page.locator(".phone-menu summary").click()
    assert page.get_by_role("link", name="Báo cáo").is_visible()
    page.locator(".phone-menu").get_by_role("button", name="EN").click()
    assert page.locator("html").get_attribute("lang") == "en"
    context.close()


@pytest.mark.parametrize("width", [360, 768, 1024, 1366, 1920])
def test_page_fits_and_is_accessible(page: Page, address: str, width: int) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert complaints == []


def test_first_tab_leads_past_the_menu(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    page.locator(".skip-link:focus").wait_for()
    page.keyboard.press("Enter")
    page.locator("#content:focus").wait_for()
