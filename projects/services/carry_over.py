"""Money that goes on into the next year's plan: a balanced pair of entries for each amount, under one letter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation, User
from khuyencong.funding import Nature
from programmes.models import AllocationEntry, AnnualPlan, Decision, FundingSource
from projects.models import ApprovalEntry, CellKey, PlanLine
from projects.papers.notices import letter_recorded
from projects.rules.deciders import LetterChange
from projects.rules.permissions import hindrance_to_joining
from projects.services.decision_checks import (
    DecisionRefused,
    refuse_before_later_letters,
    refuse_letter,
    refuse_over_commitment,
    refuse_unauthorised,
)
from projects.services.guards import hold_plans, lock_row, refuse_hindered
from projects.services.letter_rows import standing_letter, store_entries, store_letter
from projects.services.project_parts import bump_version, draft_round
from projects.services.storing import refuse_amounts, store_new


@dataclass(frozen=True)
class CarriedLine:
    """Approved money of a project that moves from its line in one year to its line in the next, in đồng.

    ``to_line`` is None where the project has no line there that was seen: it gets one.
    """

    key: CellKey
    to_line: int | None
    amount_vnd: int

    @property
    def to_key(self) -> CellKey:
        assert self.to_line is not None  # see _with_lines
        return (self.to_line, self.key[1], self.key[2])


@transaction.atomic
def carry_over(
    *,
    plan: AnnualPlan,
    to_plan: AnnualPlan | None,
    decision: Decision,
    lines: Sequence[CarriedLine],
    free: Mapping[FundingSource, int],
    going: Collection[int] = (),
    reason: str = "",
    actor: User,
) -> Decision:
    """Moves assigned money into the next year: with the projects that it is approved for, and ``free`` of any.

    Without ``to_plan`` the letter opens the next year's. ``going``: lines, by their ids, of projects that go on though
    nobody knows yet with how much; nothing is entered of their money. Both plans are locked in the order of their ids;
    each amount leaves one year and enters the other on the same day. ``reason`` says why for a letter that doesn't.
    Raises NotAllowed, PlanClosed, FutureDate, or DecisionRefused, by how much where a balance would break; then nothing
    is written.
    """
    plans = hold_plans(actor, "decide", plan.pk, *([to_plan.pk] if to_plan else []))
    plan = plans[plan.pk]
    to_plan = plans[to_plan.pk] if to_plan else _next_plan(plan, actor)
    if to_plan.organisation_id != plan.organisation_id or to_plan.year <= plan.year:
        raise DecisionRefused(_("Chỉ chuyển sang kế hoạch năm sau của cùng đơn vị."))
    decision = standing_letter(decision)
    if not (decision.summary or reason).strip():
        raise DecisionRefused({"summary": _("Chuyển nguồn thì phải ghi lý do.")}, code="no_reason")
    refuse_letter(decision, plan)
    _refuse_impossible(lines, free)
    lines = [line for line in lines if line.amount_vnd]
    moved = _moved_by_source(lines, free)
    if not any(moved.values()) and not going:
        raise DecisionRefused(_("Hãy chọn đề án chuyển tiếp hoặc nhập số tiền."), code="nothing")
    next_lines = _next_lines(plan, to_plan, {*going, *(line.key[0] for line in lines if line.to_line is None)})
    lines = [line if line.to_line is not None else replace(line, to_line=next_lines[line.key[0]].pk) for line in lines]
    _refuse_other_projects(lines, plan, to_plan)
    keys = {key for line in lines for key in (line.key, line.to_key)}
    _refuse_twice(decision, lines, free, [next_lines[pk] for pk in going])
    refuse_before_later_letters([plan, to_plan], decision.effective_on, set(moved), keys)
    sources = FundingSource.objects.in_bulk(moved)
    levels = [*(sources[pk].level for pk in moved), *(next_lines[pk].round.level for pk in going)]
    refuse_unauthorised(plan, decision, [(LetterChange.NEXT_YEAR, level) for level in levels])
    store_letter(decision, actor)
    _name_letter(next_lines.values(), decision)
    store_entries(decision, _allocations(plan, to_plan, moved, reason), _approvals(lines, reason), actor=actor)
    refuse_over_commitment(plan, decision.effective_on, sources.values(), [line.key for line in lines])
    refuse_over_commitment(to_plan, decision.effective_on, sources.values(), [line.to_key for line in lines])
    letter_recorded(decision, plan, to_plan, actor=actor)
    return decision


def _next_plan(plan: AnnualPlan, actor: User) -> AnnualPlan:
    """The plan of the year after, opened where there is still none. Nobody else opens it meanwhile."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=plan.organisation_id)
    standing = AnnualPlan.objects.next_of(plan)
    if standing is None:
        return store_new(AnnualPlan(organisation=organisation, year=plan.year + 1))
    return hold_plans(actor, "decide", standing.pk)[standing.pk]


