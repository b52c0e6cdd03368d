"""From what was read of a file to what would become of it: which sheet, which columns, which rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import User
from projects.importing.finding import companions, find_list, lists_left
from projects.importing.kinds import KINDS
from projects.importing.layout.headers import Table
from projects.importing.layout.listed import HEAD, RECORD, WHOLE, Doubt, Listed, RowAt, joined
from projects.importing.layout.parted import parted_columns
from projects.importing.layout.row_kinds import read_rows
from projects.importing.models import Habit, ImportBatch
from projects.importing.proposals import ListKind, ListReading, Proposal, ProposedRow
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
    tables: Sequence[Table]  # those of the list: one, or several of one form
    proposal: Proposal | None
    passed: int = 0
    stopped_at: int | None = None
    fed_by: Sequence[str] = ()  # the other sheets that say more of what the list names

    @property
    def table(self) -> Table | None:
        """The first of them."""
        return self.tables[0] if self.tables else None


def understand_list(batch: ImportBatch, user: User) -> UnderstoodList:
    """Reads the batch anew with what was answered; asks the database, writes nothing."""
    kind = KINDS[batch.kind]
    doubted = unpacked(batch.sheets)
    sheets = [read_as_doubted(one, tidy_text) if _is_old(one, batch) else one for one in doubted]
    questions = RowQuestions({**Habit.objects.answers_of(batch.organisation), **batch.answers})
    found = find_list(batch, kind, sheets, questions)
    if not found.tables:
        return UnderstoodList(batch, kind, sheets, [], None)
    as_doubted = {one.name: one for one in doubted}
    parts = [_part(table, as_doubted[table.sheet.name], kind, questions, batch) for table in found.tables]
    tables = [one.table for one in parts]
    listed = joined([one.listed for one in parts])
    beside = companions(kind, sheets, tables)
    fed = {key: read_rows(one, columns, name_key) for key, (one, columns, name_key) in beside.items()}
    asked = ListReading(user, batch.organisation, batch.plan, tables, listed, questions, batch.file_name, fed)
    proposal = kind.propose(asked)
    by_sheet = {one.table.sheet.name: one for one in parts}
    for one in proposal.rows:
        by_sheet[one.row.table.sheet.name].settle(one)
    fed_by = [one.sheet.name for one, _columns, _name in beside.values()]
    proposal.notes[:0] = file_notes(batch, tables)
    proposal.notes += [*_stop_notes(parts), *found.notes, *lists_left(kind, sheets, {*found.names, *fed_by})]
    proposal.settle_questions()
    return UnderstoodList(batch, kind, sheets, tables, proposal, len(listed.passed), listed.stopped_at, fed_by)


@dataclass(frozen=True)
class _ReadSheet:
    """A sheet of the list with its rows, and what of it waits for the office: the whole sheet, or some of its rows."""

    table: Table
    listed: Listed
    is_open: bool
    open_rows: set[RowAt]
    hidden: Mapping[RowAt, str]

    def settle(self, one: ProposedRow) -> None:
        if one.row.at in self.hidden:
            one.is_left |= self.hidden[one.row.at] == SKIP
            one.is_waiting |= not self.hidden[one.row.at]
        one.is_waiting |= self.is_open or one.row.at in self.open_rows


def _part(table: Table, as_doubted: Sheet, kind: ListKind, questions: RowQuestions, batch: ImportBatch) -> _ReadSheet:
    open_font = _ask_of_font(as_doubted, questions)
    table, open_columns = _settled_columns(table, kind, questions, batch)
    listed, open_rows = _listed(table, kind, questions)
    return _ReadSheet(table, listed, open_font or open_columns, open_rows, _ask_of_hidden(listed, table, questions))


def _stop_notes(parts: Sequence[_ReadSheet]) -> list[str]:
    text = _("từ dòng %(row)s là danh sách khác (tiêu đề hoặc đơn vị tính khác), chưa đọc; nhập riêng danh sách đó")
    stops = [(one.table.sheet.name, one.listed.stopped_at) for one in parts if one.listed.stopped_at]
    return [text % {"row": row if len(parts) == 1 else f"{name}!{row}"} for name, row in stops]


FONT_NOTES = {
    TCVN3: gettext_lazy("Tệp gõ bằng phông TCVN3 (.VnTime), đã đổi sang Unicode."),
    VNI: gettext_lazy("Tệp gõ bằng phông VNI (VNI-Times), đã đổi sang Unicode."),
}


def file_notes(batch: ImportBatch, tables: Iterable[Table]) -> list[str]:
    """What is to be known of the file before its rows: links to others, which are not followed; texts that were put
    into Unicode."""
    links = _("Bảng tính có liên kết tới tệp khác; chỉ đọc giá trị đã lưu trong tệp này.")
    fonts = dict.fromkeys(one.sheet.font for one in tables)
    return ([links] if batch.has_links else []) + [str(FONT_NOTES[font]) for font in fonts if font]


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


def _listed(table: Table, kind: ListKind, questions: RowQuestions) -> tuple[Listed, set[RowAt]]:
    """The rows of the table, those in doubt as the office says they are; and those it has not said yet."""
    first = read_rows(table, kind.columns, kind.name_key)
    said: dict[RowAt, str] = {}
    for at, doubt in first.doubts.items():
        said[at] = _ask_of_doubt(at[1], doubt, table, kind, questions)
    open_rows = {at for at, answer in said.items() if not answer}
    known = {at: answer for at, answer in said.items() if answer}
    return (read_rows(table, kind.columns, kind.name_key, known) if known else first), open_rows


_DOUBTS = {
    Doubt.DETAILED: gettext_lazy(
        "Có dòng ngay dưới đề án chỉ ghi tên và số tiền, không có địa bàn, đơn vị. Đó là gì của đề án?"
    ),
    Doubt.ADDS_UP: gettext_lazy("Có dòng ghi số tiền bằng tổng các dòng dưới. Đó là đầu nhóm hay là đề án?"),
    Doubt.BARE: gettext_lazy(
        "Có dòng chỉ ghi tên và số tiền, không có số thứ tự, địa bàn, đơn vị. Đó là đề án hay đầu nhóm?"
    ),
}


def _ask_of_doubt(number: int, doubt: Doubt, table: Table, kind: ListKind, questions: RowQuestions) -> str:
    """Rows that add up what stands below them are one question of the sheet, as those with details below are; those
    that say nothing else are a question each."""
    place = cell_name(number, table.columns[kind.name_key], table.sheet.name)
    options = [
        Option(HEAD, _("Đầu nhóm, không nhập")),
        Option(RECORD, _("Đề án, nhập như các dòng khác")),
        Option(WHOLE, _("Đề án; các dòng dưới chỉ là chi tiết, không nhập")),
    ]
    if doubt == Doubt.DETAILED:
        options = [
            Option(WHOLE, _("Chi tiết kinh phí của đề án, không nhập thành đề án riêng")),
            Option(RECORD, _("Đề án riêng, nhập cùng đề án ở trên")),
            Option(HEAD, _("Đề án riêng; dòng ở trên là đầu nhóm, không nhập")),
        ]
    is_bare = doubt == Doubt.BARE
    return questions.ask(
        f"rows:{doubt.value}:{place if is_bare else table.sheet.name}",
        str(_DOUBTS[doubt]),
        options[:2] if is_bare else options,
        cell=place,
        row=(table.sheet.name, number),
        likely={Doubt.ADDS_UP: HEAD, Doubt.DETAILED: WHOLE}.get(doubt, ""),
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


def _ask_of_hidden(listed: Listed, table: Table, questions: RowQuestions) -> dict[RowAt, str]:
    """Whether rows that the sheet hides belong to the list, only the office knows: its answer by row."""
    hidden = [row for row in listed.rows if row.number in table.sheet.hidden_rows]
    return {
        row.at: questions.ask(
            f"hidden:{table.sheet.name}",
            _("Trang có %(count)s dòng đang ẩn. Có nhập các dòng đó không?") % {"count": len(hidden)},
            [Option("take", _("Nhập cả dòng ẩn")), Option(SKIP, _("Bỏ các dòng ẩn"))],
            cell=cell_name(row.number, 1, table.sheet.name),
            row=row.at,
        )
        for row in hidden
    }
