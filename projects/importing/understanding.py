"""From what was read of a file to what would become of it: which sheet, which columns, which rows."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.text import fold
from projects.importing.kinds import KINDS
from projects.importing.layout.columns import ListColumn
from projects.importing.layout.headers import Table, find_table, table_at
from projects.importing.layout.row_kinds import Listed, read_rows
from projects.importing.models import Habit, ImportBatch
from projects.importing.proposals import ListKind, ListReading, Proposal
from projects.importing.questions import SKIP, Option, RowQuestions
from projects.importing.reading.sheets import CellValue, MergedArea, Sheet, SourceFile, cell_name

_DAY, _TIME = "d:", "t:"


def packed(source: SourceFile) -> list[dict[str, Any]]:
    """The sheets as they are kept; dates keep what they are, and cells without anything are left out."""
    return [
        {
            "name": one.name,
            "rows": [[_packed(cell) for cell in row] for row in one.rows],
            "is_hidden": one.is_hidden,
            "hidden_rows": sorted(one.hidden_rows),
            "merged": [list(asdict(area).values()) for area in one.merged],
            "errors": [[row, column, text] for (row, column), text in one.errors.items()],
            "valueless": sorted(map(list, one.valueless)),
            "strays": list(one.strays),
        }
        for one in source.sheets
    ]


def _packed(cell: CellValue) -> object:
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return [_TIME if isinstance(cell, dt.time) else _DAY, cell.isoformat()]
    return cell


def _unpacked(cell: Any) -> CellValue:
    if isinstance(cell, list):
        return dt.datetime.fromisoformat(cell[1]) if cell[0] == _DAY else dt.time.fromisoformat(cell[1])
    value: CellValue = cell
    return value


def unpacked(sheets: Iterable[Mapping[str, Any]]) -> list[Sheet]:
    return [
        Sheet(
            name=one["name"],
            rows=[[_unpacked(cell) for cell in row] for row in one["rows"]],
            is_hidden=one["is_hidden"],
            hidden_rows=frozenset(one["hidden_rows"]),
            merged=[MergedArea(*area) for area in one["merged"]],
            errors={(row, column): text for row, column, text in one["errors"]},
            valueless=frozenset((row, column) for row, column in one["valueless"]),
            strays=one["strays"],
        )
        for one in sheets
    ]


@dataclass(frozen=True)
class UnderstoodList:
    """A batch as it reads now; ``proposal`` is None where no sheet holds such a list."""

    batch: ImportBatch
    kind: ListKind
    sheets: list[Sheet]
    table: Table | None
    proposal: Proposal | None
    passed: int = 0
    fed_by: Sequence[str] = ()  # the other sheets that say more of what the list names


def understand_list(batch: ImportBatch, user: User) -> UnderstoodList:
    """Reads the batch anew with what was answered; asks the database, writes nothing."""
    kind = KINDS[batch.kind]
    sheets = unpacked(batch.sheets)
    table = table_of(batch, kind, sheets)
    if table is None:
        return UnderstoodList(batch, kind, sheets, None, None)
    listed = read_rows(table, kind.columns, kind.name_key)
    questions = RowQuestions({**Habit.objects.answers_of(batch.organisation), **batch.answers})
    hidden = _ask_of_hidden(listed, table, questions)
    beside = _companions(kind, sheets, table)
    companions = {key: read_rows(one, columns, name_key) for key, (one, columns, name_key) in beside.items()}
    asked = ListReading(user, batch.organisation, batch.plan, table, listed, questions, batch.file_name, companions)
    proposal = kind.propose(asked)
    for one in proposal.rows:
        if one.row.number in hidden:
            one.is_left |= hidden[one.row.number] == SKIP
            one.is_waiting |= not hidden[one.row.number]
    proposal.settle_questions()
    fed_by = [one.sheet.name for one, _columns, _name in beside.values()]
    return UnderstoodList(batch, kind, sheets, table, proposal, len(listed.passed), fed_by)


def _companions(
    kind: ListKind, sheets: Iterable[Sheet], table: Table
) -> dict[str, tuple[Table, Sequence[ListColumn], str]]:
    """The other sheets that feed the list: for each kind of them the one that names most of its columns."""
    others = [sheet for sheet in sheets if sheet is not table.sheet]
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


def table_of(batch: ImportBatch, kind: ListKind, sheets: Iterable[Sheet]) -> Table | None:
    """Where a person said it, that; else the sheet whose header names most columns, those that are shown first."""
    if chosen := batch.layout:
        sheet = next((one for one in sheets if one.name == chosen["sheet"]), None)
        if sheet is not None:
            table = table_at(sheet, chosen["top"], chosen["bottom"], kind.columns, chosen["columns"])
            unit = chosen.get("unit") or table.unit
            return Table(sheet, table.top, table.bottom, table.columns, table.headings, unit)
    found = [one for sheet in sheets if (one := find_table(sheet, kind.columns))]
    found.sort(key=lambda table: (not table.sheet.is_hidden, len(table.columns), len(table.sheet.rows)), reverse=True)
    return _as_before(batch, found[0]) if found else None


def _as_before(batch: ImportBatch, table: Table) -> Table:
    """With the columns as the organisation chose them under the same headings before."""
    chosen = Habit.objects.filter(organisation=batch.organisation, key=headings_key(batch.kind, table)).first()
    if chosen is None:
        return table
    columns = dict(pair.split(":") for pair in chosen.answer.split(",") if pair)
    return Table(
        table.sheet,
        table.top,
        table.bottom,
        {key: int(at) for key, at in columns.items()},
        table.headings,
        table.unit,
    )


def headings_key(kind: str, table: Table) -> str:
    """Two lists under the same headings in the same columns are one form."""
    words = "|".join(f"{at}:{fold(text)}" for at, text in sorted(table.headings.items()))
    return f"columns:{kind}:{hashlib.sha256(words.encode()).hexdigest()}"


def _ask_of_hidden(listed: Listed, table: Table, questions: RowQuestions) -> dict[int, str]:
    """Whether rows that the sheet hides belong to the list, only the office knows: its answer by number of the row."""
    hidden = [row for row in listed.rows if row.number in table.sheet.hidden_rows]
    return {
        row.number: questions.ask(
            f"hidden:{table.sheet.name}",
            _("Trang có %(count)s dòng đang ẩn. Có nhập các dòng đó không?") % {"count": len(hidden)},
            [Option("take", _("Nhập cả dòng ẩn")), Option(SKIP, _("Bỏ các dòng ẩn"))],
            cell=cell_name(row.number, 1, table.sheet.name),
            row=(table.sheet.name, row.number),
        )
        for row in hidden
    }
