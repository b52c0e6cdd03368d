"""Writing a whole project: its text, contents, money of one year, places and supports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation, User
from khuyencong.ledger import Level
from programmes.models import ActivityType, AdminUnit, AnnualPlan, FundingSource, SupportNorm
from projects.balances import CellKey
from projects.models import Beneficiary, CostLine, PlanLine, Project, ProjectComponent, Support
from projects.services.history import record_project_changes
from projects.services.rounds import draft_round
from projects.snapshots import take_snapshot


class StaleVersion(Exception):
    """Somebody saved the project after this form was opened; ``current`` is what stands now."""

    def __init__(self, current: Project) -> None:
        super().__init__(_("Người khác đã sửa đề án này sau khi bạn mở trang."))
        self.current = current


@dataclass(frozen=True)
class ContentInput:
    """One content with what is asked for it this year, in đồng per source; None: nothing typed."""

    activity_type: ActivityType
    amounts: Mapping[FundingSource, int | None]
    eligible_cost_vnd: int | None = None
    units: int | None = None
    norm: SupportNorm | None = None


@dataclass(frozen=True)
class SupportInput:
    """A known beneficiary, a new one, or a group in words."""

    beneficiary: Beneficiary | None = None
    new_beneficiary: Beneficiary | None = None
    group_description: str = ""
    planned_count: int | None = None


@dataclass(frozen=True)
class ProjectInput:
    """Everything that the form of a project holds, checked."""

    plan: AnnualPlan
    contents: Sequence[ContentInput]
    places: Sequence[AdminUnit] = ()
    supports: Sequence[SupportInput] = field(default_factory=tuple)


@transaction.atomic
def create_project(*, project: Project, data: ProjectInput, actor: User) -> Project:
    """Stores a new draft with a line in its year's plan; gives it a code when none was typed."""
    _lock(data.plan)
    project.organisation_id = data.plan.organisation_id
    project.created_by = actor
    project.officer = project.officer or actor
    if not project.code:
        project.code = next_code(project.organisation_id, data.plan.year)
    project.save()
    _write_parts(project, data)
    return project


@transaction.atomic
def update_project(*, project: Project, data: ProjectInput, version: int, actor: User) -> Project:
    """Stores the changed draft with its history if nobody saved it since ``version``; raises StaleVersion otherwise."""
    _lock(data.plan)
    bump_version(project, version)
    before = take_snapshot(Project.objects.get(pk=project.pk))
    project.save(
        update_fields=[
            *("name", "code", "kind", "officer", "area_scope", "start_on", "end_on", "notes"),
            *Project.HEADINGS,
            *("search", "name_key"),
        ]
    )
    _write_parts(project, data)
    record_project_changes(project, before, actor=actor)
    return project


def _lock(plan: AnnualPlan) -> None:
    """Holds the plan, so that no round is sent or opened while a line joins it. Plans come before projects."""
    AnnualPlan.objects.locked().get(pk=plan.pk)


def bump_version(project: Project, version: int) -> None:
    """Takes the aggregate's next version under the row's lock; raises StaleVersion when it moved on."""
    if not Project.objects.filter(pk=project.pk, version=version).update(version=F("version") + 1):
        raise StaleVersion(Project.objects.for_detail().get(pk=project.pk))
    project.version = version + 1


