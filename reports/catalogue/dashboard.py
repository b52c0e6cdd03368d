"""The year at a glance: reports of the catalogue drawn as bars, with the same table behind each chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khuyencong.accounts.models import Role
from reports.catalogue.asked import Asked
from reports.catalogue.definitions import BY_CODE
from reports.catalogue.figures import Figure
from reports.catalogue.page import Page, PageCell, cell_address, page_of, shown_figure
from reports.catalogue.sheets import columns_of, shown_label
from reports.catalogue.table import ReportRow, ReportTable, Value, work_out
from reports.printing.book import column_labels

Text = str | Promise
FRAME, BETWEEN = 4.5, 0.5  # lines: heading, links and edges of a chart; the room between its groups
MAX_GROUPS = 15  # of a chart; the table behind it has them all


@dataclass(frozen=True)
class ChartPart:
    """A rectangle; ``start`` and ``share`` in % of the chart's width. ``fill`` tells it apart without colour."""

    fill: str
    name: Text
    text: str
    start: float
    share: float
    address: str


@dataclass(frozen=True)
class ChartGroup:
    """What is drawn of one source, status, area, month or project: one part to a bar, or several end to end."""

    label: str
    bars: Sequence[Sequence[ChartPart]]
    address: str = ""


@dataclass(frozen=True)
class Chart:
    """``left_out`` is the number of rows that only the table has."""

    drawing: Drawing
    table: ReportTable
    page: Page
    groups: Sequence[ChartGroup]
    left_out: int = 0

    @property
    def code(self) -> str:
        return self.table.report.code

    @property
    def lines(self) -> float:
        """About as many lines of text as it is high: of its parts, and around them."""
        parts = sum(len(bar) for group in self.groups for bar in group.bars)
        return FRAME + parts + BETWEEN * len(self.groups)


@dataclass(frozen=True)
class Drawing:
    """A report as a chart. ``columns`` are those of its table; ``fills`` of them are drawn, each in its own way.

    With ``stacked_by`` a bar is one column of a section, and its parts are the section's rows.
    """

    code: str
    title: Text
    columns: tuple[str, ...]
    fills: Mapping[str, str]
    stacked_by: str = ""
    is_in_time: bool = False  # of too many rows the last are drawn, not the largest


DRAWINGS = (
    Drawing(
        "sources",
        _("Kinh phí theo nguồn"),
        ("project_count", "assigned_vnd", "approved_vnd", "unallocated_vnd", "paid_vnd", "unpaid_vnd", "paid_percent"),
        {"assigned_vnd": "outline", "approved_vnd": "solid", "paid_vnd": "hatched", "unpaid_vnd": "dotted"},
    ),
    Drawing(
        "status",
        pgettext_lazy("chart", "Tình trạng và tiến độ"),
        ("project_count", "approved_vnd", "paid_vnd"),
        {"on": "solid", "late": "crossed", "was_late": "dotted", "none": "outline"},
        stacked_by="project_count",
    ),
    Drawing(
        "late",
        _("Đề án chậm tiến độ"),
        ("approved_vnd", "executed_vnd", "executed_percent"),
        {"approved_vnd": "solid", "executed_vnd": "hatched"},
    ),
    Drawing(
        "areas",
        _("Theo địa bàn"),
        ("project_count", "on_schedule_count", "late_count", "approved_vnd", "paid_vnd", "paid_percent"),
        {"approved_vnd": "solid", "paid_vnd": "hatched"},
    ),
    Drawing(
        "months",
        _("Giải ngân theo tháng"),
        ("paid_vnd", "paid_so_far_vnd"),
        {"paid_vnd": "hatched", "paid_so_far_vnd": "outline"},
        is_in_time=True,
    ),
)
# What matters most to a role comes first; the rest follows in the usual order.
FIRST: Mapping[str, tuple[str, ...]] = {
    Role.CENTRE_STAFF: ("late", "status"),
    Role.ACCOUNTANT: ("sources", "months"),
    Role.REVIEWER: ("status", "late"),
}


