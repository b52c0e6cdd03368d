"""Of what kind and time each row of a list is, and below which unit: what the rows and the units that are there tell,
and what is left to be asked, once for all rows alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from khuyencong.text import fold, inside_sentence
from programmes.models import AdminUnit
from programmes.place_names import PlaceNames, are_spelt_alike, kinds_told
from programmes.unit_rules import (
    COMMUNES,
    DISTRICTS,
    FIRST_NEW_DAY,
    LAST_OLD_DAY,
    code_below,
    covers,
    is_old,
    wrong_parent,
    wrong_time,
)
from projects.importing.lists.unit_finder import UnitFinder
from projects.importing.lists.unit_rows import Kind, UnitRow, full_name, kinds_said, own_names, unit_rows, whole_code
from projects.importing.proposals import ListReading
from projects.importing.questions import Option

NEW, OLD = "new", "old"


class UnitReader:
    """Reads the rows of one list over the units of its province as they stand, which are read once.

    ``provinces``: by time those that are there, also such as went into the province; ``founded``: the province of the
    time from 01/07/2025 where it is not there yet and comes with the list, and by code districts that no row but the
    cells of their communes tell of.
    """

    def __init__(self, asked: ListReading) -> None:
        self.asked, self.province = asked, asked.organisation.province()
        self.stored: list[AdminUnit] = list(AdminUnit.objects.kept_by(self.province.area_code).with_lineage())
        self.provinces = [one for one in self.stored if one.kind == Kind.PROVINCE]
        self.founded: dict[str, AdminUnit] = {}
        self.rows = unit_rows(asked.listed.rows, self.province)
        self.own = own_names(self.province) | {
            fold(name) for one in self.provinces for name in (one.name, one.bare_name)
        }
        self.own.add(fold(self.province.name_on(LAST_OLD_DAY)))
        self.sheet = asked.table.sheet.name

    def read_all(self) -> list[UnitRow]:
        """Districts first: communes hang on them, whose codes begin with theirs."""
        hindrance = self._hindrance()
        for row in self.rows:
            row.proposed.is_left |= self.is_elsewhere(row)
            if hindrance:
                row.proposed.is_wrong("name", hindrance)
            elif not row.is_out:
                self._kind(row)
                row.unit.code = whole_code(row.unit)
        self.finder, self.districts = UnitFinder(self.stored, self.rows), self._districts()
        for row in self.rows:
            if not row.is_out:
                self._time(row)
        for row in self._settled():
            if row.unit.kind == Kind.PROVINCE:
                self._own_province(row)
        for kinds in (DISTRICTS, COMMUNES):
            self.districts = self._districts()
            for row in self._settled():
                if row.unit.kind in kinds:
                    self._place(row)
        return self.rows

    def _hindrance(self) -> str:
        """What the organisation has to say of its province before it has units."""
        if not self.province.area_code:
            text = _("%(name)s chưa có mã hành chính; ghi mã ở trang quản trị, mục Đơn vị, cơ quan.")
        elif Kind.PROVINCE not in kinds_told(self.province.name)[0]:
            text = _("Tên “%(name)s” ở mục Đơn vị, cơ quan phải bắt đầu bằng Tỉnh hoặc Thành phố.")
        else:
            return ""
        return text % {"name": self.province.name}

    def is_elsewhere(self, row: UnitRow) -> bool:
        """Whether a column puts it into another province: a list of the whole country has those of all."""
        text = row.proposed.row.text("province")
        return bool(text) and not {fold(text), fold(kinds_told(text)[1])} & self.own

    def _settled(self) -> list[UnitRow]:
        return [one for one in self.rows if not one.is_out and not one.proposed.is_waiting]

    # Of what kind and time

    def _kind(self, row: UnitRow) -> None:
        """What neither the name nor the column tells is asked once for all rows of a group."""
        if row.unit.kind:
            return
        group = next(iter(reversed(row.proposed.row.groups)), "")
        kinds = (Kind.COMMUNE, Kind.WARD, Kind.TOWNSHIP, Kind.SPECIAL_ZONE, *sorted(DISTRICTS))
        text = _("Tên như “%(name)s” không ghi loại. Các đơn vị này là:") % {"name": row.unit.name}
        options = [Option(kind, Kind(kind).label) for kind in kinds]
        told = kinds_said(re.sub(r"(?i)^các |[\W\d]*\d.*$", "", group))
        key, likely = f"unit:kind:{self.sheet}:{fold(group)}", told[0] if len(told) == 1 else ""
        row.unit.kind = self.asked.ask_of(row.proposed, "name", key, text, options, likely=likely)
        row.unit.name = full_name(row.unit.kind, row.unit.name)

    def _time(self, row: UnitRow) -> None:
        """What the list leaves out of its first and last day."""
        unit = row.unit
        is_silent = unit.valid_from is None and unit.valid_to is None
        began_before = unit.valid_from is not None and unit.valid_from < FIRST_NEW_DAY and unit.valid_to is None
        if is_silent or began_before:
            self._ask_time(row, is_open=is_silent and not self._is_surely_old(row))
        if unit.kind and not row.is_out and not row.proposed.is_waiting and (problem := wrong_time(unit)):
            row.proposed.is_wrong(row.told_in("until", "since"), problem)

    def _is_surely_old(self, row: UnitRow) -> bool:
        """Districts, townships, and what a column or the row of a district over its group puts below a district."""
        above = kinds_told(row.proposed.row.text("parent"))[0]
        is_below = bool(DISTRICTS.intersection(above)) or (row.head is not None and row.head.is_group)
        return row.unit.kind in {*DISTRICTS, Kind.TOWNSHIP} or is_below

    def _ask_time(self, row: UnitRow, *, is_open: bool) -> None:
        days = {"first": f"{FIRST_NEW_DAY:%d/%m/%Y}", "last": f"{LAST_OLD_DAY:%d/%m/%Y}"}
        new = Option(NEW, _("Từ %(first)s đến nay") % days)
        old = Option(OLD, _("Đến hết %(last)s (trước khi sắp xếp)") % days)
        text = _("Danh sách không ghi thời gian. Các xã, phường, đặc khu này có từ khi nào?")
        is_below = is_open and bool(self._called(row.proposed.row.text("parent")))
        if is_below:
            text = _(
                "Danh sách không ghi thời gian. Các xã, phường ghi huyện, quận, ví dụ “%(name)s”, có từ khi nào?"
            ) % {"name": row.unit.name}
        elif not is_open:
            text = _(
                "Danh sách không ghi ngày kết thúc của các huyện, quận, xã, phường cũ. Các đơn vị này còn đến khi nào?"
            )
        key = f"unit:time:{self.sheet}:{'below' if is_below else 'any' if is_open else OLD}"
        options, likely = [new, old] if is_open else [old], NEW if is_open and not is_below else OLD
        answer = self.asked.ask_of(row.proposed, "name", key, text, options, likely=likely)
        if answer == NEW:
            row.unit.valid_from = FIRST_NEW_DAY
        elif answer == OLD:
            row.unit.valid_to = LAST_OLD_DAY

    # Below which

    def _own_province(self, row: UnitRow) -> None:
        """A row that is the province itself says no more than that it is."""
        unit = row.unit
        if unit.code not in ("", self.province.area_code) or fold(unit.bare_name) not in own_names(self.province):
            row.proposed.is_wrong(
                "name", _("chỉ nhập đơn vị hành chính của %(name)s") % {"name": inside_sentence(self.province.name)}
            )
            return
        day = unit.valid_to or unit.valid_from
        there = [one for one in self.provinces if one.code == self.province.area_code and covers(one, day)]
        row.unit = there[0] if there else self._founded(OLD if is_old(unit) else NEW)
        row.known = there[0] if there else None

    def _districts(self) -> PlaceNames:
        here = [one.unit for one in self.rows if one.unit.kind in DISTRICTS and not one.is_out and one.known is None]
        return PlaceNames([*(one for one in self.stored if one.kind in DISTRICTS), *here])

    def _place(self, row: UnitRow) -> None:
        unit, is_commune = row.unit, row.unit.kind in COMMUNES and is_old(row.unit)
        unit.parent = self._district_of(row) if is_commune else self._province_of(row)
        if row.is_out or row.proposed.is_waiting or unit.parent is None:
            return
        if is_commune and unit.code:
            unit.code = code_below(unit.code, unit.parent)
        if problem := wrong_parent(unit):
            row.proposed.is_wrong(row.told_in("parent"), problem)
            return
        row.known = self.finder.known(row)

    def _province_of(self, row: UnitRow) -> AdminUnit | None:
        """The province on the last day of the unit, of today on its first. Of the time before it is asked, unless the
        row names one or the only one is the organisation's own: what went into it has a name of its own."""
        unit, code = row.unit, self.province.area_code
        there = [one for one in self.provinces if covers(one, unit.valid_to or unit.valid_from)]
        own = next((one for one in there if one.code == code), None)
        if not is_old(unit):
            return own or self._founded(NEW)
        told = (row.proposed.row.text("province"), row.proposed.row.text("parent"), *row.proposed.row.groups)
        named = [one for one in there if {fold(one.name), fold(one.bare_name)} & set(map(fold, told))]
        if len(named) == 1:
            return named[0]
        name = self.province.name_on(LAST_OLD_DAY)
        if len(there) == 1 and own and are_spelt_alike(own.name, name):
            return own
        options = [Option(one.code, f"{one.name} ({one.code})") for one in there]
        options += [] if own else [Option(code, f"{name} ({code})")]
        text = _("Trước 01/07/2025 các huyện, quận này thuộc tỉnh, thành phố nào?")
        key, likely = f"unit:province:{self.sheet}", options[0].value
        answer = self.asked.ask_of(row.proposed, "name", key, text, options, likely=likely)
        found = next((one for one in there if one.code == answer), None)
        return found or (self._founded(OLD) if answer else None)

    def _founded(self, time: str) -> AdminUnit:
        if time not in self.founded:
            days = {"valid_from": FIRST_NEW_DAY} if time == NEW else {"valid_to": LAST_OLD_DAY}
            name = self.province.name if time == NEW else self.province.name_on(LAST_OLD_DAY)
            self.founded[time] = AdminUnit(code=self.province.area_code, kind=Kind.PROVINCE, name=name, **days)
        return self.founded[time]

    def _district_of(self, row: UnitRow) -> AdminUnit | None:
        """By the column of its code or name, else by the head of its group, or by the row of a district above it."""
        cells, day = row.proposed.row, row.unit.valid_to
        if row.head is not None and row.told_in("parent_code", "parent") == "name" and self._is_head(row, row.head):
            row.proposed.is_waiting |= row.head.proposed.is_waiting
            return row.head.known or row.head.unit
        if row.proposed.is_waiting:
            return None
        text = cells.text("parent_code").zfill(3) if cells.text("parent_code") else cells.text("parent")
        said = (
            text or next((one for one in reversed(cells.groups) if self._called(one)), "") or "".join(cells.groups[-1:])
        )
        found = [one for one in self._called(said) if covers(one, day)]
        if len(found) == 1:
            return found[0]
        if cells.text("parent_code") and not found and self._is_new_district(cells.text("parent")):
            return self._founded_district(row, text)
        there = [one for one in self.districts.units if covers(one, day)]
        if not there:
            text = _("chưa có huyện, quận nào của thời gian đó; ghi các huyện, quận vào danh sách hoặc nhập trước")
            row.proposed.is_wrong(row.told_in("parent"), text)
            return None
        near = found or [one for one in self.districts.near(said) if one in there]
        others = [one for one in there if one not in near]
        options = [Option(one.code, f"{one.name} ({one.code})") for one in (*near, *others)]
        ask = (
            _("“%(text)s” là huyện, quận nào?") if said else _("Các xã, phường không ghi huyện, quận thuộc đơn vị nào?")
        )
        likely = near[0].code if len(near) == 1 else ""
        key = f"unit:parent:{fold(said)}"
        column, text = row.told_in("parent"), ask % {"text": said}
        answer = self.asked.ask_of(row.proposed, column, key, text, options, likely=likely)
        return next((one for one in there if one.code == answer), None)

    def _is_new_district(self, name: str) -> bool:
        """Whether it says the kind and name of a district that neither a row nor the system has."""
        return len(DISTRICTS.intersection(kinds_told(name)[0])) == 1 and not self._called(name)

    def _founded_district(self, row: UnitRow, code: str) -> AdminUnit | None:
        """The district whose code and name stand beside each of its communes: the statistical office's layout."""
        kinds, bare = kinds_told(row.proposed.row.text("parent"))
        [kind] = DISTRICTS.intersection(kinds)
        name, known = full_name(kind, bare), self.founded.get(code)
        taken = known or AdminUnit.objects.with_codes([code]).first()
        if taken is not None and not (known and are_spelt_alike(known.name, name)):
            text = _("mã %(code)s là của “%(name)s”") % {"code": code, "name": taken.name}
            row.proposed.is_wrong("parent_code", text)
            return None
        if known is None and (province := self._province_of(row)) is not None:
            days = {"valid_from": row.unit.valid_from, "valid_to": row.unit.valid_to}
            known = self.founded[code] = AdminUnit(code=code, kind=kind, name=name, parent=province, **days)
        return known

    def _is_head(self, row: UnitRow, head: UnitRow) -> bool:
        """Whether a row of a district heads those below it: where its mark does not say so, it is asked."""
        if head.is_group:
            return True
        text = _("Các xã, phường ghi dưới dòng huyện, quận nào có thuộc huyện, quận đó không?")
        shown = {"name": row.unit.name, "head": head.unit.name}
        yes = Option("heads", _("Có, ví dụ “%(name)s” thuộc “%(head)s”") % shown)
        no = Option("apart", _("Không, huyện, quận được ghi riêng"))
        return self.asked.ask_of(row.proposed, "name", f"unit:heads:{self.sheet}", text, [yes, no]) == "heads"

    def _called(self, text: str) -> Sequence[AdminUnit]:
        """Districts that a text names, “Địa bàn huyện Tiên Lãng” too."""
        named = self.districts.read(text) if text else []
        return named[0].units if len(named) == 1 else ()
