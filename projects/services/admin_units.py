"""Administrative units of a province, many at once: what a list of them adds, changes and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation, User
from programmes.models import AdminUnit, AdminUnitSuccession
from programmes.unit_rules import COMMUNES, DISTRICTS, first_overlap, renamings, wrong_parent, wrong_time
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import RIGHTS
from projects.services.history import record_in_admin
from projects.services.storing import store_changes, store_many

# Of a unit that is there; code, kind and first day are its identity, and what it is a part of decides whose it is.
FIELDS = ("name", "valid_to", "resolution", "former_communes")
_LEVELS = (frozenset({AdminUnit.Kind.PROVINCE}), DISTRICTS, COMMUNES)


@dataclass(frozen=True)
class UnitEntry:
    """A unit of the province that is to be added, or one as it becomes. ``told``: what its history says, with where it
    came from; ``heirs``: the former units that it is the successor of, each with whether of a part only."""

    province: Organisation
    unit: AdminUnit
    told: str = ""
    heirs: Sequence[tuple[AdminUnit, bool]] = ()


@transaction.atomic
def save_units(*, entries: Sequence[UnitEntry], actor: User) -> None:
    """Adds the new units of a province and changes the others, all or none, each with a line in the administration's
    history; a unit that goes on under its code is linked with what it was. A new one may stand below another new one.

    Raises NotAllowed unless the actor administers in that province; Refused for a unit of another province, another
    code, kind, first day or parent of one that is there, what its time does not know, two of one code at one time, a
    name without its kind, a successor older than what it follows, and what can't be stored.
    """
    if not entries:
        return
    province, kept = _hold_units({one.province.pk for one in entries}, actor)
    units = [one.unit for one in entries]
    new, changed = [one for one in units if one.pk is None], [one for one in units if one.pk is not None]
    _refuse_identity(changed, kept)
    for unit in units:
        _refuse_unit(unit, province)
    _refuse_strangers(entries, kept)
    beside = _beside(units)
    if found := first_overlap(beside):
        text = _("Mã %(code)s: “%(one)s” và “%(other)s” có cùng một thời gian.")
        named = {"code": found[0].code, "one": found[0], "other": found[1]}
        raise Refused(text % named, code="overlap")
    for level in _LEVELS:
        store_many([one for one in new if one.kind in level])
    store_changes(changed, *FIELDS)
    _link(entries, beside)
    record_in_admin({one.unit: one.told for one in entries}, added=set(new), actor=actor)


def _hold_units(provinces: set[int], actor: User) -> tuple[Organisation, dict[int, AdminUnit]]:
    """The province as it is stored, held until the transaction ends, and its units by id."""
    administered = Organisation.objects.administered_by(actor) if actor.is_active else Organisation.objects.none()
    held = list(administered.select_for_update(of=("self",)).filter(pk__in=provinces))
    if len(held) != len(provinces):
        raise NotAllowed(RIGHTS["administer"].refusal())
    if len(held) > 1:
        raise Refused(_("Các đơn vị không cùng một tỉnh, thành phố."), code="other_province")
    province = held[0]
    if not province.area_code:
        text = _("%(name)s chưa có mã hành chính; ghi mã ở trang quản trị, mục Đơn vị, cơ quan.")
        raise Refused(text % {"name": province.name}, code="no_code")
    return province, {one.pk: one for one in AdminUnit.objects.kept_by(province.area_code)}


def _refuse_identity(changed: Sequence[AdminUnit], kept: Mapping[int, AdminUnit]) -> None:
    for one in changed:
        now = kept.get(one.pk)
        if now is None:
            raise Refused(_("“%(name)s” thuộc tỉnh, thành phố khác.") % {"name": one.name}, code="other_province")
        same = ("code", "kind", "valid_from", "parent_id")
        if any(getattr(one, name) != getattr(now, name) for name in same):
            text = _("Mã, loại, ngày bắt đầu và đơn vị cấp trên của “%(name)s” không đổi được.")
            raise Refused(text % {"name": now.name}, code="identity")


def _refuse_unit(unit: AdminUnit, province: Organisation) -> None:
    is_province = unit.kind == AdminUnit.Kind.PROVINCE
    if is_province and (unit.code != province.area_code or unit.parent is not None) and unit.pk is None:
        text = _("“%(name)s” không phải là %(province)s.")
        raise Refused(text % {"name": unit.name, "province": province.name}, code="other_province")
    if problem := wrong_time(unit) or ("" if is_province else wrong_parent(unit)):
        raise Refused(f"{unit.name}: {problem}.", code="place")
    try:
        unit.clean()
    except ValidationError as wrong:
        raise Refused(wrong, code="invalid") from wrong


def _refuse_strangers(entries: Sequence[UnitEntry], kept: Mapping[int, AdminUnit]) -> None:
    """What a new one stands below and what it follows is of the province too, or comes with it."""
    here = {id(one.unit) for one in entries}
    for entry in entries:
        above: list[AdminUnit] = [entry.unit.parent] if entry.unit.parent and entry.unit.pk is None else []
        for one in (*above, *(old for old, _is_partial in entry.heirs)):
            if one.pk not in kept and id(one) not in here:
                raise Refused(_("“%(name)s” thuộc tỉnh, thành phố khác.") % {"name": one.name}, code="other_province")
        for old, _is_partial in entry.heirs:
            _refuse_succession(old, entry.unit)


def _refuse_succession(old: AdminUnit, new: AdminUnit) -> None:
    if old.valid_to and new.valid_from and old.valid_to < new.valid_from:
        return
    text = _("“%(new)s” không có sau khi “%(old)s” kết thúc, nên không kế thừa được.")
    raise Refused(text % {"new": new.name, "old": old.name}, code="succession")


def _beside(units: Sequence[AdminUnit]) -> list[AdminUnit]:
    """All units of these codes as they would be, of whatever province."""
    as_written = {one.pk for one in units if one.pk is not None}
    stored = AdminUnit.objects.with_codes({one.code for one in units})
    return [*(one for one in stored if one.pk not in as_written), *units]


def _link(entries: Sequence[UnitEntry], beside: Sequence[AdminUnit]) -> None:
    """What follows what, where that is not stored yet; by the ids that the new ones have now."""
    pairs = {(old.pk, new.pk): False for old, new in renamings(beside)}
    pairs |= {(old.pk, one.unit.pk): is_partial for one in entries for old, is_partial in one.heirs}
    stored = set(AdminUnitSuccession.objects.into(beside).values_list("predecessor", "successor"))
    store_many(
        [
            AdminUnitSuccession(predecessor_id=old, successor_id=new, is_partial=is_partial)
            for (old, new), is_partial in pairs.items()
            if (old, new) not in stored
        ]
    )
