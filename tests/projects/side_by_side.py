"""Two people who edit one project at once, each with the page as they opened it."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from projects.models import CostLine, Project
from tests.factories import activity, district, make_plan, make_project
from tests.sent import fields_of


def shared_project(staff: User) -> Project:
    """With another content and other places to choose."""
    plan = make_plan(organisation=staff.memberships.get().scope)
    activity("134-3", "Mô hình trình diễn")
    district("314", "Huyện Kiến Thụy")
    district("316", "Huyện Vĩnh Bảo")
    return make_project(plan=plan, by=staff)


def address(project: Project) -> str:
    return reverse("projects:project_edit", args=[project.pk])


def save(client: Client, project: Project, fields: dict[str, str], **changes: str) -> Any:
    return client.post(address(project), fields | changes)


def both_opened(mine: Client, theirs: Client, project: Project) -> tuple[dict[str, str], dict[str, str]]:
    return fields_of(mine.get(address(project))), fields_of(theirs.get(address(project)))


def amounts(project: Project) -> dict[str, int]:
    return dict(CostLine.objects.of_project(project).values_list("source__code", "amount_vnd"))
