"""Rows of one list that are hardly two projects."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from projects.importing.lists.money_levels import STATE
from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import SKIP, Option

FEW = 5  # pairs that are asked about one by one
EACH = "each"
TWO, ONE, ONCE = "two", "one", "once"
Pair = tuple[ProposedRow, ProposedRow]  # a row and the first of those that it is told the same as


def twins_of(rows: Iterable[ProposedRow], told_by: Callable[[ProposedRow], Hashable]) -> list[Pair]:
    """Every row that ``told_by`` tells the same of as of one before it."""
    seen: dict[Hashable, ProposedRow] = {}
    twins = []
    for one in rows:
        first = seen.setdefault(told_by(one), one) if not one.is_idle else one
        if first is not one:
            twins.append((one, first))
    return twins


def ask_of_twins(twins: Sequence[Pair], asked: ListReading, text: str | Promise) -> None:
    """Asks about each; ``text`` names both cells. Many are one question, to which the answer may be to go through
    them."""
    options = [
        Option(TWO, _("Hai đề án khác nhau")),
        Option(SKIP, _("Ghi hai lần, chỉ nhập dòng trước")),
    ]
    if len(twins) > FEW and not _are_asked_each(twins, asked):
        return
    for one, first in twins:
        cell = one.row.place_of("name")
        shown = {"cell": cell, "other": first.row.place_of("name")}
        asked.ask_of(one, "name", f"twin:{cell}", text % shown, options, leaves=False)


def _are_asked_each(twins: Sequence[Pair], asked: ListReading) -> bool:
    """Whether the office goes through them one by one; else its answer holds for all of them."""
    one, first = twins[0]
    shown = {"count": len(twins), "cell": one.row.place_of("name"), "other": first.row.place_of("name")}
    text = _("%(count)s dòng trùng với dòng trước (như %(cell)s và %(other)s). Đó là các đề án khác nhau?") % shown
    options = [
        Option(TWO, _("Đều là đề án khác nhau, nhập tất cả")),
        Option(SKIP, _("Đều ghi hai lần, chỉ nhập dòng trước")),
        Option(EACH, _("Xem từng dòng")),
    ]
    key = f"twins:{one.row.table.sheet.name}"
    answers = {asked.ask_of(each, "name", key, text, options, leaves=False) for each, _first in twins}
    return answers == {EACH}


def may_be_halves(pair: Pair) -> bool | None:
    """Whether two rows of different sheets may be one project, each with the money of another source; None as long as
    nobody said whose money it is."""
    if pair[0].row.table.sheet.name == pair[1].row.table.sheet.name:
        return False
    levels = [{key for key in STATE if one.entry.amounts.get(key)} for one in pair]
    if not all(levels) and any(one.is_waiting for one in pair):
        return None
    return all(levels) and not levels[0] & levels[1]


def ask_of_halves(pairs: Sequence[Pair], asked: ListReading, likely: Callable[[ProposedRow], str]) -> dict[int, str]:
    """What the office says of each pair, by its place: ONE with all money added, ONCE with own and other money that
    stands in both counted once, TWO; nothing while it has not said. Many are one question as twins are."""
    is_each = len(pairs) <= FEW
    if not is_each:
        one, first = pairs[0]
        shown = {"count": len(pairs), "cell": one.row.place_of("name"), "other": first.row.place_of("name")}
        text = _("%(count)s đề án có ở hai trang, mỗi trang một nguồn (như %(cell)s và %(other)s). Đó là một đề án?")
        options = [*_options_of(pairs), Option(EACH, _("Xem từng dòng"))]
        key = f"halves:{one.row.table.sheet.name}"
        answers = [_asked(pair, asked, key, text % shown, options, likely(pair[0])) for pair in pairs]
        if answers[0] != EACH:
            return dict(enumerate(answers))
    text = _("%(cell)s và %(other)s là một đề án hai nguồn kinh phí?")
    found = {}
    for place, (one, first) in enumerate(pairs):
        cell = one.row.place_of("name")
        shown = {"cell": cell, "other": first.row.place_of("name")}
        options = _options_of([(one, first)])
        found[place] = _asked((one, first), asked, f"half:{cell}", text % shown, options, likely(one))
    return found


def _repeats(pair: Pair) -> bool:
    """Whether own or other money stands in both."""
    said = [pair[0].entry.amounts, pair[1].entry.amounts]
    return any(all(amounts.get(key) for amounts in said) for key in ("own", "other"))


def _options_of(pairs: Sequence[Pair]) -> list[Option]:
    if any(map(_repeats, pairs)):
        return [
            Option(ONCE, _("Một đề án; vốn đối ứng, nguồn khác ghi ở cả hai dòng chỉ tính một lần")),
            Option(ONE, _("Một đề án, cộng mọi số tiền của hai dòng")),
            Option(TWO, _("Hai đề án khác nhau")),
        ]
    return [Option(ONE, _("Một đề án, cộng kinh phí của hai dòng")), Option(TWO, _("Hai đề án khác nhau"))]


def _asked(pair: Pair, asked: ListReading, key: str, text: str, options: Sequence[Option], likely: str) -> str:
    """Both rows wait for it."""
    one, first = pair
    answer = asked.ask_of(one, "name", key, text, options, leaves=False, likely=likely)
    asked.questions.asked[key].rows.add(first.row.at)
    first.is_waiting |= not answer
    return answer
