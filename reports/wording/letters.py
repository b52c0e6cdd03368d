"""The letters that approved a plan, in the words of a document; what is unknown of them is left open, not invented."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from programmes.citation import about, by_authority, cited, kind_in_words, numbered
from programmes.models import Decision


def issued_with(decisions: Sequence[Decision]) -> str:
    """Below the title of a list: the letter that it was issued with, or those that it follows."""
    if not decisions:
        return ""
    return f"({'Kèm theo' if len(decisions) == 1 else 'Theo'} {'; '.join(map(cited, decisions))})"


def carried_out(decisions: Iterable[Decision]) -> str:
    """“các Quyết định số 1/QĐ-UBND ngày …, số 2/QĐ-UBND ngày … của … về việc …” and so on, for a sentence."""
    groups = groupby(decisions, key=lambda one: (kind_in_words(one), by_authority(one), about(one)))
    return _listed(
        [_phrase(kind, f"{authority}{subject}", list(group)) for (kind, authority, subject), group in groups]
    )


def _phrase(kind: str, rest: str, decisions: Sequence[Decision]) -> str:
    several = "các " if len(decisions) > 1 else ""
    return f"{several}{kind} {_listed([numbered(one) for one in decisions])}{rest}"


def _listed(texts: Sequence[str]) -> str:
    return " và ".join(filter(None, (", ".join(texts[:-1]), texts[-1]))) if texts else ""
