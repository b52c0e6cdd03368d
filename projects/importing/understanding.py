"""From what was read of a file to what would become of it: which sheet, which columns, which rows."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import User
from khuyencong.text import fold
from projects.importing.kinds import KINDS
from projects.importing.layout.columns import ListColumn
from projects.importing.layout.headers import Table, find_table, table_at
from projects.importing.layout.parted import parted_columns
from projects.importing.layout.row_kinds import HEAD, RECORD, WHOLE, Doubt, Listed, read_rows
from projects.importing.models import Habit, ImportBatch
from projects.importing.proposals import ListKind, ListReading, Proposal
from projects.importing.questions import SKIP, Option, RowQuestions
from projects.importing.reading.files import tidy_text
from projects.importing.reading.legacy_fonts import TCVN3, UNICODE, VNI, read_as_doubted, text_reading, to_unicode
from projects.importing.reading.sheets import CellValue, MergedArea, Sheet, SourceFile, cell_name, column_letters

_DAY, _TIME = "d:", "t:"


def packed(source: SourceFile) -> list[dict[str, Any]]:
    """The sheets as they are kept; dates keep what they are, and cells without anything are left out."""
    return [
        {
            "name": one.name,
            "rows": [[_packed(cell) for cell in row] for row in one.rows],
            "is_hidden": one.is_hidden,
            "hidden_rows": sorted(one.hidden_rows),
            "hidden_columns": sorted(one.hidden_columns),
            "merged": [list(asdict(area).values()) for area in one.merged],
            "errors": [[row, column, text] for (row, column), text in one.errors.items()],
            "valueless": sorted(map(list, one.valueless)),
            "strays": list(one.strays),
            "font": one.font,
            "doubtful_font": one.doubtful_font,
            "typed": [[row, column, text] for (row, column), text in one.typed.items()],
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
            hidden_columns=frozenset(one.get("hidden_columns", ())),
            merged=[MergedArea(*area) for area in one["merged"]],
            errors={(row, column): text for row, column, text in one["errors"]},
            valueless=frozenset((row, column) for row, column in one["valueless"]),
            strays=one["strays"],
            font=one.get("font", ""),
            doubtful_font=one.get("doubtful_font", ""),
            typed={(row, column): text for row, column, text in one.get("typed", ())},
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
    stopped_at: int | None = None
    fed_by: Sequence[str] = ()  # the other sheets that say more of what the list names


def understand_list(batch: ImportBatch, user: User) -> UnderstoodList:
    """Reads the batch anew with what was answered; asks the database, writes nothing."""
    kind = KINDS[batch.kind]
    doubted = unpacked(batch.sheets)
    sheets = [read_as_doubted(one, tidy_text) if _is_old(one, batch) else one for one in doubted]
    table = table_of(batch, kind, sheets)
    if table is None:
        return UnderstoodList(batch, kind, sheets, None, None)
    questions = RowQuestions({**Habit.objects.answers_of(batch.organisation), **batch.answers})
    open_font = _ask_of_font(
        next(old for old, one in zip(doubted, sheets, strict=True) if one is table.sheet), questions
    )
    table, open_columns = _settled_columns(table, kind, questions, batch)
    listed, doubts = _listed(table, kind, questions)
    hidden = _ask_of_hidden(listed, table, questions)
    beside = _companions(kind, sheets, table)
    companions = {key: read_rows(one, columns, name_key) for key, (one, columns, name_key) in beside.items()}
    asked = ListReading(user, batch.organisation, batch.plan, table, listed, questions, batch.file_name, companions)
    proposal = kind.propose(asked)
    for one in proposal.rows:
        if one.row.number in hidden:
            one.is_left |= hidden[one.row.number] == SKIP
            one.is_waiting |= not hidden[one.row.number]
        one.is_waiting |= open_columns or open_font or one.row.number in doubts
    if listed.stopped_at:
        text = _("từ dòng %(row)s là danh sách khác (tiêu đề hoặc đơn vị tính khác), chưa đọc; nhập riêng danh sách đó")
        proposal.notes.append(text % {"row": listed.stopped_at})
    proposal.notes[:0] = file_notes(batch, table.sheet)
    proposal.settle_questions()
    fed_by = [one.sheet.name for one, _columns, _name in beside.values()]
    proposal.notes += _lists_left(kind, sheets, {table.sheet.name, *fed_by})
    return UnderstoodList(batch, kind, sheets, table, proposal, len(listed.passed), listed.stopped_at, fed_by)


FONT_NOTES = {
    TCVN3: gettext_lazy("Tệp gõ bằng phông TCVN3 (.VnTime), đã đổi sang Unicode."),
    VNI: gettext_lazy("Tệp gõ bằng phông VNI (VNI-Times), đã đổi sang Unicode."),
}


def file_notes(batch: ImportBatch, sheet: Sheet) -> list[str]:
    """What is to be known of the file before its rows: links to others, which are not followed; texts that were put
    into Unicode."""
    links = _("Bảng tính có liên kết tới tệp khác; chỉ đọc giá trị đã lưu trong tệp này.")
    return ([links] if batch.has_links else []) + ([str(FONT_NOTES[sheet.font])] if sheet.font else [])


_FONT_NAMES = {TCVN3: "TCVN3 (.VnTime)", VNI: "VNI (VNI-Times)"}


def _font_key(sheet: Sheet) -> str:
    return f"font:{sheet.name}"


def _is_old(sheet: Sheet, batch: ImportBatch) -> bool:
    return bool(sheet.doubtful_font) and batch.answers.get(_font_key(sheet)) == sheet.doubtful_font


def _ask_of_font(sheet: Sheet, questions: RowQuestions) -> bool:
    """Whether texts that make sense both in Unicode and in an old font are one or the other is still open. Asked with
    the first of them as it would read."""
    if not sheet.doubtful_font:
        return False
    (row, column), typed = next(iter(sheet.typed.items()))
    font, stands = sheet.doubtful_font, str(sheet.value(row, column))
    read = tidy_text(to_unicode(typed, font))
    old = _("Phông %(font)s, đọc là “%(text)s”") % {"font": _FONT_NAMES[font], "text": read}
    answer = questions.ask(
        _font_key(sheet),
        _("Chữ trong trang “%(sheet)s” gõ bằng phông nào?") % {"sheet": sheet.name},
        [Option(UNICODE, _("Unicode, giữ nguyên “%(text)s”") % {"text": stands}), Option(font, old)],
        cell=cell_name(row, column, sheet.name),
        row=(sheet.name, 0),
        likely=font if text_reading(typed) == font else UNICODE,
    )
    return not answer


def _listed(table: Table, kind: ListKind, questions: RowQuestions) -> tuple[Listed, set[int]]:
    """The rows of the table, those in doubt as the office says they are; and those it has not said yet."""
    first = read_rows(table, kind.columns, kind.name_key)
    said: dict[int, str] = {}
    for number, doubt in first.doubts.items():
        said[number] = _ask_of_doubt(number, doubt, table, kind, questions)
    open_rows = {number for number, answer in said.items() if not answer}
    known = {number: answer for number, answer in said.items() if answer}
    return (read_rows(table, kind.columns, kind.name_key, known) if known else first), open_rows


_DOUBTS = {
    Doubt.ADDS_UP: gettext_lazy("Có dòng ghi số tiền bằng tổng các dòng dưới. Đó là đầu nhóm hay là đề án?"),
    Doubt.BARE: gettext_lazy(
        "Có dòng chỉ ghi tên và số tiền, không có số thứ tự, địa bàn, đơn vị. Đó là đề án hay đầu nhóm?"
    ),
}


def _ask_of_doubt(number: int, doubt: Doubt, table: Table, kind: ListKind, questions: RowQuestions) -> str:
    """Rows that add up what stands below them are one question, those that say nothing else a question each."""
    place = cell_name(number, table.columns[kind.name_key], table.sheet.name)
    adds_up = doubt == Doubt.ADDS_UP
    return questions.ask(
        f"rows:{doubt.value}:{table.sheet.name if adds_up else place}",
        str(_DOUBTS[doubt]),
        [
            Option(HEAD, _("Đầu nhóm, không nhập")),
            Option(RECORD, _("Đề án, nhập như các dòng khác")),
            *([Option(WHOLE, _("Đề án; các dòng dưới chỉ là chi tiết, không nhập"))] if adds_up else []),
        ],
        cell=place,
        row=(table.sheet.name, number),
        likely=HEAD if adds_up else "",
    )


def _settled_columns(table: Table, kind: ListKind, questions: RowQuestions, batch: ImportBatch) -> tuple[Table, bool]:
    """The table with each column that two of the sheet are called by settled: by what is shown, by the parts that they
    say they hold, by the plan's year in the heading, else by the office; and whether one is still open. Nothing of it
    where a person chose the columns."""
    columns, is_open = dict(table.columns), False
    is_chosen = bool(batch.layout) or table.is_remembered
    parts = {} if is_chosen else parted_columns(table, kind.columns)
    columns |= parts
    for key, places in ({} if is_chosen else table.doubles(kind.columns)).items():
        if key in parts:
            continue
        left = [at for at in places if at not in table.sheet.hidden_columns] or places
        year = str(batch.plan.year) if batch.plan else ""
        left = [at for at in left if year and year in table.headings[at]] or left
        if len(left) == 1:
            columns[key] = left[0]
            continue
        title = next(one.title for one in kind.columns if one.key == key)
        answer = questions.ask(
            f"column:{table.sheet.name}:{key}",
            _("Nhiều cột có thể là “%(title)s”. Lấy cột nào?") % {"title": title},
            [Option(str(at), f"{column_letters(at)}: {table.headings[at]}") for at in left],
            cell=cell_name(table.bottom, left[0], table.sheet.name),
            row=(table.sheet.name, table.bottom),
        )
        is_open |= not answer
        columns[key] = int(answer) if answer else left[0]
    return replace(table, columns=columns), is_open


def _lists_left(kind: ListKind, sheets: Iterable[Sheet], read: set[str]) -> list[str]:
    """Other sheets that hold a list of this kind too: one for each source, or a draft of the same."""
    text = _("trang “%(sheet)s” cũng có danh sách như vậy, chưa đọc; bấm “sửa” để chọn trang, hoặc nhập riêng")
    others = [one for one in sheets if one.name not in read and not one.is_hidden]
    return [text % {"sheet": one.name} for one in others if find_table(one, kind.columns)]


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


def _ask_of_hidden(listed: Listed, table: Table, questions: RowQuestions) -> dict[int, str]:
    """Whether rows that the sheet hides belong to the list, only the office knows: its answer by number of the row."""
    hidden = [row for row in listed.rows if row.number in table.sheet.hidden_rows]
    return {
        row.number: questions.ask(
            f"hidden:{table.sheet.name}",
            _("Trang có %(count)s dòng đang ẩn. Có nhập các dòng đó không?") % {"count": len(hidden)},
            [Option("take", _("Nhập cả dòng ẩn")), Option(SKIP, _("Bỏ các dòng ẩn"))],
            cell=cell_name(row.number, 1, table.sheet.name),
            row=row.at,
        )
        for row in hidden
    }
