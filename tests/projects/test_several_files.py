"""Several files at once: all of them or none, each wrong one named, nothing typed lost; none too large is kept."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.attachments import MAX_BYTES, MAX_FILES, MAX_TOGETHER
from khuyencong.packed import MEGABYTE
from khuyencong.uploads import BoundedUploadHandler
from programmes.models import Decision, DecisionDocument
from projects.models import Project, ProjectDocument
from projects.refusals import Refused
from projects.services.documents import attach_files
from tests.factories import MILLION, authority, make_plan, make_project, source
from tests.office_documents import EXCEL, MACRO, WORD, picture
from tests.projects.attempts import code_of

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4 "


@pytest.fixture
def project(centre_staff: User, settings: Any, tmp_path: Path) -> Project:
    settings.MEDIA_ROOT = tmp_path
    return make_project(plan=make_plan(organisation=centre_staff.memberships.get().scope), by=centre_staff)


def sent(client: Client, project: Project, *files: tuple[str, bytes], title: str = "") -> Any:
    chosen = [SimpleUploadedFile(name, content) for name, content in files]
    address = reverse("projects:project_document_add", args=[project.pk])
    return client.post(address, {"file": chosen, "title": title}, follow=True)


def test_a_dossier_comes_in_one_go(client: Client, centre_staff: User, project: Project) -> None:
    client.force_login(centre_staff)
    files = (
        ("Thuyết minh.docx", WORD), ("Dự toán.xlsx", EXCEL), ("IMG_0001.HEIC", picture(b"heic")), ("Đơn.pdf", PDF),
    )  # fmt: skip
    text = sent(client, project, *files, title="Hồ sơ lần 2").content.decode()
    assert "Hồ sơ lần 2" in text and all(name in text for name, _content in files)
    for document in ProjectDocument.objects.all():
        served = client.get(reverse("projects:project_document", args=[document.pk]))
        assert b"".join(served.streaming_content) == dict(files)[document.original_name]  # type: ignore[attr-defined]
        shown = served["Content-Disposition"].split(";")[0]
        assert shown == ("inline" if document.original_name == "Đơn.pdf" else "attachment"), "only browsers' own kinds"


def test_each_wrong_one_is_named_and_none_is_kept(
    client: Client, centre_staff: User, project: Project, tmp_path: Path
) -> None:
    client.force_login(centre_staff)
    files = (("tốt.pdf", PDF), ("../../có macro.docx", MACRO), ("a\x1b.exe", b"MZ"), ("rỗng.pdf", b""))
    answer = sent(client, project, *files, title="Hồ sơ lần 2")
    text = answer.content.decode()
    assert answer.status_code == 422 and 'value="Hồ sơ lần 2"' in text
    assert "“có macro.docx”: Tệp có macro" in text and "“a.exe”: Chỉ nhận tệp" in text and "“rỗng.pdf”:" in text
    assert "“tốt.pdf”" not in text
    assert not ProjectDocument.objects.exists() and not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_one_that_is_there_already_keeps_the_others_out_too(
    client: Client, centre_staff: User, project: Project
) -> None:
    client.force_login(centre_staff)
    sent(client, project, ("a.pdf", PDF + b"a"))
    text = sent(client, project, ("b.pdf", PDF + b"b"), ("bản sao.pdf", PDF + b"a")).content.decode()
    assert "“bản sao.pdf”: Tệp này đã được đính kèm: “a.pdf”." in text
    text = sent(client, project, ("b.pdf", PDF + b"b"), ("c.pdf", PDF + b"b")).content.decode()
    assert "“c.pdf”: Tệp này đã được đính kèm: “b.pdf”." in text
    assert ProjectDocument.objects.count() == 1


def test_a_service_that_is_called_without_a_form_refuses_the_same(centre_staff: User, project: Project) -> None:
    def attach(*files: tuple[str, bytes]) -> str:
        made = [SimpleUploadedFile(name, content) for name, content in files]
        return code_of(lambda: attach_files(record=project, files=made, actor=centre_staff))

    many = [(f"{number}.pdf", PDF + str(number).encode()) for number in range(MAX_FILES + 1)]
    assert (attach(), attach(*many), attach(*many[1:])) == ("nothing", "too_many", "done")
    with pytest.raises(Refused) as refusal:
        attach_files(record=project, files=[SimpleUploadedFile("a.pdf", PDF)], title="x" * 201, actor=centre_staff)
    assert list(refusal.value.message_dict) == ["title"]
    assert (attach(("a.docx", MACRO)), attach(("a.pdf", PDF), ("b.pdf", b"<html>"))) == ("invalid", "invalid")
    big = PDF + b"0" * (MAX_BYTES - 100)
    assert attach(("a.pdf", big + b"1"), ("b.pdf", big + b"2"), ("c.pdf", big + b"3")) == "too_many"


class Stream(io.RawIOBase):
    """A sending of any length that nobody holds: a form with one file of that many bytes and a title."""

    def __init__(self, size: int) -> None:
        head = '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nBản vẽ\r\n'
        head += '--b\r\nContent-Disposition: form-data; name="file"; filename="quét.pdf"\r\n\r\n%PDF-1.4 '
        self.parts = [head.encode(), b"0" * MEGABYTE, b"\r\n--b--\r\n"]
        self.left = [1, size // MEGABYTE, 1]
        self.rest = b""
        self.length = len(head.encode()) + size // MEGABYTE * MEGABYTE + len(self.parts[2])

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and any(self.left):
            place = next(place for place, left in enumerate(self.left) if left)
            self.left[place] -= 1
            self.rest += self.parts[place]
        piece, self.rest = self.rest[:size], self.rest[size:]
        return piece


def test_two_hundred_megabytes_are_never_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond what is taken the bytes are counted and dropped as they come; the form hears the true size."""
    held = []
    receive = BoundedUploadHandler.receive_data_chunk

    def watched(self: BoundedUploadHandler, raw_data: bytes, start: int) -> None:
        receive(self, raw_data, start)
        held.append(self.content.getbuffer().nbytes)

    monkeypatch.setattr(BoundedUploadHandler, "receive_data_chunk", watched)
    stream = Stream(200 * MEGABYTE)
    environ = {"wsgi.input": stream, "CONTENT_LENGTH": str(stream.length)}
    environ |= {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "multipart/form-data; boundary=b"}
    request = RequestFactory().request(**environ)
    file = request.FILES["file"]
    assert not isinstance(file, list) and file.size is not None
    assert file.size > 200 * MEGABYTE and file.read() == b"" and max(held) <= MAX_BYTES
    assert request.POST["title"] == "Bản vẽ"


