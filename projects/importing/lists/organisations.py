"""The list of a province's organisations: what its rows become, and the service that writes them."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import Organisation, User, give_marks
from projects.importing.layout.listed import RECORD, Listed, RowAt
from projects.importing.layout.row_kinds import read_rows
from projects.importing.lists.administered import field_change, told_in_history
from projects.importing.lists.organisation_columns import ORGANISATION_COLUMNS
from projects.importing.lists.organisation_reader import OfficeReader
from projects.importing.lists.organisation_rows import OfficeRow
from projects.importing.lists.organisation_tree import refuse_places, refuse_twin_rows
from projects.importing.matching.offices import is_class, kind_told, office_key
from projects.importing.proposals import ListKind, ListReading, Proposal, ProposedRow, RowState, unheard
from projects.refusals import Refused
from projects.services.organisations import FIELDS, OrganisationEntry, save_organisations


def propose_organisations(asked: ListReading) -> Proposal:
    """What each row becomes: a new organisation, a change to one, nothing, or a question."""
    listed, heads = _with_named_heads(asked)
    reader = OfficeReader(asked, listed.rows)
    rows = reader.read_all()
    refuse_twin_rows(rows, list(reader.stored.values()))
    refuse_places(rows)
    _fill_all(rows, reader)
    notes = [
        _("dòng %(row)s “%(name)s” chỉ có tên, được coi là dòng tên nhóm nên không nhập")
        % {"row": number, "name": label}
        for (_sheet, number), label in heads.items()
    ]
    proposed = [one.proposed for one in rows]
    return Proposal({}, proposed, list(asked.questions.asked.values()), [], notes)


def _with_named_heads(asked: ListReading) -> tuple[Listed, Mapping[RowAt, str]]:
    """The rows with those that head a group and are an organisation by their name (I. Sở Công Thương …); and the
    other heads. What the sheet hides is asked about where all rows are, and is not added here."""
    hidden = asked.table.sheet.hidden_rows
    heads = asked.listed.heads.items()
    named = {at: RECORD for at, label in heads if kind_told(label) and not is_class(label) and at[1] not in hidden}
    if not named:
        return asked.listed, asked.listed.heads
    doubts = {row.at: RECORD for row in asked.listed.rows}
    again = read_rows(asked.table, ORGANISATION_COLUMNS, "name", {**doubts, **named})
    return again, {at: label for at, label in asked.listed.heads.items() if at not in named}


def _fill_all(rows: Sequence[OfficeRow], reader: OfficeReader) -> None:
    """What is written for each row, and what the page shows of it."""
    file_name, codes = reader.asked.file_name, set(reader.codes)
    for row in rows:
        if row.known is not None:
            _fill_known(row, row.known, file_name, reader.kept)
        elif row.proposed.state == RowState.NEW:
            _fill_new(row, file_name, codes)
    give_marks([one.record for one in rows if one.record and one.known is None], reader.stored.values())
    for row in rows:
        if record := row.record:
            row.proposed.values |= {
                "name": record.name,
                "kind": record.get_kind_display(),
                "parent": str(record.parent or "") or None,
                "code": record.code,
                "mark": record.project_mark or None,
                "since": record.works_since or None,
            }


def _fill_new(row: OfficeRow, file_name: str, codes: set[str]) -> Organisation:
    """With the records above it, which may stand further down in the list."""
    if row.record is None:
        above = _fill_new(row.above, file_name, codes) if isinstance(row.above, OfficeRow) else row.above
        values, code = row.proposed.values, row.code or _free_code(row.name, codes)
        codes.add(code)
        row.record = Organisation(
            code=code,
            kind=row.kind,
            name=row.name,
            parent=above,
            works_since=values["since"] or "",
            project_mark=values["mark"] or "",
        )
        row.proposed.entry = OrganisationEntry(row.record, told_in_history(file_name, row.proposed.row))
    return row.record


def _fill_known(row: OfficeRow, known: Organisation, file_name: str, kept: frozenset[int]) -> None:
    """An empty cell says nothing; a name that only is written otherwise stays, another one came with its code."""
    values, record = row.proposed.values, copy.copy(known)
    record.works_since = values["since"] or known.works_since
    record.project_mark = values["mark"] or known.project_mark
    if row.code == known.code and office_key(row.name) != office_key(known.name) and row.name:
        record.name = row.name
    row.proposed.existing, row.record = known, record
    changed = [one for one in FIELDS if getattr(known, one) != getattr(record, one)]
    if changed and known.pk not in kept:
        row.proposed.is_wrong("name", _("“%(name)s” ngoài phạm vi quản trị của bạn") % {"name": known})

    def changes() -> list[str]:
        return [field_change(Organisation, one, getattr(known, one), getattr(record, one)) for one in changed]

    row.proposed.changes = changes()
    row.proposed.entry = OrganisationEntry(record, told_in_history(file_name, row.proposed.row, changes))


def _free_code(name: str, codes: set[str]) -> str:
    """The name without marks, its words joined by hyphens, cut after a word; with a number where it is taken."""
    plain = unicodedata.normalize("NFKD", name.translate(str.maketrans("đĐ", "dD"))).encode("ascii", "ignore")
    words = re.findall("[a-z0-9]+", plain.decode().lower()) or ["don-vi"]
    while len("-".join(words)) > 36 and len(words) > 1:
        words.pop()
    start = "-".join(words)[:36]
    return next(one for number in count(1) if (one := start if number == 1 else f"{start}-{number}") not in codes)


def write_organisations(
    *, rows: Sequence[ProposedRow], actor: User, plan: Any = None, told: Callable[[int], None] = unheard
) -> dict[RowAt, Organisation]:
    """Founds the new ones and changes the others, in the transaction of the caller; by sheet and number.

    Raises Refused for what belongs to a plan, and what :func:`save_organisations` raises; then nothing is written.
    """
    if plan is not None:
        raise Refused(_("Danh sách đơn vị dùng chung, không thuộc kế hoạch của năm nào."), code="kind")
    save_organisations(entries=[one.entry for one in rows], actor=actor)
    told(len(rows))
    return {one.row.at: one.entry.organisation for one in rows}


ORGANISATIONS = ListKind(
    key="organisations",
    title=gettext_lazy("Đơn vị, cơ quan của tỉnh, thành phố"),
    columns=ORGANISATION_COLUMNS,
    name_key="name",
    right="administer",
    is_of_plan=False,
    propose=propose_organisations,
    write=write_organisations,
    shown=("name", "kind", "parent", "code", "mark", "since"),
)
