"""Months, quarters, halves, years and free dates, and the day of which a report of them speaks."""

import datetime as dt

import pytest

from khuyencong.asof import NOW, AsOf
from reports.asking.periods import DATES, Period, period_of

D = dt.date


@pytest.mark.parametrize(
    ("kind", "start", "end", "text", "file"),
    [
        ("year", D(2008, 1, 1), D(2008, 12, 31), "năm 2008", "2008"),
        ("h1", D(2008, 1, 1), D(2008, 6, 30), "6 tháng đầu năm 2008", "2008-6-thang-dau-nam"),
        ("h2", D(2008, 7, 1), D(2008, 12, 31), "6 tháng cuối năm 2008", "2008-6-thang-cuoi-nam"),
        ("q2", D(2008, 4, 1), D(2008, 6, 30), "quý II năm 2008", "2008-quy-2"),
        ("q4", D(2008, 10, 1), D(2008, 12, 31), "quý IV năm 2008", "2008-quy-4"),
        ("m2", D(2008, 2, 1), D(2008, 2, 29), "tháng 2 năm 2008", "2008-thang-2"),
        ("m12", D(2008, 12, 1), D(2008, 12, 31), "tháng 12 năm 2008", "2008-thang-12"),
    ],
)
def test_a_period_of_a_year_knows_its_days_and_its_name(
    kind: str, start: dt.date, end: dt.date, text: str, file: str
) -> None:
    period = period_of(2008, kind)
    assert (period.start, period.end, str(period), period.file_suffix) == (start, end, text, file)


@pytest.mark.parametrize("kind", ["", "q0", "q5", "m13", "h3", "x1", "qq", "m1²", "dates", "m-1"])
def test_another_word_is_no_period(kind: str) -> None:
    with pytest.raises(ValueError, match="^" + kind):
        period_of(2008, kind)


def test_the_same_period_of_the_year_before_keeps_the_end_of_february() -> None:
    assert period_of(2009, "m2").back(1) == period_of(2008, "m2")
    assert period_of(2008, "m2").back(1) == period_of(2007, "m2")
    assert period_of(2008, "q3").back(5) == period_of(2003, "q3")


def test_free_dates_touch_the_plans_of_each_year() -> None:
    period = Period(DATES, D(2007, 11, 15), D(2009, 1, 31))
    assert period.years == [2007, 2008, 2009]
    assert str(period) == "từ ngày 15/11/2007 đến ngày 31/01/2009"
    assert period.parameters == {"period": "dates", "from": "15/11/2007", "to": "31/01/2009"}
    assert period.file_suffix == "2007-11-15-den-2009-01-31"


def test_a_whole_year_speaks_of_all_that_is_known_unless_a_day_is_asked() -> None:
    year, today = period_of(2006), D(2026, 11, 23)
    assert year.as_of(NOW, today) == NOW
    assert year.as_of(AsOf(D(2006, 6, 30)), today) == AsOf(D(2006, 6, 30))


def test_a_part_of_a_year_speaks_of_its_last_day_and_never_of_one_to_come() -> None:
    quarter = period_of(2026, "q4")
    assert quarter.as_of(NOW, D(2027, 2, 1)) == AsOf(D(2026, 12, 31))
    assert quarter.as_of(NOW, D(2026, 11, 23)) == AsOf(D(2026, 11, 23))
    assert quarter.as_of(AsOf(D(2026, 10, 31), D(2026, 11, 2)), D(2027, 2, 1)) == AsOf(D(2026, 10, 31), D(2026, 11, 2))
    assert quarter.as_of(AsOf(D(2027, 1, 5)), D(2027, 2, 1)) == AsOf(D(2026, 12, 31))


@pytest.mark.parametrize(
    ("kind", "asked", "today", "is_dated"),
    [
        ("year", NOW, D(2008, 3, 1), True),
        ("year", NOW, D(2007, 11, 20), True),  # the draft of a year to come
        ("year", NOW, D(2009, 1, 20), True),  # signed in the first weeks of the next year
        ("year", NOW, D(2009, 5, 1), False),
        ("year", AsOf(D(2008, 6, 30)), D(2008, 7, 3), True),
        ("year", AsOf(D(2008, 6, 30)), D(2008, 12, 1), False),
        ("year", AsOf(None, D(2008, 6, 30)), D(2008, 12, 1), False),
        ("q1", NOW, D(2008, 4, 2), True),
        ("q1", NOW, D(2008, 9, 1), False),
        ("q1", AsOf(D(2008, 3, 15)), D(2008, 3, 17), True),
    ],
)
def test_a_report_is_dated_today_while_it_may_be_signed_today(
    kind: str, asked: AsOf, today: dt.date, is_dated: bool
) -> None:
    assert period_of(2008, kind).dated_on(asked, today) == (today if is_dated else None)


def test_offices_are_named_as_on_the_day_of_the_figures() -> None:
    year, quarter, today = period_of(2008), period_of(2008, "q1"), D(2010, 5, 1)
    assert year.named_on(NOW, today) == D(2008, 12, 31) and year.named_on(NOW, D(2008, 5, 1)) == D(2008, 5, 1)
    assert year.named_on(AsOf(D(2009, 2, 1)), today) == D(2009, 2, 1), "a plan lives on after its year"
    assert quarter.named_on(NOW, today) == D(2008, 3, 31)
    assert quarter.named_on(AsOf(D(2008, 2, 1)), today) == D(2008, 2, 1)
