"""A sheet of a workbook as a table of a page: the same rows, sums and words, so that screen and file never differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from khuyencong.identifiers import mask_personal_numbers
from khuyencong.money import NOT_RECORDED, format_million, format_vnd
from khuyencong.templatetags.khuyencong import percent
from projects.ledger.optional_amounts import add, rate
from reports.printing.book import CellKind, Column, Group, Section, Sheet
from reports.printing.values import value_of

Address = Callable[[Any], str]


@dataclass(frozen=True)
class ScreenCell:
    """``label`` is the title of its column, for a phone where the header is out of sight."""

    text: str
    is_number: bool = False
    label: str = ""
    address: str = ""
    span: int = 1
    rows: int = 1
    is_centred: bool = False


@dataclass(frozen=True)
class ScreenRow:
    """``kind``: the class of the row: group, subgroup, total, or empty for a plain one."""

    kind: str
    cells: Sequence[ScreenCell]


@dataclass(frozen=True)
class ScreenTable:
    sheet: Sheet
    header: Sequence[Sequence[ScreenCell]]
    rows: Sequence[ScreenRow]

    @property
    def width(self) -> int:
        return len(self.sheet.columns)


def screen_table(sheet: Sheet, address: Address = lambda row: "") -> ScreenTable:
    """``address`` gives the page that a row opens, or nothing."""
    return ScreenTable(sheet, _header(sheet.columns), list(_rows(sheet, address)))


def _header(columns: Sequence[Column]) -> list[list[ScreenCell]]:
    is_double = any(column.group for column in columns)
    top: list[ScreenCell] = []
    below: list[ScreenCell] = []
    for title, run in groupby(columns, key=lambda column: column.group):
        inside = [ScreenCell(column.title, _is_number(column)) for column in run]
        if title:
            top.append(ScreenCell(title, span=len(inside)))
            below += inside
        else:
            top += [ScreenCell(cell.text, cell.is_number, rows=1 + is_double) for cell in inside]
    return [top, below] if is_double else [top]


def _rows(sheet: Sheet, address: Address) -> Iterator[ScreenRow]:
    for section in sheet.sections:
        yield from _section(sheet, section, address)
    rows = list(sheet.rows)
    if rows and sheet.total_title:
        yield _sums(sheet, sheet.total_title, rows, "total")


def _section(sheet: Sheet, section: Section, address: Address) -> Iterator[ScreenRow]:
    if section.title:
        yield ScreenRow("group", [ScreenCell(section.numeral), ScreenCell(section.title, span=len(sheet.columns) - 1)])
    for group in section.groups:
        yield from _group(sheet, group, address)
    if section.title and list(section.rows):
        yield _sums(sheet, section.sum_title, list(section.rows), "subtotal")


def _group(sheet: Sheet, group: Group, address: Address) -> Iterator[ScreenRow]:
    if group.title and group.rows:
        yield _sums(sheet, group.title, group.rows, "subgroup")
    named = next((column for column in sheet.columns if column.key in ("name", "label")), None)
    for row in group.rows:
        opens = address(row)
        yield ScreenRow(
            "", [_cell(column, value_of(row, column), opens if column is named else "") for column in sheet.columns]
        )


def _sums(sheet: Sheet, title: str, rows: Sequence[Any], kind: str) -> ScreenRow:
    """The title takes the texts before the first figure, as in the file."""
    columns = sheet.columns
    first = next(index for index, column in enumerate(columns) if column.is_summed)
    sums = {column.key: add(*(value_of(row, column) for row in rows)) for column in columns if column.is_summed}
    cells = [ScreenCell(""), ScreenCell(title, span=first - 1)]
    for column in columns[first:]:
        if column.is_summed:
            cells.append(_cell(column, sums[column.key]))
        elif column.ratio_of and column.has_ratio_of_sums:
            cells.append(_cell(column, rate(*(sums[key] for key in column.ratio_of))))
        else:
            cells.append(ScreenCell(""))
    return ScreenRow(kind, cells)


def _cell(column: Column, value: Any, address: str = "") -> ScreenCell:
    label = f"{column.group}: {column.title}" if column.group else column.title
    is_centred = column.kind is CellKind.CENTRED
    return ScreenCell(_text(column, value), _is_number(column), label, address, is_centred=is_centred)


def _text(column: Column, value: Any) -> str:
    if column.kind is CellKind.MONEY:
        return format_million(value)
    if column.kind is CellKind.PERCENT:
        return percent(value, 1).removesuffix("%")
    if column.kind in (CellKind.COUNT, CellKind.FIGURE):
        return NOT_RECORDED if value is None else format_vnd(value)
    return mask_personal_numbers(str(value or column.unrecorded))


def _is_number(column: Column) -> bool:
    return column.kind not in (CellKind.TEXT, CellKind.CENTRED)
