"""A block of cells copied from a sheet, as rows of an estimate."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from khuyencong.text import fold, nfc

# How the columns are called in the sheets of offices, folded; a heading may say more after it.
_HEADINGS = {
    "number": ("stt", "tt", "so tt"),
    "name": ("noi dung", "hang muc", "khoan muc", "dien giai", "ten"),
    "unit": ("don vi", "dvt"),
    "quantity": ("so luong", "sl", "khoi luong"),
    "unit_price_vnd": ("don gia", "muc chi"),
    "amount_vnd": ("thanh tien", "so tien", "kinh phi", "tong tien"),
    "state_vnd": ("trong do nha nuoc", "nha nuoc", "ngan sach", "kinh phi khuien cong", "kinh phi khuyen cong"),
}
_SCALES = (("trieu", " triệu"), ("nghin", " nghìn"), ("ngan dong", " nghìn"), ("1 000", " nghìn"))
_TOTAL = re.compile(r"(tong|cong)( cong| so| chi phi| kinh phi| du toan)?\b.*")
_GROUP = re.compile(r"[IVX]+|[A-H]")
_ORDER = ("name", "unit", "quantity", "unit_price_vnd", "amount_vnd", "state_vnd")


def rows_of_block(block: str) -> tuple[list[dict[str, str]], list[str]]:
    """Rows by the names of fields, of cells copied from a sheet, and the names of lines left out: sums and groups.

    Columns are known by their headings, and without headings by their order, a column of running numbers apart.
    """
    lines = _lines(block)
    columns = _headings(lines[0]) if lines else {}
    if columns:
        lines = lines[1:]
    else:
        numbered = bool(lines) and all(re.fullmatch(r"[0-9.]*|[IVX]+|[A-H]", line[0]) for line in lines)
        order = ("number", *_ORDER) if numbered else _ORDER
        columns = {name: (index, "") for index, name in enumerate(order)}
    rows, left_out = [], []
    for line in lines:
        row = {name: _cell(line, *where) for name, where in columns.items()}
        number = row.pop("number", "")
        if _is_no_item(row, number):
            left_out.append(row.get("name") or number or " ".join(filter(None, line)))
        elif any(row.values()):
            rows.append(row)
    return rows, left_out


def _lines(block: str) -> list[list[str]]:
    """The cells of each line that holds something, each cell on one line."""
    try:
        lines = list(csv.reader(io.StringIO(block), delimiter="\t"))
    except csv.Error:  # a quote that never ends, in a very long text
        lines = [line.split("\t") for line in block.splitlines()]
    cells = [[nfc(cell) for cell in line] for line in lines]
    return [line for line in cells if any(line)]


def _headings(line: list[str]) -> dict[str, tuple[int, str]]:
    """The place of each column and what follows its amounts; nothing where the line holds no headings."""
    found: dict[str, tuple[int, str]] = {}
    for index, cell in enumerate(line):
        title = fold(cell)
        name = next((one for one, words in _HEADINGS.items() if one not in found and title.startswith(words)), "")
        if name:
            scale = next((after for word, after in _SCALES if word in title), "") if name.endswith("_vnd") else ""
            found[name] = index, scale
    return found if "name" in found and len(found) > 1 else {}


def _cell(line: list[str], index: int, scale: str) -> str:
    text = line[index] if index < len(line) else ""
    return f"{text}{scale}" if scale and re.fullmatch(r"[0-9][0-9., ]*", text) else text


def _is_no_item(row: Mapping[str, str], number: str) -> bool:
    """A line of a sum or of a group, which has neither number nor price: it would count its items again."""
    if row.get("quantity") or row.get("unit_price_vnd"):
        return False
    return bool(_TOTAL.fullmatch(fold(row.get("name", "") or number)) or _GROUP.fullmatch(number))
