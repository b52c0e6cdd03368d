"""Money as sheets write it: read where it has one meaning, asked about where it has two."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.importing.layout.units import stated_unit, unit_in_heading
from projects.importing.values.amounts import UnreadableAmount, decimal_mark, read_amount

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("cell", "unit", "readings"),
    [
        (300, MILLION, [300_000_000]),
        (40.5, MILLION, [40_500_000]),
        (120.30000000000001, MILLION, [120_300_000]),
        (0, MILLION, [0]),
        ("300,0", MILLION, [300_000_000]),
        ("300.5", MILLION, [300_500_000]),
        ("0.313", MILLION, [313_000]),
        ("1.500,5", MILLION, [1_500_500_000]),
        ("1 500", MILLION, [1_500_000_000]),
        ("2.700", MILLION, [2_700_000_000, 2_700_000]),
        ("2,700", MILLION, [2_700_000, 2_700_000_000]),
        ("2.700", 1, [2_700_000_000, 2_700, 2_700_000]),
        ("2,700", 1, [2_700_000, 2_700_000_000, 2_700]),
        (300, 1, [300_000_000, 300]),
        (40.5, 1, [40_500_000]),
        (60, 1000, [60_000_000, 60_000]),
        (100_000, 1, [100_000]),
        (1_000, 1000, [1_000_000]),
        ("300 đồng", 1, [300]),
        (60_000_000, 1, [60_000_000]),
        (60_000_000, MILLION, [60_000_000, 60_000_000_000_000]),
        (999_999, MILLION, [999_999_000_000]),
        (2_000_000, 1000, [2_000_000_000]),
        ("60.000.000", MILLION, [60_000_000, 60_000_000_000_000]),
        ("60.000.000 đ", MILLION, [60_000_000]),
        ("60.000.000₫", MILLION, [60_000_000]),
        ("60 tr", 1, [60_000_000]),
        ("60 tr.đ", 1, [60_000_000]),
        ("0.313 tỷ", MILLION, [313_000_000]),
        ("0,313 tỷ", MILLION, [313_000_000]),
        ("1.313 tỷ", MILLION, [1_313_000_000_000, 1_313_000_000]),
        ("1,313 tỷ", MILLION, [1_313_000_000, 1_313_000_000_000]),
        ("300\u00a0", MILLION, [300_000_000]),
    ],
)
def test_amounts(cell: Any, unit: int, readings: list[int]) -> None:
    amount = read_amount(cell, unit)
    assert amount is not None and list(amount.readings) == readings


@pytest.mark.parametrize("cell", [None, "", " ", "-", " - ", "–", "—"])
def test_nothing_is_no_amount(cell: Any) -> None:
    assert read_amount(cell, MILLION) is None


@pytest.mark.parametrize(
    "cell", ["abc", "12 con", "1.2.3", "1.50.000", True, "-5", "(5)", -5, "0,5 đ", 10**16, "0,0000001"]
)
def test_what_is_no_amount_is_said(cell: Any) -> None:
    with pytest.raises(UnreadableAmount) as problem:
        read_amount(cell, MILLION)
    assert str(problem.value.message)


@pytest.mark.parametrize(
    ("cells", "mark", "readings"),
    [
        (["300,0", "2.700"], ",", [2_700_000_000]),
        (["300.5", "2.700"], ".", [2_700_000]),
        (["300,0", "300.5", "2.700"], "", [2_700_000_000, 2_700_000]),
        (["1.500,25", "2.700"], ",", [2_700_000_000]),
        (["2.700", "1.200"], "", [2_700_000_000, 2_700_000]),
    ],
)
def test_other_texts_of_the_sheet_tell_what_a_mark_means(cells: list[str], mark: str, readings: list[int]) -> None:
    assert decimal_mark(cells) == mark
    amount = read_amount("2.700", MILLION, decimal_mark(cells))
    assert amount is not None and list(amount.readings) == readings


@given(st.integers(0, 10**12), st.sampled_from([1, 1000, MILLION]))
def test_what_excel_stores_is_what_was_meant(vnd: int, unit: int) -> None:
    """As a number of the sheet's unit, to its last đồng, as long as it is not asked about."""
    number = Decimal(vnd) / unit
    cell = int(number) if number == int(number) else float(number)
    amount = read_amount(cell, unit)
    assert amount is not None and vnd in amount.readings
    is_large = unit > 1 and vnd >= MILLION**2 and number == int(number)
    is_small = 0 < number < {1: 100_000, 1000: 1000, MILLION: 0}[unit]
    assert amount.is_asked == (is_large or is_small)


@given(st.integers(0, 10**9 - 1))
def test_what_vietnamese_offices_write_is_among_the_readings(thousandths: int) -> None:
    whole, rest = divmod(thousandths, 1000)
    text = f"{whole:,}".replace(",", ".") + (f",{rest:03}" if rest else "")
    amount = read_amount(text, MILLION)
    assert amount is not None and thousandths * 1000 in amount.readings


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("ĐVT: Triệu đồng", MILLION),
        ("Đơn vị tính: triệu đồng", MILLION),
        ("(Đơn vị: tr.đ)", MILLION),
        ("Đơn vị tính: 1.000 đồng", 1000),
        ("ĐVT: nghìn đồng", 1000),
        ("Đơn vị: đồng", 1),
        ("KẾ HOẠCH NĂM 2026 (ĐVT: triệu đồng)", MILLION),
        ("Mua 02 máy (bộ) của đơn vị (xã)", None),
        ("Đơn vị tính: VNĐ", 1),
        ("ĐVT: tỷ đồng", 10**9),
        ("Đơn vị thực hiện", None),
        ("Đơn vị thụ hưởng", None),
    ],
)
def test_units_as_they_are_stated(text: str, unit: int | None) -> None:
    assert stated_unit(["DANH MỤC", text]) == unit


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Số tiền (đồng)", 1),
        ("Kinh phí (tr.đ)", MILLION),
        ("Kinh phí (triệu đồng)", MILLION),
        ("Kinh phí, nghìn đồng", 1000),
        ("NSNN (KCQG)", None),
        ("Kinh phí", None),
    ],
)
def test_units_in_headings(heading: str, unit: int | None) -> None:
    assert unit_in_heading(heading) == unit
