"""Lists with one column of money, whose rows each say in a cell of their own whose money it is."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.comparison.result import ASKED, CellState
from projects.importing.comparison.run import run_parallel
from projects.importing.reading.files import read_workbook
from projects.importing.services.batches import bring_pasted, write_batch
from projects.models import Project
from tests.importing import opening_lists
from tests.importing.lists import PLACED, SEWING, THREAD, answered, brought, imported, money, proposed, read, sheet

pytestmark = pytest.mark.django_db

HEADER = (*PLACED, "Kinh phí", "Nguồn vốn")
WEAVING = (3, "Đào tạo nghề dệt", "H. Tiên Lãng")


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("KCĐP", "city"),
        ("KCQG", "national"),
        ("ngân sách tỉnh", "city"),
        ("NSTP", "city"),
        ("Ngân sách trung ương", "national"),
        ("Khuyến công quốc gia", "national"),
        ("Đối ứng của cơ sở", "own"),
        ("Nguồn khác", "other"),
    ],
)
def test_the_money_of_each_row_is_of_the_source_that_it_names(
    plan: AnnualPlan, centre_staff: User, word: str, key: str
) -> None:
    proposal = read(plan, sheet([HEADER, (*THREAD, 60, word), (*SEWING, 50, "KCQG")]), centre_staff)
    assert not proposal.open_questions
    assert money(proposal) == [("Đào tạo nghề thêu ren", {key: 60}), ("Đào tạo nghề may", {"national": 50})]


@pytest.mark.parametrize("heading", ["Nguồn", "Nguồn kinh phí", "Nguồn vốn hỗ trợ", "Nguồn (KCQG/KCĐP)"])
def test_the_column_of_sources_has_many_names(plan: AnnualPlan, centre_staff: User, heading: str) -> None:
    rows = [(*PLACED, heading, "Tổng kinh phí"), (*THREAD, "KCQG", 60)]
    assert money(read(plan, sheet(rows), centre_staff))[0][1]["national"] == 60


def test_an_unknown_word_is_asked_once_and_remembered(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, (*THREAD, 60, "Vốn sự nghiệp"), (*SEWING, 50, "vốn sự nghiệp"), (*WEAVING, 40, "KCĐP, KCQG")]
    batch = brought(plan, sheet(rows), centre_staff)
    first, second = proposed(batch, centre_staff).open_questions
    assert first.cells == ["Danh mục!E3", "Danh mục!E4"] and "Vốn sự nghiệp" in first.text
    assert second.cells == ["Danh mục!E5"], "of an amount of two sources nobody knows how much each gives"
    batch = answered(batch, centre_staff, {first.key: "city", second.key: "skip"})
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    later = read(plan, sheet([HEADER, (*THREAD[:1], "Đào tạo nghề mộc", None, 30, "Vốn sự nghiệp")]), centre_staff)
    assert money(later) == [("Đào tạo nghề mộc", {"city": 30})]


@pytest.mark.parametrize("word", ["Mục tiêu quốc gia nông thôn mới", "Ngân sách địa phương (huyện)", "Không phải KCQG"])
def test_money_of_other_programmes_and_offices_is_asked_about(plan: AnnualPlan, centre_staff: User, word: str) -> None:
    proposal = read(plan, sheet([HEADER, (*THREAD, 60, word)]), centre_staff)
    assert [one.cells for one in proposal.open_questions] == [["Danh mục!E3"]]


def test_a_row_that_names_no_source_is_of_its_group(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, ("I", "KHUYẾN CÔNG ĐỊA PHƯƠNG"), (*THREAD, 60, None), (*SEWING, 50, "KCQG")]
    proposal = read(plan, sheet(rows), centre_staff)
    assert [found for _name, found in money(proposal)] == [{"city": 60}, {"national": 50}]
    assert [one.cell for row in proposal.rows for one in row.notes] == ["Danh mục!E5"]


def test_sources_in_rows_under_one_name_help_one_establishment(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*HEADER, "Đơn vị thụ hưởng"), (*THREAD, 60, "KCQG", "HTX Lật Dương"), (None, None, None, 50, "KCĐP", None)]
    content = sheet(rows, merged=["A3:A4", "B3:B4", "C3:C4", "F3:F4"])
    assert money(read(plan, content, centre_staff)) == [("Đào tạo nghề thêu ren", {"national": 60, "city": 50})]
    imported(plan, content, centre_staff)
    project = Project.objects.get()
    assert project.kind == Project.Kind.SINGLE and project.supports.count() == 1


def test_a_source_that_has_a_column_of_its_own_is_not_told_twice(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*PLACED, "Kinh phí", "Nguồn vốn", "Đối ứng"), (*THREAD, 60, "Doanh nghiệp", 20)]
    [row] = read(plan, sheet(rows), centre_staff).rows
    assert [one.cell for one in row.wrong] == ["Danh mục!E3"]


def test_the_head_of_columns_of_money_is_no_column_of_sources(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*PLACED, "Nguồn vốn", None), (None, None, None, "KCQG", "KCĐP"), (*THREAD, 40, 60)]
    found = read(plan, sheet(rows, merged=["A2:A3", "B2:B3", "C2:C3", "D2:E2"]), centre_staff)
    assert money(found) == [("Đào tạo nghề thêu ren", {"national": 40, "city": 60})]
    alone = [(*PLACED, "Nguồn vốn"), (None, None, None, "KCĐP"), (*THREAD, 60)]
    assert money(read(plan, sheet(alone), centre_staff)) == [("Đào tạo nghề thêu ren", {"city": 60})]


def test_a_pasted_row_is_no_row_of_the_header(plan: AnnualPlan, centre_staff: User) -> None:
    lines = [HEADER, (*THREAD, 60, "KCĐP"), (*SEWING, 50, "KCQG")]
    text = "\n".join("\t".join(str(cell) for cell in line) for line in lines)
    batch = bring_pasted(plan=plan, kind="plan", text=text, actor=centre_staff)
    found = money(proposed(answered(batch, centre_staff, {"unit": "1000000"}), centre_staff))
    assert found == [("Đào tạo nghề thêu ren", {"city": 60}), ("Đào tạo nghề may", {"national": 50})]


def test_a_list_of_the_office_with_sources_by_row_is_compared(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, (*THREAD, 60, "KCĐP"), (*SEWING, 50, "KCQG")]
    batch = answered(brought(plan, sheet(rows), centre_staff), centre_staff)
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert run_parallel(plan=plan, source=read_workbook("a.xlsx", sheet(rows)), user=centre_staff, basis=ASKED).is_equal
    rows[1] = (*THREAD, 60, "Vốn sự nghiệp")
    run = run_parallel(plan=plan, source=read_workbook("a.xlsx", sheet(rows)), user=centre_staff, basis=ASKED)
    assert {one.key: one.state for one in run.rows[0].faulty} == {"city": CellState.UNCLEAR}


def test_opening_figures_of_several_sources_are_told_by_row(centre_staff: User) -> None:
    plan = opening_lists.plan_of_this_year(centre_staff)
    rows = [
        (*opening_lists.HEADER, "Nguồn"),
        [*opening_lists.row(1), "KCQG"],
        [*opening_lists.row(2, letter="46/QĐ-UBND"), "KCĐP"],
    ]
    batch = opening_lists.brought(plan, centre_staff, opening_lists.book(rows, (), title="THEO DÕI GIẢI NGÂN"))
    assert [one.entry.grants[0].level for one in proposed(batch, centre_staff).rows] == ["national", "city"]


PARTED = (*PLACED, "Kinh phí")
PARTS = [
    (*THREAD, 80),
    (None, "- Kinh phí khuyến công địa phương", None, 60),
    (None, "- Vốn doanh nghiệp", None, 20),
]


@pytest.mark.parametrize("header", [PARTED, (*PLACED, "Tổng kinh phí")])
def test_rows_below_a_project_that_only_name_sources_are_its_money(
    plan: AnnualPlan, centre_staff: User, header: tuple[str, ...]
) -> None:
    rows = [header, *PARTS, (*SEWING, 50), ("", "+ KCQG", None, 50), (None, "Tổng cộng", None, 130)]
    proposal = read(plan, sheet(rows), centre_staff)
    assert [(name, {**amounts, "total": None}) for name, amounts in money(proposal)] == [
        ("Đào tạo nghề thêu ren", {"city": 60, "own": 20, "total": None}),
        ("Đào tạo nghề may", {"national": 50, "total": None}),
    ]
    assert not proposal.open_questions and [one.difference for one in proposal.sums] == [0]


def test_rows_of_sources_that_do_not_add_up_are_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [PARTED, PARTS[0], (*PARTS[1][:3], 61), PARTS[2], (*SEWING, 50)]
    asked = {one.key.rpartition("!")[0] for one in read(plan, sheet(rows), centre_staff).open_questions}
    assert "rows:bare:Danh mục" in asked


def test_head_of_a_group_is_no_part_of_the_project_above_it(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [
        PARTED,
        (None, "Kinh phí khuyến công quốc gia", None, 60),
        (*THREAD, 60),
        (None, "Kinh phí khuyến công địa phương", None, 50),
        (*SEWING, 50),
    ]
    proposal = read(plan, sheet(rows), centre_staff)
    assert money(proposal) == [("Đào tạo nghề thêu ren", {"national": 60}), ("Đào tạo nghề may", {"city": 50})]


@pytest.mark.parametrize("inside", ["Trong đó: DN đóng góp", "Trong đó vốn đối ứng"])
def test_own_money_that_is_a_part_of_the_column_before_is_taken_off_it(
    plan: AnnualPlan, centre_staff: User, inside: str
) -> None:
    rows = [(*PLACED, "Kinh phí", inside), ("I", "Nguồn KCĐP"), (*THREAD, 230, 130), (*SEWING, 60, None)]
    proposal = read(plan, sheet(rows), centre_staff)
    assert money(proposal) == [("Đào tạo nghề thêu ren", {"city": 100, "own": 130}), ("Đào tạo nghề may", {"city": 60})]


def test_part_that_is_more_than_the_whole_is_wrong(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*PLACED, "Kinh phí", "Trong đó: đối ứng"), ("I", "Nguồn KCĐP"), (*THREAD, 100, 130)]
    [row] = read(plan, sheet(rows), centre_staff).rows
    assert [(one.cell, one.text) for one in row.wrong] == [
        ("Danh mục!D4", "nhỏ hơn số tiền đối ứng, nguồn khác của dòng này")
    ]


def test_details_of_a_project_are_left_out_where_the_office_says_so(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [
        (*PLACED, "KCĐP"),
        (*THREAD, 60),
        ("1.1", "Thuê giáo viên", None, 40),
        ("1.2", "Mua nguyên vật liệu", None, 20),
        (*SEWING, 50),
        (None, "Tổng cộng", None, 110),
    ]
    batch = brought(plan, sheet(rows), centre_staff)
    proposal = proposed(answered(batch, centre_staff, {"rows": "whole"}), centre_staff)
    assert money(proposal) == [("Đào tạo nghề thêu ren", {"city": 60}), ("Đào tạo nghề may", {"city": 50})]
    assert [one.difference for one in proposal.sums] == [0]


def test_sum_that_is_brought_over_to_the_next_page_is_a_sum(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*PLACED, "KCĐP")
    rows = [header, (*THREAD, 60), (None, "Cộng trang 1", None, 60), header, ("Mang sang", None, None, 60)]
    proposal = read(plan, sheet([*rows, (*SEWING, 50), (None, "Tổng cộng", None, 110)]), centre_staff)
    assert money(proposal) == [("Đào tạo nghề thêu ren", {"city": 60}), ("Đào tạo nghề may", {"city": 50})]
    assert [one.difference for one in proposal.sums] == [0, 0, 0]


def test_money_of_quantity_and_unit_price_is_what_they_make(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*PLACED, "Số lượng", "Đơn giá", "Thành tiền", "Nguồn"), (*THREAD, 30, 2, 60, "KCĐP")]
    assert money(read(plan, sheet(rows), centre_staff)) == [("Đào tạo nghề thêu ren", {"city": 60})]


@pytest.mark.parametrize("stated", [(230, 80), (None, None)])
@pytest.mark.parametrize("between", [[], [(None, "Trong đó:")], [(None, "Bao gồm")]])
def test_rows_of_sources_are_the_money_of_a_project_that_states_its_sum_or_none(
    plan: AnnualPlan, centre_staff: User, stated: tuple[int | None, int | None], between: list[tuple[str | None, str]]
) -> None:
    """Below the total, which sources it is of is no project."""
    rows = [
        PARTED,
        (*THREAD, stated[0]),
        *between,
        (None, "- KCQG", None, 50),
        (None, "- KCĐP", None, 50),
        (None, "- Doanh nghiệp tự có", None, 130),
        (*SEWING, stated[1]),
        *between,
        (None, "- Kinh phí khuyến công địa phương", None, 60),
        (None, "- Đối ứng của cơ sở", None, 20),
        (None, "Tổng cộng", None, 310),
        (None, "Trong đó: KCĐP", None, 110),
        (None, "KCQG", None, 50),
        (None, "Đối ứng", None, 150),
    ]
    proposal = read(plan, sheet(rows), centre_staff)
    assert money(proposal) == [
        ("Đào tạo nghề thêu ren", {"national": 50, "city": 50, "own": 130}),
        ("Đào tạo nghề may", {"city": 60, "own": 20}),
    ]
    assert not proposal.open_questions and [one.difference for one in proposal.sums] == [0]


def test_head_of_a_group_is_no_part_of_a_project_without_money(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [
        PARTED,
        (None, "Kinh phí khuyến công quốc gia", None, 60),
        (*THREAD, 60),
        (2, "Đào tạo nghề mộc", "H. Tiên Lãng", None),
        (None, "Kinh phí khuyến công địa phương", None, 50),
        (*SEWING, 50),
        (None, "Cộng nhóm", None, 50),
        (None, "KCQG", None, 7),
        (*WEAVING, 7),
    ]
    assert money(read(plan, sheet(rows), centre_staff)) == [
        ("Đào tạo nghề thêu ren", {"national": 60}),
        ("Đào tạo nghề mộc", {}),
        ("Đào tạo nghề may", {"city": 50}),
        ("Đào tạo nghề dệt", {"national": 7}),
    ]
