"""Closing the books of a year, after which nothing of it is written, and opening them again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, BooksChange
from projects.rules.permissions import hindrance_to_closing, hindrance_to_reopening
from projects.services.guards import refuse_hindered, require, require_reason
from projects.services.storing import store_change, store_new


@transaction.atomic
def close_books(*, plan: AnnualPlan, reason: str, actor: User) -> BooksChange:
    """Raises NotAllowed, or Refused without a reason, for a year to come and the second time."""
    held = _hold(plan, actor)
    refuse_hindered(hindrance_to_closing(held, timezone.localdate()))
    return _write(held, True, reason, actor)


@transaction.atomic
def reopen_books(*, plan: AnnualPlan, reason: str, actor: User) -> BooksChange:
    """Books that were closed too early, or of which something has to be put right.

    Raises NotAllowed, or Refused without a reason and for books that are open.
    """
    held = _hold(plan, actor)
    refuse_hindered(hindrance_to_reopening(held))
    return _write(held, False, reason, actor)


def _hold(plan: AnnualPlan, actor: User) -> AnnualPlan:
    """Whoever writes to the plan holds it too, so nothing is written into books that are being closed."""
    held = AnnualPlan.objects.filter(pk=plan.pk).for_page().locked().get()
    require(actor, "books", held.organisation_id)
    return held


def _write(plan: AnnualPlan, is_closed: bool, reason: str, actor: User) -> BooksChange:
    require_reason(reason)
    plan.is_closed = is_closed
    store_change(plan, "is_closed")
    return store_new(BooksChange(plan=plan, is_closed=is_closed, reason=reason, recorded_by=actor))
