"""A draft that a list changes: what stood before is kept in plain values, so that the list can be taken back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from khuyencong.accounts.models import User
from programmes.models import ActivityType, AdminUnit, AnnualPlan, FundingSource, SupportNorm
from projects.models import Beneficiary, CostLine, Project
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import update_project

FIELDS = ("kind", "area_scope", "start_on", "end_on", "effects", "aims", "scale", "notes", "parties")


def input_of(project: Project, plan: AnnualPlan) -> ProjectInput:
    """What the project's form would hold now, with its money of that plan."""
    amounts: dict[int, dict[FundingSource, int | None]] = defaultdict(dict)
    for cost in CostLine.objects.for_plans([plan]).of_project(project).select_related("source"):
        amounts[cost.component_id][cost.source] = cost.amount_vnd
    contents = [
        ContentInput(one.activity_type, amounts[one.pk], one.eligible_cost_vnd, one.units, one.norm)
        for one in project.components.select_related("activity_type", "norm")
    ]
    supports = [
        SupportInput(one.beneficiary, None, one.group_description, one.planned_count)
        for one in project.supports.select_related("beneficiary")
    ]
    return ProjectInput(plan=plan, contents=contents, places=list(project.places.all()), supports=supports)


def with_said(standing: ProjectInput, said: ProjectInput) -> ProjectInput:
    """What a row says otherwise; what it says nothing of stays. Its money is that of the first content, whose kind it
    changes only where there is no other."""
    contents = list(standing.contents)
    if said.contents and contents:
        new, first = said.contents[0], contents[0]
        is_moved = len(contents) == 1 and new.activity_type != first.activity_type
        activity, norm = (new.activity_type, None) if is_moved else (first.activity_type, first.norm)
        contents[0] = replace(first, activity_type=activity, norm=norm, amounts={**first.amounts, **new.amounts})
    return replace(
        standing,
        contents=contents or said.contents,
        places=said.places or standing.places,
        supports=said.supports or standing.supports,
    )


def kept_values(project: Project, standing: ProjectInput) -> dict[str, Any]:
    """All that a list may change of the project, as JSON holds it."""
    return {
        "fields": {name: _plain(getattr(project, name)) for name in FIELDS},
        "places": [one.pk for one in standing.places],
        "supports": [
            [one.beneficiary.pk if one.beneficiary else None, one.group_description, one.planned_count]
            for one in standing.supports
        ],
        "contents": [
            [
                one.activity_type.pk,
                one.norm.pk if one.norm else None,
                one.units,
                one.eligible_cost_vnd,
                {str(source.pk): vnd for source, vnd in one.amounts.items()},
            ]
            for one in standing.contents
        ],
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def put_back(project: Project, plan: AnnualPlan, kept: Mapping[str, Any], actor: User) -> Project:
    """Writes what stood before the list, as any change is written, with its history.

    Raises StaleVersion when somebody saved the project since, and what ``update_project`` raises.
    """
    for name, value in kept["fields"].items():
        setattr(project, name, dt.date.fromisoformat(value) if value and name.endswith("_on") else value)
    return update_project(project=project, data=_input_kept(plan, kept), version=project.version, actor=actor)


def _input_kept(plan: AnnualPlan, kept: Mapping[str, Any]) -> ProjectInput:
    sources = {str(one.pk): one for one in FundingSource.objects.all()}
    contents = ActivityType.objects.in_bulk([row[0] for row in kept["contents"]])
    norms = SupportNorm.objects.in_bulk([row[1] for row in kept["contents"] if row[1]])
    firms = Beneficiary.objects.in_bulk([row[0] for row in kept["supports"] if row[0]])
    return ProjectInput(
        plan=plan,
        contents=[
            ContentInput(
                contents[activity],
                {sources[source]: vnd for source, vnd in amounts.items()},
                cost,
                units,
                norms[norm] if norm else None,
            )
            for activity, norm, units, cost, amounts in kept["contents"]
        ],
        places=list(AdminUnit.objects.filter(pk__in=kept["places"])),
        supports=[
            SupportInput(firms[firm] if firm else None, None, group, count) for firm, group, count in kept["supports"]
        ],
    )
