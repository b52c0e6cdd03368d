"""Documents of offices as people attach them, built in memory, with what may be hidden in them; pictures of phones."""

from __future__ import annotations

import io
from collections.abc import Mapping

import docx
import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference

from tests.importing.reading.builders import with_members, zipped

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word() -> bytes:
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Thuyết minh đề án")
    document.save(out)
    return out.getvalue()


def excel() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"] = 60, 50
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=2))
    sheet.add_chart(chart, "C1")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def another_excel() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet().write("A1", "Dự toán")
    book.close()
    return out.getvalue()


def text_document(**members: bytes | str) -> bytes:
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>", **members})


def picture(main: bytes, *others: bytes) -> bytes:
    brands = main + b"\0\0\0\0" + b"".join(others)
    return (8 + len(brands)).to_bytes(4, "big") + b"ftyp" + brands + b"\0\0\0\x20meta"


def related(kind: str, target: str, mode: str = "External") -> dict[str, bytes | str]:
    relation = f'<Relationship Id="r9" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return {"word/_rels/settings.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'}


WORD, EXCEL = word(), excel()


def office(members: Mapping[str, bytes | str], of: bytes = WORD) -> bytes:
    """The document with these parts added, or in the place of those by the same names."""
    return with_members(of, members)


MACRO = office({"word/vbaProject.bin": OLE})
