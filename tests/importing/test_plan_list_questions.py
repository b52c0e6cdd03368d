"""What a Centre's list leaves open: it is asked about once, and what was answered holds for the next list."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.proposals import RowState
from projects.importing.services.batches import answer_batch, lay_out_batch, write_batch
from projects.models import CostLine, Project
from projects.refusals import Refused
from tests.factories import MILLION
from tests.importing.lists import FAIR, HEADER, TRAINING, brought, changed, imported, proposed, saved, workbook

pytestmark = pytest.mark.django_db


def test_a_content_that_no_word_tells_is_asked_once_for_all_rows(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*HEADER, "Loại hình")
    rows = [
        header,
        *((n, f"Đề án {n}", f"HTX {n}", "Tiên Lãng", "Cả năm", None, 50, None, "Chiếu cói") for n in (1, 2, 3)),
    ]
    batch = brought(plan, workbook(rows), centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    assert "Chiếu cói" in question.text and question.cells == ["Danh mục!I5", "Danh mục!I6", "Danh mục!I7"]
    batch = answer_batch(batch=batch, answers={question.key: "134-3"}, version=batch.version, actor=centre_staff)
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert {one.components.get().activity_type.code for one in Project.objects.all()} == {"134-3"}
    later = brought(
        plan,
        workbook([header, (9, "Đề án 9", "HTX 9", "Tiên Lãng", "Cả năm", None, 5, None, "chiếu cói")]),
        centre_staff,
    )
    assert not proposed(later, centre_staff).open_questions, "the office said so once"


def test_a_place_that_is_none_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    row = (1, "Đào tạo nghề thêu ren", "HTX Lật Dương", "Tiên Lang Mới", "Cả năm", None, 60, None)
    batch = brought(plan, workbook([HEADER, row]), centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    assert "315" in {one.value for one in question.options}
    imported(plan, workbook([HEADER, row]), centre_staff, {question.key: "none"})
    project = Project.objects.get()
    assert (project.area_scope, project.parties) == ("not_fixed", "Tiên Lang Mới")


def test_rows_may_be_left_out(plan: AnnualPlan, centre_staff: User) -> None:
    row = (2, "Việc khác", "HTX Lật Dương", "Tiên Lãng", "Cả năm", None, 60, None)
    imported(plan, workbook([HEADER, TRAINING, row]), centre_staff, {"content": "skip"})
    assert [one.name for one in Project.objects.all()] == ["Đào tạo nghề thêu ren"]


def test_a_sheet_without_a_unit_is_asked_for_it(plan: AnnualPlan, centre_staff: User) -> None:
    content = workbook([HEADER, (*TRAINING[:6], 60_000_000, None)], unit="")
    batch = brought(plan, content, centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    assert question.likely == "1"
    imported(plan, content, centre_staff, {"unit": "1"})
    assert CostLine.objects.get().amount_vnd == 60 * MILLION


def test_numbers_too_large_for_their_unit_are_one_question(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [
        HEADER,
        *((n, f"Đào tạo nghề {n}", f"HTX {n}", "Tiên Lãng", "Cả năm", None, n * 10_000_000, None) for n in (1, 2)),
    ]
    batch = brought(plan, workbook(rows), centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    assert [str(one.label) for one in question.options[:2]] == ["10 triệu", "10.000.000 triệu"]
    imported(plan, workbook(rows), centre_staff, {"amount": "0"})
    assert sorted(CostLine.objects.values_list("amount_vnd", flat=True)) == [10 * MILLION, 20 * MILLION]


def test_an_amount_far_above_its_neighbours_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, *((n, f"Đào tạo nghề {n}", f"HTX {n}", "Tiên Lãng", "Cả năm", None, 50, None) for n in range(1, 7))]
    rows.append((7, "Đào tạo nghề 7", "HTX 7", "Tiên Lãng", "Cả năm", None, 60_000, None))
    [question] = proposed(brought(plan, workbook(rows), centre_staff), centre_staff).open_questions
    assert question.cells == ["Danh mục!G11"]


def test_two_names_under_one_tax_code_are_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*HEADER, "MST")
    rows = [
        header,
        (1, "Đào tạo nghề may", "Cty CP Thành Đạt", "Tiên Lãng", "Cả năm", None, 50, None, "0283183496"),
        (2, "Đào tạo nghề mộc", "HTX Kim Long", "Tiên Lãng", "Cả năm", None, 50, None, "0283183496"),
    ]
    [question] = proposed(brought(plan, workbook(rows), centre_staff), centre_staff).open_questions
    assert {one.value for one in question.options} == {"Cty CP Thành Đạt", "HTX Kim Long", "skip"}


def test_the_same_row_twice_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    content = workbook([HEADER, TRAINING, TRAINING])
    [question] = proposed(brought(plan, content, centre_staff), centre_staff).open_questions
    assert question.cells == ["Danh mục!B6"]
    imported(plan, content, centre_staff, {"twin": "skip"})
    assert Project.objects.count() == 1


def test_a_time_that_is_none_is_asked_once_for_its_spelling(plan: AnnualPlan, centre_staff: User) -> None:
    times = ["3 tháng", "3 Tháng", "Quý VI", "khi có kinh phí", "Quý I, II"]
    rows = [HEADER, *((*changed(TRAINING, A=n, B=f"Đào tạo nghề {n}")[:4], t, None, 60) for n, t in enumerate(times))]
    batch = brought(plan, workbook(rows), centre_staff)
    proposal = proposed(batch, centre_staff)
    assert [one.cells for one in proposal.open_questions] == [
        ["Danh mục!E5", "Danh mục!E6"],
        ["Danh mục!E7"],
        ["Danh mục!E8"],
    ]
    given = dict(zip([one.key for one in proposal.open_questions], ["1-4", "2-3", "none"], strict=True))
    imported(plan, workbook(rows), centre_staff, given)
    spans = [(one.start_on, one.end_on) for one in Project.objects.order_by("pk")]
    year, middle = (dt.date(2006, 1, 1), dt.date(2006, 12, 31)), (dt.date(2006, 4, 1), dt.date(2006, 9, 30))
    assert spans == [year, year, middle, (None, None), (dt.date(2006, 1, 1), dt.date(2006, 6, 30))]


def test_an_open_question_stops_the_list(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, workbook([HEADER, (1, "Việc khác", None, "Tiên Lãng", None, None, 6, None)]), centre_staff)
    with pytest.raises(Refused) as refusal:
        write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert refusal.value.code == "open"


def test_columns_may_be_said_and_are_remembered(plan: AnnualPlan, centre_staff: User) -> None:
    header = ("Số", "Việc", "Nơi nào", "Bao nhiêu")
    content = workbook([(*HEADER[:2], *header), (1, "Đào tạo nghề may", None, None, "Tiên Lãng", 60)])
    batch = brought(plan, content, centre_staff)
    layout = {
        "sheet": "Danh mục",
        "top": 4,
        "bottom": 4,
        "unit": MILLION,
        "columns": {"name": 2, "place": 5, "city": 6},
    }
    batch = lay_out_batch(batch=batch, layout=layout, version=batch.version, actor=centre_staff)
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    project = Project.objects.get()
    assert project.places_text == "Huyện Tiên Lãng" and CostLine.objects.get().amount_vnd == 60 * MILLION
    again = proposed(brought(plan, content, centre_staff), centre_staff)
    assert dict(again.rows[0].row.table.columns) == layout["columns"]
    assert [one.state for one in again.rows] == [RowState.EQUAL]


def test_hidden_rows_are_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    book = load_workbook(BytesIO(workbook([HEADER, TRAINING, FAIR])))
    book.active.row_dimensions[6].hidden = True
    content = saved(book)
    [row] = proposed(brought(plan, content, centre_staff), centre_staff).in_state(RowState.CHOICE)
    assert row.row.number == 6 and "1 dòng đang ẩn" in row.asks[0]
    imported(plan, content, centre_staff, {"hidden": "skip"})
    assert [one.name for one in Project.objects.all()] == ["Đào tạo nghề thêu ren"]
    again = brought(plan, content, centre_staff)
    [question] = proposed(again, centre_staff).questions
    assert question.answer == "skip", "as it was answered the first time"
    again = answer_batch(batch=again, answers={question.key: "take"}, version=again.version, actor=centre_staff)
    write_batch(batch=again, version=again.version, actor=centre_staff)
    assert Project.objects.count() == 2