def _next_lines(plan: AnnualPlan, to_plan: AnnualPlan, ids: Collection[int]) -> dict[int, PlanLine]:
    """The line in the next year of the project of each of these lines, by the ids of these: of the same level. A
    running project that has none gets one in the round that is being drafted."""
    lines = PlanLine.objects.for_plans([plan]).select_related("round", "project").in_bulk(ids)
    if len(lines) < len(ids):
        raise DecisionRefused(_("Có dòng không còn trong kế hoạch."), code="no_line")
    projects = [line.project_id for line in lines.values()]
    standing = PlanLine.objects.for_plans([to_plan]).filter(project__in=projects).select_related("round", "carried_by")
    by_place = {(line.project_id, line.round.level): line for line in standing.order_by("-pk")}
    found = {}
    for pk, line in sorted(lines.items(), key=lambda item: (item[1].project_id, item[0])):
        place = (line.project_id, line.round.level)
        if place not in by_place:
            project = lock_row(line.project)
            refuse_hindered(hindrance_to_joining(project))
            bump_version(project, project.version)
            by_place[place] = PlanLine.objects.create(round=draft_round(to_plan, line.round.level), project=project)
        found[pk] = by_place[place]
    return found


def _name_letter(lines: Iterable[PlanLine], decision: Decision) -> None:
    """On each line by which letter its project goes on; the first that stands is named."""
    named = PlanLine.objects.filter(pk__in=[line.pk for line in lines])
    named.filter(Q(carried_by=None) | Q(carried_by__is_cancelled=True)).update(carried_by=decision)


def _refuse_impossible(lines: Sequence[CarriedLine], free: Mapping[FundingSource, int]) -> None:
    """State money goes on into the next year and never comes back from it."""
    if any(not source.is_state for source in free):
        raise DecisionRefused(_("Chỉ giao kinh phí từ nguồn ngân sách nhà nước."), code="not_state")
    refuse_amounts([*(line.amount_vnd for line in lines), *free.values()])
    if len({line.key for line in lines}) < len(lines):
        raise DecisionRefused(_("Có số tiền được nhập hai lần."), code="named_twice")


def _refuse_twice(
    decision: Decision, lines: Sequence[CarriedLine], free: Mapping[FundingSource, int], going: Sequence[PlanLine]
) -> None:
    """A project goes on once; and the same amounts under the same letter were sent twice, by a double click or a lost
    answer."""
    for line in going:
        if line.carried_by and not line.carried_by.is_cancelled:
            text = _("Đề án “%(name)s” đã được chuyển tiếp sang năm sau theo %(letter)s; khi rõ số tiền thì nhập số.")
            raise DecisionRefused(text % {"name": line.project, "letter": line.carried_by.label}, code="goes_on")
    if decision.pk is None or not (lines or free):
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
    """Each amount stays with its project, and both lines are those of the two years, of one level."""
    found = PlanLine.objects.select_related("round").in_bulk(
        {line.key[0] for line in lines} | {line.to_line for line in lines}
    )
    for line in lines:
        old, new = found.get(line.key[0]), found.get(line.to_line)
        if old is None or new is None:
            raise DecisionRefused(_("Có dòng không còn trong kế hoạch."), code="no_line")
        if old.project_id != new.project_id or (old.round.plan_id, new.round.plan_id) != (plan.pk, to_plan.pk):
            raise DecisionRefused(_("Kinh phí chuyển sang năm sau phải giữ nguyên cho đúng đề án đó."))
        if old.round.level != new.round.level:
            raise DecisionRefused(_("Kinh phí chuyển sang năm sau ở đợt cùng cấp."))


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
