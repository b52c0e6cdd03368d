"""What the papers of a round read of its lines: what is asked, what the Department proposes of it and concluded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from khuyencong.accounts.models import Organisation, User
from khuyencong.funding import FundingLevel
from programmes.models import ActivityType, PlanRound
from projects.figures.by_content import by_content
from projects.ledger.optional_amounts import add
from projects.models import Appraisal, CostLine, PlanLine, Project, RecommendedAmount
from projects.models.recommended_amount import proposed_vnd


@dataclass(frozen=True)
class RoundLine:
    """A line of the round; ``requested_vnd`` is state money of the round's level, in đồng; ``proposed_vnd`` what the
    Department proposes of it (:func:`projects.models.recommended_amount.proposed_vnd`)."""

    line: PlanLine
    project: Project
    requested_vnd: int | None
    proposed_vnd: int | None
    appraisal: Appraisal | None

    @property
    def is_accepted(self) -> bool:
        """Whatever a letter left of it since; what is carried over was concluded before."""
        if self.line.status not in Project.RESOLVED:
            return False
        if self.appraisal:
            return self.appraisal.conclusion == Appraisal.Conclusion.ACCEPT
        return self.line.status not in Project.UNCOUNTED

    @property
    def conclusion(self) -> str:
        return str(self.appraisal.get_conclusion_display()) if self.appraisal else "Chưa thẩm định"

    @property
    def judged_on(self) -> dt.date | None:
        """The day of the appraisal, whose law counts for the paper whenever it is made."""
        return self.appraisal.appraised_on if self.appraisal else None

    @property
    def opinion(self) -> str:
        return self.appraisal.note if self.appraisal else ""


@dataclass(frozen=True)
class LinesOfContent:
    """Lines of projects that begin with one content; None where they name none."""

    content: ActivityType | None
    lines: list[RoundLine]

    @property
    def title(self) -> str:
        return str(self.content or "Chưa ghi nội dung")


@dataclass(frozen=True)
class RoundFacts:
    """``has_recommended``: an amount was recommended of some line, so papers say both what is asked and proposed."""

    round: PlanRound
    groups: Sequence[LinesOfContent]
    office: Organisation
    has_recommended: bool

    @property
    def lines(self) -> list[RoundLine]:
        return [line for group in self.groups for line in group.lines]

    @property
    def accepted(self) -> list[RoundLine]:
        return [line for line in self.lines if line.is_accepted]

    @property
    def accepted_groups(self) -> list[LinesOfContent]:
        kept = [LinesOfContent(one.content, [line for line in one.lines if line.is_accepted]) for one in self.groups]
        return [group for group in kept if group.lines]

    @property
    def is_national(self) -> bool:
        return self.round.level == FundingLevel.NATIONAL

    @property
    def name(self) -> str:
        """“kế hoạch khuyến công địa phương năm 2026 (đợt 1)”."""
        kind = "quốc gia" if self.is_national else "địa phương"
        return f"kế hoạch khuyến công {kind} năm {self.round.plan.year} (đợt {self.round.number})"


def round_facts(plan_round: PlanRound, user: User) -> RoundFacts:
    """Lines that were not withdrawn, by content and code; the office is that which appraises."""
    standing = PlanLine.objects.filter(round=plan_round).with_status()
    by_project = {line.project_id: line for line in standing if line.status not in Project.TAKEN_BACK}
    projects = Project.objects.visible_to(user).filter(pk__in=by_project).for_detail().order_by("code")
    costs = CostLine.objects.of_round(plan_round).state_money()
    asked = costs.amounts_by("plan_line__project", "component__activity_type", "source")
    recommended = RecommendedAmount.objects.in_force([plan_round])
    requested, proposed = dict[int, int](), dict[int, int | None]()
    for (project_id, *cell), amount in asked.items():
        said = recommended.get((project_id, plan_round.pk, *cell))
        requested[project_id] = requested.get(project_id, 0) + amount
        proposed[project_id] = add(proposed.get(project_id), proposed_vnd(said, amount))
    latest = {one.project_id: one for one in Appraisal.objects.filter(round=plan_round).order_by("pk")}

    def line_of(project: Project) -> RoundLine:
        key, line = project.pk, by_project[project.pk]
        # One that was taken up again is not concluded, whatever its last appraisal said.
        appraisal = None if line.status == Project.Status.SUBMITTED else latest.get(key)
        return RoundLine(line, project, requested.get(key), proposed.get(key), appraisal)

    groups = [
        LinesOfContent(content, [line_of(one) for one in found]) for content, found in by_content(projects).items()
    ]
    organisation = plan_round.plan.organisation
    return RoundFacts(plan_round, groups, organisation.parent or organisation, bool(recommended))


def requested_sum(lines: Sequence[RoundLine]) -> int | None:
    """What the lines ask for, in đồng."""
    return add(*(line.requested_vnd for line in lines))


def proposed_sum(lines: Sequence[RoundLine]) -> int | None:
    """What the Department proposes of those that it accepted, in đồng."""
    return add(*(line.proposed_vnd for line in lines if line.is_accepted))
