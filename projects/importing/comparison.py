"""An office's own list of a year beside what the system holds for it, cell by cell; nothing is written.

The file is read as one that is imported. What that reading would ask is answered here by what the plan holds or by what
is likely; a cell so read that then differs is never called different, only unclear.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.text import fold, nfc
from programmes.models import AdminUnit, AnnualPlan
from programmes.models.area import listed_units
from projects.importing.assumed import AssumedAnswers, UnclearCells, read_assuming
from projects.importing.layout.headers import Table
from projects.importing.layout.listed import ListRow, RowAt
from projects.importing.lists.money_levels import LEVELS, MONEY, STATE
from projects.importing.lists.plan_columns import PLAN_COLUMNS
from projects.importing.lists.plan_rows import PlanEntry
from projects.importing.lists.standing import StandingProject, matched_projects, standing_projects
from projects.importing.proposals import Proposal, ProposedRow, SumCheck
from projects.importing.reading.sheets import SourceFile
from projects.importing.understanding import file_notes
from projects.models import ApprovalEntry, Project, ProjectComponent, Support
from projects.refusals import Refused

ASKED, APPROVED = "asked", "approved"


class CellState(enum.Enum):
    """How a cell of the file stands to what the system holds."""

    EQUAL = "equal"
    DIFFERS = "differs"
    FILE_ONLY = "file_only"
    OURS_ONLY = "ours_only"
    UNCLEAR = "unclear"


class RowResult(enum.Enum):
    """How a project stands; in this order they are shown. Unclear: nothing differs, yet not every cell was read."""

    DIFFERS = "differs"
    FILE_ONLY = "file_only"
    OURS_ONLY = "ours_only"
    UNCLEAR = "unclear"
    EQUAL = "equal"


@dataclass(frozen=True)
class ComparedCell:
    """``stated`` and ``ours`` as they are shown; of money in đồng besides. ``remark``: why it is unclear."""

    key: str
    title: str
    place: str
    state: CellState
    stated: str = ""
    ours: str = ""
    stated_vnd: int | None = None
    ours_vnd: int | None = None
    remark: str = ""

    @property
    def is_money(self) -> bool:
        return self.key in (*MONEY, "total")

    @property
    def more_vnd(self) -> int | None:
        """By how much the file states more, of money."""
        return (self.stated_vnd or 0) - (self.ours_vnd or 0) if self.is_money else None


@dataclass(frozen=True)
class ComparedRow:
    """A project of the file, of the plan or of both. Money by source, in đồng. ``place``: its name's cell."""

    result: RowResult
    name: str
    place: str = ""
    row: ListRow | None = None
    project: Project | None = None
    helped: str = ""
    cells: Sequence[ComparedCell] = ()
    stated: Mapping[str, int | None] = field(default_factory=dict)
    ours: Mapping[str, int | None] = field(default_factory=dict)
    is_joined: bool = False  # of rows on two sheets

    @property
    def faulty(self) -> list[ComparedCell]:
        return [one for one in self.cells if one.state != CellState.EQUAL]


@dataclass(frozen=True)
class ComparedSum:
    """Money of a source over the whole list or one of its groups: as the file's own sum states it (None where it has
    none), as its rows add up, and as the system holds it; all in đồng. ``place``: the cell of that sum."""

    label: str
    key: str
    added: int
    ours: int
    stated: int | None = None
    place: str = ""

    @property
    def is_equal(self) -> bool:
        return self.added == self.ours and self.stated in (None, self.ours)


@dataclass(frozen=True)
class ParallelRun:
    """What a file of a year says beside the system. ``compared``: keys of the columns; ``assumed``: what was read as
    is likely, in words; ``hidden``: how many rows of the list the sheet hides."""

    plan: AnnualPlan
    basis: str
    file_name: str
    tables: Sequence[Table]
    units: Mapping[str, int]
    rows: Sequence[ComparedRow]
    totals: Sequence[ComparedSum]
    groups: Sequence[ComparedSum]
    compared: Sequence[str]
    assumed: Sequence[str]
    hidden: int
    is_whole: bool = True  # no other list of the sheet was left unread

    def of_result(self, result: RowResult) -> list[ComparedRow]:
        return [one for one in self.rows if one.result == result]

    @property
    def is_equal(self) -> bool:
        """Whether everything that was compared is the same."""
        sums = (*self.totals, *self.groups)
        is_same = all(one.result == RowResult.EQUAL for one in self.rows) and all(one.is_equal for one in sums)
        return is_same and self.is_whole

    @property
    def cell_counts(self) -> dict[CellState, int]:
        states = [cell.state for row in self.rows for cell in row.cells]
        return {state: states.count(state) for state in CellState}


