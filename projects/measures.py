"""Every figure of reports with its rule in words and its rows: what is summed is what opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khuyencong.asof import NOW, AsOf
from khuyencong.ledger import Nature
from projects.models import (
    ApprovalEntry,
    ContractEntry,
    CostLine,
    Direction,
    ExecutedAmount,
    PaymentEntry,
    SettlementEntry,
)

Text = str | Promise


@dataclass(frozen=True)
class Measure:
    """Money by line × content × source, in đồng. ``rows`` are those that count as of a day, of all plans."""

    key: str
    title: Text
    rule: Text
    rows: Callable[[AsOf], Any]

    def of(self, as_of: AsOf = NOW, since: dt.date | None = None) -> Any:
        """The rows as of then; with ``since`` only those that count from that day on."""
        return self.rows(as_of) if since is None else self.rows(as_of).since(since)


REQUESTED = Measure(
    "requested_vnd",
    _("Đề nghị"),
    _("Tổng dự toán (Mẫu số 1) đề nghị từ kinh phí khuyến công, theo bản đang có."),
    lambda as_of: CostLine.objects.state_money(),
)
INITIAL = Measure(
    "initial_vnd",
    _("Kế hoạch"),
    _("Kinh phí duyệt lần đầu theo các quyết định, đã đính chính sai sót khi nhập, chưa kể bổ sung và điều chỉnh."),
    lambda as_of: ApprovalEntry.objects.effective_by(as_of).in_column(Nature.INITIAL),
)
CHANGED = Measure(
    "changed_vnd",
    _("Bổ sung, điều chỉnh"),
    _("Phần bổ sung, điều chỉnh, ngừng thực hiện và chuyển nguồn sau lần duyệt đầu; số âm là giảm."),
    lambda as_of: ApprovalEntry.objects.effective_by(as_of).out_of_column(Nature.INITIAL),
)
APPROVED = Measure(
    "approved_vnd",
    _("Sau điều chỉnh"),
    _("Kinh phí được duyệt sau mọi lần bổ sung, điều chỉnh, ngừng thực hiện có hiệu lực đến ngày của số liệu."),
    lambda as_of: ApprovalEntry.objects.effective_by(as_of),
)
CONTRACTED = Measure(
    "contracted_vnd",
    _("Hợp đồng"),
    _("Giá trị các hợp đồng và phụ lục đã ký."),
    lambda as_of: ContractEntry.objects.effective_by(as_of).state_money(),
)
RECEIVED = Measure(
    "received_vnd",
    _("Đã cấp về"),
    _("Kinh phí kho bạc, Bộ đã cấp về Trung tâm, trừ phần nộp trả."),
    lambda as_of: PaymentEntry.objects.effective_by(as_of).state_money().going(Direction.IN),
)
ADVANCED = Measure(
    "advanced_vnd",
    _("Tạm ứng"),
    _("Trung tâm đã tạm ứng cho đề án, trừ phần thu hồi."),
    lambda as_of: PaymentEntry.objects.effective_by(as_of).state_money().advances(),
)
PAID = Measure(
    "paid_vnd",
    _("Đã chi"),
    _("Trung tâm đã tạm ứng và thanh toán theo chứng từ, trừ phần thu hồi."),
    lambda as_of: PaymentEntry.objects.effective_by(as_of).state_money().going(Direction.OUT),
)
EXECUTED = Measure(
    "executed_vnd",
    _("Thực hiện"),
    _("Số lũy kế đã thực hiện theo báo cáo tiến độ mới nhất."),
    lambda as_of: ExecutedAmount.objects.latest(as_of),
)
SETTLED = Measure(
    "settled_vnd",
    _("Quyết toán"),
    _("Số được chấp nhận quyết toán theo hồ sơ."),
    lambda as_of: SettlementEntry.objects.effective_by(as_of).state_money(),
)
PROMISED = Measure(
    "counterpart_vnd",
    _("Đối ứng cam kết"),
    _("Vốn của đơn vị thụ hưởng theo dự toán (Mẫu số 1), theo bản đang có."),
    lambda as_of: CostLine.objects.counterpart(),
)


@dataclass(frozen=True)
class Count:
    """Projects, each counted once. ``flags`` are those of the latest report to be counted; None: whatever it says."""

    key: str
    title: Text
    rule: Text
    flags: frozenset[bool | None] | None = None

    def takes(self, flag: bool | None) -> bool:
        return self.flags is None or flag in self.flags


PROJECTS = Count(
    "project_count",
    _("Số đề án"),
    _("Đề án có trong kế hoạch, trừ đề án không được đồng ý hoặc đã rút; mỗi đề án tính một lần."),
)
ON_SCHEDULE = Count(
    "on_schedule_count",
    _("Đúng tiến độ"),
    _("Đề án mà báo cáo tiến độ mới nhất ghi là đúng tiến độ."),
    frozenset({True}),
)
LATE = Count(
    "late_count", _("Chậm tiến độ"), _("Đề án mà báo cáo tiến độ mới nhất ghi là chậm tiến độ."), frozenset({False})
)
UNREPORTED = Count("unreported_count", _("Chưa báo cáo"), _("Đề án chưa có báo cáo tiến độ nào."), frozenset({None}))
