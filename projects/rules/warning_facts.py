"""Everything that the warnings of some projects are judged by, read in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, prefetch_related_objects
from django.utils import timezone

from khuyencong.accounts.models import Organisation
from khuyencong.append_only import STATE_LEVELS, FundingLevel
from khuyencong.asof import AsOf
from programmes.models import DeadlineRule, EligibilityRule, SupportNorm
from projects.models import ApprovalEntry, CellKey, CostLine, PlanLine, Project, StatusChange, Support, WarningReason
from projects.rules.norms import AskedSupport, NormBook

# Who is helped comes in the query of the supports: fetched apart, SQLite refuses more than a thousand of them at once.
# Whoever fetches supports before asking for facts takes these, or each beneficiary costs a query.
SUPPORTS = Support.objects.select_related("beneficiary")
NEEDED = (
    "places",
    "lines__round__plan",
    Prefetch("supports", SUPPORTS),
    "components__activity_type__regulation",
    "components__norm__regulation",
)


if TYPE_CHECKING:

    class SupportedProject(Project):
        """What ``_supported`` adds to each row."""

        first_on: dt.date | None
        approved_year: int | None
        line_year: int | None


@dataclass(frozen=True)
class WarningFacts:
    """Keyed by the ids of projects, contents and organisations; money in đồng."""

    book: NormBook
    place_rules: list[EligibilityRule]
    deadline_rules: list[DeadlineRule]
    provinces: Mapping[int, Organisation]
    asked: Mapping[int, list[AskedSupport]]  # by content
    with_counterpart: frozenset[int]
    judged_on: Mapping[int, dt.date]
    accepted_on: Mapping[int, dt.date]
    earlier: Mapping[int, list[SupportedProject]]  # supported projects by one who was helped in them
    earlier_by_tax_code: Mapping[str, list[SupportedProject]]
    reasons: Mapping[int, list[WarningReason]]
    on: dt.date


def load_facts(
    projects: Sequence[Project],
    *,
    on: dt.date | None = None,
    recorded_on: dt.date | None = None,
    approved_vnd_by_cell: Mapping[CellKey, int] | None = None,
) -> WarningFacts:
    """Facts of all these projects; ``on`` leaves out what is approved later, ``recorded_on`` what is recorded later.

    ``approved_vnd_by_cell``: what a letter is about to approve, in the place of what stands.
    """
    prefetch_related_objects(list(projects), *NEEDED)
    provinces = _provinces(projects)
    approved, first_on = _approvals(projects, AsOf(on, recorded_on))
    approved |= approved_vnd_by_cell or {}
    earlier, by_tax_code = _earlier(projects)
    return WarningFacts(
        book=NormBook(SupportNorm.objects.for_provinces(set(provinces.values())).select_related("regulation")),
        place_rules=list(EligibilityRule.objects.for_judging()),
        deadline_rules=list(DeadlineRule.objects.for_judging()),
        provinces=provinces,
        asked=_asked(projects, approved),
        with_counterpart=_with_counterpart(projects),
        judged_on={project.pk: first_on.get(project.pk) or _day_of(project, on) for project in projects},
        accepted_on=_accepted(projects, on),
        earlier=earlier,
        earlier_by_tax_code=by_tax_code,
        reasons=_reasons(projects),
        on=on or timezone.localdate(),
    )


def _day_of(project: Project, on: dt.date | None) -> dt.date:
    """Before approval the law of today counts; of a plan that is over, that of its last day."""
    if on is not None:
        return on
    years = [line.round.plan.year for line in project.lines.all()]
    return min(timezone.localdate(), dt.date(max(years), 12, 31)) if years else timezone.localdate()


def _provinces(projects: Sequence[Project]) -> dict[int, Organisation]:
    """The root above each project's organisation."""
    ids = {project.organisation_id for project in projects}
    offices = Organisation.objects.filter(pk__in=ids).select_related("parent__parent__parent")
    return {office.pk: office.province() for office in offices}


def _approvals(projects: Sequence[Project], as_of: AsOf) -> tuple[dict[CellKey, int], dict[int, dt.date]]:
    """What stands approved by cell, and the day of each project's first approval."""
    entries = ApprovalEntry.objects.of_projects(projects).effective_by(as_of)
    cells: dict[CellKey, int] = defaultdict(int)
    first_on: dict[int, dt.date] = {}
    for (*key, project, on), amount in entries.by_cell("plan_line__project", "effective_on").items():
        cells[tuple(key)] += amount
        first_on[project] = min(on, first_on.get(project, on))
    return dict(cells), first_on


