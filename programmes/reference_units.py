"""Reads administrative units before and after 01/07/2025, and what became of each (field-rules §5)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

from programmes.models import AdminUnit, AdminUnitSuccession
from programmes.reference_files import Reader, ReferenceDataError, Row, Tally, date, rows
from programmes.unit_rules import FIRST_NEW_DAY, LAST_OLD_DAY, first_overlap, renamings

OLD_UNITS, NEW_UNITS = "admin_units_before_2025_07.csv", "admin_units_haiphong_2025.csv"
FORMER_COMMUNES, SUCCESSIONS = "admin_units_former_communes.csv", "admin_unit_successions.csv"
HAI_PHONG, HAI_DUONG = "31", "30"
PARTIAL = {"yes": True, "no": False, "differs": None}


class Heir(NamedTuple):
    """How much of a unit went to another one; None where the sources differ, with what each of them says."""

    is_partial: bool | None
    remark: str = ""


Pairs = dict[tuple[int, int], Heir]  # by the ids of predecessor and successor


def refuse_overlaps(path: Path) -> None:
    """Raises ReferenceDataError for two rows of one code that are there at one time."""
    lines: dict[int, int] = {}
    units = []
    for line, row in rows(path):
        days = {name: date(row[name]) for name in ("valid_from", "valid_to")}
        units.append(AdminUnit(code=row.get("code", ""), name=row["name"], **days))
        lines[id(units[-1])] = line
    if found := first_overlap(units):
        before, after = found
        raise ReferenceDataError(
            f"{path.name}, dòng {lines[id(after)]}: “{after.name}” từ ngày {_day(after.valid_from)}, "
            f"khi “{before.name}” còn đến ngày {_day(before.valid_to)}"
        )


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "không rõ"


def old_unit() -> Reader:
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


def new_unit() -> Reader:
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


def former_commune() -> Reader:
    """Communes, wards and townships before 01/07/2025; the parent is the code of their district on their last day.

    Their code is written as :func:`code_below` makes it.
    """
    districts: dict[str, AdminUnit] = {}

    def parent(code: str) -> AdminUnit:
        if not districts:
            districts.update({unit.code: unit for unit in AdminUnit.objects.filter(valid_to=LAST_OLD_DAY)})
        if code not in districts:
            raise ReferenceDataError(f"không có huyện, quận cũ mã “{code}”")
        return districts[code]

    def read(row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
        began, ended = date(row["valid_from"]), date(row["valid_to"])
        if began and ended and ended < began:
            raise ReferenceDataError(f"“{row['name']}” có từ ngày {_day(began)} mà chỉ đến ngày {_day(ended)}")
        return (
            {"code": row["code"], "kind": row["kind"], "valid_from": began},
            {"name": row["name"], "parent": parent(row["parent"]), "valid_to": ended},
        )

    return read


def load_successions(folder: Path) -> Tally:
    """What became of each old unit: itself under a new kind, then the units of today that took in its parts."""
    units = list(AdminUnit.objects.all())
    old = {unit.code: unit for unit in units if unit.valid_to == LAST_OLD_DAY}
    new = {unit.code: unit for unit in units if unit.valid_from == FIRST_NEW_DAY}
    pairs = {(before.pk, after.pk): Heir(False) for before, after in renamings(units)}
    pairs |= _of_districts(folder / NEW_UNITS, old, new) | _of_communes(folder, old, new)
    if HAI_PHONG in new:
        pairs |= {(old[code].pk, new[HAI_PHONG].pk): Heir(False) for code in (HAI_PHONG, HAI_DUONG) if code in old}
    return _store_successions(pairs)


def _of_districts(path: Path, old: dict[str, AdminUnit], new: dict[str, AdminUnit]) -> Pairs:
    heirs: dict[str, list[str]] = {}
    for line, row in rows(path):
        for code in filter(None, row["former_district_codes"].split(";")):
            if code not in old:
                raise ReferenceDataError(f"{path.name}, dòng {line}: không có huyện, quận cũ mã “{code}”")
            if row["code"] not in new:
                raise ReferenceDataError(f"{path.name}, dòng {line}: “{row['name']}” không phải đơn vị mới")
            heirs.setdefault(code, []).append(row["code"])
    return {
        (old[code].pk, new[successor].pk): Heir(len(successors) > 1)
        for code, successors in heirs.items()
        for successor in successors
    }


def _of_communes(folder: Path, old: dict[str, AdminUnit], new: dict[str, AdminUnit]) -> Pairs:
    pairs = {}
    for line, row in rows(folder / SUCCESSIONS):
        if wrong := _wrong_succession(row, old, new):
            raise ReferenceDataError(f"{SUCCESSIONS}, dòng {line}: {wrong}")
        key = (old[row["predecessor"]].pk, new[row["successor"]].pk)
        if key in pairs:
            raise ReferenceDataError(f"{SUCCESSIONS}, dòng {line}: trùng khóa {row['predecessor']}, {row['successor']}")
        pairs[key] = Heir(PARTIAL[row["is_partial"]], row["remark"])
    return pairs


def _wrong_succession(row: Row, old: dict[str, AdminUnit], new: dict[str, AdminUnit]) -> str:
    """Why the row can't be; empty when it can."""
    if row["predecessor"] not in old:
        return f"không có đơn vị mã “{row['predecessor']}” đến ngày {_day(LAST_OLD_DAY)}"
    if row["successor"] not in new:
        return f"không có đơn vị mã “{row['successor']}” từ ngày {_day(FIRST_NEW_DAY)}"
    if row["is_partial"] not in PARTIAL:
        return f"“{row['is_partial']}” không phải là yes, no hoặc differs"
    if row["is_partial"] == "differs" and not row["remark"]:
        return "các nguồn khác nhau thì phải ghi nguồn nào nói gì (cột remark)"
    return ""


def _store_successions(pairs: Pairs) -> Tally:
    stored = {(one.predecessor_id, one.successor_id): one for one in AdminUnitSuccession.objects.all()}
    missing = [
        AdminUnitSuccession(
            predecessor_id=pair[0], successor_id=pair[1], is_partial=heir.is_partial, remark=heir.remark
        )
        for pair, heir in pairs.items()
        if pair not in stored
    ]
    AdminUnitSuccession.objects.bulk_create(missing)
    tally = Tally(created=len(missing))
    for pair in stored.keys() & pairs.keys():
        one, heir = stored[pair], pairs[pair]
        if (one.is_partial, one.remark) == heir:
            tally.unchanged += 1
            continue
        one.is_partial, one.remark = heir
        one.save()
        tally.changed += 1
    return tally
