"""The list of a province's establishments: what its rows become in the registry, and the service that writes them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import User
from khuyencong.firm_names import Likeness, compare_names, short_name
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.text import fold
from programmes.models import AdminUnit
from projects.importing.layout.listed import ListRow, RowAt
from projects.importing.lists.firm_cells import cell_words, mark_in, notes_with, workers_in
from projects.importing.lists.firm_columns import FIRM_COLUMNS
from projects.importing.lists.helped import ask_which_firm, stored_tax_code
from projects.importing.matching.firms import Firm, FirmFinder, Spelling, is_group, type_of
from projects.importing.matching.places import RegistryPlaces
from projects.importing.matching.several import several_in
from projects.importing.proposals import ListKind, ListReading, Proposal, ProposedRow, unheard
from projects.importing.questions import SKIP, Option
from projects.models import Beneficiary
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import RIGHTS, kept_provinces
from projects.services.beneficiaries import save_many_beneficiaries
from projects.services.registry import enter_many_in_registry

ANOTHER, NOTHING = "another", "none"
TEXTS = ("address", "representative", "phone", "craft_village")
MARKS = ("is_women_owned", "is_minority_owned")
_SAID_TYPES = {
    "dn": Beneficiary.Type.ENTERPRISE,
    "doanh nghiep nho va vua": Beneficiary.Type.ENTERPRISE,
    "cong ti": Beneficiary.Type.ENTERPRISE,
    "ho": Beneficiary.Type.HOUSEHOLD,
    "ho ca the": Beneficiary.Type.HOUSEHOLD,
    "ca the": Beneficiary.Type.HOUSEHOLD,
}
# Which of these an establishment is its name tells too; the others may bear any name.
_TOLD_BY_NAME = {
    *(Beneficiary.Type.ENTERPRISE, Beneficiary.Type.COOPERATIVE, Beneficiary.Type.COOPERATIVE_UNION),
    *(Beneficiary.Type.COOPERATIVE_GROUP, Beneficiary.Type.HOUSEHOLD),
}
BLOCK = 200  # new establishments that are stored at once, after which whoever waits is told
FIELDS = ("name", "type", "tax_code", "unit", *TEXTS, *MARKS, "notes")


def propose_firms(asked: ListReading) -> Proposal:
    """What each row becomes in the registry: a new establishment, a change to one, nothing, or a question."""
    reader = _RegistryReader(asked)
    rows = [reader.read(row) for row in asked.listed.rows]
    notes = [
        _("dòng %(row)s “%(name)s” chỉ có tên, được coi là dòng tên nhóm nên không nhập")
        % {"row": asked.row_name(at), "name": label}
        for at, label in asked.listed.heads.items()
    ]
    return Proposal({}, rows, list(asked.questions.asked.values()), [], notes)


class _RegistryReader:
    """Reads the rows of one list over the registry as it stands, which is read once."""

    def __init__(self, asked: ListReading) -> None:
        self.asked, self.province = asked, asked.organisation.province()
        self.places = RegistryPlaces(self.province)
        self.codes = {row.at: stored_tax_code(row) for row in asked.listed.rows}
        names = [row for row in asked.listed.rows if row.text("name")]
        spellings = [Spelling(row.text("name"), self.codes[row.at][0]) for row in names]
        self.firms = FirmFinder(self.province, spellings)
        stored = Beneficiary.objects.filter(province=self.province).select_related("unit__parent", "personal_number")
        self.stored = stored.in_bulk()
        self.first_rows: dict[int, ProposedRow] = {}  # by the establishment of the list
        self.taken: dict[int, ListRow] = {}  # by the establishment of the registry
        self.today = timezone.localdate()

    def read(self, row: ListRow) -> ProposedRow:
        proposed = ProposedRow(row)
        proposed.values = {one.key: mask_personal_numbers(row.text(one.key)) or None for one in FIRM_COLUMNS}
        if isinstance(row.cells.get("tax_code"), int) and len(row.text("tax_code")) == 11:
            proposed.values["tax_code"] = mask_personal_numbers(row.text("tax_code").zfill(12))  # see stored_tax_code
        said = self._said(proposed)
        if not proposed.wrong:
            self._settle(proposed, said)
        return proposed

    def _said(self, proposed: ProposedRow) -> dict[str, Any]:
        """The fields of which the row says something; what can't be so is said of its cell."""
        row, name = proposed.row, proposed.row.text("name")
        if not name:
            proposed.is_wrong("name", _("thiếu tên đơn vị"))
        elif is_group(name):
            proposed.is_wrong("name", _("“%(name)s” là một nhóm, không phải tên một đơn vị") % {"name": name})
        elif len((several := several_in(str(row.cells["name"])))[0]) > 1 and several[1]:
            proposed.is_wrong("name", _("ô ghi nhiều đơn vị; ghi mỗi đơn vị một dòng"))
        code, problem = self.codes[row.at]
        if problem:
            proposed.is_wrong("tax_code", problem)
        said: dict[str, Any] = {"name": name, "tax_code": code, "unit": self._unit(proposed)}
        said |= {key: text for key in TEXTS if (text := cell_words(row, key))}
        said |= {key: mark for key in MARKS if (mark := _mark(proposed, key)) is not None}
        if "address" in said:
            said["address"] = self._without_unit(said["address"], said["unit"])
        said["notes"], said["workers"] = cell_words(row, "notes"), _workers(proposed)
        _refuse_long(proposed, said)
        return {key: value for key, value in said.items() if value not in ("", None)}

    def _unit(self, proposed: ProposedRow) -> AdminUnit | None:
        """By the column of units, where what is not clear is asked; else the one that the address surely names."""
        row, text = proposed.row, cell_words(proposed.row, "place")
        meant = self.places.read(text or cell_words(row, "address"))
        found = [*meant.places]
        for part in meant.open:
            today = [one for one in part.units if one.valid_to is None or one.valid_to >= self.today]
            if len(today) == 1:
                found += today
            elif text and not proposed.wrong:
                found += self._asked_unit(proposed, part.typed, today or list(part.units))
        return found[0] if len(set(found)) == 1 else None

    def _asked_unit(self, proposed: ProposedRow, typed: str, units: list[AdminUnit]) -> list[AdminUnit]:
        near = units or self.places.names.near(typed)[:8]
        ask = _("“%(text)s” là đơn vị nào?") if units else _("Không có đơn vị hành chính tên “%(text)s”.")
        options = [Option(one.code, one.full_name) for one in near]
        options.append(Option(NOTHING, _("Không ghi xã, phường")))
        answer = self.asked.ask_of(proposed, "place", f"place:registry:{fold(typed)}", ask % {"text": typed}, options)
        return [one for one in near if one.code == answer]

    def _without_unit(self, address: str, unit: AdminUnit | None) -> str:
        """“thôn 1” of “thôn 1, Xã Cẩm Giàng, TP Hải Phòng”: the unit stands in its own field."""
        parts = [part.strip() for part in address.split(",")]
        for place in range(len(parts) - 1, -1, -1):
            rest = self.places.read(", ".join(parts[place:]))
            if unit is not None and not rest.open and list(rest.places) == [unit]:
                return ", ".join(parts[:place])
        return address

    def _settle(self, proposed: ProposedRow, said: dict[str, Any]) -> None:
        """Which establishment the row means, and what it would change in it."""
        firm = self.firms.of_spelling[Spelling(said["name"], self.codes[proposed.row.at][0])]
        first = self.first_rows.setdefault(id(firm), proposed)
        if first is not proposed and not self._is_another(proposed, first, firm):
            return
        known = self._known(proposed, firm) if first is proposed else None
        if proposed.is_left or proposed.is_waiting:
            return
        if known is not None and (other := self.taken.setdefault(known.pk, proposed.row)) is not proposed.row:
            text = _("dòng %(row)s đã khớp với “%(name)s” trong danh bạ")
            proposed.is_wrong("name", text % {"row": self.asked.row_name(other.at), "name": known.name})
            return
        said |= {"type": kind} if (kind := self._type(proposed, said["name"], known)) else {}
        self._fill(proposed, said, known)

    def _is_another(self, proposed: ProposedRow, first: ProposedRow, firm: Firm) -> bool:
        """Whether a second row of one name is a second establishment is asked. Under one tax code it is none: wrong
        where it bears another name."""
        shown = {"cell": proposed.row.place_of("name"), "other": first.row.place_of("name"), "code": firm.tax_code}
        codes = {self.codes[one.row.at][0] for one in (first, proposed)}
        names = (first.row.text("name"), proposed.row.text("name"))
        if codes == {firm.tax_code} != {""}:
            if compare_names(*names) == Likeness.DIFFERENT:
                proposed.is_wrong("tax_code", _("mã số thuế %(code)s đã ghi ở %(other)s với tên khác") % shown)
                return False
            text, options = _("%(cell)s và %(other)s cùng mã số thuế %(code)s, là một đơn vị."), []
        else:
            text = _("%(cell)s và %(other)s cùng tên. Có phải là hai đơn vị?")
            options = [Option(ANOTHER, _("Hai đơn vị khác nhau"))]
        options = [Option(SKIP, _("Ghi hai lần, chỉ nhập dòng đầu")), *options]
        key = f"twin:{shown['cell']}"
        return self.asked.ask_of(proposed, "name", key, text % shown, options, leaves=False, likely=SKIP) == ANOTHER

    def _known(self, proposed: ProposedRow, firm: Firm) -> Beneficiary | None:
        if firm.known is not None:
            return self.stored.get(firm.known.pk)
        maybe = {f"b{one.pk}": self.stored[one.pk] for one in firm.maybe if one.pk in self.stored}
        near = {f"r{place}": one for place, one in enumerate(firm.near)}
        if not maybe and not near:
            return None
        options = [Option(key, _label(one)) for key, one in maybe.items()]
        options += [
            Option(key, _("cùng đơn vị với “%(name)s” trong tệp, bỏ dòng này") % {"name": one.name})
            for key, one in near.items()
        ]
        answer = ask_which_firm(self.asked, proposed, "name", firm, options)
        proposed.is_left |= answer in near
        return maybe.get(answer)

    def _type(self, proposed: ProposedRow, name: str, known: Beneficiary | None) -> str:
        """By the column, unless the name says another one, which is asked; else by the name, of a new one."""
        text, by_name = cell_words(proposed.row, "type"), type_of(name)
        by_column = _type_said(text)
        if by_column and not (by_name and by_column != by_name and by_column in _TOLD_BY_NAME):
            return by_column
        if not text and (by_name or known is not None):
            return by_name if known is None else ""
        shown = {"name": name, "type": text}
        ask = _("“%(name)s” ghi loại hình “%(type)s”. Đơn vị này thuộc loại hình nào?") if text else ""
        return self.asked.ask_of(
            proposed,
            "type" if text else "name",
            f"firm:type:{short_name(name)}:{fold(text)}",
            (ask or _("“%(name)s” thuộc loại hình nào?")) % shown,
            [Option(value, label) for value, label in Beneficiary.Type.choices],
            likely=by_name or by_column or (Beneficiary.Type.HOUSEHOLD if short_name(name).startswith("cs") else ""),
        )

    def _fill(self, proposed: ProposedRow, said: Mapping[str, Any], known: Beneficiary | None) -> None:
        record = copy.copy(known) if known is not None else Beneficiary(province=self.province)
        if known is not None and said.get("tax_code") and hasattr(known, "personal_number"):
            text = _("đơn vị này đang dùng số định danh cá nhân; đổi mã số thuế ở trang của đơn vị")
            proposed.is_wrong("tax_code", text)
        for key in FIELDS:
            if key in said and not (key == "name" and known is not None):
                setattr(record, key, said[key])
        record.notes = notes_with(known.notes if known else "", said.get("notes", ""), said.get("workers"))
        proposed.entry = record
        proposed.values |= {key: getattr(record, key) or None for key in ("address", "representative", "phone")}
        proposed.values |= {"type": record.get_type_display(), "place": record.unit.full_name if record.unit else None}
        if known is not None:
            proposed.existing = known
            proposed.changes = [_change_words(known, record, key) for key in FIELDS if _differ(known, record, key)]


