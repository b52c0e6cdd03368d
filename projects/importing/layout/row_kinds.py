"""What each row of a list is: a record, the head of a group, a sum, or nothing of these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from khuyencong.text import fold, nfc
from projects.importing.layout.columns import ListColumn
from projects.importing.layout.headers import Table
from projects.importing.layout.listed import HEAD, RECORD, WHOLE, Doubt, Listed, ListRow, RowAt, SumRow
from projects.importing.layout.row_looks import FOOT, LETTER, ROMAN, RowLooks, is_count, mark_of, rank_of
from projects.importing.reading.sheets import CellValue

_DITTO = re.compile(r'-?\s*(?:nt|n\.t\.?)\s*-?|(?:như|nt) trên|"+|”+|“+|〃|\'\'|″')
_TITLE = re.compile(r"(?:phần |mục )?([IVXL]+|[A-ZĐ]|[0-9]{1,2})\s*[.)/:]\s*(\S.{3,})", re.DOTALL)


@dataclass
class _Group:
    number: int
    rank: int
    label: str
    rows: set[int] = field(default_factory=set)


class _Scan:
    """One way through the rows of a table, from top to bottom."""

    def __init__(self, looks: RowLooks, said: Mapping[RowAt, str]) -> None:
        self.looks, self.table, self.name_key, self.said = looks, looks.table, looks.name_key, said
        self.children, self.parts, self.details = set[int](), dict[int, int](), set[int]()
        self.found = Listed()
        self.groups: list[_Group] = []
        self.heads: list[_Group] = []
        self.above: dict[str, CellValue] = {}
        self.since_sum: set[int] = set()
        self.tops: list[tuple[int, str]] = []  # totals above all that they add up
        self.is_over = False

    def read(self) -> Listed:
        self._open_title()
        for number in range(self.table.bottom + 1, len(self.table.sheet.rows) + 1):
            if self.looks.begins_another(number):
                self.found.stopped_at = number
                break
            self._row(number)
        heads = [self._sum_row(one.number, one.label, [one.rows]) for one in self.heads if one.rows]
        every = [row.number for row in self.found.rows]
        heads += [self._sum_row(number, label, [every]) for number, label in self.tops]
        self.found.heads = {self._at(one.number): one.label for one in self.heads}
        self.found.sums = sorted([*heads, *self.found.sums], key=lambda one: one.number)
        return self.found

    def _at(self, number: int) -> RowAt:
        return self.table.sheet.name, number

    def _sum_row(self, number: int, label: str, over: Iterable[Iterable[int]]) -> SumRow:
        """``over``: by number of the rows."""
        tries = dict.fromkeys(frozenset(map(self._at, rows)) for rows in over if rows)
        return SumRow(self.table, number, label, list(tries))

    def _row(self, number: int) -> None:
        cells = self.looks.cells(number)
        if all(cell is None or nfc(str(cell)) == "" for cell in cells.values()):
            return
        label = self.looks.label(number, cells)
        self._take_title(cells, label)
        if self.looks.is_header(number, cells) or self.looks.is_numbering(number, cells):
            self.found.passed.append(number)
        elif self.looks.is_sum(cells, label):
            self._sum(number, label)
        elif number in self.details or self.looks.is_foot(number, cells, label, self.is_over):
            self.found.passed.append(number)
        elif number in self.parts:
            self._part(number, cells, label)
        elif self.said.get(self._at(number), HEAD if self._is_head(number, cells) else RECORD) == HEAD:
            self._open_group(number, cells, label)
        else:
            if self.said.get(self._at(number)) == WHOLE:
                details = self.looks.details_below(number, cells, self.is_over)
                below = self.looks.below(number, cells, self.is_over)
                self._take_details(number, cells, details or self.looks.added_up(cells, below))
            self._record(number, cells)

    def _open_title(self) -> None:
        """The title right above the header, where it is marked as heads of groups are: “I. Khuyến công quốc gia” over
        the first of two blocks, each under its own header."""
        above = [nfc(cell) for cell in self.table.sheet.rows[self.table.top - 2] if isinstance(cell, str) and nfc(cell)]
        title = _TITLE.fullmatch(above[0]) if self.table.top > 1 and len(above) == 1 else None
        if title:
            self.groups = [_Group(self.table.top - 1, rank_of({"number": title[1]}), title[2])]

    def _take_title(self, cells: dict[str, CellValue], label: str) -> None:
        """A head of a group that stands in one cell, alone or merged over the row, is taken apart into its mark and its
        name: “II. Khuyến công địa phương” in the column of names, or in that of numbers, even beside its money."""
        said = {key for key, cell in cells.items() if cell is not None and nfc(str(cell))}
        title = _TITLE.fullmatch(label)
        is_marked = title is not None and not title[1].isdigit()
        if is_marked:
            said -= {*self.looks.money} if "number" in said else set()
        if said == {"number"} and len(label) > 4 and not FOOT.fullmatch(label.casefold()):
            if title or not self.is_over:
                cells["number"], cells[self.name_key] = (title[1], title[2]) if title else (None, label)
        elif said == {self.name_key} and title and is_marked and "number" in self.table.columns:
            cells["number"], cells[self.name_key] = title[1], title[2]

    def _is_head(self, number: int, cells: Mapping[str, CellValue]) -> bool:
        """Whether the row only heads others. It never surely does with what only a record has; with money of its own it
        is sure by its mark and what stands below it, and otherwise left to be asked about, as a record until then."""
        mark, has_marks = mark_of(cells), "number" in self.table.columns
        if details := self.looks.details_below(number, cells, self.is_over):
            self.found.doubts[self._at(number)] = Doubt.DETAILED
            if self._at(number) not in self.said:
                self._take_details(number, cells, details)
            return False
        if self.looks.has(cells, self.looks.own):
            is_parent = has_marks and is_count(cells) and self.looks.numbers_below(number, mark)
            if is_parent and self.looks.adds_up(cells, self.looks.below(number, cells, self.is_over)):
                self.found.doubts[self._at(number)] = Doubt.ADDS_UP
            return False
        if not self.looks.has_figures(cells):
            if not has_marks:
                return bool(self.looks.own) and not self.looks.stands_alone
            is_odd = not mark or bool(ROMAN.fullmatch(mark) or LETTER.fullmatch(mark))
            return is_odd or (is_count(cells) and self.looks.numbers_below(number, mark))
        below = self.looks.below(number, cells, self.is_over)
        adds_up = self.looks.adds_up(cells, below)
        if number in self.children and not (adds_up and below and mark):
            return False
        if is_count(cells):
            if self.looks.numbers_below(number, mark):
                return True
            if not adds_up or self.looks.is_sibling(below[0], mark):
                return False
        is_sure = bool(below) and (
            adds_up if not mark or is_count(cells) else bool(ROMAN.fullmatch(mark) or mark.isupper())
        )
        if is_sure and has_marks:
            self.children |= set(below)
            return True
        if adds_up or (has_marks and not is_count(cells)) or (self.looks.own and not has_marks):
            self.found.doubts[self._at(number)] = Doubt.ADDS_UP if adds_up else Doubt.BARE
        return False

    def _take_details(self, number: int, cells: Mapping[str, CellValue], below: Iterable[int]) -> None:
        """Passes over what a record is spent on; one without money of its own has that of its parts."""
        if self.looks.has_figures(cells):
            self.details |= set(below)
        else:
            self.parts |= dict.fromkeys(below, number)

    def _open_group(self, number: int, cells: Mapping[str, CellValue], label: str) -> None:
        self.is_over = False
        group = _Group(number, rank_of(cells), label)
        self.groups = [one for one in self.groups if one.rank < group.rank] + [group]
        self.heads.append(group)
        self.since_sum = set()

    def _sum(self, number: int, label: str) -> None:
        every = {row.number for row in self.found.rows}
        if not every:
            self.tops.append((number, label))
            return
        groups = [group.rows for group in reversed(self.groups)]
        found = self._sum_row(number, label, [self.since_sum, *groups, every])
        self.found.sums.append(self._sum_row(number, label, [every, *groups]) if found.is_total else found)
        self.since_sum = set()
        self.is_over = True

    def _part(self, number: int, cells: dict[str, CellValue], label: str) -> None:
        named = {**cells, self.name_key: self.above.get(self.name_key)}
        if source := next((one.key for one in self.looks.known_columns if one.names_row(fold(label))), None):
            named[source] = re.sub(r"^\W+", "", label)
        self._add(ListRow(self.table, number, named, [group.label for group in self.groups], self.parts[number]))

    def _record(self, number: int, cells: dict[str, CellValue]) -> None:
        self.is_over = False
        for key, cell in cells.items():
            if isinstance(cell, str) and _DITTO.fullmatch(nfc(cell).casefold()):
                cells[key] = self.above.get(key)
        self.above = cells
        if parts := self.looks.parts_below(number, cells, self.is_over):
            self.parts |= dict.fromkeys(parts, number)
            self.details |= set(range(number + 1, parts[-1])) - set(parts)
            cells = {**cells, self.looks.money[0]: None}
        merged = self.looks.merged_over(number, self.table.columns.get(self.name_key, 0))
        part_of = merged[0] if merged else None
        self._add(ListRow(self.table, number, cells, [group.label for group in self.groups], part_of))

    def _add(self, row: ListRow) -> None:
        self.found.rows.append(row)
        self.since_sum.add(row.number)
        for group in self.groups:
            group.rows.add(row.number)


def read_rows(
    table: Table, columns: Sequence[ListColumn], name_key: str, said: Mapping[RowAt, str] | None = None
) -> Listed:
    """The records of the table with the groups they stand in, and the sums that it states.

    ``name_key``: the column that says what a record is called; ``said``: what rows in doubt are: HEAD, RECORD or WHOLE.
    """
    return _Scan(RowLooks(table, columns, name_key), said or {}).read()
