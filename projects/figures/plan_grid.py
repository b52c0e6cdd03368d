"""One plan as a grid: sources (I, II …), contents, and a row for each project × content × source.

The screen, the list of projects and the results in the yearly workbook all render these rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from khuyencong.asof import NOW, AsOf
from khuyencong.funding import FundingLevel, Nature
from programmes.models import ActivityType, AnnualPlan, Decision, FundingSource, PlanRound
from projects.figures.by_content import order_of_content
from projects.figures.past_texts import show_as_then
from projects.figures.prefetching import with_relations
from projects.figures.totals import Money, Schedule, total
from projects.ledger.optional_amounts import add
from projects.models import (
    ApprovalEntry,
    CellKey,
    CostLine,
    ExecutedAmount,
    PastRecord,
    PlanLine,
    ProgressReport,
    Project,
    ProjectComponent,
)

NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True)
class GridRow:
    """One project under one source and content. ``number`` runs through the section.

    ``is_first`` marks the first row of a project, where it is counted; counterpart and other money stand on the
    first row of their line and content, so that they add up once. ``initial_vnd`` is what was approved at first, in
    đồng, before any adjustment and with slips of typing put right.
    """

    number: int
    line: PlanLine
    project: Project
    component: ProjectComponent | None
    source: FundingSource
    money: Money
    counterpart_vnd: int | None
    other_vnd: int | None
    is_first: bool
    initial_vnd: int | None = None

    @property
    def is_adjusted(self) -> bool:
        return self.initial_vnd != self.money.approved_vnd

    @property
    def key(self) -> CellKey | None:
        return (self.line.pk, self.component.pk, self.source.pk) if self.component else None

    def total_vnd(self, state_vnd: int | None) -> int | None:
        """The whole cost that stands in this row: its state money with counterpart and other money."""
        return add(state_vnd, self.counterpart_vnd, self.other_vnd)


@dataclass(frozen=True)
class GridGroup:
    activity: ActivityType | None
    rows: list[GridRow]

    @cached_property
    def money(self) -> Money:
        return total(row.money for row in self.rows)

    @cached_property
    def initial_vnd(self) -> int | None:
        return add(*(row.initial_vnd for row in self.rows))


@dataclass(frozen=True)
class GridSection:
    numeral: str
    source: FundingSource
    groups: list[GridGroup]

    @property
    def rows(self) -> Iterator[GridRow]:
        return (row for group in self.groups for row in group.rows)

    @cached_property
    def money(self) -> Money:
        return total(group.money for group in self.groups)

    @cached_property
    def initial_vnd(self) -> int | None:
        return add(*(group.initial_vnd for group in self.groups))

    @property
    def project_count(self) -> int:
        return len({row.project.pk for row in self.rows})


@dataclass(frozen=True)
class PlanGrid:
    sections: list[GridSection]
    schedule: Schedule
    rows: list[GridRow] = field(default_factory=list)

    @cached_property
    def money(self) -> Money:
        return total(section.money for section in self.sections)

    @cached_property
    def initial_vnd(self) -> int | None:
        return add(*(section.initial_vnd for section in self.sections))

    @cached_property
    def is_adjusted(self) -> bool:
        """Whether any amount was changed after it was first approved; then both stand side by side."""
        return any(row.is_adjusted for row in self.rows)


def plan_grid(plans: Iterable[AnnualPlan], as_of: AsOf = NOW) -> PlanGrid:
    """The grid of the plans (nearly always one) as of then; a fixed number of queries whatever their size."""
    plans = list(plans)
    found = Project.objects.in_plans(plans).counted(as_of).for_grid(as_of)
    projects = {project.pk: project for project in show_as_then(with_relations(found), as_of)}
    counted = PlanLine.objects.for_plans(plans).counted(as_of)
    lines = list(counted.prefetch_related("round__plan").order_by("round", "pk"))
    cells = _cells(plans, as_of)
    sources = list(FundingSource.objects.all())
    sections: list[GridSection] = []
    placed: set[int] = set()
    side_money = _side_money(plans)
    initial = _initial_cells(plans, as_of)
    for source in (source for source in sources if source.is_state):
        placing = _section_cells(source, sources, lines, projects, cells, side_money)
        if placing:
            numeral = NUMERALS[len(sections)]
            sections.append(_section(numeral, source, placing, projects, cells, side_money, placed, initial))
    schedule = Schedule.of(project.pace for project in projects.values())
    return PlanGrid(sections, schedule, [row for section in sections for row in section.rows])


def rows_to_send(plan_round: PlanRound) -> list[GridRow]:
    """The rows of one round, as the grid of its plan shows them, without what a letter carried into it."""
    sent = set(PlanLine.objects.filter(round=plan_round).not_carried().values_list("pk", flat=True))
    return [row for row in plan_grid([plan_round.plan]).rows if row.line.pk in sent]


def _initial_cells(plans: list[AnnualPlan], as_of: AsOf) -> dict[CellKey, int]:
    """What was approved at first for each line × content × source, in đồng, before any adjustment."""
    return ApprovalEntry.objects.for_plans(plans).effective_by(as_of).in_column(Nature.INITIAL).by_cell()


def latest_results(plans: Iterable[AnnualPlan], as_of: AsOf = NOW) -> dict[int, str]:
    """What each project has done, by the words of its latest report that has any, or of its file of the past."""
    reports = ProgressReport.objects.with_results().latest_of_each(as_of)
    projects = Project.objects.in_plans(plans).values("pk")
    told = dict(reports.of_projects(projects).values_list("project", "done"))
    return PastRecord.objects.words_of(projects, as_of) | told


def approving_decisions(plans: Iterable[AnnualPlan], as_of: AsOf = NOW) -> list[Decision]:
    """The letters by which the plans' projects were approved, in the order in which they count."""
    entries = ApprovalEntry.objects.for_plans(plans).effective_by(as_of)
    decisions = Decision.objects.filter(pk__in=entries.order_by().values("decision"))
    return list(decisions.select_related("authority").in_order())


