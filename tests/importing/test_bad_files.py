"""A file that is none, brought on the page: said in words beside the field, and nothing is kept."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch
from projects.importing.reading.limits import MAX_BYTES
from projects.models import Beneficiary, Project
from tests.importing.lists import HEADER, TRAINING, saved, sheet, workbook
from tests.importing.reading.builders import MAIN, compound, with_members, zipped

pytestmark = pytest.mark.django_db
SHEET = "xl/worksheets/sheet1.xml"
GOOD = workbook([HEADER, TRAINING])
BOMB = f'<worksheet xmlns="{MAIN}"><sheetData>{"<row/>" * 1_600_000}</sheetData></worksheet>'


def with_cells(content: Workbook, **cells: object) -> bytes:
    page = content.worksheets[0]
    for place, cell in cells.items():
        page[place] = cell
    return saved(content)


@pytest.fixture
def bring(plan: AnnualPlan, centre_staff: User, client: Client) -> Any:
    """What the page answers to a file of that content."""
    client.force_login(centre_staff)

    def answer(content: bytes, name: str = "danh-muc.xlsx") -> Any:
        file = SimpleUploadedFile(name, content)
        return client.post(reverse("importing:bring", args=[plan.pk]), {"kind": "", "file": file}, follow=True)

    return answer


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("khoa.xlsx", compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "Tệp có đặt mật khẩu"),
        ("hong.xlsx", GOOD[: len(GOOD) // 2], "Tệp bị hỏng"),
        ("bom.xlsx", with_members(GOOD, {SHEET: BOMB}), "khi mở ra lớn bất thường"),
        ("lon.xlsx", GOOD + b"\0" * MAX_BYTES, "Tệp lớn hơn 10 MB"),
        ("macro.xlsm", with_members(GOOD, {"xl/vbaProject.bin": b"x"}), "Tệp có macro"),
        ("anh.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "Đây là hình ảnh"),
        ("cong-van.xlsx", zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), "tệp văn bản"),
        ("danh-muc.csv", "STT,Tên đề án\n1,Đào tạo nghề\n".encode(), "Đây là tệp văn bản thuần (như CSV)"),
        ("trong.xlsx", saved(Workbook()), "Bảng tính không có ô nào chứa dữ liệu"),
        ("xa.xlsx", with_cells(Workbook(), A1048576="x", XFD1="y"), "Không tìm thấy danh sách trong tệp này"),
        ("cham-cong.xlsx", sheet([("TT", "Họ và tên", "Ngày 1")]), "không có dòng tiêu đề với cột “Tên đề án”"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_is_refused_in_words_and_nothing_is_kept(bring: Any, name: str, content: bytes, words: str) -> None:
    before = set(Path(settings.MEDIA_ROOT).rglob("*"))
    answer = bring(content, name)
    assert answer.status_code == 422 and words in str(answer.context["form"].errors["file"])
    assert set(Path(settings.MEDIA_ROOT).rglob("*")) == before
    assert not any(model.objects.exists() for model in (ImportBatch, Project, Beneficiary))


def test_cells_at_both_ends_of_the_sheet_are_left_out_and_named(bring: Any) -> None:
    content = load_workbook(BytesIO(GOOD))
    page = bring(with_cells(content, A1048576="x", XFD1="y", C1000000="lạc")).content.decode()
    assert "bỏ qua ô nằm ngoài bảng: XFD1, C1000000, A1048576" in page and "Nhập 1 đề án" in page


def test_links_to_other_files_are_said_and_not_followed(bring: Any) -> None:
    page = bring(with_members(GOOD, {"xl/externalLinks/externalLink1.xml": "<externalLink/>"})).content.decode()
    assert "Bảng tính có liên kết tới tệp khác; chỉ đọc giá trị đã lưu trong tệp này." in page
    assert "liên kết tới tệp khác" not in bring(GOOD).content.decode()


def test_an_error_of_the_sheet_is_named_and_its_row_left_out(bring: Any) -> None:
    text = ZipFile(BytesIO(GOOD)).read(SHEET).decode()
    whole, broken = '<c r="G5" t="n"><v>60</v></c>', '<c r="G5" t="e"><f>#REF!+1</f><v>#REF!</v></c>'
    assert whole in text
    page = bring(with_members(GOOD, {SHEET: text.replace(whole, broken)})).content.decode()
    assert "Danh mục!G5" in page and "#REF!" in page and "Nhập 0 đề án" in page
