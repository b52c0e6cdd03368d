"""Thirty running projects as three Centres write them: what comes into the books is what was meant, to the đồng."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pytest
from openpyxl import Workbook

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.ledger.proof import prove
from projects.models import PastLetter
from projects.services.past_letters import annul_past_letter
from tests.factories import MILLION
from tests.importing.lists import proposed, saved
from tests.importing.opening_lists import FIRM, all_confirmed, books, brought, day, imported, plan_of_this_year
from tests.projects.opening import confirmed

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = ("45/QĐ-UBND", 200), ("88/QĐ-UBND", 160), ("102/QĐ-UBND", 45)
STATES = ("Đang thực hiện", "Đang triển khai", "Đã ký hợp đồng, đang chờ máy", "Đúng tiến độ", "", "Chưa nghiệm thu")


@dataclass
class Meant:
    """A project as its Centre knows it, in đồng; what was paid with its days, counted back from today."""

    name: str
    approved: dict[tuple[str, int], int] = field(default_factory=dict)
    contract: int = 0
    paid: list[tuple[str, int, int]] = field(default_factory=list)
    settled: int = 0
    words: str = ""

    @property
    def account(self) -> dict[str, float]:
        sums: dict[str, int] = defaultdict(int)
        sums["approved"], sums["contract"], sums["settled"] = sum(self.approved.values()), self.contract, self.settled
        for kind, vnd, _on in self.paid:
            sums[kind] += vnd
        return {figure: vnd / MILLION for figure, vnd in sums.items() if vnd}


def year_of(dice: random.Random, count: int = 30) -> list[Meant]:
    found = []
    for place in range(1, count + 1):
        one = Meant(f"Hỗ trợ máy móc số {place}", words=dice.choice(STATES))
        one.approved[FIRST] = dice.randrange(20_000_000, 300_000_000)
        if dice.random() < 0.3:
            one.approved[SECOND] = dice.randrange(5_000_000, 90_000_000)
        left = sum(one.approved.values())
        kind = dice.random()
        if kind < 0.2:
            one.words = "Chưa ký HĐ"
        elif kind < 0.35:  # stopped, with what was paid by then
            one.words = f"Dừng theo QĐ {THIRD[0]} ngày {day(THIRD[1])}"
        if kind >= 0.2:
            one.contract = left
            for on in sorted(dice.sample(range(60, 140), dice.randrange(4)), reverse=True):
                vnd = dice.randrange(1, max(2, left // 2))
                one.paid.append(("payment", vnd, on))
                left -= vnd
        if kind > 0.85:
            one.settled = dice.randrange(1, one.contract + 1)
            one.words = f"Đã quyết toán {day(30)}"
        if "Dừng" in one.words and left:
            one.approved[THIRD] = -left
        found.append(one)
    return found


START = ["STT", "Tên đề án", "Đơn vị thụ hưởng"]
END = ["Số, ngày HĐ", "Giá trị HĐ", "Thanh toán", "Ngày thanh toán", "Quyết toán", "Tiến độ"]


def _end(one: Meant, place: int) -> list[Any]:
    signed = f"{place:02d}/HĐKC ngày {day(150)}" if one.contract else None
    return [signed, one.contract or None, None, None, one.settled or None, one.words]


def in_columns(meant: list[Meant]) -> tuple[list[list[Any]], list[str]]:
    """A column for each letter, all payments of a project in one cell."""
    heads = [f"Duyệt lần 1 (QĐ {FIRST[0]} ngày {day(FIRST[1])})", f"Bổ sung (QĐ {SECOND[0]} ngày {day(SECOND[1])})"]
    rows: list[list[Any]] = [[*START, *heads, "Tổng được duyệt", *END]]
    for place, one in enumerate(meant, 1):
        granted = [one.approved.get(letter) for letter in (FIRST, SECOND)]
        end = _end(one, place)
        end[2] = "; ".join(f"{vnd} ({day(on)})" for _kind, vnd, on in one.paid) or None
        rows.append([place, one.name, FIRM, *granted, sum(vnd or 0 for vnd in granted), *end])
    return rows, []


def in_rows(meant: list[Meant]) -> tuple[list[list[Any]], list[str]]:
    """A row for each letter and each payment, under one merged name."""
    rows: list[list[Any]] = [[*START, "Số QĐ", "Ngày QĐ", "KP được duyệt", *END]]
    merged = []
    for place, one in enumerate(meant, 1):
        granted = [(letter, vnd) for letter, vnd in one.approved.items() if letter != THIRD]
        top = len(rows) + 4
        for at in range(max(len(granted), len(one.paid), 1)):
            (number, on), vnd = granted[at] if at < len(granted) else ((None, 0), None)
            end = _end(one, place) if at == 0 else [None] * 6
            if at < len(one.paid):
                end[2:4] = [one.paid[at][1], day(one.paid[at][2])]
            rows.append([place, one.name, FIRM, number, day(on) if number else None, vnd, *end])
        if (bottom := len(rows) + 3) > top:
            merged += [f"{letter}{top}:{letter}{bottom}" for letter in "ABC"]
    return rows, merged


def in_instalments(meant: list[Meant]) -> tuple[list[list[Any]], list[str]]:
    """A column for each instalment with its day, both letters and their money in one cell each."""
    paying = [text for at in (1, 2, 3) for text in (f"Thanh toán đợt {at}", f"Ngày thanh toán đợt {at}")]
    rows: list[list[Any]] = [[*START, "KP được duyệt", *END[:2], *paying, *END[4:]]]
    for place, one in enumerate(meant, 1):
        granted = [(*letter, vnd) for letter, vnd in one.approved.items() if letter != THIRD]
        cell = "; ".join(f"{vnd} (QĐ {number} ngày {day(on)})" for number, on, vnd in granted)
        paid: list[Any] = [text for _kind, vnd, on in one.paid for text in (vnd, day(on))]
        paid += [None] * (6 - len(paid))
        end = _end(one, place)
        rows.append([place, one.name, FIRM, cell, *end[:2], *paid, *end[4:]])
    return rows, []


def file_of(rows: list[list[Any]], merged: list[str]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["THEO DÕI GIẢI NGÂN KCĐP"], ["Đơn vị tính: đồng"], [], *rows):
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    return saved(book)


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return plan_of_this_year(centre_staff)


@pytest.mark.parametrize("written", [in_columns, in_rows, in_instalments])
@pytest.mark.parametrize("seed", [1, 2])
def test_what_comes_into_the_books_is_what_was_meant(
    plan: AnnualPlan, centre_staff: User, department_head: User, written: Any, seed: int
) -> None:
    meant = year_of(random.Random(seed))
    content = file_of(*written(meant))
    batch = imported(plan, centre_staff, content)
    assert batch.rows.count() == len(meant)
    again = proposed(brought(plan, centre_staff, content), centre_staff)
    assert {one.state.value for one in again.rows} == {"equal"} and not again.open_questions
    all_confirmed(centre_staff, department_head)
    wanted = {one.name: {"KCDP": one.account} for one in meant}
    assert books() == wanted and prove().is_clean
    last = PastLetter.objects.get(number=THIRD[0])
    annul_past_letter(letter=last, reason="Nhầm", version=last.version, actor=department_head)
    assert prove().is_clean and books() != wanted
    last.refresh_from_db()
    confirmed(last, department_head, sent_by=centre_staff)
    assert books() == wanted and prove().is_clean
