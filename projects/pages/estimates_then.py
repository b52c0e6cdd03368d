"""The estimate of a project as of a day: what the last text that had been sent by then says.

Items have no days of their own: a submission keeps them, an adjustment takes them over. What was typed before the
first text was sent was nobody's estimate yet, and is read in the history of changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from khuyencong.asof import AsOf
from khuyencong.funding import STATE_LEVELS
from programmes.models import ActivityType, FundingSource
from projects.ledger.optional_amounts import add
from projects.models import EstimateItem, Project, ProjectComponent, ProjectRevision
from projects.pages.estimates import ContentEstimate


@dataclass(frozen=True)
class EstimateThen:
    """``sent``: the text that says it. None where there was none yet; ``is_later`` tells that one came after."""

    sent: ProjectRevision | None = None
    estimates: list[ContentEstimate] = field(default_factory=list)
    is_later: bool = False


def estimate_then(project: Project, as_of: AsOf) -> EstimateThen:
    """In one query, three where there are items."""
    revisions = list(ProjectRevision.objects.filter(project=project).order_by("number"))
    sent = [one for one in revisions if as_of.covers(one.effective_on, one.recorded_at)]
    if not sent:
        return EstimateThen(is_later=any(one.snapshot.get("items") for one in revisions))
    items = sent[-1].snapshot.get("items") or []
    return EstimateThen(sent[-1], _estimates(sent[-1].snapshot, items) if items else [])


def _estimates(snapshot: Mapping[str, Any], items: Iterable[Mapping[str, Any]]) -> list[ContentEstimate]:
    """Built of what the text says and never saved; the contents are those of then."""
    rows: dict[tuple[int, str], list[EstimateItem]] = defaultdict(list)
    for item in items:
        rows[item["year"], item["activity"]].append(_item(item))
    activities = ActivityType.objects.in_bulk({code for _year, code in rows}, field_name="code")
    costs = {content["activity"]: content["cost"] for content in snapshot["components"]}
    asked = _asked(snapshot)
    found = []
    for (year, code), of_content in rows.items():
        content = ProjectComponent(activity_type=activities[code], eligible_cost_vnd=costs.get(code))
        of_state = asked.get((year, code, True))
        whole = add(of_state, asked.get((year, code, False)))
        found.append(ContentEstimate(content, year, whole, of_state, of_content))
    return found


def _item(row: Mapping[str, Any]) -> EstimateItem:
    return EstimateItem(
        name=row["name"],
        unit=row["unit"],
        quantity=Decimal(row["quantity"]),
        unit_price_vnd=row["price"],
        state_vnd=row["state"],
    )


def _asked(snapshot: Mapping[str, Any]) -> dict[tuple[int, str, bool], int]:
    """Đồng by year and content, of the State's money and of the rest."""
    levels = dict(FundingSource.objects.values_list("code", "level"))
    found: dict[tuple[int, str, bool], int] = defaultdict(int)
    for cost in snapshot["costs"]:
        found[cost["year"], cost["activity"], levels.get(cost["source"]) in STATE_LEVELS] += cost["amount"]
    return found
