"""The estimate of a project in detail: typed, pasted from a sheet, compared, sent, judged."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.forms.estimate_block import rows_of_block
from projects.models import CostLine, EstimateItem, FieldChange, PlanLine, Project, ProjectRevision
from projects.refusals import NotAllowed, PlanClosed, Refused
from projects.services.discarding import discard_draft
from projects.services.estimates import ItemInput, write_estimate
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import StaleVersion, SupportInput
from projects.services.projects import update_project
from projects.services.rounds import resubmit_project
from tests.factories import MILLION, activity, make_plan, make_project, place_of, review, source, submit_all
from tests.sent import fields_of
from tests.there import there

pytestmark = pytest.mark.django_db

SHEET = (
    "TT\tNội dung chi\tĐVT\tSố lượng\tĐơn giá\tThành tiền\n"
    "I\tChi phí đào tạo\t\t\t\t57.000.000\n"
    "1\tThuê giáo viên\tbuổi\t30\t1.500.000\t45.000.000\n"
    "2\tVật tư thực hành\tbộ\t40\t300.000\t12.000.000\n"
    "3\tKhai giảng, bế giảng\t\t\t\t3.000.000\n"
    "\tTổng cộng\t\t\t\t60.000.000\n"
)


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return make_plan(organisation=centre_staff.memberships.get().scope)


@pytest.fixture
def embroidery(plan: AnnualPlan, centre_staff: User) -> Project:
    return make_project(plan=plan, by=centre_staff)


def page(project: Project) -> str:
    return reverse("projects:project_estimate", args=[project.pk])


def rows(project: Project, *, content: int = 0) -> str:
    return f"rows-{project.components.all()[content].pk}"


def typed(project: Project, number: int, **cells: str) -> dict[str, str]:
    return {f"{rows(project)}-{number}-{name}": text for name, text in cells.items()}


def block(project: Project, text: str) -> dict[str, str]:
    return {f"block-{project.components.get().pk}": text}


def stored(project: Project) -> list[tuple[str, str, Decimal, int, int | None]]:
    items = EstimateItem.objects.of_project(project).in_reading_order()
    return list(items.values_list("name", "unit", "quantity", "unit_price_vnd", "state_vnd"))


TEACHERS = {"name": "Thuê giáo viên", "unit": "buổi", "quantity": "30", "unit_price_vnd": "1.500.000"}


def item(project: Project, name: str = "Thuê giáo viên", *, state_vnd: int | None = None) -> ItemInput:
    return ItemInput(project.components.all()[0].pk, name, "buổi", Decimal(30), 1_500_000, state_vnd)


def write(project: Project, by: User, *items: ItemInput, version: int | None = None) -> None:
    current = Project.objects.get(pk=project.pk)
    plan = there(current.latest_plan())
    seen = current.version if version is None else version
    write_estimate(project=current, plan=plan, items=items, version=seen, actor=by)


def test_rows_are_typed_without_any_script_and_more_are_asked_for(mine: Client, embroidery: Project) -> None:
    fields = fields_of(mine.get(page(embroidery)))
    more = mine.post(page(embroidery), fields | typed(embroidery, 0, **TEACHERS) | {"more": rows(embroidery)[5:]})
    assert more.status_code == 200 and not EstimateItem.objects.exists(), "more rows are no save"
    fields = fields_of(more)
    assert fields[f"{rows(embroidery)}-TOTAL_FORMS"] == "6" and fields[f"{rows(embroidery)}-0-name"] == "Thuê giáo viên"
    lump = typed(embroidery, 5, name="Khai giảng", amount_vnd="5.000", state_vnd="4.000")
    answer = mine.post(page(embroidery), fields | lump, follow=True)
    assert stored(embroidery) == [
        ("Thuê giáo viên", "buổi", Decimal(30), 1_500_000, None),
        ("Khai giảng", "", Decimal(1), 5_000, 4_000),
    ]
    assert "45.005.000" in answer.content.decode()
    change = FieldChange.objects.get(project=embroidery)
    assert change.field == "items" and change.before == ""
    assert "Thuê giáo viên: 30 buổi × 1.500.000 = 45.000.000 đồng" in change.after
    assert CostLine.objects.get().amount_vnd == 60 * MILLION, "what is asked for is nobody's but the form's"


def test_a_block_of_a_sheet_is_taken_over_without_its_sums_and_groups(mine: Client, embroidery: Project) -> None:
    fields = fields_of(mine.get(page(embroidery)))
    taken = mine.post(page(embroidery), fields | block(embroidery, SHEET))
    assert "Đã đưa 3 dòng vào bảng" in taken.content.decode() and not EstimateItem.objects.exists()
    assert "Chi phí đào tạo; Tổng cộng" in taken.content.decode()
    assert '<span data-sum="amount_vnd">60.000.000</span>' in taken.content.decode(), "before anything is saved"
    assert '<span data-sum="state_vnd">–</span>' in taken.content.decode()
    mine.post(page(embroidery), fields_of(taken))
    assert [name for name, *_rest in stored(embroidery)] == [
        "Thuê giáo viên",
        "Vật tư thực hành",
        "Khai giảng, bế giảng",
    ]
    again = fields_of(mine.get(page(embroidery)))
    full = mine.post(page(embroidery), again | block(embroidery, "Giấy\ttờ\t1\t1.000\n" * 98))
    assert "tối đa 100 khoản" in full.content.decode()
    assert "Giấy" in fields_of(full)[f"block-{embroidery.components.get().pk}"], "nothing pasted is lost"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bút\tcái\t10\t5.000", {"name": "Bút", "unit": "cái", "quantity": "10", "unit_price_vnd": "5.000"}),
        ("1\tBút\tcái\t10", {"name": "Bút", "unit": "cái", "quantity": "10"}),
        (
            "Số lượng\tNội dung\tĐơn giá (triệu đồng)\n2\tMáy may\t1,5",
            {"name": "Máy may", "unit_price_vnd": "1,5 triệu"},
        ),
        ('"Thuê\nxe"\tchuyến\t2', {"name": "Thuê xe", "unit": "chuyến"}),
    ],
)
def test_columns_are_known_by_their_headings_or_their_order(text: str, expected: dict[str, str]) -> None:
    [row], left_out = rows_of_block(text)
    assert {name: row[name] for name in expected} == expected and not left_out


@pytest.mark.parametrize(
    ("cells", "field", "words"),
    [
        (
            {"amount_vnd": "44.000.000"},
            "amount_vnd",
            "ghi 44.000.000 đồng, số lượng × đơn giá là 45.000.000",
        ),
        ({"state_vnd": "46.000.000"}, "state_vnd", "Lớn hơn thành tiền (45.000.000 đồng)"),
        ({"quantity": ""}, "quantity", "Ghi số lượng"),
        ({"unit_price_vnd": ""}, "unit_price_vnd", "Ghi đơn giá"),
        ({"name": ""}, "name", "Ghi nội dung chi"),
        ({"quantity": "1.200"}, "quantity", "Chưa rõ “1.200”"),
        ({"quantity": "0"}, "quantity", "lớn hơn 0"),
        ({"quantity": "ba"}, "quantity", "Không đọc được số lượng"),
        ({"unit_price_vnd": "-5"}, "unit_price_vnd", "không được âm"),
        ({"unit_price_vnd": "5.5"}, "unit_price_vnd", "Chưa rõ dấu chấm"),
        ({"quantity": "9999999999", "unit_price_vnd": "1.000.000"}, "unit_price_vnd", "Số tiền quá lớn"),
    ],
)
def test_a_wrong_row_is_said_beside_its_field_and_nothing_is_written(
    mine: Client, embroidery: Project, cells: dict[str, str], field: str, words: str
) -> None:
    fields = fields_of(mine.get(page(embroidery)))
    answer = mine.post(page(embroidery), fields | typed(embroidery, 0, **TEACHERS | cells))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not EstimateItem.objects.exists() and Project.objects.get().version == embroidery.version
    kept = fields_of(answer)
    assert all(kept.get(f"{rows(embroidery)}-0-{name}", "") == text for name, text in (TEACHERS | cells).items())
    assert f'href="#id_{rows(embroidery)}-0-{field}"' in answer.content.decode()


def test_an_amount_follows_a_changed_price_and_a_blank_row_goes(
    mine: Client, embroidery: Project, centre_staff: User
) -> None:
    write(embroidery, centre_staff, item(embroidery), item(embroidery, "Thuê máy"))
    fields = fields_of(mine.get(page(embroidery)))
    assert fields[f"{rows(embroidery)}-0-amount_vnd"] == "45.000.000"
    blank = dict.fromkeys(("name", "unit", "quantity", "unit_price_vnd", "amount_vnd", "state_vnd"), "")
    mine.post(page(embroidery), fields | typed(embroidery, 0, quantity="2,5") | typed(embroidery, 1, **blank))
    assert stored(embroidery) == [("Thuê giáo viên", "buổi", Decimal("2.5"), 1_500_000, None)]
    assert EstimateItem.objects.get().amount_vnd == 3_750_000


def test_what_does_not_add_up_is_said_and_nothing_is_put_right(
    mine: Client, embroidery: Project, centre_staff: User
) -> None:
    write(embroidery, centre_staff, item(embroidery))
    said = "Cộng dự toán chi tiết là 45.000.000 đồng, kinh phí đề nghị từ tất cả các nguồn là 60.000.000 đồng"
    assert said in mine.get(page(embroidery)).content.decode()
    assert "chênh 15.000.000 đồng" in mine.get(embroidery.get_absolute_url()).content.decode()
    embroidery.components.update(eligible_cost_vnd=45 * MILLION)
    more = (
        "Kinh phí nhà nước đề nghị" if False else "Cộng dự toán chi tiết là 45.000.000 đồng, kinh phí nhà nước đề nghị"
    )
    assert more in mine.get(page(embroidery)).content.decode(), "the State pays more than it costs"
    CostLine.objects.update(amount_vnd=45 * MILLION)
    assert "chênh" not in mine.get(page(embroidery)).content.decode()
    write(embroidery, centre_staff, item(embroidery, state_vnd=40 * MILLION))
    text = "Phần nhà nước trong dự toán chi tiết là 40.000.000 đồng, kinh phí nhà nước đề nghị là 45.000.000 đồng"
    assert text in mine.get(page(embroidery)).content.decode()
    embroidery.components.update(eligible_cost_vnd=44 * MILLION)
    text = "Cộng dự toán chi tiết là 45.000.000 đồng, chi phí hợp lệ của nội dung là 44.000.000 đồng"
    assert text in mine.get(page(embroidery)).content.decode()


def test_of_two_who_save_the_second_sees_what_stands_and_saves_knowingly(
    mine: Client, embroidery: Project, centre_head: User
) -> None:
    fields = fields_of(mine.get(page(embroidery)))
    write(embroidery, centre_head, item(embroidery, "Thuê hội trường"))
    late = mine.post(page(embroidery), fields | typed(embroidery, 0, **TEACHERS))
    assert late.status_code == 422 and "Thuê hội trường" in late.content.decode()
    assert [name for name, *_rest in stored(embroidery)] == ["Thuê hội trường"]
    mine.post(page(embroidery), fields_of(late))
    assert [name for name, *_rest in stored(embroidery)] == ["Thuê giáo viên"]


def test_rows_of_a_content_that_somebody_took_out_are_shown_and_not_dropped_silently(
    mine: Client, plan: AnnualPlan, embroidery: Project, centre_staff: User
) -> None:
    fields = fields_of(mine.get(page(embroidery))) | typed(embroidery, 0, **TEACHERS)
    other = ContentInput(activity("134-3", "Nội dung 134-3"), {source("KCDP"): MILLION})
    data = ProjectInput(plan, [other], [place_of(plan)], [SupportInput(group_description="Lao động nông thôn")])
    stored_now = Project.objects.get(pk=embroidery.pk)
    update_project(project=stored_now, data=data, version=stored_now.version, actor=centre_staff)
    write(embroidery, centre_staff, item(embroidery, "Của nội dung mới"))
    answer = mine.post(page(embroidery), fields)
    assert answer.status_code == 422 and "Thuê giáo viên, buổi, 30, 1.500.000" in answer.content.decode()
    # A page that lacks the rows of a content, for whatever reason, leaves them as they are.
    bare = {"version": str(Project.objects.get().version)}
    mine.post(page(embroidery), bare)
    assert [name for name, *_rest in stored(embroidery)] == ["Của nội dung mới"]


def test_what_is_sent_keeps_its_items_and_the_reviewer_reads_what_changed(
    client: Client, plan: AnnualPlan, embroidery: Project, centre_staff: User, centre_head: User, reviewer: User
) -> None:
    write(embroidery, centre_staff, item(embroidery))
    submit_all(plan=plan, by=centre_head)
    [kept] = ProjectRevision.objects.get().snapshot["items"]
    assert (kept["name"], kept["quantity"], kept["price"], kept["amount"]) == (
        *("Thuê giáo viên", "30", 1_500_000, 45 * MILLION),
    )
    plan_round = embroidery.lines.get().round
    review(plan_round=plan_round, project=embroidery, by=reviewer, conclusion="return", note="Ghi rõ đơn giá.")
    write(embroidery, centre_staff, item(embroidery), item(embroidery, "Vật tư"))
    current = Project.objects.get(pk=embroidery.pk)
    resubmit_project(project=current, actor=centre_head, on=dt.date(2006, 3, 9))
    client.force_login(reviewer)
    sheet = client.get(reverse("projects:round_review", args=[plan_round.pk]), {"line": embroidery.pk}).content.decode()
    assert (
        "<summary>Dự toán chi tiết" in sheet
        and "2 khoản, 90.000.000 đồng" in sheet
        and "chênh 30.000.000 đồng" in sheet
    )
    assert "<mark>2006 · " in sheet and "Vật tư: 30 buổi × 1.500.000" in sheet


def test_no_item_is_normal(
    client: Client, plan: AnnualPlan, embroidery: Project, centre_head: User, reviewer: User
) -> None:
    submit_all(plan=plan, by=centre_head)
    assert ProjectRevision.objects.get().snapshot["items"] == []
    client.force_login(reviewer)
    plan_round = embroidery.lines.get().round
    sheet = client.get(reverse("projects:round_review", args=[plan_round.pk]), {"line": embroidery.pk}).content.decode()
    assert "<summary>Dự toán chi tiết" not in sheet and "chênh" not in sheet


def test_a_draft_that_is_given_up_leaves_its_items_in_the_history(embroidery: Project, centre_staff: User) -> None:
    write(embroidery, centre_staff, item(embroidery))
    discard_draft(project=embroidery, actor=centre_staff)
    assert not EstimateItem.objects.exists()
    gone = FieldChange.objects.filter(project=embroidery, field="items").order_by("-pk")[0]
    assert "Thuê giáo viên" in gone.before and gone.after == ""


def test_a_content_with_items_of_another_year_stays(plan: AnnualPlan, embroidery: Project, centre_staff: User) -> None:
    component = embroidery.components.get()
    assert not component.has_money_beyond(plan)
    following = make_plan(organisation=plan.organisation, year=2007)
    EstimateItem.objects.create(component=component, plan=following, name="Năm sau", quantity=1, unit_price_vnd=1)
    assert component.has_money_beyond(plan)


def test_the_service_asks_by_itself(
    plan: AnnualPlan, embroidery: Project, centre_staff: User, centre_head: User, reviewer: User
) -> None:
    other = make_project(plan=plan, by=centre_staff, name="Đề án khác")
    with pytest.raises(NotAllowed):
        write(embroidery, reviewer, item(embroidery))
    with pytest.raises(StaleVersion):
        write(embroidery, centre_staff, item(embroidery), version=embroidery.version - 1)
    wrong: dict[str, ItemInput] = {
        "other_project": item(other),
        "state_over": item(embroidery, state_vnd=46 * MILLION),
        "negative": ItemInput(item(embroidery).component_id, "Bút", "", Decimal(1), -1),
        "quantity": ItemInput(item(embroidery).component_id, "Bút", "", Decimal(0), 1),
        "too_large": ItemInput(item(embroidery).component_id, "Bút", "", Decimal(10**9), 10**9),
        "invalid": ItemInput(item(embroidery).component_id, "", "", Decimal(1), 1),
    }
    for code, each in wrong.items():
        with pytest.raises(Refused) as refused:
            write(embroidery, centre_staff, item(embroidery), each)
        assert getattr(refused.value, "code", "invalid") == code
    following = make_plan(organisation=plan.organisation, year=2007)
    with pytest.raises(Refused) as refused:
        write_estimate(project=embroidery, plan=following, items=[], version=embroidery.version, actor=centre_staff)
    assert refused.value.code == "other_plan"
    submit_all(plan=plan, by=centre_head)
    with pytest.raises(Refused):
        write(embroidery, centre_staff, item(embroidery))
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        write(embroidery, centre_staff, item(embroidery))
    assert not EstimateItem.objects.exists() and not FieldChange.objects.filter(field="items").exists()


def test_the_page_is_for_those_who_may_change_the_project_now(
    client: Client, mine: Client, plan: AnnualPlan, embroidery: Project, centre_head: User, reviewer: User
) -> None:
    assert "Nhập dự toán chi tiết" in mine.get(embroidery.get_absolute_url()).content.decode()
    submit_all(plan=plan, by=centre_head)
    assert mine.get(page(embroidery)).status_code == 403
    assert "Nhập dự toán chi tiết" not in mine.get(embroidery.get_absolute_url()).content.decode()
    client.force_login(reviewer)
    assert client.get(page(embroidery)).status_code == 403


def test_as_many_queries_with_one_item_as_with_many(mine: Client, embroidery: Project, centre_staff: User) -> None:
    def count(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            mine.get(address)
        return len(queries)

    addresses = (page(embroidery), embroidery.get_absolute_url())
    write(embroidery, centre_staff, item(embroidery))
    few: list[Any] = [count(address) for address in addresses]
    write(embroidery, centre_staff, *(item(embroidery, f"Khoản {number}") for number in range(40)))
    assert [count(address) for address in addresses] == few


def test_each_year_has_an_estimate_of_its_own_and_a_closed_one_stays(
    mine: Client, plan: AnnualPlan, embroidery: Project, centre_staff: User
) -> None:
    following = make_plan(organisation=plan.organisation, year=2007)
    PlanLine.objects.create(project=embroidery, round=PlanRound.objects.create(plan=following, level="city", number=1))
    items = [item(embroidery, "Năm 2006")]
    write_estimate(project=embroidery, plan=plan, items=items, version=embroidery.version, actor=centre_staff)
    write(embroidery, centre_staff, item(embroidery, "Năm 2007"))
    assert [name for name, *_rest in stored(embroidery)] == ["Năm 2006", "Năm 2007"]
    AnnualPlan.objects.filter(pk=plan.pk).update(is_closed=True)
    assert mine.get(page(embroidery), {"plan": plan.pk}).status_code == 403
    assert mine.get(page(embroidery)).status_code == 200
