"""The appendix of a letter that adjusts: it writes itself from the entries and revisions of that letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from khuyencong.accounts.models import User
from khuyencong.funding import Nature
from programmes.models import Decision
from projects.ledger.optional_amounts import add
from projects.models import ApprovalEntry, FieldChange, Project, ProjectRevision
from projects.papers.snapshots import Difference
from projects.services.corrections import amounts_around


@dataclass(frozen=True)
class MoneyChange:
    """One line × content × source that the letter changed, in đồng."""

    entry: ApprovalEntry
    before_vnd: int
    after_vnd: int
    reason: str

    @property
    def difference_vnd(self) -> int:
        return self.after_vnd - self.before_vnd

    @property
    def is_stopped(self) -> bool:
        return self.entry.nature == Nature.STOP


@dataclass(frozen=True)
class TextChange:
    """A field of a project that the letter changed."""

    project: Project
    difference: Difference
    reason: str


@dataclass(frozen=True)
class Appendix:
    """Money before and after, then places, dates and beneficiaries before and after."""

    money: list[MoneyChange]
    texts: list[TextChange]

    @property
    def is_empty(self) -> bool:
        return not self.money and not self.texts

    @property
    def before_vnd(self) -> int | None:
        return add(*(row.before_vnd for row in self.money))

    @property
    def after_vnd(self) -> int | None:
        return add(*(row.after_vnd for row in self.money))

    @property
    def difference_vnd(self) -> int | None:
        return add(*(row.difference_vnd for row in self.money))


def has_appendix(decision: Decision, user: User) -> bool:
    """Whether the letter adjusts anything that the user may see."""
    if ApprovalEntry.objects.visible_to(user).of_decision(decision).adjusting().exists():
        return True
    return ProjectRevision.objects.visible_to(user).of_decision(decision).exists()


def appendix(decision: Decision, user: User) -> Appendix:
    """Of what the user may see. First approvals are the letter's list and no adjustment; slips are folded in."""
    entries = ApprovalEntry.objects.visible_to(user).of_decision(decision).adjusting()
    around = amounts_around(entries.order_by("plan_line__project__code", "pk"))
    money = [
        MoneyChange(entry, before, after, entry.reason or decision.summary) for entry, (before, after) in around.items()
    ]
    return Appendix(money, list(_text_changes(decision, user)))


def _text_changes(decision: Decision, user: User) -> Iterator[TextChange]:
    """As the history keeps them: what else changed between two revisions is not this letter's.

    A change belongs to the first revision that was recorded after it.
    """
    revisions: dict[int, list[ProjectRevision]] = defaultdict(list)
    for revision in ProjectRevision.objects.visible_to(user).of_decision(decision):
        revisions[revision.project_id].append(revision)
    for change in FieldChange.objects.visible_to(user).of_decision(decision):
        later = [one for one in revisions[change.project_id] if one.recorded_at >= change.recorded_at]
        if later:
            difference = Difference(change.field, change.before, change.after)
            yield TextChange(change.project, difference, later[0].reason or decision.summary)
