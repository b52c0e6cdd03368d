"""From a Centre's list to the plan: understood, asked about, written all or none."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch, ImportedRow
from projects.importing.proposals import RowState
from projects.importing.services.batches import (
    StaleBatch,
    answer_batch,
    bring_pasted,
    drop_batch,
    lay_out_batch,
    write_batch,
)
from projects.models import Beneficiary, CostLine, Project
from projects.refusals import NotAllowed, PlanClosed, Refused
from projects.services.steps import take_step
from tests.factories import MILLION, make_plan, submit_all
from tests.importing.lists import (
    FAIR,
    HEADER,
    TRAINING,
    answered,
    brought,
    changed,
    imported,
    proposed,
    saved,
    workbook,
)
from tests.importing.reading.builders import compound

pytestmark = pytest.mark.django_db


def states(plan: AnnualPlan, rows: Any, actor: User) -> list[str]:
    return [one.state.value for one in proposed(brought(plan, workbook(rows), actor), actor).rows]


def test_a_list_becomes_drafts(plan: AnnualPlan, centre_staff: User) -> None:
    batch = imported(
        plan, workbook([HEADER, TRAINING, FAIR, (None, "Tổng cộng", *[None] * 4, 100.5, 20)]), centre_staff
    )
    training, fair = Project.objects.order_by("pk")
    assert (training.name, training.code, training.status, training.kind) == (
        *("Đào tạo nghề thêu ren", "KC2006-001", "draft", "single"),
    )
    assert (training.start_on, training.end_on) == (dt.date(2006, 4, 1), dt.date(2006, 12, 31))
    assert training.places_text == "Huyện Tiên Lãng" and training.area_scope == "units"
    assert [(str(one), one.beneficiary.type) for one in training.supports.all()] == [("HTX Lật Dương", "cooperative")]
    assert [one.activity_type.code for one in training.components.all()] == ["134-1"]
    costs = CostLine.objects.of_project(training).values_list("source__code", "amount_vnd")
    assert sorted(costs) == [("DOIUNG", 20 * MILLION), ("KCDP", 60 * MILLION)]
    assert (fair.area_scope, fair.kind, fair.supports.count()) == ("whole_city", "task", 0)
    assert CostLine.objects.get(plan_line__project=fair).amount_vnd == 40_500_000
    assert batch.stage == "written" and batch.file_name == "danh-muc.xlsx"


def test_where_each_came_from_stays(plan: AnnualPlan, centre_staff: User) -> None:
    batch = imported(plan, workbook([HEADER, TRAINING, FAIR]), centre_staff)
    row = ImportedRow.objects.get(project__name="Tham gia hội chợ")
    assert (row.batch, row.sheet, row.number, row.became) == (batch, "Danh mục", 6, "new")
    assert row.cells[1] == "Tham gia hội chợ" and row.cells[6] == "40,5"


def test_nothing_is_written_before_it_is_confirmed(plan: AnnualPlan, centre_staff: User) -> None:
    brought(plan, workbook([HEADER, TRAINING]), centre_staff)
    assert not Project.objects.exists() and not Beneficiary.objects.exists()


def test_the_same_list_again_changes_nothing(plan: AnnualPlan, centre_staff: User) -> None:
    content = workbook([HEADER, TRAINING, FAIR])
    imported(plan, content, centre_staff)
    again = brought(plan, content, centre_staff)
    assert [one.state for one in proposed(again, centre_staff).rows] == [RowState.EQUAL] * 2
    with pytest.raises(Refused) as refusal:
        write_batch(batch=again, version=again.version, actor=centre_staff)
    assert refusal.value.code == "nothing"
    assert Project.objects.count() == 2
    assert ImportBatch.objects.with_same_content(again).count() == 1


def test_a_changed_list_changes_the_drafts(plan: AnnualPlan, centre_staff: User) -> None:
    imported(plan, workbook([HEADER, TRAINING, FAIR]), centre_staff)
    later = (1, "Đào tạo nghề thêu ren", "HTX Lật Dương", "Thủy Nguyên", "Quý II-IV", None, 70, 20)
    batch = brought(plan, workbook([HEADER, later, FAIR]), centre_staff)
    [changed, equal] = proposed(batch, centre_staff).rows
    assert changed.changes == ["KCĐP 60 triệu → 70 triệu", "địa bàn"] and equal.state == RowState.EQUAL
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    training = Project.objects.get(name="Đào tạo nghề thêu ren")
    assert training.places_text == "Huyện Thủy Nguyên" and training.version == 2
    costs = CostLine.objects.of_project(training).values_list("source__code", "amount_vnd")
    assert sorted(costs) == [("DOIUNG", 20 * MILLION), ("KCDP", 70 * MILLION)]
    assert Beneficiary.objects.count() == 1


def test_what_was_sent_is_not_changed_by_a_list(plan: AnnualPlan, centre_staff: User, centre_head: User) -> None:
    imported(plan, workbook([HEADER, TRAINING]), centre_staff)
    submit_all(plan=plan, by=centre_head)
    later = (*TRAINING[:6], 70, 20)
    [row] = proposed(brought(plan, workbook([HEADER, later]), centre_staff), centre_staff).rows
    assert row.state == RowState.WRONG and "KC2006-001" in row.wrong[0].text


def test_groups_sums_and_repeated_headers_are_no_projects(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [
        HEADER,
        ("A", "B", 1, 2, 3, 4, 5, 6),
        ("I", "KHUYẾN CÔNG ĐỊA PHƯƠNG", None, None, None, 0, 110, 20),
        TRAINING,
        HEADER,
        FAIR,
        ("", "Cộng", None, None, None, None, 100.5, 20),
        ("", "Ghi chú: -nt- là như trên", *[None] * 6),
    ]
    batch = brought(plan, workbook(rows), centre_staff)
    proposal = proposed(batch, centre_staff)
    assert [one.row.number for one in proposal.rows] == [7, 9]
    [wrong] = [one for one in proposal.sums if one.difference]
    assert (wrong.cell, wrong.stated, wrong.ours) == ("Danh mục!G6", 110 * MILLION, 100_500_000)


@pytest.mark.parametrize("ditto", ["-nt-", "nt", "như trên", '"', "〃", "''"])
def test_as_above(plan: AnnualPlan, centre_staff: User, ditto: str) -> None:
    second = (2, "Đào tạo nghề may", ditto, ditto, ditto, None, 50, None)
    imported(plan, workbook([HEADER, TRAINING, second]), centre_staff)
    project = Project.objects.get(name="Đào tạo nghề may")
    assert project.places_text == "Huyện Tiên Lãng" and str(project.supports.get()) == "HTX Lật Dương"
    assert Beneficiary.objects.count() == 1


def test_each_wrong_cell_is_named_and_the_others_go_on(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [
        HEADER,
        TRAINING,
        (2, None, "HTX A", "Tiên Lãng", "Cả năm", None, 50, None),
        (3, "Đào tạo nghề may", "HTX B", "Tiên Lãng", "Cả năm", "x", 50, None),
        (4, "Đào tạo nghề mộc", "HTX C", "Tiên Lãng", "Cả năm", None, "năm mươi", None),
        (5, "Đào tạo nghề đan", "HTX D", "Tiên Lãng", "Cả năm", None, -3, None),
    ]
    batch = brought(plan, workbook(rows), centre_staff)
    wrong = {remark.cell for one in proposed(batch, centre_staff).rows for remark in one.wrong}
    assert wrong == {"Danh mục!B6", "Danh mục!F7", "Danh mục!G8", "Danh mục!G9"}
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert [one.name for one in Project.objects.all()] == ["Đào tạo nghề thêu ren"]


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


def test_a_group_in_words_too_long_for_its_field_is_not_cut(plan: AnnualPlan, centre_staff: User) -> None:
    row = (1, "Đào tạo nghề thêu ren", f"Các cơ sở {'thêu ren ' * 30}", "Tiên Lãng", "Cả năm", None, 60, None)
    [one] = proposed(brought(plan, workbook([HEADER, row]), centre_staff), centre_staff).rows
    assert [remark.cell for remark in one.wrong] == ["Danh mục!C5"]


def test_the_whole_city_where_places_stood_is_a_change(plan: AnnualPlan, centre_staff: User) -> None:
    imported(plan, workbook([HEADER, TRAINING]), centre_staff)
    later = (*TRAINING[:3], "Toàn thành phố", *TRAINING[4:])
    [row] = proposed(brought(plan, workbook([HEADER, later]), centre_staff), centre_staff).rows
    assert row.changes == ["địa bàn"]
    imported(plan, workbook([HEADER, later]), centre_staff)
    assert Project.objects.get().area_scope == "whole_city"
    [again] = proposed(brought(plan, workbook([HEADER, later]), centre_staff), centre_staff).rows
    assert again.state == RowState.EQUAL


def test_a_code_tells_the_project_before_a_name_does(plan: AnnualPlan, centre_staff: User) -> None:
    imported(plan, workbook([HEADER, TRAINING]), centre_staff)
    header, code = (*HEADER, "Mã đề án"), Project.objects.get().code
    rows = [header, (*TRAINING[:6], 50, None, None), (*TRAINING, code)]
    first, second = proposed(brought(plan, workbook(rows), centre_staff), centre_staff).rows
    assert (first.existing, second.existing) == (None, Project.objects.get())


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


def test_one_establishment_in_two_spellings_is_one(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*HEADER, "MST")
    rows = [
        header,
        (1, "Đào tạo nghề may", "Cty CP Thành Đạt", "Tiên Lãng", "Cả năm", None, 50, None, "0283183496"),
        (2, "Đào tạo nghề mộc", "Công ty cổ phần Thành Đạt", "Tiên Lãng", "Cả năm", None, 50, None, 283183496),
    ]
    batch = imported(plan, workbook(rows), centre_staff)
    [firm] = Beneficiary.objects.all()
    assert (firm.name, firm.tax_code, firm.type) == ("Công ty cổ phần Thành Đạt", "0283183496", "enterprise")
    assert firm.supports.count() == 2 and "cùng mã số thuế 0283183496" in proposed(batch, centre_staff).notes[0]


def test_two_names_under_one_tax_code_are_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*HEADER, "MST")
    rows = [
        header,
        (1, "Đào tạo nghề may", "Cty CP Thành Đạt", "Tiên Lãng", "Cả năm", None, 50, None, "0283183496"),
        (2, "Đào tạo nghề mộc", "HTX Kim Long", "Tiên Lãng", "Cả năm", None, 50, None, "0283183496"),
    ]
    [question] = proposed(brought(plan, workbook(rows), centre_staff), centre_staff).open_questions
    assert {one.value for one in question.options} == {"Cty CP Thành Đạt", "HTX Kim Long", "skip"}


def test_the_registry_knows_whom_the_list_means(plan: AnnualPlan, centre_staff: User) -> None:
    province = plan.organisation.province()
    known = Beneficiary.objects.create(province=province, name="Hợp tác xã Lật Dương", type="cooperative")
    imported(plan, workbook([HEADER, TRAINING]), centre_staff)
    assert Project.objects.get().supports.get().beneficiary == known and Beneficiary.objects.count() == 1


def test_a_group_in_words_is_no_establishment(plan: AnnualPlan, centre_staff: User) -> None:
    row = (1, "Đào tạo nghề thêu ren", "Các cơ sở CN tư nhân", "Tiên Lãng", "Cả năm", None, 60, None)
    imported(plan, workbook([HEADER, row]), centre_staff)
    assert Project.objects.get().supports.get().group_description == "Các cơ sở CN tư nhân"
    assert Project.objects.get().kind == "group" and not Beneficiary.objects.exists()


def test_the_same_row_twice_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    content = workbook([HEADER, TRAINING, TRAINING])
    [question] = proposed(brought(plan, content, centre_staff), centre_staff).open_questions
    assert question.cells == ["Danh mục!B6"]
    imported(plan, content, centre_staff, {"twin": "skip"})
    assert Project.objects.count() == 1


def test_a_time_outside_the_year_is_said_and_not_refused(plan: AnnualPlan, centre_staff: User) -> None:
    row = (1, "Đào tạo nghề thêu ren", "HTX Lật Dương", "Tiên Lãng", "03/2002", None, 60, None)
    [one] = proposed(brought(plan, workbook([HEADER, row]), centre_staff), centre_staff).rows
    assert one.state == RowState.NEW and "ngoài năm kế hoạch 2006" in one.notes[0].text


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


def test_a_date_that_stands_for_its_month_is_said(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, changed(TRAINING, E=dt.date(2006, 3, 1)), changed(TRAINING, B="Đào tạo nghề may", E=38777)]
    found = proposed(brought(plan, workbook(rows), centre_staff), centre_staff).rows
    for row in found:
        assert row.entry.words.period.end_on == dt.date(2006, 3, 31)
        assert [(one.cell, "cả tháng 03/2006" in one.text) for one in row.notes] == [(row.row.place_of("period"), True)]


def test_a_total_that_is_not_its_parts_is_said(plan: AnnualPlan, centre_staff: User) -> None:
    row = (*TRAINING, 90)
    [one] = proposed(brought(plan, workbook([(*HEADER, "Tổng KP"), row]), centre_staff), centre_staff).rows
    assert one.notes[0].text == "tổng ghi 90 triệu, các nguồn cộng lại 80 triệu"


def test_rows_under_one_merged_name_are_one_project(plan: AnnualPlan, centre_staff: User) -> None:
    second = (None, None, "HTX Kim Long", "Thủy Nguyên", None, None, 40, None)
    book = load_workbook(BytesIO(workbook([HEADER, TRAINING, second])))
    book.active.merge_cells("A5:A6")
    book.active.merge_cells("B5:B6")
    imported(plan, saved(book), centre_staff)
    project = Project.objects.get()
    assert sorted(str(one) for one in project.supports.all()) == ["HTX Kim Long", "HTX Lật Dương"]
    assert sum(CostLine.objects.from_source("KCDP").values_list("amount_vnd", flat=True)) == 100 * MILLION
    assert project.places.count() == 2 and project.kind == "group"


def test_pasted_rows_are_read_like_a_file(plan: AnnualPlan, centre_staff: User) -> None:
    lines = [HEADER, TRAINING, FAIR]
    text = "\n".join("\t".join("" if cell is None else str(cell) for cell in row) for row in lines)
    batch = bring_pasted(plan=plan, kind="plan", text=text, actor=centre_staff)
    batch = answered(batch, centre_staff, {"unit": "1000000"})
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert Project.objects.count() == 2 and batch.format == "pasted"


def test_another_form_is_refused_and_nothing_kept(plan: AnnualPlan, centre_staff: User) -> None:
    with pytest.raises(Refused) as refusal:
        brought(plan, workbook([("Họ tên", "Ngày sinh"), ("An", "1990")]), centre_staff)
    assert refusal.value.code == "other_form" and not ImportBatch.objects.exists()


def test_a_file_behind_a_password_is_refused_and_nothing_kept(plan: AnnualPlan, centre_staff: User) -> None:
    before = set(Path(settings.MEDIA_ROOT).rglob("*"))
    with pytest.raises(Refused) as refusal:
        brought(plan, compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), centre_staff)
    assert "Tệp có đặt mật khẩu" in str(refusal.value) and not ImportBatch.objects.exists()
    assert set(Path(settings.MEDIA_ROOT).rglob("*")) == before


def test_only_whoever_enters_projects_may(plan: AnnualPlan, reviewer: User, centre_staff: User) -> None:
    with pytest.raises(NotAllowed):
        brought(plan, workbook([HEADER, TRAINING]), reviewer)
    batch = brought(plan, workbook([HEADER, TRAINING]), centre_staff)
    for write in (
        lambda: answer_batch(batch=batch, answers={}, version=1, actor=reviewer),
        lambda: lay_out_batch(batch=batch, layout={}, version=1, actor=reviewer),
        lambda: write_batch(batch=batch, version=1, actor=reviewer),
        lambda: drop_batch(batch=batch, actor=reviewer),
    ):
        with pytest.raises(NotAllowed):
            write()


def test_a_closed_year_takes_no_list(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, workbook([HEADER, TRAINING]), centre_staff)
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        write_batch(batch=batch, version=batch.version, actor=centre_staff)
    with pytest.raises(PlanClosed):
        brought(AnnualPlan.objects.for_page().get(), workbook([HEADER, TRAINING]), centre_staff)


def test_a_page_that_is_out_of_date_writes_nothing(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, workbook([HEADER, TRAINING]), centre_staff)
    answer_batch(batch=batch, answers={}, version=batch.version, actor=centre_staff)
    with pytest.raises(StaleBatch):
        write_batch(batch=batch, version=batch.version, actor=centre_staff)


def test_a_list_is_written_once_and_a_dropped_one_never(plan: AnnualPlan, centre_staff: User) -> None:
    batch = imported(plan, workbook([HEADER, TRAINING]), centre_staff)
    other = brought(plan, workbook([HEADER, FAIR]), centre_staff)
    drop_batch(batch=other, actor=centre_staff)
    for one in (batch, other):
        with pytest.raises(Refused) as refusal:
            write_batch(batch=one, version=one.version, actor=centre_staff)
        assert refusal.value.code == "over"
    assert Project.objects.count() == 1


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


def test_what_was_withdrawn_is_no_project_of_the_plan(plan: AnnualPlan, centre_staff: User, centre_head: User) -> None:
    imported(plan, workbook([HEADER, TRAINING]), centre_staff)
    take_step(Project.objects.get(), "withdraw", actor=centre_head, on=dt.date(2006, 5, 1), reason="Nhầm")
    assert states(plan, [HEADER, TRAINING], centre_staff) == ["new"]


def test_lists_of_another_centre_are_not_seen(plan: AnnualPlan, centre_staff: User, stranger: User) -> None:
    brought(plan, workbook([HEADER, TRAINING]), centre_staff)
    assert ImportBatch.objects.visible_to(centre_staff).count() == 1
    assert not ImportBatch.objects.visible_to(stranger).exists()
    make_plan(organisation=stranger.memberships.get().scope)
    assert not ImportBatch.objects.visible_to(stranger).exists()


def test_a_name_that_is_a_letter_away_is_said(plan: AnnualPlan, centre_staff: User) -> None:
    province = plan.organisation.province()
    Beneficiary.objects.create(province=province, name="Hợp tác xã mây tre Lật Dương Tiên", type="cooperative")
    row = (1, "Đào tạo nghề thêu ren", "HTX mây tre Lật Dường Tiêm", "Tiên Lãng", "Cả năm", None, 60, None)
    [one] = proposed(brought(plan, workbook([HEADER, row]), centre_staff), centre_staff).rows
    assert one.state == RowState.NEW and "gần giống “Hợp tác xã mây tre Lật Dương Tiên”" in one.notes[0].text


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


def test_a_wrong_amount_is_named_before_the_unit_is_known(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, (1, "Đào tạo nghề thêu ren", None, "Tiên Lãng", "Cả năm", None, "năm mươi", None)]
    [row] = proposed(brought(plan, workbook(rows, unit=""), centre_staff), centre_staff).rows
    assert [one.cell for one in row.wrong] == ["Danh mục!G5"]


def test_a_copy_with_remarks_is_offered_where_there_are_any(
    plan: AnnualPlan, centre_staff: User, client: Client
) -> None:
    client.force_login(centre_staff)
    good = brought(plan, workbook([HEADER, TRAINING]), centre_staff)
    assert "Tải tệp có ghi chú lỗi" not in client.get(good.get_absolute_url()).content.decode()
    wrong = brought(plan, workbook([HEADER, (*TRAINING[:6], "mười", None)]), centre_staff)
    assert "Tải tệp có ghi chú lỗi" in client.get(wrong.get_absolute_url()).content.decode()


def test_an_empty_plan_offers_the_list(plan: AnnualPlan, centre_staff: User, client: Client) -> None:
    client.force_login(centre_staff)
    page = client.get(plan.get_absolute_url()).content.decode()
    empty = page[page.index("Kế hoạch chưa có đề án nào.") :]
    assert f'href="/import/plans/{plan.pk}/">Nhập danh mục từ Excel' in empty


def test_the_same_file_says_who_brought_it_before(plan: AnnualPlan, centre_staff: User, client: Client) -> None:
    client.force_login(centre_staff)
    content, said = workbook([HEADER, TRAINING, FAIR]), f"Tệp này đã được {centre_staff} nhập lúc"
    first = imported(plan, content, centre_staff)
    page = client.get(brought(plan, content, centre_staff).get_absolute_url()).content.decode()
    assert said in page and first.get_absolute_url() in page
    other = brought(plan, workbook([HEADER, TRAINING]), centre_staff)
    assert said not in client.get(other.get_absolute_url()).content.decode()
