"""The text of a project as plain data, for a revision, and what differs between two of them.

Personal numbers are left out: the registry keeps them in a table of their own, and what somebody typed into a free
text is masked.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from khuyencong.identifiers import mask_personal_numbers
from khuyencong.money import format_vnd
from programmes.models import ActivityType, FundingSource
from projects.models import CostLine, EstimateItem, Project
from projects.models.estimate_item import EstimateItemQuerySet
from projects.models.field_labels import label_of

PLAIN_FIELDS = ("code", "name", "kind", "area_scope", "notes", *Project.HEADINGS)
DATE_FIELDS = ("start_on", "end_on")
# In the order in which a reader meets them.
FIELDS = (
    "code",
    "name",
    "kind",
    "officer",
    "area_scope",
    "places",
    *DATE_FIELDS,
    "supports",
    "components",
    "costs",
    "items",
)


@dataclass(frozen=True)
class Difference:
    """One field with what stood there before and after, as texts for a reader."""

    field: str
    before: str
    after: str

    @property
    def label(self) -> str:
        return label_of(self.field)


def take_snapshot(project: Project) -> dict[str, Any]:
    """What was asked, where, when and for whom, as JSON; amounts in đồng, dates in ISO."""
    plain = {name: getattr(project, name) for name in PLAIN_FIELDS}
    return {
        **{name: mask_personal_numbers(str(value)) for name, value in plain.items()},
        "officer": str(project.officer) if project.officer else "",
        **{name: value.isoformat() if (value := getattr(project, name)) else None for name in DATE_FIELDS},
        "places": [{"code": place.code, "name": place.name} for place in project.places.order_by("code", "valid_from")],
        "components": [
            {
                "activity": component.activity_type.code,
                "units": component.units,
                "cost": component.eligible_cost_vnd,
                "norm": str(component.norm) if component.norm else None,
            }
            for component in project.components.select_related("activity_type", "norm__regulation").order_by(
                "position", "pk"
            )
        ],
        "supports": [
            {
                "id": support.beneficiary_id,
                "beneficiary": support.beneficiary.name if support.beneficiary else None,
                "group": mask_personal_numbers(support.group_description),
                "count": support.planned_count,
            }
            for support in project.supports.select_related("beneficiary").order_by("pk")
        ],
        "costs": [
            {"activity": activity, "source": source, "year": year, "amount": amount}
            for activity, source, year, amount in project_costs(project)
        ],
        "items": _items(EstimateItem.objects.of_project(project)).get(project.pk, []),
    }


def texts_of_costs(projects: Iterable[Project]) -> dict[int, str]:
    """What each asks for, by its id, as the history says it; projects that ask for nothing are not named."""
    rows = CostLine.objects.filter(plan_line__project__in=[one.pk for one in projects]).order_by("pk")
    asked: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for project, activity, source, year, amount in rows.values_list(
        "plan_line__project",
        "component__activity_type__code",
        "source__code",
        "plan_line__round__plan__year",
        "amount_vnd",
    ):
        asked[project].append({"activity": activity, "source": source, "year": year, "amount": amount})
    names = _Names()
    return {project: names.text("costs", costs) for project, costs in asked.items()}


def texts_of_items(projects: Iterable[Project]) -> dict[int, str]:
    """The estimate of each in detail, by its id, as the history says it; projects without one are not named."""
    names = _Names()
    items = _items(EstimateItem.objects.filter(component__project__in=[one.pk for one in projects]))
    return {project: names.text("items", rows) for project, rows in items.items()}


def _items(items: EstimateItemQuerySet) -> dict[int, list[dict[str, Any]]]:
    """Each as JSON, by the project's id; a quantity is text, which no reader rounds."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for item in items.in_reading_order().select_related("component__activity_type", "plan"):
        found[item.component.project_id].append(
            {
                "activity": item.component.activity_type.code,
                "year": item.plan.year,
                "name": mask_personal_numbers(item.name),
                "unit": mask_personal_numbers(item.unit),
                "quantity": f"{item.quantity.normalize():f}",
                "price": item.unit_price_vnd,
                "amount": item.amount_vnd,
                "state": item.state_vnd,
            }
        )
    return found


