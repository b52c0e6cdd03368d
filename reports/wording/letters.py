"""The letters that approved a plan, in the words of a document; what is unknown of them is left open, not invented."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from programmes.models import Decision

OPEN = "……"


def issued_with(decisions: Sequence[Decision]) -> str:
    """Below the title of a list: the letter that it was issued with, or those that it follows."""
    known = [decision for decision in decisions if not decision.is_incomplete]
    if not known:
        return ""
    letters = "; ".join(f"số {decision.label}{_of_authority(decision)}" for decision in known)
    if len(decisions) == 1:
        return f"(Kèm theo văn bản {letters})"
    return f"(Theo {'các ' if len(known) > 1 else ''}văn bản {letters})"


def carried_out(decisions: Iterable[Decision]) -> str:
    """“các Quyết định số 1/QĐ-UBND ngày …, số 2/QĐ-UBND ngày … của …” and so on, for a sentence."""
    groups = groupby(decisions, key=lambda one: (_noun(one), _of_authority(one)))
    return _listed([_phrase(noun, authority, list(group)) for (noun, authority), group in groups])


def _phrase(noun: str, authority: str, decisions: Sequence[Decision]) -> str:
    several = "các " if len(decisions) > 1 else ""
    return f"{several}{noun} {_listed([_numbered(one) for one in decisions])}{authority}"


def _noun(decision: Decision) -> str:
    return "Quyết định" if "QĐ" in decision.number else "văn bản"


def _numbered(decision: Decision) -> str:
    issued_on = f"{decision.issued_on:%d/%m/%Y}" if decision.issued_on else OPEN
    return f"số {decision.number or OPEN} ngày {issued_on}"


def _of_authority(decision: Decision) -> str:
    return f" của {decision.authority}" if decision.authority else ""


def _listed(texts: Sequence[str]) -> str:
    return " và ".join(filter(None, (", ".join(texts[:-1]), texts[-1]))) if texts else ""
