"""Preparing what an old list says: letters and records, and taking them out again.

Nothing of it is in the books before the Department's head confirms the letters (``projects/services/past_letters.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.models import User
from khuyencong.firm_names import marked_name
from khuyencong.funding import FundingLevel
from khuyencong.text import fold
from programmes.models import ActivityType, AnnualPlan, FundingSource
from projects.importing.layout.listed import RowAt
from projects.importing.lists.firm_cells import WORKERS
from projects.importing.lists.opening_entries import Done, Grant, OpeningEntry, RegisterEntry
from projects.importing.lists.opening_letters import OldLetter
from projects.importing.lists.said_parts import HelpedWriter, kind_said, places_said, scope_said
from projects.importing.lists.taking_back import reason_of, refuse_touched
from projects.importing.matching.firms import Firm
from projects.importing.matching.places import PlaceReader
from projects.importing.models import ImportedRow
from projects.importing.proposals import ProposedRow, unheard
from projects.models import PastLetter, Project
from projects.refusals import Refused
from projects.services.discarding import discard_drafts
from projects.services.past_events import EventInput
from projects.services.past_letter_lines import LetterLine
from projects.services.past_letters import LetterHead, drop_past_letter, prepare_past_letter
from projects.services.past_records import StatedOutcome, change_past_record, enter_past_record
from projects.services.project_entry import ContentInput, ProjectInput


def write_opening_rows(
    *, plan: AnnualPlan, rows: Sequence[ProposedRow], actor: User, told: Callable[[int], None] = unheard
) -> dict[RowAt, Project]:
    """Prepares letters and records, in the transaction of the caller; by sheet and number.

    Raises what the services of past records raise; then nothing is written.
    """
    written = [one for one in rows if one.existing is None or one.changes]
    if not written:
        return {}
    first: OpeningEntry = written[0].entry
    book = first.book
    desk = _Desk(plan, actor, book.asked.file_name, first.register)
    used = {letter.key for one in written for letter in one.entry.letters}
    letters = book.letters.values()
    for letter in sorted(letters, key=lambda one: (one.issued_on is not None, str(one.issued_on), one.number)):
        if letter.key in used or (letter.assigned and not letter.rows):
            desk.letter(letter)
    stored: dict[RowAt, Project] = {}
    for one in written:
        stored[one.row.at] = desk.write(one)
        told(len(stored))
    return stored


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
        told = entry.told
        words: Any = {
            "data": ProjectInput(
                plan=self.plan,
                contents=[ContentInput(content, amounts) for content, amounts in self._asked_for(entry).items()],
                places=places_said(entry.all_words),
                supports=self.helped.supports(entry.all_words),
            ),
            "stated": StatedOutcome(
                told.outcome,
                entry.source,
                on=told.stated_on,
                words=entry.progress,
                goes_on=True,
                counted_on=told.counted_on,
            ),
            "lines": self._lines(entry),
            "events": [self._event(done) for done in told.done],
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

    def _asked_for(self, entry: OpeningEntry) -> dict[ActivityType, dict[FundingSource, int]]:
        found: dict[ActivityType, dict[FundingSource, int]] = defaultdict(lambda: defaultdict(int))
        for grant in entry.grants:
            found[_content(grant)][self._source(grant.level)] += max(grant.vnd, 0)
        return found

    def _lines(self, entry: OpeningEntry) -> list[LetterLine]:
        """What each letter approves, in one line for each content and source."""
        sums: dict[tuple[str, ActivityType, str], int] = defaultdict(int)
        letters = {grant.letter.key: grant.letter for grant in entry.grants}
        for grant in entry.grants:
            sums[grant.letter.key, _content(grant), grant.level] += grant.vnd
        return [
            LetterLine(self.letter(letters[key]), content, self._source(level), vnd)
            for (key, content, level), vnd in sums.items()
            if vnd
        ]

    def _source(self, level: str) -> FundingSource:
        return self.sources[FundingLevel(level)]

    def _event(self, done: Done) -> EventInput:
        money: Any = {}
        if done.vnd is not None:
            money = {"activity_type": done.content, "source": self._source(done.level), "amount_vnd": done.vnd}
        days: Any = {"counted_on": done.counted_on, "stated_on": done.stated_on}
        return EventInput(kind=done.kind, number=done.number, **days, **money)


def _content(grant: Grant) -> ActivityType:
    if grant.content is None:
        raise ValueError("a row that still waits is not written")
    return grant.content


def _fill(project: Project, entry: OpeningEntry) -> None:
    words, every = entry.all_words[0], entry.all_words
    project.name, project.kind, project.area_scope = entry.name, kind_said(every), scope_said(every)
    if words.period:
        project.start_on, project.end_on = words.period.start_on, words.period.end_on
    project.parties = words.parties or project.parties
    project.notes = entry.notes or project.notes
