"""Who is helped by a row: one establishment, several in one cell, or a group in words; what is open is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from khuyencong.firm_names import marked_name, short_name
from khuyencong.identifiers import check_tax_code
from khuyencong.text import fold
from projects.importing.layout.listed import ListRow, RowAt
from projects.importing.matching.firms import Firm, FirmFinder, Spelling, is_group
from projects.importing.matching.several import several_in
from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import Option
from projects.importing.reading.sheets import CellValue
from projects.models import Beneficiary, Project

NEW, NO_PARTY = "new", "no_party"
ONE, SEVERAL = "one", "several"


@dataclass(frozen=True)
class HelpedParty:
    """One of those who are helped: an establishment of the registry, one that is new to it, or a group in words."""

    firm: Beneficiary | None = None
    new_firm: Firm | None = None
    new_type: str = ""
    group: str = ""

    @property
    def name(self) -> str:
        firm = self.firm or self.new_firm
        return firm.name if firm else self.group


def ask_which_firm(
    asked: ListReading, proposed: ProposedRow, column: str, firm: Firm, options: Sequence[Option]
) -> str:
    """Which of those that are like it the establishment is; NEW where it is none of them."""
    return asked.ask_of(
        proposed,
        column,
        f"firm:known:{firm.tax_code or marked_name(firm.name)}",
        _("“%(name)s” có phải là đơn vị đã có không?") % {"name": firm.name},
        [*options, Option(NEW, _("Không, là đơn vị khác"))],
    )


def stored_tax_code(row: ListRow) -> tuple[str, str]:
    """The code as codes are stored, with the zeros that a number lost; and what is wrong with it."""
    return stored_code(row.cells.get("tax_code"), row.text("tax_code"))


def stored_code(cell: CellValue, text: str) -> tuple[str, str]:
    """Of a cell, and of what it says in words, as :func:`stored_tax_code`."""
    text = f"{cell:d}" if isinstance(cell, int) else text.strip("'")
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


class HelpedReader:
    """Reads who is helped of all rows of one list, looked up once."""

    def __init__(self, asked: ListReading) -> None:
        self.asked = asked
        self.codes: dict[RowAt, list[str]] = {}
        self.problems: dict[RowAt, str] = {}
        self.names = {row.at: self._names(row) for row in asked.listed.rows}
        spellings = [
            Spelling(name, code)
            for at, names in self.names.items()
            for name, code in zip(names, self.codes[at], strict=True)
            if not is_group(name)
        ]
        self.firms = FirmFinder(asked.organisation.province(), spellings)

    def _names(self, row: ListRow) -> list[str]:
        """Those whom the cell names, with their codes; none as long as nobody said whether it names one or several."""
        self.codes[row.at] = []
        if not row.text("firm"):
            _code, self.problems[row.at] = stored_tax_code(row)
            return []
        names, is_sure = several_in(str(row.cells["firm"]))
        if not is_sure:
            text = row.text("firm")
            answer = self.asked.questions.ask(
                f"firm:several:{fold(text)}",
                _("“%(text)s” là tên một đơn vị hay nhiều đơn vị?") % {"text": text},
                [
                    Option(
                        SEVERAL, _("%(count)s đơn vị: %(names)s") % {"count": len(names), "names": "; ".join(names)}
                    ),
                    Option(ONE, _("Một đơn vị")),
                ],
                cell=row.place_of("firm"),
                row=row.at,
            )
            names = names if answer == SEVERAL else [text] if answer == ONE else []
        self.codes[row.at] = self._codes(row, len(names))
        return names

    def _codes(self, row: ListRow, count: int) -> list[str]:
        """One for each name, in their order; of a single code beside several names nobody knows whose it is."""
        cell = row.cells.get("tax_code")
        typed = [part for part in re.split(r"[;,\n]", cell) if part.strip()] if isinstance(cell, str) else []
        if count > 1 and len(typed) == count:
            read = [stored_code(part, part.strip()) for part in typed]
            self.problems[row.at] = next((problem for _code, problem in read if problem), "")
            return [code for code, _problem in read]
        code, self.problems[row.at] = stored_tax_code(row)
        if count > 1 and row.text("tax_code"):
            self.problems[row.at] = _("không rõ mã số thuế của đơn vị nào trong ô")
        return [code if count == 1 else ""] * count

    def read(self, proposed: ProposedRow) -> list[HelpedParty]:
        row = proposed.row
        if problem := self.problems[row.at]:
            proposed.is_noted("tax_code", problem)
        names = self.names[row.at]
        proposed.is_waiting |= bool(row.text("firm")) and not names
        if any(is_too_long(proposed, "firm", name, Beneficiary) for name in names):
            return []
        found: list[HelpedParty | None] = []
        for name, code in zip(names, self.codes[row.at], strict=True):
            if is_group(name):
                found.append(HelpedParty(group=name))
                continue
            firm = self.firms.of_spelling[Spelling(name, code)]
            self._settle_clash(proposed, firm)
            found.append(self._settle_known(proposed, firm))
        return [one for one in found if one is not None]

    def _settle_clash(self, proposed: ProposedRow, firm: Firm) -> None:
        """Two names that are hardly one, under one tax code."""
        if firm.clashes:
            names = {one.name for one in firm.spellings}
            answer = self.asked.ask_of(
                proposed,
                "firm",
                f"firm:code:{firm.tax_code}",
                _("Mã số thuế %(code)s đứng cạnh các tên: %(names)s. Đơn vị này tên là gì?")
                % {"code": firm.tax_code, "names": "; ".join(sorted(names))},
                [Option(one, one) for one in sorted(names)],
            )
            firm.name = answer or firm.name

    def _settle_known(self, proposed: ProposedRow, firm: Firm) -> HelpedParty | None:
        """None where the row waits for an answer, or is left out."""
        if firm.known is not None:
            return HelpedParty(firm=firm.known)
        maybe = {f"b{one.pk}": one for one in firm.maybe}
        near = {f"r{place}": one for place, one in enumerate(firm.near) if one.known not in firm.maybe}
        if maybe or near:
            options = [Option(key, _firm_label(one)) for key, one in maybe.items()]
            options += [
                Option(key, _("cùng đơn vị với “%(name)s” trong tệp") % {"name": _firm_label(one)})
                for key, one in near.items()
            ]
            answer = ask_which_firm(self.asked, proposed, "firm", firm, options)
            if answer in maybe:
                return HelpedParty(firm=maybe[answer])
            if answer in near:
                return self._settle_known(proposed, near[answer])
            if not answer:
                return None
        if firm.alike is not None:
            text = _("tên gần giống “%(name)s” trong danh bạ; sẽ thêm thành đơn vị khác")
            proposed.is_noted("firm", text % {"name": _firm_label(firm.alike)})
        kind = firm.type or self.asked.ask_of(
            proposed,
            "firm",
            f"firm:type:{short_name(firm.name)}",
            _("“%(name)s” thuộc loại hình nào?") % {"name": firm.name},
            [
                *(Option(value, label) for value, label in Beneficiary.Type.choices),
                Option(NO_PARTY, _("Không phải đơn vị thụ hưởng, không ghi")),
            ],
            likely=Beneficiary.Type.HOUSEHOLD if short_name(firm.name).startswith("cs") else "",
        )
        return HelpedParty(new_firm=firm, new_type=kind) if kind != NO_PARTY else None


def is_too_long(proposed: ProposedRow, key: str, name: str, model: type[Project | Beneficiary]) -> bool:
    """Whether no record of the kind can bear that name, which is said of its cell then."""
    limit = model._meta.get_field("name").max_length or 0
    is_longer = len(name) > limit
    if is_longer:
        proposed.is_wrong(key, _("dài hơn %(limit)s ký tự") % {"limit": limit})
    return is_longer


def _firm_label(one: Beneficiary | Firm) -> str:
    return f"{one.name} ({one.tax_code})" if one.tax_code else one.name
