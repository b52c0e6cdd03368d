"""Many new drafts of one plan at once, as a list brings them: the same refusals as for one, in few statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.funding import FundingLevel
from khuyencong.text import fold
from programmes.models import AnnualPlan, PlanRound
from projects.models import Beneficiary, CostLine, PlanLine, Project, ProjectComponent, Support
from projects.refusals import Refused
from projects.services.guards import hold_plans
from projects.services.project_entry import (
    ContentInput,
    ProjectInput,
    SameName,
    begin_draft,
    refuse_foreign_norm,
    refuse_no_content,
    refuse_officer_from_elsewhere,
    refuse_other_times,
)
from projects.services.project_parts import (
    SupportInput,
    draft_round,
    next_codes,
    refuse_named_twice,
    refuse_other_places,
    refuse_other_registries,
    refuse_taken_codes,
    refuse_types,
)
from projects.services.registry import enter_many_in_registry
from projects.services.storing import refuse_amounts, store_many


@dataclass(frozen=True)
class NewProject:
    """A draft that is not stored yet, with what its form would hold; ``is_another``: it may bear the name of one that
    the plan has. ``known_twins``: how many of its name the sender saw there; where there are more by now, it is refused
    all the same, so that what is sent twice is stored once."""

    project: Project
    data: ProjectInput
    is_another: bool = False
    known_twins: int | None = None


@transaction.atomic
def create_projects(*, plan: AnnualPlan, entries: Sequence[NewProject], actor: User) -> list[Project]:
    """Stores the drafts in their order, each with a line in the plan and a code where none was given.

    An establishment that several of them bring is the same object in each and joins the registry once. Raises what
    ``create_project`` raises for one of them; then nothing is written.
    """
    held = hold_plans(actor, "write", plan.pk)[plan.pk]
    _refuse_contents(held, entries)
    _refuse_same_names(held, entries)
    _enter_rows(held, entries, actor)
    _write_all_places(held, entries)
    _write_all_supports(held, entries)
    _write_all_money(held, entries)
    return [entry.project for entry in entries]


def _refuse_contents(plan: AnnualPlan, entries: Iterable[NewProject]) -> None:
    for entry in entries:
        contents = entry.data.contents
        refuse_no_content(contents)
        if max(Counter(one.activity_type.pk for one in contents).values()) > 1:
            raise Refused(_("Đề án đã có nội dung này."), code="content_twice")
        refuse_amounts(amount for one in contents for amount in (one.eligible_cost_vnd, *one.amounts.values()))
        for norm in {one.norm for one in contents} - {None}:
            refuse_foreign_norm(norm, plan)
    refuse_other_times(list({one.activity_type for entry in entries for one in entry.data.contents}), plan)


def _refuse_same_names(plan: AnnualPlan, entries: Sequence[NewProject]) -> None:
    """Of those that must not bear a name of the plan, nor one of each other."""
    named = list(Project.objects.in_plans([plan]).only("name", "code").order_by("pk"))
    standing, counts = {fold(one.name): one for one in named}, Counter(fold(one.name) for one in named)
    for entry in entries:
        name = fold(entry.project.name)
        is_sent_again = entry.known_twins is not None and counts[name] > entry.known_twins
        if name in standing and (is_sent_again or not entry.is_another):
            raise SameName(standing[name])
        standing.setdefault(name, entry.project)


def _enter_rows(plan: AnnualPlan, entries: Sequence[NewProject], actor: User) -> None:
    for project in (entry.project for entry in entries):
        begin_draft(project, plan, actor)
    for project in {entry.project.officer: entry.project for entry in entries}.values():
        if project.officer != actor:
            refuse_officer_from_elsewhere(project)
    refuse_taken_codes(plan.organisation_id, [entry.project.code for entry in entries if entry.project.code])
    without_code = [entry.project for entry in entries if not entry.project.code]
    codes = next_codes(plan.organisation_id, plan.year, len(without_code))
    for project, code in zip(without_code, codes, strict=True):
        project.code = code
    store_many([entry.project for entry in entries])


def _write_all_places(plan: AnnualPlan, entries: Sequence[NewProject]) -> None:
    pairs = {
        (entry.project.pk, place.pk)
        for entry in entries
        if entry.project.area_scope == Project.AreaScope.UNITS
        for place in entry.data.places
    }
    refuse_other_places(plan, {place for _project, place in pairs})
    link = Project.places.through
    link._base_manager.bulk_create(
        [link(project_id=project, adminunit_id=place) for project, place in sorted(pairs)], batch_size=500
    )


def _write_all_supports(plan: AnnualPlan, entries: Sequence[NewProject]) -> None:
    supports = [support for entry in entries for support in entry.data.supports]
    refuse_other_registries(plan.organisation_id, supports)
    refuse_types(plan, supports)
    for entry in entries:
        refuse_named_twice(entry.data.supports)
    brought: dict[int, Beneficiary] = {
        id(new): new for entry in entries for support in entry.data.supports if (new := support.new_beneficiary)
    }
    enter_many_in_registry(list(brought.values()))
    store_many([_support(entry.project, one) for entry in entries for one in entry.data.supports])


def _support(project: Project, wanted: SupportInput) -> Support:
    return Support(
        project=project,
        beneficiary=wanted.new_beneficiary or wanted.beneficiary,
        group_description=wanted.group_description,
        planned_count=wanted.planned_count,
    )


def _write_all_money(plan: AnnualPlan, entries: Sequence[NewProject]) -> None:
    """Contents, a line for each level of state money, and what is asked for, as ``write_costs`` places it."""
    levels = [_levels(entry.data.contents) for entry in entries]
    rounds: dict[FundingLevel, PlanRound] = {
        level: draft_round(plan, level) for level in sorted(set().union(*levels), key=str)
    }
    lines = {
        (entry.project.pk, level): PlanLine(project=entry.project, round=rounds[level])
        for entry, wanted in zip(entries, levels, strict=True)
        for level in sorted(wanted, key=str)
    }
    store_many(list(lines.values()))
    components = [
        (entry, content, ProjectComponent(project=entry.project, position=position, **_of_content(content)))
        for entry in entries
        for position, content in enumerate(entry.data.contents)
    ]
    store_many([component for _entry, _content, component in components])
    costs = []
    for entry, content, component in components:
        project = entry.project.pk
        shared = lines.get((project, FundingLevel.NATIONAL)) or lines[project, FundingLevel.CITY]
        for source, amount in content.amounts.items():
            if amount is not None:
                line = lines[project, FundingLevel(source.level)] if source.is_state else shared
                costs.append(CostLine(plan_line=line, component=component, source=source, amount_vnd=amount))
    store_many(costs)


def _levels(contents: Iterable[ContentInput]) -> set[FundingLevel]:
    asked = [source for one in contents for source, amount in one.amounts.items() if amount is not None]
    return {FundingLevel(source.level) for source in asked if source.is_state} or {FundingLevel.CITY}


def _of_content(content: ContentInput) -> dict[str, object]:
    return {
        "activity_type": content.activity_type,
        "norm": content.norm,
        "units": content.units,
        "eligible_cost_vnd": content.eligible_cost_vnd,
    }
