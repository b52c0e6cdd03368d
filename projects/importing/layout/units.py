"""The unit in which a sheet states its money."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from khuyencong.text import fold

DONG, THOUSAND, MILLION, BILLION = 1, 10**3, 10**6, 10**9
_NAMES: Final = {"trieu": MILLION, "tr": MILLION, "nghin": THOUSAND, "ngan": THOUSAND, "ti": BILLION, "": DONG}
_SIZE = r"trieu|tr|nghin|ngan|ti|1(?: ?000)+"
_CURRENCY = r"(?:dong|d|vnd|vn dong|viet nam dong)"
_SAID = r"(?:don vi tinh|don vi tien|don vi|dvt|dv tinh|d v t)(?: (?:tien|la|tinh))?"
# “Đơn vị tính: Triệu đồng”, also at the end of a title; “1000đ” folds to “1000d”.
_STATED = re.compile(rf"(?:{_SAID}|.* (?:don vi tinh|dvt|dv tinh)) (?:({_SIZE}) ?{_CURRENCY}?|{_CURRENCY})")
_ALONE = re.compile(rf"({_SIZE}) ?{_CURRENCY}|(?:dong|vnd)")
_OF_COLUMN = re.compile(rf"(?:.* )?({_SIZE})(?: ?{_CURRENCY})?|(?:{_SAID} |bang )?{_CURRENCY}")
_AT_THE_END = re.compile(rf"(?:.* )(trieu|nghin|ngan|1 ?000) ?{_CURRENCY}")
_ODD = re.compile(r"(?:.* )?(?:don vi tinh|dvt|dv tinh) .+")
_BRACKETS = re.compile(r"\(([^)]*)\)")


def _unit_named(size: str | None) -> int:
    return int(size.replace(" ", "")) if size and size[0].isdigit() else _NAMES[size or ""]


def stated_unit(texts: Iterable[str]) -> int | None:
    """Đồng in one of what “Đơn vị tính: Triệu đồng” says, or a title in brackets; None where no text does, or where
    several say different things."""
    return _only(text_unit for text in texts if (text_unit := _unit_by(text, _STATED)) is not None)


def bare_unit(texts: Iterable[str]) -> int | None:
    """As :func:`stated_unit`, of “(triệu đồng)” in a title or in a cell of its own."""
    return _only(text_unit for text in texts if (text_unit := _unit_by(text, _ALONE)) is not None)


def _only(units: Iterable[int]) -> int | None:
    found = set(units)
    return found.pop() if len(found) == 1 else None


def _unit_by(text: str, pattern: re.Pattern[str]) -> int | None:
    for said in (text, *_BRACKETS.findall(text)):
        if stated := pattern.fullmatch(fold(said)):
            return _unit_named(stated[1])
    return None


def _is_unit(text: str) -> bool:
    return any(_unit_by(text, pattern) is not None for pattern in (_STATED, _ALONE))


def odd_unit(texts: Iterable[str]) -> str:
    """The text that states a unit which is none of ours, as “ĐVT: USD”; empty where there is none."""
    return next((text for text in texts if not _is_unit(text) and _ODD.fullmatch(fold(text))), "")


def is_unit_row(texts: Iterable[str]) -> bool:
    """Whether a row says nothing but units: below a header that leaves it to say them."""
    listed = list(texts)
    return bool(listed) and all(map(_is_unit, listed))


def unit_in_heading(heading: str) -> int | None:
    """Đồng in one of a column headed “Số tiền (đồng)”, “Kinh phí (tr.đ)” or “KCĐP / nghìn đồng”; None where its heading
    names no unit."""
    last = heading.rpartition(" / ")[2]
    inside = _BRACKETS.findall(heading) or ([heading.rpartition(",")[2]] if "," in heading else [])
    for text in inside:
        if named := _OF_COLUMN.fullmatch(fold(text)):
            return _unit_named(named[1])
    named = _ALONE.fullmatch(fold(last)) or _AT_THE_END.fullmatch(fold(last))
    return _unit_named(named[1]) if named else None


def without_units(heading: str) -> str:
    """The heading without the brackets that only say a unit."""
    return _BRACKETS.sub(lambda found: found[0] if unit_in_heading(found[0]) is None else " ", heading)
