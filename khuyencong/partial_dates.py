"""Days of which a source tells a month or a year alone: kept as they are told, since any day chosen for them would be
invented. “10/2005”, “03/10/2005”, “2005”."""

from __future__ import annotations

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PARTS = re.compile(r"(?:(?:([0-9]{1,2})/)?([0-9]{1,2})/)?([0-9]{4})")


def read_partial_date(text: str) -> str:
    """As it is stored: two digits for day and month. Raises ValidationError for what is no day, month or year."""
    found = PARTS.fullmatch(text.strip())
    try:
        if not found:
            raise ValueError
        day, month, year = found.groups()
        dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        example = _("Ghi ngày, tháng hoặc năm, ví dụ 03/10/2005, 10/2005 hoặc 2005.")
        raise ValidationError(example, code="partial_date") from None
    return "/".join([*(f"{int(part):02}" for part in (day, month) if part), year])


def partial_date_in_words(text: str) -> str:
    """“ngày 03/10/2005”, “tháng 10/2005”, “năm 2005”; of a stored one."""
    kinds = {0: _("năm %(on)s"), 1: _("tháng %(on)s"), 2: _("ngày %(on)s")}
    return kinds[text.count("/")] % {"on": text}


def year_of(text: str) -> int:
    """Of a stored one."""
    return int(text[-4:])
