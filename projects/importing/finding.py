"""Which sheets of a file hold the list, and under which columns: as a person said, as was remembered, else as their
headers name most of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.text import fold
from projects.importing.kinds import KINDS
from projects.importing.layout.columns import ListColumn
from projects.importing.layout.headers import Table, find_table, table_at
from projects.importing.layout.row_kinds import read_rows
from projects.importing.layout.together import (
    Reason,
    SheetPart,
    alike,
    is_copy,
    is_of_other_year,
    is_summary,
    reason_to_leave,
)
from projects.importing.models import Habit, ImportBatch
from projects.importing.proposals import ListKind
from projects.importing.questions import SKIP, Option, RowQuestions
from projects.importing.reading.sheets import Sheet, cell_name

TAKE = "take"
_WHY = {
    Reason.SUMMARY: gettext_lazy("có vẻ là trang tổng hợp của các trang khác"),
    Reason.COPY: gettext_lazy("tên trang như một bản sao hoặc bản cũ"),
    Reason.REPEATS: gettext_lazy("nhiều dòng lặp lại đúng dòng của trang khác"),
}
_LEFT = {
    Reason.YEAR: gettext_lazy("trang “%(sheet)s” ghi năm khác, không đọc chung; bấm “sửa” nếu vẫn cần"),
    Reason.SAME: gettext_lazy("trang “%(sheet)s” lặp lại nguyên một trang khác, không đọc; bấm “sửa” nếu vẫn cần"),
}


@dataclass
class FoundList:
    """The sheets of the list, none where no sheet holds one; ``notes``: in words, which of the same form are left out;
    ``names`` of all sheets that were spoken of."""

    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def find_list(batch: ImportBatch, kind: ListKind, sheets: Sequence[Sheet], questions: RowQuestions) -> FoundList:
    """The sheet of the list with those that are other parts of it; what may repeat another is asked about."""
    first = table_of(batch, kind, sheets)
    if first is None:
        return FoundList()
    if batch.layout:
        more = set(batch.layout.get("more", ()))
        tables = [first, *(one for one in of_one_form(first, kind, sheets) if one.sheet.name in more)]
        return FoundList(tables, [], {one.sheet.name for one in tables})
    others = [one for one in of_one_form(first, kind, sheets) if not one.sheet.is_hidden]
    if first.sheet.is_hidden or not others:
        return FoundList([first], [], {first.sheet.name})
    at = {sheet.name: place for place, sheet in enumerate(sheets)}
    tables = sorted([first, *others], key=lambda one: at[one.sheet.name])
    parts = [SheetPart(one, read_rows(one, kind.columns, kind.name_key), kind.columns) for one in tables]
    return _chosen_of(parts, first, batch.plan.year if batch.plan else None, questions)


def of_one_form(first: Table, kind: ListKind, sheets: Iterable[Sheet]) -> list[Table]:
    """The other sheets that may be read with the first as one list."""
    others = [sheet for sheet in sheets if sheet.name != first.sheet.name and sheet.rows and kind.has_parts]
    return [one for sheet in others if (one := alike(sheet, first, kind.columns))]


def _chosen_of(parts: Sequence[SheetPart], first: Table, year: int | None, questions: RowQuestions) -> FoundList:
    """Those that surely say something of their own, beginning with one of them; the others are named or asked about."""
    of_year = [one for one in parts if not is_of_other_year(one, year)]
    current = of_year or [one for one in parts if one.table is first]
    plain = [one for one in current if not is_copy(one) and not is_summary(one, current)]
    taken = (plain or current)[:1]
    found = FoundList(names={one.name for one in parts})
    for one in parts:
        if one in taken:
            continue
        reason = reason_to_leave(one, current, taken, year)
        if reason in _LEFT:
            found.notes.append(str(_LEFT[reason]) % {"sheet": one.name})
        elif reason is None or _is_taken(one, reason, questions):
            taken.append(one)
    found.tables = [one.table for one in parts if one in taken]
    return found


def _is_taken(part: SheetPart, reason: Reason, questions: RowQuestions) -> bool:
    text = _("Trang “%(sheet)s” có cùng các cột, nhưng %(why)s. Có đọc chung không?")
    options = [
        Option(SKIP, _("Không đọc trang này")),
        Option(TAKE, _("Đọc chung, mỗi dòng là một dòng của danh sách")),
    ]
    answer = questions.ask(
        f"sheet:{part.name}",
        text % {"sheet": part.name, "why": _WHY[reason]},
        options,
        cell=cell_name(part.table.bottom, 1, part.name),
        row=(part.name, 0),
        likely=SKIP,
    )
    return answer == TAKE


def table_of(batch: ImportBatch, kind: ListKind, sheets: Iterable[Sheet]) -> Table | None:
    """Where a person said it, that; else the sheet whose header names most columns, those that are shown first. It may
    be one of several that are one list."""
    if chosen := batch.layout:
        sheet = next((one for one in sheets if one.name == chosen["sheet"]), None)
        if sheet is not None:
            table = table_at(sheet, chosen["top"], chosen["bottom"], kind.columns, chosen["columns"])
            unit = chosen.get("unit") or table.unit
            return replace(table, unit=unit)
    found = [one for sheet in sheets if (one := find_table(sheet, kind.columns))]
    found.sort(key=lambda table: (not table.sheet.is_hidden, len(table.columns), len(table.sheet.rows)), reverse=True)
    return _as_before(batch, found[0]) if found else None


def _as_before(batch: ImportBatch, table: Table) -> Table:
    """With the columns as the organisation chose them under the same headings before."""
    chosen = Habit.objects.filter(organisation=batch.organisation, key=headings_key(batch.kind, table)).first()
    if chosen is None:
        return table
    columns = dict(pair.split(":") for pair in chosen.answer.split(",") if pair)
    return replace(table, columns={key: int(at) for key, at in columns.items()}, is_remembered=True)


def headings_key(kind: str, table: Table) -> str:
    """Two lists under the same headings in the same columns are one form."""
    words = "|".join(f"{at}:{fold(text)}" for at, text in sorted(table.headings.items()))
    return f"columns:{kind}:{hashlib.sha256(words.encode()).hexdigest()}"


def lists_left(kind: ListKind, sheets: Iterable[Sheet], read: set[str]) -> list[str]:
    """Other sheets that hold a list of this kind too: one for each source, or a draft of the same."""
    text = _("trang “%(sheet)s” cũng có danh sách như vậy, chưa đọc; bấm “sửa” để chọn trang, hoặc nhập riêng")
    others = [one for one in sheets if one.name not in read and not one.is_hidden]
    return [text % {"sheet": one.name} for one in others if find_table(one, kind.columns)]


def companions(
    kind: ListKind, sheets: Iterable[Sheet], tables: Sequence[Table]
) -> dict[str, tuple[Table, Sequence[ListColumn], str]]:
    """The other sheets that feed the list: for each kind of them the one that names most of its columns."""
    taken = {table.sheet.name for table in tables}
    others = [sheet for sheet in sheets if sheet.name not in taken]
    found = {}
    for one in kind.companions:
        tables = [read for sheet in others if (read := find_table(sheet, one.columns))]
        if tables:
            best = max(tables, key=lambda read: len(read.columns))
            found[one.key] = (best, one.columns, one.name_key)
            others = [sheet for sheet in others if sheet is not best.sheet]
    return found


def kind_meant(sheets: Iterable[Sheet], *, is_of_plan: bool) -> str:
    """The kind of list, of those that belong to a plan or of the others, whose header one of the sheets names most
    columns of; the first where none is named."""
    listed = list(sheets)
    worth = {
        key: max((len(read.columns) for sheet in listed if (read := find_table(sheet, kind.columns))), default=0)
        for key, kind in KINDS.items()
        if kind.is_of_plan == is_of_plan
    }
    return max(worth, key=lambda key: worth[key])
