"""Recording a letter: the amounts *after* it, stored as changes, checked against what is assigned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.funding import STATE_LEVELS, STATED_NATURES, Nature
from programmes.models import AllocationEntry, AnnualPlan, Decision, FundingSource, PlanRound
from projects.ledger.remainders import approved_cells, kept_at_a_stop
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
    refuse_lines_of_old_files,
    refuse_over_commitment,
    refuse_unauthorised,
)
from projects.services.guards import refuse_closed, require
from projects.services.letter_reasons import keep_reasons
from projects.services.letter_rows import standing_letter, store_entries, store_letter
from projects.services.storing import refuse_amounts


class _Change:
    """An amount that the letter leaves, in đồng, and what stood there when the user typed it; None: nothing yet."""

    before_vnd: int | None
    after_vnd: int

    @property
    def delta_vnd(self) -> int:
        return self.after_vnd - (self.before_vnd or 0)

    def nature(self, stated: str) -> str:
        """Of its entry: a first amount is *initial*, whatever the letter says of those that stood already."""
        return Nature.INITIAL if self.before_vnd is None else stated


@dataclass(frozen=True)
class AssignedChange(_Change):
    """What the letter leaves assigned from one source, in đồng, and what stood there when the user typed it."""

    source: FundingSource
    before_vnd: int | None
    after_vnd: int


@dataclass(frozen=True)
class ApprovedChange(_Change):
    """What the letter leaves approved for one line × content × source, in đồng, and what stood there before.

    ``is_stop``: the project is stopped; what is left is what it has been paid already. ``was_stop``: the letter of an
    old file stopped it, which the project says itself once it is taken over.
    """

    key: CellKey
    before_vnd: int | None
    after_vnd: int
    reason: str = ""
    is_stop: bool = False
    was_stop: bool = False

    def nature(self, stated: str) -> str:
        return Nature.STOP if self.is_stop or self.was_stop else super().nature(stated)


@dataclass(frozen=True)
class _Letter:
    """A letter on its way into the books, with who records it.

    ``plans``, of which ``plan`` is one, are held from :func:`_authorise` on; ``stopped`` are the projects that it
    stops. ``assigned`` and ``approved`` say every amount that was typed, the others those that differ from before.
    """

    plan: AnnualPlan
    decision: Decision
    assigned: Sequence[AssignedChange]
    approved: Sequence[ApprovedChange]
    nature: str
    reason: str
    actor: User
    is_of_old_file: bool = False
    plans: Sequence[AnnualPlan] = ()
    stopped: Sequence[Project] = ()

    @cached_property
    def reassigned(self) -> list[AssignedChange]:
        return [change for change in self.assigned if change.delta_vnd]

    @cached_property
    def changed(self) -> list[ApprovedChange]:
        return [change for change in self.approved if change.delta_vnd]

    @property
    def keys(self) -> set[CellKey]:
        return {change.key for change in self.changed}

    @cached_property
    def sources(self) -> dict[int, FundingSource]:
        """By their ids, those whose money the letter changes."""
        approved = FundingSource.objects.in_bulk({change.key[2] for change in self.changed})
        return approved | {change.source.pk: change.source for change in self.reassigned}

    @property
    def step(self) -> dict[str, Any]:
        """What every step that a project or a round takes by the letter says of it."""
        return {"actor": self.actor, "effective_on": self.decision.effective_on, "decision": self.decision}


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
    is_of_old_file: bool = False,
) -> Decision:
    """Records the letter with its entries, moves the projects it approves or stops, all of it or nothing.

    A letter that is recorded already gets further entries: one letter may serve several plans, or a line that was
    forgotten. ``reason`` says why for those whose letter doesn't.
    ``nature`` is that of changes to amounts that stood already; a first amount is always *initial*.
    ``is_of_old_file``: the letter that the Centre prepared with projects of an old file, by which alone they get their
    first money.
    Raises NotAllowed, PlanClosed, FutureDate, DecisionRefused or TransitionRefused; then nothing is written.
    """
    letter = _authorise(_Letter(plan, decision, assigned, approved, nature, reason, actor, is_of_old_file))
    _check_as_typed(letter)
    letter = _with_all_that_stops(letter)
    _check(letter)
    _write(letter)
    _move(letter)
    letter_recorded(letter.decision, letter.plan, actor=actor)
    return letter.decision


def _authorise(letter: _Letter) -> _Letter:
    """The letter as it stands, with its plans held: the actor decides there, the books are open, it is kept there.

    The plan is locked for the whole of it, so that of many letters on one envelope none can spend what another has
    spent; a stopped project's other plans are locked with it, and what they approved for it is freed too.
    """
    stopped = _stopped_projects(letter.approved)
    plans = _lock_plans(letter.plan, stopped)
    plan = next(one for one in plans if one.pk == letter.plan.pk)
    require(letter.actor, "decide", plan.organisation_id)
    refuse_closed([plan])
    decision = standing_letter(letter.decision)
    refuse_letter(decision, plan)
    return replace(letter, plan=plan, plans=plans, stopped=stopped, decision=decision)


def _stopped_projects(approved: Iterable[ApprovedChange]) -> list[Project]:
    lines = {change.key[0] for change in approved if change.is_stop}
    return list(Project.objects.filter(lines__in=lines).distinct().order_by("pk")) if lines else []


def _lock_plans(plan: AnnualPlan, stopped: Sequence[Project]) -> list[AnnualPlan]:
    """The plan, and those in which a stopped project has lines, held in the order of their ids."""
    wanted = AnnualPlan.objects.filter(rounds__lines__project__in=stopped).values_list("pk", flat=True)
    return list(AnnualPlan.objects.filter(pk__in={plan.pk, *wanted}).for_page().locked())


def _check_as_typed(letter: _Letter) -> None:
    """Amounts that can be, over what stands now, of lines that are before the Department."""
    _refuse_impossible(letter)
    refuse_if_changed_meanwhile(
        letter.plan,
        {change.source.pk: change.before_vnd for change in letter.assigned},
        {change.key: change.before_vnd for change in letter.approved},
    )
    lines = {change.key[0] for change in letter.approved}
    refuse_lines_not_forwarded(letter.plan, lines)
    if not letter.is_of_old_file:
        refuse_lines_of_old_files(lines)


def _refuse_impossible(letter: _Letter) -> None:
    """A letter says some amount, each of them once; what is assigned and approved is state money."""
    changes = (*letter.assigned, *letter.approved)
    if not changes:
        raise DecisionRefused(_("Chưa nhập số tiền nào ở cột “Sau”."), code="nothing")
    sources = {change.source.pk for change in letter.assigned} | {change.key[2] for change in letter.approved}
    if FundingSource.objects.filter(pk__in=sources, level__in=STATE_LEVELS).count() < len(sources):
        raise DecisionRefused(_("Chỉ giao kinh phí từ nguồn ngân sách nhà nước."), code="not_state")
    refuse_amounts(change.after_vnd for change in changes)
    said = [*(change.source.pk for change in letter.assigned), *(change.key for change in letter.approved)]
    if len(set(said)) < len(said):
        raise DecisionRefused(_("Có số tiền được nhập hai lần."), code="named_twice")
    if letter.nature not in STATED_NATURES:
        raise DecisionRefused(_("Thay đổi số đã có thì chọn điều chỉnh hoặc bổ sung."), code="nature")


def _with_all_that_stops(letter: _Letter) -> _Letter:
    """A project stops as a whole: whatever the letter says of its other contents and sources stops with it, and so
    does all its other money."""
    if not letter.stopped:
        return letter
    lines = set(PlanLine.objects.filter(project__in=letter.stopped).values_list("pk", flat=True))
    said = [replace(change, is_stop=change.key[0] in lines) for change in letter.approved]
    return replace(letter, approved=[*said, *_freed_elsewhere(letter, lines)])


def _freed_elsewhere(letter: _Letter, lines: set[int]) -> Iterator[ApprovedChange]:
    """All other money of the stopped lines, in this plan and in those of other years, down to what was paid of it.

    A year that is closed stays as it was settled.
    """
    said = {change.key for change in letter.approved}
    kept = kept_at_a_stop(lines)
    for plan in (one for one in letter.plans if not one.is_closed):
        for key, standing in approved_cells(plan).items():
            if key[0] in lines and key not in said and standing:
                yield ApprovedChange(key, standing, min(standing, kept.get(key, 0)), is_stop=True)


def _check(letter: _Letter) -> None:
    """What the letter changes may be changed: on its day, for its reasons, and by whoever issued it.

    Reasons that answer a warning are kept by this; what is refused afterwards takes them back.
    """
    on, sources = letter.decision.effective_on, {change.source.pk for change in letter.reassigned}
    refuse_before_later_letters(letter.plans, on, sources, letter.keys, is_of_old_file=letter.is_of_old_file)
    _refuse_without_words(letter)
    _refuse_more_at_a_stop(letter)
    _refuse_unknown_authority(letter)
    _refuse_unwise_without_reason(letter)
    refuse_unauthorised(letter.plan, letter.decision, _kinds_of_change(letter))


def _refuse_without_words(letter: _Letter) -> None:
    """What was assigned or approved is changed or stopped only with a reason (field-rules §3)."""
    is_change = any(change.before_vnd is not None for change in (*letter.reassigned, *letter.changed))
    words = letter.decision.summary or letter.reason
    if (letter.stopped or is_change) and not words.strip():
        raise DecisionRefused({"summary": _("Bổ sung, điều chỉnh, ngừng thì phải ghi lý do.")}, code="no_reason")


def _refuse_more_at_a_stop(letter: _Letter) -> None:
    """A stop leaves what is paid; it never gives."""
    if any(change.is_stop and change.delta_vnd > 0 for change in letter.approved):
        raise DecisionRefused(_("Số giữ lại của đề án ngừng thực hiện không được lớn hơn số đã duyệt."), code="stop")


def _refuse_unknown_authority(letter: _Letter) -> None:
    """The first assignment may come from a letter of which little is known; one that changes it may not."""
    for change in letter.reassigned:
        if change.before_vnd is not None and letter.decision.authority is None:
            kind = LetterChange.MORE_MONEY if change.delta_vnd > 0 else LetterChange.LESS_MONEY
            raise DecisionRefused({"authority": refusal(kind, change.source.level, None, None)}, code="unauthorised")


def _refuse_unwise_without_reason(letter: _Letter) -> None:
    """Money that a letter gives in spite of a warning comes with a reason, on its row (field-rules §4)."""
    given = [change for change in letter.changed if change.delta_vnd > 0]
    project_of = dict(PlanLine.objects.filter(pk__in={one.key[0] for one in given}).values_list("pk", "project"))
    reasons = {project_of[change.key[0]]: change.reason for change in given if change.reason}
    after = {change.key: change.after_vnd for change in given}
    if silent := keep_reasons(after, on=letter.decision.effective_on, reasons=reasons, actor=letter.actor):
        raise DecisionRefused(
            [
                _("%(project)s: %(warning)s Cần ghi lý do.") % {"project": project, "warning": warning.text}
                for project, warnings in silent.items()
                for warning in warnings
            ],
            code="needs_reason",
        )


def _kinds_of_change(letter: _Letter) -> Iterator[tuple[LetterChange, str]]:
    """What the matrix of field-rules §3 calls each change, with the level of its money."""
    for change in letter.changed:
        level = letter.sources[change.key[2]].level
        if change.is_stop or change.was_stop:
            yield LetterChange.STOP, level
        elif change.before_vnd is None:
            yield LetterChange.ADD_PROJECT, level
        else:
            yield LetterChange.MORE_MONEY if change.delta_vnd > 0 else LetterChange.LESS_MONEY, level


def _write(letter: _Letter) -> None:
    """The letter and its entries, with which every plan must balance on each day from the letter's on."""
    store_letter(letter.decision, letter.actor)
    store_entries(letter.decision, _allocations(letter), _approvals(letter), actor=letter.actor)
    for plan in letter.plans:
        refuse_over_commitment(plan, letter.decision.effective_on, letter.sources.values(), letter.keys)


