"""What the process that reads hands back: JSON, with each text once, so that a small file can't become a great one.

A string in a row is a mark and what it stands for: “s17” the text number 17, “d” a day, “m” a moment, “h” an hour.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

from khuyencong.packed import ReadingStopped

from .blocks import TableBlock
from .legacy_fonts import put_into_unicode
from .limits import MAX_ANSWER
from .sheets import CellValue, MergedArea, Sheet

_LONGEST_NAME, _LONGEST_ERROR = 200, 20


def packed_answer(blocks: list[TableBlock], has_external: bool) -> bytes:
    texts: dict[str, int] = {}
    sheets = [packed_sheet(block, texts) for block in blocks]
    answer = {"sheets": sheets, "texts": list(texts), "has_external": has_external}
    raw = json.dumps(answer, ensure_ascii=True, separators=(",", ":")).encode()
    if len(raw) > MAX_ANSWER:
        raise ReadingStopped("too_many_cells")
    return raw


def packed_stop(stop: ReadingStopped) -> bytes:
    return json.dumps({"stopped": stop.code, "sheet": stop.sheet}).encode()


def packed_sheet(block: TableBlock, texts: dict[str, int]) -> dict[str, Any]:
    found, height, width = block.found, block.height, block.width

    def inside(places: Any) -> list[tuple[int, int]]:
        return sorted(place for place in places if 0 < place[0] <= height and 0 < place[1] <= width)

    return {
        "name": found.name,
        "is_hidden": found.is_hidden,
        "height": height,
        "width": width,
        "rows": [
            [row, [packed_value(cells.get(column), texts) for column in range(1, width + 1)]]
            for row, cells in sorted(found.cells.items())
            if row <= height
        ],
        "hidden_rows": within(found.hidden_rows, height),
        "hidden_columns": within(found.hidden_columns, width),
        "merged": [
            (top, left, min(bottom, height), min(right, width))
            for top, left, bottom, right in found.merged
            if 0 < top <= height and 0 < left <= width and (top, left) != (min(bottom, height), min(right, width))
        ],
        "errors": [(*place, found.errors[place]) for place in inside(found.errors)],
        "formulas": [(*place, found.formulas[place]) for place in inside(found.formulas)],
        "valueless": inside(found.valueless),
        "fonts": [(*place, found.fonts[place]) for place in inside(found.fonts)],
        "strays": block.strays,
    }


def within(ranges: list[tuple[int, int]], last: int) -> list[int]:
    """The numbers of ranges that do not lie behind the table."""
    return sorted({number for first, end in ranges for number in range(max(first, 1), min(end, last) + 1)})


def packed_value(value: Any, texts: dict[str, int]) -> Any:
    if isinstance(value, str):
        return f"s{texts.setdefault(value, len(texts))}"
    if isinstance(value, dt.datetime):
        return f"m{value.isoformat()}"
    if isinstance(value, dt.date):
        return f"d{value.isoformat()}"
    return f"h{value.isoformat()}" if isinstance(value, dt.time) else value


_MARKED: dict[str, Callable[[str], CellValue]] = {
    "d": dt.date.fromisoformat,
    "m": dt.datetime.fromisoformat,
    "h": dt.time.fromisoformat,
}


def unpacked_sheets(answer: dict[str, Any], tidy: Callable[[str], str]) -> list[Sheet]:
    """The sheets of an answer. ``tidy`` is asked once for each text."""
    texts = {f"s{number}": text for number, text in enumerate(answer["texts"])}
    values: dict[str, CellValue] = {mark: tidy(text) for mark, text in texts.items()}
    marked = {mark: text for mark, text in texts.items() if not text.isascii()}
    return [in_unicode(sheet, unpacked_sheet(sheet, values, tidy), marked, tidy) for sheet in answer["sheets"]]


def in_unicode(raw: dict[str, Any], sheet: Sheet, marked: dict[str, str], tidy: Callable[[str], str]) -> Sheet:
    """The sheet with texts of old fonts read as they were shown, for which they are needed as they were typed."""
    fonts = {(row, column): font for row, column, font in raw["fonts"]}

    def texts() -> Iterator[tuple[tuple[int, int], str]]:
        for row, cells in raw["rows"]:
            for column, cell in enumerate(cells, 1):
                if isinstance(cell, str) and cell in marked:
                    yield (row, column), marked[cell]

    return put_into_unicode(sheet, texts, fonts, tidy)


def unpacked_sheet(sheet: dict[str, Any], values: dict[str, CellValue], tidy: Callable[[str], str]) -> Sheet:
    nothing: tuple[CellValue, ...] = (None,) * sheet["width"]
    rows = [nothing] * sheet["height"]
    for row, cells in sheet["rows"]:
        rows[row - 1] = tuple(unpacked_value(cell, values) for cell in cells)
    return Sheet(
        name=tidy(sheet["name"])[:_LONGEST_NAME],
        rows=rows,
        is_hidden=sheet["is_hidden"],
        hidden_rows=frozenset(sheet["hidden_rows"]),
        hidden_columns=frozenset(sheet["hidden_columns"]),
        merged=[MergedArea(*area) for area in sheet["merged"]],
        errors={(row, column): tidy(error)[:_LONGEST_ERROR] for row, column, error in sheet["errors"]},
        formulas={(row, column): tidy(formula) for row, column, formula in sheet["formulas"]},
        valueless=frozenset((row, column) for row, column in sheet["valueless"]),
        strays=sheet["strays"],
    )


def unpacked_value(cell: Any, values: dict[str, CellValue]) -> CellValue:
    if not isinstance(cell, str):
        found: CellValue = cell
        return found
    if cell not in values:
        values[cell] = _MARKED[cell[0]](cell[1:])
    return values[cell]
