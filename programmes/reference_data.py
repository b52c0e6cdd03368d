"""Loads the reference data that ships with the project: law, norms, sources, units, organisations, authorities.

Files win: a row whose key is in a file gets the file's values again. Rows that administrators added stay. Nothing
is ever deleted. All of it is one transaction, so a wrong row leaves the database as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from khuyencong.accounts.models import FormerName, Organisation
from programmes.models import (
    ActivityType,
    AdminUnit,
    AdvanceShare,
    Authority,
    CityClass,
    DeadlineRule,
    DeciderRule,
    EligibilityRule,
    FundingSource,
    PriorityArea,
    PriorityRule,
    Regulation,
    SupportNorm,
)
from programmes.reference_files import Reader, ReferenceDataError, Row, Tally, date, number, rows, words, yes
from programmes.reference_rules import (
    advance_share,
    city_class,
    deadline_rule,
    decider_rule,
    eligibility_rule,
    priority_area,
    priority_rule,
)
from programmes.reference_units import (
    FORMER_COMMUNES,
    NEW_UNITS,
    OLD_UNITS,
    former_commune,
    load_successions,
    new_unit,
    old_unit,
    refuse_overlaps,
)

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load_reference_data(folder: Path = DATA) -> dict[str, Tally]:
    """Loads every file in the order in which they refer to each other; raises ReferenceDataError."""
    done: dict[str, Tally] = {}

    def load(name: str, model: type[models.Model], read: Reader, *, at_once: bool = False) -> None:
        done[name] = _load(folder / name, model, read, at_once)

    load("organisations.csv", Organisation, _organisation(_by_code(Organisation)))
    load("former_names.csv", FormerName, _former_name(_by_code(Organisation)))
    load("regulations.csv", Regulation, _regulation)
    load("activity_types.csv", ActivityType, _activity_type(_by_code(Regulation)))
    load("funding_sources.csv", FundingSource, _funding_source)
    load("authorities.csv", Authority, _authority(_by_code(Organisation)))
    norms = _norm(_by_code(Regulation), _by_code(ActivityType), _by_code(Organisation))
    load("support_norms.csv", SupportNorm, norms)
    regulation = _by_code(Regulation)
    load("eligibility_rules.csv", EligibilityRule, eligibility_rule(regulation))
    load("city_classes.csv", CityClass, city_class(regulation))
    load("priority_rules.csv", PriorityRule, priority_rule(regulation))
    load("priority_areas.csv", PriorityArea, priority_area(regulation))
    load("advance_shares.csv", AdvanceShare, advance_share(regulation))
    load("deadline_rules.csv", DeadlineRule, deadline_rule(regulation))
    load("decider_rules.csv", DeciderRule, decider_rule(regulation, _by_code(Organisation)))
    load(OLD_UNITS, AdminUnit, old_unit())
    refuse_overlaps(folder / OLD_UNITS)
    load(NEW_UNITS, AdminUnit, new_unit())
    load(FORMER_COMMUNES, AdminUnit, former_commune(), at_once=True)
    done["succession"] = load_successions(folder)
    return done


def _load(path: Path, model: type[models.Model], read: Reader, at_once: bool) -> Tally:
    """Compares each row with what is stored under its key and saves what is new or different, fully checked.

    ``at_once`` stores new rows together, checked without a query each: their reader answers for what they refer to.
    """
    tally, seen = Tally(), set()
    new: list[models.Model] = []
    stored: dict[Any, models.Model] | None = None
    for line, row in rows(path):
        try:
            key, values = read(row)
            if stored is None:
                stored = {
                    tuple(getattr(one, name) for name in _attnames(model, key)): one
                    for one in model._default_manager.all()
                }
            identity = tuple(getattr(value, "pk", value) for value in key.values())
            if identity in seen:
                raise ReferenceDataError(f"trùng khóa {', '.join(map(str, key.values()))}")
            seen.add(identity)
            _save(model, stored.get(identity), key, values, tally, new if at_once else None)
        except (ReferenceDataError, ValidationError, KeyError) as problem:
            raise ReferenceDataError(f"{path.name}, dòng {line}: {words(problem, row)}") from problem
    model._default_manager.bulk_create(new)
    return tally


def _attnames(model: type[models.Model], key: dict[str, Any]) -> list[str]:
    return [_attname(model, name) for name in key]


def _attname(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field.attname


def _save(
    model: type[models.Model],
    existing: models.Model | None,
    key: dict[str, Any],
    values: dict[str, Any],
    tally: Tally,
    later: list[models.Model] | None,
) -> None:
    if existing is not None and all(
        getattr(existing, _attname(model, name)) == getattr(value, "pk", value) for name, value in values.items()
    ):
        tally.unchanged += 1
        return
    one = existing or model(**key)
    for name, value in values.items():
        setattr(one, name, value)
    if existing is None and later is not None:
        one.clean_fields(exclude={field.name for field in model._meta.fields if field.is_relation})
        one.clean()
        later.append(one)
    else:
        one.full_clean()
        one.save()
    if existing is None:
        tally.created += 1
    else:
        tally.changed += 1


def _by_code(model: type[Any]) -> Callable[[str], Any]:
    """Finds rows of the model by code, reading the table once, when the first is asked for."""
    found: dict[str, Any] = {}

    def find(code: str) -> Any:
        if not code:
            return None
        if code not in found:
            found.update({one.code: one for one in model.objects.all()})
        if code not in found:
            raise ReferenceDataError(f"không có {model._meta.verbose_name} mã “{code}”")
        return found[code]

    return find


def _organisation(organisation: Callable[[str], Any]) -> Reader:
    return lambda row: (
        {"code": row["code"]},
        {
            "kind": row["kind"],
            "name": row["name"],
            "parent": organisation(row["parent"]),
            "area_code": row["area_code"],
        },
    )


def _former_name(organisation: Callable[[str], Any]) -> Reader:
    return lambda row: (
        {"organisation": organisation(row["organisation"]), "valid_to": date(row["valid_to"])},
        {"name": row["name"], "valid_from": date(row["valid_from"])},
    )


def _regulation(row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    values: dict[str, Any] = {name: row[name] for name in ("number", "title", "replaced_or_amended_by", "evidence")}
    dates = {name: date(row[name]) for name in ("issued_on", "effective_from", "effective_to")}
    return {"code": row["code"]}, values | dates


def _activity_type(regulation: Callable[[str], Any]) -> Reader:
    return lambda row: (
        {"code": row["code"]},
        {
            "regulation": regulation(row["regulation"]),
            "short_name": row["short_name"],
            "legal_wording": row["legal_wording"],
        },
    )


def _funding_source(row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    values = {"name": row["name"], "short_name": row["short_name"], "level": row["level"]}
    return {"code": row["code"]}, values | {"position": number(row["position"])}


def _authority(organisation: Callable[[str], Any]) -> Reader:
    return lambda row: (
        {"code": row["code"]},
        {
            "name": row["name"],
            "level": row["level"],
            "province": organisation(row["province"]),
            "effective_from": date(row["effective_from"]),
            "effective_to": date(row["effective_to"]),
            "notes": row["notes"],
        },
    )


def _norm(
    regulation: Callable[[str], Any], activity: Callable[[str], Any], organisation: Callable[[str], Any]
) -> Reader:
    return lambda row: (
        {
            "code": row["code"],
            "funding_level": row["funding_level"],
            "province": organisation(row["province"]),
            "effective_from": date(row["effective_from"]),
        },
        {
            "regulation": _document(regulation, row),
            "clause": row["clause"],
            "activity_type": activity(row["activity_code"]),
            "item": row["item"],
            "unit": row["unit"],
            "max_percent": number(row["max_percent"]),
            "max_amount_vnd": number(row["max_amount_vnd"]),
            "has_no_ceiling": yes(row["has_no_ceiling"]),
            "note": row["note"],
            "effective_to": date(row["effective_to"]),
            "is_confirmed": row["evidence"] == "confirmed",
        },
    )


def _document(regulation: Callable[[str], Any], row: Row) -> Any:
    if not row["regulation"]:
        raise ReferenceDataError("thiếu văn bản quy định mức hỗ trợ (regulation)")
    return regulation(row["regulation"])
