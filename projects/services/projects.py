"""Writing a whole project: its text, contents, money of one year, places and supports."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from projects.models import Project
from projects.refusals import Refused
from projects.rules.permissions import hindrance_to_editing
from projects.services.guards import hold_plans, lock_row, refuse_hindered
from projects.services.project_entry import ProjectInput, enter_project, rewrite_project, write_parts


@transaction.atomic
def create_project(*, project: Project, data: ProjectInput, actor: User, is_another: bool = False) -> Project:
    """Stores a new draft with a line in its year's plan; gives it a code when none was typed.

    Raises NotAllowed, PlanClosed, Refused, and SameName unless ``is_another`` says that it is no second copy; then
    nothing is written.
    """
    plan = hold_plans(actor, "write", data.plan.pk)[data.plan.pk]
    enter_project(project, plan, actor, is_another=is_another)
    write_parts(project, plan, data)
    return project


@transaction.atomic
def update_project(*, project: Project, data: ProjectInput, version: int, actor: User) -> Project:
    """Stores the changed draft with its history if nobody saved it since ``version``.

    Raises StaleVersion when somebody did, NotAllowed, PlanClosed or Refused; then nothing is written.
    """
    plan = hold_plans(actor, "write", data.plan.pk)[data.plan.pk]
    stored = lock_row(project)
    if plan.organisation_id != stored.organisation_id:
        raise Refused(_("Kế hoạch này là của đơn vị khác."), code="other_plan")
    refuse_hindered(hindrance_to_editing(stored))
    rewrite_project(project, stored, version, actor, lambda: write_parts(project, plan, data))
    return project
