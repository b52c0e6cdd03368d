"""The sheet of a plan: requested amounts typed for many projects at once, cell by cell, by several people."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import CostLine, FieldChange, PlanLine, Project
from tests.factories import MILLION, make_plan, make_project, source, submit_all
from tests.sent import fields_of
from tests.there import there

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return make_plan(organisation=centre_staff.memberships.get().scope)


@pytest.fixture
def embroidery(plan: AnnualPlan, centre_staff: User) -> Project:
    return make_project(plan=plan, by=centre_staff)


@pytest.fixture
def carpets(plan: AnnualPlan, centre_staff: User) -> Project:
    contents: dict[str, dict[str, int | None]]
    contents = {"134-1": {"KCDP": 20 * MILLION, "DOIUNG": None}, "134-3": {"KCQG": 30 * MILLION}}
    return make_project(plan=plan, by=centre_staff, name="Dệt thảm", contents=contents)


def sheet(plan: AnnualPlan) -> str:
    return reverse("projects:plan_amounts", args=[plan.pk])


def cell(project: Project, code: str, content: int = 0) -> str:
    return f"c-{project.components.all()[content].pk}-{source(code).pk}"


def save(client: Client, plan: AnnualPlan, fields: dict[str, str], changes: dict[str, str]) -> Any:
    return client.post(sheet(plan), fields | changes)


def asked(project: Project) -> dict[tuple[str, str], int]:
    rows = CostLine.objects.of_project(project)
    return {row[:2]: row[2] for row in rows.values_list("component__activity_type__code", "source__code", "amount_vnd")}


def test_cells_of_several_projects_are_saved_at_once_with_one_version_and_one_history_each(
    mine: Client, plan: AnnualPlan, embroidery: Project, carpets: Project
) -> None:
    untouched = make_project(plan=plan, by=embroidery.created_by, name="Không đổi")
    fields = fields_of(mine.get(sheet(plan)))
    changes = {
        cell(embroidery, "KCDP"): "65 tr",
        cell(embroidery, "DOIUNG"): "0,01 tỷ",
        cell(carpets, "KCDP"): "25",
        cell(carpets, "KCQG", 1): "35.000.000 ₫",
    }
    answer = mine.post(sheet(plan), fields | changes, follow=True)
    assert "Đã lưu kinh phí đề nghị của 2 đề án." in answer.content.decode()
    assert asked(embroidery) == {("134-1", "KCDP"): 65 * MILLION, ("134-1", "DOIUNG"): 10 * MILLION}
    assert asked(carpets) == {("134-1", "KCDP"): 25 * MILLION, ("134-3", "KCQG"): 35 * MILLION}
    versions = Project.objects.order_by("pk").values_list("version", flat=True)
    assert list(versions) == [2, 2, 1] and untouched.version == 1
    written = FieldChange.objects.order_by("project").values_list("project__name", "field", "actor__username")
    assert list(written) == [
        ("Đào tạo nghề thêu ren", "costs", "centre_staff"),
        ("Dệt thảm", "costs", "centre_staff"),
    ]


def test_state_money_lands_in_the_round_of_its_level_and_an_empty_level_loses_its_line(
    mine: Client, plan: AnnualPlan, embroidery: Project
) -> None:
    changes = {cell(embroidery, "KCDP"): " ", cell(embroidery, "KCQG"): "63 tr"}
    assert save(mine, plan, fields_of(mine.get(sheet(plan))), changes).status_code == 302
    assert [line.round.level for line in PlanLine.objects.filter(project=embroidery)] == ["national"]
    assert asked(embroidery) == {("134-1", "KCQG"): 63 * MILLION}


def test_different_cells_of_one_project_by_two_people_both_survive(
    mine: Client, theirs: Client, plan: AnnualPlan, embroidery: Project
) -> None:
    me, they = fields_of(mine.get(sheet(plan))), fields_of(theirs.get(sheet(plan)))
    assert save(theirs, plan, they, {cell(embroidery, "KCDP"): "70 tr"}).status_code == 302
    assert save(mine, plan, me, {cell(embroidery, "KHAC"): "3 tr"}).status_code == 302
    assert asked(embroidery) == {("134-1", "KCDP"): 70 * MILLION, ("134-1", "KHAC"): 3 * MILLION}


def test_same_amount_typed_by_both_is_fine(mine: Client, theirs: Client, plan: AnnualPlan, embroidery: Project) -> None:
    me, they = fields_of(mine.get(sheet(plan))), fields_of(theirs.get(sheet(plan)))
    save(theirs, plan, they, {cell(embroidery, "KCDP"): "70 tr"})
    assert save(mine, plan, me, {cell(embroidery, "KCDP"): "70"}).status_code == 302
    assert Project.objects.get().version == 2


def test_same_cell_is_a_conflict_nothing_is_written_and_the_second_save_goes_over_it(
    mine: Client, theirs: Client, plan: AnnualPlan, embroidery: Project, carpets: Project
) -> None:
    me, they = fields_of(mine.get(sheet(plan))), fields_of(theirs.get(sheet(plan)))
    save(theirs, plan, they, {cell(embroidery, "KCDP"): "70 tr", cell(carpets, "KCQG", 1): "31 tr"})
    answer = save(mine, plan, me, {cell(embroidery, "KCDP"): "80 tr", cell(carpets, "KCDP"): "21 tr"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Hiện có: 70, lúc mở: 60" in page and page.count("conflict") == 1
    assert asked(embroidery)["134-1", "KCDP"] == 70 * MILLION
    assert asked(carpets)["134-1", "KCDP"] == 20 * MILLION, "nothing half"
    again = fields_of(answer)
    assert (again[cell(embroidery, "KCDP")], again[cell(carpets, "KCDP")]) == ("80 tr", "21 tr")
    assert again[cell(carpets, "KCQG", 1)] == "31", "what only they changed is shown"
    assert save(mine, plan, again, {}).status_code == 302
    assert asked(embroidery)["134-1", "KCDP"] == 80 * MILLION
    assert asked(carpets) == {("134-1", "KCDP"): 21 * MILLION, ("134-3", "KCQG"): 31 * MILLION}


@pytest.mark.parametrize(
    ("typed", "message"), [("sáu mươi", "Không đọc được"), ("-5 tr", "không được âm"), ("9" * 20, "quá lớn")]
)
def test_unreadable_amount_is_named_beside_the_cell_and_on_top_and_nothing_is_saved(
    mine: Client, plan: AnnualPlan, embroidery: Project, carpets: Project, typed: str, message: str
) -> None:
    name = cell(embroidery, "KCDP")
    answer = save(mine, plan, fields_of(mine.get(sheet(plan))), {name: typed, cell(carpets, "KCDP"): "21 tr"})
    page = answer.content.decode()
    assert answer.status_code == 422 and page.count(message) == 2 and f'href="#{name}"' in page
    assert fields_of(answer)[name] == typed and fields_of(answer)[cell(carpets, "KCDP")] == "21 tr"
    assert asked(carpets)["134-1", "KCDP"] == 20 * MILLION


@pytest.mark.parametrize("original", [None, "x", "-1", "6²", "9" * 5000])
def test_cell_that_does_not_say_what_it_was_opened_with_is_refused(
    mine: Client, plan: AnnualPlan, embroidery: Project, original: str | None
) -> None:
    fields = fields_of(mine.get(sheet(plan)))
    name = cell(embroidery, "KCDP")
    del fields[f"o{name[1:]}"]
    changes = {name: "70 tr"} | ({f"o{name[1:]}": original} if original else {})
    answer = save(mine, plan, fields, changes)
    assert answer.status_code == 422 and "Trang chưa tải đầy đủ, nên chưa lưu được ô này." in answer.content.decode()
    assert save(mine, plan, fields_of(answer), {}).status_code == 422, "sending it once more does not help"
    assert asked(embroidery)["134-1", "KCDP"] == 60 * MILLION


def test_project_sent_meanwhile_is_refused_with_its_reason_and_the_rest_can_be_saved(
    mine: Client, plan: AnnualPlan, centre_head: User, centre_staff: User, embroidery: Project
) -> None:
    fields = fields_of(mine.get(sheet(plan)))
    submit_all(plan=plan, by=centre_head)
    late = make_project(plan=plan, by=centre_staff, name="Nhập sau")
    answer = save(mine, plan, fields, {cell(embroidery, "KCDP"): "71 tr"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Đề án đã gửi hoặc đã duyệt, không sửa được ở đây." in page and 'value="71 tr"' in page
    assert asked(embroidery)["134-1", "KCDP"] == 60 * MILLION
    rest = fields_of(answer)
    assert cell(embroidery, "KCDP") not in rest
    assert save(mine, plan, rest, {cell(late, "KCDP"): "61 tr"}).status_code == 302
    assert asked(late)["134-1", "KCDP"] == 61 * MILLION


def test_content_removed_meanwhile_is_refused_and_what_was_typed_is_shown(
    mine: Client, plan: AnnualPlan, carpets: Project
) -> None:
    fields, name = fields_of(mine.get(sheet(plan))), cell(carpets, "KCQG", 1)
    carpets.components.all()[1].delete()
    answer = save(mine, plan, fields, {name: "33,5 tr", cell(carpets, "KCDP"): "21 tr"})
    assert answer.status_code == 409 and "33,5 tr" in answer.content.decode()
    assert asked(carpets) == {("134-1", "KCDP"): 20 * MILLION}
    assert save(mine, plan, fields_of(answer), {}).status_code == 302
    assert asked(carpets) == {("134-1", "KCDP"): 21 * MILLION}


def test_cells_of_another_plan_are_not_written(mine: Client, plan: AnnualPlan, stranger: User) -> None:
    foreign = make_project(plan=make_plan(organisation=stranger.memberships.get().scope), by=stranger)
    name = cell(foreign, "KCDP")
    answer = mine.post(sheet(plan), {name: "1 tr", f"o{name[1:]}": "60000000"})
    assert answer.status_code == 409 and asked(foreign)["134-1", "KCDP"] == 60 * MILLION
    assert mine.get(sheet(there(foreign.latest_plan()))).status_code == 404


@pytest.mark.parametrize("role", ["accountant", "reviewer", "department_head", "observer", "administrator"])
def test_others_are_told_that_they_may_not(
    request: pytest.FixtureRequest, client: Client, plan: AnnualPlan, embroidery: Project, role: str
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.get(sheet(plan)).status_code == client.post(sheet(plan), {}).status_code == 403
    assert sheet(plan) not in client.get(plan.get_absolute_url()).content.decode()


def test_button_stands_on_the_plan_as_long_as_something_can_be_changed(
    mine: Client, plan: AnnualPlan, embroidery: Project, centre_head: User
) -> None:
    assert sheet(plan) in mine.get(plan.get_absolute_url()).content.decode()
    submit_all(plan=plan, by=centre_head)
    assert sheet(plan) not in mine.get(plan.get_absolute_url()).content.decode()
    assert "không có số nào để sửa" in mine.get(sheet(plan)).content.decode()
    AnnualPlan.objects.update(is_closed=True)
    assert mine.get(sheet(plan)).status_code == 403


def test_sheet_takes_the_same_queries_at_5_and_at_100_projects(
    mine: Client, plan: AnnualPlan, centre_staff: User
) -> None:
    counts = []
    for start, stop in ((0, 5), (5, 100)):
        for index in range(start, stop):
            make_project(plan=plan, by=centre_staff, name=f"Đề án {index}")
        with CaptureQueriesContext(connection) as captured:
            assert mine.get(sheet(plan)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12
