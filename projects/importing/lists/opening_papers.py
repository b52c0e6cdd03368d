"""Numbers and days of papers as the cells of old lists write them."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.text import nfc
from projects.importing.values.periods import UnreadableTime, read_day

_BEFORE_NUMBER = re.compile(
    r"(?:(?:quyết định|công văn|văn bản|hợp đồng|qđ|cv|hđ)(?:\s+số)?|số)[:.]?\s+", re.IGNORECASE
)
_NUMBER = re.compile(r"\b[0-9]+[a-z]?/(?:[0-9]{4}/)?[^\W\d_][^\s,;()]*", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:quyết định|công văn|văn bản|nghị quyết|qđ|cv|nq|vb)(?:\s+số)?[:.]?\s*([0-9][^\s,;()]*)", re.IGNORECASE
)
_WHOLE = r"[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-](?:[0-9]{4}|[0-9]{2})(?![0-9])"
_IN_WORDS = r"ngày\s+[0-9]{1,2}\s+tháng\s+[0-9]{1,2}\s+năm\s+[0-9]{4}"
_DEEDS = ("ngày", "nt", "nghiệm thu", "qt", "quyết toán", "tl", "thanh lý")
_AFTER = "|".join(rf"(?<=\b{deed} )" for deed in _DEEDS)
_WITHOUT_YEAR = rf"(?:{_AFTER}|(?<=\())[0-9]{{1,2}}/[0-9]{{1,2}}(?![0-9/])"
_DAYS = re.compile(rf"(?<![0-9/])(?:{_WHOLE}|{_IN_WORDS}|{_WITHOUT_YEAR})", re.IGNORECASE)
_NUMBER_ENDS = re.compile(
    rf"[\s,;(\-–]*(?:\bngày\b|(?<![0-9/]){_WHOLE}|\(\s*[0-9]{{1,2}}/[0-9]{{1,2}}\))|\s+của\s", re.IGNORECASE
)


def number_and_day(text: str, year: int = 0) -> tuple[str, dt.date | None]:
    """Of “QĐ số 45/QĐ-UBND ngày 05/02/2026”; a day without a year is one of ``year``, if that is the one that runs."""
    number = _NUMBER_ENDS.split(nfc(text), maxsplit=1)[0].strip(" ,;.-–\n")
    stands_before = _BEFORE_NUMBER.match(number)
    return number[stands_before.end() if stands_before else 0 :][:60], safe_day_in(text, year)


def letters_in(text: str, year: int = 0) -> list[tuple[str, dt.date | None]]:
    """Each letter that a cell names: “45/QĐ-UBND ngày 05/02/2026; 88/QĐ-UBND”."""
    starts = [found.start() for found in _NUMBER.finditer(nfc(text))]
    ends = [*starts[1:], len(text)] if starts else []
    return [number_and_day(nfc(text)[start:end], year) for start, end in zip(starts, ends, strict=True)]


def letter_in_words(heading: str, year: int = 0) -> tuple[str, dt.date | None]:
    """Of “Duyệt bổ sung (QĐ 456/QĐ-UBND ngày 12/5/2026)”; empty where the words name no letter."""
    found = _NAMED.search(nfc(heading))
    number = found[1] if found else next((one[0] for one in _NUMBER.finditer(nfc(heading))), "")
    return number_and_day(number)[0], safe_day_in(heading, year)


def days_in(text: str) -> list[str]:
    """All days that stand in a text, as it writes them, each once."""
    return list(dict.fromkeys(found[0] for found in _DAYS.finditer(nfc(text))))


def day_of(text: str, year: int = 0) -> dt.date | None:
    """The day of one of these; None for one that can't be, or without its year where nobody knows that."""
    parts = [int(one) for one in re.findall(r"[0-9]+", text)]
    if len(parts) == 2 and year != timezone.localdate().year:
        return None
    try:
        return read_day("/".join(map(str, parts if len(parts) == 3 else [*parts, year])))
    except UnreadableTime:
        return None


def safe_day_in(text: str, year: int = 0) -> dt.date | None:
    """The last day that stands in a text; None for none, and for one that can't be."""
    found = days_in(text)
    return day_of(found[-1], year) if found else None


def doubtful_day(text: str, day: dt.date | None) -> str:
    """What is wrong with the days of a cell that names one paper, of which ``day`` is known; empty where nothing is."""
    found = days_in(text)
    if len(found) > 1:
        return _("ô này ghi nhiều ngày (%(days)s): chỉ ghi số, ngày của một văn bản") % {"days": ", ".join(found)}
    if found and day is None:
        return _("ngày “%(text)s” không đọc được, hoặc thiếu năm") % {"text": found[0]}
    return ""
