"""Papers are signed by people: no paper speaks of the software that wrote it; what is missing is a blank to fill in."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from tests.reports.pages import words_of

pytestmark = pytest.mark.django_db

SOFTWARE = re.compile(r"hệ thống|phần mềm|chương trình (chưa|đã|không)|chưa ghi nhận|máy chủ", re.IGNORECASE)
WORKBOOKS = ["annual_xlsx", "period_xlsx", "form_2_xlsx"]
PRINTS = ["annual_print", "period_print"]


def workbook_words(content: bytes) -> str:
    book = load_workbook(BytesIO(content))
    cells = (value for sheet in book for row in sheet.iter_rows(values_only=True) for value in row)
    return "\n".join(value for value in cells if isinstance(value, str))


def document_words(content: bytes) -> str:
    file = Document(BytesIO(content))
    cells = (cell.text for table in file.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in file.paragraphs), *cells])


def said(client: Client, name: str, asked: dict[str, str], *args: str) -> str:
    answer = client.get(reverse(f"reports:{name}", args=args), asked)
    assert answer.status_code == 200
    if name.endswith("xlsx"):
        return workbook_words(answer.content)
    return document_words(answer.content) if name.endswith("docx") else words_of(answer.content)


def test_no_paper_of_2006_speaks_of_software(client: Client, people_2006: dict[str, User]) -> None:
    client.force_login(people_2006["department_head"])
    for name in (*WORKBOOKS, *PRINTS, "annual_docx"):
        asked = {"year": "2006"} | ({"period": "q2"} if name.startswith("period") else {})
        assert not (found := SOFTWARE.search(said(client, name, asked))), (name, found)
    for code in ("sources", "late", "over-norm", "areas"):
        for name in ("report_xlsx", "report_print"):
            assert not (found := SOFTWARE.search(said(client, name, {"year": "2006"}, code))), (code, name, found)


def test_what_nobody_recorded_is_a_bracketed_blank_in_the_letter(client: Client, people_2006: dict[str, User]) -> None:
    client.force_login(people_2006["department_head"])
    text = said(client, "annual_docx", {"year": "2006"})
    assert "đã chi: [……] triệu đồng; thực hiện theo báo cáo: [……] triệu đồng." in text
    assert "[Khó khăn, kiến nghị của các đề án, nếu có: ……]" in text
    indicators = said(client, "annual_xlsx", {"year": "2006"})
    assert "[Đơn vị điền số liệu vào hai cột Kế hoạch và Thực hiện; cột Tỷ lệ % tự tính]" in indicators
