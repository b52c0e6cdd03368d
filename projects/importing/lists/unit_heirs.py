"""What the units of a list came from: “Xã A, xã B và một phần xã C” as former units, whole or in part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.text import fold, nfc
from programmes.models import AdminUnit
from programmes.place_names import Named, PlaceNames, kinds_told
from programmes.unit_rules import COMMUNES, DISTRICTS
from projects.importing.lists.unit_reader import UnitReader
from projects.importing.lists.unit_rows import UnitRow
from projects.importing.questions import Option

WORDS = "words"  # the name is kept in words and linked with nothing
IN_WORDS = Option(WORDS, gettext_lazy("Chỉ ghi tên, không liên kết với đơn vị cũ"))
MOST_STRANGE = 100  # names of no former unit that are compared with those there are
# What says how much of a unit, the measures that resolutions name of it, and words around it that are none of its name.
_PART = re.compile(r"(?i)\((?:một|1) phần(?: [^)]*)?\)|\b(?:một|1) phần\b|\bphần (?:còn lại|lớn)\b")
_MEASURE = re.compile(r"(?i)\bdiện tích(?: tự nhiên)?(?:\s*(?:,|và)\s*(?:quy mô )?dân số)?|\b(?:quy mô )?dân số\b")
_AROUND = re.compile(
    r"(?i)\b(?:toàn bộ|nguyên trạng)\b|\((?:nay|nguyên trạng)\b[^)]*\)|\(\s*\)|"
    r"^\s*(?:trên cơ sở |sáp nhập |nhập |hợp nhất |từ |gồm |của )+:?"
)
_GAP = re.compile(r"(\s*[,;+\n]\s*|\s+và\s+)", re.IGNORECASE)


class HeirReader:
    """Finds for each row the former units that it took in; what may be several, or nearly one, is asked.

    ``notes``: with no former commune at hand at all, names are only kept in words. ``linked``: by id, what is stored of
    which units are the successors of which.
    """

    def __init__(self, rows: Sequence[UnitRow], reader: UnitReader, linked: Collection[tuple[int, int]]) -> None:
        self.asked, self.sheet, self.linked = reader.asked, reader.sheet, linked
        self.rows = [one for one in rows if one.former and not one.is_out and one.unit.valid_from is not None]
        former = [one for one in reader.stored if one.valid_to is not None]
        former += [one.unit for one in rows if one.unit.valid_to is not None and one.known is None and not one.is_out]
        self.names = PlaceNames(former)
        self.notes: list[str] = []
        self.strange = 0
        if self.rows and not any(one.kind in COMMUNES for one in former):
            self.rows = []
            self.notes.append(
                _(
                    "danh mục chưa có xã, phường cũ nào, nên tên các xã, phường cũ chỉ được ghi lại; nhập danh sách "
                    "đơn vị trước 01/07/2025 rồi nhập lại danh sách này để liên kết đơn vị hiện nay với đơn vị cũ"
                )
            )

    def read_all(self) -> None:
        for row in self.rows:
            self._read(row)
        taken = Counter(id(unit) for row in self.rows for unit, _is_partial in row.heirs)
        for row in self.rows:
            row.heirs = [
                (unit, is_partial or taken[id(unit)] > 1)
                for unit, is_partial in row.heirs
                if row.known is None or (unit.pk, row.known.pk) not in self.linked
            ]

    def _read(self, row: UnitRow) -> None:
        named = former_names(row.former, self.names)
        meant = [(one, self._narrowed(row, _before(row, one)), is_partial) for one, is_partial in named]
        clear = [units[0] for _one, units, _is_partial in meant if len(units) == 1]
        unknown = []
        for one, units, is_partial in meant:
            near = units or self._near(row, one.typed)
            unit = units[0] if len(units) == 1 else self._asked(row, one.typed, near, clear) if near else None
            if unit is not None and not any(unit is other for other, _is_partial in row.heirs):
                row.heirs.append((unit, is_partial))
            if not near:
                unknown.append(one.typed)
        if unknown:
            text = _("Có tên không thuộc đơn vị cũ nào trong danh mục, ví dụ “%(name)s”. Nhập thế nào?")
            key = f"unit:former:unknown:{self.sheet}"
            self.asked.ask_of(row.proposed, "former", key, text % {"name": unknown[0]}, [IN_WORDS], likely=WORDS)

    def _near(self, row: UnitRow, typed: str) -> list[AdminUnit]:
        """Units that are called much like it; of a list with very many strange names nobody would be asked."""
        self.strange += 1
        return _before(row, Named(typed, self.names.near(typed)[:8])) if self.strange <= MOST_STRANGE else []

    def _narrowed(self, row: UnitRow, units: list[AdminUnit]) -> list[AdminUnit]:
        """Of several those that are linked with the unit already, else those of the district that heads its group."""
        if len(units) < 2:
            return units
        linked = [one for one in units if row.known is not None and (one.pk, row.known.pk) in self.linked]
        heads = " ".join(fold(label) for label in row.proposed.row.groups)
        below = [one for one in units if one.parent is not None and fold(one.parent.name) in heads]
        return linked or below or units

    def _asked(
        self, row: UnitRow, typed: str, units: Sequence[AdminUnit], clear: Sequence[AdminUnit]
    ) -> AdminUnit | None:
        """Of the row, since a name may stand in two districts; offered is the one beside what the row surely names."""
        by_code = {one.code: one for one in units}
        above = {one.parent.code for one in clear if one.parent is not None}
        beside = [one.code for one in units if one.parent is not None and one.parent.code in above]
        answer = self.asked.ask_of(
            row.proposed,
            "former",
            f"unit:former:{fold(typed)}:{row.unit.code}",
            _("“%(text)s” (nay thuộc %(name)s) là đơn vị cũ nào?") % {"text": typed, "name": row.unit.name},
            [*(Option(code, one.full_name) for code, one in by_code.items()), IN_WORDS],
            likely=beside[0] if len(beside) == 1 else "",
        )
        return by_code.get(answer)


def _before(row: UnitRow, named: Named) -> list[AdminUnit]:
    """Those that had ended when the unit began; communes before districts of their name unless a kind is said."""
    began = row.unit.valid_from
    units = [one for one in named.units if began and one.valid_to and one.valid_to < began]
    says_district = DISTRICTS.intersection(kinds_told(named.typed)[0])
    return [one for one in units if one.kind in COMMUNES and not says_district] or units


def former_names(text: str, names: PlaceNames) -> list[tuple[Named, bool]]:
    """The units that a text names, each with whether only a part of it is meant; “một phần các xã A, B” is of both."""
    pieces = _GAP.split(_MEASURE.sub("", nfc(text)))
    partial, plain, goes_on = set(), [], False
    for piece in pieces:
        if _GAP.fullmatch(piece):
            plain.append(piece)
            continue
        bare = re.sub(r"(?i)^(?:\s*của\b)?\s*(?:các |\d+ (?=\D))", "", _AROUND.sub("", _PART.sub("", piece))).strip()
        bare = re.sub(r"(?i)^của\s+", "", bare)
        is_partial = bool(_PART.search(piece)) or (goes_on and not kinds_told(bare)[0])
        goes_on = is_partial and (goes_on or bool(re.search(r"(?i)\bcác\b", piece)))
        partial |= {fold(bare)} if is_partial else set()
        plain.append(bare)
    found = names.read("".join(plain))
    return [(one, fold(_GAP.split(one.typed)[0]) in partial) for one in found]