def run_parallel(
    *, plan: AnnualPlan, source: SourceFile, user: User, basis: str, unit: int = 0, level: str = ""
) -> ParallelRun:
    """Compares the file's list of projects with the plan as it stands, by what is asked for or what was approved.

    ``unit``: đồng in one of the file's money, where its sheet does not say; ``level``: whose a column of money is that
    does not say so. Raises Refused beside ``file``, ``unit`` or ``level``.
    """
    standing = _standing_by(plan, basis)
    held = _PlanWords(plan)
    understood, answered = read_assuming(
        plan, source, user, AssumedAnswers(held.firms, held.units.values(), unit, level)
    )
    table, proposal = understood.table, understood.proposal
    if table is None or proposal is None:
        text = _("Không tìm thấy danh mục đề án trong tệp này: không có dòng tiêu đề với cột tên đề án.")
        raise Refused({"file": text}, code="other_form")
    unclear = UnclearCells(proposal, answered)
    compare = _RowComparer(table, unclear, _compared_columns(table, proposal.rows), held)
    pairs = {id(row): one for row, one in matched_projects(proposal.rows, standing, by_name_alone=True)}
    rows = [compare.row(one, pairs.get(id(one))) for one in proposal.rows]
    notes = proposal.notes if understood.stopped_at else file_notes(understood.batch, understood.tables)
    known = {one.project.pk for one in pairs.values()}
    rows += [compare.ours_alone(one) for one in standing if one.project.pk not in known]
    return ParallelRun(
        plan=plan,
        basis=basis,
        file_name=source.name,
        tables=understood.tables,
        units=proposal.units,
        rows=rows,
        totals=list(_totals(rows, proposal, compare.money)),
        groups=list(_groups(rows, proposal.sums, compare.money, len(understood.tables) > 1)),
        compared=compare.keys,
        assumed=[*unclear.words, *notes],
        is_whole=understood.stopped_at is None,
        hidden=sum(one.row.number in one.row.table.sheet.hidden_rows for one in proposal.rows),
    )


def _standing_by(plan: AnnualPlan, basis: str) -> list[StandingProject]:
    """The plan's projects with what is asked for them, or what was approved; own and other money, of which no letter
    tells, stay as asked. What was never approved is not there, which is no 0."""
    standing = standing_projects(plan)
    if basis == ASKED:
        return standing
    approved = ApprovalEntry.objects.for_plans([plan]).amounts_by("plan_line__project", "source__level")
    return [
        replace(
            one,
            amounts={
                **{key: vnd for key, vnd in one.amounts.items() if key not in STATE},
                **{key: approved[at] for key in STATE if (at := (one.project.pk, LEVELS[key])) in approved},
            },
        )
        for one in standing
    ]


class _PlanWords:
    """What the projects of the plan say in words, by their ids; each part is read once for all."""

    def __init__(self, plan: AnnualPlan) -> None:
        in_plan = {"project__lines__round__plan": plan}
        supports = Support.objects.filter(**in_plan).select_related("beneficiary").distinct().order_by("pk")
        self.firms: set[int] = set()
        self.helped: dict[int, list[str]] = defaultdict(list)
        for one in supports:
            self.firms |= {one.beneficiary_id} - {None}
            self.helped[one.project_id].append(str(one))
        components = ProjectComponent.objects.filter(**in_plan).select_related("activity_type").distinct()
        self.contents: dict[int, list[str]] = defaultdict(list)
        for component in components:
            self.contents[component.project_id].append(component.activity_type.short_name)
        pairs = Project.objects.in_plans([plan]).exclude(places=None).values_list("pk", "places")
        self.units = AdminUnit.objects.in_bulk({place for _project, place in pairs})
        self.places: dict[int, list[AdminUnit]] = defaultdict(list)
        for project, place in pairs:
            self.places[project].append(self.units[place])


def _compared_columns(table: Table, rows: Iterable[ProposedRow]) -> dict[str, str]:
    """The cells that are compared, by key, with the column of the file that tells them: money of a column that does
    not say whose it is is that of the source which its rows were read as."""
    found = {
        key: key for key in ("name", *MONEY, "total", "firm", "place", "period", "content") if key in table.columns
    }
    if "state" in table.columns and not found.keys() & set(STATE):
        says = "source" in table.columns  # then each row says it, and what is unclear is of any of them
        meant = [key for key in MONEY if key not in found] if says else STATE
        read = {key for one in rows for key in meant if one.entry.amounts.get(key) is not None}
        read |= set(STATE if says else ())
        found |= dict.fromkeys(sorted(read, reverse=True), "state")
    return found


