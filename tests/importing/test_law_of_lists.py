"""What the law says of a list is read before it is written, is no choice, and is asked where it always is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.importing.law import warned_rows
from projects.importing.models import ImportBatch
from projects.importing.understanding import understand_list
from projects.models import Beneficiary, Project
from projects.refusals import Refused
from projects.services.rounds import missing_for_submission
from tests.importing.lists import HEADER, brought, imported, plan_of, workbook
from tests.law import load_law

pytestmark = pytest.mark.django_db
MINE, OTHERS = (
    [number, f"Hỗ trợ máy khoan {number}", f"HTX Số {number}", "Quận Lê Chân", "Cả năm", None, 60, own]
    for number, own in ((1, None), (2, 90))
)


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    load_law()
    return plan_of(centre_staff, 2019)


def listed(plan: AnnualPlan, by: User, *rows: Any) -> ImportBatch:
    return brought(plan, workbook([HEADER, *rows]), by)


def test_warnings_stand_on_the_page_before_anything_is_written(
    client: Client, plan: AnnualPlan, centre_staff: User
) -> None:
    batch = listed(plan, centre_staff, MINE, OTHERS)
    client.force_login(centre_staff)
    address = reverse("importing:law", args=[batch.pk])
    assert f'hx-get="{address}"' in client.get(batch.get_absolute_url()).content.decode()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "<html" in client.get(address).content.decode()
    assert "Chưa có vốn đối ứng" in part and "phải ghi lý do trước khi gửi Sở" in part
    assert not Project.objects.exists() and not Beneficiary.objects.exists()
    assert ImportBatch.objects.get(pk=batch.pk).is_open


def test_they_are_those_that_are_asked_before_sending(plan: AnnualPlan, centre_staff: User) -> None:
    content = workbook([HEADER, MINE, OTHERS])
    batch = brought(plan, content, centre_staff)
    before = warned_rows(understand_list(batch, centre_staff), centre_staff)
    asked = {(row.values["name"], one.name) for one in before if one.needs_reason for row, _warning in one.rows}
    imported(plan, content, centre_staff)
    missing = missing_for_submission(PlanRound.objects.get())
    assert asked and {f"{name}: cần ghi lý do (trang đề án, mục Cảnh báo)" for _project, name in asked} == {
        text for _project, text in missing
    }
    assert {str(project) for project, _text in missing} == {name for name, _warning in asked}


def test_what_writing_would_refuse_is_said(
    client: Client, plan: AnnualPlan, centre_staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_read: Any) -> None:
        raise Refused("Mã KC2019-001 đã dùng.")

    batch = listed(plan, centre_staff, MINE)
    client.force_login(centre_staff)
    monkeypatch.setattr("projects.importing.views.batches.warned_rows", refuse)
    page = client.get(reverse("importing:law", args=[batch.pk])).content.decode()
    assert "khi nhập sẽ bị từ chối: Mã KC2019-001 đã dùng." in page and "Không có cảnh báo" not in page


def test_a_list_that_is_over_has_none(client: Client, plan: AnnualPlan, centre_staff: User) -> None:
    batch = listed(plan, centre_staff, MINE)
    ImportBatch.objects.update(stage="dropped")
    client.force_login(centre_staff)
    assert client.get(reverse("importing:law", args=[batch.pk])).headers["Location"] == batch.get_absolute_url()


def test_it_asks_for_few_things_however_long_the_list(plan: AnnualPlan, centre_staff: User) -> None:
    counts = []
    for size in (3, 30):
        rows = [[n, f"Hỗ trợ máy {n}", f"HTX Số {n}", "H. Tiên Lãng", "Cả năm", None, 60, 90] for n in range(1, size)]
        understood = understand_list(listed(plan, centre_staff, *rows), centre_staff)
        with CaptureQueriesContext(connection) as asked:
            warned_rows(understood, centre_staff)
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
