"""Going on although the system warns: a letter that does so says why, and the reason is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import override

from khuyencong.accounts.models import User
from projects.models import CellKey, Project, WarningReason
from projects.rules.warnings import ProjectWarning, findings_of_projects


def unanswered_warnings(
    after: Mapping[CellKey, int], *, on: dt.date, user: User | None
) -> dict[Project, list[ProjectWarning]]:
    """What would be unwise about these projects if a letter of that day left these amounts approved, in đồng."""
    lines = {key[0] for key, amount in after.items() if amount}
    projects = list(Project.objects.filter(lines__in=lines).distinct().order_by("pk"))
    found = findings_of_projects(projects, user=user, on=on, approved_vnd_by_cell=after)
    unanswered = {project: found[project.pk].unanswered for project in projects}
    return {project: warnings for project, warnings in unanswered.items() if warnings}


def keep_reasons(
    after: Mapping[CellKey, int], *, on: dt.date, reasons: Mapping[int, str], actor: User
) -> dict[Project, list[ProjectWarning]]:
    """Stores each project's reason (by its id) with the warnings that it answers; returns what nobody answered.

    The warnings are kept in words that everybody may read: another scope's project by its year alone.
    """
    with override("vi"):
        unanswered = unanswered_warnings(after, on=on, user=None)
    silent = {project: warnings for project, warnings in unanswered.items() if not reasons.get(project.pk, "").strip()}
    WarningReason.objects.bulk_create(
        WarningReason(
            project=project,
            code=warning.code,
            fingerprint=warning.fingerprint,
            text=warning.text,
            reason=reasons[project.pk],
            actor=actor,
        )
        for project, warnings in unanswered.items()
        if project not in silent
        for warning in warnings
    )
    return silent
