"""Past records of a year: its letters and projects as the page shows them, and each letter with its lines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from programmes.models import AnnualPlan
from projects.models import PastLetter, PastLetterApproved, PastLetterAssigned, PastRecord, Project
from projects.pages.past_events import PastEventRow, past_events_of


@dataclass(frozen=True)
class PastLetterRow:
    """A letter with what it assigns to the year and approves for projects, in đồng; None: nothing."""

    letter: PastLetter
    assigned_vnd: int | None
    approved_vnd: int | None
    project_count: int


def past_letter_rows(plan: AnnualPlan) -> list[PastLetterRow]:
    """In the order in which they were prepared; in a fixed number of queries."""
    letters = list(PastLetter.objects.filter(plan=plan).for_page())
    assigned: dict[int, int] = defaultdict(int)
    for row in PastLetterAssigned.objects.filter(letter__plan=plan):
        assigned[row.letter_id] += row.amount_vnd
    approved: dict[int, int] = defaultdict(int)
    projects: dict[int, set[int]] = defaultdict(set)
    for one in PastLetterApproved.objects.filter(letter__plan=plan).standing():
        approved[one.letter_id] += one.amount_vnd
        projects[one.letter_id].add(one.plan_line.project_id)
    return [PastLetterRow(one, assigned.get(one.pk), approved.get(one.pk), len(projects[one.pk])) for one in letters]


@dataclass(frozen=True)
class PastProjectRow:
    """A past record with the letters that give it money; ``is_without`` says that none was chosen for some of it."""

    project: Project
    record: PastRecord
    letters: list[PastLetter]
    requested_vnd: int
    lettered_vnd: int

    @property
    def can_change(self) -> bool:
        """While the Centre has all its letters."""
        return self.project.status == Project.Status.STATED and all(letter.is_open for letter in self.letters)

    @property
    def is_without(self) -> bool:
        return self.project.status == Project.Status.STATED and self.lettered_vnd < self.requested_vnd


def past_project_rows(plan: AnnualPlan) -> list[PastProjectRow]:
    """By code; in a fixed number of queries."""
    projects = Project.objects.in_plans([plan]).of_old_files()
    found = list(projects.prefetch_related("past_records", "lines__cost_lines__source").order_by("code"))
    letters: dict[int, dict[int, PastLetter]] = defaultdict(dict)
    sums: dict[int, int] = defaultdict(int)
    for row in PastLetterApproved.objects.filter(letter__plan=plan).standing().select_related("letter"):
        letters[row.plan_line.project_id][row.letter_id] = row.letter
        sums[row.plan_line.project_id] += row.amount_vnd
    return [
        PastProjectRow(one, one.last_statement, list(letters[one.pk].values()), _asked(one), sums[one.pk])
        for one in found
    ]


def _asked(project: Project) -> int:
    """State money of the project, in đồng."""
    costs = (cost for line in project.lines.all() for cost in line.cost_lines.all())
    return sum(cost.amount_vnd for cost in costs if cost.source.is_state)


@dataclass(frozen=True)
class PastLetterLine:
    """What the letter approves for a content of a project, with what the project's file states and tells."""

    approved: PastLetterApproved
    record: PastRecord
    events: list[PastEventRow]


@dataclass(frozen=True)
class PastLetterLines:
    """All that a letter gives; ``approved_vnd`` in đồng, None where it approves nothing."""

    assigned: list[PastLetterAssigned]
    approved: list[PastLetterLine]
    approved_vnd: int | None


def lines_of_past_letter(letter: PastLetter) -> PastLetterLines:
    """In a fixed number of queries."""
    rows = list(letter.approved.standing().prefetch_related("plan_line__project__past_records"))
    events = past_events_of({row.plan_line.project_id for row in rows})
    approved = [
        PastLetterLine(row, row.plan_line.project.last_statement, events.get(row.plan_line.project_id, []))
        for row in rows
    ]
    assigned = list(letter.assigned.select_related("source"))
    return PastLetterLines(assigned, approved, sum(row.amount_vnd for row in rows) if rows else None)