def next_code(organisation_id: int, year: int) -> str:
    """“KC2006-001” and on. The organisation's row is locked, so two people never get the same code."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation_id)
    prefix = f"KC{year}-"
    taken = Project.objects.filter(organisation=organisation_id, code__startswith=prefix).values_list("code", flat=True)
    numbers = [int(tail) for code in taken if (tail := code.removeprefix(prefix)).isascii() and tail.isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1:03d}"


def _write_parts(project: Project, data: ProjectInput) -> None:
    is_by_units = project.area_scope == Project.AreaScope.UNITS
    project.places.set(data.places if is_by_units else ())
    write_supports(project, data.supports)
    components = _write_components(project, data.plan, data.contents)
    _write_costs(project, data, components)


def _write_components(
    project: Project, plan: AnnualPlan, contents: Sequence[ContentInput]
) -> dict[int, ProjectComponent]:
    """Components by activity type; one that is no longer named goes, unless money of other years hangs on it."""
    existing = {component.activity_type_id: component for component in project.components.all()}
    kept = {}
    for position, content in enumerate(contents):
        component = existing.pop(content.activity_type.pk, None) or ProjectComponent(
            project=project, activity_type=content.activity_type
        )
        component.position, component.units = position, content.units
        component.eligible_cost_vnd, component.norm = content.eligible_cost_vnd, content.norm
        component.save()
        kept[content.activity_type.pk] = component
    for gone in existing.values():
        if not gone.has_money_beyond(plan):
            gone.delete()
    return kept


def _write_costs(project: Project, data: ProjectInput, components: Mapping[int, ProjectComponent]) -> None:
    asked = {
        (components[content.activity_type.pk].pk, source): amount
        for content in data.contents
        for source, amount in content.amounts.items()
        if amount is not None
    }
    write_costs(project, data.plan, asked)


def write_costs(project: Project, plan: AnnualPlan, asked: Mapping[tuple[int, FundingSource], int]) -> None:
    """Makes what the project asks for in that plan be ``asked``: đồng by the id of the content and the source.

    One cost line per content and source; state money lands in the round of its own level, and a level for which
    nothing is asked any more loses its line. The caller holds the plan, then the project.
    """
    levels = {source.level for _component, source in asked if source.is_state} or {Level.CITY}
    lines = _lines_of_levels(project, plan, levels)
    shared_line = lines[Level.NATIONAL] if Level.NATIONAL in lines else lines[Level.CITY]
    wanted: dict[CellKey, int] = {}
    for (component, source), amount in asked.items():
        line = lines[Level(source.level)] if source.is_state else shared_line
        wanted[line.pk, component, source.pk] = amount
    for cost in CostLine.objects.filter(plan_line__project=project, plan_line__round__plan=plan):
        asked_again = wanted.pop((cost.plan_line_id, cost.component_id, cost.source_id), None)
        if asked_again is None:
            cost.delete()
        elif asked_again != cost.amount_vnd:
            cost.amount_vnd = asked_again
            cost.save()
    CostLine.objects.bulk_create(
        CostLine(plan_line_id=line, component_id=component, source_id=source, amount_vnd=amount)
        for (line, component, source), amount in wanted.items()
    )


def _lines_of_levels(project: Project, plan: AnnualPlan, levels: set[str]) -> dict[Level, PlanLine]:
    """The project's line at each level in this year's plan; lines of a level no longer asked for go."""
    existing = {
        Level(line.round.level): line
        for line in PlanLine.objects.filter(project=project, round__plan=plan).select_related("round")
    }
    for level, line in list(existing.items()):
        if level not in levels:
            existing.pop(level)
            line.delete()
    for missing in levels - set(existing):
        plan_round = draft_round(plan=plan, level=missing)
        existing[Level(missing)] = PlanLine.objects.create(round=plan_round, project=project)
    return existing


def write_supports(project: Project, supports: Sequence[SupportInput]) -> None:
    """Rewrites the list, keeping the rows that stay; a new establishment joins the province's registry first."""
    existing = {(support.beneficiary_id, support.group_description): support for support in project.supports.all()}
    for wanted in supports:
        beneficiary = wanted.beneficiary
        if wanted.new_beneficiary is not None:
            beneficiary = wanted.new_beneficiary
            beneficiary.save()
        key = (beneficiary.pk if beneficiary else None, wanted.group_description)
        support = existing.pop(key, None) or Support(
            project=project, beneficiary=beneficiary, group_description=wanted.group_description
        )
        support.planned_count = wanted.planned_count
        support.save()
    for gone in existing.values():
        gone.delete()
