"""What a row of the list of organisations says by itself, before anything else is looked at."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation
from khuyencong.partial_dates import read_partial_date
from khuyencong.text import fold, inside_sentence
from projects.importing.layout.listed import ListRow
from projects.importing.lists.organisation_columns import ORGANISATION_COLUMNS
from projects.importing.matching.offices import kind_told
from projects.importing.proposals import ProposedRow, RowState
from projects.importing.values.periods import UnreadableTime, read_day

Kind = Organisation.Kind
_CODE = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*")
_SAID_KINDS = {"so": Kind.DEPARTMENT, "tt": Kind.CENTRE, "trung tam": Kind.CENTRE, "tinh": Kind.PROVINCE}


@dataclass(eq=False)
class OfficeRow:
    """A row with what it would be: ``known`` is the organisation that it means, ``above`` the superior that is there,
    or the row of it, ``record`` what is written."""

    proposed: ProposedRow
    name: str
    code: str = ""
    kind: str = ""
    known: Organisation | None = None
    above: Organisation | OfficeRow | None = None
    record: Organisation | None = None

    @property
    def number(self) -> int:
        return self.proposed.row.number

    @property
    def is_idle(self) -> bool:
        """Whether it is certain not to be founded."""
        return self.known is None and self.proposed.state in (RowState.WRONG, RowState.LEFT)

    @property
    def parent_column(self) -> str:
        """Where it is said what is wrong with the superior: a group may have told it."""
        return "parent" if self.proposed.row.text("parent") else "name"


def office_row(row: ListRow) -> OfficeRow:
    """The row with its own cells read, each wrong one named."""
    proposed = ProposedRow(row)
    proposed.values = {one.key: row.text(one.key) or None for one in ORGANISATION_COLUMNS}
    found = OfficeRow(proposed, row.text("name"), row.text("code").casefold())
    if not found.name:
        proposed.is_wrong("name", _("thiếu tên đơn vị"))
    if len(found.name) > 200:
        proposed.is_wrong("name", _("dài hơn %(limit)s ký tự") % {"limit": 200})
    if found.code and (not _CODE.fullmatch(found.code) or len(found.code) > 40):
        proposed.is_wrong("code", _("mã chỉ gồm chữ thường không dấu, chữ số, dấu gạch nối, không quá 40 ký tự"))
    proposed.values |= {"since": _start(proposed), "mark": _project_mark(proposed)}
    return found


def said_kind(text: str) -> str:
    """What the words of the column call it; empty where they call it nothing known."""
    folded = fold(text)
    by_label = {fold(str(label)): value for value, label in Kind.choices}
    return by_label.get(folded) or _SAID_KINDS.get(folded) or (kind_told(text) if folded else "")


def _start(proposed: ProposedRow) -> str | None:
    """The day, month or year of its beginning, as it is stored."""
    text = proposed.row.text("since")
    with suppress(UnreadableTime):
        day = read_day(proposed.row.cells.get("since"))
        text = f"{day:%d/%m/%Y}" if day else ""
    text = re.sub(r"(?i)^(?:từ )?(?:ngày|tháng|năm) ", "", text).replace("-", "/").replace(".", "/")
    try:
        return read_partial_date(text) if text else None
    except ValidationError as problem:
        proposed.is_wrong("since", inside_sentence(problem.messages[0]))
        return None


def _project_mark(proposed: ProposedRow) -> str | None:
    mark = proposed.row.text("mark").upper()
    if mark and (not re.fullmatch("[A-Z0-9]+", mark) or len(mark) > 6):
        text = _("ký hiệu chỉ gồm chữ cái không dấu và chữ số, không quá 6 ký tự, ví dụ HD")
        proposed.is_wrong("mark", text)
        return None
    return mark or None
