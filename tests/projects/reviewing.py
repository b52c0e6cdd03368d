"""The screen on which the Department reads its only round: what it says, and what the form of a line sends."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import AppraisalAnswer, Project
from tests.factories import make_plan, make_project


def answers(project: Project, **changes: Any) -> dict[str, Any]:
    """What the form of one line posts: all criteria met, accepted."""
    met = {f"verdict_{criterion}": "met" for criterion in AppraisalAnswer.Criterion.values}
    version = Project.objects.get(pk=project.pk).version
    return met | {"conclusion": "accept", "note": "", "version": str(version)} | changes


def post(client: Client, project: Project, data: dict[str, Any], **extra: Any) -> Any:
    address = reverse("projects:line_review", args=[PlanRound.objects.get().pk, project.pk])
    return client.post(address, data, **extra)


def page(client: Client, line: Project | None = None) -> str:
    address = reverse("projects:round_review", args=[PlanRound.objects.get().pk])
    return client.get(address, {"line": line.pk} if line else {}).content.decode()


def plan_of_two(centre_staff: User) -> AnnualPlan:
    """With two drafts, “Thêu ren” and “Chiếu cói”."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for name in ("Thêu ren", "Chiếu cói"):
        make_project(plan=plan, by=centre_staff, name=name)
    return plan


def project(name: str) -> Project:
    return Project.objects.get(name=name)
