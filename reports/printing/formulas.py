"""Formulas of totals. Where nothing is recorded they print “–” until somebody fills in a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xlsxwriter.utility import xl_col_to_name

NOT_RECORDED = "–"

RowRange = tuple[int, int]
# In Excel as in LibreOffice: arguments of one function, letters of one formula.
MAX_ARGUMENTS, MAX_FORMULA = 255, 8_192


def cells_of(column: int, parts: Iterable[RowRange]) -> list[str]:
    """The parts of a column as a formula names them: K14, K16:K20."""
    name = xl_col_to_name(column)
    cells = [(f"{name}{first + 1}", f"{name}{last + 1}") for first, last in parts]
    return [first if first == last else f"{first}:{last}" for first, last in cells]


def sum_formula(cells: Sequence[str], *, is_known: bool) -> str:
    """SUM passes over the texts “–” in cells, which + would not."""
    total = _over_all("SUM", cells)
    return f"={total}" if is_known else f'=IF({_over_all("COUNT", cells)}=0,"{NOT_RECORDED}",{total})'


def _over_all(function: str, cells: Sequence[str]) -> str:
    starts = range(0, len(cells), MAX_ARGUMENTS)
    return "+".join(f"{function}({','.join(cells[start : start + MAX_ARGUMENTS])})" for start in starts)


def ratio_formula(part: str, whole: str, *, is_known: bool) -> str:
    """In %."""
    ratio = f"100*{part}/{whole}"
    if is_known:
        return f"={ratio}"
    return f'=IF(OR(COUNT({part},{whole})<2,N({whole})=0),"{NOT_RECORDED}",{ratio})'


def difference_formula(whole: str, part: str, *, is_known: bool) -> str:
    """N() takes “–” for 0. What says nothing yet stays “–” until somebody fills in both."""
    if is_known:
        return f"=N({whole})-N({part})"
    return f'=IF(COUNT({whole},{part})<2,"{NOT_RECORDED}",{whole}-{part})'
