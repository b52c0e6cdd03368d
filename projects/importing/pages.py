"""What the importer's pages show of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import Organisation, User
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.text import nfc
from projects.importing.kinds import KINDS
from projects.importing.layout.listed import RowAt
from projects.importing.lists.amount_cells import units_in_words
from projects.importing.models import ImportBatch
from projects.importing.proposals import ProposedRow, RowState, SumCheck
from projects.importing.reading.sheets import column_letters
from projects.importing.understanding import UnderstoodList, understand_list
from projects.models import PastLetter
from projects.rules.permissions import RIGHTS, has, why_not_write_plan


def why_not_write_list(user: User, batch: ImportBatch) -> str:
    """Why this user can't answer, write or drop the list; one of no plan is of whoever keeps the registry."""
    code = KINDS[batch.kind].right
    if batch.plan is not None:
        return why_not_write_plan(user, batch.plan, code)
    return "" if has(user, code, batch.organisation_id) else RIGHTS[code].refusal()


def why_not_read_file(user: User, batch: ImportBatch) -> str:
    """Why this user can't have the file, whose cells nobody masked: it is for whoever writes such lists, also when the
    books are closed, as long as it is there."""
    code = KINDS[batch.kind].right
    if not has(user, code, batch.organisation_id):
        return RIGHTS[code].refusal()
    return "" if batch.erased_at is None else _("Tệp gốc của lần nhập này đã được xóa.")


@dataclass(frozen=True)
class ListPlace:
    """Where a list that belongs to no plan is brought, where its records are looked at, and what keeps their origin.

    ``stays``: why it is not taken back. ``is_administered``: the administration keeps the records, with a history that
    says where each came from; no row of the list stays behind them.
    """

    bring: str
    index: str
    index_title: str | Promise
    see: str | Promise
    origin: str | Promise
    stays: str | Promise = ""
    is_administered: bool = False


_IN_HISTORY = gettext_lazy("Lịch sử của từng đơn vị ở trang quản trị ghi tệp, trang, dòng và mục đã đổi.")
PLACES = {
    "firms": ListPlace(
        bring="importing:bring_firms",
        index="projects:beneficiary_list",
        index_title=gettext_lazy("Đơn vị thụ hưởng"),
        see=gettext_lazy("Xem danh bạ"),
        origin=gettext_lazy("Mỗi đơn vị giữ lại nguồn gốc: tệp, trang, dòng và nguyên văn các ô."),
    ),
    "organisations": ListPlace(
        bring="importing:bring_organisations",
        index="admin:accounts_organisation_changelist",
        index_title=gettext_lazy("Đơn vị, cơ quan"),
        see=gettext_lazy("Xem danh sách đơn vị"),
        origin=_IN_HISTORY,
        stays=gettext_lazy(
            "Đã nhập thì không rút lại được, đơn vị đã thêm cũng không xóa được: người dùng, kế hoạch, văn bản gắn với "
            "đơn vị. Nhập nhầm thì sửa ở trang quản trị."
        ),
        is_administered=True,
    ),
    "units": ListPlace(
        bring="importing:bring_units",
        index="admin:programmes_adminunit_changelist",
        index_title=gettext_lazy("Đơn vị hành chính"),
        see=gettext_lazy("Xem danh mục đơn vị hành chính"),
        origin=_IN_HISTORY,
        stays=gettext_lazy(
            "Đã nhập thì không rút lại được. Nhập nhầm thì sửa ở trang quản trị, hoặc xóa nếu chưa có đề án nào ghi "
            "đơn vị đó làm địa bàn."
        ),
        is_administered=True,
    ),
}


def offices_for(user: User, kind: str) -> list[Organisation]:
    """Those for which the user may bring such a list, with their provinces at hand; of what they administer that which
    stands highest, since a list reaches all below it."""
    held = Organisation.objects.where_user_holds(user, *RIGHTS[KINDS[kind].right].roles)
    offices = list(held.select_related("parent__parent__parent").order_by("name_key"))
    if KINDS[kind].right != "administer":
        return offices
    return [one for one in offices if one.parent_id not in {other.pk for other in offices}]


def way_back(batch: ImportBatch) -> str:
    """Where such a list is brought."""
    if batch.plan_id:
        return reverse("importing:bring", args=[batch.plan_id])
    return f"{reverse(PLACES[batch.kind].bring)}?{urlencode({'organisation': batch.organisation.code})}"


@dataclass(frozen=True)
class Chip:
    """A state with the number of its rows, to filter by."""

    state: RowState
    count: int
    is_shown: bool

    @property
    def label(self) -> str | Promise:
        return self.state.label


def chips(understood: UnderstoodList, shown: RowState | None) -> list[Chip]:
    proposal = understood.proposal
    counts = proposal.counts if proposal else {}
    return [Chip(state, count, state == shown) for state, count in counts.items() if count or state == shown]


