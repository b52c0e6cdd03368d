"""Reading a workbook back, as a person would: rows by their words, columns by their titles."""

from __future__ import annotations

import datetime as dt
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from khuyencong.accounts.models import User
from khuyencong.asof import NOW, AsOf
from reports.annual.book import annual_workbook
from reports.asking.selection import select_plans

TODAY = dt.date(2026, 9, 5)


def annual_bytes(user: User, year: int = 2006, *, as_of: AsOf = NOW, is_draft: bool = False, code: str = "") -> bytes:
    return annual_workbook(select_plans(user, year, code), as_of=as_of, is_draft=is_draft, today=TODAY)


class SheetReader:
    """One sheet by what its cells show; ``formulas`` are the same cells as they are written."""

    def __init__(self, shown: Worksheet, formulas: Worksheet) -> None:
        self.shown, self.formulas = shown, formulas
        self.head = next(cell.row for cell in shown["A"] if cell.value == "STT")
        titles = [[cell.value for cell in row] for row in shown.iter_rows(self.head, self.head + 1)]
        self.columns = {low or top: index for index, (top, low) in enumerate(zip(*titles, strict=True), start=1)}
        if "A" in self.columns:  # a header of one row: the labels stand below it
            self.columns = {top: index for index, top in enumerate(titles[0], start=1)}
        else:
            self._name_groups(*titles)

    def _name_groups(self, top: list[Any], low: list[Any]) -> None:
        """The same title may stand under several groups: “Trong kỳ: Tạm ứng”."""
        group = ""
        for index, (above, below) in enumerate(zip(top, low, strict=True), start=1):
            group = above or group
            if below:
                self.columns[f"{group}: {below}"] = index

    def value(self, row: int, title: str) -> Any:
        return self.shown.cell(row, self.columns[title]).value

    def formula(self, row: int, title: str) -> Any:
        return self.formulas.cell(row, self.columns[title]).value

    def rows_of(self, text: str) -> list[int]:
        """Rows of the table that begin with the text, after their number."""
        rows = range(self.head + 1, self.shown.max_row + 1)
        return [row for row in rows if str(self.shown.cell(row, 2).value or "").startswith(text)]

    def row_of(self, text: str) -> int:
        [row] = self.rows_of(text)
        return row

    def figures(self, text: str, *titles: str) -> list[Any]:
        """Of the row that begins with the text."""
        return [self.value(self.row_of(text), title) for title in titles]

    def texts(self) -> list[str]:
        return [str(cell.value) for row in self.shown.iter_rows() for cell in row if cell.value is not None]


def read_book(content: bytes) -> dict[str, SheetReader]:
    shown, formulas = load_workbook(BytesIO(content), data_only=True), load_workbook(BytesIO(content))
    return {name: SheetReader(shown[name], formulas[name]) for name in shown.sheetnames}


def cells_of(content: bytes) -> dict[tuple[str, str], tuple[Any, Any, str]]:
    """Every cell by its sheet and place: what it shows, how it is written, its number format."""
    shown, written = load_workbook(BytesIO(content), data_only=True), load_workbook(BytesIO(content))
    return {
        (name, cell.coordinate): (shown[name][cell.coordinate].value, cell.value, cell.number_format)
        for name in written.sheetnames
        for row in written[name].iter_rows()
        for cell in row
    }


def recalculated(content: bytes, program: str, folder: Path) -> bytes:
    """The workbook after LibreOffice has computed every formula anew."""
    source = folder / "in.xlsx"
    source.write_bytes(without_values(content))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*command, str(folder / "out"), str(source)], check=True, capture_output=True, timeout=120)
    return (folder / "out" / "in.xlsx").read_bytes()


def without_values(content: bytes) -> bytes:
    """openpyxl writes formulas without their values, so nothing carried can be mistaken for a result."""
    buffer = BytesIO()
    load_workbook(BytesIO(content)).save(buffer)
    return buffer.getvalue()
