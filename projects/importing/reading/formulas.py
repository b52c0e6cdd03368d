"""Formulas as texts: how one reads in another cell, and how OpenDocument's are written in Excel's way."""

from __future__ import annotations

import re

from .sheets import column_letters, column_number

# Texts and names of sheets in quotes are passed over; a name or a function is no cell.
_CELLS = re.compile(r"""("(?:[^"]|"")*"|'(?:[^']|'')*')|(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})(?![\w(.])""")
_ODF_PREFIX = re.compile(r"^(?:of|oooc|msoxl):=|^=")
_ODF_PIECES = re.compile(r"""("(?:[^"]|"")*")|\[((?:'(?:[^']|'')*'|[^\]'])*)\]|(;)""")
_ODF_SHEET = re.compile(r"(^|:)\$?((?:'(?:[^']|'')*'|[^.:'])*)\.")


def moved_formula(text: str, rows: int, columns: int) -> str:
    """The formula as it reads so many rows below and columns to the right; what has a ``$`` stays."""

    def moved(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        column = found[3] if found[2] else column_letters(column_number(found[3]) + columns)
        row = found[5] if found[4] else str(int(found[5]) + rows)
        return f"{found[2]}{column}{found[4]}{row}"

    return _CELLS.sub(moved, text)


def excel_formula(text: str) -> str:
    """“of:=SUM([.G5:.G34])” as “=SUM(G5:G34)”."""

    def plain(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        if found[3]:
            return ","
        return _ODF_SHEET.sub(lambda part: part[1] + (f"{part[2]}!" if part[2] else ""), found[2])

    return "=" + _ODF_PIECES.sub(plain, _ODF_PREFIX.sub("", text))
