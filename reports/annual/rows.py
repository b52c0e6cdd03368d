"""Rows and columns of the yearly workbook (field-rules §7), made from the plan's grid and the roll-ups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from khuyencong.funding import FundingLevel
from projects.figures.flows import Flow
from projects.figures.plan_grid import NUMERALS, GridRow, PlanGrid
from projects.figures.rollups import RollUp, RollUpRow
from projects.figures.totals import Money
from projects.ledger.optional_amounts import add
from projects.models import Project
from reports.printing.book import CellKind, Column, Group, Section
from reports.wording.project_words import beneficiaries_of, status_of, time_of

INSIDE = "Trong đó"

CATALOGUE = (
    Column("number", "STT", 4.5, CellKind.CENTRED),
    Column("name", "Tên đề án", 24),
    Column("activity", "Nội dung hoạt động", 13),
    Column("organisation", "Đơn vị thực hiện", 14),
    Column("beneficiaries", "Đơn vị thụ hưởng", 18),
    Column("places", "Địa điểm", 14.5),
    Column("aims", "Mục tiêu và nội dung chính", 21),
    Column("effects", "Dự kiến kết quả", 18),
    Column("period", "Thời gian", 9.5, CellKind.CENTRED),
    Column(
        "total_vnd",
        "Tổng kinh phí",
        10,
        CellKind.MONEY,
        sum_of=("national_vnd", "city_vnd", "counterpart_vnd", "other_vnd"),
    ),
    Column("national_vnd", "KCQG", 9, CellKind.MONEY, INSIDE),
    Column("city_vnd", "KCĐP", 9, CellKind.MONEY, INSIDE),
    Column("counterpart_vnd", "Đối ứng", 9, CellKind.MONEY, INSIDE),
    Column("other_vnd", "Nguồn khác", 9, CellKind.MONEY, INSIDE),
    Column("notes", "Ghi chú", 10, unrecorded=""),
)

RESULTS = (
    Column("number", "STT", 4.5, CellKind.CENTRED),
    Column("name", "Tên đề án", 22),
    Column("activity", "Nội dung hoạt động", 12),
    Column("organisation", "Đơn vị thực hiện", 13),
    Column("beneficiaries", "Đơn vị thụ hưởng", 18),
    Column("places", "Địa điểm", 14.5),
    Column("initial_vnd", "Kế hoạch", 9, CellKind.MONEY),
    Column("approved_vnd", "Sau điều chỉnh", 9, CellKind.MONEY),
    Column("executed_vnd", "Thực hiện", 9, CellKind.MONEY),
    Column("percent", "Tỷ lệ %", 8, CellKind.PERCENT, ratio_of=("executed_vnd", "approved_vnd")),
    Column("paid_vnd", "Đã chi", 9, CellKind.MONEY),
    Column("settled_vnd", "Quyết toán", 9, CellKind.MONEY),
    Column("status", "Tình trạng", 13, CellKind.CENTRED),
    Column("results", "Kết quả", 20),
    Column("notes", "Ghi chú", 10, unrecorded=""),
)


LEAST_TEXT = 7.0  # of a column of texts in which no row says anything: its head has room


def with_room(columns: Sequence[Column], rows: Sequence[Any]) -> list[Column]:
    """The columns as wide together as before: those of texts that say nothing in any row give their room to those whose
    texts take the most lines."""
    lengths = {one.key: sum(len(getattr(row, one.key)) for row in rows) for one in columns if one.kind == CellKind.TEXT}
    widths = {one.key: one.width for one in columns}
    spare = 0.0
    for key in (key for key, length in lengths.items() if not length and rows):
        spare += max(widths[key] - LEAST_TEXT, 0)
        widths[key] = min(widths[key], LEAST_TEXT)
    while spare > 0 and any(lengths.values()):
        longest = max(lengths, key=lambda key: lengths[key] / widths[key])
        widths[longest] += min(spare, 1)
        spare -= 1
    return [replace(one, width=widths[one.key]) for one in columns]


@dataclass(frozen=True)
class ProjectRow:
    """One project under one source and content, as the list and the results print it. Money in đồng."""

    number: int
    project_id: int
    name: str
    activity: str
    organisation: str
    beneficiaries: str
    places: str
    aims: str
    effects: str
    period: str
    national_vnd: int | None
    city_vnd: int | None
    counterpart_vnd: int | None
    other_vnd: int | None
    initial_vnd: int | None
    approved_vnd: int | None
    executed_vnd: int | None
    paid_vnd: int | None
    settled_vnd: int | None
    status: str
    results: str
    notes: str


@dataclass(frozen=True)
class AnnualSummaryRow:
    """One content or area. Money in đồng. ``row_key`` stays the same when its label changes."""

    number: int
    label: str
    row_key: str = ""
    project_count: int | None = None
    last_vnd: int | None = None
    requested_vnd: int | None = None
    approved_vnd: int | None = None
    executed_vnd: int | None = None


@dataclass(frozen=True)
class ProjectWords:
    """What a project says in each row and on each sheet where it stands."""

    beneficiaries: str
    places: str
    aims: str
    period: str
    status: str


@dataclass(frozen=True)
class Surroundings:
    """What a row needs beside the grid: names on the day, the words of the latest reports, money paid and settled by
    line × content × source."""

    is_draft: bool
    names: Mapping[int, str]
    results: Mapping[int, str]
    flows: Mapping[Any, Flow]
    words: dict[int, ProjectWords] = field(default_factory=dict)

    def words_of(self, project: Project) -> ProjectWords:
        """Made once, for all rows of the project."""
        if project.pk not in self.words:
            self.words[project.pk] = ProjectWords(
                beneficiaries=beneficiaries_of(project),
                places=project.area_text,
                aims="\n".join(filter(None, (project.aims, project.contents))),
                period=time_of(project.start_on, project.end_on),
                status=status_of(project),
            )
        return self.words[project.pk]


def project_sections(grid: PlanGrid, keep: Callable[[GridRow], bool], around: Surroundings) -> list[Section]:
    """The grid's sections and contents with the rows to keep; numbers run anew over what is left."""
    first_seen: dict[int, str] = {}
    sections: list[Section] = []
    for section in grid.sections:
        numeral, numbers = NUMERALS[len(sections)], count(1)
        groups = []
        for group in section.groups:
            title = group.activity.short_name if group.activity else "Chưa chọn nội dung"
            kept = [row for row in group.rows if keep(row)]
            rows = [_project_row(row, next(numbers), title, numeral, first_seen, around) for row in kept]
            groups += [Group(title, rows)] if rows else []
        if groups:
            found = Section(numeral, section.source.name, groups)
            sections.append(Section(numeral, section.source.name, groups, with_project_count("Cộng", found.rows)))
    return sections


