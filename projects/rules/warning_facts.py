"""Everything that the warnings of some projects are judged by, read in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max, Prefetch, prefetch_related_objects
from django.utils import timezone

from khuyencong.accounts.models import Organisation
from khuyencong.asof import NOW, AsOf
from khuyencong.funding import STATE_LEVELS, FundingLevel
from programmes.models import AdminUnit, AdminUnitSuccession, CityClass, DeadlineRule, EligibilityRule, SupportNorm
from projects.models import (
    ApprovalEntry,
    CellKey,
    Commitment,
    CostLine,
    PlanLine,
    Project,
    StatusChange,
    Support,
    WarningReason,
)
from projects.rules.double_support import DoubleSupport, double_supports
from projects.rules.eligibility import COMMITMENT, PlaceBook
from projects.rules.norms import AskedSupport, NormBook

# Who is helped comes in the query of the supports: fetched apart, SQLite refuses more than a thousand of them at once.
# Whoever fetches supports before asking for facts takes these, or each beneficiary costs a query.
SUPPORTS = Support.objects.select_related("beneficiary")
# So do those above an organisation: whoever fetches it takes it with them, or each level costs a query.
OFFICES = Organisation.objects.select_related("parent__parent__parent")
NEEDED = (
    Prefetch("organisation", OFFICES),
    "places",
    "lines__round__plan",
    Prefetch("supports", SUPPORTS),
    "components__activity_type__regulation",
    "components__norm__regulation",
)


@dataclass(frozen=True)
class Standing:
    """What projects ask for and got as of a day, in đồng, and when they came how far."""

    requested: Mapping[tuple[int, int, str], int]  # by line, content and level of the source
    approved: Mapping[CellKey, int]
    approved_on: Mapping[int, dt.date]  # by project, for the first time
    accepted_on: Mapping[int, dt.date]  # by project, for the last time; of those that still have to be settled


@dataclass(frozen=True)
class WarningFacts:
    """Keyed by the ids of projects, contents and organisations; money in đồng."""

    book: NormBook
    places: PlaceBook
    deadline_rules: list[DeadlineRule]
    provinces: Mapping[int, Organisation]
    asked: Mapping[int, list[AskedSupport]]  # by content
    with_counterpart: frozenset[int]
    judged_on: Mapping[int, dt.date]
    accepted_on: Mapping[int, dt.date]
    double: Mapping[int, list[DoubleSupport]]
    commitments: Mapping[int, Commitment | None]  # of projects that are asked for them
    reasons: Mapping[int, list[WarningReason]]
    on: dt.date


def load_facts(
    projects: Sequence[Project],
    *,
    on: dt.date | None = None,
    recorded_on: dt.date | None = None,
    approved_vnd_by_cell: Mapping[CellKey, int] | None = None,
    standing: Standing | None = None,
) -> WarningFacts:
    """Facts of all these projects; ``on`` leaves out what is approved later, ``recorded_on`` what is recorded later.

    ``approved_vnd_by_cell``: what a letter is about to approve, in the place of what stands. ``standing``: what
    stands as of those days, where it was read already.
    """
    prefetch_related_objects(list(projects), *NEEDED)
    provinces = {one.organisation_id: one.organisation for one in projects}
    provinces = {pk: office.province() for pk, office in provinces.items()}
    standing = standing or _standing(projects, AsOf(on, recorded_on))
    first_on = standing.approved_on
    places = _place_book(projects)
    judged_on = {project.pk: first_on.get(project.pk) or _day_of(project, on) for project in projects}
    # A letter is about to give what stands today, whatever its own day.
    asked_then = AsOf(on, recorded_on) if approved_vnd_by_cell is None else NOW
    return WarningFacts(
        book=_norm_book(projects, provinces.values()),
        places=places,
        deadline_rules=_deadline_rules(projects),
        provinces=provinces,
        asked=_asked(projects, standing.requested, {**standing.approved, **(approved_vnd_by_cell or {})}),
        with_counterpart=_with_counterpart(projects, standing.requested),
        judged_on=judged_on,
        accepted_on=standing.accepted_on,
        double=double_supports(projects, judged_on, asked_then),
        commitments=_commitments(projects, places.rules),
        reasons=_reasons(projects),
        on=on or timezone.localdate(),
    )


def _standing(projects: Sequence[Project], as_of: AsOf) -> Standing:
    costs = CostLine.objects.of_projects(projects).amounts_by("plan_line", "component", "source__level")
    entries = ApprovalEntry.objects.of_projects(projects).effective_by(as_of)
    cells: dict[CellKey, int] = defaultdict(int)
    first_on: dict[int, dt.date] = {}
    for (*key, project, on), amount in entries.by_cell("plan_line__project", "effective_on").items():
        cells[tuple(key)] += amount
        first_on[project] = min(on, first_on.get(project, on))
    return Standing(costs, dict(cells), first_on, _accepted(projects, as_of.effective_on))


def _accepted(projects: Sequence[Project], on: dt.date | None) -> dict[int, dt.date]:
    """The day of the last acceptance of those of which the settlement is due."""
    accepted = [one for one in projects if one.status == Project.Status.ACCEPTED]
    if not accepted:
        return {}
    rows = StatusChange.objects.filter(project__in=accepted).named("accept").effective_by(AsOf(on)).order_by()
    return dict(rows.values_list("project").annotate(Max("effective_on")))


def _norm_book(projects: Sequence[Project], provinces: Iterable[Organisation]) -> NormBook:
    contents = [component for one in projects for component in one.components.all()]
    codes = {one.norm.code for one in contents if one.norm}
    rows = SupportNorm.objects.for_provinces(set(provinces)).select_related("regulation")
    return NormBook(rows.for_contents({one.activity_type_id for one in contents}, codes))


def _place_book(projects: Sequence[Project]) -> PlaceBook:
    """What stands above wards, their past, and the classes of cities are asked for only where a project names one."""
    units = {unit.pk: unit for project in projects for unit in project.places.all()}.values()
    wards = [unit for unit in units if unit.kind == AdminUnit.Kind.WARD]
    above = AdminUnit.objects.times_of({unit.parent_id for unit in wards} - {None}) if wards else {}
    districts = [one for times in above.values() for one in times]
    cities = {one.code for one in (*units, *districts) if one.kind == AdminUnit.Kind.CITY}
    return PlaceBook(
        list(EligibilityRule.objects.for_judging()),
        above,
        list(CityClass.objects.of_codes(cities)) if cities else [],
        AdminUnitSuccession.objects.turned_into_wards(wards) if wards else {},
    )


def _deadline_rules(projects: Sequence[Project]) -> list[DeadlineRule]:
    """Where something is due of one of the projects; nothing is asked otherwise."""
    is_closing = any(one.status in Project.CLOSING for one in projects)
    return list(DeadlineRule.objects.for_judging()) if is_closing else []


def _day_of(project: Project, on: dt.date | None) -> dt.date:
    """Before approval the law of today counts; of a plan that is over, that of its last day."""
    if on is not None:
        return on
    years = [line.round.plan.year for line in project.lines.all()]
    return min(timezone.localdate(), dt.date(max(years), 12, 31)) if years else timezone.localdate()


def _asked(
    projects: Sequence[Project], requested: Mapping[tuple[int, int, str], int], approved: Mapping[CellKey, int]
) -> dict[int, list[AskedSupport]]:
    """The support of each content by level: what is approved in lines that a letter decided, what is asked in others.

    A revised amount replaces the one that was asked for; a line of a later year may still wait for its letter.
    """
    level_of = {line.pk: FundingLevel(line.round.level) for project in projects for line in project.lines.all()}
    decided = {line for line, _component, _source in approved}
    sums: dict[tuple[int, FundingLevel], int] = defaultdict(int)
    approved_for = set()
    for (line, component, level), amount in requested.items():
        if line not in decided and level in STATE_LEVELS:
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


def _with_counterpart(projects: Sequence[Project], requested: Mapping[tuple[int, int, str], int]) -> frozenset[int]:
    """Projects to which those who are helped bring something of their own."""
    own = {support.project_id for one in projects for support in one.supports.all() if support.counterpart_vnd}
    lines = {line for (line, _, level), vnd in requested.items() if level == FundingLevel.COUNTERPART and vnd}
    return frozenset(own | {line.project_id for one in projects for line in one.lines.all() if line.pk in lines})


def _commitments(projects: Sequence[Project], rules: Iterable[EligibilityRule]) -> dict[int, Commitment | None]:
    """What stands as signed, of projects that ask national money for establishments that are named; what was refused
    asks no more. No query where no rule or none of them needs any."""
    if not any(rule.subject == COMMITMENT for rule in rules):
        return {}
    national = [
        line.pk
        for project in projects
        if project.kind != Project.Kind.TASK and any(one.beneficiary_id for one in project.supports.all())
        for line in project.lines.all()
        if line.round.level == FundingLevel.NATIONAL
    ]
    if not national:
        return {}
    lines = PlanLine.objects.filter(pk__in=national).with_status().exclude(status_then__in=Project.UNCOUNTED)
    asking = set(lines.values_list("project", flat=True))
    signed = Commitment.objects.standing(asking)
    return {pk: signed.get(pk) for pk in asking}


def _reasons(projects: Sequence[Project]) -> dict[int, list[WarningReason]]:
    found: dict[int, list[WarningReason]] = defaultdict(list)
    for reason in WarningReason.objects.for_projects(projects):
        found[reason.project_id].append(reason)
    return found
