"""The list of what was approved and paid already: what its rows become, and the service that prepares them.

Nothing of it is in the books before the Department's head confirms the letters (``projects/services/past_letters.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from khuyencong.accounts.models import User
from khuyencong.firm_names import marked_name
from khuyencong.funding import FundingLevel
from khuyencong.text import fold
from programmes.models import ActivityType, AnnualPlan, FundingSource
from projects.importing.layout.row_kinds import Listed
from projects.importing.lists.amount_cells import AmountCells, millions
from projects.importing.lists.codes import refuse_codes
from projects.importing.lists.firm_cells import WORKERS, cell_words, mark_in, workers_in
from projects.importing.lists.money_levels import LEVELS
from projects.importing.lists.opening_columns import ASSIGNED, OPENING_COLUMNS, REGISTER
from projects.importing.lists.opening_events import Done, EventsReader, Told
from projects.importing.lists.opening_letters import LettersReader, OldLetter
from projects.importing.lists.plan_words import RowWords, WordsReader
from projects.importing.lists.said_parts import HelpedWriter, kind_said, names_helped, places_said, scope_said
from projects.importing.lists.standing import matched_projects, standing_projects
from projects.importing.lists.taking_back import reason_of, refuse_touched
from projects.importing.lists.twins import ask_of_twins
from projects.importing.matching.firms import Firm
from projects.importing.matching.places import PlaceReader
from projects.importing.models import ImportedRow
from projects.importing.proposals import ListKind, ListReading, Proposal, ProposedRow
from projects.importing.questions import SKIP, Option
from projects.importing.reading.sheets import CellValue
from projects.models import PastEvent, PastLetter, PastLetterApproved, PastRecord, Project
from projects.refusals import Refused
from projects.rules.permissions import hindrance_to_past_change
from projects.services.discarding import discard_drafts
from projects.services.past_events import EventInput
from projects.services.past_letter_lines import LetterLine
from projects.services.past_letters import LetterHead, drop_past_letter, prepare_past_letter
from projects.services.past_records import StatedOutcome, change_past_record, enter_past_record
from projects.services.project_entry import ContentInput, ProjectInput

MONEY = ("approved", "contract", "advance", "paid", "settled")


@dataclass(frozen=True)
class RegisterEntry:
    """What the sheet of establishments says of one."""

    address: str = ""
    representative: str = ""
    phone: str = ""
    workers: str = ""
    is_women_owned: bool = False


@dataclass
class OpeningEntry:
    """A project as its row states it; ``book`` knows all letters of the list, those without
    rows too."""

    name: str
    code: str
    words: RowWords
    source: str
    book: LettersReader
    letter: OldLetter | None = None
    level: str = ""
    approved: int = 0
    told: Told = field(default_factory=Told)
    progress: str = ""
    notes: str = ""
    register: Mapping[str, RegisterEntry] = field(default_factory=dict)

    @property
    def helped(self) -> str:
        return names_helped([self.words])

    @property
    def amounts(self) -> dict[str, int | None]:
        """As a plan's money is told apart; empty as long as nobody said whose it is."""
        return {key: self.approved for key, level in LEVELS.items() if level == self.level}


def propose_opening_rows(asked: ListReading) -> Proposal:
    """What each row becomes: a prepared record with its letter, a change to one, nothing, or a question."""
    plan = asked.plan
    if plan is None:
        raise ValueError("a list of projects belongs to a plan")
    asked = _fed(asked)
    contents = list(ActivityType.objects.in_use(plan.year))
    amounts = AmountCells(asked, OPENING_COLUMNS)
    words = WordsReader(asked, contents, PlaceReader(plan))
    letters = LettersReader(asked, plan)
    rows = [ProposedRow(row) for row in asked.listed.rows]
    found = {one.row.number: amounts.read(one) for one in rows}
    events = EventsReader(asked, _is_cumulative(asked, found))
    register = _register(asked)
    for one in rows:
        _propose(one, found[one.row.number], words, letters, events, register, asked)
    sums = amounts.sums(rows, asked.listed.sums, MONEY)
    amounts.ask_of_far(rows, MONEY)
    ask_of_twins(rows, asked, _told, _("%(cell)s giống hệt %(other)s. Có phải là hai đề án?"))
    _compare(rows, plan, asked)
    refuse_codes([one for one in rows if not one.is_waiting], plan, _told)
    for one in rows:
        entry: OpeningEntry = one.entry
        if entry.letter and not one.is_idle:
            entry.letter.approved[entry.level] += entry.approved
            entry.letter.rows.append(one)
    letters.settle()
    notes = letters.notes()
    return Proposal(asked.table, amounts.unit, rows, list(asked.questions.asked.values()), sums, notes)


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


