"""Whose money the amounts of a list are: by their column, by the words around them, else as the office says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from khuyencong.funding import FundingLevel
from khuyencong.text import fold
from projects.importing.layout.columns import PART_OF_IT
from projects.importing.layout.headers import Table
from projects.importing.layout.listed import ListRow, folded_groups
from projects.importing.lists.amount_cells import millions
from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import Option

LEVELS = {
    "national": FundingLevel.NATIONAL,
    "city": FundingLevel.CITY,
    "own": FundingLevel.COUNTERPART,
    "other": FundingLevel.OTHER,
}
MONEY = tuple(LEVELS)  # the columns of a plan's money, each of one source
STATE = ("national", "city")
_NATIONAL = re.compile(r"quoc gia|kcqg|trung uong")
_CITY = re.compile(r"dia phuong|kcdp|thanh pho|cap tinh|ngan sach tinh")
# A head or a title names a source only beside words of money: “cấp quốc gia” is said of products too, and “thành phố
# Hải Phòng” or “các địa phương” are places.
_MONEY_WORDS = r"(?:khuien cong|kc|kinh phi|kp|nguon|von|ngan sach|ns|de an|nhiem vu|chuong trinh|du an)"
_BETWEEN = rf"(?: (?:{_MONEY_WORDS}|nha nuoc|su nghiep|ho tro|cap|cua|thuoc|tu|va|quoc gia|trung uong|dia phuong))*"
_CITY_ITSELF = r"(?:dia phuong|(?:thanh pho|tp|tinh)(?! (?!quan li|ho tro|cap|giao|nam)[a-z]))"
_HEADS = {
    FundingLevel.NATIONAL: re.compile(
        rf"\bkcqg\b|\bnstw\b|\b{_MONEY_WORDS}{_BETWEEN} (?:quoc gia|trung uong|tw)\b|^(?:cap )?(?:quoc gia|trung uong)$"
    ),
    FundingLevel.CITY: re.compile(
        rf"\bkcdp\b|\bns(?:tp|dp)\b|\b{_MONEY_WORDS}{_BETWEEN} {_CITY_ITSELF}\b|^(?:cap )?{_CITY_ITSELF}$"
    ),
}
_NOT_OF = re.compile(r"\bngoai (?:kcqg|kcdp|khuien cong|kinh phi|kp|nguon|von|ngan sach|ns)\b|\bkhong (?:phai|thuoc)\b")


def level_of(row: ListRow) -> str:
    """Of state money whose column does not say whose it is: what the head of the group says, the innermost that names
    a source, nothing where that names both; else what the name and the title of the sheet say, where they agree."""
    groups = [level_of_title(head) for head in folded_groups(row) if _levels_named(head)]
    words = [row.table.sheet.name, *row.table.words_above]
    titles = {level_of_title(text) for text in words if _levels_named(fold(text))}
    return groups[0] if groups else titles.pop() if len(titles) == 1 else ""


def level_of_title(text: str) -> str:
    """Whose money the title of a list or the head of a group says it is; empty where it names none or both, or says
    whose it is not."""
    named = _levels_named(fold(text))
    return named[0] if len(named) == 1 and not _NOT_OF.search(fold(text)) else ""


def _levels_named(folded: str) -> list[str]:
    return [level for level, words in _HEADS.items() if words.search(folded)]


# How the sources of money are called in a cell, by key.
_NAMED = {
    "national": re.compile(r"quoc gia|\bkcqg\b|trung uong|\b(?:ns)?tw\b|\b(?:kc )?qg\b"),
    "city": re.compile(r"dia phuong|\bkcdp\b|thanh pho|\btinh\b|\bns(?:tp|dp|t)\b|\b(?:kc)?tp\b|\b(?:kc )?dp\b"),
    "own": re.compile(r"doi ung|thu huong|tu co|doanh nghiep|co so|\bdn\b|\bhtx\b|hop tac xa|dong gop|tu bo tri"),
    "other": re.compile(r"\bkhac\b|\bvay\b|xa hoi hoa|tai tro"),
}
# Money of other programmes or offices, or that is just not of the one that is named.
_ELSEWHERE = re.compile(r"\b(?:khong|ngoai|muc tieu|mtqg|nong thon moi|ntm|huien|xa(?! hoi))\b")


def named_source(asked: ListReading, proposed: ProposedRow, keys: Sequence[str]) -> str:
    """Which of the sources ``keys`` the row's own cell names; words that name none or several are asked about, once
    for each spelling. Empty where the cell says nothing, or the row waits for the answer, is left out or wrong."""
    row, cell = proposed.row, proposed.row.cells.get("source")
    text = row.text("source")
    if not text:
        return ""
    if not isinstance(cell, str):
        proposed.is_wrong("source", _("“%(text)s” không phải là tên nguồn vốn") % {"text": text})
        return ""
    folded = fold(text)
    named = [key for key, words in _NAMED.items() if words.search(folded)]
    if len(named) == 1 and named[0] in keys and not _ELSEWHERE.search(folded):
        return named[0]
    return asked.ask_of(
        proposed,
        "source",
        f"named:{fold(text)}",
        _("Cột nguồn vốn ghi “%(text)s”. Đó là nguồn nào?") % {"text": text},
        [Option(key, LEVELS[key].label) for key in keys],
        is_habit=True,
    )


def stated_money(found: Mapping[str, int | None], table: Table) -> tuple[str, int | None]:
    """Money whose column does not say whose it is, with that column. Of a list that states only a total it is what is
    left of that after own money and other sources, and the same where these are “trong đó”, a part of it."""
    if {"national", "city"} & table.columns.keys() or {"state", "total"} <= table.columns.keys():
        return "state", found.get("state")
    key = "state" if "state" in table.columns else "total"
    rest = [one for one in ("own", "other") if key == "total" or _is_part(table, one)]
    vnd = found.get(key)
    return key, None if vnd is None else vnd - sum(found.get(one) or 0 for one in rest)


def _is_part(table: Table, key: str) -> bool:
    heading = table.headings.get(table.columns.get(key, 0), "")
    return any(fold(part).startswith(PART_OF_IT) for part in heading.split(" / "))


def place_state_money(
    proposed: ProposedRow, found: dict[str, int | None], vnd: int, asked: ListReading, key: str
) -> None:
    """Money of a column that does not say whose it is: the row's own source says it, else the group, else the
    office."""
    row = proposed.row
    heading = row.table.headings.get(row.table.columns[key], "")
    if found.get("national") is not None or found.get("city") is not None:
        # It only repeats what the columns of the sources say, whatever the head of the group does.
        if vnd != (added := (found.get("national") or 0) + (found.get("city") or 0)):
            text = _("%(column)s ghi %(stated)s, các nguồn cộng lại %(added)s")
            proposed.is_noted(key, text % {"column": heading, "stated": millions(vnd), "added": millions(added)})
        return
    above, says = level_of(row), bool(row.text("source"))
    source = named_source(asked, proposed, MONEY)
    if not says:
        level = above or asked_level(asked, proposed, key, leaves=False)
        source = next((one for one, known in LEVELS.items() if known == level), "")
    elif source and above and LEVELS[source] != above:
        text = _("cột nguồn vốn ghi “%(own)s”, đầu nhóm ghi nguồn khác; lấy theo cột nguồn vốn")
        proposed.is_noted("source", text % {"own": row.text("source")})
    if not source:
        return
    if found.get(source) is not None:
        text = _("nguồn “%(text)s” đã có số tiền ở cột riêng, không rõ số nào đúng")
        proposed.is_wrong("source", text % {"text": row.text("source")})
        return
    found[source] = vnd


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
