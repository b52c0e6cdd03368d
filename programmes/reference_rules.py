"""Reads the rows of the rules that ship with the project: eligibility, advances, deadlines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from programmes.reference_files import ReferenceDataError, Row, date, number

Values = dict[str, Any]
Reader = Callable[[Row], tuple[Values, Values]]


def eligibility_rule(regulation: Callable[[str], Any]) -> Reader:
    return lambda row: (
        {
            "subject": row["subject"],
            "unit_kind": row["unit_kind"],
            "effective_from": date(row["effective_from"]),
        },
        {
            "answer": row["answer"],
            "allows_craft_village": _yes(row["allows_craft_village"]),
            "allowed_norm_code": row["allowed_norm_code"],
            "explanation": row["explanation"],
            **_source(regulation, row),
        },
    )


def advance_share(regulation: Callable[[str], Any]) -> Reader:
    return lambda row: (
        {"norm_code": row["norm_code"], "effective_from": date(row["effective_from"])},
        {"max_percent": number(row["max_percent"]), **_source(regulation, row)},
    )


def deadline_rule(regulation: Callable[[str], Any]) -> Reader:
    return lambda row: (
        {"subject": row["subject"], "effective_from": date(row["effective_from"])},
        {**{name: number(row[name]) for name in ("days", "month", "day")}, **_source(regulation, row)},
    )


def _source(regulation: Callable[[str], Any], row: Row) -> Values:
    """Where the rule stands, until when it holds, and whether it was read there."""
    return {
        "regulation": regulation(row["regulation"]),
        "clause": row["clause"],
        "effective_to": date(row["effective_to"]),
        "is_confirmed": row["evidence"] == "confirmed",
    }


def _yes(text: str) -> bool:
    if text not in ("", "yes"):
        raise ReferenceDataError(f"“{text}” phải là “yes” hoặc để trống")
    return text == "yes"
