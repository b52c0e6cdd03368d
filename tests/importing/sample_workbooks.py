"""Workbooks as offices keep them, told row by row in ``samples/*.json``: the first of each row is its number."""

from __future__ import annotations

import io
import json
from pathlib import Path

from openpyxl import Workbook

FOLDER = Path(__file__).parent / "samples"


def sample_workbook(stem: str) -> bytes:
    """As .xlsx; formulas have no values, as a program writes them that doesn't calculate."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for told in json.loads((FOLDER / f"{stem}.json").read_text(encoding="utf-8")):
        sheet = book.create_sheet(told["name"])
        sheet.sheet_state = "hidden" if told["is_hidden"] else "visible"
        for number, *values in told["rows"]:
            for column, value in enumerate(values, 1):
                if value is not None:
                    sheet.cell(number, column, value)
        for cells in told["merged"]:
            sheet.merge_cells(cells)
        for column in told["hidden_columns"]:
            sheet.column_dimensions[column].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
