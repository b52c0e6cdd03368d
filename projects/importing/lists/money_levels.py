"""Whose money the amounts of a list are: by their column, by the words around them, else as the office says."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from khuyencong.funding import FundingLevel
from khuyencong.text import fold
from projects.importing.layout.row_kinds import ListRow, folded_groups
from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import Option

LEVELS = {
    "national": FundingLevel.NATIONAL,
    "city": FundingLevel.CITY,
    "own": FundingLevel.COUNTERPART,
    "other": FundingLevel.OTHER,
}
MONEY = tuple(LEVELS)  # the columns of a plan's money, each of one source
_NATIONAL = re.compile(r"quoc gia|kcqg|trung uong")
_CITY = re.compile(r"dia phuong|kcdp|thanh pho|cap tinh|ngan sach tinh")
# Heads that name fairs of the whole country, a city as a place or several localities, and no source of money.
_NO_SOURCE = re.compile(
    r"\b(?:hoi cho|trien lam|binh chon|cac dia phuong)\b|^(?:[0-9]+ |[ivx]+ )?(?:thanh pho|tp) (?!quan li\b)[a-z]"
)


def level_of(row: ListRow) -> str:
    """Of state money whose column does not say whose it is: what the head of the group says."""
    for head in folded_groups(row):
        if _NO_SOURCE.search(head):
            continue
        if _NATIONAL.search(head):
            return FundingLevel.NATIONAL
        if _CITY.search(head):
            return FundingLevel.CITY
    return ""


def level_in(text: str) -> str:
    """Whose money a text says it is; empty where it says neither or both."""
    folded = fold(text)
    is_national = bool(_NATIONAL.search(folded))
    is_city = bool(_CITY.search(folded.replace("ubnd thanh pho", "")))
    return (FundingLevel.NATIONAL if is_national else FundingLevel.CITY) if is_national != is_city else ""


def asked_level(asked: ListReading, proposed: ProposedRow, key: str, *, leaves: bool) -> str:
    """Whose money the sheet's column is, as the office says once for all its rows."""
    table = proposed.row.table
    return asked.ask_of(
        proposed,
        key,
        f"source:{table.sheet.name}",
        _("Cột “%(column)s” là kinh phí nguồn nào?") % {"column": table.headings.get(table.columns[key], "")},
        [Option(one, FundingLevel(one).label) for one in (FundingLevel.CITY, FundingLevel.NATIONAL)],
        leaves=leaves,
    )
