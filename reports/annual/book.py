"""The workbook of a year: list, results, by content, indicators, by area (field-rules §7, §8)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.utils import translation

from khuyencong.asof import AsOf
from khuyencong.official import DocumentHead
from programmes.models import Decision
from projects.figures.dimensions import ACTIVITY, AREA, Dimension
from projects.figures.flows import flows
from projects.figures.plan_grid import GridRow, PlanGrid, approving_decisions, latest_results, plan_grid
from projects.figures.rollups import RollUp, roll_up, roll_ups
from reports.annual.indicators import indicator_sheet
from reports.annual.rows import (
    AREAS,
    CATALOGUE,
    RESULTS,
    Surroundings,
    area_rows,
    content_columns,
    content_rows,
    is_executed_recorded,
    project_sections,
    with_project_count,
    with_room,
)
from reports.asking.periods import period_of
from reports.asking.selection import Selection
from reports.printing.book import Book, Group, Section, Sheet
from reports.printing.workbook import render
from reports.wording.heads import letterhead, organisation_names
from reports.wording.letters import issued_with
from reports.wording.notes import (
    ASKED_NOTE,
    DASH_NOTE,
    EXECUTED_NOTE,
    PAID_NOTE,
    REPEATED_NOTE,
    TOTAL,
    WAITING_NOTE,
    bracketed,
)


@dataclass(frozen=True)
class YearFacts:
    """What the sheets are made of."""

    year: int
    scope: str
    is_draft: bool
    is_fallback: bool
    as_of: AsOf
    grid: PlanGrid
    around: Surroundings
    roll_ups: dict[Dimension, RollUp]
    last_year: RollUp
    decisions: list[Decision]

    @cached_property
    def approved(self) -> list[Section]:
        """Sections of what was approved: the list, unless it is a draft, and the results."""
        return project_sections(self.grid, is_approved, self.around)


def annual_workbook(selection: Selection, *, as_of: AsOf, is_draft: bool, today: dt.date) -> bytes:
    """The file, always in Vietnamese whatever the language of the interface."""
    with translation.override("vi"):
        return render(annual_book(selection, as_of=as_of, is_draft=is_draft, today=today))


def annual_book(selection: Selection, *, as_of: AsOf, is_draft: bool, today: dt.date) -> Book:
    """As long as nothing is approved, the draft stands in for the list."""
    facts = read_year(selection, as_of, is_draft, today)
    return Book(
        title=f"Khuyến công {selection.year}",
        letterhead=letterhead_of_year(selection, as_of=as_of, today=today),
        sheets=[
            _catalogue(facts),
            _results(facts),
            _by_content(facts),
            indicator_sheet(facts.year, _subtitles(facts)),
            _by_area(facts),
        ],
    )


def letterhead_of_year(selection: Selection, *, as_of: AsOf, today: dt.date) -> DocumentHead:
    return letterhead(selection.issuer, period_of(selection.year), as_of, today)


def read_year(selection: Selection, as_of: AsOf, is_draft: bool, today: dt.date) -> YearFacts:
    plans = selection.plans
    grid = plan_grid(plans, as_of)
    is_fallback = not is_draft and grid.money.approved_vnd is None
    is_draft = is_draft or is_fallback
    return YearFacts(
        year=selection.year,
        scope=selection.scope,
        is_draft=is_draft,
        is_fallback=is_fallback,
        as_of=as_of,
        grid=grid,
        around=Surroundings(
            is_draft=is_draft,
            names=organisation_names(plans, grid, period_of(selection.year).named_on(as_of, today)),
            results=latest_results(plans, as_of),
            flows=flows(plans, None, as_of),
        ),
        roll_ups=roll_ups(plans, as_of),
        last_year=roll_up(selection.last_plans, ACTIVITY, as_of),
        decisions=[] if is_draft else approving_decisions(plans, as_of),
    )


def _catalogue(facts: YearFacts) -> Sheet:
    sections = project_sections(facts.grid, _every_row, facts.around) if facts.is_draft else facts.approved
    title = f"DANH MỤC ĐỀ ÁN KHUYẾN CÔNG NĂM {facts.year}"
    note = ""
    if facts.is_draft:
        title = f"DỰ THẢO {title}"
        note = "(Kinh phí ghi theo đề nghị)"
    if facts.is_fallback:
        note = "(Chưa có đề án nào được phê duyệt; kinh phí ghi theo đề nghị)"
    rows = [row for section in sections for row in section.rows]
    return Sheet(
        name="Danh mục",
        title=title,
        columns=with_room(CATALOGUE, rows),
        sections=sections,
        total_title=with_project_count(TOTAL, rows),
        subtitles=_subtitles(facts, note, issued_with(facts.decisions)),
        notes=_notes(*_asked_note(facts), is_repeated=len({row.project_id for row in rows}) < len(rows)),
        when_empty="Kế hoạch chưa có đề án nào.",
    )


def _results(facts: YearFacts) -> Sheet:
    rows = [row for section in facts.approved for row in section.rows]
    return Sheet(
        name="Kết quả",
        title=f"KẾT QUẢ THỰC HIỆN KẾ HOẠCH KHUYẾN CÔNG NĂM {facts.year}",
        columns=RESULTS,
        sections=facts.approved,
        total_title=with_project_count(TOTAL, rows),
        subtitles=_subtitles(facts),
        notes=_notes(
            EXECUTED_NOTE,
            PAID_NOTE,
            is_repeated=len({row.project_id for row in rows}) < len(rows),
        ),
        when_empty="Chưa có đề án nào được phê duyệt.",
    )


def _by_content(facts: YearFacts) -> Sheet:
    last_is_executed = is_executed_recorded(facts.last_year)
    rows = content_rows(facts.roll_ups[ACTIVITY], facts.last_year, last_is_executed=last_is_executed)
    return Sheet(
        name="Theo nội dung",
        title=f"KINH PHÍ KHUYẾN CÔNG NĂM {facts.year} THEO NỘI DUNG HOẠT ĐỘNG",
        columns=content_columns(facts.year, is_draft=facts.is_draft, last_is_executed=last_is_executed),
        sections=[Section("", "", [Group("", rows)])],
        total_title=TOTAL,
        subtitles=_subtitles(facts),
        notes=_notes(),
        when_empty="Kế hoạch chưa có đề án nào.",
    )


def _by_area(facts: YearFacts) -> Sheet:
    waiting = any(not is_approved(row) for row in facts.grid.rows)
    return Sheet(
        name="Theo địa bàn",
        title=f"ĐỀ ÁN KHUYẾN CÔNG NĂM {facts.year} THEO ĐỊA BÀN",
        columns=AREAS,
        sections=[Section("", "", [Group("", area_rows(facts.roll_ups[AREA]))])],
        total_title=TOTAL,
        subtitles=_subtitles(facts),
        notes=_notes(
            "“(chung)”: đề án của nhiều địa bàn, kinh phí không tách riêng cho từng nơi, tính một đề án.",
            *([WAITING_NOTE] if waiting else []),
            *_asked_note(facts),
        ),
        when_empty="Kế hoạch chưa có đề án nào.",
    )


def _every_row(row: GridRow) -> bool:
    return True


def is_approved(row: GridRow) -> bool:
    return row.money.approved_vnd is not None


def _subtitles(facts: YearFacts, *texts: str) -> list[str]:
    return [text for text in (*texts, *bracketed(facts.scope, facts.as_of)) if text]


def _asked_note(facts: YearFacts) -> list[str]:
    return [ASKED_NOTE] if facts.as_of else []


def _notes(*texts: str, is_repeated: bool = False) -> list[str]:
    return [DASH_NOTE, *texts, *([REPEATED_NOTE] if is_repeated else [])]
