"""What would become of each row of a list, before anything is written."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan
from projects.importing.layout.columns import ListColumn
from projects.importing.layout.headers import Table
from projects.importing.layout.listed import Listed, ListRow, RowAt
from projects.importing.questions import LEAVE_OUT, SKIP, Option, RowQuestion, RowQuestions
from projects.importing.reading.sheets import place_named


class RowState(enum.Enum):
    """What becomes of a row; in this order they are shown."""

    CHOICE = "choice"
    WRONG = "wrong"
    NEW = "new"
    CHANGED = "changed"
    EQUAL = "equal"
    LEFT = "left"

    @property
    def label(self) -> str | Promise:
        return _LABELS[self]


_LABELS = {
    RowState.CHOICE: _("Cần chọn"),
    RowState.WRONG: _("Sai"),
    RowState.NEW: _("Mới"),
    RowState.CHANGED: _("Thay đổi"),
    RowState.EQUAL: _("Không đổi"),
    RowState.LEFT: _("Không nhập"),
}


@dataclass(frozen=True)
class Remark:
    """Something about a cell: what is wrong with it, or what is worth a look."""

    cell: str
    text: str
    row: int = 0
    column: int = 0


@dataclass
class ProposedRow:
    """A row with what it means. ``values``: what its record would hold, for the page, by column; ``entry``: the same
    for the service that writes it; ``existing``: the record that it would change; ``before``: what stood there, as the
    service kept it for the case that the list is taken back; ``joined``: other rows of which the office says that they
    tell of the same record."""

    row: ListRow
    values: dict[str, Any] = field(default_factory=dict)
    wrong: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    joined: list[ListRow] = field(default_factory=list)
    is_waiting: bool = False
    is_left: bool = False
    entry: Any = None
    before: Any = None
    existing: Any = None

    @property
    def state(self) -> RowState:
        if self.is_left:
            return RowState.LEFT
        if self.wrong:
            return RowState.WRONG
        if self.is_waiting:
            return RowState.CHOICE
        if self.existing is None:
            return RowState.NEW
        return RowState.CHANGED if self.changes else RowState.EQUAL

    @property
    def is_idle(self) -> bool:
        """Whether it is not written whatever else is answered."""
        return self.state in (RowState.WRONG, RowState.LEFT)

    def is_wrong(self, key: str, text: str | Promise) -> None:
        self.wrong.append(self._remark(key, text))

    def is_noted(self, key: str, text: str | Promise) -> None:
        self.notes.append(self._remark(key, text))

    def _remark(self, key: str, text: str | Promise) -> Remark:
        column = self.row.table.columns.get(key, 1)
        return Remark(self.row.place_of(key), str(text), self.row.number, column)


@dataclass(frozen=True)
class SumCheck:
    """A sum that the file states beside that of its rows, in đồng: of the row ``at``, ``over`` those rows."""

    label: str
    at: RowAt
    column: ListColumn
    cell: str
    stated: int
    ours: int
    over: frozenset[RowAt] = frozenset()

    @property
    def difference(self) -> int:
        """By how much the file states too much."""
        return self.stated - self.ours

    @property
    def missing(self) -> int:
        """By how much the file states too little."""
        return self.ours - self.stated


@dataclass
class Proposal:
    """Everything that the confirming page shows and the service writes."""

    units: Mapping[str, int]  # of money by sheet, 0 where nobody said it; none in a list without money
    rows: list[ProposedRow] = field(default_factory=list)
    questions: list[RowQuestion] = field(default_factory=list)
    sums: list[SumCheck] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def in_state(self, state: RowState) -> list[ProposedRow]:
        return [one for one in self.rows if one.state == state]

    @property
    def is_unit_known(self) -> bool:
        return bool(self.units) and all(self.units.values())

    @property
    def counts(self) -> dict[RowState, int]:
        return {state: len(self.in_state(state)) for state in RowState}

    @property
    def to_write(self) -> int:
        """How many rows are new or changed."""
        return sum(one.state in (RowState.NEW, RowState.CHANGED) for one in self.rows)

    def settle_questions(self) -> None:
        """Nobody is asked about rows that are wrong or left out anyway; the others say what they wait for. A wrong row
        names these cells too, so that all of it is put right at once."""
        idle = {one.row.at for one in self.rows if one.is_idle}
        wrong = {one.row.at: one for one in self.in_state(RowState.WRONG)}
        for question in self.open_questions:
            for cell in question.cells:
                sheet, row, column = place_named(cell)
                if (sheet, row) in wrong:
                    wrong[sheet, row].notes.append(Remark(cell, question.text, row, column))
        self.questions = [one for one in self.questions if not one.is_open or one.rows - idle]
        by_place = {one.row.at: one for one in self.rows}
        for question in self.open_questions:
            for place in question.rows & by_place.keys() - idle:
                by_place[place].asks.append(question.text)

    @property
    def open_questions(self) -> list[RowQuestion]:
        return [one for one in self.questions if one.is_open]

    @property
    def is_ready(self) -> bool:
        """Whether nothing waits and there is something to write."""
        return not self.open_questions and self.to_write > 0


@dataclass(frozen=True)
class Companion:
    """Another sheet of the same file that says more of what a list names."""

    key: str
    columns: Sequence[ListColumn]
    name_key: str


@dataclass(frozen=True)
class ListReading:
    """What a kind of list is read with: one sheet, or several of one form; ``companions`` are the rows of other sheets
    that say more, by key."""

    user: User
    organisation: Organisation
    plan: AnnualPlan | None
    tables: Sequence[Table]
    listed: Listed
    questions: RowQuestions
    file_name: str = ""
    companions: Mapping[str, Listed] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The list's sheet; the first of several, which name the same columns."""
        return self.tables[0]

    def row_name(self, at: RowAt) -> str:
        """“17”, with its sheet where the list has several: “KCĐP!17”."""
        return str(at[1]) if len(self.tables) == 1 else f"{at[0]}!{at[1]}"

    def ask_of(
        self,
        proposed: ProposedRow,
        column: str,
        key: str,
        text: str,
        options: Iterable[Option],
        *,
        leaves: bool = True,
        likely: str = "",
        is_habit: bool = False,
    ) -> str:
        """What the office says of a row's cell; empty where the row waits for it or is left out by it.

        ``leaves``: leaving the row out is offered besides.
        """
        row = proposed.row
        answer = self.questions.ask(
            key,
            text,
            [*options, Option(SKIP, LEAVE_OUT)] if leaves else options,
            cell=row.place_of(column),
            row=row.at,
            likely=likely,
            is_habit=is_habit,
        )
        proposed.is_waiting |= not answer
        proposed.is_left |= answer == SKIP
        return "" if answer == SKIP else answer


def unheard(*figures: int) -> None:
    """For a write whose figures nobody waits for."""


@dataclass(frozen=True)
class ListKind:
    """A kind of list: its columns as data, how its rows are understood, and the service that writes them.

    ``write`` gets the organisation's plan, the rows to write, who acts, and ``told`` where somebody waits: it is told
    how many rows are written so far. It returns for each row the record.
    ``take_back`` gets the rows that were written; without it a list of that kind stays. ``is_judged``: it writes
    projects that the law of the day judges. ``has_parts``: several sheets of one form are one list.
    """

    key: str
    title: str | Promise
    columns: Sequence[ListColumn]
    name_key: str
    right: str
    is_of_plan: bool
    propose: Callable[[ListReading], Proposal]
    write: Callable[..., Mapping[RowAt, Any]]
    take_back: Callable[..., None] | None = None
    shown: Sequence[str] = ()
    companions: Sequence[Companion] = ()
    is_judged: bool = False
    has_parts: bool = False
