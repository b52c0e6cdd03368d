"""A printed workbook as JSON, and back: all that :func:`reports.printing.workbook.render` looks at, as plain values.

Columns, titles, notes and the head of the document go in as well, so that a book of years ago is printed as it was
whatever became of the code that built it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass, replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from khuyencong.official import DocumentHead
from reports.printing.book import Block, Book, CellKind, Column, Group, Section, Sheet, Sums
from reports.printing.cells import clean_text

LAYOUT = 2  # of the JSON; what it meant stays readable when it changes
READABLE = (1, LAYOUT)  # 1 knew one line of who signs, no name and nobody who made the table
Plain = str | int | float | bool | None


class UnknownLayout(ValueError):
    """The JSON was written by a newer program, or is none of ours."""


class FrozenRow(SimpleNamespace):
    """The values of one row by their names, and ``row_key``, by which the row is known in another printing."""

    row_key: str


def frozen(book: Book) -> Book:
    """The same book with rows of plain values, texts as they are printed and no personal number in full."""
    return Book(
        printed(book.title),
        _frozen_letterhead(book.letterhead),
        tuple(_frozen_sheet(sheet) for sheet in book.sheets),
        tuple(_frozen_block(block) for block in book.blocks),
    )


def dump(book: Book) -> str:
    """Of a frozen book; the same book always gives the same text."""
    plain = {
        "layout": LAYOUT,
        "title": book.title,
        "letterhead": asdict(book.letterhead),
        "sheets": [_plain_sheet(sheet) for sheet in book.sheets],
        "blocks": [asdict(block) for block in book.blocks],
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def load(text: str) -> Book:
    """Raises UnknownLayout for what this program can't read."""
    plain = json.loads(text)
    if not isinstance(plain, dict) or plain.get("layout") not in READABLE:
        raise UnknownLayout(plain.get("layout") if isinstance(plain, dict) else plain)
    sheets = tuple(_loaded_sheet(sheet) for sheet in plain["sheets"])
    blocks = tuple(
        Block(block["title"], tuple(map(tuple, block["rows"])), tuple(block["amounts"]), block["is_money"])
        for block in plain["blocks"]
    )
    return Book(plain["title"], DocumentHead(**plain["letterhead"]), sheets, blocks)


def digest(text: str) -> str:
    """SHA-256 of the JSON."""
    return hashlib.sha256(text.encode()).hexdigest()


def printed(text: Any) -> str:
    """As the workbook prints it."""
    return clean_text(str(text))


def _frozen_letterhead(letterhead: DocumentHead) -> DocumentHead:
    texts = {name: printed(value) for name, value in asdict(letterhead).items() if isinstance(value, str)}
    return replace(letterhead, **texts)  # type: ignore[arg-type]  # the fields that are texts


def _frozen_sheet(sheet: Sheet) -> Sheet:
    columns = tuple(_frozen_column(column) for column in sheet.columns)
    sections = tuple(
        Section(
            printed(section.numeral),
            printed(section.title),
            tuple(
                Group(printed(group.title), tuple(_frozen_row(row, columns) for row in group.rows))
                for group in section.groups
            ),
            printed(section.sum_title),
            _frozen_sums(section.sums),
        )
        for section in sheet.sections
    )
    return Sheet(
        name=printed(sheet.name),
        title=printed(sheet.title),
        columns=columns,
        sections=sections,
        total_title=printed(sheet.total_title),
        subtitles=_printed_all(sheet.subtitles),
        notes=_printed_all(sheet.notes),
        when_empty=printed(sheet.when_empty),
        sums=_frozen_sums(sheet.sums),
        unit_line=printed(sheet.unit_line),
    )


def _frozen_sums(sums: Sums | None) -> Sums | None:
    if sums is None:
        return None
    return Sums({key: _plain(value, is_shown=True) for key, value in sums.values.items()}, dict(sums.blocks))


def _frozen_block(block: Block) -> Block:
    rows = tuple(tuple(printed(cell) for cell in row) for row in block.rows)
    return Block(printed(block.title), rows, tuple(block.amounts), block.is_money)