def _asked(projects: Sequence[Project], approved: Mapping[CellKey, int]) -> dict[int, list[AskedSupport]]:
    """The support of each content by level: what is approved in lines that a letter decided, what is asked in others.

    A revised amount replaces the one that was asked for; a line of a later year may still wait for its letter.
    """
    level_of = {line.pk: FundingLevel(line.round.level) for project in projects for line in project.lines.all()}
    decided = {line for line, _component, _source in approved}
    requested = CostLine.objects.of_projects(projects).state_money().by_cell()
    sums: dict[tuple[int, FundingLevel], int] = defaultdict(int)
    approved_for = set()
    for (line, component, _source), amount in requested.items():
        if line not in decided:
            sums[component, level_of[line]] += amount
    for (line, component, _source), amount in approved.items():
        if line in level_of:
            sums[component, level_of[line]] += amount
            approved_for.add((component, level_of[line]))
    found: dict[int, list[AskedSupport]] = defaultdict(list)
    for (component, level), amount in sums.items():
        if amount > 0:
            found[component].append(AskedSupport(level, amount, (component, level) in approved_for))
    for rows in found.values():
        rows.sort(key=lambda asked: STATE_LEVELS.index(asked.level))
    return found


def _with_counterpart(projects: Sequence[Project]) -> frozenset[int]:
    """Projects to which those who are helped bring something of their own."""
    costs = CostLine.objects.filter(
        plan_line__project__in=projects, source__level=FundingLevel.COUNTERPART, amount_vnd__gt=0
    )
    own = {support.project_id for one in projects for support in one.supports.all() if support.counterpart_vnd}
    return frozenset(own | set(costs.values_list("plan_line__project", flat=True)))


def _accepted(projects: Sequence[Project], on: dt.date | None) -> dict[int, dt.date]:
    """The day of the last acceptance."""
    rows = StatusChange.objects.filter(project__in=projects).named("accept").order_by()
    if on is not None:
        rows = rows.filter(effective_on__lte=on)
    return dict(rows.values_list("project").annotate(Max("effective_on")))


def _earlier(
    projects: Sequence[Project],
) -> tuple[dict[int, list[SupportedProject]], dict[str, list[SupportedProject]]]:
    """Projects that supported one of those who are helped, in any scope, by beneficiary and by tax code.

    ``first_on`` is the day of its first approval (None: not recorded).
    """
    helped = [support.beneficiary for one in projects for support in one.supports.all() if support.beneficiary]
    codes = {one.tax_code for one in helped if one.tax_code}
    wanted = Q(beneficiary__in={one.pk for one in helped}) | Q(beneficiary__tax_code__in=codes)
    rows = _supported().filter(pk__in=Support.objects.filter(wanted).values("project"))
    by_beneficiary: dict[int, list[SupportedProject]] = defaultdict(list)
    by_tax_code: dict[str, list[SupportedProject]] = defaultdict(list)
    for project in rows:
        for support in project.supports.all():
            if support.beneficiary:
                by_beneficiary[support.beneficiary.pk].append(project)
                if support.beneficiary.tax_code:
                    by_tax_code[support.beneficiary.tax_code].append(project)
    return by_beneficiary, by_tax_code


def _supported() -> QuerySet[SupportedProject]:
    """What was approved was supported, unless a stop took everything back."""
    entries = ApprovalEntry.objects.filter(plan_line__project=OuterRef("pk")).order_by().values("plan_line__project")
    lines = PlanLine.objects.filter(project=OuterRef("pk")).order_by().values("project")
    rows = Project.objects.with_statuses(*Project.GRANTED).annotate(
        first_on=Subquery(entries.annotate(first=Min("effective_on")).values("first")),
        net_vnd=Subquery(entries.annotate(net=Sum("amount_vnd")).values("net")),
        approved_year=Subquery(entries.annotate(year=Min("plan_line__round__plan__year")).values("year")),
        line_year=Subquery(lines.annotate(year=Min("round__plan__year")).values("year")),
    )
    rows = rows.exclude(Q(status=Project.Status.STOPPED) & (Q(net_vnd=None) | Q(net_vnd__lte=0)))
    return rows.prefetch_related("components", Prefetch("supports", SUPPORTS)).order_by("pk")


def _reasons(projects: Sequence[Project]) -> dict[int, list[WarningReason]]:
    found: dict[int, list[WarningReason]] = defaultdict(list)
    for reason in WarningReason.objects.for_projects(projects):
        found[reason.project_id].append(reason)
    return found
