"""Values of a proposed row by the column that shows them."""

from typing import Any

from django import template
from django.urls import reverse

from khuyencong.accounts.models import Organisation
from programmes.models import AdminUnit
from projects.importing.models import ImportBatch
from projects.importing.pages import PLACES, ListPlace
from projects.importing.proposals import ProposedRow

register = template.Library()
ADMIN_PAGES: dict[type, str] = {
    Organisation: "admin:accounts_organisation_change",
    AdminUnit: "admin:programmes_adminunit_change",
}


@register.filter
def row_value(row: ProposedRow, key: str) -> Any:
    """What the row holds in that column; None where it says nothing."""
    return row.values.get(key)


@register.filter
def list_place(batch: ImportBatch) -> ListPlace | None:
    """Where a list that belongs to no plan is brought and looked at."""
    return PLACES.get(batch.kind)


@register.simple_tag(takes_context=True)
def record_url(context: Any, record: Any) -> str:
    """The page of a record; of what the administration keeps only for administrators, empty for others."""
    if name := ADMIN_PAGES.get(type(record)):
        return reverse(name, args=[record.pk]) if context["request"].user.is_administrator() else ""
    address: str = record.get_absolute_url() if record is not None else ""
    return address
