"""Writing a whole project: its text, contents, money of one year, places and supports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import ActivityType, AdminUnit, AnnualPlan, FundingSource, SupportNorm
from projects.models import Project, ProjectComponent
from projects.papers.snapshots import take_snapshot
from projects.refusals import Refused
from projects.rules.permissions import hindrance_to_editing
from projects.services.guards import hold_plans, lock_row, refuse_hindered
from projects.services.history import record_project_changes
from projects.services.project_parts import (
    SupportInput,
    bump_version,
    next_code,
    write_costs,
    write_places,
    write_supports,
)
from projects.services.storing import refuse_amounts, store_change, store_new


@dataclass(frozen=True)
class ContentInput:
    """One content with what is asked for it this year, in đồng per source; None: nothing typed."""

    activity_type: ActivityType
    amounts: Mapping[FundingSource, int | None]
    eligible_cost_vnd: int | None = None
    units: int | None = None
    norm: SupportNorm | None = None


@dataclass(frozen=True)
class ProjectInput:
    """Everything that the form of a project holds, checked."""

    plan: AnnualPlan
    contents: Sequence[ContentInput]
    places: Sequence[AdminUnit] = ()
    supports: Sequence[SupportInput] = field(default_factory=tuple)


class SameName(Refused):
    """``twin`` stands in the year's plan with that name: sent twice, by a double click, or really another project."""

    def __init__(self, twin: Project) -> None:
        text = _("Kế hoạch năm này đã có đề án cùng tên (%(code)s). Nếu đúng là đề án khác, đánh dấu bên dưới.")
        super().__init__({"name": text % {"code": twin.code}}, code="same_name")


@transaction.atomic
def create_project(*, project: Project, data: ProjectInput, actor: User, is_another: bool = False) -> Project:
    """Stores a new draft with a line in its year's plan; gives it a code when none was typed.

    Raises NotAllowed, PlanClosed, Refused, and SameName unless ``is_another`` says that it is no second copy; then
    nothing is written.
    """
    plan = hold_plans(actor, "write", data.plan.pk)[data.plan.pk]
    if project.status != Project.Status.DRAFT:
        raise Refused(_("Đề án mới phải ở trạng thái “Đang lập”."), code="not_draft")
    # The plan is locked, so of two copies sent at once the second finds the first.
    if not is_another and (twin := Project.objects.in_plans([plan]).named(project.name).first()):
        raise SameName(twin)
    project.organisation_id = plan.organisation_id
    project.created_by = actor
    project.officer = project.officer or actor
    if project.officer != actor:
        _refuse_officer_from_elsewhere(project)
    if not project.code:
        project.code = next_code(project.organisation_id, plan.year)
    store_new(project)
    _write_parts(project, plan, data)
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
    project.organisation_id = stored.organisation_id
    bump_version(project, version)
    if project.officer_id != stored.officer_id:
        _refuse_officer_from_elsewhere(project)
    before = take_snapshot(stored)
    store_change(
        project,
        *("name", "code", "kind", "officer", "area_scope", "start_on", "end_on", "notes"),
        *Project.HEADINGS,
        *("search", "name_key"),
    )
    _write_parts(project, plan, data)
    record_project_changes(project, before, actor=actor)
    return project


def _refuse_officer_from_elsewhere(project: Project) -> None:
    """A new officer works for the organisation; who did when he was chosen stays."""
    officer = project.officer
    if officer and not User.objects.working_for(project.organisation_id).filter(pk=officer.pk).exists():
        text = _("%(name)s không làm việc ở đơn vị thực hiện.") % {"name": officer}
        raise Refused({"officer": text}, code="officer")


def _write_parts(project: Project, plan: AnnualPlan, data: ProjectInput) -> None:
    write_places(project, plan, data.places)
    write_supports(project, data.supports)
    components = _write_components(project, plan, data.contents)
    _write_costs(project, plan, data, components)


def _write_components(
    project: Project, plan: AnnualPlan, contents: Sequence[ContentInput]
) -> dict[int, ProjectComponent]:
    """Components by activity type; one that is no longer named goes, unless money of other years hangs on it."""
    if not contents:
        raise Refused(_("Đề án phải có ít nhất một nội dung hoạt động."), code="no_content")
    existing = {component.activity_type_id: component for component in project.components.all()}
    kept = {}
    for position, content in enumerate(contents):
        component = existing.pop(content.activity_type.pk, None) or ProjectComponent(
            project=project, activity_type=content.activity_type
        )
        if content.norm != component.norm:
            _refuse_foreign_norm(content.norm, plan)
        component.position, component.units = position, content.units
        component.eligible_cost_vnd, component.norm = content.eligible_cost_vnd, content.norm
        refuse_amounts([content.eligible_cost_vnd])
        if component.pk is None:
            store_new(component)
        else:
            store_change(component, "position", "units", "eligible_cost_vnd", "norm")
        kept[content.activity_type.pk] = component
    for gone in existing.values():
        if not gone.has_money_beyond(plan):
            gone.delete()
    return kept


def _refuse_foreign_norm(norm: SupportNorm | None, plan: AnnualPlan) -> None:
    """A norm of the State, or of the plan's own province."""
    if norm is not None and norm.province_id not in (None, plan.organisation.province().pk):
        raise Refused(_("Mức hỗ trợ này là của tỉnh, thành phố khác."), code="other_norm")


def _write_costs(
    project: Project, plan: AnnualPlan, data: ProjectInput, components: Mapping[int, ProjectComponent]
) -> None:
    asked = {
        (components[content.activity_type.pk].pk, source): amount
        for content in data.contents
        for source, amount in content.amounts.items()
        if amount is not None
    }
    write_costs(project, plan, asked)
