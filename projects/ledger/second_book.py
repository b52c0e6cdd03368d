"""The money ledger read once more, entry by entry, in plain Python: no join, no aggregate, no code of the screens.

It keeps its own books and its own rules, so that a total which SQL adds up wrongly, and an entry which no rule would
have let in, are both found and named.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from programmes.models import AllocationEntry, FundingSource, PlanRound
from projects.models import ApprovalEntry, ContractEntry, PaymentEntry, PlanLine, ProjectComponent, SettlementEntry

Total = tuple[str, int, int, int | None]  # figure, plan, source, content of the decree
TABLES: dict[str, type[ApprovalEntry | ContractEntry | PaymentEntry | SettlementEntry]] = {
    "approved": ApprovalEntry,
    "contracted": ContractEntry,
    "paid": PaymentEntry,
    "settled": SettlementEntry,
}
STATE = ("national", "city")


class BookedEntry(NamedTuple):
    """One row of the ledger as it stands in its table; ``line`` is the plan for money assigned."""

    figure: str
    pk: int
    line: int
    component: int | None
    source: int
    amount: int
    on: dt.date
    refers_to: int | None
    detail: str

    @property
    def name(self) -> str:
        return f"{self.figure} #{self.pk} ({self.amount:+d} đồng, {self.on:%d/%m/%Y})"


@dataclass(frozen=True)
class Finding:
    """Something that does not hold, with the entries behind it."""

    text: str
    entries: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.text}: {'; '.join(self.entries)}" if self.entries else self.text


@dataclass
class Replay:
    """The books that the replay kept, and what it found on the way."""

    entries: list[BookedEntry]
    totals: dict[Total, int]
    behind: dict[Total, list[BookedEntry]]
    findings: list[Finding]


@dataclass(frozen=True)
class _Places:
    """Which plan, level, project and kind a line belongs to, and which content a component is; read table by table."""

    plan_of_line: dict[int, int]
    level_of_line: dict[int, str]
    project_of_line: dict[int, tuple[int, str]]
    component: dict[int, tuple[int, int]]
    level_of_source: dict[int, str]


def replay() -> Replay:
    """Reads every entry once, keeps the books by plan × source × content, and tries each rule on each day."""
    places = _places()
    books = Replay(list(_entries()), defaultdict(int), defaultdict(list), [])
    seen = {(entry.figure, entry.pk): entry for entry in books.entries}
    reversed_once: dict[tuple[str, int], BookedEntry] = {}
    for entry in books.entries:
        if problem := _misplaced(entry, places):
            books.findings.append(Finding(problem, [entry.name]))
            continue
        if problem := _wrong_reference(entry, seen, reversed_once):
            books.findings.append(Finding(problem, [entry.name]))
        key = _total_of(entry, places)
        books.totals[key] += entry.amount
        books.behind[key].append(entry)
    books.findings += _broken_days(books.entries, places)
    return books


def _places() -> _Places:
    rounds = {pk: (plan, level) for pk, plan, level in PlanRound.objects.order_by().values_list("pk", "plan", "level")}
    lines = list(PlanLine.objects.order_by().values_list("pk", "round", "project", "project__kind"))
    components = ProjectComponent.objects.order_by().values_list("pk", "project", "activity_type")
    return _Places(
        {pk: rounds[home][0] for pk, home, _project, _kind in lines},
        {pk: rounds[home][1] for pk, home, _project, _kind in lines},
        {pk: (project, kind) for pk, _home, project, kind in lines},
        {pk: (project, activity) for pk, project, activity in components},
        dict(FundingSource.objects.order_by().values_list("pk", "level")),
    )


def _entries() -> Iterator[BookedEntry]:
    assigned = AllocationEntry.objects.order_by("pk").values_list(
        *("pk", "plan", "source", "amount_vnd", "effective_on", "corrects", "nature")
    )
    for pk, plan, source, amount, on, corrects, nature in assigned.iterator(5000):
        yield BookedEntry("assigned", pk, plan, None, source, amount, on, corrects, nature)
    details = {
        "approved": ("corrects", "nature"),
        "contracted": ("reverses", "nature"),
        "paid": ("reverses", "voucher__direction"),
        "settled": ("reverses", "paper"),
    }
    for figure, model in TABLES.items():
        rows = model.objects.order_by("pk").values_list(
            *("pk", "plan_line", "component", "source", "amount_vnd", "effective_on", *details[figure])
        )
        for row in rows.iterator(5000):
            yield BookedEntry(figure, *row)


def _misplaced(entry: BookedEntry, places: _Places) -> str:
    """What is wrong with where the entry stands."""
    if entry.figure == "assigned":
        return ""
    if entry.line not in places.plan_of_line or entry.component not in places.component:
        return "Bút toán trỏ tới dòng kế hoạch hoặc nội dung không có"
    if places.component[entry.component][0] != places.project_of_line[entry.line][0]:
        return "Nội dung của bút toán không thuộc đề án của dòng kế hoạch"
    level = places.level_of_source[entry.source]
    if level in STATE and level != places.level_of_line[entry.line]:
        return "Nguồn của bút toán không thuộc cấp của đợt"
    return ""


def _wrong_reference(
    entry: BookedEntry, seen: dict[tuple[str, int], BookedEntry], reversed_once: dict[tuple[str, int], BookedEntry]
) -> str:
    """A correction stands where the slip stood; a reversal is its exact opposite, and only once."""
    if entry.refers_to is None:
        return ""
    original = seen.get((entry.figure, entry.refers_to))
    if original is None:
        return "Bút toán đính chính không có bút toán gốc"
    place = (entry.line, entry.component, entry.source, entry.on)
    if place != (original.line, original.component, original.source, original.on):
        return f"Bút toán đính chính không cùng chỗ, cùng ngày với bút toán gốc #{original.pk}"
    if entry.figure in ("assigned", "approved"):
        return ""
    if original.refers_to is not None:
        return f"Bút toán đảo lại một bút toán đảo #{original.pk}"
    if entry.amount != -original.amount:
        return f"Bút toán đảo khác số với bút toán gốc #{original.pk}"
    if reversed_once.setdefault((entry.figure, original.pk), entry) is not entry:
        return f"Bút toán gốc #{original.pk} bị đảo hai lần"
    return ""


def _total_of(entry: BookedEntry, places: _Places) -> Total:
    if entry.figure == "assigned":
        return ("assigned", entry.line, entry.source, None)
    figure = f"paid {entry.detail}" if entry.figure == "paid" else entry.figure
    activity = places.component[entry.component][1] if entry.component else None
    return (figure, places.plan_of_line[entry.line], entry.source, activity)


def _broken_days(entries: Iterable[BookedEntry], places: _Places) -> list[Finding]:
    """Every day on which more is used than there is, each way that money can be short."""
    books: dict[tuple[str, int, int], list[tuple[dt.date, int, int, BookedEntry]]] = defaultdict(list)
    contracted = {entry.line for entry in entries if entry.figure == "contracted"}
    for entry in entries:
        if places.level_of_source[entry.source] not in STATE:
            continue
        if entry.figure != "assigned" and entry.line not in places.plan_of_line:
            continue
        for rule, place, limit, used in _sides(entry, places, contracted):
            books[rule, place, entry.source].append((entry.on, limit, used, entry))
    findings = []
    for (rule, place, source), rows in sorted(books.items(), key=lambda item: item[0]):
        if broken := _first_broken_day(rows):
            on, limit, used, behind = broken
            text = f"{rule} (chỗ {place}, nguồn {source}), ngày {on:%d/%m/%Y}: giới hạn {limit}, đã dùng {used} đồng"
            findings.append(Finding(text, [entry.name for entry in behind[-8:]]))
    return findings


def _sides(entry: BookedEntry, places: _Places, contracted: set[int]) -> Iterator[tuple[str, int, int, int]]:
    """(rule, where, what it adds to the limit, what it uses of it) of one entry."""
    amount = entry.amount
    if entry.figure == "assigned":
        yield "Duyệt vượt kinh phí được giao", entry.line, amount, 0
    elif entry.figure == "approved":
        yield "Duyệt vượt kinh phí được giao", places.plan_of_line[entry.line], 0, amount
        yield "Chi vượt kinh phí được duyệt", entry.line, amount, 0
        yield "Nhận vượt kinh phí được duyệt", entry.line, amount, 0
        if entry.line not in contracted and places.project_of_line[entry.line][1] == "task":
            yield "Quyết toán vượt hợp đồng", entry.line, amount, 0
    elif entry.figure == "paid" and entry.detail in ("out", "in"):
        rule = "Chi vượt kinh phí được duyệt" if entry.detail == "out" else "Nhận vượt kinh phí được duyệt"
        yield rule, entry.line, 0, amount
    elif entry.figure == "contracted":
        yield "Quyết toán vượt hợp đồng", entry.line, amount, 0
    elif entry.figure == "settled":
        yield "Quyết toán vượt hợp đồng", entry.line, 0, amount


def _first_broken_day(
    rows: list[tuple[dt.date, int, int, BookedEntry]],
) -> tuple[dt.date, int, int, list[BookedEntry]] | None:
    rows = sorted(rows, key=lambda row: row[0])
    limit = used = 0
    for index, (on, more, spent, _entry) in enumerate(rows):
        limit, used = limit + more, used + spent
        is_end_of_day = index + 1 == len(rows) or rows[index + 1][0] != on
        if is_end_of_day and (used > limit or used < 0):
            return on, limit, used, [row[3] for row in rows[: index + 1]]
    return None
