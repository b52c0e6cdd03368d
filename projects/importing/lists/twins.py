"""Rows of one list that are hardly two projects."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import SKIP, Option


def ask_of_twins(
    rows: Iterable[ProposedRow], asked: ListReading, told_by: Callable[[ProposedRow], Hashable], text: str | Promise
) -> None:
    """Asks about every row that ``told_by`` tells the same of as of one before it; ``text`` names both cells."""
    seen: dict[Hashable, ProposedRow] = {}
    for one in rows:
        if one.is_idle:
            continue
        first = seen.setdefault(told_by(one), one)
        if first is one:
            continue
        cell = one.row.place_of("name")
        options = [
            Option("two", _("Hai đề án khác nhau")),
            Option(SKIP, _("Ghi hai lần, chỉ nhập dòng trước")),
        ]
        shown = {"cell": cell, "other": first.row.place_of("name")}
        asked.ask_of(one, "name", f"twin:{cell}", text % shown, options, leaves=False)
