"""Whatever way an office lays its list out, what is understood is what was meant."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch
from projects.importing.reading.sheets import Sheet, SourceFile
from projects.importing.understanding import packed, understand_list

pytestmark = pytest.mark.django_db

HEADINGS = {
    "number": ("STT", "TT", "Số TT"),
    "name": ("Tên đề án", "Nội dung, tên đề án", "Tên dự án", "TÊN ĐỀ ÁN, NHIỆM VỤ", "Danh mục đề án"),
    "firm": ("Đơn vị thụ hưởng", "Cơ sở được hỗ trợ", "Đơn vị được hỗ trợ", "Tên cơ sở CNNT", "Đối tượng thụ hưởng"),
    "place": ("Địa điểm thực hiện", "Địa bàn", "Địa chỉ", "Xã, phường"),
    "period": ("Thời gian thực hiện", "Thời gian", "Thời hạn"),
    "national": ("KCQG", "KP hỗ trợ KCQG", "NSNN (KCQG)", "Kinh phí khuyến công quốc gia", "Kinh phí trung ương"),
    "city": ("KCĐP", "KP hỗ trợ KCĐP", "Ngân sách thành phố", "Kinh phí khuyến công địa phương"),
    "own": ("Đối ứng", "Vốn của cơ sở", "Vốn đối ứng", "Đối ứng của doanh nghiệp"),
    "other": ("Khác", "Nguồn khác", "Vốn khác"),
    "total": ("Tổng KP", "Tổng kinh phí", "Tổng cộng", "Tổng số"),
}
UNITS = {
    1: ("Đơn vị: đồng", "ĐVT: đồng", "Đơn vị tính: VNĐ"),
    1000: ("Đơn vị tính: nghìn đồng", "ĐVT: 1.000 đồng"),
    1_000_000: ("ĐVT: Triệu đồng", "Đơn vị tính: triệu đồng", "(Đơn vị tính: Tr.đ)"),
}
MONEY = ("national", "city", "own", "other")
TIMES = ("Cả năm", "Quý II-IV", "T3-T9/2006", "03/2006 - 11/2006", None)
PLACES = ("Tiên Lãng", "H. Tiên Lãng", "Huyện Thủy Nguyên", "Toàn thành phố", None)


@dataclass(frozen=True)
class Meant:
    """A project as its office has it in mind, in đồng."""

    name: str
    firm: str | None
    amounts: dict[str, int | None]


@dataclass(frozen=True)
class Layout:
    order: list[str]
    heads: dict[str, str]
    unit: int
    unit_text: str
    is_split: bool
    has_groups: bool
    has_sum: bool
    has_numbering: bool
    top: int
    repeats: int
    blanks: bool


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    order = draw(st.permutations([key for key in HEADINGS if key != "number"]))
    unit = draw(st.sampled_from(sorted(UNITS)))
    return Layout(
        order=["number", *order],
        heads={key: draw(st.sampled_from(names)) for key, names in HEADINGS.items()},
        unit=unit,
        unit_text=draw(st.sampled_from(UNITS[unit])),
        is_split=draw(st.booleans()),
        has_groups=draw(st.booleans()),
        has_sum=draw(st.booleans()),
        has_numbering=draw(st.booleans()),
        top=draw(st.integers(3, 9)),
        repeats=draw(st.integers(2, 20)),
        blanks=draw(st.booleans()),
    )


thousands = st.one_of(st.none(), st.integers(0, 900_000).map(lambda number: number * 1000))
projects = st.builds(
    lambda number, firm, amounts: Meant(f"Đào tạo nghề may số {number}", firm, dict(zip(MONEY, amounts, strict=True))),
    st.integers(1, 10**6),
    st.sampled_from(["HTX Lật Dương", "Công ty TNHH Dũng Hồng", "DNTN Hòa Bình", None]),
    st.tuples(*[thousands] * 4),
)


def written(vnd: int | None, unit: int, style: int) -> Any:
    """As a number, or as a text with a comma, as offices mix them; None as a blank or a dash."""
    if vnd is None:
        return (None, "-", "–")[style % 3]
    number = Decimal(vnd) / unit
    if style % 2:
        return int(number) if number == int(number) else float(number)
    whole, _dot, rest = f"{number:f}".partition(".")
    return f"{int(whole):,}".replace(",", ".") + (f",{rest}" if rest else ",0") if unit > 1 else int(number)


Grid = dict[tuple[int, int], Any]


def sheet_of(layout: Layout, meant: list[Meant]) -> SourceFile:
    grid: Grid = {(1, 1): "DANH MỤC ĐỀ ÁN KHUYẾN CÔNG NĂM 2006", (2, 4): layout.unit_text}
    at = layout.top
    heads = [layout.heads[key] for key in layout.order]
    for place, (key, head) in enumerate(zip(layout.order, heads, strict=True), 1):
        if layout.is_split and key in MONEY:
            grid[at, place] = "Trong đó"
            grid[at + 1, place] = head
        else:
            grid[at, place] = head
    at += 2 if layout.is_split else 1
    if layout.has_numbering:
        for place in range(1, len(heads) + 1):
            grid[at, place] = place
        at += 1
    for index, one in enumerate(meant):
        if layout.has_groups and index == 0:
            _line(grid, at, layout, {"number": "I", "name": "KHUYẾN CÔNG ĐỊA PHƯƠNG"})
            at += 1
        if index and index % layout.repeats == 0 and not layout.is_split:
            _line(grid, at, layout, dict(zip(layout.order, heads, strict=True)))
            at += 1
        if layout.blanks and index % 3 == 1:
            at += 1
        money = {key: written(vnd, layout.unit, index + place) for place, (key, vnd) in enumerate(one.amounts.items())}
        known = [vnd for vnd in one.amounts.values() if vnd is not None]
        words = {"number": index + 1, "name": f"  {one.name} \n", "firm": one.firm}
        words |= {"place": PLACES[index % 5], "period": TIMES[index % 5], "total": written(sum(known), layout.unit, 1)}
        _line(grid, at, layout, words | money)
        at += 1
    if layout.has_sum:
        sums = {key: written(sum(one.amounts[key] or 0 for one in meant), layout.unit, 1) for key in MONEY}
        _line(grid, at, layout, {"name": "TỔNG CỘNG", **sums})
        at += 1
    grid[at + 1, 2] = "Ghi chú: (*) đề án chuyển tiếp"
    grid[at + 3, 6] = "GIÁM ĐỐC"
    height, width = max(row for row, _column in grid), max(column for _row, column in grid)
    rows = [[grid.get((row, column)) for column in range(1, width + 1)] for row in range(1, height + 1)]
    return SourceFile("x.xlsx", "xlsx", "0" * 64, 1, [Sheet("Danh mục", rows)])


def _line(grid: Grid, at: int, layout: Layout, values: dict[str, Any]) -> None:
    for key, value in values.items():
        grid[at, layout.order.index(key) + 1] = value


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(layout=layouts(), meant=st.lists(projects, min_size=1, max_size=12, unique_by=lambda one: one.name))
def test_what_is_understood_is_what_was_meant(
    plan: AnnualPlan, centre_staff: User, layout: Layout, meant: list[Meant]
) -> None:
    sheets = packed(sheet_of(layout, meant))
    batch = ImportBatch(organisation=plan.organisation, plan=plan, kind="plan", sheets=sheets)
    proposal = understand_list(batch, centre_staff).proposal
    assert proposal is not None and set(proposal.units.values()) == {layout.unit}
    assert [one.values["name"] for one in proposal.rows] == [one.name for one in meant]
    asked = {cell for question in proposal.open_questions for cell in question.cells}
    for row, one in zip(proposal.rows, meant, strict=True):
        assert not row.wrong, row.wrong
        for key, vnd in one.amounts.items():
            if row.row.place_of(key) not in asked:
                assert row.entry.amounts.get(key) == vnd, (key, row.row.place_of(key))
        assert row.values["firm"] == (one.firm or "")
    if not asked:
        assert not [check for check in proposal.sums if check.difference]
