"""What a letter must not do: each check raises DecisionRefused with the reason in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from khuyencong.funding import CORRECTING_NATURES, Nature
from programmes.models import AllocationEntry, AnnualPlan, Decision, FundingSource, PlanRound
from programmes.models.dated import is_in_force
from projects.ledger.line_limits import find_excesses
from projects.ledger.plan_limits import Overrun, find_negative_cells, find_overruns
from projects.ledger.remainders import approved_cells
from projects.models import ApprovalEntry, CellKey, PastLetter, PlanLine, Project
from projects.refusals import Refused
from projects.rules.adjustments import adjustments_of
from projects.rules.deciders import LetterChange, adjusted_changes, decider_book, refusal
from projects.services.guards import refuse_future

NAMED = {Nature.STOP: LetterChange.STOP, Nature.CARRY_OVER: LetterChange.NEXT_YEAR}


class DecisionRefused(Refused):
    """The letter can't be recorded; the messages say why and by how much. Nothing is written."""

    def __init__(self, message: Any, code: str = "refused", overruns: Sequence[Overrun] = ()) -> None:
        super().__init__(message, code)
        self.overruns = overruns


def refuse_letter(decision: Decision, plan: AnnualPlan) -> None:
    """A letter of today or before, kept where the plan's own people and superiors keep theirs."""
    refuse_future(decision.issued_on, "issued_on")
    refuse_future(decision.effective_on, "effective_on")
    if decision.issued_on and decision.effective_on != decision.issued_on:
        text = _("Văn bản đã rõ ngày ban hành thì tính từ ngày đó.")
        raise DecisionRefused({"effective_on": text}, code="effective")
    _refuse_strange_authority(decision, plan)
    if decision.organisation_id not in {office.pk for office in plan.organisation.lineage()}:
        raise DecisionRefused(_("Văn bản này do đơn vị khác ghi nhận, không dùng cho kế hoạch này."), "other_office")


def _refuse_strange_authority(decision: Decision, plan: AnnualPlan) -> None:
    """An authority issues letters while it is called so, and for its own province."""
    authority, on = decision.authority, decision.effective_on
    if authority is None:
        return
    if authority.province_id not in (None, plan.organisation.province().pk):
        text = _("%(authority)s thuộc tỉnh, thành phố khác.") % {"authority": authority}
        raise DecisionRefused({"authority": text}, code="other_province")
    if not is_in_force(authority, on):
        text = _("Ngày %(on)s chưa có hoặc không còn cơ quan mang tên %(authority)s.")
        raise DecisionRefused({"authority": text % {"on": f"{on:%d/%m/%Y}", "authority": authority}}, code="other_time")


def refuse_if_changed_meanwhile(
    plan: AnnualPlan, assigned: Mapping[int, int | None], approved: Mapping[CellKey, int | None]
) -> None:
    """``assigned`` by source and ``approved`` by cell are what stood there when the user typed, in đồng."""
    standing = AllocationEntry.objects.for_plans([plan]).of_standing_letters().amounts_by("source")
    cells = approved_cells(plan)
    stale = any(standing.get(source) != before for source, before in assigned.items())
    if stale or any(cells.get(key) != before for key, before in approved.items()):
        raise DecisionRefused(
            _(
                "Trong lúc bạn nhập, người khác đã ghi nhận văn bản khác cho kế hoạch này. "
                "Số bạn nhập được giữ nguyên; cột “Trước” đã cập nhật, hãy kiểm tra lại rồi ghi nhận."
            ),
            code="changed_meanwhile",
        )


def refuse_lines_not_forwarded(plan: AnnualPlan, line_ids: Collection[int]) -> None:
    """Reviewed and forwarded, or of a past record, which came without those steps."""
    reviewed = Q(round__status__in=PlanRound.DECIDABLE, status_then__in=Project.DECIDABLE)
    past = Q(round__status=PlanRound.Status.PAST, project__status__in=(*Project.HISTORIC, *Project.REPORTABLE))
    lines = PlanLine.objects.with_status().filter(reviewed | past, pk__in=line_ids, round__plan=plan)
    if lines.count() != len(set(line_ids)):
        raise DecisionRefused(
            _(
                "Có dòng kế hoạch chưa được thẩm định và trình phê duyệt, hoặc đã rút, không đưa vào kế hoạch, "
                "ngừng thực hiện."
            ),
            code="not_forwarded",
        )


def refuse_lines_of_old_files(line_ids: Collection[int]) -> None:
    """A project that goes on gets its first money by the letters that were prepared with it, and by no other way."""
    lines = PlanLine.objects.filter(pk__in=line_ids, project__status=Project.Status.STATED)
    for line in lines.filter(project__past_records__goes_on=True).select_related("project"):
        text = _("Đề án “%(name)s” nhập từ hồ sơ cũ: xác nhận văn bản mà Trung tâm đã chuẩn bị cho đề án.")
        raise DecisionRefused(text % {"name": line.project}, code="of_old_file")


