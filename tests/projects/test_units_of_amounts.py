"""Plan money is typed in a unit that the page says: triệu đồng first, đồng for whoever chose it; doubt is asked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import CostLine, ExecutedAmount, Project
from tests.factories import MILLION, approved_project, make_plan, make_project, source
from tests.sent import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return make_plan(organisation=centre_staff.memberships.get().scope)


@pytest.fixture
def project(plan: AnnualPlan, centre_staff: User) -> Project:
    return make_project(plan=plan, by=centre_staff)


def sheet(plan: AnnualPlan) -> str:
    return reverse("projects:plan_amounts", args=[plan.pk])


def cell(project: Project, code: str = "KCDP") -> str:
    return f"c-{project.components.get().pk}-{source(code).pk}"


def asked(project: Project) -> dict[str, int]:
    return dict(CostLine.objects.of_project(project).values_list("source__code", "amount_vnd"))


def save(client: Client, address: str, **typed: str) -> Any:
    return client.post(address, fields_of(client.get(address)) | typed)


def answers(page: Any, name: str) -> list[tuple[str, str]]:
    """The amounts offered beside the field, with their words."""
    pattern = rf'<input type="(?:radio|checkbox)" name="{name}-(?:means|sure)" value="(\d+)"[^>]*> ([^<]*)</label>'
    return re.findall(pattern, page.content.decode())


def test_amounts_copied_from_a_sheet_in_millions_are_millions(mine: Client, plan: AnnualPlan, project: Project) -> None:
    page = mine.get(sheet(plan)).content.decode()
    assert "Đơn vị tính: triệu đồng" in page and 'value="60"' in page
    saved = save(
        mine, sheet(plan), **{cell(project): "300", cell(project, "DOIUNG"): "2700", cell(project, "KHAC"): "4,5"}
    )
    assert saved.status_code == 302
    assert asked(project) == {"KCDP": 300 * MILLION, "DOIUNG": 2700 * MILLION, "KHAC": 4_500_000}


def test_text_that_may_mean_two_amounts_is_asked_about_and_the_click_is_taken(
    mine: Client, plan: AnnualPlan, project: Project
) -> None:
    name = cell(project)
    answer = save(mine, sheet(plan), **{name: "2.700", cell(project, "KHAC"): "12"})
    assert answer.status_code == 422 and "Chưa rõ “2.700” là bao nhiêu" in answer.content.decode()
    assert answers(answer, name) == [
        ("2700000000", "2.700 triệu đồng (2.700.000.000 đồng)"),
        ("2700000", "2,7 triệu đồng (2.700.000 đồng)"),
    ]
    fields = fields_of(answer)
    assert (fields[name], fields[cell(project, "KHAC")]) == ("2.700", "12"), "nothing typed is lost"
    assert mine.post(sheet(plan), fields).status_code == 422, "nothing is guessed"
    assert mine.post(sheet(plan), fields | {f"{name}-means": "5"}).status_code == 422, "nor taken from elsewhere"
    assert mine.post(sheet(plan), fields | {f"{name}-means": "2700000000"}).status_code == 302
    assert asked(project) == {"KCDP": 2700 * MILLION, "KHAC": 12 * MILLION}


def test_answer_is_of_no_effect_once_something_else_is_typed(mine: Client, plan: AnnualPlan, project: Project) -> None:
    name = cell(project)
    fields = fields_of(save(mine, sheet(plan), **{name: "2.700"})) | {f"{name}-means": "2700000"}
    assert mine.post(sheet(plan), fields | {name: "70"}).status_code == 302
    assert asked(project)["KCDP"] == 70 * MILLION


@pytest.mark.parametrize("typed", ["60.000.000", "2700000000", "1000000"])
def test_bare_million_and_more_of_millions_may_be_dong_and_is_asked_about(
    mine: Client, plan: AnnualPlan, project: Project, typed: str
) -> None:
    name, digits = cell(project), typed.replace(".", "")
    answer = save(mine, sheet(plan), **{name: typed})
    assert answer.status_code == 422 and answers(answer, name)[0][0] == digits
    assert mine.post(sheet(plan), fields_of(answer) | {f"{name}-means": digits}).status_code == 302
    assert asked(project)["KCDP"] == int(digits)


@pytest.mark.parametrize(
    ("typed", "vnd"),
    [
        ("65 tr", 65 * MILLION),
        ("65.000.000 đ", 65 * MILLION),
        ("₫ 65.000.000", 65 * MILLION),
        ("0.313 tỷ", 313 * MILLION),
    ],
)
def test_unit_that_is_written_is_taken_as_written(
    mine: Client, plan: AnnualPlan, project: Project, typed: str, vnd: int
) -> None:
    assert save(mine, sheet(plan), **{cell(project): typed}).status_code == 302
    assert asked(project)["KCDP"] == vnd


def test_dash_of_a_workbook_is_nothing_and_brackets_are_a_negative_amount(
    mine: Client, plan: AnnualPlan, project: Project
) -> None:
    assert save(mine, sheet(plan), **{cell(project): " - ", cell(project, "KCQG"): "63"}).status_code == 302
    assert asked(project) == {"KCQG": 63 * MILLION}
    answer = save(mine, sheet(plan), **{cell(project): "(300)"})
    assert answer.status_code == 422 and "không được âm" in answer.content.decode()


def test_amount_a_hundred_times_the_old_one_is_asked_about_once_and_then_taken(
    mine: Client, plan: AnnualPlan, project: Project
) -> None:
    name = cell(project)
    answer = save(mine, sheet(plan), **{name: "6000"})
    words = "Số này gấp 100 lần số cũ 60 triệu đồng (60.000.000 đồng). Số này có đúng không?"
    assert answer.status_code == 422 and words in answer.content.decode()
    assert answers(answer, name) == [("6000000000", "Đúng, 6.000 triệu đồng (6.000.000.000 đồng)")]
    assert mine.post(sheet(plan), fields_of(answer) | {f"{name}-sure": "6000000000"}).status_code == 302
    assert asked(project)["KCDP"] == 6000 * MILLION


@pytest.mark.parametrize(
    ("typed", "is_asked"), [("5999", False), ("0,6", True), ("0,61", False), ("0", False), ("", False)]
)
def test_edges_of_what_is_far(mine: Client, plan: AnnualPlan, project: Project, typed: str, is_asked: bool) -> None:
    answer = save(mine, sheet(plan), **{cell(project): typed, cell(project, "KCQG"): "1"})
    assert (answer.status_code == 422) == is_asked
    assert ("Số này chỉ bằng 1/100 số cũ" in answer.content.decode()) == is_asked


def test_new_amount_far_from_its_column_is_asked_about(
    mine: Client, plan: AnnualPlan, project: Project, centre_staff: User
) -> None:
    for number in range(3):
        make_project(plan=plan, by=centre_staff, name=f"Đề án {number}", amounts={"KCDP": 60 * MILLION})
    new = make_project(plan=plan, by=centre_staff, name="Mới", amounts={"DOIUNG": 60 * MILLION})
    answer = save(mine, sheet(plan), **{cell(new): "0,3"})
    assert "Số này chỉ bằng 1/200 số thường gặp trong kế hoạch" in answer.content.decode()
    assert save(mine, sheet(plan), **{cell(new): "300"}).status_code == 302


def test_unit_is_changed_on_the_page_with_what_is_typed_and_remembered(
    mine: Client, plan: AnnualPlan, project: Project, centre_staff: User
) -> None:
    other, unclear = cell(project, "DOIUNG"), cell(project, "KHAC")
    switched = save(mine, sheet(plan), **{"unit_wanted": "1", other: "12,5", unclear: "2.700"})
    page, fields = switched.content.decode(), fields_of(switched)
    assert switched.status_code == 200 and "Các số đã đổi sang đồng; chưa lưu." in page
    assert (fields[cell(project)], fields[other], fields["unit"]) == ("60.000.000", "12.500.000", "1")
    assert fields[unclear] == "2.700" and asked(project) == {"KCDP": 60 * MILLION}, "nothing is guessed or stored"
    answer = mine.post(sheet(plan), fields)
    assert [amount for amount, _words in answers(answer, unclear)] == ["2700", "2700000000", "2700000"]
    assert mine.post(sheet(plan), fields | {unclear: ""}).status_code == 302
    assert asked(project) == {"KCDP": 60 * MILLION, "DOIUNG": 12_500_000}
    centre_staff.refresh_from_db()
    assert centre_staff.money_unit == 1
    assert "Đơn vị tính: đồng" in mine.get(sheet(plan)).content.decode()
    assert "Kinh phí đề nghị (đồng)" not in mine.get(sheet(plan)).content.decode()


def test_small_bare_number_of_dong_may_be_millions(mine: Client, plan: AnnualPlan, project: Project) -> None:
    name = cell(project)
    answer = mine.post(sheet(plan), {"unit": "1", name: "300", f"o{name[1:]}": "60000000"})
    assert answer.status_code == 422
    assert [words for _amount, words in answers(answer, name)] == ["300 đồng", "300 triệu đồng (300.000.000 đồng)"]


def test_what_says_no_unit_was_typed_in_dong(mine: Client, plan: AnnualPlan, project: Project) -> None:
    name = cell(project)
    assert mine.post(sheet(plan), {name: "65.000.000", f"o{name[1:]}": "60000000"}).status_code == 302
    assert asked(project)["KCDP"] == 65 * MILLION


@pytest.mark.parametrize("unit", ["1", "1000000"])
def test_sheet_left_alone_is_saved_without_a_question_in_either_unit(
    mine: Client, plan: AnnualPlan, centre_staff: User, unit: str
) -> None:
    User.objects.update(money_unit=unit)
    amounts = {"KCDP": 300, "KCQG": 1_313_000, "DOIUNG": 2700 * MILLION, "KHAC": 10**12}
    project = make_project(plan=plan, by=centre_staff, amounts=amounts)
    for address in (sheet(plan), reverse("projects:project_edit", args=[project.pk])):
        assert save(mine, address).status_code == 302
        assert asked(project) == amounts


def test_project_form_takes_millions_asks_and_keeps_the_rest(mine: Client, plan: AnnualPlan, project: Project) -> None:
    address = reverse("projects:project_edit", args=[project.pk])
    page = mine.get(address).content.decode()
    assert "Nội dung và kinh phí đề nghị (triệu đồng)" in page and "Chi phí hợp lệ (triệu đồng)" in page
    amount, cost = "content-0-amount_KCDP", "content-0-eligible_cost_vnd"
    answer = save(mine, address, **{amount: "1,313", cost: "800", "notes": "Giữ lại"})
    assert answer.status_code == 422 and [vnd for vnd, _words in answers(answer, amount)] == ["1313000000", "1313000"]
    fields = fields_of(answer)
    assert (fields[amount], fields[cost], fields["notes"]) == ("1,313", "800", "Giữ lại")
    assert mine.post(address, fields | {f"{amount}-means": "1313000000"}).status_code == 302
    assert asked(project)["KCDP"] == 1313 * MILLION
    assert project.components.get().eligible_cost_vnd == 800 * MILLION


def test_project_form_asks_about_an_amount_far_from_the_old_one(mine: Client, project: Project) -> None:
    address, amount = reverse("projects:project_edit", args=[project.pk]), "content-0-amount_KCDP"
    answer = save(mine, address, **{amount: "0,3"})
    assert answer.status_code == 422 and "Số này chỉ bằng 1/200 số cũ" in answer.content.decode()
    assert mine.post(address, fields_of(answer) | {f"{amount}-sure": "300000"}).status_code == 302
    assert asked(project)["KCDP"] == 300_000


def test_project_form_changes_its_unit_with_what_is_typed(mine: Client, project: Project) -> None:
    address, amount = reverse("projects:project_edit", args=[project.pk]), "content-0-amount_KCDP"
    switched = save(mine, address, **{amount: "65", "unit_wanted": "1", "notes": "Giữ lại"})
    fields = fields_of(switched)
    assert switched.status_code == 200 and (fields[amount], fields["notes"]) == ("65.000.000", "Giữ lại")
    assert asked(project)["KCDP"] == 60 * MILLION
    assert mine.post(address, fields).status_code == 302 and asked(project)["KCDP"] == 65 * MILLION


def test_new_project_far_from_its_plan_is_asked_about(mine: Client, plan: AnnualPlan, centre_staff: User) -> None:
    for number in range(3):
        make_project(plan=plan, by=centre_staff, name=f"Đề án {number}", amounts={"KCDP": 60 * MILLION})
    address = f"{reverse('projects:project_create')}?plan={plan.pk}"
    content = make_project(plan=plan, by=centre_staff, name="Mẫu").components.get().activity_type_id
    typed = {"name": "Mới", "kind": "group", "content-0-activity_type": str(content)}
    answer = save(mine, address, **typed, **{"content-0-amount_KCDP": "0,3"})
    assert answer.status_code == 422 and "Số này chỉ bằng 1/200 số thường gặp" in answer.content.decode()


def test_people_with_different_units_merge_and_conflicts_are_in_dong(
    mine: Client, theirs: Client, project: Project, centre_head: User
) -> None:
    User.objects.filter(pk=centre_head.pk).update(money_unit=1)
    address, amount = reverse("projects:project_edit", args=[project.pk]), "content-0-amount_KCDP"
    me, they = fields_of(mine.get(address)), fields_of(theirs.get(address))
    assert (me[amount], they[amount]) == ("60", "60.000.000")
    assert theirs.post(address, they | {amount: "70.000.000"}).status_code == 302
    merged = mine.post(address, me | {"notes": "Chỉ sửa ghi chú"})
    assert merged.status_code == 302 and asked(project)["KCDP"] == 70 * MILLION, "their amount, in my unit"
    clash = mine.post(address, me | {amount: "80"})
    page = clash.content.decode()
    assert clash.status_code == 409 and "70.000.000 đồng" in page and "80.000.000 đồng" in page
    assert mine.post(address, fields_of(clash) | {"choice-0": "theirs"}).status_code == 302
    assert asked(project)["KCDP"] == 70 * MILLION


@pytest.fixture
def running(centre_staff: User, centre_head: User, department_head: User) -> Project:
    """Approved with 60 triệu of city money in 2006."""
    return approved_project(staff=centre_staff, head=centre_head, department=department_head)


def test_amount_of_one_more_year_is_in_millions_and_asked_about_where_it_is_far(mine: Client, running: Project) -> None:
    make_plan(organisation=running.organisation, year=2007)
    address = reverse("projects:project_years", args=[running.pk])
    name = f"amount-{running.components.get().pk}-{source('KCDP').pk}"
    assert "Kinh phí đề nghị (triệu đồng)" in mine.get(address).content.decode()
    answer = save(mine, address, **{name: "0,04"})
    assert (
        answer.status_code == 422
        and "Số này chỉ bằng 1/1.500 số đề nghị của năm khác 60 triệu đồng" in answer.content.decode()
    )
    assert save(mine, address, **{name: "40"}).status_code == 302
    assert asked(running)["KCDP"] == 40 * MILLION


def test_executed_of_a_report_is_in_millions_and_asked_about_where_it_is_far(mine: Client, running: Project) -> None:
    address = reverse("projects:progress_create", args=[running.pk])
    fields = fields_of(mine.get(address)) | {"month": "06/2006", "is_on_schedule": "True"}
    page = mine.get(address).content.decode()
    [name] = re.findall(r'name="(amount-[\d-]+)"', page)
    assert "Đã thực hiện từ đầu (triệu đồng)" in page
    answer = mine.post(address, fields | {name: "500 đ"})
    assert (
        answer.status_code == 422 and "Số này chỉ bằng 1/120.000 số được duyệt 60 triệu đồng" in answer.content.decode()
    )
    assert mine.post(address, fields | {name: "50"}).status_code == 302
    assert ExecutedAmount.objects.get().amount_vnd == 50 * MILLION
