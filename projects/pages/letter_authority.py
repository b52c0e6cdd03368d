"""What a letter changed of which no rule says who has to decide it, as its page and the recorder are told."""

from __future__ import annotations

from collections.abc import Iterator

from khuyencong.funding import CORRECTING_NATURES, Nature
from programmes.models import Decision
from projects.models import ApprovalEntry, ProjectRevision
from projects.papers.snapshots import differences
from projects.rules.deciders import LetterChange, adjusted_changes, decider_book, unruled

NAMED = {Nature.STOP: LetterChange.STOP, Nature.CARRY_OVER: LetterChange.NEXT_YEAR}


def unruled_changes(decision: Decision) -> list[str]:
    """One sentence for each change and level of money without a rule on the letter's day."""
    on, book = decision.effective_on, decider_book(decision.organisation.province())
    found = dict.fromkeys([*_changes_of_money(decision), *_changes_of_projects(decision)])
    return [unruled(change, level, on) for change, level in found if book.find(change, level, on) is None]


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
    for revision in ProjectRevision.objects.of_decision(decision):
        project, after = revision.project, revision.snapshot
        previous = ProjectRevision.objects.before(revision)
        before = after.get("before") or (previous.snapshot if previous else after)
        changed = {one.field for one in differences(before, after)}
        lines = list(project.lines.select_related("round__plan"))
        year = max((line.round.plan.year for line in lines), default=decision.effective_on.year)
        for change in adjusted_changes(project, before, after, changed, year):
            yield from ((change, level) for level in sorted({line.round.level for line in lines}))
