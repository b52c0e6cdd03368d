"""The head of an official document: names that break where they may, dates that are known or left open."""

from __future__ import annotations

import datetime as dt

import pytest

from khuyencong.official import unbroken, vietnamese_date

GAP = "\u00a0"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG", f"ỦY BAN NHÂN DÂN THÀNH{GAP}PHỐ{GAP}HẢI{GAP}PHÒNG"),
        ("Sở Công Thương tỉnh Bình Thuận", f"Sở Công Thương tỉnh{GAP}Bình{GAP}Thuận"),
        ("TRUNG TÂM KHUYẾN CÔNG HẢI PHÒNG", "TRUNG TÂM KHUYẾN CÔNG HẢI PHÒNG"),
        ("", ""),
    ],
)
def test_a_name_breaks_before_its_place(name: str, shown: str) -> None:
    assert unbroken(name) == shown


@pytest.mark.parametrize(
    ("on", "written"),
    [
        (dt.date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (dt.date(2026, 11, 15), "ngày 15 tháng 11 năm 2026"),
        (None, "ngày …… tháng …… năm ……"),
    ],
)
def test_an_open_date_leaves_its_year_open(on: dt.date | None, written: str) -> None:
    """The report of 2019 may be signed in 2020."""
    assert vietnamese_date(on) == written
