"""Recording the two commitments of form 1 as they were signed on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from projects.models import Commitment, Project, ProjectDocument
from projects.refusals import Refused
from projects.services.documents import attach_files
from projects.services.guards import hold_project, refuse_future, require_reason
from projects.services.storing import refuse_invalid, store_new


@dataclass(frozen=True)
class Signed:
    """What the paper says. ``document`` is a file of the project; ``files`` is a scan that is attached with it."""

    is_without_other_support: bool = False
    is_with_own_share: bool = False
    signed_on: dt.date | None = None
    signer: str = ""
    document: ProjectDocument | None = None
    files: Sequence[UploadedFile] = ()

    @property
    def is_nothing(self) -> bool:
        return not self.is_without_other_support and not self.is_with_own_share


@transaction.atomic
def record_commitment(
    *, project: Project, signed: Signed, seen: int | None, reason: str = "", actor: User
) -> Commitment:
    """Keeps what was signed, in the place of ``seen``, the one that stood when the page was opened, by its id. What
    was recorded before stays readable; to say that nothing was signed takes it back.

    Raises NotAllowed, PlanClosed, FutureDate, or Refused beside the fields: without day, signer or scan, without a
    reason for a second recording, where somebody recorded another meanwhile; then nothing is written.
    """
    current = hold_project(project, actor, "write")
    last = Commitment.objects.of_project(current).first()
    if (last.pk if last else None) != seen:
        raise Refused(_("Cam kết vừa được người khác ghi. Hãy xem lại rồi ghi."), code="changed_meanwhile")
    _refuse_unsigned(signed, current)
    if last:
        require_reason(reason, _("Ghi lý do ghi lại cam kết."))
    elif signed.is_nothing:
        raise Refused({"is_without_other_support": _("Đánh dấu cam kết đã ký.")}, code="nothing")
    commitment = Commitment(
        project=current,
        is_without_other_support=signed.is_without_other_support,
        is_with_own_share=signed.is_with_own_share,
        signed_on=signed.signed_on,
        signer=signed.signer,
        document=signed.document,
        reason=reason,
        recorded_by=actor,
    )
    refuse_invalid(commitment)  # before a file is stored
    if signed.files:
        title = _("Cam kết của đơn vị thụ hưởng")
        [commitment.document] = attach_files(record=current, files=signed.files, title=title, actor=actor)
    return store_new(commitment)


def _refuse_unsigned(signed: Signed, project: Project) -> None:
    """A commitment has a day that has been, a signer, and one scan among the project's files."""
    refuse_future(signed.signed_on, "signed_on")
    document = signed.document
    if len(signed.files) > 1:
        raise Refused({"file": _("Chỉ đính kèm một bản quét.")}, code="several")
    if document is not None and not project.documents.current().filter(pk=document.pk).exists():
        raise Refused({"document": _("Tệp này không có trong hồ sơ của đề án hoặc đã được rút.")}, code="other_file")
    if signed.is_nothing:
        return
    problems = {}
    if signed.signed_on is None:
        problems["signed_on"] = _("Ghi ngày ký.")
    if not signed.signer.strip():
        problems["signer"] = _("Ghi người ký.")
    if document is None and not signed.files:
        problems["file"] = _("Chọn tệp đã đính kèm hoặc đính kèm bản quét.")
    if problems:
        raise Refused(problems, code="unsigned")
