"""Contracts and settlements as rows. Who acts, on which lines, and whether it may be was asked before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from khuyencong.accounts.models import User
from projects.models import CellKey, Contract, ContractEntry, PlanLine, SettlementEntry
from projects.services.storing import clean_all


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
