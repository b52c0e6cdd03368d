"""The history of everything in one list: changes of fields and steps of rounds and projects, newest first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.text import MAX_SEARCH_WORDS, fold, inside_sentence, sort_key
from programmes.models import Decision, PlanRound
from projects.models import Beneficiary, FieldChange, Project, StatusChange
from projects.rules.transitions import PROJECT_TRANSITIONS, ROUND_TRANSITIONS, transitions_of

Key = TypeVar("Key", str, int)

Record = PlanRound | Project | Beneficiary

CHANGE, STEP = "change", "step"
SHORT_LIST = 10  # of changes on the page of one record


@dataclass(frozen=True)
class Search:
    """What the list is narrowed by; days are local and both included, None narrows nothing."""

    words: str = ""
    person: int | None = None
    kind: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    project: Project | None = None
    beneficiary: Beneficiary | None = None


@dataclass(frozen=True)
class JournalEntry:
    """One row for a reader. A step says its label and statuses, a change its field and texts."""

    recorded_at: dt.datetime
    actor: User
    record: Record
    what: str
    before: str
    after: str
    decision: Decision | None
    reason: str = ""
    effective_on: dt.date | None = None
    is_undated: bool = False
    on_behalf_of: User | None = None

    @property
    def record_name(self) -> str:
        return name_of(self.record)

    @property
    def record_note(self) -> str:
        """What kind of record it is, and a project's code."""
        if isinstance(self.record, Project):
            return _("Đề án %(code)s") % {"code": self.record.code}
        return _("Đơn vị thụ hưởng") if isinstance(self.record, Beneficiary) else _("Đợt của kế hoạch")


def name_of(record: Record) -> str:
    """The record as the history calls it: a round with its year, no personal number."""
    return round_name(record) if isinstance(record, PlanRound) else mask_personal_numbers(str(record))


def round_name(plan_round: PlanRound) -> str:
    return _("%(round)s, kế hoạch năm %(year)s") % {"round": plan_round, "year": plan_round.plan.year}


def journal_rows(user: User, search: Search) -> QuerySet[Any]:
    """(table, id, recorded_at) of every row of both tables that the user may see and asks for, newest first."""
    changes, steps = FieldChange.objects.visible_to(user), StatusChange.objects.visible_to(user)
    if search.person is not None:
        changes, steps = changes.recorded_by(search.person), steps.recorded_by(search.person)
    changes = changes.recorded_between(search.first, search.last)
    steps = steps.recorded_between(search.first, search.last)
    if search.kind:
        changes, steps = changes.of_kind(search.kind), steps.of_kind(search.kind)
    if search.project is not None:
        changes, steps = changes.of_project(search.project), steps.of_project(search.project)
    if search.beneficiary is not None:
        changes, steps = changes.of_beneficiary(search.beneficiary), steps.none()
    changes, steps = _mentioning(user, changes, steps, search.words)
    return _keys(changes, CHANGE).union(_keys(steps, STEP), all=True).order_by("-recorded_at", "table", "-pk")


def _mentioning(user: User, changes: Any, steps: Any, text: str) -> tuple[Any, Any]:
    """Rows that have every word somewhere; what rounds and steps are called stands in no column."""
    words = list(dict.fromkeys(fold(text).split()))[:MAX_SEARCH_WORDS]
    if not words:
        return changes, steps
    rounds = {row.pk: fold(round_name(row)) for row in PlanRound.objects.visible_to(user).select_related("plan")}
    labels, statuses = _labels()
    for word in words:
        changes = changes.mentioning(word)
        steps = steps.mentioning(
            word,
            transitions=_having(word, labels),
            statuses=_having(word, statuses),
            rounds=_having(word, rounds),
        )
    return changes, steps


def _labels() -> tuple[dict[str, str], dict[str, str]]:
    """Steps and statuses by their codes as they are called, folded for a search.

    A code that rounds and projects share is found by the words of either.
    """
    steps: dict[str, list[str]] = defaultdict(list)
    statuses: dict[str, list[str]] = defaultdict(list)
    for table in (ROUND_TRANSITIONS, PROJECT_TRANSITIONS):
        for step in table.values():
            steps[step.name].append(str(step.label))
    for choices in (PlanRound.Status, Project.Status):
        for status in choices:
            statuses[status.value].append(str(status.label))
    return _folded(steps), _folded(statuses)


def _having(word: str, texts: dict[Key, str]) -> list[Key]:
    return [key for key, text in texts.items() if word in text]


def _folded(words: dict[str, list[str]]) -> dict[str, str]:
    return {code: fold(" ".join(said)) for code, said in words.items()}


def _keys(rows: Any, table: str) -> Any:
    keyed = rows.order_by().annotate(table=Value(table, output_field=CharField()))
    return keyed.values_list("table", "pk", "recorded_at")


def entries_of(keys: list[tuple[str, int, dt.datetime]]) -> list[JournalEntry]:
    """The rows of one page, in the order of their keys, in one query for each table."""
    ids = {table: [pk for name, pk, _at in keys if name == table] for table in (CHANGE, STEP)}
    changes = FieldChange.objects.newest_first().in_bulk(ids[CHANGE])
    steps = StatusChange.objects.for_journal().in_bulk(ids[STEP])
    return [_change_entry(changes[pk]) if table == CHANGE else _step_entry(steps[pk]) for table, pk, _at in keys]


def _change_entry(change: FieldChange) -> JournalEntry:
    return JournalEntry(
        recorded_at=change.recorded_at,
        actor=change.actor,
        record=cast(Project | Beneficiary, change.project or change.beneficiary),
        what=change.field_label,
        before=mask_personal_numbers(change.before),
        after=mask_personal_numbers(change.after),
        decision=change.decision,
        reason=mask_personal_numbers(change.reason),
        on_behalf_of=change.on_behalf_of,
    )


def _step_entry(change: StatusChange) -> JournalEntry:
    record = cast(PlanRound | Project, change.project or change.round)
    step = transitions_of(record).get(change.transition)
    return JournalEntry(
        recorded_at=change.recorded_at,
        actor=change.actor,
        record=record,
        what=_what(change, str(step.label) if step else change.transition),
        before=str(record.Status(change.source_status).label),
        after=change.target_label,
        decision=change.decision,
        reason=mask_personal_numbers(change.reason),
        effective_on=change.known_on,
        is_undated=change.known_on is None,
        on_behalf_of=change.on_behalf_of,
    )


def _what(change: StatusChange, label: str) -> str:
    """The step; of a project that stands otherwise by its other lines, of which line and what was said of it."""
    if change.in_round is None or not (said := change.line_label):
        return label
    return f"{label} ({change.in_round.in_sentence}: {inside_sentence(said)})"


def people_in_journal(user: User) -> list[User]:
    """Everybody who changed something that the user may see, in the order of their names."""
    changed = FieldChange.objects.visible_to(user).filter(actor=OuterRef("pk"))
    stepped = StatusChange.objects.visible_to(user).filter(actor=OuterRef("pk"))
    people = User.objects.filter(Exists(changed) | Exists(stepped))
    return sorted(people, key=lambda person: sort_key(str(person)))


def latest_changes(record: Project | Beneficiary, recorded_on: dt.date | None = None) -> QuerySet[Any]:
    """The newest changes of one record's fields, for its page; those recorded by the end of that day."""
    rows = FieldChange.objects
    changes = rows.of_project(record) if isinstance(record, Project) else rows.of_beneficiary(record)
    return changes.recorded_between(None, recorded_on).newest_first()[:SHORT_LIST]