def _allocations(letter: _Letter) -> Iterator[AllocationEntry]:
    for change in letter.reassigned:
        yield AllocationEntry(
            plan=letter.plan,
            source=change.source,
            amount_vnd=change.delta_vnd,
            nature=change.nature(letter.nature),
            reason=letter.reason,
        )


def _approvals(letter: _Letter) -> Iterator[ApprovalEntry]:
    for change in letter.changed:
        line, component, source = change.key
        yield ApprovalEntry(
            plan_line_id=line,
            component_id=component,
            source_id=source,
            amount_vnd=change.delta_vnd,
            nature=change.nature(letter.nature),
            reason=change.reason or letter.reason,
        )


def _move(letter: _Letter) -> None:
    """Projects that got money become approved, those that got none are dropped, past records that got some are
    confirmed, rounds with nothing left are done; then what the letter stops is stopped."""
    after: dict[int, int] = defaultdict(int)
    for change in letter.approved:
        after[change.key[0]] += change.after_vnd
    _approve_or_drop(letter, after)
    _confirm_past_records(letter, after)
    _finish_rounds(letter, after)
    _stop(letter)


def _approve_or_drop(letter: _Letter, after: Mapping[int, int]) -> None:
    """``after``: what the letter leaves approved for each line, in đồng.

    A project is approved by the first of its lines that gets money; a line that gets none is dropped by itself.
    """
    appraised = PlanLine.objects.filter(pk__in=after).standing(Project.Status.APPRAISED)
    lines = list(appraised.select_related("project", "round").order_by("project", "pk"))
    for line in lines:
        line.project.refresh_from_db(fields=["status", "version"])
        if after[line.pk] and line.project.status not in Project.GRANTED:
            apply_transition(line.project, "approve", line=line, **letter.step)
    reason = letter.decision.summary or letter.decision.label
    for line in lines:
        if not after[line.pk]:
            line.project.refresh_from_db(fields=["status", "version"])
            apply_transition(line.project, "reject", line=line, reason=reason, **letter.step)


def _confirm_past_records(letter: _Letter, after: Mapping[int, int]) -> None:
    granted = [line for line, vnd in after.items() if vnd]
    stated = Project.objects.filter(lines__in=granted, status=Project.Status.STATED)
    for project in stated.exclude(past_records__goes_on=True).distinct().order_by("pk"):
        apply_transition(project, "confirm", **letter.step)


def _finish_rounds(letter: _Letter, decided: Iterable[int]) -> None:
    touched = Project.objects.filter(lines__in=decided)
    rounds = PlanRound.objects.filter(plan=letter.plan, lines__project__in=touched).forwarded().distinct()
    for plan_round in rounds:
        if not why_not(letter.actor, plan_round, "approve"):
            apply_transition(plan_round, "approve", **letter.step)


def _stop(letter: _Letter) -> None:
    for project in letter.stopped:
        project.refresh_from_db()
        apply_transition(project, "stop", reason=letter.decision.summary, **letter.step)
