"""Recording a letter: the amounts *after* it, stored as changes, checked against what is assigned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.ledger import Nature
from programmes.models import AllocationEntry, AnnualPlan, Decision, FundingSource, PlanRound
from projects.balances import CellKey, Overrun, approved_cells, find_negative_cells, find_overruns
from projects.models import ApprovalEntry, PlanLine, Project
from projects.permissions import DECIDABLE
from projects.workflow import apply_transition


@dataclass(frozen=True)
class AssignedChange:
    """What the letter leaves assigned from one source, in đồng, and what stood there when the user typed it."""

    source: FundingSource
    before_vnd: int | None
    after_vnd: int


@dataclass(frozen=True)
class ApprovedChange:
    """What the letter leaves approved for one line × content × source, in đồng, and what stood there before."""

    key: CellKey
    before_vnd: int | None
    after_vnd: int


class DecisionRefused(ValidationError):
    """The letter can't be recorded; the messages say why and by how much. Nothing is written."""

    def __init__(self, message: Any, code: str = "refused", overruns: Sequence[Overrun] = ()) -> None:
        super().__init__(message, code=code)
        self.code = code
        self.overruns = overruns


@transaction.atomic
def record_decision(
    *,
    plan: AnnualPlan,
    decision: Decision,
    assigned: Sequence[AssignedChange],
    approved: Sequence[ApprovedChange],
    nature: str,
    actor: User,
) -> Decision:
    """Records the letter with its entries, moves the projects it approves, all of it or nothing.

    A letter that is recorded already gets further entries: one letter may serve several plans, or a line that was
    forgotten.
    ``nature`` is that of changes to amounts that stood already; a first amount is always *initial*. The plan is
    locked for the whole of it, so that of many letters on one envelope none can spend what another has spent.
    Raises DecisionRefused.
    """
    plan = AnnualPlan.objects.locked().get(pk=plan.pk)
    if plan.is_closed:
        raise DecisionRefused(_("Kế hoạch đã khóa sổ."))
    _refuse_if_changed_meanwhile(plan, assigned, approved)
    _refuse_lines_not_before_the_department(plan, approved)
    _refuse_before_later_letters(plan, decision, assigned, approved)
    if decision.pk is None:
        decision.recorded_by = actor
        decision.save()
    sources = {change.source.pk: change.source for change in assigned}
    for change in assigned:
        if delta := change.after_vnd - (change.before_vnd or 0):
            AllocationEntry.objects.create(
                decision=decision,
                plan=plan,
                source=change.source,
                amount_vnd=delta,
                nature=Nature.INITIAL if change.before_vnd is None else nature,
                effective_on=decision.effective_on,
            )
    changed = [change for change in approved if change.after_vnd != (change.before_vnd or 0)]
    _write_approvals(decision, changed, nature)
    sources |= FundingSource.objects.in_bulk({change.key[2] for change in changed})
    _refuse_over_commitment(plan, decision, sources.values(), [change.key for change in changed])
    _approve_projects(decision, changed, actor)
    return decision


def _refuse_if_changed_meanwhile(
    plan: AnnualPlan, assigned: Sequence[AssignedChange], approved: Sequence[ApprovedChange]
) -> None:
    standing = dict(
        AllocationEntry.objects.for_plans([plan]).order_by().values_list("source").annotate(Sum("amount_vnd"))
    )
    cells = approved_cells(plan)
    stale = any(standing.get(change.source.pk) != change.before_vnd for change in assigned)
    stale |= any(cells.get(change.key) != change.before_vnd for change in approved)
    if stale:
        raise DecisionRefused(
            _(
                "Trong lúc bạn nhập, người khác đã ghi nhận văn bản khác cho kế hoạch này. "
                "Số bạn nhập được giữ nguyên; cột “Trước” đã cập nhật, hãy kiểm tra lại rồi ghi nhận."
            ),
            code="changed_meanwhile",
        )


def _refuse_lines_not_before_the_department(plan: AnnualPlan, approved: Iterable[ApprovedChange]) -> None:
    wanted = {change.key[0] for change in approved}
    lines = PlanLine.objects.filter(pk__in=wanted, round__plan=plan, round__status__in=DECIDABLE)
    if lines.count() != len(wanted):
        raise DecisionRefused(_("Có dòng kế hoạch chưa được gửi Sở, hoặc đã được rút lại."), code="not_submitted")


def _refuse_before_later_letters(
    plan: AnnualPlan, decision: Decision, assigned: Sequence[AssignedChange], approved: Sequence[ApprovedChange]
) -> None:
    """“After” is the amount that a letter leaves; with a later letter on the same amount it would mean two things."""
    later = {"effective_on__gt": decision.effective_on}
    sources = [change.source.pk for change in assigned if change.after_vnd != (change.before_vnd or 0)]
    allocations = AllocationEntry.objects.for_plans([plan]).filter(source__in=sources, **later)
    dates = list(allocations.values_list("effective_on", flat=True))
    changed = {change.key for change in approved if change.after_vnd != (change.before_vnd or 0)}
    dates += [
        entry.effective_on
        for entry in ApprovalEntry.objects.for_plans([plan]).filter(**later)
        if (entry.plan_line_id, entry.component_id, entry.source_id) in changed
    ]
    if dates:
        raise DecisionRefused(
            _(
                "Đã có văn bản tính từ ngày %(on)s thay đổi chính các số này, sau ngày của văn bản bạn nhập. "
                "Hãy ghi nhận các văn bản theo thứ tự ngày."
            )
            % {"on": f"{max(dates):%d/%m/%Y}"},
            code="out_of_order",
        )


def _write_approvals(decision: Decision, changes: Iterable[ApprovedChange], nature: str) -> None:
    entries = [
        ApprovalEntry(
            decision=decision,
            plan_line_id=line,
            component_id=component,
            source_id=source,
            amount_vnd=change.after_vnd - (change.before_vnd or 0),
            nature=Nature.INITIAL if change.before_vnd is None else nature,
            effective_on=decision.effective_on,
        )
        for change in changes
        for line, component, source in [change.key]
    ]
    for entry in entries:
        entry.clean()
    ApprovalEntry.objects.bulk_create(entries)


def _refuse_over_commitment(
    plan: AnnualPlan, decision: Decision, sources: Iterable[FundingSource], keys: Iterable[CellKey]
) -> None:
    overruns = find_overruns(plan, sources, decision.effective_on)
    problems = [str(overrun) for overrun in overruns]
    problems += [
        _("Đề án “%(name)s”: kinh phí được duyệt nhỏ hơn 0 vào một ngày nào đó.") % {"name": line.project}
        for line in find_negative_cells(plan, keys)
    ]
    if problems:
        raise DecisionRefused(problems, code="over_commitment", overruns=overruns)


def _approve_projects(decision: Decision, changes: Iterable[ApprovedChange], actor: User) -> None:
    """Projects that got money become approved, and each round in which nothing waits any more."""
    lines = PlanLine.objects.filter(pk__in={change.key[0] for change in changes if change.after_vnd > 0})
    projects = Project.objects.filter(lines__in=lines, status=Project.Status.SUBMITTED).distinct().order_by("pk")
    step: dict[str, Any] = {"actor": actor, "effective_on": decision.effective_on, "decision": decision}
    for project in projects:
        apply_transition(project, "approve", **step)
    for plan_round in PlanRound.objects.filter(lines__in=lines).submitted().distinct().order_by("pk"):
        if not PlanLine.objects.filter(round=plan_round).counted().undecided().exists():
            apply_transition(plan_round, "approve", **step)
