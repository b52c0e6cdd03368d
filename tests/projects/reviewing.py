"""The screen on which the Department reads its only round: what it says, and what the form of a line sends."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from programmes.models import PlanRound
from projects.models import AppraisalAnswer, Project


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


def project(name: str) -> Project:
    return Project.objects.get(name=name)
