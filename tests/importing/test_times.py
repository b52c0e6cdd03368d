"""Times of a year and days as sheets write them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from projects.importing.values.periods import UnreadableTime, day_in, read_day, read_period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("03/2026 - 11/2026", "2026-03-01", "2026-11-30"),
        ("03-11/2026", "2026-03-01", "2026-11-30"),
        ("T3-T9/2026", "2026-03-01", "2026-09-30"),
        ("T3 – T9", "2026-03-01", "2026-09-30"),
        ("Tháng 3 đến tháng 9", "2026-03-01", "2026-09-30"),
        ("Từ tháng 3/2026 đến hết tháng 11/2026", "2026-03-01", "2026-11-30"),
        ("Tháng 2", "2026-02-01", "2026-02-28"),
        ("12/2025 - 6/2026", "2025-12-01", "2026-06-30"),
        ("Quý II-IV", "2026-04-01", "2026-12-31"),
        ("Quý III/2026", "2026-07-01", "2026-09-30"),
        ("Quý I, II", "2026-01-01", "2026-06-30"),
        ("quý 2 đến quý 4 năm 2026", "2026-04-01", "2026-12-31"),
        ("Quí IV", "2026-10-01", "2026-12-31"),
        ("Cả năm", "2026-01-01", "2026-12-31"),
        ("năm 2026", "2026-01-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        (2026, "2026-01-01", "2026-12-31"),
        ("2025-2026", "2025-01-01", "2026-12-31"),
        ("6 tháng đầu năm", "2026-01-01", "2026-06-30"),
        ("6 tháng cuối năm 2026", "2026-07-01", "2026-12-31"),
        ("01/03/2026 - 30/11/2026", "2026-03-01", "2026-11-30"),
        ("Từ ngày 01/03/2026 đến ngày 30/11/2026", "2026-03-01", "2026-11-30"),
        (dt.date(2026, 5, 4), "2026-05-04", "2026-05-04"),
        (dt.date(2026, 3, 1), "2026-03-01", "2026-03-31"),
        (dt.datetime(2026, 3, 1), "2026-03-01", "2026-03-31"),
        (46_082, "2026-03-01", "2026-03-31"),
        (46_083, "2026-03-02", "2026-03-02"),
        ("2026-03-02", "2026-03-02", "2026-03-02"),
        ("Quý I, II, III", "2026-01-01", "2026-09-30"),
        ("Quý I, II và III/2026", "2026-01-01", "2026-09-30"),
        ("Tháng 3, 4, 5", "2026-03-01", "2026-05-31"),
        ("Trong quý II", "2026-04-01", "2026-06-30"),
        ("trong tháng 5/2026", "2026-05-01", "2026-05-31"),
        ("Quý III/2026 đến quý I/2027", "2026-07-01", "2027-03-31"),
        ("Quý III, IV/2026, quý I/2027", "2026-07-01", "2027-03-31"),
        ("từ quý I đến hết quý III năm 2026", "2026-01-01", "2026-09-30"),
        ("QII", "2026-04-01", "2026-06-30"),
        ("Q2-Q4/2026", "2026-04-01", "2026-12-31"),
        ("T3÷T9", "2026-03-01", "2026-09-30"),
        ("3-9/2026", "2026-03-01", "2026-09-30"),
        ("T.3 - T.9", "2026-03-01", "2026-09-30"),
        ("Tháng 5 đến quý III", "2026-05-01", "2026-09-30"),
        ("Tháng 11/2026 - tháng 2/2027", "2026-11-01", "2027-02-28"),
        ("Năm 2026: quý II", "2026-04-01", "2026-06-30"),
        ("9 tháng đầu năm", "2026-01-01", "2026-09-30"),
        ("3 tháng cuối năm 2026", "2026-10-01", "2026-12-31"),
        ("nửa cuối năm", "2026-07-01", "2026-12-31"),
        ("Trong năm", "2026-01-01", "2026-12-31"),
    ],
)
def test_times_of_a_year(text: Any, first: str, last: str) -> None:
    period = read_period(text, 2026)
    assert period is not None
    assert (period.start_on.isoformat(), period.end_on.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        *("Quý VI/2026", "T3-T13", "Tháng 0", "sớm", "30/02/2026", "11/2026 - 03/2026", "Quý III-I", 1234),
        *("3 tháng", "trong 3 tháng", "5", "3-9", "từ", "Tháng 11, 12, 1/2027", "Quý II/2026 và 2027", "II", 123_456),
        *("Quý", "tháng 3 (dự kiến)", "năm 26", 38.5),
    ],
)
def test_what_is_no_time_is_said(text: Any) -> None:
    with pytest.raises(UnreadableTime):
        read_period(text, 2026)


@pytest.mark.parametrize("text", [None, "", "-", " – ", "..."])
def test_nothing_is_no_time(text: Any) -> None:
    assert read_period(text, 2026) is None
    assert text == "..." or read_day(text) is None


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("05/02/2026", "2026-02-05"),
        ("16/6/2006", "2006-06-16"),
        ("16.6.2006", "2006-06-16"),
        ("ngày 16-6-2006", "2006-06-16"),
        ("16/6/06", "2006-06-16"),
        ("2026-02-05", "2026-02-05"),
        (dt.datetime(2026, 2, 5), "2026-02-05"),
        (dt.date(2026, 2, 5), "2026-02-05"),
    ],
)
def test_days(cell: Any, day: str) -> None:
    read = read_day(cell)
    assert read is not None and read.isoformat() == day


@pytest.mark.parametrize("cell", ["31/02/2026", "tháng 2", "12/2026", "01/01/1950", 45_000])
def test_what_is_no_day_is_said(cell: Any) -> None:
    with pytest.raises(UnreadableTime):
        read_day(cell)


def test_a_day_stands_within_words() -> None:
    assert day_in("Đã nghiệm thu 20/06/2026") == dt.date(2026, 6, 20)
    assert day_in("Đang thực hiện") is None
