"""Which content of a decree a text means, by the words that offices use for it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from khuyencong.text import fold
from programmes.models import ActivityType
from projects.importing.layout.columns import as_folded

# Folded words, by the number of the content: those of Decree 45/2012 (Điều 4) and of Decree 134/2004 (Điều 3).
_TRAINING = (
    r"(?:dao tao|day|truyen|hoc) (?:lao dong|nghe)|dao tao nghe|truyen nghe|boi duong tay nghe|nang cao tay nghe"
)
_MANAGING = (
    r"khoi su|khoi nghiep|thanh lap (?:moi )?(?:doanh nghiep|dn)|quan (?:ly|li) (?:doanh nghiep|dn|san xuat)|giam doc|"
    r"nang luc quan (?:ly|li)(?! va to chuc)|san xuat sach hon|mo rong thi truong|hoi thao|tham quan|khao sat"
)
_MODELS = (
    r"mo hinh|trinh dien|may moc|thiet bi|(?:mua|dau tu|ung dung|ho tro|lap dat) may|day chuyen|chuyen giao|"
    r"cong nghe(?! thong tin)|tien bo khoa hoc|ung dung (?:khoa hoc|tien bo)"
)
_PRODUCTS = (
    r"hoi cho|trien lam|binh chon|san pham (?:cong nghiep nong thon |cnnt )?tieu bieu|thuong hieu|nhan hieu|"
    r"phong trung bay|trung bay|xuc tien|quang ba|gioi thieu san pham"
)
_TELLING = (
    r"ban tin|tuyen truyen|thong tin|truyen hinh|phat thanh|phong su|trang (?:tin|thong tin)|website|an pham|"
    r"chuyen muc|chuyen trang|to gap|to roi|ky su"
)
_LINKING = (
    r"lien doanh|lien ket|hop tac kinh te|cum (?:diem )?cong nghiep|diem cong nghiep|ccn|di doi|o nhiem|moi truong|"
    r"hiep hoi"
)
_ORGANISING = (
    r"nang luc (?:quan (?:ly|li) va )?to chuc thuc hien|can bo (?:lam cong tac )?khuyen cong|cong tac vien|"
    r"quan (?:ly|li) (?:chuong trinh|kinh phi|cong tac|de an)|kiem tra giam sat|cong tac (?:quan (?:ly|li)|khuyen cong)"
)
_WORDS = {
    "134-1": _TRAINING,
    "134-2": _MANAGING,
    "134-3": _MODELS,
    "134-4": _PRODUCTS,
    "134-5": rf"tu van|{_TELLING}",
    "134-6": _LINKING,
    "134-7": _ORGANISING,
    "45-1": _TRAINING,
    "45-2": _MANAGING,
    "45-3": _MODELS,
    "45-4": _PRODUCTS,
    "45-5": r"tu van",
    "45-6": _TELLING,
    "45-7": _LINKING,
    "45-8": r"hop tac quoc te|quoc te ve khuyen cong",
    "45-9": _ORGANISING,
}
_FOUND = {code: re.compile(as_folded(rf"\b(?:{words})\b")) for code, words in _WORDS.items()}


class ContentFinder:
    """The contents of one year, found by what offices call them; each text is looked at once."""

    def __init__(self, contents: Sequence[ActivityType]) -> None:
        self.contents = contents
        self._names = {one: {fold(one.short_name), fold(one.legal_wording), fold(one.code)} for one in contents}
        self._found: dict[str, list[ActivityType]] = {}

    def meant(self, text: str) -> list[ActivityType]:
        """The contents that the text may mean: one is sure, several or none are asked about.

        The content's own name, its words in the decree or its number settle it.
        """
        if text not in self._found:
            self._found[text] = self._meant(fold(text))
        return self._found[text]

    def _meant(self, folded: str) -> list[ActivityType]:
        if not folded:
            return []
        if by_name := [one for one in self.contents if folded in self._names[one]]:
            return by_name
        return [one for one in self.contents if (words := _FOUND.get(one.code)) and words.search(folded)]
