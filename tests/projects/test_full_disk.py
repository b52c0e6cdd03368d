"""A file that can't be stored: what was to be recorded with it is not, nothing is left on the disk, it is said why."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile, TemporaryUploadedFile
from django.db import DatabaseError
from django.db.models.sql.compiler import SQLInsertCompiler
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.attachments import filing
from programmes.models import AllocationEntry, AnnualPlan, Decision, DecisionDocument
from projects.models import Project, ProjectDocument, ProjectRevision
from tests.factories import MILLION, approved_project, authority, decide, make_plan, make_project, source
from tests.there import there

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n" + b"0" * 1000
REFUSAL = "Máy chủ chưa lưu được tệp này"


@pytest.fixture
def disk(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(disk: Path) -> list[Path]:
    return [path for path in disk.rglob("*") if path.is_file()]


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk takes a part of each file and no more."""

    def chunks(self: InMemoryUploadedFile, size: int | None = None) -> Iterator[bytes]:
        yield self.read(100)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(InMemoryUploadedFile, "chunks", chunks)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database does not take the row of a document; its file is stored by then."""
    as_sql = SQLInsertCompiler.as_sql

    def refuse(self: SQLInsertCompiler) -> Any:
        statements = as_sql(self)
        if self.query.model in (DecisionDocument, ProjectDocument):
            raise DatabaseError("connection lost")
        return statements

    monkeypatch.setattr(SQLInsertCompiler, "as_sql", refuse)


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff)
    return plan


@pytest.fixture
def approved(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    return there(approved_project(staff=centre_staff, head=centre_head, department=department_head).latest_plan())


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("341.pdf", PDF)


def letter(**more: Any) -> dict[str, Any]:
    head = {"number": "2/QĐ", "issued_on": "01/07/2006", "authority": str(authority().pk)}
    return head | {"summary": "Giao thêm kinh phí", "scan": scan()} | more


def test_document_of_a_project(client: Client, centre_staff: User, plan: AnnualPlan, disk: Path, full: None) -> None:
    client.force_login(centre_staff)
    address = reverse("projects:project_document_add", args=[Project.objects.get().pk])
    answer = client.post(address, {"file": scan(), "title": "Thuyết minh đã ký"})
    page = answer.content.decode()
    assert answer.status_code == 422 and REFUSAL in page and 'value="Thuyết minh đã ký"' in page
    assert not ProjectDocument.objects.exists() and not files(disk)


def test_letter_with_its_scan(client: Client, department_head: User, plan: AnnualPlan, disk: Path, full: None) -> None:
    """Neither the letter nor its money: sent once more, it is recorded once."""
    client.force_login(department_head)
    address = reverse("projects:decision_create", args=[plan.pk])
    answer = client.post(address, letter(**{f"source-{source('KCDP').pk}-after": "90 tr"}))
    page = answer.content.decode()
    assert answer.status_code == 422 and REFUSAL in page
    assert "Giao thêm kinh phí" in page and 'value="90 tr"' in page
    assert not Decision.objects.exists() and not AllocationEntry.objects.exists() and not files(disk)


def test_letter_that_adjusts_a_project(
    client: Client, department_head: User, approved: AnnualPlan, disk: Path, full: None
) -> None:
    client.force_login(department_head)
    project, before = Project.objects.get(), ProjectRevision.objects.count()
    typed = {"area_scope": "whole_city", "places": "", "end_on": "15/12/2006", "reason": "Chuyển địa bàn"}
    rows = {"support-TOTAL_FORMS": "0", "support-INITIAL_FORMS": "0", "version": str(project.version)}
    answer = client.post(reverse("projects:project_adjust", args=[project.pk]), letter(**typed, **rows))
    page = answer.content.decode()
    assert answer.status_code == 422 and REFUSAL in page and "Chuyển địa bàn" in page
    assert Decision.objects.count() == 1 and ProjectRevision.objects.count() == before and not files(disk)


def test_letter_that_carries_money_over(
    client: Client, department_head: User, approved: AnnualPlan, disk: Path, full: None
) -> None:
    client.force_login(department_head)
    later = make_plan(organisation=approved.organisation, year=2007)
    decide(plan=approved, by=department_head, assigned={"KCDP": 80 * MILLION}, number="3/QĐ")
    typed = letter(issued_on="20/12/2006", **{f"free-{source('KCDP').pk}": "20 tr"})
    answer = client.post(reverse("projects:plan_carry_over", args=[approved.pk]), typed)
    assert answer.status_code == 422 and REFUSAL in answer.content.decode()
    assert not AllocationEntry.objects.for_plans([later]).exists() and not files(disk)


def test_file_goes_with_its_row_when_the_database_fails(
    client: Client, department_head: User, plan: AnnualPlan, disk: Path, failing: None
) -> None:
    client.force_login(department_head)
    client.raise_request_exception = False
    answer = client.post(
        reverse("projects:decision_create", args=[plan.pk]), letter(**{f"source-{source('KCDP').pk}-after": "90 tr"})
    )
    assert answer.status_code == 500
    assert not Decision.objects.exists() and not files(disk)


def test_files_stored_before_the_one_that_failed_go_too(
    centre_staff: User, plan: AnnualPlan, disk: Path, failing: None
) -> None:
    project = Project.objects.get()
    with pytest.raises(DatabaseError), filing() as documents:
        documents += [ProjectDocument(project=project, file=scan(), uploaded_by=centre_staff) for _number in range(2)]
    assert not ProjectDocument.objects.exists() and not files(disk)


def test_file_of_any_size_that_is_taken_needs_no_other_disk(
    client: Client, centre_staff: User, plan: AnnualPlan, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where large uploads would wait, there may be no room either, and a form that can't be read has no answer."""

    def no_room(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryUploadedFile, "__init__", no_room)
    client.force_login(centre_staff)
    large = SimpleUploadedFile("to.pdf", PDF + b"0" * (19 * 1024 * 1024))
    address = reverse("projects:project_document_add", args=[Project.objects.get().pk])
    assert client.post(address, {"file": large, "title": ""}).status_code == 302
    assert len(files(disk)) == ProjectDocument.objects.count() == 1
