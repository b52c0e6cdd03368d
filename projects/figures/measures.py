"""Every figure of reports with its rule in words and its rows: what is summed is what opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khuyencong.asof import NOW, AsOf
from khuyencong.funding import LATER_NATURES, STATE_LEVELS, FundingLevel, Nature
from programmes.models.decision import DATED, UNDATED
from projects.models import (
    ApprovalEntry,
    ContractEntry,
    CostLine,
    Direction,
    ExecutedAmount,
    Pace,
    PaymentEntry,
    SettlementEntry,
)
from projects.models.money import in_column
from projects.models.payments import ADVANCES

Text = str | Promise
EVERYTHING = Q()


@dataclass(frozen=True)
class Measure:
    """Money by line × content × source, in đồng: the rows of ``table`` that count as of a day, ``only`` some of them.

    Measures of one table are summed together, in one pass over it. ``dated`` are the rows of which it is known in
    which part of a year they belong.
    """

    key: str
    title: Text
    rule: Text
    table: Callable[[AsOf], Any]
    only: Q = EVERYTHING
    dated: Q = EVERYTHING

    def since(self, day: dt.date | None) -> Measure:
        """What counts from that day on, summed in the same pass as the whole."""
        if day is None:
            return self
        return replace(self, key=f"{self.key}_since", only=self.only & self.dated & Q(effective_on__gte=day))

    def of(self, as_of: AsOf = NOW, since: dt.date | None = None) -> Any:
        """The rows as of then; with ``since`` only those that count from that day on."""
        return rows_of(self.table, as_of, since).filter(self.only)


def rows_of(table: Callable[[AsOf], Any], as_of: AsOf = NOW, since: dt.date | None = None) -> Any:
    """Of a table, before any measure chooses among them."""
    return table(as_of) if since is None else table(as_of).since(since)


def costs(as_of: AsOf) -> Any:
    return CostLine.objects.all()


def approvals(as_of: AsOf) -> Any:
    return ApprovalEntry.objects.effective_by(as_of)


def contracts(as_of: AsOf) -> Any:
    return ContractEntry.objects.effective_by(as_of).state_money()


def payments(as_of: AsOf) -> Any:
    return PaymentEntry.objects.effective_by(as_of).state_money()


def settlements(as_of: AsOf) -> Any:
    return SettlementEntry.objects.effective_by(as_of).state_money()


def reports(as_of: AsOf) -> Any:
    return ExecutedAmount.objects.latest_of_each(as_of)


REQUESTED = Measure(
    "requested_vnd",
    _("Đề nghị"),
    _("Tổng dự toán (Mẫu số 1) đề nghị từ kinh phí khuyến công, theo bản hiện nay."),
    costs,
    Q(source__level__in=STATE_LEVELS),
)
INITIAL = Measure(
    "initial_vnd",
    _("Được duyệt lần đầu"),
    _("Kinh phí duyệt lần đầu theo các quyết định, đã đính chính sai sót khi nhập, chưa kể bổ sung và điều chỉnh."),
    approvals,
    in_column(Nature.INITIAL),
    DATED,
)
CHANGED = Measure(
    "changed_vnd",
    _("Bổ sung, điều chỉnh"),
    _("Phần bổ sung, điều chỉnh, ngừng thực hiện và chuyển nguồn sau lần duyệt đầu; số âm là giảm."),
    approvals,
    in_column(*LATER_NATURES),
    DATED,
)
APPROVED = Measure(
    "approved_vnd",
    _("Sau điều chỉnh"),
    _("Kinh phí được duyệt sau mọi lần bổ sung, điều chỉnh, ngừng thực hiện có hiệu lực đến ngày của số liệu."),
    approvals,
    dated=DATED,
)
UNDATED_APPROVED = Measure(
    "undated_vnd",
    _("Duyệt, chưa rõ ngày"),
    _(
        "Kinh phí được duyệt, điều chỉnh theo các văn bản chưa rõ ngày: tính trong năm, không tính vào quý, tháng hay "
        "6 tháng nào. Cộng các kỳ trong năm với cột này thì bằng số của cả năm."
    ),
    approvals,
    UNDATED,
)
CONTRACTED = Measure(
    "contracted_vnd",
    pgettext_lazy("figure", "Hợp đồng"),
    _("Giá trị các hợp đồng và phụ lục đã ký."),
    contracts,
)
RECEIVED = Measure(
    "received_vnd",
    _("Đã cấp về"),
    _("Kinh phí Kho bạc Nhà nước, Bộ đã cấp về Trung tâm, trừ phần nộp trả."),
    payments,
    Q(voucher__direction=Direction.IN),
)
ADVANCED = Measure(
    "advanced_vnd",
    _("Tạm ứng"),
    _("Trung tâm đã tạm ứng cho đề án, trừ phần thu hồi."),
    payments,
    ADVANCES,
)
PAID = Measure(
    "paid_vnd",
    _("Đã chi"),
    _("Trung tâm đã tạm ứng và thanh toán theo chứng từ, trừ phần thu hồi."),
    payments,
    Q(voucher__direction=Direction.OUT),
)
EXECUTED = Measure(
    "executed_vnd",
    _("Thực hiện"),
    _("Số lũy kế đã thực hiện theo báo cáo tiến độ mới nhất."),
    reports,
)
SETTLED = Measure(
    "settled_vnd",
    pgettext_lazy("figure", "Quyết toán"),
    _("Số được chấp nhận quyết toán theo hồ sơ."),
    settlements,
)
PROMISED = Measure(
    "counterpart_vnd",
    _("Đối ứng cam kết"),
    _("Vốn của đơn vị thụ hưởng theo dự toán (Mẫu số 1), theo bản hiện nay."),
    costs,
    Q(source__level=FundingLevel.COUNTERPART),
)


@dataclass(frozen=True)
class Count:
    """Projects, each counted once: those that keep that pace, or without one all of them."""

    key: str
    title: Text
    rule: Text
    pace: Pace | None = None

    def takes(self, pace: str) -> bool:
        return self.pace is None or pace == self.pace


PROJECTS = Count(
    "project_count",
    _("Số đề án"),
    _("Đề án của kế hoạch, trừ đề án không được đưa vào kế hoạch hoặc đã rút; mỗi đề án tính một lần."),
)
ON_SCHEDULE = Count(
    "on_schedule_count",
    Pace.ON.label,
    _("Đề án mà báo cáo tiến độ mới nhất, hoặc hồ sơ cũ, ghi là đúng tiến độ."),
    Pace.ON,
)
LATE = Count(
    "late_count",
    Pace.LATE.label,
    _("Đề án đang thực hiện (đã phê duyệt, chưa nghiệm thu) mà báo cáo tiến độ mới nhất ghi là chậm tiến độ."),
    Pace.LATE,
)
WAS_LATE = Count(
    "was_late_count",
    Pace.WAS_LATE.label,
    _(
        "Đề án đã nghiệm thu hoặc ngừng thực hiện mà báo cáo tiến độ cuối cùng ghi là chậm tiến độ, hoặc hồ sơ cũ ghi "
        "như vậy."
    ),
    Pace.WAS_LATE,
)
UNREPORTED = Count(
    "unreported_count", Pace.NONE.label, _("Đề án chưa có báo cáo tiến độ nào, hồ sơ cũ cũng không ghi."), Pace.NONE
)
