"""Under which names offices issue a report, and who signs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from khuyencong.accounts.models import Organisation
from khuyencong.asof import AsOf
from khuyencong.official import DocumentHead, document_head
from programmes.models import AnnualPlan
from projects.figures.plan_grid import PlanGrid
from reports.asking.periods import Period


def organisation_names(plans: Sequence[AnnualPlan], grid: PlanGrid, on: dt.date) -> dict[int, str]:
    """The names that the implementing organisations bore on that day."""
    ids = {row.project.organisation_id for row in grid.rows} | {plan.organisation_id for plan in plans}
    found = Organisation.objects.prefetch_related("former_names").in_bulk(ids)
    return {pk: organisation.name_on(on) for pk, organisation in found.items()}


def letterhead(issuer: Organisation, period: Period, asked: AsOf, today: dt.date) -> DocumentHead:
    """Of a report of the period; ``asked`` are the days of which it is asked."""
    return document_head(issuer, named_on=period.named_on(asked, today), dated_on=period.dated_on(asked, today))
