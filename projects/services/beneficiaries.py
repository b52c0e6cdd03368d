"""What a save changed of an establishment in the registry, kept in Vietnamese and free of personal numbers."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import override

from khuyencong.accounts.models import User
from khuyencong.identifiers import mask_personal_number
from projects.models import Beneficiary, FieldChange
from projects.services.history import record_field_changes
from projects.snapshots import Difference

# As its form lists them; the personal number stands in a table of its own.
FIELDS = (
    *("name", "type", "tax_code", "unit", "address", "representative", "phone"),
    *("is_women_owned", "is_minority_owned", "craft_village", "notes"),
)
PERSONAL_NUMBER = "personal_number"


def beneficiary_values(beneficiary: Beneficiary) -> dict[str, Any]:
    """What is stored now, to be compared after the save. It has the personal number in full: keep it nowhere."""
    personal = getattr(beneficiary, PERSONAL_NUMBER, None)
    return {name: getattr(beneficiary, name) for name in FIELDS} | {
        PERSONAL_NUMBER: personal.number if personal else ""
    }


@transaction.atomic
def record_beneficiary_changes(*, beneficiary: Beneficiary, before: dict[str, Any], actor: User) -> list[FieldChange]:
    """Stores what differs between the values before a save and those in the database now."""
    stored = Beneficiary.objects.select_related("unit", PERSONAL_NUMBER).get(pk=beneficiary.pk)
    after = beneficiary_values(stored)
    with override("vi"):
        changes = [
            Difference(name, _text(name, before[name]), _text(name, after[name]))
            for name in before
            if before[name] != after[name]
        ]
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
