"""What the rows of a list of organisations are together: none twice, and a tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import Organisation
from khuyencong.accounts.models.organisation import MAX_DEPTH
from khuyencong.text import fold
from projects.importing.lists.organisation_rows import OfficeRow

CIRCLE = gettext_lazy("đơn vị cấp trên không được là chính đơn vị này hoặc đơn vị dưới quyền")


def refuse_twin_rows(rows: Sequence[OfficeRow], stored: Sequence[Organisation]) -> None:
    """One organisation in two rows, a name twice under one superior, a code twice, a mark twice."""
    first: dict[Any, OfficeRow] = {}
    names = {(one.parent, fold(one.name)) for one in stored}
    holders = {one.project_mark: one for one in stored if one.project_mark}
    for one in rows:
        proposed, mark = one.proposed, one.proposed.values.get("mark")
        if proposed.wrong or proposed.is_waiting or proposed.is_left:
            continue
        called = (one.above, fold(one.name))
        if one.known is None and called in names:
            proposed.is_wrong("name", _("đã có đơn vị tên này dưới cùng đơn vị cấp trên"))
        if mark in holders and holders[mark] != one.known:
            proposed.is_wrong("mark", _("“%(name)s” đã dùng ký hiệu này") % {"name": holders[mark]})
        keys = {"name": one.known or called, "code": one.code and ("code", one.code), "mark": mark and ("mark", mark)}
        for column, key in keys.items():
            if key and (other := first.setdefault(key, one)) is not one:
                proposed.is_wrong(column, _("trùng với dòng %(row)s") % {"row": other.number})


def refuse_places(rows: Sequence[OfficeRow]) -> None:
    """A circle, a tree too deep, and what would stand below a row that is not founded."""
    for one in rows:
        if one.known is not None or one.proposed.wrong or one.proposed.is_left:
            continue
        above = _rows_above(one)
        if above is None:
            one.proposed.is_wrong(one.parent_column, CIRCLE)
        elif idle := next((other for other in above if other.is_idle), None):
            text = _("đơn vị cấp trên ở dòng %(row)s không được nhập") % {"row": idle.number}
            one.proposed.is_wrong(one.parent_column, text)
        elif any(other.proposed.is_waiting for other in above):
            one.proposed.is_waiting = True
        elif len(above) + _depth((above[-1] if above else one).above) >= MAX_DEPTH:
            one.proposed.is_wrong(one.parent_column, _("Đơn vị chỉ được xếp tối đa 4 cấp."))


def _rows_above(row: OfficeRow) -> list[OfficeRow] | None:
    """The new ones above it, the nearest first; None where that goes round."""
    found: list[OfficeRow] = []
    one = row.above
    while isinstance(one, OfficeRow):
        if one is row:
            return None
        if one in found:
            break
        found.append(one)
        one = one.above
    return found


def _depth(one: Organisation | OfficeRow | None) -> int:
    """Of one that is there: 1 of a province."""
    depth = 0
    while isinstance(one, Organisation):
        depth, one = depth + 1, one.parent
    return depth
