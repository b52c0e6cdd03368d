"""Adding, correcting and ending a province's own norms."""

from __future__ import annotations

import datetime as dt
from copy import copy

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.models import User
from khuyencong.money import format_vnd
from programmes.models import NormChange, Regulation, SupportNorm
from projects.refusals import Refused
from projects.services.guards import hold_norms, refuse_unseen, require_norm_keeper, require_reason
from projects.services.storing import store_change, store_many, store_new

# What was typed of a document, and may have been typed wrongly.
CORRECTABLE = (
    *("item", "unit", "max_percent", "max_amount_vnd", "has_no_ceiling", "note", "clause"),
    *("effective_from", "effective_to", "is_confirmed"),
)


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
def end_norm(*, norm: SupportNorm, effective_to: dt.date, reason: str, actor: User) -> SupportNorm:
    """Makes that day, past or to come, the last one of the norm. Raises NotAllowed, or Refused as without a reason."""
    current = _hold(norm, actor)
    before = copy(current)
    current.effective_to = effective_to
    return _change(before, current, reason, actor)


@transaction.atomic
def correct_norm(*, norm: SupportNorm, seen: int, reason: str, actor: User) -> SupportNorm:
    """Writes what the document really says, as ``norm`` has it, in the place of what was typed wrongly, which stays
    readable with the reason. Whatever it judges is judged by the right one from now on. ``seen`` is how many of its
    changes the actor had read.

    What it is a norm of (content, source, province) is its identity. Raises NotAllowed, or Refused without a reason,
    with what somebody else put right meanwhile, when nothing differs, and where another norm holds by then; then
    nothing is written.
    """
    before = _hold(norm, actor)
    require_reason(reason)
    refuse_unseen(list(NormChange.objects.of_norm(before)[seen:]))
    wanted = copy(before)
    for name in CORRECTABLE:
        setattr(wanted, name, getattr(norm, name))
    return _change(before, wanted, reason, actor)


def _hold(norm: SupportNorm, actor: User) -> SupportNorm:
    current = SupportNorm.objects.get(pk=norm.pk)
    require_norm_keeper(actor, current)
    hold_norms(current)
    current.refresh_from_db()
    return current


def _change(before: SupportNorm, wanted: SupportNorm, reason: str, actor: User) -> SupportNorm:
    require_reason(reason)
    _refuse_impossible(wanted)
    with override("vi"):
        pairs = [(name, _said(before, name), _said(wanted, name)) for name in CORRECTABLE]
    changes = [
        NormChange(norm=wanted, field=name, before=old, after=new, reason=reason, recorded_by=actor)
        for name, old, new in pairs
        if old != new
    ]
    if not changes:
        raise Refused(_("Không có mục nào thay đổi."), code="nothing")
    store_many(changes)
    return store_change(wanted, *CORRECTABLE)


def _said(norm: SupportNorm, name: str) -> str:
    value = getattr(norm, name)
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int):
        return format_vnd(value)
    return value or ""


def _refuse_impossible(norm: SupportNorm) -> None:
    """Raises Refused where the days are none, or another norm of the same thing holds on one of them."""
    try:
        norm.full_clean()
    except ValidationError as problem:
        raise Refused(problem, code="invalid") from problem
