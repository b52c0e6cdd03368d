"""Putting right what was typed of a contract or a voucher beside its amounts and its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from copy import copy
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from projects.models import Contract, HeadChange, Voucher
from projects.refusals import Refused
from projects.services.guards import refuse_unseen, require_reason
from projects.services.money_checks import MoneyRefused, lock_lines
from projects.services.storing import store_change, store_many


@transaction.atomic
def correct_account_head(
    *, record: Contract | Voucher, head: Mapping[str, Any], seen: int, reason: str, actor: User
) -> Contract | Voucher:
    """Writes what the paper really says in these fields of its ``HEAD``; each former value is kept with the reason.
    ``seen`` is how many of its ``amendments`` the actor had read.

    Its day decides from when its money counts, so a wrong day is reversed and recorded anew. Raises NotAllowed,
    PlanClosed, or Refused: without a reason or a number, with what somebody else put right meanwhile, when nothing
    differs, for a number that is taken; then nothing is written.
    """
    stored: Any = type(record)._default_manager.get(pk=record.pk)
    lock_lines(stored.entries.values_list("plan_line", flat=True), actor)
    stored.refresh_from_db()
    require_reason(reason, _("Ghi lý do đính chính."))
    wanted = copy(stored)
    for name in stored.HEAD:
        setattr(wanted, name, head.get(name, getattr(stored, name)))
    if not wanted.number.strip():
        raise MoneyRefused({"number": _("Ghi số của hợp đồng, chứng từ.")}, code="no_number")
    changes = _changes(stored, wanted, reason, actor)
    refuse_unseen(list(stored.changes.order_by("pk")[seen:]))
    store_many(changes)
    wanted.amendments = stored.changes.count()
    try:
        store_change(wanted, *stored.amendable)
    except Refused as refusal:
        if refusal.code != "taken":
            raise
        raise MoneyRefused({"number": refusal.messages}, code="taken") from refusal
    return wanted


def _changes(stored: Any, wanted: Any, reason: str, actor: User) -> list[HeadChange]:
    pairs = [(name, _said(stored, name), _said(wanted, name)) for name in stored.HEAD]
    of_record = {"contract" if isinstance(stored, Contract) else "voucher": stored}
    words = {"reason": reason, "recorded_by": actor, **of_record}
    changes = [HeadChange(field=name, before=old, after=new, **words) for name, old, new in pairs if old != new]
    if not changes:
        raise MoneyRefused(_("Không có mục nào thay đổi."), code="nothing")
    return changes


def _said(record: Contract | Voucher, name: str) -> str:
    value = getattr(record, name)
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value or "").strip()
