"""The list of a province's administrative units: what its rows become, and the service that writes them."""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import User
from khuyencong.text import fold, inside_sentence, marked_word
from programmes.models import AdminUnit, AdminUnitSuccession
from programmes.place_names import are_spelt_alike
from programmes.unit_rules import COMMUNES, FIRST_NEW_DAY, first_overlap, is_old, meet
from projects.importing.layout.listed import RowAt
from projects.importing.lists.administered import field_change, told_in_history
from projects.importing.lists.unit_columns import UNIT_COLUMNS
from projects.importing.lists.unit_heirs import HeirReader
from projects.importing.lists.unit_reader import UnitReader
from projects.importing.lists.unit_rows import UnitRow
from projects.importing.proposals import ListKind, ListReading, Proposal, ProposedRow, unheard
from projects.refusals import Refused
from projects.services.admin_units import FIELDS, UnitEntry, save_units

_COUNTED = re.compile(r"([0-9]+) (?:xa|phuong|thi tran|dac khu|don vi|dvhc|huyen|quan|thi xa)\b")
_TOTAL = re.compile(r"(?:tong so|tong cong|cong) ([0-9]+)$")
SHOWN = ("name", "kind", "code", "parent", "since", "until", "former", "resolution")


def propose_units(asked: ListReading) -> Proposal:
    """What each row becomes: a new unit, a change to one, nothing, or a question."""
    reader = UnitReader(asked)
    rows = reader.read_all()
    for row in rows:
        if row.known is not None:
            row.unit = _merge_known(row, row.known)
    _refuse_overlaps(rows, reader.stored)
    _refuse_below_wrong(rows)
    known = [row.known for row in rows if row.known is not None]
    linked = set(AdminUnitSuccession.objects.into(known).values_list("predecessor", "successor"))
    heirs = HeirReader(rows, reader, linked)
    heirs.read_all()
    _fill_all(rows, reader)
    notes = heirs.notes + [_founded_words(unit) for unit in reader.founded.values() if _is_used(unit, rows)]
    notes += [*_count_words(asked, rows), *_elsewhere_words(rows, reader), *_unused_words(rows, reader)]
    return Proposal({}, [one.proposed for one in rows], list(asked.questions.asked.values()), [], notes)


def _merge_known(row: UnitRow, known: AdminUnit) -> AdminUnit:
    """The unit as it becomes. An empty cell says nothing, and a name that is only spelt otherwise stays."""
    told, unit = row.unit, copy.copy(known)
    unit.name = known.name if are_spelt_alike(told.name, known.name) else told.name
    unit.valid_to = told.valid_to if row.proposed.row.text("until") else known.valid_to
    unit.resolution = told.resolution or known.resolution
    says_same = fold(row.former) in ("", fold(known.former_communes))
    unit.former_communes = known.former_communes if says_same else row.former
    return unit


def _refuse_overlaps(rows: Sequence[UnitRow], stored: Sequence[AdminUnit]) -> None:
    """One unit in two rows, and two of one code, or of one name under one superior, at one time."""
    by_code: dict[str, list[AdminUnit]] = defaultdict(list)
    known = {row.known.pk for row in rows if row.known is not None and not row.is_out}
    for one in stored:
        if one.pk not in known:
            by_code[one.code].append(one)
    first: dict[str, list[UnitRow]] = defaultdict(list)
    called: dict[tuple[str, str], list[UnitRow]] = defaultdict(list)
    for row in rows:
        if row.is_out or row.proposed.is_waiting:
            continue
        name = " ".join(map(marked_word, row.unit.name.casefold().split()))
        others, same = first[row.unit.code], called[name, row.unit.parent.code if row.unit.parent else ""]
        if other := next((one for one in others if first_overlap([one.unit, row.unit])), None):
            row.proposed.is_wrong("code", _("trùng với dòng %(row)s") % {"row": other.number})
        elif first_overlap([*by_code[row.unit.code], row.unit]):
            text = _("mã này đã dùng cho đơn vị khác trong thời gian đó")
            row.proposed.is_wrong(row.told_in("until", "since", "code"), text)
        elif other := next((one for one in same if meet(one.unit, row.unit) and row.known is None), None):
            row.proposed.is_wrong("name", _("trùng tên với dòng %(row)s") % {"row": other.number})
        else:
            others.append(row)
            same.append(row)


def _refuse_below_wrong(rows: Sequence[UnitRow]) -> None:
    """What would stand below a row that is not brought, or waits."""
    by_unit = {id(row.unit): row for row in rows if row.known is None}
    for row in rows:
        above = None if row.is_out else by_unit.get(id(row.unit.parent))
        if above is not None and above.is_out:
            text = _("đơn vị cấp trên ở dòng %(row)s không được nhập") % {"row": above.number}
            row.proposed.is_wrong(row.told_in("parent"), text)
        elif above is not None:
            row.proposed.is_waiting |= above.proposed.is_waiting


def _fill_all(rows: Sequence[UnitRow], reader: UnitReader) -> None:
    """What is written for each row, and what the page shows of it."""
    known = [row.known for row in rows if row.known is not None]
    naming = dict(AdminUnit.objects.with_ids(known).counting_projects().values_list("pk", "project_count"))
    for row in rows:
        if row.is_out or row.proposed.is_waiting:
            continue
        if row.known is None:
            row.unit.former_communes = row.former
            changes: Callable[[], Sequence[str]] = tuple
        else:
            changes = partial(_change_words, row, row.known)
            row.proposed.existing, row.proposed.changes = row.known, list(changes())
            if row.unit.name != row.known.name and (count := naming.get(row.known.pk)):
                text = _("%(count)s đề án ghi địa bàn này; tên mới hiện ở cả các đề án đó")
                row.proposed.is_noted("name", text % {"count": count})
        told = told_in_history(reader.asked.file_name, row.proposed.row, changes)
        row.proposed.entry = UnitEntry(reader.province, row.unit, told, row.heirs)
        row.proposed.values |= _values(row.unit)


