"""What the review view of a round shows: its lines with their state, and the one line that is open."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Role, User
from programmes.models import ActivityType, PlanRound
from projects.figures.by_content import by_content
from projects.figures.prefetching import with_relations
from projects.ledger.optional_amounts import add
from projects.models import (
    Appraisal,
    Comment,
    Commitment,
    CostLine,
    NoteWithdrawal,
    PlanLine,
    Project,
    ProjectRevision,
    ReviewAssignment,
    ReviewNote,
    StatusChange,
)
from projects.models.field_labels import label_of
from projects.models.project_states import ProjectStates
from projects.pages.comments import CommentThread, comment_threads
from projects.pages.establishment_cards import EstablishmentCard, establishment_cards
from projects.pages.estimates import ContentEstimate, estimates_of
from projects.pages.project_detail import ProjectMoney, project_money
from projects.papers.snapshots import Difference, differences
from projects.rules.dossiers import can_withdraw_note
from projects.rules.priority import Priority, priorities_of
from projects.rules.review_work import RoundTimes, Waiting, line_waits_since, times_of_rounds, why_not_plain
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
    reviewer: User | None
    is_reviewer_gone: bool
    waiting: Waiting
    why_not_accept: str
    priority: Priority

    @property
    def has_nobody(self) -> bool:
        """Nobody reads it, or somebody who can't any more."""
        return self.reviewer is None or self.is_reviewer_gone

    @property
    def is_plain(self) -> bool:
        """That may be accepted among others by whoever looks."""
        return not self.why_not_accept

    @property
    def is_weighed(self) -> bool:
        """It bears a warning that goes on with a reason only."""
        return any(warning.needs_reason for warning in self.findings.warnings)

    @property
    def needs_eyes(self) -> bool:
        """A reason or an answer is to be weighed, which no look at the list alone can do."""
        return self.is_weighed or bool(self.open_comments)

    @property
    def is_resolved(self) -> bool:
        return self.status in Project.RESOLVED

    @property
    def status(self) -> ProjectStates.Status:
        return self.line.status


@dataclass(frozen=True)
class ReviewGroup:
    """The lines of one content; without a title those of several, in an order of their own."""

    activity: ActivityType | None
    lines: list[ReviewLine]
    is_titled: bool = True


@dataclass(frozen=True)
class ReviewSheet:
    """All lines of a round, grouped by content, until when they are to be reviewed, and who may read them."""

    round: PlanRound
    groups: list[ReviewGroup]
    times: RoundTimes
    reviewers: list[User]
    today: dt.date

    @property
    def waiting(self) -> Waiting | None:
        """Of the round as a whole, while it is before the Department."""
        return self.times.waiting(self.today) if self.round.status == PlanRound.Status.SUBMITTED else None

    @property
    def lines(self) -> Iterator[ReviewLine]:
        return (line for group in self.groups for line in group.lines)

    @property
    def all_count(self) -> int:
        return sum(len(group.lines) for group in self.groups)

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

    def find(self, project_pk: int | None) -> ReviewLine | None:
        return next((line for line in self.lines if line.project.pk == project_pk), None)


def requested_by(lines: Iterable[ReviewLine]) -> int | None:
    """What they ask for, without what was refused or withdrawn."""
    return add(*(line.requested_vnd for line in lines if line.status not in Project.UNCOUNTED))


def first_open(lines: Iterable[ReviewLine], user: User, *, in_order: bool = False) -> ReviewLine | None:
    """The first line that waits for the reviewer: their own before those of nobody, and those before a colleague's, in
    each what needs eyes before the rest unless the list is ``in_order``; a returned one waits for the Centre."""
    waiting = [line for line in lines if not line.is_resolved]

    def rank(line: ReviewLine) -> tuple[bool, ...]:
        is_own = line.reviewer == user
        is_left = is_own or line.has_nobody
        return (line.status != Project.Status.SUBMITTED, not is_own, not is_left, not (in_order or line.needs_eyes))

    return min(waiting, key=rank, default=None)


