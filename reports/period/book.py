"""The workbook of a quarter, half year, month or any dates: sums, progress, delays (field-rules §2, §7, §8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.utils import translation

from khuyencong.asof import AsOf
from khuyencong.money import format_million
from programmes.models import ActivityType, FundingSource
from projects.figures.flows import (
    CONTENT,
    Flow,
    contract_labels,
    flows,
    late_projects,
    paid_between,
)
from projects.figures.latest_reports import latest_reports
from projects.figures.plan_grid import NUMERALS, GridRow, PlanGrid, plan_grid
from projects.figures.totals import total
from projects.models import PastRecord, ProgressReport, Project
from reports.annual.book import is_approved
from reports.asking.periods import Period
from reports.asking.selection import Selection
from reports.period.rows import (
    LAST_YEAR,
    LATE,
    PROGRESS,
    SUMMARY,
    UNDATED,
    UNTIL,
    LateRow,
    PeriodSummaryRow,
    ProgressRow,
)
from reports.printing.book import Book, Column, Group, Section, Sheet
from reports.printing.workbook import render
from reports.wording.heads import letterhead, organisation_names
from reports.wording.notes import DASH_NOTE, REPEATED_NOTE, TOTAL, bracketed
from reports.wording.project_words import beneficiaries_of

PAID_NOTE = (
    "Tạm ứng: đã trừ thu hồi. Đã chi: tạm ứng và thanh toán theo chứng từ của Trung tâm, đã trừ thu hồi, của các đề án "
    "trong kế hoạch năm."
)
EXECUTED_NOTE = "Thực hiện: số lũy kế theo báo cáo tiến độ mới nhất của các tháng đã kết thúc đến ngày của số liệu."
SHARE_NOTE = "Tỷ lệ: kinh phí đã thực hiện so với kinh phí theo hợp đồng."
UNDATED_NOTE = (
    "Duyệt, chưa rõ ngày: kinh phí duyệt, điều chỉnh theo văn bản chưa rõ ngày, tính trong năm và không tính vào quý, "
    "tháng hay 6 tháng nào; cộng các kỳ trong năm với cột này thì bằng số của cả năm."
)
OLDER_NOTE = "Đề án không có báo cáo trong kỳ ghi theo báo cáo gần nhất trước đó, có nêu tháng."
LATE_NOTE = "Đề án đang thực hiện mà báo cáo tiến độ mới nhất đến ngày của số liệu ghi là chậm."


@dataclass(frozen=True)
class PeriodFacts:
    """What the sheets are made of, as of the last day of which the period speaks. ``last`` is of the year before, None
    where it has no plan."""

    period: Period
    scope: str
    as_of: AsOf
    grid: PlanGrid
    names: Mapping[int, str]
    flows: Mapping[Any, Flow]
    last: Mapping[Any, Flow] | None
    paid_for_last_vnd: int | None
    reports: Mapping[int, ProgressReport]
    past: Mapping[int, str]
    contracts: Mapping[tuple[int, int], list[str]]
    late: set[int]
    is_over: bool


def period_workbook(selection: Selection, period: Period, *, as_of: AsOf, today: dt.date) -> bytes:
    """The file, always in Vietnamese whatever the language of the interface."""
    with translation.override("vi"):
        return render(period_book(selection, period, as_of=as_of, today=today))


def period_book(selection: Selection, period: Period, *, as_of: AsOf, today: dt.date) -> Book:
    """The period is shorter than a year; what was asked may put its figures back to an earlier day or recording."""
    with translation.override("vi"):
        facts = _read(selection, period, as_of, today)
        return Book(
            title=f"Khuyến công {period}",
            letterhead=letterhead(selection.issuer, period, as_of, today),
            sheets=[_summary(facts), _progress(facts), _late(facts)],
        )


def _read(selection: Selection, period: Period, asked: AsOf, today: dt.date) -> PeriodFacts:
    as_of, plans, last_plans = period.as_of(asked, today), selection.plans, selection.last_plans
    grid = plan_grid(plans, as_of)
    # As many days of the year before as this period has figures of, so that like is compared with like.
    before = Period(period.kind, period.start, as_of.effective_on or period.end).back(1)
    then = AsOf(before.end, as_of.recorded_on)
    return PeriodFacts(
        period=period,
        scope=selection.scope,
        as_of=as_of,
        grid=grid,
        names=organisation_names(plans, grid, period.named_on(asked, today)),
        flows=flows(plans, period.start, as_of),
        last=flows(last_plans, before.start, then, CONTENT) if last_plans else None,
        paid_for_last_vnd=paid_between(last_plans, period.start, as_of) if last_plans else None,
        reports=latest_reports(plans, as_of),
        past=PastRecord.objects.words_of(Project.objects.in_plans(plans).values("pk"), as_of),
        contracts=contract_labels(plans, as_of),
        late=late_projects(plans, as_of),
        is_over=period.end <= today,
    )


def _summary(facts: PeriodFacts) -> Sheet:
    sections = _summary_sections(facts)
    has_undated = any(row.undated_vnd is not None for section in sections for row in section.rows)
    notes = [PAID_NOTE, EXECUTED_NOTE, *([UNDATED_NOTE] if has_undated else [])]
    if facts.paid_for_last_vnd is not None:
        paid, year = format_million(facts.paid_for_last_vnd), facts.period.year - 1
        notes.append(f"Ngoài ra, trong kỳ đã chi {paid} triệu đồng cho các đề án của kế hoạch năm {year}.")
    return Sheet(
        name="Tổng hợp",
        title=f"TỔNG HỢP THỰC HIỆN KẾ HOẠCH KHUYẾN CÔNG {str(facts.period).upper()}",
        columns=_summary_columns(has_undated=has_undated, has_last=facts.last is not None),
        sections=sections,
        total_title=TOTAL,
        subtitles=_subtitles(facts),
        notes=[DASH_NOTE, *notes],
        when_empty="Kế hoạch chưa có đề án nào.",
    )


def _summary_columns(*, has_undated: bool, has_last: bool) -> tuple[Column, ...]:
    """What is in the year and in no period stands beside what is in the period."""
    place = next(n for n, column in enumerate(SUMMARY) if column.group == UNTIL)
    undated = (UNDATED,) if has_undated else ()
    return (*SUMMARY[:place], *undated, *SUMMARY[place:], *(LAST_YEAR if has_last else ()))


def _summary_sections(facts: PeriodFacts) -> list[Section]:
    """Sources and contents of this year's grid, then those that only the year before had."""
    last = dict(facts.last or {})
    by_source: dict[FundingSource, list[PeriodSummaryRow]] = {}
    for section in facts.grid.sections:
        rows = by_source.setdefault(section.source, [])
        for number, group in enumerate(section.groups, start=1):
            activity = group.activity
            flow = sum((facts.flows.get(row.key, Flow()) for row in group.rows), start=Flow())
            label, code = (activity.short_name, activity.code) if activity else ("Chưa chọn nội dung", "none")
            before = last.pop((section.source.pk, activity.pk if activity else None), Flow())
            money, codes = group.money, (section.source.code, code)
            rows.append(PeriodSummaryRow.of(number, label, codes, money.approved_vnd, money.executed_vnd, flow, before))
    _add_last_year(by_source, last)
    found = sorted(by_source.items(), key=lambda item: item[0].position)
    return [
        Section(NUMERALS[place], source.name, [Group("", rows)], "Cộng") for place, (source, rows) in enumerate(found)
    ]


