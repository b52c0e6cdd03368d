"""Writing the estimate of a project in detail: what the cost of each content is made of in one year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import EstimateItem, PlanLine, Project
from projects.papers.snapshots import take_snapshot
from projects.refusals import Refused
from projects.rules.permissions import hindrance_to_editing
from projects.services.guards import hold_plans, lock_row, refuse_hindered
from projects.services.history import record_project_changes
from projects.services.project_parts import bump_version
from projects.services.storing import refuse_amounts, store_many


@dataclass(frozen=True)
class ItemInput:
    """One row for the content of that id, in đồng; ``state_vnd``: how much of it the State's money pays, if said."""

    component_id: int
    name: str
    unit: str
    quantity: Decimal
    unit_price_vnd: int
    state_vnd: int | None = None


@transaction.atomic
def write_estimate(
    *, project: Project, plan: AnnualPlan, items: Sequence[ItemInput], version: int, actor: User
) -> None:
    """Makes ``items`` the project's estimate in that plan, in their order; none is possible too. What is asked for
    stays as it is.

    Raises NotAllowed, PlanClosed, StaleVersion when somebody changed the project meanwhile, or Refused; then nothing is
    written.
    """
    hold_plans(actor, "write", plan.pk)
    current = lock_row(project)
    if not PlanLine.objects.for_plans([plan]).filter(project=current).exists():
        raise Refused(_("Đề án không có trong kế hoạch năm này."), code="other_plan")
    refuse_hindered(hindrance_to_editing(current))
    bump_version(current, version)
    _refuse_other_contents(current, items)
    rows = [_row(item, plan, position) for position, item in enumerate(items)]
    before = take_snapshot(current)
    EstimateItem.objects.of_project(current).of_plan(plan).delete()
    store_many(rows)
    record_project_changes(current, before, actor=actor)


def _refuse_other_contents(project: Project, items: Iterable[ItemInput]) -> None:
    own = set(project.components.values_list("pk", flat=True))
    if any(item.component_id not in own for item in items):
        raise Refused(_("Có nội dung không thuộc đề án này."), code="other_project")


def _row(item: ItemInput, plan: AnnualPlan, position: int) -> EstimateItem:
    """Raises Refused for an amount that can't be, and for more of the State's money than the row costs."""
    row = EstimateItem(
        component_id=item.component_id,
        plan=plan,
        name=item.name,
        unit=item.unit,
        quantity=item.quantity,
        unit_price_vnd=item.unit_price_vnd,
        state_vnd=item.state_vnd,
        position=position,
    )
    if item.quantity <= 0:
        raise Refused(_("Số lượng phải lớn hơn 0."), code="quantity")
    refuse_amounts([item.unit_price_vnd, item.state_vnd, row.amount_vnd])
    if item.state_vnd is not None and item.state_vnd > row.amount_vnd:
        raise Refused(_("Kinh phí nhà nước lớn hơn thành tiền của khoản “%s”.") % item.name, code="state_over")
    return row
