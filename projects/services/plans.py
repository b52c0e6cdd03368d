"""Opening a year: the plan of one organisation."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan
from projects.refusals import Refused
from projects.services.guards import require
from projects.services.storing import store_new


@transaction.atomic
def create_plan(*, organisation: Organisation, year: int, actor: User) -> AnnualPlan:
    """The organisation's plan of that year, empty. Raises NotAllowed, or Refused beside ``year``."""
    require(actor, "plan", organisation.pk)
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if organisation.kind != Organisation.Kind.CENTRE:
        raise Refused({"organisation": _("Chỉ Trung tâm lập kế hoạch năm.")}, code="not_centre")
    if AnnualPlan.objects.for_year(year).under(frozenset({organisation.pk})).exists():
        raise Refused({"year": _("Đã có kế hoạch năm %(year)s của đơn vị này.") % {"year": year}}, code="twice")
    return store_new(AnnualPlan(organisation=organisation, year=year))
