"""What may never happen to the money of a line: found on the worst day from a day on, told by how much and by what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, FundingSource
from projects.ledger.line_limits import Excess, Limit, find_excesses, named_entries, worst_day
from projects.models import CellKey, Contract, ContractEntry, PaymentEntry, PlanLine, Project, SettlementEntry, Voucher
from tests.factories import MILLION, decide, source

FIRST = dt.date(2006, 6, 1)
JUNE, JULY, AUGUST, SEPTEMBER = (dt.date(2006, month, day) for month, day in ((6, 16), (7, 1), (8, 1), (9, 1)))
DAYS = st.integers(0, 6).map(lambda days: FIRST + dt.timedelta(days=days))
AMOUNTS = st.lists(st.integers(-3, 3), min_size=2, max_size=2)


def worst_of_all_days(changes: dict[dt.date, list[int]], since: dt.date) -> tuple[dt.date, int, int] | None:
    """By asking every day of the calendar."""
    worst, by = None, 0
    for day in (since + dt.timedelta(days=number) for number in range(20)):
        limit, used = (sum(row[column] for on, row in changes.items() if on <= day) for column in (0, 1))
        if max(used - limit, -used) > by:
            worst, by = (day, limit, used), max(used - limit, -used)
    return worst


@settings(max_examples=400, deadline=None)
@given(changes=st.dictionaries(DAYS, AMOUNTS, max_size=5), since=DAYS)
def test_the_worst_day_is_that_of_the_calendar(changes: dict[dt.date, list[int]], since: dt.date) -> None:
    assert worst_day(changes, since) == worst_of_all_days(changes, since)


@pytest.mark.parametrize(
    ("limit", "used", "by", "words"),
    [
        ("out", 65, 5, "được duyệt 60 đồng, đã chi 65 đồng, vượt 5 đồng (tính đến ngày 01/07/2006)."),
        ("in", 61, 1, "được duyệt 60 đồng, đã nhận 61 đồng, vượt 1 đồng (tính đến ngày 01/07/2006)."),
        (
            "settled",
            70,
            10,
            "giá trị hợp đồng 60 đồng, đã quyết toán 70 đồng, vượt 10 đồng (tính đến ngày 01/07/2006).",
        ),
        ("out", -4, 4, "đã chi nhỏ hơn 0, thiếu 4 đồng (tính đến ngày 01/07/2006)."),
        ("settled", -1, 1, "đã quyết toán nhỏ hơn 0, thiếu 1 đồng (tính đến ngày 01/07/2006)."),
    ],
)
def test_an_excess_says_by_how_much(limit: str, used: int, by: int, words: str) -> None:
    money = FundingSource(short_name="KCĐP", name="Kinh phí địa phương")
    excess = Excess(Limit(limit), PlanLine(project=Project(name="Thêu ren")), money, JULY, 60, used)
    assert excess.excess_vnd == by and str(excess) == f"Thêu ren, nguồn {money}: {words}"
    named = Excess(Limit(limit), excess.line, money, JULY, 60, used, ["PC-1: 60", "PC-2: 5"])
    assert str(named) == f"{excess} Các bút toán: PC-1: 60; PC-2: 5."


def test_a_limit_below_nothing_is_passed_by_nothing_at_all() -> None:
    excess = Excess(Limit.SETTLED, PlanLine(project=Project(name="A")), FundingSource(), JULY, -5, 0)
    assert excess.excess_vnd == 5 and "vượt 5 đồng" in str(excess)
    excess = Excess(Limit.SETTLED, excess.line, FundingSource(), JULY, -1, -1)
    assert excess.excess_vnd == 1 and "thiếu 1 đồng" in str(excess)


def test_the_newest_six_entries_are_named() -> None:
    labels = [f"PC-{number}" for number in range(8)]
    assert named_entries(labels[:6]) == labels[:6]
    assert named_entries(labels[:7]) == ["1 bút toán trước đó", *labels[1:7]]
    assert named_entries(labels) == ["2 bút toán trước đó", *labels[2:]]


class Books:
    """Rows of money as they would stand if nothing had been asked about them."""

    def __init__(self, by: User, plan: AnnualPlan) -> None:
        self.by, self.plan, self.count = by, plan, 0

    def _common(self, key: CellKey, millions: float, on: dt.date) -> dict[str, Any]:
        self.count += 1
        place = dict(zip(("plan_line_id", "component_id", "source_id"), key, strict=True))
        return {**place, "amount_vnd": int(millions * MILLION), "effective_on": on, "recorded_by": self.by}

    def pay(self, key: CellKey, millions: float, on: dt.date, direction: str = "out") -> None:
        common, number = self._common(key, millions, on), f"PC-{self.count}"
        words = {"organisation": self.plan.organisation, "year": 2006, "recorded_by": self.by}
        voucher = Voucher.objects.create(number=number, issued_on=on, direction=direction, **words)
        PaymentEntry.objects.create(voucher=voucher, kind="payment", **common)

    def sign(self, key: CellKey, millions: float, on: dt.date) -> None:
        common, project = self._common(key, millions, on), Project.objects.get(lines=key[0])
        words = {"number": f"{self.count}/HĐ", "signed_on": on, "partner": "HTX", "recorded_by": self.by}
        ContractEntry.objects.create(contract=Contract.objects.create(project=project, **words), **common)

    def settle(self, key: CellKey, millions: float, on: dt.date) -> None:
        common = self._common(key, millions, on)
        SettlementEntry.objects.create(paper=f"QT-{self.count}", **common)


@pytest.fixture
def books(accountant: User, plan: AnnualPlan) -> Books:
    return Books(accountant, plan)


def found(key: CellKey, since: dt.date) -> list[tuple[str, dt.date, float, float]]:
    return [
        (one.limit.value, one.on, one.limit_vnd / MILLION, one.used_vnd / MILLION)
        for one in find_excesses([key[0]], since)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("direction", ["out", "in"])
def test_paid_and_received_are_each_held_against_the_approval(
    cells: list[CellKey], books: Books, direction: str
) -> None:
    books.pay(cells[0], 60, JULY, direction)
    books.pay(cells[0], 60, JULY, "in" if direction == "out" else "out")
    assert found(cells[0], JUNE) == []
    books.pay(cells[0], 2, AUGUST, direction)
    books.pay(cells[0], -1, SEPTEMBER, direction)
    for since, on in ((JUNE, AUGUST), (AUGUST, AUGUST), (dt.date(2006, 8, 31), dt.date(2006, 8, 31))):
        assert found(cells[0], since) == [(direction, on, 60, 62)]
    assert found(cells[0], SEPTEMBER) == [(direction, SEPTEMBER, 60, 61)]
    books.pay(cells[0], -1, SEPTEMBER, direction)
    assert found(cells[0], SEPTEMBER) == [] and found(cells[1], JUNE) == []


@pytest.mark.django_db
def test_an_approval_that_comes_later_covers_nothing_before(
    plan: AnnualPlan, cells: list[CellKey], books: Books, department_head: User
) -> None:
    decide(plan=plan, by=department_head, assigned={"KCDP": 130 * MILLION}, approved={cells[0]: 80 * MILLION},
           number="2/QĐ", on=AUGUST)  # fmt: skip
    books.pay(cells[0], 70, JULY)
    assert found(cells[0], JUNE) == [("out", JULY, 60, 70)] and found(cells[0], AUGUST) == []


@pytest.mark.django_db
def test_money_that_is_not_the_state_s_has_no_limit(cells: list[CellKey], books: Books) -> None:
    own = (*cells[0][:2], source("DOIUNG").pk)
    books.pay(own, 900, JULY, "own")
    books.pay(own, 900, JULY)
    books.settle(own, 900, JULY)
    assert found(cells[0], JUNE) == []


@pytest.mark.django_db
def test_settled_is_held_against_the_contracts_of_the_line(cells: list[CellKey], books: Books) -> None:
    books.sign(cells[0], 30, JULY)
    books.sign(cells[0], 10, AUGUST)
    books.sign(cells[1], 900, JULY)
    books.settle(cells[0], 40, AUGUST)
    assert found(cells[0], JUNE) == []
    books.settle(cells[0], 0.000001, SEPTEMBER)
    assert found(cells[0], JUNE) == [("settled", SEPTEMBER, 40, 40.000001)]


@pytest.mark.django_db
def test_without_a_contract_a_task_has_its_approval_and_others_nothing(cells: list[CellKey], books: Books) -> None:
    Project.objects.filter(lines=cells[0][0]).update(kind="task")
    for key in cells:
        books.settle(key, 50, AUGUST)
    both = [key[0] for key in cells]
    [excess] = find_excesses(both, JUNE)
    assert (excess.line.pk, excess.limit_vnd, excess.used_vnd) == (cells[1][0], 0, 50 * MILLION)
    books.sign(cells[0], 49, JULY)
    assert {one.limit_vnd for one in find_excesses(both, JUNE)} == {0, 49 * MILLION}


@pytest.mark.django_db
def test_the_entries_behind_the_balance_are_named_in_their_order(
    plan: AnnualPlan, cells: list[CellKey], books: Books, department_head: User
) -> None:
    less = {cells[0]: 59 * MILLION}
    decide(plan=plan, by=department_head, approved=less, number="2/QĐ", on=dt.date(2006, 7, 20))
    books.pay(cells[0], 61, AUGUST)
    books.pay(cells[0], 1, JULY)
    books.pay(cells[0], 5, JULY, "in")
    books.pay(cells[1], 5, JULY)
    books.pay(cells[0], -5, SEPTEMBER)
    [excess] = find_excesses([cells[0][0]], JUNE)
    assert excess.entries == [
        "341/UBND-CN ngày 16/06/2006: 60.000.000",
        "PC-2 ngày 01/07/2006: 1.000.000",
        "2/QĐ ngày 20/07/2006: -1.000.000",
        "PC-1 ngày 01/08/2006: 61.000.000",
    ]
    assert (excess.line.pk, excess.source) == (cells[0][0], source("KCDP"))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["group", "task"])
def test_the_papers_of_a_settlement_are_named(cells: list[CellKey], books: Books, kind: str) -> None:
    """Its contracts; of a task without one the letters that approved it."""
    Project.objects.update(kind=kind)
    if kind == "group":
        books.sign(cells[0], 50, JULY)
    books.settle(cells[0], 61, AUGUST)
    books.settle(cells[1], 1, JULY)
    [excess] = find_excesses([cells[0][0]], JUNE)
    paper = "1/HĐ ngày 01/07/2006: 50.000.000" if kind == "group" else "341/UBND-CN ngày 16/06/2006: 60.000.000"
    assert excess.entries == [paper, f"QT-{books.count - 1}: 61.000.000"]


@pytest.mark.django_db
def test_contents_of_a_line_share_its_limit(cells: list[CellKey], books: Books) -> None:
    """What is approved for one content may be spent on the other: the line and the source are judged."""
    component = Project.objects.get(lines=cells[0][0]).components.get()
    component.pk, component.activity_type_id = (
        None,
        component.activity_type.regulation.activity_types.create(
            code="134-9", short_name="Khác", legal_wording="Khác"
        ).pk,
    )
    component.save()
    other = (cells[0][0], component.pk, cells[0][2])
    books.pay(cells[0], 40, JULY)
    books.pay(other, 20, JULY)
    assert found(cells[0], JUNE) == []
    books.pay(other, 1, JULY)
    assert found(cells[0], JUNE) == [("out", JULY, 60, 61)]
