"""What changed between two printings of a book: the sums, then rows by their ids, cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from khuyencong.money import NOT_RECORDED, format_million
from projects.ledger.optional_amounts import add
from reports.printing.book import Book, CellKind, Column, Group, Section, Sheet

RowKey = tuple[str, str, str, int]  # section, group, the row's own key, the how manieth of them
NAMES = ("name", "label")  # columns that say what a row is, wherever they stand
NOT_COMPARED = {"number"}  # of a row in its list: it follows from the rows before


@dataclass(frozen=True)
class PrintedChange:
    """``what`` changed of ``row``, as both printings show it; money in triệu đồng.

    ``by`` how much, with its sign; empty where words changed.
    """

    row: str
    what: str
    before: str
    after: str
    by: str = ""


@dataclass(frozen=True)
class SheetDifference:
    """``words``: titles and columns. ``total`` and ``sums`` of sections, as they print below their rows.

    ``added`` and ``gone`` name rows, with where they stand.
    """

    name: str
    words: list[PrintedChange] = field(default_factory=list)
    total: list[PrintedChange] = field(default_factory=list)
    sums: list[PrintedChange] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    changed: list[PrintedChange] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.words or self.total or self.sums or self.added or self.gone or self.changed)


@dataclass(frozen=True)
class Placed:
    section: Section
    group: Group
    row: Any

    def words(self, sheet: Sheet) -> str:
        """Its name, or else its first words."""
        texts = [column for column in sheet.columns if column.kind is CellKind.TEXT]
        texts.sort(key=lambda column: column.key not in NAMES)
        return text_of(texts[0], getattr(self.row, texts[0].key)) if texts else str(self.row.row_key)

    def whose(self, key: RowKey) -> object:
        """What tells it from every other row that may bear the same name: its project, or its own key."""
        return getattr(self.row, "project_id", None) or key[2]

    def name(self, sheet: Sheet) -> str:
        """Its first words, and under which headings it stands."""
        place = ", ".join(filter(None, (self.section.title, self.group.title)))
        return f"{self.words(sheet)} ({place})" if place else self.words(sheet)


def book_differences(before: Book, after: Book) -> list[SheetDifference]:
    """Of two frozen books, sheet by sheet; empty when the printings say the same."""
    old, new = ({sheet.name: sheet for sheet in book.sheets} for book in (before, after))
    found = [_compare(old[name], new[name]) for name in old if name in new]
    found += [_sheet_alone(sheet, _("có"), NOT_RECORDED) for name, sheet in old.items() if name not in new]
    found += [_sheet_alone(sheet, NOT_RECORDED, _("có")) for name, sheet in new.items() if name not in old]
    return [difference for difference in found if difference]


def compared_value(row: Any, column: Column) -> Any:
    """What the cell shows, as a plain value."""
    return add(*(getattr(row, key) for key in column.sum_of)) if column.sum_of else getattr(row, column.key)


def text_of(column: Column, value: Any) -> str:
    """What the cell shows, in words; money in triệu đồng."""
    if column.kind is CellKind.MONEY:
        return format_million(value)
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return str(value) if value not in (None, "") else column.unrecorded or NOT_RECORDED


def sums_of(sheet: Sheet) -> Iterator[tuple[str, Column, int | None]]:
    """The sums that the sheet prints of its sections and of everything: those it knows, or else the rows added up."""
    parts = [(section.title, list(section.rows), section.sums) for section in sheet.sections if section.title]
    for title, rows, known in [*parts, ("", list(sheet.rows), sheet.sums)]:
        values = known.values if known else {}
        for column in sheet.columns:
            if column.is_summed:
                whole = (
                    values[column.key] if column.key in values else add(*(compared_value(row, column) for row in rows))
                )
                yield title, column, whole


def _sheet_alone(sheet: Sheet, before: str, after: str) -> SheetDifference:
    return SheetDifference(sheet.name, words=[PrintedChange("", _("Biểu này"), before, after)])


def _compare(old: Sheet, new: Sheet) -> SheetDifference:
    before, after = _placed(old), _placed(new)
    sums = list(_changed_sums(old, new))
    return SheetDifference(
        old.name,
        words=list(_changed_words(old, new)),
        total=[change for title, change in sums if not title],
        sums=[change for title, change in sums if title],
        added=[after[key].name(new) for key in after if key not in before],
        gone=[before[key].name(old) for key in before if key not in after],
        changed=_changed_rows(old, new, before, after),
    )


def _changed_rows(
    old: Sheet, new: Sheet, before: Mapping[RowKey, Placed], after: Mapping[RowKey, Placed]
) -> list[PrintedChange]:
    """Cell by cell. Words that changed alike in several places, of a project of two sources say, are told once."""
    titles = titles_of(old)
    told: dict[object, PrintedChange] = {}
    for key, placed in before.items():
        for was, now in _shared_columns(old, new) if key in after else ():
            values = compared_value(placed.row, was), compared_value(after[key].row, now)
            texts = text_of(was, values[0]), text_of(now, values[1])
            if texts[0] == texts[1]:
                continue
            change = PrintedChange(placed.name(old), titles[was.key], *texts, by=_by(was, *values))
            once = (key, was.key) if change.by else (placed.whose(key), was.key, texts)
            told[once] = replace(change, row=placed.words(old)) if once in told else change
    return list(told.values())


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
    """Columns of both, but for those that say nothing new."""
    now = {column.key: column for column in new.columns}
    shared = [column for column in old.columns if column.key in now and column.key not in NOT_COMPARED]
    keys = {column.key for column in shared}
    return [(column, now[column.key]) for column in shared if not _follows(column, keys)]


def _follows(column: Column, keys: set[str]) -> bool:
    """Whether it is made of other columns that are compared: a percentage, a remainder, a running total."""
    parts = column.ratio_of or column.difference_of or ((column.running_of,) if column.running_of else ())
    return bool(parts) and keys.issuperset(parts)


def titles_of(sheet: Sheet) -> dict[str, str]:
    """What each column is called; where two bear the same title, with the common head under which it stands."""
    often = Counter(column.title for column in sheet.columns)
    return {
        column.key: f"{column.group}: {column.title}" if column.group and often[column.title] > 1 else column.title
        for column in sheet.columns
    }


def _by(column: Column, before: Any, after: Any) -> str:
    """By how much a number changed; what is not recorded counts as nothing."""
    if column.kind in (CellKind.TEXT, CellKind.CENTRED):
        return ""
    change = (after or 0) - (before or 0)
    text = text_of(column, round(change, 6) if isinstance(change, float) else change)
    return f"+{text}" if change > 0 else text


def _changed_words(old: Sheet, new: Sheet) -> Iterator[PrintedChange]:
    """Titles and columns; the notes below follow from what stands above."""
    lines = [(_("Tên biểu"), [old.title], [new.title]), (_("Dòng dưới tên biểu"), old.subtitles, new.subtitles)]
    for what, before, after in lines:
        if list(before) != list(after):
            yield PrintedChange("", what, "; ".join(before) or NOT_RECORDED, "; ".join(after) or NOT_RECORDED)
    columns = {column.key: column.title for column in old.columns}
    now = {column.key: column.title for column in new.columns}
    for key in dict.fromkeys([*columns, *now]):
        texts = columns.get(key, NOT_RECORDED), now.get(key, NOT_RECORDED)
        if texts[0] != texts[1]:
            yield PrintedChange("", pgettext("of a difference", "Cột"), *texts)


def _changed_sums(old: Sheet, new: Sheet) -> Iterator[tuple[str, PrintedChange]]:
    """With the title of the section; of the whole without one."""
    shared = {was.key for was, _now in _shared_columns(old, new)}
    titles = titles_of(old)
    before = {(title, column.key): (column, amount) for title, column, amount in sums_of(old)}
    after = {(title, column.key): (column, amount) for title, column, amount in sums_of(new)}
    for key in dict.fromkeys([*before, *after]):
        column = (before.get(key) or after[key])[0]
        amounts = before.get(key, (column, None))[1], after.get(key, (column, None))[1]
        if column.key in shared and amounts[0] != amounts[1]:
            title = _("Cộng: %(title)s") % {"title": key[0]} if key[0] else _("Tổng cộng")
            was, is_now = (text_of(column, amount) for amount in amounts)
            yield key[0], PrintedChange(title, titles[column.key], was, is_now, by=_by(column, *amounts))
