"""A running project in one more year's plan: a line of its own there, decided like any other."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, FundingSource
from projects.models import PlanLine, Project
from projects.permissions import REPORTABLE
from projects.services.history import record_project_changes
from projects.services.projects import bump_version, write_costs
from projects.snapshots import take_snapshot


@transaction.atomic
def join_plan(
    *, project: Project, plan: AnnualPlan, asked: Mapping[tuple[int, FundingSource], int], actor: User, version: int
) -> None:
    """Gives the project a line in that plan's drafted round with what is asked for it there.

    ``asked``: đồng by the id of the content and the source. The project keeps its status: its work goes on.
    Raises ValidationError when it can't join, StaleVersion when somebody changed it meanwhile.
    """
    held = AnnualPlan.objects.filter(
        pk__in={plan.pk, *AnnualPlan.objects.of_project(project).values_list("pk", flat=True)}
    )
    standing = next(one for one in held.locked() if one.pk == plan.pk)
    current = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if standing.is_closed:
        raise ValidationError(_("Kế hoạch đã khóa sổ."))
    if current.status not in REPORTABLE:
        raise ValidationError(_("Chỉ đưa đề án đã được duyệt và chưa kết thúc vào kế hoạch năm khác."))
    if PlanLine.objects.for_plans([plan]).filter(project=project).exists():
        raise ValidationError(_("Đề án đã có trong kế hoạch năm này."))
    if not any(amount and source.is_state for (_component, source), amount in asked.items()):
        raise ValidationError(_("Nhập kinh phí nhà nước đề nghị cho năm này."))
    bump_version(current, version)
    before = take_snapshot(current)
    write_costs(current, plan, asked)
    record_project_changes(current, before, actor=actor)
