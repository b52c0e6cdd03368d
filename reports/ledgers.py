"""The roll-ups of a year as one ledger: its columns as data, each figure with the address of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from khuyencong.money import NOT_RECORDED, format_million
from projects.figures import Schedule
from projects.rollups import Dimension, RollUp, RollUpRow
from reports.selection import Selection

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
        only_for=Dimension.SOURCE,
    ),
    FigureColumn(gettext_lazy("Được duyệt"), lambda part: format_million(part.money.approved_vnd)),
    FigureColumn(
        gettext_lazy("Chưa phân bổ"),
        lambda part: format_million(part.unapproved_vnd),
        gettext_lazy("(giao − duyệt)"),
        only_for=Dimension.SOURCE,
    ),
    FigureColumn(
        gettext_lazy("Thực hiện"),
        lambda part: format_million(part.money.executed_vnd),
        gettext_lazy("(theo báo cáo)"),
    ),
    FigureColumn(
        gettext_lazy("Còn lại"),
        lambda part: format_million(part.money.unspent_vnd),
        gettext_lazy("(duyệt − thực hiện)"),
    ),
)
TITLES = {
    Dimension.SOURCE: gettext_lazy("Theo nguồn kinh phí"),
    Dimension.ACTIVITY: gettext_lazy("Theo nội dung hoạt động"),
    Dimension.AREA: gettext_lazy("Theo địa bàn"),
    Dimension.STATUS: gettext_lazy("Theo trạng thái"),
}


@dataclass(frozen=True)
class Figure:
    """``text`` is empty where the column says nothing about the row."""

    column: FigureColumn
    text: str
    address: str

    @property
    def is_link(self) -> bool:
        return bool(self.address) and self.text not in ("", NOT_RECORDED)


@dataclass(frozen=True)
class LedgerRow:
    label: str
    figures: list[Figure]
    status: str = ""
    is_shared: bool = False


@dataclass(frozen=True)
class LedgerGroup:
    dimension: Dimension
    title: str | Promise
    rows: list[LedgerRow]
    has_repeated_projects: bool


@dataclass(frozen=True)
class Ledger:
    """The same projects in four ways, so with one total."""

    groups: list[LedgerGroup]
    total: list[Figure]
    schedule: Schedule
    columns: tuple[FigureColumn, ...] = COLUMNS


def ledger(roll_ups: Mapping[Dimension, RollUp], selection: Selection) -> Ledger:
    whole = roll_ups[Dimension.SOURCE]
    groups = [_group(roll_up, selection) for roll_up in roll_ups.values()]
    return Ledger(groups, _figures(whole, Dimension.SOURCE, {}, selection), whole.schedule)


def _group(roll_up: RollUp, selection: Selection) -> LedgerGroup:
    dimension = roll_up.dimension
    rows = [
        LedgerRow(
            row.label,
            _figures(row, dimension, row.filters, selection),
            status=row.key if dimension is Dimension.STATUS else "",
            is_shared=row.is_shared,
        )
        for row in roll_up.rows
    ]
    return LedgerGroup(dimension, TITLES[dimension], rows, roll_up.has_repeated_projects)


def _figures(part: Part, dimension: Dimension, filters: dict[str, str], selection: Selection) -> list[Figure]:
    figures = []
    for column in COLUMNS:
        text = column.text(part) if column.only_for in (None, dimension) else ""
        figures.append(Figure(column, text, _address(selection, {**filters, **dict(column.filters)})))
    return figures


def _address(selection: Selection, filters: dict[str, str]) -> str:
    """The list of just those rows; none where the list would show more than the figure counts."""
    if not selection.is_whole_year:
        return ""
    return f"{reverse('projects:project_list')}?{urlencode({'year': selection.year, **filters})}"
