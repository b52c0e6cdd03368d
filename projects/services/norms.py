"""Adding and ending a province's own norms."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from khuyencong.accounts.models import User
from programmes.models import Regulation, SupportNorm
from projects.refusals import Refused
from projects.services.guards import hold_norms, require_norm_keeper
from projects.services.storing import store_change, store_new


@transaction.atomic
def add_norm(*, norm: SupportNorm, regulation: Regulation | None = None, actor: User) -> SupportNorm:
    """Stores the norm of a province that the actor keeps, with its document when that is new.

    Raises NotAllowed, or Refused when another holds by then; then nothing is written.
    """
    require_norm_keeper(actor, norm)
    hold_norms(norm)
    if regulation is not None:
        norm.regulation = store_new(regulation)
    _refuse_impossible(norm)
    return store_new(norm)


@transaction.atomic
def end_norm(*, norm: SupportNorm, effective_to: dt.date, actor: User) -> SupportNorm:
    """Makes that day, past or to come, the last one of the norm. Raises NotAllowed or Refused."""
    current = SupportNorm.objects.get(pk=norm.pk)
    require_norm_keeper(actor, current)
    hold_norms(current)
    current.refresh_from_db()
    current.effective_to = effective_to
    _refuse_impossible(current)
    return store_change(current, "effective_to")


def _refuse_impossible(norm: SupportNorm) -> None:
    """Raises Refused where the days are none, or another norm of the same thing holds on one of them."""
    try:
        norm.full_clean()
    except ValidationError as problem:
        raise Refused(problem, code="invalid") from problem
