"""Names of establishments as people write them, compared: legal forms written out or short, “&” or “và”, 07 or 7.

One text may be written in many ways (“Công ty Cổ phần Thương mại Hoa Mai”, “CTCP TM Hoa Mai”); two names with the same
own words behind another legal form may be two establishments, so that is asked.
"""

from __future__ import annotations

import enum
import re
from functools import lru_cache

from khuyencong.text import fold, marked_word, nfc

# Folded words of a legal form or a line of business, and how they are written short (“cty” folds to “cti”).
_SHORT = {
    "ho kinh doanh ca the": "hkd",
    "trach nhiem huu han": "tnhh",
    "doanh nghiep tu nhan": "dntn",
    "vat lieu xay dung": "vlxd",
    "xuat nhap khau": "xnk",
    "mot thanh vien": "mtv",
    "1 thanh vien": "mtv",
    "dn tu nhan": "dntn",
    "hop tac xa": "htx",
    "to hop tac": "tht",
    "ho kinh doanh": "hkd",
    "xuat khau": "xk",
    "nong nghiep": "nn",
    "thuong mai": "tm",
    "san xuat": "sx",
    "xay dung": "xd",
    "dich vu": "dv",
    "xi nghiep": "xn",
    "cong ti": "cti",
    "co phan": "cp",
    "co so": "cs",
    "tn hh": "tnhh",
    "t n h h": "tnhh",
    "d n t n": "dntn",
    "h t x": "htx",
    "ct tnhh": "cti tnhh",
    "lh htx": "lien hiep htx",
    "ct cp": "cti cp",
    "ho kd": "hkd",
    "c ti": "cti",
    "1tv": "mtv",
    "ctcp": "cti cp",
    "ctitnhh": "cti tnhh",
    "ctitnhhmtv": "cti tnhh mtv",
    "tnhhmtv": "tnhh mtv",
}
_FORMS = {"cti", "cp", "tnhh", "mtv", "dntn", "htx", "tht", "hkd", "xn", "cs"}
_BUSINESS = {"tm", "dv", "sx", "xnk", "xk", "xd", "vlxd", "nn"}
_JOINED = re.compile(f"(?:{'|'.join(sorted(_BUSINESS | {'mtv', 'cp'}, key=len, reverse=True))}){{2,}}")
_ONE = re.compile("|".join(sorted(_BUSINESS | {"mtv", "cp"}, key=len, reverse=True)))
TAX_ROOT_DIGITS = 10
_SKIPPED = {"va", "so"}  # “&” is no word; “số 7” is “7”


class Likeness(enum.Enum):
    SAME = "same"
    NEAR = "near"  # the same own words, another legal form or line of business
    DIFFERENT = "different"


def compare_names(one: str, other: str) -> Likeness:
    """Whether two names are one name, may be one establishment, or are two."""
    if short_name(one) == short_name(other):
        return Likeness.SAME
    own = own_words(one)
    return Likeness.NEAR if own and own == own_words(other) else Likeness.DIFFERENT


@lru_cache(4096)
def short_name(text: str) -> str:
    """The folded name with every form and line of business written short: “cti cp tm hoa mai”."""
    return " ".join(word for word, _typed in _words(text))


def marked_name(text: str) -> str:
    """The same, but own words keep their marks: where these were typed they count."""
    return " ".join(typed for _word, typed in _words(text))


def has_marks(text: str) -> bool:
    """Whether an own word of the name was typed with a mark; without any it may be every name that folds alike."""
    return marked_name(text) != short_name(text)


def own_words(text: str) -> frozenset[str]:
    """What is left without forms and lines of business: “hoa”, “mai”."""
    return frozenset(short_name(text).split()) - _FORMS - _BUSINESS


def own_name(text: str) -> str:
    """The own words in the order of the alphabet, the same for all names that are near; a name without any as it is."""
    return " ".join(sorted(own_words(text))) or short_name(text)


def tax_root(code: str) -> str:
    """The ten digits of an establishment: those of the parent, for a branch (“0123456789-001”)."""
    return code[:TAX_ROOT_DIGITS]


def _words(text: str) -> list[tuple[str, str]]:
    typed = re.findall(r"[^\W_]+", nfc(text).casefold())
    folded = [fold(word) for word in typed]
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(folded):
        size, short = _short_at(folded, at)
        if short is None:
            word = folded[at].lstrip("0") or "0" if folded[at].isdecimal() else folded[at]
            found += [(word, word if word != folded[at] else marked_word(typed[at]))] if word not in _SKIPPED else []
        else:
            found += [(word, word) for word in short.split()]
        at += size
    return found


def _short_at(words: list[str], at: int) -> tuple[int, str | None]:
    """How many words from there are a form, and how it is written short; None where they are none."""
    for size in (5, 4, 3, 2, 1):
        if short := _SHORT.get(" ".join(words[at : at + size])) if at + size <= len(words) else None:
            return size, short
    if _JOINED.fullmatch(words[at]):
        return 1, " ".join(_ONE.findall(words[at]))
    return 1, words[at] if words[at] in _FORMS | _BUSINESS else None
