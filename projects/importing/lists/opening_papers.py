"""Numbers and days of papers as the cells of old lists write them."""

from __future__ import annotations

import datetime as dt
import re

from khuyencong.text import nfc
from projects.importing.values.periods import UnreadableTime, day_in

_BEFORE_NUMBER = re.compile(
    r"(?:(?:quyết định|công văn|văn bản|hợp đồng|qđ|cv|hđ)(?:\s+số)?|số)[:.]?\s+", re.IGNORECASE
)
_NUMBER = re.compile(r"\b[0-9]+[a-z]?/(?:[0-9]{4}/)?[^\W\d_][^\s,;()]*", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:quyết định|công văn|văn bản|nghị quyết|qđ|cv|nq|vb)(?:\s+số)?[:.]?\s*([0-9][^\s,;()]*)", re.IGNORECASE
)


def number_and_day(text: str) -> tuple[str, dt.date | None]:
    """Of “QĐ số 45/QĐ-UBND ngày 05/02/2026”."""
    number = re.split(r"[,;]?\s*\bngày\b|\s+\(?[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", text, maxsplit=1)[0]
    number = number.strip(" ,;.-–")
    stands_before = _BEFORE_NUMBER.match(number)
    return number[stands_before.end() if stands_before else 0 :][:60], safe_day_in(text)


def letters_in(text: str) -> list[tuple[str, dt.date | None]]:
    """Each letter that a cell names, where it names several: “45/QĐ-UBND ngày 05/02/2026; 88/QĐ-UBND”."""
    starts = [found.start() for found in _NUMBER.finditer(nfc(text))]
    ends = [*starts[1:], len(text)] if starts else []
    return [number_and_day(nfc(text)[start:end]) for start, end in zip(starts, ends, strict=True)]


def letter_in_heading(heading: str) -> tuple[str, dt.date | None]:
    """Of “Duyệt bổ sung (QĐ 456/QĐ-UBND ngày 12/5/2026)”; empty where the heading names no letter."""
    found = _NAMED.search(nfc(heading))
    number = found[1] if found else next((one[0] for one in _NUMBER.finditer(nfc(heading))), "")
    return number.strip(" ,;.-–"), safe_day_in(heading)


def safe_day_in(text: str) -> dt.date | None:
    """The last day that stands in a text; None for none, and for one that can't be."""
    try:
        return day_in(text)
    except UnreadableTime:
        return None
