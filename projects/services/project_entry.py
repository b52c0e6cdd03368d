"""What entering a project writes, whether it begins its life here or comes from the past.

Who acts, and whether the plan is open, was asked before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import ActivityType, AdminUnit, AnnualPlan, FundingSource, SupportNorm
from projects.models import Project, ProjectComponent
from projects.papers.snapshots import take_snapshot
from projects.refusals import Refused
from projects.services.history import record_project_changes
from projects.services.project_parts import (
    SupportInput,
    bump_version,
    next_code,
    refuse_taken_codes,
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


def enter_project(project: Project, plan: AnnualPlan, actor: User, *, is_another: bool) -> None:
    """Stores the row of a new draft of the plan, which is held, without its parts.

    Raises Refused and SameName as :func:`create_project` says.
    """
    begin_draft(project, plan, actor)
    # The plan is locked, so of two copies sent at once the second finds the first.
    if not is_another and (twin := Project.objects.in_plans([plan]).named(project.name).first()):
        raise SameName(twin)
    if project.officer != actor:
        refuse_officer_from_elsewhere(project)
    if not project.code:
        project.code = next_code(project.organisation_id, plan.year)
    elif project.pk is None:
        refuse_taken_codes(project.organisation_id, [project.code])
    store_new(project)


def begin_draft(project: Project, plan: AnnualPlan, actor: User) -> None:
    """Whose it is from its first day on. Raises Refused for a record in another state."""
    if project.status != Project.Status.DRAFT:
        raise Refused(_("Đề án mới phải ở trạng thái “Đang lập”."), code="not_draft")
    project.organisation_id = plan.organisation_id
    project.created_by = actor
    project.officer = project.officer or actor


def refuse_officer_from_elsewhere(project: Project) -> None:
    """A new officer works for the organisation; who did when he was chosen stays."""
    officer = project.officer
    if officer and not User.objects.working_for(project.organisation_id).filter(pk=officer.pk).exists():
        text = _("%(name)s không làm việc ở đơn vị thực hiện.") % {"name": officer}
        raise Refused({"officer": text}, code="officer")


def rewrite_project(project: Project, stored: Project, version: int, actor: User, write: Callable[[], object]) -> None:
    """Stores the text of a project that is held, its parts as ``write`` does, and what changed by both.

    Raises StaleVersion, or Refused for an officer from elsewhere and a code that the province has already. What may be
    rewritten was asked before.
    """
    project.organisation_id = stored.organisation_id
    bump_version(project, version)
    if project.officer_id != stored.officer_id:
        refuse_officer_from_elsewhere(project)
    if project.code != stored.code:
        refuse_taken_codes(project.organisation_id, [project.code])
    before = take_snapshot(stored)
    store_change(
        project,
        *("name", "code", "kind", "officer", "area_scope", "start_on", "end_on", "notes"),
        *Project.HEADINGS,
        *("search", "name_key"),
    )
    write()
    record_project_changes(project, before, actor=actor)


def write_parts(project: Project, plan: AnnualPlan, data: ProjectInput) -> None:
    """Its places, supports, contents and costs. The plan is held."""
    write_places(project, plan, data.places)
    write_supports(project, plan, data.supports)
    components = _write_components(project, plan, data.contents)
    _write_costs(project, plan, data, components)


def _write_components(
    project: Project, plan: AnnualPlan, contents: Sequence[ContentInput]
) -> dict[int, ProjectComponent]:
    """Components by activity type; one that is no longer named goes, unless money of other years hangs on it."""
    refuse_no_content(contents)
    existing = {component.activity_type_id: component for component in project.components.all()}
    refuse_other_times([one.activity_type for one in contents if one.activity_type.pk not in existing], plan)
    kept = {}
    for position, content in enumerate(contents):
        component = existing.pop(content.activity_type.pk, None) or ProjectComponent(
            project=project, activity_type=content.activity_type
        )
        if content.norm != component.norm:
            refuse_foreign_norm(content.norm, plan)
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


def refuse_no_content(contents: Sequence[ContentInput]) -> None:
    if not contents:
        raise Refused(_("Đề án phải có ít nhất một nội dung hoạt động."), code="no_content")


def refuse_other_times(contents: Sequence[ActivityType], plan: AnnualPlan) -> None:
    """A content is of a decree that is in force in the plan's year; what a project has already stays its own."""
    offered = set(ActivityType.objects.in_use(plan.year).values_list("pk", flat=True)) if contents else set()
    for content in contents:
        if content.pk not in offered:
            text = _("Nội dung “%(content)s” theo %(decree)s, không có hiệu lực trong năm %(year)s của kế hoạch.")
            said = {"content": content, "decree": content.regulation.cited, "year": plan.year}
            raise Refused(text % said, code="content_of_another_time")


def refuse_foreign_norm(norm: SupportNorm | None, plan: AnnualPlan) -> None:
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
