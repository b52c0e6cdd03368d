"""Bình Thuận 2019: 986 triệu in six lines, and 94 more from the reserve during the year.

The amounts were published; the source gives neither date nor number of the addition, nor those of the first approval:
the days and numbers of both letters below are invented for this test.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.asof import NOW, AsOf
from programmes.models import AnnualPlan, PlanRound
from tests.factories import MILLION, decide, forward_all, make_plan, make_project, place_of, requested_cells, submit_all
from tests.kept import kept
from tests.people import make_person, make_tree
from tests.reports.books import read_book
from tests.stories import recorded

pytestmark = pytest.mark.django_db

LINES = {
    "Máy móc chế biến rượu thanh long": 150,
    "Thông tin tuyên truyền": 380,
    "Gian hàng hội chợ": 230,
    "Đào tạo năng lực quản lý": 88,
    "Tập huấn, tư vấn theo địa bàn": 41,
    "Nội dung chi khác (2)": 97,
}
ADDED, ADDED_MILLION = "Đề án bổ sung từ dự phòng", 94
# Invented for the test.
FIRST_LETTER, SECOND_LETTER = ("12/QĐ-UBND", dt.date(2019, 1, 25)), ("1900/QĐ-UBND", dt.date(2019, 8, 20))
BEFORE, AFTER = AsOf(dt.date(2019, 8, 19)), AsOf(dt.date(2019, 8, 20))


def enter(plan: AnnualPlan, lines: dict[str, int], people: dict[str, User]) -> None:
    for name, million in lines.items():
        amounts = {"KCDP": million * MILLION}
        make_project(plan=plan, by=people["centre_staff"], name=name, amounts=amounts, places=[place_of(plan)])
    submit_all(plan=plan, by=people["centre_head"], on=dt.date(2019, 1, 10))
    for plan_round in PlanRound.objects.filter(plan=plan, status="submitted"):
        forward_all(plan=plan_round.plan, reviewer=people["reviewer"], head=people["department_head"])


@pytest.fixture
@kept
def binh_thuan(numbers: None) -> tuple[AnnualPlan, User]:
    tree = make_tree(code="binh-thuan", name="Bình Thuận", area_code="60")
    roles = {"centre_staff": tree.centre, "centre_head": tree.centre}
    roles |= {"reviewer": tree.department, "department_head": tree.department}
    people = {role: make_person(role=role, scope=scope) for role, scope in roles.items()}
    head = people["department_head"]
    with recorded(dt.date(2019, 3, 2)):
        plan = make_plan(organisation=tree.centre, year=2019)
        enter(plan, LINES, people)
        first = requested_cells(plan)
        number, on = FIRST_LETTER
        decide(plan=plan, by=head, assigned={"KCDP": 986 * MILLION}, approved=first, number=number, on=on)
    with recorded(dt.date(2019, 9, 3)):
        enter(plan, {ADDED: ADDED_MILLION}, people)
        added = {key: vnd for key, vnd in requested_cells(plan).items() if key not in first}
        number, on = SECOND_LETTER
        wealth = {"KCDP": 1_080 * MILLION}
        decide(plan=plan, by=head, assigned=wealth, approved=added, number=number, on=on, nature="supplement")
    return plan, head


def printed(client: Client, as_of: AsOf) -> tuple[int, int, int]:
    """Rows, first approved and after adjustment, from the workbook."""
    content = client.get(reverse("reports:annual_xlsx"), {"year": "2019"} | as_of.parameters).content
    book = read_book(content)
    results = book["Kết quả"]
    [total] = results.rows_of("Tổng cộng")
    rows = [row for name in (*LINES, ADDED) for row in results.rows_of(name)]
    for name in ("Theo nội dung", "Theo địa bàn"):
        sheet = book[name]
        column = "Được duyệt" if name == "Theo địa bàn" else "Kế hoạch (sau điều chỉnh) năm 2019"
        assert sheet.value(sheet.row_of("Tổng cộng"), column) == results.value(total, "Sau điều chỉnh")
    return len(rows), results.value(total, "Kế hoạch"), results.value(total, "Sau điều chỉnh")


@pytest.mark.parametrize(
    ("as_of", "count", "million"),
    [
        (BEFORE, 6, 986),
        (AFTER, 7, 1080),
        (NOW, 7, 1080),
        (AsOf(AFTER.effective_on, dt.date(2019, 9, 2)), 6, 986),
        (AsOf(AFTER.effective_on, dt.date(2019, 9, 3)), 7, 1080),
    ],
    ids=str,
)
def test_986_before_and_1080_after_each_as_of_its_day(
    client: Client, binh_thuan: tuple[AnnualPlan, User], as_of: AsOf, count: int, million: int
) -> None:
    plan, reader = binh_thuan
    client.force_login(reader)
    page = client.get(plan.get_absolute_url(), as_of.parameters)
    grid, total = page.context["grid"], page.context["total"]
    assert total.assigned_vnd == total.approved_vnd == grid.money.approved_vnd == million * MILLION
    assert grid.initial_vnd == million * MILLION, "the addition is a project of its own: nothing was raised"
    assert sum(row.money.approved_vnd is not None for row in grid.rows) == count
    text = page.content.decode()
    wanted = f"{million:,}".replace(",", ".")
    assert f"<dd>{wanted}</dd>" in text and ("<dd>1.080</dd>" in text) is (million == 1080)
    assert (SECOND_LETTER[0] in text) is (million == 1080)
    ledger = client.get(reverse("reports:annual"), {"year": "2019"} | as_of.parameters).context["ledger"]
    found = {str(figure.column.title): figure.text for figure in ledger.total}
    assert {found[title] for title in ("Được duyệt lần đầu", "Sau điều chỉnh", "Được giao")} == {wanted}
    assert printed(client, as_of) == (count, million, million)
