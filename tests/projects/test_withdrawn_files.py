"""A wrong file is withdrawn and stays named; what it holds can be erased afterwards; it is current nowhere."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import User
from projects.models import Project, ProjectDocument
from projects.services.documents import attach_files, erase_document, withdraw_document
from tests.factories import make_plan, make_project
from tests.projects.attempts import code_of

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4 "


def pdf(words: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{words}.pdf", PDF + words.encode())


@pytest.fixture
def disk(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def project(centre_staff: User, disk: Path) -> Project:
    return make_project(plan=make_plan(organisation=centre_staff.memberships.get().scope), by=centre_staff)


@pytest.fixture
def document(project: Project, centre_staff: User) -> ProjectDocument:
    [document] = attach_files(record=project, files=[pdf("Căn cước")], actor=centre_staff)
    return document


def stored(disk: Path) -> list[Path]:
    return [path for path in disk.rglob("*") if path.is_file()]


def test_from_the_wrong_file_to_the_erased_one(
    client: Client, centre_staff: User, centre_head: User, project: Project, document: ProjectDocument, disk: Path
) -> None:
    """Attached to the wrong project by staff, who say so; their head erases it since it holds a person's number."""
    client.force_login(centre_staff)
    page = project.get_absolute_url()
    address = reverse("projects:project_document", args=[document.pk])
    withdraw = reverse("projects:document_withdraw", args=[document.pk, "projects"])
    assert withdraw in client.get(page).content.decode()
    unsaid = client.post(withdraw, {"reason": " "})
    assert unsaid.status_code == 422 and "Hãy ghi lý do." in unsaid.content.decode()
    text = client.post(withdraw, {"reason": "Của đề án khác, số 031085001234"}, follow=True).content.decode()
    assert "Đã rút “Căn cước.pdf”." in text and "1 tài liệu đã rút" in text
    assert "Của đề án khác, số" in text and "031085001234" not in text, "who, when and why, numbers masked"

    refused = client.get(address, follow=True)
    assert refused.redirect_chain == [(page, 302)] and "đã được rút, không còn dùng" in refused.content.decode()
    read = client.get(f"{address}?withdrawn")
    assert b"".join(read.streaming_content) == PDF + "Căn cước".encode(), "until it is erased the wrong one is readable"  # type: ignore[attr-defined]
    assert "/erase/" not in client.get(page).content.decode(), "staff erase nothing"

    client.force_login(centre_head)
    erase = reverse("projects:document_erase", args=[document.pk, "projects"])
    assert erase in client.get(page).content.decode()
    text = client.post(erase, {"reason": "Có số căn cước"}, follow=True).content.decode()
    assert "Đã xóa nội dung “Căn cước.pdf”." in text and "Có số căn cước" in text and erase not in text
    gone = client.get(f"{address}?withdrawn", follow=True)
    assert "Nội dung tài liệu “Căn cước.pdf” đã được xóa." in gone.content.decode()
    kept = ProjectDocument.objects.get()
    assert (kept.original_name, kept.sha256, kept.size_bytes) == ("Căn cước.pdf", document.sha256, document.size_bytes)
    assert (kept.file.name, kept.erased_by, kept.withdrawn_by) == ("", centre_head, centre_staff)


def test_the_bytes_go_when_the_row_is_written(
    centre_staff: User, centre_head: User, document: ProjectDocument, disk: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    wrong = withdraw_document(document=document, reason="Nhầm", actor=centre_staff)
    assert len(stored(disk)) == 1, "withdrawing takes nothing away"
    with django_capture_on_commit_callbacks(execute=True):
        erase_document(document=wrong, reason="Riêng tư", actor=centre_head)
    assert stored(disk) == []


def test_the_name_that_stays_says_no_number(centre_staff: User, centre_head: User, project: Project) -> None:
    files = [pdf("CCCD 031085001234")]
    [document] = attach_files(record=project, files=files, title="Căn cước 031085001234", actor=centre_staff)
    wrong = withdraw_document(document=document, reason="Nhầm", actor=centre_staff)
    assert "031085001234" in str(wrong)
    erase_document(document=wrong, reason="Riêng tư", actor=centre_head)
    name = str(ProjectDocument.objects.get())
    assert "031085001234" not in name and name.startswith("Căn cước") and name.endswith(".pdf)")


def test_what_can_not_be_taken_back(centre_staff: User, centre_head: User, document: ProjectDocument) -> None:
    def erase(reason: str = "Riêng tư") -> str:
        return code_of(lambda: erase_document(document=document, reason=reason, actor=centre_head))

    def withdraw(reason: str = "Nhầm") -> str:
        return code_of(lambda: withdraw_document(document=document, reason=reason, actor=centre_staff))

    assert (withdraw(" "), withdraw("x" * 301), erase()) == ("no_reason", "invalid", "current")
    withdraw_document(document=document, reason="Nhầm", actor=centre_staff)
    assert (withdraw(), erase(" "), erase("x" * 301)) == ("twice", "no_reason", "invalid")
    erase_document(document=document, reason="Riêng tư", actor=centre_head)
    assert erase() == "twice"


def test_a_file_that_the_disk_has_lost_is_withdrawn_and_erased_too(
    centre_staff: User,
    centre_head: User,
    document: ProjectDocument,
    disk: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    for path in stored(disk):
        path.unlink()
    with django_capture_on_commit_callbacks(execute=True):
        wrong = withdraw_document(document=document, reason="Mất tệp", actor=centre_staff)
        erase_document(document=wrong, reason="Mất tệp", actor=centre_head)
    assert ProjectDocument.objects.get().erased_by == centre_head


def test_the_same_file_may_come_again_once_it_was_withdrawn(centre_staff: User, document: ProjectDocument) -> None:
    withdraw_document(document=document, reason="Rút nhầm", actor=centre_staff)
    [again] = attach_files(record=document.project, files=[pdf("Căn cước")], actor=centre_staff)
    assert again.sha256 == document.sha256
    assert Project.objects.get().current_documents == [again]


def test_a_trace_without_a_person_is_no_trace(document: ProjectDocument, centre_staff: User) -> None:
    """The database refuses it, and bytes that are said to be erased and are not."""
    rows = ProjectDocument.objects.filter(pk=document.pk)
    withdrawn: dict[str, Any] = {"withdrawn_at": timezone.now(), "withdrawn_by": centre_staff}
    erased: dict[str, Any] = {"erased_at": timezone.now(), "erased_by": centre_staff}
    for wrong in (
        {"withdrawn_at": timezone.now()}, {"withdrawn_by": centre_staff}, erased | {"file": ""}, withdrawn | erased,
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
    assert rows.update(**withdrawn, **erased, file="") == 1


def test_the_take_out_says_what_became_of_each_file(
    client: Client, centre_staff: User, document: ProjectDocument
) -> None:
    withdraw_document(document=document, reason="Của đề án khác", actor=centre_staff)
    client.force_login(centre_staff)
    answer = client.get(reverse("reports:take_out_xlsx"))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "Của đề án khác" in cells and document.sha256 in cells
