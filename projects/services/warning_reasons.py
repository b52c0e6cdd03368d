"""Recording why somebody goes on although the system warns."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.models import User
from khuyencong.identifiers import mask_personal_numbers
from projects.models import Project, WarningReason
from projects.refusals import Refused
from projects.rules.warnings import ProjectWarning, findings_of, findings_of_projects
from projects.services.guards import hold_project, hold_projects, require_reason


class WarningGone(Refused):
    """The warning that was answered does not stand any more, or stands with other figures."""

    def __init__(self, project: Project | None = None) -> None:
        text = _("Cảnh báo này không còn, hoặc số liệu đã thay đổi. Hãy đọc lại rồi ghi lý do.")
        super().__init__(f"{project.code}: {text}" if project else text, "gone")


@transaction.atomic
def give_reason(*, project: Project, fingerprint: str, reason: str, actor: User) -> WarningReason:
    """Keeps the reason with the warning as it stands, in the words that everybody may read.

    Raises WarningGone, NotAllowed, or Refused without a reason, once the year is closed, or with the reason that the
    same person has just given; then nothing is written.
    """
    current = hold_project(project, actor, "write")
    require_reason(reason)
    with override("vi"):
        warning = findings_of(current, user=None).find(fingerprint)
    if warning is None:
        raise WarningGone
    last = WarningReason.objects.filter(project=current, fingerprint=fingerprint, actor=actor).last()
    if last and last.reason == mask_personal_numbers(reason).strip():
        raise Refused({"reason": _("Lý do này đã được ghi.")}, code="twice")
    row = _reason(current, warning, reason, actor)
    row.save()
    return row


@transaction.atomic
def give_reasons(*, answered: Mapping[int, Collection[str]], reason: str, actor: User) -> int:
    """Keeps one reason for warnings of several projects, by their ids and fingerprints, all or none; returns for how
    many. One that has a reason already keeps it alone.

    Raises as :func:`give_reason`, of the first warning that stands no more with its project's code.
    """
    held = hold_projects(answered, actor, "write")
    require_reason(reason)
    rows = []
    with override("vi"):
        findings = findings_of_projects(held, user=None)
    for project in held:
        for fingerprint in sorted(answered[project.pk]):
            warning = findings[project.pk].find(fingerprint)
            if warning is None:
                raise WarningGone(project)
            if warning.is_unanswered:
                rows.append(_reason(project, warning, reason, actor))
    WarningReason.objects.bulk_create(rows)
    return len(rows)


def _reason(project: Project, warning: ProjectWarning, reason: str, actor: User) -> WarningReason:
    return WarningReason(
        project=project,
        code=warning.code,
        fingerprint=warning.fingerprint,
        text=warning.text,
        reason=reason,
        actor=actor,
    )
