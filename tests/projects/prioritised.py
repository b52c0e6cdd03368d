"""Projects of a day with places, norms and establishments by which they are preferred."""

from __future__ import annotations

import datetime as dt
from typing import Any

from khuyencong.accounts.models import User
from projects.models import Beneficiary, Project, Support
from tests.law import project_of, unit


def at(user: User, *names: str, on: dt.date, norm: str = "", **more: Any) -> Project:
    places = [unit(name, on) for name in names]
    project = project_of(by=user, year=on.year, norm=norm, places=places or None, **more)
    scope = Project.AreaScope.UNITS if names else Project.AreaScope.WHOLE_CITY
    Project.objects.filter(pk=project.pk).update(area_scope=scope)
    return Project.objects.get(pk=project.pk)


def helped(project: Project, *marks: dict[str, bool]) -> Project:
    """By establishments that are marked so."""
    project.supports.all().delete()
    for number, mark in enumerate(marks):
        province = project.organisation.province()
        firm = Beneficiary.objects.create(province=province, name=f"HTX {number}", type="cooperative", **mark)
        Support.objects.create(project=project, beneficiary=firm)
    return Project.objects.get(pk=project.pk)
