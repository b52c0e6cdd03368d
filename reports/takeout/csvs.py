"""Records as CSV that Excel opens with its Vietnamese right, one table or all of them in an archive."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from khuyencong.accounts.models import User
from reports.takeout.columns import RecordKind, RecordTable
from reports.takeout.contents import CSV_RULES, Contents, Written

ENCODING = "utf-8-sig"  # with the mark by which Excel knows UTF-8
CONTENTS_NAME, RULES_NAME = "MUC-LUC.csv", "DOC-TRUOC.txt"
# What a spreadsheet may take for a formula (OWASP, CSV Injection), and the apostrophe itself, so that every leading
# apostrophe in a file is one that was added.
GUARDED = re.compile("[=+\\-@\t\r\n＝＋－＠']")


def guard(text: str | None) -> str | None:
    """The text as a spreadsheet only shows it: ``'=1+1``."""
    return "'" + text if text and GUARDED.match(text) else text


TEXTS = (RecordKind.TEXT, RecordKind.CODE, RecordKind.MASKED, RecordKind.LABEL, RecordKind.JSON)
WRITING: dict[RecordKind, Callable[[Any], Any]] = dict.fromkeys(TEXTS, guard)


def write_csv(stream: IO[bytes], table: RecordTable, user: User) -> Written:
    """A header and the rows. Numbers and dates are written plainly, as 60000000 and 2006-06-16."""
    text = io.TextIOWrapper(stream, encoding=ENCODING, newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow(column.title for column in table.read_columns())
    total = 0
    for chunk in table.cells(user, WRITING):
        rows = list(chunk)
        writer.writerows(rows)
        total += len(rows)
    text.flush()
    text.detach()
    return Written(str(table.title), table.file_name, total)


def write_archive(stream: IO[bytes], tables: Iterable[RecordTable], user: User, contents: Contents) -> None:
    """One file for each table; the list of them comes last, so an archive that has it is whole."""
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr(RULES_NAME, "\r\n".join((*contents.lines, *CSV_RULES, "")).encode(ENCODING))
        written = []
        for table in tables:
            with archive.open(table.file_name, "w", force_zip64=True) as file:
                written.append(write_csv(file, table, user))
        lines = io.StringIO(newline="")
        writer = csv.writer(lines)
        writer.writerow(("Tệp", "Bảng", "Số dòng"))
        writer.writerows((table.file_name, table.title, table.row_count) for table in written)
        archive.writestr(CONTENTS_NAME, lines.getvalue().encode(ENCODING))
