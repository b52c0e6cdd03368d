"""Loads the reference data that ships with the project: law, norms, sources, units, organisations, authorities.

Files win: a row whose key is in a file gets the file's values again. Rows that administrators added stay. Nothing
is ever deleted. All of it is one transaction, so a wrong row leaves the database as it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from khuyencong.accounts.models import FormerName, Organisation
from programmes.models import (
    ActivityType,
    AdminUnit,
    AdminUnitSuccession,
    AdvanceShare,
    Authority,
    DeadlineRule,
    EligibilityRule,
    FundingSource,
    Regulation,
    SupportNorm,
)
from programmes.reference_files import ReferenceDataError, Row, date, number, rows, words
from programmes.reference_rules import advance_share, deadline_rule, eligibility_rule

DATA = Path(__file__).parent / "data"
# The last day of the old units and the first of the new ones (NQ 202/2025/QH15, NQ 1669/NQ-UBTVQH15).
LAST_OLD_DAY, FIRST_NEW_DAY = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
HAI_PHONG, HAI_DUONG = "31", "30"


@dataclass
class Tally:
    """What loading one file did."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


Reader = Callable[[Row], tuple[dict[str, Any], dict[str, Any]]]


@transaction.atomic
def load_reference_data(folder: Path = DATA) -> dict[str, Tally]:
    """Loads every file in the order in which they refer to each other; raises ReferenceDataError."""
    done: dict[str, Tally] = {}

    def load(name: str, model: type[models.Model], read: Reader) -> None:
        done[name] = _load(folder / name, model, read)

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
    load("advance_shares.csv", AdvanceShare, advance_share(regulation))
    load("deadline_rules.csv", DeadlineRule, deadline_rule(regulation))
    load("admin_units_before_2025_07.csv", AdminUnit, _old_unit())
    load("admin_units_haiphong_2025.csv", AdminUnit, _new_unit())
    done["succession"] = _load_successions(folder / "admin_units_haiphong_2025.csv")
    return done


def _load(path: Path, model: type[models.Model], read: Reader) -> Tally:
    """Compares each row with what is stored under its key and saves what is new or different, fully checked."""
    tally, seen = Tally(), set()
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
            _save(model, stored.get(identity), key, values, tally)
        except (ReferenceDataError, ValidationError, KeyError) as problem:
            raise ReferenceDataError(f"{path.name}, dòng {line}: {words(problem, row)}") from problem
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
) -> None:
    if existing is not None and all(
        getattr(existing, _attname(model, name)) == getattr(value, "pk", value) for name, value in values.items()
    ):
        tally.unchanged += 1
        return
    one = existing or model(**key)
    for name, value in values.items():
        setattr(one, name, value)
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
            "regulation": regulation(row["regulation"]),
            "clause": row["clause"],
            "activity_type": activity(row["activity_code"]),
            "item": row["item"],
            "unit": row["unit"],
            "max_percent": number(row["max_percent"]),
            "max_amount_vnd": number(row["max_amount_vnd"]),
            "effective_to": date(row["effective_to"]),
            "is_confirmed": row["evidence"] == "confirmed",
        },
    )


def _old_unit() -> Reader:
    """Districts before 01/07/2025; the parent is written by its bare name."""
    provinces: dict[str, AdminUnit] = {}

    def parent(name: str) -> AdminUnit | None:
        if name and name not in provinces:  # a province may stand further down than its neighbour's districts
            old = AdminUnit.objects.filter(kind=AdminUnit.Kind.PROVINCE, valid_to=LAST_OLD_DAY)
            provinces.update({unit.bare_name: unit for unit in old})
        if name and name not in provinces:
            raise ReferenceDataError(f"không có tỉnh, thành phố “{name}”")
        return provinces[name] if name else None

    return lambda row: (
        {"code": row["code"], "kind": row["kind"], "valid_from": date(row["valid_from"])},
        {"name": row["name"], "parent": parent(row["parent"]), "valid_to": date(row["valid_to"])},
    )


def _new_unit() -> Reader:
    """Units from 01/07/2025; the parent is written by its code."""

    def parent(code: str) -> AdminUnit | None:
        found = AdminUnit.objects.filter(code=code, kind=AdminUnit.Kind.PROVINCE, valid_from=FIRST_NEW_DAY).first()
        if code and found is None:
            raise ReferenceDataError(f"không có tỉnh, thành phố mã “{code}” từ ngày {FIRST_NEW_DAY:%d/%m/%Y}")
        return found if code else None

    parents: dict[str, AdminUnit | None] = {}

    def read(row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
        if row["parent_code"] not in parents:
            parents[row["parent_code"]] = parent(row["parent_code"])
        return (
            {"code": row["code"], "kind": row["kind"], "valid_from": date(row["valid_from"])},
            {
                "name": row["name"],
                "parent": parents[row["parent_code"]],
                "valid_to": date(row["valid_to"]),
                "former_communes": row["former_communes"],
                "resolution": row["resolution"],
            },
        )

    return read


def _load_successions(path: Path) -> Tally:
    """What became of each old unit: itself under a new kind, then the communes that took in its parts."""
    units = list(AdminUnit.objects.all())
    old = {unit.code: unit for unit in units if unit.valid_to == LAST_OLD_DAY}
    new = {unit.code: unit for unit in units if unit.valid_from == FIRST_NEW_DAY}
    pairs = _renamings(units)
    heirs: dict[str, list[str]] = {}
    for line, row in rows(path):
        for code in filter(None, row["former_district_codes"].split(";")):
            if code not in old:
                raise ReferenceDataError(f"{path.name}, dòng {line}: không có huyện, quận cũ mã “{code}”")
            if row["code"] not in new:
                raise ReferenceDataError(f"{path.name}, dòng {line}: “{row['name']}” không phải đơn vị mới")
            heirs.setdefault(code, []).append(row["code"])
    for code, successors in heirs.items():
        pairs |= {(old[code].pk, new[successor].pk): len(successors) > 1 for successor in successors}
    if HAI_PHONG in new:
        pairs |= {(old[code].pk, new[HAI_PHONG].pk): False for code in (HAI_PHONG, HAI_DUONG) if code in old}
    return _store_successions(pairs)


def _renamings(units: list[AdminUnit]) -> dict[tuple[int, int], bool]:
    """A unit that went on under the same code with another kind or name the day after."""
    starts = {(unit.code, unit.valid_from): unit for unit in units if unit.valid_from}
    pairs = {}
    for unit in units:
        if unit.valid_to and unit.valid_to < LAST_OLD_DAY:
            heir = starts.get((unit.code, unit.valid_to + dt.timedelta(days=1)))
            if heir is not None:
                pairs[unit.pk, heir.pk] = False
    return pairs


def _store_successions(pairs: dict[tuple[int, int], bool]) -> Tally:
    stored = {(one.predecessor_id, one.successor_id): one for one in AdminUnitSuccession.objects.all()}
    tally = Tally(unchanged=sum(stored[pair].is_partial == pairs[pair] for pair in stored.keys() & pairs.keys()))
    missing = [
        AdminUnitSuccession(predecessor_id=pair[0], successor_id=pair[1], is_partial=partly)
        for pair, partly in pairs.items()
        if pair not in stored
    ]
    AdminUnitSuccession.objects.bulk_create(missing)
    tally.created = len(missing)
    for pair in stored.keys() & pairs.keys():
        if stored[pair].is_partial != pairs[pair]:
            stored[pair].is_partial = pairs[pair]
            stored[pair].save()
            tally.changed += 1
    return tally
