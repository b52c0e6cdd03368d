"""Reports of the catalogue once more, row by row in plain Python: no aggregate, no query of the reports."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.utils import timezone

from khuyencong.asof import AsOf
from programmes.models import AllocationEntry
from projects.models import (
    ApprovalEntry,
    ContractEntry,
    CostLine,
    ExecutedAmount,
    PaymentEntry,
    PlanLine,
    Project,
    SettlementEntry,
    StatusChange,
)
from reports.catalogue.asked import Asked
from reports.catalogue.figures import Figure

STATE = ("national", "city")


class PlainReports:
    """The whole ledger in lists; each figure is found by going through them with an ``if``."""

    def __init__(self) -> None:
        joined = ("plan_line__project", "plan_line__round__plan", "component__activity_type", "source")
        self.costs = list(CostLine.objects.select_related(*joined))
        self.approvals = list(ApprovalEntry.objects.select_related(*joined, "corrects"))
        self.contracts = list(ContractEntry.objects.select_related(*joined))
        self.payments = list(PaymentEntry.objects.select_related(*joined, "voucher"))
        self.settlements = list(SettlementEntry.objects.select_related(*joined))
        self.executed = list(ExecutedAmount.objects.select_related(*joined, "report"))
        self.allocations = list(AllocationEntry.objects.select_related("source"))
        self.lines = list(PlanLine.objects.select_related("project", "round"))
        self.changes = list(StatusChange.objects.exclude(project=None).order_by("pk"))
        self.projects = {
            one.pk: one
            for one in Project.objects.prefetch_related(
                "places", "supports__beneficiary", "components__activity_type", "progress_reports"
            )
        }

    def amounts(self, report: str, figure: Figure, asked: Asked) -> dict[tuple[str, ...], int]:
        """The measured figure by the labels of section and row; what has no amount is not there."""
        period = asked.period.back(figure.years_back)
        self.as_of = period.as_of(asked.days, asked.today)
        if not period.is_year:  # of a part of a year as many days as this one has had
            day = asked.period.as_of(asked.days, asked.today).effective_on
            self.as_of = AsOf(day.replace(year=day.year - figure.years_back), asked.days.recorded_on)
        self.since = period.start if figure.is_of_period and not period.is_year else None
        self.plans = {plan.pk for plan in asked.plans_of(period)}
        self.asked = asked
        found: dict[tuple[str, ...], int] = defaultdict(int)
        if figure.key == "assigned_vnd":
            for entry in self.allocations:
                is_asked = not asked.activity and asked.source in ("", entry.source.code)
                if is_asked and entry.plan_id in self.plans and self._counts(entry):
                    found[(entry.source.name,)] += entry.amount_vnd
            return found
        if figure.key.endswith("_count"):
            members: dict[tuple[str, ...], set[int]] = defaultdict(set)
            for labels, project in self._members(report):
                if self._is_flagged(figure.key, project):
                    members[labels].add(project.pk)
            return {labels: len(ids) for labels, ids in members.items()}
        for row in self._rows(figure.key.removesuffix("_in").rstrip("_01234")):
            for labels in self._labels(report, row):
                found[labels] += row.amount_vnd
        return found

    def _rows(self, name: str) -> list[Any]:
        if name in ("requested_vnd", "counterpart_vnd"):
            levels = STATE if name == "requested_vnd" else ("counterpart",)
            return [row for row in self.costs if row.source.level in levels and self._is_asked(row)]
        if name == "executed_vnd":
            return [row for row in self._latest_executed() if self._is_asked(row)]
        tables = {
            "initial_vnd": [row for row in self.approvals if (row.corrects or row).nature == "initial"],
            "changed_vnd": [row for row in self.approvals if (row.corrects or row).nature != "initial"],
            "approved_vnd": self.approvals,
            "contracted_vnd": self.contracts,
            "received_vnd": [row for row in self.payments if row.voucher.direction == "in"],
            "paid_vnd": [row for row in self.payments if row.voucher.direction == "out"],
            "advanced_vnd": [
                row for row in self.payments if row.voucher.direction == "out" and row.kind in ("advance", "recovery")
            ],
            "settled_vnd": self.settlements,
        }
        return [row for row in tables[name] if row.source.level in STATE and self._counts(row) and self._is_asked(row)]

    def _latest_executed(self) -> list[Any]:
        latest: dict[tuple[int, int, int], Any] = {}
        for row in sorted(self.executed, key=lambda row: row.report.month):
            if self._is_known(row.report):
                latest[row.plan_line_id, row.component_id, row.source_id] = row
        return list(latest.values())

    def _is_known(self, report: Any) -> bool:
        day = self.as_of.effective_on
        ended = day is None or (report.month + dt.timedelta(days=31)).replace(day=1) <= day + dt.timedelta(days=1)
        return ended and self._is_recorded(report.reported_at)

    def _is_recorded(self, at: dt.datetime) -> bool:
        pin = self.as_of.recorded_on
        return pin is None or timezone.localtime(at).date() <= pin

    def _counts(self, row: Any) -> bool:
        day = self.as_of.effective_on
        in_time = (day is None or row.effective_on <= day) and (self.since is None or row.effective_on >= self.since)
        return in_time and self._is_recorded(row.recorded_at)

    def _is_asked(self, row: Any) -> bool:
        asked = self.asked
        return (
            row.plan_line.round.plan_id in self.plans
            and self._is_counted(row.plan_line.project_id)
            and (not asked.source or row.source.code == asked.source)
            and (not asked.activity or row.component.activity_type.code == asked.activity)
        )

    def _status(self, pk: int) -> str:
        project = self.projects[pk]
        if not self.as_of:
            return project.status
        steps = [step for step in self.changes if step.project_id == pk and self._has_happened(step)]
        return steps[-1].target_status if steps else "draft"

    def _has_happened(self, step: StatusChange) -> bool:
        day = self.as_of.effective_on
        return (day is None or step.effective_on <= day) and self._is_recorded(step.recorded_at)

    def _is_counted(self, pk: int) -> bool:
        return self._status(pk) not in ("refused", "withdrawn") and self._is_recorded(self.projects[pk].created_at)

    def _schedule(self, project: Project) -> str:
        """What the latest report says; late is only what was approved and is not accepted yet."""
        known = [report for report in project.progress_reports.all() if self._is_known(report)]
        if not known:
            return "Chưa báo cáo"
        if max(known, key=lambda report: report.month).is_on_schedule:
            return "Đúng tiến độ"
        is_running = self._status(project.pk) in ("approved", "contracted", "in_progress")
        return "Chậm tiến độ" if is_running else "Đã kết thúc, từng báo chậm"

    def _is_late(self, project: Project) -> bool:
        return self._schedule(project) == "Chậm tiến độ"

    def _is_flagged(self, key: str, project: Project) -> bool:
        wanted = {
            "on_schedule_count": "Đúng tiến độ",
            "late_count": "Chậm tiến độ",
            "was_late_count": "Đã kết thúc, từng báo chậm",
            "unreported_count": "Chưa báo cáo",
        }
        return key == "project_count" or self._schedule(project) == wanted[key]

    # Labels, as a person reads them off the screen

    def _labels(self, report: str, row: Any) -> list[tuple[str, ...]]:
        project = self.projects[row.plan_line.project_id]
        source, content = row.source.name, row.component.activity_type.short_name
        if report == "beneficiaries":
            names = [one.beneficiary.name if one.beneficiary else "" for one in project.supports.all()] or [""]
            none = "Nhóm mô tả bằng lời hoặc không có đơn vị thụ hưởng"
            return [(name or none, f"{project.code} {project.name}") for name in names]
        if report == "months":
            return [(f"{row.effective_on:%m/%Y}",)]
        if report == "late" and not self._is_late(project):
            return []
        return [self._label(report, project, source, content)]

    def _label(self, report: str, project: Project, source: str, content: str) -> tuple[str, ...]:
        status = str(Project.Status(self._status(project.pk)).label)
        return {
            "source-content": (source, content),
            "sources": (source,),
            "areas": (self._area(project),),
            "beneficiary-types": (self._types(project),),
            "status": (status, self._schedule(project)),
            "disbursement": (source, f"{project.code} {project.name}"),
            "comparison": (content,),
            "five-years": (content,),
            "late": (f"{project.code} {project.name}",),
        }[report]

    def _area(self, project: Project) -> str:
        if project.area_scope != "units":
            return str(project.get_area_scope_display())
        names = ", ".join(sorted(unit.bare_name for unit in project.places.all()))
        return f"{names} (chung)" if "," in names else names

    def _types(self, project: Project) -> str:
        kinds = {one.beneficiary.get_type_display() if one.beneficiary else "nhóm" for one in project.supports.all()}
        order = ["Doanh nghiệp nhỏ và vừa", "Hợp tác xã", "Hộ kinh doanh", "nhóm"]
        names = [kind.replace("nhóm", "Nhóm mô tả bằng lời") for kind in sorted(kinds, key=order.index)]
        return f"{', '.join(names)} (chung)" if len(names) > 1 else "".join(names) or "Không có đơn vị thụ hưởng"

    def _members(self, report: str) -> list[tuple[tuple[str, ...], Project]]:
        """Under which rows each project is counted."""
        found: list[tuple[tuple[str, ...], Project]] = []
        money = [*self._rows("requested_vnd"), *self._rows("approved_vnd")]
        if report in ("source-content", "sources") or self.asked.source:
            found = [
                (labels, self.projects[row.plan_line.project_id])
                for row in money
                for labels in self._labels(report, row)
            ]
            if self.asked.source:
                return found
        placed = {project.pk for _labels, project in found}
        for line in self.lines:
            project = self.projects[line.project_id]
            if line.round.plan_id not in self.plans or project.pk in placed or not self._is_counted(project.pk):
                continue
            contents = [one.activity_type for one in project.components.all()]
            for one in contents:
                if not self.asked.activity or one.code == self.asked.activity:
                    found.append((self._label(report, project, "Chưa ghi kinh phí", one.short_name), project))
        return found
