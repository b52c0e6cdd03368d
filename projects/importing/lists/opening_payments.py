"""The advances and payments that the rows of one project tell, before it is asked what days the books can take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from khuyencong.text import fold
from projects.importing.layout.parted import keys_of
from projects.importing.lists.amount_cells import millions
from projects.importing.lists.opening_entries import Grant, Portion
from projects.importing.lists.opening_sources import Part, SourcesReader
from projects.importing.lists.opening_states import state_in
from projects.importing.proposals import ListReading
from projects.importing.questions import Option
from projects.models import PastEvent, Project

KIND = PastEvent.Kind


@dataclass(frozen=True)
class Payment:
    """``part``: of which cell, source and content, in đồng; the cell stands in the row of ``portion``."""

    kind: str
    part: Part
    portion: Portion


class PaymentsReader:
    """Reads the payments of one list; what its columns mean is asked once."""

    def __init__(self, asked: ListReading, portions: Iterable[Sequence[Portion]]) -> None:
        self.asked, self.sources = asked, SourcesReader(asked)
        self.groups = list(portions)
        self.is_cumulative = self._is_cumulative()

    def _heading(self, key: str) -> str:
        table = self.asked.table
        return table.headings.get(table.columns[key], "")

    def _is_cumulative(self) -> bool | None:
        """Whether the column of payments holds the advances too: asked where its heading or a project's money says it
        may; None as long as nobody answered."""
        if not {"advance", "paid"} <= self.asked.table.columns.keys():
            return False
        heading = fold(self._heading("paid"))
        may_be = any(words in heading for words in ("luy ke", "giai ngan", "tong", "da chi"))
        for group in self.groups:
            sums = {family: self._sum(group, family) for family in ("advance", "paid", "approved")}
            advance, paid, approved = sums.values()
            may_be |= bool(advance and paid >= advance and advance + paid > approved)
        first = next((group[0].proposed.row for group in self.groups), None)
        if not may_be or first is None:
            return False
        answer = self.asked.questions.ask(
            f"paid:{self.asked.table.sheet.name}",
            _("Số ở cột “%(column)s” đã gồm tạm ứng chưa?") % {"column": self._heading("paid")},
            [Option("apart", _("Chưa, là số chi thêm sau tạm ứng")), Option("all", _("Đã gồm tạm ứng"))],
            cell=first.place_of("paid"),
            row=first.at,
        )
        return answer == "all" if answer else None

    def _sum(self, group: Sequence[Portion], family: str) -> int:
        keys = keys_of(self.asked.table, family)
        return sum(one.found.get(key) or 0 for one in group for key in keys)

    def of(self, group: Sequence[Portion], grants: Sequence[Grant], words: str) -> list[Payment]:
        """Of the rows of one project; empty while one of the columns waits for what it means."""
        first = group[0].proposed
        if self.is_cumulative is None:
            first.is_waiting = True
            return []
        found = [payment for one in group for payment in self._of_row(one, grants, words)]
        self._check_whole(group)
        if not self.is_cumulative:
            return found
        advances = [one for one in found if one.kind == KIND.ADVANCE]
        left, rest = sum(one.part.vnd for one in advances), []
        for one in found:
            if one.kind == KIND.PAYMENT:
                taken = min(left, one.part.vnd)
                left -= taken
                rest += [replace(one, part=replace(one.part, vnd=one.part.vnd - taken))] if one.part.vnd > taken else []
        if left and any(one.kind == KIND.PAYMENT for one in found):
            first.is_wrong("paid", _("số đã chi nhỏ hơn số tạm ứng"))
        return [*advances, *rest, *(one for one in found if one.kind == KIND.RECOVERY)]

    def _of_row(self, one: Portion, grants: Sequence[Grant], words: str) -> list[Payment]:
        found = [Payment(KIND.ADVANCE, part, one) for part in self.sources.of(one, "advance", grants)]
        for part in self.sources.of(one, "paid", grants):
            found += [Payment(kind, part, one)] if (kind := self._kind(one, part.key, words)) else []
        return found + [Payment(KIND.RECOVERY, part, one) for part in self.sources.of(one, "recovered", grants)]

    def _kind(self, one: Portion, key: str, words: str) -> str:
        """Of money in a column that only says it went out: as the cell says, else as the office does."""
        said = one.proposed.row.text("kind")
        if said:
            return said
        folded = fold(self._heading(key))
        tells = "advance" in self.asked.table.columns or "thanh toan" in folded
        if tells:
            return KIND.PAYMENT
        text = _("Cột “%(column)s” không nói là tạm ứng hay thanh toán. Tiền đã chi ở cột này là gì?")
        answer = self.asked.ask_of(
            one.proposed,
            key,
            f"kind:{self.asked.table.sheet.name}",
            text % {"column": self._heading(key)},
            [
                Option("state", _("Tạm ứng nếu đề án chưa nghiệm thu, thanh toán nếu đã nghiệm thu")),
                Option(KIND.PAYMENT, _("Thanh toán")),
                Option(KIND.ADVANCE, _("Tạm ứng")),
            ],
        )
        if answer != "state":
            return answer
        is_done = state_in(words) in Project.DONE or one.proposed.row.text("accepted_day") or one.found.get("settled")
        return KIND.PAYMENT if is_done else KIND.ADVANCE

    def _check_whole(self, group: Sequence[Portion]) -> None:
        """A column of the sum beside those of the instalments says the same."""
        whole = sum(one.found.get("paid_whole") or 0 for one in group)
        parts = self._sum(group, "paid")
        if whole and whole != parts:
            text = _("cột tổng ghi %(total)s, các cột cộng lại %(added)s: sửa cho khớp rồi nhập lại")
            group[0].proposed.is_wrong("paid_whole", text % {"total": millions(whole), "added": millions(parts)})
