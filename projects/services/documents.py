"""Files of projects, letters and a province's norms. They change no figure, so a closed year takes them too."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import Decision, DecisionDocument, NormDocument, SupportNorm
from projects.models import Project, ProjectDocument
from projects.refusals import Refused
from projects.services.guards import hold_norms, lock_row, require, require_norm_keeper
from projects.services.storing import filed, refuse_invalid

D = TypeVar("D", ProjectDocument, DecisionDocument, NormDocument)


@transaction.atomic
def attach_to_project(*, project: Project, file: UploadedFile, title: str = "", actor: User) -> ProjectDocument:
    """Adds the file to the dossier. Raises NotAllowed, or Refused for a file that it holds already."""
    project = lock_row(project)
    require(actor, "attach", project.organisation_id)
    return _attached(project.documents, ProjectDocument(project=project, file=file, title=title, uploaded_by=actor))


@transaction.atomic
def attach_to_decision(*, decision: Decision, file: UploadedFile, title: str = "", actor: User) -> DecisionDocument:
    """Adds the scan to the letter. Raises NotAllowed, or Refused for a file that it holds already."""
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    require(actor, "scan", decision.organisation_id)
    return _attached(decision.documents, DecisionDocument(decision=decision, file=file, title=title, uploaded_by=actor))


@transaction.atomic
def attach_to_norm(*, norm: SupportNorm, file: UploadedFile, title: str = "", actor: User) -> NormDocument:
    """Adds the scan to the document of a province's norm, for all its norms. Raises NotAllowed unless the actor keeps
    the norms of that province, or Refused for a file that is there already."""
    norm = SupportNorm.objects.get(pk=norm.pk)
    require_norm_keeper(actor, norm)
    hold_norms(norm)
    kept = NormDocument.objects.of_document(norm)
    return _attached(kept, NormDocument(norm=norm, file=file, title=title, uploaded_by=actor))


def _attached(kept: Any, document: D) -> D:
    """Sent twice, by a double click or a lost answer, a file is kept once: whose dossier it is, is held meanwhile."""
    document.measure()
    if twin := kept.filter(sha256=document.sha256).first():
        raise Refused({"file": _("Tệp này đã được đính kèm: “%(name)s”.") % {"name": twin}}, code="twice")
    refuse_invalid(document)
    with filed("file") as files:
        files.append(document)
    return document
