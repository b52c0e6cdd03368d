"""Contracts and settlements as rows. Who acts, on which lines, and whether it may be was asked before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from projects.models import CellKey, Contract, ContractEntry, PaymentEntry, PlanLine, SettlementEntry
from projects.services.money_checks import MoneyRefused
from projects.services.storing import clean_all

Entry = ContractEntry | PaymentEntry | SettlementEntry


def write_contract_amounts(
    contract: Contract,
    lines: Mapping[int, PlanLine],
    amounts: Mapping[CellKey, int],
    *,
    on: dt.date,
    nature: str,
    actor: User,
    **words: Any,
) -> None:
    """What the contract or its amendment gives, in đồng; ``words`` are its paper and its reason."""
    entries = [
        ContractEntry(
            contract=contract,
            plan_line=lines[line],
            component_id=component,
            source_id=source,
            amount_vnd=amount,
            nature=nature,
            effective_on=on,
            recorded_by=actor,
            **words,
        )
        for (line, component, source), amount in amounts.items()
        if amount
    ]
    clean_all(entries)
    ContractEntry.objects.bulk_create(entries)


def write_settlement(
    lines: Mapping[int, PlanLine],
    amounts: Mapping[CellKey, int],
    *,
    paper: str,
    on: dt.date,
    reason: str,
    actor: User,
) -> None:
    """What the settlement file accepts as spent, in đồng."""
    entries = [
        SettlementEntry(
            paper=paper,
            plan_line=lines[line],
            component_id=component,
            source_id=source,
            amount_vnd=amount,
            effective_on=on,
            recorded_by=actor,
            reason=reason,
        )
        for (line, component, source), amount in amounts.items()
        if amount
    ]
    clean_all(entries)
    SettlementEntry.objects.bulk_create(entries)


def reverse_entry(entry: Entry, reason: str, actor: User) -> Entry:
    """Stores the opposite of the entry on its own day. Who acts and the limits are the caller's to ask.

    Raises MoneyRefused for an entry that is a reversal or was reversed already.
    """
    if entry.reverses_id is not None:
        raise MoneyRefused(_("Bút toán đảo không được đảo lại; hãy ghi bút toán mới."), code="reversal")
    if type(entry)._default_manager.filter(reverses=entry).exists():
        raise MoneyRefused(_("Bút toán này đã được ghi đảo."), code="reversed")
    reversal = copy_entry(entry, -entry.amount_vnd, reason, actor)
    reversal.reverses = entry
    reversal.save()
    return reversal


def copy_entry(entry: Entry, amount_vnd: int, reason: str, actor: User) -> Entry:
    """The same entry of another amount; what a row records of itself is its own."""
    own = ("id", "amount_vnd", "recorded_at", "recorded_by", "reason", "reverses")
    kept: dict[str, Any] = {
        field.attname: getattr(entry, field.attname) for field in entry._meta.fields if field.name not in own
    }
    return type(entry)(**kept, amount_vnd=amount_vnd, reason=reason, recorded_by=actor)
