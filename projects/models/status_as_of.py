"""In which status a project or a round stood on a day, and which projects count, for SQL to filter and group by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from khuyencong.asof import NOW, AsOf
from programmes.models import PlanRound
from projects.models.project_states import ProjectStates
from projects.models.status_change import StatusChange

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def status_expression(project: str, as_of: AsOf = NOW, former: Mapping[int, str] | None = None) -> F | Coalesce | Case:
    """The status of the project at that path (empty: of the row itself) as of then; a draft before its first step.
    What was discarded as entered by mistake is so on every day.

    ``former`` are the statuses of the projects that had another one then, by their ids, if they are known.
    """
    now = F(_path(project, "status"))
    if not as_of or former == {}:
        return now
    if former is None:
        discarded = ProjectStates.Status.DISCARDED
        then = _last_target("project", project, as_of, ProjectStates.Status.DRAFT)
        return Case(When(**{_path(project, "status"): discarded}, then=Value(discarded)), default=then)
    return as_then(project or "pk", former, now)


def as_then(path: str, former: Mapping[int, str], now: Any) -> Any:
    """The texts of then for the projects that said something else, by their ids; for all others what is said now."""
    return Case(*cases_of(path, former), default=now, output_field=models.CharField()) if former else now


def cases_of(path: str, values: Mapping[int, str]) -> list[When]:
    """For the named rows the values that they have by their ids."""
    ids: dict[str, list[int]] = defaultdict(list)
    for pk, value in values.items():
        ids[value].append(pk)
    return [When(**{f"{path}__in": pks}, then=Value(value)) for value, pks in ids.items()]


def round_status_expression(as_of: AsOf = NOW) -> F | Coalesce:
    """The status of the round as of then."""
    return _last_target("round", "", as_of, PlanRound.Status.DRAFT) if as_of else F("status")


def _last_target(kind: str, path: str, as_of: AsOf, at_first: str) -> Coalesce:
    """Where the last step leads, in the order in which steps were taken: their days may be put back."""
    steps = StatusChange.objects.filter(**{kind: OuterRef(path or "pk")}).effective_by(as_of).order_by("-pk")
    return Coalesce(Subquery(steps.values("target_status")[:1]), Value(at_first), output_field=models.CharField())


def counted_by(rows: Rows, project: str, as_of: AsOf = NOW) -> Rows:
    """Without rows of projects that were refused or withdrawn as of then, or not yet entered."""
    if not as_of:
        return rows.exclude(**{f"{_path(project, 'status')}__in": ProjectStates.UNCOUNTED})
    entered = rows.filter(as_of.recorded(_path(project, "created_at")))
    return entered.alias(counted_status=status_expression(project, as_of)).exclude(
        counted_status__in=ProjectStates.UNCOUNTED
    )


def left_out(rows: Rows, project: str) -> Rows:
    """What :func:`counted_by` leaves out now."""
    return rows.filter(**{f"{_path(project, 'status')}__in": ProjectStates.UNCOUNTED})


def standing_apart(projects: Rows, as_of: AsOf = NOW) -> Rows:
    """The projects that had another status ``then`` than now, and whichever :func:`counted_by` leaves out."""
    apart = Q(status__in=ProjectStates.UNCOUNTED)
    if as_of:
        apart |= ~Q(then=F("status"))
    if pinned := as_of.recorded("created_at"):
        apart |= ~pinned
    return projects.annotate(then=status_expression("", as_of)).filter(apart)


def _path(project: str, name: str) -> str:
    return f"{project}__{name}" if project else name
