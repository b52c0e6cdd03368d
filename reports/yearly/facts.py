"""The figures of the yearly report in words (field-rules §2): last year's results, this year's state, next year's aims.

Each figure comes from the function that the yearly page and workbook use; nothing is computed anew here but sums.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from khuyencong.official import DocumentHead
from programmes.models import AnnualPlan
from projects.figures.dimensions import ACTIVITY, AREA, SOURCE, STATUS
from projects.figures.flows import late_projects
from projects.figures.latest_reports import latest_reports
from projects.figures.plan_grid import PlanGrid
from projects.figures.rollups import RollUp, RollUpRow, roll_ups
from projects.figures.totals import Schedule
from projects.ledger.line_accounts import LineAccount, accounts_of
from projects.ledger.optional_amounts import add, rate, unpaid
from projects.models import PastRecord, Project, YearAssessment
from reports.annual.book import YearFacts, is_approved, letterhead_of_year, read_year
from reports.annual.rows import project_sections
from reports.asking.selection import Selection, select_plans
from reports.printing.book import Section
from reports.wording.letters import carried_out


@dataclass(frozen=True)
class Figures:
    """One source, content or area, or all of them, in đồng.

    ``unpaid_vnd`` is not told as long as no payment of the year's plan is recorded at all, as in the catalogue.
    """

    label: str
    project_count: int = 0
    requested_vnd: int | None = None
    assigned_vnd: int | None = None
    initial_vnd: int | None = None
    approved_vnd: int | None = None
    executed_vnd: int | None = None
    paid_vnd: int | None = None
    settled_vnd: int | None = None
    unpaid_vnd: int | None = None

    @property
    def executed_rate(self) -> float | None:
        """Of what is approved, in %."""
        return rate(self.executed_vnd, self.approved_vnd)

    @property
    def settled_rate(self) -> float | None:
        """Of what is approved, in %."""
        return rate(self.settled_vnd, self.approved_vnd)


@dataclass(frozen=True)
class YearBlock:
    """One year by source, content and area. ``statuses`` count projects by the words for where they stand;
    ``approved`` is the schedule of those alone that a letter approved, in whichever year."""

    year: int
    has_plan: bool
    schedule: Schedule
    approved: Schedule
    total: Figures
    sources: list[Figures]
    contents: list[Figures]
    areas: list[Figures]
    statuses: list[tuple[str, int]]


@dataclass(frozen=True)
class Trouble:
    """A project that is late, or that met difficulties; ``words`` as its latest report has them, or empty."""

    name: str
    month: dt.date
    words: str


@dataclass(frozen=True)
class OwnWords:
    """What an office wrote of its year itself; ``office`` is named where the report is of several."""

    office: str
    text: str


@dataclass(frozen=True)
class YearlyReport:
    """All that the document says. ``basis`` names the letters that approved the plan, ``starts`` say which offices
    began their work in these years. ``is_draft``: nothing is approved, so the list shows what is asked for."""

    year: int
    head: DocumentHead
    scope: str
    as_of: str
    basis: str
    starts: list[str]
    last: YearBlock
    this: YearBlock
    next: YearBlock
    is_draft: bool
    sections: Sequence[Section]
    late: list[Trouble]
    difficulties: list[Trouble]
    last_words: list[OwnWords]
    this_words: list[OwnWords]
    next_words: list[OwnWords]


def yearly_report(user: User, selection: Selection, *, as_of: AsOf, today: dt.date) -> YearlyReport:
    """In a fixed number of queries; call it in Vietnamese."""
    written = YearAssessment.objects.standing([*selection.last_plans, *selection.plans], as_of)
    year = selection.year
    facts = read_year(selection, as_of, False, today)
    following = select_plans(user, year + 1, selection.chosen.code if selection.chosen else "")
    late, difficulties = _troubles(selection.plans, facts.grid, as_of)
    return YearlyReport(
        year=year,
        head=letterhead_of_year(selection, as_of=as_of, today=today),
        scope=selection.scope,
        as_of=str(as_of),
        basis=carried_out(facts.decisions),
        starts=[text for plan in selection.plans if (text := plan.organisation.start_told_in(year))],
        last=_block(year - 1, selection.last_plans, as_of),
        this=_block(year, selection.plans, as_of),
        next=_block(year + 1, following.plans, as_of),
        is_draft=facts.is_draft,
        sections=_sections(facts),
        late=late,
        difficulties=difficulties,
        last_words=_own_words(selection.last_plans, written, "assessment"),
        this_words=_own_words(selection.plans, written, "assessment"),
        next_words=_own_words(selection.plans, written, "directions"),
    )


def _own_words(plans: Sequence[AnnualPlan], written: Mapping[int, YearAssessment], part: str) -> list[OwnWords]:
    """That part of what was written of each of the plans, where it was."""
    found = [(plan, getattr(written[plan.pk], part)) for plan in plans if plan.pk in written]
    return [OwnWords(str(plan.organisation) if len(plans) > 1 else "", text) for plan, text in found if text]


def _sections(facts: YearFacts) -> list[Section]:
    return project_sections(facts.grid, (lambda row: True) if facts.is_draft else is_approved, facts.around)


def _block(year: int, plans: Sequence[AnnualPlan], as_of: AsOf) -> YearBlock:
    found = roll_ups(plans, as_of)
    accounts = _accounts(plans, as_of)
    by_source = _figures(found[SOURCE], accounts, lambda account: account.source.pk)
    by_content = _figures(found[ACTIVITY], accounts, lambda account: account.component.activity_type_id)
    whole = found[SOURCE]
    return YearBlock(
        year=year,
        has_plan=bool(plans),
        schedule=whole.schedule,
        approved=sum((row.schedule for row in found[STATUS].rows if row.key in Project.GRANTED), start=Schedule()),
        total=_one("Tổng cộng", whole, accounts, has_paid=_has_paid(accounts)),
        sources=by_source,
        contents=by_content,
        areas=[_one(_area_label(row), row) for row in found[AREA].rows],
        statuses=_stand(found[STATUS].rows, plans, as_of),
    )


def _stand(rows: Iterable[RollUpRow], plans: Sequence[AnnualPlan], as_of: AsOf) -> list[tuple[str, int]]:
    """How many projects stand where: by steps here, and by their files. As of a day before what the file of a past
    record says, a letter alone had approved it."""
    found: Counter[str] = Counter()
    for row in rows:
        if row.key != Project.Status.PAST:
            found[str(row.label)] += row.schedule.project_count
            continue
        past = Project.objects.in_plans(plans).with_statuses(Project.Status.PAST, as_of=as_of)
        ended = Counter(PastRecord.objects.outcomes_of(past.values("pk"), as_of))
        for one in PastRecord.Outcome:
            if ended[one]:
                found[str(one.label)] += ended[one]
        if silent := row.schedule.project_count - ended.total():
            found[str(Project.Status.APPROVED.label)] += silent
    return list(found.items())


def _area_label(row: RollUpRow) -> str:
    return f"{row.label} (chung)" if row.is_shared else row.label


def _accounts(plans: Sequence[AnnualPlan], as_of: AsOf) -> list[LineAccount]:
    """State money of the plans' own lines: a project of several years has accounts in each."""
    ids = {plan.pk for plan in plans}
    accounts = accounts_of(Project.objects.in_plans(plans).counted(as_of), as_of) if plans else []
    return [one for one in accounts if one.source.is_state and one.line.round.plan_id in ids]


