"""Reads the rows of the rules that ship with the project: places, classes of cities, order of priority,
advances, deadlines, deciders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from programmes.reference_files import ReferenceDataError, Row, date, number, yes

Values = dict[str, Any]
Reader = Callable[[Row], tuple[Values, Values]]


def eligibility_rule(regulation: Callable[[str], Any]) -> Reader:
    return lambda row: (
        {
            "subject": row["subject"],
            "unit_kind": row["unit_kind"],
            "beneficiary_type": row["beneficiary_type"],
            "holds_where": row["holds_where"],
            "effective_from": date(row["effective_from"]),
        },
        {
            "answer": row["answer"],
            "allows_craft_village": yes(row["allows_craft_village"]),
            "allowed_norm_codes": row["allowed_norm_codes"],
            "explanation": row["explanation"],
            **_source(regulation, row),
        },
    )


def city_class(regulation: Callable[[str], Any]) -> Reader:
    """Of a class that is only reported the decision may be unknown."""
    return lambda row: (
        {"unit_code": row["unit_code"], "effective_from": date(row["effective_from"])},
        {
            "urban_class": number(row["urban_class"]),
            **_source(regulation, row, is_known=row["evidence"] == "confirmed"),
        },
    )


def priority_rule(regulation: Callable[[str], Any]) -> Reader:
    return lambda row: (
        {"priority_group": row["priority_group"], "effective_from": date(row["effective_from"])},
        {"rank": number(row["rank"]), "norm_codes": row["norm_codes"], **_source(regulation, row)},
    )


def priority_area(regulation: Callable[[str], Any]) -> Reader:
    """Of a place that is only known to be one the decision may be unknown."""
    return lambda row: (
        {
            "unit_code": row["unit_code"],
            "priority_group": row["priority_group"],
            "effective_from": date(row["effective_from"]),
        },
        _source(regulation, row, is_known=row["evidence"] == "confirmed"),
    )


def advance_share(regulation: Callable[[str], Any]) -> Reader:
    return lambda row: (
        {
            "norm_code": row["norm_code"],
            "funding_level": row["funding_level"],
            "effective_from": date(row["effective_from"]),
        },
        {
            "max_percent": number(row["max_percent"]),
            "precondition": row["precondition"],
            **_source(regulation, row),
        },
    )


def deadline_rule(regulation: Callable[[str], Any]) -> Reader:
    return lambda row: (
        {"subject": row["subject"], "effective_from": date(row["effective_from"])},
        {**{name: number(row[name]) for name in ("days", "month", "day")}, **_source(regulation, row)},
    )


def decider_rule(regulation: Callable[[str], Any], organisation: Callable[[str], Any]) -> Reader:
    return lambda row: (
        {
            "change": row["change"],
            "funding_level": row["funding_level"],
            "province": organisation(row["province"]),
            "effective_from": date(row["effective_from"]),
        },
        {"decided_by": row["decided_by"], **_source(regulation, row)},
    )


def _source(regulation: Callable[[str], Any], row: Row, *, is_known: bool = True) -> Values:
    """Where the rule stands, until when it holds, and whether it was read there. A known rule names its document."""
    if is_known and not row["regulation"]:
        raise ReferenceDataError("thiếu văn bản quy định (regulation)")
    return {
        "regulation": regulation(row["regulation"]),
        "clause": row["clause"],
        "effective_to": date(row["effective_to"]),
        "is_confirmed": row["evidence"] == "confirmed",
    }
