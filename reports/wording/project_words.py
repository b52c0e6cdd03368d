"""What a project says in a row of a report: whom it helps, when, how it stands. Where it is, its appraisal says too."""

from __future__ import annotations

import datetime as dt
from typing import Any

from projects.models import Project
from projects.models.pace import NOT_RECORDED


def beneficiaries_of(project: Project) -> str:
    names = []
    for support in project.supports.all():
        planned = f", dự kiến {support.planned_count}" if support.planned_count else ""
        names.append(f"{support} (nhóm{planned})" if support.group_description else str(support))
    return "; ".join(names)


def time_of(start_on: dt.date | None, end_on: dt.date | None) -> str:
    if start_on and end_on:
        return f"{start_on:%m/%Y} - {end_on:%m/%Y}"
    if start_on:
        return f"Từ {start_on:%m/%Y}"
    return f"Đến {end_on:%m/%Y}" if end_on else ""


def status_of(project: Any) -> str:
    """Of a project with its pace, where one is reported."""
    beside = project.shown_pace.beside_status
    return f"{project.shown_status.label}" + ("" if beside == NOT_RECORDED else f"\n{beside}")
