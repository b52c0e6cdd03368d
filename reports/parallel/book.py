"""What was compared, as an official workbook: sums first, then projects, then the cells that are not the same.

Always in Vietnamese, as every official file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import translation

from khuyencong.money import format_million
from khuyencong.official import document_head
from projects.figures.plan_grid import NUMERALS
from projects.importing.comparison.result import (
    APPROVED,
    CellState,
    ComparedCell,
    ComparedRow,
    ComparedSum,
    ParallelRun,
    RowResult,
)
from projects.importing.lists.amount_cells import units_in_words
from projects.importing.lists.money_levels import MONEY
from projects.importing.lists.plan_columns import PLAN_COLUMNS
from reports.printing.book import Book, CellKind, Column, Group, Section, Sheet

SOURCES = {"national": "KCQG", "city": "KCĐP", "own": "Đối ứng", "other": "Khác"}
RESULTS = {
    RowResult.DIFFERS: "Lệch",
    RowResult.FILE_ONLY: "Chỉ có trong tệp",
    RowResult.OURS_ONLY: "Chỉ có trong phần mềm",
    RowResult.UNCLEAR: "Chưa so được hết",
    RowResult.EQUAL: "Khớp",
}
STATES = {
    CellState.EQUAL: "khớp",
    CellState.DIFFERS: "lệch",
    CellState.FILE_ONLY: "chỉ có trong tệp",
    CellState.OURS_ONLY: "chỉ có trong phần mềm",
    CellState.UNCLEAR: "chưa so được",
}
FILE, OURS = "Tệp của đơn vị", "Phần mềm"
SUMS = (
    Column("number", "STT", 5, CellKind.CENTRED),
    Column("label", "Nguồn kinh phí", 34),
    Column("stated_vnd", "Dòng cộng ghi", 13, CellKind.MONEY, FILE),
    Column("place", "Ô của dòng cộng", 15, group=FILE),
    Column("added_vnd", "Các đề án cộng lại", 13, CellKind.MONEY, FILE),
    Column("ours_vnd", "Phần mềm", 13, CellKind.MONEY),
    Column("more_vnd", "Chênh lệch (tệp trừ phần mềm)", 13, CellKind.MONEY),
    Column("result", "Kết quả", 22),
)
CELLS = (
    Column("number", "STT", 5, CellKind.CENTRED),
    Column("place", "Ô của tệp", 15),
    Column("name", "Tên đề án", 34),
    Column("title", "Cột", 18),
    Column("stated", "Tệp ghi", 24),
    Column("ours", "Phần mềm ghi", 24),
    Column("more_vnd", "Chênh lệch (tệp trừ phần mềm)", 13, CellKind.MONEY),
    Column("result", "Kết quả", 24),
)


@dataclass(frozen=True)
class SumRowPrinted:
    number: int
    label: str
    stated_vnd: int | None
    place: str
    added_vnd: int
    ours_vnd: int
    more_vnd: int
    result: str
    row_key: str


@dataclass(frozen=True)
class ComparedRowPrinted:
    """Money by source: of the file, then of the system."""

    number: int
    place: str
    name: str
    project_id: int | None
    file_national_vnd: int | None
    file_city_vnd: int | None
    file_own_vnd: int | None
    file_other_vnd: int | None
    ours_national_vnd: int | None
    ours_city_vnd: int | None
    ours_own_vnd: int | None
    ours_other_vnd: int | None
    result: str
    row_key: str


@dataclass(frozen=True)
class CellPrinted:
    number: int
    place: str
    name: str
    project_id: int | None
    title: str
    stated: str
    ours: str
    more_vnd: int | None
    result: str
    row_key: str


def parallel_book(run: ParallelRun, today: dt.date) -> Book:
    with translation.override("vi"):
        head = document_head(run.plan.organisation, named_on=today, dated_on=today)
        return Book(
            title=f"Đối chiếu với sổ Excel năm {run.plan.year}",
            letterhead=head,
            sheets=[_sums(run), _projects(run), _cells(run)],
        )


def counts_in_words(run: ParallelRun) -> str:
    """“67 đề án: 63 khớp, 2 lệch …”; what there is none of is not said, but for the equal ones."""
    counts = {result: len(run.of_result(result)) for result in (RowResult.EQUAL, *RowResult)}
    said = [f"{n} {RESULTS[one].lower()}" for one, n in counts.items() if n or one == RowResult.EQUAL]
    return f"{len(run.rows)} đề án: {', '.join(said)}"


def _subtitles(run: ParallelRun) -> list[str]:
    basis = "số được duyệt" if run.basis == APPROVED else "số đề nghị"
    names = ", ".join(f"“{table.sheet.name}”" for table in run.tables)
    return [f"(Tệp “{run.file_name}”, trang {names}, so với {basis})", f"({counts_in_words(run)})"]


def _sums(run: ParallelRun) -> Sheet:
    sections = [Section("I", "Cả danh mục", [Group("", _sum_rows(run.totals))], "Cộng")]
    heads = list(dict.fromkeys(one.label for one in run.groups))
    for place, head in enumerate(heads, start=1):
        rows = _sum_rows([one for one in run.groups if one.label == head])
        sections.append(
            Section(NUMERALS[place] if place < len(NUMERALS) else str(place + 1), head, [Group("", rows)], "Cộng")
        )
    return Sheet(
        name="Số cộng",
        title=f"ĐỐI CHIẾU DANH MỤC ĐỀ ÁN NĂM {run.plan.year} VỚI PHẦN MỀM: SỐ CỘNG",
        columns=SUMS,
        sections=[one for one in sections if list(one.rows)],
        total_title="",
        subtitles=_subtitles(run),
        notes=_notes(run),
        when_empty="Tệp không có cột kinh phí nào.",
    )


def _sum_rows(sums: Sequence[ComparedSum]) -> list[SumRowPrinted]:
    return [
        SumRowPrinted(
            number=number,
            label=SOURCES[one.key],
            stated_vnd=one.stated,
            place=one.place,
            added_vnd=one.added,
            ours_vnd=one.ours,
            more_vnd=one.added - one.ours,
            result=_sum_result(one),
            row_key=f"{one.label}:{one.key}",
        )
        for number, one in enumerate(sums, start=1)
    ]


def _sum_result(one: ComparedSum) -> str:
    said = [] if one.added == one.ours else ["lệch"]
    if one.stated is not None and one.stated != one.added:
        said.append("dòng cộng của tệp không bằng các dòng")
    return "; ".join(said) or "khớp"


def _notes(run: ParallelRun) -> list[str]:
    titles = {one.key: str(one.title) for one in PLAN_COLUMNS}
    notes = [f"Các cột được đối chiếu: {'; '.join(titles[key] for key in run.compared)}."]
    if missing := [titles[key] for key in MONEY if key not in run.compared]:
        notes.append(f"Tệp không có cột: {'; '.join(missing)}; các số này của phần mềm không được đối chiếu.")
    notes += [f"Tiền trong tệp tính bằng {text}." for text in units_in_words(run.units)]
    if run.hidden:
        notes.append(f"Trang có {run.hidden} dòng đang ẩn, vẫn được đối chiếu.")
    if run.assumed:
        notes.append("Ô có thể hiểu theo nhiều cách mà không khớp phần mềm thì ghi “chưa so được”, không ghi “lệch”.")
    return notes


def _project_columns(run: ParallelRun) -> tuple[Column, ...]:
    """Only sources of which either side holds money."""
    shown = [key for key in SOURCES if any(one.stated.get(key) or one.ours.get(key) for one in run.rows)]
    return (
        Column("number", "STT", 5, CellKind.CENTRED),
        Column("place", "Ô của tệp", 13),
        Column("name", "Tên đề án, đơn vị thụ hưởng", 40),
        *(Column(f"file_{key}_vnd", SOURCES[key], 10, CellKind.MONEY, FILE) for key in shown),
        *(Column(f"ours_{key}_vnd", SOURCES[key], 10, CellKind.MONEY, OURS) for key in shown),
        Column("result", "Điểm khác nhau", 30, unrecorded=""),
    )


def _projects(run: ParallelRun) -> Sheet:
    sections: list[Section] = []
    number = 0
    for result in RowResult:
        rows = []
        for one in run.of_result(result):
            number += 1
            rows.append(_project_row(one, number))
        if rows:
            numeral = NUMERALS[len(sections)]
            sections.append(Section(numeral, f"{RESULTS[result]} ({len(rows)} đề án)", [Group("", rows)], "Cộng"))
    return Sheet(
        name="Từng đề án",
        title=f"ĐỐI CHIẾU TỪNG ĐỀ ÁN NĂM {run.plan.year}",
        columns=_project_columns(run),
        sections=sections,
        total_title="Tổng cộng",
        subtitles=_subtitles(run),
        notes=["Đề án được ghép theo mã; không có mã thì theo tên và đơn vị thụ hưởng."],
        when_empty="Tệp và phần mềm đều không có đề án nào.",
    )


def _project_row(one: ComparedRow, number: int) -> ComparedRowPrinted:
    code = f"{one.project.code} " if one.project else ""
    money = {f"file_{key}_vnd": one.stated.get(key) for key in MONEY}
    money |= {f"ours_{key}_vnd": one.ours.get(key) for key in MONEY}
    return ComparedRowPrinted(
        number=number,
        place=one.place,
        name="\n".join(filter(None, (f"{code}{one.name}", one.helped))),
        project_id=one.project.pk if one.project else None,
        result="; ".join(f"{cell.title}: {STATES[cell.state]}" for cell in one.faulty),
        row_key=one.place or (f"project:{one.project.pk}" if one.project else ""),
        **money,
    )


def _cells(run: ParallelRun) -> Sheet:
    rows = list(_cell_rows(run))
    equal = run.cell_counts[CellState.EQUAL]
    return Sheet(
        name="Từng ô không khớp",
        title=f"CÁC Ô KHÔNG KHỚP CỦA DANH MỤC NĂM {run.plan.year}",
        columns=CELLS,
        sections=[Section("", "", [Group("", rows)])] if rows else [],
        total_title="",
        subtitles=[*_subtitles(run)[:1], f"({equal} ô khớp, {len(rows)} ô không khớp)"],
        notes=["Đề án chỉ có ở một bên thì ghi ở biểu “Từng đề án”, không ghi từng ô."],
        when_empty=f"Không có ô nào lệch: cả {equal} ô được đối chiếu đều khớp.",
    )


def _cell_rows(run: ParallelRun) -> Iterator[CellPrinted]:
    number = 0
    for one in run.rows:
        for cell in one.faulty:
            number += 1
            yield CellPrinted(
                number=number,
                place=cell.place,
                name=one.name,
                project_id=one.project.pk if one.project else None,
                title=cell.title,
                stated=_shown(cell, cell.stated, cell.stated_vnd),
                ours=_shown(cell, cell.ours, cell.ours_vnd),
                more_vnd=cell.more_vnd,
                result=f"{STATES[cell.state]}{f': {cell.remark}' if cell.remark else ''}",
                row_key=f"{cell.place}:{cell.key}",
            )


def _shown(cell: ComparedCell, text: str, vnd: int | None) -> str:
    from_amount = cell.is_money and vnd is not None
    return format_million(vnd) if from_amount else text
