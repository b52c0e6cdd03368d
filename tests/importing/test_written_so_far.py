"""Whoever waits for a long list sees how much of it is written; nobody sees any of it before all is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.lists import firms, plan_writing
from projects.importing.models import ImportBatch
from projects.importing.services.batches import bring_file, write_batch
from projects.importing.so_far import SoFar
from projects.models import Beneficiary, Project
from projects.refusals import Refused
from projects.services.many_projects import create_projects
from tests.importing.lists import HEADER, answered, brought, plan_of, workbook

pytestmark = pytest.mark.django_db
ROWS = 7


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_writing, "BLOCK", 3)
    monkeypatch.setattr(firms, "BLOCK", 3)


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return plan_of(centre_staff)


def a_list(**more: Any) -> bytes:
    rows = [
        (n, f"Đào tạo nghề {n}", f"HTX Số {n % 2}", "Tiên Lãng", "Cả năm", None, 50, None) for n in range(1, ROWS + 1)
    ]
    return workbook([HEADER, *rows], **more)


@pytest.fixture
def batch(plan: AnnualPlan, centre_staff: User) -> ImportBatch:
    return answered(brought(plan, a_list(), centre_staff), centre_staff)


def test_the_figures_grow_to_the_whole_of_the_list(batch: ImportBatch, centre_staff: User) -> None:
    figures: list[tuple[int, int]] = []
    write_batch(batch=batch, version=batch.version, actor=centre_staff, told=lambda *said: figures.append(said))
    assert figures == [(0, 7), (3, 7), (6, 7), (7, 7)]
    assert Project.objects.count() == 7 and Beneficiary.objects.count() == 2  # one firm over several blocks


def test_changed_rows_and_new_ones_are_counted_together(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(n, f"Đào tạo nghề {n}", None, "Tiên Lãng", "Cả năm", None, 50, None) for n in range(1, 3)]
    first = answered(brought(plan, workbook([HEADER, *rows]), centre_staff), centre_staff)
    write_batch(batch=first, version=first.version, actor=centre_staff)
    more = [(*row[:6], 60, None) for row in rows] + [(3, "Hội chợ", None, "Toàn thành phố", "Cả năm", None, 9, None)]
    again = answered(brought(plan, workbook([HEADER, *more]), centre_staff), centre_staff)
    figures: list[tuple[int, int]] = []
    write_batch(batch=again, version=again.version, actor=centre_staff, told=lambda *said: figures.append(said))
    assert figures == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_list_of_establishments_tells_too(plan: AnnualPlan, centre_staff: User) -> None:
    content = workbook(
        [("STT", "Tên đơn vị", "Địa chỉ"), *((n, f"HTX Số {n}", "Tiên Lãng") for n in range(1, ROWS + 1))]
    )
    office = plan.organisation
    batch = answered(
        bring_file(plan=None, organisation=office, kind="firms", name="a.xlsx", content=content, actor=centre_staff),
        centre_staff,
    )
    figures: list[tuple[int, int]] = []
    write_batch(batch=batch, version=batch.version, actor=centre_staff, told=lambda *said: figures.append(said))
    assert [done for done, _total in figures] == [0, 3, 6, 7, 7] and {total for _done, total in figures} == {7}


def failing(batch: ImportBatch, seen: list[tuple[int, int] | None]) -> Callable[..., list[Project]]:
    """Writes two blocks; the third is refused. Keeps what somebody who waits would see before each."""

    def create(**given: Any) -> list[Project]:
        seen.append(SoFar(batch).read())
        if len(seen) > 2:
            raise Refused("Mã đề án đã có.", code="taken")
        return create_projects(**given)

    return create


def test_a_refusal_in_the_middle_is_shown_and_writes_nothing(
    batch: ImportBatch, client: Client, centre_staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(centre_staff)
    seen: list[tuple[int, int] | None] = []
    monkeypatch.setattr(plan_writing, "create_projects", failing(batch, seen))
    page = client.post(batch.get_absolute_url(), {"version": batch.version, "write": "1"}, follow=True)
    assert seen == [(0, 7), (3, 7), (6, 7)] and SoFar(batch).read() is None
    assert "Mã đề án đã có." in page.content.decode()
    assert not Project.objects.exists() and not Beneficiary.objects.exists()
    assert ImportBatch.objects.get().is_open


@pytest.fixture
def while_written(batch: ImportBatch, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What another window is answered after each block."""
    answers: list[Any] = []
    tell = SoFar.tell

    def told(self: SoFar, done: int, total: int) -> None:
        tell(self, done, total)
        other = Client()
        other.force_login(batch.created_by)
        answers.append(other.get(reverse("importing:so_far", args=[batch.pk])).json())

    monkeypatch.setattr(SoFar, "tell", told)
    yield answers


def test_another_window_is_answered_with_the_figures_and_a_plain_form_with_the_result(
    batch: ImportBatch, client: Client, centre_staff: User, while_written: list[Any]
) -> None:
    client.force_login(centre_staff)
    page = client.post(batch.get_absolute_url(), {"version": batch.version, "write": "1"}, follow=True)
    assert page.redirect_chain == [(batch.get_absolute_url(), 302)]
    assert "Đã nhập 7 dòng từ “danh-muc.xlsx”." in page.content.decode()
    assert [one["done"] for one in while_written] == [0, 3, 6, 7]
    assert while_written[1] == {"done": 3, "total": 7, "words": "Đã ghi 3 / 7 dòng"}
    assert client.get(reverse("importing:so_far", args=[batch.pk])).json() == {}


def test_a_second_press_finds_the_list_written(batch: ImportBatch, client: Client, centre_staff: User) -> None:
    client.force_login(centre_staff)
    for _press in range(2):
        page = client.post(batch.get_absolute_url(), {"version": batch.version, "write": "1"}, follow=True)
    assert "Lần nhập này đã kết thúc: Đã nhập." in page.content.decode() and Project.objects.count() == 7


def test_figures_that_a_killed_process_left_are_not_told(batch: ImportBatch) -> None:
    SoFar(batch).tell(6, 7)
    with SoFar(batch) as figures:
        assert figures.read() is None
        figures.tell(0, 7)
        assert SoFar(batch).read() == (0, 7)
    assert SoFar(batch).read() is None


def test_a_disk_that_takes_no_figures_stops_no_list(
    batch: ImportBatch, client: Client, centre_staff: User, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "imports").write_text("no folder")
    settings.MEDIA_ROOT = tmp_path
    client.force_login(centre_staff)
    client.post(batch.get_absolute_url(), {"version": batch.version, "write": "1"})
    assert Project.objects.count() == 7


def test_what_is_still_open_is_said_and_nothing_is_written(
    plan: AnnualPlan, client: Client, centre_staff: User
) -> None:
    open_list = brought(plan, a_list(unit=""), centre_staff)
    client.force_login(centre_staff)
    sent = {"version": open_list.version, "write": "1"}
    page = client.post(open_list.get_absolute_url(), sent, follow=True)
    assert "Còn mục chưa chọn, nên chưa nhập." in page.content.decode() and not Project.objects.exists()
