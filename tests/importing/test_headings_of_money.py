"""Headings of several rows, and of money that is called like something else: whose money a column holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from tests.importing.lists import asked_for, imported, money, plan_of, read, sheet

pytestmark = pytest.mark.django_db

PLACE = "Huyện Tiên Lãng"
WITH_FIRM = ("TT", "Tên đề án", "Đơn vị thụ hưởng", "Địa điểm")
WITHOUT = ("TT", "Tên đề án", "Địa điểm")
MACHINE, FAIR = "Hỗ trợ máy", "Tham gia hội chợ"
MEANT = [(MACHINE, {"city": 100, "own": 120}), (FAIR, {"city": 40})]


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return plan_of(centre_staff)


def two_rows(outer: str, names: Sequence[str], *, has_firm: bool) -> bytes:
    """A list whose money stands in two columns under one outer heading, 100 and 120 of one project, 40 of another."""
    said = WITH_FIRM if has_firm else WITHOUT
    firm: list[Any] = ["HTX Lật Dương"] if has_firm else []
    blank = [None] * len(said)
    rows = [
        [*said, outer, None],
        [*blank, *names],
        [1, MACHINE, *firm, PLACE, 100, 120],
        [2, FAIR, *(None for _one in firm), PLACE, 40, None],
        ["Cộng", *blank[1:], 140, 120],
    ]
    first, last = (chr(65 + len(said) + place) for place in (0, 1))
    return sheet(rows, merged=[f"{first}2:{last}2"])


@pytest.mark.parametrize("has_firm", [True, False])
@pytest.mark.parametrize(
    ("outer", "names"),
    [
        ("Trong đó", ("KCĐP", "Doanh nghiệp")),
        ("Nguồn vốn", ("KCĐP", "Cơ sở")),
        ("Kinh phí (triệu đồng)", ("Ngân sách tỉnh", "Doanh nghiệp")),
        ("Tổng kinh phí (tr.đ)", ("NS tỉnh", "Đơn vị thụ hưởng")),
        ("Trong đó:", ("Hỗ trợ từ KCĐP", "Cơ sở đối ứng")),
    ],
)
def test_money_under_the_name_of_whoever_gives_it(
    plan: AnnualPlan, centre_staff: User, outer: str, names: Sequence[str], has_firm: bool
) -> None:
    """“Doanh nghiệp” over figures is what firms put in, and no firm called 120; nor is it left out."""
    proposal = read(plan, two_rows(outer, names, has_firm=has_firm), centre_staff)
    assert money(proposal) == MEANT
    assert [one.difference for one in proposal.sums] == [0, 0]


def test_a_column_of_firms_stays_one_of_firms(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [("TT", "Tên đề án", "Doanh nghiệp", "Địa điểm", "KCĐP"), (1, MACHINE, "Công ty TNHH 120", PLACE, 100)]
    [row] = read(plan, sheet(rows), centre_staff).rows
    assert row.values["firm"] == "Công ty TNHH 120" and row.entry.amounts == {"city": 100_000_000}


@pytest.mark.parametrize("firm", ["HTX Mây 1", "Hộ Lê An 2", "Cty CP 19/5"])
def test_firms_of_short_words_with_a_number_are_no_figures(plan: AnnualPlan, centre_staff: User, firm: str) -> None:
    rows = [(*WITH_FIRM, "KCĐP"), (1, MACHINE, firm, PLACE, 100)]
    proposal = read(plan, sheet(rows), centre_staff)
    assert money(proposal) == [(MACHINE, {"city": 100})]
    assert proposal.rows[0].values["firm"] == firm


def test_heads_of_groups_in_the_column_of_numbers_bear_their_money(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [
        (*WITHOUT, "Kinh phí hỗ trợ"),
        ("I. Khuyến công quốc gia", None, None, 90),
        (1, "Đào tạo nghề dệt", PLACE, 60),
        (2, "Đào tạo nghề may", PLACE, 30),
        ("II. Khuyến công địa phương", None, None, 40),
        (1, FAIR, PLACE, 40),
        ("Tổng (I+II)", None, None, 130),
    ]
    proposal = read(plan, sheet(rows, merged=["A3:C3", "A6:C6", "A8:C8"]), centre_staff)
    kept = [
        (name, {key: vnd for key, vnd in said.items() if key in ("national", "city")}) for name, said in money(proposal)
    ]
    assert kept == [
        ("Đào tạo nghề dệt", {"national": 60}),
        ("Đào tạo nghề may", {"national": 30}),
        (FAIR, {"city": 40}),
    ]
    assert [(one.stated, one.ours) for one in proposal.sums] == [
        (vnd, vnd) for vnd in (90_000_000, 40_000_000, 130_000_000)
    ]


def test_dots_of_one_large_text_tell_what_the_others_mean(plan: AnnualPlan, centre_staff: User) -> None:
    """“1.200.000” parts thousands by its dots, so “60.000” beside it is no 60."""
    rows = [(*WITHOUT, "KCĐP"), (1, MACHINE, PLACE, "60.000"), (2, FAIR, PLACE, "1.200.000")]
    imported(plan, sheet(rows, unit="ĐVT: nghìn đồng"), centre_staff)
    assert asked_for(plan) == 1_260_000_000
    assert not [
        one
        for one in read(plan, sheet(rows, unit="ĐVT: nghìn đồng"), centre_staff).open_questions
        if "amount" in one.key
    ]


@pytest.mark.parametrize("names", [("Trung ương", "Tỉnh"), ("TW", "Thành phố"), ("Cấp trung ương", "Cấp tỉnh")])
def test_levels_alone_under_of_which_are_whose_money_it_is(
    plan: AnnualPlan, centre_staff: User, names: Sequence[str]
) -> None:
    """Else the total would be asked about, and whole be given to one of them."""
    rows: list[list[Any]] = [["TT", "Tên đề án", "Kinh phí", "Trong đó", None], [None, None, None, *names]]
    rows += [[1, MACHINE, 100, 60, 40], [2, FAIR, 50, None, 50]]
    proposal = read(plan, sheet(rows, merged=["D2:E2"]), centre_staff)
    assert money(proposal) == [(MACHINE, {"national": 60, "city": 40}), (FAIR, {"city": 50})]


@pytest.mark.parametrize("name", ["KP hỗ trợ từ NSNN", "NSNN hỗ trợ", "Hỗ trợ từ ngân sách nhà nước", "Vốn NSNN"])
def test_what_the_state_gives_is_not_the_whole_investment(plan: AnnualPlan, centre_staff: User, name: str) -> None:
    rows: list[list[Any]] = [["TT", "Tên đề án", "Tổng mức đầu tư", name], [1, MACHINE, 1000, 300]]
    [question] = [one for one in read(plan, sheet(rows), centre_staff).questions if one.key.startswith("source")]
    assert name in question.text
    imported(plan, sheet(rows), centre_staff)
    assert asked_for(plan) == 300_000_000
