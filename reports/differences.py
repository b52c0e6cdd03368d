"""What changed between two printings of a book: rows by their ids, cell by cell, and the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.money import NOT_RECORDED, format_million
from projects.figures import add
from reports.tables import Book, Column, Group, Kind, Section, Sheet

RowKey = tuple[str, str, str, int]  # section, group, the row's own key, the how manieth of them
NOT_COMPARED = {"number"}  # of a row in its list: it follows from the rows before


@dataclass(frozen=True)
class Change:
    """``what`` changed of ``row``, as both printings show it; money in triệu đồng."""

    row: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class SheetDifference:
    """``words``: titles and columns. ``added`` and ``gone`` name rows, with where they stand."""

    name: str
    words: list[Change] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    sums: list[Change] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.words or self.added or self.gone or self.changed or self.sums)


@dataclass(frozen=True)
class Placed:
    section: Section
    group: Group
    row: Any

    def name(self, sheet: Sheet) -> str:
        """Its first words, and under which headings it stands."""
        texts = [column for column in sheet.columns if column.kind is Kind.TEXT]
        words = text_of(texts[0], getattr(self.row, texts[0].key)) if texts else self.row.row_key
        place = ", ".join(filter(None, (self.section.title, self.group.title)))
        return f"{words} ({place})" if place else words


def book_differences(before: Book, after: Book) -> list[SheetDifference]:
    """Of two frozen books, sheet by sheet; empty when the printings say the same."""
    old, new = ({sheet.name: sheet for sheet in book.sheets} for book in (before, after))
    found = [_compare(old[name], new[name]) for name in old if name in new]
    found += [_sheet_alone(sheet, _("có"), NOT_RECORDED) for name, sheet in old.items() if name not in new]
    found += [_sheet_alone(sheet, NOT_RECORDED, _("có")) for name, sheet in new.items() if name not in old]
    return [difference for difference in found if difference]


def value_of(row: Any, column: Column) -> Any:
    """What the cell shows, as a plain value."""
    return add(*(getattr(row, key) for key in column.sum_of)) if column.sum_of else getattr(row, column.key)


def text_of(column: Column, value: Any) -> str:
    """What the cell shows, in words; money in triệu đồng."""
    if column.kind is Kind.MONEY:
        return format_million(value)
    return str(value) if value not in (None, "") else column.unrecorded or NOT_RECORDED


def sums_of(sheet: Sheet) -> Iterator[tuple[str, Column, int | None]]:
    """The sums that the sheet prints of its sections and of everything: those it knows, or else the rows added up."""
    parts = [(section.title, list(section.rows), section.sums) for section in sheet.sections if section.title]
    for title, rows, known in [*parts, ("", list(sheet.rows), sheet.sums)]:
        values = known.values if known else {}
        for column in sheet.columns:
            if column.is_summed:
                whole = values[column.key] if column.key in values else add(*(value_of(row, column) for row in rows))
                yield title, column, whole


def _sheet_alone(sheet: Sheet, before: str, after: str) -> SheetDifference:
    return SheetDifference(sheet.name, words=[Change("", _("Biểu này"), before, after)])


def _compare(old: Sheet, new: Sheet) -> SheetDifference:
    before, after = _placed(old), _placed(new)
    columns = _shared_columns(old, new)
    return SheetDifference(
        old.name,
        words=list(_changed_words(old, new)),
        added=[after[key].name(new) for key in after if key not in before],
        gone=[before[key].name(old) for key in before if key not in after],
        changed=[
            Change(placed.name(old), was.title, *texts)
            for key, placed in before.items()
            if key in after
            for was, now in columns
            if (texts := _changed(was, now, placed.row, after[key].row))
        ],
        sums=list(_changed_sums(old, new)),
    )


def _placed(sheet: Sheet) -> dict[RowKey, Placed]:
    found: dict[RowKey, Placed] = {}
    seen: Counter[tuple[str, str, str]] = Counter()
    for section in sheet.sections:
        for group in section.groups:
            for row in group.rows:
                place = (section.title, group.title, row.row_key)
                seen[place] += 1
                found[(*place, seen[place])] = Placed(section, group, row)
    return found


def _shared_columns(old: Sheet, new: Sheet) -> list[tuple[Column, Column]]:
    """Columns of both, but for percentages, which follow from their two parts."""
    now = {column.key: column for column in new.columns}
    shared = [column for column in old.columns if column.key in now and column.key not in NOT_COMPARED]
    return [(column, now[column.key]) for column in shared if not column.ratio_of]


def _changed(was: Column, now: Column, before: Any, after: Any) -> tuple[str, str] | None:
    texts = (text_of(was, value_of(before, was)), text_of(now, value_of(after, now)))
    return None if texts[0] == texts[1] else texts


def _changed_words(old: Sheet, new: Sheet) -> Iterator[Change]:
    """Titles and columns; the notes below follow from what stands above."""
    lines = [(_("Tên biểu"), [old.title], [new.title]), (_("Dòng dưới tên biểu"), old.subtitles, new.subtitles)]
    for what, before, after in lines:
        if list(before) != list(after):
            yield Change("", what, "; ".join(before) or NOT_RECORDED, "; ".join(after) or NOT_RECORDED)
    columns = {column.key: column.title for column in old.columns}
    now = {column.key: column.title for column in new.columns}
    for key in dict.fromkeys([*columns, *now]):
        texts = columns.get(key, NOT_RECORDED), now.get(key, NOT_RECORDED)
        if texts[0] != texts[1]:
            yield Change("", _("Cột"), *texts)


def _changed_sums(old: Sheet, new: Sheet) -> Iterator[Change]:
    shared = {column.key for column in old.columns} & {column.key for column in new.columns}
    before = {(title, column.key): (column, amount) for title, column, amount in sums_of(old)}
    after = {(title, column.key): (column, amount) for title, column, amount in sums_of(new)}
    for key in dict.fromkeys([*before, *after]):
        column = (before.get(key) or after[key])[0]
        amounts = before.get(key, (column, None))[1], after.get(key, (column, None))[1]
        if column.key in shared and amounts[0] != amounts[1]:
            title = _("Cộng: %(title)s") % {"title": key[0]} if key[0] else _("Tổng cộng")
            yield Change(title, column.title, *(text_of(column, amount) for amount in amounts))