def _figures(roll_up: RollUp, accounts: Sequence[LineAccount], key: Callable[[LineAccount], int]) -> list[Figures]:
    has_paid = _has_paid(accounts)
    return [
        _one(row.label, row, [one for one in accounts if key(one) == row.key], has_paid=has_paid)
        for row in roll_up.rows
    ]


def _has_paid(accounts: Iterable[LineAccount]) -> bool:
    return any(one.paid_vnd is not None for one in accounts)


def _one(
    label: str, part: RollUpRow | RollUp, accounts: Sequence[LineAccount] = (), *, has_paid: bool = False
) -> Figures:
    approved_vnd, paid_vnd = part.money.approved_vnd, add(*(one.paid_vnd for one in accounts))
    return Figures(
        label=label,
        project_count=part.schedule.project_count,
        requested_vnd=part.money.requested_vnd,
        assigned_vnd=part.assigned_vnd,
        initial_vnd=part.initial_vnd,
        approved_vnd=approved_vnd,
        executed_vnd=part.money.executed_vnd,
        paid_vnd=paid_vnd,
        settled_vnd=add(*(one.settled_vnd for one in accounts)),
        unpaid_vnd=unpaid(approved_vnd, paid_vnd) if has_paid else None,
    )


def _troubles(plans: Sequence[AnnualPlan], grid: PlanGrid, as_of: AsOf) -> tuple[list[Trouble], list[Trouble]]:
    """Late projects, and others that met difficulties, by the latest report of each."""
    names = {row.project.pk: row.project.name for row in grid.rows}
    late, difficulties = [], []
    running = late_projects(plans, as_of)
    for project, report in latest_reports(plans, as_of).items():
        trouble = Trouble(names.get(project, ""), report.month, report.difficulties)
        if project in running:
            late.append(trouble)
        elif report.difficulties:
            difficulties.append(trouble)
    return late, difficulties
