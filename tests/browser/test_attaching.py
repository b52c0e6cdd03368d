"""Attaching files in Chromium: one that is too large is named before anything is sent, and goes away again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from khuyencong.accounts.models import User
from projects.models import Project, ProjectDocument
from tests.browser.office import Office
from tests.factories import make_plan, make_project

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def project(people: dict[str, User]) -> Project:
    staff = people["centre_staff"]
    return make_project(plan=make_plan(organisation=staff.memberships.get().scope), by=staff)


def test_a_file_that_is_too_large_is_named_at_once(office: Office, project: Project, tmp_path: Path) -> None:
    large, small = tmp_path / "Bản quét.pdf", tmp_path / "Đơn.pdf"
    small.write_bytes(b"%PDF-1.4")
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    office.sign_in("centre_staff")
    page = office.page
    page.goto(f"{office.address}/projects/{project.pk}/")
    page.locator("#documents summary").click()
    chosen = page.locator("#documents input[type=file]")
    chosen.set_input_files([large, small])
    page.locator("#documents [role=alert]", has_text="Bản quét.pdf").wait_for()
    page.get_by_label("Tên tài liệu").fill("Hồ sơ")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.locator("#documents button[type=submit]").click()
    assert chosen.evaluate("box => box === document.activeElement") and "POST" not in sent
    chosen.set_input_files([small])
    assert page.locator("#documents [role=alert]").count() == 0
    page.locator("#documents button[type=submit]").click()
    page.locator(".documents a", has_text="Hồ sơ (Đơn.pdf)").wait_for()
    assert ProjectDocument.objects.get().title == "Hồ sơ"


def test_several_files_come_in_without_javascript(office_without_javascript: Office, project: Project) -> None:
    office_without_javascript.sign_in("centre_staff")
    page = office_without_javascript.page
    page.goto(f"{office_without_javascript.address}/projects/{project.pk}/")
    page.locator("#documents summary").click()
    files: list[Any] = [
        {"name": f"{mark}.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 " + mark.encode()} for mark in "ab"
    ]
    page.set_input_files("#documents input[type=file]", files)
    page.locator("#documents button[type=submit]").click()
    page.locator(".documents a", has_text="b.pdf").wait_for()
    assert ProjectDocument.objects.count() == 2
