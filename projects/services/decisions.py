"""Recording a letter: the amounts *after* it, stored as changes, checked against what is assigned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.append_only import STATE_LEVELS, STATED_NATURES, Nature
from programmes.models import AllocationEntry, AnnualPlan, Decision, FundingSource, PlanRound
from projects.ledger.balances import approved_cells, kept_at_a_stop
from projects.models import ApprovalEntry, CellKey, PlanLine, Project
from projects.papers.notices import letter_recorded
from projects.rules.deciders import LetterChange, refusal
from projects.rules.workflow import apply_transition, why_not
from projects.services.decision_checks import (
    DecisionRefused,
    refuse_before_later_letters,
    refuse_if_changed_meanwhile,
    refuse_letter,
    refuse_lines_not_forwarded,
    refuse_over_commitment,
    refuse_unauthorised,
    standing_letter,
    store_letter,
)
from projects.services.guards import refuse_closed, require
from projects.services.storing import clean_all, refuse_amounts
from projects.services.unwise import keep_reasons


@dataclass(frozen=True)
class AssignedChange:
    """What the letter leaves assigned from one source, in đồng, and what stood there when the user typed it."""

    source: FundingSource
    before_vnd: int | None
    after_vnd: int


@dataclass(frozen=True)
class ApprovedChange:
    """What the letter leaves approved for one line × content × source, in đồng, and what stood there before.

    ``is_stop``: the project is stopped; what is left is what it has been paid already.
    """

    key: CellKey
    before_vnd: int | None
    after_vnd: int
    reason: str = ""
    is_stop: bool = False

    @property
    def delta_vnd(self) -> int:
        return self.after_vnd - (self.before_vnd or 0)


@transaction.atomic
def record_decision(
    *,
    plan: AnnualPlan,
    decision: Decision,
    assigned: Sequence[AssignedChange],
    approved: Sequence[ApprovedChange],
    nature: str,
    reason: str = "",
    actor: User,
) -> Decision:
    """Records the letter with its entries, moves the projects it approves or stops, all of it or nothing.

    A letter that is recorded already gets further entries: one letter may serve several plans, or a line that was
    forgotten. ``reason`` says why for those whose letter doesn't.
    ``nature`` is that of changes to amounts that stood already; a first amount is always *initial*. The plan is
    locked for the whole of it, so that of many letters on one envelope none can spend what another has spent; a
    stopped project's other plans are locked with it, and what they approved for it is freed too.
    Raises NotAllowed, PlanClosed, FutureDate, DecisionRefused or TransitionRefused; then nothing is written.
    """
    stopped = _stopped_projects(approved)
    plans = _lock_plans(plan, stopped)
    plan = next(one for one in plans if one.pk == plan.pk)
    require(actor, "decide", plan.organisation_id)
    refuse_closed([plan])
    decision = standing_letter(decision)
    refuse_letter(decision, plan)
    _refuse_impossible(assigned, approved, nature)
    refuse_if_changed_meanwhile(
        plan,
        {change.source.pk: change.before_vnd for change in assigned},
        {change.key: change.before_vnd for change in approved},
    )
    refuse_lines_not_forwarded(plan, {change.key[0] for change in approved})
    approved = _stopping_all(approved, stopped)
    approved = [*approved, *_freed_elsewhere(plans, stopped, {change.key for change in approved})]
    changed = [change for change in approved if change.delta_vnd]
    reassigned = [change for change in assigned if change.after_vnd != (change.before_vnd or 0)]
    keys = {change.key for change in changed}
    refuse_before_later_letters(plans, decision.effective_on, {change.source.pk for change in reassigned}, keys)
    sources = FundingSource.objects.in_bulk({change.key[2] for change in changed})
    _refuse_without_words(decision.summary or reason, [*reassigned, *changed], stopped)
    _refuse_more_at_a_stop(approved)
    _refuse_unknown_authority(decision, reassigned)
    _refuse_unwise_without_reason(decision, changed, actor)
    refuse_unauthorised(plan, decision, _kinds_of_change(changed, sources))
    store_letter(decision, actor)
    _write_allocations(plan, decision, reassigned, nature, reason, actor)
    _write_approvals(decision, changed, nature, reason, actor)
    sources |= {change.source.pk: change.source for change in reassigned}
    for one in plans:
        refuse_over_commitment(one, decision.effective_on, sources.values(), keys)
    _move_projects(plan, decision, approved, actor)
    _stop_projects(decision, stopped, actor)
    letter_recorded(decision, plan, actor=actor)
    return decision


def _stopped_projects(approved: Iterable[ApprovedChange]) -> list[Project]:
    lines = {change.key[0] for change in approved if change.is_stop}
    return list(Project.objects.filter(lines__in=lines).distinct().order_by("pk")) if lines else []


def _stopping_all(approved: Iterable[ApprovedChange], stopped: Sequence[Project]) -> list[ApprovedChange]:
    """A project stops as a whole: whatever the letter says of its other contents and sources stops with it."""
    lines = set(PlanLine.objects.filter(project__in=stopped).values_list("pk", flat=True)) if stopped else set()
    return [replace(change, is_stop=change.key[0] in lines) for change in approved]


def _lock_plans(plan: AnnualPlan, stopped: Iterable[Project]) -> list[AnnualPlan]:
    """The plan, and those in which a stopped project has lines, held in the order of their ids."""
    wanted = AnnualPlan.objects.filter(rounds__lines__project__in=list(stopped)).values_list("pk", flat=True)
    return list(AnnualPlan.objects.filter(pk__in={plan.pk, *wanted}).for_page().locked())


def _refuse_impossible(assigned: Sequence[AssignedChange], approved: Sequence[ApprovedChange], nature: str) -> None:
    """A letter says some amount, each of them once; what is assigned and approved is state money."""
    if not assigned and not approved:
        raise DecisionRefused(_("Chưa nhập số tiền nào ở cột “Sau”."), code="nothing")
    sources = {change.source.pk for change in assigned} | {change.key[2] for change in approved}
    if FundingSource.objects.filter(pk__in=sources, level__in=STATE_LEVELS).count() < len(sources):
        raise DecisionRefused(_("Chỉ giao kinh phí từ nguồn ngân sách nhà nước."), code="not_state")
    refuse_amounts(change.after_vnd for change in (*assigned, *approved))
    said = [*(change.source.pk for change in assigned), *(change.key for change in approved)]
    if len(set(said)) < len(said):
        raise DecisionRefused(_("Có số tiền được nhập hai lần."), code="named_twice")
    if nature not in STATED_NATURES:
        raise DecisionRefused(_("Thay đổi số đã có thì chọn điều chỉnh hoặc bổ sung."), code="nature")


def _freed_elsewhere(
    plans: Iterable[AnnualPlan], stopped: Iterable[Project], named: set[CellKey]
) -> Iterator[ApprovedChange]:
    """All other money of the stopped projects, in this plan and in those of other years, down to what was paid of it.

    A year that is closed stays as it was settled.
    """
    lines = set(PlanLine.objects.filter(project__in=list(stopped)).values_list("pk", flat=True))
    kept = kept_at_a_stop(lines)
    for plan in (one for one in plans if not one.is_closed):
        for key, standing in approved_cells(plan).items():
            if key[0] in lines and key not in named and standing:
                yield ApprovedChange(key, standing, min(standing, kept.get(key, 0)), is_stop=True)


def _refuse_without_words(
    words: str, changed: Iterable[AssignedChange | ApprovedChange], stopped: Sequence[Project]
) -> None:
    """What was assigned or approved is changed or stopped only with a reason (RULES §3)."""
    if (stopped or any(change.before_vnd is not None for change in changed)) and not words.strip():
        raise DecisionRefused({"summary": _("Bổ sung, điều chỉnh, ngừng thì phải ghi lý do.")}, code="no_reason")


def _refuse_unknown_authority(decision: Decision, reassigned: Iterable[AssignedChange]) -> None:
    """The first assignment may come from a letter of which little is known; one that changes it may not."""
    for change in reassigned:
        if change.before_vnd is not None and decision.authority is None:
            kind = LetterChange.MORE_MONEY if change.after_vnd > change.before_vnd else LetterChange.LESS_MONEY
            raise DecisionRefused({"authority": refusal(kind, change.source.level, None)}, code="unauthorised")


def _refuse_more_at_a_stop(approved: Iterable[ApprovedChange]) -> None:
    """A stop leaves what is paid; it never gives."""
    if any(change.is_stop and change.after_vnd > (change.before_vnd or 0) for change in approved):
        raise DecisionRefused(_("Số giữ lại của đề án ngừng thực hiện không được lớn hơn số đã duyệt."), code="stop")


def _refuse_unwise_without_reason(decision: Decision, changed: Iterable[ApprovedChange], actor: User) -> None:
    """Money that a letter gives in spite of a warning comes with a reason, on its row (RULES §4)."""
    given = [change for change in changed if change.delta_vnd > 0]
    project_of = dict(PlanLine.objects.filter(pk__in={one.key[0] for one in given}).values_list("pk", "project"))
    reasons = {project_of[change.key[0]]: change.reason for change in given if change.reason}
    after = {change.key: change.after_vnd for change in given}
    if silent := keep_reasons(after, on=decision.effective_on, reasons=reasons, actor=actor):
        raise DecisionRefused(
            [
                _("%(project)s: %(warning)s Cần ghi lý do.") % {"project": project, "warning": warning.text}
                for project, warnings in silent.items()
                for warning in warnings
            ],
            code="needs_reason",
        )


def _kinds_of_change(
    changed: Iterable[ApprovedChange], sources: dict[int, FundingSource]
) -> Iterator[tuple[LetterChange, str]]:
    for change in changed:
        level = sources[change.key[2]].level
        if change.is_stop:
            yield LetterChange.STOP, level
        elif change.before_vnd is None:
            yield LetterChange.ADD_PROJECT, level
        else:
            yield LetterChange.MORE_MONEY if change.delta_vnd > 0 else LetterChange.LESS_MONEY, level


def _write_allocations(
    plan: AnnualPlan, decision: Decision, changes: Iterable[AssignedChange], nature: str, reason: str, actor: User
) -> None:
    AllocationEntry.objects.bulk_create(
        AllocationEntry(
            decision=decision,
            plan=plan,
            source=change.source,
            amount_vnd=change.after_vnd - (change.before_vnd or 0),
            nature=Nature.INITIAL if change.before_vnd is None else nature,
            effective_on=decision.effective_on,
            recorded_by=actor,
            reason=reason,
        )
        for change in changes
    )


def _write_approvals(
    decision: Decision, changes: Iterable[ApprovedChange], nature: str, reason: str, actor: User
) -> None:
    entries = [
        ApprovalEntry(
            decision=decision,
            plan_line_id=line,
            component_id=component,
            source_id=source,
            amount_vnd=change.delta_vnd,
            nature=_nature_of(change, nature),
            effective_on=decision.effective_on,
            recorded_by=actor,
            reason=change.reason or reason,
        )
        for change in changes
        for line, component, source in [change.key]
    ]
    clean_all(entries)
    ApprovalEntry.objects.bulk_create(entries)


def _nature_of(change: ApprovedChange, nature: str) -> str:
    if change.is_stop:
        return Nature.STOP
    return Nature.INITIAL if change.before_vnd is None else nature


def _move_projects(plan: AnnualPlan, decision: Decision, changes: Iterable[ApprovedChange], actor: User) -> None:
    """Projects that got money become approved, those that got none are dropped, rounds with nothing left are done."""
    step: dict[str, Any] = {"actor": actor, "effective_on": decision.effective_on, "decision": decision}
    after: dict[int, int] = defaultdict(int)
    for change in changes:
        after[change.key[0]] += change.after_vnd
    appraised = Project.objects.filter(lines__in=after, status=Project.Status.APPRAISED).distinct().order_by("pk")
    for project in appraised:
        lines = set(project.lines.values_list("pk", flat=True))
        if any(after.get(line) for line in lines):
            apply_transition(project, "approve", **step)
        elif not _waits_elsewhere(project, after):
            apply_transition(project, "reject", reason=decision.summary or decision.label, **step)
    touched = Project.objects.filter(lines__in=after)
    for plan_round in PlanRound.objects.filter(plan=plan, lines__project__in=touched).forwarded().distinct():
        if not why_not(actor, plan_round, "approve"):
            apply_transition(plan_round, "approve", **step)


def _waits_elsewhere(project: Project, decided: Iterable[int]) -> bool:
    """Whether another line of the project is still on its way to a decision."""
    open_lines = PlanLine.objects.filter(project=project).exclude(round__status=PlanRound.Status.APPROVED)
    return open_lines.exclude(pk__in=decided).exists()


def _stop_projects(decision: Decision, stopped: Iterable[Project], actor: User) -> None:
    for project in stopped:
        project.refresh_from_db()
        apply_transition(
            project,
            "stop",
            actor=actor,
            effective_on=decision.effective_on,
            reason=decision.summary,
            decision=decision,
        )
