"""Vietnamese text: how it is stored, searched and sorted, the same on every database.

Stored text is NFC. A search compares *folded* text on both sides. Lists are ordered by a binary
sort key that gives the order of ICU's ``vi`` collation.
"""

import datetime as dt
import re
import unicodedata
from functools import lru_cache

from django.db.models import Q
from django.utils.translation import gettext as _

MAX_SEARCH_WORDS = 20  # a longer search narrows nothing, and SQLite limits the depth of a condition

_TONES = "\u0300\u0301\u0303\u0309\u0323"
# Zero-width, bidirectional and byte-order marks, lone surrogates and noncharacters neither show on
# the screen nor survive in a workbook; control characters likewise.
_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cs"}
_PLANE_ENDS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_NONCHARACTER = re.compile(f"[\ufdd0-\ufdef{_PLANE_ENDS}]")
_LINE_END = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")


def nfc(text: str, *, multiline: bool = False) -> str:
    """The form in which text is stored: NFC, trimmed, without invisible characters.

    One-line text has single spaces between words. With ``multiline`` the line ends stay (as ``\\n``)
    and so do runs of spaces, which may be indentation.
    """
    if text.isascii() and text.isprintable():
        return text.strip() if multiline else " ".join(text.split())
    text = _LINE_END.sub("\n", text).replace("\t", " ")
    text = "".join(
        " " if unicodedata.category(char) == "Zs" else char
        for char in text
        if char == "\n" or unicodedata.category(char) not in _INVISIBLE_CATEGORIES
    )
    text = unicodedata.normalize("NFC", _NONCHARACTER.sub("", text))
    if not multiline:
        return " ".join(text.split())
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


_STROKED_D = str.maketrans("đĐðÐɖƉ", "dddddd")  # eth and African d are what old fonts typed for đ
_NO_WORD = re.compile(r"[\W_]+")
_Y_AS_I = re.compile(r"(?<=[bcdfghjklmnpqrstuvwxz])y")


