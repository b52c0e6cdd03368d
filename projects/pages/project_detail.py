"""What the page of one project shows beside its fields: money by line and source, warnings, and its history."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from khuyencong.accounts.models import User
from khuyencong.asof import NOW, AsOf
from programmes.models import FundingSource
from projects.figures.totals import Money, total
from projects.ledger.cell_sums import OF_PLANS, CellSums, cell_sums
from projects.models import ApprovalEntry, CellKey, PlanLine, Project, ProjectComponent, StatusChange
from projects.pages.past_events import opening_of
from projects.pages.project_accounts import project_accounts
from projects.rules.double_acts import double_acts
from projects.rules.priority import priorities_of
from projects.rules.transitions import PROJECT_TRANSITIONS
from projects.rules.warning_facts import Standing
from projects.rules.warnings import findings_of_projects


@dataclass(frozen=True)
class MoneyRow:
    """One line × content × source of a project with the letters that approved it."""

    line: PlanLine
    component: ProjectComponent
    source: FundingSource
    money: Money
    approvals: list[ApprovalEntry]


@dataclass(frozen=True)
class ProjectMoney:
    """State money row by row with its total, what others put in, and the entries of all letters of any day.

    ``carried``: lines of years into which it went on by a letter, and whether any amount is known there.
    """

    rows: list[MoneyRow]
    side_rows: list[tuple[FundingSource, int]]
    approvals: list[ApprovalEntry]
    carried: list[tuple[PlanLine, bool]]

    @property
    def total(self) -> Money:
        return total(row.money for row in self.rows)


def project_money(project: Project, as_of: AsOf = NOW, sums: CellSums | None = None) -> ProjectMoney:
    """The project's money over all its years as of then, in a fixed number of queries (with contents and lines).

    ``sums``: what was summed of it already, as of the same day.
    """
    sums = sums or cell_sums([project], OF_PLANS, as_of)
    approvals = list(ApprovalEntry.objects.of_project(project).select_related("decision", "recorded_by"))
    entries: dict[CellKey, list[ApprovalEntry]] = defaultdict(list)
    for entry in approvals:
        if as_of.covers(entry.effective_on, entry.recorded_at):
            entries[entry.key].append(entry)
    rows, side_rows = [], []
    for line in project.lines.all():
        for component in project.components.all():
            for source in sums.sources.values():
                key = (line.pk, component.pk, source.pk)
                found = sums.cells.get(key)
                if found is None or found.keys().isdisjoint(OF_PLANS):
                    continue
                if source.is_state:
                    money = Money.of_cell(*map(found.get, OF_PLANS))
                    rows.append(MoneyRow(line, component, source, money, entries[key]))
                elif "requested_vnd" in found:
                    side_rows.append((source, found["requested_vnd"]))
    with_money = {entry.plan_line_id for found in entries.values() for entry in found}
    carried = [
        (line, line.pk in with_money)
        for line in project.lines.all()
        if (letter := line.carried_by)
        and not letter.is_cancelled
        and as_of.covers(letter.effective_on, letter.recorded_at)
    ]
    return ProjectMoney(rows, side_rows, approvals, carried)


def project_steps(project: Project, as_of: AsOf = NOW) -> list[StatusChange]:
    """The steps of its life as of then, newest first (``project`` with its steps)."""
    return [one for one in project.status_changes.all() if as_of.covers(one.effective_on, one.recorded_at)]


def why_it_stands(steps: list[StatusChange]) -> StatusChange | None:
    """The last step, where it sent the project back or ended it and says why (``steps`` newest first)."""
    last = steps[0] if steps else None
    return last if last and last.reason and PROJECT_TRANSITIONS[last.transition].asks_why else None


def page_of_project(project: Project, user: User, as_of: AsOf = NOW) -> dict[str, object]:
    """Steps, money, accounts and warnings as of then, of which each thing is read once.

    ``project`` as :meth:`ProjectQuerySet.for_detail` fetched it, with its steps.
    """
    sums = cell_sums([project], as_of=as_of)
    money = project_money(project, as_of, sums)
    standing = _standing(project, AsOf(as_of.effective_on), sums, money.approvals)
    findings = findings_of_projects([project], user=user, on=as_of.effective_on, standing=standing)[project.pk]
    steps = project_steps(project, as_of)
    return {
        "steps": steps,
        "told": why_it_stands(steps),
        "double_acts": double_acts(steps),
        "money": money,
        "accounts": project_accounts(project, as_of, sums),
        "findings": findings,
        "priority": priorities_of([project], {project.pk: findings.judged_on})[project.pk],
        "opening": opening_of(project),
    }


def _standing(project: Project, as_of: AsOf, sums: CellSums, approvals: list[ApprovalEntry]) -> Standing:
    """What the warnings are judged by, of what was read for the rest of the page; also what was recorded since."""
    requested: dict[tuple[int, int, str], int] = defaultdict(int)
    for (line, component, source), found in sums.cells.items():
        requested[line, component, sums.sources[source].level] += found.get("requested_vnd", 0)
    approved: dict[CellKey, int] = defaultdict(int)
    stood = [entry for entry in approvals if as_of.covers(entry.effective_on, entry.recorded_at)]
    for entry in stood:
        approved[entry.key] += entry.amount_vnd
    accepted = [step.effective_on for step in project_steps(project, as_of) if step.transition == "accept"]
    return Standing(
        requested,
        approved,
        {project.pk: min(entry.effective_on for entry in stood)} if stood else {},
        {project.pk: max(accepted)} if accepted else {},
    )
