"""What a row of a list looks like, by itself and beside those below it: a sum, a foot, the head of others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from khuyencong.text import fold, nfc
from projects.importing.layout.columns import ListColumn, Reads, recognise
from projects.importing.layout.headers import Table, header_words, row_words
from projects.importing.layout.listed import DASHES
from projects.importing.layout.units import MILLION, stated_unit
from projects.importing.reading.sheets import CellValue
from projects.importing.values.amounts import UnreadableAmount, read_amount

ROMAN = re.compile(r"[IVXL]+")
LETTER = re.compile(r"[A-ZĐ]|[a-zđ]")
_ORDINAL = re.compile(r"\(?[A-Za-z0-9]{1,2}\)?(?: ?= ?[0-9A-Za-z+()\- ]+)?")
_SUM = re.compile(
    r"tổng|(?:tổng (?:cộng|số|kinh phí|kp|vốn|nguồn|nhóm|mục|phần|các)|cộng)(?:\W.*|\s.*)?|"
    r"tổng\W+(?:\(.*|[ivx0-9a-d]+\b.*)|tong cong.*|tong so.*|cong|(?:số )?mang sang(?: trang.*)?|chuyển sang trang.*",
    re.DOTALL,
)
_OF_WHICH = {"trong do", "bao gom", "gom"}
_BARE_SUM = re.compile(r"(?:tổng )?cộng|tổng(?: số)?")  # what no project is called, “3 cơ sở” beside it or not
FOOT = re.compile(
    r"(?:\(\*+\) ?)?"
    r"(?:ghi chú|giám đốc|phó giám đốc|kt\.|tm\.|người lập|nơi nhận|chủ tịch|kế toán|.*, ngày .* tháng)\b.*",
    re.DOTALL,
)

# What only a record has: a group's head and a sum leave these empty.
OWN = {
    *(Reads.FIRM, Reads.PLACE, Reads.PERIOD, Reads.TAX_CODE, Reads.DAY, Reads.CONTENT, Reads.COUNT, Reads.MARK),
    *(Reads.KIND, Reads.OFFICE, Reads.CODE),
}


class RowLooks:
    """The rows of one table. ``cells``: of a row, by key. ``is_over``: whether a sum was passed after which no group
    began, so that a foot may follow."""

    def __init__(self, table: Table, columns: Sequence[ListColumn], name_key: str) -> None:
        self.table, self.known_columns, self.name_key = table, columns, name_key
        self.columns = [one for one in columns if one.key in table.columns]
        self.money = [one.key for one in self.columns if one.reads == Reads.MONEY]
        self.own = [one.key for one in self.columns if one.reads in OWN]
        self.stands_alone = any(one.stands_alone for one in columns if one.key == name_key)
        self.header = {words for words in header_words(table) if len(words) > 1}

    def cells(self, number: int) -> dict[str, CellValue]:
        """Of that row of the sheet."""
        return {one.key: self.cell(number, one.key) for one in self.columns}

    def begins_another(self, number: int) -> bool:
        """A header of other columns, or another unit: what follows is another list, and is not read as this one."""
        texts = [cell for cell in self.table.sheet.rows[number - 1] if isinstance(cell, str)]
        if (unit := stated_unit(texts)) is not None and unit != (self.table.unit or unit):
            return True
        if len(texts) < 3 or row_words(self.table.sheet.rows[number - 1]) in self.header:
            return False
        headings = {
            at: text for at in self.table.headings if (text := nfc(str(self.table.sheet.value(number, at) or "")))
        }
        named = recognise(headings, self.known_columns)
        return self.name_key in named and len(named) >= 3 and len(named) > len(headings) // 2

    def cell(self, number: int, key: str) -> CellValue:
        """The cell; in a cell merged over rows what the whole holds, but for money, which is there once."""
        at = self.table.columns[key]
        value = self.table.sheet.value(number, at)
        if value is None and key not in self.money and (area := self.merged_over(number, at)):
            return self.table.sheet.value(area[0], area[1])
        return value

    def merged_over(self, number: int, at: int) -> tuple[int, int] | None:
        for area in self.table.sheet.merged:
            if area.top < number <= area.bottom and area.left <= at <= area.right and area.top > self.table.bottom:
                return area.top, area.left
        return None

    def label(self, number: int, cells: Mapping[str, CellValue]) -> str:
        """What the row is called: in the column of names, else the first text of the row, where a head or a sum was
        merged over several columns."""
        if text := nfc(str(cells.get(self.name_key) or "")):
            return text
        texts = [nfc(cell) for cell in self.table.sheet.rows[number - 1] if isinstance(cell, str)]
        return next((text for text in texts if len(text) > 2), "")

    def has(self, cells: Mapping[str, CellValue], keys: Iterable[str]) -> bool:
        return any(cells.get(key) is not None and nfc(str(cells[key])) not in ("", *DASHES) for key in keys)

    def is_header(self, number: int, cells: Mapping[str, CellValue]) -> bool:
        """One of the header's rows again. A record's name is hardly that of its column, which is looked at first."""
        name = fold(str(cells.get(self.name_key) or ""))
        if not any(name in words or not name for words in self.header):
            return False
        return row_words(self.table.sheet.rows[number - 1]) in self.header

    def is_numbering(self, number: int, cells: Mapping[str, CellValue]) -> bool:
        """“A B 1 2 3 4=5+6”: the row that numbers the columns."""
        if not _ORDINAL.fullmatch(nfc(str(cells.get(self.name_key) or ""))):
            return False
        texts = [nfc(str(cell)) for cell in self.table.sheet.rows[number - 1] if cell is not None and nfc(str(cell))]
        return len(texts) > 2 and all(_ORDINAL.fullmatch(text) for text in texts)

    def is_sum(self, cells: Mapping[str, CellValue], label: str) -> bool:
        said = label.casefold()
        if is_count(cells) or not _SUM.fullmatch(said):
            return False
        return bool(_BARE_SUM.fullmatch(said)) or not self.has(cells, self.own)

    def is_foot(self, number: int, cells: Mapping[str, CellValue], label: str, is_over: bool) -> bool:
        """Notes and signatures below the list; and after the last sum all that has neither a number nor money."""
        has_money = any(re.search("[0-9]", str(cells.get(key) or "")) for key in self.money)
        name = nfc(str(cells.get(self.name_key) or ""))
        if FOOT.fullmatch(label.casefold()) and not has_money and not is_count(cells):
            return True
        if is_over and self.names_money(label) and not self.has(cells, self.own) and self.is_last(number):
            return True  # of which sources the total is
        is_record = is_count(cells) and self.has(cells, self.own) and not self.money  # which lacks its name
        mark = mark_of(cells)  # of a head: the next group may follow the sum of the one before
        is_headed = bool(name and (ROMAN.fullmatch(mark) or LETTER.fullmatch(mark)))
        is_after = is_over and not is_headed and not (not self.money and self.has(cells, self.own))
        return (not name and not has_money and not is_record) or (is_after and not has_money and not is_count(cells))

    def is_last(self, number: int) -> bool:
        """Whether no record follows."""
        for later in range(number, len(self.table.sheet.rows) + 1):
            cells = self.cells(later)
            if is_count(cells) or self.has(cells, self.own):
                return False
        return True

    def has_figures(self, cells: Mapping[str, CellValue]) -> bool:
        return any(re.search("[1-9]", str(cells.get(key) or "")) for key in self.money)

    def below(self, number: int, cells: Mapping[str, CellValue], is_over: bool) -> list[int]:
        """The records that a head of this mark would have: those below it, up to the next row of its kind."""
        rank, found = rank_of(cells), list[int]()
        for later in range(number + 1, len(self.table.sheet.rows) + 1):
            others = self.cells(later)
            if all(cell is None or nfc(str(cell)) == "" for cell in others.values()):
                continue
            label = self.label(later, others)
            if self.is_header(later, others):
                continue
            if self.is_sum(others, label) or self.is_foot(later, others, label, is_over):
                break
            is_record = (
                self.has(others, self.own) or is_count(others) or (bool(mark_of(others)) and rank_of(others) > rank)
            )
            if not is_record and rank_of(others) <= rank:
                break
            if is_record:
                found.append(later)
        return found

    def details_below(self, number: int, cells: Mapping[str, CellValue], is_over: bool) -> list[int]:
        """Rows right below a numbered record with nothing but a name and money: 1.1 below 1, and a, b or - up to the
        next record, whatever their money; others that add up to it. A single one may as well head what follows. In a
        list that says of no record more than that, one with money may have them."""
        is_record = self.has(cells, self.own) if self.own else self.has_figures(cells)
        if not (is_count(cells) and is_record):
            return []
        found, is_numbered, is_marked, is_ended = list[int](), True, True, True
        for later in range(number + 1, len(self.table.sheet.rows) + 1):
            others = self.cells(later)
            mark, label = mark_of(others), self.label(later, others)
            is_below = mark.startswith(f"{mark_of(cells)}.")
            is_head = bool(ROMAN.fullmatch(mark)) or mark.isupper() or (is_count(others) and not is_below)
            if is_head or self.is_sum(others, label) or self.is_foot(later, others, label, is_over):
                break
            if self.names_source(label) or self.has(others, self.own) or not self.has_figures(others):
                is_ended = False
                break
            is_numbered &= is_below
            is_marked &= bool(mark)
            found.append(later)
        is_many, adds_up = len(found) > 1, len(self.added_up(cells, found)) == len(found)
        is_whole = is_ended and is_marked and (is_many or adds_up)
        return found if found and (is_whole or (is_many and (is_numbered or adds_up))) else []

    def parts_below(self, number: int, cells: Mapping[str, CellValue], is_over: bool) -> list[int]:
        """Rows right below a record that tell from which sources its money is: “- Vốn doanh nghiệp”. They add up to it,
        or it has no money of its own, and they head nothing. Of a list with one column of money; another one says by
        its column whose it is."""
        found, added = list[int](), Decimal(0)
        if len(self.money) != 1 or not is_count(cells):
            return found
        stated = figure_of(cells.get(self.money[0]))
        for later in range(number + 1, len(self.table.sheet.rows) + 1):
            others = self.cells(later)
            label = self.label(later, others)
            if fold(label) in _OF_WHICH and not self.has_figures(others):
                continue
            is_part = self.names_source(label) and not fold(mark_of(others)) and not self.has(others, self.own)
            if not is_part:
                break
            if not stated and (not self.has_figures(others) or self.heads_others(later, others, is_over)):
                break
            found.append(later)
            added += figure_of(others.get(self.money[0])) or 0
        return found if added == stated or not stated else []

    def adds_up(self, cells: Mapping[str, CellValue], below: Sequence[int]) -> bool:
        return bool(self.added_up(cells, below))

    def added_up(self, cells: Mapping[str, CellValue], below: Sequence[int]) -> Sequence[int]:
        """The rows below of which every figure of the row is the sum: all, or the first ones up to some row."""
        stated = {key: vnd for key in self.money if (vnd := figure_of(cells.get(key)))}
        if not stated:
            return ()
        sums = dict.fromkeys(stated, Decimal(0))
        for place, later in enumerate(below, 1):
            for key in stated:
                sums[key] += figure_of(self.cell(later, key)) or 0
            if sums == stated:
                return below[:place]
        return ()

    def heads_others(self, number: int, cells: Mapping[str, CellValue], is_over: bool) -> bool:
        return self.adds_up(cells, self.below(number, cells, is_over))

    def is_sibling(self, number: int, mark: str) -> bool:
        """Whether the next row counts on: 2 after 1."""
        following = nfc(str(self.table.sheet.value(number, self.table.columns["number"]) or "")).rstrip(".)")
        return mark.isdigit() and following.isdigit() and int(following) == int(mark) + 1

    def numbers_below(self, number: int, mark: str) -> bool:
        """Whether the next numbered row is “1.1” below “1”."""
        at = self.table.columns["number"]
        for later in range(number + 1, min(number + 4, len(self.table.sheet.rows)) + 1):
            if text := nfc(str(self.table.sheet.value(later, at) or "")):
                return text.startswith(f"{mark}.") and text.rstrip(".") != mark
        return False

    def names_source(self, label: str) -> bool:
        return any(one.names_row(fold(label)) for one in self.known_columns)

    def names_money(self, label: str) -> bool:
        """Whether it is what a column of money is called: “KCĐP”, “Trong đó: KCĐP”."""
        said = fold(label).removeprefix("trong do ")
        return any(one.reads == Reads.MONEY and one.is_called(said) for one in self.known_columns)


def mark_of(cells: Mapping[str, CellValue]) -> str:
    """What numbers the row, without what follows it: “I”, “1.2”, “a”."""
    return nfc(str(cells.get("number") or "")).rstrip(".)")


def figure_of(cell: CellValue) -> Decimal | None:
    """A figure as it is compared with others of its column, whatever its unit; None for what is no plain one."""
    try:
        amount = read_amount(cell, MILLION)
    except UnreadableAmount:
        return None
    return Decimal(amount.vnd) if amount else None


def is_count(cells: Mapping[str, CellValue]) -> bool:
    """Whether the row bears a number as records do: 7, “7.”, “1.2”."""
    return bool(re.fullmatch(r"[0-9]+(?:[.][0-9]+)*[.)]?", nfc(str(cells.get("number") or ""))))


def rank_of(cells: Mapping[str, CellValue]) -> int:
    """How far out a group stands, by the mark before its head: A, then I, then 1, then a, then none."""
    mark = mark_of(cells)
    if ROMAN.fullmatch(mark):
        return 1
    if not mark:
        return 4
    if mark.isdigit() or "." in mark:
        return 2
    return 0 if mark.isupper() else 3
