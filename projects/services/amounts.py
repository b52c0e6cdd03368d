"""Typing what is asked for into the sheet of a plan: many cells of many projects, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, FundingSource
from projects.models import CostLine, Project, ProjectComponent
from projects.papers.snapshots import take_snapshot
from projects.refusals import Refused
from projects.rules.permissions import hindrance_to_editing
from projects.services.guards import hold_plans
from projects.services.history import record_project_changes
from projects.services.project_parts import bump_version, write_costs

AmountKey = tuple[int, int]  # ids of a content and a source


@dataclass(frozen=True)
class AmountChange:
    """One cell: what stood there when the sheet was opened and what was typed, in đồng; None: nothing asked."""

    component_id: int
    source: FundingSource
    before_vnd: int | None
    after_vnd: int | None

    @property
    def key(self) -> AmountKey:
        return self.component_id, self.source.pk


class AmountsRefused(Refused):
    """Nothing was written. ``conflicts`` gives what stands by now in cells that others changed meanwhile, ``refusals``
    why contents can't be changed, by their ids."""

    def __init__(self, conflicts: Mapping[AmountKey, int | None], refusals: Mapping[int, str]) -> None:
        messages = list(dict.fromkeys(refusals.values()))
        if conflicts:
            said = ngettext(
                "Có %(count)d ô vừa được người khác sửa.", "Có %(count)d ô vừa được người khác sửa.", len(conflicts)
            )
            messages.append(said % {"count": len(conflicts)})
        super().__init__(messages, "amounts")
        self.conflicts, self.refusals = conflicts, refusals


@transaction.atomic
def update_amounts(*, plan: AnnualPlan, changes: Sequence[AmountChange], actor: User) -> list[Project]:
    """Writes the cells and returns the projects that changed, each with a new version and its history.

    A cell in which the typed amount stands already is fine, however it came there. Of two people who change different
    cells both are right, also within one project.

    Raises NotAllowed, PlanClosed or AmountsRefused; then nothing is written.
    """
    hold_plans(actor, "write", plan.pk)
    components = _components(plan, changes)
    projects = _locked(components)
    refusals = _refusals(changes, components, projects)
    stored = requested_amounts(plan)
    conflicts = {
        change.key: now
        for change in changes
        if change.component_id not in refusals
        and (now := stored.get(change.key)) not in (change.before_vnd, change.after_vnd)
    }
    if conflicts or refusals:
        raise AmountsRefused(conflicts, refusals)
    changed = [change for change in changes if stored.get(change.key) != change.after_vnd]
    touched = {components[change.component_id].project_id for change in changed}
    after = _written(stored, changed)
    for pk in sorted(touched):
        _write(projects[pk], plan, after, actor)
    return [projects[pk] for pk in sorted(touched)]


def requested_amounts(plan: AnnualPlan) -> dict[AmountKey, int]:
    """What is asked for in the plan, by content and source, in đồng."""
    return CostLine.objects.for_plans([plan]).amounts_by("component", "source")


def _components(plan: AnnualPlan, changes: Iterable[AmountChange]) -> dict[int, ProjectComponent]:
    """The contents named that still belong to a project of the plan."""
    in_plan = Project.objects.in_plans([plan])
    rows = ProjectComponent.objects.filter(project__in=in_plan)
    return rows.in_bulk({change.component_id for change in changes})


def _locked(components: Mapping[int, ProjectComponent]) -> dict[int, Project]:
    """The projects of the contents, held in the order of their ids."""
    ids = {component.project_id for component in components.values()}
    rows = Project.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    return {project.pk: project for project in rows}


def _refusals(
    changes: Iterable[AmountChange], components: Mapping[int, ProjectComponent], projects: Mapping[int, Project]
) -> dict[int, str]:
    """Why a content can't be changed, by its id; those that can are not named."""
    found = {}
    for pk in {change.component_id for change in changes}:
        component = components.get(pk)
        if component is None:
            found[pk] = _("Nội dung này không còn trong kế hoạch.")
        elif hindrance := hindrance_to_editing(projects[component.project_id]):
            found[pk] = hindrance
    return found


def _written(stored: Mapping[AmountKey, int], changed: Iterable[AmountChange]) -> dict[AmountKey, int]:
    """The amounts of the plan after the changes."""
    after = dict(stored)
    for change in changed:
        if change.after_vnd is None:
            after.pop(change.key, None)
        else:
            after[change.key] = change.after_vnd
    return after


def _write(project: Project, plan: AnnualPlan, amounts: Mapping[AmountKey, int], actor: User) -> None:
    """One project as one change, whatever the number of its cells."""
    before = take_snapshot(project)
    bump_version(project, project.version)
    own = set(project.components.values_list("pk", flat=True))
    sources = FundingSource.objects.in_bulk()
    asked = {
        (component, sources[source]): amount for (component, source), amount in amounts.items() if component in own
    }
    write_costs(project, plan, asked)
    record_project_changes(project, before, actor=actor)
