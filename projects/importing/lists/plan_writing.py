"""The drafts that the list of a year's projects adds and changes: written, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, FundingSource
from projects.importing.layout.listed import RowAt
from projects.importing.lists.money_levels import LEVELS, MONEY
from projects.importing.lists.plan_changes import input_of, kept_values, put_back, with_said
from projects.importing.lists.plan_entry import PlanEntry
from projects.importing.lists.said_parts import HelpedWriter, kind_said, places_said, scope_said
from projects.importing.lists.taking_back import reason_of, refuse_touched
from projects.importing.models import ImportedRow
from projects.importing.proposals import ProposedRow, unheard
from projects.models import Project
from projects.services.discarding import discard_drafts
from projects.services.many_projects import NewProject, create_projects
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.projects import update_project

BLOCK = 200  # new drafts that are written at once, after which whoever waits is told


def write_plan_rows(
    *, plan: AnnualPlan, rows: Sequence[ProposedRow], actor: User, told: Callable[[int], None] = unheard
) -> dict[RowAt, Project]:
    """Writes new drafts in blocks and changed ones each, in the transaction of the caller; by sheet and number.

    Raises what the services of projects raise; then nothing is written.
    """
    sources = {source.level: source for source in FundingSource.objects.order_by("-position")}
    helped = HelpedWriter(plan)
    new, written = [one for one in rows if one.existing is None], dict[RowAt, Project]()
    for start in range(0, len(new), BLOCK):
        block = new[start : start + BLOCK]
        entries = [_new_project(one.entry, plan, sources, helped) for one in block]
        stored = create_projects(plan=plan, entries=entries, actor=actor)
        written |= {one.row.at: project for one, project in zip(block, stored, strict=True)}
        told(len(written))
    for one in rows:
        if one.existing is not None and one.changes:
            written[one.row.at] = _change(one, plan, sources, helped, actor)
            told(len(written))
    return written


def _new_project(
    entry: PlanEntry, plan: AnnualPlan, sources: Mapping[str, FundingSource], helped: HelpedWriter
) -> NewProject:
    project = Project(name=entry.name, code=entry.code)
    _fill(project, entry)
    return NewProject(project, _input(entry, plan, sources, helped), is_another=True)


def _fill(project: Project, entry: PlanEntry) -> None:
    is_new, scope = project.pk is None, scope_said(entry.all_words)
    if is_new or entry.helped:
        project.kind = kind_said(entry.all_words)
    if is_new or scope != Project.AreaScope.NOT_FIXED:
        project.area_scope = scope
    if entry.words.period:
        project.start_on, project.end_on = entry.words.period.start_on, entry.words.period.end_on
    for key, text in entry.texts.items():
        setattr(project, key, text)
    if entry.words.parties:
        project.parties = entry.words.parties


def _input(
    entry: PlanEntry, plan: AnnualPlan, sources: Mapping[str, FundingSource], helped: HelpedWriter
) -> ProjectInput:
    amounts = {sources[LEVELS[key]]: vnd for key in MONEY if (vnd := entry.amounts.get(key)) is not None}
    if any(amounts.values()):
        amounts = {source: vnd for source, vnd in amounts.items() if vnd}
    content = entry.words.content
    return ProjectInput(
        plan=plan,
        contents=[ContentInput(content, amounts)] if content else [],
        places=places_said(entry.all_words),
        supports=helped.supports(entry.all_words),
    )


def _change(
    one: ProposedRow,
    plan: AnnualPlan,
    sources: Mapping[str, FundingSource],
    helped: HelpedWriter,
    actor: User,
) -> Project:
    """The draft with what the row says otherwise; what stood before is kept with the row."""
    project = Project.objects.get(pk=one.existing.pk)
    standing = input_of(project, plan)
    one.before = kept_values(project, standing)
    _fill(project, one.entry)
    data = with_said(standing, _input(one.entry, plan, sources, helped))
    return update_project(project=project, data=data, version=one.existing.version, actor=actor)


def take_back_plan_rows(*, plan: AnnualPlan, rows: Sequence[ImportedRow], actor: User) -> None:
    """Takes drafts that a list added out of the plan, and puts those that it changed back as they stood.

    Raises Refused where somebody has touched one since, naming it, and what the services of projects raise.
    """
    added = [row.project for row in rows if row.became == ImportedRow.Became.NEW and row.project]
    changed = [row for row in rows if row.became == ImportedRow.Became.CHANGED and row.project]
    if not rows:
        return
    refuse_touched(rows, Project.Status.DRAFT)
    discard_drafts(projects=added, actor=actor, reason=reason_of(rows))
    for row, project in ((row, row.project) for row in changed if row.project is not None):
        put_back(Project.objects.get(pk=project.pk), plan, row.before, actor)
