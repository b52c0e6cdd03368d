"""What a row of the list of administrative units says by itself: kind and name, code, days, what it came from."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation
from khuyencong.text import fold, inside_sentence
from programmes.models import AdminUnit
from programmes.place_names import kinds_told
from programmes.unit_rules import COMMUNES, DISTRICTS
from projects.importing.layout.listed import ListRow
from projects.importing.lists.unit_columns import UNIT_COLUMNS
from projects.importing.proposals import ProposedRow
from projects.importing.values.periods import UnreadableTime, read_day

Kind = AdminUnit.Kind
_CODE = re.compile(r"[0-9]{1,6}|[0-9]{3}\.[0-9]{5}")
_SAID_KINDS = {
    "thanh pho thuoc tinh": [Kind.CITY],
    "thanh pho truc thuoc tinh": [Kind.CITY],
    "thanh pho truc thuoc trung uong": [Kind.PROVINCE],
    "thanh pho trung uong": [Kind.PROVINCE],
}
_STILL_THERE = {"nay", "den nay", "hien nay"}
LIMITS = {"name": 120, "resolution": 120}


@dataclass(eq=False)
class UnitRow:
    """A row with the unit that it tells of; ``unit`` is what is written, ``known`` the one that it is already.

    ``texts``: what it came from, of a name that is merged over several rows each; ``heirs``: of which former units it
    is the successor, and whether of a part only. ``has_since``: its first day is the list's own. ``head``: the row of a
    district that it stands under in the list.
    """

    proposed: ProposedRow
    unit: AdminUnit
    texts: list[str] = field(default_factory=list)
    known: AdminUnit | None = None
    has_since: bool = False
    head: UnitRow | None = None
    heirs: list[tuple[AdminUnit, bool]] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.proposed.row.number

    @property
    def former(self) -> str:
        return "; ".join(filter(None, self.texts))

    @property
    def is_group(self) -> bool:
        """Whether it is marked as the head of a group is: I, A, or not at all in a list that numbers its rows."""
        row = self.proposed.row
        return "number" in row.table.columns and not re.search("[0-9]", row.text("number"))

    @property
    def is_out(self) -> bool:
        """Whether it is certain not to be written."""
        return bool(self.proposed.wrong) or self.proposed.is_left

    def told_in(self, *columns: str) -> str:
        """The first of the columns that the row says something in, else that of its name."""
        return next((key for key in columns if self.proposed.row.text(key)), "name")


def unit_rows(rows: Sequence[ListRow], province: Organisation) -> list[UnitRow]:
    """The rows with their own cells read, each wrong one named; a name merged over several rows is one unit."""
    found: list[UnitRow] = []
    for row in rows:
        if found and row.part_of == found[-1].number:
            found[-1].texts.append(row.text("former"))
        else:
            found.append(_unit_row(row, province))
    head: UnitRow | None = None
    for one in found:
        one.proposed.values["former"] = one.former or None
        if one.unit.kind in DISTRICTS:
            head = one
        elif one.unit.kind in COMMUNES or not one.unit.kind:
            one.head = head
    return found


def _unit_row(row: ListRow, province: Organisation) -> UnitRow:
    proposed = ProposedRow(row)
    proposed.values = {one.key: row.text(one.key) or None for one in UNIT_COLUMNS}
    kind, name = _kind_and_name(proposed, province)
    for key, limit in LIMITS.items():
        if len(row.text(key)) > limit:
            proposed.is_wrong(key, _("dài hơn %(limit)s ký tự") % {"limit": limit})
    first, last = _day(proposed, "since"), _day(proposed, "until")
    if first and last and last < first:
        proposed.is_wrong("until", _("ngày này trước “%(column)s”") % {"column": inside_sentence(_("Từ ngày"))})
    unit = AdminUnit(
        code=_code(proposed),
        kind=kind,
        name=name,
        valid_from=first,
        valid_to=last,
        resolution=row.text("resolution"),
    )
    return UnitRow(proposed, unit, [row.text("former")], has_since=first is not None)


def _kind_and_name(proposed: ProposedRow, province: Organisation) -> tuple[str, str]:
    """By the word in front of the name and by the column; empty where neither tells a kind, which is asked then."""
    row = proposed.row
    text = row.text("name")
    if not text:
        proposed.is_wrong("name", _("thiếu tên đơn vị hành chính"))
        return "", ""
    by_name, bare = kinds_told(text)
    by_column = kinds_said(row.text("kind"))
    if row.text("kind") and not by_column:
        proposed.is_wrong("kind", _("“%(text)s” không phải là loại đơn vị hành chính") % {"text": row.text("kind")})
    kinds = [one for one in by_name or by_column if one in (by_column or by_name)]
    if by_name and by_column and not kinds:
        proposed.is_wrong("kind", _("cột loại ghi “%(kind)s”, khác với tên") % {"kind": row.text("kind")})
    if Kind.PROVINCE in kinds and len(kinds) > 1:  # “TP”
        kinds = [Kind.PROVINCE if fold(bare) in own_names(province) else Kind.CITY]
    kind = kinds[0] if len(kinds) == 1 else ""
    return kind, full_name(kind, bare)


def kinds_said(text: str) -> list[str]:
    """The kinds that the words of a column mean: “Phường”, “TT”."""
    return list(_SAID_KINDS.get(fold(text)) or (kinds_told(text)[0] if text and not kinds_told(text)[1] else ()))


def full_name(kind: str, bare: str) -> str:
    """The name as it is kept, with the word of its kind in front: “Phường Nhị Chiểu”, also of “NHỊ CHIỂU”."""
    if bare.isupper() and len(bare) > 2:
        bare = " ".join(word if re.fullmatch("[IVX]+", word) else word.title() for word in bare.split())
    return f"{AdminUnit.PREFIXES[kind][0]} {bare}" if kind else bare


def own_names(province: Organisation) -> set[str]:
    """The province's name with its kind and without, folded."""
    return {fold(province.name), fold(kinds_told(province.name)[1])}


def _code(proposed: ProposedRow) -> str:
    text = proposed.row.text("code").removesuffix(".0").replace(" ", "")
    if text and not _CODE.fullmatch(text):
        proposed.is_wrong("code", _("mã đơn vị hành chính chỉ gồm chữ số, ví dụ 11755"))
        return ""
    return text


def whole_code(unit: AdminUnit) -> str:
    """As it is kept, with the zeros that a sheet lost in front: a commune has five digits, a district three."""
    return unit.code and unit.code.zfill(2 if unit.kind == Kind.PROVINCE else 5 if unit.kind in COMMUNES else 3)


def _day(proposed: ProposedRow, key: str) -> dt.date | None:
    if fold(proposed.row.text(key)) in _STILL_THERE:
        return None
    try:
        return read_day(proposed.row.cells.get(key))
    except UnreadableTime:
        proposed.is_wrong(key, _("ngày “%(text)s” không đọc được") % {"text": proposed.row.text(key)})
        return None