class _RowComparer:
    """Compares rows of one table, cell by cell."""

    def __init__(self, table: Table, unclear: UnclearCells, columns: Mapping[str, str], held: _PlanWords) -> None:
        self.table, self.unclear, self.columns, self.held = table, unclear, columns, held
        self.keys = list(columns)
        self.money = [key for key in MONEY if key in columns]
        self.titles = {one.key: str(one.title) for one in PLAN_COLUMNS}

    def row(self, proposed: ProposedRow, found: StandingProject | None) -> ComparedRow:
        entry: PlanEntry = proposed.entry
        stated = {key: entry.amounts.get(key) for key in MONEY}
        name, place = entry.name or _("(không có tên)"), proposed.row.place_of("name")
        helped = str(proposed.values.get("firm") or proposed.row.text("firm"))
        if found is None:
            result, joined = RowResult.FILE_ONLY, bool(proposed.joined)
            return ComparedRow(result, name, place, proposed.row, None, helped, (), stated, is_joined=joined)
        cells = list(self._cells(proposed, found))
        states = {one.state for one in cells}
        result = RowResult.EQUAL
        if states - {CellState.EQUAL}:
            result = RowResult.DIFFERS if states - {CellState.EQUAL, CellState.UNCLEAR} else RowResult.UNCLEAR
        ours = {key: found.amounts.get(key) for key in MONEY}
        joined = bool(proposed.joined)
        return ComparedRow(result, name, place, proposed.row, found.project, helped, cells, stated, ours, joined)

    def ours_alone(self, one: StandingProject) -> ComparedRow:
        ours = {key: one.amounts.get(key) for key in MONEY}
        helped = "; ".join(self.held.helped[one.project.pk])
        return ComparedRow(RowResult.OURS_ONLY, one.project.name, "", None, one.project, helped, (), {}, ours)

    def _cells(self, proposed: ProposedRow, found: StandingProject) -> Iterator[ComparedCell]:
        for key in self.columns:
            if key in MONEY or key == "total":
                yield self._amount(key, proposed, found)
            else:
                yield _WORDS[key](self, proposed, found)

    def _amount(self, key: str, proposed: ProposedRow, found: StandingProject) -> ComparedCell:
        stated: int | None = proposed.entry.amounts.get(key)
        ours = self._whole(proposed, found) if key == "total" else found.amounts.get(key)
        is_equal = (stated or 0) == (ours or 0)
        cell = self._cell(key, proposed, is_equal, stated is not None, bool(ours))
        return replace(cell, stated_vnd=stated, ours_vnd=ours)

    def _whole(self, proposed: ProposedRow, found: StandingProject) -> int:
        """What the file's total stands for: all its sources, or the State's alone, as its own columns add up; where it
        has none, whichever it equals."""
        said, stated = proposed.entry.amounts, proposed.entry.amounts.get("total")
        every = self.money or list(MONEY)
        state = [key for key in every if key in STATE]
        tells = said if self.money else found.amounts
        is_state = stated == _sum(tells, state) != _sum(tells, every)
        return _sum(found.amounts, state if is_state else every)

    def _cell(
        self, key: str, proposed: ProposedRow, is_equal: bool, is_stated: bool, is_ours: bool, ours: str = ""
    ) -> ComparedCell:
        """``is_stated``, ``is_ours``: whether the file, or the system, says anything of it."""
        column = self.columns[key]
        place, why = proposed.row.place_of(column), ""
        unread = key != "name" and self.unclear.unread.get(place)
        if not is_equal and key != "name":
            # Whose money it is stands in a cell of its own.
            of_source = proposed.row.place_of("source") if column == "state" else place
            why = self.unclear.why(place) or self.unclear.why(of_source)
        if unread or why:
            state, why = CellState.UNCLEAR, unread or why
        elif is_equal:
            state = CellState.EQUAL
        elif is_stated and is_ours:
            state = CellState.DIFFERS
        else:
            state = CellState.FILE_ONLY if is_stated else CellState.OURS_ONLY
        return ComparedCell(key, self.titles[key], place, state, proposed.row.text(column), ours, remark=why)

    def name(self, proposed: ProposedRow, found: StandingProject) -> ComparedCell:
        """Differs only where the code alone told which project it is."""
        said, ours = proposed.row.text("name"), found.project.name
        return self._cell("name", proposed, fold(said) == fold(ours), bool(said), True, ours)

    def firm(self, proposed: ProposedRow, found: StandingProject) -> ComparedCell:
        said = proposed.entry.helped
        ours = "; ".join(self.held.helped[found.project.pk])
        return self._cell("firm", proposed, said == found.helped, bool(proposed.row.text("firm")), bool(ours), ours)

    def place(self, proposed: ProposedRow, found: StandingProject) -> ComparedCell:
        project, words = found.project, proposed.entry.all_words
        is_whole = project.area_scope == Project.AreaScope.WHOLE_CITY
        is_said_whole, said = any(one.is_whole for one in words), {one.pk for each in words for one in each.places}
        is_equal = is_said_whole == is_whole and (is_whole or said == found.places)
        ours = _("Toàn thành phố") if is_whole else listed_units(self.held.places[project.pk])
        return self._cell("place", proposed, is_equal, bool(proposed.row.text("place")), bool(ours), ours)

    def period(self, proposed: ProposedRow, found: StandingProject) -> ComparedCell:
        said, days = proposed.entry.words.period, (found.project.start_on, found.project.end_on)
        is_equal = ((said.start_on, said.end_on) if said else (None, None)) == days
        ours = " – ".join(f"{day:%d/%m/%Y}" if day else "…" for day in days) if any(days) else ""
        return self._cell("period", proposed, is_equal, said is not None, bool(ours), ours)

    def content(self, proposed: ProposedRow, found: StandingProject) -> ComparedCell:
        """One of the project's contents is enough: a row names but one."""
        said = proposed.entry.words.content
        is_equal = said.pk in found.contents if said else not found.contents
        ours = "; ".join(self.held.contents[found.project.pk])
        return self._cell("content", proposed, is_equal, bool(proposed.row.text("content")), bool(ours), ours)


