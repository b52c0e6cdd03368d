"""Reading files of all records back: tables by their titles, rows by their headings."""

from __future__ import annotations

import csv
import io
from typing import Any
from zipfile import ZipFile

from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from reports.takeout.all_tables import TABLES

PAGE, XLSX, ZIP, CSV = (reverse(f"reports:take_out{kind}") for kind in ("", "_xlsx", "_zip", "_csv"))

Rows = list[dict[str, Any]]


def download(client: Client, address: str, **query: str) -> bytes:
    answer = client.get(address, query)
    assert answer.status_code == 200 and answer.streaming
    content = answer.getvalue()
    assert int(answer["Content-Length"]) == len(content)
    return content


def read_workbook(content: bytes) -> dict[str, Rows]:
    """Each sheet of records by its title."""
    book = load_workbook(io.BytesIO(content))
    found = {}
    for sheet in book.worksheets[1:]:
        titles, *rows = ([unescaped(value) for value in row] for row in sheet.iter_rows(values_only=True))
        found[sheet.title] = [dict(zip(titles, row, strict=True)) for row in rows]
    return found


def unescaped(value: Any) -> Any:
    """openpyxl leaves the mark of an escaped “_x0041_” in in-line text, which Excel and others take off."""
    return value.replace("_x005F_", "_") if isinstance(value, str) else value


def read_contents(content: bytes) -> dict[str, int]:
    """What the first sheet says: rows by table."""
    rows = load_workbook(io.BytesIO(content))["Mục lục"].iter_rows(values_only=True)
    return {row[0]: row[1] for row in rows if isinstance(row[1], int)}


def read_csv(content: bytes) -> Rows:
    """As another program reads it: one leading apostrophe goes, nothing is None."""
    text = content.decode("utf-8")
    assert text.startswith("\ufeff")
    rows = csv.DictReader(io.StringIO(text[1:], newline=""))
    return [{title: value.removeprefix("'") for title, value in row.items()} for row in rows]


def read_archive(content: bytes) -> dict[str, Rows]:
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist()[-1] == "MUC-LUC.csv"
        return {str(table.title): read_csv(archive.read(table.file_name)) for table in TABLES}


def count_of(tables: dict[str, Rows]) -> dict[str, int]:
    return {title: len(rows) for title, rows in tables.items()}
