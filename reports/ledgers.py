"""A roll-up as the screen shows it: its columns as data, each figure with the address of its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.money import format_million
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
    Dimension.SOURCE: (gettext_lazy("Theo nguồn kinh phí"), gettext_lazy("Nguồn")),
    Dimension.ACTIVITY: (gettext_lazy("Theo nội dung hoạt động"), gettext_lazy("Nội dung")),
    Dimension.AREA: (gettext_lazy("Theo địa bàn"), gettext_lazy("Địa bàn")),
    Dimension.STATUS: (gettext_lazy("Theo trạng thái"), gettext_lazy("Trạng thái")),
}


@dataclass(frozen=True)
class Figure:
    column: FigureColumn
    text: str
    address: str


@dataclass(frozen=True)
class LedgerRow:
    label: str
    figures: list[Figure]
    status: str = ""
    is_shared: bool = False


@dataclass(frozen=True)
class Ledger:
    dimension: Dimension
    title: str | Promise
    label: str | Promise
    columns: list[FigureColumn]
    rows: list[LedgerRow]
    total: LedgerRow
    has_repeated_projects: bool


def ledgers(roll_ups: dict[Dimension, RollUp], selection: Selection) -> list[Ledger]:
    return [_ledger(roll_up, selection) for roll_up in roll_ups.values()]


def _ledger(roll_up: RollUp, selection: Selection) -> Ledger:
    title, label = TITLES[roll_up.dimension]
    columns = [column for column in COLUMNS if column.only_for in (None, roll_up.dimension)]
    rows = [
        LedgerRow(
            row.label,
            _figures(row, columns, row.filters, selection),
            status=row.key if roll_up.dimension is Dimension.STATUS else "",
            is_shared=row.is_shared,
        )
        for row in roll_up.rows
    ]
    total = LedgerRow(_("Tổng cộng"), _figures(roll_up, columns, {}, selection))
    return Ledger(roll_up.dimension, title, label, columns, rows, total, roll_up.has_repeated_projects)


def _figures(
    part: Part, columns: list[FigureColumn], filters: dict[str, str], selection: Selection
) -> list[Figure]:
    return [
        Figure(column, column.text(part), _address(selection, {**filters, **dict(column.filters)}))
        for column in columns
    ]


def _address(selection: Selection, filters: dict[str, str]) -> str:
    """The list of just those rows; none where the list would show more than the figure counts."""
    if not selection.is_whole_year:
        return ""
    return f"{reverse('projects:project_list')}?{urlencode({'year': selection.year, **filters})}"
