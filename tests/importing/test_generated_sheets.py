"""Lists cut into sheets in any way say what they say as a whole: each project once, with its money to the đồng."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch
from projects.importing.reading.files import read_workbook
from projects.importing.understanding import packed, understand_list
from tests.factories import MILLION
from tests.importing.lists import plan_of

pytestmark = pytest.mark.django_db
HEADER = ("STT", "Tên đề án", "Đơn vị thụ hưởng", "Địa điểm", "Thời gian", "Kinh phí hỗ trợ", "Vốn đối ứng")
UNITS = {1: "đồng", 1_000: "nghìn đồng", 1_000_000: "triệu đồng"}
NAMES = {"national": ("KCQG", "Khuyến công quốc gia"), "city": ("KCĐP", "Khuyến công địa phương")}


@dataclass(frozen=True)
class Cut:
    """A sheet: whose money it lists, in which unit, its amounts in millions, and what it bears besides."""

    source: str
    unit: int
    amounts: list[tuple[int, int]]
    has_total: bool
    is_moved: bool  # its columns stand one further to the right


cuts = st.builds(
    Cut,
    source=st.sampled_from(list(NAMES)),
    unit=st.sampled_from(list(UNITS)),
    amounts=st.lists(st.tuples(st.integers(2, 900), st.integers(2, 900)), min_size=1, max_size=5),
    has_total=st.booleans(),
    is_moved=st.booleans(),
)


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return plan_of(centre_staff)


def written(cut: Cut, name: str, names: list[str]) -> list[list[Any]]:
    def amount(millions: int) -> int:
        return millions * 1_000_000 // cut.unit

    rows = [
        (n, one, None, "Tiên Lãng", "Cả năm", amount(state), amount(own))
        for n, (one, (state, own)) in enumerate(zip(names, cut.amounts, strict=True), 1)
    ]
    total = (None, "Tổng cộng", None, None, None, sum(row[5] for row in rows), sum(row[6] for row in rows))
    table = [("DANH MỤC",), (f"Đơn vị tính: {UNITS[cut.unit]}",), HEADER, *rows, *([total] if cut.has_total else [])]
    return [([None] if cut.is_moved else []) + list(row) for row in table]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheets=st.lists(cuts, min_size=2, max_size=5), has_old=st.booleans(), has_copy=st.booleans())
def test_what_is_read_of_all_sheets_is_what_they_say(
    plan: AnnualPlan, centre_staff: User, sheets: list[Cut], has_old: bool, has_copy: bool
) -> None:
    book, meant, number = Workbook(), [], 0
    book.remove(book.worksheets[0])
    for place, cut in enumerate(sheets):
        title = f"{NAMES[cut.source][place % 2]} {chr(65 + place)}"
        names = [f"Đào tạo nghề thứ {number + n}" for n in range(len(cut.amounts))]
        number += len(names)
        meant += [(title, name, cut.source, state, own) for name, (state, own) in zip(names, cut.amounts, strict=True)]
        for suffix in ("", " (2)") if has_copy and place == 0 else ("",):
            page = book.create_sheet(f"{title}{suffix}")
            for row in written(cut, title, names):
                page.append(row)
    if has_old:
        page = book.create_sheet("Năm 2005")
        for row in written(sheets[0], "", [f"Việc cũ {n}" for n in range(len(sheets[0].amounts))]):
            page.append(row)
    buffer = BytesIO()
    book.save(buffer)
    source = read_workbook("danh-muc.xlsx", buffer.getvalue())
    batch = ImportBatch(organisation=plan.organisation, plan=plan, kind="plan", sheets=packed(source))
    proposal = understand_list(batch, centre_staff).proposal
    assert proposal is not None
    asked = {question.key for question in proposal.open_questions}
    left = {key.removeprefix("sheet:") for key in asked if key.startswith("sheet:")}  # until the office says otherwise
    assert {key.partition(":")[0] for key in asked} <= {"sheet", "far"}
    assert [
        (row.row.table.sheet.name, row.entry.name, {key: vnd for key, vnd in row.entry.amounts.items() if vnd})
        for row in proposal.rows
    ] == [
        (title, name, {source: state * MILLION, "own": own * MILLION})
        for title, name, source, state, own in meant
        if title not in left
    ]
    assert not [one for one in proposal.sums if one.difference]
