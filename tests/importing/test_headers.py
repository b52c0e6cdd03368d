"""Headers of many rows, and lists of several blocks under one kind of header."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from tests.importing.lists import PLACED, SEWING, THREAD, money, read, sheet

pytestmark = pytest.mark.django_db


def test_a_header_of_four_rows(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [
        (*PLACED, "Kinh phí", None, None, None),
        (None, None, None, "Tổng số", "Trong đó", None, None),
        (None, None, None, None, "Kinh phí khuyến công", None, "Vốn DN"),
        (None, None, None, None, "Quốc gia", "Địa phương", None),
        (*THREAD, 120, 40, 60, 20),
    ]
    merged = ["A2:A5", "B2:B5", "C2:C5", "D2:G2", "D3:D5", "E3:G3", "E4:F4", "G4:G5"]
    found = read(plan, sheet(rows, merged=merged), centre_staff)
    assert (found.rows[0].row.table.top, found.rows[0].row.table.bottom) == (2, 5) and not found.open_questions
    assert money(found)[0][1] == {"national": 40, "city": 60, "own": 20, "total": 120}


@pytest.mark.parametrize("column", [0, 1])
def test_two_blocks_each_under_its_title_and_header(plan: AnnualPlan, centre_staff: User, column: int) -> None:
    header = (*PLACED, "Kinh phí hỗ trợ")

    def title(text: str) -> tuple[str | None, ...]:
        return tuple(text if at == column else None for at in range(4))

    rows = [
        title("I. ĐỀ ÁN KHUYẾN CÔNG QUỐC GIA"),
        header,
        (*THREAD, 60),
        (None, "Cộng", None, 60),
        title("II. ĐỀ ÁN KHUYẾN CÔNG ĐỊA PHƯƠNG"),
        header,
        (*SEWING, 50),
        (None, "Tổng cộng", None, 110),
        ("Ghi chú: đề án chuyển tiếp", None, None, None),
        ("Người lập biểu", None, None, None),
    ]
    merged = [f"A{at}:D{at}" for at in (2, 6)] if column == 0 else []
    found = read(plan, sheet(rows, merged=merged), centre_staff)
    assert not found.open_questions
    assert money(found) == [("Đào tạo nghề thêu ren", {"national": 60}), ("Đào tạo nghề may", {"city": 50})]
    assert [one.difference for one in found.sums] == [0, 0]


def test_heads_merged_over_the_whole_row_are_groups(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [
        (*PLACED, "Kinh phí hỗ trợ"),
        ("KHUYẾN CÔNG QUỐC GIA", None, None, None),
        (*THREAD, 60),
        ("KHUYẾN CÔNG ĐỊA PHƯƠNG", None, None, None),
        (*SEWING, 50),
    ]
    found = read(plan, sheet(rows, merged=["A3:D3", "A5:D5"]), centre_staff)
    assert money(found) == [("Đào tạo nghề thêu ren", {"national": 60}), ("Đào tạo nghề may", {"city": 50})]


def test_the_head_that_follows_the_sum_of_the_group_before_is_a_head(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [
        (*PLACED, "Kinh phí hỗ trợ"),
        ("I", "KHUYẾN CÔNG QUỐC GIA"),
        (*THREAD, 60),
        (None, "Cộng", None, 60),
        ("II", "KHUYẾN CÔNG ĐỊA PHƯƠNG"),
        (*SEWING, 50),
    ]
    found = read(plan, sheet(rows), centre_staff)
    assert money(found) == [("Đào tạo nghề thêu ren", {"national": 60}), ("Đào tạo nghề may", {"city": 50})]


def test_a_column_called_like_a_source_that_holds_places_is_of_places(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [("STT", "Tên đề án", "Địa phương", "KCĐP"), (*THREAD, 60), (*SEWING, 50)]
    found = read(plan, sheet(rows), centre_staff)
    assert [row.values["place"] for row in found.rows] == ["H. Tiên Lãng"] * 2
    assert money(found) == [("Đào tạo nghề thêu ren", {"city": 60}), ("Đào tạo nghề may", {"city": 50})]
    both = [("STT", "Tên đề án", "Quốc gia", "Địa phương"), (1, "Đào tạo nghề dệt", "-", 60)]
    assert money(read(plan, sheet(both), centre_staff)) == [("Đào tạo nghề dệt", {"city": 60})]


@pytest.mark.parametrize("beside", ["-", "1 xã", "x"])
def test_a_sum_is_one_whatever_stands_beside_it(plan: AnnualPlan, centre_staff: User, beside: str) -> None:
    found = read(plan, sheet([(*PLACED, "KCĐP"), (*THREAD, 60), (None, "Tổng cộng", beside, 60)]), centre_staff)
    assert len(found.rows) == 1 and [one.difference for one in found.sums] == [0]