def test_a_file_over_the_limit_is_refused_by_name_and_the_title_stays(
    client: Client, centre_staff: User, project: Project
) -> None:
    client.force_login(centre_staff)
    answer = sent(client, project, ("quét.pdf", PDF + b"0" * MAX_BYTES), ("tốt.pdf", PDF), title="Bản vẽ")
    text = answer.content.decode()
    assert answer.status_code == 422 and "“quét.pdf”: Tệp lớn hơn 20 MB." in text and 'value="Bản vẽ"' in text
    assert not ProjectDocument.objects.exists()


def test_what_is_too_much_together_is_refused(client: Client, centre_staff: User, project: Project) -> None:
    client.force_login(centre_staff)
    each = MAX_TOGETHER // 3 + 1
    answer = sent(client, project, *((f"{mark}.pdf", PDF + mark.encode() * each) for mark in "abc"))
    assert answer.status_code == 422 and "tổng cộng không quá 50 MB" in answer.content.decode()
    assert not ProjectDocument.objects.exists()


def test_a_letter_is_recorded_with_all_its_scans_or_not_at_all(
    client: Client, department_head: User, project: Project
) -> None:
    client.force_login(department_head)
    [plan] = project.plans
    head = {"number": "2/QĐ", "issued_on": "01/07/2006", "authority": str(authority().pk), "summary": "Giao kinh phí"}
    typed = head | {f"source-{source('KCDP').pk}-after": "90 tr"}
    address = reverse("projects:decision_create", args=[plan.pk])
    good, appendix = (SimpleUploadedFile(f"{name}.pdf", PDF + name.encode()) for name in ("qd", "phụ lục"))
    wrong = SimpleUploadedFile("a.docx", MACRO)
    answer = client.post(address, typed | {"scan": [good, wrong]})
    text = answer.content.decode()
    assert answer.status_code == 422 and "“a.docx”: Tệp có macro" in text and 'value="90 tr"' in text
    assert "qd.pdf, a.docx" in text, "which are to be chosen again"
    assert not Decision.objects.exists() and not DecisionDocument.objects.exists()
    good.seek(0)
    assert client.post(address, typed | {"scan": [good, appendix]}).status_code == 302
    assert {(one.original_name, one.uploader_role) for one in DecisionDocument.objects.all()} == {
        ("qd.pdf", "department_head"), ("phụ lục.pdf", "department_head"),
    }  # fmt: skip
    assert Decision.objects.get().allocations.total_vnd() == 90 * MILLION