def project_costs(project: Project) -> list[tuple[str, str, int, int]]:
    """(activity code, source code, year, đồng) of every cost line of the project."""
    rows = CostLine.objects.filter(plan_line__project=project).order_by("pk")
    return list(
        rows.values_list("component__activity_type__code", "source__code", "plan_line__round__plan__year", "amount_vnd")
    )


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """What a reader would see as changed between two snapshots, in the order of the form."""
    names = _Names()
    ordered = [*FIELDS, *(name for name in PLAIN_FIELDS if name not in FIELDS)]
    found = []
    for field in ordered:
        old, new = names.text(field, before.get(field)), names.text(field, after.get(field))
        if old != new:
            found.append(Difference(field, old, new))
    return found


class _Names:
    """Turns stored codes into words; each list of names is asked once."""

    def __init__(self) -> None:
        self._lists: dict[str, dict[str, str]] = {}

    def text(self, field: str, value: Any) -> str:
        """The value as lines for a reader; nothing recorded is the empty text."""
        if value in (None, "", []):
            return ""
        if field in ("kind", "area_scope"):
            choices = Project.Kind if field == "kind" else Project.AreaScope
            return str(choices(value).label)
        if field in DATE_FIELDS:
            return f"{dt.date.fromisoformat(value):%d/%m/%Y}"
        if field == "places":
            return ", ".join(place["name"] for place in value)
        if field == "supports":
            return "\n".join(self._support(row) for row in value)
        if field == "components":
            return "\n".join(self._component(row) for row in value)
        if field == "items":
            return "\n".join(self._item(row) for row in value)
        return "\n".join(self._costs(value)) if field == "costs" else str(value)

    def _support(self, row: dict[str, Any]) -> str:
        name = row["beneficiary"] or row["group"]
        if not row["count"]:
            return str(name)
        return gettext("%(name)s (dự kiến %(count)s)") % {"name": name, "count": format_vnd(row["count"])}

    def _component(self, row: dict[str, Any]) -> str:
        parts = [self._name(ActivityType, "short_name", row["activity"])]
        if row.get("norm"):
            parts.append(gettext("mức hỗ trợ: %(norm)s") % {"norm": row["norm"]})
        if row.get("units"):
            parts.append(gettext("số lượng: %(count)s") % {"count": format_vnd(row["units"])})
        if row.get("cost") is not None:
            parts.append(gettext("chi phí hợp lệ: %(amount)s đồng") % {"amount": format_vnd(row["cost"])})
        return "; ".join(parts)

    def _item(self, row: dict[str, Any]) -> str:
        content = self._name(ActivityType, "short_name", row["activity"])
        said = {
            "where": f"{row['year']} · {content}",
            "name": row["name"],
            "quantity": " ".join(filter(None, (row["quantity"].replace(".", ","), row["unit"]))),
            "price": format_vnd(row["price"]),
            "amount": format_vnd(row["amount"]),
        }
        text = gettext("%(where)s · %(name)s: %(quantity)s × %(price)s = %(amount)s đồng") % said
        if row["state"] is None:
            return text
        return text + gettext(", trong đó nhà nước %(state)s đồng") % {"state": format_vnd(row["state"])}

    def _costs(self, rows: Iterable[dict[str, Any]]) -> list[str]:
        sums: dict[tuple[Any, ...], int] = defaultdict(int)
        contents = Counter(row["activity"] for row in rows)
        for row in rows:
            sums[row["year"], row["activity"], row["source"]] += row["amount"]
        lines = []
        for (year, activity, source), amount in sums.items():
            content = f" · {self._name(ActivityType, 'short_name', activity)}" if len(contents) > 1 else ""
            name = self._name(FundingSource, "short_name", source)
            lines.append(
                gettext("%(year)s · %(source)s: %(amount)s đồng")
                % {
                    "year": year,
                    "source": f"{name}{content}",
                    "amount": format_vnd(amount),
                }
            )
        return lines

    def _name(self, model: Any, field: str, code: str) -> str:
        if model.__name__ not in self._lists:
            self._lists[model.__name__] = dict(model.objects.values_list("code", field))
        return self._lists[model.__name__].get(code, code)
