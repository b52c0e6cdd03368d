"""The unit in which a page of plan money is typed: each person's own, changed on the page itself.

A page says in which unit its fields are (``unit``) and offers another (``unit_wanted``). What says no unit was typed
before there was a choice, so it is đồng.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from khuyencong.money import MoneyError, MoneyUnit, certain_reading, typed_in, unit_named
from khuyencong.money_questions import is_nothing
from khuyencong.requests import SiteRequest

UNIT: Final = "unit"
WANTED: Final = "unit_wanted"
CHANGE: Final = "change_unit"  # the button: what is on the page is shown in the other unit, and not saved


@dataclass(frozen=True)
class PageUnit:
    """The unit of the page, what its form is filled with, and whether that was only written in another unit.

    After such a change nothing is stored yet: who typed looks at the amounts again.
    """

    unit: MoneyUnit
    data: QueryDict | None
    is_switch: bool = False

    @property
    def choices(self) -> list[tuple[int, Any]]:
        return [(int(value), label) for value, label in MoneyUnit.choices]

    @property
    def label(self) -> Any:
        return self.unit.label


def page_unit(request: SiteRequest, names: re.Pattern[str]) -> PageUnit:
    """Of the page asked for or sent; ``names`` are those of its fields of money. A change of unit is remembered."""
    data = request.desk.typed
    if data is None:
        return PageUnit(MoneyUnit(request.user.money_unit), None)
    unit = unit_named(data.get(UNIT, "")) or MoneyUnit.DONG
    wanted = unit_named(data.get(WANTED, "")) or unit
    if request.method != "POST" or (wanted == unit and CHANGE not in data):
        return PageUnit(unit, data)
    request.user.remember_unit(wanted)
    return PageUnit(wanted, in_other_unit(data, names, unit, wanted), is_switch=True)


def in_other_unit(data: QueryDict, names: re.Pattern[str], unit: MoneyUnit, wanted: MoneyUnit) -> QueryDict:
    """What was sent with its amounts written in the other unit; what is not certain stays as it was typed."""
    changed = data.copy()
    changed[UNIT] = str(int(wanted))
    for name in filter(names.fullmatch, data):
        text = str(data[name])
        try:
            amount = None if is_nothing(text) else certain_reading(text, unit)
        except MoneyError:
            continue
        if amount is not None:
            changed[name] = typed_in(amount, wanted)
    return changed
