"""The pages on the way of a list of establishments, as a person takes it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import Organisation, User
from projects.importing.models import ImportBatch, ImportedRow
from projects.importing.services.batches import write_batch
from projects.models import Beneficiary
from tests.importing.firm_lists import COMPANY, COOPERATIVE, HEADER, entered, listed
from tests.importing.lists import changed, workbook

pytestmark = pytest.mark.django_db


def test_where_each_came_from_stands_on_its_page(office: Organisation, centre_staff: User, client: Client) -> None:
    entered(office, [HEADER, COMPANY], centre_staff)
    row = ImportedRow.objects.get()
    assert (row.sheet, row.number, row.became, row.cells[1]) == ("Danh bạ", 5, "new", "Công ty TNHH Thành Đạt")
    client.force_login(centre_staff)
    page = client.get(Beneficiary.objects.get().get_absolute_url()).content.decode()
    assert "Tệp “danh-ba.xlsx”, trang “Danh bạ”, dòng 5" in page


def test_columns_may_be_said(office: Organisation, centre_staff: User, client: Client) -> None:
    header = ("Tên cơ sở", "Mã", "Ở đâu")
    batch = listed(office, [header, ("HTX Lật Dương", "0283183496", "Tiên Lãng")], centre_staff)
    client.force_login(centre_staff)
    address = reverse("importing:columns", args=[batch.pk])
    page = client.get(address)
    assert page.status_code == 200 and "unit" not in page.context["chosen"].fields, "a list without money"
    sent = {"version": batch.version, "c-1": "name", "c-2": "tax_code", "c-3": "place"}
    assert client.post(address, sent).status_code == 302
    batch.refresh_from_db()
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert Beneficiary.objects.get().tax_code == "0283183496"


def test_from_the_list_of_establishments_to_their_pages(
    office: Organisation, centre_staff: User, reviewer: User, client: Client
) -> None:
    """The whole way as a person takes it."""
    index, bring = reverse("projects:beneficiary_list"), reverse("importing:bring_firms")
    client.force_login(reviewer)
    assert bring not in client.get(index).content.decode()
    assert client.get(bring).status_code == 403
    client.force_login(centre_staff)
    assert bring in client.get(index).content.decode()
    assert "Nhập danh bạ từ Excel" in client.get(bring).content.decode()
    empty = client.post(bring, {})
    assert empty.status_code == 422 and "một trong hai cách" in empty.content.decode()
    bad = client.post(bring, {"file": SimpleUploadedFile("a.xlsx", b"khong phai")})
    assert bad.status_code == 422 and bad.context["form"].errors["file"]
    rows = [HEADER, COMPANY, changed(COOPERATIVE, L="Doanh nghiệp")]
    answer = client.post(bring, {"file": SimpleUploadedFile("danh-ba.xlsx", workbook(rows, unit=""))})
    batch = ImportBatch.objects.get()
    assert answer.status_code == 302 and answer["Location"] == batch.get_absolute_url()
    page = client.get(batch.get_absolute_url())
    assert "Đã đọc “danh-ba.xlsx”, chưa ghi gì." in page.content.decode()
    assert "Đơn vị tính" not in page.content.decode() and "Cần chọn 1 mục" in page.content.decode()
    [(field, _question)] = page.context["answers"].open_rows
    sent = {"version": batch.version, field.html_name: "cooperative", "write": "1"}
    written = client.post(batch.get_absolute_url(), sent, follow=True).content.decode()
    assert "Đã nhập 2 dòng" in written and "HTX Lật Dương" in written
    client.force_login(reviewer)
    assert client.get(batch.get_absolute_url()).status_code == 200, "the Department sees what its Centre entered"


def test_a_list_is_given_up(office: Organisation, centre_staff: User, client: Client) -> None:
    batch = listed(office, [HEADER, COMPANY], centre_staff)
    client.force_login(centre_staff)
    answer = client.post(reverse("importing:drop", args=[batch.pk]))
    assert answer["Location"] == f"{reverse('importing:bring_firms')}?organisation={office.code}"
    assert "Đã bỏ" in client.get(answer["Location"]).content.decode()


def test_who_writes_for_two_centres_chooses(office: Organisation, centre_staff: User, client: Client) -> None:
    other = Organisation.objects.create(code="tt-2", kind="centre", name="Trung tâm Hai", parent=office.parent)
    centre_staff.memberships.create(scope=other, role="centre_staff")
    client.force_login(centre_staff)
    address = f"{reverse('importing:bring_firms')}?organisation=tt-2"
    client.post(address, {"pasted": "Tên cơ sở\tMST\nHTX Lật Dương\t0283183496"})
    assert ImportBatch.objects.get().organisation == other
