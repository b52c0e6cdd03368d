"""Which norms of its own a province has not entered yet, and in which document they may stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation, User
from khuyencong.funding import FundingLevel
from programmes.models import Regulation, SupportNorm

# The document that rules local money, by the code of the province; what was found of it stands in its evidence.
DOCUMENTS = {"hai-phong": "QD21-2019-HP"}


@dataclass(frozen=True)
class MissingNorms:
    """General norms in force on a day in the place of which the province has none for its own money."""

    province: Organisation
    document: Regulation | None
    norms: list[SupportNorm]


def whose_norms(user: User) -> str:
    """“thành phố” or “tỉnh”, as the provinces are whose norms the user keeps; both words where they differ."""
    kinds = {one.is_city for one in Organisation.objects.administered_by(user)}
    return {frozenset([True]): _("thành phố"), frozenset([False]): _("tỉnh")}.get(
        frozenset(kinds), _("tỉnh, thành phố")
    )


def missing_norms(user: User, on: dt.date) -> list[MissingNorms]:
    """Of the provinces that the user administers, those that lack some; a province without any runs all the same."""
    return list(_missing(user, on))


def _missing(user: User, on: dt.date) -> Iterator[MissingNorms]:
    in_force = SupportNorm.objects.in_force(on).for_page()
    general = list(in_force.for_provinces([]).of_level(FundingLevel.NATIONAL).order_by("activity_type__code", "item"))
    for province in Organisation.objects.administered_by(user):
        own = set(in_force.of_province(province).of_level(FundingLevel.CITY).values_list("code", flat=True))
        wanted = [norm for norm in general if norm.code not in own and not norm.has_no_ceiling]
        if wanted:
            document = Regulation.objects.filter(code=DOCUMENTS.get(province.code, "")).first()
            yield MissingNorms(province, document, wanted)
