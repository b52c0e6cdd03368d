"""What is wrong in a Centre's list, or odd: named by its cell; the other rows go on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.proposals import RowState
from projects.importing.services.batches import write_batch
from projects.models import Beneficiary, Project
from tests.importing.lists import HEADER, TRAINING, brought, changed, imported, proposed, workbook

pytestmark = pytest.mark.django_db


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


def test_a_group_in_words_too_long_for_its_field_is_not_cut(plan: AnnualPlan, centre_staff: User) -> None:
    row = (1, "Đào tạo nghề thêu ren", f"Các cơ sở {'thêu ren ' * 30}", "Tiên Lãng", "Cả năm", None, 60, None)
    [one] = proposed(brought(plan, workbook([HEADER, row]), centre_staff), centre_staff).rows
    assert [remark.cell for remark in one.wrong] == ["Danh mục!C5"]


def test_a_time_outside_the_year_is_said_and_not_refused(plan: AnnualPlan, centre_staff: User) -> None:
    row = (1, "Đào tạo nghề thêu ren", "HTX Lật Dương", "Tiên Lãng", "03/2002", None, 60, None)
    [one] = proposed(brought(plan, workbook([HEADER, row]), centre_staff), centre_staff).rows
    assert one.state == RowState.NEW and "ngoài năm kế hoạch 2006" in one.notes[0].text


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


def test_a_name_that_is_a_letter_away_is_said(plan: AnnualPlan, centre_staff: User) -> None:
    province = plan.organisation.province()
    Beneficiary.objects.create(province=province, name="Hợp tác xã mây tre Lật Dương Tiên", type="cooperative")
    row = (1, "Đào tạo nghề thêu ren", "HTX mây tre Lật Dường Tiêm", "Tiên Lãng", "Cả năm", None, 60, None)
    [one] = proposed(brought(plan, workbook([HEADER, row]), centre_staff), centre_staff).rows
    assert one.state == RowState.NEW and "gần giống “Hợp tác xã mây tre Lật Dương Tiên”" in one.notes[0].text


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


def test_one_of_the_plan_s_names_with_others_helped_is_new_and_told(plan: AnnualPlan, centre_staff: User) -> None:
    imported(plan, workbook([HEADER, TRAINING]), centre_staff)
    rows = [HEADER, changed(TRAINING, C="Các hộ dân xã viên")]
    [one] = proposed(brought(plan, workbook(rows), centre_staff), centre_staff).rows
    assert one.state == RowState.NEW
    [note] = one.notes
    assert note.cell == "Danh mục!B5" and "đã có đề án KC2006-001 cùng tên" in note.text
