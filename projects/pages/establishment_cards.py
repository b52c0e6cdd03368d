"""Who is to be helped, as a reviewer wants to know them: what they are, and what letters gave them before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from khuyencong.accounts.models import User
from projects.models import Beneficiary, Project, Support


@dataclass(frozen=True)
class EstablishmentCard:
    """An establishment with its support in other projects that have approved money, the newest first.

    Each such support has ``year`` (its first) and ``project_vnd`` (that of its whole project).
    """

    establishment: Beneficiary
    earlier: list[Support]


def establishment_cards(project: Project, user: User) -> list[EstablishmentCard]:
    """Of all who are named in the project, in two queries; of other projects those that the user may see."""
    ids = [one.beneficiary_id for one in project.supports.all() if one.beneficiary_id]
    if not ids:
        return []
    earlier: dict[int, list[Support]] = defaultdict(list)
    for support in Support.objects.visible_to(user).of_beneficiaries(ids).granted_elsewhere(project):
        earlier[support.beneficiary_id].append(support)
    known = Beneficiary.objects.visible_to(user).for_cards().in_bulk(ids)
    return [EstablishmentCard(known[pk], earlier[pk]) for pk in ids if pk in known]
