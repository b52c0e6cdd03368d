"""Form 2: the projects that the Department registers with the Ministry for national money (field-rules §2, §7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation
from khuyencong.asof import AsOf
from khuyencong.funding import FundingLevel
from khuyencong.money import format_million
from programmes.models import DeadlineRule
from projects.figures.plan_grid import GridRow, PlanGrid, plan_grid
from projects.ledger.optional_amounts import add
from projects.models import Project
from projects.rules.deadlines import days_before
from reports.asking.periods import period_of
from reports.asking.selection import Selection
from reports.printing.book import Book, CellKind, Column, Group, Section, Sheet
from reports.printing.workbook import render
from reports.wording.heads import letterhead, organisation_names
from reports.wording.notes import ASKED_NOTE, DASH_NOTE, bracketed
from reports.wording.project_words import time_of

INSIDE = "Trong đó"
COLUMNS = (
    Column("number", "STT", 5, CellKind.CENTRED),
    Column("name", "Tên đề án", 28),
    Column("organisation", "Đơn vị thực hiện", 18),
    Column("aims", "Mục tiêu và nội dung chính", 32),
    Column("effects", "Dự kiến kết quả đạt được", 24),
    Column("time", "Thời gian", 11, CellKind.CENTRED),
    Column(
        "total_vnd",
        "Tổng kinh phí thực hiện",
        12,
        CellKind.MONEY,
        sum_of=("national_vnd", "counterpart_vnd", "other_vnd"),
    ),
    Column("national_vnd", "Kinh phí khuyến công quốc gia", 12, CellKind.MONEY, INSIDE),
    Column("counterpart_vnd", "Đóng góp của đơn vị thụ hưởng", 13, CellKind.MONEY, INSIDE),
    Column("other_vnd", "Nguồn khác", 11, CellKind.MONEY, INSIDE),
    Column("notes", "Ghi chú", 16, unrecorded=""),
)


@dataclass(frozen=True)
class Form2Row:
    """One project with what it asks for in the national rounds of the year, in đồng."""

    number: int
    project_id: int
    name: str
    organisation: str
    aims: str
    effects: str
    time: str
    national_vnd: int | None
    counterpart_vnd: int | None
    other_vnd: int | None
    notes: str


def form_2_workbook(selection: Selection, *, as_of: AsOf, today: dt.date) -> bytes:
    """The file, always in Vietnamese whatever the language of the interface."""
    return render(form_2_book(selection, as_of=as_of, today=today))


def form_2_book(selection: Selection, *, as_of: AsOf, today: dt.date) -> Book:
    """Projects in national rounds of the year's plans, but for refused and withdrawn ones; what they ask for."""
    with translation.override("vi"):
        year, plans = selection.year, selection.plans
        period, grid = period_of(year), plan_grid(plans, as_of)
        rows = _rows(grid, organisation_names(plans, grid, period.named_on(as_of, today)))
        sheet = Sheet(
            name="Mẫu số 2",
            title=f"BIỂU TỔNG HỢP CHI TIẾT CÁC ĐỀ ÁN ĐĂNG KÝ KẾ HOẠCH KHUYẾN CÔNG QUỐC GIA NĂM {year}",
            columns=COLUMNS,
            sections=[Section("", "", [Group("", rows)])],
            total_title=f"Cộng ({len(rows)} đề án)",
            subtitles=bracketed("Mẫu số 2", selection.scope, as_of),
            notes=[DASH_NOTE, *([ASKED_NOTE] if as_of else [])],
            when_empty="Kế hoạch chưa có đề án nào đăng ký kinh phí khuyến công quốc gia.",
        )
        head = letterhead(registering(selection), period, as_of, today)
        return Book(title=f"Đăng ký khuyến công quốc gia {year}", letterhead=head, sheets=[sheet])


def registering(selection: Selection) -> Organisation:
    """The Department registers the list with the Ministry, also the list of one Centre (field-rules §2)."""
    above = selection.issuer.lineage()
    return next((node for node in above if node.kind == Organisation.Kind.DEPARTMENT), selection.issuer)


def deadline_note(year: int) -> str:
    """By when units send their files and the list has to be registered, with the rules and the doubt about them: for
    whoever takes the file, not for the Ministry that gets it."""
    rules = list(DeadlineRule.objects.for_judging())
    parts = (
        (DeadlineRule.Subject.FILE, _("Đơn vị gửi hồ sơ về Sở Công Thương trước ngày %(day)s.")),
        (
            DeadlineRule.Subject.REGISTRATION,
            _("Thời hạn đăng ký Mẫu số 2 của năm %(year)s với Bộ Công Thương: trước ngày %(day)s."),
        ),
    )
    said = []
    for subject, text in parts:
        if found := days_before(rules, subject, year):
            day, rule = found
            said.append(text % {"year": year, "day": f"{day:%d/%m/%Y} {rule.citation}".rstrip()})
    return " ".join(said)


def _rows(grid: PlanGrid, names: dict[int, str]) -> list[Form2Row]:
    by_project: dict[Project, list[GridRow]] = {}
    city: dict[int, int] = {}
    for row in grid.rows:
        if row.line.round.level == FundingLevel.NATIONAL:
            by_project.setdefault(row.project, []).append(row)
        elif row.money.requested_vnd is not None:
            city[row.project.pk] = city.get(row.project.pk, 0) + row.money.requested_vnd
    return [
        _row(number, project, rows, names, city.get(project.pk))
        for number, (project, rows) in enumerate(by_project.items(), start=1)
    ]


def _row(
    number: int, project: Project, rows: Iterable[GridRow], names: dict[int, str], city_vnd: int | None
) -> Form2Row:
    rows = list(rows)
    also = (
        ""
        if city_vnd is None
        else f"Đề nghị thêm kinh phí khuyến công địa phương: {format_million(city_vnd)} triệu đồng"
    )
    return Form2Row(
        number=number,
        project_id=project.pk,
        name=project.name,
        organisation=names[project.organisation_id],
        aims="\n".join(filter(None, (project.aims, project.contents))),
        effects=project.effects,
        time=time_of(project.start_on, project.end_on),
        national_vnd=add(*(row.money.requested_vnd for row in rows)),
        counterpart_vnd=add(*(row.counterpart_vnd for row in rows)),
        other_vnd=add(*(row.other_vnd for row in rows)),
        notes="\n".join(filter(None, (project.notes, also))),
    )
