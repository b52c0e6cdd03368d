"""Scans of letters and files of projects: what is taken, who reads it, how it is served."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.attachments import MAX_BYTES
from programmes.models import Decision, DecisionDocument
from projects.models import Project, ProjectDocument
from projects.refusals import Refused
from projects.services.documents import attach_files
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all
from tests.kept import kept
from tests.there import there

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n"
ONLY = "Chỉ nhận tệp PDF, ảnh (JPG, PNG, HEIC), Word (.docx, .odt) hoặc Excel (.xlsx, .ods)."
JPG, PNG = b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@pytest.fixture
def project(centre_staff: User) -> Project:
    return make_project(plan=make_plan(organisation=centre_staff.memberships.get().scope), by=centre_staff)


@pytest.fixture
@kept
def decision(project: Project, centre_head: User, department_head: User) -> Decision:
    plan = there(project.latest_plan())
    submit_all(plan=plan, by=centre_head)
    return decide(plan=plan, by=department_head, assigned={"KCDP": 60 * MILLION}, approved=requested_cells(plan))


def upload(name: str = "Thuyết minh đề án.pdf", content: bytes = PDF) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content), "title": ""}


def test_file_is_attached_listed_and_served_under_its_own_name(
    client: Client, centre_staff: User, observer: User, project: Project
) -> None:
    client.force_login(centre_staff)
    address = reverse("projects:project_document_add", args=[project.pk])
    page = client.post(address, upload(), follow=True).content.decode()
    document = ProjectDocument.objects.get()
    assert "Thuyết minh đề án.pdf" in page
    assert "Thuy" not in document.file.name, "the stored name says nothing"
    client.force_login(observer)
    response = client.get(reverse("projects:project_document", args=[document.pk]))
    assert response.getvalue() == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''Thuy%E1%BA%BFt")


def test_page_of_the_form_stands_alone_too(client: Client, centre_staff: User, project: Project) -> None:
    """After a refusal the address may be opened again, as changing the language does."""
    client.force_login(centre_staff)
    address = reverse("projects:project_document_add", args=[project.pk])
    page = client.get(address)
    assert page.status_code == 200 and "error-summary" not in page.content.decode()


def test_file_lost_from_the_disk_is_said_on_its_record(client: Client, centre_staff: User, project: Project) -> None:
    client.force_login(centre_staff)
    client.post(reverse("projects:project_document_add", args=[project.pk]), upload())
    document = ProjectDocument.objects.get()
    document.file.storage.delete(document.file.name)
    response = client.get(reverse("projects:project_document", args=[document.pk]), follow=True)
    assert response.redirect_chain == [(project.get_absolute_url(), 302)]
    assert "Tệp “Thuyết minh đề án.pdf” không còn trên máy chủ." in response.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "kept_as", "served_as"),
    [
        ("Quét.PDF", PDF, "Quét.PDF", "application/pdf"),
        ("Máy quét.pdf", b"\xef\xbb\xbf\r\n" + PDF, "Máy quét.pdf", "application/pdf"),
        ("Cổng dịch vụ công.pdf", b"HTTP/1.1 200 OK\r\n\r\n" + PDF, "Cổng dịch vụ công.pdf", "application/pdf"),
        ("Máy in.pdf", b"\x1b%-12345X@PJL\r\n" + b" " * 900 + PDF, "Máy in.pdf", "application/pdf"),
        ("Ảnh.JPG", JPG, "Ảnh.JPG", "image/jpeg"),
        ("Ảnh Edge.jfif", JPG, "Ảnh Edge.jfif", "image/jpeg"),
        ("Ảnh.jpeg", b"\xff\xd8\xff\xe1\x00\x10Exif", "Ảnh.jpeg", "image/jpeg"),
        ("Chụp màn hình.PNG", PNG, "Chụp màn hình.PNG", "image/png"),
        ("Gửi qua điện thoại.jpg", PNG, "Gửi qua điện thoại.png", "image/png"),
        ("Quyết định số 341", PDF, "Quyết định số 341.pdf", "application/pdf"),
        ("Quyết định 16.6.2006", JPG, "Quyết định 16.6.2006.jpg", "image/jpeg"),
        ("d" * 251 + ".pdf", PDF, "d" * 250 + ".pdf", "application/pdf"),
    ],
)
def test_scan_is_what_its_content_says(
    client: Client, centre_staff: User, project: Project, name: str, content: bytes, kept_as: str, served_as: str
) -> None:
    """Scanners and printers write something before a PDF, phones call a PNG a JPG, and some names have no ending."""
    client.force_login(centre_staff)
    answer = client.post(reverse("projects:project_document_add", args=[project.pk]), upload(name, content))
    assert answer.status_code == 302
    document = ProjectDocument.objects.get()
    served = client.get(reverse("projects:project_document", args=[document.pk]))
    assert served.getvalue() == content
    assert (document.original_name, served["Content-Type"]) == (kept_as, served_as)
    assert served["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("mã độc.exe", b"MZ", ONLY),
        ("mã độc.exe", PDF, ONLY),
        (
            "trang.html",
            b"<script>",
            ONLY,
        ),
        (
            "trang.html",
            b"<script>" + PDF,
            ONLY,
        ),
        ("giả.pdf", b"<html>", "không khớp với đuôi tên tệp"),
        ("giả.pdf", b"<!doctype html><script>alert(1)</script>" + PDF, "không khớp với đuôi tên tệp"),
        ("giả.pdf", b"\xef\xbb\xbf \r\n<svg>" + PDF, "không khớp với đuôi tên tệp"),
        ("giả.pdf", b"\xff\xfe<\x00h\x00" + PDF, "không khớp với đuôi tên tệp"),
        ("giả.pdf", b"MZ\x90\x00" + PDF, "không khớp với đuôi tên tệp"),
        ("giả.pdf", b" \nMZ\x90\x00" + PDF, "không khớp với đuôi tên tệp"),
        ("giả.jpg", b"GIF89a", "không khớp với đuôi tên tệp"),
        ("muộn.pdf", b" " * 1024 + PDF, "không khớp với đuôi tên tệp"),
        (
            "không đuôi",
            b"MZ\x90\x00" + PDF,
            ONLY,
        ),
        (
            "không đuôi",
            b"#!/bin/sh",
            ONLY,
        ),
        ("to.pdf", PDF + b"0" * MAX_BYTES, "lớn hơn 20 MB"),
    ],
)
def test_other_files_are_refused_in_words(
    client: Client, centre_staff: User, project: Project, name: str, content: bytes, message: str
) -> None:
    client.force_login(centre_staff)
    address = reverse("projects:project_document_add", args=[project.pk])
    response = client.post(address, upload(name, content))
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not ProjectDocument.objects.exists()


def test_scan_of_a_letter_is_added_afterwards(client: Client, department_head: User, decision: Decision) -> None:
    client.force_login(department_head)
    address = reverse("projects:decision_document_add", args=[decision.pk])
    assert client.post(address, upload("341.pdf") | {"title": "Quyết định 341"}).status_code == 302
    kept = DecisionDocument.objects.get()
    assert kept.sha256 and kept.title == "Quyết định 341"
    assert "Quyết định 341" in client.get(decision.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("role", "project_status", "decision_status"),
    [
        ("centre_staff", 422, 422),
        ("centre_head", 422, 422),
        ("accountant", 403, 403),
        ("reviewer", 422, 422),
        ("department_head", 422, 422),
        ("observer", 403, 403),
        ("administrator", 403, 403),
        ("stranger", 404, 404),
    ],
)
def test_who_attaches(
    request: pytest.FixtureRequest,
    client: Client,
    project: Project,
    decision: Decision,
    role: str,
    project_status: int,
    decision_status: int,
) -> None:
    """422: allowed, and told that no file was chosen."""
    client.force_login(request.getfixturevalue(role))
    for name, record, expected in (
        ("project_document_add", project, project_status),
        ("decision_document_add", decision, decision_status),
    ):
        assert client.post(reverse(f"projects:{name}", args=[record.pk]), {}).status_code == expected, name


def test_stranger_never_reads_a_file(
    client: Client, centre_staff: User, stranger: User, project: Project, decision: Decision
) -> None:
    client.force_login(centre_staff)
    client.post(reverse("projects:project_document_add", args=[project.pk]), upload())
    document = ProjectDocument.objects.get()
    scan = DecisionDocument(decision=decision, file=SimpleUploadedFile("a.pdf", PDF), uploaded_by=centre_staff)
    scan.save()
    client.force_login(stranger)
    assert client.get(reverse("projects:project_document", args=[document.pk])).status_code == 404
    assert client.get(reverse("projects:decision_document", args=[scan.pk])).status_code == 404


def test_a_file_keeps_its_title_and_is_refused_beside_its_field(
    centre_staff: User, department_head: User, project: Project, decision: Decision
) -> None:
    """Called without a form: no title is an empty one, and the second copy says which field is wrong."""
    for attach in (
        partial(attach_files, record=project, actor=centre_staff),
        partial(attach_files, record=decision, actor=department_head),
    ):
        [titled] = attach(files=[SimpleUploadedFile("a.pdf", b"%PDF-1.4 a")], title="Dự toán")
        [bare] = attach(files=[SimpleUploadedFile("b.pdf", b"%PDF-1.4 b")])
        assert (titled.title, bare.title) == ("Dự toán", "")
        with pytest.raises(Refused) as refusal:
            attach(files=[SimpleUploadedFile("c.pdf", b"%PDF-1.4 a")])
        assert list(refusal.value.message_dict) == ["file"]
