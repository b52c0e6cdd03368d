"""One row of the file beside its project, cell by cell. A cell that was read as is likely and then differs is never
called different, only unclear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from khuyencong.text import fold
from programmes.models import AdminUnit, AnnualPlan
from programmes.models.area import listed_units
from projects.importing.assumed import UnclearCells
from projects.importing.comparison.result import CellState, ComparedCell, ComparedRow, RowResult
from projects.importing.layout.headers import Table
from projects.importing.lists.money_levels import MONEY, STATE
from projects.importing.lists.plan_columns import PLAN_COLUMNS
from projects.importing.lists.plan_entry import PlanEntry
from projects.importing.lists.standing import StandingProject
from projects.importing.proposals import ProposedRow
from projects.models import Project, ProjectComponent, Support


class PlanWords:
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


def compared_columns(table: Table, rows: Iterable[ProposedRow]) -> dict[str, str]:
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


class RowComparer:
    """Compares rows of one table, cell by cell."""

    def __init__(self, table: Table, unclear: UnclearCells, columns: Mapping[str, str], held: PlanWords) -> None:
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


_WORDS: dict[str, Callable[[RowComparer, ProposedRow, StandingProject], ComparedCell]] = {
    "name": RowComparer.name,
    "firm": RowComparer.firm,
    "place": RowComparer.place,
    "period": RowComparer.period,
    "content": RowComparer.content,
}


def _sum(amounts: Mapping[str, int | None], keys: Iterable[str]) -> int:
    return sum(amounts.get(key) or 0 for key in keys)