def _change_words(row: UnitRow, known: AdminUnit) -> list[str]:
    said = [
        field_change(AdminUnit, key, _words(known, key), _words(row.unit, key))
        for key in FIELDS
        if getattr(known, key) != getattr(row.unit, key)
    ]
    return said + ([_("liên kết với %(count)s đơn vị cũ") % {"count": len(row.heirs)}] if row.heirs else [])


def _values(unit: AdminUnit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "kind": unit.get_kind_display(),
        "code": unit.code,
        "parent": str(unit.parent or "") or None,
        "since": _day(unit.valid_from) or None,
        "until": _day(unit.valid_to) or None,
        "former": unit.former_communes or None,
        "resolution": unit.resolution or None,
    }


def _words(unit: AdminUnit, key: str) -> str:
    value = getattr(unit, key)
    return _day(value) if key == "valid_to" else value


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _is_used(unit: AdminUnit, rows: Sequence[UnitRow]) -> bool:
    """As one of a row that is written, or as what stands over it."""
    written = [row.unit for row in rows if row.proposed.entry is not None]
    above = [one.parent for one in written if one.parent is not None]
    return any(unit is one for one in (*written, *above, *(one.parent for one in above)))


def _founded_words(unit: AdminUnit) -> str:
    days = {
        "name": inside_sentence(unit.name),
        "code": unit.code,
        "first": _day(unit.valid_from),
        "last": _day(unit.valid_to),
    }
    if unit.valid_from == FIRST_NEW_DAY:
        return _("danh mục chưa có %(name)s (mã %(code)s) từ %(first)s: được thêm cùng danh sách") % days
    return _("danh mục chưa có %(name)s (mã %(code)s) đến hết %(last)s: được thêm cùng danh sách") % days


def _count_words(asked: ListReading, rows: Sequence[UnitRow]) -> list[str]:
    """Where the file states another number of units than its rows are: “Tổng số: 67 xã, 45 phường”."""
    read, notes = {row.proposed.row.at for row in rows if row.unit.kind != AdminUnit.Kind.PROVINCE}, []
    for one in asked.listed.sums:
        label = fold(one.label)
        stated = [int(number) for number in _COUNTED.findall(label) or _TOTAL.findall(label)]
        counts = [len(over & read) for over in one.over]
        if stated and counts and not {sum(stated), max(stated)} & set(counts):
            shown = {"row": one.number, "stated": sum(stated), "ours": counts[0]}
            notes.append(_("dòng %(row)s ghi %(stated)s đơn vị, danh sách có %(ours)s dòng") % shown)
    return notes


def _elsewhere_words(rows: Sequence[UnitRow], reader: UnitReader) -> list[str]:
    count = sum(map(reader.is_elsewhere, rows))
    return [_("%(count)s dòng của tỉnh, thành phố khác không nhập") % {"count": count}] if count else []


def _unused_words(rows: Sequence[UnitRow], reader: UnitReader) -> list[str]:
    """Cells that name another superior of a unit of today than its province, or the unit itself."""
    unused = [
        row
        for row in rows
        if row.proposed.entry is not None
        and row.unit.kind in COMMUNES
        and not is_old(row.unit)
        and (said := fold(row.proposed.row.text("parent")))
        and said not in reader.own
    ]
    if not unused:
        return []
    shown = {"count": len(unused), "name": unused[0].unit.name, "above": unused[0].proposed.row.text("parent")}
    text = _(
        "%(count)s xã, phường, đặc khu hiện nay ghi đơn vị cấp trên không phải tỉnh, thành phố, ví dụ “%(name)s” ghi "
        "“%(above)s”: từ 01/07/2025 đều thuộc thẳng tỉnh, thành phố, nên các ô đó không dùng"
    )
    return [text % shown]


def write_units(
    *, rows: Sequence[ProposedRow], actor: User, plan: Any = None, told: Callable[[int], None] = unheard
) -> dict[RowAt, AdminUnit]:
    """Adds new units and changes the others, in the transaction of the caller; by sheet and number. The province
    comes with them where it is not there yet.

    Raises Refused for what belongs to a plan, and what :func:`save_units` raises; then nothing is written.
    """
    if plan is not None:
        raise Refused(_("Danh sách đơn vị hành chính dùng chung, không thuộc kế hoạch của năm nào."), code="kind")
    entries: list[UnitEntry] = [one.entry for one in rows]
    listed = {id(one.unit) for one in entries}
    for one in entries:  # and what was added, whose own superior may be new too
        above = one.unit.parent
        if above is not None and above.pk is None and id(above) not in listed:
            listed.add(id(above))
            entries.append(UnitEntry(one.province, above, one.told))
    save_units(entries=entries, actor=actor)
    told(len(rows))
    return {one.row.at: one.entry.unit for one in rows}


UNITS = ListKind(
    key="units",
    title=gettext_lazy("Đơn vị hành chính của tỉnh, thành phố"),
    columns=UNIT_COLUMNS,
    name_key="name",
    right="administer",
    is_of_plan=False,
    propose=propose_units,
    write=write_units,
    shown=SHOWN,
)
