"""Money of a list in its rows: read in the sheet's unit, asked about where it is doubtful, compared with its sums."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.money import FRACTION, format_million, format_vnd
from khuyencong.text import fold, inside_sentence
from projects.importing.layout.columns import ListColumn, Reads
from projects.importing.layout.headers import Table
from projects.importing.layout.listed import RowAt, SumRow
from projects.importing.layout.units import BILLION, DONG, MILLION, THOUSAND, odd_unit, unit_in_heading
from projects.importing.proposals import ListReading, ProposedRow, SumCheck
from projects.importing.questions import Option
from projects.importing.reading.sheets import MergedArea, cell_name
from projects.importing.values.amounts import Amount, UnreadableAmount, decimal_mark, is_marked, read_amount

UNIT_NAMES = {
    DONG: gettext_lazy("đồng"),
    THOUSAND: gettext_lazy("nghìn đồng"),
    MILLION: gettext_lazy("triệu đồng"),
    BILLION: gettext_lazy("tỷ đồng"),
}
FAR = 200  # times the middle amount of its column: asked about once
COMPARED_FROM = 5  # amounts of a column, fewer tell nothing


def units_in_words(units: Mapping[str, int]) -> list[str]:
    """“triệu đồng”; with its sheets where they state several."""
    known = {unit: [name for name, one in units.items() if one == unit] for unit in units.values() if unit}
    if len(known) < 2:
        return [str(UNIT_NAMES[unit]) for unit in known]
    text = _("%(unit)s ở trang %(names)s")
    return [
        text % {"unit": UNIT_NAMES[unit], "names": ", ".join(f"“{name}”" for name in names)}
        for unit, names in known.items()
    ]


def millions(vnd: int | None) -> str:
    return _("%(amount)s triệu") % {"amount": format_million(vnd)}


class AmountCells:
    """Reads the money of one list, that of each of its sheets in the unit of that sheet; ``units`` are 0 as long as
    nobody said them."""

    def __init__(self, asked: ListReading, columns: Sequence[ListColumn]) -> None:
        self.asked = asked
        self.by_sheet = {table.sheet.name: _SheetAmounts(asked, table, columns) for table in asked.tables}
        self.columns = self.by_sheet[asked.table.sheet.name].columns
        self.units = {name: one.unit for name, one in self.by_sheet.items()}

    def read(self, proposed: ProposedRow) -> dict[str, int | None]:
        """The amounts of a row in đồng by column; what can't be read is said of the row, what is doubtful asked."""
        return self.by_sheet[proposed.row.table.sheet.name].read(proposed)

    def ask_of_far(self, rows: Iterable[ProposedRow], keys: Iterable[str]) -> None:
        """Asks once about an amount that is far above the others of its column."""
        listed = list(rows)
        for key in keys:
            amounts = [vnd for one in listed if (vnd := one.values.get(key))]
            if len(amounts) < COMPARED_FROM:
                continue
            middle = median(amounts)
            for one in listed:
                if (vnd := one.values.get(key)) and vnd >= FAR * middle:
                    self._ask_of_one(one, key, vnd)

    def _ask_of_one(self, proposed: ProposedRow, key: str, vnd: int) -> None:
        cell = proposed.row.place_of(key)
        text = _("%(cell)s: %(amount)s lớn hơn hẳn các dòng khác. Số này có đúng không?")
        options = [Option("0", _("Đúng, nhập như vậy"))]
        self.asked.ask_of(proposed, key, f"far:{cell}", text % {"cell": cell, "amount": millions(vnd)}, options)

    def sums(self, rows: Iterable[ProposedRow], sums: Iterable[SumRow], keys: Iterable[str]) -> list[SumCheck]:
        """Each sum that the file states, beside that of the rows which it most likely adds up; by place in the file."""
        amounts, wanted = {one.row.at: one.values for one in rows}, set(keys)
        found = []
        for one in sums:
            sheet = self.by_sheet[one.table.sheet.name]
            at = sheet.table.columns
            money = sorted((column for column in sheet.columns if column.key in wanted), key=lambda one: at[one.key])
            checks = [check for column in money if (check := sheet.check(one, column, amounts))]
            agreed = Counter(check.over for check in checks if check.stated and not check.difference)
            if agreed:  # what adds up in one column is what the others meant too
                meant = replace(one, over=[*(over for over, _count in agreed.most_common(1)), *one.over])
                checks = [check for column in money if (check := sheet.check(meant, column, amounts))]
            found += checks
        return found