def review_sheet(plan_round: PlanRound, user: User) -> ReviewSheet:
    """In a fixed number of queries, however many lines there are; warnings name what the user may see."""
    projects = with_relations(Project.objects.in_round(plan_round).for_grid().order_by("code"))
    prefetch_related_objects(projects, *Project.objects.steps_and_years())
    facts = _FactsOfRound(plan_round, projects, user)
    groups, number = [], 0
    for activity, alike in by_content(projects).items():
        lines = []
        for project in alike:
            number += 1
            lines.append(facts.line_of(project, number))
        groups.append(ReviewGroup(activity, lines))
    return ReviewSheet(plan_round, groups, facts.times, facts.reviewers, facts.today)


class _FactsOfRound:
    """What is known of all lines of the round, read once."""

    def __init__(self, plan_round: PlanRound, projects: list[Project], user: User) -> None:
        self.round, self.user, self.today = plan_round, user, timezone.localdate()
        standing = PlanLine.objects.filter(round=plan_round).with_status().select_related("round__plan")
        self.lines = {line.project_id: line for line in standing}
        self.findings = findings_of_projects(projects, user=user)
        self.priorities = priorities_of(projects, {pk: found.judged_on for pk, found in self.findings.items()})
        self.remarks = Comment.objects.open_counts(projects)
        self.assigned = ReviewAssignment.objects.of_round(plan_round).latest_by_project()
        self.reviewers = list(User.objects.holding(Role.REVIEWER, plan_round.plan.organisation))
        self.times = times_of_rounds([plan_round])[plan_round.pk]
        self.money: dict[int, dict[bool, int]] = defaultdict(dict)
        costs = CostLine.objects.of_round(plan_round).amounts_by("plan_line__project", "source__level")
        for (project, level), total in costs.items():
            is_state = level == plan_round.level
            self.money[project][is_state] = self.money[project].get(is_state, 0) + total

    def line_of(self, project: Project, number: int) -> ReviewLine:
        """The project with its relations, steps and plans at hand."""
        line, asked = self.lines[project.pk], self.money[project.pk]
        line.project = project
        findings, remarks = self.findings[project.pk], self.remarks.get(project.pk, 0)
        assigned = self.assigned.get(project.pk)
        reviewer = assigned.reviewer if assigned else None
        since = None if line.status in Project.RESOLVED else line_waits_since(project, self.round.pk)
        due_on = self.times.due_on if line.status == Project.Status.SUBMITTED else None
        refusal = why_not(self.user, project, "appraise", line=line)
        return ReviewLine(
            number,
            line,
            project,
            asked.get(True),
            asked.get(False),
            findings,
            remarks,
            reviewer,
            reviewer is not None and reviewer not in self.reviewers,
            Waiting(since, due_on, self.today),
            refusal or why_not_plain(project, findings, remarks, asked.get(True)),
            self.priorities[project.pk],
        )


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
    commitments: list[Commitment]
    comments: list[CommentThread]
    appraisals: list[Appraisal]
    sent: StatusChange | None
    changes: list[Difference]
    establishments: list[EstablishmentCard]
    choices: list[Choice]
    reconsider_refusal: str
    assignments: list[ReviewAssignment]
    notes: list[ReadNote]

    @property
    def is_back(self) -> bool:
        """Sent to the Department more than once."""
        return sum(step.transition == "submit" for step in self.project.status_changes.all()) > 1

    @property
    def can_conclude(self) -> bool:
        return any(not choice.refusal for choice in self.choices)


@dataclass(frozen=True)
class ReadNote:
    """A note of the Department, with what took it back, if anything did, and whether this user may take it back."""

    note: ReviewNote
    withdrawal: NoteWithdrawal | None
    can_withdraw: bool


def notes_read_by(user: User, project: Project) -> list[ReadNote]:
    """In their order; none for whoever is not of the Department. One query."""
    found = []
    for note in ReviewNote.objects.visible_to(user).of_project(project):
        withdrawal = getattr(note, "withdrawal", None)
        found.append(ReadNote(note, withdrawal, not withdrawal and can_withdraw_note(user, note, project)))
    return found


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
        list(Commitment.objects.of_project(project)),
        comment_threads(project, user),
        list(project.appraisals.newest_first()),
        _last_sending(project),
        changes_since_last_time(project),
        establishment_cards(project, user),
        choices,
        why_not(user, project, "reconsider", line=line),
        list(ReviewAssignment.objects.of_line(line)),
        notes_read_by(user, project),
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
