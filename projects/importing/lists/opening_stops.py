"""Projects of an old list that were given up: by which letter, and what it leaves of their money."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from programmes.models import ActivityType
from projects.importing.lists.amount_cells import millions
from projects.importing.lists.opening_entries import Done, Grant
from projects.importing.lists.opening_letters import LettersReader, OldLetter
from projects.importing.lists.opening_papers import letter_in_words, letters_in
from projects.importing.lists.opening_states import goes_to_next_year, is_stopped, state_in
from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import Option
from projects.models import PastEvent, Project

LATER, KEEP = "later", "keep"
KIND = PastEvent.Kind
SIGNS: dict[str, int] = {KIND.ADVANCE: 1, KIND.PAYMENT: 1, KIND.RECOVERY: -1}  # of what was paid


@dataclass(frozen=True)
class Stop:
    """The letter of a stop, its day, and what it takes back."""

    letter: OldLetter
    on: dt.date
    grants: list[Grant] = field(default_factory=list)


class StopsReader:
    """Reads of each project of one list if it was stopped; what no paper says is asked once."""

    def __init__(self, asked: ListReading, letters: LettersReader) -> None:
        self.asked, self.letters = asked, letters

    def read(self, one: ProposedRow, words: str, grants: Sequence[Grant], done: Sequence[Done]) -> Stop | None:
        """None for a project that goes on, waits or is wrong."""
        text = "; ".join(filter(None, (words, one.row.text("notes"))))
        if not is_stopped(words) and not is_stopped(one.row.text("notes"), begins=True):
            if goes_to_next_year(text):
                self._ask_of_next_year(one)
            return None
        if state_in(words) in Project.DONE or any(each.kind in (KIND.ACCEPTANCE, KIND.SETTLEMENT) for each in done):
            one.is_wrong("progress", _("đề án đã nghiệm thu hoặc quyết toán thì không ghi là dừng"))
            return None
        less = [grant for grant in grants if grant.vnd < 0]
        letter = less[-1].letter if less else self._letter(one, text)
        if letter is None:
            return None
        if letter.issued_on is None:
            said = {"letter": letter.label}
            one.is_wrong("progress", _("chưa rõ ngày của %(letter)s mà đề án dừng theo: ghi ngày vào ô này") % said)
            return None
        if letter.hindrance:
            one.is_wrong("progress", letter.hindrance)
        return self._stop(one, letter, letter.issued_on, grants, done, has_less=bool(less))

    def _ask_of_next_year(self, one: ProposedRow) -> None:
        text = _(
            "Có đề án ghi chuyển sang năm sau. Kinh phí chuyển năm do Sở ghi bằng văn bản, sau khi xác nhận. "
            "Nhập các đề án này thế nào?"
        )
        options = [Option(KEEP, _("Nhập số đã duyệt, đã chi của năm nay; văn bản chuyển năm ghi sau"))]
        self.asked.ask_of(one, "progress", f"next:{self.asked.table.sheet.name}", text, options)

    def _letter(self, one: ProposedRow, text: str) -> OldLetter | None:
        """That the words name, else as the office says once for all such rows."""
        year = self.letters.plan.year
        number, day = (letters_in(text, year) or [letter_in_words(text, year)])[-1]
        if number:
            return self.letters.named(number, day)
        offered = {letter.key: letter for letter in self.letters.all_named()}
        question = _("Có đề án ghi đã dừng, không thực hiện mà không ghi văn bản. Đề án dừng theo văn bản nào?")
        answer = self.asked.ask_of(
            one,
            "progress",
            f"stopped:{self.asked.table.sheet.name}",
            question,
            [
                Option(LATER, _("Chưa có văn bản: nhập số đã duyệt, đã chi; Sở ghi văn bản ngừng sau khi xác nhận")),
                *(Option(key, letter.label) for key, letter in offered.items()),
            ],
        )
        if answer == LATER:
            self._note_later(one)
        letter = offered.get(answer)
        return self.letters.named(letter.number, letter.issued_on) if letter else None

    def _note_later(self, one: ProposedRow) -> None:
        text = _("tệp ghi đề án đã dừng; sau khi Sở xác nhận, ghi văn bản ngừng thực hiện ở trang kế hoạch")
        one.is_noted("progress", text)

    def _stop(
        self,
        one: ProposedRow,
        letter: OldLetter,
        on: dt.date,
        grants: Sequence[Grant],
        done: Sequence[Done],
        *,
        has_less: bool,
    ) -> Stop | None:
        """A stop leaves what was paid by then (``kept_at_a_stop``), and so must what the list says is taken back."""
        left: dict[tuple[str, ActivityType | None], int] = defaultdict(int)
        for grant in grants:
            left[grant.level, grant.content] += grant.vnd
        for each in done:
            if each.counted_on <= on and each.kind in SIGNS:
                left[each.level, each.content] -= SIGNS[each.kind] * (each.vnd or 0)
        free = {key: vnd for key, vnd in left.items() if vnd > 0}
        if has_less and free:
            text = _("đề án dừng nhưng %(letter)s còn để lại %(amount)s chưa chi: sửa số giảm, hoặc sửa trạng thái")
            said = {"letter": letter.label, "amount": millions(sum(free.values()))}
            one.is_wrong("progress", text % said)
            return None
        if not free and not has_less:
            self._note_later(one)
            return None
        return Stop(letter, on, [Grant(letter, level, -vnd, content) for (level, content), vnd in free.items()])
