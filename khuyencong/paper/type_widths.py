"""How many lines a text takes in a cell, by the widths of Times New Roman: merged cells fit nothing."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from khuyencong.paper import glyph_widths

LINE_POINTS, MAX_ROW_POINTS = 15, 409  # of the font of 12 points; the highest row that Excel knows
ROW_PADDING = 4  # points, above and below a text together
SIZES = (12, 11, 10, 9, 8, 7, 6)  # points, of a text that the highest row can't hold in the first
PADDING = 0.3  # em, left and right of a cell together
INDENT = 1.5  # digits that an indented text keeps from the rule on its left

# A table of facts in the repository: a server needs neither the font nor a library to read it, as a package with the
# metrics of Adobe's Times would be, which has no Vietnamese letters.
_REGULAR, _BOLD = (
    {char: width / glyph_widths.UNITS for width, chars in face.items() for char in chars}
    for face in (glyph_widths.REGULAR, glyph_widths.BOLD)
)


@lru_cache(2048)
def _char_width(char: str, is_bold: bool) -> float:
    face = _BOLD if is_bold else _REGULAR
    base = unicodedata.normalize("NFD", char)[0]
    if width := face.get(char) or face.get(base):
        return width
    if unicodedata.east_asian_width(char) in "WF":
        return 1.1
    return 0.7 if base.isupper() else 0.5


@lru_cache(8192)
def text_width(text: str, *, is_bold: bool = False) -> float:
    """In em of the font."""
    return sum(_char_width(char, is_bold) for char in text)


@lru_cache(8192)
def line_count(text: str, column_width: float, *, is_bold: bool = False) -> int:
    """Lines of the text wrapped at words in a column whose width is counted in digits, half an em each."""
    room = max(column_width / 2 - PADDING, 1)
    return sum(_wrapped(paragraph, room, is_bold) for paragraph in text.split("\n"))


def fit_in_row(text: str, column_width: float) -> tuple[float, float]:
    """The size of type in points at which the text has room in the highest row, or the smallest one; and the height of
    its row in points."""
    for size in SIZES:
        points = line_count(text, column_width * 12 / size) * LINE_POINTS * size / 12 + ROW_PADDING
        if points <= MAX_ROW_POINTS:
            return size, points
    return size, MAX_ROW_POINTS


def _wrapped(paragraph: str, room: float, is_bold: bool) -> int:
    lines, used, space = 1, 0.0, text_width(" ", is_bold=is_bold)
    for word in paragraph.split(" "):
        width = text_width(word, is_bold=is_bold)
        if used and used + space + width > room:
            lines, used = lines + 1, 0.0
        if width > room:  # a word longer than the line is broken
            more, width = divmod(width, room)
            lines += int(more)
        used += width + (space if used else 0)
    return lines