def _label(one: Beneficiary) -> str:
    parts = [one.shown_tax_code, one.unit.full_name if one.unit else ""]
    return f"{one.name} ({', '.join(filter(None, parts))})" if any(parts) else one.name


def _mark(proposed: ProposedRow, key: str) -> bool | None:
    """Whether it is so; None where the cell is empty, which says nothing."""
    text = proposed.row.text(key)
    mark = mark_in(text)
    if mark is None and fold(text):
        proposed.is_wrong(key, _("“%(text)s”: chỉ ghi x hoặc để trống") % {"text": text})
    return mark


def _workers(proposed: ProposedRow) -> int | None:
    text = cell_words(proposed.row, "workers")
    count = workers_in(text)
    if text and count is None:
        proposed.is_wrong("workers", _("“%(text)s” không phải là số người") % {"text": text})
    return count


def _refuse_long(proposed: ProposedRow, said: Mapping[str, Any]) -> None:
    for field in Beneficiary._meta.fields:
        if field.name in ("name", *TEXTS) and len(said.get(field.name) or "") > (field.max_length or 0):
            proposed.is_wrong(field.name, _("dài hơn %(limit)s ký tự") % {"limit": field.max_length})


def _type_said(text: str) -> str:
    """What the words of a column call it; empty where they call it nothing known."""
    folded = fold(text)
    by_label = {fold(str(label)): value for value, label in Beneficiary.Type.choices}
    if folded.startswith("chu dau tu"):
        return Beneficiary.Type.CLUSTER_INVESTOR
    return by_label.get(folded) or _SAID_TYPES.get(folded) or (type_of(text) if folded else "")


