"""From a Centre's list to the plan: understood, asked about, written all or none."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch, ImportedRow
from projects.importing.proposals import RowState
from projects.importing.services.batches import bring_pasted, write_batch
from projects.models import Beneficiary, CostLine, Project
from projects.refusals import Refused
from projects.services.steps import take_step
from tests.factories import MILLION
from tests.importing.lists import FAIR, HEADER, TRAINING, answered, brought, imported, proposed, saved, workbook

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


def test_what_was_withdrawn_is_no_project_of_the_plan(plan: AnnualPlan, centre_staff: User, centre_head: User) -> None:
    imported(plan, workbook([HEADER, TRAINING]), centre_staff)
    take_step(Project.objects.get(), "withdraw", actor=centre_head, on=dt.date(2006, 5, 1), reason="Nhầm")
    assert states(plan, [HEADER, TRAINING], centre_staff) == ["new"]


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
