"""Columns of one kind that stand several times in a sheet, each for a part: by letter, by source, by instalment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from khuyencong.text import fold
from projects.importing.layout.columns import ListColumn, as_folded, recognise
from projects.importing.layout.headers import Table

_WHOLE = re.compile(r"(?:tong|luy ke|cong)\b")


def parted_columns(table: Table, columns: Sequence[ListColumn]) -> dict[str, int]:
    """Where each of several columns called alike stands, by key, where their headings say what part each holds: all of
    them but one at most (“Kinh phí được duyệt”, “Bổ sung đợt 2”). Else nobody knows if they add up, or one repeats the
    other, and the office is asked which to take."""
    found: dict[str, int] = {}
    for one in columns:
        if one.parts and (places := _parts(table, one, columns)):
            found |= places
            for beside in columns:
                if beside.beside == one.key:
                    found |= _numbered(beside, _called(table, beside, columns), columns)
    return found


def _called(table: Table, column: ListColumn, columns: Sequence[ListColumn]) -> list[int]:
    """The columns of the sheet that are called so and shown, from left to right."""
    named = [at for at, heading in table.headings.items() if column.key in recognise({at: heading}, columns)]
    return [at for at in named if at not in table.sheet.hidden_columns]


def _parts(table: Table, column: ListColumn, columns: Sequence[ListColumn]) -> dict[str, int]:
    places = _called(table, column, columns)
    innermost = {at: fold(table.headings[at].rpartition(" / ")[2]) for at in places}
    wholes = [at for at in places if _WHOLE.match(innermost[at])]
    parts = [at for at in places if at not in wholes]
    says = re.compile(as_folded(column.parts))
    silent = [at for at in parts if not says.search(fold(table.headings[at]))]
    room = 1 + sum(one.again == column.key and not one.is_whole for one in columns)
    if not 2 <= len(parts) <= room or len(silent) > 1 or len(wholes) > 1:
        return {}
    found = _numbered(column, parts, columns)
    whole = next((one.key for one in columns if one.again == column.key and one.is_whole), "")
    return found | ({whole: wholes[0]} if whole and wholes else {})


def _numbered(column: ListColumn, places: Sequence[int], columns: Sequence[ListColumn]) -> dict[str, int]:
    again = [one.key for one in columns if one.again == column.key and not one.is_whole]
    return dict(zip([column.key, *again], places, strict=False))


def keys_of(table: Table, family: str) -> list[str]:
    """“paid”, “paid_2” …: the columns of the sheet that hold parts of one kind, from left to right."""
    found = [key for key in table.columns if re.fullmatch(rf"{family}(?:_[0-9]+)?", key)]
    return sorted(found, key=lambda key: table.columns[key])


def key_beside(table: Table, key: str, family: str) -> str:
    """The column of another kind that goes with this one: in the same place of as many, else the one next to it; empty
    where there is none."""
    own, others = keys_of(table, re.sub(r"_[0-9]+$", "", key)), keys_of(table, family)
    if len(own) == len(others) and key in own:
        return others[own.index(key)]
    at = table.columns.get(key, 0)
    near = [one for one in others if abs(table.columns[one] - at) == 1]
    return near[-1] if near else (others[0] if others and len(own) < 2 else "")
