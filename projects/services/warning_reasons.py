"""Recording why somebody goes on although the system warns."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.models import User
from khuyencong.identifiers import mask_personal_numbers
from projects.models import Project, WarningReason
from projects.refusals import Refused
from projects.rules.warnings import findings_of
from projects.services.guards import hold_project


class WarningGone(Refused):
    """The warning that was answered does not stand any more, or stands with other figures."""

    def __init__(self) -> None:
        super().__init__(_("Cảnh báo này không còn, hoặc số liệu đã thay đổi. Hãy đọc lại rồi ghi lý do."), "gone")


@transaction.atomic
def give_reason(*, project: Project, fingerprint: str, reason: str, actor: User) -> WarningReason:
    """Keeps the reason with the warning as it stands, in the words that everybody may read.

    Raises WarningGone, NotAllowed, or Refused without a reason, once the year is closed, or with the reason that the
    same person has just given; then nothing is written.
    """
    current = hold_project(project, actor, "write")
    if not reason.strip():
        raise Refused({"reason": _("Hãy ghi lý do.")}, code="no_reason")
    with override("vi"):
        warning = findings_of(current, user=None).find(fingerprint)
    if warning is None:
        raise WarningGone
    last = WarningReason.objects.filter(project=current, fingerprint=fingerprint, actor=actor).last()
    if last and last.reason == mask_personal_numbers(reason).strip():
        raise Refused({"reason": _("Lý do này đã được ghi.")}, code="twice")
    return WarningReason.objects.create(
        project=current,
        code=warning.code,
        fingerprint=fingerprint,
        text=warning.text,
        reason=reason,
        actor=actor,
    )
