"""What the subject adds to pages of the core: one of each kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from khuyencong.providers import InboxQueue, MenuEntry, PageAction, PageSection, WarningSource
from programmes.models import AnnualPlan
from projects.desk.inbox import Task
from projects.models import Project
from projects.rules.warnings import ProjectWarning

LONELY = "subject_lonely"


def tasks(user: User) -> Iterator[Task]:
    if user.visible_organisation_ids():
        yield Task("Xem chuyên đề", reverse("subject:index"), 3)


def shown(user: User, project: Project, as_of: AsOf) -> dict[str, object] | None:
    """Nothing of a project that was stopped."""
    if project.status == Project.Status.STOPPED:
        return None
    return {"project": project, "who": user, "is_past": bool(as_of)}


def way_in(user: User, plan: AnnualPlan, as_of: AsOf) -> tuple[str, str] | None:
    """Nothing on a day that is over."""
    return None if as_of else (f"Chuyên đề năm {plan.year}", reverse("subject:index"))


def find(projects: Sequence[Project], *, user: User | None, on: dt.date | None) -> dict[int, list[ProjectWarning]]:
    text = "Chuyên đề chưa xem đề án này."
    return {one.pk: [ProjectWarning(LONELY, text, f"{LONELY}:{one.pk}")] for one in projects}


PROVIDERS = (
    MenuEntry("Chuyên đề", "subject:index", "subject"),
    InboxQueue(tasks),
    PageSection("project", "subject", "Chuyên đề của đề án", "subject/section.html", shown),
    PageAction("plan", way_in),
    WarningSource({LONELY: "chuyên đề chưa xem"}, find, frozenset({LONELY})),
)