def _is_cumulative(asked: ListReading, found: Mapping[int, Mapping[str, int | None]]) -> bool | None:
    """Whether the column of payments holds the advances too: asked where its heading or a row's money says it may;
    None as long as nobody answered."""
    table = asked.table
    if not {"advance", "paid"} <= table.columns.keys():
        return False
    heading = fold(table.headings.get(table.columns["paid"], ""))
    may_be = any(words in heading for words in ("luy ke", "giai ngan", "tong", "da chi"))
    for row in found.values():
        advance, paid, approved = (row.get(key) or 0 for key in ("advance", "paid", "approved"))
        may_be |= bool(advance and paid >= advance and advance + paid > approved)
    first = next(iter(asked.listed.rows), None)
    if not may_be or first is None:
        return False
    answer = asked.questions.ask(
        f"paid:{table.sheet.name}",
        _("Số ở cột “%(column)s” đã gồm tạm ứng chưa?") % {"column": table.headings.get(table.columns["paid"], "")},
        [Option("apart", _("Chưa, là số chi thêm sau tạm ứng")), Option("all", _("Đã gồm tạm ứng"))],
        cell=first.place_of("paid"),
        row=first.at,
    )
    return answer == "all" if answer else None


def _propose(
    one: ProposedRow,
    found: dict[str, int | None],
    words: WordsReader,
    letters: LettersReader,
    events: EventsReader,
    register: Mapping[str, RegisterEntry],
    asked: ListReading,
) -> None:
    row, name = one.row, words.name(one)
    if row.part_of is not None:
        one.is_wrong("name", _("dòng này gộp ô tên với dòng trên; ghi mỗi đề án một dòng, cộng các lần chi lại"))
    if found.get("approved") == 0 or (found.get("approved") is None and not one.wrong and not one.is_waiting):
        one.is_wrong("approved", _("thiếu kinh phí được duyệt"))
    with override("vi"):
        source = _("nhập từ tệp %(file)s, trang %(sheet)s, dòng %(row)s") % {
            "file": asked.file_name[-180:],
            "sheet": row.table.sheet.name[:60],
            "row": row.number,
        }
    entry = OpeningEntry(name, row.text("code")[:30], words.read(one), source, letters)
    entry.approved, entry.register = found.get("approved") or 0, register
    entry.progress, entry.notes = row.text("progress"), row.text("notes")
    one.entry = entry
    if letter := letters.of_row(one):
        entry.letter, entry.level = letter, letters.level(one, letter)
        entry.told = events.read(one, found, letter)
        if letter.hindrance:
            one.is_wrong("letter", letter.hindrance)
    one.values = {**found, "name": name, "firm": entry.words.helped, "place": row.text("place")}
    one.values |= {"letter": entry.letter.label if entry.letter else "", "progress": _state_text(entry)}


def _state_text(entry: OpeningEntry) -> str:
    return str(dict(Project.Status.choices).get(entry.told.outcome, ""))