_WORDS: dict[str, Callable[[_RowComparer, ProposedRow, StandingProject], ComparedCell]] = {
    "name": _RowComparer.name,
    "firm": _RowComparer.firm,
    "place": _RowComparer.place,
    "period": _RowComparer.period,
    "content": _RowComparer.content,
}


def _sum(amounts: Mapping[str, int | None], keys: Iterable[str]) -> int:
    return sum(amounts.get(key) or 0 for key in keys)


def _totals(rows: Sequence[ComparedRow], proposal: Proposal, money: Sequence[str]) -> Iterator[ComparedSum]:
    """By source over the whole list, beside the last sum of the file that calls itself the total; of several sheets
    with one each beside what these add up to (a sheet without money of a source needs none), unless the last of them is
    of all sheets."""
    sheets = list(dict.fromkeys(one.row.table.sheet.name for one in proposal.rows))
    for key in money:
        added, ours = _added(rows, key)
        last = {one.at[0]: one for one in proposal.sums if one.column.key == key and _is_total(one)}
        whole = last.get(sheets[-1]) if sheets else None
        if whole and {at[0] for at in whole.over} == set(sheets):
            last = {whole.at[0]: whole}
        told = {proposed.row.table.sheet.name for proposed in proposal.rows if proposed.entry.amounts.get(key)}
        known = [last[one] for one in sheets if one in last]
        is_stated = bool(known) and (known == [whole] or told <= last.keys())
        stated = sum(one.stated for one in known) if is_stated else None
        yield ComparedSum("", key, added, ours, stated, "; ".join(one.cell for one in known) if is_stated else "")


def _is_total(one: SumCheck) -> bool:
    return fold(one.label).startswith("tong")


def _groups(
    rows: Sequence[ComparedRow], sums: Sequence[SumCheck], money: Sequence[str], of_sheets: bool
) -> Iterator[ComparedSum]:
    """By source under each head of the list, outermost first, of which the file or the system holds money; of several
    sheets under each of them."""
    under: dict[tuple[str, ...], list[ComparedRow]] = defaultdict(list)
    if any(one.is_joined for one in rows):
        return  # a project of two sheets has its money in sums of both
    for one in rows:
        heads = ((one.row.table.sheet.name,) if of_sheets else ()) + tuple(one.row.groups) if one.row else ()
        for depth in range(1, len(heads) + 1):
            under[heads[:depth]].append(one)
    for heads, members in under.items():
        first = min(one.row.at for one in members if one.row)
        is_sheet = of_sheets and len(heads) == 1
        for key in money:
            check = _sheet_check(sums, heads[0], key) if is_sheet else _head_check(sums, heads[-1], key, first)
            added, ours = _added(members, key)
            if added or ours or (check and check.stated):
                label = " / ".join(heads)
                yield ComparedSum(label, key, added, ours, check.stated if check else None, check.cell if check else "")


def _head_check(sums: Sequence[SumCheck], label: str, key: str, first: RowAt) -> SumCheck | None:
    """The sum beside the head: the last one of that name above its first row."""
    named = [one for one in sums if nfc(one.label) == nfc(label) and one.column.key == key]
    above = [one for one in named if one.at[0] == first[0] and one.at < first]
    return above[-1] if above else None


def _sheet_check(sums: Sequence[SumCheck], name: str, key: str) -> SumCheck | None:
    """The last sum of a sheet that calls itself the total, of its own rows."""
    own = [one for one in sums if one.at[0] == name and one.column.key == key and _is_total(one)]
    return next((one for one in reversed(own) if {at[0] for at in one.over} == {name}), None)


def _added(rows: Iterable[ComparedRow], key: str) -> tuple[int, int]:
    """What the file's rows and the system's projects add up to."""
    listed = list(rows)
    return sum(one.stated.get(key) or 0 for one in listed), sum(one.ours.get(key) or 0 for one in listed)
