"""The unit in which a sheet states its money."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from khuyencong.text import fold

DONG, THOUSAND, MILLION, BILLION = 1, 10**3, 10**6, 10**9
_NAMES: Final = {"trieu": MILLION, "tr": MILLION, "nghin": THOUSAND, "ngan": THOUSAND, "ti": BILLION, "": DONG}
_STATED = re.compile(
    r"(?:don vi(?: tinh)?|dvt|dv tinh)(?: tien)? (trieu|tr|nghin|ngan|ti|1 000|)\s*(?:dong|d|vnd|vnd dong)?"
)
_BRACKETS = re.compile(r"\(([^)]*)\)")
_IN_HEADING = re.compile(r"(?:.* )?(trieu|tr|nghin|ngan|ti)(?: (?:dong|d|vnd))?|(?:.* )?(?:dong|d|vnd)")


def stated_unit(texts: Iterable[str]) -> int | None:
    """Đồng in one of what “Đơn vị tính: Triệu đồng” says, or a title in brackets; None where no text does."""
    for text in texts:
        for said in (text, *_BRACKETS.findall(text)):
            if stated := _STATED.fullmatch(fold(said)):
                return THOUSAND if stated[1] == "1 000" else _NAMES[stated[1]]
    return None


def unit_in_heading(heading: str) -> int | None:
    """Đồng in one of a column headed “Số tiền (đồng)” or “Kinh phí (tr.đ)”; None where its heading names no unit."""
    inside = _BRACKETS.findall(heading) or ([heading.rpartition(",")[2]] if "," in heading else [])
    for text in inside:
        if named := _IN_HEADING.fullmatch(fold(text)):
            return _NAMES[named[1] or ""]
    return None