def _told(one: ProposedRow) -> tuple[object, ...]:
    """Rows of one name that help the same with the same money are hardly two projects."""
    entry: OpeningEntry = one.entry
    return fold(entry.name), entry.helped, entry.letter and entry.letter.key, entry.approved


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
    """What the row says otherwise than what was prepared."""
    found = []
    lines = list(PastLetterApproved.objects.of_project(project).select_related("letter"))
    before = sum(line.amount_vnd for line in lines)
    if before != entry.approved:
        found.append(f"{_('kinh phí được duyệt')} {millions(before)} → {millions(entry.approved)}")
    papers = {(fold(line.letter.number), line.letter.issued_on) for line in lines}
    if entry.letter and papers != {(fold(entry.letter.number), entry.letter.issued_on)}:
        found.append(_("văn bản duyệt"))
    events = PastEvent.objects.of_project(project)
    stood = sorted((one.kind, one.number, str(one.stated_on), str(one.counted_on), one.vnd) for one in events)
    said = sorted(
        (one.kind, one.number, str(one.stated_on), str(one.counted_on), one.vnd or 0) for one in entry.told.done
    )
    if stood != said:
        found.append(_("hợp đồng, chứng từ, nghiệm thu, quyết toán"))
    record = PastRecord.objects.filter(project=project).latest("pk")
    if record.outcome != entry.told.outcome:
        found.append(f"{record.get_outcome_display()} → {_state_text(entry)}")
    return found


def write_opening_rows(*, plan: AnnualPlan, rows: Sequence[ProposedRow], actor: User) -> dict[int, Project]:
    """Prepares letters and records, in the transaction of the caller; by number of the row.

    Raises what the services of past records raise; then nothing is written.
    """
    written = [one for one in rows if one.existing is None or one.changes]
    if not written:
        return {}
    first: OpeningEntry = written[0].entry
    book = first.book
    desk = _Desk(plan, actor, book.asked.file_name, first.register)
    used = {one.entry.letter.key for one in written}
    letters = book.letters.values()
    for letter in sorted(letters, key=lambda one: (one.issued_on is not None, str(one.issued_on), one.number)):
        if letter.key in used or (letter.assigned and not letter.rows):
            desk.letter(letter)
    return {one.row.number: desk.write(one) for one in written}


def take_back_opening_rows(*, plan: AnnualPlan, rows: Sequence[ImportedRow], actor: User) -> None:
    """Takes records that a list prepared out of the plan, and its letters with them, while the Centre has all of them.

    Raises Refused where a letter was sent, where somebody has touched a record since, or where the list changed one
    that stood before; and what the services of past records raise.
    """
    if not rows:
        return
    file_name = rows[0].batch.file_name
    named = PastLetter.objects.filter(plan=plan, summary=_words_of_letter(file_name))
    used = PastLetter.objects.filter(approved__plan_line__project__in=[row.project_id for row in rows])
    letters = list(PastLetter.objects.filter(Q(pk__in=named) | Q(pk__in=used)))
    for letter in letters:
        if not letter.is_open:
            text = _(
                "%(letter)s đã gửi Sở xác nhận, nên không rút lại lần nhập được: lấy lại văn bản, hoặc đề nghị Sở "
                "hủy xác nhận, rồi rút lại."
            )
            raise Refused(text % {"letter": letter}, code="touched")
    for row in rows:
        if row.became == ImportedRow.Became.CHANGED:
            text = _("Lần nhập này đã sửa hồ sơ %(code)s có từ trước, nên không rút lại được.")
            raise Refused(text % {"code": row.project.code if row.project else ""}, code="changed")
    refuse_touched(rows, Project.Status.STATED)
    added = [row.project for row in rows if row.project is not None]
    discard_drafts(projects=added, actor=actor, reason=reason_of(rows))
    for letter in letters:
        if letter.summary == _words_of_letter(file_name) and not letter.approved.standing().exists():
            drop_past_letter(letter=letter, actor=actor)


def _words_of_letter(file_name: str) -> str:
    with override("vi"):
        return _("Hồ sơ cũ, nhập từ tệp %(file)s") % {"file": file_name}