def with_project_count(title: str, rows: Iterable[ProjectRow]) -> str:
    """“Cộng (5 đề án)”, each project once."""
    return f"{title} ({len({row.project_id for row in rows})} đề án)"


def _project_row(
    row: GridRow, number: int, activity: str, numeral: str, first_seen: dict[int, str], around: Surroundings
) -> ProjectRow:
    project, money, words = row.project, row.money, around.words_of(row.project)
    before = first_seen.setdefault(project.pk, f"{numeral}.{number}")
    flow = around.flows.get(row.key, Flow())
    state_vnd = money.requested_vnd if around.is_draft else money.approved_vnd
    return ProjectRow(
        number=number,
        project_id=project.pk,
        name=project.name,
        activity=activity,
        organisation=around.names[project.organisation_id],
        beneficiaries=words.beneficiaries,
        places=words.places,
        aims=words.aims,
        effects=project.effects,
        period=words.period,
        national_vnd=state_vnd if row.source.level == FundingLevel.NATIONAL else None,
        city_vnd=state_vnd if row.source.level == FundingLevel.CITY else None,
        counterpart_vnd=row.counterpart_vnd,
        other_vnd=row.other_vnd,
        initial_vnd=row.initial_vnd,
        approved_vnd=money.approved_vnd,
        executed_vnd=money.executed_vnd,
        paid_vnd=flow.paid_vnd,
        settled_vnd=flow.settled_vnd,
        status=words.status,
        results=around.results.get(project.pk, ""),
        notes=row_notes(project, "" if before == f"{numeral}.{number}" else before),
    )


