"""Several establishments in one cell of a list, as offices write them."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.matching.several import several_in
from projects.importing.services.batches import bring_file
from projects.models import Beneficiary, PastRecord, Project
from tests.importing import opening_lists
from tests.importing.lists import HEADER, TRAINING, brought, changed, imported, proposed, workbook

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "cell",
    [
        "HTX Lật Dương; HTX Đại Thắng",
        "HTX Lật Dương\nHTX Đại Thắng",
        "- HTX Lật Dương\n- HTX Đại Thắng",
        "- HTX Lật Dương - HTX Đại Thắng",
        "1. HTX Lật Dương;\n2. HTX Đại Thắng.",
        "1) HTX Lật\nDương\n2) HTX Đại Thắng",
        "HTX Lật Dương, HTX Đại Thắng",
        "HTX Lật Dương và HTX Đại Thắng",
    ],
)
def test_each_of_several_establishments_in_a_cell_is_one(plan: AnnualPlan, centre_staff: User, cell: str) -> None:
    imported(plan, workbook([HEADER, changed(TRAINING, C=cell)]), centre_staff)
    project = Project.objects.get()
    assert sorted(str(one) for one in project.supports.all()) == ["HTX Lật Dương", "HTX Đại Thắng"]
    assert project.kind == "group" and Beneficiary.objects.count() == 2
    again = proposed(brought(plan, workbook([HEADER, changed(TRAINING, C=cell)]), centre_staff), centre_staff)
    assert [one.state.value for one in again.rows] == ["equal"]


def test_households_beside_cooperatives_are_establishments_of_their_own() -> None:
    names = ["HTX Lật Dương", "HTX Đại Thắng", "hộ ông Nguyễn Văn An"]
    assert several_in("HTX Lật Dương, HTX Đại Thắng và hộ ông Nguyễn Văn An") == (names, True)


@pytest.mark.parametrize(
    "cell",
    [
        "Công ty TNHH\nDũng Hồng",
        "Công ty CP xây dựng và thương mại Hòa Bình",
        "Công ty TNHH An Phát, xã Tiên Lãng",
        "HTX\nLật Dương",
        "Công ty TNHH SX & TM Minh Phát",
        "Các cơ sở may; các hộ thêu ren",
        "Công ty CP Vận tải - Xây lắp Sông Cấm",
        "Công ty TNHH An Phát, Hồ Sen",
    ],
)
def test_a_name_with_commas_or_lines_is_one(cell: str) -> None:
    assert several_in(cell) == ([cell.replace("\n", " ")], True)


def test_what_may_be_one_or_several_is_asked_once(plan: AnnualPlan, centre_staff: User) -> None:
    first, second = (changed(TRAINING, A=n, B=f"Đào tạo nghề {n}", C="Lật Dương; Đại Thắng") for n in (1, 2))
    content = workbook([HEADER, first, second])
    [question] = proposed(brought(plan, content, centre_staff), centre_staff).open_questions
    assert question.cells == ["Danh mục!C5", "Danh mục!C6"] and "2 đơn vị: Lật Dương; Đại Thắng" in str(
        question.options[0].label
    )
    batch = brought(plan, content, centre_staff)
    batch.answers = {question.key: "one"}
    batch.save()
    assert {one.values["firm"] for one in proposed(batch, centre_staff).rows} == {"Lật Dương; Đại Thắng"}
    batch.answers = {question.key: "several", "firm:type:lat duong": "household", "firm:type:dai thang": "household"}
    batch.save()
    assert [len(one.entry.words.parties_helped) for one in proposed(batch, centre_staff).rows] == [2, 2]


def test_tax_codes_are_given_in_the_order_of_the_names(plan: AnnualPlan, centre_staff: User) -> None:
    header, cell = (*HEADER, "MST"), "HTX Lật Dương\nHTX Đại Thắng"
    row = (*changed(TRAINING, C=cell), "0283183496\n0200123456")
    found = proposed(brought(plan, workbook([header, row]), centre_staff), centre_staff).rows[0]
    assert [one.new_firm.tax_code for one in found.entry.words.parties_helped] == ["0283183496", "0200123456"]
    row = (*changed(TRAINING, C=cell), "0283183496")
    found = proposed(brought(plan, workbook([header, row]), centre_staff), centre_staff).rows[0]
    assert [one.new_firm.tax_code for one in found.entry.words.parties_helped] == ["", ""]
    assert [one.cell for one in found.notes] == ["Danh mục!I5"]


def test_a_registry_takes_one_establishment_a_row(centre_staff: User) -> None:
    content = workbook([("STT", "Tên cơ sở", "Địa chỉ"), (1, "HTX Lật Dương; HTX Đại Thắng", None)], unit="")
    owner = centre_staff.memberships.get().scope
    batch = bring_file(plan=None, kind="firms", name="a.xlsx", content=content, actor=centre_staff, organisation=owner)
    [row] = proposed(batch, centre_staff).rows
    assert [one.cell for one in row.wrong] == ["Danh mục!B5"]


def test_opening_figures_know_several_establishments(centre_staff: User) -> None:
    plan = opening_lists.plan_of_this_year(centre_staff)
    row = opening_lists.row(firm="HTX Lật Dương; HTX Đại Thắng")
    opening_lists.imported(plan, centre_staff, opening_lists.book([opening_lists.HEADER, row]))
    assert PastRecord.objects.get().project.supports.count() == 2
