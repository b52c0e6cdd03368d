"""The letters by which the projects of a list were approved: each number and day once, with what it assigns."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.funding import FundingLevel
from khuyencong.text import fold, nfc
from programmes.models import AllocationEntry, AnnualPlan, Authority, Decision
from programmes.models.dated import is_in_force
from projects.importing.layout.units import MILLION
from projects.importing.lists.amount_cells import millions
from projects.importing.lists.plan_words import level_of
from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import Option
from projects.importing.values.amounts import UnreadableAmount, read_amount
from projects.importing.values.periods import UnreadableTime, day_in, read_day
from projects.models import PastLetter
from projects.rules.permissions import hindrance_to_old_letter

UNKNOWN = "unknown"
EQUAL, ELSEWHERE = "equal", "elsewhere"
_BEFORE_NUMBER = re.compile(
    r"(?:(?:quyết định|công văn|văn bản|hợp đồng|qđ|cv|hđ)(?:\s+số)?|số)[:.]?\s+", re.IGNORECASE
)
_KINDS = (
    (r"qd", Decision.Kind.DECISION),
    (r"nq", Decision.Kind.RESOLUTION),
    (r"ttr", Decision.Kind.SUBMISSION),
    (r"tb", Decision.Kind.NOTICE),
    (r"cv|ubnd|sct", Decision.Kind.OFFICIAL_LETTER),
)
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


def number_and_day(text: str) -> tuple[str, dt.date | None]:
    """Of “QĐ số 45/QĐ-UBND ngày 05/02/2026”."""
    number = re.split(r"[,;]?\s*\bngày\b|\s+\(?[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", text, maxsplit=1)[0]
    number = number.strip(" ,;.-–")
    stands_before = _BEFORE_NUMBER.match(number)
    return number[stands_before.end() if stands_before else 0 :][:60], safe_day_in(text)


def safe_day_in(text: str) -> dt.date | None:
    """The last day that stands in a text; None for none, and for one that can't be."""
    try:
        return day_in(text)
    except UnreadableTime:
        return None


