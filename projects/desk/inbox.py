"""What waits for a person: rounds to move on, and projects by queue. Each count is that of the list it opens."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation, Role, User
from khuyencong.providers import InboxQueue, provided
from programmes.models import PlanRound
from projects.models import PastLetter, PlanLine, Project, StatusChange
from projects.models.project_querysets import ProjectQuerySet, Queue, count_of
from projects.models.review_work import reviewer_of_line
from projects.rules.permissions import RIGHTS, has
from projects.rules.review_work import times_of_rounds
from projects.rules.transitions import PROJECT_TRANSITIONS, ROUND_TRANSITIONS

STATUS = PlanRound.Status
FIRST_FEW = 3  # projects of a queue named beside its count
# Which queue of projects waits for whom.
QUEUES: tuple[tuple[Queue, tuple[str, ...]], ...] = (
    (Queue.RETURNED, RIGHTS["write"].roles),
    (Queue.LATE, RIGHTS["report"].roles),
    (Queue.ACCEPT, PROJECT_TRANSITIONS["accept"].roles),
    (Queue.CONTRACT, PROJECT_TRANSITIONS["contract"].roles),
    (Queue.SETTLE, PROJECT_TRANSITIONS["settle"].roles),
    (Queue.LIQUIDATE, PROJECT_TRANSITIONS["liquidate"].roles),
)


@dataclass(frozen=True)
class Task:
    """One line of the inbox: what to do, where, for how many projects, and the first few of a queue.

    ``is_counted``: the label says already how many of what. ``is_own``: it is this person's and nobody else's, so it
    stands before the others. ``waited``: how long it waits, and whether it is late.
    """

    label: str
    address: str
    count: int
    place: str = ""
    first_few: tuple[Project, ...] = ()
    is_counted: bool = False
    is_own: bool = False
    waited: str = ""


if TYPE_CHECKING:

    class WaitingRound(PlanRound):
        """What ``_rounds`` adds to each row."""

        counted_count: int
        unresolved_count: int
        open_count: int
        has_submitted: bool
        has_endorsed: bool


def inbox(user: User) -> list[Task]:
    """What is the person's own; then rounds, oldest plan first, the queues, and those of other subjects; in a fixed
    number of queries."""
    others = [task for queue in provided(InboxQueue) for task in queue.tasks(user)]
    return sorted([*_rounds(user), *_past_letters(user), *_queues(user), *others], key=lambda task: not task.is_own)


def _rounds(user: User) -> Iterator[Task]:
    mine = StatusChange.objects.filter(round=OuterRef("pk")).taken_by(user.people())
    lines = PlanLine.objects.filter(round=OuterRef("pk")).with_status()
    rows = PlanRound.objects.visible_to(user).waiting().for_page()
    rows = rows.annotate(
        counted_count=count_of(lines.not_carried().exclude(status_then__in=Project.UNCOUNTED), "round"),
        unresolved_count=count_of(lines.exclude(status_then__in=Project.RESOLVED), "round"),
        open_count=count_of(lines.filter(status_then__in=Project.DECIDABLE), "round"),
        has_submitted=Exists(mine.named("submit")),
        has_endorsed=Exists(mine.named("endorse")),
    )
    found = [one for one in rows.order_by("plan__year", "pk") if not one.plan.is_closed]
    waiting = _reviews([one for one in found if one.status == STATUS.SUBMITTED])
    for plan_round in found:
        if plan_round.pk in waiting:
            yield from _tasks_of_review(user, plan_round, waiting[plan_round.pk])
        elif (task := _task_of_round(user, plan_round)) and task.count:
            yield task


@dataclass(frozen=True)
class ReviewInHand:
    """Lines of a round that wait for the Department: how many, and of whom; those of nobody under None."""

    by_reviewer: Mapping[int | None, int]
    waited: str

    @property
    def count(self) -> int:
        return sum(self.by_reviewer.values())


def _reviews(rounds: list[WaitingRound]) -> dict[int, ReviewInHand]:
    """Of the rounds in which lines wait for the Department, in four queries; what somebody has who can't review any
    more is nobody's."""
    if not rounds:
        return {}
    lines = PlanLine.objects.filter(round__in=rounds).standing(Project.Status.SUBMITTED)
    counts = lines.order_by().annotate(reviewer=reviewer_of_line()).values_list("round", "reviewer")
    holders = User.objects.scopes_of(Role.REVIEWER)
    times = times_of_rounds(rounds)
    by_round: dict[int, Counter[int | None]] = defaultdict(Counter)
    offices = {one.pk: {office.pk for office in one.plan.organisation.lineage()} for one in rounds}
    for pk, reviewer in counts:
        can_still = any((reviewer, scope) in holders for scope in offices[pk])
        by_round[pk][reviewer if can_still else None] += 1
    today = timezone.localdate()
    return {pk: ReviewInHand(found, times[pk].waiting(today).words) for pk, found in by_round.items()}


