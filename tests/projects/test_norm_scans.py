"""An administrator enters a norm of the province by its document and keeps the document's scan with it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import NormDocument, SupportNorm
from projects.refusals import NotAllowed
from projects.services.documents import attach_files
from tests.factories import activity
from tests.people import Tree
from tests.sent import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

PDF = b"%PDF-1.4 quyet dinh 21"


def pdf(name: str = "QD 21-2019.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def own_norm(tree: Tree, code: str = "machinery") -> SupportNorm:
    return SupportNorm.objects.create(
        code=code,
        item="Máy móc",
        unit="cơ sở",
        clause="Điều 5",
        funding_level="city",
        province=tree.province,
        regulation=activity().regulation,
        activity_type=activity("45-3"),
        max_percent=50,
        effective_from="2019-08-01",
    )


def attach(client: Client, norm: SupportNorm, file: SimpleUploadedFile | None = None) -> Any:
    return client.post(reverse("projects:norm_document_add", args=[norm.pk]), {"file": file or pdf(), "title": ""})


def test_a_norm_is_entered_with_its_document_and_then_its_scan(
    client: Client, administrator: User, observer: User, tree: Tree
) -> None:
    """The page of missing norms says how; the saved norm opens with the place for the scan."""
    client.force_login(administrator)
    page = client.get(reverse("projects:norm_list")).content.decode()
    assert "21/2019/QĐ-UBND" in page and "văn bản thay thế" in page and "đính kèm bản quét" in page
    like = SupportNorm.objects.get(code="machinery", effective_to=None)
    typed = {
        "province": str(tree.province.pk),
        "funding_level": "city",
        "like": str(like.pk),
        "max_percent": "50",
        "max_amount_vnd": "150 tr",
        "effective_from": "01/08/2019",
        "clause": "Điều 5 khoản 2",
        "document_number": "21/2019/QĐ-UBND-T",
        "document_title": "Quy chế quản lý kinh phí khuyến công",
    }
    address = reverse("projects:norm_create")
    preview = client.post(address, typed)
    saved = client.post(address, fields_of(preview) | typed, follow=True)
    norm = SupportNorm.objects.get(province=tree.province)
    assert saved.redirect_chain == [(norm.get_absolute_url(), 302)]
    assert "Đính kèm bản quét của văn bản ở dưới" in saved.content.decode()
    assert attach(client, norm).status_code == 302
    document = NormDocument.objects.get()
    assert (document.norm, document.original_name, document.uploaded_by) == (norm, "QD 21-2019.pdf", administrator)
    client.force_login(observer)
    page = client.get(norm.get_absolute_url()).content.decode()
    assert "QD 21-2019.pdf" in page and "Đính kèm tài liệu" not in page
    [href] = re.findall(r'href="(/documents/norms/\d+/)"', page)
    answer = client.get(href)
    assert b"".join(answer.streaming_content) == PDF and answer["Content-Type"] == "application/pdf"  # type: ignore[attr-defined]


def test_a_scan_is_for_those_who_see_the_norm_and_never_public(
    client: Client, administrator: User, stranger: User, tree: Tree
) -> None:
    [document] = attach_files(record=own_norm(tree), files=[pdf()], actor=administrator)
    address = reverse("projects:norm_document", args=[document.pk])
    answer = client.get(address)
    assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]
    assert client.get(f"/media/{document.file.name}").status_code in (302, 404)
    client.force_login(stranger)
    assert client.get(address).status_code == 404, "another province's"


def test_one_scan_serves_all_norms_of_its_document(client: Client, administrator: User, tree: Tree) -> None:
    first, second = own_norm(tree), own_norm(tree, "trademark")
    client.force_login(administrator)
    assert attach(client, first).status_code == 302
    assert "QD 21-2019.pdf" in client.get(second.get_absolute_url()).content.decode()
    again = attach(client, second, pdf("ban sao.pdf"))
    assert again.status_code == 422 and "Tệp này đã được đính kèm" in again.content.decode()
    assert NormDocument.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("QD.exe", b"MZ", "Chỉ nhận tệp PDF"), ("QD.pdf", b"<html>", "không khớp với đuôi tên tệp")],
)
def test_what_is_no_scan_is_refused(
    client: Client, administrator: User, tree: Tree, name: str, content: bytes, said: str
) -> None:
    client.force_login(administrator)
    answer = attach(client, own_norm(tree), pdf(name, content))
    assert answer.status_code == 422 and said in answer.content.decode() and not NormDocument.objects.exists()


def test_the_states_norms_and_others_roles_take_no_scan(
    client: Client, administrator: User, centre_staff: User, tree: Tree
) -> None:
    general, own = SupportNorm.objects.filter(province=None)[0], own_norm(tree)
    for norm, user in ((general, administrator), (own, centre_staff)):
        client.force_login(user)
        assert attach(client, norm).status_code == 403
        with pytest.raises(NotAllowed):
            attach_files(record=norm, files=[pdf()], actor=user)
    assert "Hồ sơ, bản quét" not in client.get(general.get_absolute_url()).content.decode()
    assert not NormDocument.objects.exists()
