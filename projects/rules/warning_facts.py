"""Everything that the warnings of some projects are judged by, read in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Max, Min, OuterRef, Prefetch, Q, Subquery, Sum, prefetch_related_objects
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone

from khuyencong.accounts.models import Organisation
from khuyencong.asof import AsOf
from khuyencong.firm_names import TAX_ROOT_DIGITS, tax_root
from khuyencong.funding import STATE_LEVELS, FundingLevel
from programmes.models import AdminUnit, AdminUnitSuccession, CityClass, DeadlineRule, EligibilityRule, SupportNorm
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    CellKey,
    CostLine,
    PlanLine,
    Project,
    StatusChange,
    Support,
    WarningReason,
)
from projects.rules.eligibility import PlaceBook
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


class Earlier(NamedTuple):
    """A project that supported somebody: what a warning says of it. ``first_on``: of its first approval, if known;
    ``year``: of that, else of its first plan."""

    pk: int
    code: str
    name: str
    organisation_id: int
    first_on: dt.date | None
    year: int | None


Given = Mapping[Earlier, set[int]]  # contents that earlier projects gave to somebody, in the order of these projects


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
    earlier: Mapping[int, Given]  # by one who was helped
    earlier_by_tax_root: Mapping[str, Given]  # a branch belongs to its parent
    earlier_by_name: Mapping[int, Given]  # by one who is helped, of others that may be the same
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
    earlier, by_root, by_name = _earlier(projects)
    return WarningFacts(
        book=_norm_book(projects, provinces.values()),
        places=_place_book(projects),
        deadline_rules=_deadline_rules(projects),
        provinces=provinces,
        asked=_asked(projects, standing.requested, {**standing.approved, **(approved_vnd_by_cell or {})}),
        with_counterpart=_with_counterpart(projects, standing.requested),
        judged_on={project.pk: first_on.get(project.pk) or _day_of(project, on) for project in projects},
        accepted_on=standing.accepted_on,
        earlier=earlier,
        earlier_by_tax_root=by_root,
        earlier_by_name=by_name,
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


def _earlier(projects: Sequence[Project]) -> tuple[dict[int, Given], dict[str, Given], dict[int, Given]]:
    """Projects that gave the contents of these ones to those who are helped, in any scope: by beneficiary, by the
    root of the tax code, and of others of the registry that bear the name of one who is helped, by that one. What was
    approved was given, unless a stop took everything back."""
    helped = [support.beneficiary for one in projects for support in one.supports.all() if support.beneficiary]
    contents = {component.activity_type_id for one in projects for component in one.components.all()}
    entries = ApprovalEntry.objects.filter(plan_line__project=OuterRef("pk")).order_by().values("plan_line__project")
    lines = PlanLine.objects.filter(project=OuterRef("pk")).order_by().values("project")
    net_vnd = Subquery(entries.annotate(net=Sum("amount_vnd")).values("net"))
    rows = Project.objects.with_statuses(*Project.GRANTED).annotate(
        first_on=Subquery(entries.annotate(first=Min("effective_on")).values("first")),
        year=Coalesce(
            Subquery(entries.annotate(year=Min("plan_line__round__plan__year")).values("year")),
            Subquery(lines.annotate(year=Min("round__plan__year")).values("year")),
        ),
        content=F("components__activity_type"),
        helped=F("supports__beneficiary"),
        root=Substr("supports__beneficiary__tax_code", 1, TAX_ROOT_DIGITS),
        short=F("supports__beneficiary__name_short"),
        registry=F("supports__beneficiary__province"),
        unit=F("supports__beneficiary__unit"),
    )
    roots = {tax_root(one.tax_code) for one in helped if one.tax_code}
    named: dict[tuple[str, int], list[Beneficiary]] = defaultdict(list)
    for one in filter(lambda one: one.name_short, helped):
        named[one.name_short, one.province_id].append(one)
    is_theirs = Q(helped__in={one.pk for one in helped}) | Q(root__in=roots)
    rows = rows.filter(is_theirs | Q(short__in={short for short, _province in named}), content__in=contents)
    rows = rows.alias(net_vnd=net_vnd).exclude(Q(status=Project.Status.STOPPED) & (Q(net_vnd=None) | Q(net_vnd__lte=0)))
    by_beneficiary: dict[int, dict[Earlier, set[int]]] = defaultdict(dict)
    by_root: dict[str, dict[Earlier, set[int]]] = defaultdict(dict)
    by_name: dict[int, dict[Earlier, set[int]]] = defaultdict(dict)
    about = ("content", "helped", "root", "short", "registry", "unit")
    for *said, content, beneficiary, root, short, registry, unit in rows.order_by("pk").values_list(
        *Earlier._fields, *about
    ):
        earlier = Earlier(*said)
        by_beneficiary[beneficiary].setdefault(earlier, set()).add(content)
        if root:
            by_root[root].setdefault(earlier, set()).add(content)
        for one in named.get((short, registry), ()):
            if one.pk != beneficiary and _may_be(one, root, unit):
                by_name[one.pk].setdefault(earlier, set()).add(content)
    return dict(by_beneficiary), dict(by_root), dict(by_name)


def _may_be(one: Beneficiary, root: str, unit: int | None) -> bool:
    """Whether another one of that name may be the same: two codes or two places tell them apart."""
    return not (one.tax_code and root) and not (one.unit_id and unit and one.unit_id != unit)


def _reasons(projects: Sequence[Project]) -> dict[int, list[WarningReason]]:
    found: dict[int, list[WarningReason]] = defaultdict(list)
    for reason in WarningReason.objects.for_projects(projects):
        found[reason.project_id].append(reason)
    return found