def _add_last_year(by_source: dict[FundingSource, list[PeriodSummaryRow]], last: Mapping[Any, Flow]) -> None:
    """What this year has nothing of; only money that the columns show makes a row."""
    left = {key: flow for key, flow in last.items() if (flow.paid_vnd, flow.executed_vnd) != (None, None)}
    if not left:
        return
    sources = FundingSource.objects.in_bulk({source for source, _activity in left})
    activities = ActivityType.objects.in_bulk({activity for _source, activity in left})
    for (source, activity), flow in sorted(left.items(), key=lambda item: activities[item[0][1]].code):
        rows = by_source.setdefault(sources[source], [])
        content = activities[activity]
        codes = (sources[source].code, content.code)
        rows.append(PeriodSummaryRow.of(len(rows) + 1, content.short_name, codes, None, None, Flow(), flow))


def _progress(facts: PeriodFacts) -> Sheet:
    sections: list[Section] = []
    for section in facts.grid.sections:
        rows = _progress_rows(facts, [row for row in section.rows if is_approved(row)])
        if rows:
            title = _counted("Cộng", rows)
            sections.append(Section(NUMERALS[len(sections)], section.source.name, [Group("", rows)], title))
    rows = [row for section in sections for row in section.rows]
    repeated = [REPEATED_NOTE] if len({row.project_id for row in rows}) < len(rows) else []
    return Sheet(
        name="Tiến độ đề án",
        title=f"TIẾN ĐỘ THỰC HIỆN ĐỀ ÁN KHUYẾN CÔNG {str(facts.period).upper()}",
        columns=PROGRESS,
        sections=sections,
        total_title=_counted(TOTAL, rows),
        subtitles=_subtitles(facts),
        notes=[DASH_NOTE, EXECUTED_NOTE, SHARE_NOTE, OLDER_NOTE, *repeated],
        when_empty="Đến ngày của số liệu chưa có đề án nào được phê duyệt.",
    )