def _differ(known: Beneficiary, record: Beneficiary, key: str) -> bool:
    return bool(getattr(known, key) != getattr(record, key))


def _change_words(known: Beneficiary, record: Beneficiary, key: str) -> str:
    """“địa chỉ “thôn 1” → “thôn 2””."""
    [name] = [str(field.verbose_name) for field in Beneficiary._meta.fields if field.name == key]
    before, after = (_value_words(one, key) for one in (known, record))
    return _("%(field)s %(before)s → %(after)s") % {"field": name, "before": before, "after": after}


def _value_words(one: Beneficiary, key: str) -> str | Promise:
    value = getattr(one, key)
    if isinstance(value, bool):
        return _("có") if value else _("không")
    text = one.get_type_display() if key == "type" else value.full_name if key == "unit" and value else value
    return f"“{text}”" if text else _("(trống)")


def write_firms(
    *, rows: Sequence[ProposedRow], actor: User, plan: Any = None, told: Callable[[int], None] = unheard
) -> dict[RowAt, Beneficiary]:
    """Enters new establishments in blocks and changes the known ones with their history, in the transaction of the
    caller; by sheet and number.

    Raises NotAllowed unless the actor keeps the province's registry, Refused for what belongs to a plan, and what the
    services of the registry raise; then nothing is written.
    """
    if plan is not None:
        raise Refused(_("Danh bạ dùng chung cho tỉnh, thành phố, không thuộc kế hoạch của năm nào."), code="kind")
    kept = {province.pk for province in kept_provinces(actor)}
    if any(one.entry.province_id not in kept for one in rows):
        raise NotAllowed(RIGHTS["registry"].refusal())
    new = [one.entry for one in rows if one.existing is None]
    for start in range(0, len(new), BLOCK):
        enter_many_in_registry(new[start : start + BLOCK])
        told(min(start + BLOCK, len(new)))
    save_many_beneficiaries(changed=[one.entry for one in rows if one.existing is not None], actor=actor)
    told(len(rows))
    return {one.row.at: one.entry for one in rows}


FIRMS = ListKind(
    key="firms",
    title=gettext_lazy("Danh bạ đơn vị thụ hưởng"),
    columns=FIRM_COLUMNS,
    name_key="name",
    right="registry",
    is_of_plan=False,
    propose=propose_firms,
    write=write_firms,
    has_parts=True,
    shown=("name", "tax_code", "type", "address", "place", "representative", "phone", "workers", "notes"),
)
