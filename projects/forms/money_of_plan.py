"""What the amounts of a project's form are compared with: what stood in each of them, and what is usual in its plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from khuyencong.money import MoneyUnit
from khuyencong.money_questions import USUAL, Nearby, usual_amount
from programmes.models import AnnualPlan
from projects.models import CostLine, Project


@dataclass(frozen=True)
class MoneyOfPlan:
    """The unit of the form's fields, and amounts in đồng: by content and name of the field, and by name alone."""

    unit: MoneyUnit
    stood: Mapping[tuple[str, str], int] = field(default_factory=dict)
    usual: Mapping[str, int | None] = field(default_factory=dict)

    def nearby(self, content: str, name: str) -> Nearby:
        """Of the field of that name in the row of that content (the id of its activity type)."""
        return Nearby(self.stood.get((content, name))).or_else(Nearby(self.usual.get(name), USUAL))


def money_of_plan(plan: AnnualPlan, project: Project | None, unit: MoneyUnit) -> MoneyOfPlan:
    """For a form that was sent, in one query."""
    stood: dict[tuple[str, str], int] = defaultdict(int)
    columns: dict[str, list[int]] = defaultdict(list)
    asked = CostLine.objects.for_plans([plan]).amounts_by(
        "component__project", "component__activity_type", "source__code"
    )
    for (owner, content, source), amount in asked.items():
        if project and owner == project.pk:
            stood[str(content), f"amount_{source}"] += amount
        else:
            columns[f"amount_{source}"].append(amount)
    for component in project.components.all() if project else ():
        stood[str(component.activity_type_id), "eligible_cost_vnd"] = component.eligible_cost_vnd or 0
    return MoneyOfPlan(unit, stood, {name: usual_amount(column) for name, column in columns.items()})