def _progress_rows(facts: PeriodFacts, rows: Iterable[GridRow]) -> list[ProgressRow]:
    """Contents of one project from one source stand in one row."""
    found, numbers = [], count(1)
    for project, parts in _by_project(rows).items():
        flow = sum((facts.flows.get(row.key, Flow()) for row in parts), start=Flow())
        keys = dict.fromkeys((row.line.pk, row.source.pk) for row in parts)
        labels = dict.fromkeys(label for key in keys for label in facts.contracts.get(key, []))
        found.append(
            ProgressRow(
                number=next(numbers),
                project_id=project.pk,
                contracts="\n".join(labels),
                name=project.name,
                beneficiaries=beneficiaries_of(project),
                places=project.area_text,
                contracted_vnd=flow.contracted_vnd,
                advanced_vnd=flow.advanced_vnd,
                done=_done(facts, project),
                executed_vnd=total(row.money for row in parts).executed_vnd,
                due=_due(project),
                difficulties=_words(facts.reports.get(project.pk), "difficulties"),
            )
        )
    return found


def _late(facts: PeriodFacts) -> Sheet:
    rows, numbers = [], count(1)
    for project, parts in _by_project(facts.grid.rows).items():
        if project.pk not in facts.late:
            continue
        money, report = total(row.money for row in parts), facts.reports[project.pk]
        rows.append(
            LateRow(
                number=next(numbers),
                project_id=project.pk,
                name=project.name,
                organisation=facts.names[project.organisation_id],
                beneficiaries=beneficiaries_of(project),
                places=project.area_text,
                approved_vnd=money.approved_vnd,
                executed_vnd=money.executed_vnd,
                month=f"{report.month:%m/%Y}",
                volume=report.percent,
                due=_due(project),
                difficulties=report.difficulties,
                next_steps=report.next_steps,
            )
        )
    return Sheet(
        name="Chậm tiến độ",
        title=f"ĐỀ ÁN KHUYẾN CÔNG CHẬM TIẾN ĐỘ {str(facts.period).upper()}",
        columns=LATE,
        sections=[Section("", "", [Group("", rows)])],
        total_title=_counted(TOTAL, rows),
        subtitles=_subtitles(facts),
        notes=[DASH_NOTE, LATE_NOTE, EXECUTED_NOTE],
        when_empty="Không có đề án nào mà báo cáo tiến độ ghi là chậm.",
    )


def _by_project(rows: Iterable[GridRow]) -> dict[Project, list[GridRow]]:
    found: dict[Project, list[GridRow]] = {}
    for row in rows:
        found.setdefault(row.project, []).append(row)
    return found


def _counted(title: str, rows: Iterable[ProgressRow | LateRow]) -> str:
    """“Tổng cộng (5 đề án)”, each project once."""
    return f"{title} ({len({row.project_id for row in rows})} đề án)"


def _subtitles(facts: PeriodFacts) -> list[str]:
    found = bracketed(facts.scope, facts.as_of)
    if not facts.is_over:
        found.append("(Kỳ báo cáo chưa kết thúc)")
    if facts.grid.money.approved_vnd is None:
        found.append("(Đến ngày của số liệu chưa có đề án nào được phê duyệt)")
    return found


def _done(facts: PeriodFacts, project: Project) -> str:
    """Volume and words of the latest report; one from before the period says of which month it is. Of a past record
    what its file says."""
    report = facts.reports.get(project.pk)
    if report is None:
        return facts.past.get(project.pk, "")
    month = report.month
    is_older = month < facts.period.start.replace(day=1)
    older = f"(Báo cáo tháng {month.month}/{month.year})" if is_older else ""
    volume = "" if report.percent is None else f"Đạt {report.percent}% khối lượng."
    return "\n".join(filter(None, (older, volume, report.done)))


def _words(report: ProgressReport | None, name: str) -> str:
    return "" if report is None else getattr(report, name)


def _due(project: Project) -> str:
    return f"{project.end_on:%d/%m/%Y}" if project.end_on else ""
