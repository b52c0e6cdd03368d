"""What every write of money outside decisions shares: the locks, and the checks at its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.balances import CellKey
from projects.limits import Excess, find_excesses
from projects.models import PlanLine, Project
from projects.permissions import why_not_pay


class MoneyRefused(ValidationError):
    """The entry can't be recorded; the messages say why and by how much. Nothing is written."""

    def __init__(
        self, message: Any, code: str = "refused", excesses: Sequence[Excess] = (), key: CellKey | None = None
    ) -> None:
        """``key``: the row that is at fault, where it is one row."""
        super().__init__(message, code=code)
        self.code = code
        self.excesses = excesses
        self.key = key


def lock_lines(line_ids: Iterable[int], actor: User) -> dict[int, PlanLine]:
    """Holds the lines' plans, then their projects, by their ids; the lines as they stand now.

    Raises MoneyRefused where the actor may not keep the accounts of a project, or its year is closed.
    """
    wanted = list(line_ids)
    plans = list(AnnualPlan.objects.of_lines(wanted).locked())
    if any(plan.is_closed for plan in plans):
        raise MoneyRefused(_("Kế hoạch đã khóa sổ."))
    projects = Project.objects.filter(lines__in=wanted).order_by("pk")
    for project in Project.objects.filter(pk__in=projects.values("pk")).select_for_update(of=("self",)).order_by("pk"):
        if refusal := why_not_pay(actor, project):
            raise MoneyRefused(f"{project}: {refusal}", code="forbidden")
    return PlanLine.objects.select_related("project", "round__plan").in_bulk(wanted)


def refuse_future(on: dt.date, field: str) -> None:
    if on > timezone.localdate():
        raise MoneyRefused({field: _("Ngày này không được sau hôm nay.")}, code="future")


def refuse_excesses(line_ids: Iterable[int], since: dt.date) -> None:
    """Paid ≤ approved and settled ≤ contracted for each line and source, on every day from ``since`` on."""
    if excesses := find_excesses(line_ids, since):
        raise MoneyRefused([str(excess) for excess in excesses], code="excess", excesses=excesses)


def save_once(record: models.Model, field: str, message: str) -> None:
    """Stores a paper whose number may have been taken a moment ago; raises MoneyRefused beside that field then."""
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        raise MoneyRefused({field: message}, code="taken") from error
