"""Workbooks as programs write them, built in memory: by openpyxl, by XlsxWriter, part by part, and old ones by hand."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from projects.importing.reading.files import read_workbook
from projects.importing.reading.sheets import Sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def by_openpyxl(fill: Callable[[Worksheet], object], title: str = "Danh mục") -> bytes:
    """A workbook whose only sheet is filled by the function."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    fill(sheet)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter(fill: Callable[[Any, Any], object], **options: Any) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, options)
    fill(book, book.add_worksheet("Danh mục"))
    book.close()
    return out.getvalue()


def cells(values: Mapping[str, Any]) -> Callable[[Worksheet], None]:
    """Fills a sheet of openpyxl by the names of its cells."""

    def fill(sheet: Worksheet) -> None:
        for name, value in values.items():
            sheet[name] = value

    return fill


def with_members(content: bytes, members: Mapping[str, bytes | str], stored: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The zip with these members added, or in the place of those by the same names."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", stored) as after:
        for name in before.namelist():
            if name not in members:
                after.writestr(name, before.read(name))
        for name, text in members.items():
            after.writestr(name, text)
    return out.getvalue()


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in members.items():
            packed.writestr(name, text)
    return out.getvalue()


def with_sheet_xml(inner: str, before: str = "") -> bytes:
    """A workbook of openpyxl's whose sheet is written by hand: rows, and what stands before them."""
    xml = f'<worksheet xmlns="{MAIN}">{before}<sheetData>{inner}</sheetData></worksheet>'
    return with_members(by_openpyxl(cells({"A1": 1})), {"xl/worksheets/sheet1.xml": xml})


def open_document(tables: str, styles: str = "", members: Mapping[str, str] | None = None) -> bytes:
    """The least that is an .ods."""
    names = ("office", "table", "text", "style")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    spaces += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    spaces += ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>{body}"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content, **(members or {})})


def ods_text(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def ods_number(number: float, attributes: str = "") -> str:
    return (
        f'<table:table-cell {attributes} office:value-type="float" office:value="{number}"><text:p/></table:table-cell>'
    )


def record(number: int, content: bytes = b"") -> bytes:
    """A record of an old workbook, [MS-XLS] 2.1.4."""
    return struct.pack("<HH", number, len(content)) + content


def old_text(row: int, column: int, text: str) -> bytes:
    raw = text.encode("utf-16-le")
    return record(0x0204, struct.pack("<HHHHB", row - 1, column - 1, 0, len(text), 1) + raw)


def old_number(row: int, column: int, number: float) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row - 1, column - 1, 0, number))


def old_error(row: int, column: int, code: int) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", row - 1, column - 1, 0, code, 1))


def old_hidden_row(row: int) -> bytes:
    return record(0x0208, struct.pack("<HHHHHHI", row - 1, 0, 5, 300, 0, 0, 0x20))


def old_hidden_columns(first: int, last: int) -> bytes:
    return record(0x007D, struct.pack("<HHHHHH", first - 1, last - 1, 2000, 0, 1, 0))


def old_workbook(
    sheets: Mapping[str, Iterable[bytes]],
    hidden: Iterable[str] = (),
    globals_more: bytes = b"",
    names: Iterable[str] = (),
) -> bytes:
    """A workbook of Excel 97–2003: its records, in the container of that time."""
    begin, end = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0x0600), record(0x000A)
    bodies = [
        record(0x0809, begin[:2] + b"\x10\0" + begin[4:]) + b"".join(records) + end for records in sheets.values()
    ]
    titles = [name.encode("utf-16-le") for name in sheets]
    place = len(record(0x0809, begin)) + len(globals_more) + sum(12 + len(title) for title in titles) + len(end)
    stream = record(0x0809, begin) + globals_more
    for name, title, body in zip(sheets, titles, bodies, strict=True):
        about = struct.pack("<IBBBB", place, name in set(hidden), 0, len(title) // 2, 1)
        stream += record(0x0085, about + title)
        place += len(body)
    return compound({"Workbook": stream + end + b"".join(bodies)}, names)


def compound(streams: Mapping[str, bytes], storages: Iterable[str] = ()) -> bytes:
    """The container of Office files before 2007: a header, a table of sectors, a directory, long streams."""
    entries, sectors = [directory_entry("Root Entry", 5, 0xFFFFFFFE, 0)], list[bytes]()
    chain: list[int] = []
    for name, content in streams.items():
        content = content.ljust(4096, b"\0")
        entries.append(directory_entry(name, 2, len(chain), len(content)))
        pieces = [content[start : start + 512].ljust(512, b"\0") for start in range(0, len(content), 512)]
        chain += [*range(len(chain) + 1, len(chain) + len(pieces)), 0xFFFFFFFE]
        sectors += pieces
    entries += [directory_entry(name, 1, 0xFFFFFFFE, 0) for name in storages]
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * 512, b"\0")
    first = len(chain)
    chain += [*range(first + 1, first + len(directory) // 512), 0xFFFFFFFE]
    tables = -(-(len(chain) + 1) // 127)
    places = [len(chain) + number for number in range(tables)]
    chain += [0xFFFFFFFD] * tables
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * 512, b"\xff")
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, tables, first, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", *places, *[0xFFFFFFFF] * (109 - tables))
    return header + b"".join(sectors) + directory + table


def directory_entry(name: str, kind: int, first: int, length: int) -> bytes:
    raw = name.encode("utf-16-le")
    entry = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2, kind, 1)
    entry += struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF) + b"\0" * 36 + struct.pack("<IQ", first, length)
    return entry


def first_sheet(content: bytes) -> Sheet:
    """What is read of a workbook's first sheet."""
    return read_workbook("bảng.xlsx", content).sheets[0]