def rows_shown(understood: UnderstoodList, shown: RowState | None) -> list[ProposedRow]:
    """Those of the state; else all, what needs somebody first."""
    proposal = understood.proposal
    if proposal is None:
        return []
    if shown is not None:
        return proposal.in_state(shown)
    order = {state: place for place, state in enumerate((RowState.CHOICE, RowState.WRONG))}
    return sorted(proposal.rows, key=lambda one: order.get(one.state, len(order)))


def understood_words(understood: UnderstoodList) -> str:
    """“Trang “Danh mục”, tiêu đề dòng 5, đơn vị tính triệu đồng, 14 cột nhận ra …”"""
    table, proposal = understood.table, understood.proposal
    if table is None or proposal is None:
        return ""
    names = ", ".join(
        f"“{one.sheet.name}”" + (_(" (đang ẩn)") if one.sheet.is_hidden else "") for one in understood.tables
    )
    parts = [_("trang %(names)s") % {"names": names}]
    if len(understood.tables) > 1:
        parts = [_("%(count)s trang đọc chung: %(names)s") % {"count": len(understood.tables), "names": names}]
    headers = dict.fromkeys((one.top, one.bottom) for one in understood.tables)
    rows = ", ".join(f"{top}" if top == bottom else f"{top}–{bottom}" for top, bottom in headers)
    parts.append(_("tiêu đề ở dòng %(rows)s") % {"rows": rows})
    if units := units_in_words(proposal.units):
        parts.append(_("đơn vị tính %(unit)s") % {"unit": ", ".join(units)})
    parts.append(_("nhận ra %(count)s cột") % {"count": len(table.columns)})
    if table.unread:
        names = ", ".join(f"{column_letters(at)} “{table.headings[at]}”" for at in table.unread)
        parts.append(_("bỏ qua cột %(names)s") % {"names": names})
    if strays := [cell for one in understood.tables for cell in one.sheet.strays]:
        parts.append(_("bỏ qua ô nằm ngoài bảng: %(cells)s") % {"cells": ", ".join(strays[:5])})
    if understood.fed_by:
        names = ", ".join(f"“{name}”" for name in understood.fed_by)
        parts.append(_("lấy thêm từ trang %(names)s") % {"names": names})
    read = {*(one.sheet.name for one in understood.tables), *understood.fed_by}
    others = [one for one in understood.sheets if one.name not in read and one.rows]
    if others:
        parts.append(_("không đọc trang %(names)s") % {"names": ", ".join(f"“{one.name}”" for one in others)})
    return ", ".join(parts)


@dataclass(frozen=True)
class SumLine:
    """The checks of one sum of the file."""

    label: str
    checks: list[SumCheck]

    @property
    def wrong(self) -> list[SumCheck]:
        return [one for one in self.checks if one.difference]


def sum_lines(understood: UnderstoodList) -> list[SumLine]:
    """Sums of the file one by one; those of 0 that are 0 say nothing."""
    found: dict[tuple[RowAt, str], list[SumCheck]] = {}
    for one in understood.proposal.sums if understood.proposal else ():
        if one.stated or one.ours:
            found.setdefault((one.at, one.label), []).append(one)
    several = len(understood.tables) > 1
    return [SumLine(f"{at[0]}: {label}" if several else label, checks) for (at, label), checks in found.items()]


def records_written(batch: ImportBatch) -> list[Any]:
    """The rows of a written batch with what they became."""
    return list(batch.rows.select_related("project", "beneficiary").order_by("pk"))


@dataclass(frozen=True)
class RowRead:
    """A row of a list whose records keep no rows of it: as it stood, with the record that it means today."""

    sheet: str
    number: int
    record: Any
    words: str


def rows_read(batch: ImportBatch, user: User) -> list[RowRead]:
    """Those that mean a record today; what was left out, or is still wrong, was not brought."""
    proposal = understand_list(batch, user).proposal
    return [
        RowRead(
            sheet=one.row.table.sheet.name,
            number=one.row.number,
            record=one.existing,
            words=" · ".join(mask_personal_numbers(nfc(str(cell))) for cell in one.row.raw if cell is not None),
        )
        for one in (proposal.rows if proposal else ())
        if one.state in (RowState.CHANGED, RowState.EQUAL)
    ]


@dataclass(frozen=True)
class LettersWaiting:
    """Letters of old files of the batch's plan that are not confirmed: those that the Centre has, those it sent."""

    with_centre: list[PastLetter]
    with_department: list[PastLetter]


def letters_waiting(batch: ImportBatch) -> LettersWaiting | None:
    """None where nothing of the batch waits for a letter."""
    if batch.kind != "opening" or batch.plan is None:
        return None
    letters = list(PastLetter.objects.unconfirmed().filter(plan=batch.plan).order_by("issued_on", "pk"))
    with_centre = [one for one in letters if one.is_open]
    return LettersWaiting(with_centre, [one for one in letters if not one.is_open]) if letters else None
