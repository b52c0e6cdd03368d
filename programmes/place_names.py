"""Which administrative unit a text means, as people write them: “H. Tiên Lãng”, “TT Vĩnh Bảo”, “Tiên Lãng, Hải Phòng”.

Decided silently: what is left when marks, case, the place of the tone, dots, gaps and usual short forms of kinds are
ignored step by step, the first step that finds any unit counting; a bare name that is a district and a commune of
that very district is the district; and what a district, province or code behind the name leaves. All else is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from khuyencong.text import fold, marked_word
from programmes.models import AdminUnit

# How kinds are written in front of a name.
_KINDS = {
    "province": ("thành phố", "tp", "t p", "tỉnh", "t"),
    "district": ("huyện", "h", "huyện đảo", "các huyện"),
    "urban_district": ("quận", "q", "các quận"),
    "town": ("thị xã", "tx", "t x"),
    "city": ("thành phố", "tp", "t p"),
    "commune": ("xã", "x", "các xã"),
    "ward": ("phường", "p", "ph", "f", "các phường"),
    "township": ("thị trấn", "tt", "t t"),
    "special_zone": ("đặc khu", "đk"),
}
_COMMUNES = ("commune", "ward", "township")
_ABOVE_COMMUNES = ("district", "urban_district", "town", "city")
_CODE_BEHIND = re.compile(r".*\((?:mã )?([0-9.]+)\)")
_PARTS = re.compile(r"(\s*[,;&+/\n]\s*|\s+và\s+|\s+va\s+)", re.IGNORECASE)
# What stands behind a name to say where it lies: in brackets, behind a dash or “thuộc”, or with its own kind.
_INSIDE = re.compile(
    r"\s[-–]\s|[()]|\s(?:(?:thuộc|thuoc)\s)?"
    r"(?=(?:huyện|huyen|quận|quan|thị xã|thi xa|thành phố|thanh pho|tỉnh|tinh|tp|tx|h|q)[\s.])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Named:
    """What one place of a text may be: ``units`` is one where it is clear, none where nothing is called so."""

    typed: str
    units: Sequence[AdminUnit]


class PlaceNames:
    """The units that a text may name, found by each way to write them (with ``parent__parent`` read)."""

    def __init__(self, units: Iterable[AdminUnit]) -> None:
        self.units = list(units)
        self._by_code: dict[str, list[AdminUnit]] = defaultdict(list)
        self._steps: list[dict[str, list[AdminUnit]]] = [defaultdict(list) for _step in range(6)]
        for unit in self.units:
            for code in {unit.code, unit.code.rpartition(".")[2]}:
                self._by_code[code].append(unit)
            for step, ways in zip(self._steps, _ways(unit.kind, unit.bare_name), strict=True):
                for way in ways:
                    step[way].append(unit)

    def read(self, text: str, stored: Sequence[AdminUnit] = ()) -> list[Named]:
        """The places of the text, one after the other; what only says where a place lies is none of its own.

        ``stored`` are meant by their very names, where these stand as often as there are such units.
        """
        parts = _PARTS.split(text)
        names, gaps = [part.strip() for part in parts[::2]], [gap.strip() for gap in parts[1::2]]
        found: list[Named] = []
        at = 0
        while at < len(names):
            typed = names[at]
            at += 1
            if not typed:
                continue
            if kept := _next_stored(typed, names.count(typed), stored, found):
                found.append(Named(typed, [kept]))
                continue
            units, first = self._meant(typed), at
            while at < len(names) and gaps[at - 1] == "," and (within := _within(typed, units, names[at])):
                typed, units, at = f"{typed}, {names[at]}", within, at + 1
            alone = at == first and at < len(names) and gaps[at - 1] == ","
            if alone and _lies_elsewhere(units, self._meant(names[at])):
                typed, units, at = f"{typed}, {names[at]}", [], at + 1
            found.append(Named(typed, _clear(units)))
        return found

    def called(self, name: str) -> list[AdminUnit]:
        """Units of that kind and that very name, as they are spelt with marks."""
        return self._steps[0].get(_marked(name), [])

    def near(self, typed: str) -> list[AdminUnit]:
        """Units whose names hold the text or its name, else those that are written much like it, for a hint."""
        wanted = {fold(typed), without_kind(typed)} - {""}
        if typed in self._by_code:
            return self._by_code[typed]
        if held := [unit for unit in self.units if any(one in fold(unit.name) for one in wanted)]:
            return held
        alike = get_close_matches(without_kind(typed), {fold(unit.bare_name) for unit in self.units}, cutoff=0.75)
        return [unit for unit in self.units if fold(unit.bare_name) in alike]

    def suggested(self, units: Iterable[AdminUnit]) -> list[str]:
        """Names as :meth:`read` understands them: of those with one name, each with its code."""
        uses = Counter(unit.name for unit in self.units)
        return [f"{unit.name} ({unit.code})" if uses[unit.name] > 1 else unit.name for unit in units]

    def _meant(self, typed: str) -> list[AdminUnit]:
        if behind := _CODE_BEHIND.fullmatch(typed):
            return [unit for unit in self.units if unit.code == behind[1]]
        if typed in self._by_code:
            return self._by_code[typed]
        name, *within = [part.strip() for part in _INSIDE.split(typed) if part.strip()] or [typed]
        units: list[AdminUnit] = self._found(typed) or self._found(name)
        for part in within if not self._found(typed) else ():
            units = _lying_in(units, part)
        return units

    def _found(self, typed: str) -> list[AdminUnit]:
        marked, folded = _marked(typed), fold(typed)
        wanted = (marked, marked, folded, folded, *[folded.replace(" ", "")] * 2)
        return next((step[text] for step, text in zip(self._steps, wanted, strict=True) if text in step), [])


@lru_cache(4096)
def _ways(kind: str, bare: str) -> tuple[frozenset[str], ...]:
    """With marks and the kind, with marks alone, both without marks, and both without gaps."""
    marked, plain = _marked(bare), fold(bare)
    prefixes = _KINDS[kind]
    with_kind = frozenset(f"{way(prefix)} {marked}" for prefix in prefixes for way in (_marked, fold))
    folded = frozenset(f"{fold(prefix)} {plain}" for prefix in prefixes)
    bare_alone, gapless = frozenset({plain}), frozenset(way.replace(" ", "") for way in folded)
    return with_kind, frozenset({marked}), folded, bare_alone, gapless, frozenset({plain.replace(" ", "")})


@lru_cache(4096)
def _marked(text: str) -> str:
    """Small letters with marks, each tone behind its word: “Thuỷ” and “Thủy” are one, “Giang” and “Giàng” are two."""
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", text).casefold()).split()
    return " ".join(map(marked_word, words))


def are_spelt_alike(one: str, other: str) -> bool:
    """Whether two names are one, wherever the tone stands and in whatever case."""
    return _marked(one) == _marked(other)


def kinds_told(text: str) -> tuple[list[str], str]:
    """The kinds that the word in front of a name may mean, and the name behind it: “TT. Vĩnh Bảo” is a township,
    “TP Chí Linh” may be a province too; none, and the whole text, where no such word stands there."""
    words = re.sub(r"\.(?=\S)", ". ", text).split()
    for count in range(min(len(words), 4), 0, -1):
        front = " ".join(words[:count])
        ways = (fold, fold(front)) if front.isascii() else (_marked, _marked(front))  # “Tĩnh Gia” is no province
        if kinds := [kind for kind, written in _KINDS.items() if ways[1] in map(ways[0], written)]:
            return kinds, " ".join(words[count:])
    return [], text


def without_kind(typed: str) -> str:
    """The folded name behind a kind: “tien lang” of “H. Tiên Lãng”; the whole text where there is none."""
    folded = fold(typed)
    prefixes = sorted({fold(one) for kind in _KINDS.values() for one in kind}, key=len, reverse=True)
    return next((folded[len(one) + 1 :] for one in prefixes if folded.startswith(f"{one} ")), folded)


def _next_stored(typed: str, times: int, stored: Sequence[AdminUnit], found: Sequence[Named]) -> AdminUnit | None:
    same = [unit for unit in stored if unit.name == typed]
    taken = [unit for one in found for unit in one.units]
    return next((unit for unit in same if unit not in taken), None) if len(same) == times else None


def _within(typed: str, units: list[AdminUnit], place: str) -> list[AdminUnit]:
    """Those of the units that lie in the place; none where the place stands beside what is meant without it."""
    inside = _lying_in(units, place) if fold(typed) != fold(place) else []
    clear = _clear(units)
    return [] if len(clear) == 1 and clear[0] not in inside else inside


def _lies_elsewhere(units: Sequence[AdminUnit], named: Sequence[AdminUnit]) -> bool:
    """“Xã Hòa Bình, huyện Thủy Nguyên” where the only Hòa Bình that is known lies in another district: the text says
    one place that nobody knows, and not that commune and this district."""
    districts = _clear(named)
    are_communes = bool(units) and all(unit.kind in _COMMUNES for unit in units)
    are_districts = bool(districts) and all(unit.kind in _ABOVE_COMMUNES for unit in districts)
    inside = {above.pk for unit in units for above in _above(unit)} & {unit.pk for unit in districts}
    return are_communes and are_districts and not inside


def _lying_in(units: list[AdminUnit], place: str) -> list[AdminUnit]:
    return [unit for unit in units if any(_is_called(above, place) for above in _above(unit))]


def _above(unit: AdminUnit) -> Iterator[AdminUnit]:
    while unit.parent:
        unit = unit.parent
        yield unit


def _is_called(unit: AdminUnit, text: str) -> bool:
    """Whatever kind a district had at another time; a province also by its initials (“HP”)."""
    is_province = unit.kind == AdminUnit.Kind.PROVINCE
    kinds = (unit.kind,) if is_province else _ABOVE_COMMUNES
    initials = "".join(word[0] for word in fold(unit.bare_name).split())
    folded = fold(text)
    plain = {way for kind in kinds for step in _ways(kind, unit.bare_name)[2:4] for way in step}
    if folded in plain:
        return True
    return is_province and folded in {initials, f"tp {initials}", f"tp{initials}"}


def _clear(units: Sequence[AdminUnit]) -> list[AdminUnit]:
    """Without the communes of a district that is among them: its name alone means the district."""
    codes = {unit.code for unit in units}
    return [unit for unit in units if not (unit.parent and unit.parent.code in codes)]
