"""Rows and columns of the report of a quarter or half year (field-rules §7, forms 3a, 3b): sums, progress, delays."""

from __future__ import annotations

from dataclasses import dataclass

from projects.figures.flows import Flow
from reports.printing.book import CellKind, Column

INSIDE, UNTIL, SHARE, LAST = "Trong kỳ", "Lũy kế đến hết kỳ", "So với kế hoạch (%)", "Cùng kỳ năm trước"

SUMMARY = (
    Column("number", "STT", 5, CellKind.CENTRED),
    Column("label", "Nguồn kinh phí, nội dung hoạt động", 38),
    Column("approved_vnd", "Kế hoạch năm (sau điều chỉnh)", 12, CellKind.MONEY),
    Column("first_in_vnd", "Duyệt lần đầu", 9.5, CellKind.MONEY, INSIDE),
    Column("adjusted_in_vnd", "Điều chỉnh tăng, giảm", 10, CellKind.MONEY, INSIDE),
    Column("advanced_in_vnd", "Tạm ứng", 9.5, CellKind.MONEY, INSIDE),
    Column("paid_in_vnd", "Thanh toán", 10.5, CellKind.MONEY, INSIDE),
    Column("settled_in_vnd", "Quyết toán", 10.5, CellKind.MONEY, INSIDE),
    Column("paid_vnd", "Đã chi", 9.5, CellKind.MONEY, UNTIL),
    Column("executed_vnd", "Thực hiện theo báo cáo", 10, CellKind.MONEY, UNTIL),
    Column("settled_vnd", "Quyết toán", 10.5, CellKind.MONEY, UNTIL),
    Column("paid_percent", "Đã chi", 10, CellKind.PERCENT, SHARE, ratio_of=("paid_vnd", "approved_vnd")),
    Column("executed_percent", "Thực hiện", 10.5, CellKind.PERCENT, SHARE, ratio_of=("executed_vnd", "approved_vnd")),
)
# Only where a letter of the plan is of unknown day: what it approved is in no period, and not to be missed.
UNDATED = Column("undated_vnd", "Duyệt, chưa rõ ngày", 10, CellKind.MONEY, "Trong năm")
LAST_YEAR = (
    Column("last_paid_vnd", "Đã chi", 10, CellKind.MONEY, LAST),
    Column("last_executed_vnd", "Thực hiện", 10, CellKind.MONEY, LAST),
)

PROGRESS = (
    Column("number", "STT", 5, CellKind.CENTRED),
    Column("contracts", "Số, ngày hợp đồng", 16.5),
    Column("name", "Tên đề án", 26),
    Column("beneficiaries", "Đơn vị thụ hưởng", 20),
    Column("places", "Địa điểm", 16),
    Column("contracted_vnd", "Kinh phí theo hợp đồng", 11, CellKind.MONEY),
    Column("advanced_vnd", "Đã tạm ứng", 10, CellKind.MONEY),
    Column("done", "Khối lượng, nội dung đã thực hiện", 26),
    Column("executed_vnd", "Kinh phí đã thực hiện", 11, CellKind.MONEY),
    # A sum would set what was done without a contract against the contracts of others.
    Column(
        "percent",
        "Tỷ lệ %",
        8.5,
        CellKind.PERCENT,
        ratio_of=("executed_vnd", "contracted_vnd"),
        has_ratio_of_sums=False,
    ),
    Column("due", "Dự kiến hoàn thành", 12, CellKind.CENTRED),
    Column("difficulties", "Khó khăn, kiến nghị", 22, unrecorded=""),
)

LATE = (
    Column("number", "STT", 5, CellKind.CENTRED),
    Column("name", "Tên đề án", 28),
    Column("organisation", "Đơn vị thực hiện", 17),
    Column("beneficiaries", "Đơn vị thụ hưởng", 20),
    Column("places", "Địa điểm", 16),
    Column("approved_vnd", "Kế hoạch (sau điều chỉnh)", 11, CellKind.MONEY),
    Column("executed_vnd", "Thực hiện", 10, CellKind.MONEY),
    Column("percent", "Tỷ lệ %", 8.5, CellKind.PERCENT, ratio_of=("executed_vnd", "approved_vnd")),
    Column("month", "Báo cáo tháng", 10, CellKind.CENTRED),
    Column("volume", "Khối lượng (%)", 10, CellKind.FIGURE),
    Column("due", "Dự kiến hoàn thành", 12, CellKind.CENTRED),
    Column("difficulties", "Khó khăn, kiến nghị", 24),
    Column("next_steps", "Việc làm tiếp theo", 20),
)


@dataclass(frozen=True)
class PeriodSummaryRow:
    """One content under one source. Money in đồng; “in” is inside the period. The codes open its projects."""

    number: int
    label: str
    source_code: str
    activity_code: str
    approved_vnd: int | None
    first_in_vnd: int | None
    adjusted_in_vnd: int | None
    advanced_in_vnd: int | None
    paid_in_vnd: int | None
    settled_in_vnd: int | None
    undated_vnd: int | None
    paid_vnd: int | None
    executed_vnd: int | None
    settled_vnd: int | None
    last_paid_vnd: int | None
    last_executed_vnd: int | None

    @classmethod
    def of(
        cls,
        number: int,
        label: str,
        codes: tuple[str, str],
        approved_vnd: int | None,
        executed_vnd: int | None,
        flow: Flow,
        last: Flow,
    ) -> PeriodSummaryRow:
        """From this year's flow and that of the same period of the year before."""
        return cls(
            number=number,
            label=label,
            source_code=codes[0],
            activity_code=codes[1],
            approved_vnd=approved_vnd,
            first_in_vnd=flow.first_in_vnd,
            adjusted_in_vnd=flow.adjusted_in_vnd,
            advanced_in_vnd=flow.advanced_in_vnd,
            paid_in_vnd=flow.paid_in_vnd,
            settled_in_vnd=flow.settled_in_vnd,
            undated_vnd=flow.undated_vnd,
            paid_vnd=flow.paid_vnd,
            executed_vnd=executed_vnd,
            settled_vnd=flow.settled_vnd,
            last_paid_vnd=last.paid_vnd,
            last_executed_vnd=last.executed_vnd,
        )


@dataclass(frozen=True)
class ProgressRow:
    """One project under one source, by its latest report. Money in đồng."""

    number: int
    project_id: int
    contracts: str
    name: str
    beneficiaries: str
    places: str
    contracted_vnd: int | None
    advanced_vnd: int | None
    done: str
    executed_vnd: int | None
    due: str
    difficulties: str


@dataclass(frozen=True)
class LateRow:
    """One project that its latest report says is late. Money of all state sources in đồng, volume in %."""

    number: int
    project_id: int
    name: str
    organisation: str
    beneficiaries: str
    places: str
    approved_vnd: int | None
    executed_vnd: int | None
    month: str
    volume: int | None
    due: str
    difficulties: str
    next_steps: str
