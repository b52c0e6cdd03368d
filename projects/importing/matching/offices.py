"""Which organisation of a province the words of a list mean: by its code, by its name, or nearly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from khuyencong.accounts.models import Organisation
from khuyencong.text import fold, nfc

# How offices write names short; folded, as both are.
_SHORT = {
    "ttkc": "trung tam khuyen cong",
    "sct": "so cong thuong",
    "ktht": "kinh te ha tang",
    "tt": "trung tam",
    "kc": "khuyen cong",
    "tp": "thanh pho",
    "kt": "kinh te",
    "h": "huyen",
    "va": "",
}
_SAYS_NO_MORE = {"thanh", "pho", "tinh"}  # in front of a province's name
_KINDS = (
    (r"so(?: .+)?", Organisation.Kind.DEPARTMENT),
    (r"(?:trung tam|don vi su nghiep)(?: .+)?", Organisation.Kind.CENTRE),
    (r"(?:tinh|thanh pho)(?: .+)?", Organisation.Kind.PROVINCE),
)


def office_key(text: str) -> str:
    """The folded name with its short forms written out: “trung tam khuien cong hai phong”."""
    words = (fold(_SHORT[word]) if word in _SHORT else word for word in fold(text).split())
    return " ".join(filter(None, words))


def kind_told(text: str) -> str:
    """What an organisation is by the word that its name begins with; empty where that tells nothing."""
    key = office_key(text)
    return next((kind for form, kind in _KINDS if re.fullmatch(form, key)), "")


def is_class(head: str) -> bool:
    """Whether the head of a group names what is in it, and no organisation: “Các đơn vị sự nghiệp trực thuộc”."""
    return bool(re.match(r"(?:(?:cac|khoi|nhom) |don vi )", fold(head)))


@dataclass(frozen=True)
class Office:
    """One that may be meant: ``value`` is what an answer says of it; ``above`` the name of its superior."""

    value: str
    name: str
    code: str = ""
    above: str = ""

    @property
    def label(self) -> str:
        return f"{self.name} ({self.above})" if self.above else self.name


class OfficeNames:
    """Organisations that a list may name: those of the province, and those of the list itself."""

    def __init__(self, province: Organisation, offices: Iterable[Office]) -> None:
        self.offices = list(offices)
        whole = office_key(province.name)
        self.own = set(whole.split())
        self.own_name = whole, re.sub("^(?:thanh pho|tinh) ", "", whole)
        self.keys = {one.value: self._key(one.name) for one in self.offices}
        self.bare = {value: self._bare(key) for value, key in self.keys.items()}

    def _key(self, text: str) -> str:
        """With the province's name as short as offices write it: “Sở Công Thương thành phố Hải Phòng” bears no other.
        Another kind than its own is another unit, as the city that a province is named after."""
        whole, short = self.own_name
        return re.sub(rf"\b{whole}\b", short, office_key(text))

    def _bare(self, key: str) -> frozenset[str]:
        """Without the province's name, which a name may bear or not."""
        return frozenset(key.split()) - self.own - _SAYS_NO_MORE

    def called(self, text: str) -> list[Office]:
        """Those of that code or that very name; where some are the same to the mark, these alone."""
        if not fold(text):
            return []
        if found := [one for one in self.offices if one.code and one.code == text.strip().casefold()]:
            return found
        key = self._key(text)
        found = [one for one in self.offices if self.keys[one.value] == key]
        marked = [one for one in found if nfc(one.name).casefold() == nfc(text).casefold()]
        return marked or found

    def near(self, text: str) -> Sequence[Office]:
        """Those that differ by the province's name or by one letter of a longer word."""
        key, bare = self._key(text), self._bare(office_key(text))
        return [
            one
            for one in self.offices
            if (bare and self.bare[one.value] == bare) or _is_a_slip(self.keys[one.value], key)
        ]


def _is_a_slip(one: str, other: str) -> bool:
    """Whether one word differs, by a letter; of short words and numbers each is another (“chi nhánh
    1”, “chi nhánh 2”)."""
    words = one.split(), other.split()
    if len(words[0]) != len(words[1]):
        return False
    differing = [pair for pair in zip(*words, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _is_typed_like(*differing[0])


def _is_typed_like(one: str, other: str) -> bool:
    return min(len(one), len(other)) > 2 and (one + other).isalpha() and Levenshtein.distance(one, other) == 1