class _HelpedBeside(HelpedWriter):
    """With what the sheet of establishments says of each."""

    def __init__(self, plan: AnnualPlan, register: Mapping[str, RegisterEntry]) -> None:
        super().__init__(plan)
        self.register, self.places = register, PlaceReader(plan)

    def more(self, firm: Firm) -> dict[str, Any]:
        names = [firm.name, *(one.name for one in firm.spellings)]
        said = next((found for name in names if (found := self.register.get(marked_name(name)))), RegisterEntry())
        about: dict[str, Any] = {
            "address": said.address[:255],
            "representative": said.representative[:120],
            "phone": said.phone[:40],
            "is_women_owned": said.is_women_owned,
            "notes": f"{WORKERS}: {said.workers}" if said.workers else "",
        }
        if said.address:
            places = self.places.read(said.address).places
            about["unit"] = places[0] if len(places) == 1 else None
        return about


class _Desk:
    """One list on its way to the prepared records."""

    def __init__(self, plan: AnnualPlan, actor: User, file_name: str, register: Mapping[str, RegisterEntry]) -> None:
        self.plan, self.actor, self.file_name = plan, actor, file_name
        self.sources = {source.level: source for source in FundingSource.objects.order_by("-position")}
        self.letters: dict[str, PastLetter] = {}
        self.helped = _HelpedBeside(plan, register)

    def letter(self, said: OldLetter) -> PastLetter:
        """One that the Centre still has, else a new one; two sheets of one letter are one letter when confirmed."""
        if said.key not in self.letters:
            prepared = PastLetter.objects.open().filter(plan=self.plan, issued_on=said.issued_on)
            known = [one for one in prepared if fold(one.number) == fold(said.number)]
            self.letters[said.key] = known[0] if known else self._prepare(said)
        return self.letters[said.key]

    def _prepare(self, said: OldLetter) -> PastLetter:
        head = LetterHead(
            kind=said.kind,
            authority=said.authority,
            number=said.number,
            issued_on=said.issued_on,
            summary=_words_of_letter(self.file_name),
        )
        assigned = {self.sources[level]: vnd for level, vnd in said.assigned.items() if vnd}
        return prepare_past_letter(plan=self.plan, head=head, assigned=assigned, actor=self.actor)

    def write(self, one: ProposedRow) -> Project:
        entry: OpeningEntry = one.entry
        source = self.sources[FundingLevel(entry.level)]
        content = entry.words.content
        if content is None or entry.letter is None:
            raise ValueError("a row that still waits is not written")
        data = ProjectInput(
            plan=self.plan,
            contents=[ContentInput(content, {source: entry.approved})],
            places=places_said([entry.words]),
            supports=self.helped.supports([entry.words]),
        )
        told = entry.told
        words: Any = {
            "data": data,
            "stated": StatedOutcome(
                told.outcome,
                entry.source,
                on=told.stated_on,
                words=entry.progress,
                goes_on=True,
                counted_on=told.counted_on,
            ),
            "lines": [LetterLine(self.letter(entry.letter), content, source, entry.approved)],
            "events": [_event(done, content, source) for done in told.done],
            "actor": self.actor,
        }
        if one.existing is not None:
            project = Project.objects.get(pk=one.existing.pk)
            _fill(project, entry)
            return change_past_record(project=project, version=project.version, **words)
        project = Project(name=entry.name, code=entry.code)
        _fill(project, entry)
        enter_past_record(project=project, is_another=True, **words)
        return project


def _event(done: Done, content: ActivityType, source: FundingSource) -> EventInput:
    money: Any = {} if done.vnd is None else {"activity_type": content, "source": source, "amount_vnd": done.vnd}
    return EventInput(kind=done.kind, counted_on=done.counted_on, stated_on=done.stated_on, number=done.number, **money)


def _fill(project: Project, entry: OpeningEntry) -> None:
    words = entry.words
    project.name, project.kind, project.area_scope = entry.name, kind_said([words]), scope_said([words])
    if words.period:
        project.start_on, project.end_on = words.period.start_on, words.period.end_on
    project.parties = words.parties or project.parties
    project.notes = entry.notes or project.notes


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
