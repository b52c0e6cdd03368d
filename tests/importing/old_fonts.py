"""Texts as they were typed for Vietnamese fonts of before Unicode."""

from __future__ import annotations

from projects.importing.reading import legacy_fonts
from projects.importing.reading.legacy_fonts import VNI, to_unicode

TCVN3_CODES = {letter: chr(code) for code, letter in legacy_fonts._TCVN3.items()}
VNI_CODES = {letter: code for code, letter in legacy_fonts._VNI_LETTERS.items()} | {
    to_unicode(base + mark, VNI): base + mark
    for base in "aeouyôöAEOUYÔÖ"
    for mark in map(str.upper if base.isupper() else str, legacy_fonts._VNI_MARKS)
}


def as_tcvn3(text: str) -> str:
    """As a typist typed it: small letters with marks have codes, capitals only Ă Â Đ Ê Ô Ơ Ư."""
    return "".join(TCVN3_CODES.get(char) or TCVN3_CODES.get(char.lower(), char) for char in text)


def as_vni(text: str) -> str:
    return "".join(VNI_CODES.get(char, char) for char in text)
