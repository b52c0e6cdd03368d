"""The text of a project as plain data, for a revision. Personal numbers are left out."""

from __future__ import annotations

from typing import Any

from projects.models import CostLine, Project

PLAIN_FIELDS = ("code", "name", "kind", "area_scope", "notes", *Project.HEADINGS)


def take_snapshot(project: Project) -> dict[str, Any]:
    """What was asked, where, when and for whom, as JSON; amounts in đồng, dates in ISO."""
    return {
        **{name: getattr(project, name) for name in PLAIN_FIELDS},
        "start_on": project.start_on.isoformat() if project.start_on else None,
        "end_on": project.end_on.isoformat() if project.end_on else None,
        "places": [{"code": place.code, "name": place.name} for place in project.places.order_by("code", "valid_from")],
        "components": [
            {"activity": component.activity_type.code, "units": component.units, "cost": component.eligible_cost_vnd}
            for component in project.components.select_related("activity_type")
        ],
        "supports": [
            {
                "beneficiary": support.beneficiary.name if support.beneficiary else None,
                "group": support.group_description,
                "count": support.planned_count,
            }
            for support in project.supports.select_related("beneficiary").order_by("pk")
        ],
        "costs": [
            {"activity": activity, "source": source, "year": year, "item": item, "amount": amount}
            for activity, source, year, item, amount in project_costs(project)
        ],
    }


def project_costs(project: Project) -> list[tuple[str, str, int, str, int]]:
    """(activity code, source code, year, item, đồng) of every cost line of the project."""
    rows = CostLine.objects.filter(plan_line__project=project).order_by("pk")
    return list(
        rows.values_list(
            "component__activity_type__code", "source__code", "plan_line__round__plan__year", "item", "amount_vnd"
        )
    )
