"""A running project in one more year's plan: a line of its own there, decided like any other."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, FundingSource
from projects.models import PlanLine, Project
from projects.papers.snapshots import take_snapshot
from projects.refusals import Refused
from projects.rules.permissions import hindrance_to_joining
from projects.services.guards import lock_row, refuse_closed, refuse_hindered, require
from projects.services.history import record_project_changes
from projects.services.project_parts import bump_version, write_costs


@transaction.atomic
def join_plan(
    *, project: Project, plan: AnnualPlan, asked: Mapping[tuple[int, FundingSource], int], actor: User, version: int
) -> None:
    """Gives the project a line in that plan's drafted round with what is asked for it there.

    ``asked``: đồng by the id of the content and the source. The project keeps its status: its work goes on.
    Raises NotAllowed, PlanClosed or Refused when it can't join, StaleVersion when somebody changed it meanwhile.
    """
    earlier = AnnualPlan.objects.of_project(project).values_list("pk", flat=True)
    held = AnnualPlan.objects.filter(pk__in={plan.pk, *earlier}).locked().in_bulk()
    standing = held[plan.pk]
    require(actor, "write", standing.organisation_id)
    refuse_closed([standing])
    current = lock_row(project)
    if standing.organisation_id != current.organisation_id:
        raise Refused(_("Kế hoạch này là của đơn vị khác."), code="other_plan")
    refuse_hindered(hindrance_to_joining(current))
    if PlanLine.objects.for_plans([plan]).filter(project=project).exists():
        raise Refused(_("Đề án đã có trong kế hoạch năm này."), code="twice")
    if not any(amount and source.is_state for (_component, source), amount in asked.items()):
        raise Refused(_("Nhập kinh phí nhà nước đề nghị cho năm này."), code="nothing")
    bump_version(current, version)
    before = take_snapshot(current)
    write_costs(current, plan, asked)
    record_project_changes(current, before, actor=actor)