def _tasks_of_review(user: User, plan_round: WaitingRound, review: ReviewInHand) -> Iterator[Task]:
    """The reviewer's own lines, then those of nobody; the head follows all of them."""
    names = {"round": plan_round.in_sentence, "year": plan_round.plan.year}
    office = plan_round.plan.organisation
    address = reverse("projects:round_review", args=[plan_round.pk])

    def task(label: str, query: str, count: int, *, is_own: bool = False) -> Task:
        return Task(label % names, f"{address}{query}", count, str(office), is_own=is_own, waited=review.waited)

    if _holds(user, plan_round, "endorse"):
        own, free = review.by_reviewer.get(user.pk, 0), review.by_reviewer.get(None, 0)
        if own:
            yield task(_("Của tôi: thẩm định %(round)s năm %(year)s"), "?state=waiting&reviewer=me", own, is_own=True)
        if free == review.count:
            yield task(_("Thẩm định %(round)s năm %(year)s"), "", free)
        elif free:
            label = _("Thẩm định %(round)s năm %(year)s, chưa giao ai")
            yield task(label, "?state=waiting&reviewer=none", free)
    if has(user, "assign", office.pk):
        if free := review.by_reviewer.get(None, 0):
            label = _("Giao thẩm định %(round)s năm %(year)s")
            yield task(label, "?state=waiting&reviewer=none", free)
        else:
            yield task(_("Theo dõi thẩm định %(round)s năm %(year)s"), "?state=waiting", review.count)


def _holds(user: User, plan_round: WaitingRound, name: str) -> bool:
    """The role, and not having taken a step before that excludes from this one."""
    taken = {
        name
        for name, is_mine in (("submit", plan_round.has_submitted), ("endorse", plan_round.has_endorsed))
        if is_mine
    }
    step = ROUND_TRANSITIONS[name]
    return user.holds(plan_round.plan.organisation_id, *step.roles) and not taken & set(step.not_by)


def _task_of_round(user: User, plan_round: WaitingRound) -> Task | None:
    """What this user is the one to do with the round as it stands, if anything."""
    names = {"round": plan_round.in_sentence, "year": plan_round.plan.year}
    holds = partial(_holds, user, plan_round)

    def task(label: str, name: str, *args: object, count: int = plan_round.counted_count) -> Task:
        return Task(label % names, reverse(f"projects:{name}", args=args), count, str(plan_round.plan.organisation))

    status, pk = plan_round.status, plan_round.pk
    if status in ROUND_TRANSITIONS["submit"].sources and holds("submit"):
        return task(_("Gửi %(round)s năm %(year)s lên Sở"), "round_submit", pk)
    if status == STATUS.SUBMITTED and holds("endorse") and not plan_round.unresolved_count:
        return task(_("Thống nhất %(round)s năm %(year)s"), "round_step", pk, "endorse")
    if status == STATUS.ENDORSED and holds("forward"):
        return task(_("Trình %(round)s năm %(year)s"), "round_step", pk, "forward")
    if status == STATUS.FORWARDED and holds("approve"):
        label = _("Ghi nhận quyết định cho %(round)s năm %(year)s")
        return task(label, "decision_create", plan_round.plan_id, count=plan_round.open_count)
    return None


def _past_letters(user: User) -> Iterator[Task]:
    """Letters of old files: the Department's head confirms, the Centre sends or puts right; by plan."""
    waiting = (
        (PastLetter.State.SENT, "decide", _("Có %(count)s văn bản của hồ sơ cũ năm %(year)s chờ xác nhận")),
        (PastLetter.State.RETURNED, "write", _("Có %(count)s văn bản của hồ sơ cũ năm %(year)s bị Sở trả lại")),
        (PastLetter.State.PREPARED, "write", _("Có %(count)s văn bản của hồ sơ cũ năm %(year)s chưa gửi Sở xác nhận")),
    )
    for state, right, label in waiting:
        offices = user.organisation_ids_with(*RIGHTS[right].roles)
        for plan, year, office, count in PastLetter.objects.waiting_by_plan(state, offices) if offices else ():
            address = f"{reverse('projects:past_year', args=[plan])}#letters"
            yield Task(label % {"count": count, "year": year}, address, count, office, is_counted=True)


def _queues(user: User) -> Iterator[Task]:
    for queue, roles in QUEUES:
        for office in _offices(user, roles):
            rows = Project.objects.visible_to(user).in_queue(queue)
            address = f"{reverse('projects:project_list')}?waiting={queue.value}"
            if office is not None:
                rows, address = rows.under(office.code), f"{address}&organisation={office.code}"
            if first_few := tuple(_with_total(rows)):
                place = str(office) if office else ""
                yield Task(str(queue.label), address, first_few[0].total, place, first_few)


def _offices(user: User, roles: tuple[str, ...]) -> list[Organisation | None]:
    """Where the user holds one of the roles: None is everywhere that they read, so that nothing must be named.

    Whoever only reads some organisations is told what waits in the others alone.
    """
    held = user.organisation_ids_with(*roles)
    if held == user.visible_organisation_ids():
        return [None] if held else []
    return [office for office in Organisation.objects.where_user_holds(user, *roles) if office.parent_id not in held]


def _with_total(rows: ProjectQuerySet) -> ProjectQuerySet:
    """The first few in the order of the list, each with ``total``, the number of all rows; in one query."""
    return rows.annotate(total=Window(Count("pk"))).sorted_by("-code")[:FIRST_FEW]
