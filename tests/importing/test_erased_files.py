"""The file of a list may hold personal numbers: who may have it, and how it is taken out of the system."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch, ImportedRow
from projects.importing.services.batches import drop_batch, erase_file
from projects.refusals import NotAllowed, Refused
from tests.importing.lists import FAIR, HEADER, TRAINING, brought, imported, workbook

pytestmark = pytest.mark.django_db
NUMBER = "031085001234"
ROWS = [(*HEADER, "Ghi chú"), (*TRAINING, f"CCCD {NUMBER}"), (*FAIR, None)]
ROLES = ["centre_staff", "centre_head", "accountant", "reviewer", "department_head", "observer", "administrator"]


@pytest.fixture
def batch(plan: AnnualPlan, centre_staff: User) -> ImportBatch:
    return imported(plan, workbook(ROWS), centre_staff)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", ROLES)
def test_only_whoever_writes_such_lists_has_the_file(
    batch: ImportBatch, role: str, request: pytest.FixtureRequest
) -> None:
    client = logged_in(request.getfixturevalue(role))
    expected = 200 if role in {"centre_staff", "centre_head"} else 403
    for name in ("importing:source_file", "importing:annotated"):
        assert client.get(reverse(name, args=[batch.pk])).status_code == expected
    page = client.get(batch.get_absolute_url())
    assert page.status_code == 200 and ("Tải tệp gốc" in page.content.decode()) == (expected == 200)


def test_the_file_comes_as_it_was_brought(batch: ImportBatch, centre_staff: User) -> None:
    answer = logged_in(centre_staff).get(reverse("importing:source_file", args=[batch.pk]))
    assert b"".join(answer) == batch.file.open().read()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="danh-muc.xlsx"'


@pytest.mark.parametrize("role", ROLES)
def test_only_the_head_of_the_centre_and_the_administrator_erase(
    batch: ImportBatch, role: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(role)
    if role in {"centre_head", "administrator"}:
        assert erase_file(batch=batch, reason="có số CCCD", actor=user).erased_by == user
        return
    with pytest.raises(NotAllowed):
        erase_file(batch=batch, reason="có số CCCD", actor=user)
    assert logged_in(user).get(reverse("importing:erase", args=[batch.pk])).status_code == 403


def test_nothing_of_the_number_stays(
    batch: ImportBatch, centre_head: User, django_capture_on_commit_callbacks: object
) -> None:
    path = Path(batch.file.path)
    assert path.exists() and NUMBER in json.dumps(batch.sheets)
    before = list(ImportedRow.objects.values_list("cells", flat=True))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = logged_in(centre_head).post(reverse("importing:erase", args=[batch.pk]), {"reason": f"có {NUMBER}"})
    assert answer.status_code == 302 and not path.exists()
    kept = ImportBatch.objects.get()
    assert (kept.file_name, kept.sha256, kept.size_bytes) == (batch.file_name, batch.sha256, batch.size_bytes)
    assert NUMBER not in json.dumps(list(ImportBatch.objects.values()), default=str)
    assert list(ImportedRow.objects.values_list("cells", flat=True)) == before
    assert NUMBER not in json.dumps(before) and "Đào tạo nghề thêu ren" in json.dumps(before, ensure_ascii=False)


def test_the_page_says_when_by_whom_and_why(batch: ImportBatch, centre_head: User) -> None:
    erase_file(batch=batch, reason="tệp có số CCCD", actor=centre_head)
    client = logged_in(centre_head)
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "Đã xóa tệp gốc ngày" in page and "lý do: tệp có số CCCD" in page and "Tải tệp gốc" not in page
    for name in ("importing:source_file", "importing:annotated"):
        assert client.get(reverse(name, args=[batch.pk])).status_code == 403
    with pytest.raises(Refused, match="đã được xóa"):
        erase_file(batch=batch, reason="lần nữa", actor=centre_head)


def test_a_list_that_is_open_is_dropped_first(plan: AnnualPlan, centre_staff: User, centre_head: User) -> None:
    batch = brought(plan, workbook(ROWS), centre_staff)
    with pytest.raises(Refused, match="Hãy nhập hoặc bỏ tệp này trước"):
        erase_file(batch=batch, reason="nhầm tệp", actor=centre_head)
    drop_batch(batch=batch, actor=centre_staff)
    assert erase_file(batch=batch, reason="nhầm tệp", actor=centre_head).sheets == []


def test_a_reason_is_needed_and_books_may_be_closed(batch: ImportBatch, centre_head: User) -> None:
    with pytest.raises(Refused, match="lý do"):
        erase_file(batch=batch, reason=" ", actor=centre_head)
    AnnualPlan.objects.update(is_closed=True)
    assert erase_file(batch=batch, reason="có số CCCD", actor=centre_head).erased_at


def test_another_centre_sees_nothing_of_it(batch: ImportBatch, stranger: User) -> None:
    for name in ("importing:source_file", "importing:erase"):
        assert logged_in(stranger).get(reverse(name, args=[batch.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        erase_file(batch=batch, reason="của đơn vị khác", actor=stranger)


def test_a_number_in_the_name_of_the_file_is_masked(batch: ImportBatch, centre_head: User) -> None:
    ImportBatch.objects.update(file_name=f"CCCD {NUMBER}.xlsx")
    assert erase_file(batch=batch, reason="có số CCCD", actor=centre_head).file_name == "CCCD 031…234.xlsx"


def test_what_is_said_to_be_erased_is_gone(batch: ImportBatch, centre_head: User) -> None:
    """The database refuses bytes that stay, and an erasing by nobody."""
    erased: dict[str, Any] = {"erased_at": timezone.now(), "erased_by": centre_head}
    for wrong in (erased, {"erased_at": timezone.now(), "file": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ImportBatch.objects.update(**wrong)
    assert ImportBatch.objects.update(**erased, file="") == 1
