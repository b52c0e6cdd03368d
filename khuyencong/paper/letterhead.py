"""Names of offices in the head of a document, broken between their parts, and the rules below (NĐ 30/2020)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from khuyencong.official import DocumentHead
from khuyencong.paper.type_widths import text_width
from khuyencong.text import nfc

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
HEAD_SIZE = 13
RULE_POINTS = 8  # of the row in which a rule stands
# What is read in one breath; the name of a place stands last.
PART = re.compile(
    r"(?:THÀNH PHỐ|TỈNH) .+$|ỦY BAN NHÂN DÂN|(?:TRUNG TÂM )?KHUYẾN CÔNG|SỞ CÔNG (?:THƯƠNG|NGHIỆP)|TRUNG TÂM|TƯ VẤN"
    r"|PHÁT TRIỂN|CÔNG NGHIỆP|XÚC TIẾN|THƯƠNG MẠI|\S+ \S+$|\S+"
)
RULE_OF_NAME = 0.4  # of the length of the name: between a third and a half


@dataclass(frozen=True)
class HeadLine:
    """One line of a column of the head, with the looks that XlsxWriter gives it; or a rule of ``rule_em`` em."""

    text: str = ""
    looks: dict[str, Any] = field(default_factory=lambda: {"font_size": HEAD_SIZE})
    rule_em: float = 0


def head_lines(letterhead: DocumentHead, room: float) -> Iterator[tuple[HeadLine, HeadLine]]:
    """Left and right line by line; ``room`` is the left column's, in em of 12 points."""
    room *= 12 / HEAD_SIZE
    superior, issuer = offices(letterhead, room)
    left = [*map(HeadLine, superior), *map(_bold, issuer)]
    left += [HeadLine(rule_em=RULE_OF_NAME * widest(issuer))] if issuer else []
    dated = HeadLine(letterhead.place_and_date, {"font_size": HEAD_SIZE, "italic": True})
    right = [_bold(MOTTO[0]), _bold(MOTTO[1]), HeadLine(rule_em=bold_width(MOTTO[1])), dated]
    yield from zip_longest(left, right, fillvalue=HeadLine())


def _bold(text: str) -> HeadLine:
    return HeadLine(text, {"font_size": HEAD_SIZE, "bold": True})


def offices(letterhead: DocumentHead, room: float) -> tuple[list[str], list[str]]:
    """The lines of the superior's name, and those of the issuer's, which is bold."""
    superior, issuer = nfc(letterhead.superior), nfc(letterhead.issuer)
    return office_lines(superior, room, is_bold=False), office_lines(issuer, room)


def office_lines(name: str, room: float, *, is_bold: bool = True) -> list[str]:
    """The name on as few lines as the room, in em, allows; all of about the same length."""
    parts = PART.findall(name.upper())
    lines = _wrapped(parts, room, is_bold)
    while True:
        closest = widest(lines, is_bold=is_bold)
        closer = _wrapped(parts, closest - 0.01, is_bold)
        if len(closer) > len(lines) or widest(closer, is_bold=is_bold) >= closest:
            return lines
        lines = closer


def bold_width(text: str) -> float:
    """In em of the font."""
    return text_width(text, is_bold=True)


def _wrapped(parts: list[str], room: float, is_bold: bool) -> list[str]:
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]} {part}" if lines else part
        if lines and text_width(longer, is_bold=is_bold) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def widest(lines: list[str], *, is_bold: bool = True) -> float:
    """In em of the font."""
    return max((text_width(line, is_bold=is_bold) for line in lines), default=0)
