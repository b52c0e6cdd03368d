"""The list of what was approved and paid already: what its rows become.

Nothing of it is in the books before the Department's head confirms the letters (``projects/services/past_letters.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from khuyencong.firm_names import marked_name
from khuyencong.text import fold
from programmes.models import ActivityType, AnnualPlan
from projects.importing.layout.listed import Listed, RowAt
from projects.importing.layout.parted import keys_of
from projects.importing.lists.amount_cells import AmountCells, millions
from projects.importing.lists.codes import refuse_codes
from projects.importing.lists.firm_cells import cell_words, mark_in, workers_in
from projects.importing.lists.opening_columns import ASSIGNED, OPENING_COLUMNS, REGISTER
from projects.importing.lists.opening_desk import take_back_opening_rows, write_opening_rows
from projects.importing.lists.opening_entries import OpeningEntry, Portion, RegisterEntry
from projects.importing.lists.opening_events import EventsReader
from projects.importing.lists.opening_grants import GrantsReader
from projects.importing.lists.opening_letters import LettersReader
from projects.importing.lists.opening_payments import PaymentsReader
from projects.importing.lists.opening_portions import joined_portions, with_cells_split
from projects.importing.lists.opening_stops import StopsReader
from projects.importing.lists.plan_words import RowWords, WordsReader
from projects.importing.lists.standing import matched_projects, standing_projects
from projects.importing.lists.twins import ask_of_twins, twins_of
from projects.importing.matching.places import PlaceReader
from projects.importing.proposals import ListKind, ListReading, Proposal, ProposedRow
from projects.importing.questions import SKIP, Option
from projects.importing.reading.sheets import CellValue
from projects.models import PastEvent, PastLetterApproved, PastRecord, Project
from projects.rules.permissions import hindrance_to_past_change

MONEY = ("approved", "contract", "advance", "paid", "recovered", "settled")


def propose_opening_rows(asked: ListReading) -> Proposal:
    """What the rows of each project become: a prepared record with its letters, a change to one, nothing, or a
    question."""
    plan = asked.plan
    if plan is None:
        raise ValueError("a list of projects belongs to a plan")
    asked = with_cells_split(_fed(asked))
    amounts = AmountCells(asked, OPENING_COLUMNS)
    words = WordsReader(asked, list(ActivityType.objects.in_use(plan.year)), PlaceReader(plan))
    portions = [Portion(one, amounts.read(one)) for one in map(ProposedRow, asked.listed.rows)]
    summed = _by_row(portions)
    sums = amounts.sums(summed, asked.listed.sums, [one.key for one in amounts.columns])
    groups = joined_portions(portions, asked)
    letters = LettersReader(asked, plan)
    projects = _Projects(asked, words, letters, PaymentsReader(asked, groups))
    rows = [projects.read(group) for group in groups]
    amounts.ask_of_far(rows, MONEY)
    ask_of_twins(twins_of(rows, _told), asked, _("%(cell)s giống hệt %(other)s. Có phải là hai đề án?"))
    _compare(rows, plan, asked)
    refuse_codes([one for one in rows if not one.is_waiting], plan, _told)
    for one in rows:
        entry: OpeningEntry = one.entry
        for grant in () if one.is_idle else entry.grants:
            grant.letter.approved[grant.level] += grant.vnd
            grant.letter.rows += [] if one in grant.letter.rows else [one]
    letters.settle()
    notes = letters.notes()
    return Proposal(amounts.units, rows, list(asked.questions.asked.values()), sums, notes)


def _by_row(portions: Iterable[Portion]) -> list[ProposedRow]:
    """The rows of the sheet with what their cells say, however many amounts stand in one."""
    found: dict[RowAt, ProposedRow] = {}
    for one in portions:
        row = found.setdefault(one.proposed.row.at, ProposedRow(one.proposed.row))
        for key, vnd in one.found.items():
            row.values[key] = (row.values.get(key) or 0) + (vnd or 0)
    return list(found.values())


def _fed(asked: ListReading) -> ListReading:
    """With the tax codes that the sheet of establishments gives to their names."""
    listed = asked.companions.get("register")
    if listed is None:
        return asked
    codes: dict[str, set[CellValue]] = defaultdict(set)
    for row in listed.rows:
        if row.cells.get("tax_code") is not None:
            codes[marked_name(row.text("firm"))].add(row.cells["tax_code"])
    rows = []
    for row in asked.listed.rows:
        found = codes.get(marked_name(row.text("firm")), set())
        is_silent = row.cells.get("tax_code") is None and len(found) == 1
        rows.append(replace(row, cells={**row.cells, "tax_code": next(iter(found))}) if is_silent else row)
    return replace(asked, listed=Listed(rows, asked.listed.sums, asked.listed.passed))


def _register(asked: ListReading) -> dict[str, RegisterEntry]:
    """By marked name."""
    listed = asked.companions.get("register")
    found: dict[str, RegisterEntry] = {}
    for row in listed.rows if listed else ():
        said = {key: cell_words(row, key) for key in ("address", "representative", "phone", "workers")}
        if (count := workers_in(said["workers"])) is not None:
            said["workers"] = str(count)
        is_women_owned = mark_in(row.text("women")) is True
        found.setdefault(marked_name(row.text("firm")), RegisterEntry(**said, is_women_owned=is_women_owned))
    return found


class _Projects:
    """Reads the projects of one list, each from its rows."""

    def __init__(
        self, asked: ListReading, words: WordsReader, letters: LettersReader, payments: PaymentsReader
    ) -> None:
        self.asked, self.words, self.letters = asked, words, letters
        self.grants = GrantsReader(asked, letters)
        self.events = EventsReader(asked, payments, StopsReader(asked, letters))
        self.register = _register(asked)

    def read(self, group: Sequence[Portion]) -> ProposedRow:
        """The first of the rows stands for the project, with all that is wrong with or asked about the others."""
        one = group[0].proposed
        name, all_words = self.words.name(one), self._all_words(group)
        grants = [grant for portion in group for grant in self.grants.read(portion)]
        self._refuse_without_money(group)
        told = self.events.read(group, grants)
        grants += told.taken_back
        entry = OpeningEntry(name, one.row.text("code")[:30], all_words, self._source(one), self.letters, grants, told)
        entry.progress, entry.notes = (_joined_text(group, key) for key in ("progress", "notes"))
        entry.register, one.entry = self.register, entry
        one.values = {"name": name, "firm": "; ".join(dict.fromkeys(each.helped for each in all_words if each.helped))}
        one.values |= {family: _sum(group, family) for family in MONEY}
        one.values |= {"place": one.row.text("place"), "progress": _state_text(entry)}
        one.values["letter"] = "; ".join(letter.label for letter in entry.letters)
        for other in (portion.proposed for portion in group[1:]):
            one.wrong += other.wrong
            one.notes += other.notes
            one.is_waiting |= other.is_waiting
            one.is_left |= other.is_left
        return one

    def _all_words(self, group: Sequence[Portion]) -> list[RowWords]:
        """Of each row of the sheet; one that names no content is of that of the row above it."""
        found: dict[RowAt, RowWords] = {}
        above: RowWords | None = None
        for portion in group:
            row = portion.proposed.row
            if row.at not in found:
                if above is not None and not row.text("content"):
                    cells = {**row.cells, "content": above.content.short_name if above.content else None}
                    portion.proposed.row = replace(row, cells=cells)
                found[row.at] = self.words.read(portion.proposed)
                portion.proposed.row = row
            above = portion.words = found[row.at]
        return list(found.values())

    def _refuse_without_money(self, group: Sequence[Portion]) -> None:
        one, keys = group[0].proposed, [*keys_of(self.asked.table, "approved"), "approved_whole"]
        amounts = [portion.found.get(key) for portion in group for key in keys]
        is_open = any(portion.proposed.wrong or portion.proposed.is_waiting for portion in group)
        is_nothing = all(vnd == 0 for vnd in amounts if vnd is not None) and any(vnd == 0 for vnd in amounts)
        if not any(amounts) and (is_nothing or not is_open):
            one.is_wrong("approved", _("thiếu kinh phí được duyệt"))

    def _source(self, one: ProposedRow) -> str:
        with override("vi"):
            return _("nhập từ tệp %(file)s, trang %(sheet)s, dòng %(row)s") % {
                "file": self.asked.file_name[-180:],
                "sheet": one.row.table.sheet.name[:60],
                "row": one.row.number,
            }


def _joined_text(group: Sequence[Portion], key: str) -> str:
    return "; ".join(dict.fromkeys(text for one in group if (text := one.proposed.row.text(key))))


def _sum(group: Sequence[Portion], family: str) -> int | None:
    """What the rows of one project say in all columns of a kind; None where they say nothing."""
    table = group[0].proposed.row.table
    amounts = [one.found.get(key) for one in group for key in keys_of(table, family)]
    known = [vnd for vnd in amounts if vnd is not None]
    return sum(known) if known else None


def _state_text(entry: OpeningEntry) -> str:
    return str(dict(Project.Status.choices).get(entry.told.outcome, ""))


def _told(one: ProposedRow) -> tuple[object, ...]:
    """Rows of one name that help the same with the same money are hardly two projects."""
    entry: OpeningEntry = one.entry
    return fold(entry.name), entry.helped, tuple(letter.key for letter in entry.letters), entry.approved


def _compare(rows: Sequence[ProposedRow], plan: AnnualPlan, asked: ListReading) -> None:
    """Finds for each row the project of the plan that it means, and what it changes in it."""
    going_on = set(PastRecord.objects.going_on_in(plan))
    for one, standing in matched_projects(rows, standing_projects(plan)):
        project = standing.project
        if project.pk not in going_on:
            _ask_of_ordinary(one, project, asked)
            continue
        one.existing, one.changes = project, _changes(project, one.entry)
        if one.changes and (hindrance := hindrance_to_past_change(project)):
            said = {"code": project.code, "hindrance": hindrance}
            one.is_wrong("name", _("khác với đề án %(code)s đã có: %(hindrance)s") % said)


def _ask_of_ordinary(one: ProposedRow, project: Project, asked: ListReading) -> None:
    """A project of that name is drafted or judged here already: only the office knows if the row means it."""
    text = _("Kế hoạch đã có đề án %(code)s cùng tên, cùng đơn vị thụ hưởng, đang ở trạng thái “%(status)s”.")
    asked.ask_of(
        one,
        "name",
        f"ordinary:{project.pk}",
        text % {"code": project.code, "status": project.get_status_display()},
        [Option(SKIP, _("Chính là đề án đó, không nhập dòng này")), Option("two", _("Là đề án khác, vẫn nhập"))],
        leaves=False,
    )


def _changes(project: Project, entry: OpeningEntry) -> list[str]:
    """What the rows say otherwise than what was prepared."""
    found = []
    lines = list(PastLetterApproved.objects.of_project(project).select_related("letter", "source", "component"))
    before = sum(line.amount_vnd for line in lines)
    if before != entry.approved:
        found.append(f"{_('kinh phí được duyệt')} {millions(before)} → {millions(entry.approved)}")
    papers, said = dict[object, int](), dict[object, int]()
    for line in lines:
        key = (fold(line.letter.number), line.letter.issued_on, line.source.level, line.component.activity_type_id)
        papers[key] = papers.get(key, 0) + line.amount_vnd
    for grant in entry.grants:
        content = grant.content.pk if grant.content else 0
        key = (fold(grant.letter.number), grant.letter.issued_on, grant.level, content)
        said[key] = said.get(key, 0) + grant.vnd
    if papers.keys() != said.keys() or (before == entry.approved and papers != said):
        found.append(_("văn bản duyệt"))
    if _events_standing(project) != _events_said(entry):
        found.append(_("hợp đồng, chứng từ, nghiệm thu, quyết toán"))
    record = PastRecord.objects.filter(project=project).latest("pk")
    if record.outcome != entry.told.outcome:
        found.append(f"{record.get_outcome_display()} → {_state_text(entry)}")
    return found


def _events_standing(project: Project) -> list[tuple[object, ...]]:
    return sorted(
        (
            *(one.kind, one.number, str(one.stated_on), str(one.counted_on), one.vnd),
            *(one.source.level if one.source else "", one.component.activity_type_id if one.component else 0),
        )
        for one in PastEvent.objects.of_project(project)
    )


def _events_said(entry: OpeningEntry) -> list[tuple[object, ...]]:
    return sorted(
        (
            *(one.kind, one.number, str(one.stated_on), str(one.counted_on), one.vnd or 0),
            *(one.level, one.content.pk if one.content else 0),
        )
        for one in entry.told.done
    )


OPENING_ROWS = ListKind(
    key="opening",
    title=gettext_lazy("Tình hình đã duyệt, đã chi (số liệu đầu kỳ)"),
    columns=OPENING_COLUMNS,
    name_key="name",
    right="write",
    is_of_plan=True,
    propose=propose_opening_rows,
    write=write_opening_rows,
    take_back=take_back_opening_rows,
    shown=("name", "firm", "place", "letter", *MONEY, "progress"),
    companions=(REGISTER, ASSIGNED),
)