class _SheetAmounts:
    """Reads the money of one sheet of a list."""

    def __init__(self, asked: ListReading, table: Table, columns: Iterable[ListColumn]) -> None:
        self.asked, self.table = asked, table
        self.rows = [row for row in asked.listed.rows if row.table.sheet.name == table.sheet.name]
        self.columns = [one for one in columns if one.reads == Reads.MONEY and one.key in table.columns]
        headings = ((one.key, table.headings.get(table.columns[one.key], "")) for one in self.columns)
        self.own_units = {key: unit for key, heading in headings if (unit := unit_in_heading(heading))}
        is_named = self.columns and len(self.own_units) == len(self.columns)
        self.unit = table.unit or (max(self.own_units.values()) if is_named else self._asked_unit())
        cells = [row.cells.get(one.key) for row in self.rows for one in self.columns]
        self.mark = decimal_mark(cells)
        self.areas, self.shares = self._merged_areas(), self._maybe_shares()
        self.projects = {row.number: row.part_of or row.number for row in self.rows}
        # Beside the money of its sources a total only repeats it.
        self.repeats = {"total"} if {"national", "city", "state"} & self.table.columns.keys() else set[str]()

    def _maybe_shares(self) -> set[str]:
        """Columns of which every number is at most 1: an old .xls says nothing of the percent sign behind 0,5."""
        found = set()
        for column in self.columns:
            cells = [row.cells.get(column.key) for row in self.rows]
            numbers = [cell for cell in cells if isinstance(cell, int | float) and cell]
            if numbers and all(0 < cell <= 1 for cell in numbers):
                found.add(column.key)
        return found

    def _is_share(self, proposed: ProposedRow, column: ListColumn) -> bool | None:
        """Whether such a column holds parts of a whole and no money; None as long as nobody said it."""
        cell = proposed.row.cells.get(column.key)
        is_number = isinstance(cell, int | float) and not isinstance(cell, bool) and cell
        if column.key not in self.shares or not is_number or self._unit_of(column) >= BILLION:
            return False
        shown = {
            "column": column.title,
            "typed": str(cell).replace(".", ","),
            "unit": UNIT_NAMES[self._unit_of(column)],
        }
        answer = self.asked.ask_of(
            proposed,
            column.key,
            f"share:{self.table.sheet.name}:{column.key}",
            _("Các số ở cột “%(column)s” đều không quá 1 (như %(typed)s). Đó là số tiền hay tỷ lệ?") % shown,
            [
                Option("money", _("Số tiền, tính bằng %(unit)s") % shown),
                Option("share", _("Tỷ lệ phần trăm, không nhập")),
            ],
            leaves=False,
        )
        return answer == "share" if answer else None

    def _merged_areas(self) -> dict[tuple[int, int], MergedArea]:
        """Those of the list that reach over a cell of money, by each such cell."""
        places = [self.table.columns[one.key] for one in self.columns]
        return {
            (row, at): area
            for area in self.table.sheet.merged
            if area.top > self.table.bottom
            for at in places
            if area.left <= at <= area.right
            for row in range(area.top, min(area.bottom, len(self.table.sheet.rows)) + 1)
        }

    def _shares(self, number: int, at: int) -> str:
        """What is wrong with an amount that stands in a cell merged over several projects, or over several sources:
        nobody knows how much is whose."""
        area = self.areas.get((number, at))
        if area is None or not re.search("[1-9]", str(self.table.sheet.value(area.top, area.left) or "")):
            return ""
        meant = {self.projects.get(row, row) for row in (area.top, *self.projects) if area.top <= row <= area.bottom}
        over = [one for one in self.columns if area.left <= self.table.columns[one.key] <= area.right]
        name = f"{cell_name(area.top, area.left)}:{cell_name(area.bottom, area.right)}"
        if len(meant) > 1:
            return _("ô gộp %(cells)s: một số tiền cho nhiều đề án, ghi riêng từng đề án") % {"cells": name}
        if len(over) > 1:
            return _("ô gộp %(cells)s: một số tiền cho nhiều cột, ghi riêng từng cột") % {"cells": name}
        return ""

    def _asked_unit(self) -> int:
        """What the office says where the sheet says nothing; the size of its numbers only proposes."""
        if not self.columns:
            return MILLION
        row = self.rows[0].number if self.rows else self.table.bottom
        numbers = [
            cell
            for one in self.rows
            for column in self.columns
            if isinstance(cell := one.cells.get(column.key), int | float) and cell
        ]
        likely = DONG if numbers and min(numbers) >= 100_000 else MILLION
        name, above = self.table.sheet.name, self.table.sheet.rows[: self.table.bottom]
        odd = odd_unit(cell for one in above for cell in one if isinstance(cell, str))
        text = _("Trang “%(sheet)s” không ghi đơn vị tính. Chọn đơn vị tính của số tiền trong trang này.")
        if odd:
            text = _("Trang “%(sheet)s” ghi “%(stated)s”. Chọn đơn vị tính của số tiền trong trang này.")
        answer = self.asked.questions.ask(
            f"unit:{name}",
            text % {"sheet": name, "stated": odd},
            [Option(str(unit), label) for unit, label in UNIT_NAMES.items()],
            cell=cell_name(self.table.bottom, self.table.columns[self.columns[0].key], name),
            row=(name, row),
            likely="" if odd else str(likely),
        )
        return int(answer) if answer else 0

    def _unit_of(self, column: ListColumn) -> int:
        """Đồng in one of the column's money: as its own heading says, else as the sheet does; 0 while nobody said."""
        return self.own_units.get(column.key) or self.unit

    def read(self, proposed: ProposedRow) -> dict[str, int | None]:
        """As :meth:`AmountCells.read`."""
        found: dict[str, int | None] = {}
        for column in self.columns:
            found[column.key] = self._read(proposed, column)
        return found

    def _read(self, proposed: ProposedRow, column: ListColumn) -> int | None:
        row = proposed.row
        at = (row.number, self.table.columns[column.key])
        if error := self.table.sheet.errors.get(at):
            proposed.is_wrong(column.key, _("ô báo lỗi %(error)s") % {"error": error})
            return None
        is_repeated = column.key in self.repeats
        if shared := self._shares(*at):
            if not is_repeated:
                proposed.is_wrong(column.key, shared)
            return None
        if at in self.table.sheet.valueless and row.cells.get(column.key) is None:
            if not is_repeated:
                proposed.is_wrong(column.key, _("công thức chưa có giá trị; mở tệp trong Excel, lưu lại rồi nhập"))
            return None
        if self._unit_of(column) and self._is_share(proposed, column) is not False:
            return None
        try:
            amount = read_amount(row.cells.get(column.key), self._unit_of(column) or MILLION, self.mark)
        except UnreadableAmount as problem:
            typed, cell = row.text(column.key), row.cells.get(column.key)
            if isinstance(cell, float) and problem.message == FRACTION and self._unit_of(column):
                return self._rounded(proposed, column, cell)
            said = inside_sentence(problem).removesuffix(".")
            proposed.is_wrong(column.key, f"“{typed}”: {said}" if typed else said)
            return None
        if not self._unit_of(column):
            proposed.is_waiting = True
            return None
        if amount is None or not amount.is_asked:
            return amount.vnd if amount else None
        return self._chosen(proposed, column, amount)

    def _rounded(self, proposed: ProposedRow, column: ListColumn, cell: float) -> int | None:
        """Of a formula's 33,333… triệu: to the đồng where the office says so, once for the column."""
        vnd = round(Decimal(repr(cell)) * self._unit_of(column))
        shown = {"column": column.title, "typed": f"{cell}".replace(".", ","), "amount": format_vnd(vnd)}
        text = _("Cột “%(column)s” có số lẻ hơn một đồng (như %(typed)s). Làm tròn đến đồng?") % shown
        options = [Option("round", _("Làm tròn đến đồng gần nhất (%(amount)s đồng)") % shown)]
        key = f"round:{self.table.sheet.name}:{column.key}"
        return vnd if self.asked.ask_of(proposed, column.key, key, text, options) else None

    def _chosen(self, proposed: ProposedRow, column: ListColumn, amount: Amount) -> int | None:
        """Of a number that is doubtful; all of one column that are doubtful in the same way are one question."""
        row, given = proposed.row, list(amount.readings)
        kind = f"{'dot' if is_marked(row.cells.get(column.key)) else 'size'}-{len(given)}"
        if amount.remark:
            kind = f"remark-{fold(row.text(column.key))}"
        texts = {"typed": row.text(column.key), "column": column.title, "unit": UNIT_NAMES[self._unit_of(column)]}
        text = _("“%(typed)s” ở cột “%(column)s” (đơn vị tính của bảng: %(unit)s) là bao nhiêu?") % texts
        answer = self.asked.ask_of(
            proposed,
            column.key,
            f"amount:{kind}:{self.table.sheet.name}:{column.key}",
            text,
            [Option(str(place), millions(vnd)) for place, vnd in enumerate(given)],
            likely="0",
        )
        return given[int(answer)] if answer else None

    def check(
        self, one: SumRow, column: ListColumn, amounts: Mapping[RowAt, Mapping[str, int | None]]
    ) -> SumCheck | None:
        """The sum of that column beside that of the rows which it most likely adds up; None where it states none."""
        at = self.table.columns[column.key]
        try:
            stated = read_amount(self.table.sheet.value(one.number, at), self._unit_of(column) or MILLION, self.mark)
        except UnreadableAmount:
            return None
        if stated is None or not self._unit_of(column):
            return None
        tries = [(sum(amounts.get(row, {}).get(column.key) or 0 for row in rows), rows) for rows in one.over]
        same = next((each for vnd in stated.readings for each in tries if each[0] == vnd), None)
        ours, over = same or next(iter(tries), (0, frozenset[RowAt]()))
        place = cell_name(one.number, at, self.table.sheet.name)
        said = ours if same else stated.vnd
        return SumCheck(one.label, (self.table.sheet.name, one.number), column, place, said, ours, over)
