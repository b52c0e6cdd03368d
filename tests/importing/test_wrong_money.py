"""Lists as offices write them that once were read with other money than they say, without a word."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch
from projects.importing.services.batches import answer_batch, lay_out_batch, write_batch
from tests.factories import MILLION
from tests.importing.lists import (
    HEADER,
    PLACED,
    SEWING,
    THREAD,
    TRAINING,
    answered,
    brought,
    money,
    proposed,
    read,
    saved,
    sheet,
)

pytestmark = pytest.mark.django_db


def test_money_of_a_cell_merged_over_those_who_are_helped_is_there_once(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, TRAINING, (None, None, "HTX Đại Thắng", "H. Tiên Lãng")]
    merged = ["A3:A4", "B3:B4", "E3:E4", "G3:G4", "H3:H4"]
    found = read(plan, sheet(rows, merged=merged), centre_staff)
    assert money(found) == [("Đào tạo nghề thêu ren", {"city": 60, "own": 20})]
    assert found.rows[0].values["firm"] == "HTX Lật Dương; HTX Đại Thắng"


def test_support_beside_its_sources_is_not_added_to_them(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*PLACED, "Kinh phí hỗ trợ", "KCQG", "KCĐP")
    rows = [header, ("I", "Hội chợ cấp quốc gia"), (1, "Tham gia hội chợ", "Toàn thành phố", 80, 50, 30)]
    assert money(read(plan, sheet(rows), centre_staff)) == [("Tham gia hội chợ", {"national": 50, "city": 30})]


def test_a_project_is_no_row_of_the_header(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*PLACED, "Kinh phí", "Nguồn vốn"), (*THREAD, 60, "KCĐP"), (*SEWING, 50, "KCQG")]
    found = read(plan, sheet(rows), centre_staff)
    assert [row.entry.name for row in found.rows] == ["Đào tạo nghề thêu ren", "Đào tạo nghề may"]


def test_columns_are_remembered_where_they_stood(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*PLACED, "Dự toán A", "Dự toán B")
    batch = brought(plan, sheet([header, (*THREAD, 60, 20)]), centre_staff)
    columns = {"number": 1, "name": 2, "place": 3, "city": 4, "own": 5}
    layout = {"sheet": "Danh mục", "top": 2, "bottom": 2, "columns": columns, "unit": MILLION}
    batch = lay_out_batch(batch=batch, layout=layout, version=batch.version, actor=centre_staff)
    batch = answered(batch, centre_staff)
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    again = read(plan, sheet([header, (*SEWING, 70, 30)]), centre_staff)
    assert money(again) == [("Đào tạo nghề may", {"city": 70, "own": 30})]
    moved = [(*row[:3], None, *row[3:]) for row in (header, (*SEWING, 70, 30))]
    assert money(read(plan, sheet(moved), centre_staff)) == [("Đào tạo nghề may", {})]


@pytest.mark.parametrize(
    ("unit", "typed"), [("ĐVT: Triệu đồng", ("2.700", "1500000")), ("ĐVT: tỷ đồng", ("2.700", "1500"))]
)
def test_numbers_doubtful_in_two_ways_are_two_questions(
    plan: AnnualPlan, centre_staff: User, unit: str, typed: tuple[str, str]
) -> None:
    rows = [(*PLACED, "KCĐP"), (*THREAD, typed[0]), (*SEWING, typed[1])]
    batch = brought(plan, sheet(rows, unit=unit), centre_staff)
    questions = proposed(batch, centre_staff).open_questions
    assert [len(one.rows) for one in questions] == [1, 1]
    last = {one.key: one.options[-2].value for one in questions}
    batch = answer_batch(batch=batch, answers=last, version=batch.version, actor=centre_staff)
    assert not proposed(batch, centre_staff).open_questions


def test_two_columns_chosen_as_one_are_refused(plan: AnnualPlan, centre_staff: User, client: Client) -> None:
    batch = brought(plan, sheet([HEADER, TRAINING]), centre_staff)
    client.force_login(centre_staff)
    said = {"version": batch.version, "unit": MILLION, "c-2": "name", "c-3": "name"}
    answer = client.post(reverse("importing:columns", args=[batch.pk]), said)
    assert answer.status_code == 422 and "Đã chọn cho một cột khác." in answer.content.decode()


@pytest.mark.parametrize("title", ["Danh mục ", "Danh mu\u0323c", "KC\u00a02006"])
def test_a_sheet_is_annotated_whatever_its_name(
    plan: AnnualPlan, centre_staff: User, client: Client, title: str
) -> None:
    rows = [HEADER, (*TRAINING[:4], "Cả năm", None, "lúc nào đó", 20), (None, None, "HTX Đại Thắng")]
    batch = brought(plan, sheet(rows, title=title, merged=["A3:A4", "B3:B4", "E3:E4"]), centre_staff)
    comments = annotated_comments(batch, client, centre_staff)
    assert list(comments) == ["G3"] and "lúc nào đó" in comments["G3"]


def annotated_comments(batch: ImportBatch, client: Client, user: User) -> dict[str, str]:
    client.force_login(user)
    answer = client.get(reverse("importing:annotated", args=[batch.pk]))
    page = load_workbook(BytesIO(answer.content)).worksheets[0]
    return {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}


def test_the_head_of_a_group_without_a_number_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    rows = (("Tên đề án", "Địa điểm", "KCĐP"), ("1. Đào tạo nghề", None, 110), (*THREAD[1:], 60), (*SEWING[1:], 50))
    batch = brought(plan, sheet(rows), centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    assert question.likely == "head" and question.cells == ["Danh mục!A3"]
    batch = answered(batch, centre_staff)
    assert money(proposed(batch, centre_staff)) == [
        ("Đào tạo nghề thêu ren", {"city": 60}),
        ("Đào tạo nghề may", {"city": 50}),
    ]


def test_heads_of_any_mark_that_add_up_are_no_projects(plan: AnnualPlan, centre_staff: User) -> None:
    rows = (
        (*PLACED, "KCĐP"),
        ("I", "Kinh phí địa phương", None, 110),
        ("I.1", "Đào tạo nghề", None, 60),
        (*THREAD, 60),
        ("I.2", "Nghề khác", None, 50),
        ("-", *SEWING[1:], 50),
    )
    assert money(read(plan, sheet(rows), centre_staff)) == [
        ("Đào tạo nghề thêu ren", {"city": 60}),
        ("Đào tạo nghề may", {"city": 50}),
    ]


def test_a_parent_with_a_place_that_adds_up_its_parts_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    """2 above 2.1 and 2.2: its place makes it no project of its own, and the money would stand there twice."""
    rows = (
        (*PLACED, "KCĐP"),
        (1, *SEWING[1:], 50),
        (2, "Hỗ trợ máy móc", "H. Tiên Lãng", 100),
        ("2.1", "Máy khoan", "H. Tiên Lãng", 60),
        ("2.2", "Máy tiện", "H. Tiên Lãng", 40),
        (3, *THREAD[1:], 60),
    )
    batch = brought(plan, sheet(rows), centre_staff)
    [question] = [one for one in proposed(batch, centre_staff).open_questions if one.key.startswith("rows:")]
    assert question.likely == "head" and question.cells == ["Danh mục!B4"]
    found = money(proposed(answered(batch, centre_staff), centre_staff))
    assert found == [
        ("Đào tạo nghề may", {"city": 50}),
        ("Máy khoan", {"city": 60}),
        ("Máy tiện", {"city": 40}),
        ("Đào tạo nghề thêu ren", {"city": 60}),
    ]


@pytest.mark.parametrize("mark", [None, "II"])
def test_a_row_with_a_name_and_money_alone_is_never_lost(
    plan: AnnualPlan, centre_staff: User, mark: str | None
) -> None:
    rows = (("STT", "Tên đề án", "KCĐP"), (1, "Đào tạo nghề thêu ren", 60), (mark, "Đào tạo nghề may", 50))
    batch = brought(plan, sheet(rows), centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    assert question.cells == ["Danh mục!B4"] and not question.likely
    batch = answered(batch, centre_staff, {"rows": "record"})
    assert [name for name, _money in money(proposed(batch, centre_staff))][1] == "Đào tạo nghề may"


def test_a_task_called_summing_up_is_no_sum(plan: AnnualPlan, centre_staff: User) -> None:
    rows = (
        (*PLACED, "KCĐP"),
        (1, "Tổng kết công tác khuyến công", "Toàn thành phố", 15),
        (None, "Tổng cộng", None, 15),
    )
    assert [name for name, _money in money(read(plan, sheet(rows), centre_staff))] == ["Tổng kết công tác khuyến công"]


def test_of_two_columns_of_a_source_the_plans_year_is_taken(plan: AnnualPlan, centre_staff: User) -> None:
    rows = ((*PLACED, "KCĐP năm 2005", "KCĐP năm 2006"), (*THREAD, 30, 60))
    assert money(read(plan, sheet(rows), centre_staff)) == [("Đào tạo nghề thêu ren", {"city": 60})]


def test_of_two_columns_of_a_source_the_hidden_one_is_not_taken(plan: AnnualPlan, centre_staff: User) -> None:
    book = load_workbook(BytesIO(sheet(((*PLACED, "KCĐP", "KCĐP"), (*THREAD, 99, 60)))))
    book.worksheets[0].column_dimensions["D"].hidden = True
    assert money(read(plan, saved(book), centre_staff)) == [("Đào tạo nghề thêu ren", {"city": 60})]


def test_of_two_columns_that_nothing_tells_apart_the_office_says_which(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, sheet(((*PLACED, "KCĐP", "KP hỗ trợ KCĐP"), (*THREAD, 99, 60))), centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    batch = answered(batch, centre_staff, {question.key: "5"})
    assert money(proposed(batch, centre_staff)) == [("Đào tạo nghề thêu ren", {"city": 60})]


@pytest.mark.parametrize("between", [("STT", "Tên đề án", "Địa điểm", "KCQG"), (None, "ĐVT: nghìn đồng", None, None)])
def test_another_list_below_is_not_read_as_this_one(
    plan: AnnualPlan, centre_staff: User, between: Sequence[Any]
) -> None:
    rows = ((*PLACED, "KCĐP"), (*THREAD, 60), (None, "Tổng cộng", None, 60), between, (*SEWING, 50))
    proposal = read(plan, sheet(rows), centre_staff)
    assert money(proposal) == [("Đào tạo nghề thêu ren", {"city": 60})]
    assert "từ dòng 5 là danh sách khác" in proposal.notes[0]


def test_of_a_total_alone_the_office_says_whose_money_it_is(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, sheet(((*PLACED, "Tổng kinh phí", "Đối ứng"), (*THREAD, 80, 20))), centre_staff)
    batch = answered(batch, centre_staff, {"source": "city"})
    [(_name, found)] = money(proposed(batch, centre_staff))
    assert found["city"] == 60 and found["own"] == 20


def test_a_list_whose_money_is_not_recognised_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    [question] = read(plan, sheet(((*PLACED, "Dự kiến chi"), (*THREAD, 60))), centre_staff).open_questions
    assert "Dự kiến chi" in question.text


def test_a_percentage_is_no_amount(plan: AnnualPlan, centre_staff: User) -> None:
    book = load_workbook(BytesIO(sheet(((*PLACED, "KCĐP", "Đối ứng"), (*THREAD, 60, 0.5)))))
    book.worksheets[0]["E3"].number_format = "0%"
    [row] = read(plan, saved(book), centre_staff).rows
    assert [one.cell for one in row.wrong] == ["Danh mục!E3"]


def test_other_sheets_with_a_list_are_named(plan: AnnualPlan, centre_staff: User) -> None:
    book = load_workbook(BytesIO(sheet(((*PLACED, "KCĐP"), (*THREAD, 60)))))
    other = book.copy_worksheet(book.worksheets[0])
    other.title, other["D2"] = "KCQG", "KCQG"
    assert "“KCQG” cũng có danh sách" in read(plan, saved(book), centre_staff).notes[0]


def test_the_same_project_with_other_money_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    rows = ((*PLACED, "KCĐP"), (*THREAD, 60), (2, *THREAD[1:], 70))
    [question] = read(plan, sheet(rows), centre_staff).open_questions
    assert question.cells == ["Danh mục!B4"]


def test_each_column_is_in_the_unit_that_its_heading_names(plan: AnnualPlan, centre_staff: User) -> None:
    rows = ((*PLACED, "KCĐP (triệu đồng)", "Vốn đối ứng (nghìn đồng)"), (*THREAD, 60, 20_000))
    proposal = read(plan, sheet(rows, unit=""), centre_staff)
    assert money(proposal) == [("Đào tạo nghề thêu ren", {"city": 60, "own": 20})] and not proposal.open_questions
    whole = ((*PLACED, "KCĐP (đồng)"), (*THREAD, 60_000_000))
    assert money(read(plan, sheet(whole), centre_staff)) == [("Đào tạo nghề thêu ren", {"city": 60})]


@pytest.mark.parametrize(
    "head",
    [
        *("Hội chợ cấp quốc gia", "Thành phố Thủy Nguyên", "Đề án của các địa phương", "Cơ sở tại thành phố"),
        *("Sản phẩm tiêu biểu cấp quốc gia", "Khu vực thành phố Thủy Nguyên", "Chương trình mục tiêu quốc gia"),
        *("Khuyến công thành phố Hải Phòng", "Khuyến công quốc gia và địa phương", "Đề án ngoài nguồn KCQG"),
    ],
)
def test_a_head_of_places_products_or_both_sources_names_none(plan: AnnualPlan, centre_staff: User, head: str) -> None:
    rows = ((*PLACED, "Kinh phí hỗ trợ"), ("I", head), (*THREAD, 60))
    assert [one.key for one in read(plan, sheet(rows), centre_staff).open_questions] == ["source:Danh mục"]


@pytest.mark.parametrize(
    ("head", "key"),
    [
        *((head, "national") for head in ("Quốc gia", "Hội chợ (nguồn KCQG)", "Chương trình khuyến công quốc gia")),
        *(
            (head, "city")
            for head in ("Cấp tỉnh", "Kinh phí thành phố quản lý", "Vốn ngân sách nhà nước cấp thành phố")
        ),
    ],
)
def test_a_head_of_one_source_gives_it_to_its_rows(plan: AnnualPlan, centre_staff: User, head: str, key: str) -> None:
    rows = ((*PLACED, "Kinh phí hỗ trợ"), ("I", head), (*THREAD, 60))
    assert money(read(plan, sheet(rows), centre_staff)) == [("Đào tạo nghề thêu ren", {key: 60})]


def test_an_amount_merged_over_two_projects_is_nobodys(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*PLACED, "KCĐP"), (*THREAD, 60), (*SEWING, None), (3, "Đào tạo nghề dệt", "H. Tiên Lãng", 30)]
    found = read(plan, sheet(rows, merged=["D3:D4"]), centre_staff).rows
    assert [[one.cell for one in row.wrong] for row in found] == [["Danh mục!D3"], ["Danh mục!D4"], []]
    assert "D3:D4" in found[1].wrong[0].text and [row.values["city"] for row in found[:2]] == [None, None]


def test_an_amount_merged_over_two_sources_is_of_neither(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*PLACED, "KCQG", "KCĐP"), (*THREAD, 60, None), (*SEWING, "-", None)]
    found = read(plan, sheet(rows, merged=["D3:E3", "D4:E4"]), centre_staff).rows
    assert [[one.cell for one in row.wrong] for row in found] == [["Danh mục!D3", "Danh mục!E3"], []]


def test_an_amount_merged_over_a_head_and_its_project_is_asked_back(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*PLACED, "KCĐP"), ("I", "Đào tạo nghề", None, 60), (*THREAD, None)]
    [row] = read(plan, sheet(rows, merged=["D3:D4"]), centre_staff).rows
    assert [one.cell for one in row.wrong] == ["Danh mục!D4"]


def test_a_merged_total_beside_its_sources_says_nothing(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*PLACED, "KCĐP", "Tổng"), (*THREAD, 60, 110), (*SEWING, 50, None)]
    found = read(plan, sheet(rows, merged=["E3:E4"]), centre_staff).rows
    assert not [one for row in found for one in (*row.wrong, *row.notes)]
    [first, _second] = read(
        plan, sheet([(*PLACED, "Tổng"), (*THREAD, 110), SEWING], merged=["D3:D4"]), centre_staff
    ).rows
    assert [one.cell for one in first.wrong] == ["Danh mục!D3"]


@pytest.mark.parametrize("cells", [(0.5, 1), (0.3, 0.7)])
def test_a_column_of_parts_of_a_whole_is_asked_about(
    plan: AnnualPlan, centre_staff: User, cells: tuple[float, float]
) -> None:
    rows = [(*PLACED, "KCĐP", "Đối ứng"), (*THREAD, 60, cells[0]), (*SEWING, 50, cells[1])]
    batch = brought(plan, sheet(rows), centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    assert question.cells == ["Danh mục!E3", "Danh mục!E4"] and "không quá 1" in question.text
    shares = proposed(answered(batch, centre_staff, {"share": "share"}), centre_staff)
    assert [found for _name, found in money(shares)] == [{"city": 60}, {"city": 50}]
    batch = brought(plan, sheet(rows), centre_staff)
    amounts = proposed(answered(batch, centre_staff, {"share": "money"}), centre_staff)
    assert money(amounts)[0][1] == {"city": 60, "own": cells[0]}


def test_parts_of_a_billion_are_money(plan: AnnualPlan, centre_staff: User) -> None:
    found = read(plan, sheet([(*PLACED, "KCĐP"), (*THREAD, 0.06)], unit="ĐVT: tỷ đồng"), centre_staff)
    assert money(found) == [("Đào tạo nghề thêu ren", {"city": 60})] and not found.open_questions


def test_an_amount_with_a_remark_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*PLACED, "KCĐP"), (*THREAD, "60\n(đợt 1)"), (*SEWING, "(60)")]
    batch = brought(plan, sheet(rows), centre_staff)
    proposal = proposed(batch, centre_staff)
    assert [one.cells for one in proposal.open_questions] == [["Danh mục!D3"]]
    assert [one.cell for one in proposal.rows[1].wrong] == ["Danh mục!D4"], "brackets are a minus in a sheet"
    assert money(proposed(answered(batch, centre_staff), centre_staff))[0][1] == {"city": 60}


def test_parts_of_a_dong_are_rounded_where_the_office_says_so(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*PLACED, "KCĐP"), (*THREAD, 100 / 3), (*SEWING, 200 / 3)]
    batch = brought(plan, sheet(rows), centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    assert "33,3333" in question.text and question.cells == ["Danh mục!D3", "Danh mục!D4"]
    found = proposed(answered(batch, centre_staff), centre_staff).rows
    assert [row.values["city"] for row in found] == [33_333_333, 66_666_667]


def test_many_rows_that_may_be_there_twice_are_one_question(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*PLACED, "KCĐP"), *[(*THREAD, 60)] * 7]
    batch = brought(plan, sheet(rows), centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    assert "6 dòng" in question.text and len(question.cells) == 6
    kept = proposed(answered(batch, centre_staff, {"twins": "skip"}), centre_staff)
    assert [one.state.value for one in kept.rows] == ["new", *["left"] * 6]
    batch = brought(plan, sheet(rows), centre_staff)
    each = answered(batch, centre_staff, {"twins": "each"})
    assert len(proposed(each, centre_staff).open_questions) == 6


def test_an_authority_in_the_column_of_those_helped_need_not_be_an_establishment(
    plan: AnnualPlan, centre_staff: User
) -> None:
    rows = [(*PLACED, "Đơn vị phối hợp", "KCĐP"), (*THREAD, "UBND huyện Tiên Lãng", 60)]
    batch = answered(brought(plan, sheet(rows), centre_staff), centre_staff, {"firm": "no_party"})
    [row] = proposed(batch, centre_staff).rows
    assert row.state.value == "new" and not row.entry.words.parties_helped


def test_a_sheet_that_is_not_there_has_no_columns(plan: AnnualPlan, centre_staff: User, client: Client) -> None:
    batch = brought(plan, sheet([HEADER, TRAINING]), centre_staff)
    client.force_login(centre_staff)
    address = reverse("importing:columns", args=[batch.pk])
    said = {"version": batch.version, "unit": MILLION, "c-2": "name"}
    answer = client.post(f"{address}?sheet=Kh%C3%A1c&top=2&bottom=2", said)
    assert answer.status_code == 200 and answer.context["chosen"] is None
    batch.refresh_from_db()
    assert not batch.layout
