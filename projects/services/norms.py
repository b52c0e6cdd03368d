"""Adding and ending a province's own norms."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from khuyencong.accounts.models import Organisation
from programmes.models import Regulation, SupportNorm


@transaction.atomic
def add_norm(*, norm: SupportNorm, regulation: Regulation | None = None) -> SupportNorm:
    """Stores the norm, with its document when that is new. Raises ValidationError when another holds by then."""
    _lock(norm)
    if regulation is not None:
        regulation.save()
        norm.regulation = regulation
    norm.full_clean()
    norm.save()
    return norm


@transaction.atomic
def end_norm(*, norm: SupportNorm, effective_to: dt.date) -> SupportNorm:
    """Makes that day the last one of the norm. Raises ValidationError."""
    _lock(norm)
    current = SupportNorm.objects.get(pk=norm.pk)
    current.effective_to = effective_to
    current.full_clean()
    current.save(update_fields=["effective_to"])
    return current


def _lock(norm: SupportNorm) -> None:
    """Two people can't give one day to two norms."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=norm.province_id)
