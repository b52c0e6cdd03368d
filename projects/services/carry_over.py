"""Money that goes on into the next year's plan: a balanced pair of entries for each amount, under one letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.funding import Nature
from programmes.models import AllocationEntry, AnnualPlan, Decision, FundingSource
from projects.models import ApprovalEntry, CellKey, PlanLine
from projects.papers.notices import letter_recorded
from projects.rules.deciders import LetterChange
from projects.services.decision_checks import (
    DecisionRefused,
    refuse_before_later_letters,
    refuse_letter,
    refuse_over_commitment,
    refuse_unauthorised,
)
from projects.services.guards import hold_plans
from projects.services.letter_rows import standing_letter, store_entries, store_letter
from projects.services.storing import refuse_amounts


@dataclass(frozen=True)
class CarriedLine:
    """Approved money of a project that moves from its line in one year to its line in the next, in đồng."""

    key: CellKey
    to_line: int
    amount_vnd: int

    @property
    def to_key(self) -> CellKey:
        return (self.to_line, self.key[1], self.key[2])


@transaction.atomic
def carry_over(
    *,
    plan: AnnualPlan,
    to_plan: AnnualPlan,
    decision: Decision,
    lines: Sequence[CarriedLine],
    free: Mapping[FundingSource, int],
    reason: str = "",
    actor: User,
) -> Decision:
    """Moves assigned money into the next year: with the projects that it is approved for, and ``free`` of any.

    Both plans are locked in the order of their ids; each amount leaves one year and enters the other on the same
    day. ``reason`` says why for a letter that doesn't. Raises NotAllowed, PlanClosed, FutureDate, or DecisionRefused,
    by how much where a balance would break; then nothing is written.
    """
    plans = hold_plans(actor, "decide", plan.pk, to_plan.pk)
    plan, to_plan = plans[plan.pk], plans[to_plan.pk]
    if to_plan.organisation_id != plan.organisation_id or to_plan.year <= plan.year:
        raise DecisionRefused(_("Chỉ chuyển sang kế hoạch năm sau của cùng đơn vị."))
    decision = standing_letter(decision)
    if not (decision.summary or reason).strip():
        raise DecisionRefused({"summary": _("Chuyển nguồn thì phải ghi lý do.")}, code="no_reason")
    refuse_letter(decision, plan)
    _refuse_impossible(lines, free)
    lines = [line for line in lines if line.amount_vnd]
    moved = _moved_by_source(lines, free)
    if not any(moved.values()):
        raise DecisionRefused(_("Chưa nhập số tiền nào."), code="nothing")
    _refuse_other_projects(lines, plan, to_plan)
    keys = {key for line in lines for key in (line.key, line.to_key)}
    _refuse_twice(decision, lines, free)
    refuse_before_later_letters([plan, to_plan], decision.effective_on, set(moved), keys)
    sources = FundingSource.objects.in_bulk(moved)
    refuse_unauthorised(plan, decision, [(LetterChange.NEXT_YEAR, sources[pk].level) for pk in moved])
    store_letter(decision, actor)
    store_entries(decision, _allocations(plan, to_plan, moved, reason), _approvals(lines, reason), actor=actor)
    refuse_over_commitment(plan, decision.effective_on, sources.values(), [line.key for line in lines])
    refuse_over_commitment(to_plan, decision.effective_on, sources.values(), [line.to_key for line in lines])
    letter_recorded(decision, plan, to_plan, actor=actor)
    return decision


def _refuse_impossible(lines: Sequence[CarriedLine], free: Mapping[FundingSource, int]) -> None:
    """State money goes on into the next year and never comes back from it."""
    if any(not source.is_state for source in free):
        raise DecisionRefused(_("Chỉ giao kinh phí từ nguồn ngân sách nhà nước."), code="not_state")
    refuse_amounts([*(line.amount_vnd for line in lines), *free.values()])
    if len({line.key for line in lines}) < len(lines):
        raise DecisionRefused(_("Có số tiền được nhập hai lần."), code="named_twice")


def _refuse_twice(decision: Decision, lines: Sequence[CarriedLine], free: Mapping[FundingSource, int]) -> None:
    """The same amounts under the same letter were sent twice, by a double click or a lost answer."""
    if decision.pk is None:
        return
    carried = ApprovalEntry.objects.filter(decision=decision, nature=Nature.CARRY_OVER)
    stored = {row.key: row.amount_vnd for row in carried}
    assigned = AllocationEntry.objects.filter(decision=decision, nature=Nature.CARRY_OVER, amount_vnd__lt=0)
    gone = {row.source_id: -row.amount_vnd for row in assigned}
    moved = _moved_by_source(lines, free)
    if gone == moved and all(stored.get(line.to_key) == line.amount_vnd for line in lines):
        raise DecisionRefused(_("Đã ghi chuyển nguồn đúng các số tiền này theo văn bản này."), code="twice")


def _moved_by_source(lines: Sequence[CarriedLine], free: Mapping[FundingSource, int]) -> dict[int, int]:
    moved = {source.pk: amount for source, amount in free.items() if amount}
    for line in lines:
        moved[line.key[2]] = moved.get(line.key[2], 0) + line.amount_vnd
    return moved


def _refuse_other_projects(lines: Sequence[CarriedLine], plan: AnnualPlan, to_plan: AnnualPlan) -> None:
    """Each amount stays with its project, and both lines are those of the two years."""
    found = PlanLine.objects.select_related("round").in_bulk(
        {line.key[0] for line in lines} | {line.to_line for line in lines}
    )
    for line in lines:
        old, new = found.get(line.key[0]), found.get(line.to_line)
        if old is None or new is None:
            raise DecisionRefused(_("Có dòng không còn trong kế hoạch."), code="no_line")
        if old.project_id != new.project_id or (old.round.plan_id, new.round.plan_id) != (plan.pk, to_plan.pk):
            raise DecisionRefused(_("Kinh phí chuyển sang năm sau phải giữ nguyên cho đúng đề án đó."))


def _allocations(
    plan: AnnualPlan, to_plan: AnnualPlan, moved: Mapping[int, int], reason: str
) -> Iterator[AllocationEntry]:
    for source, amount in moved.items():
        for one, sign in ((plan, -1), (to_plan, 1)):
            yield AllocationEntry(
                plan=one, source_id=source, amount_vnd=sign * amount, nature=Nature.CARRY_OVER, reason=reason
            )


def _approvals(lines: Iterable[CarriedLine], reason: str) -> Iterator[ApprovalEntry]:
    for line in lines:
        for key, sign in ((line.key, -1), (line.to_key, 1)):
            yield ApprovalEntry(
                plan_line_id=key[0],
                component_id=key[1],
                source_id=key[2],
                amount_vnd=sign * line.amount_vnd,
                nature=Nature.CARRY_OVER,
                reason=reason,
            )
