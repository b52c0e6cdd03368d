"""Norms at their edges: at the figure and one đồng above it, on the first and the last day, own before general."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from khuyencong.accounts.models import Organisation
from khuyencong.funding import FundingLevel
from programmes.models import ActivityType, Regulation, SupportNorm
from projects.models import ProjectComponent
from projects.rules.norms import AskedSupport, Assessment, NormAnswer, NormBook, assess, judge
from tests.factories import MILLION

ON = dt.date(2019, 6, 1)
CIRCULAR = Regulation(number="28/2018/TT-BTC", code="TT28-2018")
MACHINES = ActivityType(pk=1, code="45-3", short_name="Ứng dụng máy móc", regulation=CIRCULAR)
HOME, ABROAD = Organisation(pk=7, name="Hải Phòng"), Organisation(pk=8, name="Quảng Ninh")


def norm(code: str = "machinery", **words: Any) -> SupportNorm:
    common = {"regulation": CIRCULAR, "clause": "Điều 8", "activity_type": MACHINES, "item": "Máy móc", "unit": "cơ sở"}
    common |= {"funding_level": "national", "is_confirmed": True, "effective_from": dt.date(2019, 1, 1)}
    return SupportNorm(code=code, **common | words)


def content(chosen: SupportNorm | None = None, cost: int | None = None, units: int | None = None) -> ProjectComponent:
    return ProjectComponent(activity_type=MACHINES, norm=chosen, eligible_cost_vnd=cost, units=units)


def judged(
    amount: int, *, cost: int | None, units: int | None, is_approved: bool = False, **figures: Any
) -> Assessment:
    return judge(
        content(cost=cost, units=units), AskedSupport(FundingLevel.NATIONAL, amount, is_approved), norm(**figures)
    )


@pytest.mark.parametrize(
    ("percent", "ceiling", "cost", "units", "limit"),
    [
        (50, None, 700, None, 350),
        (50, None, 3, None, 1),  # 1.5 đồng are rounded down, never up
        (33, None, 100, None, 33),
        (100, None, 7, None, 7),
        (1, None, 99, None, 0),
        (None, 300, None, 1, 300),
        (None, 300, None, 2, 600),
        (50, 300, 700, 1, 300),
        (50, 300, 500, 1, 250),
        (50, 300, 700, 2, 350),
        (50, 300, 1200, 2, 600),
    ],
)
def test_exactly_at_the_figure_is_within_and_one_đồng_more_is_over(
    percent: int | None, ceiling: int | None, cost: int | None, units: int | None, limit: int
) -> None:
    figures: dict[str, Any] = {"max_percent": percent, "max_amount_vnd": ceiling, "cost": cost, "units": units}
    within, over = judged(limit, **figures), judged(limit + 1, **figures)
    assert (within.answer, within.is_over, within.limit_vnd) == (NormAnswer.WITHIN, False, limit)
    assert (over.answer, over.is_over, over.limit_vnd) == (NormAnswer.OVER, True, limit)
    unread = {one: judged(limit + one, **figures, is_confirmed=False) for one in (0, 1)}
    assert [one.answer for one in unread.values()] == [NormAnswer.UNCONFIRMED] * 2
    assert [one.is_over for one in unread.values()] == [False, True]


@pytest.mark.parametrize(
    ("amount", "cost", "units", "answer", "limit", "missing"),
    [
        (300, None, 1, NormAnswer.UNCONFIRMED, 300, "chi phí hợp lệ"),
        (301, None, 1, NormAnswer.OVER, 300, ""),
        (300, 700, None, NormAnswer.WITHIN, 350, ""),  # one at least
        (301, 700, None, NormAnswer.UNCONFIRMED, 350, "số lượng (cơ sở)"),
        (301, 700, 0, NormAnswer.UNCONFIRMED, 350, "số lượng (cơ sở)"),
        (351, 700, None, NormAnswer.OVER, 350, ""),
        (0, 0, None, NormAnswer.WITHIN, 0, ""),
        (1, 0, None, NormAnswer.OVER, 0, ""),
        (300, None, None, NormAnswer.UNCONFIRMED, None, "chi phí hợp lệ"),
        (301, None, None, NormAnswer.UNCONFIRMED, None, "chi phí hợp lệ, số lượng (cơ sở)"),
    ],
)
def test_what_is_not_known_leaves_it_open_unless_the_rest_decides(
    amount: int, cost: int | None, units: int | None, answer: NormAnswer, limit: int | None, missing: str
) -> None:
    """At most 50 % and 300 đồng for each."""
    one = judged(amount, cost=cost, units=units, max_percent=50, max_amount_vnd=300)
    assert (one.answer, one.limit_vnd, one.is_over) == (answer, limit, answer == NormAnswer.OVER)
    assert one.text.partition(". Chưa ghi: ")[2] == missing


def test_a_norm_without_a_percent_needs_no_cost_and_one_without_a_ceiling_no_number() -> None:
    assert judged(300, cost=None, units=1, max_amount_vnd=300).answer == NormAnswer.WITHIN
    assert judged(350, cost=700, units=None, max_percent=50).answer == NormAnswer.WITHIN
    assert judged(1, cost=None, units=None, max_percent=50).answer == NormAnswer.UNCONFIRMED


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        (
            {
                "amount": 350 * MILLION,
                "cost": 700 * MILLION,
                "units": 2,
                "max_percent": 50,
                "max_amount_vnd": 150 * MILLION,
            },
            "Vượt mức hỗ trợ: đề nghị 350.000.000 đồng, tối đa 300.000.000 đồng "
            "(50% của chi phí hợp lệ 700.000.000 đồng; 150.000.000 đồng/cơ sở × 2)",
        ),
        (
            {"amount": 5, "cost": None, "units": 1, "max_amount_vnd": 5, "is_approved": True},
            "Trong mức hỗ trợ: được duyệt 5 đồng, tối đa 5 đồng (5 đồng/cơ sở × 1)",
        ),
        (
            {"amount": 5, "cost": None, "units": None, "max_percent": 50, "max_amount_vnd": 9},
            "Chưa đối chiếu được mức hỗ trợ: đề nghị 5 đồng (50% của chi phí hợp lệ (chưa ghi); "
            "9 đồng/cơ sở × (chưa ghi số lượng))",
        ),
        (
            {"amount": 6, "cost": 10, "units": None, "max_percent": 50, "is_confirmed": False},
            "Vượt mức hỗ trợ chưa xác nhận: đề nghị 6 đồng, tối đa 5 đồng (50% của chi phí hợp lệ 10 đồng)",
        ),
        (
            {"amount": 5, "cost": 10, "units": None, "max_percent": 50, "is_confirmed": False},
            "Mức hỗ trợ chưa xác nhận: đề nghị 5 đồng, tối đa 5 đồng (50% của chi phí hợp lệ 10 đồng)",
        ),
    ],
)
def test_the_words_give_both_sides_and_the_clause(figures: dict[str, Any], text: str) -> None:
    one = judged(figures.pop("amount"), **figures)
    assert one.text.partition(". Chưa ghi")[0] == f"{text} — {CIRCULAR.cited}, Điều 8"
    assert one.citation == f"{CIRCULAR.cited}, Điều 8" and one.label == str(one.answer.label)


def found(*norms: SupportNorm, on: dt.date = ON, province: Organisation | None = HOME) -> int | None:
    """The figure of the norm that the book finds."""
    one = NormBook(norms).find("machinery", "national", province, on)
    return one.max_amount_vnd if one else None


def test_a_norm_holds_on_its_first_and_its_last_day() -> None:
    first, last = dt.date(2019, 3, 1), dt.date(2019, 3, 31)
    one = norm(max_amount_vnd=5, effective_from=first, effective_to=last)
    days = (first - dt.timedelta(days=1), first, last, last + dt.timedelta(days=1))
    assert [found(one, on=day) for day in days] == [None, 5, 5, None]
    assert found(norm(max_amount_vnd=5, effective_from=first), on=dt.date(2099, 1, 1)) == 5, "without an end, for good"


def test_the_province_s_own_goes_before_a_general_one_and_the_later_before_the_earlier() -> None:
    general = norm(max_amount_vnd=1, effective_from=dt.date(2018, 1, 1))
    later = norm(max_amount_vnd=2, effective_from=dt.date(2019, 5, 1))
    own = norm(max_amount_vnd=3, province=HOME, effective_from=dt.date(2017, 1, 1))
    own_later = norm(max_amount_vnd=4, province=HOME, effective_from=dt.date(2018, 1, 1))
    foreign = norm(max_amount_vnd=5, province=ABROAD, effective_from=dt.date(2019, 5, 1))
    rows = [own_later, foreign, general, own, later]
    for order in (rows, rows[::-1]):
        assert (found(*order), found(*order, province=ABROAD), found(*order, province=None)) == (4, 5, 2)
    assert found(general, later, own, foreign) == 3 and found(general, foreign) == 1
    assert found(foreign) is None and found(own, province=None) is None


def test_another_code_or_level_judges_nothing() -> None:
    others = [norm("startup", max_amount_vnd=1), norm(max_amount_vnd=2, funding_level="city")]
    assert found(*others) is None and found(*others, norm(max_amount_vnd=3)) == 3


def said(
    component: ProjectComponent, *norms: SupportNorm, level: FundingLevel = FundingLevel.NATIONAL, on: dt.date = ON
) -> str:
    one = assess(component, AskedSupport(level, 5, False), book=NormBook(norms), province=HOME, on=on)
    assert (one.answer == NormAnswer.NO_NORM) == (one.norm is None)
    assert one.answer != NormAnswer.NO_NORM or (one.citation, one.limit_vnd, one.is_over) == ("", None, False)
    return one.text


def test_what_judges_is_the_row_of_the_day_with_the_chosen_code() -> None:
    chosen = norm(max_amount_vnd=9, effective_from=dt.date(2010, 1, 1), effective_to=dt.date(2018, 12, 31))
    today = norm(max_amount_vnd=4)
    assert "tối đa 4 đồng" in said(content(chosen, units=1), chosen, today)
    assert "tối đa 9 đồng" in said(content(today, units=1), chosen, today, on=dt.date(2018, 12, 31))


def test_why_nothing_judges_is_said() -> None:
    today, other = norm(max_amount_vnd=4), norm("startup", max_amount_vnd=5, activity_type=ActivityType(pk=2))
    national = "Khuyến công quốc gia"
    assert said(content(), today) == f"Chưa chọn mức hỗ trợ áp dụng cho nội dung “Ứng dụng máy móc” ({national})."
    nothing = "Chưa có mức hỗ trợ nào cho nội dung “Ứng dụng máy móc” (%s) ngày 01/06/2019."
    assert said(content()) == said(content(), other) == nothing % national
    assert said(content(), today, level=FundingLevel.CITY) == nothing % "Khuyến công địa phương"
    assert said(content(), norm(max_amount_vnd=4, province=ABROAD)) == nothing % national
    assert "Chưa chọn mức hỗ trợ áp dụng" in said(content(), norm(max_amount_vnd=4, province=HOME))
    gone = "Chưa có mức hỗ trợ “Máy móc” (%s) có hiệu lực ngày %s."
    assert said(content(today), today, on=dt.date(2018, 12, 31)) == gone % (national, "31/12/2018")
    assert said(content(today), today, level=FundingLevel.CITY) == gone % ("Khuyến công địa phương", "01/06/2019")
