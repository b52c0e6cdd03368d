"""How a paper to be signed names a letter (NĐ 30/2020): kind, number, day in words, authority in full, subject.

What is unknown is a blank for the office to fill in. Always Vietnamese; only the parts of a sentence, since how several
letters are listed is the paper's own matter.
"""

from __future__ import annotations

import re

from django.utils.translation import override

from khuyencong.official import in_full, vietnamese_date
from programmes.models import Decision

OPEN = "……"
LEADING = re.compile(r"^(?:v/v|về việc|về)[\s:]+", re.IGNORECASE)


def cited(letter: Decision) -> str:
    """“Công văn số 341/UBND-CN ngày 16 tháng 6 năm 2006 của Ủy ban nhân dân thành phố Hải Phòng về việc …”."""
    return f"{kind_in_words(letter)} {numbered(letter)}{by_authority(letter)}{about(letter)}"


def kind_in_words(letter: Decision) -> str:
    """A kind without a name of its own is “Văn bản”."""
    if letter.kind == Decision.Kind.OTHER:
        return "Văn bản"
    with override("vi"):
        return str(letter.get_kind_display()) if letter.kind else OPEN


def numbered(letter: Decision) -> str:
    """“số 341/UBND-CN ngày 16 tháng 6 năm 2006”."""
    return f"số {letter.number or OPEN} {vietnamese_date(letter.issued_on)}"


def by_authority(letter: Decision) -> str:
    """“ của Ủy ban nhân dân thành phố Hải Phòng”; the authority has to be at hand."""
    return f" của {in_full(letter.authority.name) if letter.authority else OPEN}"


def about(letter: Decision) -> str:
    """“ về việc phê duyệt …”, however the subject was typed in."""
    subject = LEADING.sub("", letter.subject).rstrip(" .")
    return f" về việc {_inside(subject) or OPEN}"


def _inside(subject: str) -> str:
    """Small at the beginning, unless it begins with an abbreviation: “Phê duyệt” but “UBND”."""
    return subject if subject[1:2].isupper() else subject[:1].lower() + subject[1:]
