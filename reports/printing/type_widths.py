"""How many lines a text takes in a cell, by the widths of Times New Roman: merged cells fit nothing."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LINE_POINTS, MAX_ROW_POINTS = 15, 409  # of the font of 12 points; the highest row that Excel knows
ROW_PADDING = 4  # points, above and below a text together
SIZES = (12, 11, 10, 9, 8, 7, 6)  # points, of a text that the highest row can't hold in the first
PADDING = 0.3  # em, left and right of a cell together
INDENT = 1.5  # digits that an indented text keeps from the rule on its left
BOLD = 1.07
SPACE = 0.25

# Advance widths of the font in em; letters with marks are as wide as their base.
_WIDTHS = {
    0.25: " .,",
    0.28: "iljt:;/'|",
    0.33: 'rfIJs()[]-“”"',
    0.44: "aceztg?",
    0.5: "bdhknopquvxy0123456789–",
    0.58: "EFLPSTZ",
    0.67: "ABCRVX",
    0.73: "DĐGHKNOQUYw",
    0.8: "m%",
    0.93: "MW@…",
}
_EM = {char: width for width, chars in _WIDTHS.items() for char in chars}


@lru_cache(2048)
def _char_width(char: str) -> float:
    base = unicodedata.normalize("NFD", char)[0]
    if width := _EM.get(char) or _EM.get(base):
        return width
    if unicodedata.east_asian_width(char) in "WF":
        return 1.1
    return 0.7 if base.isupper() else 0.5


@lru_cache(8192)
def text_width(word: str) -> float:
    """In em of the font."""
    return sum(map(_char_width, word))


@lru_cache(8192)
def line_count(text: str, column_width: float, *, is_bold: bool = False) -> int:
    """Lines of the text wrapped at words in a column whose width is counted in digits, half an em each."""
    room = max(column_width / 2 - PADDING, 1) / (BOLD if is_bold else 1)
    return sum(_wrapped(paragraph, room) for paragraph in text.split("\n"))


def fit_in_row(text: str, column_width: float) -> tuple[float, float]:
    """The size of type in points at which the text has room in the highest row, or the smallest one; and the height of
    its row in points."""
    for size in SIZES:
        points = line_count(text, column_width * 12 / size) * LINE_POINTS * size / 12 + ROW_PADDING
        if points <= MAX_ROW_POINTS:
            return size, points
    return size, MAX_ROW_POINTS


def _wrapped(paragraph: str, room: float) -> int:
    lines, used = 1, 0.0
    for word in paragraph.split(" "):
        width = text_width(word)
        if used and used + SPACE + width > room:
            lines, used = lines + 1, 0.0
        if width > room:  # a word longer than the line is broken
            more, width = divmod(width, room)
            lines += int(more)
        used += width + (SPACE if used else 0)
    return lines
