"""Rows of one list that are hardly two projects."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import SKIP, Option

FEW = 5  # pairs that are asked about one by one
EACH = "each"


def ask_of_twins(
    rows: Iterable[ProposedRow], asked: ListReading, told_by: Callable[[ProposedRow], Hashable], text: str | Promise
) -> None:
    """Asks about every row that ``told_by`` tells the same of as of one before it; ``text`` names both cells. Many are
    one question, which may be answered by going through them."""
    seen: dict[Hashable, ProposedRow] = {}
    twins = []
    for one in rows:
        first = seen.setdefault(told_by(one), one) if not one.is_idle else one
        if first is not one:
            twins.append((one, first))
    options = [
        Option("two", _("Hai đề án khác nhau")),
        Option(SKIP, _("Ghi hai lần, chỉ nhập dòng trước")),
    ]
    if len(twins) > FEW and not _are_asked_each(twins, asked):
        return
    for one, first in twins:
        cell = one.row.place_of("name")
        shown = {"cell": cell, "other": first.row.place_of("name")}
        asked.ask_of(one, "name", f"twin:{cell}", text % shown, options, leaves=False)


def _are_asked_each(twins: Sequence[tuple[ProposedRow, ProposedRow]], asked: ListReading) -> bool:
    """Whether the office goes through them one by one; else its answer holds for all of them."""
    one, first = twins[0]
    shown = {"count": len(twins), "cell": one.row.place_of("name"), "other": first.row.place_of("name")}
    text = _("%(count)s dòng trùng với dòng trước (như %(cell)s và %(other)s). Đó là các đề án khác nhau?") % shown
    options = [
        Option("two", _("Đều là đề án khác nhau, nhập tất cả")),
        Option(SKIP, _("Đều ghi hai lần, chỉ nhập dòng trước")),
        Option(EACH, _("Xem từng dòng")),
    ]
    key = f"twins:{one.row.table.sheet.name}"
    answers = {asked.ask_of(each, "name", key, text, options, leaves=False) for each, _first in twins}
    return answers == {EACH}
