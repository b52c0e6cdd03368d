"""Which unit that is there already a row of a list means; its identity does not change by the list."""

from __future__ import annotations

import copy
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from khuyencong.text import inside_sentence
from programmes.models import AdminUnit
from programmes.place_names import PlaceNames
from programmes.unit_rules import covers, meet, own_code
from projects.importing.lists.unit_rows import UnitRow


class UnitFinder:
    """Finds units among those of the province, ``stored``, and says what of a row contradicts the one that it means."""

    def __init__(self, stored: Sequence[AdminUnit], rows: Sequence[UnitRow]) -> None:
        self.names = PlaceNames(stored)
        self.by_code: dict[str, list[AdminUnit]] = defaultdict(list)
        for one in stored:
            self.by_code[own_code(one.code)].append(one)
        self.told_ends: dict[str, list[UnitRow]] = defaultdict(list)
        for row in rows:
            if row.unit.valid_to is not None:
                self.told_ends[own_code(row.unit.code)].append(row)
        codes, own = {one.unit.code for one in rows} - {""}, {one.pk for one in stored}
        self.elsewhere = {one.code: one for one in AdminUnit.objects.with_codes(codes) if one.pk not in own}

    def known(self, row: UnitRow) -> AdminUnit | None:
        """By its code and time; else by its very name below the same parent. Its identity does not change."""
        unit, proposed = row.unit, row.proposed
        same = [one for one in self.by_code[own_code(unit.code)] if meet(self._as_it_ends(one), unit)]
        if elsewhere := self.elsewhere.get(unit.code):
            proposed.is_wrong(
                "code", _("mã này là của “%(name)s”, không thuộc tỉnh, thành phố này") % {"name": elsewhere}
            )
        elif same:
            return self._same(row, same)
        elif found := self._by_name(row):
            if not unit.code:
                return self._same(row, [found])
            text = _("đơn vị này mang mã “%(code)s”; mã không đổi bằng danh sách") % {"code": found.code}
            proposed.is_wrong("code", text)
        elif not unit.code:
            proposed.is_wrong(
                "code" if "code" in proposed.row.table.columns else "name", _("thiếu mã đơn vị hành chính")
            )
        return None

    def _as_it_ends(self, one: AdminUnit) -> AdminUnit:
        """With the last day that a row of the list gives it, after which its code is free."""
        told = [
            row.unit.valid_to
            for row in self.told_ends[own_code(one.code)]
            if row.unit.kind == one.kind
            and covers(one, row.unit.valid_to)
            and (not row.has_since or row.unit.valid_from == one.valid_from)
        ]
        ended = copy.copy(one)
        ended.valid_to = told[0] if told else one.valid_to
        return ended

    def _by_name(self, row: UnitRow) -> AdminUnit | None:
        called = [one for one in self.names.called(row.unit.name) if meet(one, row.unit)]
        above = row.unit.parent
        found = [one for one in called if above is None or one.parent_id == above.pk]
        return found[0] if len(found) == 1 else None

    def _same(self, row: UnitRow, found: Iterable[AdminUnit]) -> AdminUnit | None:
        """Of several times of one code that of its kind and first day, else the last."""
        unit = row.unit
        known = max(
            found,
            key=lambda one: (one.kind == unit.kind, one.valid_from == unit.valid_from, one.valid_to or dt.date.max),
        )
        named = {
            "name": known.name,
            "kind": inside_sentence(known.get_kind_display()),
            "above": str(known.parent or ""),
        }
        named["first"] = f"{known.valid_from:%d/%m/%Y}" if known.valid_from else _("chưa rõ ngày")
        problems = []
        if unit.kind != known.kind:
            text = _("mã này là của “%(name)s”; loại (%(kind)s) không đổi bằng danh sách")
            problems.append((row.told_in("kind"), text))
        if row.has_since and unit.valid_from != known.valid_from:
            text = _("“%(name)s” có từ %(first)s; ngày bắt đầu không đổi bằng danh sách")
            problems.append(("since", text))
        if unit.parent is not None and known.parent_id != unit.parent.pk:
            text = _("“%(name)s” thuộc “%(above)s”; đơn vị cấp trên không đổi bằng danh sách")
            problems.append((row.told_in("parent"), text))
        for column, text in problems:
            row.proposed.is_wrong(column, text % named)
        return None if problems else known
