"""The sums of the file beside what its rows add up to and what the system holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from khuyencong.text import fold, nfc
from projects.importing.comparison.result import ComparedRow, ComparedSum
from projects.importing.layout.listed import RowAt
from projects.importing.proposals import Proposal, SumCheck


def sums_of_sources(rows: Sequence[ComparedRow], proposal: Proposal, money: Sequence[str]) -> Iterator[ComparedSum]:
    """By source over the whole list, beside the last sum of the file that calls itself the total; of several sheets
    with one each beside what these add up to (a sheet without money of a source needs none), unless the last of them is
    of all sheets."""
    sheets = list(dict.fromkeys(one.row.table.sheet.name for one in proposal.rows))
    for key in money:
        added, ours = _added(rows, key)
        last = {one.at[0]: one for one in proposal.sums if one.column.key == key and _is_total(one)}
        whole = last.get(sheets[-1]) if sheets else None
        if whole and {at[0] for at in whole.over} == set(sheets):
            last = {whole.at[0]: whole}
        told = {proposed.row.table.sheet.name for proposed in proposal.rows if proposed.entry.amounts.get(key)}
        known = [last[one] for one in sheets if one in last]
        is_stated = bool(known) and (known == [whole] or told <= last.keys())
        stated = sum(one.stated for one in known) if is_stated else None
        yield ComparedSum("", key, added, ours, stated, "; ".join(one.cell for one in known) if is_stated else "")


def _is_total(one: SumCheck) -> bool:
    return fold(one.label).startswith("tong")


def sums_of_heads(
    rows: Sequence[ComparedRow], sums: Sequence[SumCheck], money: Sequence[str], of_sheets: bool
) -> Iterator[ComparedSum]:
    """By source under each head of the list, outermost first, of which the file or the system holds money; of several
    sheets under each of them."""
    under: dict[tuple[str, ...], list[ComparedRow]] = defaultdict(list)
    if any(one.is_joined for one in rows):
        return  # a project of two sheets has its money in sums of both
    for one in rows:
        heads = ((one.row.table.sheet.name,) if of_sheets else ()) + tuple(one.row.groups) if one.row else ()
        for depth in range(1, len(heads) + 1):
            under[heads[:depth]].append(one)
    for heads, members in under.items():
        first = min(one.row.at for one in members if one.row)
        is_sheet = of_sheets and len(heads) == 1
        for key in money:
            check = _sheet_check(sums, heads[0], key) if is_sheet else _head_check(sums, heads[-1], key, first)
            added, ours = _added(members, key)
            if added or ours or (check and check.stated):
                label = " / ".join(heads)
                yield ComparedSum(label, key, added, ours, check.stated if check else None, check.cell if check else "")


def _head_check(sums: Sequence[SumCheck], label: str, key: str, first: RowAt) -> SumCheck | None:
    """The sum beside the head: the last one of that name above its first row."""
    named = [one for one in sums if nfc(one.label) == nfc(label) and one.column.key == key]
    above = [one for one in named if one.at[0] == first[0] and one.at < first]
    return above[-1] if above else None


def _sheet_check(sums: Sequence[SumCheck], name: str, key: str) -> SumCheck | None:
    """The last sum of a sheet that calls itself the total, of its own rows."""
    own = [one for one in sums if one.at[0] == name and one.column.key == key and _is_total(one)]
    return next((one for one in reversed(own) if {at[0] for at in one.over} == {name}), None)


def _added(rows: Iterable[ComparedRow], key: str) -> tuple[int, int]:
    """What the file's rows and the system's projects add up to."""
    listed = list(rows)
    return sum(one.stated.get(key) or 0 for one in listed), sum(one.ours.get(key) or 0 for one in listed)
