"""The letters by which the projects of a list were approved: each number and day once, with what it assigns."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.funding import FundingLevel
from khuyencong.text import fold, nfc
from programmes.models import AllocationEntry, AnnualPlan, Authority, Decision
from programmes.models.dated import is_in_force
from projects.importing.layout.parted import key_beside
from projects.importing.layout.units import MILLION
from projects.importing.lists.amount_cells import millions
from projects.importing.lists.money_levels import (
    LEVELS,
    STATE,
    asked_level,
    level_in,
    level_of,
    level_of_title,
    named_source,
)
from projects.importing.lists.opening_papers import doubtful_day, number_and_day
from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import Option
from projects.importing.values.amounts import UnreadableAmount, read_amount
from projects.importing.values.periods import UnreadableTime, read_day
from projects.models import PastLetter
from projects.rules.permissions import hindrance_to_old_letter

UNKNOWN = "unknown"
EQUAL, ELSEWHERE = "equal", "elsewhere"
_KINDS = (
    (r"qd", Decision.Kind.DECISION),
    (r"nq", Decision.Kind.RESOLUTION),
    (r"ttr", Decision.Kind.SUBMISSION),
    (r"tb", Decision.Kind.NOTICE),
    (r"cv|ubnd|sct", Decision.Kind.OFFICIAL_LETTER),
)
_LEVEL_OF_ISSUER = ((r"bct|ctdp", FundingLevel.NATIONAL), (r"ubnd|hdnd|sct", FundingLevel.CITY))
_ISSUERS = ((r"ubnd", "ubnd"), (r"hdnd", "hdnd"), (r"bct", "bo cong thuong"), (r"sct", "so cong thuong"))


@dataclass
class OldLetter:
    """``assigned`` by level of money in đồng, as the file says or as the office answered; ``is_known``: the plan has
    what the letter assigns already."""

    number: str
    issued_on: dt.date | None
    authority: Authority | None = None
    assigned: dict[str, int] = field(default_factory=dict)
    approved: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    rows: list[ProposedRow] = field(default_factory=list)
    is_known: bool = False
    hindrance: str = ""

    @property
    def label(self) -> str:
        if not self.number:
            return _("văn bản chưa rõ số")
        return f"{self.number} {self.issued_on:%d/%m/%Y}" if self.issued_on else self.number

    @property
    def key(self) -> str:
        return f"{fold(self.number)}:{self.issued_on or ''}"

    @property
    def kind(self) -> str:
        folded = fold(self.number)
        return next((kind for words, kind in _KINDS if re.search(rf"\b(?:{words})\b", folded)), "")


@dataclass(frozen=True)
class _Assigned:
    """A row of the sheet of letters."""

    issued_on: dt.date | None
    authority: str
    level: str
    vnd: int | None


class LettersReader:
    """The letters of one list, each looked up once."""

    def __init__(self, asked: ListReading, plan: AnnualPlan) -> None:
        self.asked, self.plan = asked, plan
        self.beside = self._beside()
        self.letters: dict[str, OldLetter] = {}
        province = plan.organisation.province()
        self.authorities = list(Authority.objects.for_letters_of(plan.year, province))
        self.known = {
            (fold(one.number), one.issued_on) for one in PastLetter.objects.filter(plan=plan) if one.assigned.exists()
        }
        given = AllocationEntry.objects.for_plans([plan]).amounts_by("decision__number", "decision__issued_on")
        self.known |= {(fold(number), on) for (number, on), vnd in given.items() if vnd}
        sheet = asked.table.sheet
        self.title = " ".join(
            str(cell) for row in sheet.rows[: asked.table.top - 1] for cell in row if cell is not None
        )

    def _beside(self) -> Mapping[str, list[_Assigned]]:
        """What the sheet of letters says, by folded number."""
        found: dict[str, list[_Assigned]] = defaultdict(list)
        listed = self.asked.companions.get("assigned")
        for row in listed.rows if listed else ():
            number, day = number_and_day(row.text("letter"), self.plan.year)
            try:
                day = read_day(row.cells.get("letter_day")) or day
                amount = read_amount(row.cells.get("assigned"), row.table.unit or self.asked.table.unit or MILLION)
            except (UnreadableTime, UnreadableAmount):
                amount = None
            vnd = amount.vnd if amount else None
            found[fold(number)].append(_Assigned(day, row.text("authority"), level_in(row.text("source")), vnd))
        return found

    def of_row(self, proposed: ProposedRow, key: str = "letter") -> OldLetter | None:
        """The letter that the row names in that column, or the one that the office chose; None where the row waits or
        is wrong."""
        row, day_key = proposed.row, key_beside(proposed.row.table, key, "letter_day") or "letter_day"
        number, day = number_and_day(row.text(key), self.plan.year)
        try:
            day = read_day(row.cells.get(day_key)) or day
        except UnreadableTime:
            text = _("ngày “%(text)s” không đọc được") % {"text": row.text(day_key)}
            proposed.is_wrong(day_key, text)
            return None
        if day and day > timezone.localdate():
            proposed.is_wrong(day_key, _("ngày này sau hôm nay"))
            return None
        if doubt := doubtful_day(row.text(key), day):
            proposed.is_wrong(key, doubt)
            return None
        return self.named(number, day) if number else self._unnumbered(proposed)

    def named(self, number: str, day: dt.date | None) -> OldLetter:
        """The letter of that number; its day, where none is said, as the sheet of letters or another row says it."""
        number = self._whole_number(number, day)
        days = {one.issued_on for one in self.beside.get(fold(number), ()) if one.issued_on}
        if day is None and len(days) == 1:
            [day] = days
        return self._letter(number, day or self._same_number(number))

    def _whole_number(self, number: str, day: dt.date | None) -> str:
        """“123” where one letter of the list alone is “123/QĐ-UBND”, of that day if both say one."""
        if not number.isdigit():
            return number
        named = [one for one in self._numbered if re.match(rf"0*{int(number)}/", one.number)]
        same = {one.number for one in named if None in (day, one.issued_on) or one.issued_on == day}
        return same.pop() if len(same) == 1 else number

    @cached_property
    def _numbered(self) -> list[OldLetter]:
        """Those that rows of the list or its sheet of letters name."""
        listed = self.asked.companions.get("assigned")
        found = self.all_named()
        for row in listed.rows if listed else ():
            number, day = number_and_day(row.text("letter"), self.plan.year)
            days = {one.issued_on for one in self.beside[fold(number)]}
            found.append(OldLetter(number, day or (days.pop() if len(days) == 1 else None)))
        return found

    def asked_for_column(self, proposed: ProposedRow, key: str, own: OldLetter) -> OldLetter | None:
        """Of money in one of several columns beside which stands the letter of another: the same, or one that the list
        names elsewhere, as the office says once for the column."""
        offered = [one for one in self.all_named() if one.key != own.key]
        table = proposed.row.table
        heading = table.headings.get(table.columns[key], "")
        answer = self.asked.ask_of(
            proposed,
            key,
            f"letter:{table.sheet.name}:{key}",
            _("Tiền ở cột “%(column)s” được duyệt ở văn bản nào?") % {"column": heading},
            [
                Option("same", _("Văn bản ghi ở dòng đó")),
                *(Option(one.key, one.label) for one in offered),
                Option(UNKNOWN, _("Chưa rõ số, chưa rõ ngày văn bản")),
            ],
        )
        if answer == "same":
            return own
        if answer == UNKNOWN:
            return self._letter("", None)
        return next((self._letter(one.number, one.issued_on) for one in offered if one.key == answer), None)

    def _same_number(self, number: str) -> dt.date | None:
        days = {one.issued_on for one in self.letters.values() if fold(one.number) == fold(number)}
        return days.pop() if len(days) == 1 else None

    def _unnumbered(self, proposed: ProposedRow) -> OldLetter | None:
        """A row without a number: of one of the other letters, or of one that nobody knows."""
        offered = self.all_named()
        answer = self.asked.ask_of(
            proposed,
            "letter",
            f"letter:{proposed.row.table.sheet.name}",
            _("Có dòng không ghi số quyết định. Các dòng đó được duyệt ở văn bản nào?"),
            [*(Option(one.key, one.label) for one in offered), Option(UNKNOWN, _("Chưa rõ số, chưa rõ ngày văn bản"))],
        )
        if answer == UNKNOWN:
            return self._letter("", None)
        return next((self._letter(one.number, one.issued_on) for one in offered if one.key == answer), None)

    def all_named(self) -> list[OldLetter]:
        """All letters that rows of the list name, whichever stand before this one."""
        found: dict[str, OldLetter] = {}
        for row in self.asked.listed.rows:
            number, day = number_and_day(row.text("letter"), self.plan.year)
            try:
                day = read_day(row.cells.get("letter_day")) or day
            except UnreadableTime:
                continue
            if number:
                letter = OldLetter(number, day)
                found.setdefault(letter.key, letter)
        return list(found.values())

    def _letter(self, number: str, day: dt.date | None) -> OldLetter:
        letter = OldLetter(number, day)
        if letter.key not in self.letters:
            letter.is_known = (fold(number), day) in self.known
            letter.hindrance = hindrance_to_old_letter(self.plan, day, timezone.localdate())
            self.letters[letter.key] = letter
        return self.letters[letter.key]

    def level(self, proposed: ProposedRow, letter: OldLetter) -> str:
        """Whose money it is: as its own cell says, else its group, its letter, the title of the sheet, the office."""
        if proposed.row.text("source"):
            source = named_source(self.asked, proposed, STATE)
            return LEVELS[source] if source else ""
        levels = {one.level for one in self._said_of(letter)}
        found = level_of(proposed.row) or (levels.pop() if len(levels) == 1 else "") or level_of_title(self.title)
        if found:
            return found
        return asked_level(self.asked, proposed, "approved", leaves=True)

    def issuer_level(self, letter: OldLetter) -> str:
        """Whose money a letter gives by its number or the sheet of letters; empty where neither tells."""
        levels = {one.level for one in self._said_of(letter) if one.level}
        tail = fold(letter.number.rpartition("/")[2])
        own = next((level for words, level in _LEVEL_OF_ISSUER if re.search(rf"\b(?:{words})\b", tail)), "")
        return levels.pop() if len(levels) == 1 else own

    def _said_of(self, letter: OldLetter) -> list[_Assigned]:
        rows = self.beside.get(fold(letter.number), []) if letter.number else []
        return [one for one in rows if one.issued_on in (None, letter.issued_on)]

    def settle(self) -> None:
        """Once all rows were read: who issued each letter, and what it assigns; letters without rows assign too."""
        for rows in self.beside.values():
            for one in rows:
                self._without_rows(one, rows)
        for letter in self.letters.values():
            kept = [one for one in letter.rows if not one.is_idle]
            self._authority(letter, kept)
            self._assigned(letter, kept)

    def _without_rows(self, one: _Assigned, rows: Sequence[_Assigned]) -> None:
        number = next(key for key, found in self.beside.items() if found is rows)
        if not any(fold(letter.number) == number for letter in self.letters.values()):
            listed = self.asked.companions["assigned"]
            texts = [number_and_day(row.text("letter"), self.plan.year)[0] for row in listed.rows]
            self._letter(next(text for text in texts if fold(text) == number), one.issued_on)

    def _authority(self, letter: OldLetter, kept: Sequence[ProposedRow]) -> None:
        said = next((one.authority for one in self._said_of(letter) if one.authority), "")
        offered = [one for one in self.authorities if letter.issued_on is None or is_in_force(one, letter.issued_on)]
        named = [one for one in offered if said and _folded_office(one.name) == _folded_office(said)]
        if len(named) == 1 or not offered:
            letter.authority = named[0] if named else None
            return
        folded = fold(letter.number)
        likely = next(
            (
                one
                for words, name in _ISSUERS
                if re.search(rf"\b{words}\b", folded)
                for one in offered
                if fold(one.name).startswith(name)
            ),
            None,
        )
        tail = said or letter.number.rpartition("/")[2]
        for proposed in kept:
            answer = self.asked.ask_of(
                proposed,
                "letter",
                f"authority:{fold(tail)}",
                _("Văn bản “%(letter)s” do cơ quan nào ban hành?") % {"letter": tail or letter.label},
                [*(Option(one.code, one.name) for one in offered), Option(UNKNOWN, _("Chưa rõ"))],
                likely=likely.code if likely else UNKNOWN,
                is_habit=True,
            )
            letter.authority = next((one for one in offered if one.code == answer), None)

    def _assigned(self, letter: OldLetter, kept: Sequence[ProposedRow]) -> None:
        """As the sheet of letters says it; else as the office says, which knows if the letter assigned it."""
        if letter.is_known:
            return
        said = [one for one in self._said_of(letter) if one.vnd is not None]
        for one in said:
            approved = next(iter(letter.approved)) if len(letter.approved) == 1 else level_of_title(self.title)
            level = one.level or approved or FundingLevel.CITY
            letter.assigned[level] = letter.assigned.get(level, 0) + (one.vnd or 0)
        if said:
            return
        total = sum(letter.approved.values())
        if total <= 0:  # the unit is asked first; what only takes back assigns nothing
            return
        for proposed in kept:
            answer = self.asked.ask_of(
                proposed,
                "letter",
                f"assigned:{letter.key}",
                _("%(letter)s giao cho năm bao nhiêu kinh phí?") % {"letter": letter.label},
                [
                    Option(EQUAL, _("Bằng tổng số duyệt của văn bản: %(amount)s") % {"amount": millions(total)}),
                    Option(ELSEWHERE, _("Không giao, kinh phí đã giao ở văn bản khác")),
                ],
                likely=EQUAL,
            )
            if answer == EQUAL:
                letter.assigned = {level: vnd for level, vnd in letter.approved.items() if vnd > 0}

    def notes(self) -> list[str]:
        """What each letter assigns beside what its rows approve."""
        found = []
        for letter in self.letters.values():
            given, used = sum(letter.assigned.values()), sum(letter.approved.values())
            if letter.rows and not used:
                continue
            said = {"letter": letter.label, "given": millions(given), "used": millions(used)}
            text = _("%(letter)s: giao %(given)s, các dòng duyệt %(used)s")
            if letter.is_known or not letter.assigned:
                text = _("%(letter)s: các dòng duyệt %(used)s")
            found.append(text % said)
        return found


def _folded_office(name: str) -> str:
    """“Ủy ban nhân dân TP Hải Phòng” and “UBND thành phố Hải Phòng” are one."""
    folded = fold(nfc(name)).replace("uy ban nhan dan", "ubnd").replace("hoi dong nhan dan", "hdnd")
    return re.sub(r"\b(?:thanh pho|tp|tinh)\b ?", "", folded)