def refuse_before_later_letters(
    plans: Iterable[AnnualPlan],
    on: dt.date,
    sources: Collection[int],
    keys: Collection[CellKey],
    *,
    is_of_old_file: bool = False,
) -> None:
    """“After” is the amount that a letter leaves; with a later letter on the same amount it would mean two things. One
    that was cancelled says nothing of the amount any more.

    Letters of old files each say what they themselves give, so among them any order will do.
    """
    plans = list(plans)
    added = PastLetter.objects.filter(plan__in=plans if is_of_old_file else []).values("decision")
    later = Q(effective_on__gt=on) & ~Q(decision__in=added.filter(decision__isnull=False))
    allocations = AllocationEntry.objects.for_plans(plans).standing().filter(later, source__in=sources)
    dates = list(allocations.values_list("effective_on", flat=True))
    approvals = ApprovalEntry.objects.for_plans(plans).standing().filter(later)
    dates += [entry.effective_on for entry in approvals if entry.key in keys]
    if dates:
        raise DecisionRefused(
            _(
                "Đã có văn bản tính từ ngày %(on)s thay đổi chính các số này, sau ngày của văn bản bạn nhập. "
                "Hãy ghi nhận các văn bản theo thứ tự ngày."
            )
            % {"on": f"{max(dates):%d/%m/%Y}"},
            code="out_of_order",
        )


def refuse_unauthorised(plan: AnnualPlan, decision: Decision, changes: Iterable[tuple[LetterChange, str]]) -> None:
    """Each (change, level of the money) must be within the issuing authority's power, by the rules of the letter's day
    as far as they are known (field-rules §3). The first approvals of a plan are whoever's they are."""
    book = decider_book(plan.organisation.province())
    approved = approved_levels(plan)
    problems = []
    for change, level in dict.fromkeys(changes):
        if change is LetterChange.ADD_PROJECT and level not in approved:
            continue
        rule = book.find(change, level, decision.effective_on)
        if text := refusal(change, level, decision.authority, rule):
            problems.append(text)
    if problems:
        raise DecisionRefused({"authority": problems}, code="unauthorised")


def changes_of(decision: Decision) -> list[tuple[LetterChange, str]]:
    """What a recorded letter changed, by what the matrix of field-rules §3 calls it, with the level of the money."""
    return [*_changes_of_money(decision), *_changes_of_projects(decision)]


def _changes_of_money(decision: Decision) -> Iterator[tuple[LetterChange, str]]:
    """First approvals of a plan are no change; slips that were put right are none either."""
    for entry in ApprovalEntry.objects.of_decision(decision):
        level = entry.source.level
        if entry.nature in NAMED:
            yield NAMED[Nature(entry.nature)], level
        elif entry.nature == Nature.INITIAL:
            if _had_approvals(entry, level):
                yield LetterChange.ADD_PROJECT, level
        elif entry.nature not in CORRECTING_NATURES:
            yield LetterChange.MORE_MONEY if entry.amount_vnd > 0 else LetterChange.LESS_MONEY, level


def _had_approvals(entry: ApprovalEntry, level: str) -> bool:
    """Whether an earlier letter had approved money of that level in the plan."""
    plan = entry.plan_line.round.plan_id
    earlier = ApprovalEntry.objects.filter(plan_line__round__plan=plan, source__level=level, nature=Nature.INITIAL)
    return earlier.filter(decision__lt=entry.decision_id).exists()


def _changes_of_projects(decision: Decision) -> Iterator[tuple[LetterChange, str]]:
    for one in adjustments_of(decision):
        project = one.revision.project
        lines = list(project.lines.select_related("round__plan"))
        year = max((line.round.plan.year for line in lines), default=decision.effective_on.year)
        for change in adjusted_changes(project, one.before, one.after, one.changed, year):
            yield from ((change, level) for level in sorted({line.round.level for line in lines}))


def approved_levels(plan: AnnualPlan) -> set[str]:
    """The levels of money of which an authority on record has approved lines of the plan."""
    rows = ApprovalEntry.objects.for_plans([plan]).of_standing_letters()
    rows = rows.filter(nature=Nature.INITIAL, decision__authority__isnull=False)
    return set(rows.order_by().values_list("source__level", flat=True))


def refuse_over_commitment(
    plan: AnnualPlan, since: dt.date, sources: Iterable[FundingSource], keys: Iterable[CellKey]
) -> None:
    """Approved ≤ assigned for each source on every day from ``since`` on, no cell below zero or below what is paid."""
    overruns = find_overruns(plan, sources, since)
    problems = [str(overrun) for overrun in overruns]
    problems += [
        _("Đề án “%(name)s”: có ngày kinh phí được duyệt nhỏ hơn 0.") % {"name": line.project}
        for line in find_negative_cells(plan, keys)
    ]
    problems += [str(excess) for excess in find_excesses({key[0] for key in keys}, since)]
    if problems:
        raise DecisionRefused(problems, code="over_commitment", overruns=overruns)
