"""Money inside a period, told by hand: quarters add up to halves, and sums up to a day are those of the roll-up."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields

import pytest

from khuyencong.accounts.models import User
from khuyencong.asof import NOW, AsOf
from programmes.models import AnnualPlan
from projects.figures.dimensions import ACTIVITY
from projects.figures.flows import CONTENT, Flow, contract_labels, flows, late_projects, paid_between
from projects.figures.latest_reports import latest_reports
from projects.figures.rollups import roll_up
from projects.ledger.line_accounts import accounts_of
from projects.models import Project
from tests.factories import MILLION
from tests.kept import kept
from tests.reports.plain_question import bounds_of, together
from tests.reports.quarters import CARPET, EMBROIDERY, SEDGE, cell_of, tell_quarters

pytestmark = pytest.mark.django_db

INSIDE = [field.name for field in fields(Flow) if field.name.endswith("_in_vnd")]


@pytest.fixture
@kept
def plan(people: dict[str, User]) -> AnnualPlan:
    return tell_quarters(people)


def whole(plan: AnnualPlan, kind: str) -> Flow:
    start, end = bounds_of(2006, kind)
    return sum(flows([plan], start, NOW if kind == "year" else AsOf(end)).values(), start=Flow())


def millions(flow: Flow, names: list[str]) -> list[int | None]:
    amounts = [getattr(flow, name) for name in names]
    return [None if vnd is None else vnd // MILLION for vnd in amounts]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        # approved at first, adjusted, advanced, paid, settled
        ("q1", [110, None, 30, None, None]),
        ("q2", [63, -5, None, 20, None]),
        ("q3", [None, None, 30, 60, None]),
        ("q4", [None, 8, None, None, 50]),
        ("h1", [173, -5, 30, 20, None]),
        ("h2", [None, 8, 30, 60, 50]),
        ("m7", [None, None, 35, None, None]),
        ("m8", [None, None, -5, None, None]),
        ("year", [173, 3, 60, 80, 50]),
    ],
)
def test_period_has_what_moved_inside_it(plan: AnnualPlan, kind: str, expected: list[int | None]) -> None:
    assert millions(whole(plan, kind), INSIDE) == expected


@pytest.mark.parametrize(("half", "quarters"), [("h1", ("q1", "q2")), ("h2", ("q3", "q4")), ("year", ("h1", "h2"))])
def test_parts_add_up_to_the_whole(plan: AnnualPlan, half: str, quarters: tuple[str, str]) -> None:
    parts, found = [whole(plan, kind) for kind in quarters], whole(plan, half)
    for name in INSIDE:
        assert together(getattr(part, name) for part in parts) == getattr(found, name), name


@pytest.mark.parametrize("kind", ["q1", "q2", "q3", "q4"])
def test_sums_up_to_the_day_are_those_of_the_accounts_and_the_roll_up(plan: AnnualPlan, kind: str) -> None:
    start, end = bounds_of(2006, kind)
    as_of = AsOf(end)
    by_content = sum(flows([plan], start, as_of, CONTENT).values(), start=Flow())
    by_cell = whole(plan, kind)
    assert by_cell == by_content
    assert by_cell.executed_vnd == roll_up([plan], ACTIVITY, as_of).money.executed_vnd
    state = [account for account in accounts_of(Project.objects.all(), as_of) if account.source.is_state]
    for name in ("contracted_vnd", "advanced_vnd", "paid_vnd", "settled_vnd"):
        assert getattr(by_cell, name) == together(getattr(account, name) for account in state), name


def test_words_of_the_day(plan: AnnualPlan) -> None:
    june, september = AsOf(dt.date(2006, 6, 30)), AsOf(dt.date(2006, 9, 30))
    cells = {name: cell_of(plan, name) for name in (EMBROIDERY, SEDGE, CARPET)}
    ids = {name: Project.objects.get(name=name).pk for name in cells}
    assert {pk: report.month.month for pk, report in latest_reports([plan], june).items()} == {ids[EMBROIDERY]: 5}
    line, _component, source = cells[EMBROIDERY]
    assert contract_labels([plan], june) == {(line, source): ["05/HĐ ngày 18/03/2006"]}
    assert late_projects([plan], june) == {ids[EMBROIDERY]}
    assert late_projects([plan], september) == {ids[SEDGE]}
    assert paid_between([plan], dt.date(2006, 7, 1), september) == 90 * MILLION
