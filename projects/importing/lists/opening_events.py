"""What the row of an old list says was done for its project: contract, payments, settlement, and the state reached.

A day that the row does not have, and one that the books can't take, is asked about once for each kind of day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.text import fold
from projects.importing.lists.opening_letters import OldLetter, number_and_day, safe_day_in
from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import Option
from projects.importing.values.periods import UnreadableTime, read_day
from projects.models import PastEvent, PastRecord, Project
from projects.services.past_events import furthest_state

KIND, STATE = PastEvent.Kind, PastRecord.Outcome
NAMES: dict[str, str | Promise] = {
    KIND.CONTRACT: gettext_lazy("ngày hợp đồng"),
    KIND.ADVANCE: gettext_lazy("ngày tạm ứng"),
    KIND.PAYMENT: gettext_lazy("ngày thanh toán"),
    KIND.ACCEPTANCE: gettext_lazy("ngày nghiệm thu"),
    KIND.SETTLEMENT: gettext_lazy("ngày quyết toán"),
    STATE.LIQUIDATED: gettext_lazy("ngày thanh lý"),
}
_NOT_YET = re.compile(r"\b(?:chua|cho|dang cho|chuan bi|sap|dang lam(?: \w+)?)(?: \w+)?$")
_WORDS = (
    (STATE.LIQUIDATED, r"thanh li"),
    (STATE.SETTLED, r"quiet toan|da qt"),
    (STATE.ACCEPTED, r"nghiem thu|da nt"),
    (STATE.IN_PROGRESS, r"dang (?:thuc hien|trien khai|thi cong|lam(?! thu tuc)|lap dat)|da trien khai"),
    (STATE.CONTRACTED, r"da ki|ki (?:hd|hop dong)"),
)
_STOPPED = re.compile(r"\b(?:ngung|dung thuc hien|hui|khong thuc hien|rut)\b")


@dataclass(frozen=True)
class Done:
    """One thing that was done, in đồng; see :class:`projects.models.PastEvent`."""

    kind: str
    number: str
    stated_on: dt.date | None
    counted_on: dt.date
    vnd: int | None = None


@dataclass
class Told:
    """All that a row tells, with the state that follows of it."""

    done: list[Done] = field(default_factory=list)
    outcome: str = STATE.APPROVED
    stated_on: dt.date | None = None
    counted_on: dt.date | None = None


def state_in(text: str) -> str:
    """What the words of a progress column say is done; what is waited for is not."""
    folded = fold(text)
    for state, words in _WORDS:
        for found in re.finditer(rf"\b(?:{words})\b", folded):
            if not _NOT_YET.search(folded[: found.start()].rstrip()):
                return state
    return ""


class EventsReader:
    """Reads what was done of each row of one list."""

    def __init__(self, asked: ListReading, is_cumulative: bool | None) -> None:
        """``is_cumulative``: the column of payments holds the advances too; None as long as nobody said it."""
        self.asked, self.is_cumulative, self.today = asked, is_cumulative, timezone.localdate()
        above = asked.table.sheet.rows[: asked.table.top - 1]
        days = [day for row in above for cell in row if isinstance(cell, str) and (day := safe_day_in(cell))]
        self.as_of = days[-1] if days and days[-1] <= self.today else None

    def read(self, proposed: ProposedRow, found: Mapping[str, int | None], letter: OldLetter) -> Told:
        """``found``: the row's money by column."""
        told, year = Told(), self.asked.plan.year if self.asked.plan else self.today.year
        first = letter.issued_on or dt.date(year, 1, 1)
        words = proposed.row.text("progress")
        if _STOPPED.search(fold(words)):
            text = _("đề án đã ngừng: bỏ dòng này, hoặc nhập khi có văn bản ngừng thực hiện")
            proposed.is_wrong("progress", text)
        contract = self._contract(proposed, found, first)
        told.done += [contract] if contract else []
        after = max(first, contract.counted_on) if contract else first
        told.done += self._payments(proposed, found, first, after)
        told.done += self._later(proposed, found, contract, words, after)
        self._state(proposed, told, words, first, letter)
        self._limits(proposed, found, told)
        return told

    def _typed_day(self, proposed: ProposedRow, key: str) -> dt.date | None:
        try:
            day = read_day(proposed.row.cells.get(key))
        except UnreadableTime:
            day = safe_day_in(proposed.row.text(key))
            if day is None:
                proposed.is_wrong(key, _("ngày “%(text)s” không đọc được") % {"text": proposed.row.text(key)})
        if day and day > self.today:
            proposed.is_wrong(key, _("ngày này sau hôm nay"))
            return None
        return day

    def _contract(self, proposed: ProposedRow, found: Mapping[str, int | None], first: dt.date) -> Done | None:
        number, day = number_and_day(proposed.row.text("contract_number"))
        day = self._typed_day(proposed, "contract_day") or day
        vnd = found.get("contract")
        if not vnd and (number or day):
            vnd = self._value(proposed, found)
        if not vnd:
            return None
        if day and day < first:
            proposed.is_noted("contract_day", _("hợp đồng trước ngày văn bản duyệt, ghi như trong tệp"))
        counted = day or self._counted(proposed, KIND.CONTRACT, "contract", {"letter": first})
        return Done(KIND.CONTRACT, number, day, counted, vnd) if counted else None

    def _value(self, proposed: ProposedRow, found: Mapping[str, int | None]) -> int | None:
        """Of a contract of which the row has number or day and no value."""
        options = [Option("equal", _("Bằng kinh phí được duyệt")), Option("none", _("Chưa ghi hợp đồng"))]
        text = _("Có dòng ghi số hợp đồng mà không ghi giá trị. Giá trị hợp đồng là bao nhiêu?")
        answer = self._ask(proposed, f"value:{self._sheet}", text, options, "contract_number")
        return found.get("approved") if answer == "equal" else None

    def _payments(
        self, proposed: ProposedRow, found: Mapping[str, int | None], first: dt.date, signed: dt.date
    ) -> list[Done]:
        advance, paid = found.get("advance") or 0, found.get("paid") or 0
        if self.is_cumulative is None:
            proposed.is_waiting = True
            return []
        if self.is_cumulative and paid:
            paid -= advance
            if paid < 0:
                proposed.is_wrong("paid", _("số đã chi nhỏ hơn số tạm ứng"))
        done = []
        for kind, key, vnd in ((KIND.ADVANCE, "advance", advance), (KIND.PAYMENT, "paid", paid)):
            if vnd <= 0:
                continue
            number, stated = number_and_day(proposed.row.text(f"{key}_number"))
            stated = self._typed_day(proposed, f"{key}_day") or stated
            counted = stated or self._counted(proposed, kind, key, {"contract": signed, "letter": first})
            if stated and stated < first:
                counted = self._moved(proposed, kind, key, first)
            elif stated and stated < signed:
                proposed.is_noted(f"{key}_day", _("chi trước ngày ký hợp đồng, ghi như trong tệp"))
            if counted:
                done.append(Done(kind, number[:30], stated, max(counted, first), vnd))
        return done

    def _later(
        self,
        proposed: ProposedRow,
        found: Mapping[str, int | None],
        contract: Done | None,
        words: str,
        after: dt.date,
    ) -> list[Done]:
        """Acceptance and settlement; a day that stands in the words of progress is that of the state they name."""
        done, state, spoken = [], state_in(words), safe_day_in(words)
        accepted = self._typed_day(proposed, "accepted_day") or (spoken if state == STATE.ACCEPTED else None)
        if accepted and (accepted != spoken or found.get("settled")):
            done.append(Done(KIND.ACCEPTANCE, "", accepted, accepted))
        if settled := found.get("settled"):
            number, day = number_and_day(proposed.row.text("settled_number"))
            day = self._typed_day(proposed, "settled_day") or day or (spoken if state == STATE.SETTLED else None)
            counted = day or self._counted(proposed, KIND.SETTLEMENT, "settled", {"contract": after})
            if day and contract and day < contract.counted_on:
                counted = self._moved(proposed, KIND.SETTLEMENT, "settled", contract.counted_on)
            if contract is None and proposed.row.text("firm"):
                proposed.is_wrong("settled", _("có quyết toán mà không có hợp đồng"))
            if counted:
                done.append(Done(KIND.SETTLEMENT, number, day, counted, settled))
        return done

    def _state(self, proposed: ProposedRow, told: Told, words: str, first: dt.date, letter: OldLetter) -> None:
        """The furthest state that the words or the amounts say."""
        papers: dict[str, str] = {
            KIND.CONTRACT: STATE.CONTRACTED,
            KIND.ACCEPTANCE: STATE.ACCEPTED,
            KIND.SETTLEMENT: STATE.SETTLED,
        }
        by_state = {papers[one.kind]: one for one in told.done if one.kind in papers}
        said = state_in(words)
        told.outcome = furthest_state([STATE.APPROVED, *by_state, *([said] if said else [])])
        if told.outcome in by_state:
            one = by_state[told.outcome]
            told.stated_on = one.stated_on if one.stated_on == one.counted_on else None
            told.counted_on = one.counted_on
            return
        latest = max([first, *(one.counted_on for one in told.done)])
        told.stated_on = safe_day_in(words) if said == told.outcome else None
        if told.stated_on and told.stated_on > self.today:
            proposed.is_wrong("progress", _("ngày này sau hôm nay"))
            told.stated_on = None
        told.counted_on = latest
        kinds: dict[str, str] = {STATE.ACCEPTED: KIND.ACCEPTANCE, STATE.SETTLED: KIND.SETTLEMENT}
        if told.outcome in Project.DONE and told.stated_on is None:
            kind = kinds.get(told.outcome, told.outcome)
            told.counted_on = self._counted(proposed, kind, "progress", {"contract": latest}) or latest
        elif told.outcome == STATE.APPROVED:
            told.stated_on, told.counted_on = letter.issued_on, first

    def _limits(self, proposed: ProposedRow, found: Mapping[str, int | None], told: Told) -> None:
        """What no letter could confirm is said of the row."""
        keys = ("approved", "contract", "advance", "paid", "settled")
        approved, contract, advance, paid, settled = (found.get(key) or 0 for key in keys)
        contract = contract or sum(one.vnd or 0 for one in told.done if one.kind == KIND.CONTRACT)
        if self.is_cumulative is not None and max(advance, paid if self.is_cumulative else advance + paid) > approved:
            proposed.is_wrong("paid", _("tạm ứng và thanh toán vượt số được duyệt"))
        if contract and settled > contract:
            proposed.is_wrong("settled", _("quyết toán vượt giá trị hợp đồng"))
        if contract > approved:
            proposed.is_noted("contract", _("giá trị hợp đồng lớn hơn số được duyệt"))

    @property
    def _sheet(self) -> str:
        return self.asked.table.sheet.name

    def _ask(
        self, proposed: ProposedRow, key: str, text: str, options: list[Option], column: str, likely: str = ""
    ) -> str:
        return proposed.ask(self.asked.questions, column, key, text, options, likely=likely)

    def _counted(self, proposed: ProposedRow, kind: str, column: str, days: Mapping[str, dt.date]) -> dt.date | None:
        """The day from which something without a day counts, as the office says once for all of its kind."""
        options = [Option("as_of", _("Ngày của bảng: %(on)s") % {"on": f"{self.as_of:%d/%m/%Y}"})] if self.as_of else []
        labels = {"contract": _("Ngày hợp đồng, hoặc việc liền trước"), "letter": _("Ngày văn bản duyệt")}
        options += [Option(name, labels[name]) for name in days]
        options.append(Option("today", _("Hôm nay")))
        text = _("Có dòng không ghi %(day)s. Tính từ ngày nào? Dòng vẫn mang dấu “chưa rõ ngày”.")
        said = {"day": NAMES[kind]}
        answer = self._ask(proposed, f"day:{kind}:{self._sheet}", text % said, options, column, options[0].value)
        latest = max(days.values())
        if answer == "as_of" and self.as_of:
            return max(self.as_of, latest)
        return self.today if answer == "today" else days.get(answer)

    def _moved(self, proposed: ProposedRow, kind: str, column: str, to: dt.date) -> dt.date | None:
        """Of what the books can't take on its own day: paid before approved, settled before contracted."""
        text = _(
            "Có dòng ghi %(day)s trước văn bản duyệt hoặc hợp đồng của nó; sổ chỉ nhận từ ngày văn bản, hợp đồng. "
            "Tính từ ngày đó và giữ ghi chú ngày trong tệp?"
        )
        options = [Option("later", _("Tính từ ngày văn bản, hợp đồng; ghi chú ngày trong tệp"))]
        said = {"day": NAMES[kind]}
        answer = self._ask(proposed, f"order:{kind}:{self._sheet}", text % said, options, column, "later")
        return to if answer == "later" else None
