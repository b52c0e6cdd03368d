"""What the words of a progress column say is done."""

from __future__ import annotations

import re

from khuyencong.text import fold
from projects.models import PastRecord

STATE = PastRecord.Outcome
_NOT_YET = re.compile(r"\b(?:chua|cho|dang cho|chuan bi|sap|dang lam(?: \w+)?)(?: \w+)?$")
_WORDS = (
    (STATE.LIQUIDATED, r"thanh li"),
    (STATE.SETTLED, r"quiet toan|da qt"),
    (STATE.ACCEPTED, r"nghiem thu|da nt"),
    (STATE.IN_PROGRESS, r"dang (?:thuc hien|trien khai|thi cong|lam(?! thu tuc)|lap dat)|da trien khai"),
    (STATE.CONTRACTED, r"da ki|ki (?:hd|hop dong)"),
)
_STOPPED = re.compile(r"\b(?:ngung|dung thuc hien|hui|khong thuc hien|rut)\b")


def state_in(text: str) -> str:
    """What the words say is done; what is waited for is not."""
    folded = fold(text)
    for state, words in _WORDS:
        for found in re.finditer(rf"\b(?:{words})\b", folded):
            if not _NOT_YET.search(folded[: found.start()].rstrip()):
                return state
    return ""


def is_stopped(text: str) -> bool:
    """Whether the words say that the project is given up."""
    return bool(_STOPPED.search(fold(text)))
