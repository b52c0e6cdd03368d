"""Codes of projects in lists: one for each project of the province, told before anything is written."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.services.batches import write_batch
from projects.models import Project
from tests.factories import make_plan
from tests.importing import opening_lists
from tests.importing.lists import SEWING, THREAD, answered, brought, imported, proposed, read, sheet

pytestmark = pytest.mark.django_db

HEADER = ("STT", "Tên đề án", "Địa điểm", "KCĐP", "Mã số")


def test_two_rows_of_one_code_are_named_and_the_others_go_on(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [
        HEADER,
        (*THREAD, 60, "KC01"),
        (*SEWING, 50, "KC01"),
        (3, "Đào tạo nghề dệt", "H. Tiên Lãng", 40, "KC02"),
    ]
    batch = brought(plan, sheet(rows), centre_staff)
    found = proposed(batch, centre_staff).rows
    assert [[one.cell for one in row.wrong] for row in found] == [["Danh mục!E3"], ["Danh mục!E4"], []]
    assert "Danh mục!E4" in found[0].wrong[0].text
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert [one.code for one in Project.objects.all()] == ["KC02"]


def test_a_row_that_may_stand_twice_is_asked_about_first(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, (*THREAD, 60, "KC01"), (*THREAD, 60, "KC01")]
    batch = brought(plan, sheet(rows), centre_staff)
    assert [one.cells for one in proposed(batch, centre_staff).open_questions] == [["Danh mục!B4"]]
    kept = proposed(answered(batch, centre_staff, {"twin": "skip"}), centre_staff).rows
    assert [one.state.value for one in kept] == ["new", "left"]
    both = proposed(answered(brought(plan, sheet(rows), centre_staff), centre_staff, {"twin": "two"}), centre_staff)
    assert [one.state.value for one in both.rows] == ["wrong", "wrong"]


def test_a_code_that_another_project_of_the_province_bears_is_told(plan: AnnualPlan, centre_staff: User) -> None:
    imported(plan, sheet([HEADER, (*THREAD, 60, "KC01")]), centre_staff)
    make_plan(organisation=plan.organisation, year=2007)
    later = AnnualPlan.objects.for_page().get(year=2007)
    [row] = read(later, sheet([HEADER, (*SEWING, 50, "KC01")]), centre_staff).rows
    assert [one.cell for one in row.wrong] == ["Danh mục!E3"] and "Đào tạo nghề thêu ren" in row.wrong[0].text
    [same] = read(plan, sheet([HEADER, (*THREAD, 60, "KC01")]), centre_staff).rows
    assert same.state.value == "equal"


def test_codes_of_opening_figures_too(centre_staff: User) -> None:
    plan = opening_lists.plan_of_this_year(centre_staff)
    rows = [(*opening_lists.HEADER, "Mã đề án"), *([*opening_lists.row(n), "KC01"] for n in (1, 2))]
    batch = opening_lists.brought(plan, centre_staff, opening_lists.book(rows))
    assert [row.wrong[0].cell for row in proposed(batch, centre_staff).rows] == ["Giải ngân!Q5", "Giải ngân!Q6"]
