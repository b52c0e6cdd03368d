"""What holds of administrative units wherever they come from: the files that ship, a list that an office brings."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from django.utils.translation import gettext as _

from khuyencong.text import inside_sentence
from programmes.models import AdminUnit

# The last day of the old units and the first of the new ones (NQ 202/2025/QH15, NQ 1669/NQ-UBTVQH15).
LAST_OLD_DAY, FIRST_NEW_DAY = dt.date(2025, 6, 30), dt.date(2025, 7, 1)

Kind = AdminUnit.Kind
DISTRICTS = frozenset({Kind.DISTRICT, Kind.URBAN_DISTRICT, Kind.TOWN, Kind.CITY})
COMMUNES = frozenset({Kind.COMMUNE, Kind.WARD, Kind.TOWNSHIP, Kind.SPECIAL_ZONE})
_OLD_ONLY, _NEW_ONLY = DISTRICTS | {Kind.TOWNSHIP}, {Kind.SPECIAL_ZONE}


def is_old(unit: AdminUnit) -> bool:
    """Whether it is of the time before 01/07/2025."""
    return unit.valid_to is not None and unit.valid_to <= LAST_OLD_DAY


def covers(unit: AdminUnit, day: dt.date | None) -> bool:
    """Whether it is there on that day; a day that nobody knows is covered by each."""
    return day is None or (unit.valid_from or dt.date.min) <= day <= (unit.valid_to or dt.date.max)


def meet(one: AdminUnit, other: AdminUnit) -> bool:
    """Whether both are there on some day."""
    first = max(one.valid_from or dt.date.min, other.valid_from or dt.date.min)
    return first <= min(one.valid_to or dt.date.max, other.valid_to or dt.date.max)


def first_overlap(units: Iterable[AdminUnit]) -> tuple[AdminUnit, AdminUnit] | None:
    """Two of one code of which the later begins before the earlier has ended: a unit that goes on under another kind or
    name does so after it began and when what it was has ended, on days that are known."""
    by_code: dict[str, list[AdminUnit]] = defaultdict(list)
    for unit in units:
        by_code[unit.code].append(unit)
    for periods in by_code.values():
        periods.sort(key=lambda one: one.valid_from or dt.date.min)
        for before, after in pairwise(periods):
            if not (before.valid_to and after.valid_from and before.valid_to < after.valid_from):
                return before, after
    return None


def renamings(units: Iterable[AdminUnit]) -> list[tuple[AdminUnit, AdminUnit]]:
    """Units that went on under the same code the day after, with another kind or name: each with what it became."""
    listed = list(units)
    starts = {(one.code, one.valid_from): one for one in listed if one.valid_from}
    ends = [(one, one.valid_to + dt.timedelta(days=1)) for one in listed if one.valid_to]
    return [(one, starts[one.code, day]) for one, day in ends if (one.code, day) in starts]


def code_below(code: str, district: AdminUnit) -> str:
    """The code of a former commune is that of its district and its own, since a unit of today may bear the latter:
    “315.11755”."""
    return code if "." in code else f"{district.code}.{code}"


def own_code(code: str) -> str:
    """Without that of the district: a commune keeps its own below another one."""
    return code.rpartition(".")[2]


def wrong_time(unit: AdminUnit) -> str:
    """Why it can't be of that time; empty when it can. All units ended on 30/06/2025, and districts and townships for
    good; special zones began the day after."""
    is_new = unit.valid_from is not None and unit.valid_from >= FIRST_NEW_DAY
    if not is_old(unit) and not is_new:
        return _("đơn vị có trước 01/07/2025 chỉ đến hết 30/06/2025")
    if is_old(unit) and unit.kind in _NEW_ONLY:
        return _("trước 01/07/2025 không có đặc khu")
    if is_new and unit.kind in _OLD_ONLY:
        return _("từ 01/07/2025 không còn %(kind)s") % {"kind": inside_sentence(unit.get_kind_display())}
    return ""


def wrong_parent(unit: AdminUnit) -> str:
    """Why it can't stand below its parent; empty when it can: districts and the communes of today below a province,
    former communes below the district that they were in on their last day."""
    above, is_in_district = unit.parent, unit.kind in COMMUNES and is_old(unit)
    if above is None or above.kind not in (DISTRICTS if is_in_district else {Kind.PROVINCE}):
        if is_in_district:
            return _("xã, phường, thị trấn trước 01/07/2025 phải thuộc một huyện, quận, thị xã, thành phố")
        return _("đơn vị này phải thuộc tỉnh, thành phố")
    if not covers(above, unit.valid_to or unit.valid_from):
        return _("“%(name)s” không còn, hoặc chưa có, trong thời gian đó") % {"name": above}
    return ""
