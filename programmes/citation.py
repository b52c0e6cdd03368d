"""How a paper to be signed names a letter (NĐ 30/2020): kind, number, day in words, authority in full, subject.

What is unknown is a blank for the office to fill in. Always Vietnamese; only the parts of a sentence, since how several
letters are listed is the paper's own matter. A row of a table calls the letter shorter (:func:`called`).
"""

from __future__ import annotations

import datetime as dt
import re

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from khuyencong.official import in_full, vietnamese_date
from khuyencong.text import dated
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


def called(kind: str, number: str, issued_on: dt.date | None) -> str:
    """“Công văn số 341/UBND-CN ngày 16/06/2006”, in the language of the page; what is unknown is said to be."""
    known = kind not in ("", Decision.Kind.OTHER)
    name = Decision.Kind(kind).label if known else pgettext("kind of a document", "Văn bản")
    words = _("%(kind)s số %(number)s") if number else _("%(kind)s chưa rõ số")
    return dated(words % {"kind": name, "number": number}, issued_on)
