"""Where the header of a list stands in a sheet, of one to five rows with merged cells, and what each column holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from khuyencong.text import fold, nfc
from projects.importing.layout.columns import ListColumn, Reads, innermost, recognise
from projects.importing.layout.units import bare_unit, is_unit_row, stated_unit, unit_in_heading
from projects.importing.reading.sheets import CellValue, Sheet

LOOKED_AT = 60  # rows from the top in which a header is looked for
HIGHEST = 5


@dataclass(frozen=True)
class Table:
    """A list in a sheet: rows ``top`` to ``bottom`` are its header; ``columns`` by key, ``headings`` by column of the
    sheet; ``unit``: đồng in one of its money, None where the sheet does not say."""

    sheet: Sheet
    top: int
    bottom: int
    columns: Mapping[str, int]
    headings: Mapping[int, str]
    unit: int | None = None
    is_remembered: bool = False  # its columns were chosen under these headings before

    @property
    def unread(self) -> list[int]:
        """Columns with a heading that no column of the list is called by."""
        return [at for at in self.headings if at not in self.columns.values()]

    @property
    def words_above(self) -> list[str]:
        """What stands over the header: the title of the list, its unit."""
        return [text for row in self.sheet.rows[: self.top - 1] for cell in row if (text := nfc(str(cell or "")))]

    def doubles(self, columns: Sequence[ListColumn]) -> dict[str, list[int]]:
        """Columns of money that several of the sheet are called by, as last year's beside this one's, by key."""
        money = {one.key for one in columns if one.reads == Reads.MONEY}
        words = {at for key, at in self.columns.items() if key not in money}
        found: dict[str, list[int]] = {}
        for at, heading in self.headings.items():
            for key in recognise({at: heading}, columns).keys() & money if at not in words else ():
                found.setdefault(key, []).append(at)
        return {key: places for key, places in found.items() if len(places) > 1}

    def cell(self, row: int, key: str) -> CellValue:
        at = self.columns.get(key)
        return self.sheet.value(row, at) if at else None


def find_table(sheet: Sheet, columns: Sequence[ListColumn]) -> Table | None:
    """The rows that name most columns of the list; None where a needed column is not among them. A title over the
    list is no header, though it may be called as a column is: the first row names several columns, none is empty."""
    needed = {one.key for one in columns if one.is_needed}
    best: Table | None = None
    for top in range(1, min(len(sheet.rows), LOOKED_AT) + 1):
        if len(row_words(sheet.rows[top - 1])) < 2:
            continue
        for bottom in range(top, min(top + HIGHEST, len(sheet.rows) + 1)):
            row = sheet.rows[bottom - 1]
            if not row_words(row) or (bottom > top and _has_numbers(row)):
                break
            found = table_at(sheet, top, bottom, columns)
            is_header = needed <= found.columns.keys() and len(set(found.headings.values())) > 1
            if is_header and (best is None or _worth(found, columns) > _worth(best, columns)):
                best = found
    if best is None:
        return None
    return _with_figures_apart(_with_words_apart(_with_units_below(best, columns), columns), columns)


def _with_words_apart(table: Table, columns: Sequence[ListColumn]) -> Table:
    """A column that is called like one of money or of words is of words where it holds no figure: “Địa phương”."""
    found = dict(table.columns)
    for money in (one for one in columns if one.reads == Reads.MONEY and one.key in table.columns):
        at, folded = found[money.key], fold(table.headings[found[money.key]])
        meant = next((one for one in columns if one.is_called_over_words(folded) and one.key not in found), None)
        cells = [table.sheet.value(row, at) for row in range(table.bottom + 1, len(table.sheet.rows) + 1)]
        said = [fold(str(cell)) for cell in cells if cell is not None]
        if meant and any(len(text) > 2 for text in said) and not re.search("[0-9]", "".join(said)):
            others = {place: text for place, text in table.headings.items() if place != at}
            found = {**recognise(others, columns), meant.key: at}
    return replace(table, columns=found)


def _with_figures_apart(table: Table, columns: Sequence[ListColumn]) -> Table:
    """The other way round: “Doanh nghiệp” over figures is the money of firms, and names none."""
    found, money = dict(table.columns), {one.key for one in columns if one.reads == Reads.MONEY}
    taken = {at for key, at in found.items() if key in money}
    for column in (one for one in columns if one.figures_only and one.key not in found):
        called = (at for at, text in table.headings.items() if column.is_called_over_figures(innermost(text)))
        if at := next((at for at in called if at not in taken and _holds_figures(table, at)), None):
            others = {place: text for place, text in table.headings.items() if place != at}
            found = {**recognise(others, columns), column.key: at}
    return replace(table, columns=found)


def _holds_figures(table: Table, at: int) -> bool:
    """Figures, as numbers or as texts, and no word: “HTX Mây 1” begins with one, however short."""
    cells = [table.sheet.value(row, at) for row in range(table.bottom + 1, len(table.sheet.rows) + 1)]
    said = [fold(str(cell)) for cell in cells if cell is not None]
    is_word = re.compile("[a-z].*[0-9]|.*[a-z]{4,}")
    return any(re.search("[0-9]", text) for text in said) and not any(map(is_word.match, said))


def _with_units_below(table: Table, columns: Sequence[ListColumn]) -> Table:
    """A row below the header that says nothing but units belongs to it."""
    below = table.sheet.rows[table.bottom] if table.bottom < len(table.sheet.rows) else ()
    texts = [str(cell) for cell in below if cell is not None]
    return table_at(table.sheet, table.top, table.bottom + 1, columns) if is_unit_row(texts) else table


def _has_numbers(row: Sequence[CellValue]) -> bool:
    """Whether a row holds figures, as those of the list do and a header does not, but for the years that it names."""
    figures = (cell if isinstance(cell, int | float) else _typed_figure(cell) for cell in row)
    return any(figure is not None and not 1990 <= figure <= 2100 for figure in figures)


def _typed_figure(cell: CellValue) -> float | None:
    """Of a text that holds nothing else, as all cells of a sheet kept as text."""
    typed = isinstance(cell, str) and re.fullmatch(r"[0-9][0-9.,]*", cell)
    return float(re.sub(r"[.,]", "", typed[0])) if typed else None


def _worth(table: Table, columns: Sequence[ListColumn]) -> tuple[int, int, int]:
    """Columns that are named, but for what may head other columns (“Nguồn vốn” over “KCĐP” is two rows); then headings
    that name one, since a second row of the header tells the parts of a column apart (“KCQG”, “KCĐP”); then the fewest
    rows for it."""
    sure = [one for one in columns if one.key in table.columns and not one.is_innermost]
    naming = {text for text in table.headings.values() if recognise({0: text}, columns)}
    return len(sure), len(naming), table.top - table.bottom


def table_at(
    sheet: Sheet, top: int, bottom: int, columns: Sequence[ListColumn], chosen: Mapping[str, int] | None = None
) -> Table:
    """The list under these header rows; ``chosen`` says what its columns hold in place of what they are called."""
    headings = _headings(sheet, top, bottom)
    found = dict(chosen) if chosen is not None else recognise(headings, columns)
    return Table(sheet, top, bottom, found, headings, _unit(sheet, top, bottom, columns, found, headings))


def _headings(sheet: Sheet, top: int, bottom: int) -> dict[int, str]:
    """By column: what stands over it in each header row, the outermost first, joined by “ / ”."""
    width = max((len(row) for row in sheet.rows[top - 1 : bottom]), default=0)
    texts = {}
    for at in range(1, width + 1):
        parts = [_over(sheet, row, at, row < bottom) for row in range(top, bottom + 1)]
        if text := " / ".join(dict.fromkeys(part for part in parts if part)):
            texts[at] = text
    return texts


def _over(sheet: Sheet, row: int, at: int, is_outer: bool) -> str:
    """The cell's own text; in a merged cell that of the whole; and where a file does not tell of merged cells, over a
    column that is named below what stands to the left."""
    if text := nfc(str(sheet.value(row, at) or "")):
        return text
    for area in sheet.merged:
        if area.top <= row <= area.bottom and area.left <= at <= area.right:
            return nfc(str(sheet.value(area.top, area.left) or "")) if area.top == row else ""
    if not is_outer or sheet.merged or not sheet.value(row + 1, at):
        return ""
    left = next((cell for one in range(at - 1, 0, -1) if (cell := sheet.value(row, one))), "")
    return nfc(str(left))


def _unit(
    sheet: Sheet,
    top: int,
    bottom: int,
    columns: Sequence[ListColumn],
    found: Mapping[str, int],
    headings: Mapping[int, str],
) -> int | None:
    """What is stated above the header or beside it, else what the headings of money say, if all say one."""
    texts = [[cell for cell in row if isinstance(cell, str)] for row in sheet.rows[:bottom]]
    if (stated := stated_unit(chain(*texts))) is not None:
        return stated
    if (bare := bare_unit(chain(*texts[: top - 1]))) is not None:
        return bare
    money = [found[one.key] for one in columns if one.reads == Reads.MONEY and one.key in found]
    named = {unit for at in money if (unit := unit_in_heading(headings.get(at, ""))) is not None}
    return named.pop() if len(named) == 1 else None


def header_words(table: Table) -> list[frozenset[str]]:
    """The words of each row of the header, by which it is known where lists of several pages repeat it."""
    return [row_words(table.sheet.rows[at - 1]) for at in range(table.top, table.bottom + 1)]


def row_words(row: Sequence[CellValue]) -> frozenset[str]:
    return frozenset({fold(str(cell)) for cell in row if cell is not None} - {""})