def charts_for(role: str, asked: Asked) -> list[Chart]:
    """In the order that suits the role; a fixed number of queries, whatever the number of projects."""
    first = FIRST.get(role, ())
    order = sorted(DRAWINGS, key=lambda one: first.index(one.code) if one.code in first else len(first))
    return balanced([_chart(drawing, asked.with_columns(drawing.columns)) for drawing in order])


def balanced(charts: Sequence[Chart]) -> list[Chart]:
    """The first two as the role has them, the others so that the two columns of the page, which are filled one after
    the other, end as evenly as they can."""
    orders = [[*charts[:2], *rest] for rest in permutations(charts[2:])]
    return min(orders, key=lambda order: _longer_column([one.lines for one in order]))


def _longer_column(heights: Sequence[float]) -> float:
    """Where the page breaks them best."""
    return min(max(sum(heights[:cut]), sum(heights[cut:])) for cut in range(1, len(heights) + 1))


def totals_of(charts: Iterable[Chart]) -> Sequence[PageCell]:
    """Of all sources together: the figures that head the page."""
    [chart] = [one for one in charts if one.code == "sources"]
    return chart.page.total.cells


def _chart(drawing: Drawing, asked: Asked) -> Chart:
    table = work_out(BY_CODE[drawing.code], asked)
    page = page_of(table, column_labels(columns_of(table)))
    if drawing.stacked_by:
        return Chart(drawing, table, page, _stacks(table, drawing))
    told = [row for row in table.rows if any(row.values[key] is not None for key in drawing.fills)] or table.rows
    rows = _drawn(told, drawing)
    longest = _longest(row.values[key] for row in rows for key in drawing.fills)
    groups = [_group(table, row, drawing, longest) for row in rows]
    return Chart(drawing, table, page, groups, len(told) - len(rows))


def _drawn(rows: Sequence[ReportRow], drawing: Drawing) -> Sequence[ReportRow]:
    if len(rows) <= MAX_GROUPS:
        return rows
    if drawing.is_in_time:
        return rows[-MAX_GROUPS:]
    key = next(iter(drawing.fills))
    return sorted(rows, key=lambda row: -(row.values[key] or 0))[:MAX_GROUPS]


def _group(table: ReportTable, row: ReportRow, drawing: Drawing, longest: float) -> ChartGroup:
    bars = [
        [_part(table, row, key, fill, table.title_of(_figure(table, key)), longest)]
        for key, fill in drawing.fills.items()
    ]
    return ChartGroup(shown_label(row), bars, _project_address(row))


def _stacks(table: ReportTable, drawing: Drawing) -> list[ChartGroup]:
    """One bar to a section, its rows end to end."""
    key = drawing.stacked_by
    longest = _longest(section.sum.values[key] for section in table.sections if section.sum)
    groups = []
    for section in table.sections:
        bar: list[ChartPart] = []
        for row in section.rows:
            start = bar[-1].start + bar[-1].share if bar else 0.0
            bar.append(_part(table, row, key, drawing.fills[row.tokens[-1]], row.label, longest, start))
        groups.append(ChartGroup(section.label, [bar]))
    return groups


def _part(
    table: ReportTable, row: ReportRow, key: str, fill: str, name: Text, longest: float, start: float = 0.0
) -> ChartPart:
    figure, value = _figure(table, key), row.values[key]
    address = "" if value is None else cell_address(table, row, figure)
    share = round(100 * max(value or 0, 0) / longest, 2) if longest else 0.0
    return ChartPart(fill, name, shown_figure(figure, value), round(start, 2), share, address)


def _figure(table: ReportTable, key: str) -> Figure:
    return next(one for one in table.figures if one.key == key)


def _longest(values: Iterable[Value]) -> float:
    return max((value for value in values if value), default=0)


def _project_address(row: ReportRow) -> str:
    return reverse("projects:project_detail", args=[row.project_id]) if row.project_id else ""
