"""Which projects a norm touches: those that wait for approval, and those that may still be paid, judged by the day of
their approval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from khuyencong.accounts.models import User
from programmes.models import SupportNorm
from programmes.models.dated import is_in_force
from projects.models import ApprovalEntry, PlanLine, Project, ProjectComponent

SHOWN = 100  # rows of each list; the page says how many there are


if TYPE_CHECKING:

    class ApprovedComponent(ProjectComponent):
        """What ``_components`` adds to each row."""

        approved_on: dt.date | None


@dataclass(frozen=True)
class Touched:
    """A content of a project with the day of its approval; ``is_judged``: by the row in question."""

    project: Project
    component: ProjectComponent
    approved_on: dt.date | None
    is_judged: bool


@dataclass(frozen=True)
class Reach:
    """Contents that wait for approval and are judged from the norm's first day on, and those that keep their day.

    ``unchosen`` wait too, and have no norm chosen yet for the same content.
    """

    waiting: list[Touched]
    unchosen: list[Touched]
    running: list[Touched]

    @property
    def judged_count(self) -> int:
        return sum(one.is_judged for one in self.running)

    @property
    def shown(self) -> dict[str, list[Touched]]:
        return {"waiting": self.waiting[:SHOWN], "unchosen": self.unchosen[:SHOWN], "running": self.running[:SHOWN]}


def reach_of(norm: SupportNorm, user: User, on: dt.date | None = None) -> Reach:
    """Among the projects that the user may see. The norm may be one that is not stored yet."""
    today = on or timezone.localdate()
    is_over = norm.effective_to is not None and norm.effective_to < today
    waiting: list[Touched] = []
    unchosen: list[Touched] = []
    running: list[Touched] = []
    for component in _components(norm, user):
        status = component.project.status
        if status in Project.PAYABLE and component.norm_id:
            approved_on = component.approved_on
            judged = approved_on is not None and is_in_force(norm, approved_on)
            running.append(Touched(component.project, component, approved_on, judged))
        elif status in Project.PENDING and not is_over:
            rows = waiting if component.norm_id else unchosen
            rows.append(Touched(component.project, component, None, True))
    return Reach(waiting, unchosen, running)


def _components(norm: SupportNorm, user: User) -> Iterable[ApprovedComponent]:
    lines = PlanLine.objects.filter(project=OuterRef("project"), round__level=norm.funding_level)
    entries = ApprovalEntry.objects.filter(plan_line__project=OuterRef("project")).order_by()
    first = entries.values("plan_line__project").annotate(first=Min("effective_on")).values("first")
    same = Q(norm__code=norm.code) | Q(norm=None, activity_type=norm.activity_type_id)
    rows: QuerySet[ApprovedComponent] = (
        ProjectComponent.objects.filter(same, Exists(lines), project__status__in=(*Project.PENDING, *Project.PAYABLE))
        .filter(project__in=Project.objects.visible_to(user))
        .annotate(approved_on=Subquery(first))
        .select_related("project__organisation", "activity_type")
        .order_by("project__code", "pk")
    )
    if norm.province_id is None:
        return rows
    office = "project__organisation"
    paths = (office, f"{office}__parent", f"{office}__parent__parent", f"{office}__parent__parent__parent")
    inside = Q()
    for path in paths:
        inside |= Q(**{path: norm.province_id})
    return rows.filter(inside)
