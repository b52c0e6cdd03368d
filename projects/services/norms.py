"""Adding and ending a province's own norms."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from khuyencong.accounts.models import Organisation, User
from programmes.models import Regulation, SupportNorm
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import RIGHTS
from projects.services.storing import store_change, store_new


@transaction.atomic
def add_norm(*, norm: SupportNorm, regulation: Regulation | None = None, actor: User) -> SupportNorm:
    """Stores the norm of a province that the actor keeps, with its document when that is new.

    Raises NotAllowed, or Refused when another holds by then; then nothing is written.
    """
    _require_keeper(actor, norm)
    _lock(norm)
    if regulation is not None:
        norm.regulation = store_new(regulation)
    _refuse_impossible(norm)
    return store_new(norm)


@transaction.atomic
def end_norm(*, norm: SupportNorm, effective_to: dt.date, actor: User) -> SupportNorm:
    """Makes that day, past or to come, the last one of the norm. Raises NotAllowed or Refused."""
    current = SupportNorm.objects.get(pk=norm.pk)
    _require_keeper(actor, current)
    _lock(current)
    current.refresh_from_db()
    current.effective_to = effective_to
    _refuse_impossible(current)
    return store_change(current, "effective_to")


def _require_keeper(actor: User, norm: SupportNorm) -> None:
    """A province's norms are kept by its administrators; the State's by nobody here."""
    kept = Organisation.objects.administered_by(actor)
    if norm.province_id is None or not kept.filter(pk=norm.province_id).exists():
        raise NotAllowed(RIGHTS["norms"].refusal())


def _refuse_impossible(norm: SupportNorm) -> None:
    """Raises Refused where the days are none, or another norm of the same thing holds on one of them."""
    try:
        norm.full_clean()
    except ValidationError as problem:
        raise Refused(problem, code="invalid") from problem


def _lock(norm: SupportNorm) -> None:
    """Two people can't give one day to two norms."""
    assert norm.province_id is not None  # see _require_keeper
    Organisation.objects.select_for_update(of=("self",)).get(pk=norm.province_id)
