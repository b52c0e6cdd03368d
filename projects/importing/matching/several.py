"""Several establishments in one cell: “HTX A; HTX B”, lines with dashes or numbers."""

from __future__ import annotations

import re

from khuyencong.firm_names import short_name
from khuyencong.text import nfc
from projects.importing.matching.firms import is_group, type_of

_BULLET = re.compile(r"\s*(?:[-–•*+]|\(?[0-9]{1,2}[.)]|[a-z][.)])\s+", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|\s)(?:\(?[0-9]{1,2}[.)]|[-–•*+])\s+")
_LINES = re.compile(r"[;\n]")
_WEAK = re.compile(r"\s*[,+]\s*|\s+[-–&]\s+|\s+và\s+")  # also stands within a name
_OTHER_FORMS = re.compile(r"(?:cs|chi nhanh|trung tam)\b")
_HOUSEHOLD = re.compile(r"hộ\s+\w", re.IGNORECASE)  # with its marks: “Hồ Sen” is a street
_FORM_ALONE = re.compile(r"(?:cti|cp|tnhh|mtv|dntn|htx|tht|hkd|xn|cs|ho|lien hiep|to|nghe nhan|tm|dv|sx|xnk| )+")


def several_in(cell: str) -> tuple[list[str], bool]:
    """The names in the cell and whether that is sure: each begins as names of establishments do, or with a dash or
    a number. What only may be several is asked about; a name of two lines is one."""
    text = nfc(cell, multiline=True)
    if listed := _bulleted(text):
        return listed, True
    lines = [nfc(part) for part in _LINES.split(text) if nfc(part)]
    parts = [part for line in lines for part in _weak_parts(line)]
    if is_group(text) or len(parts) < 2:
        return [nfc(text)], True
    if all(map(_is_named, parts)):
        return parts, True
    is_one = ";" not in text and _has_form(parts[0]) and not any(map(_has_form, parts[1:]))
    return ([nfc(text)], True) if is_one else (parts, False)


def _bulleted(text: str) -> list[str]:
    """The names behind the dashes or numbers of a cell that begins with one; a line without one goes on with its name.
    On a single line only where each is named like an establishment."""
    if not _BULLET.match(text):
        return []
    if "\n" not in text:
        parts = [nfc(part).rstrip(" ;,.") for part in _NUMBERED.split(text) if nfc(part)]
        return parts if all(map(_is_named, parts)) else []
    names: list[str] = []
    for line in filter(str.strip, text.split("\n")):
        if _BULLET.match(line) or not names:
            names.append("")
        names[-1] = nfc(f"{names[-1]} {_BULLET.sub('', line, count=1)}")
    return [name.rstrip(" ;,.") for name in names]


def _weak_parts(line: str) -> list[str]:
    """Parted by commas or “và” where every part is named, else the line."""
    parts = [nfc(part) for part in _WEAK.split(line)]
    return parts if all(map(_is_named, parts)) else [line]


def _is_named(name: str) -> bool:
    """Whether a text begins as names of establishments do and goes on, or names a group of those who are helped."""
    return (_has_form(name) and not _FORM_ALONE.fullmatch(short_name(name))) or is_group(name)


def _has_form(name: str) -> bool:
    return bool(type_of(name) or _OTHER_FORMS.match(short_name(name)) or _HOUSEHOLD.match(nfc(name)))