def fold(text: str) -> str:
    """The form in which text is searched: lower case, no marks, words separated by single spaces.

    "Quý" and "Quí", "kỹ" and "kĩ" fold alike: y becomes i after a consonant or u. After a ("tây",
    "tai") and at the start of a word ("yên") the two sound different and stay apart. The rule looks
    only backwards, so the fold of a half-typed word is always the start of the fold of the word.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_STROKED_D))
        text = "".join(char for char in text if unicodedata.category(char) not in {"Mn", "Cf"})
    return _Y_AS_I.sub("i", _NO_WORD.sub(" ", text.casefold()).strip())


def marked_word(word: str) -> str:
    """A small word with its marks, the tone behind its letters and y written as :func:`fold` does: “thuỷ” and “thủy”
    are one, “quý” and “quí” too, “giang” and “giàng” are two."""
    parts = unicodedata.normalize("NFD", word)
    letters = "".join(char for char in parts if char not in _TONES)
    return _Y_AS_I.sub("i", letters) + "".join(char for char in parts if char in _TONES)


_OFFICE = re.compile(r"(Sở|Bộ|Cục)\b")  # short for a name: “Sở” is the Department of Industry and Trade


def inside_sentence(label: object) -> str:
    """A label as it reads inside a sentence: “Đã gửi Sở” → “đã gửi Sở”; names and short names keep their capitals:
    “Sở đã thống nhất”, “UBND …”."""
    text = str(label)
    return text if _OFFICE.match(text) or text[:2].isupper() else text[:1].lower() + text[1:]


def at_start(label: object) -> str:
    """A label as it begins a line: “kinh phí” → “Kinh phí”."""
    text = str(label)
    return text[:1].upper() + text[1:]


def translated(text: str) -> str:
    """A name of the reference data in the language of the page; what the catalogue lacks stays as it is."""
    return _(text) if text else ""


def dated(number: str, on: dt.date | None) -> str:
    """How a paper is called by its number and its day: “341/UBND-CN ngày 16/06/2006”. An unknown day is said to be
    unknown; the day from which a paper counts never stands in its place."""
    if on is None:
        return _("%(number)s, chưa rõ ngày") % {"number": number}
    return _("%(number)s ngày %(date)s") % {"number": number, "date": f"{on:%d/%m/%Y}"}


def folded_query(text: str, column: str) -> Q:
    """Rows whose folded ``column`` contains every word of ``text``, in any order.

    Text without a word (empty, or punctuation alone) asks for nothing and leaves all rows.
    """
    query = Q()
    for word in dict.fromkeys(fold(text).split()[:MAX_SEARCH_WORDS]):
        query &= Q((f"{column}__contains", word))
    return query


# Order of ICU's root collation for what can stand in our texts; everything else follows by code point.
_PUNCTUATION = "\t\n\v\f\r\x85\u2028\u2029 _-‐‑‒–—,;:!¡?¿.…·'‘’‚‹›\"“”„«»()[]{}§¶@*/\\&#%‰†‡•`^°©®+±÷×<=>|¦~¤¢$£¥₫€"
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# ngang (no mark), huyền, hỏi, ngã, sắc, nặng; then the marks of other languages, in ICU's root order.
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_MARKS = _TONES + "\u0306\u0302\u030c\u030a\u0308\u030b\u0307\u0327\u0328\u0304\u031b"
_SHAPES = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn: part of a letter where one exists

_CLUSTER = re.compile(r"(.)([\u0300-\u036f]*)", re.DOTALL)  # a character and the marks on it

_PRIMARY = {char: bytes([2 + place]) for place, char in enumerate(_PUNCTUATION)}
_OTHER_SYMBOL = b"\xa0"
_PRIMARY |= {char: bytes([0xB0 + place]) for place, char in enumerate("0123456789")}
_PRIMARY |= {char: bytes([0xC0 + place]) for place, char in enumerate(_LETTERS)}
_OTHER_LETTER = b"\xfe"
_PLAIN, _UPPER, _OTHER_MARK = 2, 3, 255
_PLAIN_TAIL = bytes([_PLAIN])
_SECONDARY = {mark: 3 + place for place, mark in enumerate(_MARKS)}


@lru_cache(1024)
def _primary(letter: str) -> bytes:
    """Weight of one lower-case letter, digit or symbol: one byte, or a marker and its code point."""
    if known := _PRIMARY.get(letter):
        return known
    marker = _OTHER_LETTER if letter.isalnum() else _OTHER_SYMBOL
    return marker + ord(letter[0]).to_bytes(3, "big")


def sort_key(text: str) -> bytes:
    """Bytes that compare as ICU's ``vi`` collation orders the texts.

    Three levels, each compared only when the ones before are equal: letters (a ă â b c d đ e ê …),
    marks (ngang, huyền, hỏi, ngã, sắc, nặng), case (small before capital).
    """
    letters, marks, cases = bytearray(), bytearray(), bytearray()
    decomposed = unicodedata.normalize("NFKD", nfc(text, multiline=True))
    for base, added in _CLUSTER.findall(decomposed):
        lower = base.lower()
        shaped = [mark for mark in added if mark in _SHAPES and _compose(lower, mark) in _PRIMARY]
        letter = _compose(lower, shaped[0]) if shaped else lower
        letters += _primary(letter)
        marks.append(_PLAIN)
        marks += bytes(_SECONDARY.get(mark, _OTHER_MARK) for mark in added if mark not in shaped[:1])
        cases.append(_UPPER if lower != base else _PLAIN)
    # The plain weight says nothing at the end of a level: without it most keys are far shorter.
    return b"\0".join([letters, marks.rstrip(_PLAIN_TAIL), cases.rstrip(_PLAIN_TAIL)])


@lru_cache(1024)
def _compose(letter: str, mark: str) -> str:
    """The letter with its mark as one character where Unicode has one."""
    return unicodedata.normalize("NFC", letter + mark)
