"""What each row of a list is: a record, the head of a group, a sum, or nothing of these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from khuyencong.text import fold, nfc
from projects.importing.layout.columns import ListColumn, Reads, recognise
from projects.importing.layout.headers import Table, header_words, row_words
from projects.importing.layout.listed import DASHES, HEAD, RECORD, WHOLE, Doubt, Listed, ListRow, RowAt, SumRow
from projects.importing.layout.units import MILLION, stated_unit
from projects.importing.reading.sheets import CellValue
from projects.importing.values.amounts import UnreadableAmount, read_amount

_DITTO = re.compile(r'-?\s*(?:nt|n\.t\.?)\s*-?|(?:như|nt) trên|"+|”+|“+|〃|\'\'|″')
_ROMAN = re.compile(r"[IVXL]+")
_LETTER = re.compile(r"[A-ZĐ]|[a-zđ]")
_ORDINAL = re.compile(r"\(?[A-Za-z0-9]{1,2}\)?(?: ?= ?[0-9A-Za-z+()\- ]+)?")
_SUM = re.compile(
    r"tổng|(?:tổng (?:cộng|số|kinh phí|kp|vốn|nguồn|nhóm|mục|phần|các)|cộng)(?:\W.*|\s.*)?|"
    r"tổng\W+(?:\(.*|[ivx0-9a-d]+\b.*)|tong cong.*|tong so.*|cong|(?:số )?mang sang(?: trang.*)?|chuyển sang trang.*",
    re.DOTALL,
)
_OF_WHICH = {"trong do", "bao gom", "gom"}
_BARE_SUM = re.compile(r"(?:tổng )?cộng|tổng(?: số)?")  # what no project is called, “3 cơ sở” beside it or not
_TITLE = re.compile(r"(?:phần |mục )?([IVXL]+|[A-ZĐ]|[0-9]{1,2})\s*[.)/:]\s*(\S.{3,})", re.DOTALL)
_FOOT = re.compile(
    r"(?:\(\*+\) ?)?"
    r"(?:ghi chú|giám đốc|phó giám đốc|kt\.|tm\.|người lập|nơi nhận|chủ tịch|kế toán|.*, ngày .* tháng)\b.*",
    re.DOTALL,
)

# What only a record has: a group's head and a sum leave these empty.
OWN = {
    *(Reads.FIRM, Reads.PLACE, Reads.PERIOD, Reads.TAX_CODE, Reads.DAY, Reads.CONTENT, Reads.COUNT, Reads.MARK),
    *(Reads.KIND, Reads.OFFICE, Reads.CODE),
}


@dataclass
class _Group:
    number: int
    rank: int
    label: str
    rows: set[int] = field(default_factory=set)


class _Scan:
    """One way through the rows of a table, from top to bottom."""

    def __init__(self, table: Table, columns: Sequence[ListColumn], name_key: str, said: Mapping[RowAt, str]) -> None:
        self.said, self.children, self.parts, self.details = said, set[int](), dict[int, int](), set[int]()
        self.table, self.columns, self.name_key = table, [one for one in columns if one.key in table.columns], name_key
        self.money = [one.key for one in self.columns if one.reads == Reads.MONEY]
        self.own = [one.key for one in self.columns if one.reads in OWN]
        self.stands_alone = any(one.stands_alone for one in columns if one.key == name_key)
        self.columns_known = columns
        self.header = {words for words in header_words(table) if len(words) > 1}
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
            if self._begins_another(number):
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
        cells = {one.key: self._cell(number, one.key) for one in self.columns}
        if all(cell is None or nfc(str(cell)) == "" for cell in cells.values()):
            return
        label = self._label(number, cells)
        self._take_title(cells, label)
        if self._is_header(number, cells) or self._is_numbering(number, cells):
            self.found.passed.append(number)
        elif self._is_sum(cells, label):
            self._sum(number, label)
        elif number in self.details or self._is_foot(number, cells, label):
            self.found.passed.append(number)
        elif number in self.parts:
            self._part(number, cells, label)
        elif self.said.get(self._at(number), HEAD if self._is_head(number, cells) else RECORD) == HEAD:
            self._open_group(number, cells, label)
        else:
            if self.said.get(self._at(number)) == WHOLE:
                below = self._details_below(number, cells) or self._added_up(cells, self._below(number, cells))
                self._take_details(number, cells, below)
            self._record(number, cells)

    def _open_title(self) -> None:
        """The title right above the header, where it is marked as heads of groups are: “I. Khuyến công quốc gia” over
        the first of two blocks, each under its own header."""
        above = [nfc(cell) for cell in self.table.sheet.rows[self.table.top - 2] if isinstance(cell, str) and nfc(cell)]
        title = _TITLE.fullmatch(above[0]) if self.table.top > 1 and len(above) == 1 else None
        if title:
            self.groups = [_Group(self.table.top - 1, _rank({"number": title[1]}), title[2])]

    def _take_title(self, cells: dict[str, CellValue], label: str) -> None:
        """A head of a group that stands in one cell, alone or merged over the row, is taken apart into its mark and its
        name: “II. Khuyến công địa phương” in the column of names, or in that of numbers, even beside its money."""
        said = {key for key, cell in cells.items() if cell is not None and nfc(str(cell))}
        title = _TITLE.fullmatch(label)
        is_marked = title is not None and not title[1].isdigit()
        if is_marked:
            said -= {*self.money} if "number" in said else set()
        if said == {"number"} and len(label) > 4 and not _FOOT.fullmatch(label.casefold()):
            if title or not self.is_over:
                cells["number"], cells[self.name_key] = (title[1], title[2]) if title else (None, label)
        elif said == {self.name_key} and title and is_marked and "number" in self.table.columns:
            cells["number"], cells[self.name_key] = title[1], title[2]

    def _begins_another(self, number: int) -> bool:
        """A header of other columns, or another unit: what follows is another list, and is not read as this one."""
        texts = [cell for cell in self.table.sheet.rows[number - 1] if isinstance(cell, str)]
        if (unit := stated_unit(texts)) is not None and unit != (self.table.unit or unit):
            return True
        if len(texts) < 3 or row_words(self.table.sheet.rows[number - 1]) in self.header:
            return False
        headings = {
            at: text for at in self.table.headings if (text := nfc(str(self.table.sheet.value(number, at) or "")))
        }
        named = recognise(headings, self.columns_known)
        return self.name_key in named and len(named) >= 3 and len(named) > len(headings) // 2

    def _cell(self, number: int, key: str) -> CellValue:
        """The cell; in a cell merged over rows what the whole holds, but for money, which is there once."""
        at = self.table.columns[key]
        value = self.table.sheet.value(number, at)
        if value is None and key not in self.money and (area := self._merged_over(number, at)):
            return self.table.sheet.value(area[0], area[1])
        return value

    def _merged_over(self, number: int, at: int) -> tuple[int, int] | None:
        for area in self.table.sheet.merged:
            if area.top < number <= area.bottom and area.left <= at <= area.right and area.top > self.table.bottom:
                return area.top, area.left
        return None

    def _label(self, number: int, cells: Mapping[str, CellValue]) -> str:
        """What the row is called: in the column of names, else the first text of the row, where a head or a sum was
        merged over several columns."""
        if text := nfc(str(cells.get(self.name_key) or "")):
            return text
        texts = [nfc(cell) for cell in self.table.sheet.rows[number - 1] if isinstance(cell, str)]
        return next((text for text in texts if len(text) > 2), "")

    def _has(self, cells: Mapping[str, CellValue], keys: Iterable[str]) -> bool:
        return any(cells.get(key) is not None and nfc(str(cells[key])) not in ("", *DASHES) for key in keys)

    def _is_header(self, number: int, cells: Mapping[str, CellValue]) -> bool:
        """One of the header's rows again. A record's name is hardly that of its column, which is looked at first."""
        name = fold(str(cells.get(self.name_key) or ""))
        if not any(name in words or not name for words in self.header):
            return False
        return row_words(self.table.sheet.rows[number - 1]) in self.header

    def _is_numbering(self, number: int, cells: Mapping[str, CellValue]) -> bool:
        """“A B 1 2 3 4=5+6”: the row that numbers the columns."""
        if not _ORDINAL.fullmatch(nfc(str(cells.get(self.name_key) or ""))):
            return False
        texts = [nfc(str(cell)) for cell in self.table.sheet.rows[number - 1] if cell is not None and nfc(str(cell))]
        return len(texts) > 2 and all(_ORDINAL.fullmatch(text) for text in texts)

    def _is_sum(self, cells: Mapping[str, CellValue], label: str) -> bool:
        said = label.casefold()
        if _is_count(cells) or not _SUM.fullmatch(said):
            return False
        return bool(_BARE_SUM.fullmatch(said)) or not self._has(cells, self.own)

    def _is_foot(self, number: int, cells: Mapping[str, CellValue], label: str) -> bool:
        """Notes and signatures below the list; and after the last sum all that has neither a number nor money."""
        has_money = any(re.search("[0-9]", str(cells.get(key) or "")) for key in self.money)
        name = nfc(str(cells.get(self.name_key) or ""))
        if _FOOT.fullmatch(label.casefold()) and not has_money and not _is_count(cells):
            return True
        if self.is_over and self._names_money(label) and not self._has(cells, self.own) and self._is_last(number):
            return True  # of which sources the total is
        is_record = _is_count(cells) and self._has(cells, self.own) and not self.money  # which lacks its name
        mark = _mark(cells)  # of a head: the next group may follow the sum of the one before
        is_headed = bool(name and (_ROMAN.fullmatch(mark) or _LETTER.fullmatch(mark)))
        is_after = self.is_over and not is_headed and not (not self.money and self._has(cells, self.own))
        return (not name and not has_money and not is_record) or (is_after and not has_money and not _is_count(cells))

    def _is_head(self, number: int, cells: Mapping[str, CellValue]) -> bool:
        """Whether the row only heads others. It never surely does with what only a record has; with money of its own it
        is sure by its mark and what stands below it, and otherwise left to be asked about, as a record until then."""
        mark, has_marks = _mark(cells), "number" in self.table.columns
        if details := self._details_below(number, cells):
            self.found.doubts[self._at(number)] = Doubt.DETAILED
            if self._at(number) not in self.said:
                self._take_details(number, cells, details)
            return False
        if self._has(cells, self.own):
            is_parent = has_marks and _is_count(cells) and self._numbers_below(number, mark)
            if is_parent and self._adds_up(cells, self._below(number, cells)):
                self.found.doubts[self._at(number)] = Doubt.ADDS_UP
            return False
        if not self._has_figures(cells):
            if not has_marks:
                return bool(self.own) and not self.stands_alone
            is_odd = not mark or bool(_ROMAN.fullmatch(mark) or _LETTER.fullmatch(mark))
            return is_odd or (_is_count(cells) and self._numbers_below(number, mark))
        below = self._below(number, cells)
        adds_up = self._adds_up(cells, below)
        if number in self.children and not (adds_up and below and mark):
            return False
        if _is_count(cells):
            if self._numbers_below(number, mark):
                return True
            if not adds_up or self._is_sibling(below[0], mark):
                return False
        is_sure = bool(below) and (
            adds_up if not mark or _is_count(cells) else bool(_ROMAN.fullmatch(mark) or mark.isupper())
        )
        if is_sure and has_marks:
            self.children |= set(below)
            return True
        if adds_up or (has_marks and not _is_count(cells)) or (self.own and not has_marks):
            self.found.doubts[self._at(number)] = Doubt.ADDS_UP if adds_up else Doubt.BARE
        return False

    def _is_last(self, number: int) -> bool:
        """Whether no record follows."""
        for later in range(number, len(self.table.sheet.rows) + 1):
            cells = {one.key: self._cell(later, one.key) for one in self.columns}
            if _is_count(cells) or self._has(cells, self.own):
                return False
        return True

    def _has_figures(self, cells: Mapping[str, CellValue]) -> bool:
        return any(re.search("[1-9]", str(cells.get(key) or "")) for key in self.money)

    def _below(self, number: int, cells: Mapping[str, CellValue]) -> list[int]:
        """The records that a head of this mark would have: those below it, up to the next row of its kind."""
        rank, found = _rank(cells), list[int]()
        for later in range(number + 1, len(self.table.sheet.rows) + 1):
            others = {one.key: self._cell(later, one.key) for one in self.columns}
            if all(cell is None or nfc(str(cell)) == "" for cell in others.values()):
                continue
            label = self._label(later, others)
            if self._is_header(later, others):
                continue
            if self._is_sum(others, label) or self._is_foot(later, others, label):
                break
            is_record = (
                self._has(others, self.own) or _is_count(others) or (bool(_mark(others)) and _rank(others) > rank)
            )
            if not is_record and _rank(others) <= rank:
                break
            if is_record:
                found.append(later)
        return found

    def _details_below(self, number: int, cells: Mapping[str, CellValue]) -> list[int]:
        """Rows right below a numbered record with nothing but a name and money: 1.1 below 1, and a, b or - up to the
        next record, whatever their money; others that add up to it. A single one may as well head what follows."""
        if not (_is_count(cells) and self._has(cells, self.own)):
            return []
        found, is_numbered, is_marked, is_ended = list[int](), True, True, True
        for later in range(number + 1, len(self.table.sheet.rows) + 1):
            others = {one.key: self._cell(later, one.key) for one in self.columns}
            mark, label = _mark(others), self._label(later, others)
            is_below = mark.startswith(f"{_mark(cells)}.")
            is_head = bool(_ROMAN.fullmatch(mark)) or mark.isupper() or (_is_count(others) and not is_below)
            if is_head or self._is_sum(others, label) or self._is_foot(later, others, label):
                break
            if self._names_source(label) or self._has(others, self.own) or not self._has_figures(others):
                is_ended = False
                break
            is_numbered &= is_below
            is_marked &= bool(mark)
            found.append(later)
        is_many, adds_up = len(found) > 1, len(self._added_up(cells, found)) == len(found)
        is_whole = is_ended and is_marked and (is_many or adds_up)
        return found if found and (is_whole or (is_many and (is_numbered or adds_up))) else []

    def _take_details(self, number: int, cells: Mapping[str, CellValue], below: Iterable[int]) -> None:
        """Passes over what a record is spent on; one without money of its own has that of its parts."""
        if self._has_figures(cells):
            self.details |= set(below)
        else:
            self.parts |= dict.fromkeys(below, number)

    def _adds_up(self, cells: Mapping[str, CellValue], below: Sequence[int]) -> bool:
        return bool(self._added_up(cells, below))

    def _added_up(self, cells: Mapping[str, CellValue], below: Sequence[int]) -> Sequence[int]:
        """The rows below of which every figure of the row is the sum: all, or the first ones up to some row."""
        stated = {key: vnd for key in self.money if (vnd := _figure(cells.get(key)))}
        if not stated:
            return ()
        sums = dict.fromkeys(stated, Decimal(0))
        for place, later in enumerate(below, 1):
            for key in stated:
                sums[key] += _figure(self._cell(later, key)) or 0
            if sums == stated:
                return below[:place]
        return ()

    def _is_sibling(self, number: int, mark: str) -> bool:
        """Whether the next row counts on: 2 after 1."""
        following = nfc(str(self.table.sheet.value(number, self.table.columns["number"]) or "")).rstrip(".)")
        return mark.isdigit() and following.isdigit() and int(following) == int(mark) + 1

    def _numbers_below(self, number: int, mark: str) -> bool:
        """Whether the next numbered row is “1.1” below “1”."""
        at = self.table.columns["number"]
        for later in range(number + 1, min(number + 4, len(self.table.sheet.rows)) + 1):
            if text := nfc(str(self.table.sheet.value(later, at) or "")):
                return text.startswith(f"{mark}.") and text.rstrip(".") != mark
        return False

    def _open_group(self, number: int, cells: Mapping[str, CellValue], label: str) -> None:
        self.is_over = False
        group = _Group(number, _rank(cells), label)
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

    def _parts_below(self, number: int, cells: Mapping[str, CellValue]) -> list[int]:
        """Rows right below a record that tell from which sources its money is: “- Vốn doanh nghiệp”. They add up to it,
        or it has no money of its own, and they head nothing. Of a list with one column of money; another one says by
        its column whose it is."""
        found, added = list[int](), Decimal(0)
        if len(self.money) != 1 or not _is_count(cells):
            return found
        stated = _figure(cells.get(self.money[0]))
        for later in range(number + 1, len(self.table.sheet.rows) + 1):
            others = {one.key: self._cell(later, one.key) for one in self.columns}
            label = self._label(later, others)
            if fold(label) in _OF_WHICH and not self._has_figures(others):
                continue
            is_part = self._names_source(label) and not fold(_mark(others)) and not self._has(others, self.own)
            if not is_part or not (stated or (self._has_figures(others) and not self._heads_others(later, others))):
                break
            found.append(later)
            added += _figure(others.get(self.money[0])) or 0
        return found if added == stated or not stated else []

    def _names_source(self, label: str) -> bool:
        return any(one.names_row(fold(label)) for one in self.columns_known)

    def _names_money(self, label: str) -> bool:
        """Whether it is what a column of money is called: “KCĐP”, “Trong đó: KCĐP”."""
        said = fold(label).removeprefix("trong do ")
        return any(one.reads == Reads.MONEY and one.is_called(said) for one in self.columns_known)

    def _heads_others(self, number: int, cells: Mapping[str, CellValue]) -> bool:
        return self._adds_up(cells, self._below(number, cells))

    def _part(self, number: int, cells: dict[str, CellValue], label: str) -> None:
        named = {**cells, self.name_key: self.above.get(self.name_key)}
        if source := next((one.key for one in self.columns_known if one.names_row(fold(label))), None):
            named[source] = re.sub(r"^\W+", "", label)
        self._add(ListRow(self.table, number, named, [group.label for group in self.groups], self.parts[number]))

    def _record(self, number: int, cells: dict[str, CellValue]) -> None:
        self.is_over = False
        for key, cell in cells.items():
            if isinstance(cell, str) and _DITTO.fullmatch(nfc(cell).casefold()):
                cells[key] = self.above.get(key)
        self.above = cells
        if parts := self._parts_below(number, cells):
            self.parts |= dict.fromkeys(parts, number)
            self.details |= set(range(number + 1, parts[-1])) - set(parts)
            cells = {**cells, self.money[0]: None}
        merged = self._merged_over(number, self.table.columns.get(self.name_key, 0))
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
    return _Scan(table, columns, name_key, said or {}).read()


def _mark(cells: Mapping[str, CellValue]) -> str:
    return nfc(str(cells.get("number") or "")).rstrip(".)")


def _figure(cell: CellValue) -> Decimal | None:
    """A figure as it is compared with others of its column, whatever its unit; None for what is no plain one."""
    try:
        amount = read_amount(cell, MILLION)
    except UnreadableAmount:
        return None
    return Decimal(amount.vnd) if amount else None


def _is_count(cells: Mapping[str, CellValue]) -> bool:
    """Whether the row bears a number as records do: 7, “7.”, “1.2”."""
    return bool(re.fullmatch(r"[0-9]+(?:[.][0-9]+)*[.)]?", nfc(str(cells.get("number") or ""))))


def _rank(cells: Mapping[str, CellValue]) -> int:
    """How far out a group stands, by the mark before its head: A, then I, then 1, then a, then none."""
    mark = nfc(str(cells.get("number") or "")).rstrip(".)")
    if _ROMAN.fullmatch(mark):
        return 1
    if not mark:
        return 4
    if mark.isdigit() or "." in mark:
        return 2
    return 0 if mark.isupper() else 3
