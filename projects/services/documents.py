"""Files of projects, rounds, letters and a province's norms: attached, withdrawn where wrong, erased where they hold
what must not be kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.attachments import Attachment, named, refuse_too_many, validate_attachment
from khuyencong.identifiers import mask_personal_numbers
from programmes.models import (
    AnnualPlan,
    Decision,
    DecisionDocument,
    NormDocument,
    PlanRound,
    RoundDocument,
    SupportNorm,
)
from projects.models import Project, ProjectDocument
from projects.refusals import NotAllowed, PlanClosed, Refused
from projects.rules.dossiers import (
    Dossier,
    Filed,
    can_erase,
    can_withdraw,
    dossier_of,
    refusal_to_erase,
    refusal_to_withdraw,
    role_for,
)
from projects.rules.permissions import RIGHTS
from projects.services.guards import hold_norms, lock_project, lock_round, require_reason
from projects.services.storing import filed, refuse_invalid, store_change

D = TypeVar("D", bound=Attachment)
DOCUMENT_OF: dict[type[Any], type[Any]] = {
    Project: ProjectDocument,
    PlanRound: RoundDocument,
    Decision: DecisionDocument,
    SupportNorm: NormDocument,
}


@transaction.atomic
def attach_files(*, record: Filed, files: Sequence[UploadedFile], title: str = "", actor: User) -> list[Any]:
    """Adds the files to the record, all or none; the title is that of each. Also after its year: papers come late.

    Raises NotAllowed, or Refused, which names each file that is none of those taken, or is there already.
    """
    current = _held(record)
    dossier = dossier_of(current)
    role = role_for(actor, dossier.right, dossier.organisation_ids)
    if not role:
        raise NotAllowed(RIGHTS[dossier.right].refusal())
    model = DOCUMENT_OF[type(current)]
    home = {model.home: current}
    made = [model(**home, file=file, title=title, uploaded_by=actor, uploader_role=role) for file in files]
    _refuse_wrong(made, _standing(current))
    with filed("file") as kept:
        kept += made
    return made


def _standing(record: Filed) -> Any:
    """The current files of the record; those of a norm are of its document."""
    if isinstance(record, SupportNorm):
        return NormDocument.objects.of_document(record).current()
    return record.documents.current()


def _held(record: Filed) -> Filed:
    """As it stands now, held until the transaction ends: a file sent twice is kept once."""
    if isinstance(record, Project):
        return lock_project(record)
    if isinstance(record, PlanRound):
        return lock_round(record)
    if isinstance(record, Decision):
        list(AnnualPlan.objects.filter(pk__in=AnnualPlan.objects.of_decision(record).order_by().values("pk")).locked())
        return Decision.objects.select_for_update(of=("self",)).get(pk=record.pk)
    norm = SupportNorm.objects.get(pk=record.pk)
    if norm.province_id:
        hold_norms(norm)
    return norm


def _refuse_wrong(made: Sequence[D], standing: Any) -> None:
    """Each wrong file by its name, so that all are put right at once. Sent twice, by a double click or a lost answer, a
    file is kept once."""
    if not made:
        raise Refused({"file": _("Hãy chọn tệp.")}, code="nothing")
    try:
        refuse_too_many([one.file for one in made])
    except ValidationError as problem:
        raise Refused({"file": problem.messages}, code="too_many") from problem
    there = {one.sha256: one for one in standing}
    problems: list[str] = []
    code = "twice"
    for one in made:
        try:
            validate_attachment(one.file)
        except ValidationError as problem:
            problems += [named(one.file.name, text) for text in problem.messages]
            code = "invalid"
            continue
        one.measure()
        twin = there.setdefault(one.sha256, one)
        if twin is not one:
            problems.append(named(one.original_name, _("Tệp này đã được đính kèm: “%(name)s”.") % {"name": twin}))
    if problems:
        raise Refused({"file": problems}, code=code)
    for one in made:
        refuse_invalid(one)


@transaction.atomic
def withdraw_document(*, document: D, reason: str, actor: User) -> D:
    """Says that the file is a wrong one: it is current no more; that it was there, its content, and who withdrew it
    when and why, stay. Raises NotAllowed, PlanClosed, or Refused without a reason or the second time."""
    current, dossier = _document(document)
    if not can_withdraw(actor, current, dossier):
        raise NotAllowed(refusal_to_withdraw(current.uploader_role))
    if dossier.closed:
        raise PlanClosed(dossier.closed, code="closed")
    if not current.is_current:
        raise Refused(_("Tài liệu này đã được rút."), code="twice")
    require_reason(reason)
    current.withdrawn_at, current.withdrawn_by, current.withdraw_reason = timezone.now(), actor, reason
    return store_change(current, "withdrawn_at", "withdrawn_by", "withdraw_reason")


@transaction.atomic
def erase_document(*, document: D, reason: str, actor: User) -> D:
    """Takes the content of a withdrawn file out of the system, as of one with personal data; its name (personal numbers
    in it are masked), size and digest and who erased it when and why stay. A closed year takes it too: it is the law,
    and no figure changes.

    Raises NotAllowed, or Refused without a reason, for a file that was not withdrawn, or the second time.
    """
    current, dossier = _document(document)
    if not can_erase(actor, current, dossier):
        raise NotAllowed(refusal_to_erase(current.uploader_role))
    if current.is_current:
        raise Refused(_("Hãy rút tài liệu trước khi xóa nội dung."), code="current")
    if current.erased_at is not None:
        raise Refused(_("Nội dung tài liệu này đã được xóa."), code="twice")
    require_reason(reason)
    current.erase(reason, actor)
    current.title, current.original_name = map(mask_personal_numbers, (current.title, current.original_name))
    return store_change(current, "title", "original_name", *current.ERASED)


def _document(document: D) -> tuple[D, Dossier]:
    """The file as it stands, held with what it hangs on."""
    record = _held(document.record)
    current = type(document)._base_manager.select_for_update(of=("self",)).get(pk=document.pk)
    return current, dossier_of(record)
