"""What waits for a person: rounds to move on, and projects by queue. Each count is that of the list it opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import PlanRound
from projects.models import Project
from projects.models.querysets import Queue
from projects.permissions import RIGHTS
from projects.workflow import PROJECT_TRANSITIONS, RESOLVED, ROUND_TRANSITIONS

STATUS = PlanRound.Status
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
    """One line of the inbox: what to do, where, and for how many projects."""

    label: str
    address: str
    count: int
    place: str = ""


def inbox(user: User) -> list[Task]:
    """Rounds first, oldest plan first, then the queues; in a fixed number of queries."""
    return [*_rounds(user), *_queues(user)]


def _rounds(user: User) -> Iterator[Task]:
    submitted = Count("lines", filter=Q(lines__project__status=Project.Status.SUBMITTED))
    unresolved = Count("lines", filter=~Q(lines__project__status__in=RESOLVED))
    rows = PlanRound.objects.visible_to(user).waiting().for_page()
    rows = rows.annotate(line_count=Count("lines"), submitted_count=submitted, unresolved_count=unresolved)
    for plan_round in rows.order_by("plan__year", "pk"):
        if not plan_round.plan.is_closed and (task := _task_of_round(user, plan_round)):
            yield task


def _task_of_round(user: User, plan_round: PlanRound) -> Task | None:
    """What this user is the one to do with the round as it stands, if anything."""
    names = {"round": str(plan_round), "year": plan_round.plan.year}

    def holds(step: str) -> bool:
        return user.holds(plan_round.plan.organisation_id, *ROUND_TRANSITIONS[step].roles)

    def task(label: str, name: str, *args: object, count: int = plan_round.line_count) -> Task:
        return Task(label % names, reverse(f"projects:{name}", args=args), count, str(plan_round.plan.organisation))

    status, pk = plan_round.status, plan_round.pk
    if status in ROUND_TRANSITIONS["submit"].sources and holds("submit"):
        return task(_("Gửi %(round)s năm %(year)s lên Sở"), "round_submit", pk)
    if status == STATUS.SUBMITTED and holds("endorse"):
        if plan_round.submitted_count:
            label = _("Thẩm định %(round)s năm %(year)s")
            return task(label, "round_review", pk, count=plan_round.submitted_count)
        if not plan_round.unresolved_count:
            return task(_("Thống nhất %(round)s năm %(year)s"), "round_step", pk, "endorse")
    if status == STATUS.ENDORSED and holds("forward"):
        return task(_("Trình %(round)s năm %(year)s"), "round_step", pk, "forward")
    if status == STATUS.FORWARDED and holds("approve"):
        return task(_("Ghi nhận quyết định cho %(round)s năm %(year)s"), "decision_create", plan_round.plan_id)
    return None


def _queues(user: User) -> Iterator[Task]:
    held = set(user.grants())
    for queue, roles in QUEUES:
        if held & set(roles):
            count = Project.objects.visible_to(user).in_queue(queue).count()
            if count:
                yield Task(str(queue.label), f"{reverse('projects:project_list')}?waiting={queue.value}", count)
