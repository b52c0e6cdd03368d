"""Saving an establishment of the registry; what a save changed is kept in Vietnamese and free of personal numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.models import Organisation, User
from khuyencong.identifiers import mask_personal_number
from projects.models import Beneficiary, FieldChange, PersonalNumber
from projects.papers.snapshots import Difference
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import RIGHTS, kept_provinces
from projects.services.history import record_changes_of_many, record_field_changes
from projects.services.registry import settle_code, settle_new_codes
from projects.services.storing import store_change, store_changes, store_new

# As its form lists them; the personal number stands in a table of its own.
FIELDS = (
    *("name", "type", "tax_code", "unit", "address", "representative", "phone"),
    *("is_women_owned", "is_minority_owned", "craft_village", "notes"),
)
PERSONAL_NUMBER = "personal_number"


class StaleBeneficiary(Refused):
    """Somebody saved the establishment after this change was begun."""

    def __init__(self) -> None:
        super().__init__(_("Người khác đã sửa đơn vị này sau khi bạn mở trang."), code="stale")


def beneficiary_values(beneficiary: Beneficiary) -> dict[str, Any]:
    """What is stored now, to be compared after the save. It has the personal number in full: keep it nowhere."""
    personal = getattr(beneficiary, PERSONAL_NUMBER, None)
    return {name: getattr(beneficiary, name) for name in FIELDS} | {
        PERSONAL_NUMBER: personal.number if personal else ""
    }


@transaction.atomic
def save_beneficiary(
    *, beneficiary: Beneficiary, personal_number: str | None = None, version: int | None = None, actor: User
) -> Beneficiary:
    """Stores a new establishment of the registry, or a changed one with its history.

    ``personal_number``: the owner's number, kept in its own table; empty when a tax code stands in its place, None
    leaves what is stored. ``version``: that from which the change started; None for a new one. Raises NotAllowed
    unless the actor keeps the province's registry, StaleBeneficiary when somebody saved it meanwhile, and Refused for
    a code that the registry has already; then nothing is written.
    """
    if beneficiary.province_id not in {province.pk for province in kept_provinces(actor)}:
        raise NotAllowed(RIGHTS["registry"].refusal())
    Beneficiary.objects.lock_registry(beneficiary.province)
    if beneficiary.pk is not None:
        return _change(beneficiary, personal_number, version, actor)
    number = settle_code(beneficiary, personal_number)
    store_new(beneficiary)
    _keep_number(beneficiary, number)
    return beneficiary


@transaction.atomic
def save_many_beneficiaries(*, changed: Sequence[Beneficiary], actor: User) -> Sequence[Beneficiary]:
    """Stores changes of several establishments of one registry, all or none, each with its history; ``version`` of each
    is the one from which its change started. Personal numbers stay as they are stored.

    Raises as :func:`save_beneficiary`.
    """
    if not changed:
        return changed
    province = changed[0].province
    if province.pk not in {one.pk for one in kept_provinces(actor)}:
        raise NotAllowed(RIGHTS["registry"].refusal())
    Beneficiary.objects.lock_registry(province)
    before = _registry(province)
    for one in changed:
        if one.province_id != province.pk or one.pk not in before:
            raise Refused(_("Các đơn vị thụ hưởng không cùng một danh bạ."), code="other_registry")
        if one.version != before[one.pk].version:
            raise StaleBeneficiary
    settle_new_codes([one for one in changed if one.tax_code != before[one.pk].tax_code])
    for one in changed:
        one.version += 1
    fields = [name for name in FIELDS if any(getattr(one, name) != getattr(before[one.pk], name) for one in changed)]
    store_changes(changed, *fields, "version")
    after = _registry(province)
    with override("vi"):
        values = {one: (beneficiary_values(before[one.pk]), beneficiary_values(after[one.pk])) for one in changed}
        changes = {one: _differences(*pair) for one, pair in values.items()}
    record_changes_of_many(changes, actor=actor)
    return changed


def _registry(province: Organisation) -> dict[int, Beneficiary]:
    """As it stands now, whole: SQLite refuses to be asked for more than a thousand by name."""
    return Beneficiary.objects.filter(province=province).select_related("unit", PERSONAL_NUMBER).in_bulk()


def _differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    return [
        Difference(name, _text(name, before[name]), _text(name, after[name]))
        for name in before
        if before[name] != after[name]
    ]


def _change(beneficiary: Beneficiary, personal_number: str | None, version: int | None, actor: User) -> Beneficiary:
    stored = Beneficiary.objects.select_related("unit", PERSONAL_NUMBER).get(pk=beneficiary.pk)
    if stored.province_id != beneficiary.province_id:
        raise Refused(_("Không chuyển đơn vị thụ hưởng sang danh bạ của tỉnh, thành phố khác."), code="other_registry")
    if personal_number or beneficiary.tax_code != stored.tax_code:
        personal_number = settle_code(beneficiary, personal_number)
    if version is None or not Beneficiary.objects.take_version(beneficiary.pk, version):
        raise StaleBeneficiary
    before, beneficiary.version = beneficiary_values(stored), version + 1
    store_change(beneficiary, *FIELDS, "search", "name_short", "name_own", "name_key")
    _keep_number(beneficiary, personal_number)
    _record_changes(beneficiary, before, actor)
    return beneficiary


def _keep_number(beneficiary: Beneficiary, number: str | None) -> None:
    if number:
        PersonalNumber.objects.update_or_create(beneficiary=beneficiary, defaults={"number": number})
    elif number is not None:
        PersonalNumber.objects.filter(beneficiary=beneficiary).delete()


def _record_changes(beneficiary: Beneficiary, before: dict[str, Any], actor: User) -> list[FieldChange]:
    """Stores what differs between the values before a save and those in the database now."""
    stored = Beneficiary.objects.select_related("unit", PERSONAL_NUMBER).get(pk=beneficiary.pk)
    after = beneficiary_values(stored)
    with override("vi"):
        changes = _differences(before, after)
        return record_field_changes(stored, changes, actor=actor)


def _text(name: str, value: Any) -> str:
    """The value for a reader. Two personal numbers may look alike once masked: the change is told, not the number."""
    if name == PERSONAL_NUMBER:
        return mask_personal_number(value)
    if name == "type":
        return str(Beneficiary.Type(value).label)
    if isinstance(value, bool):
        return "có" if value else "không"
    return str(value or "")
