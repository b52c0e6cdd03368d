"""The roll-ups of a year as one ledger: its columns as data, each figure with the address of its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from khuyencong.asof import NOW, AsOf
from khuyencong.money import NOT_RECORDED, format_million
from projects.figures.dimensions import ACTIVITY, AREA, SOURCE, STATUS, Dimension
from projects.figures.rollups import RollUp, RollUpRow, roll_ups
from projects.figures.totals import Schedule
from reports.asking.selection import Selection

Part = RollUpRow | RollUp


@dataclass(frozen=True)
class FigureColumn:
    """``of_what`` says of what a remainder is left. ``filters`` narrow the list that the figure opens."""

    title: str | Promise
    text: Callable[[Part], str]
    of_what: str | Promise = ""
    filters: tuple[tuple[str, str], ...] = ()
    only_for: Dimension | None = None


COLUMNS = (
    FigureColumn(gettext_lazy("Số đề án"), lambda part: str(part.schedule.project_count)),
    FigureColumn(
        gettext_lazy("Đúng tiến độ"),
        lambda part: str(part.schedule.on_schedule_count),
        filters=(("schedule", "on"),),
    ),
    FigureColumn(gettext_lazy("Đề nghị"), lambda part: format_million(part.money.requested_vnd)),
    FigureColumn(
        gettext_lazy("Được giao"),
        lambda part: format_million(part.assigned_vnd),
        only_for=SOURCE,
    ),
    FigureColumn(gettext_lazy("Được duyệt lần đầu"), lambda part: format_million(part.initial_vnd)),
    FigureColumn(gettext_lazy("Sau điều chỉnh"), lambda part: format_million(part.money.approved_vnd)),
    FigureColumn(
        gettext_lazy("Còn chưa phân bổ"),
        lambda part: format_million(part.unallocated_vnd),
        gettext_lazy("(giao − duyệt)"),
        only_for=SOURCE,
    ),
    FigureColumn(
        gettext_lazy("Thực hiện"),
        lambda part: format_million(part.money.executed_vnd),
        gettext_lazy("(theo báo cáo)"),
    ),
    FigureColumn(
        gettext_lazy("Chưa thực hiện"),
        lambda part: format_million(part.money.unexecuted_vnd),
        gettext_lazy("(của phần đã báo cáo thực hiện)"),
    ),
)
TITLES = {
    SOURCE: gettext_lazy("Theo nguồn kinh phí"),
    ACTIVITY: gettext_lazy("Theo nội dung hoạt động"),
    AREA: gettext_lazy("Theo địa bàn"),
    STATUS: gettext_lazy("Theo tình trạng"),
}
NOTES = (
    gettext_lazy("“Thực hiện” là số lũy kế theo báo cáo tiến độ mới nhất. “–” là chưa có số liệu."),
    gettext_lazy(
        "“Còn chưa phân bổ” là phần được giao chưa duyệt cho đề án nào; “Chưa thực hiện” là phần được duyệt chưa thực "
        "hiện của những đề án đã báo cáo số thực hiện."
    ),
)


@dataclass(frozen=True)
class LinkedFigure:
    """``text`` is empty where the column says nothing about the row."""

    column: FigureColumn
    text: str
    address: str

    @property
    def is_link(self) -> bool:
        return bool(self.address) and self.text not in ("", NOT_RECORDED)


@dataclass(frozen=True)
class RollUpTableRow:
    label: str
    figures: list[LinkedFigure]
    status: str = ""
    is_shared: bool = False


@dataclass(frozen=True)
class RollUpTableGroup:
    dimension: Dimension
    title: str | Promise
    rows: list[RollUpTableRow]
    has_repeated_projects: bool


@dataclass(frozen=True)
class RollUpTable:
    """The same projects in four ways, so with one total."""

    groups: list[RollUpTableGroup]
    total: list[LinkedFigure]
    schedule: Schedule
    columns: tuple[FigureColumn, ...] = COLUMNS


def roll_up_table(selection: Selection, as_of: AsOf = NOW) -> RollUpTable:
    found = roll_ups(selection.plans, as_of)

    def figures(part: Part, dimension: Dimension, filters: dict[str, str]) -> list[LinkedFigure]:
        return [
            LinkedFigure(
                column,
                column.text(part) if column.only_for in (None, dimension) else "",
                _address(selection, as_of, column, filters),
            )
            for column in COLUMNS
        ]

    whole = found[SOURCE]
    groups = [_group(roll_up, figures) for roll_up in found.values()]
    return RollUpTable(groups, figures(whole, SOURCE, {}), whole.schedule)


def _group(
    roll_up: RollUp, figures: Callable[[Part, Dimension, dict[str, str]], list[LinkedFigure]]
) -> RollUpTableGroup:
    dimension = roll_up.dimension
    rows = [
        RollUpTableRow(
            row.label,
            figures(row, dimension, row.filters),
            status=row.key if dimension is STATUS else "",
            is_shared=row.is_shared,
        )
        for row in roll_up.rows
    ]
    return RollUpTableGroup(dimension, TITLES[dimension], rows, roll_up.has_repeated_projects)


def _address(selection: Selection, as_of: AsOf, column: FigureColumn, filters: dict[str, str]) -> str:
    """The list of just those rows, under the same organisation and as of the same days."""
    query: dict[str, object] = {"year": selection.year, **filters, **dict(column.filters)}
    if selection.chosen is not None:
        query["organisation"] = selection.chosen.code
    return f"{reverse('projects:project_list')}?{urlencode(query | as_of.parameters)}"
