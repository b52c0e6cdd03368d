"""What belongs to many projects, fetched in one query each and handed out to them as lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models

from programmes.models import ActivityType, AdminUnit
from projects.models import Project, ProjectComponent, Support
from projects.rules.warning_facts import OFFICES


def with_relations(projects: Iterable[Project]) -> list[Project]:
    """The projects with organisation, places, beneficiaries and contents, as ``prefetch_related`` would set them.

    Prefetching makes a query set for each project and relation, and an object for each row that many share; for
    thousands of projects that takes several times as long as the queries.
    """
    found = list(projects)
    ids = [project.pk for project in found]
    by_id = {project.pk: project for project in found}
    supports = Support.objects.filter(project__in=ids).select_related("beneficiary")
    components = list(ProjectComponent.objects.filter(project__in=ids))
    _point_at(found, "organisation", OFFICES)
    _point_at(components, "activity_type", ActivityType.objects.select_related("regulation"))
    relations = {
        "places": _places(ids),
        "supports": _grouped(supports, by_id),
        "components": _grouped(components, by_id),
    }
    for project in found:
        known = {name: rows.get(project.pk, []) for name, rows in relations.items()}
        project._prefetched_objects_cache = known  # type: ignore[attr-defined]  # private: not in the stubs
    return found


def _places(ids: list[int]) -> dict[int, list[AdminUnit]]:
    """Each unit once, in the order of their names."""
    rows = Project.places.through.objects.filter(project__in=ids).values_list("project", "adminunit")
    pairs = list(rows)
    units = {unit.pk: unit for unit in AdminUnit.objects.filter(pk__in={unit for _project, unit in pairs})}
    order = {pk: place for place, pk in enumerate(units)}
    found: dict[int, list[AdminUnit]] = defaultdict(list)
    for project, unit in sorted(pairs, key=lambda pair: order[pair[1]]):
        found[project].append(units[unit])
    return found


def _grouped(rows: Iterable[Any], projects: dict[int, Project]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        _remember(row, "project", projects[row.project_id])
        found[row.project_id].append(row)
    return found


def _point_at(rows: Iterable[Any], name: str, query: models.QuerySet[Any]) -> None:
    """Sets the foreign key of all rows; those that point at one row share its object."""
    listed = list(rows)
    targets = query.in_bulk({getattr(row, f"{name}_id") for row in listed})
    for row in listed:
        _remember(row, name, targets[getattr(row, f"{name}_id")])


def _remember(row: models.Model, name: str, target: models.Model) -> None:
    field = row._meta.get_field(name)
    assert isinstance(field, models.ForeignKey)
    field.set_cached_value(row, target)