def _printed_all(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(printed(text) for text in texts)


def _frozen_column(column: Column) -> Column:
    return Column(
        column.key,
        title=printed(column.title),
        width=column.width,
        kind=column.kind,
        group=printed(column.group),
        sum_of=tuple(column.sum_of),
        ratio_of=_pair(column.ratio_of),
        difference_of=_pair(column.difference_of),
        running_of=column.running_of,
        unrecorded=printed(column.unrecorded),
        has_ratio_of_sums=column.has_ratio_of_sums,
    )


def _pair(keys: Sequence[str] | None) -> tuple[str, str] | None:
    return (keys[0], keys[1]) if keys else None


def _frozen_row(row: Any, columns: Sequence[Column]) -> FrozenRow:
    """What the columns show, and whatever else of the row is a plain value, its ids above all."""
    values = row if isinstance(row, Mapping) else _attributes(row)
    shown = {column.key for column in columns if not column.sum_of and not column.ratio_of}
    kept: dict[str, Any] = {}
    for name in dict.fromkeys([*values, *shown]):
        value = _plain(values.get(name), is_shown=name in shown)
        if value is not None or name in shown:
            kept[name] = value
    if values.get("blocks"):
        kept["blocks"] = dict(values["blocks"])
    return FrozenRow(**{**kept, "row_key": _row_key(values, columns)})


def _attributes(row: Any) -> dict[str, Any]:
    names = [field.name for field in fields(row)] if is_dataclass(row) else list(vars(row))
    extra = ["row_key"] if hasattr(row, "row_key") else []
    return {name: getattr(row, name) for name in (*names, *extra)}


def _plain(value: Any, *, is_shown: bool) -> Plain:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return printed(value) if is_shown or isinstance(value, str) else None


def _row_key(values: Mapping[str, Any], columns: Sequence[Column]) -> str:
    """What the row says of itself, its project, or else its first words."""
    if own := values.get("row_key"):
        return str(own)
    if project := values.get("project_id"):
        return f"project:{project}"
    texts = (values.get(column.key) for column in columns if column.kind is CellKind.TEXT)
    return printed(next(filter(None, texts), ""))


def _plain_sheet(sheet: Sheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "title": sheet.title,
        "columns": [asdict(column) | {"kind": column.kind.name} for column in sheet.columns],
        "sections": [
            {
                "numeral": section.numeral,
                "title": section.title,
                "groups": [
                    {"title": group.title, "rows": [vars(row) for row in group.rows]} for group in section.groups
                ],
                "sum_title": section.sum_title,
                "sums": asdict(section.sums) if section.sums else None,
            }
            for section in sheet.sections
        ],
        "total_title": sheet.total_title,
        "subtitles": list(sheet.subtitles),
        "notes": list(sheet.notes),
        "when_empty": sheet.when_empty,
        "sums": asdict(sheet.sums) if sheet.sums else None,
        "unit_line": sheet.unit_line,
    }


def _loaded_sheet(plain: dict[str, Any]) -> Sheet:
    sections = tuple(
        Section(
            section["numeral"],
            section["title"],
            tuple(
                Group(group["title"], tuple(FrozenRow(**row) for row in group["rows"])) for group in section["groups"]
            ),
            section["sum_title"],
            _loaded_sums(section["sums"]),
        )
        for section in plain["sections"]
    )
    columns = tuple(_loaded_column(column) for column in plain["columns"])
    texts = {name: tuple(plain[name]) for name in ("subtitles", "notes")}
    sums = _loaded_sums(plain["sums"])
    return Sheet(**{**plain, **texts, "columns": columns, "sections": sections, "sums": sums})


def _loaded_sums(plain: dict[str, Any] | None) -> Sums | None:
    return Sums(**plain) if plain else None


def _loaded_column(plain: dict[str, Any]) -> Column:
    pairs = {name: _pair(plain[name]) for name in ("ratio_of", "difference_of")}
    return Column(**{**plain, **pairs, "kind": CellKind[plain["kind"]], "sum_of": tuple(plain["sum_of"])})
