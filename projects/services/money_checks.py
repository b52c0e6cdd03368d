"""What every write of money outside decisions shares: the locks, and the checks at its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.ledger.line_limits import Excess, find_excesses
from projects.models import CellKey, PlanLine, Project
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import hindrance_to_paying, why_approvers
from projects.services.guards import refuse_closed, require
from projects.services.storing import store_new


class MoneyRefused(Refused):
    """The entry can't be recorded; the messages say why and by how much. Nothing is written."""

    def __init__(
        self, message: Any, code: str = "refused", excesses: Sequence[Excess] = (), key: CellKey | None = None
    ) -> None:
        """``key``: the row that is at fault, where it is one row."""
        super().__init__(message, code)
        self.excesses = excesses
        self.key = key


def lock_lines(line_ids: Iterable[int], actor: User) -> dict[int, PlanLine]:
    """Holds the lines' plans, then their projects, by their ids; the lines as they stand now.

    Raises NotAllowed where the actor may not keep the accounts of a project, PlanClosed where a line's year is
    closed, MoneyRefused where the project has no accounts yet or the line is not there.
    """
    wanted = set(line_ids)
    found = PlanLine.objects.select_related("project", "round__plan").in_bulk(wanted)
    if found.keys() != wanted:
        raise MoneyRefused(_("Có dòng không còn trong kế hoạch."), code="no_line")
    for organisation_id in sorted({line.project.organisation_id for line in found.values()}):
        require(actor, "pay", organisation_id)
    refuse_closed(AnnualPlan.objects.of_lines(wanted).locked())
    ids = {line.project_id for line in found.values()}
    projects = list(Project.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk"))
    approvers = why_approvers(actor, projects)
    for project in projects:
        if hindrance := hindrance_to_paying(project):
            raise MoneyRefused(f"{project}: {hindrance}", code="not_approved")
        if refusal := approvers.get(project.pk):
            raise NotAllowed(f"{project}: {refusal}")
    return PlanLine.objects.select_related("project", "round__plan").in_bulk(wanted)


def refuse_excesses(line_ids: Iterable[int], since: dt.date) -> None:
    """Paid ≤ approved and settled ≤ contracted for each line and source, on every day from ``since`` on."""
    if excesses := find_excesses(line_ids, since):
        raise MoneyRefused([str(excess) for excess in excesses], code="excess", excesses=excesses)


def save_once(record: models.Model, field: str, message: str) -> None:
    """Stores a paper whose number may have been taken a moment ago; raises MoneyRefused beside that field then."""
    try:
        store_new(record)
    except Refused as refusal:
        if refusal.code != "taken":
            raise
        raise MoneyRefused({field: message}, code="taken") from refusal
