"""Reading a Word document back, as a person would: tables by their titles, rows by their words."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

from django.utils.translation import override
from docx import Document
from docx.table import Table

from khuyencong.accounts.models import User
from khuyencong.asof import NOW, AsOf
from reports.asking.selection import select_plans
from reports.yearly.document import yearly_docx
from reports.yearly.facts import YearlyReport, yearly_report
from tests.there import there

TODAY = dt.date(2026, 9, 5)


def yearly(user: User, year: int = 2006, *, as_of: AsOf = NOW, code: str = "") -> YearlyReport:
    with override("vi"):
        return yearly_report(user, select_plans(user, year, code), as_of=as_of, today=TODAY)


class DocumentReader:
    def __init__(self, content: bytes) -> None:
        self.file = Document(BytesIO(content))
        self.texts = [paragraph.text for paragraph in self.file.paragraphs]
        self.text = "\n".join(self.texts)
        self.headings = [one.text for one in self.file.paragraphs if there(there(one.style).name).startswith("Heading")]
        # The head of the document and its signature are tables without heading rows.
        self.tables = [table for table in self.file.tables if head_rows(table)]

    def rows(self, *titles: str) -> list[dict[str, list[str]]]:
        """The bodies of the tables that have these titles among theirs, by the words in the second column."""
        found = []
        for table in self.tables:
            cells = [[cell.text for cell in row.cells] for row in table.rows]
            if set(titles) <= set(cells[0]):
                found.append({row[1]: row[2:] for row in cells[head_rows(table) :]})
        return found


def head_rows(table: Table) -> int:
    return len(table._tbl.xpath("./w:tr[w:trPr/w:tblHeader]"))


def read_yearly(report: YearlyReport) -> DocumentReader:
    return DocumentReader(yearly_docx(report))