def row_notes(project: Project, before: str) -> str:
    """What the Centre noted, that the project stands above already, that it was stopped."""
    repeated = f"Đề án đã kể ở mục {before}" if before else ""
    stopped = str(Project.Status.STOPPED.label) if project.shown_status == Project.Status.STOPPED else ""
    return "\n".join(filter(None, (stopped, repeated, project.notes)))


def content_columns(year: int, *, is_draft: bool, last_is_executed: bool) -> tuple[Column, ...]:
    last = "Thực hiện" if last_is_executed else "Được duyệt"
    plan = ("requested_vnd", "Đề nghị") if is_draft else ("approved_vnd", "Kế hoạch (sau điều chỉnh)")
    return (
        Column("number", "STT", 6, CellKind.CENTRED),
        Column("label", "Nội dung hoạt động", 44),
        Column("last_vnd", f"{last} năm {year - 1}", 17, CellKind.MONEY),
        Column(plan[0], f"{plan[1]} năm {year}", 17, CellKind.MONEY),
        Column("executed_vnd", f"Thực hiện năm {year}", 17, CellKind.MONEY),
        Column("percent", "Tỷ lệ %", 13, CellKind.PERCENT, ratio_of=("executed_vnd", plan[0])),
    )


AREAS = (
    Column("number", "STT", 6, CellKind.CENTRED),
    Column("label", "Địa bàn", 39),
    Column("project_count", "Số đề án", 11, CellKind.COUNT),
    Column("requested_vnd", "Đề nghị", 15, CellKind.MONEY),
    Column("approved_vnd", "Được duyệt", 15, CellKind.MONEY),
    Column("executed_vnd", "Thực hiện", 15, CellKind.MONEY),
    Column("percent", "Tỷ lệ %", 13, CellKind.PERCENT, ratio_of=("executed_vnd", "approved_vnd")),
)


def content_rows(this_year: RollUp, last_year: RollUp, *, last_is_executed: bool) -> list[AnnualSummaryRow]:
    """This year's contents with last year's beside them, then those that only last year had."""
    now = {row.key: row for row in this_year.rows}
    last = {row.key: row for row in last_year.rows}
    rows = []
    for number, key in enumerate(dict.fromkeys([*now, *last]), start=1):
        money = now[key].money if key in now else Money()
        before = last[key].money if key in last else Money()
        rows.append(
            AnnualSummaryRow(
                number=number,
                label=(now.get(key) or last[key]).label,
                row_key=_row_key(now.get(key) or last[key]),
                last_vnd=before.executed_vnd if last_is_executed else before.approved_vnd,
                requested_vnd=money.requested_vnd,
                approved_vnd=money.approved_vnd,
                executed_vnd=money.executed_vnd,
            )
        )
    return rows


def area_rows(areas: RollUp) -> list[AnnualSummaryRow]:
    return [
        AnnualSummaryRow(
            number=number,
            label=f"{row.label} (chung)" if row.is_shared else row.label,
            row_key=_row_key(row),
            project_count=row.schedule.project_count,
            requested_vnd=row.money.requested_vnd,
            approved_vnd=row.money.approved_vnd,
            executed_vnd=row.money.executed_vnd,
        )
        for number, row in enumerate(areas.rows, start=1)
    ]


def _row_key(row: RollUpRow) -> str:
    return ":".join(text for pair in row.filters.items() for text in pair)


def is_executed_recorded(last_year: RollUp) -> bool:
    """Last year's column shows what was done, or what was approved as long as nothing done is recorded."""
    return add(*(row.money.executed_vnd for row in last_year.rows)) is not None
