"""Reports of the catalogue once more, row by row in plain Python: no aggregate, no query of the reports.

Oracle: of the product it knows the tables alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

from programmes.models import AllocationEntry
from projects.models import (
    ApprovalEntry,
    ContractEntry,
    CostLine,
    ExecutedAmount,
    PaymentEntry,
    PlanLine,
    ProgressReport,
    Project,
    ProjectComponent,
    SettlementEntry,
    StatusChange,
    Support,
)
from tests.reports.plain_question import PlainQuestion, rows_of

STATE = ("national", "city")
PLACE = {
    "line": "plan_line",
    "plan": "plan_line__round__plan",
    "project": "plan_line__project",
    "component": "component",
    "activity": "component__activity_type__code",
    "content": "component__activity_type__short_name",
    "source": "source__code",
    "source_name": "source__name",
    "level": "source__level",
    "amount": "amount_vnd",
}
ENTRY = {**PLACE, "on": "effective_on", "at": "recorded_at"}
TYPES = ["Doanh nghiệp nhỏ và vừa", "Hợp tác xã", "Hộ kinh doanh", "Nhóm mô tả bằng lời"]
TYPE_OF = {"enterprise": TYPES[0], "cooperative": TYPES[1], "household": TYPES[2], None: TYPES[3]}


SCHEDULES = {
    "on_schedule": "Đúng tiến độ",
    "late": "Chậm tiến độ",
    "was_late": "Đã kết thúc, từng báo chậm",
    "unreported": "Chưa báo cáo",
}


def schedule_of(status: str, said: bool | None) -> str:
    """Where a project stands by what its latest report says; late is only what was approved and is not accepted yet."""
    if said is None:
        return "unreported"
    if said:
        return "on_schedule"
    return "late" if status in ("approved", "contracted", "in_progress") else "was_late"


class PlainReports:
    """The whole ledger in lists; each figure is found by going through them with an ``if``."""

    def __init__(self) -> None:
        self.costs = rows_of(CostLine, **PLACE)
        self.approvals = rows_of(ApprovalEntry, nature="nature", corrects="corrects__nature", **ENTRY)
        self.contracts = rows_of(ContractEntry, **ENTRY)
        self.payments = rows_of(PaymentEntry, kind="kind", direction="voucher__direction", **ENTRY)
        self.settlements = rows_of(SettlementEntry, **ENTRY)
        self.executed = rows_of(ExecutedAmount, month="report__month", at="report__reported_at", **PLACE)
        assigned = {name: ENTRY[name] for name in ("source", "source_name", "amount", "on", "at")}
        self.allocations = rows_of(AllocationEntry, plan="plan", **assigned)
        self.lines = rows_of(PlanLine, plan="round__plan", project="project")
        self.changes = rows_of(
            StatusChange, project="project", target="target_status", on="effective_on", at="recorded_at"
        )
        self.reports = rows_of(
            ProgressReport, project="project", month="month", said="is_on_schedule", at="reported_at"
        )
        self.projects = {
            one.pk: one
            for one in rows_of(
                Project, pk="pk", code="code", name="name", status="status", scope="area_scope", at="created_at"
            )
        }
        self.places = rows_of(Project.places.through, project="project", name="adminunit__name")
        self.helped = rows_of(Support, project="project", name="beneficiary__name", type="beneficiary__type")
        kinds = {"code": "activity_type__code", "content": "activity_type__short_name"}
        self.contents = rows_of(ProjectComponent, project="project", **kinds)

    def amounts(self, report: str, key: str, asked: PlainQuestion) -> dict[tuple[str, ...], int]:
        """The measured figure by the labels of section and row; what has no amount is not there.

        Its key says what it is: “_in” the money of the period alone, “_1” that of the year before.
        """
        named = re.fullmatch(r"(.+?)(_in)?(?:_(\d))?", key)
        assert named is not None
        measure, inside, back = named.groups()
        years_back = int(back or 0)
        self.asked, self.plans = asked, asked.plans(years_back)
        self.days = asked.days(years_back, inside=bool(inside) or report == "months")
        found: dict[tuple[str, ...], int] = defaultdict(int)
        if measure == "assigned_vnd":
            for row in self.allocations:
                is_asked = not asked.activity and asked.source in ("", row.source)
                if is_asked and row.plan in self.plans and self.days.count(row.on, row.at):
                    found[(row.source_name,)] += row.amount
            return found
        if measure.endswith("_count"):
            members: dict[tuple[str, ...], set[int]] = defaultdict(set)
            for labels, project in self._members(report):
                if measure in ("project_count", f"{self._schedule(project)}_count"):
                    members[labels].add(project)
            return {labels: len(ids) for labels, ids in members.items()}
        for row in self._rows(measure):
            for labels in self._labels(report, row):
                found[labels] += row.amount
        return found

    def schedules_of_approved(self, asked: PlainQuestion) -> list[str]:
        """What is said of each project that a letter approved once, whatever became of it."""
        self.days, plans = asked.days(), asked.plans()
        waiting = ("draft", "stated", "submitted", "returned", "appraised", "refused", "withdrawn")
        projects = {line.project for line in self.lines if line.plan in plans}
        return [self._schedule(project) for project in projects if self._status(project) not in waiting]

    def _rows(self, measure: str) -> list[Any]:
        if measure == "executed_vnd":
            return [row for row in self._latest_executed() if self._is_asked(row)]
        if measure == "counterpart_vnd":
            return [row for row in self.costs if row.level == "counterpart" and self._is_asked(row)]
        paid = [row for row in self.payments if row.direction == "out"]
        tables = {
            "requested_vnd": self.costs,
            "initial_vnd": [row for row in self.approvals if (row.corrects or row.nature) == "initial"],
            "changed_vnd": [row for row in self.approvals if (row.corrects or row.nature) != "initial"],
            "approved_vnd": self.approvals,
            "contracted_vnd": self.contracts,
            "received_vnd": [row for row in self.payments if row.direction == "in"],
            "paid_vnd": paid,
            "advanced_vnd": [row for row in paid if row.kind in ("advance", "recovery")],
            "settled_vnd": self.settlements,
        }
        return [row for row in tables[measure] if row.level in STATE and self._counts(row) and self._is_asked(row)]

    def _latest_executed(self) -> list[Any]:
        latest: dict[tuple[int, int, str], Any] = {}
        for row in sorted(self.executed, key=lambda row: row.month):
            if self.days.told(row.month, row.at):
                latest[row.line, row.component, row.source] = row
        return list(latest.values())

    def _counts(self, row: Any) -> bool:
        """What is asked for has no day of its own."""
        return not hasattr(row, "on") or self.days.count(row.on, row.at)

    def _is_asked(self, row: Any) -> bool:
        return (
            row.plan in self.plans
            and self._is_counted(row.project)
            and self.asked.source in ("", row.source)
            and self.asked.activity in ("", row.activity)
        )

    def _status(self, project: int) -> str:
        if not self.days.are_asked:
            return self.projects[project].status
        steps = [one for one in self.changes if one.project == project and self.days.happened(one.on, one.at)]
        return steps[-1].target if steps else "draft"

    def _is_counted(self, project: int) -> bool:
        return self._status(project) not in ("refused", "withdrawn") and self.days.knew(self.projects[project].at)

    def _said(self, project: int) -> bool | None:
        told = [one for one in self.reports if one.project == project and self.days.told(one.month, one.at)]
        return max(told, key=lambda one: one.month).said if told else None

    def _schedule(self, project: int) -> str:
        return schedule_of(self._status(project), self._said(project))

    # Labels, as a person reads them off the screen

    def _labels(self, report: str, row: Any) -> list[tuple[str, ...]]:
        if report == "beneficiaries":
            names = [one.name for one in self.helped if one.project == row.project] or [None]
            none = "Nhóm mô tả bằng lời hoặc không có đơn vị thụ hưởng"
            return [(name or none, self._title(row.project)) for name in names]
        if report == "months":
            return [(f"{row.on:%m/%Y}",)]
        if report == "late" and self._schedule(row.project) != "late":
            return []
        return [self._label(report, row.project, row.source_name, row.content)]

    def _label(self, report: str, project: int, source: str, content: str) -> tuple[str, ...]:
        labels: dict[str, tuple[str, ...]] = {
            "source-content": (source, content),
            "sources": (source,),
            "areas": (self._area(self.projects[project]),),
            "beneficiary-types": (self._types(project),),
            "status": (str(Project.Status(self._status(project)).label), SCHEDULES[self._schedule(project)]),
            "disbursement": (source, self._title(project)),
            "comparison": (content,),
            "five-years": (content,),
            "late": (self._title(project),),
        }
        assert report in labels, f"say here how a row of the report “{report}” is called, with words typed by hand"
        return labels[report]

    def _title(self, project: int) -> str:
        return f"{self.projects[project].code} {self.projects[project].name}"

    def _area(self, project: SimpleNamespace) -> str:
        if project.scope != "units":
            return {"whole_city": "Toàn thành phố", "not_fixed": "Chưa xác định"}[project.scope]
        names = sorted(one.name for one in self.places if one.project == project.pk)
        names[1:] = [name.replace("Huyện", "huyện") for name in names[1:]]
        return f"{', '.join(names)} (chung)" if len(names) > 1 else names[0]

    def _types(self, project: int) -> str:
        names = {TYPE_OF[one.type] for one in self.helped if one.project == project}
        listed = ", ".join(sorted(names, key=TYPES.index))
        return f"{listed} (chung)" if len(names) > 1 else listed or "Không có đơn vị thụ hưởng"

    def _members(self, report: str) -> list[tuple[tuple[str, ...], int]]:
        """Under which rows each project is counted."""
        found: list[tuple[tuple[str, ...], int]] = []
        if report in ("source-content", "sources") or self.asked.source:
            money = [*self._rows("requested_vnd"), *self._rows("approved_vnd")]
            found = [(labels, row.project) for row in money for labels in self._labels(report, row)]
            if self.asked.source:
                return found
        placed = {project for _labels, project in found}
        for line in self.lines:
            if line.plan not in self.plans or line.project in placed or not self._is_counted(line.project):
                continue
            for one in self.contents:
                if one.project == line.project and self.asked.activity in ("", one.code):
                    found.append((self._label(report, line.project, "Chưa ghi kinh phí", one.content), line.project))
        return found
