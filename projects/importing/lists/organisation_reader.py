"""Which organisation each row of a list is, of what kind, and below which: what the rows and those that are there tell,
and what is left to be asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import Organisation
from khuyencong.text import fold
from projects.importing.layout.listed import ListRow
from projects.importing.lists.organisation_rows import Kind, OfficeRow, office_row, said_kind
from projects.importing.lists.organisation_tree import CIRCLE
from projects.importing.matching.offices import Office, OfficeNames, is_class, kind_told, office_key
from projects.importing.proposals import ListReading
from projects.importing.questions import Option
from projects.rules.permissions import RIGHTS

NEW = "new"
_KIND_OPTIONS = (
    (Kind.CENTRE, gettext_lazy("Trung tâm Khuyến công: lập kế hoạch, nhập đề án")),
    (Kind.DEPARTMENT, gettext_lazy("Sở Công Thương: thẩm định, quyết định cho các đơn vị dưới quyền")),
)


class OfficeReader:
    """Reads the rows of one list over the organisations as they stand, which are read once."""

    def __init__(self, asked: ListReading, rows: Sequence[ListRow]) -> None:
        self.asked, self.province = asked, asked.organisation.province()
        everybody = Organisation.objects.linked()
        self.stored = {pk: one for pk, one in everybody.items() if one.province().pk == self.province.pk}
        self.codes = {one.code for one in everybody.values()}
        self.kept = asked.user.organisation_ids_with(*RIGHTS["administer"].roles)
        self.heads = {row.number: row.groups for row in asked.listed.rows}
        self.rows = [office_row(row) for row in rows]
        self.by_number = {one.number: one for one in self.rows}
        there = [Office(f"o{pk}", one.name, one.code, str(one.parent or "")) for pk, one in self.stored.items()]
        here = [Office(f"r{one.number}", one.name, one.code, self._place_of(one)) for one in self.rows if one.name]
        self.there, self.all = OfficeNames(self.province, there), OfficeNames(self.province, [*there, *here])

    def read_all(self) -> list[OfficeRow]:
        for row in self.rows:
            if not row.proposed.wrong:
                row.known = self._known(row)
        for row in self.rows:
            if row.known is not None:
                self._refuse_moved(row, row.known)
            elif not row.proposed.wrong and not row.proposed.is_waiting:
                row.kind = self._kind(row)
                row.above = self._parent(row)
        return self.rows

    def _place_of(self, row: OfficeRow) -> str:
        """By which rows of one name are told apart."""
        return row.proposed.row.text("parent") or _("dòng %(row)s") % {"row": row.number}

    # Which organisation a row is

    def _known(self, row: OfficeRow) -> Organisation | None:
        """By its code, else by its name; where several may be meant, or one nearly, it is asked."""
        called = [self.stored[int(one.value[1:])] for one in self.there.called(row.name)]
        by_code = next((one for one in self.stored.values() if one.code == row.code), None)
        if by_code is not None:
            if other := next((one for one in called if one.parent_id == by_code.parent_id and one != by_code), None):
                text = _("mã này là của “%(name)s”, tên là của “%(other)s”")
                row.proposed.is_wrong("code", text % {"name": by_code, "other": other})
            return by_code
        if row.code in self.codes:
            row.proposed.is_wrong("code", _("mã này đã dùng cho đơn vị khác"))
            return None
        told = {one.value for one in self.all.called(row.proposed.row.text("parent"))}
        here = [one for one in called if not told or f"o{one.parent_id}" in told]
        if len(here) == 1:
            return self._same(row, here[0])
        maybe = here or called or [self.stored[int(one.value[1:])] for one in self.there.near(row.name)]
        return self._asked_known(row, maybe) if maybe else None

    def _asked_known(self, row: OfficeRow, maybe: Sequence[Organisation]) -> Organisation | None:
        options = [Option(f"o{one.pk}", _label(one)) for one in maybe]
        answer = self.asked.ask_of(
            row.proposed,
            "name",
            f"office:known:{office_key(row.name)}:{office_key(row.proposed.row.text('parent'))}",
            _("“%(name)s” có phải là đơn vị đã có không?") % {"name": row.name},
            [*options, Option(NEW, _("Không, là đơn vị khác"))],
        )
        found = next((one for one in maybe if f"o{one.pk}" == answer), None)
        return self._same(row, found) if found is not None else None

    def _same(self, row: OfficeRow, known: Organisation) -> Organisation:
        if row.code and row.code != known.code:
            text = _("đơn vị này mang mã “%(code)s”; mã đã đặt không đổi") % {"code": known.code}
            row.proposed.is_wrong("code", text)
        return known

    # What a new one is, and below which

    def _kind(self, row: OfficeRow) -> str:
        """By the column, unless the name says another one, else by the name; what neither tells is asked."""
        text = row.proposed.row.text("kind")
        by_column, by_name = said_kind(text), kind_told(row.name)
        if by_column and by_name in ("", by_column):
            told = by_column
        elif by_name and not text:
            told = by_name
        else:
            word = fold(text) or (office_key(row.name).split() or [""])[0]
            told = self.asked.ask_of(
                row.proposed,
                "kind" if text else "name",
                f"office:kind:{word}:{by_name}",
                _("“%(name)s” là loại đơn vị nào?") % {"name": row.name},
                [Option(value, label) for value, label in _KIND_OPTIONS],
                likely=by_column if by_column != Kind.PROVINCE else "",
            )
        if told == Kind.PROVINCE:
            text = _("tỉnh, thành phố không thêm bằng danh sách này")
            row.proposed.is_wrong("kind" if row.proposed.row.text("kind") else "name", text)
        return told

    def _parent(self, row: OfficeRow) -> Organisation | OfficeRow | None:
        """By the column, else by the head of its group; a Department that says nothing stands below the province."""
        text = row.proposed.row.text("parent")
        labels = [_office_in(label) for label in self.heads.get(row.number, ())]
        heads = [label for label in labels if self.all.called(label)]
        named = text or next(iter(reversed(heads)), "")
        found = self._others(row, self.all.called(named))
        if len(found) == 1:
            return self._may_stand(row, self._meant(found[0].value))
        if text and not found and self.all.called(text):
            row.proposed.is_wrong("parent", CIRCLE)
            return None
        if not text and not found and row.kind == Kind.DEPARTMENT and kind_told(row.name):
            return self._may_stand(row, self.province)
        return self._asked_parent(row, text, found)

    def _others(self, row: OfficeRow, offices: Iterable[Office]) -> list[Office]:
        """Without the row itself; one that means an organisation which is there stands for that."""
        by_value = {one.value: one for one in self.all.offices}
        meant = {one.value: self._meant(one.value) for one in offices}
        return [
            by_value[value]
            for value in dict.fromkeys(
                f"o{other.pk}" if isinstance(other, Organisation) else value for value, other in meant.items()
            )
            if self._meant(value) is not row
        ]

    def _asked_parent(self, row: OfficeRow, text: str, found: Sequence[Office]) -> Organisation | OfficeRow | None:
        """One of those that may be meant first; then all below which something may stand."""
        others = [one for one in self._others(row, self.all.offices) if self._is_open(one)]
        near = [one for one in found or (self.all.near(text) if text else []) if one in others]
        likely = near[0].value if len(near) == 1 else ""
        if text:
            ask, key = _("Đơn vị cấp trên “%(text)s” là đơn vị nào?"), f"office:parent:{office_key(text)}"
        else:
            ask, key = _("Chưa ghi đơn vị cấp trên của “%(name)s”. Thuộc đơn vị nào?"), f"office:parent::{row.kind}"
            tops = [one for one in others if self._is_department(one)]
            likely = tops[0].value if len(tops) == 1 else ""
        options = [Option(one.value, one.label) for one in dict.fromkeys([*near, *others])]
        asked = ask % {"text": text, "name": row.name}
        answer = self.asked.ask_of(row.proposed, row.parent_column, key, asked, options, likely=likely)
        return self._meant(answer) if answer else None

    def _is_open(self, one: Office) -> bool:
        """Whether something may be founded below it."""
        if one.value[0] == "r":
            proposed = self.by_number[int(one.value[1:])].proposed
            return not proposed.wrong and not proposed.is_left
        return int(one.value[1:]) in self.kept

    def _is_department(self, one: Office) -> bool:
        meant = self._meant(one.value)
        return (meant.kind or kind_told(meant.name)) == Kind.DEPARTMENT

    def _meant(self, value: str) -> Organisation | OfficeRow:
        """A row that is an organisation which is there means that."""
        if value[0] == "o":
            return self.stored[int(value[1:])]
        row = self.by_number[int(value[1:])]
        return row.known or row

    def _may_stand(self, row: OfficeRow, above: Organisation | OfficeRow) -> Organisation | OfficeRow | None:
        if isinstance(above, Organisation) and above.pk not in self.kept:
            row.proposed.is_wrong(row.parent_column, _("“%(name)s” ngoài phạm vi quản trị của bạn") % {"name": above})
            return None
        return above

    def _refuse_moved(self, row: OfficeRow, known: Organisation) -> None:
        """Of one that is there the list changes neither kind nor superior; what it does not tell clearly is not
        asked."""
        proposed, kind = row.proposed, said_kind(row.proposed.row.text("kind"))
        if kind and kind != known.kind:
            text = _("đơn vị này thuộc loại “%(kind)s”; loại không đổi bằng danh sách")
            proposed.is_wrong("kind", text % {"kind": known.get_kind_display()})
        told = [self._meant(one.value) for one in self.all.called(proposed.row.text("parent"))]
        if told and known.parent not in told and known not in told:
            text = _("đơn vị này thuộc “%(name)s”; đơn vị cấp trên không đổi bằng danh sách")
            proposed.is_wrong("parent", text % {"name": known.parent or known})


def _office_in(head: str) -> str:
    """The organisation that the head of a group names: “Đơn vị sự nghiệp thuộc Sở Công Thương” is below that one."""
    return re.split(r"(?i)^.*\bthuộc ", head)[-1] if is_class(head) else head


def _label(one: Organisation) -> str:
    return f"{one.name} ({one.parent})" if one.parent else one.name
