"""What the review view of a round shows: its lines with their state, and the one line that is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import ActivityType, PlanRound
from projects.figures.prefetching import with_relations
from projects.ledger.optional_amounts import add
from projects.models import Appraisal, Comment, CostLine, PlanLine, Project, ProjectRevision, StatusChange
from projects.models.field_labels import label_of
from projects.models.project_states import ProjectStates
from projects.pages.comments import CommentThread, comment_threads
from projects.pages.establishment_cards import EstablishmentCard, establishment_cards
from projects.pages.estimates import ContentEstimate, estimates_of
from projects.pages.project_detail import ProjectMoney, project_money
from projects.papers.snapshots import Difference, differences
from projects.rules.transitions import PROJECT_TRANSITIONS
from projects.rules.warnings import Findings, findings_of_projects
from projects.rules.workflow import why_not
from projects.services.review import STEPS


@dataclass(frozen=True)
class ReviewLine:
    """A project in the round, with how it stands there and what it asks for: state money of the round's level and the
    rest, in đồng."""

    number: int
    line: PlanLine
    project: Project
    requested_vnd: int | None
    side_vnd: int | None
    findings: Findings
    open_comments: int

    @property
    def is_resolved(self) -> bool:
        return self.status in Project.RESOLVED

    @property
    def status(self) -> ProjectStates.Status:
        return self.line.status


@dataclass(frozen=True)
class ReviewGroup:
    """The lines of one content."""

    activity: ActivityType | None
    lines: list[ReviewLine]


@dataclass(frozen=True)
class ReviewSheet:
    """All lines of a round, grouped by content."""

    round: PlanRound
    groups: list[ReviewGroup]

    @property
    def lines(self) -> Iterator[ReviewLine]:
        return (line for group in self.groups for line in group.lines)

    @property
    def line_count(self) -> int:
        """Of those that are there to be judged: what was withdrawn is no work done."""
        return sum(1 for _line in self._standing)

    @property
    def resolved_count(self) -> int:
        return sum(line.is_resolved for line in self._standing)

    @property
    def _standing(self) -> Iterator[ReviewLine]:
        return (line for line in self.lines if line.status not in Project.TAKEN_BACK)

    @property
    def requested_vnd(self) -> int | None:
        """What the round asks for, without what was refused or withdrawn."""
        return add(*(line.requested_vnd for line in self.lines if line.status not in Project.UNCOUNTED))

    def find(self, project_pk: int | None) -> ReviewLine | None:
        return next((line for line in self.lines if line.project.pk == project_pk), None)

    def first_open(self) -> ReviewLine | None:
        """The first line that waits for the reviewer; a returned one waits for the Centre."""
        waiting = [line for line in self.lines if not line.is_resolved]
        submitted = [line for line in waiting if line.status == Project.Status.SUBMITTED]
        return next(iter([*submitted, *waiting]), None)


def review_sheet(plan_round: PlanRound, user: User) -> ReviewSheet:
    """In a fixed number of queries, however many lines there are; warnings name what the user may see."""
    projects = with_relations(Project.objects.in_round(plan_round).for_grid().order_by("code"))
    standing = PlanLine.objects.filter(round=plan_round).with_status().select_related("round__plan")
    of_projects = {line.project_id: line for line in standing}
    findings = findings_of_projects(projects, user=user)
    waiting = Comment.objects.open_counts(projects)
    money: dict[int, dict[bool, int]] = defaultdict(dict)
    costs = CostLine.objects.of_round(plan_round).amounts_by("plan_line__project", "source__level")
    for (project, level), total in costs.items():
        is_state = level == plan_round.level
        money[project][is_state] = money[project].get(is_state, 0) + total
    grouped: dict[ActivityType | None, list[Project]] = defaultdict(list)
    for project in projects:
        components = list(project.components.all())
        grouped[components[0].activity_type if components else None].append(project)
    groups, number = [], 0
    for activity in sorted(grouped, key=lambda one: (one is None, one.code if one else "")):
        lines = []
        for project in grouped[activity]:
            number += 1
            asked = money[project.pk]
            about = findings[project.pk], waiting.get(project.pk, 0)
            line = of_projects[project.pk]
            line.project = project
            lines.append(ReviewLine(number, line, project, asked.get(True), asked.get(False), *about))
        groups.append(ReviewGroup(activity, lines))
    return ReviewSheet(plan_round, groups)


@dataclass(frozen=True)
class Choice:
    """A decision button, and why it is shut, if it is."""

    conclusion: str
    label: str
    refusal: str


@dataclass(frozen=True)
class OpenLine:
    """The line that is read: the project with its money, words about it, and what changed since last time.

    ``status`` is that of the line; ``elsewhere`` are the lines of the project in other rounds, with theirs.
    """

    project: Project
    status: ProjectStates.Status
    elsewhere: list[PlanLine]
    money: ProjectMoney
    estimates: list[ContentEstimate]
    comments: list[CommentThread]
    appraisals: list[Appraisal]
    sent: StatusChange | None
    changes: list[Difference]
    establishments: list[EstablishmentCard]
    choices: list[Choice]
    reconsider_refusal: str

    @property
    def can_conclude(self) -> bool:
        return any(not choice.refusal for choice in self.choices)


def open_line(project: Project, line: PlanLine, user: User) -> OpenLine:
    """``project`` as :meth:`ProjectQuerySet.for_detail` fetched it, with its steps; ``line`` as the sheet knows it."""
    line.project = project
    choices = [
        Choice(str(conclusion), str(PROJECT_TRANSITIONS[step].label), why_not(user, project, step, line=line))
        for conclusion, step in STEPS.items()
    ]
    lines = project.lines.exclude(pk=line.pk).exclude(round__status=PlanRound.Status.PAST).with_status()
    return OpenLine(
        project,
        line.status,
        list(lines.select_related("round__plan")),
        project_money(project),
        estimates_of(project),
        comment_threads(project, user),
        list(project.appraisals.newest_first()),
        _last_sending(project),
        changes_since_last_time(project),
        establishment_cards(project, user),
        choices,
        why_not(user, project, "reconsider", line=line),
    )


def _last_sending(project: Project) -> StatusChange | None:
    """The step by which it came to the Department last, where the Centre wrote something with it."""
    sent = next((step for step in project.status_changes.all() if step.transition == "submit"), None)
    return sent if sent and sent.reason else None


@dataclass(frozen=True)
class ReturnedWith:
    """What the Department wants of a returned project: why it came back, and the remarks that wait for an answer."""

    appraisal: Appraisal | None
    comments: list[Comment]


def what_is_asked(project: Project) -> ReturnedWith | None:
    """None while nothing has come back."""
    if project.status != Project.Status.RETURNED:
        return None
    returned = project.appraisals.newest_first().filter(conclusion=Appraisal.Conclusion.RETURN).first()
    return ReturnedWith(returned, list(Comment.objects.of_project(project).open()))


def changes_since_last_time(project: Project) -> list[Difference]:
    """Field by field, between the last two texts that were submitted."""
    submitted = ProjectRevision.objects.submissions_of(project)[:2]
    if len(submitted) < 2:
        return []
    newest, before = submitted
    return differences(before.snapshot, newest.snapshot)


def comment_fields() -> list[tuple[str, str]]:
    """What a comment may be about, in the words of the project's form."""
    names = ("name", "costs", "items", "places", "supports", "start_on", "end_on", *Project.HEADINGS)
    return [("", _("Cả đề án")), *((name, label_of(name).capitalize()) for name in names)]
