"""Texts of the cells of every workbook, and their formats."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from khuyencong.identifiers import mask_personal_numbers
from khuyencong.text import nfc

Style = dict[str, Any]

# Not a font of the theme, which a reader may draw with another one than it is called.
FONT: Style = {"font_name": "Times New Roman", "font_size": 12, "font_scheme": "none"}
MAX_TEXT_UNITS = 32_767  # of UTF-16, in one cell


@lru_cache(8192)
def clean_text(text: str) -> str:
    """As it is stored (NFC, nothing invisible), personal numbers masked, and never more than a cell holds."""
    is_clean = text.replace("\n", " ").isprintable() and unicodedata.is_normalized("NFC", text)
    text = mask_personal_numbers(text.strip() if is_clean else nfc(text, multiline=True))
    if len(text) * 2 <= MAX_TEXT_UNITS:
        return text
    units = text.encode("utf-16-le")
    if len(units) // 2 <= MAX_TEXT_UNITS:
        return text
    return units[: (MAX_TEXT_UNITS - 1) * 2].decode("utf-16-le", "ignore") + "…"


def write_text(sheet: Worksheet, row: int, column: int, text: str, cell_format: Format) -> None:
    """Always as a text: a typed “<r>…</r>”, which XlsxWriter takes for its own rich text, is written in pieces."""
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, *text[:2], text[2:], cell_format)
    else:
        sheet.write_string(row, column, text, cell_format)


class Formats:
    """Each combination of properties once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._known: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        key = tuple(properties.items())
        if key not in self._known:
            self._known[key] = self._workbook.add_format({**FONT, **properties})
        return self._known[key]
