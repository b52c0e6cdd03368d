"""What the words of a progress column say is done."""

from __future__ import annotations

import re

from khuyencong.text import fold, nfc
from projects.models import PastRecord

STATE = PastRecord.Outcome
_NOT_YET = re.compile(r"\b(?:(?:chua|cho|dang cho|chuan bi|sap)(?: \w+)?|dang(?: (?!da\b)\w+){0,5})$")
_WORDS = (
    (STATE.LIQUIDATED, r"thanh li|da tl"),
    (STATE.SETTLED, r"quiet toan|da qt"),
    (STATE.ACCEPTED, r"nghiem thu|da nt"),
    (
        STATE.IN_PROGRESS,
        r"dang (?:thuc hien|trien khai|thi cong|lam(?! thu tuc)|lap|mua|san xuat|gia cong)|"
        r"da (?:trien khai|lap dat|ban giao)",
    ),
    (STATE.CONTRACTED, r"da ki|ki (?:hd|hop dong)"),
)
# With their marks, since “dừng” and “đúng” fold alike; of a text without marks only what is no other word.
_STOPPED = re.compile(
    r"(?<!tạm )(?<!không )(?<!chưa )(?<!phải )\b(?:ngừng|dừng|đình chỉ|h(?:ủy|uỷ)(?! hợp đồng)|thôi không|"
    r"không (?:thực hiện|triển khai|làm)|rút(?! kinh nghiệm| gọn| ngắn))\b"
)
_STOPPED_FOLDED = re.compile(r"\b(?:ngung|dung thuc hien|hui|khong thuc hien|khong trien khai)\b")
_NEXT_YEAR = re.compile(
    r"\bchuien (?:tiep )?(?:(?:sang|qua|vao) )?(?:(?:thuc hien|ke hoach|kh) )*nam (?:sau|toi|20[0-9]{2})|"
    r"\bchuien nguon|\b(?:keo dai|gia han) sang nam"
)


def state_in(text: str) -> str:
    """What the words say is done; what is waited for is not."""
    folded = fold(text)
    for state, words in _WORDS:
        for found in re.finditer(rf"\b(?:{words})\b", folded):
            if not _NOT_YET.search(folded[: found.start()].rstrip()):
                return state
    return ""


def is_unknown(text: str) -> bool:
    """Whether a cell says something of the state, and nothing of it is known: “Xong”, “Đạt 70%”."""
    folded = fold(text)
    known = "|".join(words for _state, words in _WORDS)
    return bool(re.search("[a-z]", folded)) and not re.search(rf"\b(?:{known}|chua|cho|sap|chuan bi)\b", folded)


def is_not_yet(text: str) -> bool:
    """Whether the cell of a paper says that there is none: “chưa ký”, “không”."""
    return bool(re.match(r"(?:chua|khong|dang|cho)\b", fold(text))) and not re.search("[0-9]", text)


def is_stopped(text: str, *, begins: bool = False) -> bool:
    """Whether the words say that the project is given up; ``begins``: say it first."""
    words = nfc(text).casefold()
    pattern, words = (_STOPPED_FOLDED, fold(text)) if words.isascii() else (_STOPPED, words)
    found = pattern.search(words)
    return found is not None and (not begins or not words[: found.start()].removeprefix("đề án ").strip("đã "))


def goes_to_next_year(text: str) -> bool:
    """Whether the words say that the project or its money goes on next year."""
    return bool(_NEXT_YEAR.search(fold(text)))
