"""What the words of a plan's rows mean: content, place, time, establishment; what is open is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from khuyencong.firm_names import short_name
from khuyencong.funding import FundingLevel
from khuyencong.identifiers import check_tax_code
from khuyencong.text import fold
from programmes.models import ActivityType, AdminUnit
from projects.importing.layout.row_kinds import ListRow, folded_groups
from projects.importing.matching.contents import ContentFinder
from projects.importing.matching.firms import Firm, FirmFinder, Spelling, is_group
from projects.importing.matching.places import PlaceReader
from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import Option
from projects.importing.values.periods import TimeSpan, UnreadableTime, read_period
from projects.models import Beneficiary

# Heads that name fairs of the whole country, a city as a place or several localities, and no source of money.
_NO_SOURCE = re.compile(
    r"\b(?:hoi cho|trien lam|binh chon|cac dia phuong)\b|^(?:[0-9]+ |[ivx]+ )?(?:thanh pho|tp) (?!quan li\b)[a-z]"
)
NOTHING = "none"
NEW = "new"


@dataclass
class RowWords:
    """What a row says beside its money."""

    content: ActivityType | None = None
    period: TimeSpan | None = None
    places: Sequence[AdminUnit] = ()
    is_whole: bool = False
    parties: str = ""
    firm: Beneficiary | None = None
    new_firm: Firm | None = None
    new_type: str = ""
    group: str = ""
    tax_code: str = ""
    extra: dict[str, str] = field(default_factory=dict)


def level_of(row: ListRow) -> str:
    """Of state money whose column does not say whose it is: what the head of the group says."""
    for head in folded_groups(row):
        if _NO_SOURCE.search(head):
            continue
        if any(words in head for words in ("quoc gia", "kcqg", "trung uong")):
            return FundingLevel.NATIONAL
        if any(words in head for words in ("dia phuong", "kcdp", "thanh pho", "cap tinh", "ngan sach tinh")):
            return FundingLevel.CITY
    return ""


def stored_tax_code(row: ListRow) -> tuple[str, str]:
    """The code as codes are stored, with the zeros that a number lost; and what is wrong with it."""
    cell = row.cells.get("tax_code")
    text = f"{cell:d}" if isinstance(cell, int) else row.text("tax_code").strip("'")
    digits = text.replace("-", "").replace(" ", "").replace(".", "")
    if not digits or not any(char.isdigit() for char in digits):
        return "", ""
    if digits.isdigit() and len(digits) in (8, 9, 12) and isinstance(cell, int):
        text = digits.zfill(13 if len(digits) == 12 else 10)
    elif digits.isdigit() and len(digits) == 9:
        text = f"0{digits}"
    elif len(digits) == 11 and isinstance(cell, int):
        text = digits.zfill(12)  # a person's number begins with a zero
    try:
        read = check_tax_code(text)
    except ValidationError as problem:
        return "", str(problem.message)
    return (read.code, "") if not read.is_personal else ("", _("số định danh cá nhân không nhập từ tệp"))


class WordsReader:
    """Reads the words of all rows of one list, with what they may mean looked up once."""

    def __init__(self, asked: ListReading, contents: Sequence[ActivityType], places: PlaceReader) -> None:
        self.asked, self.questions, self.contents, self.place_reader = asked, asked.questions, contents, places
        self.finder = ContentFinder(contents)
        self.year = asked.plan.year if asked.plan else 0
        self.codes = {row.number: stored_tax_code(row) for row in asked.listed.rows}
        spellings = [one for row in asked.listed.rows if (one := self._spelling(row))]
        self.firms = FirmFinder(asked.organisation.province(), spellings)

    def _spelling(self, row: ListRow) -> Spelling | None:
        name = row.text("firm")
        return Spelling(name, self.codes[row.number][0]) if name and not is_group(name) else None

    def read(self, proposed: ProposedRow) -> RowWords:
        words = RowWords()
        self._content(proposed, words)
        self._period(proposed, words)
        self._place(proposed, words)
        self._firm(proposed, words)
        return words

    def _ask(self, proposed: ProposedRow, column: str, key: str, text: str, options: list[Option], **more: Any) -> str:
        return proposed.ask(self.questions, column, key, text, options, **more)

    def _content(self, proposed: ProposedRow, words: RowWords) -> None:
        """By the column of contents, else by the heads of its groups, else by the project's own name."""
        row = proposed.row
        own = row.text("content")
        tries = [own] if own else [*reversed(row.groups), row.text("name")]
        for text in tries:
            if len(found := self.finder.meant(text)) == 1:
                words.content = found[0]
                return
        text = tries[-1]
        likely = self.finder.meant(text) or self.finder.meant(row.text("name"))
        offered = [*likely, *(one for one in self.contents if one not in likely)]
        answer = self._ask(
            proposed,
            "content" if own else "name",
            f"content:{self.contents[0].regulation_id if self.contents else 0}:{fold(text)}"[:300],
            _("“%(text)s” là nội dung nào?") % {"text": text},
            [Option(one.code, one.short_name) for one in offered],
            likely=likely[0].code if likely else "",
            is_habit=bool(own),
        )
        words.content = next((one for one in self.contents if one.code == answer), None)

    def _period(self, proposed: ProposedRow, words: RowWords) -> None:
        try:
            words.period = read_period(proposed.row.cells.get("period"), self.year)
        except UnreadableTime:
            text = _("thời gian “%(text)s” chưa đúng dạng") % {"text": proposed.row.text("period")}
            proposed.is_wrong("period", text)
            return
        if words.period and not (words.period.start_on.year <= self.year <= words.period.end_on.year):
            text = _("thời gian “%(text)s” ở ngoài năm kế hoạch %(year)s")
            proposed.is_noted("period", text % {"text": proposed.row.text("period"), "year": self.year})

    def _place(self, proposed: ProposedRow, words: RowWords) -> None:
        text = proposed.row.text("place")
        meant = self.place_reader.read(text)
        words.is_whole, words.places, words.parties = meant.is_whole, list(meant.places), meant.words
        for part in meant.open:
            near = list(part.units) or self.place_reader.names.near(part.typed)[:8]
            options = [Option(one.code, _unit_label(one)) for one in near]
            shown = {"text": part.typed}
            ask = _("“%(text)s” là đơn vị nào?") if part.units else _("Không có đơn vị hành chính tên “%(text)s”.")
            answer = self._ask(
                proposed,
                "place",
                f"place:{self.year}:{fold(part.typed)}"[:300],
                ask % shown,
                [
                    *options,
                    Option(NOTHING, _("Không ghi địa bàn, giữ nguyên văn ở mục “Các bên tham gia và địa điểm”")),
                ],
            )
            chosen = next((one for one in near if one.code == answer), None)
            words.places = [*words.places, *([chosen] if chosen else [])]
            words.parties = text if answer == NOTHING else words.parties

    def _firm(self, proposed: ProposedRow, words: RowWords) -> None:
        row, name = proposed.row, proposed.row.text("firm")
        code, problem = self.codes[row.number]
        if problem:
            proposed.is_noted("tax_code", problem)
        words.tax_code = code
        if not name:
            return
        if is_group(name):
            words.group = name
            return
        firm = self.firms.of_spelling[Spelling(name, code)]
        if len(name) > 255:
            proposed.is_wrong("firm", _("tên dài hơn 255 ký tự"))
            return
        self._settle_clash(proposed, firm)
        self._settle_known(proposed, firm, words)

    def _settle_clash(self, proposed: ProposedRow, firm: Firm) -> None:
        """Two names that are hardly one, under one tax code."""
        if firm.clashes:
            names = {one.name for one in firm.spellings}
            answer = self._ask(
                proposed,
                "firm",
                f"firm:code:{firm.tax_code}",
                _("Mã số thuế %(code)s đứng cạnh các tên: %(names)s. Đơn vị này tên là gì?")
                % {"code": firm.tax_code, "names": "; ".join(sorted(names))},
                [Option(one, one) for one in sorted(names)],
            )
            firm.name = answer or firm.name

    def _settle_known(self, proposed: ProposedRow, firm: Firm, words: RowWords) -> None:
        if firm.known is not None:
            words.firm = firm.known
            return
        maybe = {f"b{one.pk}": one for one in firm.maybe}
        near = {f"r{place}": one for place, one in enumerate(firm.near) if one.known not in firm.maybe}
        if maybe or near:
            options = [Option(key, _firm_label(one)) for key, one in maybe.items()]
            options += [
                Option(key, _("cùng đơn vị với “%(name)s” trong tệp") % {"name": _firm_label(one)})
                for key, one in near.items()
            ]
            answer = self._ask(
                proposed,
                "firm",
                f"firm:known:{firm.tax_code or short_name(firm.name)}"[:300],
                _("“%(name)s” có phải là đơn vị đã có không?") % {"name": firm.name},
                [*options, Option(NEW, _("Không, là đơn vị khác"))],
            )
            if answer in maybe:
                words.firm = maybe[answer]
                return
            if answer in near:
                self._settle_known(proposed, near[answer], words)
                return
            if not answer:
                return
        if firm.alike is not None:
            text = _("tên gần giống “%(name)s” trong danh bạ; sẽ thêm thành đơn vị khác")
            proposed.is_noted("firm", text % {"name": _firm_label(firm.alike)})
        words.new_firm = firm
        words.new_type = firm.type or self._ask(
            proposed,
            "firm",
            f"firm:type:{short_name(firm.name)}"[:300],
            _("“%(name)s” thuộc loại hình nào?") % {"name": firm.name},
            [Option(value, label) for value, label in Beneficiary.Type.choices],
            likely=Beneficiary.Type.HOUSEHOLD if short_name(firm.name).startswith("cs") else "",
        )


def _unit_label(unit: AdminUnit) -> str:
    """With what lies above it, which tells two of one name apart."""
    return f"{unit.name} ({unit.parent.name})" if unit.parent else unit.name


def _firm_label(one: Beneficiary | Firm) -> str:
    return f"{one.name} ({one.tax_code})" if one.tax_code else one.name