def level_in(text: str) -> str:
    """Whose money a text says it is; empty where it says neither or both."""
    folded = fold(text)
    national = bool(re.search(r"quoc gia|kcqg|trung uong", folded))
    city = bool(re.search(r"dia phuong|kcdp|thanh pho|cap tinh|ngan sach tinh", folded.replace("ubnd thanh pho", "")))
    return (FundingLevel.NATIONAL if national else FundingLevel.CITY) if national != city else ""


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
        entries = AllocationEntry.objects.for_plans([plan]).select_related("decision")
        self.known |= {(fold(one.decision.number), one.decision.issued_on) for one in entries}
        sheet = asked.table.sheet
        self.title = " ".join(
            str(cell) for row in sheet.rows[: asked.table.top - 1] for cell in row if cell is not None
        )

    def _beside(self) -> Mapping[str, list[_Assigned]]:
        """What the sheet of letters says, by folded number."""
        found: dict[str, list[_Assigned]] = defaultdict(list)
        listed = self.asked.companions.get("assigned")
        for row in listed.rows if listed else ():
            number, day = number_and_day(row.text("letter"))
            try:
                day = read_day(row.cells.get("letter_day")) or day
                amount = read_amount(row.cells.get("assigned"), row.table.unit or self.asked.table.unit or MILLION)
            except (UnreadableTime, UnreadableAmount):
                amount = None
            vnd = amount.vnd if amount else None
            found[fold(number)].append(_Assigned(day, row.text("authority"), level_in(row.text("source")), vnd))
        return found

    def of_row(self, proposed: ProposedRow) -> OldLetter | None:
        """The letter that the row names, or the one that the office chose; None where the row waits or is wrong."""
        row = proposed.row
        number, day = number_and_day(row.text("letter"))
        try:
            day = read_day(row.cells.get("letter_day")) or day
        except UnreadableTime:
            text = _("ngày “%(text)s” không đọc được") % {"text": row.text("letter_day")}
            proposed.is_wrong("letter_day", text)
            return None
        if day and day > timezone.localdate():
            proposed.is_wrong("letter_day", _("ngày này sau hôm nay"))
            return None
        if not number:
            return self._unnumbered(proposed)
        days = {one.issued_on for one in self.beside.get(fold(number), ()) if one.issued_on}
        if day is None and len(days) == 1:
            [day] = days
        return self._letter(number, day or self._same_number(number))

    def _same_number(self, number: str) -> dt.date | None:
        days = {one.issued_on for one in self.letters.values() if fold(one.number) == fold(number)}
        return days.pop() if len(days) == 1 else None

    def _unnumbered(self, proposed: ProposedRow) -> OldLetter | None:
        """A row without a number: of one of the other letters, or of one that nobody knows."""
        offered = self._all_named()
        answer = self._ask(
            proposed,
            f"letter:{proposed.row.table.sheet.name}",
            _("Có dòng không ghi số quyết định. Các dòng đó được duyệt ở văn bản nào?"),
            [*(Option(one.key, one.label) for one in offered), Option(UNKNOWN, _("Chưa rõ số, chưa rõ ngày văn bản"))],
        )
        if answer == UNKNOWN:
            return self._letter("", None)
        return next((self._letter(one.number, one.issued_on) for one in offered if one.key == answer), None)

    def _all_named(self) -> list[OldLetter]:
        """All letters that rows of the list name, whichever stand before this one."""
        found: dict[str, OldLetter] = {}
        for row in self.asked.listed.rows:
            number, day = number_and_day(row.text("letter"))
            try:
                day = read_day(row.cells.get("letter_day")) or day
            except UnreadableTime:
                continue
            if number:
                letter = OldLetter(number, day)
                found.setdefault(letter.key, letter)
        return list(found.values())

    def _ask(
        self,
        proposed: ProposedRow,
        key: str,
        text: str,
        options: Sequence[Option],
        likely: str = "",
        is_habit: bool = False,
    ) -> str:
        questions = self.asked.questions
        return proposed.ask(questions, "letter", key, text, options, likely=likely, is_habit=is_habit)

    def _letter(self, number: str, day: dt.date | None) -> OldLetter:
        letter = OldLetter(number, day)
        if letter.key not in self.letters:
            letter.is_known = (fold(number), day) in self.known
            letter.hindrance = hindrance_to_old_letter(self.plan, day, timezone.localdate())
            self.letters[letter.key] = letter
        return self.letters[letter.key]

    def level(self, proposed: ProposedRow, letter: OldLetter) -> str:
        """Whose money it is: as its group says, else its letter, else the title of the sheet, else the office."""
        row = proposed.row
        levels = {one.level for one in self._said_of(letter)}
        found = level_of(row) or (levels.pop() if len(levels) == 1 else "") or level_in(self.title)
        if found:
            return found
        heading = row.table.headings.get(row.table.columns["approved"], "")
        return self._ask(
            proposed,
            f"source:{row.table.sheet.name}",
            _("Cột “%(column)s” là kinh phí nguồn nào?") % {"column": heading},
            [Option(one, FundingLevel(one).label) for one in (FundingLevel.CITY, FundingLevel.NATIONAL)],
        )

    def _said_of(self, letter: OldLetter) -> list[_Assigned]:
        rows = self.beside.get(fold(letter.number), []) if letter.number else []
        return [one for one in rows if one.issued_on in (None, letter.issued_on)]

    def settle(self) -> None:
        """Once all rows were read: who issued each letter, and what it assigns; letters without rows assign too."""
        for rows in self.beside.values():
            for one in rows:
                self._without_rows(one, rows)
        for letter in self.letters.values():
            kept = [one for one in letter.rows if one.state.name not in ("WRONG", "LEFT")]
            self._authority(letter, kept)
            self._assigned(letter, kept)

    def _without_rows(self, one: _Assigned, rows: Sequence[_Assigned]) -> None:
        number = next(key for key, found in self.beside.items() if found is rows)
        if not any(fold(letter.number) == number for letter in self.letters.values()):
            listed = self.asked.companions["assigned"]
            texts = [number_and_day(row.text("letter"))[0] for row in listed.rows]
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
            answer = self._ask(
                proposed,
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
            approved = next(iter(letter.approved)) if len(letter.approved) == 1 else level_in(self.title)
            level = one.level or approved or FundingLevel.CITY
            letter.assigned[level] = letter.assigned.get(level, 0) + (one.vnd or 0)
        if said:
            return
        total = sum(letter.approved.values())
        for proposed in kept:
            answer = self._ask(
                proposed,
                f"assigned:{letter.key}",
                _("%(letter)s giao cho năm bao nhiêu kinh phí?") % {"letter": letter.label},
                [
                    Option(EQUAL, _("Bằng tổng số duyệt của văn bản: %(amount)s") % {"amount": millions(total)}),
                    Option(ELSEWHERE, _("Không giao, kinh phí đã giao ở văn bản khác")),
                ],
                likely=EQUAL,
            )
            if answer == EQUAL:
                letter.assigned = dict(letter.approved)

    def notes(self) -> list[str]:
        """What each letter assigns beside what its rows approve."""
        found = []
        for letter in self.letters.values():
            given, used = sum(letter.assigned.values()), sum(letter.approved.values())
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
