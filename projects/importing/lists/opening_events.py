"""What the rows of an old list say was done for their project: contract, payments, settlement, and the state reached.

A day that a row does not have, and one that the books can't take, is asked about once for each kind of day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.funding import FundingLevel
from programmes.models import ActivityType
from projects.importing.layout.parted import key_beside, keys_of
from projects.importing.lists.amount_cells import millions
from projects.importing.lists.opening_entries import Done, Grant, Portion, Told
from projects.importing.lists.opening_papers import doubtful_day, number_and_day, safe_day_in
from projects.importing.lists.opening_payments import PaymentsReader
from projects.importing.lists.opening_portions import day_inside
from projects.importing.lists.opening_sources import Part, SourcesReader
from projects.importing.lists.opening_states import goes_to_next_year, is_not_yet, is_stopped, is_unknown, state_in
from projects.importing.lists.opening_stops import SIGNS, StopsReader
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
    KIND.RECOVERY: gettext_lazy("ngày thu hồi"),
    KIND.ACCEPTANCE: gettext_lazy("ngày nghiệm thu"),
    KIND.SETTLEMENT: gettext_lazy("ngày quyết toán"),
    STATE.LIQUIDATED: gettext_lazy("ngày thanh lý"),
}
PAPERS: dict[str, str] = {
    KIND.CONTRACT: STATE.CONTRACTED,
    KIND.ACCEPTANCE: STATE.ACCEPTED,
    KIND.SETTLEMENT: STATE.SETTLED,
}


class EventsReader:
    """Reads what was done for each project of one list."""

    def __init__(self, asked: ListReading, payments: PaymentsReader, stops: StopsReader) -> None:
        self.asked, self.payments, self.stops, self.today = asked, payments, stops, timezone.localdate()
        self.sources = SourcesReader(asked)
        above = asked.table.sheet.rows[: asked.table.top - 1]
        days = [day for row in above for cell in row if isinstance(cell, str) and (day := safe_day_in(cell))]
        self.as_of = days[-1] if days and days[-1] <= self.today else None

    def read(self, portions: Sequence[Portion], grants: Sequence[Grant]) -> Told:
        """Of the rows of one project, to which its letters give the ``grants``."""
        told, one = Told(), portions[0].proposed
        first = min((self._counted_from(grant) for grant in grants), default=dt.date(self._year, 1, 1))
        words = "; ".join(dict.fromkeys(text for each in portions if (text := each.proposed.row.text("progress"))))
        contracts = self._contracts(portions, grants, first)
        signed = min((done.counted_on for done in contracts), default=None)
        told.done += contracts
        after = max(first, signed) if signed else first
        told.done += self._paid(portions, grants, words, after)
        told.done += self._later(portions, grants, contracts, words, after)
        if stop := self.stops.read(one, words, grants, told.done):
            told.outcome, told.stated_on, told.counted_on = STATE.STOPPED, stop.on, stop.on
            told.taken_back = stop.grants
        else:
            self._state(one, told, words, first, grants)
        self._limits(portions, [*grants, *told.taken_back], told)
        return told

    @property
    def _year(self) -> int:
        return self.asked.plan.year if self.asked.plan else self.today.year

    def _counted_from(self, grant: Grant) -> dt.date:
        return grant.letter.issued_on or dt.date(self._year, 1, 1)

    def _typed_day(self, proposed: ProposedRow, key: str, beside: str = "") -> dt.date | None:
        """``beside``: the cell that is at fault where the day has no column of its own."""
        at = key if key in proposed.row.table.columns else beside or key
        try:
            day = read_day(proposed.row.cells.get(key))
        except UnreadableTime:
            day = safe_day_in(proposed.row.text(key), self._year)
            if day is None:
                proposed.is_wrong(at, _("ngày “%(text)s” không đọc được") % {"text": proposed.row.text(key)})
        if day and day > self.today:
            proposed.is_wrong(at, _("ngày này sau hôm nay"))
            return None
        return day

    def _contracts(self, portions: Sequence[Portion], grants: Sequence[Grant], first: dt.date) -> list[Done]:
        """Of several rows, each with a paper or a value of its own."""
        done: list[Done] = []
        seen: set[tuple[str, dt.date | None]] = set()
        for one in portions:
            proposed = one.proposed
            number, day = self._contract_paper(proposed)
            day = self._typed_day(proposed, "contract_day") or day
            parts = self.sources.of(one, "contract", grants)
            has_value = any(proposed.row.text(key) for key in keys_of(proposed.row.table, "contract"))
            if (number or day) and not has_value and (number, day) not in seen:  # else it is asked what the cell means
                if done:
                    proposed.is_wrong("contract_number", _("hợp đồng thứ hai của đề án không ghi giá trị"))
                else:
                    parts = self._without_value(proposed, grants)
            if parts and day and day < first:
                proposed.is_noted("contract_day", _("hợp đồng trước ngày văn bản duyệt, ghi như trong tệp"))
            seen.add((number, day))
            for part in parts:
                counted = day or self._counted(proposed, KIND.CONTRACT, "contract", {"letter": first})
                if counted:
                    done.append(Done(KIND.CONTRACT, number, day, counted, part.vnd, part.level, part.content))
        return done

    def _contract_paper(self, proposed: ProposedRow) -> tuple[str, dt.date | None]:
        """Number and day of the contract; of one that is not signed yet neither."""
        text = proposed.row.text("contract_number")
        if is_not_yet(text):
            if any(proposed.row.text(key) for key in keys_of(proposed.row.table, "contract")):
                proposed.is_wrong("contract_number", _("ghi là chưa ký mà có giá trị hợp đồng"))
            return "", None
        number, day = number_and_day(text, self._year)
        if (doubt := doubtful_day(text, day)) and not proposed.row.text("contract_day"):
            proposed.is_wrong("contract_number", doubt)
        return number, day

    def _without_value(self, proposed: ProposedRow, grants: Sequence[Grant]) -> list[Part]:
        """Of a contract of which the row has number or day and no value."""
        options = [Option("equal", _("Bằng kinh phí được duyệt")), Option("none", _("Chưa ghi hợp đồng"))]
        text = _("Có dòng ghi số hợp đồng mà không ghi giá trị. Giá trị hợp đồng là bao nhiêu?")
        answer = self.asked.ask_of(proposed, "contract_number", f"value:{self._sheet}", text, options)
        if answer != "equal":
            return []
        cells: dict[tuple[str, ActivityType | None], int] = defaultdict(int)
        for one in grants:
            cells[one.level, one.content] += one.vnd
        return [Part("contract", level, content, vnd) for (level, content), vnd in cells.items() if vnd]

    def _paid(self, portions: Sequence[Portion], grants: Sequence[Grant], words: str, signed: dt.date) -> list[Done]:
        """Advances and payments, each from its day or, where nothing was approved for it then, from the day on which it
        was, as the office says."""
        done = list[tuple[ProposedRow, str, Done]]()
        for one in self.payments.of(portions, grants, words):
            proposed, key = one.portion.proposed, one.part.key
            own = [grant for grant in grants if grant.level == one.part.level]
            first = min((self._counted_from(grant) for grant in own), default=dt.date(self._year, 1, 1))
            family = key.partition("_")[0]
            day_key = key_beside(proposed.row.table, key, f"{family}_day") or f"{family}_day"
            day_key = day_inside(key) if day_inside(key) in proposed.row.cells else day_key
            number, stated = number_and_day(proposed.row.text(f"{family}_number"), self._year)
            stated = self._typed_day(proposed, day_key, key) or stated
            days = {"contract": max(first, signed), "letter": first}
            if one.kind == KIND.RECOVERY:
                days = {"contract": max([first, *(draft.counted_on for _row, _key, draft in done)])}
            counted = stated or self._counted(proposed, one.kind, key, days)
            if stated and first <= stated < signed:
                proposed.is_noted(day_key, _("chi trước ngày ký hợp đồng, ghi như trong tệp"))
            if counted:
                content = one.part.content
                draft = Done(one.kind, number[:30], stated, counted, one.part.vnd, one.part.level, content)
                done.append((proposed, key, draft))
        return self._within_approved(done, grants)

    def _within_approved(self, drafts: Sequence[tuple[ProposedRow, str, Done]], grants: Sequence[Grant]) -> list[Done]:
        """Each counted from the first day on which all that was paid by then was approved; what is more than all of it
        is said of the row elsewhere."""
        done, paid = [], dict[str, int]()
        for proposed, key, draft in sorted(drafts, key=lambda one: (one[2].counted_on, one[2].kind == KIND.RECOVERY)):
            own = sorted((self._counted_from(one), one.vnd) for one in grants if one.level == draft.level)
            paid[draft.level] = paid.get(draft.level, 0) + SIGNS[draft.kind] * (draft.vnd or 0)
            if paid[draft.level] < 0:
                proposed.is_wrong(key, _("thu hồi nhiều hơn số đã chi đến ngày đó"))
            approved, on = 0, draft.counted_on
            for day, vnd in own:
                if approved < paid[draft.level]:
                    approved, on = approved + vnd, max(draft.counted_on, day)
            if on > draft.counted_on and draft.stated_on:
                moved = self._moved(proposed, draft.kind, key, on)
                done += [replace(draft, counted_on=moved)] if moved else []
            else:
                done.append(replace(draft, counted_on=on))
        return done

    def _later(
        self,
        portions: Sequence[Portion],
        grants: Sequence[Grant],
        contracts: Sequence[Done],
        words: str,
        after: dt.date,
    ) -> list[Done]:
        """Acceptance and settlement; a day that stands in the words of progress is that of the state they name."""
        done, state, spoken = list[Done](), state_in(words), safe_day_in(words, self._year)
        has_settled = any(self.sources.of(one, "settled", grants) for one in portions)
        days = [day for one in portions if (day := self._typed_day(one.proposed, "accepted_day"))]
        accepted = max(days) if days else (spoken if state == STATE.ACCEPTED else None)
        if accepted and (accepted != spoken or has_settled):
            done.append(Done(KIND.ACCEPTANCE, "", accepted, accepted))
        spoken = spoken if state == STATE.SETTLED else None
        for one in portions:
            for part in self.sources.of(one, "settled", grants):
                done += self._settled(one, part, contracts, spoken, after)
        return done

    def _settled(
        self, one: Portion, part: Part, contracts: Sequence[Done], spoken: dt.date | None, after: dt.date
    ) -> list[Done]:
        proposed = one.proposed
        number, day = number_and_day(proposed.row.text("settled_number"), self._year)
        day = self._typed_day(proposed, "settled_day") or day or spoken
        counted = day or self._counted(proposed, KIND.SETTLEMENT, part.key, {"contract": after})
        signed = min((done.counted_on for done in contracts), default=None)
        if day and signed and day < signed:
            counted = self._moved(proposed, KIND.SETTLEMENT, part.key, signed)
        if not contracts and proposed.row.text("firm"):
            proposed.is_wrong(part.key, _("có quyết toán mà không có hợp đồng"))
        return [Done(KIND.SETTLEMENT, number, day, counted, part.vnd, part.level, part.content)] if counted else []

    def _state(self, proposed: ProposedRow, told: Told, words: str, first: dt.date, grants: Sequence[Grant]) -> None:
        """The furthest state that the words or the amounts say."""
        by_state = {PAPERS[one.kind]: one for one in reversed(told.done) if one.kind in PAPERS}
        said = state_in(words)
        told.outcome = furthest_state([STATE.APPROVED, *by_state, *([said] if said else [])])
        if is_unknown(words) and not goes_to_next_year(words) and not is_stopped(words):
            text = _("không rõ “%(text)s” là trạng thái nào, ghi là “%(state)s” theo các cột khác")
            shown = {"text": words[:60], "state": PastRecord.Outcome(told.outcome).label}
            proposed.is_noted("progress", text % shown)
        if told.outcome in by_state:
            one = by_state[told.outcome]
            told.stated_on = one.stated_on if one.stated_on == one.counted_on else None
            told.counted_on = one.counted_on
            return
        latest = max([first, *(one.counted_on for one in told.done)])
        told.stated_on = safe_day_in(words, self._year) if said == told.outcome else None
        if told.stated_on and told.stated_on > self.today:
            proposed.is_wrong("progress", _("ngày này sau hôm nay"))
            told.stated_on = None
        told.counted_on = latest
        kinds: dict[str, str] = {STATE.ACCEPTED: KIND.ACCEPTANCE, STATE.SETTLED: KIND.SETTLEMENT}
        if told.outcome in Project.DONE and told.stated_on is None:
            kind = kinds.get(told.outcome, told.outcome)
            told.counted_on = self._counted(proposed, kind, "progress", {"contract": latest}) or latest
        elif told.outcome == STATE.APPROVED:
            days = [grant.letter.issued_on for grant in grants if grant.letter.issued_on]
            told.stated_on, told.counted_on = min(days) if len(days) == len(grants) and days else None, first

    def _limits(self, portions: Sequence[Portion], grants: Sequence[Grant], told: Told) -> None:
        """What no letter could confirm is said of the row, once it is known what its letters give."""
        one = portions[0].proposed
        if any(each.proposed.is_waiting or each.proposed.is_left for each in portions):
            return
        levels = list(dict.fromkeys([*(grant.level for grant in grants), *(done.level for done in told.done)]))
        for level in [level for level in levels if level] or levels:
            name = f" ({FundingLevel(level).label})" if level and len(levels) > 1 else ""
            own = [grant for grant in grants if grant.level == level]
            if broken := self._broken_day(own, [done for done in told.done if done.level == level]):
                text = _(
                    "tạm ứng và thanh toán vượt số được duyệt%(source)s: đến ngày %(on)s đã chi %(paid)s, được duyệt "
                    "%(approved)s"
                )
                on, paid, given = broken
                said = {"on": f"{on:%d/%m/%Y}", "paid": millions(paid), "approved": millions(given), "source": name}
                one.is_wrong("paid" if "paid" in one.row.table.columns else "advance", text % said)
            contract, settled = (self._sum(told, level, kind) for kind in (KIND.CONTRACT, KIND.SETTLEMENT))
            if contract and settled > contract:
                text = _("quyết toán vượt giá trị hợp đồng%(source)s")
                one.is_wrong("settled", text % {"source": name})
            if contract > sum(max(grant.vnd, 0) for grant in own):
                one.is_noted("contract", _("giá trị hợp đồng lớn hơn số được duyệt"))

    def _broken_day(self, grants: Sequence[Grant], done: Sequence[Done]) -> tuple[dt.date, int, int] | None:
        """The first day at whose end more was paid than approved, with both."""
        approved, paid = defaultdict[dt.date, int](int), defaultdict[dt.date, int](int)
        for grant in grants:
            approved[self._counted_from(grant)] += grant.vnd
        for each in done:
            paid[each.counted_on] += SIGNS.get(each.kind, 0) * (each.vnd or 0)
        given = spent = 0
        for on in sorted({*approved, *paid}):
            given, spent = given + approved[on], spent + paid[on]
            if spent > given:
                return on, spent, given
        return None

    def _sum(self, told: Told, level: str, kind: str) -> int:
        return sum(one.vnd or 0 for one in told.done if (one.level, one.kind) == (level, kind))

    @property
    def _sheet(self) -> str:
        return self.asked.table.sheet.name

    def _counted(self, proposed: ProposedRow, kind: str, column: str, days: Mapping[str, dt.date]) -> dt.date | None:
        """The day from which something without a day counts, as the office says once for all of its kind."""
        options = [Option("as_of", _("Ngày của bảng: %(on)s") % {"on": f"{self.as_of:%d/%m/%Y}"})] if self.as_of else []
        labels = {"contract": _("Ngày hợp đồng, hoặc việc liền trước"), "letter": _("Ngày văn bản duyệt")}
        options += [Option(name, labels[name]) for name in days]
        options.append(Option("today", _("Hôm nay")))
        text = _("Có dòng không ghi %(day)s. Tính từ ngày nào? Dòng vẫn mang dấu “chưa rõ ngày”.")
        said = {"day": NAMES[kind]}
        key, likely = f"day:{kind}:{self._sheet}", options[0].value
        answer = self.asked.ask_of(proposed, column, key, text % said, options, likely=likely)
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
        key = f"order:{kind}:{self._sheet}"
        answer = self.asked.ask_of(proposed, column, key, text % said, options, likely="later")
        return to if answer == "later" else None