def _cells(plans: list[AnnualPlan], as_of: AsOf) -> dict[CellKey, Money]:
    """State money by line × content × source."""
    requested = CostLine.objects.for_plans(plans).state_money().by_cell()
    approved = ApprovalEntry.objects.for_plans(plans).effective_by(as_of).by_cell()
    executed = ExecutedAmount.objects.for_plans(plans).latest_of_each(as_of).by_cell()
    keys = requested.keys() | approved.keys() | executed.keys()
    return {key: Money.of_cell(requested.get(key), approved.get(key), executed.get(key)) for key in keys}


def _side_money(plans: list[AnnualPlan]) -> dict[tuple[int, int, str], int]:
    """Counterpart and other money by line × content × level, taken out of here by the row that shows it."""
    rows = CostLine.objects.for_plans(plans).filter(source__level__in=(FundingLevel.COUNTERPART, FundingLevel.OTHER))
    return rows.amounts_by("plan_line", "component", "source__level")


def _section_cells(
    source: FundingSource,
    sources: list[FundingSource],
    lines: list[PlanLine],
    projects: dict[int, Project],
    cells: dict[CellKey, Money],
    side_money: dict[tuple[int, int, str], int],
) -> list[tuple[PlanLine, ProjectComponent | None]]:
    """(line, content) pairs that stand under the source.

    What has no state money stands under its level's first source: a content with counterpart alone, or a line
    without any money.
    """
    with_money = {line for line, _component, _source in cells}
    state = {(line, component) for line, component, _source in cells}
    side_only = {(line, component) for line, component, _level in side_money} - state
    first_of_level = next(other for other in sources if other.level == source.level)
    found: list[tuple[PlanLine, ProjectComponent | None]] = []
    for line in lines:
        components = projects[line.project_id].components.all()
        is_home = source == first_of_level and line.round.level == source.level
        shown: list[ProjectComponent | None] = [
            component
            for component in components
            if (line.pk, component.pk, source.pk) in cells or (is_home and (line.pk, component.pk) in side_only)
        ]
        if is_home and not shown and line.pk not in with_money:
            shown = [components[0] if components else None]
        found += [(line, component) for component in shown]
    return found


def _section(
    numeral: str,
    source: FundingSource,
    found: list[tuple[PlanLine, ProjectComponent | None]],
    projects: dict[int, Project],
    cells: dict[CellKey, Money],
    side_money: dict[tuple[int, int, str], int],
    placed: set[int],
    initial: dict[CellKey, int],
) -> GridSection:
    by_activity: dict[ActivityType | None, list[tuple[PlanLine, ProjectComponent | None]]] = defaultdict(list)
    for line, component in found:
        by_activity[component.activity_type if component else None].append((line, component))
    groups, number = [], 0
    for activity in sorted(by_activity, key=order_of_content):
        rows = []
        for line, component in by_activity[activity]:
            number += 1
            part = component.pk if component else 0
            rows.append(
                GridRow(
                    number=number,
                    line=line,
                    project=projects[line.project_id],
                    component=component,
                    source=source,
                    money=cells.get((line.pk, part, source.pk), Money()),
                    counterpart_vnd=side_money.pop((line.pk, part, FundingLevel.COUNTERPART), None),
                    other_vnd=side_money.pop((line.pk, part, FundingLevel.OTHER), None),
                    is_first=line.project_id not in placed,
                    initial_vnd=initial.get((line.pk, part, source.pk)),
                )
            )
            placed.add(line.project_id)
        groups.append(GridGroup(activity, rows))
    return GridSection(numeral, source, groups)
