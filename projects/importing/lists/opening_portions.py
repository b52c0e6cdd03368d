"""The rows that tell of one project: those under one merged name, and amounts with their days that one cell holds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.text import fold, nfc
from projects.importing.layout.listed import Listed, ListRow, RowAt
from projects.importing.layout.parted import key_beside, keys_of
from projects.importing.lists.opening_entries import Portion
from projects.importing.lists.opening_papers import number_and_day
from projects.importing.proposals import ListReading, ProposedRow
from projects.importing.questions import Option
from projects.importing.reading.sheets import CellValue

SPLIT = ("approved", "contract", "advance", "paid", "recovered", "settled")
_DATE = r"[0-9]{1,2}[/.\-][0-9]{1,2}(?:[/.\-](?:[0-9]{4}|[0-9]{2}))?(?![0-9])"
_UNIT = r"(?:triệu|tr|nghìn|tỷ|tỉ)?\.?\s?(?:đồng|đ)?"
_AMOUNT = rf"(?P<amount>[0-9](?:[0-9.,]*[0-9])?)\s*(?P<unit>{_UNIT})"
_WORDS = r"(?P<words>[^\W\d_][^0-9();]*?)?:?\s*"
_ITEM = re.compile(
    rf"{_WORDS}{_AMOUNT}\s*(?:\(\s*(?P<inside>[^()]*)\)|(?:,?\s*(?:ngày|-)\s*)(?P<after>{_DATE}))", re.IGNORECASE
)
_DAY_FIRST = re.compile(rf"(?P<words>)(?:ngày\s*)?(?P<after>{_DATE})\s*[:=]\s*{_AMOUNT}(?P<inside>)", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:[\s;,.+&]|và)*", re.IGNORECASE)
_ADVANCE = re.compile(r"\b(?:tam ung|tu)\b")
_RECOVERY = re.compile(r"\b(?:thu hoi|nop tra|nop lai|hoan tra)\b")
_LESS = re.compile(r"[-−–]\s*(?P<bare>[0-9].*)|\(\s*(?P<inside>[0-9][^()]*)\)")
_PAYMENT = re.compile(r"\b(?:thanh toan|tt|quiet toan)\b")


def with_cells_split(asked: ListReading) -> ListReading:
    """With a row for each amount of cells like “50 (12/3), 30 (20/6)”; the first keeps all else that the row says."""
    keys = [key for family in SPLIT for key in keys_of(asked.table, family)]
    year = asked.plan.year if asked.plan else 0
    rows = [one for row in asked.listed.rows for one in _split(row, keys, year)]
    return replace(asked, listed=Listed(rows, asked.listed.sums, asked.listed.passed))


def _split(row: ListRow, keys: Sequence[str], year: int) -> list[ListRow]:
    row = _with_less(row)
    found = [row]
    money = [one for family in SPLIT for one in keys_of(row.table, family)]
    empty: dict[str, CellValue] = {**row.cells, **dict.fromkeys((*money, "approved_whole", "paid_whole"))}
    for key in keys:
        for place, said in enumerate(_items(key, row, year)):
            if place == 0:
                found[0] = replace(found[0], cells={**found[0].cells, **said})
            else:
                part_of = row.number if row.part_of is None else row.part_of
                found.append(replace(row, cells={**empty, **said}, part_of=part_of))
    return found


def _with_less(row: ListRow) -> ListRow:
    """With what a later letter takes away, -30 or “(30)” in a column after the first, as an amount and its sign."""
    cells: dict[str, CellValue] = {}
    for key in keys_of(row.table, "approved")[1:]:
        cell = row.cells.get(key)
        if isinstance(cell, int | float) and cell < 0:
            cells |= {key: -cell, less_in(key): "-"}
        elif isinstance(cell, str) and (less := _LESS.fullmatch(nfc(cell))):
            cells |= {key: less["bare"] or less["inside"], less_in(key): "-"}
    return replace(row, cells={**row.cells, **cells}) if cells else row


def less_in(key: str) -> str:
    """By what a row keeps that its cell takes money away."""
    return f"{key}:less"


def _items(key: str, row: ListRow, year: int) -> list[dict[str, CellValue]]:
    """What each amount of the cell says beside itself; nothing for a cell that is not wholly of such amounts."""
    cell = row.cells.get(key)
    text = nfc(cell) if isinstance(cell, str) else ""
    for pattern in (_ITEM, _DAY_FIRST):
        items = list(pattern.finditer(text))
        if items and _BETWEEN.fullmatch(pattern.sub("", text)):
            return [_item(key, one, row, year) for one in items]
    return []


def _item(key: str, item: re.Match[str], row: ListRow, year: int) -> dict[str, CellValue]:
    inside, words = (item["inside"] or "").strip(), fold(item["words"] or "")
    cells: dict[str, CellValue] = {key: f"{item['amount']} {item['unit']}".strip()}
    if re.fullmatch(r"[0-9]+", item["amount"]) and not item["unit"].strip():
        cells[key] = int(item["amount"])
    dates = re.findall(_DATE, item["after"] or inside)
    day = _with_year(dates[-1], year) if dates else None
    if key.startswith("approved"):
        if "/" in inside.replace(dates[-1] if dates else "", ""):
            cells |= {"letter": inside, "letter_day": day}
        elif day:
            cells["letter_day"] = day
        return cells
    family = key.partition("_")[0]
    number = re.sub(rf",?\s*(?:ngày\s*)?{_DATE}", "", inside).strip(" ,;-")
    if number:
        cells[f"{family}_number"] = number_and_day(number)[0]
    if family in ("contract", "settled"):
        return cells | ({f"{family}_day": day} if day else {})
    cells[day_inside(key)] = day
    if _RECOVERY.search(words):
        cells["kind"] = "recovery"
    elif _ADVANCE.search(words):
        cells["kind"] = "advance"
    elif _PAYMENT.search(words):
        cells["kind"] = "payment"
    return cells


def day_inside(key: str) -> str:
    """By what a row keeps the day that stands in the cell of the money itself."""
    return f"{key}:day"


def _with_year(text: str, year: int) -> CellValue:
    """“12/3” of a list of the year that runs is of that year; else nobody knows, and the text stays."""
    parts = [int(one) for one in re.split(r"[/.\-]", text)]
    if len(parts) > 2 or year != timezone.localdate().year:
        return text
    try:
        return dt.date(year, parts[1], parts[0])
    except ValueError:
        return text


def joined_portions(portions: Iterable[Portion], asked: ListReading) -> list[list[Portion]]:
    """Those of one project together: under one merged name, or below a name that the office says goes on."""
    groups: dict[RowAt, list[Portion]] = {}
    last: RowAt | None = None
    for one in portions:
        row = one.proposed.row
        home = row.home
        if home not in groups and last and _is_unnamed(row) and _goes_on(one.proposed, asked):
            home = last
        groups.setdefault(home, []).append(one)
        last = home
    for group in groups.values():
        _ask_of_repeated(group, asked)
    return list(groups.values())


def _is_unnamed(row: ListRow) -> bool:
    return not any(row.text(key) for key in ("name", "number", "code"))


def _goes_on(proposed: ProposedRow, asked: ListReading) -> bool:
    """Whether a row without a name or number tells more of the project above it, as the office says once; until it
    does, the project waits for it."""
    asked.ask_of(
        proposed,
        "name",
        f"unnamed:{proposed.row.table.sheet.name}",
        _("Có dòng không ghi tên đề án, số thứ tự, nằm ngay dưới một đề án. Đó là phần tiếp theo của đề án ở trên?"),
        [Option("part", _("Đúng, cùng một đề án"))],
    )
    return not proposed.is_left


def _ask_of_repeated(group: Sequence[Portion], asked: ListReading) -> None:
    """An amount that stands in every row of a project may be one that is only written again."""
    rows = list({one.proposed.row.at: one for one in group}.values())
    if len(rows) < 2:
        return
    for key in sorted({key for one in rows for key, vnd in one.found.items() if vnd}):
        if len({_beside(one, key) for one in rows}) > 1:
            continue
        heading = asked.table.headings.get(asked.table.columns.get(key, 0), "")
        text = _("Các dòng của một đề án ghi cùng một số ở cột “%(column)s”. Số đó là của cả đề án hay của từng dòng?")
        options = [
            Option("once", _("Của cả đề án, ghi lại ở từng dòng: tính một lần")),
            Option("each", _("Của từng dòng: cộng lại")),
        ]
        name = f"again:{asked.table.sheet.name}:{key}"
        answers = [asked.ask_of(one.proposed, key, name, text % {"column": heading}, options) for one in rows[1:]]
        if answers[0] == "once":
            for one in rows[1:]:
                one.found[key] = None


def _beside(one: Portion, key: str) -> tuple[object, ...]:
    """The amount with all by which one row's may be told from another's."""
    row, family = one.proposed.row, key.partition("_")[0]
    papers = {"approved": ("letter", "letter_day"), "contract": ("contract_number", "contract_day")}
    keys = papers.get(family, (f"{family}_number", key_beside(row.table, key, f"{family}_day") or f"{family}_day"))
    said = (*keys, "firm", "content", "place")
    return (one.found.get(key), *(str(row.cells.get(name) or "") for name in said))
